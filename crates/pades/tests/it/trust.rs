//! Trusted lists (TS 119 612), and sources that are asked for what a file lacks.

use pades::{
    Code, Indication, Policy, RevocationData, ServiceKind, SourceError, StatusPeriod, SubIndication,
    TrustService, TrustedList, ValidationSource,
};
use pki::Certificate;
use vermilion_pades as pades;

use crate::ades::{assert_open, assert_passed, first, stamped, unstamped};
use crate::support::open;
use crate::world::{Tsa, World, YEAR, archived, day, minute, stored};

/// A list that grants the world's CA until `until`, and a time-stamping authority.
fn list(world: &World, tsa: &Tsa, until: jiff::Timestamp) -> TrustedList {
    let encode = |certificate: &Certificate| {
        let pem = certificate.to_pem();
        pem.lines().filter(|line| !line.starts_with("--")).collect::<String>()
    };
    let service = |kind: &str, certificate: &Certificate, now: (&str, jiff::Timestamp), past: &str| {
        let (status, since) = now;
        format!(
            r#"<TSPService><ServiceInformation>
              <ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/{kind}</ServiceTypeIdentifier>
              <ServiceName><Name xml:lang="en">{kind} of the world</Name></ServiceName>
              <ServiceDigitalIdentity><DigitalId><X509Certificate>{}</X509Certificate></DigitalId></ServiceDigitalIdentity>
              <ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{status}</ServiceStatus>
              <StatusStartingTime>{since}</StatusStartingTime></ServiceInformation>{past}</TSPService>"#,
            encode(certificate)
        )
    };
    let history = format!(
        r#"<ServiceHistory><ServiceHistoryInstance>
          <ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
          <ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted</ServiceStatus>
          <StatusStartingTime>{}</StatusStartingTime></ServiceHistoryInstance></ServiceHistory>"#,
        day(-20)
    );
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
        <TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><SchemeInformation>
          <SchemeOperatorName><Name xml:lang="en">World Supervisor</Name></SchemeOperatorName>
          <SchemeTerritory>UT</SchemeTerritory><ListIssueDateTime>{}</ListIssueDateTime>
          <NextUpdate><dateTime>{}</dateTime></NextUpdate></SchemeInformation>
        <TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName><Name xml:lang="en">World</Name></TSPName></TSPInformation>
        <TSPServices>{}{}</TSPServices></TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>"#,
        day(-20),
        day(YEAR),
        service("CA/QC", &world.issuer.certificate, ("withdrawn", until), &history),
        service("TSA/QTST", &tsa.authority.certificate, ("granted", day(-20)), ""),
    );
    TrustedList::from_xml(&xml).expect("a trusted list")
}

#[test]
fn a_trusted_list_trusts_while_it_grants() {
    let (world, _, tsa, with_stamp) = stamped();
    let list = list(&world, &tsa, day(10));
    assert_eq!((list.territory.as_str(), list.services.len()), ("UT", 2));
    assert_eq!(list.services[0].sunset(day(20)), Some(day(10)));
    assert_eq!(list.services[0].sunset(day(5)), None);
    assert!(!list.services[0].is_granted_at(day(-30)));
    let policy = |at| {
        let mut policy = Policy::new(vec![], at);
        policy.trusted_lists = vec![list.clone()];
        policy
    };
    let lists = [world.crl(minute(30), day(100), &[])];
    let file = stored(&world.sign(&world.alice(), None), &[], &lists);
    let report = assert_passed(&file, &policy(day(5)));
    assert!(report.reasons.iter().any(|reason| reason.code == Code::ListNotVerified), "{:?}", report.reasons);
    // A list that does not say who publishes it goes by its territory.
    let mut unnamed = policy(day(5));
    unnamed.trusted_lists[0].operator.clear();
    let said = assert_passed(&file, &unnamed).text(pades::Lang::En);
    assert!(said.contains("The trusted list of UT (UT)"), "{said}");
    assert_open(&file, &policy(day(20)), SubIndication::NoCertificateChainFoundNoPoe);
    let archive = archived(&stored(&with_stamp, &[], &lists), &tsa, minute(60));
    let report = assert_passed(&archive, &policy(day(20)));
    assert!(first(&report).reasons.iter().any(|reason| reason.code == Code::PastValidated));
}

#[test]
fn a_trusted_list_may_be_built_in_code_and_refuses_what_is_none() {
    let (world, _, file) = unstamped();
    let service = TrustService {
        provider: "World".to_owned(),
        name: "World CA".to_owned(),
        kind: ServiceKind::TimeStampAuthority,
        certificates: vec![world.root.clone()],
        history: vec![StatusPeriod { status: "granted".to_owned(), since: day(-100) }],
    };
    let mut list = TrustedList {
        operator: "World".to_owned(),
        territory: "UT".to_owned(),
        issued: None,
        next_update: Some(day(-1)),
        services: vec![service],
    };
    let file = stored(&file, &[], &world.lists(minute(30)));
    let mut policy = Policy::new(vec![], day(1));
    policy.trusted_lists = vec![list.clone()];
    // A time-stamping authority vouches for no signer.
    assert_open(&file, &policy, SubIndication::NoCertificateChainFound);
    list.services[0].kind = ServiceKind::CertificateAuthority;
    policy.trusted_lists = vec![list];
    let report = assert_passed(&file, &policy);
    assert!(report.reasons.iter().any(|reason| reason.code == Code::ListStale));
    assert!(TrustedList::from_xml("<a/>").is_err());
    assert!(TrustedList::from_xml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_err());
}

/// Answers from a world.
struct Online<'w>(&'w World);

impl ValidationSource for Online<'_> {
    fn issuers(&self, _: &Certificate) -> Result<Vec<Certificate>, SourceError> {
        Ok(vec![self.0.issuer.certificate.clone()])
    }

    fn revocation(&self, _: &Certificate, issuer: &Certificate) -> Result<RevocationData, SourceError> {
        if *issuer == self.0.root {
            let crls = vec![self.0.root_crl(day(1), day(8), &[]).der().to_vec()];
            return Ok(RevocationData { crls, ocsps: vec![] });
        }
        Err(SourceError::new("revocation", "http://world.example/crl", "it is down"))
    }
}

#[test]
fn a_source_is_asked_for_what_the_file_lacks() {
    let world = World::new();
    let mut alice = world.alice();
    alice.chain.clear();
    let file = world.sign(&alice, None);
    let policy = world.policy(day(2));
    assert_open(&file, &policy, SubIndication::NoCertificateChainFound);
    let validation = pades::examine(&open(&file), &policy, Some(&Online(&world)));
    let report = validation.report();
    assert_eq!(first(report).sub_indication, Some(SubIndication::TryLater), "{report:?}");
    assert!(report.reasons.iter().any(|reason| reason.text(pades::Lang::En).contains("it is down")));
    let stored = stored(&file, &[], &[world.crl(day(1), day(8), &[])]);
    let validation = pades::examine(&open(&stored), &policy, Some(&Online(&world)));
    assert_eq!(first(validation.report()).indication, Indication::TotalPassed, "{:?}", validation.report());
}

/// The world's CA with another current status, and a history as it stands in a list, newest first.
fn with_history(world: &World, current: &str, past: &[&str]) -> TrustedList {
    let pem = world.issuer.certificate.to_pem();
    let encoded: String = pem.lines().filter(|line| !line.starts_with("--")).collect();
    let past: String =
        past.iter().map(|one| format!("<ServiceHistoryInstance>{one}</ServiceHistoryInstance>")).collect();
    let xml = format!(
        r#"<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><TrustServiceProviderList>
        <TrustServiceProvider><TSPServices><TSPService><ServiceInformation>
        <ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
        <ServiceDigitalIdentity><DigitalId><X509Certificate>{encoded}</X509Certificate></DigitalId></ServiceDigitalIdentity>
        {current}</ServiceInformation><ServiceHistory>{past}</ServiceHistory></TSPService></TSPServices>
        </TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>"#
    );
    TrustedList::from_xml(&xml).expect("a trusted list")
}

fn since(status: &str, since: &str) -> String {
    format!("<ServiceStatus>{status}</ServiceStatus><StatusStartingTime>{since}</StatusStartingTime>")
}

fn known(status: &str, at: jiff::Timestamp) -> String {
    since(&format!("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{status}"), &at.to_string())
}

#[test]
fn a_status_that_cannot_be_read_grants_nothing() {
    let world = World::new();
    let granted = known("granted", day(-20));
    let is_granted = |current: &str, past: &[&str]| {
        let list = with_history(&world, current, past);
        list.services.first().is_some_and(|service| service.is_granted_at(day(1)))
    };
    assert!(is_granted(&granted, &[]));
    let (day_ago, now) = (day(-1).to_string(), day(0).to_string());
    for unreadable in [
        since("http://example.com/Svcstatus/granted", &day_ago),
        since("http://uri.etsi.org/TrstSvc/TrustedList/granted", &day_ago),
        since("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted/not", &day_ago),
        since("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/", &day_ago),
        format!("<StatusStartingTime>{day_ago}</StatusStartingTime>"),
        since("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted", "lately"),
        "<ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn</ServiceStatus>"
            .to_owned(),
    ] {
        assert!(!is_granted(&unreadable, &[&granted]), "{unreadable}");
    }
    // In the past, too: what was granted before an unreadable time does not last through it.
    let gap = since("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn", "once");
    let list = with_history(&world, &known("granted", day(5)), &[&gap, &granted]);
    assert!(!list.services[0].is_granted_at(day(1)) && list.services[0].is_granted_at(day(6)));
    // Of one date the one that stands first is in force.
    assert!(!is_granted(&known("withdrawn", day(0)), &[&known("granted", day(0)), &granted]));
    assert!(is_granted(&known("granted", day(0)), &[&known("withdrawn", day(0)), &granted]));
    let other =
        since("http://uri.etsi.org/TrstSvc/eSigDir-1999-93-EC-TrustedList/Svcstatus/accredited", &now);
    assert!(is_granted(&other, &[]));
}

#[test]
fn a_service_is_not_trusted_between_two_times_at_which_it_was() {
    let (world, _, tsa, with_stamp) = stamped();
    let lists = [world.crl(minute(30), day(100), &[])];
    let file = archived(&stored(&with_stamp, &[], &lists), &tsa, minute(60));
    let policy = |gap_ends: jiff::Timestamp| {
        let history = [known("granted", gap_ends), known("withdrawn", minute(1)), known("granted", day(-20))];
        let past: Vec<&str> = history.iter().map(String::as_str).collect();
        let mut list = with_history(&world, &known("withdrawn", day(10)), &past);
        list.services.push(TrustService {
            provider: "World".to_owned(),
            name: "World TSA".to_owned(),
            kind: ServiceKind::TimeStampAuthority,
            certificates: vec![tsa.authority.certificate.clone()],
            history: vec![StatusPeriod { status: "granted".to_owned(), since: day(-20) }],
        });
        let mut policy = Policy::new(vec![], day(20));
        policy.trusted_lists = vec![list];
        policy
    };
    // Signed at five past: once the service was trusted again by then, once it was not.
    assert_passed(&file, &policy(minute(3)));
    let report = assert_open(&file, &policy(day(5)), SubIndication::NoCertificateChainFound);
    assert_eq!(first(&report).reasons[0].code, Code::AnchorNotGranted);
}

#[test]
fn whoever_signs_a_list_of_revocations_ends_at_the_same_anchor() {
    let (world, _, file) = unstamped();
    let own = world.root_crl(minute(30), day(7), &[]);
    let policy = |other: &World| Policy::new(vec![world.root.clone(), other.root.clone()], day(1));
    // Another authority of the same name, under another root that is trusted too.
    let stranger = World::new();
    let theirs = stranger.crl(minute(30), day(7), &[]);
    let strange = stored(&file, &[&stranger.issuer.certificate], &[theirs, own.clone()]);
    assert_open(&strange, &policy(&stranger), SubIndication::TryLater);
    // A second key of the same authority, certified for its lists under the same root.
    let (second, list) = world.second_ca(minute(30), day(7));
    let honest = stored(&file, &[&second], &[list, own]);
    assert_passed(&honest, &policy(&stranger));
}

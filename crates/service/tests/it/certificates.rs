//! Certificates after they were issued: revoked, suspended, released, renewed, kept; the CAs over them; the root's key away.

use domain::{CertificateId, KeyId, RecipientId};
use evidence::Actor;
use jiff::SignedDuration;
use pki::ca::{Profile, Subject};
use pki::crl::{Crl, Reason};
use pki::ocsp::{self, Status};
use pki::{Certificate, KeyAlgorithm, Signer as _, SoftwareSigner};
use vermilion_service::authority::{
    self, AuthorityError, Branch, CaId, CertificateAuthority as _, CertificateRequest, Change,
    ProofOfPossession, RootKey, Term,
};
use vermilion_service::view::{self, CertificateStatus, RevocationReason, StatusAction};
use vermilion_service::{Service, SystemClock, SystemRng, jobs};
use zeroize::Zeroizing;

use crate::signers::{House, PERSON, sender};

pub(crate) fn request(profile: Profile, name: &str) -> CertificateRequest {
    let (signer, _) = SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key");
    let message = [b"possession ".as_slice(), signer.public_key_der()].concat();
    let organization =
        matches!(profile, Profile::Organization | Profile::Agent).then(|| "朱砂科技有限公司".to_owned());
    CertificateRequest {
        id: CertificateId::new(&SystemClock, &SystemRng),
        profile,
        subject: Subject {
            common_name: name.to_owned(),
            organization,
            country: Some("CN".to_owned()),
            ..Subject::default()
        },
        public_key_der: signer.public_key_der().to_vec(),
        proof: ProofOfPossession {
            algorithm: signer.algorithm(),
            signature: signer.sign(&message).expect("a signature"),
            message,
        },
        key: KeyId::new(&SystemClock, &SystemRng),
        term: Term::Long,
        renews: None,
    }
}

async fn issue(service: &Service, profile: Profile) -> Certificate {
    service.authority().issue(request(profile, "陈晓明")).await.expect("a certificate")
}

fn ca(word: &str) -> CaId {
    CaId::parse(word).expect("the word of a CA")
}

async fn listed(service: &Service, id: &str) -> Crl {
    let der = service.authority().list(ca(id), service.now()).await.expect("a list");
    Crl::from_der(&der).expect("a list")
}

async fn answered(service: &Service, certificate: &Certificate, nonce: Option<&[u8]>) -> ocsp::Response {
    let issuer = service.authority().issuer_of(certificate).expect("an issuer");
    let request = ocsp::Request::new(certificate, &issuer, nonce);
    let answer = service.authority().ocsp(&request.to_der()).await.expect("an answer");
    ocsp::Response::from_der(&answer).expect("an answer")
}

async fn status(service: &Service, certificate: &Certificate) -> Status {
    let ahead = answered(service, certificate, None).await.responses()[0].status;
    let now = answered(service, certificate, Some(b"0123456789abcdef")).await.responses()[0].status;
    assert_eq!(ahead, now, "an answer that was signed ahead says what the records say");
    now
}

async fn change(service: &Service, certificate: &Certificate, change: Change) -> bool {
    let serial = certificate.serial_hex();
    service.authority().change(&serial, change, Actor::System, service.now()).await.expect("changes")
}

#[tokio::test]
async fn each_kind_of_subject_has_a_ca_and_a_list_of_its_own() {
    let house = House::new().await;
    let authority = house.service.authority();
    for (profile, word, policy) in [
        (Profile::Person, "person-1", "1.3.6.1.4.1.99999.1.1"),
        (Profile::Organization, "organization-1", "1.3.6.1.4.1.99999.1.2"),
        (Profile::Agent, "organization-1", "1.3.6.1.4.1.99999.1.4"),
    ] {
        let certificate = issue(&house.service, profile).await;
        let issuer = authority.issuer_of(&certificate).unwrap();
        assert_eq!(certificate.crl_urls(), [format!("http://127.0.0.1:8080/pki/{word}.crl")]);
        assert_eq!(certificate.policies(), [policy]);
        assert!(issuer.policies().contains(&policy.to_owned()));
        assert!(change(&house.service, &certificate, Change::Revoke(Reason::Superseded)).await);
        for list in ["issuing", "person-1", "organization-1"] {
            let found = listed(&house.service, list).await.revoked(certificate.serial());
            assert_eq!(found.is_some(), list == word, "{list}");
        }
    }
}

#[tokio::test]
async fn a_suspension_is_listed_while_it_lasts_and_a_revocation_for_ever() {
    let house = House::new().await;
    let certificate = issue(&house.service, Profile::Person).await;
    let service = &house.service;
    assert_eq!(status(service, &certificate).await, Status::Good);
    assert!(!change(service, &certificate, Change::Release).await, "nothing to release");
    let held_at = service.now();
    assert!(change(service, &certificate, Change::Suspend).await);
    assert!(matches!(
        status(service, &certificate).await,
        Status::Revoked { reason: Some(Reason::CertificateHold), .. }
    ));
    assert_eq!(
        listed(service, "person-1").await.revoked(certificate.serial()).unwrap().reason,
        Reason::CertificateHold
    );
    house.pass(SignedDuration::from_hours(2));
    assert!(change(service, &certificate, Change::Release).await);
    assert_eq!(status(service, &certificate).await, Status::Good);
    assert!(listed(service, "person-1").await.revoked(certificate.serial()).is_none());
    // On hold again, then revoked: from the hold on.
    let held_again = service.now();
    assert!(held_again > held_at);
    change(service, &certificate, Change::Suspend).await;
    house.pass(SignedDuration::from_hours(3));
    assert!(change(service, &certificate, Change::Revoke(Reason::KeyCompromise)).await);
    let entry = listed(service, "person-1").await.revoked(certificate.serial()).unwrap();
    assert_eq!((entry.reason, entry.at.as_second()), (Reason::KeyCompromise, held_again.as_second()));
    for after in [Change::Release, Change::Suspend, Change::Revoke(Reason::Superseded)] {
        assert!(!change(service, &certificate, after).await, "{after:?} after a revocation");
    }
}

#[tokio::test]
async fn lists_are_signed_ahead_with_rising_numbers_and_never_say_what_is_past() {
    let house = House::new().await;
    let certificate = issue(&house.service, Profile::Person).await;
    let authority = house.service.authority();
    let first = listed(&house.service, "person-1").await;
    let kept = |service: Service| async move {
        let der = service.authority().kept_list("person-1").await.unwrap().expect("a list");
        Crl::from_der(&der).unwrap()
    };
    // The key is not asked: what was signed ahead takes its turn.
    house.pass(SignedDuration::from_hours(49));
    let later = kept(house.service.clone()).await;
    assert!(later.number() > first.number() && later.this_update() > first.this_update());
    assert!(later.next_update().unwrap() > house.service.now());
    // A revocation: nothing that was signed before it is left for later.
    change(&house.service, &certificate, Change::Revoke(Reason::KeyCompromise)).await;
    house.pass(SignedDuration::from_hours(24));
    assert!(kept(house.service.clone()).await.this_update() <= later.this_update());
    let fresh = listed(&house.service, "person-1").await;
    assert!(fresh.number() > later.number() && fresh.revoked(certificate.serial()).is_some());
    house.pass(SignedDuration::from_hours(25));
    assert!(kept(house.service.clone()).await.revoked(certificate.serial()).is_some());
    assert!(authority.kept_list("person-9").await.unwrap().is_none());
}

#[tokio::test]
async fn answers_are_signed_ahead_and_forgotten_with_a_change() {
    let house = House::new().await;
    let certificate = issue(&house.service, Profile::Organization).await;
    jobs::sweep(&house.service).await.unwrap();
    let first = answered(&house.service, &certificate, None).await;
    house.pass(SignedDuration::from_hours(5));
    let again = answered(&house.service, &certificate, None).await;
    assert_eq!(first.der(), again.der(), "the same answer serves");
    let nonce = answered(&house.service, &certificate, Some(b"0123456789abcdef")).await;
    assert_eq!(nonce.nonce(), Some(&b"0123456789abcdef"[..]));
    assert!(nonce.produced_at() > again.produced_at());
    // The sweep replaces it before it stops serving.
    house.pass(SignedDuration::from_hours(3));
    jobs::sweep(&house.service).await.unwrap();
    let renewed = answered(&house.service, &certificate, None).await;
    assert!(renewed.produced_at() > first.produced_at());
    change(&house.service, &certificate, Change::Revoke(Reason::KeyCompromise)).await;
    assert!(matches!(status(&house.service, &certificate).await, Status::Revoked { .. }));
    // Of another authority's certificates nothing is said.
    let stranger = House::new().await;
    let foreign = issue(&stranger.service, Profile::Person).await;
    let issuer = stranger.service.authority().issuer_of(&foreign).unwrap();
    let asked = ocsp::Request::new(&foreign, &issuer, None).to_der();
    let said = house.service.authority().ocsp(&asked).await.unwrap();
    assert_eq!(said, ocsp::failure(ocsp::Failure::Unauthorized));
}

#[tokio::test]
async fn an_event_certificate_ends_within_a_day_and_names_its_ceremony() {
    let house = House::new().await;
    let ceremony = RecipientId::new(&SystemClock, &SystemRng);
    let mut asked = request(Profile::Person, "陈晓明");
    asked.term = Term::Event { ceremony };
    let certificate = house.service.authority().issue(asked).await.unwrap();
    assert_eq!(certificate.policies(), ["1.3.6.1.4.1.99999.1.11"]);
    let life = certificate.not_after().duration_since(certificate.not_before());
    assert_eq!(life, SignedDuration::from_hours(24));
}

#[tokio::test]
async fn a_renewal_goes_on_with_the_same_subject_and_another_key() {
    let house = House::new().await;
    let authority = house.service.authority();
    let first = request(Profile::Person, "陈晓明");
    let old = authority.issue(first.clone()).await.unwrap();
    let renewing = |name: &str| CertificateRequest {
        renews: Some(old.serial().clone()),
        ..request(Profile::Person, name)
    };
    let new = authority.issue(renewing("陈晓明")).await.unwrap();
    assert_ne!(new.public_key_der(), old.public_key_der());
    let refused = authority.issue(renewing("李娜")).await.unwrap_err();
    assert!(matches!(refused, AuthorityError::NotRenewable(_)), "{refused}");
    // The same key once more is not a renewal, also for the same subject.
    let same = CertificateRequest {
        id: CertificateId::new(&SystemClock, &SystemRng),
        renews: Some(old.serial().clone()),
        key: KeyId::new(&SystemClock, &SystemRng),
        ..first
    };
    assert!(matches!(authority.issue(same).await, Err(AuthorityError::AlreadyCertified)));
    change(&house.service, &old, Change::Suspend).await;
    assert!(matches!(authority.issue(renewing("陈晓明")).await, Err(AuthorityError::NotRenewable(_))));
}

#[tokio::test]
async fn a_new_ca_of_a_branch_takes_over_and_the_old_one_answers_for_its_own() {
    let house = House::new().await;
    let service = &house.service;
    let old = issue(service, Profile::Person).await;
    let id = authority::rotate(service, Branch::Person, &RootKey::Here).await.unwrap();
    assert_eq!(id.to_string(), "person-2");
    let new = issue(service, Profile::Person).await;
    assert_eq!(new.crl_urls(), ["http://127.0.0.1:8080/pki/person-2.crl"]);
    assert_eq!(service.authority().issuer_of(&new).unwrap().common_name(), "Vermilion Test Person CA G2");
    change(service, &old, Change::Revoke(Reason::Superseded)).await;
    assert!(matches!(status(service, &old).await, Status::Revoked { .. }));
    assert_eq!(status(service, &new).await, Status::Good);
    assert!(listed(service, "person-1").await.revoked(old.serial()).is_some());
    assert!(listed(service, "person-2").await.is_empty());
    let entries = authority::entries(service).await.unwrap();
    let active: Vec<&str> = entries.iter().filter(|it| it.is_active).map(|it| it.word.as_str()).collect();
    assert_eq!(active, ["root", "issuing", "person-2", "organization-1"]);
}

#[tokio::test]
async fn the_roots_key_leaves_when_its_copy_opens_and_comes_back() {
    let mut house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("root.pem");
    let key_file = house.data().join("authority").join("root.key");
    assert!(matches!(
        authority::export_root(&house.service, &out, "short").await,
        Err(AuthorityError::Refused(_))
    ));
    std::fs::write(&out, "something else").unwrap();
    assert!(authority::export_root(&house.service, &out, "correct horse battery").await.is_err());
    assert!(key_file.exists(), "no file is replaced, and the key stays");
    std::fs::remove_file(&out).unwrap();
    authority::export_root(&house.service, &out, "correct horse battery").await.unwrap();
    assert!(!key_file.exists());
    if let Some(openssl) = testkit::tool("openssl") {
        let path = out.display().to_string();
        let fine = openssl.run(["pkey", "-in", &path, "-passin", "pass:correct horse battery", "-noout"]);
        assert!(fine.0, "{}", fine.1);
        assert!(!openssl.run(["pkey", "-in", &path, "-passin", "pass:wrong", "-noout"]).0);
    }
    // The server goes on without it, for years.
    house.restart().await;
    issue(&house.service, Profile::Person).await;
    house.pass(SignedDuration::from_hours(24 * 900));
    let list = house.service.authority().kept_list("root").await.unwrap().expect("signed ahead");
    assert!(Crl::from_der(&list).unwrap().next_update().unwrap() > house.service.now());
    let refused = authority::rotate(&house.service, Branch::Person, &RootKey::Here).await;
    assert!(matches!(refused, Err(AuthorityError::RootOffline)));
    let file = |content: &[u8], password: &str| RootKey::File {
        content: Zeroizing::new(content.to_vec()),
        password: Zeroizing::new(password.to_owned()),
    };
    let content = std::fs::read(&out).unwrap();
    assert!(authority::rotate(&house.service, Branch::Person, &file(&content, "wrong")).await.is_err());
    let other = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().1;
    assert!(authority::rotate(&house.service, Branch::Person, &file(&other, "")).await.is_err());
    // With the file, without bringing the key back.
    let exported = file(&content, "correct horse battery");
    authority::rotate(&house.service, Branch::Person, &exported).await.unwrap();
    assert!(!key_file.exists());
    authority::import_root(&house.service, &exported).await.unwrap();
    assert!(key_file.exists());
    authority::rotate(&house.service, Branch::Organization, &RootKey::Here).await.unwrap();
}

#[tokio::test]
async fn another_root_certifies_a_ca_of_ours_offline() {
    let Some(openssl) = testkit::tool("openssl") else { return };
    let house = House::new().await;
    let service = &house.service;
    let request = authority::certification_request(service, Branch::Organization).await.unwrap();
    let again = authority::certification_request(service, Branch::Organization).await.unwrap();
    assert_eq!(request.der(), again.der(), "asked again, the same request comes");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("request.pem"), request.to_pem()).unwrap();
    let extensions = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
        certificatePolicies=2.5.29.32.0\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always\n";
    std::fs::write(at("ca.ext"), extensions).unwrap();
    std::fs::write(at("poor.ext"), extensions.replace("2.5.29.32.0", "1.2.3.4")).unwrap();
    std::fs::write(at("ca.cnf"), CONFIG).unwrap();
    std::fs::write(at("index.txt"), "").unwrap();
    std::fs::write(at("crlnumber"), "01\n").unwrap();
    let run = |line: &str| {
        let mut command = openssl.command();
        let (worked, said) = testkit::run(command.current_dir(folder.path()).args(line.split(' ')));
        assert!(worked, "{line}: {said}");
    };
    let (start, end) = ("20200101000000Z", "20600101000000Z");
    run(
        "req -x509 -newkey rsa:3072 -nodes -keyout root.key -subj /CN=Another-Root -days 9000 -out now.pem -config ca.cnf",
    );
    run("req -new -key root.key -subj /CN=Another-Root -out root.csr -config ca.cnf");
    let dates = format!("-startdate {start} -enddate {end} -batch -notext -config ca.cnf");
    run(&format!("ca -selfsign -keyfile root.key -in root.csr -out root.pem -extensions root {dates}"));
    let sign = format!("ca -keyfile root.key -cert root.pem -in request.pem {dates}");
    run(&format!("{sign} -extfile poor.ext -out poor.pem"));
    run(&format!("{sign} -extfile ca.ext -out issued.pem"));
    let read = |name: &str| Certificate::from_pem(&std::fs::read_to_string(at(name)).unwrap()).unwrap();
    let (root, poor, issued) = (read("root.pem"), read("poor.pem"), read("issued.pem"));
    let refused = |given: Vec<Certificate>| async move {
        let refused = authority::accept(service, Branch::Organization, &given).await.unwrap_err();
        assert!(matches!(refused, AuthorityError::Refused(_)), "{refused}");
    };
    refused(vec![issued.clone()]).await;
    refused(vec![root.clone()]).await;
    refused(vec![poor, root.clone()]).await;
    let id = authority::accept(service, Branch::Organization, &[root.clone(), issued.clone()]).await.unwrap();
    assert_eq!(id.to_string(), "organization-2");
    let leaf = issue(service, Profile::Organization).await;
    assert_eq!(service.authority().issuer_of(&leaf).unwrap(), issued);
    assert!(service.authority().anchors().contains(&root));
    let trust = std::fs::read_to_string(house.data().join("trust.pem")).unwrap();
    assert_eq!(Certificate::all_from_pem(&trust).unwrap(), [service.authority().root().clone(), root]);
    // Its list is brought here like the certificate.
    assert!(service.authority().revocation(&issued).await.unwrap().crls.is_empty());
    run("ca -gencrl -keyfile root.key -cert root.pem -out list.pem -config ca.cnf");
    let list = Crl::from_pem(&std::fs::read_to_string(at("list.pem")).unwrap()).unwrap();
    house.clock.advance(list.this_update().duration_since(service.now()) + SignedDuration::from_mins(1));
    authority::import_list(service, &list).await.unwrap();
    assert_eq!(service.authority().revocation(&issued).await.unwrap().crls, [list.der()]);
    std::fs::write(at("ours.pem"), issued.to_pem()).unwrap();
    std::fs::write(at("leaf.pem"), leaf.to_pem()).unwrap();
    let time = leaf.not_before().as_second();
    run(&format!("verify -x509_strict -attime {time} -CAfile root.pem -untrusted ours.pem leaf.pem"));
}

const CONFIG: &str = "\
[req]
distinguished_name = dn
x509_extensions = root
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = this
[this]
database = index.txt
new_certs_dir = .
rand_serial = yes
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
policy = any
unique_subject = no
crl_extensions = list
[list]
authorityKeyIdentifier = keyid:always
[any]
commonName = supplied
organizationName = optional
countryName = optional
";

/// Data of a server from before there were branches: its one CA goes on for what it certified, and new CAs take over.
#[tokio::test]
async fn older_data_goes_on_and_without_the_roots_key_too() {
    for root_is_here in [true, false] {
        let (house, old) = House::before_branches(root_is_here).await;
        let service = &house.service;
        assert_eq!(status(service, &old).await, Status::Good);
        let new = issue(service, Profile::Person).await;
        let word = if root_is_here { "person-1" } else { "issuing" };
        assert_eq!(new.crl_urls(), [format!("http://127.0.0.1:8080/pki/{word}.crl")]);
        change(service, &old, Change::Revoke(Reason::Superseded)).await;
        assert!(listed(service, "issuing").await.revoked(old.serial()).is_some());
        assert_eq!(status(service, &new).await, Status::Good);
        assert!(matches!(status(service, &old).await, Status::Revoked { .. }));
    }
}

#[tokio::test]
async fn records_are_kept_five_years_past_the_end_of_a_certificate() {
    let house = House::new().await;
    let service = &house.service;
    issue(service, Profile::Person).await;
    let sender = sender(service, "admin@example.com").await;
    authority::add_administrator(service, "admin@example.com").await.unwrap();
    let count = || async {
        let all = authority::certificates(service, &sender, None, Some("陈晓明"), None).await.unwrap();
        all.items.len()
    };
    for (days, kept) in [(365, 1), (4 * 365, 1), (364, 1), (4, 0)] {
        house.pass(SignedDuration::from_hours(24 * days));
        jobs::sweep(service).await.unwrap();
        assert_eq!(count().await, kept, "after {days} more days");
    }
}

#[tokio::test]
async fn an_intent_that_came_to_nothing_is_closed_in_the_log() {
    let house = House::new().await;
    let mut bad = request(Profile::Person, "陈晓明");
    bad.subject.common_name = "陈 11010519491231002X".to_owned();
    let id = bad.id;
    let refused = house.service.authority().issue(bad.clone()).await.unwrap_err();
    assert!(matches!(refused, AuthorityError::Lint(_)));
    // Its key is spent: it was meant for someone.
    bad.id = CertificateId::new(&SystemClock, &SystemRng);
    bad.subject.common_name = "陈晓明".to_owned();
    assert!(matches!(house.service.authority().issue(bad).await, Err(AuthorityError::AlreadyCertified)));
    house.pass(SignedDuration::from_hours(2));
    jobs::sweep(&house.service).await.unwrap();
    let admin = sender(&house.service, "admin@example.com").await;
    authority::add_administrator(&house.service, "admin@example.com").await.unwrap();
    let detail = authority::certificate(&house.service, &admin, id).await.unwrap();
    let kinds: Vec<&str> = detail.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["certificate.intended", "certificate.abandoned"]);
    assert_eq!(detail.certificate.status, CertificateStatus::Intended);
}

#[tokio::test]
async fn a_revocation_by_administrators_takes_two_of_them() {
    let house = House::new().await;
    let service = &house.service;
    let [first, second, nobody] = ["a@example.com", "b@example.com", "c@example.com"];
    let (one, two, three) =
        (sender(service, first).await, sender(service, second).await, sender(service, nobody).await);
    authority::add_administrator(service, first).await.unwrap();
    authority::add_administrator(service, second).await.unwrap();
    assert!(authority::add_administrator(service, "nobody@example.com").await.is_err());
    let certificate = issue(service, Profile::Person).await;
    let serial = certificate.serial_hex();
    let found = authority::certificates(service, &one, Some("issued"), Some(&serial), None).await;
    let id = found.unwrap().items[0].id.parse().unwrap();
    let reason = Some(RevocationReason::PrivilegeWithdrawn);
    // Whoever is no administrator sees nothing.
    assert!(authority::request(service, &three, id, StatusAction::Revoke, reason).await.is_err());
    assert!(authority::overview(service, &three).await.is_err());
    let asked = authority::request(service, &one, id, StatusAction::Revoke, reason).await.unwrap();
    let twice = authority::request(service, &two, id, StatusAction::Suspend, None).await;
    assert_eq!(crate::support::code(twice), "request_waiting");
    assert!(!asked.items[0].can_decide);
    let request = asked.items[0].id.parse().unwrap();
    let alone = authority::approve(service, &one, request).await;
    assert_eq!(crate::support::code(alone), "second_administrator");
    assert_eq!(status(service, &certificate).await, Status::Good);
    assert!(authority::approve(service, &three, request).await.is_err());
    let decided = authority::approve(service, &two, request).await.unwrap();
    assert_eq!(decided.items[0].decision.as_deref(), Some("approved"));
    assert_eq!(decided.items[0].certificate.status, CertificateStatus::Revoked);
    assert!(matches!(
        status(service, &certificate).await,
        Status::Revoked { reason: Some(Reason::PrivilegeWithdrawn), .. }
    ));
    let late = authority::refuse(service, &two, request).await;
    assert_eq!(crate::support::code(late), "request_decided");
    let events = authority::certificate(service, &one, id).await.unwrap().events;
    let told: Vec<(&str, &str)> =
        events.iter().map(|it| (it.kind.as_str(), it.actor.name_masked.as_str())).collect();
    assert_eq!(
        told,
        [
            ("certificate.intended", ""),
            ("certificate.issued", ""),
            ("certificate.change_requested", first),
            ("certificate.change_approved", second),
            ("certificate.revoked", second),
        ]
    );
    // Without the office nothing is decided.
    authority::remove_administrator(service, second).await.unwrap();
    assert!(authority::requests(service, &two).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_approvals_at_once_change_a_certificate_once() {
    let house = House::new().await;
    let service = &house.service;
    let mut admins = Vec::new();
    for email in ["a@example.com", "b@example.com", "c@example.com"] {
        admins.push(sender(service, email).await);
        authority::add_administrator(service, email).await.unwrap();
    }
    let certificate = issue(service, Profile::Person).await;
    let serial = certificate.serial_hex();
    let all = authority::certificates(service, &admins[0], None, Some(&serial), None).await.unwrap();
    let id = all.items[0].id.parse().unwrap();
    let asked = authority::request(service, &admins[0], id, StatusAction::Suspend, None).await.unwrap();
    let request = asked.items[0].id.parse().unwrap();
    let (b, c) = tokio::join!(
        authority::approve(service, &admins[1], request),
        authority::approve(service, &admins[2], request)
    );
    assert_eq!([b.is_ok(), c.is_ok()].iter().filter(|it| **it).count(), 1);
    let events = authority::certificate(service, &admins[0], id).await.unwrap().events;
    assert_eq!(events.iter().filter(|it| it.kind == "certificate.suspended").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signer_sees_and_revokes_their_own_and_nobody_elses() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Sequential).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let signer = sender(service, PERSON.email).await;
    let mine = authority::my_certificates(service, &signer).await.unwrap();
    assert_eq!(mine.items.len(), 1);
    assert_eq!(mine.items[0].profile, "person");
    let id = mine.items[0].id.parse().unwrap();
    assert!(authority::my_certificates(service, &actor).await.unwrap().items.is_empty());
    assert!(authority::revoke_mine(service, &actor, id, None).await.is_err());
    let held = authority::suspend_mine(service, &signer, id).await.unwrap();
    assert_eq!((held.items[0].status, held.items[0].can_release), (CertificateStatus::Suspended, true));
    let free = authority::release_mine(service, &signer, id).await.unwrap();
    assert_eq!(free.items[0].status, CertificateStatus::Valid);
    let reason = Some(RevocationReason::KeyCompromise);
    let gone = authority::revoke_mine(service, &signer, id, reason).await.unwrap();
    assert_eq!(gone.items[0].status, CertificateStatus::Revoked);
    let again = authority::release_mine(service, &signer, id).await;
    assert_eq!(crate::support::code(again), "certificate_state");
}

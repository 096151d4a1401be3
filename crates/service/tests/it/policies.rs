//! Signing policies in an organization's name: who writes them, who chooses them, who is told whose they are, and what is left
//! when a power ends.

#![expect(clippy::unwrap_used, reason = "what does not work fails the test")]

use std::sync::Arc;

use domain::policy::{Custody, Title, WillCheck};
use jiff::SignedDuration;
use vermilion_service::account::Actor;
use vermilion_service::organization::agents::{self, Dismissal};
use vermilion_service::policy::{self, PolicyInput};
use vermilion_service::sandbox::register::{COMPANIES, PEOPLE};
use vermilion_service::view::{self, Step};
use vermilion_service::{EnvelopeId, OrganizationId, Refusal, SandboxUse, directory, envelope, jobs, verify};

use crate::agents::{OTHER, agent};
use crate::companies::{LEADER, choosing, sign_letter};
use crate::control::own;
use crate::killed::open_records;
use crate::signers::{AGENT, Cast, House, PERSON, document, refusal, send_to, sender};
use crate::support::code;

/// Conditions that an organization's people write for it.
fn of(organization: OrganizationId, custody: Custody) -> PolicyInput {
    PolicyInput { organization: Some(organization), ..own("branch", vec![custody], WillCheck::Key) }
}

async fn listed(house: &House, actor: &Actor) -> view::PolicyList {
    policy::list(&house.service, actor).await.unwrap()
}

/// A draft that its sender wants to send under a policy.
async fn draft(house: &House, actor: &Actor, policy: &str) -> Result<EnvelopeId, vermilion_service::Error> {
    let made = envelope::create(&house.service, actor, Some("Lease"), None).await.unwrap();
    let id = made.id.parse().unwrap();
    let patch = envelope::EnvelopePatch { policy: Some(policy.to_owned()), ..Default::default() };
    envelope::update(&house.service, actor, id, patch).await.map(|_| id)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organizations_conditions_name_it_to_the_signer_and_to_whoever_verifies() {
    let mut house = House::new().await;
    let actor = house.sender().await;
    let (_, organization, office) = agent(&house, &actor, AGENT).await;
    let company = AGENT.company.unwrap();
    let offered = listed(&house, &office).await.organizations;
    assert_eq!(offered.len(), 1);
    assert_eq!(
        (offered[0].name.as_str(), offered[0].credit_code.as_str()),
        (company.name, company.credit_code)
    );
    // What is built in keeps its words, whoever writes.
    let title = Title { en: "Strict!".to_owned(), zh_cn: "分公司".to_owned() };
    let refused =
        policy::write(&house.service, &office, PolicyInput { title, ..of(organization, Custody::Pin) });
    assert_eq!(refusal(refused.await), Refusal::PolicyInvalid { what: "title" });

    let first = policy::write(&house.service, &office, of(organization, Custody::Pin)).await.unwrap();
    assert_eq!(first.reference, format!("{organization}/branch"));
    assert!(!first.built_in);
    let bytes = policy::document(&house.service, &first.digest).await.unwrap();
    let said: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(said["publisher"], organization.to_string());
    assert_eq!(
        said["organization"],
        serde_json::json!({ "credit_code": company.credit_code, "name": company.name })
    );
    let id = send_to(&house, &office, &PERSON, Some(&first.reference)).await;
    // A new version holds from then on, and the envelope keeps the one that it was sent under.
    let second = policy::write(&house.service, &office, of(organization, Custody::Device)).await.unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    let references: Vec<_> =
        listed(&house, &office).await.items.into_iter().map(|it| (it.reference, it.version)).collect();
    assert_eq!(references[3..], [(first.reference.clone(), 2)]);
    let signer = house.guest(PERSON).await;
    let asked = signer.show().await.policy;
    assert_eq!((asked.digest.as_str(), asked.version), (first.digest.as_str(), 1));
    let author = asked.organization.unwrap();
    assert_eq!((author.name.as_str(), author.credit_code.as_str()), (company.name, company.credit_code));
    signer.walk_to(Step::Done).await;
    let verdict =
        verify::verify_source(&house.service, "", Arc::new(document(&house.service, &office, id).await));
    let verdict = verdict.await.unwrap();
    let named = verdict.signatures[0].policy.as_ref().unwrap();
    assert_eq!((named.digest.as_str(), named.oid.as_str()), (first.digest.as_str(), first.oid.as_str()));
    assert_eq!(named.organization.as_ref(), Some(&author));
    let why = verdict.signatures[0].reasons.iter().find(|it| it.code == "policy_written").unwrap();
    assert_eq!(why.params["publisher"], format!("{} ({})", company.name, company.credit_code));
    // On record: of whom, by whom, what.
    let mut reader = open_records(house.data()).await.read().await.unwrap();
    let events = reader.events_of(&organization.to_string()).await.unwrap();
    let written: Vec<_> = events.iter().filter(|it| it.event.kind == "policy.written").collect();
    assert_eq!(written.len(), 2);
    assert_eq!(written[0].event.actor, evidence::Actor::Account(office.id().to_string()));
    assert_eq!(written[0].event.body.value("digest").unwrap().to_json(), first.digest);
    drop(reader);
    // What the sandbox verified counts for as long as there is a sandbox.
    house
        .restart_as(|mut config| {
            config.sandbox = SandboxUse::Closed;
            config
        })
        .await;
    assert!(listed(&house, &office).await.organizations.is_empty());
    let write = policy::write(&house.service, &office, of(organization, Custody::Pin)).await;
    assert_eq!(code(write), "not_found");
    assert_eq!(refusal(draft(&house, &office, &first.reference).await), Refusal::PolicyNotYours);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_seal_chooses_and_who_acts_no_more_does_not() {
    let house = House::new().await;
    let service = &house.service;
    // The legal representative, with all powers; an agent who may seal and nothing else.
    let (sealing, _) = choosing(&house, OTHER).await;
    sealing.asks(LEADER.email, false).await.unwrap();
    house.pass(SignedDuration::from_secs(1));
    let leader = house.guest(LEADER).await;
    sign_letter(&leader).await;
    jobs::run_due(service).await.unwrap();
    let desk = sender(service, "desk@example.com").await;
    let linked = directory::administer(service, &desk, &leader.signer).await.unwrap();
    let organization: OrganizationId = linked.items[0].id.parse().unwrap();
    let clerk = house.linked(OTHER).await;
    let stranger = sender(service, "stranger@example.com").await;

    let written = policy::write(service, &clerk, of(organization, Custody::Pin)).await;
    assert_eq!(refusal(written), Refusal::AgentPower);
    assert_eq!(code(policy::write(service, &stranger, of(organization, Custody::Pin)).await), "not_found");
    let conditions = policy::write(service, &desk, of(organization, Custody::Pin)).await.unwrap();
    let known = listed(&house, &clerk).await;
    assert!(known.organizations.is_empty());
    assert_eq!(known.items.last().unwrap(), &conditions);
    assert_eq!(listed(&house, &stranger).await.items.len(), 3);
    // Strangers learn no more of it than of one that there is not.
    let unknown =
        conditions.reference.replace(&organization.to_string(), "org_0192f0c1a2b37c4d8e5f60718293a4b5");
    for reference in [&conditions.reference, &unknown] {
        assert_eq!(refusal(draft(&house, &stranger, reference).await), Refusal::PolicyNotYours);
    }
    let missing = format!("{organization}/none");
    assert_eq!(
        refusal(draft(&house, &clerk, &missing).await),
        Refusal::PolicyUnknown { name: "none".to_owned() }
    );
    let nonsense = "org_1/branch".to_owned();
    assert_eq!(refusal(draft(&house, &clerk, &nonsense).await), Refusal::PolicyUnknown { name: nonsense });

    let kept = draft(&house, &clerk, &conditions.reference).await.unwrap();
    send_to(&house, &clerk, &PERSON, Some(&conditions.reference)).await;
    let signer = house.guest(PERSON).await;
    signer.walk_to(Step::Consent).await;
    // The clerk's power ends between the draft and its sending.
    let people = agents::list(service, &desk, organization).await.unwrap().items;
    let id = people.iter().find(|it| !it.is_me).unwrap().id.parse().unwrap();
    agents::revoke(service, &desk, organization, id, Dismissal::Dismissed).await.unwrap();
    prepare(&house, &clerk, kept).await;
    assert_eq!(refusal(envelope::send(service, &clerk, kept).await), Refusal::PolicyNotYours);
    assert_eq!(refusal(draft(&house, &clerk, &conditions.reference).await), Refusal::PolicyNotYours);
    assert_eq!(listed(&house, &clerk).await.items.len(), 3);
    // Under another policy the same draft goes out; what was sent before goes on under the organization's.
    let patch = envelope::EnvelopePatch { policy: Some("standard".to_owned()), ..Default::default() };
    envelope::update(service, &clerk, kept, patch).await.unwrap();
    envelope::send(service, &clerk, kept).await.unwrap();
    signer.walk_to(Step::Done).await;
    // An organization whose checks ran out writes nothing and is chosen by nobody.
    house.pass(SignedDuration::from_hours(24 * 366));
    assert_eq!(code(policy::write(service, &desk, of(organization, Custody::Pin)).await), "not_found");
    assert_eq!(refusal(draft(&house, &desk, &conditions.reference).await), Refusal::PolicyNotYours);
    assert!(policy::document(service, &conditions.digest).await.is_ok(), "signatures name it for ever");
}

/// What a draft needs to be sent.
async fn prepare(house: &House, actor: &Actor, id: EnvelopeId) {
    let path = house.file(&testkit::pdf_samples::contract(pdf::XrefKind::Table, 1));
    let added = envelope::add_document(&house.service, actor, id, "lease.pdf", &path).await.unwrap();
    let recipients = vec![Cast { resident: &PEOPLE[4], ..PERSON }.input(1)];
    let set = envelope::set_recipients(&house.service, actor, id, recipients).await.unwrap();
    let field = envelope::FieldInput {
        id: None,
        recipient_id: set.recipients[0].id.parse().unwrap(),
        document_id: added.documents[0].id.parse().unwrap(),
        r#type: view::FieldType::Signature,
        page: 1,
        x: 60.0,
        y: 600.0,
        width: 120.0,
        height: 60.0,
        required: true,
        label: None,
    };
    envelope::set_fields(&house.service, actor, id, vec![field]).await.unwrap();
}

/// One name for a policy, and even one name for two companies: each is its owner's, and says whose it is.
#[tokio::test(flavor = "multi_thread")]
async fn policies_of_one_name_are_told_apart_by_whose_they_are() {
    let house = House::new().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (_, one, office) = agent(&house, &actor, AGENT).await;
    let cast = Cast { resident: &PEOPLE[0], company: Some(&COMPANIES[0]), email: "second@example.com" };
    let (guest, two, _) = agent(&house, &actor, cast).await;
    directory::administer(service, &office, &guest.signer).await.unwrap();
    let records = open_records(house.data()).await;
    let mut tx = records.begin().await.unwrap();
    let namesake = tx.organization(one).await.unwrap().unwrap().name;
    let second = tx.organization(two).await.unwrap().unwrap();
    tx.put_organization(&store::Organization { name: namesake.clone(), ..second }).await.unwrap();
    tx.commit().await.unwrap();

    let mine = own("branch", vec![Custody::Pin], WillCheck::Key);
    let mine = policy::write(service, &office, mine).await.unwrap();
    let first = policy::write(service, &office, of(one, Custody::Pin)).await.unwrap();
    let second = policy::write(service, &office, of(two, Custody::Pin)).await.unwrap();
    for (at, it) in [&mine, &first, &second].into_iter().enumerate() {
        assert_eq!((it.name.as_str(), it.version), ("branch", 1), "{at}");
    }
    assert!(mine.digest != first.digest && first.digest != second.digest && first.oid != second.oid);
    let authors = [first.organization.as_ref().unwrap(), second.organization.as_ref().unwrap()];
    assert!(authors.iter().all(|it| it.name == namesake.as_str()));
    assert_ne!(authors[0].credit_code, authors[1].credit_code);
    for (number, wanted) in [&mine, &first, &second].into_iter().enumerate() {
        house.pass(SignedDuration::from_secs(1));
        let email: &'static str = ["a@signer.example", "b@signer.example", "c@signer.example"][number];
        let cast = Cast { email, ..PERSON };
        let id = send_to(&house, &office, &cast, Some(&wanted.reference)).await;
        let shown = envelope::show(service, &office, id).await.unwrap();
        assert_eq!(shown.policy_digest.as_ref(), Some(&wanted.digest));
        let asked = house.guest(cast).await.show().await.policy;
        assert_eq!(asked.organization, wanted.organization);
    }
}

//! A signing policy for one recipient alone.

use std::collections::HashMap;
use std::sync::Arc;

use domain::policy::{Assurance, Custody, SigningPolicy, WillCheck, WillWay};
use vermilion_service::account::Actor;
use vermilion_service::control::ControlProof;
use vermilion_service::envelope::{self, EnvelopePatch};
use vermilion_service::policy::{self, PolicyInput};
use vermilion_service::{EnvelopeId, Error, RecipientId, Refusal, ceremony, verify, view};

use crate::control::own;
use crate::signers::{AGENT, House, PERSON, document, draft_under, refusal};

/// A draft for a person and a company under the standard policy.
async fn draft(house: &House, actor: &Actor) -> (EnvelopeId, [RecipientId; 2]) {
    let path = house.file(&testkit::pdf_samples::contract(pdf::XrefKind::Table, 2));
    draft_under(&house.service, actor, &path, view::Order::Sequential, "standard").await
}

async fn choose(
    house: &House,
    actor: &Actor,
    id: EnvelopeId,
    recipient: RecipientId,
    name: Option<&str>,
) -> Result<view::Envelope, Error> {
    let recipient_policies = HashMap::from([(recipient, name.map(str::to_owned))]);
    envelope::update(&house.service, actor, id, EnvelopePatch { recipient_policies, ..Default::default() })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_recipient_signs_under_the_policy_that_holds_for_them() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, [person, _]) = draft(&house, &actor).await;
    let branch = own("branch", vec![Custody::Pin], WillCheck::Key);
    let branch = policy::write(&house.service, &actor, branch).await.unwrap();
    choose(&house, &actor, id, person, Some("branch")).await.unwrap();
    let sent = envelope::send(&house.service, &actor, id).await.unwrap();
    let standard = sent.policy_digest.clone().unwrap();
    let held: Vec<_> = sent.recipients.iter().map(|it| it.policy_digest.as_deref()).collect();
    assert_eq!(held, [Some(branch.digest.as_str()), None]);
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    let told = serde_json::to_string(&events).unwrap();
    assert!(told.contains("envelope.sent"), "{told}");

    // What is written afterwards is for envelopes that are sent afterwards.
    policy::write(&house.service, &actor, own("branch", vec![Custody::Device], WillCheck::Key))
        .await
        .unwrap();
    let guest = house.guest(PERSON).await;
    let asked = guest.show().await;
    assert_eq!((asked.policy.digest.as_str(), asked.policy.version), (branch.digest.as_str(), 1));
    guest.walk_to(view::Step::Done).await;
    let guest = house.guest(AGENT).await;
    assert_eq!(guest.show().await.policy.digest, standard);
    guest.walk_to(view::Step::Done).await;

    let bytes = document(&house.service, &actor, id).await;
    let verdict = verify::verify_source(&house.service, "", Arc::new(bytes)).await.unwrap();
    assert_eq!(verdict.indication, "TOTAL-PASSED", "{verdict:#?}");
    let named = verdict.signatures.iter().filter_map(|it| it.policy.as_ref());
    let named: Vec<_> = named.map(|it| it.digest.as_str()).collect();
    assert_eq!(named, [branch.digest.as_str(), standard.as_str()]);
    let proof = ceremony::proof_for_sender(&house.service, &actor, id).await.unwrap();
    let proof = ControlProof::from_json(&proof).unwrap();
    let read = |it: &keys::ActivationRecord| SigningPolicy::from_canonical(it.policy.as_bytes());
    let names: Vec<_> = proof.records.iter().filter_map(read).map(|it| it.name).collect();
    assert_eq!(names, ["branch", "standard"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_of_one_recipient_stays_with_them_until_it_is_taken_back() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, [person, agent]) = draft(&house, &actor).await;
    let chosen = choose(&house, &actor, id, agent, Some("simple")).await.unwrap();
    assert_eq!(chosen.policy, "standard");
    let of = |it: &view::Envelope| it.recipients.iter().map(|it| it.policy.clone()).collect::<Vec<_>>();
    assert_eq!(of(&chosen), [None, Some("simple".to_owned())]);
    // Whoever types the list of recipients anew says nothing of it.
    let inputs = [(AGENT, agent, 1), (PERSON, person, 2)]
        .map(|(cast, id, order)| envelope::RecipientInput { id: Some(id), ..cast.input(order) });
    let typed = envelope::set_recipients(&house.service, &actor, id, inputs.into()).await.unwrap();
    assert_eq!(of(&typed), [Some("simple".to_owned()), None]);
    let taken = choose(&house, &actor, id, agent, None).await.unwrap();
    assert_eq!(of(&taken), [None, None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_for_what_they_alone_cannot_bring() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, [person, agent]) = draft(&house, &actor).await;
    let choose = |recipient, name| choose(&house, &actor, id, recipient, Some(name));
    // This server is reached at an address in numbers: nobody could have a passkey.
    assert_eq!(refusal(choose(person, "strict").await), Refusal::PolicyUnmet { what: "key" });
    assert_eq!(refusal(choose(person, "none").await), Refusal::PolicyUnknown { name: "none".to_owned() });
    let other = RecipientId::new(&*house.clock, &vermilion_service::SystemRng);
    assert!(matches!(choose(other, "simple").await, Err(Error::NotFound)));

    // A code to a phone that a face would not verify; the agent has an address, the person loses theirs.
    let texted = PolicyInput {
        assurance: Assurance::Low,
        ..own("mailed", vec![Custody::Pin], WillCheck::AnyOf(vec![WillWay::Email]))
    };
    policy::write(&house.service, &actor, texted).await.unwrap();
    let named = PERSON.input(1);
    let unmailed = envelope::RecipientInput {
        id: Some(person),
        email: None,
        phone: Some("13800000003".to_owned()),
        ..named.clone()
    };
    let agents = envelope::RecipientInput { id: Some(agent), ..AGENT.input(2) };
    envelope::set_recipients(&house.service, &actor, id, vec![unmailed, agents]).await.unwrap();
    choose(agent, "mailed").await.unwrap();
    choose(person, "mailed").await.unwrap();
    let refused = refusal(envelope::send(&house.service, &actor, id).await);
    assert_eq!(refused, Refusal::WillEmailMissing { name: named.name.clone() });
    choose(person, "standard").await.unwrap();
    let sent = envelope::send(&house.service, &actor, id).await.unwrap();
    assert!(sent.recipients.iter().all(|it| it.policy_digest.is_some()), "each has one of their own");
    // Once sent, it stands.
    assert_eq!(refusal(choose(person, "simple").await), Refusal::NotDraft);
}

//! Who acts for an organization: by which proof, for how long, and who may end it.

#![expect(clippy::unwrap_used, reason = "what does not work fails the test")]

use domain::organization::{AgentEnd, AgentRole, OrganizationWay, Revocation};
use jiff::SignedDuration;
use vermilion_service::account::Actor;
use vermilion_service::organization::agents::{self, Dismissal};
use vermilion_service::sandbox::register::{COMPANIES, PEOPLE};
use vermilion_service::view::{CertificateStatus, OrganizationAgent, OrganizationState, Step};
use vermilion_service::{
    EnvelopeId, OrganizationId, Refusal, authority, ceremony, directory, envelope, jobs, view,
};

use crate::killed::open_records;
use crate::signers::{AGENT, Cast, Guest, House, PASSWORD, log_in, refusal, send_to, sender};
use crate::support::code;

/// Another agent of the same company.
pub(crate) const OTHER: Cast =
    Cast { resident: &PEOPLE[1], company: Some(&COMPANIES[1]), email: "other@example.com" };

/// A verified agent, and an account that is linked as them.
pub(crate) async fn agent<'a>(
    house: &'a House,
    actor: &Actor,
    cast: Cast,
) -> (Guest<'a>, OrganizationId, Actor) {
    // Transfers of the same moment have no order.
    house.pass(SignedDuration::from_secs(1));
    send_to(house, actor, &cast, None).await;
    let guest = house.guest(cast).await;
    guest.walk_to(Step::Document).await;
    let account = sender(&house.service, &format!("account-of-{}", cast.email)).await;
    let linked = directory::administer(&house.service, &account, &guest.signer).await.unwrap();
    (guest, linked.items[0].id.parse().unwrap(), account)
}

async fn list(house: &House, account: &Actor, organization: OrganizationId) -> Vec<OrganizationAgent> {
    agents::list(&house.service, account, organization).await.unwrap().items
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_takes_anothers_power_away_and_with_it_certificate_and_ceremonies() {
    let house = House::new().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (one, organization, first) = agent(&house, &actor, AGENT).await;
    let (two, same, second) = agent(&house, &actor, OTHER).await;
    assert_eq!(organization, same);
    one.walk_to(Step::Confirm).await;
    two.walk_to(Step::Confirm).await;
    let listed = list(&house, &first, organization).await;
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|it| it.active && it.proof == OrganizationWay::Payment));
    assert!(listed.iter().all(|it| it.role == AgentRole::Agent && it.can_revoke));
    let other = listed.iter().find(|it| !it.is_me).unwrap();
    assert_eq!(other.name.as_deref(), Some(OTHER.resident.name));
    // Strangers learn nothing.
    assert_eq!(code(agents::list(service, &actor, organization).await), "not_found");
    let id = other.id.parse().unwrap();
    assert_eq!(
        code(agents::revoke(service, &actor, organization, id, Dismissal::Dismissed).await),
        "not_found"
    );

    let after = agents::revoke(service, &first, organization, id, Dismissal::Misused).await.unwrap();
    let gone = after.items.iter().find(|it| !it.is_me).unwrap();
    assert!(!gone.active && !gone.can_revoke);
    assert_eq!(gone.revoked_reason, Some(AgentEnd::Misused));
    let again = agents::revoke(service, &first, organization, id, Dismissal::Dismissed).await;
    assert_eq!(refusal(again), Refusal::AgentEnded);

    // Their certificate is revoked, the other agent's is not.
    authority::add_administrator(service, "sender@example.com").await.unwrap();
    let issued = authority::certificates(service, &actor, None, Some("远帆"), None).await.unwrap().items;
    let of = |status| issued.iter().filter(|it| it.status == status).count();
    assert_eq!((of(CertificateStatus::Revoked), of(CertificateStatus::Valid)), (1, 1));
    let revoked = issued.iter().find(|it| it.status == CertificateStatus::Revoked).unwrap();
    assert_eq!(revoked.reason.as_deref(), Some("affiliation_changed"));

    // The ceremony stands where the organization is to be shown, and does not seal.
    let shown = two.show().await;
    assert_eq!(shown.step, Step::Organization);
    assert!(shown.key.state == view::KeyState::None && shown.certificate.is_none());
    assert_eq!(code(two.sign(crate::signers::PIN).await), "step_not_ready");
    // Their account administers nothing any more.
    assert!(directory::list(service, &second).await.unwrap().items.is_empty());
    assert_eq!(code(agents::list(service, &second, organization).await), "not_found");
    // Seeing a statement of the company's account does not bring the power back.
    two.step().await;
    let shown = two.show().await.organization.unwrap();
    assert_eq!(shown.refused.as_deref(), Some("dismissed"));
    let ways: Vec<_> = shown.ways.iter().map(|it| it.way).collect();
    assert!(
        !ways.contains(&OrganizationWay::Payment) && ways.contains(&OrganizationWay::Authorization),
        "{ways:?}"
    );
    let account = OTHER.company.unwrap().account_number;
    assert_eq!(refusal(ceremony::payment(service, &two.signer, account, None).await), Refusal::AgentRevoked);
    // The other agent signs as before.
    one.walk_to(Step::Done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_resigns_and_may_be_verified_again() {
    let house = House::new().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (guest, organization, account) = agent(&house, &actor, OTHER).await;
    let me = list(&house, &account, organization).await.remove(0);
    assert!(me.is_me && me.can_revoke);
    let id = me.id.parse().unwrap();
    let after = agents::revoke(service, &account, organization, id, Dismissal::Dismissed).await.unwrap();
    assert!(after.items.is_empty(), "whoever resigned sees no more");
    assert_eq!(guest.show().await.organization.unwrap().state, OrganizationState::None);
    house.pass(SignedDuration::from_secs(2));
    guest.walk_to(Step::Document).await;
    let listed = list(&house, &account_again(&house, &guest, &account).await, organization).await;
    let ends: Vec<_> = listed.iter().map(|it| it.revoked_reason).collect();
    assert_eq!(ends, [None, Some(AgentEnd::Resigned)]);
}

/// The same account, linked anew.
async fn account_again(house: &House, guest: &Guest<'_>, account: &Actor) -> Actor {
    directory::administer(&house.service, account, &guest.signer).await.unwrap();
    account.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_recognised_until_the_power_ends_by_its_date() {
    let house = House::new().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (_, organization, account) = agent(&house, &actor, OTHER).await;
    // Another envelope: no second payment.
    let id = send_to(&house, &actor, &OTHER, None).await;
    let again = house.guest(OTHER).await;
    again.walk_to(Step::Document).await;
    let events = kinds(&house, &actor, id).await;
    assert!(events.iter().any(|kind| kind == "organization.recognised"), "{events:?}");
    assert!(!events.iter().any(|kind| kind == "payment.sent"));
    // A year later it counts no more, for the directory too.
    house.pass(SignedDuration::from_hours(24 * 365));
    assert!(directory::list(service, &account).await.unwrap().items.is_empty());
    assert_eq!(code(agents::list(service, &account, organization).await), "not_found");
}

/// The certificate of the only seal key that an account's person opens.
async fn seal(house: &House, account: &Actor) -> view::IssuedCertificate {
    authority::my_certificates(&house.service, account).await.unwrap().items.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seal_on_hold_since_a_power_ran_out_is_released_when_the_agent_is_verified_anew() {
    let house = House::new().await;
    let (service, actor) = (&house.service, house.sender().await);
    send_to(&house, &actor, &OTHER, None).await;
    let guest = house.guest(OTHER).await;
    guest.walk_to(Step::Done).await;
    let account = house.linked(OTHER).await;
    assert_eq!(seal(&house, &account).await.status, CertificateStatus::Valid);
    // A power that ran out while the certificate goes on.
    let person = house.person(&account).await;
    let records = open_records(house.data()).await;
    let mut tx = records.begin().await.unwrap();
    let mut agent = tx.agents_of_person(person).await.unwrap().remove(0);
    agent.revoked = Some(Revocation { at: service.now(), reason: AgentEnd::Renewed, by: None });
    tx.put_agent(&agent).await.unwrap();
    tx.commit().await.unwrap();
    house.pass(SignedDuration::from_hours(25));
    jobs::sweep(service).await.unwrap();
    let account = log_in(service, OTHER.email).await;
    assert_eq!(seal(&house, &account).await.status, CertificateStatus::Suspended);

    send_to(&house, &actor, &OTHER, None).await;
    let again = house.guest(OTHER).await;
    again.walk_to(Step::Organization).await;
    assert_eq!(
        seal(&house, &account).await.status,
        CertificateStatus::Suspended,
        "the person is verified, and nobody's agent"
    );
    again.walk_to(Step::Document).await;
    assert_eq!(seal(&house, &account).await.status, CertificateStatus::Valid);
    assert!(crate::certificates::listed(service, "organization-1").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_is_taken_away_by_who_typed_the_password_a_short_while_ago() {
    let house = House::new().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (_, organization, account) = agent(&house, &actor, OTHER).await;
    house.pass(SignedDuration::from_mins(11));
    let id = list(&house, &account, organization).await.remove(0).id.parse().unwrap();
    let revoke = async |by: &Actor| agents::revoke(service, by, organization, id, Dismissal::Dismissed).await;
    assert_eq!(refusal(revoke(&account).await), Refusal::ConfirmationMissing);
    assert!(list(&house, &account, organization).await[0].active);
    vermilion_service::account::confirm(service, &account, PASSWORD).await.unwrap();
    let account = house.again(&account, &format!("account-of-{}", OTHER.email)).await;
    revoke(&account).await.unwrap();
}

pub(crate) async fn kinds(house: &House, actor: &Actor, id: EnvelopeId) -> Vec<String> {
    let events = envelope::events(&house.service, actor, id).await.unwrap();
    events.items.into_iter().map(|it| it.kind).collect()
}

//! Payments that a clerk makes: what the clerk sees and when, and what becomes of them.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::sync::Arc;

use domain::organization::AgentEnd;
use jiff::SignedDuration;
use vermilion_service::account::Actor;
use vermilion_service::identity::Providers;
use vermilion_service::organization::ManualTransfers;
use vermilion_service::organization::agents;
use vermilion_service::organization::transfers::{self, TransferFailure};
use vermilion_service::view::{OrganizationState, Step};
use vermilion_service::{
    EnvelopeId, Error, PaymentId, Refusal, authority, ceremony, directory, jobs, notify, view,
};

use crate::agents::{OTHER, kinds};
use crate::killed::open_records;
use crate::signers::{Guest, House, refusal, send_to, sender};
use crate::support::code;

const BANK: Option<&str> = Some("沙箱银行深圳南山支行");

async fn manual() -> House {
    House::asking(|foundation, _| {
        let mut providers = Providers::sandbox(foundation);
        providers.payouts = Arc::new(ManualTransfers::new(foundation));
        providers
    })
    .await
}

async fn clerk(house: &House, email: &str) -> Actor {
    let actor = sender(&house.service, email).await;
    authority::add_administrator(&house.service, email).await.unwrap();
    actor
}

/// An agent whose payment waits for the clerk.
async fn ordered<'a>(house: &'a House, actor: &Actor) -> (Guest<'a>, EnvelopeId) {
    let id = send_to(house, actor, &OTHER, None).await;
    let guest = house.guest(OTHER).await;
    guest.walk_to(Step::Organization).await;
    guest.step().await;
    let account = OTHER.company.unwrap().account_number;
    let without = ceremony::payment(&house.service, &guest.signer, account, None).await;
    assert_eq!(refusal(without), Refusal::BankRequired);
    let shown = ceremony::payment(&house.service, &guest.signer, account, BANK).await.unwrap();
    assert_eq!(shown.organization.unwrap().state, OrganizationState::PaymentRequested);
    (guest, id)
}

async fn only(house: &House, clerk: &Actor) -> view::Transfer {
    let list = transfers::list(&house.service, clerk).await.unwrap();
    assert!(list.manual);
    list.items.into_iter().next().unwrap()
}

async fn amount(house: &House, clerk: &Actor, id: PaymentId) -> Result<u32, Error> {
    transfers::reveal(&house.service, clerk, id).await.map(|it| it.amount_fen)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_makes_the_transfer_and_its_amount_verifies() {
    let house = manual().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (guest, envelope) = ordered(&house, &actor).await;
    let clerk = clerk(&house, "clerk@example.com").await;
    assert_eq!(code(transfers::list(service, &actor).await), "not_found");
    let listed = only(&house, &clerk).await;
    assert_eq!((listed.state.as_str(), listed.takes_part), ("waiting", false));
    assert!(!format!("{listed:?}").contains(OTHER.company.unwrap().account_number));
    let id = listed.id.parse().unwrap();
    // No amount is taken before it was sent, and guessing costs nothing yet gains nothing.
    assert_eq!(refusal(ceremony::payment_confirm(service, &guest.signer, 1).await), Refusal::PaymentAwaited);
    let fen = amount(&house, &clerk, id).await.unwrap();
    let detail = transfers::reveal(service, &clerk, id).await.unwrap();
    assert_eq!(detail.account_number, OTHER.company.unwrap().account_number);
    assert_eq!((detail.account_name.as_str(), detail.bank.as_deref()), (OTHER.company.unwrap().name, BANK));
    assert_eq!(refusal(transfers::sent(service, &clerk, id, "  ").await), Refusal::ReferenceRequired);
    let list = transfers::sent(service, &clerk, id, "B20261123-77").await.unwrap();
    assert_eq!(
        (list.items[0].state.as_str(), list.items[0].reference.as_deref()),
        ("sent", Some("B20261123-77"))
    );
    // The amount is gone, for everybody.
    assert_eq!(refusal(amount(&house, &clerk, id).await), Refusal::TransferState { state: "sent" });
    let records = open_records(house.data()).await;
    let kept = records.read().await.unwrap().transfer_order(id).await.unwrap().unwrap();
    assert_eq!(kept.detail.amount_fen, None);
    // Twice is refused.
    assert_eq!(code(transfers::sent(service, &clerk, id, "again").await), "transfer_state");
    // The agent is told, and tells the amount.
    jobs::run_due(service).await.unwrap();
    let told = notify::outbox(service, Some(OTHER.email), None).await.unwrap();
    assert!(told.items.iter().any(|it| it.subject.contains("小额打款")));
    assert_eq!(guest.show().await.organization.unwrap().state, OrganizationState::PaymentSent);
    let wrong = if fen == 1 { 2 } else { 1 };
    let refused = ceremony::payment_confirm(service, &guest.signer, wrong).await;
    assert_eq!(refusal(refused), Refusal::AmountWrong { tries_left: 2 });
    let shown = ceremony::payment_confirm(service, &guest.signer, fen).await.unwrap();
    assert_eq!(shown.step, Step::Document);
    // Each look is in the log, with who looked.
    let events = records.read().await.unwrap().events_of(&id.to_string()).await.unwrap();
    let looked = events.iter().filter(|it| it.event.kind == "transfer.viewed").count();
    assert_eq!(looked, 2);
    assert!(events.iter().all(|it| it.event.actor == evidence::Actor::Account(clerk.id().to_string())));
    let envelope_kinds = kinds(&house, &actor, envelope).await;
    assert!(envelope_kinds.iter().any(|kind| kind == "payment.requested"));
    assert!(envelope_kinds.iter().any(|kind| kind == "payment.sent"));
    // And no event tells the amount or the account.
    assert!(!format!("{events:?}").contains(OTHER.company.unwrap().account_number));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_takes_part_pays() {
    let house = manual().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (guest, _) = ordered(&house, &actor).await;
    // The sender, and the account with the agent's own address, become administrators.
    authority::add_administrator(service, "sender@example.com").await.unwrap();
    let own = clerk(&house, OTHER.email).await;
    let id = only(&house, &actor).await.id.parse().unwrap();
    for who in [&actor, &own] {
        assert!(only(&house, who).await.takes_part);
        assert_eq!(refusal(amount(&house, who, id).await), Refusal::TransferConflict);
        assert_eq!(code(transfers::sent(service, who, id, "B1").await), "transfer_conflict");
        let failed = transfers::failed(service, who, id, TransferFailure::Unavailable).await;
        assert_eq!(code(failed), "transfer_conflict");
    }
    // Whoever lost the office sees nothing.
    let clerk = clerk(&house, "clerk@example.com").await;
    amount(&house, &clerk, id).await.unwrap();
    authority::remove_administrator(service, "clerk@example.com").await.unwrap();
    assert_eq!(code(amount(&house, &clerk, id).await), "not_found");
    assert_eq!(guest.show().await.organization.unwrap().state, OrganizationState::PaymentRequested);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_fails_or_comes_back_and_the_agent_goes_on() {
    let house = manual().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (guest, _) = ordered(&house, &actor).await;
    let clerk = clerk(&house, "clerk@example.com").await;
    let company = async || guest.show().await.organization.unwrap();
    let id: PaymentId = only(&house, &clerk).await.id.parse().unwrap();
    assert_eq!(code(transfers::returned(service, &clerk, id).await), "transfer_state");
    transfers::failed(service, &clerk, id, TransferFailure::AccountName).await.unwrap();
    assert_eq!(company().await.refused.as_deref(), Some("account_name"));
    assert_eq!(company().await.state, OrganizationState::RegistryChecked);
    // A failed one keeps no other away.
    house.pass(SignedDuration::from_secs(1));
    let account = OTHER.company.unwrap().account_number;
    ceremony::payment(service, &guest.signer, account, BANK).await.unwrap();
    let id: PaymentId = only(&house, &clerk).await.id.parse().unwrap();
    let fen = amount(&house, &clerk, id).await.unwrap();
    transfers::sent(service, &clerk, id, "B2").await.unwrap();
    // 71 hours later it comes back: whoever tells its amount now has guessed it.
    house.pass(SignedDuration::from_hours(71));
    transfers::returned(service, &clerk, id).await.unwrap();
    assert_eq!(company().await.refused.as_deref(), Some("returned"));
    let told = refusal(ceremony::payment_confirm(service, &guest.signer, fen).await);
    assert_eq!(told, Refusal::PaymentFailed { reason: "returned".to_owned() });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amount_that_was_told_of_a_transfer_that_came_back_was_guessed() {
    let house = manual().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (guest, _) = ordered(&house, &actor).await;
    let clerk = clerk(&house, "clerk@example.com").await;
    let id: PaymentId = only(&house, &clerk).await.id.parse().unwrap();
    let fen = amount(&house, &clerk, id).await.unwrap();
    transfers::sent(service, &clerk, id, "B3").await.unwrap();
    ceremony::payment_confirm(service, &guest.signer, fen).await.unwrap();
    guest.walk_to(Step::Confirm).await;
    let desk = sender(service, "desk@example.com").await;
    let linked = directory::administer(service, &desk, &guest.signer).await.unwrap();
    let organization = linked.items[0].id.parse().unwrap();
    transfers::returned(service, &clerk, id).await.unwrap();
    assert_eq!(guest.show().await.step, Step::Organization, "the power ended");
    assert_eq!(code(agents::list(service, &desk, organization).await), "not_found");
    let records = open_records(house.data()).await;
    let agents = records.read().await.unwrap().agents(organization).await.unwrap();
    assert_eq!(agents[0].revoked.map(|it| it.reason), Some(AgentEnd::Unproven));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_nobody_makes_is_taken_back_after_three_days() {
    let house = manual().await;
    let (service, actor) = (&house.service, house.sender().await);
    let (guest, _) = ordered(&house, &actor).await;
    let clerk = clerk(&house, "clerk@example.com").await;
    let id: PaymentId = only(&house, &clerk).await.id.parse().unwrap();
    house.pass(SignedDuration::from_hours(72));
    jobs::sweep(service).await.unwrap();
    drop(guest);
    let guest = house.guest(OTHER).await;
    guest.walk_to(Step::Organization).await;
    let company = guest.show().await.organization.unwrap();
    assert_eq!(
        (company.state, company.refused.as_deref()),
        (OrganizationState::RegistryChecked, Some("not_sent"))
    );
    let it = only(&house, &clerk).await;
    assert_eq!((it.state.as_str(), it.reason.as_deref()), ("failed", Some("withdrawn")));
    assert_eq!(code(transfers::sent(service, &clerk, id, "too late").await), "transfer_state");
    assert_eq!(code(amount(&house, &clerk, id).await), "transfer_state");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_an_account_that_was_paid_is_forgotten_in_the_order_too() {
    let house = manual().await;
    let actor = house.sender().await;
    ordered(&house, &actor).await;
    let clerk = clerk(&house, "clerk@example.com").await;
    let id: PaymentId = only(&house, &clerk).await.id.parse().unwrap();
    transfers::sent(&house.service, &clerk, id, "2026-1").await.unwrap();
    let records = open_records(house.data()).await;
    let number = async || {
        records.read().await.unwrap().transfer_order(id).await.unwrap().unwrap().detail.account_number
    };
    let whole = OTHER.company.unwrap().account_number;
    house.pass(SignedDuration::from_hours(24 * 6));
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!(number().await, whole, "it may come back, and be looked for");
    house.pass(SignedDuration::from_hours(24 * 2));
    jobs::sweep(&house.service).await.unwrap();
    let masked = number().await;
    assert!(masked.contains('*') && !masked.contains(whole), "{masked}");
    let listed = only(&house, &clerk).await;
    assert_eq!(listed.account_masked, masked, "the books still say which");
}

//! Whose account it is, what it sees, and what becomes of certificates whose real name lapses.

use jiff::SignedDuration;
use vermilion_service::account::{self, Actor};
use vermilion_service::identity::{self, PersonInput};
use vermilion_service::view::{self, CertificateStatus, DataPurpose};
use vermilion_service::{Locale, authority, ceremony, jobs, notify, organization};

use crate::signers::{
    AGENT, Guest, House, PASSWORD, PERSON, code, log_in, send_with, sender, verify_account,
};
use crate::support::code as refusal;

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn signed<'a>(house: &'a House, actor: &Actor) -> Guest<'a> {
    house.sent(actor, view::Order::Sequential).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Done).await;
    guest
}

async fn subjects(house: &House, to: &str) -> Vec<String> {
    jobs::run_due(&house.service).await.expect("jobs");
    let page = notify::outbox(&house.service, Some(to), None).await.expect("the outbox");
    page.items.into_iter().map(|it| it.subject).collect()
}

async fn mine(house: &House, actor: &Actor) -> view::MyCertificates {
    authority::my_certificates(&house.service, actor).await.expect("certificates")
}

/// Whether the authority's newest list of persons' certificates has any.
async fn is_listed(house: &House) -> bool {
    !crate::certificates::listed(&house.service, "person-1").await.is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_alone_shows_nothing_and_a_check_in_the_account_links_it() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    signed(&house, &actor).await;
    sender(service, PERSON.email).await;
    let signer = log_in(service, PERSON.email).await;

    let before = mine(&house, &signer).await;
    assert_eq!((before.linked, before.items.len(), before.elsewhere), (false, 0, 1));
    let shown = identity::my_identity(service, &signer).await.unwrap();
    assert!(shown.person.is_none() && shown.check.state == view::IdentityState::None);
    assert!(!shown.check.methods.is_empty());

    verify_account(service, &signer, PERSON.resident).await;
    let after = mine(&house, &signer).await;
    assert_eq!((after.linked, after.items.len(), after.elsewhere), (true, 1, 0));
    let person = identity::my_identity(service, &signer).await.unwrap().person.unwrap();
    assert!(person.counts && person.certificates == 1 && person.accounts == 1);
    assert_eq!(person.checks.len(), 2, "the ceremony's check and the account's");
    assert_eq!(person.checks.iter().filter(|it| it.in_account).count(), 1);
    assert!(!person.id_number_masked.unwrap().contains(&PERSON.resident.id_number[6..14]));
    assert!(
        subjects(&house, PERSON.email)
            .await
            .iter()
            .any(|it| it == "Your account is linked to a verified person")
    );
    assert_eq!(ceremony::keys_of_account(service, &signer).await.unwrap().items.len(), 1);

    // Another account learns nothing, and whose it is not cannot be told from whose is not there.
    let other = log_in(service, "sender@example.com").await;
    let id = after.items[0].id.parse().unwrap();
    assert_eq!(refusal(authority::revoke_mine(service, &other, id, None).await), "account_unlinked");
    verify_account(service, &other, AGENT.resident).await;
    assert_eq!(mine(&house, &other).await.items.len(), 0);
    assert!(matches!(
        authority::revoke_mine(service, &other, id, None).await,
        Err(vermilion_service::Error::NotFound)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_in_the_same_browser_links_the_account_and_only_to_one_person() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    // Too early: nobody was verified.
    assert_eq!(refusal(identity::link_signer(service, &actor, &guest.signer).await), "step_not_ready");
    guest.walk_to(view::Step::Document).await;
    let linked = identity::link_signer(service, &actor, &guest.signer).await.unwrap();
    assert_eq!(linked.person.unwrap().checks.len(), 1);
    // Said twice, it is told once.
    identity::link_signer(service, &actor, &guest.signer).await.unwrap();
    let told = subjects(&house, "sender@example.com").await;
    assert_eq!(told.iter().filter(|it| it.contains("linked")).count(), 1, "{told:?}");

    // Somebody else in the same browser does not take it over, neither in a ceremony nor by a check.
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Document).await;
    assert_eq!(refusal(identity::link_signer(service, &actor, &agent.signer).await), "account_linked");
    let it = AGENT.resident;
    let input = PersonInput::resident(it.name, it.id_number, it.phone);
    assert_eq!(refusal(identity::check_mine(service, &actor, &input).await), "account_linked");

    // A second account of the same person: both are told.
    let second = house.linked(PERSON).await;
    assert_eq!(identity::my_identity(service, &second).await.unwrap().person.unwrap().accounts, 2);
    let told = subjects(&house, "sender@example.com").await;
    assert!(told.iter().any(|it| it == "Another account was linked to you"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_matters_takes_the_password_again() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    signed(&house, &actor).await;
    let signer = house.linked(PERSON).await;
    let id = mine(&house, &signer).await.items[0].id.parse().unwrap();
    house.pass(SignedDuration::from_mins(11));
    let again = || async { account::confirm(service, &signer, PASSWORD).await };
    assert_eq!(refusal(authority::suspend_mine(service, &signer, id).await), "confirmation_missing");
    assert_eq!(refusal(identity::unlink(service, &signer).await), "confirmation_missing");
    assert_eq!(refusal(identity::request_erasure(service, &signer).await), "confirmation_missing");
    let key = ceremony::keys_of_account(service, &signer).await.unwrap().items[0].id.parse().unwrap();
    assert_eq!(
        refusal(ceremony::give_up_key_of_account(service, &signer, key).await),
        "confirmation_missing"
    );
    assert_eq!(refusal(account::confirm(service, &signer, "wrong horse battery").await), "credentials_wrong");
    again().await.unwrap();
    let signer = house.again(&signer, PERSON.email).await;
    let held = authority::suspend_mine(service, &signer, id).await.unwrap();
    assert_eq!(held.items[0].status, CertificateStatus::Suspended);
    let gone = ceremony::give_up_key_of_account(service, &signer, key).await.unwrap();
    assert!(gone.items[0].given_up_at.is_some());
    assert_eq!(mine(&house, &signer).await.items[0].status, CertificateStatus::Revoked);

    let unlinked = identity::unlink(service, &signer).await.unwrap();
    assert!(unlinked.person.is_none());
    assert!(matches!(identity::unlink(service, &signer).await, Err(vermilion_service::Error::NotFound)));
    assert!(
        subjects(&house, PERSON.email)
            .await
            .iter()
            .any(|it| it == "Your account is no longer linked to a person")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_over_the_mailbox_does_not_take_over_the_person() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    signed(&house, &actor).await;
    house.linked(PERSON).await;
    account::ask_password_reset(service, PERSON.email).await.unwrap();
    jobs::run_due(service).await.unwrap();
    let link = house.link(PERSON.email).await;
    let (_, secret) = link.split_once("token=").expect("a token");
    account::set_password(service, secret, "another horse battery").await.unwrap();
    let taken = account::log_in(service, PERSON.email, "another horse battery").await.unwrap();
    let taken = account::authenticate(service, &taken.token).await.unwrap();
    assert!(!mine(&house, &taken).await.linked);
    assert!(subjects(&house, PERSON.email).await.iter().any(|it| it == "Verify your identity again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_that_expires_is_announced_then_suspends_then_revokes() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    signed(&house, &actor).await;
    // A certificate outlives the check that it rests on where that is less sure: here by moving the check's end.
    let signer = house.linked(PERSON).await;
    let person = house.person(&signer).await;
    house.end_checks_in(person, 30 * DAY + SignedDuration::from_hours(1)).await;
    let sweep = || async { jobs::sweep(service).await.expect("a sweep") };
    let status = || async { mine(&house, &signer).await.items[0].clone() };
    let told = |word: &'static str| {
        let house = &house;
        async move { subjects(house, PERSON.email).await.iter().filter(|it| it.contains(word)).count() }
    };
    sweep().await;
    assert_eq!(told("will be suspended").await, 0, "not before 30 days");
    house.pass(SignedDuration::from_hours(2));
    sweep().await;
    assert_eq!(told("will be suspended").await, 1);
    house.pass(SignedDuration::from_hours(2));
    sweep().await;
    assert_eq!(told("will be suspended").await, 1, "once");
    house.pass(24 * DAY);
    sweep().await;
    assert_eq!(told("will be suspended").await, 2, "and a week ahead");
    assert_eq!(status().await.status, CertificateStatus::Valid);

    house.pass(7 * DAY);
    sweep().await;
    let held = status().await;
    assert_eq!(
        (held.status, held.reason.as_deref()),
        (CertificateStatus::Suspended, Some("certificate_hold"))
    );
    assert!(!held.can_release, "the platform's hold is not theirs to end");
    assert_eq!(told("is suspended").await, 1);

    // Verified again: the hold ends with it, no sweep is waited for, and the list that comes next says so.
    assert!(is_listed(&house).await, "on hold, it is on the list");
    let signer = log_in(service, PERSON.email).await;
    verify_account(service, &signer, PERSON.resident).await;
    assert_eq!(status().await.status, CertificateStatus::Valid);
    assert!(!is_listed(&house).await);
    assert_eq!(told("holds again").await, 1);
    house.pass(SignedDuration::from_hours(2));
    sweep().await;
    assert_eq!(told("holds again").await, 1, "once");

    // Not verified again: 30 days after the end it is revoked, for good.
    house.end_checks_in(person, DAY).await;
    house.pass(2 * DAY);
    sweep().await;
    assert_eq!(status().await.status, CertificateStatus::Suspended);
    house.pass(30 * DAY);
    sweep().await;
    sweep().await;
    let gone = status().await;
    assert_eq!(
        (gone.status, gone.reason.as_deref()),
        (CertificateStatus::Revoked, Some("privilege_withdrawn"))
    );
    assert_eq!(told("is revoked").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_is_killed_goes_on_where_it_was() {
    let mut house = House::new().await;
    let actor = house.sender().await;
    signed(&house, &actor).await;
    let signer = house.linked(PERSON).await;
    house.end_checks_in(house.person(&signer).await, DAY).await;
    house.pass(2 * DAY);
    jobs::sweep(&house.service).await.unwrap();
    let before = subjects(&house, PERSON.email).await.len();
    // What was in memory is gone: the next sweep looks at everything again, and tells nothing twice.
    house.restart().await;
    house.pass(SignedDuration::from_hours(2));
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!(subjects(&house, PERSON.email).await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_is_withdrawn_takes_the_certificates_along() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    signed(&house, &actor).await;
    let signer = house.linked(PERSON).await;
    // No face was shown: its consent carries nothing.
    let shown = identity::withdraw_consent(service, &signer, DataPurpose::Face, Locale::En).await.unwrap();
    assert!(shown.person.as_ref().unwrap().counts);
    let shown =
        identity::withdraw_consent(service, &signer, DataPurpose::Identity, Locale::En).await.unwrap();
    let person = shown.person.unwrap();
    assert!(!person.counts);
    assert!(person.checks.iter().all(|it| it.ended.as_deref() == Some("consent_withdrawn")));
    assert!(!shown.consents[0].given && shown.consents[0].in_account);
    let certificate = mine(&house, &signer).await.items[0].clone();
    assert_eq!(certificate.reason.as_deref(), Some("cessation_of_operation"));
    assert!(subjects(&house, PERSON.email).await.iter().any(|it| it == "Your certificate is revoked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_to_be_erased_is_erased_as_far_as_the_law_lets() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    signed(&house, &actor).await;
    let signer = house.linked(PERSON).await;
    let person = house.person(&signer).await;
    let erasure = identity::request_erasure(service, &signer).await.unwrap();
    assert!(!erasure.erased && erasure.kept_until.is_some(), "a certificate was issued");
    let after = mine(&house, &signer).await;
    assert_eq!((after.linked, after.items.len()), (false, 0));
    assert!(subjects(&house, PERSON.email).await.iter().any(|it| it == "Your certificate is revoked"));
    // Five years after the end of the certificate nothing names the person any more; before, the law has it kept.
    house.pass(DAY * (5 * 366 + 1));
    jobs::sweep(service).await.unwrap();
    assert!(house.checks(person).await.iter().all(|it| it.erased_at.is_none()));
    assert!(erasure.kept_until.unwrap().0 > service.now(), "as the answer said");
    house.pass(DAY * 365);
    jobs::sweep(service).await.unwrap();
    let checks = house.checks(person).await;
    assert!(checks.iter().all(|it| it.erased_at.is_some() && it.document.is_none() && it.salt.is_none()));
    assert!(checks.iter().all(|it| it.name.as_str() != PERSON.resident.name));

    // Nothing was certified: all goes at once, and the next check is of a new person.
    let other = log_in(service, "sender@example.com").await;
    verify_account(service, &other, AGENT.resident).await;
    let person = house.person(&other).await;
    assert_eq!(
        identity::request_erasure(service, &other).await.unwrap(),
        view::Erasure { erased: true, kept_until: None }
    );
    assert!(house.checks(person).await[0].document.is_none());
    house.pass(SignedDuration::from_hours(2));
    verify_account(service, &other, AGENT.resident).await;
    assert_ne!(house.person(&other).await, person);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_in_the_account_counts_tries_as_one_in_a_ceremony_does() {
    let house = House::new().await;
    let service = &house.service;
    house.sender().await;
    let actor = log_in(service, "sender@example.com").await;
    let it = PERSON.resident;
    let wrong = PersonInput::resident("王小二", it.id_number, it.phone);
    for _ in 0..5 {
        house.pass(SignedDuration::from_secs(1));
        assert_eq!(refusal(identity::check_mine(service, &actor, &wrong).await), "identity_mismatch");
    }
    let right = PersonInput::resident(it.name, it.id_number, it.phone);
    assert_eq!(refusal(identity::check_mine(service, &actor, &right).await), "identity_tries");
    house.pass(SignedDuration::from_hours(2));
    identity::check_mine(service, &actor, &right).await.unwrap();
    assert_eq!(refusal(identity::confirm_mine(service, &actor, "000000").await), "code_wrong");
    assert_eq!(refusal(identity::resend_mine(service, &actor).await), "resend_too_soon");
    identity::restart_mine(service, &actor).await.unwrap();
    assert_eq!(refusal(identity::confirm_mine(service, &actor, "000000").await), "step_not_ready");
    // No code follows within the minute of the last one.
    assert_eq!(refusal(identity::check_mine(service, &actor, &right).await), "resend_too_soon");
    house.pass(SignedDuration::from_mins(2));
    identity::check_mine(service, &actor, &right).await.unwrap();
    let typed = code(service, it.phone).await;
    assert!(identity::confirm_mine(service, &actor, &typed).await.unwrap().person.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_organizations_of_an_account_are_those_of_its_person() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    house.guest(AGENT).await.walk_to(view::Step::Done).await;
    let mine = |actor: Actor| async move { organization::my_organizations(service, &actor).await.unwrap() };
    let stranger = mine(log_in(service, "sender@example.com").await).await;
    assert!(!stranger.linked && stranger.items.is_empty());

    let agent = house.linked(AGENT).await;
    let it = mine(agent.clone()).await.items.remove(0);
    let company = AGENT.company.unwrap();
    assert_eq!((it.name.as_str(), it.credit_code.as_str()), (company.name, company.credit_code));
    assert!(it.active && it.factors.iter().any(|factor| factor == "credit_code"), "{:?}", it.factors);
    assert_eq!((it.agents.len(), it.certificates.len()), (1, 1));
    assert!(it.agents[0].is_me && it.agents[0].can_revoke);

    // Resigning takes the certificate along, and leaves what they did.
    let (organization, id) = (it.id.parse().unwrap(), it.agents[0].id.parse().unwrap());
    let reason = organization::agents::Dismissal::Dismissed;
    organization::agents::revoke(service, &agent, organization, id, reason).await.unwrap();
    let it = mine(agent).await.items.remove(0);
    assert!(!it.active && it.ended_at.is_some() && it.agents.is_empty());
    assert_eq!(it.certificates[0].reason.as_deref(), Some("affiliation_changed"));
    assert!(subjects(&house, AGENT.email).await.iter().any(|it| it == "Your certificate is revoked"));
    // Another person's account sees none of it.
    let other = house.linked(PERSON).await;
    assert!(mine(other).await.items.is_empty());
}

/// Where an organization's recipient has a place for a signature and none for a seal, its agent signs: the certificate names
/// both, and neither their own certificate nor that of its seal is used.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_signs_for_an_organization_is_certified_as_its_agent() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    let both = [view::FieldType::Signature, view::FieldType::Seal];
    assert_eq!(refusal(send_with(&house, &actor, &AGENT, None, &both).await), "field_type_mismatch");
    send_with(&house, &actor, &AGENT, None, &[view::FieldType::Signature]).await.expect("sent");
    let guest = house.guest(AGENT).await;
    guest.walk_to(view::Step::Impression).await;
    assert!(guest.show().await.recipient.as_agent);
    let seal = guest.impression();
    assert_eq!(refusal(ceremony::add_impression(service, &guest.signer, seal).await), "field_type_mismatch");
    let own = ceremony::ImpressionBody::Typed { text: AGENT.resident.name.to_owned() };
    ceremony::add_impression(service, &guest.signer, own).await.expect("a signature");
    guest.walk_to(view::Step::Done).await;
    // The next time it is the seal: another key, another certificate.
    send_with(&house, &actor, &AGENT, None, &[view::FieldType::Seal]).await.expect("sent");
    let again = house.guest(AGENT).await;
    again.walk_to(view::Step::Key).await;
    again.walk_to(view::Step::Done).await;

    let account = house.linked(AGENT).await;
    let mut items = mine(&house, &account).await.items;
    items.sort_by(|a, b| b.profile.cmp(&a.profile));
    let shown: Vec<_> =
        items.iter().map(|it| (it.profile.as_str(), it.name.as_str(), it.organization.as_deref())).collect();
    let company = AGENT.company.unwrap().name;
    assert_eq!(
        shown,
        [("organization", company, Some(company)), ("agent", AGENT.resident.name, Some(company))]
    );
}

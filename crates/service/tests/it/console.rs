//! Who may change a certificate: two administrators, its subject, and the platform when a real name lapses.

use domain::CertificateId;
use jiff::SignedDuration;
use pki::Certificate;
use pki::ca::Profile;
use pki::crl::Reason;
use pki::ocsp::Status;
use vermilion_service::authority::{self, AuthorityError, CertificateAuthority as _};
use vermilion_service::view::{self, CertificateStatus, RevocationReason, StatusAction};
use vermilion_service::{SystemClock, SystemRng, ceremony, jobs, sandbox};

use crate::certificates::{issue, request, status};
use crate::killed::open_records;
use crate::signers::{self, House, PERSON, sender};

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
    let signer = house.linked(PERSON).await;
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

/// Who lost a phone has the certificate suspended; whoever found the phone gets no other one in its place.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_another_certificate_while_theirs_is_on_hold_or_after_it_was_revoked() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    signers::send_to(&house, &actor, &PERSON, None).await;
    assert!(!sandbox::was_used(service).await.unwrap());
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Confirm).await;
    assert!(sandbox::was_used(service).await.unwrap(), "such a folder never serves in production");
    let mine = house.linked(PERSON).await;
    let list = authority::my_certificates(service, &mine).await.unwrap();
    let id = list.items[0].id.parse().unwrap();
    authority::suspend_mine(service, &mine, id).await.unwrap();
    // The same ceremony asks for a key again, and gets none.
    assert_eq!(guest.show().await.step, view::Step::Key);
    let other = ceremony::key(service, &guest.signer, "749281").await;
    assert_eq!(crate::support::code(other), "certificate_on_hold");
    authority::release_mine(service, &mine, id).await.unwrap();
    assert_eq!(guest.show().await.step, view::Step::Confirm);
    // Once it is revoked, the person is verified anew before there is another.
    authority::revoke_mine(service, &mine, id, Some(RevocationReason::KeyCompromise)).await.unwrap();
    assert_eq!(guest.show().await.step, view::Step::Identity);
    let other = ceremony::key(service, &guest.signer, "749281").await;
    assert_eq!(crate::support::code(other), "step_not_ready");
    guest.walk_to(view::Step::Done).await;
    let list = authority::my_certificates(service, &mine).await.unwrap();
    let of = |status| list.items.iter().filter(move |it| it.status == status).map(|it| it.id.clone());
    assert!(of(CertificateStatus::Revoked).eq([id.to_string()]));
    assert_eq!(of(CertificateStatus::Valid).count(), 1);
}

/// What two administrators did is not undone by the one of them whose certificate it is; and both are in office.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_undoes_nothing_alone_for_themselves() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    signers::send_to(&house, &actor, &PERSON, None).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let (own, other) = (house.linked(PERSON).await, sender(service, "b@example.com").await);
    for email in [PERSON.email, "b@example.com"] {
        authority::add_administrator(service, email).await.unwrap();
    }
    let list = authority::my_certificates(service, &own).await.unwrap();
    let id = list.items[0].id.parse().unwrap();
    let asked = authority::request(service, &other, id, StatusAction::Suspend, None).await.unwrap();
    let request = asked.items[0].id.parse().unwrap();
    // Whoever asked has left the office.
    authority::remove_administrator(service, "b@example.com").await.unwrap();
    let late = authority::approve(service, &own, request).await;
    assert_eq!(crate::support::code(late), "second_administrator");
    authority::add_administrator(service, "b@example.com").await.unwrap();
    authority::approve(service, &own, request).await.unwrap();
    let shown = authority::my_certificates(service, &own).await.unwrap();
    assert_eq!((shown.items[0].status, shown.items[0].can_release), (CertificateStatus::Suspended, false));
    let alone = authority::release_mine(service, &own, id).await;
    assert_eq!(crate::support::code(alone), "second_administrator");
}

/// The hook for whoever finds out that a real name lapsed: every certificate of the person's keys goes, a company's that
/// they open among them, and nobody else's.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_name_that_lapses_takes_its_certificates_along() {
    let house = House::new().await;
    let service = &house.service;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    house.guest(PERSON).await.walk_to(view::Step::Confirm).await;
    house.guest(signers::AGENT).await.walk_to(view::Step::Confirm).await;
    let records = open_records(house.data()).await;
    let mut reader = records.read().await.unwrap();
    let filter = store::CertificateFilter { most: 100, ..store::CertificateFilter::default() };
    let all = reader.certificates(&filter, service.now()).await.unwrap();
    let of = |profile: &str| all.iter().find(|it| it.profile == profile).expect("was issued").clone();
    let (person, company) = (of("person"), of("organization"));
    let agent = reader.signing_key(company.key_id.unwrap()).await.unwrap().unwrap();
    drop(reader);
    let mut tx = records.begin().await.unwrap();
    let owner = authority::OwnerOf::Person(agent.person_id);
    let revoked = authority::lapse(service, &mut tx, owner, authority::LapseCause::AgentEnded, service.now())
        .await
        .unwrap();
    assert_eq!(revoked, std::slice::from_ref(&company.serial));
    assert!(
        authority::lapse(service, &mut tx, owner, authority::LapseCause::AgentEnded, service.now())
            .await
            .unwrap()
            .is_empty(),
        "once"
    );
    tx.commit().await.unwrap();
    service.authority().changed().await;
    let read = |it: &store::StoredCertificate| Certificate::from_der(it.der.as_deref().unwrap()).unwrap();
    assert!(matches!(
        status(service, &read(&company)).await,
        Status::Revoked { reason: Some(Reason::AffiliationChanged), .. }
    ));
    assert_eq!(status(service, &read(&person)).await, Status::Good);
    let mut tx = records.begin().await.unwrap();
    let company = authority::OwnerOf::Organization(agent.organization_id.unwrap());
    assert!(
        authority::lapse(service, &mut tx, company, authority::LapseCause::OrganizationEnded, service.now())
            .await
            .unwrap()
            .is_empty()
    );
    let owner = tx.signing_key(person.key_id.unwrap()).await.unwrap().unwrap().person_id;
    let revoked = authority::lapse(
        service,
        &mut tx,
        authority::OwnerOf::Person(owner),
        authority::LapseCause::Erasure,
        service.now(),
    )
    .await
    .unwrap();
    assert_eq!(revoked, [person.serial]);
}

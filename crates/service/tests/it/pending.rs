//! Certificates of another's authority that come late, come wrong, or come to nobody: each is on record, and none outlives
//! what it was asked for.

#![expect(clippy::unwrap_used, reason = "what does not come fails the test")]

use std::time::Duration;

use jiff::SignedDuration;
use pki::Certificate;
use store::{CertificateState, PendingCertificate, StoredCertificate};
use vermilion_service::authority::{AuthorityError, WaitEnd};
use vermilion_service::ceremony;
use vermilion_service::view::{self, KeyState};
use vermilion_service::{CertificateTerm, Refusal, Service, authority, envelope, jobs, notify};

use crate::authenticator::Authenticator;
use crate::external::{Abroad, at_key};
use crate::killed::open_records;
use crate::signers::{self, AGENT, Guest, PERSON, PIN, refusal};

/// The only request that is on its way.
async fn pending(abroad: &Abroad, guest: &Guest<'_>) -> Option<PendingCertificate> {
    let records = open_records(&abroad.data()).await;
    records.read().await.unwrap().pending_certificate(guest.recipient).await.unwrap()
}

/// The certificates of the person's keys, the newest key first.
async fn certificates(abroad: &Abroad, guest: &Guest<'_>) -> Vec<StoredCertificate> {
    let records = open_records(&abroad.data()).await;
    let mut reader = records.read().await.unwrap();
    let mut found = Vec::new();
    for key in ceremony::my_keys(guest.service, &guest.signer).await.unwrap().items {
        found.extend(reader.certificates_of_key(key.id.parse().unwrap()).await.unwrap());
    }
    found
}

async fn events(abroad: &Abroad, id: domain::CertificateId) -> Vec<String> {
    let records = open_records(&abroad.data()).await;
    let events = records.read().await.unwrap().events_of(&id.to_string()).await.unwrap();
    events.into_iter().map(|link| link.event.kind.to_owned()).collect()
}

async fn after_an_hour(abroad: &Abroad, service: &Service) {
    abroad.clock.advance(SignedDuration::from_mins(61));
    jobs::sweep(service).await.unwrap();
}

async fn mails(service: &Service, words: &str) -> usize {
    jobs::run_due(service).await.unwrap();
    let mails = notify::outbox(service, Some(PERSON.email), None).await.unwrap();
    mails.items.iter().filter(|it| it.subject.contains(words)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_the_wait_ends_the_request() {
    for how in ["my_keys", "identity", "voided"] {
        let Some(mut abroad) = Abroad::new() else { return };
        let service = abroad.open().await;
        let (actor, id) = abroad.sent(&service).await;
        let guest = at_key(&service).await;
        abroad.server.play("later");
        assert_eq!(ceremony::key(&service, &guest.signer, PIN).await.unwrap().key.state, KeyState::Pending);
        let waiting = pending(&abroad, &guest).await.unwrap();
        match how {
            "my_keys" => {
                ceremony::give_up_key(&service, &guest.signer, waiting.key_id).await.unwrap();
                assert_eq!(pending(&abroad, &guest).await, None);
            }
            "identity" => end_identity(&abroad, &service, &waiting).await,
            _ => drop(envelope::void(&service, &actor, id, "changed").await.unwrap()),
        }
        let asked = abroad.enrollments();
        after_an_hour(&abroad, &service).await;
        assert_eq!(abroad.enrollments(), asked, "{how}: nobody waits any more");
        assert_eq!(pending(&abroad, &guest).await, None, "{how}");
        let records = open_records(&abroad.data()).await;
        let mut reader = records.read().await.unwrap();
        let key = reader.signing_key(waiting.key_id).await.unwrap().unwrap();
        assert!(key.retired_at.is_some(), "{how}");
        assert!(reader.certificates_of_key(key.id).await.unwrap().is_empty(), "{how}");
        drop(reader);
        assert!(events(&abroad, waiting.certificate_id).await.contains(&"certificate.given_up".to_owned()));
        assert_eq!(mails(&service, "您的证书已签发").await, 0, "{how}");
        let told = usize::from(how == "identity");
        assert_eq!(mails(&service, "证书未能签发").await, told, "{how}: what they did not end themselves");
        service.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_too_late_is_told_with_its_own_reason_or_not_at_all() {
    for (how, why, told) in [("voided", WaitEnd::Envelope, 0), ("identity", WaitEnd::RealName, 1)] {
        let Some(mut abroad) = Abroad::new() else { return };
        let service = abroad.open().await;
        let (actor, id) = abroad.sent(&service).await;
        let guest = at_key(&service).await;
        abroad.server.play("later");
        ceremony::key(&service, &guest.signer, PIN).await.unwrap();
        let waiting = pending(&abroad, &guest).await.unwrap();
        if how == "voided" {
            envelope::void(&service, &actor, id, "changed").await.unwrap();
        } else {
            end_identity(&abroad, &service, &waiting).await;
        }
        // It ended while the authority was asked.
        let came = service.certificates().collect(&waiting).await;
        assert!(matches!(&came, Err(AuthorityError::Late(it)) if *it == why), "{came:?}");
        after_an_hour(&abroad, &service).await;
        let open = authority::open_revocations(&service).await.unwrap();
        assert_eq!(open.len(), 1, "it is on record, and revoked");
        jobs::run_due(&service).await.unwrap();
        let mails = notify::outbox(&service, Some(PERSON.email), None).await.unwrap().items;
        let told_of: Vec<_> = mails.iter().filter(|it| it.subject.contains("证书未能签发")).collect();
        assert_eq!(told_of.len(), told, "{how}");
        assert!(told_of.iter().all(|it| it.body.contains("实名认证已失效")));
        service.close().await;
    }
}

/// The check behind a request counts no more.
async fn end_identity(abroad: &Abroad, service: &Service, waiting: &PendingCertificate) {
    let records = open_records(&abroad.data()).await;
    let mut tx = records.begin().await.unwrap();
    let key = tx.signing_key(waiting.key_id).await.unwrap().unwrap();
    for mut it in tx.identities_of_person(key.person_id).await.unwrap() {
        it.expires_at = Some(service.now());
        tx.put_identity_verification(&it).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_comes_while_its_key_is_given_up_is_revoked() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    abroad.server.play("slow");
    let giving_up = async {
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let keys = ceremony::my_keys(&service, &guest.signer).await.unwrap().items;
            let Some(key) = keys.first() else { continue };
            if pending(&abroad, &guest).await.is_none() {
                continue;
            }
            return ceremony::give_up_key(&service, &guest.signer, key.id.parse().unwrap()).await.unwrap();
        }
    };
    let (made, _) = tokio::join!(ceremony::key(&service, &guest.signer, PIN), giving_up);
    assert!(made.is_err(), "{made:?}");
    let open = authority::open_revocations(&service).await.unwrap();
    assert_eq!(open.len(), 1, "the authority is to be told");
    assert_eq!(open[0].reason, "cessation_of_operation");
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_on_record_that_the_ceremony_was_not_told_of_is_not_lost() {
    for then in ["restart", "replace"] {
        let Some(mut abroad) = Abroad::new() else { return };
        let mut service = abroad.open().await;
        let (actor, id) = abroad.sent(&service).await;
        let (recipient, cookie, waiting) = {
            let guest = at_key(&service).await;
            abroad.server.play("later");
            ceremony::key(&service, &guest.signer, PIN).await.unwrap();
            let waiting = pending(&abroad, &guest).await.unwrap();
            (guest.recipient, guest.cookie.clone(), waiting)
        };
        // It came and is on record; then the power was cut.
        service.certificates().collect(&waiting).await.unwrap();
        let asked = abroad.enrollments();
        if then == "restart" {
            service.close().await;
            service = abroad.open().await;
            after_an_hour(&abroad, &service).await;
            assert_eq!(abroad.enrollments(), asked, "it is there: nothing is asked");
            assert_eq!(mails(&service, "您的证书已签发").await, 1);
            let events = envelope::events(&service, &actor, id).await.unwrap();
            assert_eq!(events.items.iter().filter(|it| it.kind == "certificate.issued").count(), 1);
            let guest = Guest::resume(&service, PERSON, recipient, cookie).await;
            assert_eq!(guest.show().await.key.state, KeyState::Ready);
            assert_eq!(pending(&abroad, &guest).await, None);
            after_an_hour(&abroad, &service).await;
            assert_eq!(mails(&service, "您的证书已签发").await, 1, "once");
        } else {
            let guest = Guest::resume(&service, PERSON, recipient, cookie).await;
            ceremony::key_replace(&service, &guest.signer).await.unwrap();
            let open = authority::open_revocations(&service).await.unwrap();
            assert_eq!(open.len(), 1);
            assert_eq!(open[0].reason, "superseded");
            after_an_hour(&abroad, &service).await;
            assert_eq!(mails(&service, "您的证书已签发").await, 0);
        }
        service.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_and_leaves_no_key_behind() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    let (actor, id) = abroad.sent(&service).await;
    let guest = at_key(&service).await;
    abroad.server.play("refused");
    let mut phone = Authenticator::new(None);
    assert_eq!(refusal(guest.passkey(&mut phone).await), Refusal::CertificateRefused);
    let keys = ceremony::my_keys(&service, &guest.signer).await.unwrap().items;
    assert!(keys.iter().all(|it| it.given_up_at.is_some()), "{keys:?}");
    let events = envelope::events(&service, &actor, id).await.unwrap();
    assert_eq!(events.items.iter().filter(|it| it.kind == "key.retired").count(), 1);
    // Somebody refuses it after a while: the signer is told.
    abroad.server.play("later");
    ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    abroad.server.play("refused");
    after_an_hour(&abroad, &service).await;
    assert_eq!(mails(&service, "证书未能签发").await, 1);
    guest.walk_to(view::Step::Done).await;
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_and_is_of_no_use_is_on_record_and_revoked() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    abroad.server.play("other-passkey");
    assert_eq!(refusal(guest.passkey(&mut Authenticator::new(None)).await), Refusal::CertificateRefused);
    let found = certificates(&abroad, &guest).await;
    assert_eq!(found.len(), 1);
    assert!(
        matches!(&found[0].state, CertificateState::Revoked(it) if it.reason == "cessation_of_operation")
    );
    let came = Certificate::from_der(found[0].der.as_deref().unwrap()).unwrap();
    let issued = abroad.server.file("issued.pem");
    assert_eq!(came, Certificate::from_pem(std::str::from_utf8(&issued).unwrap()).unwrap());
    assert!(events(&abroad, found[0].id).await.contains(&"certificate.unusable".to_owned()));
    assert_eq!(authority::open_revocations(&service).await.unwrap().len(), 1, "the authority is to be told");
    // A certificate of somebody else's key is not ours to have revoked.
    abroad.server.play("wrong-key");
    assert_eq!(refusal(guest.passkey(&mut Authenticator::new(None)).await), Refusal::CertificateRefused);
    assert_eq!(authority::open_revocations(&service).await.unwrap().len(), 1);
    guest.walk_to(view::Step::Done).await;
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_another_certificate_has_stops_that_request_alone() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    abroad.server.play("same-serial");
    guest.walk_to(view::Step::Done).await;
    let link = signers::link(&service, AGENT.email).await;
    let agent = Guest::enter(&service, AGENT, &link).await;
    agent.walk_to(view::Step::Key).await;
    abroad.server.play("later");
    ceremony::key(&service, &agent.signer, PIN).await.unwrap();
    abroad.server.play("same-serial");
    after_an_hour(&abroad, &service).await;
    assert_eq!(pending(&abroad, &agent).await, None);
    // What is good there is on record here, and the authority is to be told.
    let mine = certificates(&abroad, &guest).await.remove(0);
    let theirs = certificates(&abroad, &agent).await.remove(0);
    assert!(matches!(&theirs.state, CertificateState::Revoked(it) if it.reason == "cessation_of_operation"));
    let came = Certificate::from_der(theirs.der.as_deref().unwrap()).unwrap();
    assert_eq!(came.serial_hex(), mine.serial);
    assert!(events(&abroad, theirs.id).await.contains(&"certificate.unusable".to_owned()));
    let open = authority::open_revocations(&service).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((&open[0].serial, open[0].called.as_ref()), (&mine.serial, Some(&theirs.serial)));
    assert!(authority::confirm_revocation(&service, &mine.serial).await.unwrap());
    assert!(authority::open_revocations(&service).await.unwrap().is_empty());
    assert_eq!(certificates(&abroad, &guest).await.remove(0).state, CertificateState::Issued);
    agent.walk_to(view::Step::Done).await;
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_open_revocation_is_looked_for_in_its_turn() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    ceremony::key_replace(&service, &guest.signer).await.unwrap();
    guest.walk_to(view::Step::Key).await;
    abroad.clock.advance(SignedDuration::from_mins(1));
    ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    ceremony::key_replace(&service, &guest.signer).await.unwrap();
    let records = open_records(&abroad.data()).await;
    let mut tx = records.begin().await.unwrap();
    let due = tx.external_revocations_to_look_for(service.now(), 1).await.unwrap();
    let (first, at) = (due[0].certificate.id, service.now());
    tx.look_for_external_revocation(first, at).await.unwrap();
    let due = tx.external_revocations_to_look_for(at, 1).await.unwrap();
    assert_ne!(due[0].certificate.id, first, "the other one waits longer for a look");
    tx.look_for_external_revocation(due[0].certificate.id, at).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = records.read().await.unwrap();
    let before = at - SignedDuration::from_mins(1);
    assert!(reader.external_revocations_to_look_for(before, 9).await.unwrap().is_empty());
    drop(reader);
    abroad.clock.advance(SignedDuration::from_mins(61));
    let (mut tended, later) = (0, service.now());
    for _ in 0..2 {
        // Not with the lists, which are signed once an hour: in every sweep.
        jobs::sweep(&service).await.unwrap();
        let mut reader = records.read().await.unwrap();
        tended += reader
            .external_revocations_to_look_for(later - SignedDuration::from_mins(1), 9)
            .await
            .unwrap()
            .len();
    }
    assert_eq!(tended, 0, "both were looked for");
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_a_little_ahead_makes_the_ceremony_wait() {
    let Some(mut abroad) = Abroad::new() else { return };
    abroad.clock.advance(SignedDuration::from_mins(-6));
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    let waiting = ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    assert_eq!((waiting.step, waiting.key.state), (view::Step::Key, KeyState::Pending));
    let asked = abroad.enrollments();
    let found = certificates(&abroad, &guest).await;
    assert_eq!(found.len(), 1, "it is on record");
    abroad.clock.advance(SignedDuration::from_mins(3));
    jobs::sweep(&service).await.unwrap();
    assert_eq!(abroad.enrollments(), asked);
    assert_eq!(guest.show().await.key.state, KeyState::Ready);
    // One that begins much later is of no use.
    service.close().await;
    let Some(mut abroad) = Abroad::new() else { return };
    abroad.clock.advance(SignedDuration::from_mins(-16));
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    let refused = refusal(ceremony::key(&service, &guest.signer, PIN).await);
    assert_eq!(refused, Refusal::CertificateRefused);
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_before_the_time_that_the_other_authority_names() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    abroad.server.play("much-later");
    ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    let asked = abroad.enrollments();
    abroad.clock.advance(SignedDuration::from_hours(47));
    jobs::sweep(&service).await.unwrap();
    assert_eq!(abroad.enrollments(), asked, "two days were asked for");
    abroad.clock.advance(SignedDuration::from_hours(2));
    jobs::sweep(&service).await.unwrap();
    assert_eq!(abroad.enrollments(), asked + 1);
    assert_eq!(mails(&service, "您的证书已签发").await, 1);
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_one_ceremony_that_the_other_authority_made_for_longer_lapses_with_the_name() {
    let Some(mut abroad) = Abroad::new() else { return };
    abroad.term = CertificateTerm::Event;
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    let made = certificates(&abroad, &guest).await.remove(0);
    assert!(made.ceremony.is_some() && made.not_after > service.now() + SignedDuration::from_hours(24 * 300));
    let records = open_records(&abroad.data()).await;
    let mut tx = records.begin().await.unwrap();
    let key = tx.signing_key(made.key_id.unwrap()).await.unwrap().unwrap();
    for mut it in tx.identities_of_person(key.person_id).await.unwrap() {
        it.expires_at = Some(service.now());
        tx.put_identity_verification(&it).await.unwrap();
    }
    tx.commit().await.unwrap();
    abroad.clock.advance(SignedDuration::from_hours(24 * 31));
    jobs::sweep(&service).await.unwrap();
    let open = authority::open_revocations(&service).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(
        (open[0].serial.as_str(), open[0].reason.as_str()),
        (made.serial.as_str(), "privilege_withdrawn")
    );
    service.close().await;
}

//! Records of certification.

use domain::{CertificateId, KeyId};
use jiff::SignedDuration;
use vermilion_store::Intent;

use crate::Bench;

fn intent(bench: &Bench, n: u8) -> Intent {
    let id = CertificateId::new(&bench.clock, &*bench.rng);
    Intent {
        id,
        issuer: "est".to_owned(),
        serial: format!("{n:02x}"),
        profile: "person".to_owned(),
        subject: "{}".to_owned(),
        public_key: [n; 32],
        key_id: Some(KeyId::new(&bench.clock, &*bench.rng)),
        not_before: bench.now(),
        not_after: bench.now() + SignedDuration::from_hours(24),
        at: bench.now(),
        authority: "est".to_owned(),
        ceremony: None,
        renews: None,
    }
}

#[tokio::test]
async fn what_the_other_authority_confirmed_goes_with_its_certificate_and_what_it_did_not_stays() {
    let bench = Bench::new().await;
    let (told, untold) = (intent(&bench, 1), intent(&bench, 2));
    let mut tx = bench.store.begin().await.unwrap();
    for it in [&told, &untold] {
        tx.intend_certificate(it).await.unwrap();
        let validity = (it.not_before, it.not_after);
        tx.complete_foreign_certificate(it.id, &it.serial, validity, b"der").await.unwrap();
        tx.revoke_certificate(&it.serial, bench.now(), "superseded").await.unwrap();
        tx.ask_external_revocation(it.id, "superseded", bench.now()).await.unwrap();
    }
    assert!(tx.confirm_external_revocation(told.id, "est", bench.now()).await.unwrap());
    let later = bench.now() + SignedDuration::from_hours(48);
    assert_eq!(tx.remove_certification_records(later).await.unwrap(), 1);
    assert!(tx.certificate_by_id(told.id).await.unwrap().is_none());
    assert!(tx.certificate_by_id(untold.id).await.unwrap().is_some());
    assert_eq!(tx.external_revocations(10).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_key_is_meant_once_more_only_for_the_same_subject_and_where_nothing_came_of_it() {
    let bench = Bench::new().await;
    let first = intent(&bench, 1);
    let again = || Intent { public_key: first.public_key, serial: "09".to_owned(), ..intent(&bench, 3) };
    let mut tx = bench.store.begin().await.unwrap();
    assert!(!tx.intend_again(&first).await.unwrap(), "it was never meant");
    tx.intend_certificate(&first).await.unwrap();
    let other = Intent { subject: "{\"name\":\"somebody else\"}".to_owned(), ..again() };
    assert!(!tx.intend_again(&other).await.unwrap());
    let same = again();
    assert!(tx.intend_again(&same).await.unwrap());
    assert!(tx.certificate_by_id(first.id).await.unwrap().is_none());
    let validity = (same.not_before, same.not_after);
    tx.complete_foreign_certificate(same.id, &same.serial, validity, b"der").await.unwrap();
    assert!(
        !tx.intend_again(&Intent { serial: "0a".to_owned(), ..again() }).await.unwrap(),
        "it was certified"
    );
    tx.commit().await.unwrap();
}

//! Certificates after they were issued: revoked, suspended, released, renewed; lists and answers about them.

use domain::{CertificateId, KeyId, RecipientId};
use evidence::Actor;
use jiff::SignedDuration;
use pki::ca::{Profile, Subject};
use pki::crl::{Crl, Reason};
use pki::ocsp::{self, Status};
use pki::{Certificate, KeyAlgorithm, Signer as _, SoftwareSigner};
use vermilion_service::authority::{
    AuthorityError, CaId, CertificateAuthority as _, CertificateRequest, Change, ProofOfPossession, Term,
};
use vermilion_service::{Service, SystemClock, SystemRng, jobs};

use crate::signers::House;

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
        recipient: None,
        term: Term::Long,
        renews: None,
        activated_by: None,
    }
}

pub(crate) async fn issue(service: &Service, profile: Profile) -> Certificate {
    service.authority().issue(request(profile, "陈晓明")).await.expect("a certificate")
}

pub(crate) fn ca(word: &str) -> CaId {
    CaId::parse(word).expect("the word of a CA")
}

pub(crate) async fn listed(service: &Service, id: &str) -> Crl {
    let der = service.authority().list(ca(id), service.now()).await.expect("a list");
    Crl::from_der(&der).expect("a list")
}

pub(crate) async fn answered(
    service: &Service,
    certificate: &Certificate,
    nonce: Option<&[u8]>,
) -> ocsp::Response {
    let issuer = service.authority().issuer_of(certificate).expect("an issuer");
    let request = ocsp::Request::new(certificate, &issuer, nonce);
    let answer = service.authority().ocsp(&request.to_der()).await.expect("an answer");
    ocsp::Response::from_der(&answer).expect("an answer")
}

pub(crate) async fn status(service: &Service, certificate: &Certificate) -> Status {
    let ahead = answered(service, certificate, None).await.responses()[0].status;
    let now = answered(service, certificate, Some(b"0123456789abcdef")).await.responses()[0].status;
    assert_eq!(ahead, now, "an answer that was signed ahead says what the records say");
    now
}

pub(crate) async fn change(service: &Service, certificate: &Certificate, change: Change) -> bool {
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

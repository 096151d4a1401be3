//! The operator once more, with a running house: every function of its administrators, and of the authority it runs, on the
//! data of somebody who signed with a passkey.

#![expect(clippy::unwrap_used, reason = "what the operator cannot do fails the test")]

use std::sync::Arc;

use domain::{CertificateId, KeyId};
use keys::passkey::{Passkey, Registration};
use keys::{ActivationRecord, PasskeyRecord, ServerKey};
use pades::{Condition, Policy, RevocationRule};
use pki::ca::{Profile, Subject};
use pki::{Certificate, KeyAlgorithm, Serial, Signer as _, SoftwareSigner};
use vermilion_service::authority::{
    self, Branch, CertificateAuthority as _, CertificateRequest, ProofOfPossession, RootKey, Term,
};
use vermilion_service::control::{self, Attesting, ControlProof, Known};
use vermilion_service::view::{self, RevocationReason, StatusAction};
use vermilion_service::{SystemClock, SystemRng, ceremony};

use crate::authenticator::Authenticator;
use crate::killed::open_records;
use crate::operator::{Authority, asked, for_cas, opened_by_the_operator, record, us};
use crate::signers::{House, PERSON, document, sender};

/// What the operator plays with.
struct Game<'a> {
    house: &'a House,
    /// Whom a verifier trusts.
    anchors: Vec<Certificate>,
    /// A passkey of the operator's own.
    own: Authenticator,
    passkey: Passkey,
    registration: Registration,
    victim: Victim,
}

struct Victim {
    row: store::StoredCertificate,
    key: store::SigningKey,
    records: Vec<ActivationRecord>,
    passkey: [u8; 32],
}

impl Victim {
    fn certificate(&self) -> Certificate {
        Certificate::from_der(self.row.der.as_deref().unwrap()).unwrap()
    }

    fn subject(&self) -> Subject {
        serde_json::from_str(&self.row.subject).unwrap()
    }
}

impl Game<'_> {
    /// A certificate in the victim's name for a key of the operator's, which names the operator's passkey.
    async fn certify(&self) -> (SoftwareSigner, Certificate) {
        let (signer, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
        let message = [b"mine ".as_slice(), signer.public_key_der()].concat();
        let request = CertificateRequest {
            id: CertificateId::new(&SystemClock, &SystemRng),
            profile: Profile::Person,
            subject: self.victim.subject(),
            public_key_der: signer.public_key_der().to_vec(),
            proof: ProofOfPossession {
                algorithm: signer.algorithm(),
                signature: signer.sign(&message).unwrap(),
                message,
            },
            key: KeyId::new(&SystemClock, &SystemRng),
            term: Term::Long,
            recipient: None,
            renews: None,
            activated_by: Some(self.passkey.fingerprint()),
        };
        let certificate = self.house.service.authority().issue(request).await.unwrap();
        (signer, certificate)
    }

    /// Signs a contract that nobody saw, with everything that could be laid beside it, and says what a verifier finds.
    fn forge(&mut self, signer: &SoftwareSigner, certificate: &Certificate) -> Vec<(Condition, String)> {
        let issuer = self.house.service.authority().issuer_of(certificate).unwrap();
        let above: Vec<Certificate> = self.anchors.iter().filter(|it| **it != issuer).cloned().collect();
        let chain = [vec![issuer], above].concat();
        let forged = asked(certificate, &chain, 2);
        let (canonical, digest) = (forged.activation.canonical(), forged.activation.digest());
        let value = signer.sign(forged.prepared.bytes()).unwrap();
        let file = forged.finished(value);
        let mine = PasskeyRecord {
            assertion: self.own.assert(&digest),
            passkey: self.passkey.clone(),
            registration: self.registration.clone(),
            relying_party: us(),
        };
        let theirs = self.victim.records.first().and_then(|it| it.passkey.clone());
        let tries = [
            Vec::new(),
            self.victim.records.clone(),
            vec![record(&canonical, certificate, "passkey", Some(mine))],
            vec![record(&canonical, certificate, "passkey", theirs)],
            vec![record(&canonical, certificate, "device", None)],
        ];
        let source = pdf::Document::open(Arc::new(file), &pdf::Limits::default()).unwrap();
        let trust = Policy::new(self.anchors.clone(), self.house.service.now());
        let judged = pades::validate(&source, &trust.with_revocation(RevocationRule::IfPresent));
        let revisions = control::FileRevisions::of(&source);
        let believed = |passkeys| known(passkeys, &self.anchors);
        let mut found = Vec::new();
        for records in tries {
            // Also by a verifier who knows the victim's passkey.
            for passkeys in [Vec::new(), vec![self.victim.passkey]] {
                let mut report = judged.clone();
                let proof = ControlProof::new(records.clone());
                control::apply(&mut report, &revisions, &proof, &believed(passkeys));
                let it = &report.signatures[0];
                assert_eq!(it.reliability.signature_intact, Condition::Met, "{it:#?}");
                let reason = it.reliability_reasons.sole_control.code.as_str().to_owned();
                found.push((it.reliability.sole_control, reason));
            }
        }
        found
    }

    async fn forged_with_a_certificate(&mut self) -> Vec<(Condition, String)> {
        let (signer, certificate) = self.certify().await;
        self.forge(&signer, &certificate)
    }
}

async fn victim(house: &House) -> Victim {
    let actor = house.sender().await;
    let (id, _) = house.sent_under(&actor, "standard").await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    // Without the function, so that the operator can open the key.
    let mut phone = Authenticator::new(None);
    let ready = person.passkey(&mut phone).await.unwrap();
    let activation = person.offer().await.unwrap();
    person.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
    let proof = ceremony::proof_for_signer(&house.service, &person.signer).await.unwrap();
    let proof = ControlProof::from_json(&proof).unwrap();
    let mut passkey = [0; 32];
    hex::decode_to_slice(ready.key.passkey.unwrap(), &mut passkey).unwrap();
    // What they signed is shown to be theirs.
    let file = document(&house.service, &actor, id).await;
    let source = pdf::Document::open(Arc::new(file), &pdf::Limits::default()).unwrap();
    let trust = Policy::new(house.service.authority().anchors(), house.service.now());
    let mut report = pades::validate(&source, &trust);
    control::apply(&mut report, &control::FileRevisions::of(&source), &proof, &known(vec![passkey], &[]));
    assert_eq!(report.signatures[0].reliability.sole_control, Condition::Met);
    let records = open_records(house.data()).await;
    let mut reader = records.read().await.unwrap();
    let filter = store::CertificateFilter { most: 100, ..store::CertificateFilter::default() };
    let all = reader.certificates(&filter, house.service.now()).await.unwrap();
    let row = all.into_iter().find(|it| it.profile == "person").unwrap();
    let key = reader.signing_key(row.key_id.unwrap()).await.unwrap().unwrap();
    Victim { row, key, records: proof.records, passkey }
}

fn nothing_is_met(what: &str, found: &[(Condition, String)]) {
    for (condition, reason) in found {
        assert_ne!(*condition, Condition::Met, "{what}: {reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_function_of_an_administrator_makes_a_signature_solely_controlled() {
    let house = House::at("http://localhost:8080").await;
    let service = &house.service;
    let victim = victim(&house).await;
    let anchors = service.authority().anchors();
    let mut own = Authenticator::new(None);
    let (passkey, registration) = own.enrol();
    let mut game = Game { house: &house, anchors, own, passkey, registration, victim };
    // 1. The victim's own key, opened with the database and the server key.
    let master = std::fs::read_to_string(house.data().join("master.key")).unwrap();
    let mut bytes = [0; 32];
    hex::decode_to_slice(master.trim(), &mut bytes).unwrap();
    let key = opened_by_the_operator(&game.victim.key.stored, &ServerKey::from_bytes(bytes));
    let certificate = game.victim.certificate();
    nothing_is_met("the victim's key", &game.forge(&key, &certificate));
    // 2. The authority certifies the operator's passkey in the victim's name: by the CA of today, by the next one.
    nothing_is_met("a certificate", &game.forged_with_a_certificate().await);
    authority::rotate(service, Branch::Person, &RootKey::Here).await.unwrap();
    nothing_is_met("the next CA", &game.forged_with_a_certificate().await);
    // 3. Two administrators suspend and release, and take the victim's certificate away.
    let (one, two) = (sender(service, "a@example.com").await, sender(service, "b@example.com").await);
    for email in ["a@example.com", "b@example.com"] {
        authority::add_administrator(service, email).await.unwrap();
    }
    let id = game.victim.row.id;
    let withdrawn = Some(RevocationReason::PrivilegeWithdrawn);
    for (action, reason) in
        [(StatusAction::Suspend, None), (StatusAction::Release, None), (StatusAction::Revoke, withdrawn)]
    {
        let asked = authority::request(service, &one, id, action, reason).await.unwrap();
        authority::approve(service, &two, asked.items[0].id.parse().unwrap()).await.unwrap();
        nothing_is_met("after a change of status", &game.forge(&key, &certificate));
        nothing_is_met("after a change of status", &game.forged_with_a_certificate().await);
    }
    // 4. The root leaves for a file, and comes back.
    let out = house.data().join("root.key.pem");
    authority::export_root(service, &out, "correct horse battery").await.unwrap();
    nothing_is_met("the root is away", &game.forged_with_a_certificate().await);
    // 5. A root that everyone trusts certifies a CA whose key is here.
    let foreign = Authority::named("Example Licensed CA");
    let request = authority::certification_request(service, Branch::Person).await.unwrap();
    let key = request.public_key_der();
    let certified = |common_name: &str, n| {
        let name = Subject { common_name: common_name.to_owned(), ..Subject::default() };
        let serial = Serial::from_random([n; 16]);
        let ours = foreign.issuer.prepare(Profile::IssuingPerson, &name, key, &serial, for_cas()).unwrap();
        ours.issue(&foreign.signer).unwrap()
    };
    // Not under another name than it asked for: nobody would know it again.
    let renamed = [foreign.issuer.certificate.clone(), certified("Acme Person CA", 2)];
    let refused = authority::accept(service, Branch::Person, &renamed).await.unwrap_err();
    assert!(refused.to_string().contains("another subject"), "{refused}");
    let ours = certified("Vermilion Test Person CA G3", 3);
    let above = foreign.issuer.certificate.clone();
    authority::accept(service, Branch::Person, &[above.clone(), ours]).await.unwrap();
    game.anchors = vec![above];
    let found = game.forged_with_a_certificate().await;
    nothing_is_met("under another's root", &found);
    assert!(found.iter().any(|(_, reason)| reason == "sole_control_own_authority"), "{found:?}");
}

/// What somebody knows who had these passkeys from their owners, and who believes of every authority what can be believed.
fn known(passkeys: Vec<[u8; 32]>, authorities: &[Certificate]) -> Known {
    let of = |it: &Certificate| {
        let authority = it.fingerprint();
        Profile::Person.policy_oids().into_iter().map(move |policy| Attesting { policy, authority })
    };
    Known { passkeys, attesting: authorities.iter().flat_map(of).collect() }
}

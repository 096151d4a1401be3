//! Issuing and revoking: the embedded authority as a [`CertificateAuthority`].

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pades::RevocationData;
use pki::{
    Certificate,
    ca::{Profile, Validity},
    crl::Reason,
};
use store::Intent;

use super::{
    AuthorityError, CertificateAuthority, CertificateRequest, EmbeddedAuthority, ProofOfPossession, crl,
    hierarchy::{serial, whole_second},
};

/// Subscribers' certificates live a year: identity is verified anew after it.
const LIFETIME: SignedDuration = SignedDuration::from_hours(365 * 24);

#[async_trait]
impl CertificateAuthority for EmbeddedAuthority {
    fn name(&self) -> &'static str {
        "embedded"
    }

    async fn issue(&self, request: CertificateRequest) -> Result<Certificate, AuthorityError> {
        if !matches!(request.profile, Profile::Person | Profile::Organization) {
            return Err(AuthorityError::Profile);
        }
        // 1. The subject holds the private key.
        verify_possession(&request.proof, &request.public_key_der)?;
        let keys = self.keys();
        let now = self.clock().now();
        let not_before = whole_second(now);
        let validity = Validity { not_before, not_after: not_before + LIFETIME };
        let serial = serial(self.rng());
        // 2. Serial number and intent, before anything exists that could be lost. A key that was certified before
        //    is refused here, by the unique index over all intents.
        let intent = Intent {
            id: request.id,
            serial: serial.to_hex(),
            issuer: crl::ISSUER.to_owned(),
            profile: profile_word(request.profile).to_owned(),
            subject: serde_json::to_string(&request.subject)
                .map_err(|error| AuthorityError::Key(error.to_string()))?,
            public_key: pki::sha256(&request.public_key_der),
            key_id: Some(request.key),
            not_before: validity.not_before,
            not_after: validity.not_after,
            at: now,
        };
        let mut tx = self.store().begin().await?;
        match tx.intend_certificate(&intent).await {
            Err(store::Error::Conflict) => return Err(AuthorityError::AlreadyCertified),
            intended => intended?,
        }
        tx.commit().await?;
        // 3. Lint.
        let (profile, key) = (request.profile, &request.public_key_der);
        let linted = keys.issuing.prepare(profile, &request.subject, key, &serial, validity)?;
        // 4. Sign.
        let certificate = linted.issue(&keys.issuing_signer)?;
        // 5. The certificate is on record before anyone has it. The caller appends the event with its own records.
        let mut tx = self.store().begin().await?;
        tx.complete_certificate(&intent.serial, certificate.der()).await?;
        tx.commit().await?;
        Ok(certificate)
    }

    async fn revoke(
        &self,
        certificate: &Certificate,
        reason: Reason,
        at: Timestamp,
    ) -> Result<(), AuthorityError> {
        let mut tx = self.store().begin().await?;
        tx.revoke_certificate(&certificate.serial_hex(), at, reason_word(reason)).await?;
        tx.commit().await?;
        // The next CRL that anyone asks for holds it.
        self.forget_crl().await;
        Ok(())
    }

    fn chain(&self) -> Vec<Certificate> {
        let keys = self.keys();
        vec![keys.issuing.certificate.clone(), keys.root.clone()]
    }

    async fn revocation(&self, certificate: &Certificate) -> Result<RevocationData, AuthorityError> {
        let keys = self.keys();
        let issued = |issuer: &Certificate| certificate.issuer().matches(issuer.subject());
        let mut data = RevocationData::default();
        // The issuing CA answers for each certificate; its list goes along, because pyHanko asks a responder that the
        // certificate names before it looks into the file, and with nobody there takes lists alone. The root signs
        // little, and its key may be off the machine: a list.
        if issued(&keys.issuing.certificate) {
            data.ocsps.push(self.ocsp_for(certificate).await?);
            data.crls.push(self.issuing_crl(certificate.not_before()).await?);
        } else if issued(&keys.root) {
            data.crls.push(keys.root_crl.clone());
        }
        Ok(data)
    }
}

fn verify_possession(proof: &ProofOfPossession, public_key_der: &[u8]) -> Result<(), AuthorityError> {
    if !proof.message.ends_with(public_key_der) {
        return Err(AuthorityError::Possession);
    }
    pki::verify(public_key_der, proof.algorithm, &proof.message, &proof.signature)
        .map_err(|_| AuthorityError::Possession)
}

pub(crate) fn profile_word(profile: Profile) -> &'static str {
    match profile {
        Profile::Root => "root",
        Profile::Issuing => "issuing",
        Profile::Person => "person",
        Profile::Organization => "organization",
        Profile::TimeStamping => "time_stamping",
        Profile::OcspResponder => "ocsp",
        Profile::Platform => "platform",
    }
}

pub(crate) fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::KeyCompromise => "key_compromise",
        Reason::CaCompromise => "ca_compromise",
        Reason::AffiliationChanged => "affiliation_changed",
        Reason::Superseded => "superseded",
        Reason::CessationOfOperation => "cessation_of_operation",
        Reason::CertificateHold => "certificate_hold",
        Reason::RemoveFromCrl => "remove_from_crl",
        Reason::PrivilegeWithdrawn => "privilege_withdrawn",
        Reason::AaCompromise => "aa_compromise",
        Reason::Unspecified => "unspecified",
    }
}

pub(crate) fn reason_of(word: &str) -> Reason {
    [
        Reason::KeyCompromise,
        Reason::CaCompromise,
        Reason::AffiliationChanged,
        Reason::Superseded,
        Reason::CessationOfOperation,
        Reason::CertificateHold,
        Reason::RemoveFromCrl,
        Reason::PrivilegeWithdrawn,
        Reason::AaCompromise,
    ]
    .into_iter()
    .find(|reason| reason_word(*reason) == word)
    .unwrap_or(Reason::Unspecified)
}

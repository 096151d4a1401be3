//! Issuing: the embedded authority as a [`CertificateAuthority`].

use async_trait::async_trait;
use evidence::Actor;
use jiff::{SignedDuration, Timestamp};
use pades::RevocationData;
use pki::{
    Certificate, Serial,
    ca::{CertificationRequest, Profile, Validity},
    crl::Reason,
};
use store::{CertificateState, Intent, StoredCertificate, Tx};

use super::hierarchy::{Branch, Role, serial, whole_second};
use super::interface::Term;
use super::keys::is_issuer;
use super::setup::{intended, issued};
use super::status::Change;
use super::{AuthorityError, CertificateAuthority, CertificateRequest, EmbeddedAuthority, ProofOfPossession};

/// Subscribers' certificates live a year: identity is verified anew after it.
const LIFETIME: SignedDuration = SignedDuration::from_hours(365 * 24);
/// An event certificate outlives its ceremony by no more than a day.
const EVENT_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

#[async_trait]
impl CertificateAuthority for EmbeddedAuthority {
    fn name(&self) -> &'static str {
        super::EMBEDDED
    }

    async fn issue(&self, request: CertificateRequest) -> Result<Certificate, AuthorityError> {
        if !request.profile.is_subscriber() {
            return Err(AuthorityError::Profile);
        }
        // 1. The subject holds the private key.
        verify_possession(&request.proof, &request.public_key_der)?;
        let keys = self.keys();
        let now = self.clock().now();
        let (profile, lifetime, ceremony) = match request.term {
            Term::Long => (request.profile, LIFETIME, None),
            Term::Event { ceremony } => (request.profile.for_event(), EVENT_LIFETIME, Some(ceremony)),
        };
        let ca = keys.active(Branch::of(profile), now)?;
        let not_before = whole_second(now);
        let validity = Validity { not_before, not_after: not_before + lifetime };
        let serial = serial(self.rng());
        // 2. Serial number and intent, before anything exists that could be lost. A key that was certified before
        //    is refused here, by the unique index over all intents: also for the same subject, as a renewal takes a new
        //    key (ADR 10).
        let intent = Intent {
            id: request.id,
            serial: serial.to_hex(),
            issuer: ca.id.to_string(),
            profile: profile_word(profile).to_owned(),
            subject: serde_json::to_string(&request.subject)
                .map_err(|error| AuthorityError::Key(error.to_string()))?,
            public_key: pki::sha256(&request.public_key_der),
            key_id: Some(request.key),
            not_before: validity.not_before,
            not_after: validity.not_after,
            at: now,
            authority: self.name().to_owned(),
            ceremony,
            renews: request.renews.as_ref().map(Serial::to_hex),
        };
        self.intend(&intent).await?;
        // 3. Lint.
        let (issuer, subject, key) = (&ca.issuer, &request.subject, &request.public_key_der);
        let linted = match &request.activated_by {
            Some(passkey) => issuer.prepare_activated(profile, subject, key, &serial, validity, passkey)?,
            None => issuer.prepare(profile, subject, key, &serial, validity)?,
        };
        // 4. Sign.
        let certificate = linted.issue(&*ca.signer)?;
        // 5. The certificate and its event are on record before anyone has it.
        let mut tx = self.store().begin().await?;
        tx.complete_certificate(&intent.serial, certificate.der()).await?;
        tx.append_event(issued(&intent, &certificate, now)).await?;
        tx.commit().await?;
        Ok(certificate)
    }

    async fn revoke(
        &self,
        certificate: &Certificate,
        reason: Reason,
        at: Timestamp,
    ) -> Result<(), AuthorityError> {
        self.change(&certificate.serial_hex(), Change::Revoke(reason), Actor::System, at).await.map(drop)
    }

    fn chain(&self) -> Vec<Certificate> {
        self.keys().chain()
    }

    fn anchors(&self) -> Vec<Certificate> {
        self.keys().anchors()
    }

    async fn revocation(&self, certificate: &Certificate) -> Result<RevocationData, AuthorityError> {
        let keys = self.keys();
        let mut data = RevocationData::default();
        // A CA answers for each certificate; its list goes along, because pyHanko asks a responder that the certificate
        // names before it looks into the file, and with nobody there takes lists alone. The root signs little, and its key
        // may be off the machine: a list.
        if let Some(ca) = keys.issuer_of(certificate) {
            data.ocsps.push(self.ocsp_for(ca, certificate).await?);
            data.crls.push(self.list(ca.id, certificate.not_before()).await?);
        } else if is_issuer(&keys.root, certificate) {
            data.crls.extend(self.kept_list(&Role::Root.word()).await?);
        } else {
            // Of another's authority above a CA of ours: the list that was brought here.
            for above in keys.cas.iter().flat_map(|ca| &ca.issuer.chain) {
                if is_issuer(above, certificate) {
                    data.crls.extend(self.kept_list(&foreign(above)).await?);
                    break;
                }
            }
        }
        Ok(data)
    }
}

impl EmbeddedAuthority {
    async fn intend(&self, intent: &Intent) -> Result<(), AuthorityError> {
        let mut tx = self.store().begin().await?;
        if let Some(serial) = &intent.renews {
            let old = tx.certificate_by_serial(serial).await?;
            may_be_renewed(old.as_ref(), intent).map_err(AuthorityError::NotRenewable)?;
        }
        record(&mut tx, intent).await?;
        Ok(tx.commit().await?)
    }
}

/// Puts on record what is about to be certified: a key that nobody had certified, of a subject none of whose certificates
/// is on hold.
pub(super) async fn record(tx: &mut Tx, intent: &Intent) -> Result<(), AuthorityError> {
    if let Some(id) = intent.key_id
        && let Some(key) = tx.signing_key(id).await?
        && tx.has_certificate_on_hold(key.person_id, key.organization_id, intent.at).await?
    {
        return Err(AuthorityError::OnHold);
    }
    // A key of a hardware module that was meant for the same subject before, and came to nothing, is meant once more.
    if !tx.intend_again(intent).await? {
        match tx.intend_certificate(intent).await {
            Err(store::Error::Conflict) => return Err(AuthorityError::AlreadyCertified),
            done => done?,
        }
    }
    tx.append_event(intended(intent)).await?;
    Ok(())
}

/// The word under which the lists of another's authority are kept.
pub(crate) fn foreign(issuer: &Certificate) -> String {
    format!("above/{}", hex::encode(issuer.fingerprint()))
}

/// A renewal goes on with the same subject, whose certificate was not taken away.
fn may_be_renewed(old: Option<&StoredCertificate>, intent: &Intent) -> Result<(), &'static str> {
    let old = old.ok_or("there is no such certificate")?;
    if !matches!(old.state, CertificateState::Issued) {
        return Err("it was revoked, is on hold, or was never issued");
    }
    if old.subject != intent.subject {
        return Err("it names another subject");
    }
    if old.key_id == intent.key_id {
        return Err("a renewal takes a new key");
    }
    Ok(())
}

/// The private key signed either our own statement, which ends in the public key, or a CertificationRequestInfo for it.
pub(super) fn verify_possession(
    proof: &ProofOfPossession,
    public_key_der: &[u8],
) -> Result<(), AuthorityError> {
    if !proof.message.ends_with(public_key_der) {
        let request = CertificationRequest::from_parts(&proof.message, proof.algorithm, &proof.signature);
        let holds = request.is_ok_and(|it| it.public_key_der() == public_key_der);
        return if holds { Ok(()) } else { Err(AuthorityError::Possession) };
    }
    pki::verify(public_key_der, proof.algorithm, &proof.message, &proof.signature)
        .map_err(|_| AuthorityError::Possession)
}

pub(crate) fn profile_word(profile: Profile) -> &'static str {
    match profile {
        Profile::Root => "root",
        Profile::Issuing => "issuing",
        Profile::IssuingPerson => "issuing_person",
        Profile::IssuingOrganization => "issuing_organization",
        Profile::IssuingServices => "issuing_services",
        Profile::Person => "person",
        Profile::PersonEvent => "person_event",
        Profile::Organization => "organization",
        Profile::OrganizationEvent => "organization_event",
        Profile::Agent => "agent",
        Profile::AgentEvent => "agent_event",
        Profile::TimeStamping => "time_stamping",
        Profile::OcspResponder => "ocsp",
        Profile::Log => "log",
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

//! Everything on record about one ceremony at one moment.

use domain::account::Account;
use domain::ceremony::{CeremonyState, Progress, Step, next_step};
use domain::envelope::Contents;
use domain::field::{Field, FieldType};
use domain::organization::{Agent, AgentScope, OrganizationState};
use domain::policy::{Custody, SigningPolicy};
use domain::recipient::{self, Recipient, RecipientKind};
use domain::{OrganizationId, Refusal};
use evidence::{Actor, Body};
use jiff::Timestamp;
use keys::{Protection, SealedByPasskey, StoredKey};
use pki::Certificate;
use store::{
    Append, Ceremony, CertificateState, Consent, IdentityVerification, OrganizationVerification,
    PendingCertificate, Reader, SigningKey, SigningSession, StoredImpression, StoredPayment,
    VerificationState,
};

use super::consent;
use crate::error::Error;
use crate::organization::agents;
use crate::{policy, review};

/// The ceremony of the session's recipient.
pub(crate) struct Scene {
    pub(crate) now: Timestamp,
    pub(crate) session: SigningSession,
    pub(crate) contents: Contents,
    pub(crate) recipient: Recipient,
    pub(crate) sender: Account,
    /// What the signing policy asks of the recipient: their own, else the envelope's.
    pub(crate) policy: SigningPolicy,
    pub(crate) ceremony: Ceremony,
    pub(crate) consent: Option<Consent>,
    /// The verification that this session is in or passed.
    pub(crate) identity: Option<IdentityVerification>,
    /// The check by hand that the verification waits for, or that decided it.
    pub(crate) review: Option<Box<review::Standing>>,
    /// The check by hand of the organization's letter, the newest.
    pub(crate) letter: Option<Box<review::Standing>>,
    /// Whether an administrator may check this recipient by hand.
    pub(crate) has_reviewer: bool,
    pub(crate) organization: Option<OrganizationVerification>,
    /// As whom the person acts for the organization now.
    pub(crate) agent: Option<Agent>,
    /// Whether the organization took the person's power away: only its legal representative gives it back.
    pub(crate) is_dismissed: bool,
    pub(crate) payment: Option<StoredPayment>,
    pub(crate) impression: Option<StoredImpression>,
    pub(crate) key: Option<CertifiedKey>,
    /// A key whose certificate another's authority still decides upon.
    pub(crate) pending: Option<(SigningKey, PendingCertificate)>,
}

/// A key with the certificate that makes it of use.
pub(crate) struct CertifiedKey {
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
}

/// Where a key is, and what opens it.
pub(crate) fn custody_of(key: &StoredKey) -> Custody {
    match key.protection {
        Protection::Passkey(_) => Custody::Passkey,
        Protection::Device => Custody::Device,
        Protection::Pkcs11(_) => Custody::Pkcs11,
        _ => Custody::Pin,
    }
}

/// What opens a key: a PIN, a passkey, or being in the signer's device.
pub(crate) fn opened_by(key: &StoredKey) -> Custody {
    match &key.protection {
        Protection::Device => Custody::Device,
        _ if passkey_on(key).is_some() => Custody::Passkey,
        _ => Custody::Pin,
    }
}

/// What is on record of the passkey that opens a key, where one does.
pub(crate) fn passkey_on(key: &StoredKey) -> Option<&SealedByPasskey> {
    match &key.protection {
        Protection::Passkey(sealed) => Some(sealed),
        Protection::Pkcs11(on) => on.passkey(),
        _ => None,
    }
}

impl Scene {
    /// The scene as it stands. What is needed to put it together lies on the heap: whoever waits for it may stand deep.
    pub(crate) async fn load(
        reader: &mut Reader,
        session: &SigningSession,
        now: Timestamp,
    ) -> Result<Self, Error> {
        Box::pin(Self::load_in(reader, session, now)).await
    }

    async fn load_in(reader: &mut Reader, session: &SigningSession, now: Timestamp) -> Result<Self, Error> {
        // The session is read anew: what another request did to it since counts.
        let session = reader.signing_session(&session.token_hash).await?.ok_or(Refusal::SessionMissing)?;
        let recipient = reader.recipient(session.recipient_id).await?.ok_or(Error::NotFound)?;
        let contents = reader.contents(recipient.envelope_id).await?.ok_or(Error::NotFound)?;
        let sender = reader.account(contents.envelope.account_id).await?.ok_or(Error::NotFound)?;
        let policy = policy::agreed(reader, contents.policy_digest_for(&recipient)).await?;
        let ceremony = reader.ceremony(recipient.id).await?;
        let consent = match ceremony.consent_id {
            Some(id) => reader.consent(id).await?,
            None => None,
        };
        let identity = match session.identity_id {
            Some(id) => reader.identity_verification(id).await?,
            None => None,
        };
        let review = match identity.as_ref().filter(|it| it.provider == review::PROVIDER) {
            Some(it) => review::Standing::load(reader, it.id).await?.map(Box::new),
            None => None,
        };
        let offices = reader.administrators().await?;
        let has_reviewer = offices.iter().any(|it| !review::is_own(it, &contents, &recipient));
        let mut scene = Self {
            now,
            session,
            contents,
            recipient,
            sender,
            policy,
            ceremony,
            consent,
            identity,
            review,
            letter: None,
            has_reviewer,
            organization: None,
            agent: None,
            is_dismissed: false,
            payment: None,
            impression: None,
            key: None,
            pending: None,
        };
        scene.load_verified(reader).await?;
        Ok(scene)
    }

    /// What belongs to a verified person is only looked at once this session has verified that person.
    async fn load_verified(&mut self, reader: &mut Reader) -> Result<(), Error> {
        let Some(person) = self.verified_identity().and_then(|identity| identity.person_id) else {
            return Ok(());
        };
        if let Some(id) = self.ceremony.organization_verification_id {
            let found = reader.organization_verification(id).await?;
            self.organization = found.filter(|it| it.person_id == person);
            if let Some(run) = &self.organization {
                self.is_dismissed = agents::is_dismissed(reader, person, &run.credit_code).await?;
                self.payment = reader.payments(id).await?.into_iter().next();
                self.letter = review::Standing::load(reader, id).await?.map(Box::new);
            }
            if let Some(of) = self.organization.as_ref().and_then(|it| it.organization_id) {
                self.agent = agents::acting(reader, person, of, AgentScope::Seal, self.now).await?;
            }
        }
        if self.is_organization() && self.organization_id().is_none() {
            return Ok(());
        }
        let organization = self.organization_id();
        if let Some(id) = self.ceremony.impression_id {
            let belongs = |it: &StoredImpression| match self.impression_owner() {
                Some(organization) => it.organization_id == Some(organization),
                None => it.person_id == person && it.organization_id.is_none(),
            };
            self.impression = reader.impression(id).await?.filter(belongs);
        }
        let pending = reader.pending_certificate(self.recipient.id).await?;
        let keys = reader.signing_keys(person, organization).await?;
        for key in keys.into_iter().filter(|key| self.takes(&key.stored)) {
            for stored in reader.certificates_of_key(key.id).await? {
                let is_ours = stored.ceremony.is_none_or(|of| of == self.recipient.id)
                    && stored.profile.starts_with("agent") == self.signs_as_agent();
                // The clock of another's authority may be a little ahead: until it begins, its certificate is waited for.
                let awaited = self.now < stored.not_before
                    && pending.as_ref().is_some_and(|it| it.certificate_id == stored.id);
                let valid = !awaited && self.now < stored.not_after;
                let holds = is_ours && stored.state == CertificateState::Issued && valid;
                if let Some(der) = stored.der.filter(|_| holds) {
                    let certificate = Certificate::from_der(&der).map_err(Error::internal)?;
                    self.key = Some(CertifiedKey { key, certificate });
                    return Ok(());
                }
            }
        }
        if let Some(pending) = pending {
            let key = reader.signing_key(pending.key_id).await?;
            let is_ours = |it: &SigningKey| {
                it.person_id == person && it.organization_id == organization && it.retired_at.is_none()
            };
            self.pending = key.filter(is_ours).map(|key| (key, pending));
        }
        Ok(())
    }

    /// What the envelope holds is for those who consented, and for those who have nothing more to do.
    pub(crate) fn may_read(&self) -> Result<(), Refusal> {
        let step = self.step();
        if self.consent.is_none() && step != Step::Done {
            return Err(Refusal::StepNotReady { step: step.as_str() });
        }
        Ok(())
    }

    /// Whether the signing policy takes a key in this custody, opened by this.
    fn takes(&self, key: &StoredKey) -> bool {
        let custody = custody_of(key);
        let confirmed = custody != Custody::Pkcs11 || policy::confirms(&self.policy, opened_by(key));
        self.policy.allows(custody) && confirmed
    }

    /// The consent, where it is to the words and to the policy in force.
    pub(crate) fn valid_consent(&self) -> Option<&Consent> {
        let policy = policy::digest(&self.policy);
        self.consent.as_ref().filter(|it| it.version == consent::VERSION && it.policy_digest == Some(policy))
    }

    pub(crate) fn is_organization(&self) -> bool {
        self.recipient.kind == RecipientKind::Organization
    }

    /// Whether an organization's agent signs with their own signature, and not with its seal.
    pub(crate) fn signs_as_agent(&self) -> bool {
        self.contents.signs_as_agent(self.recipient.id)
    }

    /// Whose seals are offered; none where it is the person's own signatures.
    pub(crate) fn impression_owner(&self) -> Option<OrganizationId> {
        self.organization_id().filter(|_| !self.signs_as_agent())
    }

    /// The identity that this session verified, while it counts: as sure and as fresh as the signing policy asks.
    pub(crate) fn verified_identity(&self) -> Option<&IdentityVerification> {
        self.identity.as_ref().filter(|it| {
            it.state == VerificationState::Verified
                && it.expires_at.is_none_or(|until| self.now < until)
                && policy::accepts(&self.policy, it, self.now)
        })
    }

    /// The organization that this session's person was verified for, while it counts, is as fresh as the signing policy asks,
    /// and they act for it.
    pub(crate) fn verified_organization(&self) -> Option<&OrganizationVerification> {
        self.organization.as_ref().filter(|it| {
            it.state == OrganizationState::Verified
                && it.expires_at.is_none_or(|until| self.now < until)
                && policy::accepts_company(&self.policy, it, self.now)
                && self.agent.is_some()
        })
    }

    /// The organization whose seal and key are used; none for a person.
    pub(crate) fn organization_id(&self) -> Option<OrganizationId> {
        self.verified_organization().filter(|_| self.is_organization()).and_then(|it| it.organization_id)
    }

    pub(crate) fn own_fields(&self) -> impl Iterator<Item = &Field> {
        self.contents.fields.iter().filter(|field| field.recipient_id == self.recipient.id)
    }

    /// What is still to fill, by label. A date that is left empty becomes the day of signing.
    pub(crate) fn missing_fields(&self) -> Vec<String> {
        self.own_fields()
            .filter(|field| field.required && field.kind == FieldType::Text && field.value.is_none())
            .map(|field| field.label.clone())
            .collect()
    }

    pub(crate) fn state(&self) -> CeremonyState {
        let done = |is: bool| if is { Progress::Done } else { Progress::Open };
        let consented = self.valid_consent().is_some();
        let turn =
            recipient::is_turn(&self.contents.recipients, self.contents.envelope.order, self.recipient.id);
        CeremonyState {
            envelope: self.contents.envelope.status_at(self.now),
            kind: self.recipient.kind,
            recipient: self.recipient.status,
            turn: done(turn),
            request: Progress::of(self.ceremony.viewed_at.as_ref()),
            consent: done(consented),
            identity: done(self.verified_identity().is_some()),
            organization: done(self.verified_organization().is_some()),
            fields: done(self.ceremony.fields_at.is_some() && self.missing_fields().is_empty()),
            impression: Progress::of(self.impression.as_ref()),
            key: Progress::of(self.key.as_ref()),
        }
    }

    pub(crate) fn step(&self) -> Step {
        next_step(&self.state())
    }

    /// Passes where the ceremony has come to `wanted` or beyond, and has not ended.
    pub(crate) fn require(&self, wanted: Step) -> Result<(), Refusal> {
        let step = self.step();
        match step {
            Step::Waiting if wanted > Step::Consent => Err(Refusal::NotYourTurn),
            Step::Done => Err(Refusal::EnvelopeState { status: "signed" }),
            Step::Declined | Step::Voided | Step::Expired => {
                Err(Refusal::EnvelopeState { status: step.as_str() })
            }
            Step::Waiting => Ok(()),
            _ if step >= wanted => Ok(()),
            _ => Err(Refusal::StepNotReady { step: step.as_str() }),
        }
    }

    /// Passes where the envelope's signing policy allows a key in this custody, opened by `factor`. Only organizations have
    /// keys in the hardware module.
    pub(crate) fn require_custody(&self, custody: Custody, factor: Custody) -> Result<(), Refusal> {
        let in_token = custody == Custody::Pkcs11;
        let here = if in_token {
            self.is_organization() && policy::confirms(&self.policy, factor)
        } else {
            custody == factor
        };
        let allowed = here && self.policy.allows(custody);
        if allowed { Ok(()) } else { Err(Refusal::CustodyRefused { custody: custody.as_str() }) }
    }

    /// The recipient, as events name them.
    pub(crate) fn session_actor(&self) -> Actor {
        Actor::Recipient(self.recipient.id.to_string())
    }

    /// An event of this recipient about this envelope.
    pub(crate) fn event(&self, kind: &'static str, body: Body) -> Append {
        Append {
            at: self.now,
            kind,
            subject: Some(self.recipient.envelope_id.to_string()),
            actor: self.session_actor(),
            body,
        }
    }
}

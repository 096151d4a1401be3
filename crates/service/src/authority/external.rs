//! Another's authority over EST (RFC 7030) as a [`CertificateAuthority`]: a configured choice. It certifies signers; the
//! platform's own services stay under the embedded authority.
//!
//! The records are the same as for the embedded one: intent before the question, certificate before anyone has it, events
//! for both. With the intent the request itself is on record, so that it is sent again, the same, after a 202 (RFC 7030
//! §4.2.3), where no answer came, and after a crash. EST knows no revocation: what is revoked here is used here no more, and
//! stands on a list until the authority's own answers say the same, or an operator who told it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use evidence::{Actor, Body};
use jiff::{SignedDuration, Timestamp};
use online::Access;
use pades::{RevocationData, ValidationSource};
use pki::Certificate;
use pki::ca::CertificationRequest;
use pki::crl::{Crl, Reason};
use pki::ocsp::{Response, Status};
use store::{Intent, PendingCertificate, StoredCertificate};

use super::desk::{Desk, DeskSettings};
use super::enroll::{Asked, FIRST};
use super::issue::{profile_word, record, verify_possession};
use super::keys::is_issuer;
use super::setup::event;
use super::status::Change;
use super::{AuthorityError, CertificateAuthority, CertificateRequest, EmbeddedAuthority, Term};
use crate::ceremony::hold;

/// For how long the signer waits while a request is sent again; after that the ceremony does.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many open revocations are looked at in one go, and how often each.
const BATCH: u32 = 200;
const LOOK_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How far ahead of ours its clock may be.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// An external authority as it is configured.
#[derive(Clone, Debug)]
pub struct ExternalSettings {
    /// How it is asked.
    pub desk: DeskSettings,
    /// Hosts in its certificates (OCSP, lists) that may be asked though their addresses are not public.
    pub reach: Vec<String>,
}

/// The authority at the other end of an EST connection.
pub struct ExternalAuthority {
    pub(super) desk: Arc<Desk>,
    asked: Arc<online::Client>,
    embedded: EmbeddedAuthority,
    /// Its certificates, roots last.
    authorities: Vec<Certificate>,
}

impl ExternalAuthority {
    /// Asks for the authority's certificates; where it does not answer, those of the last time serve.
    ///
    /// # Errors
    /// Where it cannot be asked as configured, or does not answer and never did.
    pub async fn open(
        settings: &ExternalSettings,
        embedded: &EmbeddedAuthority,
    ) -> Result<Self, AuthorityError> {
        let desk = Arc::new(Desk::open(&settings.desk)?);
        let (asked, data) = (Arc::clone(&desk), embedded.0.foundation.config.data_dir.clone());
        let found = tokio::task::spawn_blocking(move || asked.authorities(&data)).await;
        let mut authorities = found.map_err(|error| external(&error))??;
        authorities.sort_by_key(Certificate::is_self_issued);
        if !authorities.last().is_some_and(Certificate::is_self_signed) {
            return Err(AuthorityError::External("it gave no root among its certificates".to_owned()));
        }
        let (clock, rng) = (embedded.0.foundation.clock.clone(), embedded.0.foundation.rng.clone());
        let mut config = online::Config::new(move || clock.now(), move |bytes| rng.fill(bytes));
        config.access = Access::PublicAnd(settings.reach.clone());
        let asked = Arc::new(online::Client::new(config).map_err(|error| external(&error))?);
        Ok(Self { desk, asked, embedded: embedded.clone(), authorities })
    }

    /// Takes requests back that nobody waits for any more, where they lie in a folder.
    async fn forget_requests(&self) -> Result<(), AuthorityError> {
        let open = self.store().read().await?.requests_for_certificates().await?;
        let open: Vec<_> = open.iter().filter_map(|der| CertificationRequest::from_der(der).ok()).collect();
        let desk = Arc::clone(&self.desk);
        tokio::task::spawn_blocking(move || desk.keep_only(&open)).await.map_err(|error| external(&error))
    }

    fn is_ours(&self, certificate: &Certificate) -> Option<&Certificate> {
        self.authorities.iter().find(|it| is_issuer(it, certificate))
    }

    pub(super) fn store(&self) -> &store::Store {
        &self.embedded.0.foundation.store
    }

    pub(super) fn now(&self) -> Timestamp {
        self.embedded.0.foundation.clock.now()
    }

    /// Whether the authority's own answers say that it revoked a certificate.
    async fn says_revoked(&self, certificate: &Certificate) -> Result<bool, AuthorityError> {
        let data = self.revocation(certificate).await?;
        let listed = data.crls.iter().filter_map(|der| Crl::from_der(der).ok());
        let answered = data.ocsps.iter().filter_map(|der| Response::from_der(der).ok());
        Ok(listed.into_iter().any(|list| list.revoked(certificate.serial()).is_some())
            || answered.into_iter().any(|answer| {
                answer.responses().iter().any(|it| {
                    it.certificate.serial() == certificate.serial()
                        && matches!(it.status, Status::Revoked { .. })
                })
            }))
    }

    /// That the certificate is the authority's own, for the key of the request.
    pub(super) fn check_origin(
        &self,
        certificate: &Certificate,
        request: &CertificationRequest,
    ) -> Result<(), &'static str> {
        if certificate.public_key_der() != request.public_key_der() {
            return Err("it is for another key");
        }
        let mut last = certificate;
        for _ in 0..=self.authorities.len() {
            let issuer = self.is_ours(last).ok_or("its issuer is not known")?;
            last.verify_signature(issuer).map_err(|_| "its signature is wrong")?;
            if issuer.is_self_issued() {
                return Ok(());
            }
            last = issuer;
        }
        Err("it leads to no root")
    }

    /// That a certificate of its own is what was asked for, and of use.
    pub(super) fn check_content(
        &self,
        certificate: &Certificate,
        request: &CertificationRequest,
        asked: &Asked,
    ) -> Result<(), &'static str> {
        let (given, wanted) = (certificate.subject(), request.subject());
        if given.common_name() != wanted.common_name() {
            return Err("it names somebody else");
        }
        // What else names the subject may be left out, and is not to be another's. The serial number tells people of one
        // name apart, each authority in its own way.
        let other = |given: Option<&str>, wanted: Option<&str>| given.is_some() && given != wanted;
        if other(given.organization(), wanted.organization())
            || other(given.organization_identifier(), wanted.organization_identifier())
        {
            return Err("it names another organization");
        }
        // One that names no passkey is used, and shows no more than that; one that names another would be a lie.
        if certificate.activated_by().is_some() && certificate.activated_by() != asked.activated_by.as_ref() {
            return Err("it names another passkey");
        }
        // Its clock may be a little ahead of ours: then the certificate is waited for.
        let now = self.now();
        let begins = certificate.not_before();
        let at = if now < begins && begins <= now + SKEW { begins } else { now };
        pades::may_sign(certificate, at).map_err(|error| {
            tracing::warn!(%error, "a certificate of the external authority cannot be used");
            "it cannot sign documents now"
        })
    }
}

#[async_trait]
impl CertificateAuthority for ExternalAuthority {
    fn name(&self) -> &'static str {
        self.desk.name()
    }

    async fn issue(&self, request: CertificateRequest) -> Result<Certificate, AuthorityError> {
        if !request.profile.is_subscriber() {
            return Err(AuthorityError::Profile);
        }
        // 1. The subject holds the private key, and signed what the authority is going to be asked with.
        let proof = &request.proof;
        verify_possession(proof, &request.public_key_der)?;
        let csr = CertificationRequest::from_parts(&proof.message, proof.algorithm, &proof.signature)
            .map_err(|_| AuthorityError::Possession)?;
        let now = self.now();
        let ceremony = match request.term {
            Term::Long => None,
            Term::Event { ceremony } => Some(ceremony),
        };
        // 2. The intent, and with it the request as it is sent. Its number is the authority's to choose, so that our own
        // stands in its place until then.
        let intent = Intent {
            id: request.id,
            serial: request.id.to_string(),
            issuer: self.name().to_owned(),
            profile: profile_word(request.profile).to_owned(),
            subject: serde_json::to_string(&request.subject)
                .map_err(|error| AuthorityError::Key(error.to_string()))?,
            public_key: pki::sha256(&request.public_key_der),
            key_id: Some(request.key),
            not_before: now,
            not_after: now,
            at: now,
            authority: self.name().to_owned(),
            ceremony,
            renews: request.renews.as_ref().map(pki::Serial::to_hex),
        };
        let _one = hold(&intent.id.to_string()).await;
        let mut tx = self.store().begin().await?;
        record(&mut tx, &intent).await?;
        if let Some(recipient_id) = request.recipient {
            let pending = PendingCertificate {
                certificate_id: intent.id,
                key_id: request.key,
                recipient_id,
                request: csr.der().to_vec(),
                activated_by: request.activated_by,
                asked_at: now,
                next_at: now + FIRST,
                asks: 0,
            };
            tx.insert_pending_certificate(&pending).await?;
        }
        tx.commit().await?;
        // 3. What it wants in a request. Where it does not say, the request says what we want.
        let (desk, key) = (Arc::clone(&self.desk), csr.public_key_der().to_vec());
        let missed = tokio::task::spawn_blocking(move || desk.misses(&key)).await;
        match missed.map_err(|error| external(&error))? {
            Ok(None) => {}
            Ok(Some(missing)) => {
                let why = format!("it wants {missing}, which keys here are not");
                self.give_up(&intent, &why).await?;
                return Err(AuthorityError::External(why));
            }
            Err(fault) if request.recipient.is_some() => {
                tracing::warn!(%fault, "the external authority gave no answer; it is asked again");
                return self.put_off(&intent, now, Duration::ZERO).await;
            }
            Err(fault) => return Err(external(&fault)),
        }
        // 4. The question.
        let (activated_by, waits) = (request.activated_by, request.recipient.is_some());
        self.enroll(intent, &csr, &Asked { activated_by, at: now, patience: PATIENCE, waits }).await
    }

    async fn collect(&self, pending: &PendingCertificate) -> Result<Certificate, AuthorityError> {
        let _one = hold(&pending.certificate_id.to_string()).await;
        let mut reader = self.store().read().await?;
        let stored = reader.certificate_by_id(pending.certificate_id).await?;
        // Another was faster.
        if reader.pending_certificate_by_id(pending.certificate_id).await?.is_none() {
            return Err(AuthorityError::Pending);
        }
        drop(reader);
        let stored = stored.ok_or_else(|| AuthorityError::External("nobody meant it".to_owned()))?;
        // It is here already, and begins to be valid; or the ceremony was not told before a crash.
        if let Some(der) = &stored.der {
            let certificate = Certificate::from_der(der)?;
            return self.once_valid(stored.id, certificate).await;
        }
        let csr = CertificationRequest::from_der(&pending.request)?;
        let intent = Intent {
            id: stored.id,
            serial: stored.serial,
            issuer: stored.issuer,
            profile: stored.profile,
            subject: stored.subject,
            public_key: pki::sha256(csr.public_key_der()),
            key_id: stored.key_id,
            not_before: stored.not_before,
            not_after: stored.not_after,
            at: stored.created_at,
            authority: stored.authority,
            ceremony: stored.ceremony,
            renews: stored.renews,
        };
        let asked = Asked {
            activated_by: pending.activated_by,
            at: pending.asked_at,
            patience: Duration::ZERO,
            waits: true,
        };
        self.enroll(intent, &csr, &asked).await
    }

    async fn confirm_revocations(&self) -> Result<Vec<String>, AuthorityError> {
        self.forget_requests().await?;
        let before = self.now() - LOOK_EVERY;
        let open = self.store().read().await?.external_revocations_to_look_for(before, BATCH).await?;
        let mut confirmed = Vec::new();
        for it in open {
            // Noted before it is asked: where that takes too long, the others come first the next time.
            let mut tx = self.store().begin().await?;
            tx.look_for_external_revocation(it.certificate.id, self.now()).await?;
            tx.commit().await?;
            let Some(der) = it.certificate.der.as_ref().filter(|_| it.certificate.authority == self.name())
            else {
                continue;
            };
            let said = match Certificate::from_der(der) {
                Ok(certificate) => self.says_revoked(&certificate).await,
                Err(error) => Err(error.into()),
            };
            match said {
                Ok(true) => {
                    confirm(self.store(), &it.certificate, self.name(), self.now()).await?;
                    confirmed.push(it.certificate.serial);
                }
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "the external authority does not say whether it revoked");
                }
            }
        }
        Ok(confirmed)
    }

    async fn revoke(
        &self,
        certificate: &Certificate,
        reason: Reason,
        at: Timestamp,
    ) -> Result<(), AuthorityError> {
        let change = Change::Revoke(reason);
        self.embedded.change(&certificate.serial_hex(), change, Actor::System, at).await.map(drop)
    }

    fn chain(&self) -> Vec<Certificate> {
        let (roots, between): (Vec<_>, Vec<_>) = self
            .authorities
            .iter()
            .chain(&self.embedded.keys().chain())
            .cloned()
            .partition(Certificate::is_self_issued);
        between.into_iter().chain(roots).collect()
    }

    fn anchors(&self) -> Vec<Certificate> {
        let own = self.authorities.iter().filter(|it| it.is_self_issued()).cloned();
        own.chain(self.embedded.keys().anchors()).collect()
    }

    async fn revocation(&self, certificate: &Certificate) -> Result<RevocationData, AuthorityError> {
        let Some(issuer) = self.is_ours(certificate).cloned() else {
            return self.embedded.revocation(certificate).await;
        };
        let (desk, asked) = (Arc::clone(&self.desk), Arc::clone(&self.asked));
        let certificate = certificate.clone();
        let found = tokio::task::spawn_blocking(move || {
            let brought = desk.lists().into_iter().filter(|list| list.issuer() == issuer.subject());
            let crls: Vec<_> = brought.map(|list| list.der().to_vec()).collect();
            if crls.is_empty() {
                ValidationSource::revocation(&*asked, &certificate, &issuer)
            } else {
                Ok(RevocationData { crls, ..RevocationData::default() })
            }
        });
        found.await.map_err(|error| external(&error))?.map_err(|error| external(&error))
    }
}

/// Notes that the other authority knows of a revocation, and who says so.
pub(super) async fn confirm(
    store: &store::Store,
    certificate: &StoredCertificate,
    by: &str,
    at: Timestamp,
) -> Result<bool, AuthorityError> {
    let mut tx = store.begin().await?;
    let confirmed = tx.confirm_external_revocation(certificate.id, by, at).await?;
    if confirmed {
        let body = Body::new().with("serial", certificate.serial.as_str()).with("by", by);
        tx.append_event(event(certificate.id, "certificate.revocation_confirmed", body, at)).await?;
    }
    tx.commit().await?;
    Ok(confirmed)
}

pub(super) fn external(error: &dyn std::error::Error) -> AuthorityError {
    AuthorityError::External(error.to_string())
}

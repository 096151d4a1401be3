//! Another's authority over EST (RFC 7030) as a [`CertificateAuthority`]: a configured choice. It certifies signers; the
//! platform's own services stay under the embedded authority.
//!
//! The records are the same as for the embedded one: intent before the question, certificate before anyone has it, events
//! for both. EST knows no revocation: what is revoked here is used here no more, and the authority is to be told in its own
//! way.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use evidence::Actor;
use jiff::Timestamp;
use online::{Access, Enrolled, EstClient, EstConfig};
use pades::{RevocationData, ValidationSource};
use pki::Certificate;
use pki::ca::CertificationRequest;
use pki::crl::Reason;
use store::Intent;

use super::issue::{profile_word, record, verify_possession};
use super::keys::is_issuer;
use super::setup::issued;
use super::status::Change;
use super::{AuthorityError, CertificateAuthority, CertificateRequest, EmbeddedAuthority, Term, root};

const NAME: &str = "est";
/// For how long a request is sent again while a person at the authority decides.
const PATIENCE: Duration = Duration::from_secs(25);
const CACHED: &str = "est-ca.pem";

/// An external authority as it is configured.
#[derive(Clone, Debug)]
pub struct EstSettings {
    /// How it is reached.
    pub server: EstConfig,
    /// Hosts in its certificates (OCSP, lists) that may be asked though their addresses are not public.
    pub reach: Vec<String>,
}

/// The authority at the other end of an EST connection.
pub struct EstAuthority {
    client: Arc<EstClient>,
    asked: Arc<online::Client>,
    embedded: EmbeddedAuthority,
    /// Its certificates, roots last.
    authorities: Vec<Certificate>,
}

impl EstAuthority {
    /// Asks for the authority's certificates; where it does not answer, those of the last time serve.
    ///
    /// # Errors
    /// Where it cannot be asked as configured, or does not answer and never did.
    pub async fn open(settings: &EstSettings, embedded: &EmbeddedAuthority) -> Result<Self, AuthorityError> {
        let client = Arc::new(EstClient::new(settings.server.clone()).map_err(|error| external(&error))?);
        let kept = embedded.0.foundation.config.data_dir.join(CACHED);
        let mut authorities = authorities(&client, &kept).await?;
        authorities.sort_by_key(Certificate::is_self_issued);
        if !authorities.last().is_some_and(Certificate::is_self_signed) {
            return Err(AuthorityError::External("it gave no root among its certificates".to_owned()));
        }
        let (clock, rng) = (embedded.0.foundation.clock.clone(), embedded.0.foundation.rng.clone());
        let mut config = online::Config::new(move || clock.now(), move |bytes| rng.fill(bytes));
        config.access = Access::PublicAnd(settings.reach.clone());
        let asked = Arc::new(online::Client::new(config).map_err(|error| external(&error))?);
        Ok(Self { client, asked, embedded: embedded.clone(), authorities })
    }

    fn is_ours(&self, certificate: &Certificate) -> Option<&Certificate> {
        self.authorities.iter().find(|it| is_issuer(it, certificate))
    }

    /// Sends the request, and again while somebody decides.
    async fn enroll(&self, request: &CertificationRequest) -> Result<Certificate, AuthorityError> {
        let mut left = PATIENCE;
        loop {
            let (client, asked) = (Arc::clone(&self.client), request.clone());
            let answer = tokio::task::spawn_blocking(move || client.enroll(&asked));
            match answer.await.map_err(|error| external(&error))?.map_err(|fault| external(&fault))? {
                Enrolled::Issued { certificate, .. } => return Ok(certificate),
                Enrolled::Pending { retry_after } => {
                    let wait = retry_after.max(Duration::from_secs(1));
                    left = left.checked_sub(wait).ok_or_else(|| {
                        AuthorityError::External(format!(
                            "somebody there has to decide; it asks for patience of {} seconds",
                            retry_after.as_secs()
                        ))
                    })?;
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    /// That the certificate is what was asked for, and leads to a root of the authority.
    fn check(
        &self,
        certificate: &Certificate,
        request: &CertificationRequest,
        now: Timestamp,
    ) -> Result<(), AuthorityError> {
        let refuse = |why: &str| Err(AuthorityError::External(format!("its certificate is not used: {why}")));
        if certificate.public_key_der() != request.public_key_der() {
            return refuse("it is for another key");
        }
        if certificate.subject().common_name() != request.subject().common_name() {
            return refuse("it names somebody else");
        }
        if certificate.is_ca() {
            return refuse("it is that of a CA");
        }
        let mut last = certificate;
        for _ in 0..=self.authorities.len() {
            let Some(issuer) = self.is_ours(last) else { return refuse("its issuer is not known") };
            if last.verify_signature(issuer).is_err() {
                return refuse("its signature is wrong");
            }
            if issuer.is_self_issued() {
                pades::may_sign(certificate, now).map_err(|error| external(&error))?;
                return Ok(());
            }
            last = issuer;
        }
        refuse("it leads to no root")
    }
}

#[async_trait]
impl CertificateAuthority for EstAuthority {
    fn name(&self) -> &'static str {
        NAME
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
        let store = &self.embedded.0.foundation.store;
        let now = self.embedded.0.foundation.clock.now();
        let ceremony = match request.term {
            Term::Long => None,
            Term::Event { ceremony } => Some(ceremony),
        };
        // 2. The intent. Its number is the authority's to choose, so that our own stands in its place until then.
        let mut intent = Intent {
            id: request.id,
            serial: request.id.to_string(),
            issuer: NAME.to_owned(),
            profile: profile_word(request.profile).to_owned(),
            subject: serde_json::to_string(&request.subject)
                .map_err(|error| AuthorityError::Key(error.to_string()))?,
            public_key: pki::sha256(&request.public_key_der),
            key_id: Some(request.key),
            not_before: now,
            not_after: now,
            at: now,
            authority: NAME.to_owned(),
            ceremony,
            renews: request.renews.as_ref().map(pki::Serial::to_hex),
        };
        let mut tx = store.begin().await?;
        record(&mut tx, &intent).await?;
        tx.commit().await?;
        // 3. What it wants in a request, and the question.
        let client = Arc::clone(&self.client);
        let wanted = tokio::task::spawn_blocking(move || client.csr_attributes()).await;
        let wanted = wanted.map_err(|error| external(&error))?.map_err(|fault| external(&fault))?;
        if let Some(missing) = wanted.misses(csr.public_key_der()) {
            return Err(AuthorityError::External(format!("it wants {missing}, which keys here are not")));
        }
        let certificate = self.enroll(&csr).await?;
        self.check(&certificate, &csr, self.embedded.0.foundation.clock.now())?;
        // 4. The certificate is on record before anyone has it.
        intent.serial = certificate.serial_hex();
        let validity = (certificate.not_before(), certificate.not_after());
        let mut tx = store.begin().await?;
        tx.complete_foreign_certificate(intent.id, &intent.serial, validity, certificate.der()).await?;
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
        if self.is_ours(certificate).is_some() {
            tracing::warn!(
                serial = certificate.serial_hex(),
                "revoked here; EST knows no revocation, so the external authority is to be told in its own way"
            );
        }
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
        let (asked, certificate) = (Arc::clone(&self.asked), certificate.clone());
        let found =
            tokio::task::spawn_blocking(move || ValidationSource::revocation(&*asked, &certificate, &issuer));
        found.await.map_err(|error| external(&error))?.map_err(|error| external(&error))
    }
}

async fn authorities(client: &Arc<EstClient>, kept: &Path) -> Result<Vec<Certificate>, AuthorityError> {
    let asked = Arc::clone(client);
    let answer = tokio::task::spawn_blocking(move || asked.ca_certificates()).await;
    match answer.map_err(|error| external(&error))? {
        Ok(found) => {
            let text: String = found.iter().map(Certificate::to_pem).collect();
            root::write_new(kept, text.as_bytes())?;
            Ok(found)
        }
        Err(fault) => match std::fs::read_to_string(kept) {
            Ok(text) => {
                tracing::warn!(%fault, "the external authority does not answer; its certificates of the last time serve");
                Ok(Certificate::all_from_pem(&text)?)
            }
            Err(_) => Err(external(&fault)),
        },
    }
}

fn external(error: &dyn std::error::Error) -> AuthorityError {
    AuthorityError::External(error.to_string())
}

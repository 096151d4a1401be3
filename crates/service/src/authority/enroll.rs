//! A request on its way to another's authority: sent, sent again while somebody there decides, recorded or given up.

use std::sync::Arc;
use std::time::Duration;

use domain::CertificateId;
use evidence::{Actor, Body};
use jiff::{SignedDuration, Timestamp};
use pki::Certificate;
use pki::ca::CertificationRequest;
use pki::crl::Reason;
use store::{Intent, Tx};

use super::desk::Answer;
use super::external::external;
use super::setup::{event, issued};
use super::status::{Change, change_in};
use super::waiting::{WaitEnd, ended};
use super::{AuthorityError, ExternalAuthority};

/// When a request is sent again whose server died over it.
pub(super) const FIRST: SignedDuration = SignedDuration::from_mins(2);
/// The shortest and the longest pause before a request is sent again.
const PAUSE: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(20), SignedDuration::from_hours(12));
/// A request that is not answered for so long is given up.
const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);

const SAME_NUMBER: &str = "its serial number is that of another certificate";

/// What a certificate was asked for.
pub(super) struct Asked {
    pub(super) activated_by: Option<[u8; 32]>,
    pub(super) at: Timestamp,
    /// For how long the request is sent again at once.
    pub(super) patience: Duration,
    /// Whether a ceremony waits for it.
    pub(super) waits: bool,
}

impl ExternalAuthority {
    /// Sends the request once.
    async fn ask(&self, request: &CertificationRequest) -> Result<Answer, AuthorityError> {
        let (desk, asked) = (Arc::clone(&self.desk), request.clone());
        tokio::task::spawn_blocking(move || desk.ask(&asked)).await.map_err(|error| external(&error))
    }

    /// Sends the request, again while the signer can wait, and records what came of it.
    pub(super) async fn enroll(
        &self,
        intent: Intent,
        request: &CertificationRequest,
        asked: &Asked,
    ) -> Result<Certificate, AuthorityError> {
        let mut left = asked.patience;
        let why = loop {
            match self.ask(request).await? {
                Answer::Issued(certificate) => {
                    if let Err(why) = self.check_origin(&certificate, request) {
                        break format!("its certificate is not used: {why}");
                    }
                    if let Err(why) = self.check_content(&certificate, request, asked) {
                        return self.reject(intent, &certificate, why).await;
                    }
                    let (id, certificate) = (intent.id, self.keep(intent, certificate, asked).await?);
                    let ahead = Duration::try_from(certificate.not_before().duration_since(self.now()));
                    if let Some(ahead) = ahead.ok().filter(|it| *it <= left) {
                        tokio::time::sleep(ahead).await;
                    }
                    return if asked.waits {
                        self.once_valid(id, certificate).await
                    } else {
                        Ok(certificate)
                    };
                }
                Answer::Refused(why) => break why,
                Answer::Later(wait) => {
                    let fits = !wait.is_zero() && wait <= left;
                    if fits {
                        left -= wait;
                        tokio::time::sleep(wait).await;
                        continue;
                    }
                    return self.put_off(&intent, asked.at, wait).await;
                }
            }
        };
        self.give_up(&intent, &why).await?;
        Err(AuthorityError::External(why))
    }

    /// The request is sent again after `wait`, or after a pause that grows with the time it has been waiting.
    pub(super) async fn put_off(
        &self,
        intent: &Intent,
        asked_at: Timestamp,
        wait: Duration,
    ) -> Result<Certificate, AuthorityError> {
        let now = self.now();
        let waited = now.duration_since(asked_at);
        if waited > LONGEST {
            self.give_up(intent, "it did not decide").await?;
            return Err(AuthorityError::External("it did not decide".to_owned()));
        }
        // What it asks for it is given (RFC 7030 §4.2.3: whoever asks MUST wait), as long as anybody waits at all.
        let asked = SignedDuration::try_from(wait).unwrap_or(LONGEST).clamp(PAUSE.0, LONGEST);
        let pause = if wait.is_zero() { waited.clamp(PAUSE.0, PAUSE.1) } else { asked };
        let mut tx = self.store().begin().await?;
        tx.put_off_certificate(intent.id, now + pause).await?;
        tx.commit().await?;
        Err(AuthorityError::Pending)
    }

    /// A certificate that is on record, when it is valid by our clock: that of the authority may be a little ahead.
    pub(super) async fn once_valid(
        &self,
        id: CertificateId,
        certificate: Certificate,
    ) -> Result<Certificate, AuthorityError> {
        if certificate.not_before() <= self.now() {
            return Ok(certificate);
        }
        let mut tx = self.store().begin().await?;
        tx.put_off_certificate(id, certificate.not_before()).await?;
        tx.commit().await?;
        Err(AuthorityError::Pending)
    }

    /// The certificate is on record before anyone has it. Whether it names the passkey, it says itself; the log says it too.
    /// The request stays until the ceremony has the certificate: see [`super::waiting::follow_pending`].
    async fn keep(
        &self,
        mut intent: Intent,
        certificate: Certificate,
        asked: &Asked,
    ) -> Result<Certificate, AuthorityError> {
        intent.serial = certificate.serial_hex();
        let mut tx = self.store().begin().await?;
        let pending = tx.pending_certificate_by_id(intent.id).await?;
        let late = asked.waits && pending.is_none();
        let over = match &pending {
            Some(pending) => ended(&mut tx, pending, self.now()).await?,
            None => None,
        };
        if !complete(&mut tx, &intent, &certificate).await? {
            drop(tx);
            return self.reject(intent, &certificate, SAME_NUMBER).await;
        }
        let mut event = issued(&intent, &certificate, self.now());
        if asked.activated_by.is_some() {
            event.body = event.body.with("names_passkey", certificate.activated_by().is_some());
        }
        tx.append_event(event).await?;
        if late && let Some(stored) = tx.certificate_by_id(intent.id).await? {
            // It came after its key was given up: it is on record, and good for nothing.
            tx.note_unusable_certificate(intent.id, self.now()).await?;
            let change = Change::Revoke(Reason::CessationOfOperation);
            change_in(&mut tx, &stored, change, Actor::System, self.now()).await?;
        }
        tx.commit().await?;
        match over {
            _ if late => Err(AuthorityError::Late(WaitEnd::Key)),
            // Whoever gives the key up revokes what it has.
            Some(why) => Err(AuthorityError::Late(why)),
            None => Ok(certificate),
        }
    }

    /// A certificate of the authority's that is not used: on record, revoked, and to be revoked there. One whose number is that
    /// of another certificate here, by which all records go, is on record under its id.
    async fn reject(
        &self,
        mut intent: Intent,
        certificate: &Certificate,
        why: &'static str,
    ) -> Result<Certificate, AuthorityError> {
        tracing::warn!(certificate = %intent.id, why, "the external authority's certificate is not used");
        let now = self.now();
        intent.serial = certificate.serial_hex();
        let mut tx = self.store().begin().await?;
        if !complete(&mut tx, &intent, certificate).await? {
            drop(tx);
            intent.serial = intent.id.to_string();
            tx = self.store().begin().await?;
            complete(&mut tx, &intent, certificate).await?;
        }
        tx.remove_pending_certificate(intent.id).await?;
        tx.note_unusable_certificate(intent.id, now).await?;
        tx.append_event(event(
            intent.id,
            "certificate.unusable",
            came(self.desk.name(), certificate).with("why", why),
            now,
        ))
        .await?;
        if let Some(stored) = tx.certificate_by_id(intent.id).await? {
            let change = Change::Revoke(Reason::CessationOfOperation);
            change_in(&mut tx, &stored, change, Actor::System, now).await?;
        }
        tx.commit().await?;
        Err(AuthorityError::External(format!("its certificate is not used: {why}")))
    }

    /// Nothing is waited for any more: the intent stays on record without a certificate.
    pub(super) async fn give_up(&self, intent: &Intent, why: &str) -> Result<(), AuthorityError> {
        tracing::warn!(certificate = %intent.id, why, "the external authority did not certify");
        let mut tx = self.store().begin().await?;
        if tx.remove_pending_certificate(intent.id).await? {
            let body = Body::new().with("authority", self.desk.name());
            tx.append_event(event(intent.id, "certificate.refused", body, self.now())).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Records what came of an intent; not so where its number is another certificate's.
async fn complete(tx: &mut Tx, intent: &Intent, certificate: &Certificate) -> Result<bool, AuthorityError> {
    let validity = (certificate.not_before(), certificate.not_after());
    match tx.complete_foreign_certificate(intent.id, &intent.serial, validity, certificate.der()).await {
        Err(store::Error::Conflict) => Ok(false),
        done => Ok(done.map(|()| true)?),
    }
}

/// What the log says of a certificate that came.
fn came(authority: &str, certificate: &Certificate) -> Body {
    Body::new()
        .with("authority", authority)
        .with("serial", certificate.serial_hex())
        .with("fingerprint", hex::encode(certificate.fingerprint()))
}

//! What the ceremony asks of an authority. The embedded one stands behind these traits; an external CA (EST, RFC 7030)
//! or time-stamp service (RFC 3161 over HTTP) fits behind them without the ceremony changing.

use async_trait::async_trait;
use domain::{CertificateId, KeyId, RecipientId};
use jiff::Timestamp;
use pades::RevocationData;
use pki::{
    Certificate, Serial, SignatureAlgorithm,
    ca::{Profile, Subject},
    crl::Reason,
};

use store::PendingCertificate;

use super::AuthorityError;

/// A request for a certificate: what a CSR (PKCS #10) carries.
#[derive(Debug, Clone)]
pub struct CertificateRequest {
    /// Our id of the certificate to be.
    pub id: CertificateId,
    /// Person or organization.
    pub profile: Profile,
    /// The subject, verified by the caller.
    pub subject: Subject,
    /// SubjectPublicKeyInfo, DER.
    pub public_key_der: Vec<u8>,
    /// That the subject holds the private key.
    pub proof: ProofOfPossession,
    /// The key that is certified.
    pub key: KeyId,
    /// Whose ceremony waits for it, where one does: an authority that decides later is asked again for them.
    pub recipient: Option<RecipientId>,
    /// For how long.
    pub term: Term,
    /// The certificate that this one renews: of the same subject, with another key.
    pub renews: Option<Serial>,
    /// The fingerprint of the passkey by which alone the key opens, to be named in the certificate.
    pub activated_by: Option<[u8; 32]>,
}

/// For how long a certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Until the identity is to be verified anew.
    Long,
    /// For one ceremony (事件型证书): it ends within a day, and no other ceremony uses it.
    Event {
        /// The recipient whose ceremony it is.
        ceremony: RecipientId,
    },
}

/// What the private key signed to show that it is at hand, as a CSR carries a signature over its own content.
#[derive(Debug, Clone)]
pub struct ProofOfPossession {
    /// What was signed ([`keys::StoredKey::possession`]).
    pub message: Vec<u8>,
    /// The algorithm of `signature`.
    pub algorithm: SignatureAlgorithm,
    /// The signature value.
    pub signature: Vec<u8>,
}

/// Issues and revokes certificates.
#[async_trait]
pub trait CertificateAuthority: Send + Sync {
    /// Stable name, kept with each certificate.
    fn name(&self) -> &'static str;

    /// Certifies a key once: a public key that was certified before is refused. [`AuthorityError::Pending`] where somebody
    /// decides later: the request is on record then, and [`CertificateAuthority::collect`] asks again.
    async fn issue(&self, request: CertificateRequest) -> Result<Certificate, AuthorityError>;

    /// Asks again for a certificate that was pending. [`AuthorityError::Pending`] where it still is; after any other error
    /// it is given up.
    async fn collect(&self, _pending: &PendingCertificate) -> Result<Certificate, AuthorityError> {
        Err(AuthorityError::External("nothing is pending at this authority".to_owned()))
    }

    /// Looks whether its own answers confirm revocations that were made here, and gives their serial numbers.
    async fn confirm_revocations(&self) -> Result<Vec<String>, AuthorityError> {
        Ok(Vec::new())
    }

    /// Revokes a certificate that it issued.
    async fn revoke(
        &self,
        certificate: &Certificate,
        reason: Reason,
        at: Timestamp,
    ) -> Result<(), AuthorityError>;

    /// The certificates above those that it issues, of all its CAs; roots last.
    fn chain(&self) -> Vec<Certificate>;

    /// The roots among [`CertificateAuthority::chain`].
    fn anchors(&self) -> Vec<Certificate> {
        self.chain().pop().into_iter().collect()
    }

    /// The certificates between one of its own and the root, nearest first.
    fn intermediates(&self, certificate: &Certificate) -> Vec<Certificate> {
        let chain = self.chain();
        let mut found: Vec<Certificate> = Vec::new();
        let mut last = certificate;
        while let Some(issuer) = chain.iter().find(|it| super::keys::is_issuer(it, last)) {
            if issuer.is_self_issued() || found.contains(issuer) {
                break;
            }
            found.push(issuer.clone());
            last = issuer;
        }
        found
    }

    /// Fresh revocation data for a certificate of its own, or of one in its chain: never dated before the certificate
    /// itself. Nothing for a certificate of others.
    async fn revocation(&self, certificate: &Certificate) -> Result<RevocationData, AuthorityError>;
}

/// Gives trusted times.
#[async_trait]
pub trait TimeStampAuthority: Send + Sync {
    /// Stable name, for what is said where it does not answer.
    fn name(&self) -> &'static str;

    /// The policy to ask for, a dotted object identifier; none takes what comes.
    fn policy(&self) -> Option<&'static str> {
        None
    }

    /// Answers a DER TimeStampReq with a DER TimeStampResp (RFC 3161 §2.4).
    async fn answer(&self, request: &[u8]) -> Result<Vec<u8>, AuthorityError>;
}

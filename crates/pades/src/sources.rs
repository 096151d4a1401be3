//! Where time-stamps, certificates and revocation data come from.
//!
//! This crate opens no connection: whoever signs or extends hands in something that answers. `vermilion-online` asks
//! over HTTP; an authority in the same process answers itself.

use std::fmt;

use jiff::Timestamp;
use pki::tsa::Imprint;
use pki::{Certificate, DigestAlgorithm, Signer};

/// Gives time-stamps (RFC 3161).
pub trait TimeStampSource: Send + Sync {
    /// A token (DER of its ContentInfo) over `imprint`.
    ///
    /// The implementation has checked the answer: imprint, nonce, and the signature of the token.
    ///
    /// # Errors
    /// Where no authority stamps.
    fn time_stamp(&self, imprint: &Imprint) -> Result<Vec<u8>, SourceError>;
}

/// Finds certificates and revocation data.
pub trait ValidationSource: Send + Sync {
    /// Certificates that may have issued `certificate`; an empty answer where none is known.
    ///
    /// # Errors
    /// Where there is a place to ask, and it does not answer.
    fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, SourceError>;

    /// Revocation data that speak of `certificate`, which `issuer` issued; empty where none is known.
    ///
    /// # Errors
    /// Where there is a place to ask, and it does not answer.
    fn revocation(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<RevocationData, SourceError>;
}

/// Revocation data, each item as DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevocationData {
    /// Certificate revocation lists.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses (the whole `OCSPResponse`).
    pub ocsps: Vec<Vec<u8>>,
}

impl RevocationData {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.crls.is_empty() && self.ocsps.is_empty()
    }
}

/// Why a source did not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    /// What was asked: “time-stamp”, “issuer of …”, “revocation of …”.
    pub asked: String,
    /// Of whom: an URL, or the name of an authority; empty where there was nobody to ask.
    pub whom: String,
    /// Why there is no answer.
    pub why: String,
}

impl SourceError {
    /// What was asked, of whom, and why there is no answer.
    #[must_use]
    pub fn new(asked: impl Into<String>, whom: impl Into<String>, why: impl Into<String>) -> Self {
        Self { asked: asked.into(), whom: whom.into(), why: why.into() }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whom.is_empty() {
            true => write!(f, "{}: {}", self.asked, self.why),
            false => write!(f, "{} from {}: {}", self.asked, self.whom, self.why),
        }
    }
}

impl std::error::Error for SourceError {}

/// Whose key signs.
#[derive(Clone, Copy)]
pub struct Credential<'a> {
    /// The private key, wherever it lives.
    pub signer: &'a dyn Signer,
    /// Its certificate.
    pub certificate: &'a Certificate,
    /// The certificates above it, nearest first; they are embedded in the signature.
    pub chain: &'a [Certificate],
}

/// All that a signature above the basic level asks for.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The present, by which revocation data are fresh or stale.
    pub at: Timestamp,
    /// Gives time-stamps; none where the level needs none.
    pub time_stamps: Option<&'a dyn TimeStampSource>,
    /// Finds certificates and revocation data; without it, the file and `certificates` must hold everything.
    pub validation: Option<&'a dyn ValidationSource>,
    /// Where chains end. Where this is empty, they end at any self-signed certificate.
    pub anchors: &'a [Certificate],
    /// Certificates that may stand in a chain.
    pub certificates: &'a [Certificate],
    /// The weakest hash function for document time-stamps: SHA-256, SHA-384 or SHA-512. They are never weaker than the
    /// signatures and time-stamps that they are to outlast; to renew before a function ends, ask for a stronger one.
    pub document_digest: DigestAlgorithm,
    /// How much is gathered at most.
    pub budget: GatherBudget,
}

impl Sources<'_> {
    /// Nothing to ask.
    #[must_use]
    pub fn none(at: Timestamp) -> Self {
        Self {
            at,
            time_stamps: None,
            validation: None,
            anchors: &[],
            certificates: &[],
            document_digest: DigestAlgorithm::Sha256,
            budget: GatherBudget::default(),
        }
    }
}

/// How much is gathered for one file at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatherBudget {
    /// Certificates whose revocation data and issuers are asked for.
    pub certificates: usize,
    /// Bytes of certificates and revocation data.
    pub bytes: usize,
}

impl Default for GatherBudget {
    fn default() -> Self {
        Self { certificates: 200, bytes: 64 * 1024 * 1024 }
    }
}

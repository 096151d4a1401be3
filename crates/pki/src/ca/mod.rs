//! The issuing side of a certification authority, in two phases: [`Issuer::prepare`] builds and lints what will be
//! signed and gives an [`IssuanceToken`]; [`IssuanceToken::issue`] consumes it. Between the two the caller persists
//! the serial number and its intent.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Certificate, Serial, SignError, Signer};

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// A self-signed root.
    Root,
    /// A CA under the root that issues to subscribers (pathLen 0).
    Issuing,
    /// A natural person's signing key.
    Person,
    /// An organization's seal key.
    Organization,
    /// A time-stamping authority.
    TimeStamping,
    /// A delegated OCSP responder.
    OcspResponder,
    /// The platform itself: seals reports.
    Platform,
}

/// Who is certified. Never an ID number: the linter refuses what looks like one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// commonName.
    pub common_name: String,
    /// organizationName.
    pub organization: Option<String>,
    /// organizationIdentifier, as `NTRCN-…` (ETSI EN 319 412-1).
    pub organization_identifier: Option<String>,
    /// countryName, two capital letters.
    pub country: Option<String>,
    /// serialNumber: an opaque id of the person or organization.
    pub serial_number: Option<String>,
}

/// First and last moment of validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// notBefore.
    pub not_before: Timestamp,
    /// notAfter.
    pub not_after: Timestamp,
}

/// Addresses written into certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urls {
    /// cRLDistributionPoints.
    pub crl: Vec<String>,
    /// authorityInfoAccess, OCSP.
    pub ocsp: Vec<String>,
    /// authorityInfoAccess, caIssuers.
    pub ca_issuers: Vec<String>,
}

/// A CA that issues: its certificate, the chain above it (nearest first) and its addresses.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The issuing certificate.
    pub certificate: Certificate,
    /// The certificates above it, nearest first, root last.
    pub chain: Vec<Certificate>,
    /// Addresses for what it issues.
    pub urls: Urls,
}

impl Issuer {
    /// Builds and lints a certificate for the key `public_key_der`.
    pub fn prepare(
        &self,
        profile: Profile,
        subject: &Subject,
        public_key_der: &[u8],
        serial: &Serial,
        validity: Validity,
    ) -> Result<IssuanceToken, LintError> {
        let _ = (profile, subject, public_key_der, serial, validity);
        todo!()
    }
}

/// Builds and lints a self-signed root for the key `public_key_der`.
pub fn prepare_root(
    subject: &Subject,
    public_key_der: &[u8],
    serial: &Serial,
    validity: Validity,
) -> Result<IssuanceToken, LintError> {
    let _ = (subject, public_key_der, serial, validity);
    todo!()
}

/// The right to sign one certificate, once.
#[derive(Debug)]
#[must_use = "nothing is issued until the token is used"]
pub struct IssuanceToken {
    tbs: Vec<u8>,
}

impl IssuanceToken {
    /// The bytes that will be signed: what to persist as the intent.
    pub fn tbs(&self) -> &[u8] {
        &self.tbs
    }
    /// Signs.
    pub fn issue(self, signer: &dyn Signer) -> Result<Certificate, SignError> {
        let _ = signer;
        todo!()
    }
}

/// Why a certificate must not be issued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LintError {
    /// A subject field is empty, too long or holds what it must not.
    #[error("subject {field}: {problem}")]
    Subject {
        /// The field.
        field: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
}

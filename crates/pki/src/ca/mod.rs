//! The issuing side of a certification authority, in two phases: [`Issuer::prepare`] builds and lints what will be
//! signed and gives an [`IssuanceToken`]; [`IssuanceToken::issue`] consumes it. Between the two the caller persists
//! the serial number and its intent, so that a crash after signing leaves a record of it.
//!
//! ```
//! use vermilion_pki::{KeyAlgorithm, Serial, Signer, SoftwareSigner, ca::*};
//! let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
//! let subject = Subject { common_name: "Example Root".into(), ..Subject::default() };
//! let validity = Validity {
//!     not_before: "2026-01-01T00:00:00Z".parse()?,
//!     not_after: "2046-01-01T00:00:00Z".parse()?,
//! };
//! let token = prepare_root(&subject, key.public_key_der(), &Serial::from_random([7; 16]), validity)?;
//! // … persist the serial number and token.tbs() here …
//! let root = token.issue(&key)?;
//! assert!(root.is_ca() && root.is_self_signed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
mod csr;
mod lint;
mod profile;
mod token;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Certificate, Serial};

pub use csr::{CertificationRequest, CsrAttributes};
pub use lint::LintError;
pub use profile::Profile;
pub use token::IssuanceToken;

pub(crate) use profile::{authority_key_identifier, key_identifier};
pub(crate) use token::assemble;

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

/// A CA that issues: its certificate, the chain above it and its addresses.
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
    /// Builds and lints a certificate for the key `public_key_der` (SubjectPublicKeyInfo). Every profile but
    /// [`Profile::Root`]; `serial` is fresh, `validity` lies within the issuer's.
    ///
    /// That the same public key is never certified twice is for the caller to see to: it knows what was issued.
    pub fn prepare(
        &self,
        profile: Profile,
        subject: &Subject,
        public_key_der: &[u8],
        serial: &Serial,
        validity: Validity,
    ) -> Result<IssuanceToken, LintError> {
        token::prepare(Some(self), profile, subject, public_key_der, serial, validity, None)
    }

    /// The same for a key that opens only with a passkey, which the certificate names by its fingerprint.
    pub fn prepare_activated(
        &self,
        profile: Profile,
        subject: &Subject,
        public_key_der: &[u8],
        serial: &Serial,
        validity: Validity,
        activated_by: &[u8; 32],
    ) -> Result<IssuanceToken, LintError> {
        let passkey = Some(activated_by);
        token::prepare(Some(self), profile, subject, public_key_der, serial, validity, passkey)
    }
}

/// Builds and lints a self-signed root for the key `public_key_der`.
pub fn prepare_root(
    subject: &Subject,
    public_key_der: &[u8],
    serial: &Serial,
    validity: Validity,
) -> Result<IssuanceToken, LintError> {
    token::prepare(None, Profile::Root, subject, public_key_der, serial, validity, None)
}

//! Certificate revocation lists, RFC 5280 §5.
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Certificate, Name, ParseError, Serial, SignError, Signer, VerifyError};

/// CRLReason (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub enum Reason {
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    RemoveFromCrl,
    PrivilegeWithdrawn,
    AaCompromise,
}

/// A revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// Its serial number.
    pub serial: Serial,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// A CRL as it was signed.
#[derive(Clone, Debug)]
pub struct Crl {
    der: Vec<u8>,
}

/// Signs a full CRL with cRLNumber `number` and the issuer's key identifier.
pub fn build(
    issuer: &Certificate,
    signer: &dyn Signer,
    number: u64,
    this_update: Timestamp,
    next_update: Timestamp,
    revoked: &[Revoked],
) -> Result<Crl, SignError> {
    let _ = (issuer, signer, number, this_update, next_update, revoked);
    todo!()
}

impl Crl {
    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
    /// The DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
    /// PEM, ending in a newline.
    pub fn to_pem(&self) -> String {
        todo!()
    }
    /// Who signed it.
    pub fn issuer(&self) -> &Name {
        todo!()
    }
    /// cRLNumber as hexadecimal, where present.
    pub fn number(&self) -> Option<u64> {
        todo!()
    }
    /// thisUpdate.
    pub fn this_update(&self) -> Timestamp {
        todo!()
    }
    /// nextUpdate, where present.
    pub fn next_update(&self) -> Option<Timestamp> {
        todo!()
    }
    /// The entry for `serial`.
    pub fn revoked(&self, serial: &Serial) -> Option<Revoked> {
        let _ = serial;
        todo!()
    }
    /// Checks the signature with the key of `issuer`.
    pub fn verify_signature(&self, issuer: &Certificate) -> Result<(), VerifyError> {
        let _ = issuer;
        todo!()
    }
}

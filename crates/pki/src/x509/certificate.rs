//! The certificate as it was signed.
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ExtendedKeyUsage, KeyUsage, Name};
use crate::{ParseError, VerifyError};

/// A certificate's serial number: the content octets of its INTEGER, shown in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// A positive serial number from 128 random bits.
    pub fn from_random(bits: [u8; 16]) -> Self {
        let _ = bits;
        todo!()
    }
    /// Reads hexadecimal, as [`Certificate::serial_hex`] gives it.
    pub fn from_hex(hex: &str) -> Result<Self, ParseError> {
        let _ = hex;
        todo!()
    }
    /// Lower-case hexadecimal without the sign octet.
    pub fn to_hex(&self) -> String {
        todo!()
    }
    /// Big-endian two's complement content octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// An X.509 certificate: the bytes it came in, and what was read from them. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
}

impl Certificate {
    /// Reads one DER certificate with nothing behind it.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
    /// Reads the first certificate of a PEM text.
    pub fn from_pem(pem: &str) -> Result<Self, ParseError> {
        let _ = pem;
        todo!()
    }
    /// Reads every certificate of a PEM text, in order.
    pub fn all_from_pem(pem: &str) -> Result<Vec<Self>, ParseError> {
        let _ = pem;
        todo!()
    }
    /// The DER bytes, as they came.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }
    /// PEM, ending in a newline.
    pub fn to_pem(&self) -> String {
        todo!()
    }
    /// The subject.
    pub fn subject(&self) -> &Name {
        todo!()
    }
    /// The subject's common name, or the whole subject where it has none.
    pub fn common_name(&self) -> String {
        todo!()
    }
    /// The issuer.
    pub fn issuer(&self) -> &Name {
        todo!()
    }
    /// The serial number.
    pub fn serial(&self) -> &Serial {
        todo!()
    }
    /// The serial number in lower-case hexadecimal.
    pub fn serial_hex(&self) -> String {
        self.serial().to_hex()
    }
    /// Start of validity.
    pub fn not_before(&self) -> Timestamp {
        todo!()
    }
    /// End of validity (inclusive).
    pub fn not_after(&self) -> Timestamp {
        todo!()
    }
    /// SubjectPublicKeyInfo, DER.
    pub fn public_key_der(&self) -> &[u8] {
        todo!()
    }
    /// SHA-256 of the DER bytes.
    pub fn fingerprint(&self) -> [u8; 32] {
        todo!()
    }
    /// Whether it is a CA certificate (basicConstraints cA).
    pub fn is_ca(&self) -> bool {
        todo!()
    }
    /// keyUsage, where present.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        todo!()
    }
    /// extKeyUsage, where present.
    pub fn extended_key_usage(&self) -> Option<&ExtendedKeyUsage> {
        todo!()
    }
    /// subjectKeyIdentifier, where present.
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        todo!()
    }
    /// URLs of cRLDistributionPoints.
    pub fn crl_urls(&self) -> Vec<String> {
        todo!()
    }
    /// URLs of the OCSP responders (authorityInfoAccess).
    pub fn ocsp_urls(&self) -> Vec<String> {
        todo!()
    }
    /// URLs of the issuer's certificate (authorityInfoAccess).
    pub fn ca_issuers_urls(&self) -> Vec<String> {
        todo!()
    }
    /// Whether subject and issuer are the same name and the key signed it itself.
    pub fn is_self_signed(&self) -> bool {
        todo!()
    }
    /// Checks the signature with the key of `issuer` (nothing else: see [`crate::path`]).
    pub fn verify_signature(&self, issuer: &Certificate) -> Result<(), VerifyError> {
        let _ = issuer;
        todo!()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}
impl Eq for Certificate {}
impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({} #{})", self.subject(), self.serial_hex())
    }
}

/// As PEM text.
impl Serialize for Certificate {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.to_pem())
    }
}
impl<'de> Deserialize<'de> for Certificate {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let pem = String::deserialize(d)?;
        Self::from_pem(&pem).map_err(serde::de::Error::custom)
    }
}

//! The certificate as it was signed (RFC 5280 §4.1).
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::extensions::{Extensions, GeneralName};
use super::{ExtendedKeyUsage, KeyUsage, Name, Serial};
use crate::der::{self, Reader, context, context_constructed};
use crate::verify::SignedBy;
use crate::{ParseError, SignatureAlgorithm, VerifyError, pem, sha256, time};

/// An X.509 certificate: the bytes it came in, and what was read from them. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    tbs: Range<usize>,
    public_key: Range<usize>,
    signature: Range<usize>,
    /// As read; an algorithm that is not handled is an error only when the signature is to be checked.
    signature_algorithm: Result<SignatureAlgorithm, ParseError>,
    serial: Serial,
    issuer: Name,
    subject: Name,
    not_before: Timestamp,
    not_after: Timestamp,
    version: u64,
    extensions: Extensions,
    fingerprint: OnceLock<[u8; 32]>,
    signed_by: SignedBy,
}

impl Certificate {
    /// Bytes that one certificate may have.
    const MAX_LEN: usize = 64 * 1024;

    /// Reads one DER certificate with nothing behind it.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        if der.len() > Self::MAX_LEN {
            return Err(ParseError::TooLarge { what: "certificate", limit: Self::MAX_LEN });
        }
        Ok(Self(Arc::new(read(der)?)))
    }

    /// Reads the first certificate of a PEM text.
    pub fn from_pem(pem: &str) -> Result<Self, ParseError> {
        Self::all_from_pem(pem)?.into_iter().next().ok_or(ParseError::malformed("certificate in PEM"))
    }

    /// Reads every certificate of a PEM text, in order.
    pub fn all_from_pem(pem: &str) -> Result<Vec<Self>, ParseError> {
        Self::each_from_pem(pem)?.into_iter().collect()
    }

    /// The same, each for itself: one that cannot be read is no obstacle to the others.
    ///
    /// # Errors
    /// Where the text is too long, or ends within a block.
    pub fn each_from_pem(pem: &str) -> Result<Vec<Result<Self, ParseError>>, ParseError> {
        let blocks = pem::each(pem, "CERTIFICATE")?;
        Ok(blocks.into_iter().map(|block| block.and_then(|der| Self::from_der(&der))).collect())
    }

    /// The DER bytes, as they came.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// PEM, ending in a newline.
    pub fn to_pem(&self) -> String {
        pem::write("CERTIFICATE", self.der())
    }

    /// The subject.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// The subject's common name, or the whole subject where it has none.
    pub fn common_name(&self) -> String {
        self.subject().common_name().map_or_else(|| self.subject().to_string(), str::to_owned)
    }

    /// The issuer.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// The serial number.
    pub fn serial(&self) -> &Serial {
        &self.0.serial
    }

    /// The serial number in lower-case hexadecimal.
    pub fn serial_hex(&self) -> String {
        self.serial().to_hex()
    }

    /// Start of validity.
    pub fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// End of validity (inclusive).
    pub fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// SubjectPublicKeyInfo, DER.
    pub fn public_key_der(&self) -> &[u8] {
        self.slice(&self.0.public_key)
    }

    /// SHA-256 of the DER bytes.
    pub fn fingerprint(&self) -> [u8; 32] {
        *self.0.fingerprint.get_or_init(|| sha256(self.der()))
    }

    /// Whether it is a CA certificate (basicConstraints cA).
    pub fn is_ca(&self) -> bool {
        self.0.extensions.basic_constraints.is_some_and(|b| b.ca)
    }

    /// keyUsage, where present.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.0.extensions.key_usage
    }

    /// extKeyUsage, where present.
    pub fn extended_key_usage(&self) -> Option<&ExtendedKeyUsage> {
        self.0.extensions.extended_key_usage.as_ref()
    }

    /// subjectKeyIdentifier, where present.
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.0.extensions.subject_key_id.as_deref()
    }

    /// The keyIdentifier of authorityKeyIdentifier, where present.
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.0.extensions.authority_key_id.as_deref()
    }

    /// URLs of cRLDistributionPoints.
    pub fn crl_urls(&self) -> Vec<String> {
        let names = self.0.extensions.distribution_points.iter().flat_map(|p| &p.names);
        names
            .filter_map(|name| match name {
                GeneralName::Uri(url) => Some(url.clone()),
                _ => None,
            })
            .collect()
    }

    /// URLs of the OCSP responders (authorityInfoAccess).
    pub fn ocsp_urls(&self) -> Vec<String> {
        self.0.extensions.ocsp_urls.clone()
    }

    /// URLs of the issuer's certificate (authorityInfoAccess).
    pub fn ca_issuers_urls(&self) -> Vec<String> {
        self.0.extensions.ca_issuers_urls.clone()
    }

    /// Dotted object identifiers of certificatePolicies.
    pub fn policies(&self) -> Vec<String> {
        self.0.extensions.policies.iter().flatten().map(|p| crate::oid::dotted(p)).collect()
    }

    /// Whether subject and issuer are the same name (self-issued; a self-signed certificate is).
    pub fn is_self_issued(&self) -> bool {
        self.subject().matches(self.issuer())
    }

    /// Whether it is self-issued and its own key signed it, be it with a weak algorithm.
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && matches!(self.verify_signature(self), Ok(()) | Err(VerifyError::Weak { .. }))
    }

    /// The fingerprint of the passkey that alone opens the key, where the certificate names one (1.3.6.1.4.1.99999.4.1).
    pub fn activated_by(&self) -> Option<&[u8; 32]> {
        self.0.extensions.activated_by.as_ref()
    }

    /// Whether it carries id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
    pub fn has_ocsp_no_check(&self) -> bool {
        self.0.extensions.ocsp_no_check
    }

    /// The algorithm it is signed with, where that is handled here.
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.signature_algorithm.as_ref().ok().copied()
    }

    /// Checks the signature with the key of `issuer` (nothing else: see [`crate::path`]).
    pub fn verify_signature(&self, issuer: &Certificate) -> Result<(), VerifyError> {
        let Inner { signed_by, signature_algorithm, signature, .. } = &*self.0;
        signed_by.verify(issuer.public_key_der(), signature_algorithm, self.tbs(), self.slice(signature))
    }

    pub(crate) fn tbs(&self) -> &[u8] {
        self.slice(&self.0.tbs)
    }

    pub(crate) fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// 0 = v1, 2 = v3.
    pub(crate) fn version(&self) -> u64 {
        self.0.version
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).expect("ranges were taken from these bytes")
    }
}

fn read(der: &[u8]) -> Result<Inner, ParseError> {
    const WHAT: &str = "certificate";
    let mut outer = Reader::new(der, WHAT);
    let mut certificate = outer.sequence()?;
    outer.finish()?;
    let tbs = certificate.expect(der::SEQUENCE)?;
    let algorithm = certificate.clone().expect(der::SEQUENCE)?.raw;
    let signature_algorithm = SignatureAlgorithm::read(&mut certificate, None);
    let signature = certificate.bit_string()?.value_range();
    certificate.finish()?;

    let mut fields = tbs.reader(WHAT);
    let version = match fields.optional(context_constructed(0))? {
        Some(explicit) => explicit.reader(WHAT).unsigned()?,
        None => 0,
    };
    if version > 2 {
        return Err(ParseError::Unsupported { what: "certificate version", found: version.to_string() });
    }
    let serial = Serial::from_content(fields.integer()?)?;
    // RFC 5280 §4.1.1.2: both identifiers are the same.
    if fields.expect(der::SEQUENCE)?.raw != algorithm {
        return Err(fields.error());
    }
    let issuer = Name::read(&mut fields)?;
    let mut validity = fields.sequence()?;
    let not_before = time::read(&mut validity)?;
    let not_after = time::read(&mut validity)?;
    validity.finish()?;
    let subject = Name::read(&mut fields)?;
    let public_key = fields.expect(der::SEQUENCE)?.raw_range();
    fields.optional(context(1))?;
    fields.optional(context(2))?;
    let extensions = match fields.optional(context_constructed(3))? {
        Some(explicit) if version == 2 => {
            let mut reader = explicit.reader("extensions");
            let extensions = Extensions::read(&mut reader)?;
            reader.finish()?;
            extensions
        }
        Some(_) => return Err(fields.error()),
        None => Extensions::default(),
    };
    fields.finish()?;
    Ok(Inner {
        tbs: tbs.raw_range(),
        der: der.to_vec(),
        public_key,
        signature,
        signature_algorithm,
        serial,
        issuer,
        subject,
        not_before,
        not_after,
        version,
        extensions,
        fingerprint: OnceLock::new(),
        signed_by: SignedBy::default(),
    })
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

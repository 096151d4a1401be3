//! CMS SignedData (RFC 5652) as PDF signatures and time-stamp tokens use it.
use jiff::Timestamp;

use crate::tsa::Token;
use crate::{Certificate, DigestAlgorithm, Name, ParseError, Serial, SignatureAlgorithm, VerifyError};

/// The signed attributes, encoded as the SET that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    der: Vec<u8>,
}

impl SignedAttributes {
    /// contentType, messageDigest and signing-certificate-v2; no signing-time (EN 319 142-1 §5.3).
    /// `message_digest` is the ByteRange's digest by `digest`.
    pub fn pades(digest: DigestAlgorithm, message_digest: &[u8], certificate: &Certificate) -> Self {
        let _ = (digest, message_digest, certificate);
        todo!()
    }
    /// Takes what [`SignedAttributes::der`] gave.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
    /// DER of the SET OF: the message to sign.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// Builds the ContentInfo of a detached signature. `chain` is embedded behind `certificate`.
pub fn build(
    attributes: &SignedAttributes,
    algorithm: SignatureAlgorithm,
    signature: &[u8],
    certificate: &Certificate,
    chain: &[Certificate],
    time_stamp: Option<&Token>,
) -> Vec<u8> {
    let _ = (attributes, algorithm, signature, certificate, chain, time_stamp);
    todo!()
}

/// A SignedData with exactly one SignerInfo, as it was received.
#[derive(Clone, Debug)]
pub struct SignedData {
    der: Vec<u8>,
}

impl SignedData {
    /// Reads a ContentInfo with nothing behind it.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
    /// Reads the value of a PDF `/Contents`: a ContentInfo padded with zero bytes.
    pub fn from_contents(contents: &[u8]) -> Result<Self, ParseError> {
        let _ = contents;
        todo!()
    }
    /// The ContentInfo's bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
    /// The certificates inside, in order; those that cannot be read are left out.
    pub fn certificates(&self) -> &[Certificate] {
        todo!()
    }
    /// eContentType, dotted.
    pub fn content_type(&self) -> &str {
        todo!()
    }
    /// eContent, where it is not detached.
    pub fn content(&self) -> Option<&[u8]> {
        todo!()
    }
    /// The digest algorithm of the SignerInfo.
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        todo!()
    }
    /// The signature algorithm of the SignerInfo.
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        todo!()
    }
    /// The signature value.
    pub fn signature(&self) -> &[u8] {
        todo!()
    }
    /// Issuer and serial number of the signer's certificate, where it is named so.
    pub fn signer_id(&self) -> Option<(&Name, &Serial)> {
        todo!()
    }
    /// messageDigest.
    pub fn message_digest(&self) -> Option<&[u8]> {
        todo!()
    }
    /// signing-time, where present.
    pub fn signing_time(&self) -> Option<Timestamp> {
        todo!()
    }
    /// Whether a signing-certificate or signing-certificate-v2 attribute is there.
    pub fn has_signing_certificate(&self) -> bool {
        todo!()
    }
    /// The dotted object identifiers of the signed attributes.
    pub fn signed_attribute_types(&self) -> Vec<String> {
        todo!()
    }
    /// The single value (DER) of a signed attribute.
    pub fn signed_attribute(&self, oid: &str) -> Option<&[u8]> {
        let _ = oid;
        todo!()
    }
    /// The time-stamp tokens over the signature value (id-aa-timeStampToken), DER each.
    pub fn signature_time_stamps(&self) -> Vec<&[u8]> {
        todo!()
    }
    /// The signer's certificate: inside, or among `others`.
    pub fn signer_certificate(&self, others: &[Certificate]) -> Option<Certificate> {
        let _ = others;
        todo!()
    }
    /// Checks the signature under `certificate` and that `content_digest` (by [`SignedData::digest_algorithm`]) is
    /// what was signed.
    pub fn verify(&self, certificate: &Certificate, content_digest: &[u8]) -> Result<(), VerifyError> {
        let _ = (certificate, content_digest);
        todo!()
    }
}

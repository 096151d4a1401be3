//! Signed attributes: RFC 5652 §11, RFC 5035, ETSI EN 319 122-1.
use jiff::Timestamp;

use super::SignaturePolicy;
use crate::der::{self, Reader};
use crate::{Certificate, DigestAlgorithm, ParseError, oid, time};

/// The signed attributes, encoded as the SET that is signed.
///
/// ```
/// use vermilion_pki::{Certificate, DigestAlgorithm, cms::SignedAttributes};
/// # fn example(certificate: &Certificate, byte_range_digest: &[u8]) {
/// let attributes = SignedAttributes::pades(DigestAlgorithm::Sha256, byte_range_digest, certificate);
/// assert_eq!(attributes.der()[0], 0x31); // a SET: this is the message to sign
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    der: Vec<u8>,
    digest: DigestAlgorithm,
    message_digest: Vec<u8>,
}

impl SignedAttributes {
    /// contentType, messageDigest and signing-certificate-v2; no signing-time (EN 319 142-1 §5.3: the time claimed
    /// stands in the signature dictionary). `message_digest` is the ByteRange's digest by `digest`, which is that of
    /// the signature algorithm ([`crate::SignatureAlgorithm::digest`]): verifiers hash the attributes with the one
    /// that SignerInfo names.
    pub fn pades(digest: DigestAlgorithm, message_digest: &[u8], certificate: &Certificate) -> Self {
        Self::pades_with(digest, message_digest, certificate, None)
    }

    /// As [`SignedAttributes::pades`], with signature-policy-identifier where there is a policy (PAdES-EPES,
    /// EN 319 142-1 §6.3 k).
    pub fn pades_with(
        digest: DigestAlgorithm,
        message_digest: &[u8],
        certificate: &Certificate,
        policy: Option<&SignaturePolicy>,
    ) -> Self {
        let mut attributes = vec![
            attribute(oid::CONTENT_TYPE, &der::oid(oid::CMS_DATA)),
            attribute(oid::MESSAGE_DIGEST, &der::octet_string(message_digest)),
            attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate_v2(certificate)),
        ];
        attributes.extend(policy.map(|policy| attribute(oid::SIGNATURE_POLICY, &policy.to_der())));
        Self { der: der::set_of(attributes), digest, message_digest: message_digest.to_vec() }
    }

    /// Takes what [`SignedAttributes::der`] gave. The length of messageDigest tells its algorithm.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(der, "signed attributes");
        let mut attributes = reader.expect(der::SET)?.reader("signed attributes");
        reader.finish()?;
        while !attributes.is_empty() {
            let mut attribute = attributes.sequence()?;
            if attribute.oid()? != oid::MESSAGE_DIGEST {
                continue;
            }
            let value =
                attribute.expect(der::SET)?.reader("signed attributes").expect(der::OCTET_STRING)?.value;
            let known = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
            let digest =
                known.into_iter().find(|d| d.output_len() == value.len()).ok_or_else(|| attribute.error())?;
            return Ok(Self { der: der.to_vec(), digest, message_digest: value.to_vec() });
        }
        Err(reader.error())
    }

    /// DER of the SET OF: the message to sign.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The digest of what is signed (RFC 5652 §11.2).
    pub fn message_digest(&self) -> &[u8] {
        &self.message_digest
    }

    /// The algorithm of messageDigest.
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.digest
    }
}

/// The attributes of a time-stamp token: as usual with signing-time.
pub(crate) fn tst_attributes(
    digest: DigestAlgorithm,
    tst_info: &[u8],
    certificate: &Certificate,
    at: Timestamp,
) -> SignedAttributes {
    let message_digest = digest.digest(tst_info);
    let der = der::set_of(vec![
        attribute(oid::CONTENT_TYPE, &der::oid(oid::TST_INFO)),
        attribute(oid::SIGNING_TIME, &time::write(at)),
        attribute(oid::MESSAGE_DIGEST, &der::octet_string(&message_digest)),
        attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate_v2(certificate)),
    ]);
    SignedAttributes { der, digest, message_digest }
}

pub(crate) fn attribute(oid: &[u8], value: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(oid), &der::tlv(der::SET, &[value])])
}

/// SigningCertificateV2 with one ESSCertIDv2: SHA-256 (the default, so not written) and no issuerSerial.
fn signing_certificate_v2(certificate: &Certificate) -> Vec<u8> {
    let id = der::sequence(&[&der::octet_string(&certificate.fingerprint())]);
    der::sequence(&[&der::sequence(&[&id])])
}

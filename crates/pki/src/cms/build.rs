//! Writing SignedData.
use super::SignedAttributes;
use super::attributes::attribute;
use crate::der::{self, context_constructed};
use crate::tsa::Token;
use crate::{Certificate, SignatureAlgorithm, oid};

/// Builds the ContentInfo of a detached signature. `chain` is embedded behind `certificate`; `time_stamp` becomes the
/// unsigned attribute signature-time-stamp (RFC 3161 appendix A).
///
/// The signer is named by issuer and serial number. Everything is joined from bytes at hand; nothing is parsed.
pub fn build(
    attributes: &SignedAttributes,
    algorithm: SignatureAlgorithm,
    signature: &[u8],
    certificate: &Certificate,
    chain: &[Certificate],
    time_stamp: Option<&Token>,
) -> Vec<u8> {
    let unsigned = time_stamp.map(|token| attribute(oid::SIGNATURE_TIME_STAMP, token.der()));
    let mut certificates = vec![certificate];
    certificates.extend(chain.iter().filter(|c| *c != certificate));
    assemble(&Parts {
        content_type: oid::CMS_DATA,
        content: None,
        attributes,
        algorithm,
        signature,
        signer: certificate,
        certificates: &certificates,
        unsigned: unsigned.as_deref(),
    })
}

pub(crate) struct Parts<'a> {
    pub(crate) content_type: &'a [u8],
    pub(crate) content: Option<&'a [u8]>,
    pub(crate) attributes: &'a SignedAttributes,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) signature: &'a [u8],
    pub(crate) signer: &'a Certificate,
    pub(crate) certificates: &'a [&'a Certificate],
    pub(crate) unsigned: Option<&'a [u8]>,
}

pub(crate) fn assemble(parts: &Parts<'_>) -> Vec<u8> {
    let digest = parts.attributes.digest_algorithm().identifier();
    let signer_info = signer_info(parts, &digest);
    let content = match parts.content {
        Some(bytes) => der::tlv(context_constructed(0), &[&der::octet_string(bytes)]),
        None => Vec::new(),
    };
    let certificates = certificate_set(parts.certificates);
    // RFC 5652 §5.1: version 3 where the content is not id-data.
    let version = if parts.content_type == oid::CMS_DATA { 1 } else { 3 };
    let signed_data = der::sequence(&[
        &der::unsigned_integer(version),
        &der::tlv(der::SET, &[&digest]),
        &der::sequence(&[&der::oid(parts.content_type), &content]),
        &certificates,
        &der::tlv(der::SET, &[&signer_info]),
    ]);
    der::sequence(&[&der::oid(oid::CMS_SIGNED_DATA), &der::tlv(context_constructed(0), &[&signed_data])])
}

/// `certificates [0] IMPLICIT`, in DER order; left out where there are none.
fn certificate_set(certificates: &[&Certificate]) -> Vec<u8> {
    if certificates.is_empty() {
        return Vec::new();
    }
    let mut encoded: Vec<&[u8]> = certificates.iter().map(|c| c.der()).collect();
    encoded.sort_unstable();
    encoded.dedup();
    der::tlv(context_constructed(0), &encoded)
}

fn signer_info(parts: &Parts<'_>, digest: &[u8]) -> Vec<u8> {
    let signer = parts.signer;
    // The SET that was signed, under the tag that SignerInfo gives it: [0] IMPLICIT (RFC 5652 §5.4).
    let mut attributes = parts.attributes.der().to_vec();
    if let Some(tag) = attributes.first_mut() {
        *tag = context_constructed(0);
    }
    let unsigned = match parts.unsigned {
        Some(attribute) => der::tlv(context_constructed(1), &[attribute]),
        None => Vec::new(),
    };
    der::sequence(&[
        &der::unsigned_integer(1),
        &der::sequence(&[signer.issuer().der(), &signer.serial().to_der()]),
        digest,
        &attributes,
        &parts.algorithm.identifier(),
        &der::octet_string(parts.signature),
        &unsigned,
    ])
}

//! The answering side (RFC 6960 §4.2).
use jiff::Timestamp;

use super::{CertId, Request, Status, request::nonce_extensions};
use crate::ca::{assemble, key_identifier};
use crate::der::{self, context, context_constructed};
use crate::{Certificate, Serial, SignError, Signer, oid, time};

/// Who answers, and for which issuer.
#[derive(Clone, Debug)]
pub struct Responder {
    /// The responder's certificate: of [`crate::ca::Profile::OcspResponder`], or the issuer's own.
    pub certificate: Certificate,
    /// The issuer of the certificates asked for.
    pub issuer: Certificate,
}

/// Answers `request`. `status` is asked for the serial numbers of this issuer only; foreign ones are `unknown`.
/// thisUpdate is `produced_at`; a nonce is repeated; the responder names itself by its key and encloses its
/// certificate.
pub fn respond(
    responder: &Responder,
    request: &Request,
    produced_at: Timestamp,
    next_update: Timestamp,
    status: &mut dyn FnMut(&Serial) -> Status,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignError> {
    if signer.public_key_der() != responder.certificate.public_key_der() {
        return Err(SignError::WrongKey);
    }
    let mut singles = Vec::new();
    for id in request.certificates() {
        let said = if id.names_issuer(&responder.issuer) { status(id.serial()) } else { Status::Unknown };
        singles.extend(single(id, said, produced_at, next_update));
    }
    let key_hash = key_identifier(signer.public_key_der()).map_err(|_| SignError::WrongKey)?;
    let extensions = request.raw_nonce().map(|nonce| nonce_extensions(1, nonce)).unwrap_or_default();
    let data = der::sequence(&[
        &der::tlv(context_constructed(2), &[&der::octet_string(&key_hash)]),
        &time::write_generalized(produced_at),
        &der::sequence(&[&singles]),
        &extensions,
    ]);
    let signature = signer.sign(&data)?;
    let signed = assemble(&data, signer.algorithm(), &signature);
    let delegated = responder.certificate != responder.issuer;
    let basic = if delegated { with_certificate(&signed, &responder.certificate) } else { signed };
    Ok(wrap(&basic))
}

/// BasicOCSPResponse with its optional last field.
fn with_certificate(signed: &[u8], certificate: &Certificate) -> Vec<u8> {
    let fields = der::header(signed).and_then(|(_, header, _)| signed.get(header..)).unwrap_or_default();
    let certificates = der::tlv(context_constructed(0), &[&der::sequence(&[certificate.der()])]);
    der::sequence(&[fields, &certificates])
}

/// OCSPResponse, successful.
pub(super) fn wrap(basic: &[u8]) -> Vec<u8> {
    let bytes = der::sequence(&[&der::oid(oid::OCSP_BASIC), &der::octet_string(basic)]);
    der::sequence(&[&der::tlv(der::ENUMERATED, &[&[0]]), &der::tlv(context_constructed(0), &[&bytes])])
}

fn single(id: &CertId, status: Status, this_update: Timestamp, next_update: Timestamp) -> Vec<u8> {
    let status = match status {
        Status::Good => der::tlv(context(0), &[]),
        Status::Revoked { at, reason } => {
            let reason = reason.map(|r| der::tlv(context_constructed(0), &[&r.to_der()])).unwrap_or_default();
            der::tlv(context_constructed(1), &[&time::write_generalized(at), &reason])
        }
        Status::Unknown => der::tlv(context(2), &[]),
    };
    let next_update = der::tlv(context_constructed(0), &[&time::write_generalized(next_update)]);
    der::sequence(&[id.der(), &status, &time::write_generalized(this_update), &next_update])
}

/// responseStatus other than `successful` (RFC 6960 §4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// malformedRequest
    MalformedRequest,
    /// internalError
    InternalError,
    /// tryLater
    TryLater,
    /// sigRequired
    SigRequired,
    /// unauthorized
    Unauthorized,
}

/// An unsigned error response.
pub fn failure(reason: Failure) -> Vec<u8> {
    let code = match reason {
        Failure::MalformedRequest => 1,
        Failure::InternalError => 2,
        Failure::TryLater => 3,
        Failure::SigRequired => 5,
        Failure::Unauthorized => 6,
    };
    der::sequence(&[&der::tlv(der::ENUMERATED, &[&[code]])])
}

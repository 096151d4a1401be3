//! The online certificate status protocol, RFC 6960.
use jiff::Timestamp;

use crate::crl::Reason;
use crate::{Certificate, DigestAlgorithm, ParseError, Serial, SignError, Signer, VerifyError};

/// Which certificate is asked for (RFC 6960 §4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertId {
    pub(crate) digest: DigestAlgorithm,
    pub(crate) issuer_name_hash: Vec<u8>,
    pub(crate) issuer_key_hash: Vec<u8>,
    pub(crate) serial: Serial,
}

impl CertId {
    /// The id of `certificate` under `issuer`.
    pub fn of(certificate: &Certificate, issuer: &Certificate, digest: DigestAlgorithm) -> Self {
        let _ = (certificate, issuer, digest);
        todo!()
    }
    /// Whether the hashes are those of `issuer`.
    pub fn names_issuer(&self, issuer: &Certificate) -> bool {
        let _ = issuer;
        todo!()
    }
    /// The serial number asked for.
    pub fn serial(&self) -> &Serial {
        &self.serial
    }
}

/// An OCSP request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub(crate) certificates: Vec<CertId>,
    pub(crate) nonce: Option<Vec<u8>>,
}

impl Request {
    /// Asks for one certificate.
    pub fn new(certificate: &Certificate, issuer: &Certificate, nonce: Option<&[u8]>) -> Self {
        let _ = (certificate, issuer, nonce);
        todo!()
    }
    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
    /// DER, unsigned.
    pub fn to_der(&self) -> Vec<u8> {
        todo!()
    }
    /// The certificates asked for.
    pub fn certificates(&self) -> &[CertId] {
        &self.certificates
    }
    /// The nonce's octets.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }
}

/// certStatus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Issued and not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why, where given.
        reason: Option<Reason>,
    },
    /// Not a certificate of this issuer.
    Unknown,
}

/// Who answers: a delegated responder's certificate and the issuer it answers for.
#[derive(Clone, Debug)]
pub struct Responder {
    /// The responder's certificate, with id-kp-OCSPSigning.
    pub certificate: Certificate,
    /// The issuer of the certificates asked for.
    pub issuer: Certificate,
}

/// Answers `request`. `status` is asked for the serial numbers of this issuer only; foreign ones are `unknown`.
pub fn respond(
    responder: &Responder,
    request: &Request,
    produced_at: Timestamp,
    next_update: Timestamp,
    status: &mut dyn FnMut(&Serial) -> Status,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignError> {
    let _ = (responder, request, produced_at, next_update, status, signer);
    todo!()
}

/// responseStatus other than `successful`.
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
    let _ = reason;
    todo!()
}

/// One answer of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleResponse {
    /// For which certificate.
    pub certificate: CertId,
    /// What is said.
    pub status: Status,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Option<Timestamp>,
}

/// A successful basic response, as it was signed.
#[derive(Clone, Debug)]
pub struct Response {
    der: Vec<u8>,
}

impl Response {
    /// Reads an OCSPResponse (or a bare BasicOCSPResponse).
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
    /// The OCSPResponse bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
    /// When it was made.
    pub fn produced_at(&self) -> Timestamp {
        todo!()
    }
    /// The answers.
    pub fn responses(&self) -> &[SingleResponse] {
        todo!()
    }
    /// The nonce's octets.
    pub fn nonce(&self) -> Option<&[u8]> {
        todo!()
    }
    /// The certificates inside.
    pub fn certificates(&self) -> &[Certificate] {
        todo!()
    }
    /// Checks the signature with the key of `responder` (not whether it may answer: see [`crate::path`]).
    pub fn verify_signature(&self, responder: &Certificate) -> Result<(), VerifyError> {
        let _ = responder;
        todo!()
    }
}

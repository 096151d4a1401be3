//! Time-stamps, RFC 3161 with the ESSCertIDv2 of RFC 5816.
use jiff::Timestamp;

use crate::cms::SignedData;
use crate::{Certificate, DigestAlgorithm, ParseError, SignError, Signer, VerifyError};

/// A time-stamp request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub(crate) imprint: Imprint,
    pub(crate) policy: Option<String>,
    pub(crate) nonce: Option<Vec<u8>>,
    pub(crate) cert_req: bool,
}

/// messageImprint: a digest and its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imprint {
    /// The hash function.
    pub algorithm: DigestAlgorithm,
    /// The digest.
    pub digest: Vec<u8>,
}

impl Request {
    /// Asks for a token over a SHA-256 digest, with the TSA's certificate inside.
    pub fn new(imprint: Imprint, nonce: Option<[u8; 16]>) -> Self {
        let _ = (imprint, nonce);
        todo!()
    }
    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
    /// DER.
    pub fn to_der(&self) -> Vec<u8> {
        todo!()
    }
    /// What is to be stamped.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }
    /// The nonce's INTEGER octets.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }
}

/// Who stamps.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The TSA's certificate.
    pub certificate: Certificate,
    /// The certificates above it, nearest first.
    pub chain: Vec<Certificate>,
    /// The policy written into tokens, a dotted object identifier.
    pub policy: String,
    /// How far genTime may be off, in milliseconds.
    pub accuracy_ms: u32,
}

/// PKIFailureInfo (RFC 3161 §2.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub enum Failure {
    BadAlg,
    BadRequest,
    BadDataFormat,
    TimeNotAvailable,
    UnacceptedPolicy,
    UnacceptedExtension,
    AddInfoNotAvailable,
    SystemFailure,
}

/// A TimeStampResp and what it says.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The response's DER.
    pub der: Vec<u8>,
    /// Why it was rejected, where it was.
    pub rejection: Option<Failure>,
}

impl Authority {
    /// Answers the DER request `request`; what cannot be stamped is rejected as RFC 3161 §2.4.2 says.
    pub fn respond(
        &self,
        request: &[u8],
        serial: [u8; 16],
        gen_time: Timestamp,
        signer: &dyn Signer,
    ) -> Result<Reply, SignError> {
        let _ = (request, serial, gen_time, signer);
        todo!()
    }
    /// A rejection.
    pub fn reject(failure: Failure, text: &str) -> Reply {
        let _ = (failure, text);
        todo!()
    }
}

/// A TimeStampResp that was received.
#[derive(Clone, Debug)]
pub enum Response {
    /// With a token.
    Granted(Token),
    /// Without.
    Rejected {
        /// PKIStatus.
        status: u8,
        /// The first failure bit set.
        failure: Option<Failure>,
    },
}

impl Response {
    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
}

/// A time-stamp token: a SignedData over a TSTInfo.
#[derive(Clone, Debug)]
pub struct Token {
    signed_data: SignedData,
}

impl Token {
    /// Reads the ContentInfo of a token.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let _ = der;
        todo!()
    }
    /// The ContentInfo's bytes.
    pub fn der(&self) -> &[u8] {
        self.signed_data.der()
    }
    /// The SignedData.
    pub fn signed_data(&self) -> &SignedData {
        &self.signed_data
    }
    /// genTime.
    pub fn gen_time(&self) -> Timestamp {
        todo!()
    }
    /// messageImprint.
    pub fn imprint(&self) -> &Imprint {
        todo!()
    }
    /// policy, dotted.
    pub fn policy(&self) -> &str {
        todo!()
    }
    /// serialNumber in hexadecimal.
    pub fn serial_hex(&self) -> String {
        todo!()
    }
    /// The nonce's INTEGER octets.
    pub fn nonce(&self) -> Option<&[u8]> {
        todo!()
    }
    /// Checks the token: signed by a certificate inside it or among `others` that the signing-certificate attribute
    /// names, over an imprint of `data`. The path of the returned certificate is the caller's to validate
    /// ([`crate::path::Purpose::TimeStamping`]).
    pub fn verify(&self, data: &[u8], others: &[Certificate]) -> Result<Certificate, VerifyError> {
        let _ = (data, others);
        todo!()
    }
    /// As [`Token::verify`], with the digest at hand (of the imprint's algorithm).
    pub fn verify_digest(&self, digest: &[u8], others: &[Certificate]) -> Result<Certificate, VerifyError> {
        let _ = (digest, others);
        todo!()
    }
}

//! OCSPResponse (RFC 6960 §4.2.1), read.
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use super::CertId;
use super::request::{nonce_octets, read_nonce};
use super::respond::wrap;
use crate::ca::key_identifier;
use crate::crl::Reason;
use crate::der::{self, Reader, Tlv, context, context_constructed};
use crate::verify::SignedBy;
use crate::{Certificate, Name, ParseError, SignatureAlgorithm, VerifyError, oid, time};

const WHAT: &str = "OCSPResponse";

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

/// A successful basic response, as it was signed. Cheap to clone.
#[derive(Clone)]
pub struct Response(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    basic: Vec<u8>,
    data: Range<usize>,
    signature: Range<usize>,
    algorithm: Result<SignatureAlgorithm, ParseError>,
    responder: ResponderId,
    produced_at: Timestamp,
    responses: Vec<SingleResponse>,
    nonce: Option<Vec<u8>>,
    certificates: Vec<Certificate>,
    signed_by: SignedBy,
}

enum ResponderId {
    Name(Name),
    KeyHash(Vec<u8>),
}

impl Response {
    const MAX_LEN: usize = 1024 * 1024;
    const MAX_RESPONSES: usize = 256;
    const MAX_CERTIFICATES: usize = 32;
    const MAX_NONCE: usize = 1024;

    /// Reads an OCSPResponse, or a bare BasicOCSPResponse (as some put into a DSS). One that is not `successful` is
    /// [`ParseError::Unsupported`] with its status.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        if der.len() > Self::MAX_LEN {
            return Err(ParseError::TooLarge { what: WHAT, limit: Self::MAX_LEN });
        }
        let mut outer = Reader::new(der, WHAT);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        if fields.peek() == Some(der::SEQUENCE) {
            return Ok(Self(Arc::new(read_basic(der, wrap(der))?)));
        }
        let status = fields.expect(der::ENUMERATED)?.value;
        if status != [0] {
            return Err(ParseError::Unsupported { what: "OCSP response status", found: hex::encode(status) });
        }
        let mut bytes = fields.expect(context_constructed(0))?.reader(WHAT).sequence()?;
        fields.finish()?;
        let kind = bytes.oid()?;
        if kind != oid::OCSP_BASIC {
            return Err(ParseError::Unsupported { what: "OCSP response type", found: oid::dotted(kind) });
        }
        let basic = bytes.expect(der::OCTET_STRING)?.value;
        bytes.finish()?;
        Ok(Self(Arc::new(read_basic(basic, der.to_vec())?)))
    }

    /// The OCSPResponse bytes.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// When it was made.
    pub fn produced_at(&self) -> Timestamp {
        self.0.produced_at
    }

    /// The answers.
    pub fn responses(&self) -> &[SingleResponse] {
        &self.0.responses
    }

    /// The nonce's octets.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.0.nonce.as_deref().map(nonce_octets)
    }

    /// The certificates inside; those that cannot be read are left out.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }

    /// Whether the responder id names this certificate.
    pub fn is_by(&self, responder: &Certificate) -> bool {
        match &self.0.responder {
            ResponderId::Name(name) => responder.subject().matches(name),
            ResponderId::KeyHash(hash) => {
                key_identifier(responder.public_key_der()).is_ok_and(|id| id == *hash)
            }
        }
    }

    /// The algorithm it is signed with, where that is handled here.
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.algorithm.as_ref().ok().copied()
    }

    /// Checks the signature with the key of `responder` (not whether it may answer: see [`crate::path`]).
    pub fn verify_signature(&self, responder: &Certificate) -> Result<(), VerifyError> {
        let Inner { signed_by, algorithm, data, signature, .. } = &*self.0;
        signed_by.verify(responder.public_key_der(), algorithm, self.slice(data), self.slice(signature))
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.0.basic.get(range.clone()).expect("ranges were taken from these bytes")
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Response({} of {})", self.0.responses.len(), self.0.produced_at)
    }
}

fn read_basic(basic: &[u8], der: Vec<u8>) -> Result<Inner, ParseError> {
    let mut outer = Reader::new(basic, WHAT);
    let mut fields = outer.sequence()?;
    outer.finish()?;
    let data = fields.expect(der::SEQUENCE)?;
    let algorithm = SignatureAlgorithm::read(&mut fields, None);
    let signature = fields.bit_string()?.value_range();
    let certificates = match fields.optional(context_constructed(0))? {
        Some(explicit) => read_certificates(&explicit)?,
        None => Vec::new(),
    };
    fields.finish()?;

    let mut tbs = data.reader(WHAT);
    let version = tbs.optional(context_constructed(0))?;
    if version.is_some_and(|v| v.reader(WHAT).unsigned() != Ok(0)) {
        return Err(tbs.error());
    }
    let responder = match tbs.optional(context_constructed(1))? {
        Some(name) => ResponderId::Name(Name::read(&mut name.reader(WHAT))?),
        None => {
            let key = tbs.expect(context_constructed(2))?;
            ResponderId::KeyHash(key.reader(WHAT).expect(der::OCTET_STRING)?.value.to_vec())
        }
    };
    let produced_at = time::read(&mut tbs)?;
    let mut list = tbs.sequence()?;
    let mut responses = Vec::new();
    while !list.is_empty() {
        if responses.len() == Response::MAX_RESPONSES {
            return Err(ParseError::TooLarge { what: WHAT, limit: Response::MAX_RESPONSES });
        }
        responses.push(read_single(&mut list)?);
    }
    let nonce = read_nonce(&mut tbs, 1, Response::MAX_NONCE)?;
    tbs.finish()?;
    Ok(Inner {
        data: data.raw_range(),
        der,
        basic: basic.to_vec(),
        signature,
        algorithm,
        responder,
        produced_at,
        responses,
        nonce,
        certificates,
        signed_by: SignedBy::default(),
    })
}

fn read_certificates(explicit: &Tlv<'_>) -> Result<Vec<Certificate>, ParseError> {
    let mut list = explicit.reader(WHAT).sequence()?;
    let mut out = Vec::new();
    while !list.is_empty() {
        if out.len() == Response::MAX_CERTIFICATES {
            return Err(ParseError::TooLarge { what: WHAT, limit: Response::MAX_CERTIFICATES });
        }
        out.extend(Certificate::from_der(list.next()?.raw).ok());
    }
    Ok(out)
}

fn read_single(list: &mut Reader<'_>) -> Result<SingleResponse, ParseError> {
    const GOOD: u8 = context(0);
    const REVOKED: u8 = context_constructed(1);
    const UNKNOWN: u8 = context(2);
    let mut fields = list.sequence()?;
    let certificate = CertId::read(&mut fields)?;
    let choice = fields.next()?;
    let status = match choice.tag {
        GOOD => Status::Good,
        REVOKED => {
            let mut info = choice.reader(WHAT);
            let at = time::read(&mut info)?;
            let reason = match info.optional(context_constructed(0))? {
                Some(reason) => Some(Reason::read(&mut reason.reader(WHAT))?),
                None => None,
            };
            info.finish()?;
            Status::Revoked { at, reason }
        }
        UNKNOWN => Status::Unknown,
        _ => return Err(fields.error()),
    };
    let this_update = time::read(&mut fields)?;
    let next_update = match fields.optional(context_constructed(0))? {
        Some(explicit) => Some(time::read(&mut explicit.reader(WHAT))?),
        None => None,
    };
    // singleExtensions: a critical one would change the answer's meaning.
    read_nonce(&mut fields, 1, Response::MAX_NONCE)?;
    fields.finish()?;
    Ok(SingleResponse { certificate, status, this_update, next_update })
}

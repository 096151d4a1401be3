//! The stamping side.
use jiff::Timestamp;

use super::{Failure, Request};
use crate::cms::{Parts, assemble, tst_attributes};
use crate::der::{self, context};
use crate::{Certificate, ParseError, Serial, SignError, Signer, oid, time};

/// Who stamps.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The TSA's certificate, of [`crate::ca::Profile::TimeStamping`].
    pub certificate: Certificate,
    /// The certificates above it, nearest first.
    pub chain: Vec<Certificate>,
    /// The policy written into tokens, a dotted object identifier.
    pub policy: String,
    /// How far genTime may be off, in milliseconds.
    pub accuracy_ms: u32,
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
    /// Bytes that a request may have.
    const MAX_REQUEST: usize = 4096;

    /// Answers the DER request `request`; what cannot be stamped is rejected as RFC 3161 §2.4.2 says:
    /// an unknown or weak digest `badAlg`, bytes that are no request `badDataFormat`, another version `badRequest`,
    /// another policy `unacceptedPolicy`, extensions `unacceptedExtension`.
    ///
    /// The caller persists `serial` (128 random bits) and the time before it sends the reply.
    pub fn respond(
        &self,
        request: &[u8],
        serial: [u8; 16],
        gen_time: Timestamp,
        signer: &dyn Signer,
    ) -> Result<Reply, SignError> {
        if signer.public_key_der() != self.certificate.public_key_der() {
            return Err(SignError::WrongKey);
        }
        let request = match self.accept(request) {
            Ok(request) => request,
            Err((failure, text)) => return Ok(Self::reject(failure, text)),
        };
        let tst_info = self.tst_info(&request, &Serial::from_random(serial), gen_time)?;
        let attributes = tst_attributes(signer.algorithm().digest(), &tst_info, &self.certificate, gen_time);
        let signature = signer.sign(attributes.der())?;
        let certificates: Vec<&Certificate> = if request.wants_certificates() {
            std::iter::once(&self.certificate).chain(&self.chain).collect()
        } else {
            Vec::new()
        };
        let token = assemble(&Parts {
            content_type: oid::TST_INFO,
            content: Some(&tst_info),
            attributes: &attributes,
            algorithm: signer.algorithm(),
            signature: &signature,
            signer: &self.certificate,
            certificates: &certificates,
            unsigned: None,
        });
        let granted = der::sequence(&[&der::unsigned_integer(0)]);
        Ok(Reply { der: der::sequence(&[&granted, &token]), rejection: None })
    }

    /// A rejection; `text` is for people, in English.
    pub fn reject(failure: Failure, text: &str) -> Reply {
        const REJECTION: u64 = 2;
        let text = der::sequence(&[&der::tlv(der::UTF8_STRING, &[text.as_bytes()])]);
        let info = der::sequence(&[&der::unsigned_integer(REJECTION), &text, &failure_bits(failure)]);
        Reply { der: der::sequence(&[&info]), rejection: Some(failure) }
    }

    fn accept(&self, request: &[u8]) -> Result<Request, (Failure, &'static str)> {
        if request.len() > Self::MAX_REQUEST {
            return Err((Failure::BadDataFormat, "the request is too long"));
        }
        let request = Request::from_der(request).map_err(|error| match error {
            ParseError::Unsupported { what: "digest algorithm", .. } => {
                (Failure::BadAlg, "the digest algorithm is not known")
            }
            ParseError::Unsupported { what: "TimeStampReq version", .. } => {
                (Failure::BadRequest, "only version 1 is answered")
            }
            ParseError::Unsupported { .. } => (Failure::UnacceptedExtension, "no extension is known"),
            _ => (Failure::BadDataFormat, "this is not a TimeStampReq"),
        })?;
        if request.imprint().algorithm.is_weak() {
            return Err((Failure::BadAlg, "SHA-1 is not stamped"));
        }
        if request.policy().is_some_and(|policy| policy != self.policy) {
            return Err((Failure::UnacceptedPolicy, "the policy is not one of this authority"));
        }
        Ok(request)
    }

    fn tst_info(
        &self,
        request: &Request,
        serial: &Serial,
        gen_time: Timestamp,
    ) -> Result<Vec<u8>, SignError> {
        let policy = oid::from_dotted(&self.policy).ok_or(SignError::Failed)?;
        let nonce = request.nonce().map(|octets| der::tlv(der::INTEGER, &[octets]));
        Ok(der::sequence(&[
            &der::unsigned_integer(1),
            &der::oid(&policy),
            &request.imprint().to_der(),
            &serial.to_der(),
            &time::write_generalized(gen_time),
            &self.accuracy(),
            &nonce.unwrap_or_default(),
        ]))
    }

    /// `Accuracy`; genTime is written to the second, so that a whole one is added.
    fn accuracy(&self) -> Vec<u8> {
        let seconds = der::unsigned_integer(u64::from(self.accuracy_ms / 1000) + 1);
        let millis = match self.accuracy_ms % 1000 {
            0 => Vec::new(),
            some => {
                let integer = der::unsigned_integer(u64::from(some));
                der::tlv(context(0), &[integer.get(2..).unwrap_or_default()])
            }
        };
        der::sequence(&[&seconds, &millis])
    }
}

/// PKIFailureInfo with one bit set.
fn failure_bits(failure: Failure) -> Vec<u8> {
    let (octet, bit) = (failure.bit() / 8, failure.bit() % 8);
    let mut octets = vec![0; octet];
    octets.push(0x80u8 >> bit);
    let unused = u8::try_from(7 - bit).unwrap_or(0);
    der::tlv(der::BIT_STRING, &[&[unused], &octets])
}

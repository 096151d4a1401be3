//! TimeStampResp, TSTInfo (RFC 3161 §2.4.2) and their check.
use std::fmt;

use jiff::Timestamp;

use super::{Imprint, Request};
use crate::cms::SignedData;
use crate::der::{self, Reader, context_constructed};
use crate::{Certificate, ParseError, VerifyError, oid, time};

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

impl Failure {
    const ALL: [Self; 8] = [
        Self::BadAlg,
        Self::BadRequest,
        Self::BadDataFormat,
        Self::TimeNotAvailable,
        Self::UnacceptedPolicy,
        Self::UnacceptedExtension,
        Self::AddInfoNotAvailable,
        Self::SystemFailure,
    ];

    /// Its bit in PKIFailureInfo.
    pub(crate) fn bit(self) -> usize {
        match self {
            Self::BadAlg => 0,
            Self::BadRequest => 2,
            Self::BadDataFormat => 5,
            Self::TimeNotAvailable => 14,
            Self::UnacceptedPolicy => 15,
            Self::UnacceptedExtension => 16,
            Self::AddInfoNotAvailable => 17,
            Self::SystemFailure => 25,
        }
    }

    fn from_bits(content: &[u8]) -> Option<Self> {
        let octets = content.get(1..)?;
        Self::ALL.into_iter().find(|failure| {
            let (octet, bit) = (failure.bit() / 8, failure.bit() % 8);
            octets.get(octet).is_some_and(|o| o & (0x80 >> bit) != 0)
        })
    }
}

/// `badAlg`: the standard's word.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{self:?}");
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase());
        f.write_str(&first.into_iter().chain(letters).collect::<String>())
    }
}

/// Why an authority gave no token: PKIStatusInfo (RFC 3161 §2.4.2). It says `badAlg: SHA-1 is not stamped`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// PKIStatus.
    pub status: u64,
    /// The first failure bit set, where given.
    pub failure: Option<Failure>,
    /// The authority's own words (PKIFreeText), on one line, without control characters and cut where they are long;
    /// empty where there are none.
    pub text: String,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.failure {
            Some(failure) => write!(f, "{failure}")?,
            None => write!(f, "status {}", self.status)?,
        }
        if self.text.is_empty() { Ok(()) } else { write!(f, ": {}", self.text) }
    }
}

/// A TimeStampResp that was received.
#[derive(Clone, Debug)]
pub enum Response {
    /// With a token.
    Granted(Box<Token>),
    /// Without.
    Rejected(Rejection),
}

impl Response {
    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        const WHAT: &str = "TimeStampResp";
        let mut outer = Reader::new(der, WHAT);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let mut info = fields.sequence()?;
        let status = info.unsigned()?;
        let text = info.optional(der::SEQUENCE)?.map(|text| free_text(&mut text.reader(WHAT)));
        let failure = info.optional(der::BIT_STRING)?.and_then(|bits| Failure::from_bits(bits.value));
        info.finish()?;
        // granted, grantedWithMods
        if status > 1 {
            return Ok(Self::Rejected(Rejection { status, failure, text: text.unwrap_or_default() }));
        }
        let token = fields.expect(der::SEQUENCE)?.raw;
        fields.finish()?;
        Ok(Self::Granted(Box::new(Token::from_der(token)?)))
    }
}

/// What a PKIFreeText says (RFC 4210 §5.1.1), fit for a message: others wrote it.
fn free_text(reader: &mut Reader<'_>) -> String {
    const LONGEST: usize = 300;
    let mut words = Vec::new();
    while let Ok(element) = reader.next() {
        let text = String::from_utf8_lossy(element.value).into_owned();
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        words.extend(plain.split_whitespace().map(str::to_owned));
    }
    let text = words.join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A time-stamp token: a SignedData over a TSTInfo.
#[derive(Clone, Debug)]
pub struct Token {
    signed_data: SignedData,
    policy: String,
    imprint: Imprint,
    serial: Vec<u8>,
    gen_time: Timestamp,
    nonce: Option<Vec<u8>>,
}

impl Token {
    /// Reads the ContentInfo of a token.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        Self::from_signed_data(SignedData::from_der(der)?)
    }

    /// Reads the `/Contents` of a document time-stamp: a token padded with zero bytes.
    pub fn from_contents(contents: &[u8]) -> Result<Self, ParseError> {
        Self::from_signed_data(SignedData::from_contents(contents)?)
    }

    /// Takes the SignedData of a token.
    pub fn from_signed_data(signed_data: SignedData) -> Result<Self, ParseError> {
        const WHAT: &str = "TSTInfo";
        if signed_data.content_type() != oid::dotted(oid::TST_INFO) {
            return Err(ParseError::Unsupported {
                what: "time-stamp token",
                found: signed_data.content_type(),
            });
        }
        let content = signed_data.content().ok_or(ParseError::malformed(WHAT))?;
        let mut outer = Reader::new(content, WHAT);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        if fields.unsigned()? != 1 {
            return Err(fields.error());
        }
        let policy = oid::dotted(fields.oid()?);
        let imprint = Imprint::read(&mut fields)?;
        let serial = fields.integer()?.to_vec();
        let gen_time = fields.expect(der::GENERALIZED_TIME)?;
        let gen_time = time::parse(&gen_time).ok_or_else(|| fields.error())?;
        fields.optional(der::SEQUENCE)?;
        fields.boolean_or_false()?;
        let nonce = match fields.peek() {
            Some(der::INTEGER) => Some(fields.integer()?.to_vec()),
            _ => None,
        };
        fields.optional(context_constructed(0))?;
        fields.optional(context_constructed(1))?;
        fields.finish()?;
        Ok(Self { policy, imprint, serial, gen_time, nonce, signed_data })
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
        self.gen_time
    }

    /// messageImprint.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// policy, dotted.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// serialNumber in hexadecimal.
    pub fn serial_hex(&self) -> String {
        hex::encode(self.serial.strip_prefix(&[0]).unwrap_or(&self.serial))
    }

    /// The nonce's INTEGER octets.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// Checks the token: signed by a certificate inside it or among `others` that the signing-certificate attribute
    /// names, over an imprint of `data`. The path of the returned certificate is the caller's to validate
    /// ([`crate::path::Purpose::TimeStamping`]).
    pub fn verify(&self, data: &[u8], others: &[Certificate]) -> Result<Certificate, VerifyError> {
        self.verify_digest(&self.imprint.algorithm.digest(data), others)
    }

    /// As [`Token::verify`], with the digest at hand (of the imprint's algorithm).
    pub fn verify_digest(&self, digest: &[u8], others: &[Certificate]) -> Result<Certificate, VerifyError> {
        if self.imprint.digest != digest {
            return Err(VerifyError::DigestMismatch);
        }
        // RFC 3161 §2.4.2: the attribute must be there; without it the certificate could be another one.
        if !self.signed_data.has_signing_certificate() {
            return Err(VerifyError::Attribute { attribute: "signing-certificate-v2" });
        }
        let certificate = self
            .signed_data
            .signer_certificate(others)
            .ok_or(VerifyError::Attribute { attribute: "signing-certificate-v2" })?;
        let content = self.signed_data.content().unwrap_or_default();
        self.signed_data.verify(&certificate, &self.signed_data.digest_algorithm().digest(content))?;
        if self.imprint.algorithm.is_weak() {
            return Err(VerifyError::Weak { algorithm: "SHA-1" });
        }
        Ok(certificate)
    }

    /// Whether the token answers `request`: same imprint, same nonce, and its policy if it asked for one (RFC 3161 §2.2).
    pub fn answers(&self, request: &Request) -> bool {
        self.imprint == *request.imprint()
            && self.nonce() == request.nonce()
            && request.policy().is_none_or(|policy| policy == self.policy)
    }
}

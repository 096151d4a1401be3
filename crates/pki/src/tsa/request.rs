//! TimeStampReq (RFC 3161 §2.4.1).
use crate::der::{self, Reader, context_constructed};
use crate::{DigestAlgorithm, ParseError, oid};

/// A time-stamp request.
///
/// ```
/// use vermilion_pki::{DigestAlgorithm, tsa::{Imprint, Request}};
/// let imprint = Imprint { algorithm: DigestAlgorithm::Sha256, digest: DigestAlgorithm::Sha256.digest(b"data") };
/// let request = Request::new(imprint, Some([7; 16]));
/// assert_eq!(Request::from_der(&request.to_der())?, request);
/// # Ok::<(), vermilion_pki::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    imprint: Imprint,
    policy: Option<String>,
    nonce: Option<Vec<u8>>,
    cert_req: bool,
}

/// messageImprint: a digest and its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imprint {
    /// The hash function.
    pub algorithm: DigestAlgorithm,
    /// The digest.
    pub digest: Vec<u8>,
}

impl Imprint {
    pub(crate) fn to_der(&self) -> Vec<u8> {
        der::sequence(&[&self.algorithm.identifier(), &der::octet_string(&self.digest)])
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut fields = reader.sequence()?;
        let algorithm = DigestAlgorithm::read(&mut fields)?;
        let digest = fields.expect(der::OCTET_STRING)?.value.to_vec();
        fields.finish()?;
        if digest.len() != algorithm.output_len() {
            return Err(ParseError::malformed("messageImprint"));
        }
        Ok(Self { algorithm, digest })
    }
}

impl Request {
    /// Octets that a nonce may have.
    const MAX_NONCE: usize = 64;

    /// Asks for a token with the TSA's certificates inside, by whatever policy the TSA has.
    pub fn new(imprint: Imprint, nonce: Option<[u8; 16]>) -> Self {
        let nonce = nonce.map(|bits| {
            let integer = der::integer(&bits);
            integer.get(2..).unwrap_or_default().to_vec()
        });
        Self { imprint, policy: None, nonce, cert_req: true }
    }

    /// Without certificates in the token.
    #[must_use]
    pub fn without_certificates(self) -> Self {
        Self { cert_req: false, ..self }
    }

    /// Asks for a token of this policy, a dotted object identifier; `None` where `policy` is none.
    #[must_use]
    pub fn with_policy(self, policy: &str) -> Option<Self> {
        oid::from_dotted(policy)?;
        Some(Self { policy: Some(policy.to_owned()), ..self })
    }

    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        const WHAT: &str = "TimeStampReq";
        let mut outer = Reader::new(der, WHAT);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let version = fields.unsigned()?;
        if version != 1 {
            return Err(ParseError::Unsupported { what: "TimeStampReq version", found: version.to_string() });
        }
        let imprint = Imprint::read(&mut fields)?;
        let policy = fields.optional(der::OID)?.map(|policy| oid::dotted(policy.value));
        let nonce = match fields.peek() {
            Some(der::INTEGER) => Some(fields.integer()?.to_vec()),
            _ => None,
        };
        if nonce.as_ref().is_some_and(|n| n.len() > Self::MAX_NONCE) {
            return Err(ParseError::TooLarge { what: "nonce", limit: Self::MAX_NONCE });
        }
        let cert_req = fields.boolean_or_false()?;
        if fields.peek() == Some(context_constructed(0)) {
            return Err(ParseError::Unsupported { what: "TimeStampReq", found: "extensions".to_owned() });
        }
        fields.finish()?;
        Ok(Self { imprint, policy, nonce, cert_req })
    }

    /// DER.
    pub fn to_der(&self) -> Vec<u8> {
        let policy = self.policy.as_deref().and_then(oid::from_dotted).map(|oid| der::oid(&oid));
        let nonce = self.nonce.as_ref().map(|octets| der::tlv(der::INTEGER, &[octets]));
        let cert_req = self.cert_req.then(|| der::boolean(true));
        der::sequence(&[
            &der::unsigned_integer(1),
            &self.imprint.to_der(),
            &policy.unwrap_or_default(),
            &nonce.unwrap_or_default(),
            &cert_req.unwrap_or_default(),
        ])
    }

    /// What is to be stamped.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// The policy asked for, dotted.
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }

    /// The nonce's INTEGER octets.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// Whether the token shall hold the TSA's certificate.
    pub fn wants_certificates(&self) -> bool {
        self.cert_req
    }
}

//! OCSPRequest (RFC 6960 §4.1).
use crate::ca::key_identifier;
use crate::der::{self, Reader, context_constructed};
use crate::public_key::public_key_octets;
use crate::x509::extensions;
use crate::{Certificate, DigestAlgorithm, ParseError, Serial, oid};

/// Which certificate is asked for (RFC 6960 §4.1.1).
#[derive(Clone, Debug)]
pub struct CertId {
    /// As it was written: responses repeat it octet for octet.
    der: Vec<u8>,
    digest: DigestAlgorithm,
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
    serial: Serial,
}

impl CertId {
    /// The id of `certificate` under `issuer`. SHA-1 is what every responder understands; it only names the issuer.
    pub fn of(certificate: &Certificate, issuer: &Certificate, digest: DigestAlgorithm) -> Self {
        let issuer_name_hash = digest.digest(issuer.subject().der());
        let issuer_key_hash = key_hash(issuer, digest).unwrap_or_default();
        let identifier = digest.identifier_with_null();
        let der = der::sequence(&[
            &identifier,
            &der::octet_string(&issuer_name_hash),
            &der::octet_string(&issuer_key_hash),
            &certificate.serial().to_der(),
        ]);
        Self { der, digest, issuer_name_hash, issuer_key_hash, serial: certificate.serial().clone() }
    }

    /// Whether the hashes are those of `issuer`.
    pub fn names_issuer(&self, issuer: &Certificate) -> bool {
        self.issuer_name_hash == self.digest.digest(issuer.subject().der())
            && key_hash(issuer, self.digest).is_ok_and(|hash| hash == self.issuer_key_hash)
    }

    /// Whether it is the id of `certificate` under `issuer`.
    pub fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.serial == *certificate.serial() && self.names_issuer(issuer)
    }

    /// The serial number asked for.
    pub fn serial(&self) -> &Serial {
        &self.serial
    }

    /// DER, as it was written.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let element = reader.expect(der::SEQUENCE)?;
        let mut fields = element.reader("CertID");
        let digest = DigestAlgorithm::read(&mut fields)?;
        let issuer_name_hash = fields.expect(der::OCTET_STRING)?.value.to_vec();
        let issuer_key_hash = fields.expect(der::OCTET_STRING)?.value.to_vec();
        let serial = Serial::from_content(fields.integer()?)?;
        fields.finish()?;
        Ok(Self { der: element.raw.to_vec(), digest, issuer_name_hash, issuer_key_hash, serial })
    }
}

impl PartialEq for CertId {
    fn eq(&self, other: &Self) -> bool {
        (self.digest, &self.issuer_name_hash, &self.issuer_key_hash, &self.serial)
            == (other.digest, &other.issuer_name_hash, &other.issuer_key_hash, &other.serial)
    }
}

impl Eq for CertId {}

/// Digest of the issuer's subjectPublicKey.
fn key_hash(issuer: &Certificate, digest: DigestAlgorithm) -> Result<Vec<u8>, ParseError> {
    if digest == DigestAlgorithm::Sha1 {
        return key_identifier(issuer.public_key_der());
    }
    Ok(digest.digest(public_key_octets(issuer.public_key_der())?))
}

/// An OCSP request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    certificates: Vec<CertId>,
    /// Content of the nonce extension, as it was written.
    nonce: Option<Vec<u8>>,
}

impl Request {
    const WHAT: &'static str = "OCSPRequest";
    /// Bytes, certificates and nonce octets (RFC 9654) that a request may have.
    const MAX_LEN: usize = 16 * 1024;
    const MAX_CERTIFICATES: usize = 32;
    const MAX_NONCE: usize = 130;

    /// Asks for one certificate.
    pub fn new(certificate: &Certificate, issuer: &Certificate, nonce: Option<&[u8]>) -> Self {
        let id = CertId::of(certificate, issuer, DigestAlgorithm::Sha1);
        Self { certificates: vec![id], nonce: nonce.map(der::octet_string) }
    }

    /// Reads DER. A signature, if there is one, is not looked at.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        if der.len() > Self::MAX_LEN {
            return Err(ParseError::TooLarge { what: Self::WHAT, limit: Self::MAX_LEN });
        }
        let mut outer = Reader::new(der, Self::WHAT);
        let mut request = outer.sequence()?;
        outer.finish()?;
        let mut tbs = request.sequence()?;
        request.optional(context_constructed(0))?;
        request.finish()?;
        if let Some(version) = tbs.optional(context_constructed(0))? {
            let version = version.reader(Self::WHAT).unsigned()?;
            if version != 0 {
                return Err(ParseError::Unsupported {
                    what: "OCSPRequest version",
                    found: version.to_string(),
                });
            }
        }
        tbs.optional(context_constructed(1))?;
        let mut list = tbs.sequence()?;
        let mut certificates = Vec::new();
        while !list.is_empty() {
            if certificates.len() == Self::MAX_CERTIFICATES {
                return Err(ParseError::TooLarge { what: Self::WHAT, limit: Self::MAX_CERTIFICATES });
            }
            let mut single = list.sequence()?;
            certificates.push(CertId::read(&mut single)?);
            single.optional(context_constructed(0))?;
            single.finish()?;
        }
        if certificates.is_empty() {
            return Err(list.error());
        }
        let nonce = read_nonce(&mut tbs, 2, Self::MAX_NONCE)?;
        tbs.finish()?;
        Ok(Self { certificates, nonce })
    }

    /// DER, unsigned.
    pub fn to_der(&self) -> Vec<u8> {
        let singles: Vec<u8> = self.certificates.iter().flat_map(|id| der::sequence(&[id.der()])).collect();
        let extensions = self.nonce.as_deref().map(|nonce| nonce_extensions(2, nonce)).unwrap_or_default();
        der::sequence(&[&der::sequence(&[&der::sequence(&[&singles]), &extensions])])
    }

    /// The certificates asked for.
    pub fn certificates(&self) -> &[CertId] {
        &self.certificates
    }

    /// The nonce's octets.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref().map(nonce_octets)
    }

    /// Content of the nonce extension, as it was written.
    pub(super) fn raw_nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }
}

/// The octets inside the extension's OCTET STRING, or all of it where a client left that out.
pub(super) fn nonce_octets(raw: &[u8]) -> &[u8] {
    let mut reader = Reader::new(raw, "nonce");
    match reader.expect(der::OCTET_STRING) {
        Ok(octets) if reader.is_empty() => octets.value,
        _ => raw,
    }
}

/// `[tag] EXPLICIT Extensions` with the nonce.
pub(super) fn nonce_extensions(tag: u8, nonce: &[u8]) -> Vec<u8> {
    let list = der::sequence(&[&extensions::write(oid::OCSP_NONCE, false, nonce)]);
    der::tlv(context_constructed(tag), &[&list])
}

/// The nonce of `[tag] EXPLICIT Extensions`, if that is next. A critical extension that is not known is refused.
pub(super) fn read_nonce(
    reader: &mut Reader<'_>,
    tag: u8,
    limit: usize,
) -> Result<Option<Vec<u8>>, ParseError> {
    let Some(explicit) = reader.optional(context_constructed(tag))? else { return Ok(None) };
    let mut list = explicit.reader("OCSP extensions");
    let mut nonce = None;
    for extension in extensions::read_list(&mut list)? {
        if extension.oid == oid::OCSP_NONCE {
            if extension.value.value.len() > limit {
                return Err(ParseError::TooLarge { what: "nonce", limit });
            }
            nonce = Some(extension.value.value.to_vec());
        } else if extension.critical {
            return Err(ParseError::Unsupported {
                what: "OCSP extension",
                found: oid::dotted(extension.oid),
            });
        }
    }
    list.finish()?;
    Ok(nonce)
}

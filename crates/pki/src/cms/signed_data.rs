//! Reading SignedData.
use std::iter;
use std::ops::Range;

use jiff::Timestamp;

use crate::der::{self, Reader, Tlv, context, context_constructed};
use crate::{
    Certificate, DigestAlgorithm, Name, ParseError, Serial, SignatureAlgorithm, VerifyError, ber, oid, time,
    verify,
};

const WHAT: &str = "SignedData";

/// A SignedData with exactly one SignerInfo, as it was received.
///
/// Strict where a verdict depends on it: one SignerInfo, one value in each attribute that is judged, the signature
/// checked over the bytes that came. Tolerant where it does not: certificates that cannot be read are left out,
/// other certificate forms are passed over, an outer BER encoding with indefinite lengths is understood.
#[derive(Clone, Debug)]
pub struct SignedData {
    der: Vec<u8>,
    content_type: Vec<u8>,
    content: Option<Range<usize>>,
    certificates: Vec<Certificate>,
    /// `crls [1]`, read when asked for.
    crls: Option<Range<usize>>,
    sid: SignerId,
    digest: DigestAlgorithm,
    algorithm: SignatureAlgorithm,
    signature: Range<usize>,
    /// `[0] IMPLICIT SET OF`, as it stands in SignerInfo.
    signed_attributes: Option<Range<usize>>,
    attributes: Vec<Attribute>,
    unsigned: Vec<Attribute>,
}

#[derive(Clone, Debug)]
enum SignerId {
    IssuerSerial(Name, Serial),
    KeyId(Vec<u8>),
}

#[derive(Clone, Debug)]
struct Attribute {
    oid: Vec<u8>,
    values: Vec<Range<usize>>,
}

impl SignedData {
    /// Bytes that one SignedData may have.
    const MAX_LEN: usize = 16 * 1024 * 1024;
    const MAX_CERTIFICATES: usize = 64;
    const MAX_ATTRIBUTES: usize = 64;
    const MAX_VALUES: usize = 64;

    /// Reads a ContentInfo with nothing behind it.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let (data, rest) = Self::split(der)?;
        if rest.is_empty() { Ok(data) } else { Err(ParseError::malformed(WHAT)) }
    }

    /// Reads the value of a PDF `/Contents`: a ContentInfo padded with zero bytes.
    pub fn from_contents(contents: &[u8]) -> Result<Self, ParseError> {
        let (data, rest) = Self::split(contents)?;
        if rest.iter().all(|b| *b == 0) { Ok(data) } else { Err(ParseError::malformed(WHAT)) }
    }

    /// The ContentInfo's bytes (without padding; in DER where it came with indefinite lengths).
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificates inside, in order; those that cannot be read are left out.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// `crls [1]`, as it stands.
    pub(super) fn crls(&self) -> Option<&[u8]> {
        self.crls.as_ref().map(|range| self.slice(range))
    }

    /// eContentType, dotted.
    pub fn content_type(&self) -> String {
        oid::dotted(&self.content_type)
    }

    /// eContent, where it is not detached.
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_ref().map(|range| self.slice(range))
    }

    /// The digest algorithm of the SignerInfo.
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.digest
    }

    /// The signature algorithm of the SignerInfo.
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The signature value.
    pub fn signature(&self) -> &[u8] {
        self.slice(&self.signature)
    }

    /// Issuer and serial number of the signer's certificate, where it is named so.
    pub fn signer_id(&self) -> Option<(&Name, &Serial)> {
        match &self.sid {
            SignerId::IssuerSerial(name, serial) => Some((name, serial)),
            SignerId::KeyId(_) => None,
        }
    }

    /// messageDigest.
    pub fn message_digest(&self) -> Option<&[u8]> {
        let value = self.single(oid::MESSAGE_DIGEST)?;
        Reader::new(value, WHAT).expect(der::OCTET_STRING).ok().map(|v| v.value)
    }

    /// signing-time, where present.
    pub fn signing_time(&self) -> Option<Timestamp> {
        time::read(&mut Reader::new(self.single(oid::SIGNING_TIME)?, WHAT)).ok()
    }

    /// Whether a signing-certificate or signing-certificate-v2 attribute is there.
    pub fn has_signing_certificate(&self) -> bool {
        self.attributes
            .iter()
            .any(|a| a.oid == oid::SIGNING_CERTIFICATE || a.oid == oid::SIGNING_CERTIFICATE_V2)
    }

    /// The dotted object identifiers of the unsigned attributes.
    pub fn unsigned_attribute_types(&self) -> Vec<String> {
        self.unsigned.iter().map(|a| oid::dotted(&a.oid)).collect()
    }

    /// The dotted object identifiers of the signed attributes.
    pub fn signed_attribute_types(&self) -> Vec<String> {
        self.attributes.iter().map(|a| oid::dotted(&a.oid)).collect()
    }

    /// The single value (DER) of a signed attribute.
    pub fn signed_attribute(&self, oid: &str) -> Option<&[u8]> {
        self.single(&oid::from_dotted(oid)?)
    }

    /// The time-stamp tokens over the signature value (id-aa-timeStampToken), DER each. There may be several, by
    /// several authorities.
    pub fn signature_time_stamps(&self) -> Vec<&[u8]> {
        self.values(&self.unsigned, oid::SIGNATURE_TIME_STAMP)
    }

    /// All values of all attributes of a type among signed ones.
    pub(super) fn signed_values(&self, oid: &[u8]) -> Vec<&[u8]> {
        self.values(&self.attributes, oid)
    }

    fn values<'a>(&'a self, attributes: &'a [Attribute], oid: &[u8]) -> Vec<&'a [u8]> {
        let attributes = attributes.iter().filter(|a| a.oid == oid);
        attributes.flat_map(|a| &a.values).map(|range| self.slice(range)).collect()
    }

    /// The signer's certificate: inside, or among `others`. Where a signing-certificate attribute is there, it is the
    /// one that the attribute names.
    pub fn signer_certificate(&self, others: &[Certificate]) -> Option<Certificate> {
        let mut candidates = self.certificates.iter().chain(others).filter(|c| self.names(c));
        let first = candidates.next()?;
        let named = iter::once(first).chain(candidates).find(|c| self.check_signing_certificate(c).is_ok());
        Some(named.unwrap_or(first).clone())
    }

    /// Checks that SignerInfo names `certificate`, that the signature verifies under its key, and that
    /// `content_digest` (by [`SignedData::digest_algorithm`]) is what was signed. Where attributes are signed:
    /// contentType agrees, messageDigest is `content_digest`, and signing-certificate(-v2), if there, names
    /// `certificate` (RFC 5652 §5.4, §5.6, RFC 5035).
    pub fn verify(&self, certificate: &Certificate, content_digest: &[u8]) -> Result<(), VerifyError> {
        if !self.names(certificate) {
            return Err(VerifyError::Attribute { attribute: "sid" });
        }
        let Some(range) = &self.signed_attributes else {
            // RFC 5652 §5.3: without attributes the value is over the content itself, which must then be plain data.
            if self.content_type != oid::CMS_DATA {
                return Err(VerifyError::Attribute { attribute: "messageDigest" });
            }
            // What is signed here is the digest that the signature algorithm names.
            if self.digest != self.algorithm.digest() {
                return Err(VerifyError::DigestMismatch);
            }
            let key = certificate.public_key_der();
            return verify::verify_digest(key, self.algorithm, content_digest, self.signature());
        };
        if self.single(oid::CONTENT_TYPE) != Some(der::oid(&self.content_type).as_slice()) {
            return Err(VerifyError::Attribute { attribute: "contentType" });
        }
        let signed = self.message_digest().ok_or(VerifyError::Attribute { attribute: "messageDigest" })?;
        if signed != content_digest {
            return Err(VerifyError::DigestMismatch);
        }
        self.check_signing_certificate(certificate)?;
        // The original bytes, under the tag of SET.
        let mut message = self.slice(range).to_vec();
        if let Some(tag) = message.first_mut() {
            *tag = der::SET;
        }
        verify(certificate.public_key_der(), self.algorithm, &message, self.signature())?;
        if self.digest.is_weak() {
            return Err(VerifyError::Weak { algorithm: "SHA-1" });
        }
        Ok(())
    }

    /// Whether SignerIdentifier names `certificate`.
    fn names(&self, certificate: &Certificate) -> bool {
        match &self.sid {
            SignerId::IssuerSerial(name, serial) => {
                certificate.serial() == serial && certificate.issuer().matches(name)
            }
            SignerId::KeyId(id) => certificate.subject_key_id() == Some(id),
        }
    }

    /// signing-certificate(-v2), if there, names `certificate` first.
    fn check_signing_certificate(&self, certificate: &Certificate) -> Result<(), VerifyError> {
        for (attribute, name, default) in [
            (oid::SIGNING_CERTIFICATE_V2, "signing-certificate-v2", DigestAlgorithm::Sha256),
            (oid::SIGNING_CERTIFICATE, "signing-certificate", DigestAlgorithm::Sha1),
        ] {
            if !self.attributes.iter().any(|a| a.oid == attribute) {
                continue;
            }
            let named = self.single(attribute).and_then(|v| first_certificate_hash(v, default).ok());
            let agrees = named.is_some_and(|(algorithm, hash)| {
                if algorithm == DigestAlgorithm::Sha256 {
                    hash == certificate.fingerprint()
                } else {
                    hash == algorithm.digest(certificate.der())
                }
            });
            if !agrees {
                return Err(VerifyError::Attribute { attribute: name });
            }
        }
        Ok(())
    }

    /// The value of a signed attribute that is there once, with one value.
    pub(super) fn single(&self, oid: &[u8]) -> Option<&[u8]> {
        let mut found = self.attributes.iter().filter(|a| a.oid == oid);
        match (found.next(), found.next()) {
            (Some(attribute), None) => match attribute.values.as_slice() {
                [only] => Some(self.slice(only)),
                _ => None,
            },
            _ => None,
        }
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.der.get(range.clone()).expect("ranges were taken from these bytes")
    }

    /// The first ContentInfo of `bytes`, and what is behind it.
    fn split(bytes: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        if bytes.len() > Self::MAX_LEN {
            return Err(ParseError::TooLarge { what: WHAT, limit: Self::MAX_LEN });
        }
        let mut reader = Reader::new(bytes, WHAT);
        match reader.expect(der::SEQUENCE) {
            Ok(element) => match Self::read(element.raw) {
                Ok(data) => Ok((data, reader.rest())),
                // Indefinite lengths may also stand deeper.
                Err(error) => match ber::to_der(element.raw) {
                    Some((der, _)) if der != element.raw => Ok((Self::read(&der)?, reader.rest())),
                    _ => Err(error),
                },
            },
            Err(error) => {
                let (der, rest) = ber::to_der(bytes).ok_or(error)?;
                Ok((Self::read(&der)?, rest))
            }
        }
    }

    fn read(der: &[u8]) -> Result<Self, ParseError> {
        let mut content_info = Reader::new(der, WHAT).sequence()?;
        if content_info.oid()? != oid::CMS_SIGNED_DATA {
            return Err(content_info.error());
        }
        let mut explicit = content_info.expect(context_constructed(0))?.reader(WHAT);
        content_info.finish()?;
        let mut fields = explicit.sequence()?;
        explicit.finish()?;
        fields.unsigned()?;
        fields.expect(der::SET)?;
        let mut encapsulated = fields.sequence()?;
        let content_type = encapsulated.oid()?.to_vec();
        let content = match encapsulated.optional(context_constructed(0))? {
            Some(explicit) => Some(explicit.reader(WHAT).expect(der::OCTET_STRING)?.value_range()),
            None => None,
        };
        encapsulated.finish()?;
        let certificates = match fields.optional(context_constructed(0))? {
            Some(set) => read_certificates(&set)?,
            None => Vec::new(),
        };
        let crls = fields.optional(context_constructed(1))?.map(|set| set.raw_range());
        let mut infos = fields.expect(der::SET)?.reader(WHAT);
        fields.finish()?;
        let info = infos.expect(der::SEQUENCE)?;
        infos.finish()?;
        read_signer_info(
            &info,
            Self {
                der: der.to_vec(),
                content_type,
                content,
                certificates,
                crls,
                sid: SignerId::KeyId(Vec::new()),
                digest: DigestAlgorithm::Sha256,
                algorithm: SignatureAlgorithm::Ed25519,
                signature: 0..0,
                signed_attributes: None,
                attributes: Vec::new(),
                unsigned: Vec::new(),
            },
        )
    }
}

fn read_signer_info(info: &Tlv<'_>, mut data: SignedData) -> Result<SignedData, ParseError> {
    let mut fields = info.reader("SignerInfo");
    fields.unsigned()?;
    data.sid = match fields.optional(context(0))? {
        Some(id) => SignerId::KeyId(id.value.to_vec()),
        None => {
            let mut pair = fields.sequence()?;
            let name = Name::read(&mut pair)?;
            let serial = Serial::from_content(pair.integer()?)?;
            pair.finish()?;
            SignerId::IssuerSerial(name, serial)
        }
    };
    data.digest = DigestAlgorithm::read(&mut fields)?;
    if let Some(attributes) = fields.optional(context_constructed(0))? {
        data.signed_attributes = Some(attributes.raw_range());
        data.attributes = read_attributes(&attributes)?;
    }
    data.algorithm = SignatureAlgorithm::read(&mut fields, Some(data.digest))?;
    data.signature = fields.expect(der::OCTET_STRING)?.value_range();
    if let Some(unsigned) = fields.optional(context_constructed(1))? {
        data.unsigned = read_attributes(&unsigned)?;
    }
    fields.finish()?;
    Ok(data)
}

pub(super) fn read_certificates(set: &Tlv<'_>) -> Result<Vec<Certificate>, ParseError> {
    let mut reader = set.reader(WHAT);
    let mut out = Vec::new();
    while !reader.is_empty() {
        let choice = reader.next()?;
        if choice.tag != der::SEQUENCE {
            continue;
        }
        if out.len() == SignedData::MAX_CERTIFICATES {
            return Err(ParseError::TooLarge { what: "certificates", limit: SignedData::MAX_CERTIFICATES });
        }
        if let Ok(certificate) = Certificate::from_der(choice.raw) {
            out.push(certificate);
        }
    }
    Ok(out)
}

fn read_attributes(set: &Tlv<'_>) -> Result<Vec<Attribute>, ParseError> {
    let mut reader = set.reader("attributes");
    let mut out = Vec::new();
    while !reader.is_empty() {
        if out.len() == SignedData::MAX_ATTRIBUTES {
            return Err(ParseError::TooLarge { what: "attributes", limit: SignedData::MAX_ATTRIBUTES });
        }
        let mut attribute = reader.sequence()?;
        let oid = attribute.oid()?.to_vec();
        let mut set = attribute.expect(der::SET)?.reader("attributes");
        attribute.finish()?;
        let mut values = Vec::new();
        while !set.is_empty() {
            if values.len() == SignedData::MAX_VALUES {
                return Err(ParseError::TooLarge { what: "attribute values", limit: SignedData::MAX_VALUES });
            }
            values.push(set.next()?.raw_range());
        }
        out.push(Attribute { oid, values });
    }
    Ok(out)
}

/// The hash of the first ESSCertID(v2): that of the signer's certificate (RFC 5035 §3).
fn first_certificate_hash(
    value: &[u8],
    default: DigestAlgorithm,
) -> Result<(DigestAlgorithm, Vec<u8>), ParseError> {
    let mut id = Reader::new(value, "signing-certificate").sequence()?.sequence()?.sequence()?;
    let algorithm = if id.peek() == Some(der::SEQUENCE) { DigestAlgorithm::read(&mut id)? } else { default };
    Ok((algorithm, id.expect(der::OCTET_STRING)?.value.to_vec()))
}

//! Requests for certificates, PKCS #10 (RFC 2986), and what an authority wants in them (RFC 7030 §4.5.2).
use crate::der::{self, Reader, context_constructed};
use crate::verify::SignedBy;
use crate::{
    Certificate, DigestAlgorithm, KeyAlgorithm, Name, ParseError, SignError, SignatureAlgorithm, Signer,
    VerifyError, oid, pem, public_key_algorithm,
};

use super::{Profile, Subject, assemble};
use crate::x509::extensions;

const WHAT: &str = "CertificationRequest";
const MAX_LEN: usize = 64 * 1024;

/// A request for a certificate, as it was signed: who asks, for which key, and that they hold it.
///
/// ```
/// use vermilion_pki::{KeyAlgorithm, SoftwareSigner, ca::*};
/// let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// let subject = Subject { common_name: "Example Issuing CA".into(), ..Subject::default() };
/// let request = CertificationRequest::sign(&subject, Profile::Issuing, &key)?;
/// let read = CertificationRequest::from_pem(&request.to_pem())?;
/// read.verify()?;
/// assert_eq!(read.subject().common_name(), Some("Example Issuing CA"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CertificationRequest {
    der: Vec<u8>,
    info: Vec<u8>,
    subject: Name,
    public_key: Vec<u8>,
    extensions: Vec<String>,
    algorithm: Result<SignatureAlgorithm, ParseError>,
    signature: Vec<u8>,
}

impl CertificationRequest {
    /// The CertificationRequestInfo to be signed by the key that is to be certified. It asks, as an extensionRequest
    /// (RFC 2985 §5.4.2), for the key usage, purpose and constraints of `profile`.
    pub fn info(subject: &Subject, profile: Profile, public_key_der: &[u8]) -> Vec<u8> {
        Self::info_activated(subject, profile, public_key_der, None)
    }

    /// The same where the certificate is to name the passkey by which alone the key opens: its fingerprint.
    pub fn info_activated(
        subject: &Subject,
        profile: Profile,
        public_key_der: &[u8],
        activated_by: Option<&[u8; 32]>,
    ) -> Vec<u8> {
        let attributes = attributes(profile, activated_by);
        der::sequence(&[&der::unsigned_integer(0), subject.to_name().der(), public_key_der, &attributes])
    }

    /// What stands before and behind the public key in [`CertificationRequest::info`], for a device that makes its key
    /// itself: the SubjectPublicKeyInfo has this many bytes.
    pub fn info_around(subject: &Subject, profile: Profile, public_key_len: usize) -> (Vec<u8>, Vec<u8>) {
        let mut before = Self::info(subject, profile, &vec![0; public_key_len]);
        let behind = attributes(profile, None);
        before.truncate(before.len().saturating_sub(behind.len() + public_key_len));
        (before, behind)
    }

    /// The request that `info` and the signature over it make.
    ///
    /// # Errors
    /// Where they do not, or the signature is wrong.
    pub fn from_parts(
        info: &[u8],
        algorithm: SignatureAlgorithm,
        signature: &[u8],
    ) -> Result<Self, SignError> {
        let request = Self::from_der(&assemble(info, algorithm, signature)).map_err(|_| SignError::Failed)?;
        request.verify().map_err(|_| SignError::WrongKey)?;
        Ok(request)
    }

    /// Makes a request with the key at hand.
    ///
    /// # Errors
    /// Where the key fails.
    pub fn sign(subject: &Subject, profile: Profile, signer: &dyn Signer) -> Result<Self, SignError> {
        let info = Self::info(subject, profile, signer.public_key_der());
        Self::from_parts(&info, signer.algorithm(), &signer.sign(&info)?)
    }

    /// Asks for a certificate in place of `certificate`, for another key: subject and alternative names are its own, byte for
    /// byte (RFC 7030 §4.2.2).
    ///
    /// # Errors
    /// Where the key fails.
    pub fn renewal(certificate: &Certificate, signer: &dyn Signer) -> Result<Self, SignError> {
        let names = certificate.extensions().subject_alt_name.as_ref();
        let names = names.map(|(critical, value)| extensions::write(oid::SUBJECT_ALT_NAME, *critical, value));
        let attributes = match names {
            Some(names) => wanting(&[&names]),
            None => der::tlv(context_constructed(0), &[]),
        };
        let subject = certificate.subject().der();
        let info = der::sequence(&[&der::unsigned_integer(0), subject, signer.public_key_der(), &attributes]);
        Self::from_parts(&info, signer.algorithm(), &signer.sign(&info)?)
    }

    /// Reads DER.
    ///
    /// # Errors
    /// Where it is none.
    pub fn from_der(bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.len() > MAX_LEN {
            return Err(ParseError::TooLarge { what: WHAT, limit: MAX_LEN });
        }
        let mut outer = Reader::new(bytes, WHAT);
        let mut request = outer.sequence()?;
        outer.finish()?;
        let info = request.expect(der::SEQUENCE)?;
        let algorithm = SignatureAlgorithm::read(&mut request, None);
        let signature = request.bit_string()?.value.to_vec();
        request.finish()?;
        let mut fields = info.reader(WHAT);
        let version = fields.unsigned()?;
        if version != 0 {
            return Err(ParseError::Unsupported { what: "CSR version", found: version.to_string() });
        }
        let subject = Name::read(&mut fields)?;
        let public_key = fields.expect(der::SEQUENCE)?.raw.to_vec();
        let attributes = fields.expect(context_constructed(0))?;
        fields.finish()?;
        Ok(Self {
            der: bytes.to_vec(),
            info: info.raw.to_vec(),
            subject,
            public_key,
            extensions: requested(&mut attributes.reader(WHAT))?,
            algorithm,
            signature,
        })
    }

    /// Reads the first request of a PEM text.
    ///
    /// # Errors
    /// Where there is none.
    pub fn from_pem(text: &str) -> Result<Self, ParseError> {
        let mut blocks = pem::blocks(text, "CERTIFICATE REQUEST")?;
        blocks.extend(pem::blocks(text, "NEW CERTIFICATE REQUEST")?);
        Self::from_der(blocks.first().ok_or(ParseError::malformed("certificate request in PEM"))?)
    }

    /// Checks that whoever asks holds the key (RFC 2986 §4.2).
    ///
    /// # Errors
    /// Where the signature is wrong, or of an algorithm that is not handled.
    pub fn verify(&self) -> Result<(), VerifyError> {
        SignedBy::default().verify(&self.public_key, &self.algorithm, &self.info, &self.signature)
    }

    /// The DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// PEM, ending in a newline.
    pub fn to_pem(&self) -> String {
        pem::write("CERTIFICATE REQUEST", &self.der)
    }

    /// Who asks.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// SubjectPublicKeyInfo.
    pub fn public_key_der(&self) -> &[u8] {
        &self.public_key
    }

    /// The extensions that are asked for, dotted.
    pub fn requested_extensions(&self) -> &[String] {
        &self.extensions
    }
}

/// The extensions that a request asks for, as its attributes.
fn attributes(profile: Profile, activated_by: Option<&[u8; 32]>) -> Vec<u8> {
    let mut wanted = vec![
        extensions::write(oid::BASIC_CONSTRAINTS, true, &profile.basic_constraints()),
        extensions::write(oid::KEY_USAGE, true, &der::named_bit_string(profile.key_usage())),
    ];
    if let Some((purpose, critical)) = profile.purpose() {
        let purposes = der::sequence(&[&der::oid(purpose)]);
        wanted.push(extensions::write(oid::EXTENDED_KEY_USAGE, critical, &purposes));
    }
    wanted.extend(activated_by.map(super::profile::key_activation));
    let wanted: Vec<&[u8]> = wanted.iter().map(Vec::as_slice).collect();
    wanting(&wanted)
}

/// The attributes that ask for these extensions (RFC 2985 §5.4.2).
fn wanting(extensions: &[&[u8]]) -> Vec<u8> {
    let set = der::tlv(der::SET, &[&der::sequence(extensions)]);
    der::tlv(context_constructed(0), &[&der::sequence(&[&der::oid(oid::EXTENSION_REQUEST), &set])])
}

fn requested(attributes: &mut Reader<'_>) -> Result<Vec<String>, ParseError> {
    let mut found = Vec::new();
    while !attributes.is_empty() {
        let mut attribute = attributes.sequence()?;
        let kind = attribute.oid()?;
        let values = attribute.expect(der::SET)?;
        attribute.finish()?;
        if kind == oid::EXTENSION_REQUEST {
            let mut values = values.reader(WHAT);
            found.extend(extensions::read_list(&mut values)?.iter().map(|it| oid::dotted(it.oid)));
        }
    }
    Ok(found)
}

/// CsrAttrs (RFC 7030 §4.5.2): what an authority wants to see in a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsrAttributes {
    /// Object identifiers that stand alone, dotted.
    pub wanted: Vec<String>,
    /// Attributes with values: the type, and each value where it is an object identifier (else nothing of it).
    pub attributes: Vec<(String, Vec<String>)>,
}

impl CsrAttributes {
    const MAX_ELEMENTS: usize = 128;

    /// Reads DER. An empty body, as some servers send for "nothing in particular", is an empty list.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn from_der(bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        if bytes.len() > MAX_LEN {
            return Err(ParseError::TooLarge { what: "CsrAttrs", limit: MAX_LEN });
        }
        let mut outer = Reader::new(bytes, "CsrAttrs");
        let mut list = outer.sequence()?;
        outer.finish()?;
        let mut out = Self::default();
        while !list.is_empty() {
            if out.wanted.len() + out.attributes.len() >= Self::MAX_ELEMENTS {
                return Err(ParseError::TooLarge { what: "CsrAttrs", limit: Self::MAX_ELEMENTS });
            }
            if list.peek() == Some(der::OID) {
                out.wanted.push(oid::dotted(list.oid()?));
                continue;
            }
            let mut attribute = list.sequence()?;
            let kind = oid::dotted(attribute.oid()?);
            let mut values = attribute.expect(der::SET)?.reader("CsrAttrs");
            attribute.finish()?;
            let mut found = Vec::new();
            while !values.is_empty() {
                let value = values.next()?;
                if value.tag == der::OID {
                    found.push(oid::dotted(value.value));
                }
            }
            out.attributes.push((kind, found));
        }
        Ok(out)
    }

    /// What is asked for and a request under this key would not have: another kind of key, curve or digest. `None`
    /// where all is well.
    pub fn misses(&self, public_key_der: &[u8]) -> Option<String> {
        let kind = public_key_algorithm(public_key_der)?;
        let (family, curve) = match kind {
            KeyAlgorithm::P256 => (oid::EC_PUBLIC_KEY, Some(oid::P256)),
            KeyAlgorithm::P384 => (oid::EC_PUBLIC_KEY, Some(oid::P384)),
            KeyAlgorithm::Ed25519 => (oid::ED25519, None),
            _ => (oid::RSA_ENCRYPTION, None),
        };
        let families = [oid::EC_PUBLIC_KEY, oid::RSA_ENCRYPTION, oid::ED25519].map(oid::dotted);
        let asked: Vec<&String> = self
            .wanted
            .iter()
            .chain(self.attributes.iter().map(|(kind, _)| kind))
            .filter(|it| families.contains(it))
            .collect();
        if !asked.is_empty() && !asked.contains(&&oid::dotted(family)) {
            return Some(format!("a key of the kind {}", asked.first()?));
        }
        if let Some(curve) = curve {
            let curves = self.attributes.iter().find(|(kind, _)| *kind == oid::dotted(family));
            if let Some((_, curves)) = curves.filter(|(_, values)| !values.is_empty())
                && !curves.contains(&oid::dotted(curve))
            {
                return Some(format!("a key on the curve {}", curves.first()?));
            }
        }
        let digests =
            [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512].map(digest_oid);
        let named: Vec<&String> = self.wanted.iter().filter(|it| digests.contains(it)).collect();
        let own = digest_oid(kind.signature_algorithm().digest());
        named.first().filter(|_| !named.contains(&&own)).map(|first| format!("a signature with {first}"))
    }
}

fn digest_oid(digest: DigestAlgorithm) -> String {
    oid::dotted(match digest {
        DigestAlgorithm::Sha384 => oid::SHA384,
        DigestAlgorithm::Sha512 => oid::SHA512,
        _ => oid::SHA256,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SoftwareSigner;

    fn subject() -> Subject {
        Subject { common_name: "陈晓明".into(), country: Some("CN".into()), ..Subject::default() }
    }

    #[test]
    fn a_request_of_another_key_is_refused() {
        let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
        let (other, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
        let info = CertificationRequest::info(&subject(), Profile::Person, key.public_key_der());
        let signature = other.sign(&info).unwrap();
        let made = CertificationRequest::from_parts(&info, other.algorithm(), &signature);
        assert_eq!(made.unwrap_err(), SignError::WrongKey);
        let request = CertificationRequest::sign(&subject(), Profile::Person, &key).unwrap();
        assert_eq!(request.requested_extensions(), ["2.5.29.19", "2.5.29.15", "2.5.29.37"]);
        let mut bent = request.der().to_vec();
        let last = bent.len() - 1;
        bent[last] ^= 1;
        let bent = CertificationRequest::from_der(&bent);
        assert!(bent.is_err() || bent.is_ok_and(|it| it.verify().is_err()));
    }

    #[test]
    fn what_an_authority_wants_is_read_and_compared() {
        let (p256, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
        let ec = |curve: &[u8]| {
            der::sequence(&[&der::oid(oid::EC_PUBLIC_KEY), &der::tlv(der::SET, &[&der::oid(curve)])])
        };
        let list = |parts: &[&[u8]]| CsrAttributes::from_der(&der::sequence(parts)).unwrap();
        let key = p256.public_key_der();
        assert_eq!(list(&[&ec(oid::P256), &der::oid(oid::SHA256)]).misses(key), None);
        assert!(list(&[&ec(oid::P384)]).misses(key).unwrap().contains("1.3.132.0.34"));
        assert!(list(&[&der::oid(oid::RSA_ENCRYPTION)]).misses(key).is_some());
        assert!(list(&[&der::oid(oid::SHA384)]).misses(key).is_some());
        assert_eq!(CsrAttributes::from_der(&[]).unwrap(), CsrAttributes::default());
        assert!(CsrAttributes::from_der(&[0x30, 1]).is_err());
    }
}

//! Reading public keys (RFC 3279, 4055, 5480, 8410).
use crate::der::Reader;
use crate::{DigestAlgorithm, KeyAlgorithm, ParseError, PssParameters, SignatureAlgorithm, oid};

/// The kind of a public key, where it is one that signs here.
pub fn public_key_algorithm(public_key_der: &[u8]) -> Option<KeyAlgorithm> {
    match PublicKey::from_der(public_key_der).ok()?.kind {
        Kind::P256 => Some(KeyAlgorithm::P256),
        Kind::P384 => Some(KeyAlgorithm::P384),
        Kind::Rsa { bits: 2048, .. } => Some(KeyAlgorithm::Rsa2048),
        Kind::Rsa { bits: 3072, .. } => Some(KeyAlgorithm::Rsa3072),
        Kind::Rsa { bits: 4096, .. } => Some(KeyAlgorithm::Rsa4096),
        Kind::Rsa { bits: 2048..=4096, .. } => Some(KeyAlgorithm::RsaOther),
        Kind::Ed25519 => Some(KeyAlgorithm::Ed25519),
        _ => None,
    }
}

/// The algorithm that a signature under the key uses where nothing else is asked for: what a key that is marked
/// id-RSASSA-PSS asks for (RFC 4055 §1.2), else the usual one of its kind.
pub fn usual_signature_algorithm(public_key_der: &[u8]) -> Option<SignatureAlgorithm> {
    let kind = public_key_algorithm(public_key_der)?;
    let hash = match PublicKey::from_der(public_key_der).ok()?.kind {
        Kind::Rsa { pss: PssOnly::Any, .. } => DigestAlgorithm::Sha256,
        Kind::Rsa { pss: PssOnly::With(asked), .. } => asked.hash,
        _ => return Some(kind.signature_algorithm()),
    };
    match hash {
        DigestAlgorithm::Sha256 => Some(SignatureAlgorithm::RsaPssSha256),
        DigestAlgorithm::Sha384 => Some(SignatureAlgorithm::RsaPssSha384),
        DigestAlgorithm::Sha512 => Some(SignatureAlgorithm::RsaPssSha512),
        _ => None,
    }
}

/// Whether two are of the same key, though one of them may say more of how an RSA key is used (RFC 4055 §1.2).
pub fn is_same_key(one: &[u8], other: &[u8]) -> bool {
    let rsa = |info| match PublicKey::from_der(info) {
        Ok(PublicKey { kind: Kind::Rsa { .. }, octets }) => Some(octets),
        _ => None,
    };
    one == other || rsa(one).is_some_and(|octets| rsa(other) == Some(octets))
}

/// The content of subjectPublicKey, whose SHA-1 is a key identifier (RFC 5280 §4.2.1.2).
pub(crate) fn public_key_octets(public_key_der: &[u8]) -> Result<&[u8], ParseError> {
    let mut spki = Reader::new(public_key_der, "SubjectPublicKeyInfo").sequence()?;
    spki.sequence()?;
    Ok(spki.bit_string()?.value)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    P256,
    P384,
    P521,
    Ed25519,
    Rsa {
        bits: usize,
        pss: PssOnly,
    },
    /// Dotted object identifier of the algorithm or curve.
    Other(String),
}

/// What id-RSASSA-PSS in a key asks of its signatures (RFC 4055 §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PssOnly {
    /// rsaEncryption: any RSA signature.
    No,
    /// PSS with any parameters.
    Any,
    /// PSS with these functions, and a salt no shorter.
    With(PssParameters),
}

pub(crate) struct PublicKey<'a> {
    pub(crate) kind: Kind,
    pub(crate) octets: &'a [u8],
}

impl<'a> PublicKey<'a> {
    pub(crate) fn from_der(spki: &'a [u8]) -> Result<Self, ParseError> {
        let mut outer = Reader::new(spki, "SubjectPublicKeyInfo");
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let mut identifier = fields.sequence()?;
        let algorithm = identifier.oid()?;
        let octets = fields.bit_string()?.value;
        fields.finish()?;
        let kind = match algorithm {
            oid::EC_PUBLIC_KEY => match identifier.oid() {
                Ok(oid::P256) => Kind::P256,
                Ok(oid::P384) => Kind::P384,
                Ok(oid::P521) => Kind::P521,
                Ok(curve) => Kind::Other(oid::dotted(curve)),
                Err(_) => Kind::Other("a curve given by its parameters".to_owned()),
            },
            oid::RSA_ENCRYPTION => Kind::Rsa { bits: modulus_bits(octets)?, pss: PssOnly::No },
            oid::RSA_PSS => Kind::Rsa { bits: modulus_bits(octets)?, pss: pss_only(&mut identifier)? },
            oid::ED25519 => Kind::Ed25519,
            other => Kind::Other(oid::dotted(other)),
        };
        Ok(Self { kind, octets })
    }
}

fn modulus_bits(octets: &[u8]) -> Result<usize, ParseError> {
    let modulus = Reader::new(octets, "RSAPublicKey").sequence()?.integer()?;
    let digits = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let leading = digits.first().map_or(0, |d| d.leading_zeros());
    Ok((digits.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or(0)))
}

fn pss_only(identifier: &mut Reader<'_>) -> Result<PssOnly, ParseError> {
    if identifier.is_empty() {
        return Ok(PssOnly::Any);
    }
    Ok(PssOnly::With(PssParameters::read(identifier)?))
}

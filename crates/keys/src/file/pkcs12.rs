//! PKCS#12 (RFC 7292) in password mode, with the MACs of RFC 7292 and RFC 9579.
use aws_lc_rs::hmac;
use pki::der::{self, Reader, Tlv, context_constructed};
use pki::{DigestAlgorithm, ParseError};
use zeroize::Zeroizing;

use super::kdf::{self, Kdf, Purpose, Work};
use super::{Bag, KeyFileError, encrypted, oid};

const WHAT: &str = "PKCS#12";
/// Nesting of SafeContents.
const MAX_DEPTH: u32 = 4;
/// Bags that are looked at.
const MAX_BAGS: u32 = 512;

/// Puts what `bytes`, a PFX, hold into `bag`.
pub(super) fn open(bytes: &[u8], password: &str, bag: &mut Bag) -> Result<(), KeyFileError> {
    // Written with indefinite lengths by some; the MAC is over content that stays the same.
    let owned;
    let der = if Reader::new(bytes, WHAT).expect(der::SEQUENCE).is_ok() && is_der(bytes) {
        bytes
    } else {
        owned = der::from_ber(bytes).ok_or(ParseError::Malformed { what: WHAT })?.0;
        &owned
    };
    let mut pfx = Reader::new(der, WHAT).sequence()?;
    let version = pfx.unsigned()?;
    if version != 3 {
        return Err(KeyFileError::Unsupported { what: "PKCS#12 version", found: version.to_string() });
    }
    let auth_safe = content(&mut pfx)?;
    if let Some(mac) = pfx.optional(der::SEQUENCE)? {
        check_mac(&mut mac.reader(WHAT), &auth_safe, password, &mut bag.work)?;
    }
    pfx.finish()?;
    let auth_safe = in_der(&auth_safe);
    let mut left = MAX_BAGS;
    let mut infos = Reader::new(&auth_safe, WHAT).sequence()?;
    while !infos.is_empty() {
        let info = infos.expect(der::SEQUENCE)?;
        let contents = safe_contents(&info, password, &mut bag.work)?;
        take(&contents, password, bag, MAX_DEPTH, &mut left)?;
    }
    Ok(())
}

/// Whether the structure reads without rewriting, two levels deep: as far as indefinite lengths come in practice.
fn is_der(bytes: &[u8]) -> bool {
    let read = || -> Result<(), ParseError> {
        let mut pfx = Reader::new(bytes, WHAT).sequence()?;
        pfx.unsigned()?;
        let mut info = pfx.sequence()?;
        info.oid()?;
        info.expect(context_constructed(0))?.reader(WHAT).expect(der::OCTET_STRING)?;
        pfx.optional(der::SEQUENCE)?;
        pfx.finish()
    };
    read().is_ok()
}

/// The octets of a ContentInfo of type data, which the MAC is over.
fn content(reader: &mut Reader<'_>) -> Result<Vec<u8>, KeyFileError> {
    let mut info = reader.sequence()?;
    let kind = info.oid()?;
    if kind != oid::DATA {
        return Err(KeyFileError::Unsupported { what: "PKCS#12 protection", found: oid::dotted(kind) });
    }
    let explicit = info.expect(context_constructed(0))?;
    Ok(explicit.reader(WHAT).expect(der::OCTET_STRING)?.value.to_vec())
}

/// Octets that are themselves an encoding, which may be BER again.
fn in_der(bytes: &[u8]) -> Vec<u8> {
    match der::from_ber(bytes) {
        Some((der, [])) => der,
        _ => bytes.to_vec(),
    }
}

/// MacData (RFC 7292 §4). A wrong password shows here.
fn check_mac(
    mac: &mut Reader<'_>,
    content: &[u8],
    password: &str,
    work: &mut Work,
) -> Result<(), KeyFileError> {
    let mut info = mac.sequence()?;
    let mut algorithm = info.sequence()?;
    let function = algorithm.oid()?;
    let expected = info.expect(der::OCTET_STRING)?.value;
    let salt = mac.expect(der::OCTET_STRING)?.value;
    let rounds = if mac.is_empty() { 1 } else { mac.unsigned()? };
    let holds = |function: DigestAlgorithm, key: &[u8]| {
        let algorithm = kdf::hmac_of(function).ok_or(ParseError::Malformed { what: WHAT })?;
        Ok::<_, KeyFileError>(hmac::verify(&hmac::Key::new(algorithm, key), content, expected).is_ok())
    };
    if function == oid::PBMAC1 {
        let mut parameters = algorithm.sequence()?;
        let kdf = Kdf::read(&mut parameters, work)?;
        let function = match parameters.sequence()?.oid()? {
            oid::HMAC_SHA1 => DigestAlgorithm::Sha1,
            oid::HMAC_SHA256 => DigestAlgorithm::Sha256,
            oid::HMAC_SHA384 => DigestAlgorithm::Sha384,
            oid::HMAC_SHA512 => DigestAlgorithm::Sha512,
            other => return Err(KeyFileError::Unsupported { what: "MAC", found: oid::dotted(other) }),
        };
        let key = kdf.derive(password, kdf.key_len().unwrap_or(function.output_len()))?;
        return if holds(function, &key)? { Ok(()) } else { Err(KeyFileError::WrongPassword) };
    }
    let function = match function {
        oid::SHA1 => DigestAlgorithm::Sha1,
        oid::SHA256 => DigestAlgorithm::Sha256,
        oid::SHA384 => DigestAlgorithm::Sha384,
        oid::SHA512 => DigestAlgorithm::Sha512,
        other => return Err(KeyFileError::Unsupported { what: "MAC", found: oid::dotted(other) }),
    };
    let rounds = work.rounds(rounds, 1)?;
    let attempt = |password: &[u8]| {
        holds(function, &kdf::pkcs12(function, Purpose::Mac, password, salt, rounds, function.output_len()))
    };
    let right = attempt(&kdf::bmp_string(password))? || (password.is_empty() && attempt(&[])?);
    if right { Ok(()) } else { Err(KeyFileError::WrongPassword) }
}

/// The SafeContents in a ContentInfo of the authenticated safe.
fn safe_contents(
    info: &Tlv<'_>,
    password: &str,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let mut fields = info.reader(WHAT);
    let kind = fields.oid()?;
    if kind == oid::DATA {
        let content = Zeroizing::new(content(&mut Reader::new(info.raw, WHAT))?);
        return Ok(Zeroizing::new(in_der(&content)));
    }
    if kind != oid::ENCRYPTED_DATA {
        return Err(KeyFileError::Unsupported { what: "PKCS#12 protection", found: oid::dotted(kind) });
    }
    // EncryptedData (RFC 5652 §8).
    let mut encrypted = fields.expect(context_constructed(0))?.reader(WHAT).sequence()?;
    encrypted.unsigned()?;
    let mut content_info = encrypted.sequence()?;
    content_info.oid()?;
    let mut algorithm = content_info.sequence()?;
    let element = content_info.next()?;
    let data = match element.tag {
        tag if tag == der::context(0) => element.value.to_vec(),
        // Constructed: in pieces.
        tag if tag == context_constructed(0) => {
            let mut pieces = element.reader(WHAT);
            let mut data = Vec::new();
            while !pieces.is_empty() {
                data.extend_from_slice(pieces.expect(der::OCTET_STRING)?.value);
            }
            data
        }
        _ => return Err(content_info.error().into()),
    };
    let plain = encrypted::decrypt(&mut algorithm, &data, password, work)?;
    Ok(Zeroizing::new(in_der(&plain)))
}

fn take(
    contents: &[u8],
    password: &str,
    bag: &mut Bag,
    depth: u32,
    left: &mut u32,
) -> Result<(), KeyFileError> {
    let too_large = ParseError::TooLarge { what: WHAT, limit: usize::try_from(MAX_BAGS).unwrap_or(0) };
    let depth = depth.checked_sub(1).ok_or_else(|| too_large.clone())?;
    let mut bags = Reader::new(contents, WHAT).sequence()?;
    while !bags.is_empty() {
        *left = left.checked_sub(1).ok_or_else(|| too_large.clone())?;
        let mut fields = bags.sequence()?;
        let kind = fields.oid()?;
        let value = fields.expect(context_constructed(0))?.value;
        match kind {
            oid::KEY_BAG => bag.keys.push(Zeroizing::new(value.to_vec())),
            oid::SHROUDED_KEY_BAG => bag.keys.push(encrypted::pkcs8(value, password, &mut bag.work)?),
            oid::CERT_BAG => {
                let mut certificate = Reader::new(value, WHAT).sequence()?;
                if certificate.oid()? == oid::X509_CERTIFICATE {
                    let mut octets = certificate.expect(context_constructed(0))?.reader(WHAT);
                    bag.take_certificate(octets.expect(der::OCTET_STRING)?.value)?;
                }
            }
            oid::SAFE_CONTENTS_BAG => take(value, password, bag, depth, left)?,
            // CRLs and secrets are nothing to sign with.
            _ => {}
        }
    }
    Ok(())
}

//! RSA signatures that aws-lc-rs does not check: PKCS#1 v1.5 with SHA-3, PSS with any parameters, short old keys with
//! any hash function (RFC 8017 §8.1.2, §8.2.2).
//!
//! Only public values are worked on, so nothing here needs constant time.
use num_bigint::BigUint;

use crate::der::{self, Reader};
use crate::{DigestAlgorithm, PssParameters};

/// Moduli that are worked with, in bits.
const MODULUS_BITS: std::ops::RangeInclusive<u64> = 1024..=8192;
/// FIPS 186-5 allows up to 256 bits; nobody uses more than 32, and the cost grows with them.
const MAX_EXPONENT_BITS: u64 = 64;

/// RSASSA-PKCS1-v1_5 over `digest`.
pub(crate) fn verify_pkcs1(
    public_key: &[u8],
    algorithm: DigestAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> bool {
    let Some((message, bits)) = open(public_key, signature) else { return false };
    let info = der::sequence(&[&algorithm.identifier_with_null(), &der::octet_string(digest)]);
    let length = bits.div_ceil(8);
    let Some(padding) = length.checked_sub(info.len().saturating_add(3)).filter(|n| *n >= 8) else {
        return false;
    };
    let mut expected = vec![0, 1];
    expected.resize(padding.saturating_add(2), 0xff);
    expected.push(0);
    expected.extend_from_slice(&info);
    message == expected
}

/// RSASSA-PSS over `digest` (RFC 8017 §9.1.2).
pub(crate) fn verify_pss(
    public_key: &[u8],
    parameters: PssParameters,
    digest: &[u8],
    signature: &[u8],
) -> bool {
    pss(public_key, parameters, digest, signature).unwrap_or(false)
}

fn pss(public_key: &[u8], parameters: PssParameters, digest: &[u8], signature: &[u8]) -> Option<bool> {
    let (message, modulus_bits) = open(public_key, signature)?;
    let bits = modulus_bits.checked_sub(1)?;
    // Where the modulus has one bit more than whole octets, the first octet of the message is not part of the encoding.
    let (front, encoded) = message.split_at_checked(message.len().checked_sub(bits.div_ceil(8))?)?;
    if front.iter().any(|b| *b != 0) {
        return None;
    }
    let (hash_len, salt_len) = (parameters.hash.output_len(), usize::from(parameters.salt_len));
    let (body, trailer) = encoded.split_at_checked(encoded.len().checked_sub(1)?)?;
    let (masked, hash) = body.split_at_checked(body.len().checked_sub(hash_len)?)?;
    if trailer != [0xbc] {
        return None;
    }
    let mask = mgf1(parameters.mgf, hash, masked.len());
    let mut block: Vec<u8> = masked.iter().zip(&mask).map(|(a, b)| a ^ b).collect();
    let unused = u32::try_from(encoded.len().checked_mul(8)?.checked_sub(bits)?).ok()?;
    let high = 0xffu8.checked_shl(8u32.checked_sub(unused)?).unwrap_or(0);
    if masked.first()? & high != 0 {
        return None;
    }
    *block.first_mut()? &= !high;
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(salt_len)?)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|b| *b != 0) {
        return None;
    }
    let expected = parameters.hash.digest(&[&[0; 8], digest, salt].concat());
    Some(expected == hash)
}

/// RFC 8017 §B.2.1.
fn mgf1(hash: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(length.saturating_add(64));
    for counter in 0u32.. {
        if out.len() >= length {
            break;
        }
        out.extend(hash.digest(&[seed, &counter.to_be_bytes()].concat()));
    }
    out.truncate(length);
    out
}

/// RSAVP1: the encoded message, as long as the modulus, and the modulus' length in bits.
fn open(public_key: &[u8], signature: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut fields = Reader::new(public_key, "RSAPublicKey").sequence().ok()?;
    let modulus = BigUint::from_bytes_be(positive(fields.integer().ok()?)?);
    let exponent = BigUint::from_bytes_be(positive(fields.integer().ok()?)?);
    fields.finish().ok()?;
    let odd = modulus.bit(0) && exponent.bit(0);
    let exponent_fits = (2..=MAX_EXPONENT_BITS).contains(&exponent.bits());
    if !odd || !exponent_fits || !MODULUS_BITS.contains(&modulus.bits()) {
        return None;
    }
    let bits = usize::try_from(modulus.bits()).ok()?;
    let length = bits.div_ceil(8);
    let value = BigUint::from_bytes_be(signature);
    if signature.len() != length || value >= modulus {
        return None;
    }
    let digits = value.modpow(&exponent, &modulus).to_bytes_be();
    let mut message = vec![0; length.checked_sub(digits.len())?];
    message.extend(digits);
    Some((message, bits))
}

fn positive(integer: &[u8]) -> Option<&[u8]> {
    integer.first().is_some_and(|first| first & 0x80 == 0).then_some(integer)
}

//! From a password to a key: PBKDF2 and scrypt (RFC 8018, RFC 7914), PKCS#12's own way (RFC 7292 appendix B), OpenSSL's
//! old one.
use std::num::NonZeroU32;

use aws_lc_rs::{digest, hmac, pbkdf2};
use md5::{Digest as _, Md5};
use pki::der::{self, Reader};
use pki::{DigestAlgorithm, ParseError};
use zeroize::Zeroizing;

use super::{Costs, KeyFileError, oid};

/// Rounds that one derivation may ask for: some seconds of work.
const MAX_ROUNDS: u64 = 10_000_000;

/// What the derivations of one file may still cost.
pub(super) struct Work(Costs);

impl From<&Costs> for Work {
    fn from(costs: &Costs) -> Self {
        Self(costs.clone())
    }
}

impl Work {
    /// Rounds as a file gives them, to be gone through so many times.
    pub(super) fn rounds(&mut self, found: u64, times: u64) -> Result<NonZeroU32, KeyFileError> {
        let too_costly = |what| KeyFileError::TooCostly { what, found };
        let rounds = match u32::try_from(found).ok().and_then(NonZeroU32::new) {
            Some(rounds) if found <= MAX_ROUNDS => rounds,
            None if found == 0 => return Err(ParseError::Malformed { what: "iteration count" }.into()),
            _ => return Err(too_costly("the iteration count")),
        };
        let left = self.0.rounds.checked_sub(found.saturating_mul(times));
        self.0.rounds = left.ok_or_else(|| too_costly("after all others the next iteration count"))?;
        Ok(rounds)
    }

    fn scrypt(&mut self, cost: u64, block: u64, parallel: u64) -> Result<scrypt::Params, KeyFileError> {
        let malformed = || KeyFileError::from(ParseError::Malformed { what: "scrypt-params" });
        if !cost.is_power_of_two() {
            return Err(malformed());
        }
        let memory = cost.saturating_mul(block).saturating_mul(128);
        let left = self.0.scrypt_work.checked_sub(memory.saturating_mul(parallel));
        let Some(left) = left.filter(|_| memory <= self.0.scrypt_memory) else {
            return Err(KeyFileError::TooCostly { what: "the memory of scrypt", found: memory });
        };
        self.0.scrypt_work = left;
        let log = u8::try_from(cost.trailing_zeros()).map_err(|_| malformed())?;
        let (block, parallel) = (u32::try_from(block), u32::try_from(parallel));
        let (Ok(block), Ok(parallel)) = (block, parallel) else { return Err(malformed()) };
        scrypt::Params::new(log, block, parallel).map_err(|_| malformed())
    }
}

/// A key derivation function of PKCS#5 with its parameters.
pub(super) enum Kdf {
    Pbkdf2 { function: pbkdf2::Algorithm, salt: Vec<u8>, rounds: NonZeroU32, key_len: Option<usize> },
    Scrypt { parameters: scrypt::Params, salt: Vec<u8>, key_len: Option<usize> },
}

impl Kdf {
    /// Reads its AlgorithmIdentifier; what it costs is taken off `work`.
    pub(super) fn read(reader: &mut Reader<'_>, work: &mut Work) -> Result<Self, KeyFileError> {
        let mut identifier = reader.sequence()?;
        match identifier.oid()? {
            oid::PBKDF2 => {
                let mut fields = identifier.sequence()?;
                let salt = fields.expect(der::OCTET_STRING)?.value.to_vec();
                let rounds = work.rounds(fields.unsigned()?, 1)?;
                let key_len = optional_length(&mut fields)?;
                let function = match fields.optional(der::SEQUENCE)? {
                    Some(function) => prf(function.reader("PBKDF2-params").oid()?)?,
                    None => pbkdf2::PBKDF2_HMAC_SHA1,
                };
                fields.finish()?;
                Ok(Self::Pbkdf2 { function, salt, rounds, key_len })
            }
            oid::SCRYPT => {
                let mut fields = identifier.sequence()?;
                let salt = fields.expect(der::OCTET_STRING)?.value.to_vec();
                let (cost, block, parallel) = (fields.unsigned()?, fields.unsigned()?, fields.unsigned()?);
                let key_len = optional_length(&mut fields)?;
                fields.finish()?;
                Ok(Self::Scrypt { parameters: work.scrypt(cost, block, parallel)?, salt, key_len })
            }
            other => {
                Err(KeyFileError::Unsupported { what: "key derivation function", found: oid::dotted(other) })
            }
        }
    }

    pub(super) fn derive(&self, password: &str, length: usize) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
        let malformed = || KeyFileError::from(ParseError::Malformed { what: "key derivation parameters" });
        let mut key = Zeroizing::new(vec![0; length]);
        let (Self::Pbkdf2 { key_len, .. } | Self::Scrypt { key_len, .. }) = self;
        if key_len.is_some_and(|n| n != length) {
            return Err(malformed());
        }
        match self {
            Self::Pbkdf2 { function, salt, rounds, .. } => {
                pbkdf2::derive(*function, *rounds, salt, password.as_bytes(), &mut key);
            }
            Self::Scrypt { parameters, salt, .. } => {
                scrypt::scrypt(password.as_bytes(), salt, parameters, &mut key).map_err(|_| malformed())?;
            }
        }
        Ok(key)
    }

    /// The length that the parameters name.
    pub(super) fn key_len(&self) -> Option<usize> {
        let (Self::Pbkdf2 { key_len, .. } | Self::Scrypt { key_len, .. }) = self;
        *key_len
    }
}

fn optional_length(fields: &mut Reader<'_>) -> Result<Option<usize>, KeyFileError> {
    if fields.peek() != Some(der::INTEGER) {
        return Ok(None);
    }
    let length = usize::try_from(fields.unsigned()?).ok().filter(|n| (1..=64).contains(n));
    Ok(Some(length.ok_or_else(|| fields.error())?))
}

fn prf(content: &[u8]) -> Result<pbkdf2::Algorithm, KeyFileError> {
    Ok(match content {
        oid::HMAC_SHA1 => pbkdf2::PBKDF2_HMAC_SHA1,
        oid::HMAC_SHA256 => pbkdf2::PBKDF2_HMAC_SHA256,
        oid::HMAC_SHA384 => pbkdf2::PBKDF2_HMAC_SHA384,
        oid::HMAC_SHA512 => pbkdf2::PBKDF2_HMAC_SHA512,
        other => {
            return Err(KeyFileError::Unsupported {
                what: "pseudo-random function",
                found: oid::dotted(other),
            });
        }
    })
}

/// The algorithm of an HMAC by the digest's name.
pub(super) fn hmac_of(digest: DigestAlgorithm) -> Option<hmac::Algorithm> {
    Some(match digest {
        DigestAlgorithm::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        DigestAlgorithm::Sha256 => hmac::HMAC_SHA256,
        DigestAlgorithm::Sha384 => hmac::HMAC_SHA384,
        DigestAlgorithm::Sha512 => hmac::HMAC_SHA512,
        _ => return None,
    })
}

/// What PKCS#12 derives bytes for (RFC 7292 §B.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Key,
    Iv,
    Mac,
}

impl Purpose {
    fn id(self) -> u8 {
        match self {
            Self::Key => 1,
            Self::Iv => 2,
            Self::Mac => 3,
        }
    }
}

/// RFC 7292 §B.2. `password` comes from [`bmp_string`].
pub(super) fn pkcs12(
    function: DigestAlgorithm,
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    rounds: NonZeroU32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block_len = function.implementation().block_len();
    let stretched = |bytes: &[u8]| bytes.len().div_ceil(block_len).saturating_mul(block_len);
    let diversifier = vec![purpose.id(); block_len];
    // With room for all: what grows leaves copies of the password behind.
    let mut input = Zeroizing::new(Vec::with_capacity(stretched(salt).saturating_add(stretched(password))));
    input.extend(salt.iter().copied().cycle().take(stretched(salt)));
    input.extend(password.iter().copied().cycle().take(stretched(password)));
    let mut out = Zeroizing::new(Vec::with_capacity(length.saturating_add(64)));
    while out.len() < length {
        let mut context = digest::Context::new(function.implementation());
        context.update(&diversifier);
        context.update(&input);
        let mut block = Zeroizing::new(context.finish().as_ref().to_vec());
        for _ in 1..rounds.get() {
            let next = digest::digest(function.implementation(), &block);
            block.copy_from_slice(next.as_ref());
        }
        // Each block of the input plus this one, plus one.
        for chunk in input.chunks_mut(block_len) {
            let mut carry = 1u16;
            for (index, byte) in chunk.iter_mut().enumerate().rev() {
                let added = block.get(index % block.len()).copied().unwrap_or(0);
                let sum = u16::from(*byte) + u16::from(added) + carry;
                let [high, low] = sum.to_be_bytes();
                (*byte, carry) = (low, u16::from(high));
            }
        }
        out.extend_from_slice(&block);
    }
    out.truncate(length);
    out
}

/// A password as PKCS#12 hashes it: UTF-16, big endian, with a final NUL.
pub(super) fn bmp_string(password: &str) -> Zeroizing<Vec<u8>> {
    let units = password.encode_utf16().chain([0]);
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * password.len() + 2));
    bytes.extend(units.flat_map(u16::to_be_bytes));
    bytes
}

/// EVP_BytesToKey with MD5 and one round, as OpenSSL's traditional PEM has it.
pub(super) fn openssl(password: &str, salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(length.saturating_add(16)));
    let mut block = Zeroizing::new(Vec::new());
    while out.len() < length {
        let mut hash = Md5::new();
        hash.update(block.as_slice());
        hash.update(password.as_bytes());
        hash.update(salt);
        block = Zeroizing::new(hash.finalize().to_vec());
        out.extend_from_slice(&block);
    }
    out.truncate(length);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_costs_is_bounded_as_a_whole() {
        let mut work = Work::from(&Costs::default());
        for _ in 0..3 {
            assert!(work.rounds(MAX_ROUNDS, 1).is_ok());
        }
        assert!(matches!(work.rounds(1, 1), Err(KeyFileError::TooCostly { found: 1, .. })));
        assert!(Work::from(&Costs::default()).rounds(MAX_ROUNDS, 4).is_err());
        let mut work = Work::from(&Costs::default());
        // 2^18 blocks of 8 times 128 bytes: 256 MiB.
        for _ in 0..4 {
            assert!(work.scrypt(1 << 18, 8, 1).is_ok());
        }
        assert!(matches!(work.scrypt(2, 1, 1), Err(KeyFileError::TooCostly { .. })));
    }
}

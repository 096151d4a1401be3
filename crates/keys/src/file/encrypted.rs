//! Password-based encryption: PBES2 (RFC 8018 §6.2) and the schemes of PKCS#12 (RFC 7292 appendix C).
use pki::DigestAlgorithm;
use pki::der::{self, Reader};
use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::kdf::{self, Kdf, Purpose, Work};
use super::{KeyFileError, oid};

/// EncryptedPrivateKeyInfo (RFC 5958 §3): the PrivateKeyInfo inside.
pub(super) fn pkcs8(
    bytes: &[u8],
    password: &str,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let mut fields = Reader::new(bytes, "EncryptedPrivateKeyInfo").sequence()?;
    let mut algorithm = fields.sequence()?;
    let data = fields.expect(der::OCTET_STRING)?.value;
    fields.finish()?;
    let plain = decrypt(&mut algorithm, data, password, work)?;
    // A padding that fits by chance does not make a key.
    let looks_right = Reader::new(&plain, "PrivateKeyInfo").sequence().is_ok_and(|mut inner| {
        inner.unsigned().is_ok() && inner.sequence().is_ok() && inner.expect(der::OCTET_STRING).is_ok()
    });
    if looks_right { Ok(plain) } else { Err(KeyFileError::WrongPassword) }
}

/// Decrypts `data`; `algorithm` reads the content of the AlgorithmIdentifier.
pub(super) fn decrypt(
    algorithm: &mut Reader<'_>,
    data: &[u8],
    password: &str,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let cipher = match algorithm.oid()? {
        oid::PBES2 => return pbes2(algorithm, data, password, work),
        oid::PBE_SHA1_3DES => Cipher::TripleDes,
        oid::PBE_SHA1_2DES => Cipher::DoubleDes,
        oid::PBE_SHA1_RC2_128 => Cipher::Rc2 { key_len: 16 },
        oid::PBE_SHA1_RC2_40 => Cipher::Rc2 { key_len: 5 },
        other => {
            return Err(KeyFileError::Unsupported { what: "encryption", found: oid::dotted(other) });
        }
    };
    let mut parameters = algorithm.sequence()?;
    let salt = parameters.expect(der::OCTET_STRING)?.value;
    // For the key, and again for the initialisation vector.
    let rounds = work.rounds(parameters.unsigned()?, 2)?;
    parameters.finish()?;
    let attempt = |password: &[u8]| {
        let derive =
            |purpose, length| kdf::pkcs12(DigestAlgorithm::Sha1, purpose, password, salt, rounds, length);
        let (key, iv) = (derive(Purpose::Key, cipher.key_len()), derive(Purpose::Iv, cipher.block_len()));
        cipher.decrypt(&key, &iv, data)
    };
    match attempt(&kdf::bmp_string(password)) {
        // Some writers leave the final NUL out of an empty password.
        Err(KeyFileError::WrongPassword) if password.is_empty() => attempt(&[]),
        other => other,
    }
}

fn pbes2(
    algorithm: &mut Reader<'_>,
    data: &[u8],
    password: &str,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let mut parameters = algorithm.sequence()?;
    let kdf = Kdf::read(&mut parameters, work)?;
    let mut scheme = parameters.sequence()?;
    parameters.finish()?;
    let cipher = match scheme.oid()? {
        oid::AES_128_CBC => Cipher::Aes128,
        oid::AES_192_CBC => Cipher::Aes192,
        oid::AES_256_CBC => Cipher::Aes256,
        oid::DES_EDE3_CBC => Cipher::TripleDes,
        other => return Err(KeyFileError::Unsupported { what: "cipher", found: oid::dotted(other) }),
    };
    let iv = scheme.expect(der::OCTET_STRING)?.value;
    if iv.len() != cipher.block_len() {
        return Err(scheme.error().into());
    }
    let key = kdf.derive(password, cipher.key_len())?;
    cipher.decrypt(&key, iv, data)
}

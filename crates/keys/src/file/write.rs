//! Writing a private key under a password: EncryptedPrivateKeyInfo (RFC 5958 §3) with PBES2 (RFC 8018 §6.2), as OpenSSL
//! reads it.
use std::num::NonZeroU32;

use aes::Aes256;
use aws_lc_rs::pbkdf2;
use base64::{Engine, engine::general_purpose::STANDARD};
use cbc::Encryptor;
use cbc::cipher::{Array, BlockModeEncrypt, InnerIvInit, KeyInit};
use pki::der;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::oid;

/// OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256.
const ROUNDS: u32 = 600_000;
const BLOCK: usize = 16;

/// PKCS #8 under a password, as PEM.
///
/// ```
/// use vermilion_keys::file;
/// # use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
/// # let mut rng = ChaCha20Rng::from_seed([1; 32]);
/// let (signer, pkcs8) = pki::SoftwareSigner::generate(pki::KeyAlgorithm::P256)?;
/// let pem = file::encrypt_pkcs8(&pkcs8, "correct horse", &mut rng);
/// assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
/// assert_eq!(*file::private_key(pem.as_bytes(), Some("correct horse"))?, *pkcs8);
/// assert!(file::private_key(pem.as_bytes(), Some("wrong horse")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encrypt_pkcs8(pkcs8: &[u8], password: &str, rng: &mut dyn CryptoRng) -> String {
    let (mut salt, mut iv) = ([0; 16], [0; BLOCK]);
    rng.fill_bytes(&mut salt);
    rng.fill_bytes(&mut iv);
    let mut key = Zeroizing::new([0; 32]);
    let rounds = NonZeroU32::new(ROUNDS).expect("the count is not zero");
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, password.as_bytes(), &mut *key);
    let padding = BLOCK - pkcs8.len() % BLOCK;
    let mut data = Zeroizing::new(pkcs8.to_vec());
    data.resize(pkcs8.len() + padding, u8::try_from(padding).expect("no more than a block"));
    let cipher = Aes256::new_from_slice(&*key).expect("a key of 32 bytes");
    let mut mode = Encryptor::inner_iv_slice_init(cipher, &iv).expect("a vector of one block");
    mode.encrypt_blocks(Array::slice_as_chunks_mut(&mut data).0);
    let function = der::sequence(&[&der::oid(oid::HMAC_SHA256), &der::null()]);
    let rounds = der::unsigned_integer(ROUNDS.into());
    let kdf = der::sequence(&[
        &der::oid(oid::PBKDF2),
        &der::sequence(&[&der::octet_string(&salt), &rounds, &function]),
    ]);
    let scheme = der::sequence(&[&der::oid(oid::AES_256_CBC), &der::octet_string(&iv)]);
    let algorithm = der::sequence(&[&der::oid(oid::PBES2), &der::sequence(&[&kdf, &scheme])]);
    let info = der::sequence(&[&algorithm, &der::octet_string(&data)]);
    let text = STANDARD.encode(info);
    let mut pem = String::from("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END ENCRYPTED PRIVATE KEY-----\n");
    pem
}

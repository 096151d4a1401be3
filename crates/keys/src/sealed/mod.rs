//! Software keys, sealed under their signer's PIN and the server key.
mod passkey;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::aead::NONCE_LEN;
use pki::{KeyAlgorithm, Signer, SoftwareSigner};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::field::{open_with, seal_with};
use crate::server_key::hkdf_sha256;
use crate::{
    Activation, Factor, KeyError, KeyOwner, KeyStore, Protection, ServerKey, StoredKey, SubKey, Unlocked,
};

pub use passkey::SealedByPasskey;

pub(crate) use self::passkey::Subject;

const SALT_LEN: usize = 16;
const LABEL: &[u8] = b"vermilion/sealed-key/v1";

/// Keeps private keys as PKCS#8, encrypted; plaintext exists in memory only while a key is made or signs, and is
/// wiped after.
///
/// # Construction
///
/// ```text
/// stretched = Argon2id(PIN, salt; memory, iterations, parallelism)      32 bytes
/// pepper    = HKDF-SHA256(server key; info "vermilion/signing-key/v1")  32 bytes
/// KEK       = HKDF-SHA256(salt; stretched ‖ pepper; info "vermilion/sealed-key/v1")
/// sealed    = AES-256-GCM(KEK, nonce, PKCS#8; AAD = label, key id, owner, algorithm, public key)
/// ```
///
/// Salt (16 bytes) and nonce are random for each key; salt, nonce and Argon2 parameters stand beside the ciphertext.
/// No check value of the PIN is stored: a wrong PIN shows by the authentication tag alone.
///
/// # What it resists
///
/// * A stolen database or backup without the server key: nothing can be guessed, the key is 256 bits.
/// * A stolen server key without the database: there is nothing to open.
/// * Both stolen: each guess costs one Argon2id run (64 MiB and about 0.2 s on one core by default). That makes a
///   good passphrase safe, but **not a short PIN**: all 10⁶ six-digit PINs cost about 55 core-hours. Keep the server
///   key apart from the database and its backups; a key in hardware is the remedy (another [`KeyStore`]).
/// * An operator who changes the running program can catch a PIN while it is typed. Software on a server cannot
///   prevent that; a factor that stays with the signer (passkey, device key) can.
///
/// A forgotten PIN means a new key and a new certificate: nobody can open the old one.
///
/// ```
/// use vermilion_keys::*;
/// # use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
/// # let mut rng = ChaCha20Rng::from_seed([1; 32]);
/// let server = ServerKey::from_bytes([7; 32]);
/// let store = SealedKeyStore::new(&server, SealingCost::cheap_for_tests());
/// let owner = KeyOwner { key: "key_1".into(), owner: "per_1".into() };
/// let pin = Pin::parse("730591").expect("keeps the rules").into_factor();
/// let key = store.create(pki::KeyAlgorithm::P256, &owner, &pin, &mut rng)?;
/// let stored = serde_json::to_string(&key).expect("is JSON");
/// assert!(stored.contains("\"algorithm\":\"p256\""));
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Debug)]
pub struct SealedKeyStore {
    server_key: ServerKey,
    cost: SealingCost,
}

/// What Argon2id costs for newly made keys. Existing keys keep the cost they were made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl Default for SealingCost {
    /// 64 MiB, 3 passes, 1 lane: the second recommendation of RFC 9106 §4, with one lane.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, iterations: 3, parallelism: 1 }
    }
}

impl SealingCost {
    // Bounds on what a stored key may ask for, so that a changed row cannot exhaust the server.
    const MAX_MEMORY_KIB: u32 = 1024 * 1024;
    const MAX_ITERATIONS: u32 = 64;

    /// As cheap as Argon2id goes: for tests alone.
    pub fn cheap_for_tests() -> Self {
        Self { memory_kib: 8, iterations: 1, parallelism: 1 }
    }

    fn params(self) -> Option<Params> {
        if self.memory_kib > Self::MAX_MEMORY_KIB || self.iterations > Self::MAX_ITERATIONS {
            return None;
        }
        Params::new(self.memory_kib, self.iterations, self.parallelism, Some(32)).ok()
    }
}

/// The sealed form of a private key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Version of the construction: 1.
    version: u8,
    #[serde(flatten)]
    cost: SealingCost,
    #[serde(with = "hex::serde")]
    salt: [u8; SALT_LEN],
    #[serde(with = "hex::serde")]
    nonce: [u8; NONCE_LEN],
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

impl SealedKeyStore {
    /// A store under `server_key`; `cost` holds for keys that it makes.
    pub fn new(server_key: &ServerKey, cost: SealingCost) -> Self {
        Self { server_key: server_key.clone(), cost }
    }

    /// What Argon2id makes of a PIN; the master key is mixed in after it.
    fn stretch(pin: &str, salt: &[u8], cost: SealingCost) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let params = cost.params().ok_or(KeyError::Damaged("Argon2 parameters out of bounds"))?;
        let mut stretched = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(pin.as_bytes(), salt, &mut *stretched)
            .map_err(|e| KeyError::Failed(e.to_string()))?;
        Ok(stretched)
    }

    fn kek(stretched: &[u8; 32], pepper: &SubKey, salt: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut secret = Zeroizing::new([0; 64]);
        secret[..32].copy_from_slice(stretched);
        secret[32..].copy_from_slice(pepper.as_bytes());
        let mut kek = Zeroizing::new([0; 32]);
        hkdf_sha256(salt, &*secret, &[LABEL], &mut kek);
        kek
    }

    pub(crate) fn seal_for_pin(
        &self,
        subject: &Subject<'_>,
        pin: &str,
        pkcs8: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Sealed, KeyError> {
        let (mut salt, mut nonce) = ([0; SALT_LEN], [0; NONCE_LEN]);
        rng.fill_bytes(&mut salt);
        rng.fill_bytes(&mut nonce);
        let kek =
            Self::kek(&*Self::stretch(pin, &salt, self.cost)?, &self.server_key.derive("signing-key"), &salt);
        let aad = associated_data(LABEL, subject.owner, subject.algorithm, subject.public_key);
        let ciphertext = seal_with(&kek, nonce, &aad, pkcs8);
        Ok(Sealed { version: 1, cost: self.cost, salt, nonce, ciphertext })
    }

    pub(crate) fn open_for_pin(
        &self,
        subject: &Subject<'_>,
        sealed: &Sealed,
        pin: &str,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        if sealed.version != 1 {
            return Err(KeyError::Damaged("unknown version of the sealed form"));
        }
        let stretched = Self::stretch(pin, &sealed.salt, sealed.cost)?;
        let aad = associated_data(LABEL, subject.owner, subject.algorithm, subject.public_key);
        // The PIN alone can seal anew: a key stays under the master key that it was made under.
        let open = |pepper: &SubKey| {
            let kek = Self::kek(&stretched, pepper, &sealed.salt);
            open_with(&kek, sealed.nonce, &aad, &sealed.ciphertext)
        };
        self.server_key.peppers().iter().find_map(open).ok_or(KeyError::WrongFactor)
    }

    fn open(
        &self,
        key: &StoredKey,
        factor: &Factor,
        activation: &Activation,
    ) -> Result<SoftwareSigner, KeyError> {
        let subject = Subject { owner: &key.owner, algorithm: key.algorithm, public_key: &key.public_key };
        let pkcs8 = match (&key.protection, factor) {
            (Protection::Sealed(sealed), Factor::Pin(pin)) => self.open_for_pin(&subject, sealed, pin)?,
            (Protection::Passkey(sealed), Factor::Passkey(passkey)) => {
                self.open_for_passkey(&subject, sealed, passkey, activation)?
            }
            _ => return Err(KeyError::WrongFactor),
        };
        let signer = SoftwareSigner::from_pkcs8(&pkcs8)
            .map_err(|_| KeyError::Damaged("what was sealed is no private key"))?;
        if signer.public_key_der() != key.public_key {
            return Err(KeyError::Damaged("the private key is not that of the public key"));
        }
        Ok(signer)
    }
}

impl KeyStore for SealedKeyStore {
    fn create_proving(
        &self,
        algorithm: KeyAlgorithm,
        owner: &KeyOwner,
        factor: &Factor,
        rng: &mut dyn CryptoRng,
        prove: &dyn Fn(&[u8]) -> Vec<u8>,
    ) -> Result<StoredKey, KeyError> {
        let (signer, pkcs8) =
            SoftwareSigner::generate(algorithm).map_err(|e| KeyError::Failed(e.to_string()))?;
        let public_key = signer.public_key_der().to_vec();
        let proof = signer.sign(&prove(&public_key)).map_err(|e| KeyError::Failed(e.to_string()))?;
        let subject = Subject { owner, algorithm, public_key: &public_key };
        let protection = match factor {
            Factor::Pin(pin) => Protection::Sealed(self.seal_for_pin(&subject, pin, &pkcs8, rng)?),
            Factor::Passkey(passkey) => {
                Protection::Passkey(self.seal_for_passkey(&subject, passkey, &pkcs8, rng))
            }
        };
        Ok(StoredKey { owner: owner.clone(), algorithm, public_key, protection, proof })
    }

    fn unlock(
        &self,
        key: &StoredKey,
        factor: &Factor,
        activation: &Activation,
    ) -> Result<Unlocked, KeyError> {
        // The activation first: a key is not opened for what its signer did not agree to.
        if *activation.public_key_sha256() != pki::sha256(&key.public_key) {
            return Err(KeyError::WrongActivation);
        }
        Unlocked::new(Box::new(self.open(key, factor, activation)?), activation)
    }
}

/// Each part behind its length, so that no two keys have the same bytes.
fn associated_data(label: &[u8], owner: &KeyOwner, algorithm: KeyAlgorithm, public_key: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in [label, owner.key.as_bytes(), owner.owner.as_bytes(), algorithm.name().as_bytes(), public_key]
    {
        let length = u32::try_from(part.len()).expect("ids and public keys are short");
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

//! A private key that a passkey opens.

use aws_lc_rs::aead::NONCE_LEN;
use pki::KeyAlgorithm;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{SALT_LEN, SealedKeyStore, associated_data};
use crate::field::{open_with, seal_with};
use crate::server_key::hkdf_sha256;
use crate::{Activation, KeyError, KeyOwner, PasskeyFactor, SubKey};

const LABEL: &[u8] = b"vermilion/passkey-sealed-key/v1";

/// The form of a private key that a passkey opens.
///
/// ```text
/// pepper = HKDF-SHA256(server key; info "vermilion/signing-key/v1")        32 bytes
/// KEK    = HKDF-SHA256(salt; PRF output ‖ pepper; info LABEL)              with a pseudo-random function
/// KEK    = HKDF-SHA256(salt; pepper; info LABEL)                           without one
/// sealed = AES-256-GCM(KEK, nonce, PKCS#8; AAD = LABEL, key id, owner, algorithm, public key, passkey's fingerprint)
/// ```
///
/// With the function, whose output (§10.1.4) only the authenticator can give, neither the database nor the server key
/// nor both open the key. Without it the server could: that it did not without its signer shows in the assertion over
/// the activation, which is asked for in both cases before the key is opened, and kept as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedByPasskey {
    /// Version of the construction: 1.
    version: u8,
    /// [`crate::passkey::Passkey::fingerprint`] of the passkey that opens it.
    #[serde(with = "hex::serde")]
    passkey: [u8; 32],
    /// Whether the passkey's pseudo-random function is part of the key.
    prf: bool,
    #[serde(with = "hex::serde")]
    salt: [u8; SALT_LEN],
    #[serde(with = "hex::serde")]
    nonce: [u8; NONCE_LEN],
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

impl SealedByPasskey {
    /// Whether the server needs the passkey's function to open it, and cannot open it alone.
    #[must_use]
    pub fn needs_prf(&self) -> bool {
        self.prf
    }

    /// The fingerprint of the passkey that opens it.
    #[must_use]
    pub fn passkey(&self) -> &[u8; 32] {
        &self.passkey
    }
}

/// Whose key is sealed.
pub(crate) struct Subject<'a> {
    pub(crate) owner: &'a KeyOwner,
    pub(crate) algorithm: KeyAlgorithm,
    pub(crate) public_key: &'a [u8],
}

impl Subject<'_> {
    fn aad(&self, passkey: &[u8; 32]) -> Vec<u8> {
        let mut aad = associated_data(LABEL, self.owner, self.algorithm, self.public_key);
        aad.extend_from_slice(passkey);
        aad
    }
}

impl SealedKeyStore {
    pub(crate) fn seal_for_passkey(
        &self,
        subject: &Subject<'_>,
        factor: &PasskeyFactor,
        pkcs8: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> SealedByPasskey {
        let (mut salt, mut nonce) = ([0; SALT_LEN], [0; NONCE_LEN]);
        rng.fill_bytes(&mut salt);
        rng.fill_bytes(&mut nonce);
        let passkey = factor.passkey.fingerprint();
        let kek = passkey_kek(factor.prf.as_deref(), &self.server_key.derive("signing-key"), &salt);
        let ciphertext = seal_with(&kek, nonce, &subject.aad(&passkey), pkcs8);
        SealedByPasskey { version: 1, passkey, prf: factor.prf.is_some(), salt, nonce, ciphertext }
    }

    /// Opens the key where the passkey signed the activation's digest.
    pub(crate) fn open_for_passkey(
        &self,
        subject: &Subject<'_>,
        sealed: &SealedByPasskey,
        factor: &PasskeyFactor,
        activation: &Activation,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        if sealed.version != 1 {
            return Err(KeyError::Damaged("unknown version of the sealed form"));
        }
        if factor.passkey.fingerprint() != sealed.passkey {
            return Err(KeyError::WrongFactor);
        }
        let assertion = factor.assertion.as_ref().ok_or(KeyError::WrongFactor)?;
        assertion
            .verify(&factor.relying_party, &factor.passkey, &activation.digest())
            .map_err(KeyError::Passkey)?;
        let prf = match (sealed.prf, &factor.prf) {
            (true, Some(prf)) => Some(&**prf),
            (true, None) => return Err(KeyError::WrongFactor),
            (false, _) => None,
        };
        let aad = subject.aad(&sealed.passkey);
        let open = |pepper: &SubKey| {
            open_with(&passkey_kek(prf, pepper, &sealed.salt), sealed.nonce, &aad, &sealed.ciphertext)
        };
        self.server_key.peppers().iter().find_map(open).ok_or(KeyError::WrongFactor)
    }
}

fn passkey_kek(prf: Option<&[u8; 32]>, pepper: &SubKey, salt: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut secret = Zeroizing::new(Vec::with_capacity(64));
    if let Some(prf) = prf {
        secret.extend_from_slice(prf);
    }
    secret.extend_from_slice(pepper.as_bytes());
    let mut kek = Zeroizing::new([0; 32]);
    hkdf_sha256(salt, &secret, &[LABEL], &mut kek);
    kek
}

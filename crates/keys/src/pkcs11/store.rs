//! Keys in a token as a [`KeyStore`]: the token keeps the private key, the signer's own factor releases it.
use std::sync::Arc;

use pki::KeyAlgorithm;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::pool::{PooledSigner, TokenKey, TokenPool};
use super::{KeyChoice, TokenError};
use crate::sealed::{Sealed, SealedByPasskey, SealedKeyStore, Subject};
use crate::{Activation, Factor, KeyError, KeyOwner, KeyStore, Protection, StoredKey, Unlocked};

/// Keys that never leave a token. Each use is released by an activation that the signer's own factor confirms: a PIN, or a
/// passkey that signed its digest.
///
/// What the factor opens is a random value that nothing needs: it is there to tell a right PIN from a wrong one, and a
/// passkey on record from one that was put in its place, in the same way as for sealed keys. So the factor holds the *server*
/// back, in its unchanged program. It does not hold back who runs the server and knows the token's PIN: see
/// `docs/sole-control.md`.
pub struct TokenKeyStore {
    pool: Arc<TokenPool>,
    sealed: SealedKeyStore,
}

/// Where a key in a token is, and what releases it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnToken {
    /// Serial number of the token.
    token: String,
    /// CKA_ID.
    #[serde(with = "hex::serde")]
    id: Vec<u8>,
    /// CKA_LABEL.
    label: String,
    /// What confirms an activation.
    confirmed_by: ConfirmedBy,
}

/// What confirms an activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConfirmedBy {
    Pin(Sealed),
    Passkey(SealedByPasskey),
}

impl OnToken {
    /// Serial number of the token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What the key is called there.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What of a passkey is on record that confirms activations; none where a PIN does.
    #[must_use]
    pub fn passkey(&self) -> Option<&SealedByPasskey> {
        match &self.confirmed_by {
            ConfirmedBy::Pin(_) => None,
            ConfirmedBy::Passkey(sealed) => Some(sealed),
        }
    }
}

impl TokenKeyStore {
    /// A store over an open token; `sealed` keeps what the factors open.
    #[must_use]
    pub fn new(pool: Arc<TokenPool>, sealed: SealedKeyStore) -> Self {
        Self { pool, sealed }
    }

    /// The token.
    #[must_use]
    pub fn pool(&self) -> &TokenPool {
        &self.pool
    }

    /// Puts a key that is in the token already under the factor of `owner`. It proves that it is there by signing what
    /// `prove` makes of its public key.
    ///
    /// # Errors
    /// [`KeyError::Away`], [`KeyError::Failed`].
    pub fn adopt(
        &self,
        key: TokenKey,
        owner: &KeyOwner,
        factor: &Factor,
        rng: &mut dyn CryptoRng,
        prove: &dyn Fn(&[u8]) -> Vec<u8>,
    ) -> Result<StoredKey, KeyError> {
        let algorithm = pki::public_key_algorithm(&key.public_key)
            .ok_or(KeyError::Damaged("a kind of key that is not certified here"))?;
        let proof = self.pool.sign(&key, &prove(&key.public_key))?;
        let mut value = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *value);
        let subject = Subject { owner, algorithm, public_key: &key.public_key };
        let confirmed_by = match factor {
            Factor::Pin(pin) => ConfirmedBy::Pin(self.sealed.seal_for_pin(&subject, pin, &*value, rng)?),
            Factor::Passkey(passkey) => {
                ConfirmedBy::Passkey(self.sealed.seal_for_passkey(&subject, passkey, &*value, rng))
            }
        };
        let TokenKey { token, id, label, public_key } = key;
        let protection = Protection::Pkcs11(OnToken { token, id, label, confirmed_by });
        Ok(StoredKey { owner: owner.clone(), algorithm, public_key, protection, proof })
    }

    /// Takes a key out of the token again that was just made there, and that nobody was given.
    ///
    /// # Errors
    /// [`KeyError::Away`], [`KeyError::Failed`].
    pub fn undo(&self, made: &StoredKey) -> Result<(), KeyError> {
        let Protection::Pkcs11(on) = &made.protection else { return Ok(()) };
        let (token, id, label) = (on.token.clone(), on.id.clone(), on.label.clone());
        Ok(self.pool.undo(&TokenKey { token, id, label, public_key: made.public_key.clone() })?)
    }
}

impl KeyStore for TokenKeyStore {
    /// Makes the key in the token, labelled by the owner's key id.
    fn create_proving(
        &self,
        algorithm: KeyAlgorithm,
        owner: &KeyOwner,
        factor: &Factor,
        rng: &mut dyn CryptoRng,
        prove: &dyn Fn(&[u8]) -> Vec<u8>,
    ) -> Result<StoredKey, KeyError> {
        if algorithm != KeyAlgorithm::P256 {
            return Err(KeyError::Failed("keys on P-256 alone are made in tokens".to_owned()));
        }
        let key = self.pool.generate(&owner.key)?;
        // Nobody is given a key that did not prove itself: it does not stay in the token either.
        self.adopt(key.clone(), owner, factor, rng, prove).inspect_err(|_| _ = self.pool.undo(&key))
    }

    fn unlock(
        &self,
        key: &StoredKey,
        factor: &Factor,
        activation: &Activation,
    ) -> Result<Unlocked, KeyError> {
        let Protection::Pkcs11(on) = &key.protection else {
            return Err(KeyError::Damaged("the key is not in a token"));
        };
        if *activation.public_key_sha256() != pki::sha256(&key.public_key) {
            return Err(KeyError::WrongActivation);
        }
        // The token first: where it is away, nobody is told of a wrong PIN, and no activation is spent.
        let found = self.pool.find(&KeyChoice::Id(on.id.clone()))?;
        if found.token != on.token || found.public_key != key.public_key {
            return Err(KeyError::Damaged("the key in the token is another one"));
        }
        let subject = Subject { owner: &key.owner, algorithm: key.algorithm, public_key: &key.public_key };
        match (&on.confirmed_by, factor) {
            (ConfirmedBy::Pin(sealed), Factor::Pin(pin)) => {
                self.sealed.open_for_pin(&subject, sealed, pin)?;
            }
            (ConfirmedBy::Passkey(sealed), Factor::Passkey(passkey)) => {
                self.sealed.open_for_passkey(&subject, sealed, passkey, activation)?;
            }
            _ => return Err(KeyError::WrongFactor),
        }
        let signer = PooledSigner::new(Arc::clone(&self.pool), found)?;
        Unlocked::new(Box::new(signer), activation)
    }
}

impl std::fmt::Debug for TokenKeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKeyStore(..)")
    }
}

impl From<TokenError> for KeyError {
    fn from(error: TokenError) -> Self {
        let why = error.to_string();
        if error.is_away() { Self::Away(why) } else { Self::Failed(why) }
    }
}

//! Secrets of links and sessions: 32 random bytes, shown once as base64url; only their hash is stored.
//!
//! The hash is plain SHA-256: the secret has 256 bits of entropy, so there is nothing to guess.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret to hand out. Wiped when dropped, never printed.
///
/// ```
/// use vermilion_keys::token;
/// # use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
/// # let mut rng = ChaCha20Rng::from_seed([1; 32]);
/// let secret = token::new(&mut rng);
/// assert_eq!(secret.as_str().len(), 43);
/// assert_eq!(token::hash(secret.as_str()), secret.hash());
/// ```
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// 43 characters of `A-Z a-z 0-9 - _`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What to store.
    pub fn hash(&self) -> TokenHash {
        hash(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The stored form of a secret. Compared in constant time.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Takes the stored bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store, or to look up by.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hexadecimal.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenHash {}

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

impl From<TokenHash> for String {
    fn from(hash: TokenHash) -> Self {
        hash.to_hex()
    }
}

impl TryFrom<String> for TokenHash {
    type Error = hex::FromHexError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// Makes a secret.
pub fn new(rng: &mut dyn CryptoRng) -> Secret {
    let mut bytes = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *bytes);
    Secret(Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes)))
}

/// The stored form of a presented secret. Anything may be presented: what was never handed out matches nothing.
pub fn hash(secret: &str) -> TokenHash {
    TokenHash(pki::sha256(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn secrets_differ_and_only_their_hash_shows() {
        let mut rng = ChaCha20Rng::from_seed([0; 32]);
        let (a, b) = (new(&mut rng), new(&mut rng));
        assert_ne!(a.as_str(), b.as_str());
        assert_ne!(a.hash(), b.hash());
        assert_eq!(format!("{a:?}{:?}", a.hash()), "Secret(..)TokenHash(..)");
        let stored = serde_json::to_string(&a.hash()).unwrap();
        assert_eq!(serde_json::from_str::<TokenHash>(&stored).unwrap(), hash(a.as_str()));
    }
}

//! How long a public key is, for judges with a table of what is long enough when (ETSI TS 119 312).
use serde::{Deserialize, Serialize};

use crate::public_key::{Kind, PublicKey};

/// The family of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyFamily {
    /// RSA, by the bits of its modulus.
    Rsa,
    /// Elliptic curves (ECDSA), by the bits of the field.
    Ec,
    /// Edwards curves (EdDSA), by the bits of the field.
    Edwards,
}

/// Family and size in bits of a SubjectPublicKeyInfo; `None` where it is of another kind or malformed.
///
/// ```
/// # use vermilion_pki::{KeyAlgorithm, Signer, SoftwareSigner, KeyFamily, key_size};
/// let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P384)?;
/// assert_eq!(key_size(key.public_key_der()), Some((KeyFamily::Ec, 384)));
/// # Ok::<(), vermilion_pki::KeyRejected>(())
/// ```
pub fn key_size(public_key_der: &[u8]) -> Option<(KeyFamily, usize)> {
    match PublicKey::from_der(public_key_der).ok()?.kind {
        Kind::Rsa { bits, .. } => Some((KeyFamily::Rsa, bits)),
        Kind::P256 => Some((KeyFamily::Ec, 256)),
        Kind::P384 => Some((KeyFamily::Ec, 384)),
        Kind::P521 => Some((KeyFamily::Ec, 521)),
        Kind::Ed25519 => Some((KeyFamily::Edwards, 255)),
        Kind::Other(_) => None,
    }
}

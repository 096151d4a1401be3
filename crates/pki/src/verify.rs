//! Checking signature values.
use crate::{KeyAlgorithm, SignatureAlgorithm, VerifyError};

/// Checks `signature` over `message` under the key `public_key_der` (SubjectPublicKeyInfo).
///
/// [`VerifyError::Weak`] means that the value does verify, but proves nothing.
pub fn verify(
    public_key_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let _ = (public_key_der, algorithm, message, signature);
    todo!()
}

/// The kind of a public key, where it is one that we issue certificates for.
pub fn public_key_algorithm(public_key_der: &[u8]) -> Option<KeyAlgorithm> {
    let _ = public_key_der;
    todo!()
}

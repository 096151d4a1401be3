//! The server's master secret and what is derived from it.
use aws_lc_rs::{hkdf, hmac};
use zeroize::{Zeroize, Zeroizing};

/// The 32-byte master secret of an installation. Wiped when dropped, never printed.
///
/// ```
/// let key = vermilion_keys::ServerKey::from_bytes([7; 32]);
/// assert_ne!(key.derive("field-encryption").as_bytes(), key.derive("signing-key").as_bytes());
/// assert_eq!(key.index("phone", b"13800138000"), key.index("phone", b"13800138000"));
/// ```
pub struct ServerKey(Zeroizing<[u8; 32]>);

impl ServerKey {
    /// Takes 32 uniformly random bytes.
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let key = Self(Zeroizing::new(bytes));
        bytes.zeroize();
        key
    }

    /// Takes the content of a key file: exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        <[u8; 32]>::try_from(bytes).ok().map(Self::from_bytes)
    }

    /// The sub-key for `purpose`: HKDF-SHA256, no salt, info `vermilion/<purpose>/v1`.
    pub fn derive(&self, purpose: &'static str) -> SubKey {
        let mut out = Zeroizing::new([0; 32]);
        hkdf_sha256(&[], &*self.0, &[b"vermilion/", purpose.as_bytes(), b"/v1"], &mut out);
        SubKey(out)
    }

    /// A keyed index of `value`, to look up what is stored encrypted: HMAC-SHA256 under the sub-key of `purpose`.
    /// Equal values give equal indexes; without the server key nothing can be guessed from one.
    pub fn index(&self, purpose: &'static str, value: &[u8]) -> [u8; 32] {
        let mut sub = Zeroizing::new([0; 32]);
        hkdf_sha256(&[], &*self.0, &[b"vermilion/index/", purpose.as_bytes(), b"/v1"], &mut sub);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &*sub), value);
        let mut out = [0; 32];
        out.copy_from_slice(tag.as_ref());
        out
    }
}

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey(..)")
    }
}

/// A 32-byte key for one purpose. Wiped when dropped, never printed.
pub struct SubKey(Zeroizing<[u8; 32]>);

impl SubKey {
    /// The key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for SubKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubKey(..)")
    }
}

/// HKDF-SHA256 (RFC 5869) to 32 bytes.
pub(crate) fn hkdf_sha256(salt: &[u8], secret: &[u8], info: &[&[u8]], out: &mut [u8; 32]) {
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(info, hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(out))
        .expect("32 bytes are within HKDF's bound of 255 blocks");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_give_unrelated_keys_and_nothing_is_printed() {
        let key = ServerKey::from_bytes([1; 32]);
        let other = ServerKey::from_bytes([2; 32]);
        assert_eq!(key.derive("a").as_bytes(), key.derive("a").as_bytes());
        assert_ne!(key.derive("a").as_bytes(), key.derive("b").as_bytes());
        assert_ne!(key.derive("a").as_bytes(), other.derive("a").as_bytes());
        assert_ne!(&key.index("a", b"x"), key.derive("a").as_bytes());
        assert_eq!(format!("{key:?} {:?}", key.derive("a")), "ServerKey(..) SubKey(..)");
        assert!(ServerKey::from_slice(&[0; 31]).is_none());
    }

    #[test]
    fn hkdf_agrees_with_rfc_5869_test_case_1() {
        let mut out = [0; 32];
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        hkdf_sha256(&salt, &[0x0b; 22], &[&info], &mut out);
        assert_eq!(hex::encode(out), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }
}

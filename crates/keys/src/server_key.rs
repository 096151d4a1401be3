//! The server's master secret and what is derived from it.
//!
//! Master secrets follow one another. One of them seals; older ones open what they sealed, until all of it is sealed anew
//! and they are forgotten. Each is known by its id, which stands in what it sealed.
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::{hkdf, hmac};
use zeroize::{Zeroize, Zeroizing};

/// The purpose of what is mixed into the keys of signers.
const PEPPER: &str = "signing-key";

/// The id of a master secret: 4 bytes of a keyed hash, in hexadecimal when shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MasterKeyId(pub [u8; 4]);

impl MasterKeyId {
    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut id = [0; 4];
        hex::decode_to_slice(text, &mut id).ok().map(|()| Self(id))
    }
}

impl std::fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::fmt::Debug for MasterKeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// The 32-byte master secret of an installation, with those before it. Wiped when dropped, never printed. Clones share it:
/// what one learns, all know.
///
/// ```
/// let key = vermilion_keys::ServerKey::from_bytes([7; 32]);
/// assert_ne!(key.derive("field-encryption").as_bytes(), key.derive("signing-key").as_bytes());
/// assert_eq!(key.index("phone", b"13800138000"), key.index("phone", b"13800138000"));
/// ```
#[derive(Clone)]
pub struct ServerKey(Arc<RwLock<Ring>>);

struct Ring {
    current: Arc<Secret>,
    older: BTreeMap<MasterKeyId, Arc<Secret>>,
    /// What is left of forgotten ones: without it, keys of signers that were sealed under them would not open.
    peppers: BTreeMap<MasterKeyId, Arc<Zeroizing<[u8; 32]>>>,
}

pub(crate) struct Secret {
    id: MasterKeyId,
    bytes: Zeroizing<[u8; 32]>,
}

impl Secret {
    fn new(bytes: &[u8; 32]) -> Self {
        let mut it = Self { id: MasterKeyId([0; 4]), bytes: Zeroizing::new(*bytes) };
        let digest = it.index("key-id", b"");
        it.id.0.copy_from_slice(&digest[..4]);
        it
    }

    pub(crate) fn derive(&self, purpose: &'static str) -> SubKey {
        let mut out = Zeroizing::new([0; 32]);
        hkdf_sha256(&[], &*self.bytes, &[b"vermilion/", purpose.as_bytes(), b"/v1"], &mut out);
        SubKey(out)
    }

    fn index(&self, purpose: &'static str, value: &[u8]) -> [u8; 32] {
        let mut sub = Zeroizing::new([0; 32]);
        hkdf_sha256(&[], &*self.bytes, &[b"vermilion/index/", purpose.as_bytes(), b"/v1"], &mut sub);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &*sub), value);
        let mut out = [0; 32];
        out.copy_from_slice(tag.as_ref());
        out
    }
}

impl ServerKey {
    /// Takes 32 uniformly random bytes.
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let current = Arc::new(Secret::new(&bytes));
        bytes.zeroize();
        Self(Arc::new(RwLock::new(Ring { current, older: BTreeMap::new(), peppers: BTreeMap::new() })))
    }

    /// Takes the content of a key file: exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        <[u8; 32]>::try_from(bytes).ok().map(Self::from_bytes)
    }

    /// The id of the one that seals.
    pub fn id(&self) -> MasterKeyId {
        self.current().id
    }

    /// The ids of all that open what they sealed: the one that seals first.
    pub fn ids(&self) -> Vec<MasterKeyId> {
        self.all().iter().map(|it| it.id).collect()
    }

    /// Adds one that sealed before, and gives its id.
    pub fn add_older(&self, mut bytes: [u8; 32]) -> MasterKeyId {
        let secret = Secret::new(&bytes);
        bytes.zeroize();
        let id = secret.id;
        let mut ring = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if ring.current.id != id {
            ring.older.insert(id, Arc::new(secret));
        }
        id
    }

    /// Has another one seal from now on; the one that did opens still. Gives the id of the new one.
    pub fn succeed(&self, mut bytes: [u8; 32]) -> MasterKeyId {
        let secret = Arc::new(Secret::new(&bytes));
        bytes.zeroize();
        let id = secret.id;
        let mut ring = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if ring.current.id != id {
            let before = std::mem::replace(&mut ring.current, secret);
            ring.older.insert(before.id, before);
            ring.older.remove(&id);
        }
        id
    }

    /// Forgets one that sealed before: nothing that it sealed opens any more, but for the keys of signers.
    pub fn forget(&self, id: MasterKeyId) {
        let mut ring = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(secret) = ring.older.remove(&id) {
            ring.peppers.insert(id, Arc::new(secret.derive(PEPPER).0));
        }
    }

    /// What keys of signers that were sealed under an older one need; from it nothing else can be had.
    pub fn pepper(&self, id: MasterKeyId) -> Option<SubKey> {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let known = ring.peppers.get(&id).map(|it| SubKey((**it).clone()));
        known.or_else(|| ring.older.get(&id).map(|it| it.derive(PEPPER)))
    }

    /// Adds what [`ServerKey::pepper`] gave.
    pub fn add_pepper(&self, id: MasterKeyId, bytes: [u8; 32]) {
        let mut ring = self.0.write().unwrap_or_else(PoisonError::into_inner);
        ring.peppers.insert(id, Arc::new(Zeroizing::new(bytes)));
    }

    /// Whether the keys of signers that were sealed under it can be opened.
    pub fn has_pepper(&self, id: MasterKeyId) -> bool {
        self.ids().contains(&id) || self.pepper(id).is_some()
    }

    /// The sub-key for `purpose`: HKDF-SHA256, no salt, info `vermilion/<purpose>/v1`.
    pub fn derive(&self, purpose: &'static str) -> SubKey {
        self.current().derive(purpose)
    }

    /// A keyed index of `value`, to look up what is stored encrypted: HMAC-SHA256 under the sub-key of `purpose`.
    /// Equal values give equal indexes; without the server key nothing can be guessed from one.
    pub fn index(&self, purpose: &'static str, value: &[u8]) -> [u8; 32] {
        self.current().index(purpose, value)
    }

    /// The index under each that is known: the one that seals first.
    pub fn indexes(&self, purpose: &'static str, value: &[u8]) -> Vec<[u8; 32]> {
        self.all().iter().map(|it| it.index(purpose, value)).collect()
    }

    /// What is mixed into the keys of signers: that of the one that seals first.
    pub(crate) fn peppers(&self) -> Vec<SubKey> {
        let all = self.all();
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let kept = ring.peppers.values().map(|it| SubKey((**it).clone()));
        all.iter().map(|it| it.derive(PEPPER)).chain(kept).collect()
    }

    pub(crate) fn current(&self) -> Arc<Secret> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).current)
    }

    /// The one of this id.
    pub(crate) fn secret(&self, id: MasterKeyId) -> Option<Arc<Secret>> {
        self.all().into_iter().find(|it| it.id == id)
    }

    pub(crate) fn all(&self) -> Vec<Arc<Secret>> {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        std::iter::once(&ring.current).chain(ring.older.values().rev()).map(Arc::clone).collect()
    }
}

impl Secret {
    pub(crate) fn id(&self) -> MasterKeyId {
        self.id
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
    fn master_keys_follow_one_another_and_clones_know_of_it() {
        let key = ServerKey::from_bytes([1; 32]);
        let (clone, first, before) = (key.clone(), key.id(), key.index("a", b"x"));
        let second = key.succeed([2; 32]);
        assert_eq!(clone.ids(), [second, first]);
        assert_eq!(clone.indexes("a", b"x")[1], before);
        assert_ne!(key.index("a", b"x"), before);
        let pepper = key.pepper(first).expect("it is there");
        key.forget(first);
        assert_eq!(clone.ids(), [second]);
        assert_eq!(key.pepper(first).expect("it stays").as_bytes(), pepper.as_bytes());
        assert_eq!(MasterKeyId::parse(&first.to_string()), Some(first));
        // Named twice, it is there once.
        assert_eq!(key.add_older([2; 32]), second);
        assert_eq!(key.ids(), [second]);
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

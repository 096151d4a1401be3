//! Encryption of single columns: ID numbers, phones, whatever must not be read from a stolen database.
//!
//! AES-256-GCM under the server's sub-key `field-encryption`. A sealed value is
//! `02 ‖ id of the master key (4 bytes) ‖ nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes)`; version, id, table, column and row
//! id are its associated data, so that a value moved to another row does not open. Values of version `01` have no id: they
//! are from before master keys followed one another. Nonces are random: one master key is good for 2³² values.
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{MasterKeyId, ServerKey};

/// Without the id of the master key.
const PLAIN: u8 = 1;
const VERSION: u8 = 2;
const ID_LEN: usize = 4;

/// Where a value is stored: it opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Table.
    pub table: &'a str,
    /// Column.
    pub column: &'a str,
    /// Row id.
    pub row: &'a str,
}

/// A sealed value that does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// Too short, or of a version that this program does not know.
    #[error("not a sealed value of a known version")]
    Format,
    /// Changed, moved from another place, or sealed under another server key.
    #[error("the sealed value was changed, moved, or belongs to another server key")]
    Authentication,
    /// Sealed under a master key that is not here.
    #[error("the master key {0} is missing")]
    Missing(MasterKeyId),
}

/// Seals `plaintext` for `place`.
///
/// ```
/// use vermilion_keys::{ServerKey, field::{self, Place}};
/// # use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
/// # let mut rng = ChaCha20Rng::from_seed([1; 32]);
/// let key = ServerKey::from_bytes([7; 32]);
/// let place = Place { table: "person", column: "phone", row: "per_1" };
/// let sealed = field::seal(&key, place, b"13800138000", &mut rng);
/// assert_eq!(field::open(&key, place, &sealed)?.as_slice(), b"13800138000");
/// # Ok::<(), field::FieldError>(())
/// ```
pub fn seal(key: &ServerKey, place: Place<'_>, plaintext: &[u8], rng: &mut dyn CryptoRng) -> Vec<u8> {
    let mut nonce = [0; NONCE_LEN];
    rng.fill_bytes(&mut nonce);
    let secret = key.current();
    let mut out = vec![VERSION];
    out.extend_from_slice(&secret.id().0);
    let aad = place.associated_data(&out);
    out.extend_from_slice(&nonce);
    out.extend(seal_with(secret.derive("field-encryption").as_bytes(), nonce, &aad, plaintext));
    out
}

/// Opens what [`seal`] gave for the same place.
pub fn open(key: &ServerKey, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, FieldError> {
    let (&version, rest) = sealed.split_first().ok_or(FieldError::Format)?;
    let (secrets, head, rest) = match version {
        PLAIN => (key.all(), &sealed[..1], rest),
        VERSION => {
            let (id, rest) = rest.split_first_chunk::<ID_LEN>().ok_or(FieldError::Format)?;
            let id = MasterKeyId(*id);
            (vec![key.secret(id).ok_or(FieldError::Missing(id))?], &sealed[..1 + ID_LEN], rest)
        }
        _ => return Err(FieldError::Format),
    };
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>().ok_or(FieldError::Format)?;
    let aad = place.associated_data(head);
    let open = |it: &std::sync::Arc<crate::server_key::Secret>| {
        open_with(it.derive("field-encryption").as_bytes(), *nonce, &aad, ciphertext)
    };
    secrets.iter().find_map(open).ok_or(FieldError::Authentication)
}

/// What every value begins with that was sealed under this master key, in hexadecimal.
pub fn mark(id: MasterKeyId) -> String {
    format!("{VERSION:02x}{id}")
}

impl Place<'_> {
    /// Each part behind its length, so that no two places have the same bytes.
    fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        let mut out = head.to_vec();
        for part in [self.table, self.column, self.row] {
            let length = u32::try_from(part.len()).expect("names and ids are short");
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out
    }
}

/// AES-256-GCM: ciphertext with its tag.
pub(crate) fn seal_with(key: &[u8; 32], nonce: [u8; NONCE_LEN], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    // The tag is appended in place: with room for it, the plaintext is never left behind by a reallocation.
    let mut buffer = Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len());
    buffer.extend_from_slice(plaintext);
    aead_key(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut buffer)
        .expect("AES-256-GCM seals anything under 64 GiB");
    buffer
}

/// The plaintext, where key, nonce and associated data are right.
pub(crate) fn open_with(
    key: &[u8; 32],
    nonce: [u8; NONCE_LEN],
    aad: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let length = aead_key(key)
        .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut buffer)
        .ok()?
        .len();
    buffer.truncate(length);
    Some(buffer)
}

fn aead_key(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("the key is 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    const HERE: Place<'_> = Place { table: "person", column: "phone", row: "per_1" };

    #[test]
    fn a_value_opens_only_where_it_was_sealed() {
        let key = ServerKey::from_bytes([1; 32]);
        let sealed = seal(&key, HERE, "陈".as_bytes(), &mut ChaCha20Rng::from_seed([0; 32]));
        assert_eq!(open(&key, HERE, &sealed).unwrap().as_slice(), "陈".as_bytes());
        for there in [
            Place { row: "per_2", ..HERE },
            Place { column: "id_number", ..HERE },
            Place { table: "personp", column: "hone", ..HERE },
        ] {
            assert_eq!(open(&key, there, &sealed), Err(FieldError::Authentication));
        }
        assert_eq!(open(&ServerKey::from_bytes([2; 32]), HERE, &sealed), Err(FieldError::Missing(key.id())));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let key = ServerKey::from_bytes([1; 32]);
        let sealed = seal(&key, HERE, b"13800138000", &mut ChaCha20Rng::from_seed([0; 32]));
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(open(&key, HERE, &changed).is_err(), "byte {i}");
            assert!(open(&key, HERE, &sealed[..i]).is_err(), "cut at {i}");
        }
    }

    #[test]
    fn equal_values_are_sealed_differently() {
        let key = ServerKey::from_bytes([1; 32]);
        let mut rng = ChaCha20Rng::from_seed([0; 32]);
        assert_ne!(seal(&key, HERE, b"x", &mut rng), seal(&key, HERE, b"x", &mut rng));
    }

    #[test]
    fn a_value_opens_as_long_as_its_master_key_is_known() {
        let key = ServerKey::from_bytes([1; 32]);
        let first = key.id();
        let mut rng = ChaCha20Rng::from_seed([0; 32]);
        let old = seal(&key, HERE, b"x", &mut rng);
        // As values were sealed before they named their key.
        let mut plain = vec![PLAIN];
        plain.extend_from_slice(&[9; NONCE_LEN]);
        let aad = HERE.associated_data(&[PLAIN]);
        plain.extend(seal_with(key.derive("field-encryption").as_bytes(), [9; NONCE_LEN], &aad, b"y"));
        key.succeed([2; 32]);
        let new = seal(&key, HERE, b"z", &mut rng);
        assert!(
            hex::encode(&new).starts_with(&mark(key.id())) && hex::encode(&old).starts_with(&mark(first))
        );
        for (sealed, text) in [(&old, b"x"), (&plain, b"y"), (&new, b"z")] {
            assert_eq!(open(&key, HERE, sealed).unwrap().as_slice(), text);
        }
        key.forget(first);
        assert_eq!(open(&key, HERE, &old), Err(FieldError::Missing(first)));
        assert_eq!(open(&key, HERE, &plain), Err(FieldError::Authentication));
        assert_eq!(open(&key, HERE, &new).unwrap().as_slice(), b"z");
        // The id is part of what is authenticated.
        let mut other = old.clone();
        other[1..5].copy_from_slice(&key.id().0);
        assert_eq!(open(&key, HERE, &other), Err(FieldError::Authentication));
    }
}

//! The ciphers themselves.

use aes::{Aes128, Aes256};
use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use cbc::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use md5::{Digest, Md5};
use sha2::Sha256;

use super::Cipher;
use crate::Ref;

const BLOCK: usize = 16;

/// Length of the nonce in front of data in Galois/Counter mode, and of the tag after it (ISO/TS 32003).
const NONCE: usize = 12;

pub(super) fn md5(data: &[u8]) -> Vec<u8> {
    Md5::digest(data).to_vec()
}

/// Decrypts a string or stream. AES data begin with their initialisation vector and end with padding
/// (7.6.3.1); broken padding is left in place, as viewers do. `None` where an authentication tag is wrong: somebody
/// without the key changed the data.
pub(super) fn decrypt(cipher: Cipher, key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    Some(match cipher {
        Cipher::Identity => data.to_vec(),
        Cipher::Rc4 => rc4(key, data),
        Cipher::Aes128 | Cipher::Aes256 => {
            let Some((iv, body)) = data.split_at_checked(BLOCK) else { return Some(Vec::new()) };
            let whole = body.len() / BLOCK * BLOCK;
            let mut plain = body.get(..whole).unwrap_or_default().to_vec();
            aes_cbc_decrypt(key, iv, &mut plain);
            let padding = plain.last().copied().map_or(0, usize::from);
            if (1..=BLOCK).contains(&padding) {
                plain.truncate(plain.len().saturating_sub(padding));
            }
            plain
        }
        // An empty string or stream may be just that, as with the other modes.
        Cipher::Aes256Gcm if data.is_empty() => Vec::new(),
        Cipher::Aes256Gcm => return gcm_decrypt(key, data),
    })
}

/// Encrypts a string or stream. The initialisation vector is a digest of key, place and text: it cannot be
/// foreseen without the key, differs wherever the text differs, and needs no random numbers.
pub(super) fn encrypt(cipher: Cipher, key: &[u8], owner: Ref, data: &[u8]) -> Vec<u8> {
    match cipher {
        Cipher::Identity => data.to_vec(),
        Cipher::Rc4 => rc4(key, data),
        Cipher::Aes128 | Cipher::Aes256 => {
            let mut out = vector(key, owner, data);
            let padding = BLOCK - data.len() % BLOCK;
            let mut body = data.to_vec();
            body.extend(std::iter::repeat_n(u8::try_from(padding).unwrap_or(0), padding));
            aes_cbc_encrypt(key, &out, &mut body);
            out.append(&mut body);
            out
        }
        Cipher::Aes256Gcm => gcm_encrypt(key, &vector(key, owner, data), data).unwrap_or_default(),
    }
}

fn vector(key: &[u8], owner: Ref, data: &[u8]) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(b"vermilion pdf iv");
    digest.update(key);
    digest.update(owner.number.to_be_bytes());
    digest.update(owner.generation.to_be_bytes());
    digest.update(data);
    digest.finalize().get(..BLOCK).unwrap_or_default().to_vec()
}

fn gcm_decrypt(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = data.split_at_checked(NONCE)?;
    let mut plain = body.to_vec();
    Aes256Gcm::new_from_slice(key).ok()?.decrypt_in_place(nonce.try_into().ok()?, b"", &mut plain).ok()?;
    Some(plain)
}

fn gcm_encrypt(key: &[u8], vector: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let nonce = vector.get(..NONCE)?;
    let mut body = data.to_vec();
    Aes256Gcm::new_from_slice(key).ok()?.encrypt_in_place(nonce.try_into().ok()?, b"", &mut body).ok()?;
    Some([nonce, &body].concat())
}

/// Decrypts whole blocks in place with AES of the key's size; does nothing for another size.
pub(super) fn aes_cbc_decrypt(key: &[u8], iv: &[u8], data: &mut [u8]) {
    let (blocks, _) = Array::slice_as_chunks_mut(data);
    if key.len() == 32 {
        if let Ok(mut mode) = cbc::Decryptor::<Aes256>::new_from_slices(key, iv) {
            mode.decrypt_blocks(blocks);
        }
    } else if let Ok(mut mode) = cbc::Decryptor::<Aes128>::new_from_slices(key, iv) {
        mode.decrypt_blocks(blocks);
    }
}

/// Encrypts whole blocks in place with AES of the key's size; does nothing for another size.
pub(super) fn aes_cbc_encrypt(key: &[u8], iv: &[u8], data: &mut [u8]) {
    let (blocks, _) = Array::slice_as_chunks_mut(data);
    if key.len() == 32 {
        if let Ok(mut mode) = cbc::Encryptor::<Aes256>::new_from_slices(key, iv) {
            mode.encrypt_blocks(blocks);
        }
    } else if let Ok(mut mode) = cbc::Encryptor::<Aes128>::new_from_slices(key, iv) {
        mode.encrypt_blocks(blocks);
    }
}

/// RC4, which files of the 1990s and 2000s use.
pub(super) fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|i| u8::try_from(i).unwrap_or(0));
    let at = |state: &[u8; 256], i: u8| state.get(usize::from(i)).copied().unwrap_or(0);
    let mut j = 0_u8;
    for (i, byte) in (0..=u8::MAX).zip(key.iter().cycle()) {
        j = j.wrapping_add(at(&state, i)).wrapping_add(*byte);
        state.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    data.iter()
        .map(|byte| {
            i = i.wrapping_add(1);
            j = j.wrapping_add(at(&state, i));
            state.swap(usize::from(i), usize::from(j));
            byte ^ at(&state, at(&state, i).wrapping_add(at(&state, j)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rc4_gives_the_known_vectors() {
        assert_eq!(rc4(b"Key", b"Plaintext"), [0xbb, 0xf3, 0x16, 0xe8, 0xd9, 0x40, 0xaf, 0x0a, 0xd3]);
        assert_eq!(rc4(b"Wiki", b"pedia"), [0x10, 0x21, 0xbf, 0x04, 0x20]);
    }

    #[test]
    fn what_is_encrypted_decrypts() {
        for (cipher, key) in [
            (Cipher::Rc4, vec![7; 5]),
            (Cipher::Aes128, vec![1; 16]),
            (Cipher::Aes256, vec![2; 32]),
            (Cipher::Aes256Gcm, vec![3; 32]),
        ] {
            for len in [0, 1, 15, 16, 17, 1000] {
                let data = vec![b'x'; len];
                let sealed = encrypt(cipher, &key, Ref::new(3, 0), &data);
                assert_eq!(decrypt(cipher, &key, &sealed).as_deref(), Some(&data[..]), "{cipher:?} {len}");
            }
        }
    }
}

//! CBC decryption with PKCS#7 padding.
use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::{Array, BlockCipherDecrypt, BlockModeDecrypt, InnerIvInit, KeyInit};
use des::{TdesEde2, TdesEde3};
use rc2::Rc2;
use zeroize::Zeroizing;

use super::KeyFileError;

/// A block cipher in CBC mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    /// Triple DES with two keys.
    DoubleDes,
    Rc2 {
        /// Octets of the key, all of them effective.
        key_len: usize,
    },
}

impl Cipher {
    pub(super) fn key_len(self) -> usize {
        match self {
            Self::Aes128 | Self::DoubleDes => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
            Self::Rc2 { key_len } => key_len,
        }
    }

    /// Length of a block, and of the initialisation vector.
    pub(super) fn block_len(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::TripleDes | Self::DoubleDes | Self::Rc2 { .. } => 8,
        }
    }

    /// Decrypts and takes off the padding; what has none was decrypted with the wrong key.
    pub(super) fn decrypt(
        self,
        key: &[u8],
        iv: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
        let mut data = Zeroizing::new(ciphertext.to_vec());
        let whole = !data.is_empty() && data.len().is_multiple_of(self.block_len());
        let done = whole
            && match self {
                Self::Aes128 => blocks(Aes128::new_from_slice(key).ok(), iv, &mut data),
                Self::Aes192 => blocks(Aes192::new_from_slice(key).ok(), iv, &mut data),
                Self::Aes256 => blocks(Aes256::new_from_slice(key).ok(), iv, &mut data),
                Self::TripleDes => blocks(TdesEde3::new_from_slice(key).ok(), iv, &mut data),
                Self::DoubleDes => blocks(TdesEde2::new_from_slice(key).ok(), iv, &mut data),
                Self::Rc2 { key_len } => {
                    let cipher = (key.len() == key_len).then(|| Rc2::new_with_eff_key_len(key, 8 * key_len));
                    blocks(cipher, iv, &mut data)
                }
            };
        let padding = usize::from(data.last().copied().unwrap_or(0));
        let body =
            data.len().checked_sub(padding).filter(|_| done && (1..=self.block_len()).contains(&padding));
        match body {
            Some(body) if data.iter().skip(body).all(|b| usize::from(*b) == padding) => {
                data.truncate(body);
                Ok(data)
            }
            _ => Err(KeyFileError::WrongPassword),
        }
    }
}

fn blocks<C: BlockCipherDecrypt>(cipher: Option<C>, iv: &[u8], data: &mut [u8]) -> bool {
    let Some(mut mode) = cipher.and_then(|cipher| Decryptor::inner_iv_slice_init(cipher, iv).ok()) else {
        return false;
    };
    let (blocks, rest) = Array::slice_as_chunks_mut(data);
    mode.decrypt_blocks(blocks);
    rest.is_empty()
}

//! From a password to the file's key (ISO 32000-2, 7.6.4.3 and 7.6.4.4).

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::PasswordRole;
use super::cipher::{aes_cbc_decrypt, aes_cbc_encrypt, md5, rc4};
use super::standard::damaged;
use crate::{Dict, OpenError, strings};

/// Padding of passwords, Algorithm 2 step a.
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e,
    0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// What the bytes of a password may be in revisions 2 to 4: PDFDocEncoding, as the standard has it, or UTF-8, as
/// some programs write it.
pub(super) fn legacy_forms(password: &str) -> Vec<Vec<u8>> {
    let mut forms: Vec<Vec<u8>> = strings::doc_encoded(password).into_iter().collect();
    if forms.first().is_none_or(|form| form != password.as_bytes()) {
        forms.push(password.as_bytes().to_vec());
    }
    forms
}

/// What the bytes of a password may be from revision 5 on: UTF-8 after SASLprep (RFC 4013), of which the first
/// 127 bytes count, or as typed, as some programs have it.
pub(super) fn unicode_forms(password: &str) -> Vec<Vec<u8>> {
    let cut = |text: &str| text.bytes().take(127).collect::<Vec<u8>>();
    let mut forms: Vec<Vec<u8>> = stringprep::saslprep(password).iter().map(|text| cut(text)).collect();
    let typed = cut(password);
    if !forms.contains(&typed) {
        forms.push(typed);
    }
    forms
}

/// The values of revisions 2 to 4.
pub(super) struct Revision4<'a> {
    revision: i64,
    owner: &'a [u8],
    user: &'a [u8],
    permissions: u32,
    id: &'a [u8],
    encrypts_metadata: bool,
    /// Key lengths in bytes to try: files disagree about which entry says it.
    sizes: Vec<usize>,
}

impl<'a> Revision4<'a> {
    pub(super) fn new(
        dict: &'a Dict,
        id: &'a [u8],
        version: i64,
        revision: i64,
        encrypts_metadata: bool,
    ) -> Result<Self, OpenError> {
        let owner = dict.value("O").as_string().and_then(|o| o.get(..32)).ok_or(damaged("/O"))?;
        let user = dict.value("U").as_string().filter(|u| u.len() >= 16).ok_or(damaged("/U"))?;
        // /P is a 32-bit number, signed or not.
        let permissions = dict.value("P").as_integer().unwrap_or(0).rem_euclid(1 << 32);
        let permissions = u32::try_from(permissions).unwrap_or(0);
        let sizes = key_sizes(dict, version, revision);
        Ok(Self { revision, owner, user, permissions, id, encrypts_metadata, sizes })
    }

    /// The file's key where the password is right in this role.
    pub(super) fn key(&self, password: &[u8], role: PasswordRole) -> Option<Vec<u8>> {
        self.sizes.iter().find_map(|size| {
            let padded = match role {
                PasswordRole::User => pad(password),
                PasswordRole::Owner => self.user_password(password, *size),
            };
            let key = self.derive(&padded, *size);
            self.opens(&key).then_some(key)
        })
    }

    /// Algorithm 2.
    fn derive(&self, padded: &[u8], size: usize) -> Vec<u8> {
        let mut input = [padded, self.owner].concat();
        input.extend(self.permissions.to_le_bytes());
        input.extend_from_slice(self.id);
        if self.revision >= 4 && !self.encrypts_metadata {
            input.extend([0xff; 4]);
        }
        let mut key = md5(&input);
        if self.revision >= 3 {
            for _ in 0..50 {
                key.truncate(size);
                key = md5(&key);
            }
        }
        key.truncate(size);
        key
    }

    /// Algorithm 6: whether the key makes /U (Algorithms 4 and 5).
    fn opens(&self, key: &[u8]) -> bool {
        if self.revision == 2 {
            return rc4(key, &PADDING) == self.user;
        }
        let mut check = rc4(key, &md5(&[&PADDING[..], self.id].concat()));
        for round in 1..=19 {
            check = rc4(&turned(key, round), &check);
        }
        self.user.starts_with(&check)
    }

    /// Algorithm 7: the padded user password that the owner's uncovers.
    fn user_password(&self, password: &[u8], size: usize) -> Vec<u8> {
        let mut key = md5(&pad(password));
        if self.revision >= 3 {
            for _ in 0..50 {
                key = md5(&key);
            }
        }
        key.truncate(size);
        let rounds = if self.revision == 2 { 0 } else { 19 };
        (0..=rounds).rev().fold(self.owner.to_vec(), |covered, round| rc4(&turned(&key, round), &covered))
    }
}

fn turned(key: &[u8], round: u8) -> Vec<u8> {
    key.iter().map(|byte| byte ^ round).collect()
}

fn pad(password: &[u8]) -> Vec<u8> {
    password.iter().chain(&PADDING).copied().take(32).collect()
}

/// The lengths that a key may have (Table 20, /Length; Table 25, /Length, in bytes or in bits).
fn key_sizes(dict: &Dict, version: i64, revision: i64) -> Vec<usize> {
    if revision == 2 {
        return vec![5];
    }
    let bits = dict.value("Length").as_integer().unwrap_or(if version == 4 { 128 } else { 40 });
    let filters = dict.value("CF").as_dict().into_iter().flat_map(Dict::iter);
    let lengths = filters.filter_map(|(_, filter)| filter.as_dict()?.value("Length").as_integer());
    let first = match version {
        1 => vec![5],
        4 => vec![16],
        _ => Vec::new(),
    };
    let stated = std::iter::once(bits / 8).chain(lengths.flat_map(|length| [length, length / 8]));
    let mut sizes = first;
    for size in stated.filter_map(|size| usize::try_from(size).ok()).chain([16, 5]).take(16) {
        if (5..=16).contains(&size) && !sizes.contains(&size) {
            sizes.push(size);
        }
    }
    sizes
}

/// The values of revisions 5, 6 and 7 (ISO/TS 32003).
pub(super) struct Revision6<'a> {
    revision: i64,
    owner: &'a [u8],
    user: &'a [u8],
    owner_key: Option<&'a [u8]>,
    user_key: Option<&'a [u8]>,
}

impl<'a> Revision6<'a> {
    pub(super) fn new(dict: &'a Dict, revision: i64) -> Result<Self, OpenError> {
        let verifier = |key, what| dict.value(key).as_string().and_then(|v| v.get(..48)).ok_or(damaged(what));
        let sealed = |key| dict.value(key).as_string().filter(|sealed| sealed.len() == 32);
        let (owner, user) = (verifier("O", "/O")?, verifier("U", "/U")?);
        Ok(Self { revision, owner, user, owner_key: sealed("OE"), user_key: sealed("UE") })
    }

    /// Algorithm 2.A: the file's key where the password is right in this role.
    pub(super) fn key(&self, password: &[u8], role: PasswordRole) -> Option<Vec<u8>> {
        let (verifier, sealed, bound) = match role {
            PasswordRole::User => (self.user, self.user_key, &[][..]),
            PasswordRole::Owner => (self.owner, self.owner_key, self.user),
        };
        let part = |from: usize, to: usize| verifier.get(from..to).unwrap_or_default();
        if hash(password, part(32, 40), bound, self.revision) != part(0, 32) {
            return None;
        }
        let mut key = sealed?.to_vec();
        aes_cbc_decrypt(&hash(password, part(40, 48), bound, self.revision), &[0; 16], &mut key);
        Some(key)
    }
}

/// Algorithm 2.B: revision 5 is its first step alone.
fn hash(password: &[u8], salt: &[u8], bound: &[u8], revision: i64) -> Vec<u8> {
    let mut key = Sha256::digest([password, salt, bound].concat()).to_vec();
    if revision < 6 {
        return key;
    }
    let mut round = 0_u32;
    loop {
        let mut block = [password, &key, bound].concat().repeat(64);
        let (aes_key, iv) = key.split_at_checked(16).unwrap_or_default();
        let iv = iv.get(..16).unwrap_or_default().to_vec();
        aes_cbc_encrypt(aes_key, &iv, &mut block);
        // A number of 16 bytes modulo 3 is the sum of its bytes modulo 3, as 256 is 1 modulo 3.
        let modulus = block.iter().take(16).map(|byte| u32::from(*byte)).sum::<u32>() % 3;
        key = match modulus {
            0 => Sha256::digest(&block).to_vec(),
            1 => Sha384::digest(&block).to_vec(),
            _ => Sha512::digest(&block).to_vec(),
        };
        round += 1;
        let last = block.last().copied().map_or(0, u32::from);
        if round >= 64 && last <= round - 32 {
            key.truncate(32);
            return key;
        }
    }
}

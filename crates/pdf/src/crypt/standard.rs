//! The standard security handler (ISO 32000-2, 7.6.4) with the empty user password.

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::cipher::{aes_cbc_decrypt, aes_cbc_encrypt, md5, rc4};
use super::{Cipher, Encryption};
use crate::{Dict, Object, OpenError, Ref};

/// Padding of passwords, Algorithm 2 step a.
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e,
    0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// Opens an encryption dictionary; `id` is the first part of the trailer's /ID, `reference` the dictionary's
/// own object.
pub(crate) fn open(dict: &Dict, id: &[u8], reference: Option<Ref>) -> Result<Encryption, OpenError> {
    let handler = dict.value("Filter");
    if !handler.is_name("Standard") {
        let what = handler.as_name().map_or("no security handler named".to_owned(), |name| {
            format!("security handler {}", name.to_text())
        });
        return Err(OpenError::UnsupportedEncryption { what });
    }
    let integer = |key| dict.value(key).as_integer();
    let version = integer("V").unwrap_or(0);
    let revision = integer("R").ok_or(damaged("/R is missing"))?;
    let (strings, streams) = ciphers(dict, version)?;
    let mut encryption = Encryption {
        version,
        revision,
        permissions: integer("P").unwrap_or(0),
        strings,
        streams,
        encrypts_metadata: dict.value("EncryptMetadata").as_bool().unwrap_or(true),
        key: Vec::new(),
        dict: reference,
    };
    if strings == Cipher::Identity && streams == Cipher::Identity {
        // Only attachments are encrypted (/EFF): the document itself needs no key.
        return Ok(encryption);
    }
    encryption.key = match (version, revision) {
        (1 | 2 | 4, 2..=4) => key_by_md5(dict, id, &encryption)?,
        (5, 5 | 6) => key_by_sha(dict, revision)?,
        _ => return Err(unsupported(version, revision)),
    };
    Ok(encryption)
}

fn damaged(what: &str) -> OpenError {
    OpenError::Damaged { what: format!("encryption dictionary: {what}") }
}

fn unsupported(version: i64, revision: i64) -> OpenError {
    OpenError::UnsupportedEncryption { what: format!("version {version}, revision {revision}") }
}

/// The ciphers of strings and streams (7.6.6, Table 25).
fn ciphers(dict: &Dict, version: i64) -> Result<(Cipher, Cipher), OpenError> {
    match version {
        1 | 2 => Ok((Cipher::Rc4, Cipher::Rc4)),
        4 | 5 => Ok((crypt_filter(dict, "StrF")?, crypt_filter(dict, "StmF")?)),
        _ => Err(unsupported(version, dict.value("R").as_integer().unwrap_or(0))),
    }
}

fn crypt_filter(dict: &Dict, which: &str) -> Result<Cipher, OpenError> {
    let name = match dict.value(which) {
        Object::Name(name) if *name != "Identity" => name.to_text(),
        _ => return Ok(Cipher::Identity),
    };
    let filters = dict.value("CF").as_dict().ok_or(damaged("/CF is missing"))?;
    let filter = filters.value(&name).as_dict().ok_or(damaged("a crypt filter is missing"))?;
    let method = filter.value("CFM").as_name().map(crate::Name::to_text).unwrap_or_default();
    match method.as_str() {
        "None" | "" => Ok(Cipher::Identity),
        "V2" => Ok(Cipher::Rc4),
        "AESV2" => Ok(Cipher::Aes128),
        "AESV3" => Ok(Cipher::Aes256),
        other => Err(OpenError::UnsupportedEncryption { what: format!("crypt filter method {other}") }),
    }
}

/// Algorithm 2, and 4 or 5 to see whether the empty password is right.
fn key_by_md5(dict: &Dict, id: &[u8], encryption: &Encryption) -> Result<Vec<u8>, OpenError> {
    let owner = dict.value("O").as_string().and_then(|o| o.get(..32)).ok_or(damaged("/O"))?;
    let user = dict.value("U").as_string().filter(|u| u.len() >= 16).ok_or(damaged("/U"))?;
    let revision = encryption.revision;
    let bits = match encryption.version {
        1 => 40,
        4 => 128,
        _ => dict.value("Length").as_integer().unwrap_or(40),
    };
    let size = usize::try_from(bits / 8).unwrap_or(0);
    if !(5..=16).contains(&size) {
        return Err(damaged("/Length"));
    }
    let size = if revision == 2 { 5 } else { size };
    let mut input = [&PADDING[..], owner].concat();
    // /P is a 32-bit number, signed or not.
    let permissions = encryption.permissions.rem_euclid(1 << 32);
    input.extend(u32::try_from(permissions).unwrap_or(0).to_le_bytes());
    input.extend_from_slice(id);
    if revision >= 4 && !encryption.encrypts_metadata {
        input.extend([0xff; 4]);
    }
    let mut key = md5(&input);
    if revision >= 3 {
        for _ in 0..50 {
            key.truncate(size);
            key = md5(&key);
        }
    }
    key.truncate(size);
    let is_right = if revision == 2 {
        rc4(&key, &PADDING) == user
    } else {
        let mut check = rc4(&key, &md5(&[&PADDING[..], id].concat()));
        for round in 1..=19_u8 {
            let round_key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
            check = rc4(&round_key, &check);
        }
        user.starts_with(&check)
    };
    if is_right { Ok(key) } else { Err(OpenError::PasswordRequired) }
}

/// Algorithm 2.A with the empty password as user password.
fn key_by_sha(dict: &Dict, revision: i64) -> Result<Vec<u8>, OpenError> {
    let user = dict.value("U").as_string().filter(|u| u.len() >= 48).ok_or(damaged("/U"))?;
    let sealed = dict.value("UE").as_string().filter(|ue| ue.len() == 32).ok_or(damaged("/UE"))?;
    let part = |from: usize, to: usize| user.get(from..to).unwrap_or_default();
    if hash(part(32, 40), revision) != part(0, 32) {
        return Err(OpenError::PasswordRequired);
    }
    let mut key = sealed.to_vec();
    aes_cbc_decrypt(&hash(part(40, 48), revision), &[0; 16], &mut key);
    Ok(key)
}

/// Algorithm 2.B for the empty password: revision 5 is its first step alone.
fn hash(salt: &[u8], revision: i64) -> Vec<u8> {
    let mut key = Sha256::digest(salt).to_vec();
    if revision < 6 {
        return key;
    }
    let mut round = 0_u32;
    loop {
        let mut block = key.repeat(64);
        let (aes_key, iv) = key.split_at_checked(16).unwrap_or_default();
        let iv = iv.get(..16).unwrap_or_default().to_vec();
        aes_cbc_encrypt(aes_key, &iv, &mut block);
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

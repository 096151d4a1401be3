//! Crypt filters (ISO 32000-2, 7.6.6): which cipher goes with which name.

use super::Cipher;
use crate::{Dict, Object, OpenError};

/// The named ciphers of /CF. Of the standard security handler all of them share one key.
#[derive(Debug, Clone, Default)]
pub(super) struct CryptFilters(Vec<(Vec<u8>, Cipher)>);

/// The ciphers of strings, streams and embedded files.
pub(super) struct Chosen {
    pub(super) strings: Cipher,
    pub(super) streams: Cipher,
    pub(super) embedded_files: Cipher,
    pub(super) filters: CryptFilters,
}

impl CryptFilters {
    /// The cipher of this name; `None` where /CF has none so named.
    pub(super) fn cipher(&self, name: &[u8]) -> Option<Cipher> {
        if name == b"Identity" {
            return Some(Cipher::Identity);
        }
        self.0.iter().find(|(known, _)| known == name).map(|(_, cipher)| *cipher)
    }

    /// What uses no crypt filter is not encrypted at all.
    fn named(&self, dict: &Dict, which: &str) -> Result<Cipher, OpenError> {
        match dict.value(which) {
            Object::Name(name) => self.cipher(name.as_bytes()).ok_or_else(|| {
                super::standard::damaged(&format!("crypt filter {} is missing", name.to_text()))
            }),
            _ => Ok(Cipher::Identity),
        }
    }
}

/// The ciphers that the encryption dictionary chooses (Table 20, Table 25).
pub(super) fn choose(dict: &Dict, version: i64) -> Result<Chosen, OpenError> {
    if matches!(version, 1..=3) {
        let (strings, streams, embedded_files) = (Cipher::Rc4, Cipher::Rc4, Cipher::Rc4);
        return Ok(Chosen { strings, streams, embedded_files, filters: CryptFilters::default() });
    }
    let mut filters = CryptFilters::default();
    for (name, filter) in dict.value("CF").as_dict().into_iter().flat_map(Dict::iter) {
        if let Some(filter) = filter.as_dict() {
            filters.0.push((name.as_bytes().to_vec(), method(filter)?));
        }
    }
    let streams = filters.named(dict, "StmF")?;
    let embedded_files = if dict.contains("EFF") { filters.named(dict, "EFF")? } else { streams };
    Ok(Chosen { strings: filters.named(dict, "StrF")?, streams, embedded_files, filters })
}

fn method(filter: &Dict) -> Result<Cipher, OpenError> {
    let method = filter.value("CFM").as_name().map(crate::Name::to_text).unwrap_or_default();
    match method.as_str() {
        "None" | "" => Ok(Cipher::Identity),
        "V2" => Ok(Cipher::Rc4),
        "AESV2" => Ok(Cipher::Aes128),
        "AESV3" => Ok(Cipher::Aes256),
        "AESV4" => Ok(Cipher::Aes256Gcm),
        other => Err(OpenError::UnsupportedEncryption { what: format!("crypt filter method {other}") }),
    }
}

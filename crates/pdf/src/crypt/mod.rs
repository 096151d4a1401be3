//! Encryption (ISO 32000-2, 7.6): the standard security handler with user or owner password.
//!
//! Strings and streams are decrypted as they are read and encrypted as they are appended. Not encrypted are
//! strings in object streams (their stream is), cross-reference streams, the encryption dictionary itself and
//! /Contents of signatures (7.6.2).

mod cipher;
mod filters;
mod password;
mod public_key;
mod standard;

use filters::CryptFilters;
pub(crate) use standard::open;

use crate::{Dict, Object, Ref};

/// The cipher of strings or streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    /// The crypt filter Identity: not encrypted.
    Identity,
    /// RC4.
    Rc4,
    /// AES-128 in CBC mode.
    Aes128,
    /// AES-256 in CBC mode.
    Aes256,
    /// AES-256 in Galois/Counter mode (ISO/TS 32003).
    Aes256Gcm,
}

/// Whose password opened a file (7.6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRole {
    /// The user's: [`Encryption::permits`] says what the author lets a user do. The empty password is one.
    User,
    /// The owner's: everything is permitted.
    Owner,
}

/// What the author of an encrypted file may permit or not (Table 22).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Permission {
    /// Printing, at least coarsely.
    Print,
    /// Changing the contents in ways that the other permissions do not name.
    Modify,
    /// Copying text and graphics.
    Copy,
    /// Adding annotations and, together with [`Permission::Modify`], form fields: a new signature field too.
    Annotate,
    /// Filling existing form fields, signature fields among them.
    FillForms,
}

/// How a file is encrypted.
#[derive(Clone)]
pub struct Encryption {
    /// /V.
    pub version: i64,
    /// /R.
    pub revision: i64,
    /// /P, the permissions (Table 22).
    pub permissions: i64,
    /// Cipher of strings.
    pub strings: Cipher,
    /// Cipher of streams.
    pub streams: Cipher,
    /// Cipher of embedded files (/EFF); of streams where none is named.
    pub embedded_files: Cipher,
    /// Whether metadata streams are encrypted too.
    pub encrypts_metadata: bool,
    /// Whose password opened the file.
    pub opened_as: PasswordRole,
    filters: CryptFilters,
    key: Vec<u8>,
    /// The encryption dictionary, which is not encrypted itself.
    dict: Option<Ref>,
}

impl std::fmt::Debug for Encryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "V{} R{} {:?}/{:?}", self.version, self.revision, self.strings, self.streams)
    }
}

impl Drop for Encryption {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.key);
    }
}

impl Encryption {
    /// Whether who opened the file may do this. A reader can do it all the same: the key is the same for all;
    /// a program that honours the author's wish asks here first.
    pub fn permits(&self, what: Permission) -> bool {
        let bit = |number: u32| self.permissions & (1 << (number - 1)) != 0;
        self.opened_as == PasswordRole::Owner
            || match what {
                Permission::Print => bit(3),
                Permission::Modify => bit(4),
                Permission::Copy => bit(5),
                Permission::Annotate => bit(6),
                // Bit 9 came with revision 3 and permits filling even where bit 6 does not.
                Permission::FillForms => bit(6) || (self.revision >= 3 && bit(9)),
            }
    }

    /// Decrypts the strings of an object that is written plainly in the file.
    pub(crate) fn decrypt_strings(&self, object: &mut Object, owner: Ref) {
        if self.strings != Cipher::Identity && Some(owner) != self.dict {
            let key = self.object_key(self.strings, owner);
            each_string(object, &mut |bytes| {
                *bytes = cipher::decrypt(self.strings, &key, bytes).unwrap_or_default();
            });
        }
    }

    /// Encrypts the strings of an object about to be written.
    pub(crate) fn encrypt_strings(&self, object: &mut Object, owner: Ref) {
        if self.strings != Cipher::Identity && Some(owner) != self.dict {
            let key = self.object_key(self.strings, owner);
            each_string(object, &mut |bytes| *bytes = cipher::encrypt(self.strings, &key, owner, bytes));
        }
    }

    /// Decrypts the data of a stream; `None` where its authentication tag (ISO/TS 32003) is wrong.
    pub(crate) fn decrypt_stream(&self, dict: &Dict, owner: Ref, data: Vec<u8>) -> Option<Vec<u8>> {
        let cipher = self.stream_cipher(dict);
        if cipher == Cipher::Identity {
            return Some(data);
        }
        cipher::decrypt(cipher, &self.object_key(cipher, owner), &data)
    }

    /// Encrypts the data of a stream about to be written.
    pub(crate) fn encrypt_stream(&self, dict: &Dict, owner: Ref, data: &[u8]) -> Vec<u8> {
        let cipher = self.stream_cipher(dict);
        if cipher == Cipher::Identity {
            return data.to_vec();
        }
        cipher::encrypt(cipher, &self.object_key(cipher, owner), owner, data)
    }

    /// The cipher of one stream: exempt are cross references and, where /EncryptMetadata is false, metadata.
    /// A Crypt filter (7.4.10) names one of /CF or Identity; embedded files may have their own (/EFF).
    fn stream_cipher(&self, dict: &Dict) -> Cipher {
        // Without a key only attachments are encrypted; they stay as they are.
        if self.key.is_empty()
            || dict.is_type("XRef")
            || (dict.is_type("Metadata") && !self.encrypts_metadata)
        {
            return Cipher::Identity;
        }
        let (filter, parms) = match (dict.value("Filter"), dict.value("DecodeParms")) {
            (Object::Array(filters), Object::Array(parms)) => (filters.first(), parms.first()),
            (Object::Array(filters), parms) => (filters.first(), Some(parms)),
            (filter, parms) => (Some(filter), Some(parms)),
        };
        if filter.is_some_and(|filter| filter.is_name("Crypt")) {
            let name = parms.and_then(Object::as_dict).and_then(|parms| parms.value("Name").as_name());
            return name.map_or(Cipher::Identity, |name| {
                self.filters.cipher(name.as_bytes()).unwrap_or(self.streams)
            });
        }
        if dict.is_type("EmbeddedFile") { self.embedded_files } else { self.streams }
    }

    /// Algorithm 1: the key of one object. Algorithm 1.A has none: the file's key serves.
    fn object_key(&self, cipher: Cipher, owner: Ref) -> Vec<u8> {
        if matches!(cipher, Cipher::Aes256 | Cipher::Aes256Gcm) {
            return self.key.clone();
        }
        let mut input = self.key.clone();
        input.extend(owner.number.to_le_bytes().iter().take(3));
        input.extend(owner.generation.to_le_bytes());
        if cipher == Cipher::Aes128 {
            input.extend(b"sAlT");
        }
        let mut key = cipher::md5(&input);
        key.truncate((self.key.len() + 5).min(16));
        key
    }
}

/// Visits every string but /Contents of signature dictionaries.
fn each_string(object: &mut Object, visit: &mut dyn FnMut(&mut Vec<u8>)) {
    match object {
        Object::String(string) => visit(&mut string.bytes),
        Object::Array(items) => items.iter_mut().for_each(|item| each_string(item, visit)),
        Object::Dictionary(dict) => each_entry(dict, visit),
        Object::Stream(stream) => each_entry(&mut stream.dict, visit),
        _ => {}
    }
}

fn each_entry(dict: &mut Dict, visit: &mut dyn FnMut(&mut Vec<u8>)) {
    let is_signature = dict.contains("Contents")
        && (dict.contains("ByteRange") || dict.is_type("Sig") || dict.is_type("DocTimeStamp"));
    for (key, value) in dict.iter_mut() {
        if !(is_signature && *key == "Contents") {
            each_string(value, visit);
        }
    }
}

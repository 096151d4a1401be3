//! Encryption (ISO 32000-2, 7.6): the standard security handler, opened with the empty user password.

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
}

/// How a file is encrypted.
#[derive(Debug, Clone)]
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
}

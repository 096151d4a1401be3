//! PEM (RFC 7468) with any label, and the headers of RFC 1421 that OpenSSL's traditional encryption uses.
use base64::{Engine, engine::general_purpose::STANDARD};
use pki::ParseError;
use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::{KeyFileError, kdf};

/// Blocks that one text may hold.
const MAX_BLOCKS: usize = 128;

/// One block.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) content: Zeroizing<Vec<u8>>,
    pub(super) encryption: Option<Encryption>,
}

/// `DEK-Info`: a cipher and its initialisation vector, whose first octets are the salt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encryption {
    cipher: Cipher,
    iv: Vec<u8>,
}

impl Encryption {
    fn read(value: &str) -> Result<Self, KeyFileError> {
        let malformed = || KeyFileError::from(ParseError::Malformed { what: "DEK-Info" });
        let (name, iv) = value.trim().split_once(',').ok_or_else(malformed)?;
        let cipher = match name {
            "AES-128-CBC" => Cipher::Aes128,
            "AES-192-CBC" => Cipher::Aes192,
            "AES-256-CBC" => Cipher::Aes256,
            "DES-EDE3-CBC" => Cipher::TripleDes,
            other => {
                return Err(KeyFileError::Unsupported { what: "cipher", found: other.to_owned() });
            }
        };
        let iv = hex::decode(iv).map_err(|_| malformed())?;
        if iv.len() == cipher.block_len() { Ok(Self { cipher, iv }) } else { Err(malformed()) }
    }

    pub(super) fn decrypt(&self, data: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
        let salt = self.iv.get(..8).unwrap_or(&self.iv);
        let key = kdf::openssl(password, salt, self.cipher.key_len());
        self.cipher.decrypt(&key, &self.iv, data)
    }
}

/// The blocks of a PEM text; `None` where the bytes are no such text.
pub(super) fn blocks(bytes: &[u8]) -> Result<Option<Vec<Block>>, KeyFileError> {
    const BEGIN: &str = "-----BEGIN ";
    if !bytes.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes()) {
        return Ok(None);
    }
    // Between the blocks OpenSSL writes names as they come, in whatever encoding; inside, anything but ASCII is refused.
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let malformed = || KeyFileError::from(ParseError::Malformed { what: "PEM text" });
    let mut out = Vec::new();
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (label, after) = after.split_once("-----").ok_or_else(malformed)?;
        let end = format!("-----END {label}-----");
        let (body, after) = after.split_once(&end).ok_or_else(malformed)?;
        if out.len() == MAX_BLOCKS {
            return Err(ParseError::TooLarge { what: "PEM text", limit: MAX_BLOCKS }.into());
        }
        out.push(block(label, body)?);
        rest = after;
    }
    Ok(Some(out))
}

fn block(label: &str, body: &str) -> Result<Block, KeyFileError> {
    let mut encryption = None;
    let mut content = Zeroizing::new(String::with_capacity(body.len()));
    for line in body.lines().map(str::trim) {
        match line.split_once(':') {
            Some(("DEK-Info", value)) => encryption = Some(Encryption::read(value)?),
            Some(_) => {}
            None => content.extend(line.split_ascii_whitespace()),
        }
    }
    let mut decoded = Zeroizing::new(vec![0; base64::decoded_len_estimate(content.len())]);
    let length = match STANDARD.decode_slice(content.as_bytes(), &mut decoded) {
        Ok(length) => length,
        // A certificate of no bytes, which is passed over as one that cannot be read.
        Err(_) if label.ends_with("CERTIFICATE") => 0,
        Err(_) => return Err(ParseError::Malformed { what: "PEM text" }.into()),
    };
    decoded.truncate(length);
    Ok(Block { label: label.to_owned(), content: decoded, encryption })
}

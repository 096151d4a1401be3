//! Signed tokens in their compact form (RFC 7515 §3.1 and §5.2, RFC 7518 §3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pki::{SignatureAlgorithm, VerifyError};
use serde::Deserialize;
use serde_json::Value;

use crate::id_token::Refused;
use crate::jwk::{Jwks, NoKey};

/// A token that is longer is not read.
const MOST_BYTES: usize = 32 * 1024;

/// What a token may be signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519 (RFC 8037; as `Ed25519` in RFC 9864).
    EdDsa,
}

impl Algorithm {
    /// All names, as headers and descriptions have them.
    pub(crate) const NAMES: [&str; 5] = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"];

    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "PS256" => Self::Ps256,
            "ES256" => Self::Es256,
            "EdDSA" | "Ed25519" => Self::EdDsa,
            _ => return None,
        })
    }

    /// The name in a header.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    fn signature(self) -> SignatureAlgorithm {
        match self {
            Self::Rs256 => SignatureAlgorithm::RsaSha256,
            Self::Ps256 => SignatureAlgorithm::RsaPssSha256,
            Self::Es256 => SignatureAlgorithm::EcdsaSha256,
            Self::EdDsa => SignatureAlgorithm::Ed25519,
        }
    }

    /// Left half of the hash that `at_hash` is made with (Core §3.1.3.6); for EdDSA that is SHA-512, which Ed25519 uses.
    pub(crate) fn half_hash(self, text: &str) -> String {
        let function = match self {
            Self::EdDsa => pki::DigestAlgorithm::Sha512,
            _ => pki::DigestAlgorithm::Sha256,
        };
        let digest = function.digest(text.as_bytes());
        URL_SAFE_NO_PAD.encode(digest.get(..digest.len() / 2).unwrap_or_default())
    }
}

/// A token, taken apart and not yet believed.
#[derive(Clone, Debug)]
pub struct Jws<'a> {
    algorithm: Algorithm,
    kid: Option<String>,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Keys that travel in the header (`jwk`, `jku`, `x5c`, `x5u`) are not looked at. Members that come twice are refused.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
    b64: Option<Value>,
}

impl<'a> Jws<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// [`Refused::Malformed`], [`Refused::Algorithm`], [`Refused::Critical`], [`Refused::Type`].
    pub fn parse(token: &'a str) -> Result<Self, Refused> {
        if token.len() > MOST_BYTES {
            return Err(Refused::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Refused::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Refused::Malformed)?;
        // Strict: no padding, no other alphabet, no dangling bits; a dot within makes it fail too.
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed);
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| Refused::Malformed)?;
        let algorithm = Algorithm::parse(&header.alg)
            .ok_or_else(|| Refused::Algorithm { found: header.alg.chars().take(20).collect() })?;
        // No extension is understood here, so that none may be critical (RFC 7515 §4.1.11, RFC 7797).
        if header.crit.is_some() || header.b64.is_some() {
            return Err(Refused::Critical);
        }
        if let Some(typ) = &header.typ {
            let short = typ.strip_prefix("application/").unwrap_or(typ);
            if !short.eq_ignore_ascii_case("jwt") {
                return Err(Refused::Type { found: typ.chars().take(40).collect() });
            }
        }
        let (payload, signature) = (decode(payload)?, decode(signature)?);
        Ok(Self { algorithm, kid: header.kid, signed, payload, signature })
    }

    /// What it is signed with, by its own word.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What was signed, where one of `keys` did sign it.
    ///
    /// # Errors
    /// [`Refused::KeyUnknown`], which newer keys may mend; [`Refused::KeyAmbiguous`], [`Refused::KeyAlgorithm`],
    /// [`Refused::WeakKey`], [`Refused::Signature`].
    pub fn verify(&self, keys: &Jwks) -> Result<&[u8], Refused> {
        let key = keys.find(self.kid.as_deref(), self.algorithm).map_err(|error| match error {
            NoKey::Unknown => Refused::KeyUnknown,
            NoKey::Ambiguous => Refused::KeyAmbiguous,
            NoKey::OtherAlgorithm => Refused::KeyAlgorithm,
        })?;
        let rewritten;
        let signature = match self.algorithm {
            // r and s of 32 octets each (RFC 7518 §3.4) instead of DER.
            Algorithm::Es256 => {
                let raw = Some(&self.signature).filter(|it| it.len() == 64);
                rewritten = raw.and_then(|raw| pki::ecdsa_value(raw)).ok_or(Refused::Signature)?;
                &rewritten
            }
            _ => &self.signature,
        };
        let verdict =
            pki::verify(&key.public_key_der, self.algorithm.signature(), self.signed.as_bytes(), signature);
        match verdict {
            Ok(()) => Ok(&self.payload),
            Err(VerifyError::Weak { .. } | VerifyError::WrongKey | VerifyError::Unsupported { .. }) => {
                Err(Refused::WeakKey)
            }
            Err(_) => Err(Refused::Signature),
        }
    }
}

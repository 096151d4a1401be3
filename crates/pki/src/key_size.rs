//! How long a public key is, for judges with a table of what is long enough when (ETSI TS 119 312).
use serde::{Deserialize, Serialize};

use crate::der::Reader;
use crate::{ParseError, oid};

/// The family of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyFamily {
    /// RSA, by the bits of its modulus.
    Rsa,
    /// Elliptic curves (ECDSA), by the bits of the field.
    Ec,
    /// Edwards curves (EdDSA), by the bits of the field.
    Edwards,
}

/// Family and size in bits of a SubjectPublicKeyInfo; `None` where it is of another kind or malformed.
///
/// ```
/// # use vermilion_pki::{KeyAlgorithm, Signer, SoftwareSigner, KeyFamily, key_size};
/// let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P384)?;
/// assert_eq!(key_size(key.public_key_der()), Some((KeyFamily::Ec, 384)));
/// # Ok::<(), vermilion_pki::KeyRejected>(())
/// ```
pub fn key_size(public_key_der: &[u8]) -> Option<(KeyFamily, usize)> {
    read(public_key_der).ok().flatten()
}

fn read(spki: &[u8]) -> Result<Option<(KeyFamily, usize)>, ParseError> {
    let mut fields = Reader::new(spki, "SubjectPublicKeyInfo").sequence()?;
    let mut identifier = fields.sequence()?;
    let algorithm = identifier.oid()?;
    let octets = fields.bit_string()?.value;
    Ok(match algorithm {
        oid::RSA_ENCRYPTION | oid::RSA_PSS => {
            let modulus = Reader::new(octets, "RSAPublicKey").sequence()?.integer()?;
            let digits = modulus.strip_prefix(&[0]).unwrap_or(modulus);
            let leading = digits.first().map_or(0, |digit| digit.leading_zeros());
            let bits = (digits.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or(0));
            Some((KeyFamily::Rsa, bits))
        }
        oid::EC_PUBLIC_KEY => match identifier.oid()? {
            oid::P256 => Some((KeyFamily::Ec, 256)),
            oid::P384 => Some((KeyFamily::Ec, 384)),
            oid::P521 => Some((KeyFamily::Ec, 521)),
            _ => None,
        },
        oid::ED25519 => Some((KeyFamily::Edwards, 255)),
        _ => None,
    })
}

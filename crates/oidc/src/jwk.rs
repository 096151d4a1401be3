//! A provider's public keys (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pki::der;
use serde::Deserialize;
use serde_json::Value;

use crate::jws::Algorithm;

/// Keys of a set that are looked at.
const MOST: usize = 64;

// Object identifiers, contents alone.
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// Bytes that are no key set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the keys cannot be read: {0}")]
pub struct JwksError(String);

/// The keys of a set that may sign tokens. Others (for encryption, symmetric, of curves that are not used) are left out, as
/// RFC 7517 §5 asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jwks(Vec<Jwk>);

/// One key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Jwk {
    kid: Option<String>,
    /// What it may be used with, by its kind and by its own word.
    algorithms: Vec<Algorithm>,
    /// SubjectPublicKeyInfo.
    pub(crate) public_key_der: Vec<u8>,
}

/// Why no key of a set is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// None has this id, or none is for this algorithm.
    Unknown,
    /// The token names none, and several would fit.
    Ambiguous,
    /// The one that is named is for another algorithm.
    OtherAlgorithm,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Members {
    kty: String,
    kid: Option<String>,
    r#use: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl Jwks {
    /// Reads a JWK Set.
    ///
    /// # Errors
    /// Where it is none, or has more keys than a provider has.
    pub fn from_json(json: &[u8]) -> Result<Self, JwksError> {
        let set: Set = serde_json::from_slice(json).map_err(|error| JwksError(error.to_string()))?;
        if set.keys.len() > MOST {
            return Err(JwksError(format!("more than {MOST} keys")));
        }
        let read = |value: Value| serde_json::from_value::<Members>(value).ok()?.key();
        Ok(Self(set.keys.into_iter().filter_map(read).collect()))
    }

    /// How many keys may sign tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no key may sign tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one key for a token (Core §10.1): the one it names; where it names none, the only one for its algorithm.
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&Jwk, NoKey> {
        let named = |key: &&Jwk| kid.is_none() || key.kid.as_deref() == kid;
        let mut fitting = self.0.iter().filter(named).filter(|key| key.algorithms.contains(&algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(NoKey::Ambiguous),
            (None, _) if kid.is_some() && self.0.iter().any(|key| named(&key)) => Err(NoKey::OtherAlgorithm),
            (None, _) => Err(NoKey::Unknown),
        }
    }
}

impl Members {
    fn key(self) -> Option<Jwk> {
        let for_signatures = self.r#use.as_deref().is_none_or(|it| it == "sig")
            && self.key_ops.as_ref().is_none_or(|list| list.iter().any(|it| it == "verify"));
        if !for_signatures {
            return None;
        }
        let (kinds, public_key_der): (&[Algorithm], _) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => (&[Algorithm::Rs256, Algorithm::Ps256], self.rsa()?),
            ("EC", Some("P-256")) => (&[Algorithm::Es256], self.p256()?),
            ("OKP", Some("Ed25519")) => (&[Algorithm::EdDsa], self.ed25519()?),
            _ => return None,
        };
        let may = |it: &&Algorithm| {
            self.alg
                .as_deref()
                .is_none_or(|alg| alg == it.name() || (alg == "Ed25519" && **it == Algorithm::EdDsa))
        };
        let algorithms: Vec<Algorithm> = kinds.iter().filter(may).copied().collect();
        (!algorithms.is_empty()).then_some(Jwk { kid: self.kid, algorithms, public_key_der })
    }

    fn rsa(&self) -> Option<Vec<u8>> {
        let (n, e) = (octets(self.n.as_deref()?)?, octets(self.e.as_deref()?)?);
        let kind = der::sequence(&[&der::oid(RSA_ENCRYPTION), &der::null()]);
        let key = der::sequence(&[&der::integer(&n), &der::integer(&e)]);
        Some(der::sequence(&[&kind, &der::bit_string(&key)]))
    }

    fn p256(&self) -> Option<Vec<u8>> {
        let (x, y) = (octets(self.x.as_deref()?)?, octets(self.y.as_deref()?)?);
        let sound = x.len() == 32 && y.len() == 32;
        let kind = der::sequence(&[&der::oid(EC_PUBLIC_KEY), &der::oid(PRIME256V1)]);
        sound.then(|| der::sequence(&[&kind, &der::bit_string(&[&[4][..], &x, &y].concat())]))
    }

    fn ed25519(&self) -> Option<Vec<u8>> {
        let x = octets(self.x.as_deref()?).filter(|x| x.len() == 32)?;
        Some(der::sequence(&[&der::sequence(&[&der::oid(ED25519)]), &der::bit_string(&x)]))
    }
}

fn octets(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok().filter(|octets| !octets.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EC: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

    fn set(keys: &[&str]) -> Jwks {
        let keys: Vec<String> = keys.iter().map(|key| format!("{{{key}}}")).collect();
        Jwks::from_json(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).unwrap()
    }

    #[test]
    fn keys_for_other_purposes_are_left_out() {
        let with = |more: &str| set(&[&format!("{EC},{more}")]).len();
        assert_eq!(with(r#""use":"sig","alg":"ES256","key_ops":["verify"]"#), 1);
        assert_eq!(with(r#""use":"enc""#), 0);
        assert_eq!(with(r#""key_ops":["deriveKey"]"#), 0);
        assert_eq!(with(r#""alg":"ES384""#), 0);
        assert_eq!(set(&[r#""kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T""#]).len(), 0);
        assert_eq!(set(&[r#""kty":"EC","crv":"P-384","x":"AA","y":"AA""#]).len(), 0);
        assert_eq!(set(&[r#""kty":"EC","crv":"P-256","x":"AA","y":"AA""#]).len(), 0);
        assert_eq!(set(&[r#""kty":1"#, EC]).len(), 1);
        assert!(Jwks::from_json(b"[]").is_err());
        let many = format!(r#"{{"keys":[{}1]}}"#, "1,".repeat(MOST));
        assert!(Jwks::from_json(many.as_bytes()).is_err());
    }

    #[test]
    fn a_token_gets_the_key_it_names_or_the_only_one() {
        let one = format!(r#"{EC},"kid":"1""#);
        let two = format!(r#"{EC},"kid":"2""#);
        let both = set(&[&one, &two]);
        assert!(both.find(Some("2"), Algorithm::Es256).is_ok());
        assert_eq!(both.find(Some("3"), Algorithm::Es256).unwrap_err(), NoKey::Unknown);
        assert_eq!(both.find(None, Algorithm::Es256).unwrap_err(), NoKey::Ambiguous);
        assert_eq!(both.find(Some("2"), Algorithm::Rs256).unwrap_err(), NoKey::OtherAlgorithm);
        assert!(set(&[&one]).find(None, Algorithm::Es256).is_ok());
        assert_eq!(set(&[]).find(None, Algorithm::Es256).unwrap_err(), NoKey::Unknown);
    }
}

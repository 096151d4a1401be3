//! Keys and tokens, right or wrong as a test needs them.

use pki::der::Reader;
use pki::{KeyAlgorithm, SignatureAlgorithm, Signer as _, SoftwareSigner};
use serde_json::{Value, json};

/// A provider's signing key.
pub struct TokenKey {
    /// Its id.
    pub kid: String,
    /// Its algorithm's name: RS256, PS256, ES256 or EdDSA.
    pub alg: &'static str,
    signer: SoftwareSigner,
}

impl TokenKey {
    /// A new key.
    ///
    /// # Panics
    /// For any other algorithm.
    #[must_use]
    pub fn new(alg: &'static str, kid: &str) -> Self {
        let generate = |kind| SoftwareSigner::generate(kind).expect("a key").0;
        let signer = match alg {
            "RS256" => generate(KeyAlgorithm::Rsa2048),
            "PS256" => generate(KeyAlgorithm::Rsa2048)
                .with_algorithm(SignatureAlgorithm::RsaPssSha256)
                .expect("an RSA key makes PSS"),
            "ES256" => generate(KeyAlgorithm::P256),
            "EdDSA" => generate(KeyAlgorithm::Ed25519),
            other => panic!("{other} is none of the algorithms"),
        };
        Self { kid: kid.to_owned(), alg, signer }
    }

    /// The public key as a JWK (RFC 7517).
    ///
    /// # Panics
    /// Never: the key is our own.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let mut spki = Reader::new(self.signer.public_key_der(), "key").sequence().expect("a key");
        spki.sequence().expect("an algorithm");
        let octets = spki.bit_string().expect("a key").value;
        let mut it = match self.alg {
            "ES256" => json!({
                "kty": "EC", "crv": "P-256", "x": base64url(&octets[1..33]), "y": base64url(&octets[33..]),
            }),
            "EdDSA" => json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(octets) }),
            _ => {
                let mut key = Reader::new(octets, "key").sequence().expect("a key");
                let mut number = || {
                    let digits = key.integer().expect("a number");
                    base64url(digits.strip_prefix(&[0]).unwrap_or(digits))
                };
                json!({ "kty": "RSA", "n": number(), "e": number() })
            }
        };
        it["kid"] = self.kid.as_str().into();
        it["alg"] = self.alg.into();
        it["use"] = "sig".into();
        it
    }

    /// A token with the usual header.
    #[must_use]
    pub fn token(&self, claims: &Value) -> String {
        self.token_under(&json!({ "alg": self.alg, "kid": self.kid, "typ": "JWT" }), claims)
    }

    /// A token with another header; it is signed with this key all the same.
    ///
    /// # Panics
    /// Never: the key is our own.
    #[must_use]
    pub fn token_under(&self, header: &Value, claims: &Value) -> String {
        let signed = format!(
            "{}.{}",
            base64url(header.to_string().as_bytes()),
            base64url(claims.to_string().as_bytes())
        );
        let mut signature = self.signer.sign(signed.as_bytes()).expect("a software key signs");
        if self.alg == "ES256" {
            let mut numbers = Reader::new(&signature, "signature").sequence().expect("r and s");
            let mut number = || {
                let digits = numbers.integer().expect("a number");
                let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
                [&vec![0; 32 - digits.len()], digits].concat()
            };
            signature = [number(), number()].concat();
        }
        format!("{signed}.{}", base64url(&signature))
    }
}

/// The public keys as a JWK Set.
#[must_use]
pub fn key_set(keys: &[&TokenKey]) -> Vec<u8> {
    let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
    json!({ "keys": keys }).to_string().into_bytes()
}

/// Base64url without padding (RFC 7515 §2).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

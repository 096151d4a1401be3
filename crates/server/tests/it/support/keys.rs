//! What a signer's device does: a passkey without a function, and a key that only the device has.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pki::{KeyAlgorithm, Signer as _, SoftwareSigner};
use serde_json::{Value, json};

/// Present and verified; the credential's data is along.
const UP_UV: u8 = 0b101;
const AT: u8 = 1 << 6;

/// A key on P-256 in somebody's hands.
pub(crate) struct DeviceKey(SoftwareSigner);

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl DeviceKey {
    pub(crate) fn new() -> Self {
        Self(SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key").0)
    }

    /// SubjectPublicKeyInfo, base64.
    pub(crate) fn public_key(&self) -> String {
        STANDARD.encode(self.0.public_key_der())
    }

    /// The answer to the options of a device key.
    pub(crate) fn possession(&self, options: &Value) -> Value {
        let part = |name: &str| STANDARD.decode(options[name].as_str().expect("base64")).expect("base64");
        let (before, behind) = (part("possession"), part("behind"));
        let proof = self.sign(&[&before, self.0.public_key_der(), &behind].concat());
        json!({ "id": options["id"], "public_key": self.public_key(), "proof": proof })
    }

    /// r and s of 32 bytes each, as WebCrypto gives them; ours gives DER.
    pub(crate) fn sign(&self, message: &[u8]) -> String {
        let der = self.0.sign(message).expect("a signature");
        let mut rest = &der[2..];
        let mut raw = Vec::new();
        for _ in 0..2 {
            let number = &rest[2..2 + usize::from(rest[1])];
            let digits = &number[number.len().saturating_sub(32)..];
            raw.resize(raw.len() + 32 - digits.len(), 0);
            raw.extend_from_slice(digits);
            rest = &rest[2 + number.len()..];
        }
        STANDARD.encode(raw)
    }

    /// What the device signs for an activation.
    pub(crate) fn agree(&self, activation: &Value) -> Value {
        let asked = activation["to_be_signed"].as_str().expect("a device's key signs");
        json!({ "signature": self.sign(&STANDARD.decode(asked).expect("base64")) })
    }
}

/// An authenticator at `http://localhost:8080` with one passkey, whose counter stays at 0 as that of phones does.
pub(crate) struct Authenticator(SoftwareSigner);

impl Authenticator {
    pub(crate) fn new() -> Self {
        Self(SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key").0)
    }

    fn id(&self) -> String {
        base64url(&pki::sha256(self.0.public_key_der()))
    }

    /// The answer to the options of a passkey.
    pub(crate) fn register(&self, options: &Value) -> Value {
        let spki = self.0.public_key_der();
        let (x, y) = spki[spki.len() - 64..].split_at(32);
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat();
        let rest = [&[0; 16][..], &[0, 32], &pki::sha256(spki), &cose].concat();
        let data = data(UP_UV | AT, &rest);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend_from_slice(&data);
        let challenge = options["challenge"].as_str().expect("a challenge");
        let response = json!({
            "clientDataJSON": base64url(client_data("webauthn.create", challenge).as_bytes()),
            "attestationObject": base64url(&object),
        });
        json!({ "id": options["id"], "credential": self.credential(&response) })
    }

    /// The passkey's agreement to an activation.
    pub(crate) fn agree(&self, activation: &Value) -> Value {
        let canonical = activation["canonical"].as_str().expect("what is agreed to");
        let client_data = client_data("webauthn.get", &base64url(&pki::sha256(canonical.as_bytes())));
        let data = data(UP_UV, &[]);
        let message = [&data[..], &pki::sha256(client_data.as_bytes())].concat();
        let response = json!({
            "clientDataJSON": base64url(client_data.as_bytes()),
            "authenticatorData": base64url(&data),
            "signature": base64url(&self.0.sign(&message).expect("a signature")),
        });
        json!({ "credential": self.credential(&response) })
    }

    fn credential(&self, response: &Value) -> String {
        json!({
            "id": self.id(), "rawId": self.id(), "type": "public-key",
            "response": response, "clientExtensionResults": {},
        })
        .to_string()
    }
}

fn client_data(ceremony: &str, challenge: &str) -> String {
    json!({ "type": ceremony, "challenge": challenge, "origin": "http://localhost:8080", "crossOrigin": false })
        .to_string()
}

fn data(flags: u8, rest: &[u8]) -> Vec<u8> {
    [&pki::sha256(b"localhost")[..], &[flags, 0, 0, 0, 0], rest].concat()
}

//! An authenticator in software: what a phone does when a browser asks for a passkey.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keys::passkey::{
    Assertion, AssertionResponse, Passkey, Registration, RegistrationResponse, RelyingParty,
};
use pki::{KeyAlgorithm, Signer as _, SoftwareSigner};
use serde_json::{Value, json};
use vermilion_service::view;

/// Present, verified, and the credential's data is along.
const UP_UV: u8 = 0b101;
const AT: u8 = 1 << 6;

/// One authenticator with one passkey.
pub(crate) struct Authenticator {
    key: SoftwareSigner,
    id: Vec<u8>,
    counter: u32,
    /// The secret of its pseudo-random function, where it has one.
    prf: Option<[u8; 32]>,
    pub(crate) origin: &'static str,
    pub(crate) flags: u8,
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub(crate) fn new(prf: Option<[u8; 32]>) -> Self {
        Self::with(SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key").0, 0, prf)
    }

    /// The authenticator with this key, used so often.
    pub(crate) fn with(key: SoftwareSigner, counter: u32, prf: Option<[u8; 32]>) -> Self {
        let id = pki::sha256(key.public_key_der()).to_vec();
        Self { key, id, counter, prf, origin: "http://localhost:8080", flags: UP_UV }
    }

    /// `navigator.credentials.create`, as JSON.
    pub(crate) fn create(&self, options: &view::PasskeyOptions) -> String {
        self.created(&options.relying_party, &options.challenge)
    }

    fn created(&self, rp: &str, challenge: &str) -> String {
        let spki = self.key.public_key_der();
        let (x, y) = spki[spki.len() - 64..].split_at(32);
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat();
        let length = u16::try_from(self.id.len()).expect("short").to_be_bytes();
        let rest = [&[0; 16], &length[..], &self.id, &cose].concat();
        let data = self.data(rp, self.flags | AT, &rest);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend_from_slice(&data);
        let response = json!({
            "clientDataJSON": base64url(&self.client_data("webauthn.create", challenge)),
            "attestationObject": base64url(&object),
        });
        self.credential(&response, self.prf.map(|_| json!({ "enabled": true }))).to_string()
    }

    /// `navigator.credentials.get` over `challenge` (base64url), as JSON.
    pub(crate) fn get(&mut self, rp: &str, challenge: &str, salt: Option<&str>) -> String {
        self.counter += 1;
        let client_data = self.client_data("webauthn.get", challenge);
        let data = self.data(rp, self.flags, &[]);
        let message = [&data[..], &pki::sha256(&client_data)].concat();
        let response = json!({
            "clientDataJSON": base64url(&client_data),
            "authenticatorData": base64url(&data),
            "signature": base64url(&self.key.sign(&message).expect("a signature")),
        });
        let output = self.prf.zip(salt).map(|(secret, salt)| {
            let salt = URL_SAFE_NO_PAD.decode(salt).expect("base64url");
            json!({ "results": { "first": base64url(&pki::sha256(&[&secret[..], &salt].concat())) } })
        });
        self.credential(&response, output).to_string()
    }

    /// The answer to a registration's options: the credential, and the second step where the function needs it.
    pub(crate) fn register(&mut self, options: &view::PasskeyOptions) -> (String, Option<String>) {
        let credential = self.create(options);
        let second = self.prf.is_some();
        let assertion =
            second.then(|| self.get(&options.relying_party, &options.challenge, Some(&options.prf)));
        (credential, assertion)
    }

    /// Registered without a server: the public half, and how it was registered.
    pub(crate) fn enrol(&mut self) -> (Passkey, Registration) {
        let challenge = base64url(&[1; 32]);
        let response = RegistrationResponse::from_json(&self.created("localhost", &challenge)).expect("JSON");
        let us = RelyingParty::new("localhost", [self.origin]);
        (us.register(&[1; 32], &response).expect("a passkey"), response.registration())
    }

    /// What it signs over `challenge`.
    pub(crate) fn assert(&mut self, challenge: &[u8; 32]) -> Assertion {
        let json = self.get("localhost", &base64url(challenge), None);
        AssertionResponse::from_json(&json).expect("JSON").assertion
    }

    /// As a copy that was made before this one was used.
    pub(crate) fn rewind(&mut self) {
        self.counter = 0;
    }

    /// The answer to an activation: what a browser that hashes the canonical form itself would send.
    pub(crate) fn agree(&mut self, activation: &view::Activation) -> String {
        let challenge = base64url(&pki::sha256(activation.canonical.as_bytes()));
        let beside = activation.will.as_ref().and_then(|it| it.passkey.as_ref());
        let asked = activation.passkey.as_ref().or(beside).expect("a passkey is asked");
        self.get(&asked.relying_party, &challenge, asked.prf.as_deref())
    }

    fn client_data(&self, ceremony: &str, challenge: &str) -> Vec<u8> {
        let origin = self.origin;
        format!(
            r#"{{"type":"{ceremony}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
        )
        .into_bytes()
    }

    fn data(&self, rp: &str, flags: u8, rest: &[u8]) -> Vec<u8> {
        let mut out = pki::sha256(rp.as_bytes()).to_vec();
        out.push(flags);
        out.extend_from_slice(&self.counter.to_be_bytes());
        out.extend_from_slice(rest);
        out
    }

    fn credential(&self, response: &Value, prf: Option<Value>) -> Value {
        let results = prf.map_or_else(|| json!({}), |prf| json!({ "prf": prf }));
        json!({
            "id": base64url(&self.id), "rawId": base64url(&self.id), "type": "public-key",
            "response": response, "clientExtensionResults": results,
        })
    }
}

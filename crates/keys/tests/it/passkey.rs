//! Passkeys: the test vectors of the standard, and an authenticator of our own that can also do wrong.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use pki::{KeyAlgorithm, Signer, SoftwareSigner};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use vermilion_keys::passkey::*;
use vermilion_keys::{Activation, Factor, KeyError, KeyStore, PasskeyFactor, StoredKey};
use zeroize::Zeroizing;

use super::{PIN, certificate, intent, message, owner, sign, store};

/// W3C Web Authentication Level 3, §16.2: ES256 credential with no attestation.
mod spec_none {
    pub(super) const CHALLENGE: &str = "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130";
    pub(super) const CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354427258426941774a544c453551227d";
    pub(super) const ATTESTATION: &str = "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220";
    pub(super) const CREDENTIAL: &str = "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4";
}

/// §16.3: ES256 credential with self attestation.
mod spec_self {
    pub(super) const CHALLENGE: &str = "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5";
    pub(super) const CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e4374334c55745936366b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a205539685458764b453255526b4d6e625f307859485667227d";
    pub(super) const ATTESTATION: &str = "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf378097c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2";
    pub(super) const CREDENTIAL: &str = "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c";
}

fn hex(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

fn example() -> RelyingParty {
    RelyingParty::new("example.org", ["https://example.org"])
}

fn response(credential: &str, client_data: &str, attestation: &str) -> RegistrationResponse {
    let b64 = |bytes: &str| URL_SAFE_NO_PAD.encode(hex(bytes));
    let json = serde_json::json!({
        "id": b64(credential), "rawId": b64(credential), "type": "public-key",
        "response": { "clientDataJSON": b64(client_data), "attestationObject": b64(attestation), "transports": ["internal"] },
        "clientExtensionResults": { "prf": { "enabled": true } },
        "authenticatorAttachment": "platform",
    });
    RegistrationResponse::from_json(&json.to_string()).unwrap()
}

const UP: u8 = 1;
const UV: u8 = 1 << 2;
const BE: u8 = 1 << 3;
const BS: u8 = 1 << 4;
const AT: u8 = 1 << 6;
const ED: u8 = 1 << 7;
const US: &str = "https://sign.example.com";

/// An authenticator whose every answer can be bent.
struct Authenticator {
    key: SoftwareSigner,
    id: Vec<u8>,
    counter: u32,
    flags: u8,
    rp: &'static str,
    origin: &'static str,
    extra: &'static str,
}

impl Authenticator {
    fn new(algorithm: KeyAlgorithm) -> Self {
        let key = SoftwareSigner::generate(algorithm).unwrap().0;
        Self {
            key,
            id: vec![7; 32],
            counter: 0,
            flags: UP | UV,
            rp: "sign.example.com",
            origin: US,
            extra: "",
        }
    }

    fn client_data(&self, ceremony: &str, challenge: &[u8]) -> Vec<u8> {
        let challenge = URL_SAFE_NO_PAD.encode(challenge);
        let (origin, extra) = (self.origin, self.extra);
        format!(r#"{{"type":"{ceremony}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false{extra}}}"#)
            .into_bytes()
    }

    fn data(&self, flags: u8, rest: &[u8]) -> Vec<u8> {
        let mut out = pki::sha256(self.rp.as_bytes()).to_vec();
        out.push(flags);
        out.extend_from_slice(&self.counter.to_be_bytes());
        out.extend_from_slice(rest);
        out
    }

    /// COSE_Key, written by hand.
    fn cose(&self) -> Vec<u8> {
        let spki = self.key.public_key_der();
        let bytes = |it: &[u8]| [&[0x58, u8::try_from(it.len()).unwrap()], it].concat();
        match self.key.key_algorithm() {
            KeyAlgorithm::P256 => {
                let (x, y) = spki[spki.len() - 64..].split_at(32);
                [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21][..], &bytes(x), &[0x22], &bytes(y)].concat()
            }
            KeyAlgorithm::P384 => {
                let (x, y) = spki[spki.len() - 96..].split_at(48);
                [&[0xa5, 1, 2, 3, 0x38, 0x22, 0x20, 2, 0x21][..], &bytes(x), &[0x22], &bytes(y)].concat()
            }
            KeyAlgorithm::Ed25519 => {
                [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21][..], &bytes(&spki[spki.len() - 32..])].concat()
            }
            KeyAlgorithm::Rsa2048 => {
                let n = &spki[spki.len() - 261..spki.len() - 5];
                [&[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0][..], n, &[0x21, 0x43, 1, 0, 1]].concat()
            }
            _ => unreachable!("not an algorithm of passkeys"),
        }
    }

    fn register(&self, challenge: &[u8], cose: &[u8]) -> RegistrationResponse {
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = self.data(self.flags | AT, &[&[0; 16], &length[..], &self.id, cose].concat());
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend_from_slice(&data);
        RegistrationResponse {
            credential_id: self.id.clone(),
            client_data_json: self.client_data("webauthn.create", challenge),
            attestation_object: object,
            prf_enabled: false,
            prf: None,
        }
    }

    fn passkey(&self) -> Passkey {
        us().register(&[1; 32], &self.register(&[1; 32], &self.cose())).unwrap()
    }

    fn assert_with(&self, ceremony: &str, challenge: &[u8], rest: &[u8]) -> Assertion {
        let client_data_json = self.client_data(ceremony, challenge);
        let authenticator_data = self.data(self.flags, rest);
        let message = [&authenticator_data[..], &pki::sha256(&client_data_json)].concat();
        Assertion { client_data_json, authenticator_data, signature: self.key.sign(&message).unwrap() }
    }

    fn assert(&self, challenge: &[u8]) -> Assertion {
        self.assert_with("webauthn.get", challenge, &[])
    }
}

fn us() -> RelyingParty {
    RelyingParty::new("sign.example.com", [US])
}

#[test]
fn the_standards_vectors_hold() {
    let it = response(spec_none::CREDENTIAL, spec_none::CLIENT_DATA, spec_none::ATTESTATION);
    // The vector's registration was made without verifying the user (flags 0x59), which we never take.
    assert_eq!(
        example().register(&hex(spec_none::CHALLENGE), &it).unwrap_err(),
        PasskeyError::UserNotVerified
    );

    let it = response(spec_self::CREDENTIAL, spec_self::CLIENT_DATA, spec_self::ATTESTATION);
    let passkey = example().register(&hex(spec_self::CHALLENGE), &it).unwrap();
    assert_eq!(passkey.attestation, Attestation::Itself);
    assert_eq!(hex::encode(passkey.aaguid), "df850e09db6afbdfab51697791506cfc");
    assert_eq!((passkey.backup_eligible, passkey.backed_up, passkey.prf), (true, true, true));

    // One bit of what was attested, and the signature over it holds no more.
    let mut bent = hex(spec_self::ATTESTATION);
    let at = bent.len() - 150;
    bent[at] ^= 1;
    let it = RegistrationResponse { attestation_object: bent, ..it };
    assert!(example().register(&hex(spec_self::CHALLENGE), &it).is_err());
}

#[test]
fn every_kind_of_passkey_registers_and_signs() {
    for algorithm in [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::Ed25519, KeyAlgorithm::Rsa2048] {
        let authenticator = Authenticator::new(algorithm);
        let mut passkey = authenticator.passkey();
        assert_eq!(passkey.public_key, authenticator.key.public_key_der(), "{algorithm:?}");
        let assertion = authenticator.assert(&[9; 32]);
        // What is stored is what is judged.
        let stored = serde_json::to_string(&(&passkey, &assertion)).unwrap();
        let (again, kept): (Passkey, Assertion) = serde_json::from_str(&stored).unwrap();
        assert_eq!(again, passkey);
        let seen = kept.verify(&us(), &again, &[9; 32]).unwrap();
        passkey.note(seen).unwrap();
    }
}

#[test]
fn an_assertion_is_good_for_its_own_challenge_key_and_site_alone() {
    let authenticator = Authenticator::new(KeyAlgorithm::P256);
    let passkey = authenticator.passkey();
    let good = authenticator.assert(&[9; 32]);
    assert!(good.verify(&us(), &passkey, &[9; 32]).is_ok());
    assert_eq!(good.verify(&us(), &passkey, &[8; 32]).unwrap_err(), PasskeyError::OtherChallenge);
    assert_eq!(good.verify(&us(), &passkey, &[9; 31]).unwrap_err(), PasskeyError::OtherChallenge);

    let other = Authenticator::new(KeyAlgorithm::P256).passkey();
    assert_eq!(good.verify(&us(), &other, &[9; 32]).unwrap_err(), PasskeyError::Signature);
    let elsewhere = RelyingParty::new("sign.example.com", ["https://evil.example.com"]);
    assert!(matches!(good.verify(&elsewhere, &passkey, &[9; 32]), Err(PasskeyError::OtherOrigin { .. })));
    let renamed = RelyingParty::new("example.com", [US]);
    assert_eq!(good.verify(&renamed, &passkey, &[9; 32]).unwrap_err(), PasskeyError::OtherRelyingParty);

    let registration = authenticator.assert_with("webauthn.create", &[9; 32], &[]);
    assert_eq!(registration.verify(&us(), &passkey, &[9; 32]).unwrap_err(), PasskeyError::OtherCeremony);

    for (bend, bent) in [
        (
            "client data",
            Assertion { client_data_json: [&good.client_data_json[..], b" "].concat(), ..good.clone() },
        ),
        ("counter", {
            let mut data = good.authenticator_data.clone();
            data[36] ^= 1;
            Assertion { authenticator_data: data, ..good.clone() }
        }),
        ("signature", {
            let mut signature = good.signature.clone();
            let last = signature.len() - 1;
            signature[last] ^= 1;
            Assertion { signature, ..good.clone() }
        }),
    ] {
        assert_eq!(bent.verify(&us(), &passkey, &[9; 32]).unwrap_err(), PasskeyError::Signature, "{bend}");
    }
}

#[test]
fn what_the_authenticator_says_of_itself_is_judged() {
    let fresh = || Authenticator::new(KeyAlgorithm::P256);
    let refused = |flags: u8, extra: &'static str, rest: &[u8]| {
        let good = fresh();
        let passkey = good.passkey();
        let bent = Authenticator { flags, extra, ..good };
        bent.assert_with("webauthn.get", &[9; 32], rest).verify(&us(), &passkey, &[9; 32])
    };
    assert!(refused(UP | UV, "", &[]).is_ok());
    assert_eq!(refused(UV, "", &[]).unwrap_err(), PasskeyError::UserNotPresent);
    assert_eq!(refused(UP, "", &[]).unwrap_err(), PasskeyError::UserNotVerified);
    assert!(matches!(refused(UP | UV | BS, "", &[]), Err(PasskeyError::Malformed(_))));
    assert_eq!(refused(UP | UV | BE, "", &[]).unwrap_err(), PasskeyError::OtherCredential);
    assert_eq!(
        refused(UP | UV, r#","topOrigin":"https://evil.example.com""#, &[]).unwrap_err(),
        PasskeyError::Framed
    );
    assert!(matches!(refused(UP | UV, "", &[0]), Err(PasskeyError::Malformed(_))));
    assert!(refused(UP | UV | ED, "", b"\xa1\x64hmac\x41\x00").is_ok());
    assert!(matches!(refused(UP | UV | ED, "", b"\xa1\x64hmac"), Err(PasskeyError::Malformed(_))));
    assert!(matches!(refused(UP | UV | ED, "", &[0xbf; 100]), Err(PasskeyError::Malformed(_))));
}

#[test]
fn a_registration_that_is_not_whole_is_refused() {
    let it = Authenticator::new(KeyAlgorithm::P256);
    let refused = |response: &RegistrationResponse| us().register(&[1; 32], response).unwrap_err();
    let good = it.register(&[1; 32], &it.cose());
    assert_eq!(
        refused(&RegistrationResponse { credential_id: vec![8; 32], ..good.clone() }),
        PasskeyError::OtherCredential
    );
    assert_eq!(
        us().register(&[2; 32], &good).unwrap_err(),
        PasskeyError::OtherChallenge,
        "a registration of another time"
    );
    for length in 0..good.attestation_object.len() {
        let cut = good.attestation_object[..length].to_vec();
        assert!(matches!(
            refused(&RegistrationResponse { attestation_object: cut, ..good.clone() }),
            PasskeyError::Malformed(_)
        ));
    }
    // SHA-1 (RS1, -65535) is no algorithm for us.
    let rsa = Authenticator::new(KeyAlgorithm::Rsa2048);
    let mut cose = rsa.cose();
    cose.splice(4..7, [0x39, 0xff, 0xfe]);
    let weak = rsa.register(&[1; 32], &cose);
    assert!(matches!(refused(&weak), PasskeyError::Unsupported { .. }));
    // A label twice.
    let mut cose = it.cose();
    cose[0] = 0xa6;
    cose.extend_from_slice(&[1, 2]);
    assert!(matches!(refused(&it.register(&[1; 32], &cose)), PasskeyError::Malformed(_)));
    // x off by a byte.
    let short = [&it.cose()[..8], &[0x58, 31], &[1; 31], &[0x22, 0x58, 32], &[1; 32]].concat();
    assert!(matches!(refused(&it.register(&[1; 32], &short)), PasskeyError::Malformed(_)));
}

#[test]
fn a_counter_that_does_not_go_up_betrays_a_copy() {
    let mut authenticator = Authenticator { counter: 5, ..Authenticator::new(KeyAlgorithm::P256) };
    let mut passkey = authenticator.passkey();
    let seen =
        |it: &Authenticator, passkey: &Passkey| it.assert(&[9; 32]).verify(&us(), passkey, &[9; 32]).unwrap();
    let old = seen(&authenticator, &passkey);
    assert_eq!(passkey.note(old), Err(PasskeyError::Cloned { stored: 5, seen: 5 }));
    authenticator.counter = 6;
    let next = seen(&authenticator, &passkey);
    passkey.note(next).unwrap();
    assert_eq!(passkey.sign_count, 6);
    // As evidence, an old assertion stays good.
    authenticator.counter = 2;
    seen(&authenticator, &passkey);
}

/// The passkey as what opens a key: its assertion, and its function's output where it has one.
fn factor(passkey: &Passkey, assertion: Option<Assertion>, prf: Option<[u8; 32]>) -> Factor {
    Factor::Passkey(Box::new(PasskeyFactor {
        relying_party: us(),
        passkey: passkey.clone(),
        assertion,
        prf: prf.map(Zeroizing::new),
    }))
}

#[test]
fn a_passkey_opens_its_key_for_the_activation_that_it_signed_and_for_no_other() {
    for prf in [None, Some([5; 32])] {
        let authenticator = Authenticator::new(KeyAlgorithm::P256);
        let passkey = authenticator.passkey();
        let store = store(1);
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let key = store.create(KeyAlgorithm::P256, &owner(), &factor(&passkey, None, prf), &mut rng).unwrap();
        let key: StoredKey = serde_json::from_str(&serde_json::to_string(&key).unwrap()).unwrap();
        let certificate = certificate(&key);
        let activation = || Activation::new(intent(), &certificate);
        let agreed = authenticator.assert(&activation().digest());

        let signature =
            sign(&store, &key, &factor(&passkey, Some(agreed.clone()), prf), activation(), &message())
                .unwrap();
        pki::verify(&key.public_key, signature.algorithm, &message(), &signature.bytes).unwrap();

        let refused = |factor: Factor| store.unlock(&key, &factor, &activation()).unwrap_err();
        assert_eq!(refused(factor(&passkey, None, prf)), KeyError::WrongFactor, "without an assertion");
        let elsewhere = authenticator.assert(&[9; 32]);
        assert_eq!(
            refused(factor(&passkey, Some(elsewhere), prf)),
            KeyError::Passkey(PasskeyError::OtherChallenge),
            "agreed to something else"
        );
        assert_eq!(refused(Factor::pin(PIN)), KeyError::WrongFactor);
        let thief = Authenticator::new(KeyAlgorithm::P256);
        let stolen = thief.assert(&activation().digest());
        assert_eq!(
            refused(factor(&thief.passkey(), Some(stolen), prf)),
            KeyError::WrongFactor,
            "another passkey in its place"
        );
    }
}

#[test]
fn the_server_alone_cannot_open_what_the_passkeys_function_seals() {
    let authenticator = Authenticator::new(KeyAlgorithm::P256);
    let passkey = authenticator.passkey();
    let mut rng = ChaCha20Rng::from_seed([3; 32]);
    let sealed = factor(&passkey, None, Some([5; 32]));
    let key = store(1).create(KeyAlgorithm::P256, &owner(), &sealed, &mut rng).unwrap();
    let certificate = certificate(&key);
    let activation = || Activation::new(intent(), &certificate);
    let agreed = || Some(authenticator.assert(&activation().digest()));
    for prf in [None, Some([6; 32])] {
        let refused = store(1).unlock(&key, &factor(&passkey, agreed(), prf), &activation()).unwrap_err();
        assert_eq!(refused, KeyError::WrongFactor);
    }
    // Nor does telling the server that there is no function.
    let mut json = serde_json::to_value(&key).unwrap();
    json["protection"]["passkey"]["prf"] = false.into();
    let bent: StoredKey = serde_json::from_value(json).unwrap();
    let refused = store(1).unlock(&bent, &factor(&passkey, agreed(), None), &activation()).unwrap_err();
    assert_eq!(refused, KeyError::WrongFactor);
    // And the passkey's function without this server is worth nothing either.
    let refused =
        store(2).unlock(&key, &factor(&passkey, agreed(), Some([5; 32])), &activation()).unwrap_err();
    assert_eq!(refused, KeyError::WrongFactor);
}

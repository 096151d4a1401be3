//! Passkeys: what a browser says that an authenticator said (CBOR, COSE keys, authenticator data, client data).

use pki::sha256;
use vermilion_keys::passkey::{
    Assertion, AssertionResponse, Attestation, Passkey, RegistrationResponse, RelyingParty,
};

/// The credential id of the seeds.
const ID: [u8; 32] = [7; 32];
/// What the seeds answer.
const CHALLENGE: [u8; 32] = [9; 32];
const CREATED: &[u8] = br#"{"type":"webauthn.create","challenge":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk","origin":"https://sign.example.com","crossOrigin":false}"#;
const GOT: &[u8] = br#"{"type":"webauthn.get","challenge":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk","origin":"https://sign.example.com","crossOrigin":false}"#;
/// The public key (P-256) that made the assertions among the seeds.
const KEY: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0xb9, 0x5a, 0xac, 0xea, 0xc0, 0xb8, 0xaa,
    0xb5, 0x99, 0xfc, 0x60, 0x1f, 0x02, 0x02, 0xff, 0x70, 0x35, 0xed, 0xb5, 0x1b, 0xfd, 0x87, 0xc4, 0x77,
    0xac, 0x56, 0x37, 0xed, 0x0b, 0x2a, 0x26, 0x95, 0x5a, 0x81, 0x4f, 0x07, 0xb7, 0x49, 0xfb, 0x05, 0x7a,
    0x63, 0x59, 0x1c, 0x55, 0x92, 0xc1, 0x1f, 0xf4, 0xe4, 0x81, 0xd5, 0x3b, 0xed, 0xb7, 0xb9, 0x3a, 0xe4,
    0x34, 0xbf, 0xda, 0x72, 0xe6, 0x64,
];

/// Whether the answer is accepted. One byte says what the rest is: the JSON of a registration (0) or of an assertion (1), an attestation object (2), or
/// authenticator data behind its length with a signature after it (3).
///
/// # Panics
/// Where something is accepted that should not be: that is a finding.
pub fn passkey(input: &[u8]) -> bool {
    let Some((kind, rest)) = input.split_first() else { return false };
    let text = || std::str::from_utf8(rest).unwrap_or_default();
    match kind % 4 {
        0 => {
            let Ok(response) = RegistrationResponse::from_json(text()) else { return false };
            registration(&response)
        }
        1 => {
            let Ok(response) = AssertionResponse::from_json(text()) else { return false };
            assertion(&response.assertion)
        }
        2 => registration(&RegistrationResponse {
            credential_id: ID.to_vec(),
            client_data_json: CREATED.to_vec(),
            attestation_object: rest.to_vec(),
            prf_enabled: false,
            prf: None,
        }),
        _ => {
            let Some((length, rest)) = rest.split_first() else { return false };
            let Some((data, signature)) = rest.split_at_checked(usize::from(*length)) else { return false };
            assertion(&Assertion {
                client_data_json: GOT.to_vec(),
                authenticator_data: data.to_vec(),
                signature: signature.to_vec(),
            })
        }
    }
}

fn us() -> RelyingParty {
    RelyingParty::new("sign.example.com", ["https://sign.example.com"])
}

/// What registers names us, this answer and no other, and a key that can be read.
fn registration(response: &RegistrationResponse) -> bool {
    let Ok(passkey) = us().register(&CHALLENGE, response) else { return false };
    let named = sha256(b"sign.example.com");
    let object = &response.attestation_object;
    assert!(object.windows(32).any(|part| part == named), "it was registered with another site");
    assert_eq!(passkey.credential_id, response.credential_id);
    assert!(!passkey.backed_up || passkey.backup_eligible);
    assert!(us().register(&[8; 32], response).is_err(), "one answer serves one challenge");
    let other = RelyingParty::new("example.com", ["https://sign.example.com"]);
    assert!(other.register(&CHALLENGE, response).is_err(), "one answer serves one site");
    let _ = pki::verify(&passkey.public_key, passkey.algorithm, b"message", b"signature");
    true
}

/// What verifies does so with all its bytes alone.
fn assertion(assertion: &Assertion) -> bool {
    let passkey = Passkey {
        credential_id: ID.to_vec(),
        public_key: KEY.to_vec(),
        algorithm: pki::SignatureAlgorithm::EcdsaSha256,
        sign_count: 0,
        aaguid: [0; 16],
        backup_eligible: false,
        backed_up: false,
        attestation: Attestation::None,
        prf: false,
    };
    if assertion.verify(&us(), &passkey, &CHALLENGE).is_err() {
        return false;
    }
    assert!(assertion.verify(&us(), &passkey, &[8; 32]).is_err(), "one answer serves one challenge");
    for at in 0..assertion.authenticator_data.len() + assertion.signature.len() {
        let mut bent = assertion.clone();
        let data = bent.authenticator_data.iter_mut().chain(&mut bent.signature);
        data.skip(at).take(1).for_each(|byte| *byte ^= 1);
        assert!(bent.verify(&us(), &passkey, &CHALLENGE).is_err(), "byte {at} does not matter");
    }
    true
}

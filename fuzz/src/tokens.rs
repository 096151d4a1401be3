//! What an OpenID provider sends: descriptions, keys, token answers, ID tokens, and what is believed of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use pki::{Signer as _, SoftwareSigner};
use serde_json::Value;
use vermilion_oidc::{Callback, Claims, Expected, Issuer, Jwks, Jws, Metadata, Refused, Tokens};

const ISSUER: &str = "https://login.example.com";
const CLIENT: &str = "vermilion";
const NONCE: &str = "n-0S6_WzA2Mj";
/// Keys of all four algorithms, whose private halves were thrown away: no token under them but the seeds is to be believed.
const KEYS: &[u8] = include_bytes!("../bases/keys.json");
/// A key on Ed25519 of nobody's, with which the target signs what it is given.
const OWN: &[u8] = &[
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20, 0x9d,
    0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
    0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

/// Whether something is taken. One byte says what the rest is: a token (0), a key set (1), claims that the target signs
/// itself (2), a provider's description (3), the answer of a token end point (4), or of a UserInfo end point (5).
///
/// # Panics
/// Where something is believed that should not be: that is a finding.
pub fn token(input: &[u8]) -> bool {
    let Some((kind, rest)) = input.split_first() else { return false };
    match kind % 6 {
        0 => std::str::from_utf8(rest).is_ok_and(token_of_others),
        1 => key_set(rest),
        2 => own_token(rest),
        3 => description(rest),
        4 => Tokens::from_answer(200, rest).is_ok() | Tokens::from_answer(400, rest).is_ok(),
        _ => userinfo(rest),
    }
}

fn judged(token: &str, keys: &Jwks) -> Result<Claims, Refused> {
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let expected = Expected {
        issuer: &issuer,
        client_id: CLIENT,
        nonce: NONCE,
        access_token: Some("access"),
        acr_values: &[],
        max_age: None,
        now: now(),
        skew: SignedDuration::from_secs(60),
        oldest: SignedDuration::from_mins(10),
    };
    expected.judge(token, keys)
}

fn now() -> Timestamp {
    "2026-11-23T04:00:00Z".parse().expect("a time")
}

fn token_of_others(token: &str) -> bool {
    let keys = Jwks::from_json(KEYS).expect("the keys");
    if judged(token, &keys).is_err() {
        return false;
    }
    // What was signed counts whole: any other character of it, and the token is another.
    for (at, byte) in token.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric()) {
        let mut bent = token.as_bytes().to_vec();
        bent[at] = if byte == b'A' { b'B' } else { b'A' };
        let bent = String::from_utf8(bent).expect("ASCII");
        assert!(judged(&bent, &keys).is_err(), "character {at} does not matter");
    }
    assert!(judged(token, &Jwks::default()).is_err(), "a token is believed without keys");
    true
}

fn key_set(json: &[u8]) -> bool {
    let Ok(keys) = Jwks::from_json(json) else { return false };
    assert!(keys.len() <= 64);
    for header in ["RS256", "PS256", "ES256", "EdDSA"] {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let token = format!(
            "{}.{}.{}",
            part(&format!("{{\"alg\":\"{header}\"}}")),
            part("{}"),
            part(&"s".repeat(64))
        );
        let jws = Jws::parse(&token).expect("a token");
        assert!(jws.verify(&keys).is_err(), "a made-up signature holds");
    }
    !keys.is_empty()
}

/// Claims in all their forms, signed as they should be: what is taken is what the claims say.
fn own_token(payload: &[u8]) -> bool {
    let signer = SoftwareSigner::from_pkcs8(OWN).expect("a key");
    let public = signer.public_key_der();
    let x = URL_SAFE_NO_PAD.encode(&public[public.len() - 32..]);
    let keys = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}]}}"#);
    let keys = Jwks::from_json(keys.as_bytes()).expect("a key");
    let signed =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA"}"#), URL_SAFE_NO_PAD.encode(payload));
    let signature = signer.sign(signed.as_bytes()).expect("a signature");
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    let Ok(claims) = judged(&token, &keys) else { return false };
    let value: Value = serde_json::from_slice(payload).expect("what is believed is JSON");
    assert_eq!((value["iss"].as_str(), value["nonce"].as_str()), (Some(ISSUER), Some(NONCE)));
    let ours = |value: &Value| value.as_str() == Some(CLIENT);
    assert!(ours(&value["aud"]) || value["aud"].as_array().is_some_and(|all| all.iter().any(ours)));
    assert!(value.get("azp").is_none_or(|azp| azp.is_null() || ours(azp)), "made out to another");
    assert_eq!(value["sub"].as_str(), Some(claims.subject.as_str()));
    assert!(!claims.subject.is_empty() && claims.subject.len() <= 255);
    let (now, skew) = (now(), SignedDuration::from_secs(60));
    assert!(claims.expires_at > now - skew && claims.issued_at <= now + skew);
    assert!(claims.issued_at >= now - SignedDuration::from_mins(11));
    assert!(claims.auth_time.is_none_or(|at| at <= now + skew));
    if let Some(email) = &claims.verified_email {
        assert_eq!(value["email"].as_str(), Some(email.as_str()));
        assert!(value["email_verified"] == true || value["email_verified"] == "true", "nobody verified it");
    }
    true
}

fn description(json: &[u8]) -> bool {
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let Ok(it) = Metadata::from_json(json, &issuer) else { return false };
    let asked = [
        Some(&it.authorization_endpoint),
        Some(&it.token_endpoint),
        Some(&it.jwks_uri),
        it.userinfo_endpoint.as_ref(),
    ];
    for url in asked.into_iter().flatten() {
        let host =
            url.strip_prefix("http://").map(|rest| rest.split(['/', ':', '?']).next().unwrap_or_default());
        assert!(
            url.starts_with("https://") || host.is_some_and(|host| host.starts_with("127.") || host == "["),
            "{url}"
        );
    }
    let other =
        Callback { code: Some("c".to_owned()), iss: Some("https://evil.example".to_owned()), error: None };
    assert!(other.code(&it).is_err(), "another provider's answer is taken");
    let _ = (it.authentication(true), it.authentication(false));
    true
}

fn userinfo(json: &[u8]) -> bool {
    let mut claims = Claims {
        subject: "24400320".to_owned(),
        issued_at: now(),
        expires_at: now(),
        auth_time: None,
        acr: None,
        amr: Vec::new(),
        verified_email: None,
        has_email: false,
        name: None,
    };
    let before = claims.clone();
    match claims.add_userinfo(json) {
        Ok(()) => {
            assert_eq!(claims.subject, before.subject);
            true
        }
        Err(_) => {
            assert_eq!(claims, before, "what is refused changes nothing");
            false
        }
    }
}

//! What is signed, with what, by whom.

use proptest::prelude::*;
use serde_json::json;
use testkit::openid::{TokenKey, base64url};
use vermilion_oidc::{Jwks, Jws, Refused};

use crate::world::{claims, judged, keys};

fn refused(token: &str, keys: &Jwks) -> &'static str {
    judged(token, keys).unwrap_err().code()
}

#[test]
fn each_algorithm_is_taken_under_its_own_key() {
    for alg in ["RS256", "PS256", "ES256", "EdDSA"] {
        let (key, other) = (TokenKey::new(alg, "1"), TokenKey::new(alg, "1"));
        let token = key.token(&claims(json!({})));
        assert_eq!(judged(&token, &keys(&[&key])).unwrap().subject, "24400320", "{alg}");
        assert_eq!(refused(&token, &keys(&[&other])), "signature", "{alg}");
        // One character of the payload, and of the signature.
        let (head, signature) = token.rsplit_once('.').unwrap();
        let (header, payload) = head.split_once('.').unwrap();
        let turned =
            format!("{header}.{}.{signature}", base64url(claims(json!({"sub": "1"})).to_string().as_bytes()));
        assert_ne!(payload, turned);
        assert_eq!(refused(&turned, &keys(&[&key])), "signature", "{alg}");
        let short = format!("{head}.{}", base64url(&[1; 30]));
        assert_eq!(refused(&short, &keys(&[&key])), "signature", "{alg}");
    }
}

#[test]
fn an_algorithm_is_not_to_be_confused_with_another() {
    let rsa = TokenKey::new("RS256", "1");
    let ec = TokenKey::new("ES256", "2");
    let both = keys(&[&rsa, &ec]);
    let claims = claims(json!({}));
    // PS256 under a key that says RS256; an EC signature that calls itself RS256; a key of the other kind.
    for header in [
        json!({"alg": "PS256", "kid": "1"}),
        json!({"alg": "ES256", "kid": "1"}),
        json!({"alg": "EdDSA", "kid": "1"}),
    ] {
        assert_eq!(refused(&rsa.token_under(&header, &claims), &both), "key_algorithm", "{header}");
    }
    assert_eq!(refused(&ec.token_under(&json!({"alg": "RS256", "kid": "1"}), &claims), &both), "signature");
    // The public key as the secret of an HMAC, and no signature: neither is an algorithm that is taken.
    for alg in ["HS256", "HS384", "none", "None", "nOnE", "", "RS1", "rs256"] {
        let token = rsa.token_under(&json!({"alg": alg, "kid": "1"}), &claims);
        assert_eq!(refused(&token, &both), "algorithm", "{alg}");
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        assert_eq!(refused(&format!("{unsigned}."), &both), "algorithm", "{alg}");
    }
}

#[test]
fn a_key_that_travels_with_the_token_is_not_looked_at() {
    let (ours, theirs) = (TokenKey::new("ES256", "1"), TokenKey::new("ES256", "1"));
    let header = json!({"alg": "ES256", "kid": "1", "jwk": theirs.jwk(), "jku": "https://evil.example/keys"});
    assert_eq!(refused(&theirs.token_under(&header, &claims(json!({}))), &keys(&[&ours])), "signature");
}

#[test]
fn the_key_is_the_one_that_is_named() {
    let (one, two) = (TokenKey::new("ES256", "one"), TokenKey::new("ES256", "two"));
    let claims = claims(json!({}));
    let under = |kid: &str| two.token_under(&json!({"alg": "ES256", "kid": kid}), &claims);
    assert_eq!(refused(&under("three"), &keys(&[&one, &two])), "key_unknown");
    assert_eq!(refused(&under("one"), &keys(&[&one, &two])), "signature");
    assert!(judged(&under("two"), &keys(&[&one, &two])).is_ok());
    let nameless = two.token_under(&json!({"alg": "ES256"}), &claims);
    assert_eq!(refused(&nameless, &keys(&[&one, &two])), "key_ambiguous");
    assert!(judged(&nameless, &keys(&[&two])).is_ok());
    assert_eq!(refused(&nameless, &keys(&[])), "key_unknown");
}

#[test]
fn headers_that_ask_for_more_are_refused() {
    let key = TokenKey::new("ES256", "1");
    let under = |header| refused(&key.token_under(&header, &claims(json!({}))), &keys(&[&key]));
    assert_eq!(under(json!({"alg": "ES256", "kid": "1", "crit": ["exp"], "exp": 1})), "critical");
    assert_eq!(under(json!({"alg": "ES256", "kid": "1", "b64": false})), "critical");
    assert_eq!(under(json!({"alg": "ES256", "kid": "1", "typ": "at+jwt"})), "type");
    assert_eq!(under(json!({"alg": "ES256", "kid": "1", "typ": "logout+jwt"})), "type");
    let fine =
        key.token_under(&json!({"alg": "ES256", "kid": "1", "typ": "application/jwt"}), &claims(json!({})));
    assert!(judged(&fine, &keys(&[&key])).is_ok());
}

#[test]
fn shapes_that_are_no_token_are_refused() {
    let key = TokenKey::new("ES256", "1");
    let good = key.token(&claims(json!({})));
    let twice = good.replacen(
        good.split('.').next().unwrap(),
        &base64url(br#"{"alg":"none","alg":"ES256","kid":"1"}"#),
        1,
    );
    for bad in [
        String::new(),
        "..".to_owned(),
        "a.b".to_owned(),
        format!("{good}."),
        format!("{good}.{good}"),
        format!("{good}="),
        format!(" {good}"),
        good.replace('.', "!"),
        twice,
        format!("{}.{}", good, "A".repeat(40_000)),
    ] {
        assert_eq!(refused(&bad, &keys(&[&key])), "malformed", "{bad:.60}");
    }
}

#[test]
fn a_short_rsa_key_proves_nothing() {
    // 1024 bits: the modulus of the key is made up, since no signature under it is looked at.
    let jwk =
        format!(r#"{{"keys":[{{"kty":"RSA","n":"{}","e":"AQAB","kid":"1"}}]}}"#, base64url(&[0xc3; 128]));
    let key = TokenKey::new("RS256", "1");
    let code = refused(&key.token(&claims(json!({}))), &Jwks::from_json(jwk.as_bytes()).unwrap());
    assert!(["weak_key", "signature"].contains(&code), "{code}");
}

proptest! {
    #[test]
    fn nothing_makes_the_reader_panic(text in "[A-Za-z0-9_.=-]{0,200}", json in "\\PC{0,80}") {
        _ = Jws::parse(&text);
        let token = format!("{}.{}.{}", base64url(json.as_bytes()), base64url(json.as_bytes()), text);
        prop_assert!(Jws::parse(&token).is_err());
        _ = Jwks::from_json(json.as_bytes());
    }
}

#[test]
fn refusals_are_told_apart_by_their_codes() {
    assert_eq!(Refused::Nonce.code(), "nonce");
    assert_eq!(Refused::Missing { name: "exp" }.to_string(), "the token has no exp");
}

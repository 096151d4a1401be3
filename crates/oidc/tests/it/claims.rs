//! What a token says, claim by claim.

use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::openid::TokenKey;
use vermilion_oidc::{Claims, Refused};

use crate::world::{claims, judged, judged_for, keys, now};

fn said_to(changes: Value, acr_values: &[String], max_age: Option<i64>) -> Result<Claims, Refused> {
    let key = TokenKey::new("ES256", "1");
    judged_for(
        &key.token(&claims(changes)),
        &keys(&[&key]),
        acr_values,
        max_age.map(SignedDuration::from_secs),
    )
}

fn said(changes: Value) -> Result<Claims, Refused> {
    said_to(changes, &[], None)
}

fn code(changes: Value) -> &'static str {
    said(changes).unwrap_err().code()
}

#[test]
fn what_is_believed_is_told() {
    let it = said(json!({})).unwrap();
    assert_eq!((it.subject.as_str(), it.verified_email.as_deref()), ("24400320", Some("ada@example.com")));
    assert_eq!(
        (it.acr.as_deref(), it.amr),
        (Some("urn:mace:incommon:iap:silver"), vec!["pwd".to_owned(), "otp".to_owned()])
    );
    assert_eq!(
        (it.issued_at, it.auth_time),
        (now() - SignedDuration::from_secs(2), Some(now() - SignedDuration::from_secs(30)))
    );
}

#[test]
fn claims_that_must_be_there_are_asked_for() {
    for name in ["iss", "sub", "aud", "exp", "iat", "nonce"] {
        let mut changes = json!({});
        changes[name] = Value::Null;
        assert_eq!(said(changes).unwrap_err(), Refused::Missing { name }, "{name}");
    }
    assert_eq!(code(json!({"sub": ""})), "missing");
    assert_eq!(code(json!({"sub": "x".repeat(256)})), "malformed");
    assert_eq!(code(json!({"exp": "soon"})), "malformed");
    assert_eq!(code(json!({"aud": 7})), "audience");
}

#[test]
fn the_token_is_from_whom_was_asked_and_for_who_asked() {
    for iss in ["https://login.example.com/", "https://evil.example", "http://login.example.com", ""] {
        assert_eq!(code(json!({"iss": iss})), "issuer", "{iss}");
    }
    assert_eq!(code(json!({"aud": "other"})), "audience");
    assert_eq!(code(json!({"aud": []})), "audience");
    assert_eq!(code(json!({"aud": ["other"]})), "audience");
    assert!(said(json!({"aud": ["vermilion"]})).is_ok());
    assert!(said(json!({"aud": ["vermilion"], "azp": "vermilion"})).is_ok());
    assert_eq!(code(json!({"aud": ["vermilion", "other"]})), "authorized_party");
    assert_eq!(code(json!({"aud": ["vermilion", "other"], "azp": "other"})), "authorized_party");
    assert_eq!(code(json!({"azp": "other"})), "authorized_party");
    assert!(said(json!({"aud": ["vermilion", "other"], "azp": "vermilion"})).is_ok());
}

#[test]
fn another_requests_token_is_refused() {
    assert_eq!(code(json!({"nonce": "of the day before"})), "nonce");
    assert_eq!(code(json!({"nonce": ""})), "nonce");
}

#[test]
fn clocks_may_be_off_by_the_skew_and_no_more() {
    let at = now().as_second();
    assert!(said(json!({"exp": at - 59})).is_ok());
    assert_eq!(code(json!({"exp": at - 60})), "expired");
    assert!(said(json!({"iat": at + 60})).is_ok());
    assert_eq!(code(json!({"iat": at + 61})), "future");
    assert!(said(json!({"nbf": at + 60})).is_ok());
    assert_eq!(code(json!({"nbf": at + 61})), "future");
    assert!(said(json!({"iat": at - 660})).is_ok());
    assert_eq!(code(json!({"iat": at - 661})), "old");
    assert_eq!(code(json!({"auth_time": at + 61})), "future");
    // A fraction of a second is no reason to refuse.
    assert!(said(json!({"iat": 1_795_406_399.75})).is_ok(), "{at}");
    assert_eq!(code(json!({"exp": -1})), "expired");
}

#[test]
fn the_access_token_belongs_to_it() {
    let key = TokenKey::new("ES256", "1");
    let set = keys(&[&key]);
    // Left half of SHA-256 of "access".
    let digest = pki::sha256(b"access");
    let right = testkit::openid::base64url(&digest[..16]);
    assert!(judged(&key.token(&claims(json!({"at_hash": right}))), &set).is_ok());
    let other = key.token(&claims(json!({"at_hash": testkit::openid::base64url(&digest[16..])})));
    assert_eq!(judged(&other, &set).unwrap_err().code(), "access_token");
    // Ed25519 hashes with SHA-512.
    let key = TokenKey::new("EdDSA", "1");
    let digest = pki::DigestAlgorithm::Sha512.digest(b"access");
    let token = key.token(&claims(json!({"at_hash": testkit::openid::base64url(&digest[..32])})));
    assert!(judged(&token, &keys(&[&key])).is_ok());
}

#[test]
fn a_stronger_authentication_may_be_asked_for() {
    let asked = |changes| said_to(changes, &["gold".to_owned(), "platinum".to_owned()], None);
    assert_eq!(asked(json!({})).unwrap_err().code(), "acr");
    assert_eq!(asked(json!({"acr": Value::Null})).unwrap_err().code(), "acr");
    assert_eq!(asked(json!({"acr": "platinum"})).unwrap().acr.as_deref(), Some("platinum"));
}

#[test]
fn a_fresh_authentication_may_be_asked_for() {
    let at = now().as_second();
    let asked = |changes| said_to(changes, &[], Some(300));
    assert!(asked(json!({"auth_time": at - 360})).is_ok());
    assert_eq!(asked(json!({"auth_time": at - 361})).unwrap_err().code(), "auth_time");
    assert_eq!(asked(json!({"auth_time": Value::Null})).unwrap_err(), Refused::Missing { name: "auth_time" });
}

#[test]
fn an_address_counts_where_the_provider_verified_it() {
    assert_eq!(
        said(json!({"email_verified": "true"})).unwrap().verified_email.as_deref(),
        Some("ada@example.com")
    );
    for unverified in [json!(false), json!("false"), Value::Null, json!(1)] {
        let it = said(json!({"email_verified": unverified})).unwrap();
        assert_eq!((it.verified_email, it.has_email), (None, true));
    }
    assert!(!said(json!({"email": Value::Null})).unwrap().has_email);
}

#[test]
fn the_userinfo_is_about_the_same_person() {
    let bare =
        || said(json!({"email": Value::Null, "email_verified": Value::Null, "name": Value::Null})).unwrap();
    let mut it = bare();
    it.add_userinfo(br#"{"sub":"24400320","email":"ada@example.com","email_verified":true,"name":"Ada"}"#)
        .unwrap();
    assert_eq!((it.verified_email.as_deref(), it.name.as_deref()), (Some("ada@example.com"), Some("Ada")));
    for other in
        [&br#"{"sub":"24400321","email":"eve@example.com","email_verified":true}"#[..], b"{}", b"<html>"]
    {
        let mut it = bare();
        assert_eq!(it.add_userinfo(other), Err(Refused::UserInfo));
        assert_eq!(it, bare());
    }
}

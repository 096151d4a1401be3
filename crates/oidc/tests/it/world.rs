//! One provider, one client, one moment.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use testkit::openid::{TokenKey, key_set};
use vermilion_oidc::{Claims, Expected, Issuer, Jwks, Refused};

pub(crate) const CLIENT: &str = "vermilion";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";

pub(crate) fn now() -> Timestamp {
    "2026-11-23T04:00:00Z".parse().unwrap()
}

pub(crate) fn issuer() -> Issuer {
    Issuer::parse("https://login.example.com").unwrap()
}

/// A token's claims as they should be, then changed; `null` takes one away.
#[expect(clippy::needless_pass_by_value, reason = "what json! makes is given as it is")]
pub(crate) fn claims(changes: Value) -> Value {
    let at = now().as_second();
    let mut it = json!({
        "iss": "https://login.example.com", "sub": "24400320", "aud": CLIENT, "nonce": NONCE,
        "exp": at + 600, "iat": at - 2, "auth_time": at - 30, "acr": "urn:mace:incommon:iap:silver",
        "amr": ["pwd", "otp"], "email": "ada@example.com", "email_verified": true, "name": "Ada Lovelace",
    });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => it.as_object_mut().unwrap().remove(name),
            value => it.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    it
}

pub(crate) fn keys(keys: &[&TokenKey]) -> Jwks {
    Jwks::from_json(&key_set(keys)).unwrap()
}

/// Judged as the answer to the usual request.
pub(crate) fn judged(token: &str, keys: &Jwks) -> Result<Claims, Refused> {
    judged_for(token, keys, &[], None)
}

/// The same where more was asked for.
pub(crate) fn judged_for(
    token: &str,
    keys: &Jwks,
    acr_values: &[String],
    max_age: Option<SignedDuration>,
) -> Result<Claims, Refused> {
    let expected = Expected {
        issuer: &issuer(),
        client_id: CLIENT,
        nonce: NONCE,
        access_token: Some("access"),
        acr_values,
        max_age,
        now: now(),
        skew: SignedDuration::from_secs(60),
        oldest: SignedDuration::from_mins(10),
    };
    expected.judge(token, keys)
}

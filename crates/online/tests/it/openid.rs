//! A provider that plays well and badly.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oidc::{Exchange, Expected, Issuer, Verifier};
use serde_json::{Value, json};
use testkit::openid::{Provider, TokenKey};
use vermilion_online::{Access, Caller, Fault, OpenIdError, Redeemed, RelyingParty, Roots};

use crate::world::start;

fn party() -> RelyingParty {
    let access = Access::PublicAnd(vec!["127.0.0.1".to_owned()]);
    RelyingParty::new(Caller::guarded(access, Roots::Machine, Duration::from_secs(5)))
}

fn issuer(provider: &Provider) -> Issuer {
    Issuer::parse(&provider.issuer()).unwrap()
}

fn claims(provider: &Provider) -> Value {
    let at = start().as_second();
    json!({"iss": provider.issuer(), "sub": "7", "aud": "vermilion", "nonce": "n", "iat": at, "exp": at + 600})
}

fn redeem(party: &RelyingParty, provider: &Provider, now: Timestamp) -> Result<Redeemed, OpenIdError> {
    let (issuer, verifier) = (issuer(provider), Verifier::from_random([1; 32]));
    let metadata = party.describe(&issuer, now)?;
    let exchange = Exchange {
        client_id: "vermilion",
        client_secret: Some("secret"),
        code: "code",
        redirect_uri: "https://sign.example/oidc/callback",
        verifier: &verifier,
    };
    let expected = Expected {
        issuer: &issuer,
        client_id: "vermilion",
        nonce: "n",
        access_token: None,
        acr_values: &[],
        max_age: None,
        now,
        skew: SignedDuration::from_secs(60),
        oldest: SignedDuration::from_hours(1),
    };
    party.redeem(&metadata, &exchange, &expected)
}

#[test]
fn a_code_is_traded_for_a_token_that_holds() {
    let (provider, key) = (Provider::start(), TokenKey::new("ES256", "1"));
    provider.publish(&[&key]);
    provider.trade(&key.token(&claims(&provider)));
    let party = party();
    let redeemed = redeem(&party, &provider, start()).unwrap();
    assert_eq!(redeemed.claims.subject, "7");
    let asked = provider.asked("/token");
    let [asked] = &asked[..] else { panic!("once") };
    assert_eq!(
        (asked.method.as_str(), asked.headers["authorization"].as_str()),
        ("POST", "Basic dmVybWlsaW9uOnNlY3JldA==")
    );
    assert_eq!(asked.form["code_verifier"], Verifier::from_random([1; 32]).as_str());
    assert_eq!(
        (asked.form["grant_type"].as_str(), asked.form["code"].as_str()),
        ("authorization_code", "code")
    );
    // The description and the keys are kept.
    redeem(&party, &provider, start()).unwrap();
    assert_eq!(
        (provider.asked("/keys").len(), provider.asked("/.well-known/openid-configuration").len()),
        (1, 1)
    );
    redeem(&party, &provider, start() + SignedDuration::from_mins(10)).unwrap();
    assert_eq!(
        (provider.asked("/keys").len(), provider.asked("/.well-known/openid-configuration").len()),
        (2, 2)
    );
}

#[test]
fn a_new_key_is_found_and_a_made_up_one_is_not_asked_for_again_and_again() {
    let provider = Provider::start();
    let (old, new, stranger) =
        (TokenKey::new("ES256", "old"), TokenKey::new("RS256", "new"), TokenKey::new("ES256", "stranger"));
    provider.publish(&[&old]);
    provider.trade(&old.token(&claims(&provider)));
    let party = party();
    redeem(&party, &provider, start()).unwrap();
    provider.publish(&[&old, &new]);
    provider.trade(&new.token(&claims(&provider)));
    let later = start() + SignedDuration::from_secs(30);
    redeem(&party, &provider, later).unwrap();
    assert_eq!(provider.asked("/keys").len(), 2);
    provider.trade(&stranger.token(&claims(&provider)));
    for _ in 0..5 {
        let refused = redeem(&party, &provider, later).unwrap_err();
        assert_eq!(refused, OpenIdError::Token(oidc::Refused::KeyUnknown));
    }
    assert_eq!(provider.asked("/keys").len(), 2);
    // A key that was taken back is gone with the next look.
    provider.publish(&[&new]);
    provider.trade(&old.token(&claims(&provider)));
    let refused = redeem(&party, &provider, later + SignedDuration::from_mins(10)).unwrap_err();
    assert_eq!(refused, OpenIdError::Token(oidc::Refused::KeyUnknown));
}

#[test]
fn a_description_may_stand_where_rfc_8414_has_it() {
    let provider = Provider::start();
    provider.say("/.well-known/openid-configuration", 404, b"{}".to_vec());
    let description = json!({"issuer": provider.issuer(), "authorization_endpoint": "https://a.example/a",
        "token_endpoint": "https://a.example/t", "jwks_uri": "https://a.example/k"});
    provider.say("/.well-known/oauth-authorization-server", 200, description.to_string().into_bytes());
    let it = party().describe(&issuer(&provider), start()).unwrap();
    assert_eq!(it.token_endpoint, "https://a.example/t");
}

#[test]
fn providers_that_fail_are_told_apart() {
    let provider = Provider::start();
    let party = party();
    let describe = || party.describe(&issuer(&provider), start()).unwrap_err();
    provider.describe(|it| it["issuer"] = "https://other.example".into());
    assert!(matches!(describe(), OpenIdError::Description(oidc::DiscoveryError::Issuer { .. })));
    provider.say("/.well-known/openid-configuration", 503, b"".to_vec());
    let OpenIdError::Unanswered { fault, .. } = describe() else { panic!("unanswered") };
    assert_eq!(fault, Fault::Status { status: 503, retry_after: None });
    provider.say("/.well-known/openid-configuration", 200, vec![b' '; 300 * 1024]);
    assert!(matches!(describe(), OpenIdError::Unanswered { fault: Fault::TooLarge { .. }, .. }));
    provider.say("/.well-known/openid-configuration", 200, b"<html>".to_vec());
    assert!(matches!(describe(), OpenIdError::Description(_)));
    provider.describe(|_| ());
    provider.say("/token", 400, br#"{"error":"invalid_grant"}"#.to_vec());
    let refused = redeem(&party, &provider, start()).unwrap_err();
    assert_eq!(refused.to_string(), "the token end point refused: invalid_grant");
    provider.say("/token", 500, b"{}".to_vec());
    assert!(matches!(redeem(&party, &provider, start()), Err(OpenIdError::Unanswered { .. })));
    // Neither was asked twice: a code is good once.
    assert_eq!(provider.asked("/token").len(), 2);
    provider.trade("a.b.c");
    provider.say("/keys", 200, b"[]".to_vec());
    assert!(matches!(redeem(&party, &provider, start()), Err(OpenIdError::Keys(_))));
}

#[test]
fn addresses_that_are_not_public_are_not_asked() {
    let provider = Provider::start();
    let party = RelyingParty::new(Caller::guarded(Access::Public, Roots::Machine, Duration::from_secs(5)));
    let refused = party.describe(&issuer(&provider), start()).unwrap_err();
    assert!(matches!(refused, OpenIdError::Unanswered { fault: Fault::NotPublic(_), .. }), "{refused}");
    let internal = Issuer::parse("https://169.254.169.254").unwrap();
    let refused = party.describe(&internal, start()).unwrap_err();
    assert!(matches!(refused, OpenIdError::Unanswered { fault: Fault::NotPublic(_), .. }), "{refused}");
    assert!(provider.asked("/.well-known/openid-configuration").is_empty());
}

#[test]
fn the_address_may_be_told_at_the_userinfo_end_point() {
    let (provider, key) = (Provider::start(), TokenKey::new("ES256", "1"));
    let userinfo = format!("{}/me", provider.issuer());
    provider.describe(|it| it["userinfo_endpoint"] = userinfo.into());
    provider.publish(&[&key]);
    provider.trade(&key.token(&claims(&provider)));
    provider.on("/me", |asked| {
        let known = asked.headers.get("authorization").is_some_and(|it| it == "Bearer access");
        let body = json!({"sub": "7", "email": "ada@example.com", "email_verified": true});
        if known { (200, body.to_string().into_bytes()) } else { (401, b"{}".to_vec()) }
    });
    let redeemed = redeem(&party(), &provider, start()).unwrap();
    assert_eq!(redeemed.claims.verified_email.as_deref(), Some("ada@example.com"));
    provider.say("/me", 200, br#"{"sub":"8","email":"eve@example.com","email_verified":true}"#.to_vec());
    let refused = redeem(&party(), &provider, start()).unwrap_err();
    assert_eq!(refused, OpenIdError::Token(oidc::Refused::UserInfo));
}

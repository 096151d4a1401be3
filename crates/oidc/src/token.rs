//! The code, traded for tokens (Core §3.1.3, RFC 6749 §4.1.3 and §5).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::callback::word;
use crate::discovery::{ClientAuthentication, DiscoveryError, Metadata};
use crate::form;
use crate::pkce::Verifier;

/// What is traded.
#[derive(Clone)]
pub struct Exchange<'a> {
    /// The client's id.
    pub client_id: &'a str,
    /// The client's secret, where it has one.
    pub client_secret: Option<&'a str>,
    /// The code.
    pub code: &'a str,
    /// As it stood in the request.
    pub redirect_uri: &'a str,
    /// What the challenge was made from.
    pub verifier: &'a Verifier,
}

/// What is posted to the token end point, as `application/x-www-form-urlencoded`.
#[derive(Clone, PartialEq, Eq)]
pub struct ExchangeRequest {
    /// The body.
    pub body: String,
    /// The Authorization header, where there is one.
    pub authorization: Option<String>,
}

impl fmt::Debug for ExchangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExchangeRequest(..)")
    }
}

impl Exchange<'_> {
    /// The request.
    ///
    /// # Errors
    /// Where the provider takes no secret in a way that is known here.
    pub fn request(&self, metadata: &Metadata) -> Result<ExchangeRequest, DiscoveryError> {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", self.code),
            ("redirect_uri", self.redirect_uri),
            ("code_verifier", self.verifier.as_str()),
        ];
        let mut authorization = None;
        match (metadata.authentication(self.client_secret.is_some())?, self.client_secret) {
            (ClientAuthentication::Basic, Some(secret)) => {
                // Both are form-encoded first (RFC 6749 §2.3.1).
                let plain = format!("{}:{}", form::escape(self.client_id), form::escape(secret));
                authorization = Some(format!("Basic {}", STANDARD.encode(plain)));
            }
            (_, Some(secret)) => pairs.extend([("client_id", self.client_id), ("client_secret", secret)]),
            (_, None) => pairs.push(("client_id", self.client_id)),
        }
        Ok(ExchangeRequest { body: form::encode(&pairs), authorization })
    }
}

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The provider says no: `invalid_grant` for a code that is used, old or another's, `invalid_client` for a wrong secret.
    #[error("the token end point refused: {error}")]
    Refused {
        /// Its word.
        error: String,
    },
    /// Neither an answer nor an error of the standard's form.
    #[error("the token end point's answer (status {status}) cannot be read")]
    Malformed {
        /// The HTTP status.
        status: u16,
    },
}

/// What the code was traded for.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The ID token, not judged yet.
    pub id_token: String,
    /// The access token. It is used for nothing but `at_hash`.
    pub access_token: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(..)")
    }
}

#[derive(Deserialize)]
struct Answer {
    id_token: String,
    access_token: String,
    token_type: String,
}

#[derive(Deserialize)]
struct Failure {
    error: String,
}

impl Tokens {
    /// Reads the token end point's answer.
    ///
    /// # Errors
    /// [`ExchangeError`].
    pub fn from_answer(status: u16, body: &[u8]) -> Result<Self, ExchangeError> {
        let malformed = ExchangeError::Malformed { status };
        if status != 200 {
            let failure: Failure = serde_json::from_slice(body).map_err(|_| malformed)?;
            return Err(ExchangeError::Refused { error: word(&failure.error) });
        }
        let answer: Answer = serde_json::from_slice(body).map_err(|_| malformed.clone())?;
        if !answer.token_type.eq_ignore_ascii_case("bearer") {
            return Err(malformed);
        }
        Ok(Self { id_token: answer.id_token, access_token: answer.access_token })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Issuer;

    fn metadata(methods: &str) -> Metadata {
        let json = format!(
            r#"{{"issuer":"https://a.example","authorization_endpoint":"https://a.example/auth",
            "token_endpoint":"https://a.example/t","jwks_uri":"https://a.example/k",
            "token_endpoint_auth_methods_supported":{methods}}}"#
        );
        Metadata::from_json(json.as_bytes(), &Issuer::parse("https://a.example").unwrap()).unwrap()
    }

    #[test]
    fn the_secret_goes_where_the_provider_takes_it() {
        let verifier = Verifier::from_random([0; 32]);
        let mut exchange = Exchange {
            client_id: "a:b",
            client_secret: Some("c d"),
            code: "code+1",
            redirect_uri: "https://s.example/oidc/callback",
            verifier: &verifier,
        };
        let basic = exchange.request(&metadata(r#"["client_secret_basic","client_secret_post"]"#)).unwrap();
        assert_eq!(basic.authorization.as_deref(), Some("Basic YSUzQWI6YyUyMGQ="));
        assert!(
            basic.body.starts_with("grant_type=authorization_code&code=code%2B1&redirect_uri=https%3A%2F%2F")
        );
        assert!(!basic.body.contains("client_secret"));
        let post = exchange.request(&metadata(r#"["client_secret_post"]"#)).unwrap();
        assert_eq!(post.authorization, None);
        assert!(post.body.ends_with("&client_id=a%3Ab&client_secret=c%20d"));
        exchange.client_secret = None;
        let public = exchange.request(&metadata(r#"["none"]"#)).unwrap();
        assert!(public.body.ends_with("&client_id=a%3Ab") && public.authorization.is_none());
        assert!(public.body.contains(&format!("code_verifier={}", verifier.as_str())));
    }

    #[test]
    fn answers_are_tokens_or_words() {
        let good = br#"{"id_token":"a.b.c","access_token":"x","token_type":"bearer","expires_in":3600}"#;
        assert_eq!(Tokens::from_answer(200, good).unwrap().id_token, "a.b.c");
        let refused = Tokens::from_answer(400, br#"{"error":"invalid_grant","error_description":"<x>"}"#);
        assert_eq!(refused, Err(ExchangeError::Refused { error: "invalid_grant".to_owned() }));
        for (status, body) in [
            (200, &br#"{"access_token":"x","token_type":"Bearer"}"#[..]),
            (200, br#"{"id_token":"a.b.c","access_token":"x","token_type":"mac"}"#),
            (200, b"<html>"),
            (502, b"bad gateway"),
        ] {
            assert_eq!(Tokens::from_answer(status, body), Err(ExchangeError::Malformed { status }));
        }
    }
}

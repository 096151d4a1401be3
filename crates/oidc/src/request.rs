//! Where the browser is sent (Core §3.1.2.1).

use crate::discovery::Metadata;
use crate::form;
use crate::pkce::Verifier;

/// An authentication request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The client's id at the provider.
    pub client_id: &'a str,
    /// Where the answer goes; registered at the provider, character by character.
    pub redirect_uri: &'a str,
    /// `openid` and what else is asked for, separated by spaces.
    pub scope: &'a str,
    /// Binds the answer to who asked.
    pub state: &'a str,
    /// Binds the ID token to this request.
    pub nonce: &'a str,
    /// What the code will be redeemed with.
    pub verifier: &'a Verifier,
    /// How strongly the person shall be authenticated, best first, separated by spaces. Empty: as the provider likes.
    pub acr_values: &'a str,
    /// Seconds since which the person must have been authenticated; `auth_time` is then part of the answer.
    pub max_age: Option<u32>,
    /// Languages, best first, separated by spaces.
    pub ui_locales: &'a str,
}

impl Request<'_> {
    /// The address.
    #[must_use]
    pub fn url(&self, metadata: &Metadata) -> String {
        let (challenge, max_age) = (self.verifier.challenge(), self.max_age.map(|it| it.to_string()));
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", self.scope),
            ("state", self.state),
            ("nonce", self.nonce),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let optional = [
            ("acr_values", self.acr_values),
            ("max_age", max_age.as_deref().unwrap_or_default()),
            ("ui_locales", self.ui_locales),
        ];
        pairs.extend(optional.into_iter().filter(|(_, value)| !value.is_empty()));
        let to = &metadata.authorization_endpoint;
        let joint = if to.contains('?') { '&' } else { '?' };
        format!("{to}{joint}{}", form::encode(&pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Issuer;

    #[test]
    fn everything_is_escaped_and_an_existing_query_stays() {
        let json =
            br#"{"issuer":"https://a.example","authorization_endpoint":"https://a.example/auth?tenant=7",
            "token_endpoint":"https://a.example/t","jwks_uri":"https://a.example/k"}"#;
        let metadata = Metadata::from_json(json, &Issuer::parse("https://a.example").unwrap()).unwrap();
        let verifier = Verifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        let request = Request {
            client_id: "vermilion & co",
            redirect_uri: "https://sign.example/oidc/callback",
            scope: "openid email",
            state: "s",
            nonce: "n",
            verifier: &verifier,
            acr_values: "",
            max_age: Some(300),
            ui_locales: "zh-CN",
        };
        assert_eq!(
            request.url(&metadata),
            "https://a.example/auth?tenant=7&response_type=code&client_id=vermilion%20%26%20co\
             &redirect_uri=https%3A%2F%2Fsign.example%2Foidc%2Fcallback&scope=openid%20email&state=s&nonce=n\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
             &max_age=300&ui_locales=zh-CN"
        );
    }
}

//! A provider's own description (OpenID Connect Discovery 1.0 §3 and §4, RFC 8414 §2 and §3).

use std::fmt;
use std::net::IpAddr;

use serde::Deserialize;

use crate::jws::Algorithm;

/// An issuer identifier: an https URL without query and fragment (Core §2). Plain http is taken for the addresses of
/// this very machine alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Issuer(String);

impl Issuer {
    /// Reads what an administrator typed; spaces around it are cut off, nothing else is changed, since issuers are compared
    /// character by character.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = is_url(text) && !text.contains(['?', '#']);
        plain.then(|| Self(text.to_owned()))
    }

    /// The identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, with its port where it has one.
    #[must_use]
    pub fn host(&self) -> &str {
        authority(&self.0).unwrap_or_default()
    }

    /// Where the description is, in the order of asking: as OpenID Connect Discovery §4.1 has it, appended to the issuer;
    /// then as RFC 8414 §3.1 has it, before the path.
    #[must_use]
    pub fn well_known(&self) -> [String; 2] {
        let issuer = self.0.strip_suffix('/').unwrap_or(&self.0);
        let origin_end = self.0.find("://").map_or(0, |at| at + 3) + self.host().len();
        let (origin, path) = issuer.split_at_checked(origin_end).unwrap_or((issuer, ""));
        [
            format!("{issuer}/.well-known/openid-configuration"),
            format!("{origin}/.well-known/oauth-authorization-server{path}"),
        ]
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a client shows at the token end point who it is (Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_basic`.
    Basic,
    /// `client_secret_post`.
    Post,
    /// `none`: a public client, which PKCE alone protects.
    None,
}

/// Why a description is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// Not the JSON of the standard.
    #[error("the description cannot be read: {0}")]
    Malformed(String),
    /// It describes somebody else (Discovery §4.3, RFC 8414 §3.3).
    #[error("the description is of another issuer: {found}")]
    Issuer {
        /// Whom it describes.
        found: String,
    },
    /// An address that is not asked: neither https nor this machine.
    #[error("the address of {what} is not https")]
    Address {
        /// Which.
        what: &'static str,
    },
    /// It does not do what is needed.
    #[error("the provider does not offer {what}")]
    Lacks {
        /// What is needed.
        what: &'static str,
    },
}

/// What of a description is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The issuer, checked against the one that was asked for.
    pub issuer: Issuer,
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where the code is traded.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// Where name and address are told, where the ID token does not tell them.
    pub userinfo_endpoint: Option<String>,
    /// Whether every callback names the issuer (RFC 9207 §3).
    pub callbacks_name_issuer: bool,
    basic: bool,
    post: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    userinfo_endpoint: Option<String>,
    response_types_supported: Option<Vec<String>>,
    grant_types_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

impl Metadata {
    /// Reads the description of `issuer`. What a list does not name is not offered; a list that is missing says nothing, but
    /// for the defaults that the standards give.
    ///
    /// # Errors
    /// [`DiscoveryError`].
    pub fn from_json(json: &[u8], issuer: &Issuer) -> Result<Self, DiscoveryError> {
        let it: Document =
            serde_json::from_slice(json).map_err(|error| DiscoveryError::Malformed(error.to_string()))?;
        if it.issuer != issuer.0 {
            return Err(DiscoveryError::Issuer { found: it.issuer.chars().take(200).collect() });
        }
        let lacks = |list: &Option<Vec<String>>, wanted: &[&str]| {
            list.as_ref().is_some_and(|list| !list.iter().any(|it| wanted.contains(&it.as_str())))
        };
        if lacks(&it.response_types_supported, &["code"]) {
            return Err(DiscoveryError::Lacks { what: "the authorization code flow" });
        }
        if lacks(&it.grant_types_supported, &["authorization_code"]) {
            return Err(DiscoveryError::Lacks { what: "the authorization code grant" });
        }
        // A list without S256 says that the provider would not check the verifier (RFC 8414 §2).
        if lacks(&it.code_challenge_methods_supported, &["S256"]) {
            return Err(DiscoveryError::Lacks { what: "PKCE with S256" });
        }
        if lacks(&it.id_token_signing_alg_values_supported, &Algorithm::NAMES) {
            return Err(DiscoveryError::Lacks { what: "RS256, PS256, ES256 or EdDSA" });
        }
        let methods = it.token_endpoint_auth_methods_supported;
        let offers = |name: &str| methods.as_ref().is_some_and(|list| list.iter().any(|it| it == name));
        Ok(Self {
            authorization_endpoint: address(it.authorization_endpoint, "the authorization end point")?,
            token_endpoint: address(it.token_endpoint, "the token end point")?,
            jwks_uri: address(it.jwks_uri, "the keys")?,
            userinfo_endpoint: match it.userinfo_endpoint {
                Some(url) => Some(address(Some(url), "the userinfo end point")?),
                None => None,
            },
            callbacks_name_issuer: it.authorization_response_iss_parameter_supported.unwrap_or(false),
            // The default of a missing list (Discovery §3).
            basic: methods.is_none() || offers("client_secret_basic"),
            post: offers("client_secret_post"),
            issuer: issuer.clone(),
        })
    }

    /// How a client that has a secret, or has none, shows who it is.
    ///
    /// # Errors
    /// Where the provider takes no secret in a way that is known here.
    pub fn authentication(&self, has_secret: bool) -> Result<ClientAuthentication, DiscoveryError> {
        match (has_secret, self.basic, self.post) {
            (false, ..) => Ok(ClientAuthentication::None),
            (true, true, _) => Ok(ClientAuthentication::Basic),
            (true, false, true) => Ok(ClientAuthentication::Post),
            (true, false, false) => {
                Err(DiscoveryError::Lacks { what: "client_secret_basic or client_secret_post" })
            }
        }
    }
}

fn address(found: Option<String>, what: &'static str) -> Result<String, DiscoveryError> {
    let found = found.ok_or(DiscoveryError::Lacks { what })?;
    let asked = is_url(&found) && !found.contains('#');
    asked.then_some(found).ok_or(DiscoveryError::Address { what })
}

/// An https URL, or an http one of this very machine; without user information, spaces and control characters.
fn is_url(text: &str) -> bool {
    let sound = text.len() <= 1024 && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'"');
    let Some(authority) = authority(text).filter(|it| sound && !it.is_empty() && !it.contains('@')) else {
        return false;
    };
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => authority.split(':').next(),
    };
    let Some(host) = host.filter(|host| !host.is_empty()) else { return false };
    text.starts_with("https://") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

fn authority(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer() -> Issuer {
        Issuer::parse("https://login.example.com/staff").unwrap()
    }

    fn document(change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
        let mut it = serde_json::json!({
            "issuer": "https://login.example.com/staff",
            "authorization_endpoint": "https://login.example.com/auth?tenant=7",
            "token_endpoint": "https://login.example.com/token",
            "jwks_uri": "https://keys.example.com/jwks",
            "response_types_supported": ["code", "code id_token"],
            "id_token_signing_alg_values_supported": ["HS256", "RS256"],
            "code_challenge_methods_supported": ["plain", "S256"],
        });
        change(&mut it);
        it.to_string().into_bytes()
    }

    #[test]
    fn issuers_are_https_urls_and_nothing_more() {
        for good in
            ["https://a.example", " https://a.example/b/ ", "http://127.0.0.1:4000", "http://[::1]:80/x"]
        {
            assert!(Issuer::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "a.example",
            "http://a.example",
            "http://localhost:4000",
            "http://127.0.0.1.example",
            "https://",
            "https://:443",
            "https://u:p@a.example",
            "https://a.example/?x",
            "https://a.example/#x",
            "https://a b",
            "https://例.example",
            "ftp://a.example",
        ] {
            assert!(Issuer::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn both_standards_places_are_asked() {
        let places = |issuer: &str| Issuer::parse(issuer).unwrap().well_known();
        assert_eq!(
            places("https://a.example/t/1"),
            [
                "https://a.example/t/1/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server/t/1"
            ]
        );
        assert_eq!(
            places("https://a.example:8443/"),
            [
                "https://a.example:8443/.well-known/openid-configuration",
                "https://a.example:8443/.well-known/oauth-authorization-server"
            ]
        );
    }

    #[test]
    fn a_description_is_read() {
        let it = Metadata::from_json(&document(|_| ()), &issuer()).unwrap();
        assert_eq!(it.token_endpoint, "https://login.example.com/token");
        assert!(!it.callbacks_name_issuer);
        assert_eq!(it.authentication(true), Ok(ClientAuthentication::Basic));
        assert_eq!(it.authentication(false), Ok(ClientAuthentication::None));
        let post =
            document(|it| it["token_endpoint_auth_methods_supported"] = ["client_secret_post"][..].into());
        let it = Metadata::from_json(&post, &issuer()).unwrap();
        assert_eq!(it.authentication(true), Ok(ClientAuthentication::Post));
        let other =
            document(|it| it["token_endpoint_auth_methods_supported"] = ["private_key_jwt"][..].into());
        assert!(Metadata::from_json(&other, &issuer()).unwrap().authentication(true).is_err());
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_reason() {
        let refused = |change: fn(&mut serde_json::Value)| {
            Metadata::from_json(&document(change), &issuer()).unwrap_err().to_string()
        };
        let lacks = |change| refused(change).starts_with("the provider does not offer");
        assert!(
            refused(|it| it["issuer"] = "https://login.example.com/staff/".into()).contains("another issuer")
        );
        assert!(lacks(|it| it["response_types_supported"] = ["id_token"][..].into()));
        assert!(lacks(|it| it["grant_types_supported"] = ["implicit"][..].into()));
        assert!(lacks(|it| it["code_challenge_methods_supported"] = ["plain"][..].into()));
        assert!(lacks(|it| it["id_token_signing_alg_values_supported"] = ["HS256", "none"][..].into()));
        assert!(lacks(|it| it["jwks_uri"] = serde_json::Value::Null));
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let json = document(|it| it[name] = "http://login.example.com/x".into());
            let error = Metadata::from_json(&json, &issuer()).unwrap_err();
            assert!(matches!(error, DiscoveryError::Address { .. }), "{name}");
        }
        assert!(matches!(Metadata::from_json(b"<html>", &issuer()), Err(DiscoveryError::Malformed(_))));
    }
}

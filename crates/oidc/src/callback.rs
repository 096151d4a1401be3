//! What the browser brings back (Core §3.1.2.5 and §3.1.2.6), and whether the right provider sent it (RFC 9207).

use crate::discovery::Metadata;

/// The parameters of the callback, apart from `state`, by which the request was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callback {
    /// The code, where the person was authenticated.
    pub code: Option<String>,
    /// Who answers.
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Why a callback gives no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// Another provider answered, or none said that it did although ours always says so: a mix-up attack.
    #[error("the answer is another provider's")]
    Issuer,
    /// The person, or the provider for them, said no (`access_denied`).
    #[error("access was denied")]
    Denied,
    /// Another error of the provider's.
    #[error("the provider refused: {error}")]
    Provider {
        /// Its word, such as `login_required`; `unknown` where it is no word of the standards' form.
        error: String,
    },
    /// Neither a code nor an error.
    #[error("the answer holds no code")]
    Empty,
}

impl Callback {
    /// The code, from the provider that was asked.
    ///
    /// # Errors
    /// [`CallbackError`]. Whose answer it is is checked first, errors included (RFC 9207 §2.4).
    pub fn code(&self, metadata: &Metadata) -> Result<&str, CallbackError> {
        match &self.iss {
            Some(iss) if iss != metadata.issuer.as_str() => return Err(CallbackError::Issuer),
            None if metadata.callbacks_name_issuer => return Err(CallbackError::Issuer),
            _ => {}
        }
        match (&self.error, self.code.as_deref().filter(|code| !code.is_empty())) {
            (Some(error), _) if error == "access_denied" => Err(CallbackError::Denied),
            (Some(error), _) => Err(CallbackError::Provider { error: word(error) }),
            (None, Some(code)) => Ok(code),
            (None, None) => Err(CallbackError::Empty),
        }
    }
}

/// An error code as the standards have them, so that nothing else of a stranger's gets into logs and pages.
pub(crate) fn word(error: &str) -> String {
    let plain = (1..=64).contains(&error.len()) && error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if plain { error.to_owned() } else { "unknown".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Issuer;

    fn metadata(names_issuer: bool) -> Metadata {
        let json = format!(
            r#"{{"issuer":"https://a.example","authorization_endpoint":"https://a.example/auth",
            "token_endpoint":"https://a.example/t","jwks_uri":"https://a.example/k",
            "authorization_response_iss_parameter_supported":{names_issuer}}}"#
        );
        Metadata::from_json(json.as_bytes(), &Issuer::parse("https://a.example").unwrap()).unwrap()
    }

    fn callback(code: Option<&str>, iss: Option<&str>, error: Option<&str>) -> Callback {
        let own = |it: Option<&str>| it.map(str::to_owned);
        Callback { code: own(code), iss: own(iss), error: own(error) }
    }

    #[test]
    fn the_code_comes_from_the_provider_that_was_asked() {
        let ours = Some("https://a.example");
        assert_eq!(callback(Some("c"), ours, None).code(&metadata(true)), Ok("c"));
        assert_eq!(callback(Some("c"), None, None).code(&metadata(false)), Ok("c"));
        assert_eq!(callback(Some("c"), None, None).code(&metadata(true)), Err(CallbackError::Issuer));
        for names in [true, false] {
            for other in ["https://a.example/", "https://b.example", ""] {
                let refused = callback(Some("c"), Some(other), None).code(&metadata(names)).unwrap_err();
                assert_eq!(refused, CallbackError::Issuer);
            }
            let denied = callback(None, Some("https://b.example"), Some("access_denied"));
            assert_eq!(denied.code(&metadata(names)), Err(CallbackError::Issuer));
        }
    }

    #[test]
    fn errors_are_words() {
        let error = |error| callback(Some("c"), None, Some(error)).code(&metadata(false)).unwrap_err();
        assert_eq!(error("access_denied"), CallbackError::Denied);
        assert_eq!(error("login_required"), CallbackError::Provider { error: "login_required".to_owned() });
        assert_eq!(error("<b>hello"), CallbackError::Provider { error: "unknown".to_owned() });
        assert_eq!(callback(None, None, None).code(&metadata(false)), Err(CallbackError::Empty));
        assert_eq!(callback(Some(""), None, None).code(&metadata(false)), Err(CallbackError::Empty));
    }
}

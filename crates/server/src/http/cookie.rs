//! The cookies: an account's session, each signing ceremony's, and what binds a sign-in at a directory to the browser that
//! began it (RFC 6265).

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponseParts};

/// A cookie of ours: never readable by scripts, never sent by requests that another site starts.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    name: &'static str,
    path: String,
}

impl Cookie {
    /// The session of an account.
    pub(crate) fn session() -> Self {
        Self { name: "vermilion_session", path: "/".to_owned() }
    }

    /// The session of one recipient's ceremony; several live in one browser, each under its own path.
    pub(crate) fn signing(recipient: &str) -> Self {
        Self { name: "vermilion_signing", path: format!("/api/v1/signing/{recipient}") }
    }

    /// What binds a sign-in at an organization's directory to this browser. `Lax`, like the others: the request that needs
    /// it comes from our own page.
    pub(crate) fn directory() -> Self {
        Self { name: "vermilion_directory", path: "/api/v1/directory".to_owned() }
    }

    /// Its value in a request.
    pub(crate) fn read<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.name)
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty() && value.len() <= 256)
    }

    /// The header that sets it.
    pub(crate) fn set(&self, value: &str, lives: Duration, https: bool) -> impl IntoResponseParts + use<> {
        self.header(value, lives.as_secs(), https)
    }

    /// The header that takes it away.
    pub(crate) fn clear(&self, https: bool) -> impl IntoResponseParts + use<> {
        self.header("", 0, https)
    }

    fn header(
        &self,
        value: &str,
        seconds: u64,
        https: bool,
    ) -> AppendHeaders<[(header::HeaderName, HeaderValue); 1]> {
        let secure = if https { "; Secure" } else { "" };
        let text = format!(
            "{}={value}; Path={}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
            self.name, self.path
        );
        let value = HeaderValue::from_str(&text).expect("tokens and ids are plain ASCII");
        AppendHeaders([(header::SET_COOKIE, value)])
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn is_read_from_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; vermilion_session=secret; c=d"));
        assert_eq!(Cookie::session().read(&headers), Some("secret"));
        assert_eq!(Cookie::signing("rcp_1").read(&headers), None);
    }

    #[test]
    fn carries_its_flags() {
        let response =
            (Cookie::signing("rcp_1").set("secret", Duration::from_secs(60), true), "").into_response();
        assert_eq!(
            response.headers()[header::SET_COOKIE],
            "vermilion_signing=secret; Path=/api/v1/signing/rcp_1; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        let response = (Cookie::session().clear(false), "").into_response();
        assert_eq!(
            response.headers()[header::SET_COOKIE],
            "vermilion_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }
}

//! URLs that are asked.

use std::net::{IpAddr, Ipv4Addr};

use ureq::http::Uri;
use ureq::http::uri::Scheme;

use crate::error::Fault;

/// An absolute http or https URL with a host and without user information.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(Uri);

impl Address {
    /// Characters that a URL may have.
    const MAX_LEN: usize = 2048;

    pub(crate) fn parse(url: &str) -> Result<Self, Fault> {
        let refused = |why: &str| Fault::Address(why.to_owned());
        if url.len() > Self::MAX_LEN {
            return Err(refused("it is too long"));
        }
        // Some certificates have unescaped spaces in the paths of their CRLs.
        let url = url.trim().replace(' ', "%20");
        let uri: Uri = url.parse().map_err(|_| refused("it is not a URL"))?;
        match uri.scheme_str() {
            Some("http" | "https") => {}
            Some(other) => return Err(refused(&format!("{other} is not asked"))),
            None => return Err(refused("it is not absolute")),
        }
        let authority = uri.authority().ok_or_else(|| refused("it has no host"))?;
        if authority.host().is_empty() {
            return Err(refused("it has no host"));
        }
        if authority.as_str().contains('@') {
            return Err(refused("a name or password stands in it"));
        }
        Ok(Self(uri))
    }

    /// Where `location` leads from here: absolute, or a path on the same host (RFC 9110 §10.2.2).
    pub(crate) fn join(&self, location: &str) -> Result<Self, Fault> {
        let location = location.split('#').next().unwrap_or_default();
        let origin = format!("{}://{}", self.scheme(), self.0.authority().map_or("", |a| a.as_str()));
        let path = self.0.path();
        let folder = path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or("/");
        let absolute = if location.contains("://") {
            location.to_owned()
        } else if location.starts_with("//") {
            format!("{}:{location}", self.scheme())
        } else if location.starts_with('/') {
            format!("{origin}{location}")
        } else if location.starts_with('?') {
            format!("{origin}{path}{location}")
        } else {
            format!("{origin}{folder}{location}")
        };
        Self::parse(&absolute).map_err(|fault| Fault::Redirect(format!("to {location}: {fault}")))
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.0
    }

    /// The host without the brackets of an IPv6 address.
    pub(crate) fn host(&self) -> &str {
        bare(self.0.host().unwrap_or_default())
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == Some(&Scheme::HTTPS)
    }

    /// Scheme, host and port in one form.
    pub(crate) fn origin(&self) -> String {
        let port = self.0.port_u16().unwrap_or(if self.is_https() { 443 } else { 80 });
        format!("{}://{}:{port}", self.scheme(), self.host().to_ascii_lowercase())
    }

    /// Same scheme, host and port.
    pub(crate) fn same_origin(&self, other: &Self) -> bool {
        self.origin() == other.origin()
    }

    /// Whether a password sent there stays secret: over TLS, or within this machine.
    pub(crate) fn keeps_secrets(&self) -> bool {
        let loopback = self.host().parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        self.is_https() || loopback
    }

    fn scheme(&self) -> &str {
        self.0.scheme_str().unwrap_or("http")
    }
}

/// A host without the brackets of an IPv6 address.
pub(crate) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host)
}

/// A host that is an address in its usual form.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    let host = bare(host);
    host.parse::<Ipv4Addr>().map(IpAddr::V4).ok().or_else(|| host.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_http_urls_without_secrets_are_asked() {
        for good in ["http://a", "https://a:8443/x y?z", "http://[::1]:80/", " http://a/b "] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "/a",
            "ldap://a/cn=x",
            "file:///etc/passwd",
            "ftp://a",
            "http://",
            "http:///x",
            "http://me:secret@a/",
            "http://a@b/",
            "http://a\r\nX: y/",
            "gopher://a",
            "HTTP",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
        assert!(Address::parse(&format!("http://a/{}", "x".repeat(3000))).is_err());
    }

    #[test]
    fn redirects_are_joined_as_browsers_do() {
        let from = Address::parse("https://a:8443/b/c?d").unwrap();
        for (location, joined) in [
            ("http://x/y#z", "http://x/y"),
            ("//x/y", "https://x/y"),
            ("/y", "https://a:8443/y"),
            ("y", "https://a:8443/b/y"),
            ("?y", "https://a:8443/b/c?y"),
        ] {
            assert_eq!(from.join(location), Address::parse(joined), "{location}");
        }
        for bad in ["file:///etc/passwd", "http://me:secret@x/", "http://"] {
            assert!(matches!(from.join(bad), Err(Fault::Redirect(_))), "{bad}");
        }
    }

    #[test]
    fn secrets_go_over_tls_or_stay_within_the_machine() {
        let of = |url| Address::parse(url).unwrap();
        assert!(of("https://a").keeps_secrets() && of("http://127.0.0.1:3").keeps_secrets());
        assert!(of("http://[::1]").keeps_secrets() && !of("http://a").keeps_secrets());
        assert!(!of("http://localhost").keeps_secrets(), "a name may lead elsewhere");
        assert!(of("https://A/x").same_origin(&of("https://a:443/y")));
        for other in ["http://a:443/", "https://a:444/", "https://b/"] {
            assert!(!of("https://a/").same_origin(&of(other)), "{other}");
        }
    }
}

//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Version, header, uri::Authority};

use crate::AppState;

/// Whether a proxy of ours stands in front.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// Clients connect to us.
    #[default]
    None,
    /// One proxy, which adds the client's address to `X-Forwarded-For`.
    Trusted,
}

/// The address of the client.
///
/// `X-Forwarded-For` is believed only where the configuration says that a proxy of ours writes it, and then
/// only its last entry: the one that this proxy added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    address: IpAddr,
    is_local: bool,
}

impl Client {
    pub(crate) fn of(parts: &Parts, proxy: Proxy) -> Self {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        let forwarded = || {
            let all = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
            all.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        let address = match proxy {
            Proxy::None => peer,
            Proxy::Trusted => forwarded().unwrap_or(peer),
        };
        let address = address.to_canonical();
        // What speaks HTTP/1.0 is no browser, but nginx as it comes, which adds no trace of itself.
        let unproxied =
            proxy == Proxy::Trusted || !(is_forwarded(&parts.headers) || parts.version < Version::HTTP_11);
        Self { address, is_local: address.is_loopback() && unproxied && names_this_machine(&parts.headers) }
    }

    /// True on the machine that the server runs on: a loopback address, no trace of a proxy that was not announced, and
    /// asked for by a name of this machine, so that no page of another site reaches it by pointing its own name here
    /// (DNS rebinding).
    pub(crate) fn is_local(self) -> bool {
        self.is_local
    }

    /// What limits are counted by: the address, or the /64 network that one subscriber of IPv6 holds.
    pub(crate) fn rate_key(self) -> IpAddr {
        match self.address {
            IpAddr::V4(_) => self.address,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        }
    }
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"]
        .iter()
        .any(|name| headers.contains_key(*name))
}

/// Whether `Host` is a loopback address or `localhost`. Programs that send none are no browsers.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Ok(authority) = Authority::try_from(host.as_bytes()) else { return false };
    let host = authority.host().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

impl FromRequestParts<AppState> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, state.proxy()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn parts(peer: &str, forwarded: &str) -> Parts {
        let request = Request::builder().header("x-forwarded-for", forwarded).body(()).expect("a request");
        let mut parts = request.into_parts().0;
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("an address"), 1234)));
        parts
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn forwarded_addresses_count_only_behind_a_proxy() {
        let parts = parts("127.0.0.1", "203.0.113.9, 198.51.100.7");
        assert_eq!(Client::of(&parts, Proxy::None).address, address("127.0.0.1"));
        assert_eq!(Client::of(&parts, Proxy::Trusted).address, address("198.51.100.7"));
    }

    #[test]
    fn what_came_through_an_unannounced_proxy_is_not_local() {
        assert!(!Client::of(&parts("127.0.0.1", "203.0.113.9"), Proxy::None).is_local());
        assert!(Client::of(&parts("127.0.0.1", "127.0.0.1"), Proxy::Trusted).is_local());
    }

    #[test]
    fn what_nginx_passes_on_by_default_is_not_local() {
        let mut parts = parts("127.0.0.1", "");
        parts.headers.clear();
        parts.headers.insert(header::HOST, header::HeaderValue::from_static("127.0.0.1:8080"));
        parts.headers.insert(header::CONNECTION, header::HeaderValue::from_static("close"));
        assert!(Client::of(&parts, Proxy::None).is_local());
        parts.version = Version::HTTP_10;
        assert!(!Client::of(&parts, Proxy::None).is_local());
    }

    #[test]
    fn a_foreign_name_for_this_machine_is_not_local() {
        let asked = |host: &str| {
            let mut parts = parts("::ffff:127.0.0.1", "");
            parts.headers.clear();
            parts.headers.insert(header::HOST, host.parse().expect("a header value"));
            Client::of(&parts, Proxy::None).is_local()
        };
        assert!(asked("localhost:8080") && asked("127.0.0.1:8080") && asked("[::1]:8080"));
        assert!(!asked("rebound.example:8080") && !asked("203.0.113.9"));
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let client = |text: &str| Client { address: address(text), is_local: false };
        assert_eq!(client("2001:db8:1:2:3::1").rate_key(), client("2001:db8:1:2:ffff::9").rate_key());
    }
}

//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

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
pub(crate) struct Client(pub(crate) IpAddr);

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
        Self(address.to_canonical())
    }

    /// True on the machine that the server runs on.
    pub(crate) fn is_local(self) -> bool {
        self.0.is_loopback()
    }

    /// What limits are counted by: the address, or the /64 network that one subscriber of IPv6 holds.
    pub(crate) fn rate_key(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        }
    }
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

    #[test]
    fn forwarded_addresses_count_only_behind_a_proxy() {
        let parts = parts("127.0.0.1", "203.0.113.9, 198.51.100.7");
        assert_eq!(Client::of(&parts, Proxy::None), Client("127.0.0.1".parse().expect("an address")));
        assert_eq!(Client::of(&parts, Proxy::Trusted), Client("198.51.100.7".parse().expect("an address")));
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let one = Client("2001:db8:1:2:3::1".parse().expect("an address"));
        let other = Client("2001:db8:1:2:ffff::9".parse().expect("an address"));
        assert_eq!(one.rate_key(), other.rate_key());
        assert!(Client("::ffff:127.0.0.1".parse::<IpAddr>().expect("an address").to_canonical()).is_local());
    }
}

//! The HTTP library, set up: one agent for addresses that the operator named, one for those out of certificates.

use std::fmt;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use ureq::config::Config as Settings;
use ureq::http::Uri;
use ureq::tls::{Certificate, ClientCert, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::address::{Address, bare, literal};
use super::public::is_public;
use crate::config::{Access, Config, Roots};
use crate::error::Fault;

/// Both agents; made when first needed, since reading the machine's roots takes milliseconds.
pub(crate) struct Agents {
    access: Access,
    connect: Duration,
    roots: Roots,
    identity: Option<ClientCert>,
    made: OnceLock<Made>,
}

struct Made {
    anywhere: Agent,
    guarded: Agent,
}

impl Agents {
    pub(super) fn new(config: &Config) -> Self {
        Self::with(config.access.clone(), config.limits.connect, config.roots.clone())
    }

    pub(crate) fn with(access: Access, connect: Duration, roots: Roots) -> Self {
        Self { access, connect, roots, identity: None, made: OnceLock::new() }
    }

    /// With a TLS client certificate.
    pub(crate) fn with_identity(self, identity: Option<ClientCert>) -> Self {
        Self { identity, ..self }
    }

    /// Connects wherever it is sent.
    pub(crate) fn anywhere(&self) -> &Agent {
        &self.made().anywhere
    }

    /// Connects where [`Access`] allows it.
    pub(crate) fn guarded(&self, address: &Address) -> Result<&Agent, Fault> {
        if self.access.allows(address.host()) {
            return Ok(self.anywhere());
        }
        match literal(address.host()) {
            Some(ip) if !is_public(ip) => Err(Fault::NotPublic(ip)),
            _ => Ok(&self.made().guarded),
        }
    }

    fn made(&self) -> &Made {
        self.made.get_or_init(|| {
            let tls = TlsConfig::builder()
                .provider(TlsProvider::Rustls)
                .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
                .root_certs(roots(&self.roots))
                .client_cert(self.identity.clone())
                .build();
            let settings = Agent::config_builder()
                .tls_config(tls)
                .http_status_as_error(false)
                // Followed by hand: each step is looked at, and none takes a password along.
                .max_redirects(0)
                .max_redirects_will_error(false)
                .proxy(None)
                .user_agent(concat!("vermilion/", env!("CARGO_PKG_VERSION")))
                .accept_encoding("")
                .timeout_connect(Some(self.connect))
                .timeout_resolve(Some(self.connect))
                .max_response_header_size(32 * 1024)
                .max_idle_connections_per_host(4)
                .build();
            let guard = Guard(DefaultResolver::default());
            Made {
                anywhere: Agent::new_with_config(settings.clone()),
                guarded: Agent::with_parts(settings, DefaultConnector::default(), guard),
            }
        })
    }
}

impl fmt::Debug for Agents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agents").field("access", &self.access).finish_non_exhaustive()
    }
}

impl Access {
    /// Whether the host is asked wherever it is.
    fn allows(&self, host: &str) -> bool {
        match self {
            Self::Public => false,
            Self::PublicAnd(hosts) => hosts.iter().any(|h| bare(h).eq_ignore_ascii_case(host)),
            Self::Any => true,
        }
    }
}

fn roots(roots: &Roots) -> RootCerts {
    let own = |certificates: &[pki::Certificate]| -> Vec<Certificate<'static>> {
        certificates.iter().map(|c| Certificate::from_der(c.der()).to_owned()).collect()
    };
    // A machine without readable roots gives none: https then fails with its own words.
    let machine = || rustls_native_certs::load_native_certs().certs;
    let machine = || machine().iter().map(|der| Certificate::from_der(der).to_owned()).collect::<Vec<_>>();
    let all = match roots {
        Roots::Machine => machine(),
        Roots::MachineAnd(more) => [machine(), own(more)].concat(),
        Roots::Only(these) => own(these),
    };
    RootCerts::Specific(Arc::new(all))
}

/// Resolves names to public addresses alone. What it gives is what is connected to, so that a name cannot be public
/// when looked at and private when connected to.
#[derive(Debug)]
struct Guard(DefaultResolver);

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        settings: &Settings,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, settings, timeout)?;
        let mut kept = self.empty();
        found.iter().filter(|address| is_public(address.ip())).for_each(|address| kept.push(*address));
        match (kept.is_empty(), found.first().map(SocketAddr::ip)) {
            (true, Some(ip)) => Err(Error::Other(Box::new(NotPublic(ip)))),
            (true, None) => Err(Error::HostNotFound),
            _ => Ok(kept),
        }
    }
}

#[derive(Debug)]
struct NotPublic(IpAddr);

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not public", self.0)
    }
}

impl std::error::Error for NotPublic {}

/// The library's error in our words.
pub(crate) fn fault(error: Error) -> Fault {
    match error {
        Error::HostNotFound => Fault::HostNotFound,
        Error::Timeout(_) => Fault::TimedOut,
        Error::Tls(why) => Fault::Tls(why.to_owned()),
        Error::Rustls(error) => Fault::Tls(error.to_string()),
        Error::Io(error) => match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => Fault::CutOff,
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Fault::TimedOut,
            _ => match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(tls) => Fault::Tls(tls.to_string()),
                None => Fault::Connection(error.to_string()),
            },
        },
        Error::ConnectionFailed => Fault::Connection("refused".to_owned()),
        Error::Other(other) => match other.downcast_ref::<NotPublic>() {
            Some(NotPublic(ip)) => Fault::NotPublic(*ip),
            None => Fault::Connection(other.to_string()),
        },
        Error::BadUri(why) => Fault::Address(why),
        other => Fault::Protocol(other.to_string()),
    }
}

//! What a client is told.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pki::Certificate;
use zeroize::Zeroizing;

use crate::http::Address;

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// What a [`crate::Client`] is told.
#[derive(Clone)]
pub struct Config {
    /// Time-stamp authorities, in the order in which they are asked.
    pub authorities: Vec<Authority>,
    /// Which hosts found in certificates are asked.
    pub access: Access,
    /// Time, size and number.
    pub limits: Limits,
    /// What is kept of answers.
    pub cache: CacheRules,
    /// What is asked first where a certificate names both.
    pub prefer: Prefer,
    /// Whether OCSP requests carry a nonce.
    pub nonce: Nonce,
    /// By which roots TLS servers are trusted.
    pub roots: Roots,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
}

impl Config {
    /// Careful defaults and no time-stamp authority. `clock` tells the time, `random` fills with random bytes good
    /// enough for nonces.
    pub fn new(
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        random: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self {
            authorities: Vec::new(),
            access: Access::default(),
            limits: Limits::default(),
            cache: CacheRules::default(),
            prefer: Prefer::default(),
            nonce: Nonce::default(),
            roots: Roots::default(),
            clock: Arc::new(clock),
            random: Arc::new(random),
        }
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        for authority in &self.authorities {
            let wrong = |reason: String| ConfigError::Authority { url: authority.url.clone(), reason };
            let address = Address::parse(&authority.url).map_err(|fault| wrong(fault.to_string()))?;
            if authority.credentials.is_some() && !address.keeps_secrets() {
                return Err(wrong("a password is sent over https alone".to_owned()));
            }
            if let Some(policy) = &authority.policy {
                let imprint = pki::tsa::Imprint {
                    algorithm: pki::DigestAlgorithm::Sha256,
                    digest: vec![0; pki::DigestAlgorithm::Sha256.output_len()],
                };
                pki::tsa::Request::new(imprint, None)
                    .with_policy(policy)
                    .ok_or_else(|| wrong(format!("{policy} is no dotted object identifier")))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("authorities", &self.authorities)
            .field("access", &self.access)
            .field("limits", &self.limits)
            .field("cache", &self.cache)
            .field("prefer", &self.prefer)
            .field("nonce", &self.nonce)
            .field("roots", &self.roots)
            .finish_non_exhaustive()
    }
}

/// A configuration that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A time-stamp authority that cannot be asked as it stands.
    #[error("time-stamp authority {url}: {reason}")]
    Authority {
        /// As configured.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// The cache's folder cannot be made.
    #[error("the cache folder {folder}: {reason}")]
    CacheFolder {
        /// The folder.
        folder: String,
        /// The system's words.
        reason: String,
    },
}

/// A time-stamp authority.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Where it is asked (RFC 3161 §3.4). Being the operator's choice, it may be at a private address.
    pub url: String,
    /// For HTTP basic authentication; over https, or to this very machine.
    pub credentials: Option<Credentials>,
    /// The policy to ask for, dotted; a token of another one is refused. `None`: whatever policy it has.
    pub policy: Option<String>,
    /// Where not empty: the token's certificate must chain to one of these, or be one of them, or the token is refused.
    pub anchors: Vec<Certificate>,
}

impl Authority {
    /// Without password, policy or anchors.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), credentials: None, policy: None, anchors: Vec::new() }
    }
}

/// A name and a password, wiped when dropped and never printed.
#[derive(Clone)]
pub struct Credentials {
    pub(crate) name: String,
    pub(crate) password: Zeroizing<String>,
}

impl Credentials {
    /// A name (without colon, RFC 7617 §2) and a password.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self { name: name.into(), password: Zeroizing::new(password.into()) }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, …)", self.name)
    }
}

/// Which hosts named in certificates (OCSP, CRL, caIssuers) are asked.
///
/// A certificate is hostile input: it could have a server ask its own metadata service or the router beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Public addresses alone: none that is loopback, link-local, private, shared, reserved or multicast.
    #[default]
    Public,
    /// Public addresses, and these hosts wherever they are: names or addresses, as they stand in the URL, without port.
    PublicAnd(Vec<String>),
    /// Any.
    Any,
}

/// Time, size and number. Sizes are bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For one answer, redirects included.
    pub answer: Duration,
    /// For everything that one [`crate::Session`] does.
    pub session: Duration,
    /// Redirects that are followed for one answer.
    pub redirects: u32,
    /// A time-stamp response.
    pub time_stamp_bytes: usize,
    /// An OCSP response.
    pub ocsp_bytes: usize,
    /// A CRL.
    pub crl_bytes: usize,
    /// What an address of caIssuers gives.
    pub certificate_bytes: usize,
    /// Everything that one [`crate::Session`] fetches.
    pub session_bytes: usize,
    /// Answers that one [`crate::Session`] fetches.
    pub session_fetches: u32,
    /// Addresses of one kind in one certificate that are asked.
    pub addresses: usize,
    /// Certificates fetched one above the other through caIssuers.
    pub depth: u32,
    /// How far another's clock may be off.
    pub clock_skew: Duration,
    /// How often the whole list of time-stamp authorities is gone through, where the faults may pass.
    pub rounds: u32,
    /// The pause before the second round; it doubles with each, and half of it is by chance.
    pub pause: Duration,
    /// Longest pause, and longest time for which an authority that failed is asked last.
    pub longest_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        const KIB: usize = 1024;
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(20),
            session: Duration::from_secs(60),
            redirects: 3,
            time_stamp_bytes: 256 * KIB,
            ocsp_bytes: 256 * KIB,
            crl_bytes: 32 * KIB * KIB,
            certificate_bytes: 256 * KIB,
            session_bytes: 128 * KIB * KIB,
            session_fetches: 64,
            addresses: 4,
            depth: 8,
            clock_skew: Duration::from_secs(300),
            rounds: 2,
            pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(300),
        }
    }
}

/// What is kept of answers. CRLs and OCSP responses are kept until their nextUpdate, issuers for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheRules {
    /// Bytes kept in memory; what was used longest ago goes first. 0: nothing is kept.
    pub memory_bytes: usize,
    /// A folder for what shall outlive the process. It is made where it is missing, and need not be trusted.
    pub folder: Option<PathBuf>,
    /// Bytes kept in the folder; what was written longest ago goes first.
    pub folder_bytes: u64,
    /// Where given, revocation data whose thisUpdate is older than this are fetched anew, whatever their nextUpdate.
    pub max_age: Option<Duration>,
}

impl Default for CacheRules {
    fn default() -> Self {
        const MIB: u32 = 1024 * 1024;
        Self {
            memory_bytes: 64 * 1024 * 1024,
            folder: None,
            folder_bytes: u64::from(512 * MIB),
            max_age: None,
        }
    }
}

/// Which revocation data are asked for first; the other kind is what is left where they fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prefer {
    /// OCSP, then CRL.
    #[default]
    Ocsp,
    /// CRL, then OCSP.
    Crl,
}

/// Whether OCSP requests carry a nonce (RFC 9654). One that comes back must be the one that was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nonce {
    /// Sent; an answer without one is believed where it is current (RFC 5019 responders sign ahead), and who refuses it
    /// is asked without.
    #[default]
    Sent,
    /// Sent, and an answer without one is refused.
    Required,
    /// Not sent, so that answers may come from caches between.
    Omitted,
}

/// By which roots the certificates of TLS servers are judged.
#[derive(Clone, Debug, Default)]
pub enum Roots {
    /// Those of the machine.
    #[default]
    Machine,
    /// Those of the machine, and these.
    MachineAnd(Vec<Certificate>),
    /// These alone.
    Only(Vec<Certificate>),
}

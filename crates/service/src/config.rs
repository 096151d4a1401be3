//! What a server is told when it starts.

use std::net::IpAddr;
use std::path::PathBuf;

use keys::SealingCost;
use keys::passkey::RelyingParty;
use keys::pkcs11::PoolSettings;
use online::Mailer;
use serde::{Deserialize, Serialize};

use crate::authority::ExternalSettings;

/// Configuration of a service. [`Config::new`] is a working server with nothing configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// How the server is reached, without a slash at the end: `https://sign.example.com`. Goes into links and certificates.
    pub public_url: String,
    /// Where the embedded authority answers (CRL, OCSP, CA certificates), written into the certificates it issues. `None`
    /// where nobody will answer there later, as after a demonstration: a validator that is sent to a dead address fails.
    pub authority_url: Option<String>,
    /// Which trust is in force.
    pub trust: Trust,
    /// Bounds on what users bring.
    pub limits: Limits,
    /// Who may read the outbox.
    pub outbox: OutboxUse,
    /// Who takes our mails. Without it they go to the outbox.
    pub mailer: Option<Mailer>,
    /// Hosts of organizations' directories (OpenID providers) that are asked although their addresses are not public.
    pub oidc_private_hosts: Vec<String>,
    /// Whether the sandbox register, its camera and its bank are open; in test trust alone.
    pub sandbox: SandboxUse,
    /// For how many days personal data of a passed identity check are kept after it counts no more: as long as the records
    /// of the certificate (Electronic Signature Law, Art. 24: five years).
    pub identity_retention_days: u32,
    /// Whether people may show pictures of their documents, for administrators to look at.
    pub review: ReviewUse,
    /// For how many days such pictures are kept after they were approved: to answer for the decision.
    pub review_image_days: u32,
    /// What hashing an account's password costs.
    pub password_cost: PasswordCost,
    /// What sealing a signing key under a PIN costs.
    pub sealing_cost: SealingCost,
    /// For how long signers' certificates are.
    pub certificates: CertificateTerm,
    /// Another's authority, which certifies signers in place of the embedded one.
    pub external_authority: Option<ExternalSettings>,
    /// The hardware module that organizations' keys may be in (PKCS #11).
    pub token: Option<PoolSettings>,
    /// Whether requests are counted; tests that hammer the server turn it off.
    pub rate_limits: RateLimits,
}

impl Config {
    /// Test trust, default limits.
    #[must_use]
    pub fn new(data_dir: PathBuf, public_url: &str) -> Self {
        Self {
            data_dir,
            public_url: public_url.trim_end_matches('/').to_owned(),
            authority_url: Some(public_url.trim_end_matches('/').to_owned()),
            trust: Trust::Test,
            limits: Limits::default(),
            outbox: OutboxUse::ThisMachine,
            mailer: None,
            oidc_private_hosts: Vec::new(),
            sandbox: SandboxUse::Open,
            identity_retention_days: 5 * 366,
            review: ReviewUse::Offered,
            review_image_days: 30,
            password_cost: PasswordCost::default(),
            sealing_cost: SealingCost::default(),
            certificates: CertificateTerm::Long,
            external_authority: None,
            token: None,
            rate_limits: RateLimits::On,
        }
    }

    /// The same with hashing as cheap as it goes and no rate limits: for tests alone.
    #[must_use]
    pub fn cheap_for_tests(mut self) -> Self {
        self.password_cost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };
        self.sealing_cost = SealingCost::cheap_for_tests();
        self.rate_limits = RateLimits::Off;
        self
    }

    /// Whom passkeys answer to: the domain of [`Config::public_url`]. None where browsers allow none: an address in numbers
    /// has no domain, and but for `localhost` they ask for https (WebAuthn §5.1.3, §13.4.9).
    #[must_use]
    pub fn relying_party(&self) -> Option<RelyingParty> {
        let (scheme, rest) = self.public_url.split_once("://")?;
        let authority = rest.split('/').next()?;
        let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host).to_ascii_lowercase();
        let numbers = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
        let allowed = !host.is_empty() && !numbers && (scheme == "https" || host == "localhost");
        let origin = format!("{scheme}://{}", authority.to_ascii_lowercase());
        allowed.then(|| RelyingParty::new(host, [origin]))
    }

    /// Whether [`Config::public_url`] leads to the machine that the server runs on, and nobody else's browser to it.
    #[must_use]
    pub fn is_for_this_machine(&self) -> bool {
        let Some((_, rest)) = self.public_url.split_once("://") else { return false };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
    }

    /// The link that opens a ceremony. The secret stands behind the `#`: browsers do not send it, logs never see it.
    #[must_use]
    pub fn signing_link(&self, recipient: domain::RecipientId, secret: &str) -> String {
        format!("{}/sign/{recipient}#{secret}", self.public_url)
    }
}

/// Which trust is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Trust {
    /// The embedded authority and the sandbox register: integrity is proved, identity is played.
    Test,
    /// An external, licensed authority.
    Licensed,
}

/// Who may read the outbox. It holds everyone's links and codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxUse {
    /// Browsers on this machine, of a server that is for this machine ([`Config::is_for_this_machine`]).
    ThisMachine,
    /// Everybody: for demonstrations alone.
    Everybody,
    /// Nobody, and nothing is written to it.
    Closed,
}

/// For how long signers' certificates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateTerm {
    /// A year: a signer who comes again signs with the same key.
    Long,
    /// One ceremony: each has a key and a certificate of its own.
    Event,
}

/// Whether the sandbox can be played with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SandboxUse {
    /// It can.
    Open,
    /// It cannot: real people are asked for.
    Closed,
}

/// Whether identities may be checked by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewUse {
    /// They may, where there is an administrator who can.
    Offered,
    /// They may not.
    Off,
}

/// Whether requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimits {
    /// They are.
    On,
    /// They are not.
    Off,
}

/// Bounds on what users bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest upload, in bytes.
    pub upload_bytes: u64,
    /// The most pages of a document.
    pub pages: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { upload_bytes: 100 * 1024 * 1024, pages: 2000 }
    }
}

/// The parameters of Argon2id for passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PasswordCost {
    /// OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_for_this_machine_where_its_address_says_so() {
        let at = |url: &str| Config::new(PathBuf::new(), url).is_for_this_machine();
        for url in
            ["http://127.0.0.1:8080", "http://LOCALHOST", "https://[::1]:8443/", "http://[::ffff:127.0.0.1]"]
        {
            assert!(at(url), "{url}");
        }
        for url in [
            "https://sign.example.com",
            "http://10.0.0.1:8080",
            "http://localhost.example.com",
            "http://127.0.0.1@sign.example.com",
            "http://localhost:80@sign.example.com",
            "",
        ] {
            assert!(!at(url), "{url}");
        }
    }

    #[test]
    fn passkeys_belong_to_the_domain_of_the_server() {
        let at = |url: &str| Config::new(PathBuf::new(), url).relying_party();
        let us = at("https://Sign.example.com/").expect("a domain under https");
        assert_eq!(
            (us.id.as_str(), us.origins.as_slice()),
            ("sign.example.com", &["https://sign.example.com".to_owned()][..])
        );
        let local = at("http://localhost:8080").expect("browsers trust localhost");
        assert_eq!(
            (local.id.as_str(), local.origins.as_slice()),
            ("localhost", &["http://localhost:8080".to_owned()][..])
        );
        for url in
            ["http://127.0.0.1:8080", "https://[::1]:8443", "http://sign.example.com", "https://10.0.0.1"]
        {
            assert_eq!(at(url), None, "{url}");
        }
    }
}

//! The client: made once, shared between threads.

use jiff::{SignedDuration, Timestamp};
use pades::{RevocationData, SourceError, TimeStampSource, ValidationSource};
use pki::Certificate;
use pki::tsa::Imprint;

use crate::cache::Cache;
use crate::circuit::Circuits;
use crate::config::{Config, ConfigError};
use crate::error::Unanswered;
use crate::http::Http;
use crate::{Revocation, Session, Stamp};

/// Asks time-stamp authorities, OCSP responders, CRL distribution points and issuers.
///
/// It keeps connections, answers and the memory of who failed; share one for the whole process. Every method blocks: in
/// an asynchronous program call it where blocking is allowed. Each call has a [`Session`] of its own, so that its budget
/// is for that call; for a budget over a whole document take [`Client::session`].
#[derive(Debug)]
pub struct Client {
    pub(crate) config: Config,
    pub(crate) http: Http,
    pub(crate) cache: Cache,
    /// Addresses that did not help lately.
    pub(crate) circuits: Circuits,
    /// Hosts, named in certificates, that could not be reached lately.
    pub(crate) hosts: Circuits,
}

impl Client {
    /// # Errors
    /// Where an authority cannot be asked as configured, or the cache's folder cannot be made.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        config.check()?;
        let (http, cache) = (Http::new(&config), Cache::open(&config)?);
        Ok(Self { config, http, cache, circuits: Circuits::default(), hosts: Circuits::default() })
    }

    /// What the budget of [`crate::Limits`] is spent on: one document, say.
    pub fn session(&self) -> Session<'_> {
        Session::new(self)
    }

    /// See [`Session::stamp`].
    ///
    /// # Errors
    /// Where no authority gave a token that may be used.
    pub fn stamp(&self, imprint: &Imprint) -> Result<Stamp, Unanswered> {
        self.session().stamp(imprint)
    }

    /// See [`Session::issuers`].
    ///
    /// # Errors
    /// Where the certificate says where its issuer is, and it was not to be had.
    pub fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, Unanswered> {
        self.session().issuers(certificate)
    }

    /// See [`Session::revocation`].
    ///
    /// # Errors
    /// Where nobody gave current revocation data.
    pub fn revocation(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Revocation, Unanswered> {
        self.session().revocation(certificate, issuer)
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.config.clock)()
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.config.random)(&mut bytes);
        bytes
    }

    /// How far another's clock may be off.
    pub(crate) fn skew(&self) -> SignedDuration {
        SignedDuration::try_from(self.config.limits.clock_skew).unwrap_or(SignedDuration::MAX)
    }
}

impl TimeStampSource for Client {
    fn time_stamp(&self, imprint: &Imprint) -> Result<Vec<u8>, SourceError> {
        self.session().time_stamp(imprint)
    }
}

impl ValidationSource for Client {
    fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, SourceError> {
        ValidationSource::issuers(&self.session(), certificate)
    }

    fn revocation(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<RevocationData, SourceError> {
        ValidationSource::revocation(&self.session(), certificate, issuer)
    }
}

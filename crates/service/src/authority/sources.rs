//! The authorities as the engine of signatures asks them ([`pades::Sources`]): the one place where the service takes
//! time-stamps and revocation data.
//!
//! The engine is synchronous and so is whoever asks over a network for it; the traits of the authorities are not. What is
//! asked here is waited for, so that nothing of it may run on the reactor.

use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

use domain::{Clock, Rng};
use jiff::{SignedDuration, Timestamp};
use pades::{RevocationData, SourceError, Sources, TimeStampSource, ValidationSource};
use pki::Certificate;
use pki::tsa::{Imprint, Request};
use tokio::runtime::Handle;

use super::{CertificateAuthority, TimeStampAuthority};

/// How far an authority's clock may be off ours.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What a trusted time says.
#[derive(Debug, Clone)]
pub(crate) struct TrustedTime {
    pub(crate) at: Timestamp,
    pub(crate) serial: String,
    pub(crate) authority: Certificate,
}

/// The authorities, asked for one document.
pub(crate) struct AuthoritySources<'a> {
    certificates: &'a dyn CertificateAuthority,
    time_stamps: &'a dyn TimeStampAuthority,
    clock: &'a dyn Clock,
    rng: &'a dyn Rng,
    chain: Vec<Certificate>,
    anchors: Vec<Certificate>,
    runtime: Handle,
    newest: Mutex<Option<TrustedTime>>,
}

impl<'a> AuthoritySources<'a> {
    /// For a blocking thread of the runtime.
    pub(crate) fn new(
        certificates: &'a dyn CertificateAuthority,
        time_stamps: &'a dyn TimeStampAuthority,
        clock: &'a dyn Clock,
        rng: &'a dyn Rng,
    ) -> Self {
        let (chain, anchors) = (certificates.chain(), certificates.anchors());
        let (runtime, newest) = (Handle::current(), Mutex::default());
        Self { certificates, time_stamps, clock, rng, chain, anchors, runtime, newest }
    }

    /// What the engine is given.
    pub(crate) fn sources(&self) -> Sources<'_> {
        Sources {
            time_stamps: Some(self),
            validation: Some(self),
            anchors: self.anchors(),
            certificates: &self.chain,
            ..Sources::none(self.clock.now())
        }
    }

    /// The time-stamp that was given last.
    pub(crate) fn into_time(self) -> Option<TrustedTime> {
        self.newest.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The roots.
    fn anchors(&self) -> &[Certificate] {
        &self.anchors
    }
}

impl TimeStampSource for AuthoritySources<'_> {
    fn time_stamp(&self, imprint: &Imprint) -> Result<Vec<u8>, SourceError> {
        let failed =
            |why: &dyn Display| SourceError::new("time-stamp", self.time_stamps.name(), why.to_string());
        let mut nonce = [0; 16];
        self.rng.fill(&mut nonce);
        let mut request = Request::new(imprint.clone(), Some(nonce));
        if let Some(policy) = self.time_stamps.policy() {
            request = request.with_policy(policy).ok_or_else(|| failed(&"its policy is no identifier"))?;
        }
        let asked = self.clock.now();
        let answer = self.runtime.block_on(self.time_stamps.answer(&request.to_der()));
        let answer = answer.map_err(|error| failed(&error))?;
        let (token, authority) = request.accept(&answer, self.anchors()).map_err(|error| failed(&error))?;
        // The server's own clock never stands in for the trusted time, but it tells a wrong one.
        if !token.was_made_between(asked, self.clock.now(), SKEW) {
            return Err(failed(&format_args!("it says {}, the clock here {asked}", token.gen_time())));
        }
        let time = TrustedTime { at: token.gen_time(), serial: token.serial_hex(), authority };
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(time);
        Ok(token.der().to_vec())
    }
}

impl ValidationSource for AuthoritySources<'_> {
    fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, SourceError> {
        Ok(self.chain.iter().filter(|it| super::keys::is_issuer(it, certificate)).cloned().collect())
    }

    fn revocation(
        &self,
        certificate: &Certificate,
        _issuer: &Certificate,
    ) -> Result<RevocationData, SourceError> {
        let given = self.runtime.block_on(self.certificates.revocation(certificate));
        given.map_err(|error| {
            let asked = format!("revocation of {}", certificate.common_name());
            SourceError::new(asked, self.certificates.name(), error.to_string())
        })
    }
}

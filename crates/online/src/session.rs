//! A budget, and what is spent of it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use pades::{RevocationData, SourceError, TimeStampSource, ValidationSource};
use pki::Certificate;
use pki::tsa::Imprint;

use crate::circuit::{self, Circuits};
use crate::client::Client;
use crate::error::Fault;
use crate::http::{Address, Question, Source};

/// Asks as [`Client`] does, within one budget of time, bytes and fetches for all that it is asked.
///
/// Its time runs from when it was made: take one for each document.
#[derive(Debug)]
pub struct Session<'a> {
    pub(crate) client: &'a Client,
    end: Instant,
    spent: Mutex<Spent>,
    /// Kept revocation data from before are fetched anew.
    pub(crate) since: Option<Timestamp>,
}

#[derive(Debug, Default)]
struct Spent {
    fetches: u32,
    bytes: usize,
    /// How many fetches above what was at hand a certificate was found, by its fingerprint.
    depths: HashMap<[u8; 32], u32>,
    /// Certificates met so far: among them may be who signs CRLs or OCSP responses.
    met: Vec<Certificate>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        let end = after(client.config.limits.session);
        Self { client, end, spent: Mutex::default(), since: None }
    }

    /// Has revocation data fetched anew where those that are kept are older than `since`, for a signature made then: only
    /// data from after it show that the certificate was not revoked when it was used. Where nobody gives newer ones, the
    /// newest are the answer.
    #[must_use]
    pub fn fresh_since(self, since: Timestamp) -> Self {
        Self { since: Some(since), ..self }
    }

    /// Tells it of certificates at hand: among them may be the one that signs the CRLs or OCSP responses to come.
    pub fn know(&self, certificates: &[Certificate]) {
        const MOST: usize = 256;
        let mut spent = self.spent();
        for certificate in certificates {
            if spent.met.len() < MOST && !spent.met.contains(certificate) {
                spent.met.push(certificate.clone());
            }
        }
    }

    /// Asks, within the budget.
    pub(crate) fn fetch(
        &self,
        url: &str,
        post: Option<(&'static str, &[u8])>,
        accept: (&'static str, bool),
        limit: usize,
        source: Source<'_>,
    ) -> Result<Vec<u8>, Fault> {
        let limits = &self.client.config.limits;
        // An authority that the operator named is always asked; who stands in a certificate may be there to be waited for.
        let host = match source {
            Source::Certificate => Some(Address::parse(url)?.origin()),
            Source::Configured(_) => None,
        };
        let resting = host.as_ref().and_then(|host| self.client.hosts.resting(host, self.client.now()));
        if let Some(until) = resting {
            return Err(Fault::Resting { until });
        }
        let left = {
            let mut spent = self.spent();
            if spent.fetches >= limits.session_fetches {
                return Err(Fault::Budget("the number of fetches"));
            }
            spent.fetches += 1;
            limits.session_bytes.saturating_sub(spent.bytes)
        };
        let time = self.end.saturating_duration_since(Instant::now()).min(limits.answer);
        if left == 0 {
            return Err(Fault::Budget("the number of bytes"));
        }
        if time.is_zero() {
            return Err(Fault::Budget("the time"));
        }
        let (accept, strict_type) = accept;
        let question = Question { url, post, accept, strict_type, limit: limit.min(left), time, source };
        let body = self.client.http.ask(&question);
        // What was too long was read up to the limit.
        let read = match &body {
            Ok(body) => body.len(),
            Err(Fault::TooLarge { limit }) => *limit,
            Err(_) => 0,
        };
        let mut spent = self.spent();
        spent.bytes = spent.bytes.saturating_add(read);
        drop(spent);
        match (&body, host) {
            (Err(fault), Some(host)) if fault.is_out_of_reach() => {
                self.note(&self.client.hosts, &host, fault);
            }
            (_, Some(host)) => self.client.hosts.helped(&host),
            _ => {}
        }
        body
    }

    /// Sleeps before round `round` of asking again, where the time allows it.
    pub(crate) fn wait(&self, round: u32) -> bool {
        let limits = &self.client.config.limits;
        let [chance] = self.client.random();
        let pause = circuit::pause(limits.pause, limits.longest_pause, round, chance);
        let enough = after(pause) < self.end;
        if enough {
            std::thread::sleep(pause);
        }
        enough
    }

    /// Notes that an address failed; what was not asked did not.
    pub(crate) fn failed(&self, address: &str, fault: &Fault) {
        if !fault.was_not_asked() {
            self.note(&self.client.circuits, address, fault);
        }
    }

    fn note(&self, circuits: &Circuits, address: &str, fault: &Fault) {
        let limits = &self.client.config.limits;
        let failures = circuits.failures(address).saturating_add(1);
        let [chance] = self.client.random();
        let pause = circuit::pause(limits.pause, limits.longest_pause, failures, chance);
        let asked_for = fault.retry_after().unwrap_or(Duration::ZERO).min(limits.longest_pause);
        circuits.failed(address, self.client.now(), pause.max(asked_for));
    }

    pub(crate) fn met(&self) -> Vec<Certificate> {
        self.spent().met.clone()
    }

    pub(crate) fn depth(&self, certificate: &Certificate) -> u32 {
        self.spent().depths.get(&certificate.fingerprint()).copied().unwrap_or(0)
    }

    /// Notes that certificates were fetched for one at `depth`.
    pub(crate) fn found_above(&self, depth: u32, certificates: &[Certificate]) {
        self.know(certificates);
        let mut spent = self.spent();
        for certificate in certificates {
            let above = depth.saturating_add(1);
            let entry = spent.depths.entry(certificate.fingerprint()).or_insert(above);
            *entry = above.max(*entry);
        }
    }

    fn spent(&self) -> MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The moment after `time`; a day from now where somebody means for ever.
pub(crate) fn after(time: Duration) -> Instant {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    Instant::now() + time.min(DAY)
}

impl TimeStampSource for Session<'_> {
    fn time_stamp(&self, imprint: &Imprint) -> Result<Vec<u8>, SourceError> {
        Ok(self.stamp(imprint)?.token.der().to_vec())
    }
}

impl ValidationSource for Session<'_> {
    fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, SourceError> {
        Ok(Session::issuers(self, certificate)?)
    }

    fn revocation(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<RevocationData, SourceError> {
        match Session::revocation(self, certificate, issuer) {
            Ok(found) => Ok(found.data),
            // A certificate that names nobody to ask is no failure of the source.
            Err(error) if error.attempts.is_empty() => Ok(RevocationData::default()),
            Err(error) => Err(error.into()),
        }
    }
}

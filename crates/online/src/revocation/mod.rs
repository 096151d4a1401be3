//! Whether a certificate was revoked: asked of OCSP responders and CRL distribution points.

mod crl;
mod ocsp;

use jiff::Timestamp;
use pades::RevocationData;
use pki::Certificate;
use pki::crl::Reason;
use pki::path::{PathError, Source};

use crate::cache::{Item, Kept, Key};
use crate::config::Prefer;
use crate::error::{Attempt, Fault, Unanswered};
use crate::session::Session;

/// Revocation data that were checked, and what they say.
#[derive(Clone, Debug)]
pub struct Revocation {
    /// What they say now.
    pub status: Status,
    /// The CRLs or the OCSP response, for a DSS.
    pub data: RevocationData,
    /// Where it came from, the cache being no place of its own; empty where nobody was asked.
    pub address: String,
    /// Certificates inside the OCSP response.
    pub certificates: Vec<Certificate>,
    /// Who was asked before, in vain.
    pub failed: Vec<Attempt>,
}

/// What revocation data say of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not revoked.
    Good,
    /// Revoked, or on hold.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why, where given.
        reason: Option<Reason>,
    },
    /// Nobody can revoke a self-signed certificate but whoever trusts it: nobody was asked.
    NotAsked,
}

/// An answer that speaks of the certificate, or several that do together.
struct Judged {
    items: Vec<Item>,
    status: Status,
    this_update: Timestamp,
    /// Until when it may be used again without asking.
    until: Timestamp,
}

#[derive(Clone, Copy)]
enum Kind {
    Ocsp,
    Crl,
}

impl Session<'_> {
    /// Current revocation data for `certificate`, which `issuer` issued.
    ///
    /// The certificate's OCSP responders and CRL distribution points are asked in the order of [`Prefer`] until one
    /// answers with data that are signed by somebody who may (RFC 6960 §4.2.2.2, RFC 5280 §6.3.3), speak of the
    /// certificate, are current by the clock here and not older than the certificate. That a certificate is revoked is an
    /// answer; that a responder does not know it is none, and the next is asked.
    ///
    /// # Errors
    /// Where none did; with each that was asked, and why it did not help. Without any where the certificate names nobody.
    pub fn revocation(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Revocation, Unanswered> {
        if certificate.is_self_signed() {
            return Ok(Revocation {
                status: Status::NotAsked,
                data: RevocationData::default(),
                address: String::new(),
                certificates: Vec::new(),
                failed: Vec::new(),
            });
        }
        let kinds = match self.client.config.prefer {
            Prefer::Ocsp => [Kind::Ocsp, Kind::Crl],
            Prefer::Crl => [Kind::Crl, Kind::Ocsp],
        };
        let mut attempts = Vec::new();
        let mut partial = Vec::new();
        for kind in kinds {
            let named = match kind {
                Kind::Ocsp => certificate.ocsp_urls(),
                Kind::Crl => certificate.crl_urls(),
            };
            for address in self.addresses(named) {
                let found = match kind {
                    Kind::Ocsp => self.ocsp(&address, certificate, issuer),
                    Kind::Crl => self.crl(&address, certificate, issuer, &mut partial),
                };
                match found {
                    Ok(judged) => {
                        self.client.circuits.helped(&address);
                        return Ok(judged.into_revocation(address, attempts));
                    }
                    Err(fault) => {
                        self.failed(&address, &fault);
                        attempts.push(Attempt { address, fault });
                    }
                }
            }
        }
        Err(Unanswered { asked: format!("revocation of {}", certificate.common_name()), attempts })
    }

    /// The addresses to ask: those over HTTP, as many as are asked, those that failed lately last. Where there are only
    /// others (LDAP, mostly) one of them, so that the error can say so.
    pub(crate) fn addresses(&self, named: Vec<String>) -> Vec<String> {
        let is_http = |url: &String| url.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        let (mut asked, mut others): (Vec<String>, Vec<String>) = named.into_iter().partition(is_http);
        if asked.is_empty() {
            others.truncate(1);
            return others;
        }
        asked.truncate(self.client.config.limits.addresses);
        self.client.circuits.sort(&mut asked, self.client.now(), String::as_str);
        asked
    }

    /// What the cache holds and `judge` accepts, or what `fetch` brings.
    fn cached(
        &self,
        key: &Key,
        judge: impl Fn(&Item) -> Result<Judged, Fault>,
        fetch: impl FnOnce() -> Result<Judged, Fault>,
    ) -> Result<Judged, Fault> {
        let cache = &self.client.cache;
        cache.one_at_a_time(key, || {
            let now = self.client.now();
            let held = cache.get(key, now).and_then(|kept| judge(&kept.item).ok());
            if let Some(judged) = held.filter(|judged| self.is_young(judged, now)) {
                return Ok(judged);
            }
            let judged = fetch()?;
            if let (true, [only]) = (judged.until > now, judged.items.as_slice()) {
                cache.put(key, Kept { item: only.clone(), until: judged.until });
            }
            Ok(judged)
        })
    }

    /// Whether it is as fresh as [`crate::CacheRules::max_age`] and [`Session::fresh_since`] ask.
    fn is_young(&self, judged: &Judged, now: Timestamp) -> bool {
        if self.since.is_some_and(|since| judged.this_update < since) {
            return false;
        }
        let Some(most) = self.client.config.cache.max_age else { return true };
        let age = now.as_second().saturating_sub(judged.this_update.as_second());
        u64::try_from(age).map_or(true, |age| age <= most.as_secs())
    }

    /// Refuses what is not current, and what is older than the certificate.
    fn check_times(
        &self,
        certificate: &Certificate,
        this_update: Timestamp,
        next_update: Option<Timestamp>,
        oldest_without_next: Option<Timestamp>,
    ) -> Result<(), Fault> {
        let now = self.client.now();
        let past = match (next_update, oldest_without_next) {
            (Some(next), _) => next < now,
            (None, Some(oldest)) => this_update < oldest,
            (None, None) => true,
        };
        if this_update > self.latest(now) || past {
            return Err(Fault::Stale { this_update, next_update });
        }
        let not_before = certificate.not_before();
        if this_update < not_before {
            return Err(Fault::OlderThanCertificate { this_update, not_before });
        }
        Ok(())
    }

    /// What another's clock may say at `now`.
    fn latest(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.client.skew()).unwrap_or(Timestamp::MAX)
    }
}

impl Judged {
    fn into_revocation(self, address: String, failed: Vec<Attempt>) -> Revocation {
        let mut data = RevocationData::default();
        let mut certificates = Vec::new();
        for item in self.items {
            match item {
                Item::Crl(crl) => data.crls.push(crl.der().to_vec()),
                Item::Ocsp(response) => {
                    data.ocsps.push(response.der().to_vec());
                    certificates = response.certificates().to_vec();
                }
                Item::Certificates(_) => {}
            }
        }
        Revocation { status: self.status, data, address, certificates, failed }
    }
}

/// What `pki` finds one CRL or response to say: `None` where it shows nothing.
fn status(found: Result<Option<Source>, PathError>) -> Result<Option<Status>, Fault> {
    match found {
        Ok(source) => Ok(source.map(|_| Status::Good)),
        Err(PathError::Revoked { revoked_at, reason, .. }) => {
            Ok(Some(Status::Revoked { at: revoked_at, reason }))
        }
        Err(PathError::BudgetExhausted) => Err(Fault::Budget("the number of signatures")),
        Err(other) => Err(Fault::Certificate(other.to_string())),
    }
}

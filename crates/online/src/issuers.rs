//! Issuers from the caIssuers addresses of certificates (RFC 5280 §4.2.2.1).

use jiff::SignedDuration;
use pki::{Certificate, VerifyError, cms};

use crate::cache::{Item, Kept, Key};
use crate::error::{Attempt, Fault, Unanswered};
use crate::http::Source;
use crate::session::Session;

const TYPE: &str = "application/pkix-cert";
/// How long an issuer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

impl Session<'_> {
    /// The certificates whose key signed `certificate`, from the addresses it names; none for a self-signed one, and for
    /// one that names no address.
    ///
    /// An address may give one certificate in DER, several in PEM, or a bag of them (PKCS #7 certs-only); those that did
    /// not sign are left out, but known to the session as possible signers of CRLs. Certificates found so lead no farther
    /// than [`crate::Limits::depth`], so that a chain that leads round in a circle ends.
    ///
    /// # Errors
    /// Where addresses are named and none gave an issuer; with each, and why it did not help.
    pub fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, Unanswered> {
        if certificate.is_self_signed() {
            return Ok(Vec::new());
        }
        let named = certificate.ca_issuers_urls();
        let mut attempts = Vec::new();
        let depth = self.depth(certificate);
        for address in self.addresses(named) {
            let found = if depth < self.client.config.limits.depth {
                self.bag(&address)
            } else {
                Err(Fault::Budget("the depth of the chain"))
            };
            let issuers = found.and_then(|bag| {
                self.know(&bag);
                let issuers: Vec<Certificate> = bag.into_iter().filter(|c| signed(c, certificate)).collect();
                if issuers.is_empty() { Err(Fault::NotTheIssuer) } else { Ok(issuers) }
            });
            match issuers {
                Ok(issuers) => {
                    self.client.circuits.helped(&address);
                    self.found_above(depth, &issuers);
                    return Ok(issuers);
                }
                Err(fault) => {
                    self.failed(&address, &fault);
                    attempts.push(Attempt { address, fault });
                }
            }
        }
        if attempts.is_empty() {
            return Ok(Vec::new());
        }
        Err(Unanswered { asked: format!("issuer of {}", certificate.common_name()), attempts })
    }

    /// What an address gives, out of the cache or fetched.
    fn bag(&self, address: &str) -> Result<Vec<Certificate>, Fault> {
        let key = Key::Certificates(address.to_owned());
        let cache = &self.client.cache;
        cache.one_at_a_time(&key, || {
            let now = self.client.now();
            if let Some(Kept { item: Item::Certificates(all), .. }) = cache.get(&key, now) {
                return Ok(all);
            }
            let limit = self.client.config.limits.certificate_bytes;
            let bytes = self.fetch(address, None, (TYPE, false), limit, Source::Certificate)?;
            let all = cms::certificates(&bytes)?;
            if let Ok(until) = now.checked_add(KEPT) {
                cache.put(&key, Kept { item: Item::Certificates(all.clone()), until });
            }
            Ok(all)
        })
    }
}

/// Whether `issuer` signed `certificate`, be it with an algorithm that has become weak since: that is for the path to
/// judge.
fn signed(issuer: &Certificate, certificate: &Certificate) -> bool {
    issuer.subject().matches(certificate.issuer())
        && matches!(certificate.verify_signature(issuer), Ok(()) | Err(VerifyError::Weak { .. }))
}

//! CRLs from their distribution points (RFC 5280 §4.2.1.13).

use std::slice;

use pki::Certificate;
use pki::crl::Crl;
use pki::path::{self, Budget, Need, revocation_status};

use super::{Judged, status};
use crate::cache::{Item, Key};
use crate::error::Fault;
use crate::http::Source;
use crate::session::Session;

const TYPE: &str = "application/pkix-crl";

impl Session<'_> {
    /// Asks one distribution point. `partial` holds the CRLs of those asked before which speak of the certificate, but
    /// not for all reasons (RFC 5280 §6.3.3): together they may tell.
    pub(super) fn crl(
        &self,
        address: &str,
        certificate: &Certificate,
        issuer: &Certificate,
        partial: &mut Vec<Crl>,
    ) -> Result<Judged, Fault> {
        let judge = |item: &Item| match item {
            Item::Crl(crl) => self.judge_crls(slice::from_ref(crl), certificate, issuer),
            _ => Err(Fault::NotAboutThis),
        };
        let mut fetched = None;
        let judged = self.cached(&Key::Crl(address.to_owned()), judge, || {
            let limit = self.client.config.limits.crl_bytes;
            // Types are told wrongly here too often to be heeded; the signature tells.
            let bytes = self.fetch(address, None, (TYPE, false), limit, Source::Certificate)?;
            let crl = fetched.insert(read(&bytes)?);
            self.judge_crls(slice::from_ref(crl), certificate, issuer)
        });
        match (judged, fetched) {
            (Err(Fault::NotAboutThis), Some(crl)) => {
                partial.push(crl);
                match partial.as_slice() {
                    [_] => Err(Fault::NotAboutThis),
                    several => self.judge_crls(several, certificate, issuer),
                }
            }
            (judged, _) => judged,
        }
    }

    /// What CRLs say together.
    fn judge_crls(
        &self,
        crls: &[Crl],
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Judged, Fault> {
        let Some(newest) = crls.last() else { return Err(Fault::NotAboutThis) };
        self.check_times(certificate, newest.this_update(), newest.next_update(), None)?;
        let now = self.client.now();
        let given = path::Revocation { crls, ocsps: &[], need: Need::Required, now: self.latest(now) };
        let mut budget = Budget::default();
        let found = revocation_status(certificate, issuer, &self.met(), now, &given, &mut budget);
        let Some(status) = status(found)? else {
            // Signed well, it speaks of others: of CAs alone, of another distribution point, of some reasons.
            let others = !newest.issuer().matches(certificate.issuer());
            return Err(match newest.verify_signature(issuer) {
                Err(_) if !others => Fault::Unauthorized,
                _ => Fault::NotAboutThis,
            });
        };
        let until = newest.next_update().unwrap_or(now);
        let items = crls.iter().cloned().map(Item::Crl).collect();
        Ok(Judged { items, status, this_update: newest.this_update(), until })
    }
}

/// DER, or PEM as some hand it out.
fn read(bytes: &[u8]) -> Result<Crl, Fault> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN X509 CRL-----") => Ok(Crl::from_pem(text)?),
        _ => Ok(Crl::from_der(bytes)?),
    }
}

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
    pub(super) fn crl(
        &self,
        address: &str,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Judged, Fault> {
        let judge = |item: &Item| match item {
            Item::Crl(crl) => self.judge_crl(crl, certificate, issuer),
            _ => Err(Fault::NotAboutThis),
        };
        self.cached(&Key::Crl(address.to_owned()), judge, || {
            let limit = self.client.config.limits.crl_bytes;
            // Types are told wrongly here too often to be heeded; the signature tells.
            let bytes = self.fetch(address, None, (TYPE, false), limit, Source::Certificate)?;
            self.judge_crl(&read(&bytes)?, certificate, issuer)
        })
    }

    fn judge_crl(&self, crl: &Crl, certificate: &Certificate, issuer: &Certificate) -> Result<Judged, Fault> {
        if !crl.issuer().matches(certificate.issuer()) {
            return Err(Fault::NotAboutThis);
        }
        self.check_times(certificate, crl.this_update(), crl.next_update(), None)?;
        let now = self.client.now();
        let (crls, need) = (slice::from_ref(crl), Need::Required);
        let given = path::Revocation { crls, ocsps: &[], need, now: self.latest(now) };
        let mut budget = Budget::default();
        let found = revocation_status(certificate, issuer, &self.met(), now, &given, &mut budget);
        let Some(status) = status(found)? else {
            // Signed well, it speaks of others: of CAs alone, of another distribution point, of some reasons.
            return Err(match crl.verify_signature(issuer) {
                Ok(()) => Fault::NotAboutThis,
                Err(_) => Fault::Unauthorized,
            });
        };
        let until = crl.next_update().unwrap_or(now);
        Ok(Judged { item: Item::Crl(crl.clone()), status, this_update: crl.this_update(), until })
    }
}

/// DER, or PEM as some hand it out.
fn read(bytes: &[u8]) -> Result<Crl, Fault> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN X509 CRL-----") => Ok(Crl::from_pem(text)?),
        _ => Ok(Crl::from_der(bytes)?),
    }
}

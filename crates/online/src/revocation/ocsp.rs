//! OCSP over HTTP (RFC 6960 appendix A, RFC 5019, RFC 9654).

use std::slice;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use pki::ocsp::{self, Request, Response, SingleResponse};
use pki::path::{self, Budget, Need, revocation_status};
use pki::{Certificate, ParseError};

use super::{Judged, status};
use crate::cache::{Item, Key};
use crate::config::Nonce;
use crate::error::Fault;
use crate::http::Source;
use crate::session::Session;

const REQUEST: &str = "application/ocsp-request";
const RESPONSE: &str = "application/ocsp-response";
/// RFC 6960 A.1: up to here a request is asked by GET.
const LONGEST_GET: usize = 255;

impl Session<'_> {
    pub(super) fn ocsp(
        &self,
        address: &str,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Judged, Fault> {
        let judge = |item: &Item| match item {
            Item::Ocsp(response) => self.judge_ocsp(response, certificate, issuer),
            _ => Err(Fault::NotAboutThis),
        };
        let issuer_key = hex::encode(pki::sha256(issuer.public_key_der()));
        let key = Key::Ocsp(format!("{issuer_key} {}", certificate.serial_hex()));
        let rule = self.client.config.nonce;
        self.cached(&key, judge, || {
            let ask = |nonce: Option<[u8; 32]>| -> Result<Response, Fault> {
                let request = Request::new(certificate, issuer, nonce.as_ref().map(<[u8; 32]>::as_slice));
                let response = self.ask_responder(address, &request)?;
                match (response.nonce(), request.nonce()) {
                    (Some(came), Some(sent)) if came != sent => Err(Fault::Nonce),
                    (None, Some(_)) if rule == Nonce::Required => Err(Fault::Nonce),
                    _ => Ok(response),
                }
            };
            let response = match rule {
                Nonce::Omitted => ask(None)?,
                _ => match ask(Some(self.client.random())) {
                    // Responders that sign ahead may refuse what they cannot answer from stock (RFC 5019 §2.1.1).
                    Err(Fault::Refused("malformedRequest" | "unauthorized" | "internalError"))
                        if rule == Nonce::Sent =>
                    {
                        ask(None)?
                    }
                    settled => settled?,
                },
            };
            self.judge_ocsp(&response, certificate, issuer)
        })
    }

    /// Short requests by GET, which caches between may answer; by POST what is longer, and what GET did not bring.
    fn ask_responder(&self, address: &str, request: &Request) -> Result<Response, Fault> {
        let limit = self.client.config.limits.ocsp_bytes;
        let der = request.to_der();
        let fetch = |url: &str, post| -> Result<Response, Fault> {
            read(&self.fetch(url, post, (RESPONSE, true), limit, Source::Certificate)?)
        };
        if let Some(url) = by_get(address, &der) {
            match fetch(&url, None) {
                Err(
                    Fault::Status { .. }
                    | Fault::ContentType { .. }
                    | Fault::Malformed(_)
                    | Fault::Redirect(_)
                    | Fault::Refused("malformedRequest"),
                ) => {}
                settled => return settled,
            }
        }
        fetch(address, Some((REQUEST, &der)))
    }

    fn judge_ocsp(
        &self,
        response: &Response,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Judged, Fault> {
        let single: &SingleResponse = response
            .responses()
            .iter()
            .find(|single| single.certificate.names(certificate, issuer))
            .ok_or(Fault::NotAboutThis)?;
        let (now, this_update) = (self.client.now(), single.this_update);
        // Without nextUpdate newer data are always to be had (RFC 6960 §4.2.2.1): it speaks of its own moment alone.
        let oldest = now.checked_sub(self.client.skew()).unwrap_or(Timestamp::MIN);
        self.check_times(certificate, this_update, single.next_update, Some(oldest))?;
        let at = if single.next_update.is_some() { now } else { this_update.min(now) };
        let (ocsps, need) = (slice::from_ref(response), Need::Required);
        let given = path::Revocation { crls: &[], ocsps, need, now: self.latest(now) };
        let mut budget = Budget::default();
        let found = status(revocation_status(certificate, issuer, &self.met(), at, &given, &mut budget))?;
        let status = match (found, single.status) {
            (Some(status), _) => status,
            (None, ocsp::Status::Unknown) => return Err(Fault::Unknown),
            (None, _) => return Err(Fault::Unauthorized),
        };
        let until = single.next_update.unwrap_or(now);
        Ok(Judged { items: vec![Item::Ocsp(response.clone())], status, this_update, until })
    }
}

/// The URL that asks by GET: the request in base 64, percent-encoded, behind the address.
fn by_get(address: &str, request: &[u8]) -> Option<String> {
    if address.contains(['?', '#']) {
        return None;
    }
    let coded = STANDARD.encode(request).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let url = format!("{}/{coded}", address.strip_suffix('/').unwrap_or(address));
    (url.len() <= LONGEST_GET).then_some(url)
}

fn read(bytes: &[u8]) -> Result<Response, Fault> {
    Response::from_der(bytes).map_err(|error| match &error {
        ParseError::Unsupported { what: "OCSP response status", found } => {
            Fault::Refused(match found.as_str() {
                "01" => "malformedRequest",
                "02" => "internalError",
                "03" => "tryLater",
                "05" => "sigRequired",
                "06" => "unauthorized",
                _ => "unknown status",
            })
        }
        _ => Fault::Malformed(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_requests_are_asked_by_get() {
        assert_eq!(by_get("http://a/b/", &[0xff, 0xef, 0xbe, 1]).unwrap(), "http://a/b/%2F%2B%2B%2BAQ%3D%3D");
        assert_eq!(by_get("http://a", &[0; 3]).unwrap(), "http://a/AAAA");
        assert_eq!(by_get("http://a", &[0; 300]), None);
        assert_eq!(by_get("http://a/?x=", &[0; 3]), None);
    }
}

//! Time-stamps from other authorities (RFC 3161, RFC 5816).

use std::slice;

use jiff::Timestamp;
use pki::path::{Budget, Purpose, Revocation, validate};
use pki::tsa::{Imprint, Request, Response, Token};
use pki::{Certificate, path};

use crate::config::Authority;
use crate::error::{Attempt, Fault, Unanswered};
use crate::http::Source;
use crate::session::Session;

const QUERY: &str = "application/timestamp-query";
const REPLY: &str = "application/timestamp-reply";

/// A time-stamp that was checked.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The token.
    pub token: Token,
    /// Whose key signed it. Its path to an anchor is the caller's to judge, unless [`Authority::anchors`] were given.
    pub certificate: Certificate,
    /// The URL of the authority.
    pub authority: String,
    /// Who was asked before, in vain.
    pub failed: Vec<Attempt>,
}

impl Session<'_> {
    /// Has `imprint` stamped by the first authority that gives a token which may be used.
    ///
    /// Authorities are asked in the configured order, those that failed lately last. Where all fail and a fault may pass
    /// ([`Fault::may_pass`]), those are asked again after a pause, up to [`crate::Limits::rounds`] times in all.
    ///
    /// Of an answer are checked: status (RFC 3161 §2.4.2), nonce, imprint, policy, that the token names its signer's
    /// certificate and holds it (certReq), the signature, that the certificate is for time-stamping alone and was valid
    /// (§2.3), and that genTime lies between question and answer by the clock here, give or take
    /// [`crate::Limits::clock_skew`].
    ///
    /// # Errors
    /// Where none did; with each that was asked, and why it did not help.
    pub fn stamp(&self, imprint: &Imprint) -> Result<Stamp, Unanswered> {
        let config = &self.client.config;
        let mut left: Vec<(&Authority, String)> =
            config.authorities.iter().map(|a| (a, circuit(a))).collect();
        let mut attempts = Vec::new();
        for round in 1..=config.limits.rounds.max(1) {
            if round > 1 && (left.is_empty() || !self.wait(round - 1)) {
                break;
            }
            self.client.circuits.sort(&mut left, self.client.now(), |(_, circuit)| circuit.as_str());
            let mut again = Vec::new();
            for (authority, circuit) in left {
                match self.ask_authority(authority, imprint) {
                    Ok((token, certificate)) => {
                        self.client.circuits.helped(&circuit);
                        let authority = authority.url.clone();
                        return Ok(Stamp { token, certificate, authority, failed: attempts });
                    }
                    Err(fault) => {
                        self.failed(&circuit, &fault);
                        let may_pass = fault.may_pass();
                        attempts.push(Attempt { address: authority.url.clone(), fault });
                        if may_pass {
                            again.push((authority, circuit));
                        }
                    }
                }
            }
            left = again;
        }
        Err(Unanswered { asked: "time-stamp".to_owned(), attempts })
    }

    fn ask_authority(&self, authority: &Authority, imprint: &Imprint) -> Result<(Token, Certificate), Fault> {
        let mut request = Request::new(imprint.clone(), Some(self.client.random()));
        if let Some(policy) = &authority.policy {
            request = request.with_policy(policy).ok_or_else(|| Fault::Policy { found: policy.clone() })?;
        }
        let before = self.client.now();
        let source = Source::Configured(authority.credentials.as_ref());
        let limit = self.client.config.limits.time_stamp_bytes;
        let der = request.to_der();
        let answer = self.fetch(&authority.url, Some((QUERY, &der)), (REPLY, true), limit, source)?;
        let (token, certificate) = check(&answer, &request, authority)?;
        let (now, skew) = (self.client.now(), self.client.skew());
        let gen_time = token.gen_time();
        // Whole seconds: many authorities write no fractions.
        let earliest = before.checked_sub(skew).unwrap_or(Timestamp::MIN).as_second();
        let latest = now.checked_add(skew).unwrap_or(Timestamp::MAX);
        let (early, late) = (gen_time.as_second() < earliest, gen_time > latest);
        if early || late {
            return Err(Fault::Time { gen_time, now });
        }
        Ok((token, certificate))
    }
}

/// Under which name it is remembered that an authority failed.
fn circuit(authority: &Authority) -> String {
    format!("tsa {} {}", authority.policy.as_deref().unwrap_or("-"), authority.url)
}

/// Checks all of an answer but its time.
fn check(answer: &[u8], request: &Request, authority: &Authority) -> Result<(Token, Certificate), Fault> {
    let token = match Response::from_der(answer)? {
        Response::Granted(token) => *token,
        Response::Rejected { status, failure } => return Err(Fault::Rejected { status, failure }),
    };
    if token.nonce() != request.nonce() {
        return Err(Fault::Nonce);
    }
    if token.imprint() != request.imprint() {
        return Err(Fault::Imprint);
    }
    if request.policy().is_some_and(|asked| asked != token.policy()) {
        return Err(Fault::Policy { found: token.policy().to_owned() });
    }
    let certificate = token.verify_digest(&request.imprint().digest, &authority.anchors)?;
    let at = token.gen_time();
    let judge = |intermediates: &[Certificate], anchors: &[Certificate]| {
        let (none, mut budget) = (Revocation::none(at), Budget::default());
        validate(&certificate, intermediates, anchors, at, Purpose::TimeStamping, &none, &mut budget)
            .map_err(|error: path::PathError| Fault::Certificate(error.to_string()))
    };
    // As its own anchor: validity and purpose alone.
    judge(&[], slice::from_ref(&certificate))?;
    if !authority.anchors.is_empty() {
        judge(token.signed_data().certificates(), &authority.anchors)?;
    }
    Ok((token, certificate))
}

//! Time-stamps from other authorities (RFC 3161, RFC 5816).

use pki::Certificate;
use pki::tsa::{AnswerError, Imprint, Request, Token};

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
    /// Of an answer is checked what [`Request::accept`] says, and that genTime lies between question and answer by the
    /// clock here, give or take [`crate::Limits::clock_skew`].
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
            request =
                request.with_policy(policy).ok_or_else(|| AnswerError::Policy { found: policy.clone() })?;
        }
        let before = self.client.now();
        let source = Source::Configured(authority.credentials.as_ref());
        let limit = self.client.config.limits.time_stamp_bytes;
        let der = request.to_der();
        let answer = self.fetch(&authority.url, Some((QUERY, &der)), (REPLY, true), limit, source)?;
        let (token, certificate) = match request.accept(&answer, &authority.anchors) {
            // Not every authority sends the certificates between its own and the root.
            Err(AnswerError::Certificate(_)) if !authority.anchors.is_empty() => {
                let (_, certificate) = request.accept(&answer, &[])?;
                request.accept_with(&answer, &self.above(certificate), &authority.anchors)
            }
            accepted => accepted,
        }?;
        let now = self.client.now();
        if !token.was_made_between(before, now, self.client.skew()) {
            return Err(Fault::Time { gen_time: token.gen_time(), now });
        }
        Ok((token, certificate))
    }

    /// The authorities above a certificate, as far as addresses in certificates lead to them.
    fn above(&self, certificate: Certificate) -> Vec<Certificate> {
        let mut found: Vec<Certificate> = Vec::new();
        let mut next = vec![certificate];
        while let Some(one) = next.pop() {
            // What is not to be had is said by the path that is missing then.
            for issuer in self.issuers(&one).unwrap_or_default() {
                if !found.contains(&issuer) {
                    found.push(issuer.clone());
                    next.push(issuer);
                }
            }
        }
        found
    }
}

/// Under which name it is remembered that an authority failed.
fn circuit(authority: &Authority) -> String {
    format!("tsa {} {}", authority.policy.as_deref().unwrap_or("-"), authority.url)
}

//! HTTP as it is used here: one request, one answer in memory, bounded in time and size.

mod address;
mod agents;
mod public;

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ureq::http::{HeaderMap, Response, StatusCode, header};
use ureq::{Agent, Body};
use zeroize::Zeroizing;

pub(crate) use self::address::Address;
pub(crate) use self::agents::{Agents, fault};
use crate::config::{Config, Credentials};
use crate::error::Fault;
use crate::session::after;

/// Asks over HTTP. Connections are kept and used again.
#[derive(Debug)]
pub(crate) struct Http {
    agents: Agents,
    redirects: u32,
}

/// One question.
pub(crate) struct Question<'a> {
    pub(crate) url: &'a str,
    /// Type and content of what is posted; `None` asks by GET.
    pub(crate) post: Option<(&'static str, &'a [u8])>,
    /// The type that is wanted.
    pub(crate) accept: &'static str,
    /// Whether another type is refused.
    pub(crate) strict_type: bool,
    /// Bytes of the answer.
    pub(crate) limit: usize,
    pub(crate) time: Duration,
    pub(crate) source: Source<'a>,
}

/// Where an address comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// The operator named it, perhaps with a password.
    Configured(Option<&'a Credentials>),
    /// It stood in a certificate.
    Certificate,
}

impl Http {
    pub(crate) fn new(config: &Config) -> Self {
        Self { agents: Agents::new(config), redirects: config.limits.redirects }
    }

    /// The body of a 200.
    pub(crate) fn ask(&self, question: &Question<'_>) -> Result<Vec<u8>, Fault> {
        let end = after(question.time);
        let first = Address::parse(question.url)?;
        let mut address = first.clone();
        for _ in 0..=self.redirects {
            let send = || self.send(question, &first, &address, end);
            let mut response = match send() {
                // A connection that was kept may have been closed just then; no question asked here does anything, so that
                // asking twice is asking once (RFC 9110 §9.2.2).
                Err(Fault::CutOff) => send()?,
                sent => sent?,
            };
            if !response.status().is_redirection() {
                return read(&mut response, question);
            }
            address = redirected(&address, &response, question.post.is_some())?;
        }
        Err(Fault::Redirect(format!("more than {} times", self.redirects)))
    }

    /// Sends the question to `address`, to which `first` led.
    fn send(
        &self,
        question: &Question<'_>,
        first: &Address,
        address: &Address,
        end: Instant,
    ) -> Result<Response<Body>, Fault> {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Fault::TimedOut);
        }
        // Another place than the operator named is as little to be trusted as a certificate's, and gets no password.
        let (agent, credentials): (&Agent, _) = match question.source {
            Source::Configured(credentials) if address.same_origin(first) => {
                (self.agents.anywhere(), credentials)
            }
            _ => (self.agents.guarded(address)?, None),
        };
        let authorization = credentials.map(basic);
        let uri = address.uri().clone();
        let sent = match question.post {
            Some((kind, body)) => {
                let mut request = agent.post(uri).config().timeout_global(Some(left)).build();
                request = request.header(header::ACCEPT, question.accept).header(header::CONTENT_TYPE, kind);
                if let Some(authorization) = &authorization {
                    request = request.header(header::AUTHORIZATION, authorization.as_str());
                }
                request.send(body)
            }
            None => {
                let mut request = agent.get(uri).config().timeout_global(Some(left)).build();
                request = request.header(header::ACCEPT, question.accept);
                if let Some(authorization) = &authorization {
                    request = request.header(header::AUTHORIZATION, authorization.as_str());
                }
                request.call()
            }
        };
        sent.map_err(fault)
    }
}

/// RFC 7617.
pub(crate) fn basic(credentials: &Credentials) -> Zeroizing<String> {
    let plain = Zeroizing::new(format!("{}:{}", credentials.name, *credentials.password));
    let coded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
    Zeroizing::new(format!("Basic {}", *coded))
}

/// Where a redirect leads. A POST is repeated as a POST, but for 303, which would lose what was asked.
fn redirected(from: &Address, response: &Response<Body>, posted: bool) -> Result<Address, Fault> {
    let status = response.status();
    let followed = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ];
    if !followed.contains(&status) && (posted || status != StatusCode::SEE_OTHER) {
        return Err(Fault::Status { status: status.as_u16(), retry_after: None });
    }
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    let to = from.join(location.ok_or_else(|| Fault::Redirect("without saying where to".to_owned()))?)?;
    if from.is_https() && !to.is_https() {
        return Err(Fault::Redirect("from https to http".to_owned()));
    }
    Ok(to)
}

fn read(response: &mut Response<Body>, question: &Question<'_>) -> Result<Vec<u8>, Fault> {
    let status = response.status();
    if status != StatusCode::OK {
        return Err(Fault::Status { status: status.as_u16(), retry_after: retry_after(response.headers()) });
    }
    if question.strict_type {
        check_type(response.headers(), question.accept)?;
    }
    let too_large = Fault::TooLarge { limit: question.limit };
    let limit = u64::try_from(question.limit).unwrap_or(u64::MAX);
    if response.body().content_length().is_some_and(|length| length > limit) {
        return Err(too_large);
    }
    match response.body_mut().with_config().limit(limit).read_to_vec() {
        Ok(body) => Ok(body),
        Err(ureq::Error::BodyExceedsLimit(_)) => Err(too_large),
        Err(error) => Err(match fault(error) {
            Fault::Connection(_) | Fault::Protocol(_) => Fault::CutOff,
            fault => fault,
        }),
    }
}

/// Refuses what is said to be something else: most often a page that reports an error. What says nothing, or nothing
/// definite, is read.
fn check_type(headers: &HeaderMap, expected: &'static str) -> Result<(), Fault> {
    let Some(found) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let found = found.to_str().unwrap_or("?");
    let essence = found.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == expected || essence == "application/octet-stream" || essence.is_empty() {
        return Ok(());
    }
    Err(Fault::ContentType { found: essence.chars().take(80).collect(), expected })
}

/// Retry-After in seconds; its form as a date is passed over.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

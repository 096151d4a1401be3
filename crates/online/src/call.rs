//! Calls to an interface: a GET or POST with any headers, one answer whatever its status.
//!
//! Where [`crate::Client`] knows what it asks for, a [`Caller`] does not: who calls judges the answer. It follows no
//! redirect, connects to plain http within this machine alone, and reads no more than it is told. [`Caller::new`] is for
//! addresses that the operator named; [`Caller::guarded`] for those of others.

use std::time::{Duration, Instant};

use ureq::http::{Method, Request, header};

use crate::config::{Access, Roots};
use crate::error::Fault;
use crate::http::{Address, Agents, fault, retry_after};
use crate::session::after;

/// Calls over HTTP. Connections are kept and used again; made once and shared between threads.
#[derive(Debug)]
pub struct Caller {
    agents: Agents,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// Where to; https, or this very machine.
    pub url: &'a str,
    /// What is posted.
    pub body: &'a [u8],
    /// Header lines beside Host and Content-Length.
    pub headers: &'a [(&'a str, &'a str)],
    /// Bytes of the answer that are read.
    pub limit: usize,
    /// How long it may take, all in all.
    pub time: Duration,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// What Retry-After asked for, where it did.
    pub retry_after: Option<Duration>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl Caller {
    /// `roots` judge the servers' certificates; `connect` is how long a connection may take.
    #[must_use]
    pub fn new(roots: Roots, connect: Duration) -> Self {
        Self { agents: Agents::with(Access::Any, connect, roots) }
    }

    /// The same for addresses that somebody else than the operator named: private ones are called where `access` says so.
    #[must_use]
    pub fn guarded(access: Access, roots: Roots, connect: Duration) -> Self {
        Self { agents: Agents::with(access, connect, roots) }
    }

    /// Posts once.
    ///
    /// # Errors
    /// Any [`Fault`] of connecting and reading. A status is none.
    pub fn call(&self, call: &Call<'_>) -> Result<Reply, Fault> {
        self.send(&Method::POST, call)
    }

    /// Gets once; the call's body is not sent.
    ///
    /// # Errors
    /// As [`Caller::call`].
    pub fn get(&self, call: &Call<'_>) -> Result<Reply, Fault> {
        self.send(&Method::GET, &Call { body: &[], ..call.clone() })
    }

    fn send(&self, method: &Method, call: &Call<'_>) -> Result<Reply, Fault> {
        let end = after(call.time);
        let address = Address::parse(call.url)?;
        if !address.keeps_secrets() {
            return Err(Fault::Address("it is neither https nor this machine".to_owned()));
        }
        let mut request = Request::builder().method(method.clone()).uri(address.uri().clone());
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let unfit = |_| Fault::Address("a header cannot be sent".to_owned());
        let agent = self.agents.guarded(&address)?;
        let left = end.saturating_duration_since(Instant::now());
        let mut response = if *method == Method::GET {
            let request = request.body(()).map_err(unfit)?;
            agent.run(agent.configure_request(request).timeout_global(Some(left)).build())
        } else {
            let request = request.body(call.body).map_err(unfit)?;
            agent.run(agent.configure_request(request).timeout_global(Some(left)).build())
        }
        .map_err(fault)?;
        let limit = u64::try_from(call.limit).unwrap_or(u64::MAX);
        let too_large = Fault::TooLarge { limit: call.limit };
        let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers()));
        let length = response.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > limit) {
            return Err(too_large);
        }
        match response.body_mut().with_config().limit(limit).read_to_vec() {
            Ok(body) => Ok(Reply { status, retry_after, body }),
            Err(ureq::Error::BodyExceedsLimit(_)) => Err(too_large),
            Err(error) => Err(match fault(error) {
                Fault::Connection(_) | Fault::Protocol(_) => Fault::CutOff,
                fault => fault,
            }),
        }
    }

    /// `scheme://host:port` of a URL, by which failures are remembered; what is no URL stands for itself.
    #[must_use]
    pub fn origin(url: &str) -> String {
        Address::parse(url).map_or_else(|_| url.to_owned(), |address| address.origin())
    }

    /// What the Host header of a call to `url` says: the port stands there unless it is the scheme's own.
    ///
    /// # Errors
    /// [`Fault::Address`] where it is no URL that is called.
    pub fn host(url: &str) -> Result<String, Fault> {
        let address = Address::parse(url)?;
        let host = address.uri().host().unwrap_or_default().to_ascii_lowercase();
        let usual = if address.is_https() { 443 } else { 80 };
        Ok(match address.uri().port_u16().filter(|port| *port != usual) {
            Some(port) => format!("{host}:{port}"),
            None => host,
        })
    }
}

//! Enrollment over Secure Transport (RFC 7030, as clarified by RFC 8951): another's authority, asked for certificates.
//!
//! An [`EstClient`] asks for the authority's certificates (`cacerts`), for what it wants in a request (`csrattrs`), and for
//! certificates (`simpleenroll`, `simplereenroll`). It shows who it is by a TLS client certificate, by HTTP basic
//! authentication, or by both. It speaks https alone; to this very machine http is allowed without a password, for tests.
//!
//! Of an answer is checked that it is what was asked for: a certificate for the key of the request. Whether it leads to
//! one of the authority's certificates, and says what it should, is for the caller to judge.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki::Certificate;
use pki::ca::{CertificationRequest, CsrAttributes};
use ureq::http::{Method, Request, StatusCode, header};
use ureq::tls::{ClientCert, PrivateKey};
use zeroize::Zeroizing;

use crate::config::{Access, ConfigError, Credentials, Roots};
use crate::error::Fault;
use crate::http::{Address, Agents, basic, fault, retry_after};
use crate::session::after;

/// An answer has some certificates.
const LIMIT: usize = 256 * 1024;
const CONNECT: Duration = Duration::from_secs(10);

/// How an authority is reached.
#[derive(Clone, Debug)]
pub struct EstConfig {
    /// Its address up to, and without, `/.well-known/est`.
    pub url: String,
    /// Which of several authorities at this address (RFC 7030 §3.2.2).
    pub label: Option<String>,
    /// By which roots its TLS certificate is trusted (the explicit trust anchor of §3.6.1).
    pub roots: Roots,
    /// HTTP basic authentication (§3.2.3).
    pub credentials: Option<Credentials>,
    /// A TLS client certificate (§3.3.2).
    pub identity: Option<EstIdentity>,
    /// How long one question may take.
    pub time: Duration,
}

/// A TLS client certificate with its key.
#[derive(Clone)]
pub struct EstIdentity {
    /// The certificate, then those above it.
    pub chain: Vec<Certificate>,
    /// Private key, PKCS #8.
    pub pkcs8: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for EstIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EstIdentity({:?}, …)", self.chain.first())
    }
}

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Enrolled {
    /// The certificate, and what else was sent along.
    Issued {
        /// For the key of the request.
        certificate: Certificate,
        /// Others.
        others: Vec<Certificate>,
    },
    /// A person decides: the same request is to be sent again (RFC 7030 §4.2.3).
    Pending {
        /// After this long at the earliest.
        retry_after: Duration,
    },
}

/// Asks an EST server. Synchronous; made once and shared between threads.
#[derive(Debug)]
pub struct EstClient {
    config: EstConfig,
    base: String,
    agents: Agents,
}

impl EstClient {
    /// A client for one authority.
    ///
    /// # Errors
    /// Where the address cannot be asked as it stands, or a secret would go over plain http.
    pub fn new(config: EstConfig) -> Result<Self, ConfigError> {
        let wrong =
            |reason: &str| ConfigError::Authority { url: config.url.clone(), reason: reason.to_owned() };
        let address = Address::parse(&config.url).map_err(|fault| wrong(&fault.to_string()))?;
        if !address.keeps_secrets() {
            return Err(wrong("EST is spoken over https alone (RFC 7030 §3.3)"));
        }
        let label = config.label.as_deref().map(|label| format!("/{label}")).unwrap_or_default();
        if !label.chars().skip(1).all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return Err(wrong("a label has letters, digits, hyphens and dots"));
        }
        let base = format!("{}/.well-known/est{label}", config.url.trim_end_matches('/'));
        let identity = config.identity.as_ref().map(client_certificate).transpose();
        let identity = identity.map_err(|error| wrong(&error))?;
        let agents = Agents::with(Access::Any, CONNECT, config.roots.clone()).with_identity(identity);
        Ok(Self { config, base, agents })
    }

    /// Where it asks.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.config.url
    }

    /// The authority's certificates (RFC 7030 §4.1).
    ///
    /// # Errors
    /// Any [`Fault`]; one where there are none.
    pub fn ca_certificates(&self) -> Result<Vec<Certificate>, Fault> {
        let reply = self.ask("cacerts", None)?;
        if reply.status != StatusCode::OK {
            return Err(refused(&reply));
        }
        let found = certificates(&reply)?;
        if found.is_empty() { Err(Fault::Protocol("no certificates".to_owned())) } else { Ok(found) }
    }

    /// What the authority wants in a request (§4.5); nothing in particular where it does not say.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub fn csr_attributes(&self) -> Result<CsrAttributes, Fault> {
        let reply = self.ask("csrattrs", None)?;
        match reply.status {
            StatusCode::OK => {
                let der = decoded(&reply.body)?;
                CsrAttributes::from_der(&der).map_err(|error| Fault::Protocol(error.to_string()))
            }
            // §4.5.2.
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => Ok(CsrAttributes::default()),
            _ => Err(refused(&reply)),
        }
    }

    /// Asks for a first certificate (§4.2.1). The request is compared with [`EstClient::csr_attributes`] by the caller.
    ///
    /// # Errors
    /// Any [`Fault`]; one where the certificate is for another key.
    pub fn enroll(&self, request: &CertificationRequest) -> Result<Enrolled, Fault> {
        self.certify("simpleenroll", request)
    }

    /// Asks for a certificate in place of the one that [`EstConfig::identity`] shows, with the same subject (§4.2.2).
    ///
    /// # Errors
    /// As [`EstClient::enroll`].
    pub fn reenroll(&self, request: &CertificationRequest) -> Result<Enrolled, Fault> {
        self.certify("simplereenroll", request)
    }

    fn certify(&self, operation: &str, request: &CertificationRequest) -> Result<Enrolled, Fault> {
        let reply = self.ask(operation, Some(request.der()))?;
        match reply.status {
            StatusCode::OK => {
                let mut found = certificates(&reply)?;
                let own = found.iter().position(|it| it.public_key_der() == request.public_key_der());
                let own =
                    own.ok_or_else(|| Fault::Protocol("the certificate is for another key".to_owned()))?;
                let certificate = found.swap_remove(own);
                Ok(Enrolled::Issued { certificate, others: found })
            }
            // A 202 without Retry-After says nothing of when (§4.2.3 asks for it): a minute.
            StatusCode::ACCEPTED => {
                Ok(Enrolled::Pending { retry_after: reply.retry_after.unwrap_or(Duration::from_secs(60)) })
            }
            _ => Err(refused(&reply)),
        }
    }

    fn ask(&self, operation: &str, posted: Option<&[u8]>) -> Result<Reply, Fault> {
        let end = after(self.config.time);
        let url = format!("{}/{operation}", self.base);
        let address = Address::parse(&url)?;
        let method = if posted.is_some() { Method::POST } else { Method::GET };
        let mut request = Request::builder().method(method).uri(address.uri().clone());
        let expected =
            if operation == "csrattrs" { "application/csrattrs" } else { "application/pkcs7-mime" };
        request = request.header(header::ACCEPT, expected);
        if let Some(credentials) = &self.config.credentials {
            request = request.header(header::AUTHORIZATION, basic(credentials).as_str());
        }
        let body = posted.map(|der| lines(&STANDARD.encode(der))).unwrap_or_default();
        if posted.is_some() {
            request = request
                .header(header::CONTENT_TYPE, "application/pkcs10")
                .header("Content-Transfer-Encoding", "base64");
        }
        let unfit = |_| Fault::Address("a header cannot be sent".to_owned());
        let left = end.saturating_duration_since(Instant::now());
        let agent = self.agents.anywhere();
        let sent = if posted.is_some() {
            let request = request.body(body.as_bytes()).map_err(unfit)?;
            agent.run(agent.configure_request(request).timeout_global(Some(left)).build())
        } else {
            let request = request.body(()).map_err(unfit)?;
            agent.run(agent.configure_request(request).timeout_global(Some(left)).build())
        };
        let mut response = sent.map_err(fault)?;
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if response.status() == StatusCode::OK && kind != expected {
            return Err(Fault::ContentType { found: kind.chars().take(80).collect(), expected });
        }
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        let limit = u64::try_from(LIMIT).unwrap_or(u64::MAX);
        let body = match response.body_mut().with_config().limit(limit).read_to_vec() {
            Ok(body) => body,
            Err(ureq::Error::BodyExceedsLimit(_)) => return Err(Fault::TooLarge { limit: LIMIT }),
            Err(_) => return Err(Fault::CutOff),
        };
        Ok(Reply { status, retry_after, body })
    }
}

fn client_certificate(identity: &EstIdentity) -> Result<ClientCert, String> {
    let chain: Vec<ureq::tls::Certificate<'static>> =
        identity.chain.iter().map(|it| ureq::tls::Certificate::from_der(it.der()).to_owned()).collect();
    let text = Zeroizing::new(lines(&Zeroizing::new(STANDARD.encode(&*identity.pkcs8))));
    let pem = Zeroizing::new(format!("-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----\n", *text));
    let key = PrivateKey::from_pem(pem.as_bytes());
    let key = key.map_err(|_| "the key of the client certificate is no PKCS #8".to_owned())?;
    Ok(ClientCert::new_with_certs(&chain, key))
}

struct Reply {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

fn refused(reply: &Reply) -> Fault {
    Fault::Status { status: reply.status.as_u16(), retry_after: reply.retry_after }
}

fn certificates(reply: &Reply) -> Result<Vec<Certificate>, Fault> {
    let der = decoded(&reply.body)?;
    pki::cms::certificates(&der).map_err(|error| Fault::Protocol(error.to_string()))
}

/// The base64 of an answer, with or without line ends. What is no base64 is taken as it is: some servers send DER.
fn decoded(body: &[u8]) -> Result<Vec<u8>, Fault> {
    if body.first() == Some(&pki::der::SEQUENCE) && std::str::from_utf8(body).is_err() {
        return Ok(body.to_vec());
    }
    let text: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(text).map_err(|_| Fault::Protocol("neither base64 nor DER".to_owned()))
}

/// Base64 in lines of 64 characters: some servers read no longer ones.
fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 64 + 1);
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out
}

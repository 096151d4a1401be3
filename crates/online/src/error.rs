//! Why an answer did not come, or was not believed.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use pades::SourceError;
use pki::tsa::{AnswerError, Failure};
use pki::{ParseError, VerifyError};

/// Nobody gave a usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Unanswered {
    /// What was asked: “time-stamp”, “issuer of …”, “revocation of …”.
    pub asked: String,
    /// Who was asked, in order, and why it did not help.
    pub attempts: Vec<Attempt>,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.asked)?;
        if self.attempts.is_empty() {
            return f.write_str("there is nobody to ask");
        }
        for (index, attempt) in self.attempts.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{attempt}")?;
        }
        Ok(())
    }
}

impl From<Unanswered> for SourceError {
    fn from(error: Unanswered) -> Self {
        // Who was asked again and gave the same answer is told once.
        let mut attempts: Vec<&Attempt> = Vec::new();
        for attempt in &error.attempts {
            if !attempts.contains(&attempt) {
                attempts.push(attempt);
            }
        }
        match attempts.as_slice() {
            [] => Self::new(error.asked, "", "there is nobody to ask"),
            [only] => Self::new(error.asked, only.address.clone(), only.fault.to_string()),
            several => {
                let list = |text: fn(&Attempt) -> String| -> String {
                    several.iter().map(|one| text(one)).collect::<Vec<_>>().join("; ")
                };
                Self::new(error.asked, list(|a| a.address.clone()), list(ToString::to_string))
            }
        }
    }
}

/// One address that was asked in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The address, as it was configured or stood in the certificate.
    pub address: String,
    /// Why it did not help.
    pub fault: Fault,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.address, self.fault)
    }
}

/// Why one address did not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The address is none that is asked: not http(s), no host, a password inside.
    #[error("the address cannot be used: {0}")]
    Address(String),
    /// The host is at an address that is not public.
    #[error("{0} is not a public address, and others are not asked")]
    NotPublic(IpAddr),
    /// The host's name is not known.
    #[error("the host was not found")]
    HostNotFound,
    /// No connection, or a broken one.
    #[error("no connection: {0}")]
    Connection(String),
    /// The connection ended before the answer did.
    #[error("the answer was cut off")]
    CutOff,
    /// The server's TLS certificate or handshake was refused.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
    /// The server speaks no HTTP that is understood.
    #[error("not understood as HTTP: {0}")]
    Protocol(String),
    /// A status other than 200.
    #[error("HTTP status {status}")]
    Status {
        /// The status.
        status: u16,
        /// What Retry-After asked for, where it did.
        retry_after: Option<Duration>,
    },
    /// Redirected too often, to a place that is not asked, or without saying where.
    #[error("redirected {0}")]
    Redirect(String),
    /// The answer is longer than is read.
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// Bytes.
        limit: usize,
    },
    /// The answer is said to be something else.
    #[error("the answer is of type {found}, not {expected}")]
    ContentType {
        /// What the server said.
        found: String,
        /// What the protocol asks for.
        expected: &'static str,
    },
    /// What may be spent on one document was spent before.
    #[error("not asked: {0} is spent")]
    Budget(&'static str),
    /// The host could not be reached a moment ago: it is not waited for again before that time.
    #[error("not asked before {until}: the host could not be reached")]
    Resting {
        /// When it is asked again.
        until: Timestamp,
    },
    /// The answer cannot be read.
    #[error("the answer cannot be read: {0}")]
    Malformed(#[from] ParseError),
    /// What only the answer of a time-stamp authority can be: refused ([`AnswerError::Rejected`]), over other data or
    /// under another policy than was asked for.
    #[error("{0}")]
    TimeStamp(AnswerError),
    /// The OCSP responder refused (RFC 6960 §2.3).
    #[error("refused: {0}")]
    Refused(&'static str),
    /// The nonce is missing or another one: perhaps an old answer.
    #[error("the nonce is not the one that was sent")]
    Nonce,
    /// The signature does not hold.
    #[error("{0}")]
    Signature(#[from] VerifyError),
    /// The signer's certificate is not fit for it.
    #[error("{0}")]
    Certificate(String),
    /// The token's time is not the time at which it was asked for.
    #[error("the token says {gen_time}, the clock here says {now}")]
    Time {
        /// genTime.
        gen_time: Timestamp,
        /// The given clock.
        now: Timestamp,
    },
    /// The data are about other certificates.
    #[error("the answer does not speak of this certificate")]
    NotAboutThis,
    /// The responder does not know the certificate.
    #[error("the responder does not know this certificate")]
    Unknown,
    /// Signed by nobody who may speak for the issuer (RFC 6960 §4.2.2.2, RFC 5280 §6.3.3).
    #[error("signed by none that may speak for the issuer")]
    Unauthorized,
    /// Past its nextUpdate, without one, or from the future.
    #[error("not current: of {this_update}, next {}", next_update.map_or("unknown".to_owned(), |n| n.to_string()))]
    Stale {
        /// thisUpdate.
        this_update: Timestamp,
        /// nextUpdate.
        next_update: Option<Timestamp>,
    },
    /// Issued before the certificate was: it cannot know it.
    #[error("of {this_update}, older than the certificate, of {not_before}")]
    OlderThanCertificate {
        /// thisUpdate.
        this_update: Timestamp,
        /// The certificate's notBefore.
        not_before: Timestamp,
    },
    /// None of the certificates that came signed the one that was asked about.
    #[error("no certificate that came is the issuer's")]
    NotTheIssuer,
}

impl From<AnswerError> for Fault {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Malformed(error) => Self::Malformed(error),
            AnswerError::Nonce => Self::Nonce,
            AnswerError::Signature(error) => Self::Signature(error),
            AnswerError::Certificate(why) => Self::Certificate(why),
            other => Self::TimeStamp(other),
        }
    }
}

impl Fault {
    /// Whether it may be gone a moment later, so that asking again makes sense.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::HostNotFound | Self::Connection(_) | Self::CutOff | Self::TimedOut | Self::Protocol(_) => {
                true
            }
            Self::TimeStamp(AnswerError::Rejected(why)) => {
                matches!(why.failure, Some(Failure::TimeNotAvailable | Failure::SystemFailure))
            }
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            Self::Refused(why) => matches!(*why, "tryLater" | "internalError"),
            _ => false,
        }
    }

    /// Whether nobody was asked at all.
    pub(crate) fn was_not_asked(&self) -> bool {
        matches!(self, Self::Budget(_) | Self::Resting { .. })
    }

    /// Whether the host is out of reach, so that whatever else is asked of it would be waited for in vain.
    pub(crate) fn is_out_of_reach(&self) -> bool {
        matches!(self, Self::HostNotFound | Self::Connection(_) | Self::TimedOut)
    }

    /// What the server asked to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

//! Why a provider's answer did not come, or was not believed. None of the texts holds personal data.

use std::time::Duration;

use jiff::Timestamp;

/// A provider gave no usable answer. Nothing was decided: the check may be repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{provider}: {fault}")]
pub struct ProviderError {
    /// Name of the provider.
    pub provider: &'static str,
    /// What went wrong.
    pub fault: Fault,
}

impl ProviderError {
    /// An error of `provider`.
    #[must_use]
    pub fn new(provider: &'static str, fault: Fault) -> Self {
        Self { provider, fault }
    }

    /// Seconds after which asking again makes sense; `None` where somebody has to mend something first.
    #[must_use]
    pub fn retry_after(&self, now: Timestamp) -> Option<u64> {
        const SOON: u64 = 30;
        match &self.fault {
            Fault::Resting { until } => {
                let seconds = until.duration_since(now).as_secs();
                Some(u64::try_from(seconds).unwrap_or(0).saturating_add(1))
            }
            Fault::Busy { retry_after, .. } | Fault::Status { retry_after, .. } => {
                Some(retry_after.map_or(SOON, |pause| pause.as_secs().max(1)))
            }
            Fault::Unreachable(_) | Fault::TimedOut => Some(SOON),
            _ => None,
        }
    }
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No connection was made: the provider has not seen the question.
    #[error("not reached: {0}")]
    Unreachable(String),
    /// No answer in time, or the connection broke: the provider may have done what it was asked.
    #[error("no answer in time")]
    TimedOut,
    /// An HTTP status that carries no answer.
    #[error("HTTP status {status}")]
    Status {
        /// The status.
        status: u16,
        /// What Retry-After asked for.
        retry_after: Option<Duration>,
    },
    /// The provider says that it cannot at the moment.
    #[error("the provider is busy: {code}")]
    Busy {
        /// The provider's code.
        code: String,
        /// What Retry-After asked for.
        retry_after: Option<Duration>,
    },
    /// The provider does not take our request: key, permission, product or balance is to be mended by the operator.
    #[error("the provider does not take our request: {code}")]
    Rejected {
        /// The provider's code.
        code: String,
    },
    /// The provider says that our key, or its token, has expired: the operator has to give another.
    #[error("the provider says that our key expired: {code}")]
    Expired {
        /// The provider's code.
        code: String,
    },
    /// The answer cannot be read, or says something that is not known here.
    #[error("the answer is not understood: {0}")]
    Malformed(&'static str),
    /// The signature of an answer or notice does not hold.
    #[error("the signature does not hold: {0}")]
    Signature(&'static str),
    /// An answer or notice that came before, or that speaks of somebody else.
    #[error("not an answer to this question: {0}")]
    Replayed(&'static str),
    /// Not asked: it failed a moment ago.
    #[error("not asked before {until}: it failed a moment ago")]
    Resting {
        /// When it is asked again.
        until: Timestamp,
    },
    /// The provider does not offer this.
    #[error("not offered: {0}")]
    Unsupported(&'static str),
    /// The provider's own trouble, in its own words.
    #[error("{0}")]
    Failed(String),
}

impl Fault {
    /// Whether the provider did not do what it was asked, so that asking again does it once.
    pub(crate) fn was_not_done(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Busy { .. } => true,
            Self::Status { status, .. } => matches!(status, 429 | 503),
            _ => false,
        }
    }

    /// Whether the provider refuses this server, whoever is asked about: its operator has to act.
    #[must_use]
    pub fn refuses_us(&self) -> bool {
        matches!(self, Self::Rejected { .. } | Self::Expired { .. })
    }

    /// Whether it may be gone a moment later.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::TimedOut => true,
            Self::Status { status, .. } => *status >= 500 || *status == 429,
            other => other.was_not_done(),
        }
    }

    /// What Retry-After asked for.
    pub(crate) fn wait(&self) -> Duration {
        match self {
            Self::Busy { retry_after, .. } | Self::Status { retry_after, .. } => {
                retry_after.unwrap_or_default()
            }
            _ => Duration::ZERO,
        }
    }
}

impl From<online::Fault> for Fault {
    fn from(fault: online::Fault) -> Self {
        match fault {
            online::Fault::TimedOut | online::Fault::CutOff => Self::TimedOut,
            online::Fault::TooLarge { .. } => Self::Malformed("it is too long"),
            online::Fault::Protocol(_) => Self::Malformed("it is not HTTP"),
            other => Self::Unreachable(other.to_string()),
        }
    }
}

/// A configuration that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{provider}: {what}: {reason}")]
pub struct ConfigError {
    /// Name of the provider.
    pub provider: &'static str,
    /// Which setting.
    pub what: &'static str,
    /// What is wrong with it, without its value.
    pub reason: String,
}

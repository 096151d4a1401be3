//! Times.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A time, RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
pub struct Time(pub Timestamp);

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Time {
    /// A time that may be missing.
    #[must_use]
    pub fn maybe(at: Option<Timestamp>) -> Option<Self> {
        at.map(Self)
    }
}

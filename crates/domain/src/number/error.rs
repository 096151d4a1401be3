//! Why a number of an identity document is refused.

use crate::refusal::Refusal;

/// The first rule that a number breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Not 18 characters, where the document has 18.
    #[error("length")]
    Length,
    /// Something else than digits, with an X allowed at the end.
    #[error("characters")]
    Characters,
    /// Not how numbers of this document are written.
    #[error("form")]
    Form,
    /// A number of another document: a residence permit given as a resident ID card, say.
    #[error("other_kind")]
    OtherKind,
    /// No such province.
    #[error("region")]
    Region,
    /// No such nationality.
    #[error("nationality")]
    Nationality,
    /// No such day, or one in the future.
    #[error("date")]
    Date,
    /// A digit is wrong.
    #[error("checksum")]
    Checksum,
}

impl IdNumberError {
    /// The reason as the API names it.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Characters => "characters",
            Self::Form => "form",
            Self::OtherKind => "other_kind",
            Self::Region => "region",
            Self::Nationality => "nationality",
            Self::Date => "date",
            Self::Checksum => "checksum",
        }
    }
}

impl From<IdNumberError> for Refusal {
    fn from(error: IdNumberError) -> Self {
        Self::IdNumberInvalid { reason: error.reason() }
    }
}

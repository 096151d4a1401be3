//! Fields: the places on a page that recipients fill.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::envelope::PageSize;
use crate::id::{DocumentId, FieldId, RecipientId};
use crate::recipient::RecipientKind;
use crate::refusal::Refusal;

/// The most characters of a text field's value.
pub const TEXT_LIMIT: u32 = 1000;
/// The most characters of a label.
pub const LABEL_LIMIT: u32 = 100;
/// The shortest side of a field, in points.
const SIDE_MIN: f64 = 8.0;
/// How far a field may reach over the page's edge, in points: what rounding in a browser makes.
const EDGE_TOLERANCE: f64 = 0.5;

/// What goes into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A person's signature.
    Signature,
    /// An organization's seal.
    Seal,
    /// The date of signing.
    Date,
    /// Words that the recipient types.
    Text,
}

impl FieldType {
    /// The stored word, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Seal => "seal",
            Self::Date => "date",
            Self::Text => "text",
        }
    }

    /// The type of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Signature, Self::Seal, Self::Date, Self::Text].into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether the impression (signature or seal) goes here.
    #[must_use]
    pub fn is_impression(self) -> bool {
        matches!(self, Self::Signature | Self::Seal)
    }

    /// Whether a recipient of this kind can fill such a field: seals are for organizations, signatures for people, be it for
    /// themselves or as an organization's agent.
    #[must_use]
    pub fn suits(self, kind: RecipientKind) -> bool {
        match self {
            Self::Seal => kind == RecipientKind::Organization,
            Self::Signature | Self::Date | Self::Text => true,
        }
    }
}

/// A rectangle on the displayed page: points, from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Place {
    /// Whether the rectangle is real and lies on a page of this size.
    #[must_use]
    pub fn is_on(&self, page: PageSize) -> bool {
        let numbers = [self.x, self.y, self.width, self.height];
        numbers.iter().all(|n| n.is_finite())
            && self.width >= SIDE_MIN
            && self.height >= SIDE_MIN
            && self.x >= -EDGE_TOLERANCE
            && self.y >= -EDGE_TOLERANCE
            && self.x + self.width <= page.width + EDGE_TOLERANCE
            && self.y + self.height <= page.height + EDGE_TOLERANCE
    }
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The id.
    pub id: FieldId,
    /// Who fills it.
    pub recipient_id: RecipientId,
    /// Where.
    pub document_id: DocumentId,
    /// With what.
    pub kind: FieldType,
    /// On which page, from 1.
    pub page: u32,
    /// In which rectangle.
    pub place: Place,
    /// Whether it must be filled; impressions always must.
    pub required: bool,
    /// What the signer is told it is; may be empty.
    pub label: String,
    /// Date (`2026-11-23`) or text that the recipient has typed so far or signed with.
    pub value: Option<String>,
    /// The name of the field in the PDF, given when the envelope is sent.
    pub pdf_name: Option<String>,
}

impl Field {
    /// A value as it may be kept in this field: none for an impression, an ISO date for a date, bounded text.
    ///
    /// # Errors
    /// [`Refusal::FieldDateInvalid`], [`Refusal::FieldTooLong`].
    pub fn accept(&self, value: &str) -> Result<Option<String>, Refusal> {
        let value = value.replace("\r\n", "\n");
        let value = value.trim();
        match self.kind {
            FieldType::Signature | FieldType::Seal => Ok(None),
            _ if value.is_empty() => Ok(None),
            FieldType::Date => {
                let date: Date = value.parse().map_err(|_| Refusal::FieldDateInvalid)?;
                Ok(Some(date.to_string()))
            }
            FieldType::Text => {
                let text: String = value.chars().filter(|c| !c.is_control() || *c == '\n').collect();
                let fits = u32::try_from(text.chars().count()).is_ok_and(|count| count <= TEXT_LIMIT);
                fits.then_some(Some(text)).ok_or(Refusal::FieldTooLong { limit: TEXT_LIMIT })
            }
        }
    }

    /// Whether the recipient still has to type something here.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.required && !self.kind.is_impression() && self.value.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A4: PageSize = PageSize { width: 595.0, height: 842.0 };

    #[test]
    fn a_field_lies_on_its_page() {
        let place = |x, y, width, height| Place { x, y, width, height };
        assert!(place(0.0, 0.0, 595.0, 842.0).is_on(A4));
        assert!(place(395.2, 742.0, 200.0, 100.0).is_on(A4), "a rounding error over the edge");
        for bad in [
            place(400.0, 0.0, 200.0, 50.0),
            place(-3.0, 0.0, 100.0, 50.0),
            place(0.0, 800.0, 100.0, 50.0),
            place(0.0, 0.0, 0.0, 50.0),
            place(f64::NAN, 0.0, 10.0, 10.0),
            place(0.0, 0.0, f64::INFINITY, 10.0),
        ] {
            assert!(!bad.is_on(A4), "{bad:?}");
        }
    }

    #[test]
    fn seals_are_for_organizations() {
        assert!(
            FieldType::Seal.suits(RecipientKind::Organization)
                && !FieldType::Seal.suits(RecipientKind::Person)
        );
        assert!(
            FieldType::Signature.suits(RecipientKind::Person)
                && FieldType::Signature.suits(RecipientKind::Organization)
        );
    }

    #[test]
    fn values_fit_their_field() {
        let mut field = Field {
            id: "fld_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap(),
            recipient_id: "rcp_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap(),
            document_id: "doc_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap(),
            kind: FieldType::Date,
            page: 1,
            place: Place { x: 0.0, y: 0.0, width: 50.0, height: 20.0 },
            required: true,
            label: String::new(),
            value: None,
            pdf_name: None,
        };
        assert!(field.is_missing());
        assert_eq!(field.accept("2026-11-23").unwrap().as_deref(), Some("2026-11-23"));
        assert_eq!(field.accept("23.11.2026"), Err(Refusal::FieldDateInvalid));
        field.kind = FieldType::Text;
        assert_eq!(field.accept(" 北京\u{0}市 ").unwrap().as_deref(), Some("北京市"));
        assert_eq!(field.accept("  ").unwrap(), None);
        assert_eq!(field.accept(&"长".repeat(1001)), Err(Refusal::FieldTooLong { limit: 1000 }));
        field.kind = FieldType::Seal;
        assert!(!field.is_missing());
    }
}

//! What a signer asks for.

use jiff::Timestamp;
use pdf::{Appearance, DocMdp, Document, FieldLock, ReadError, Rect};
use pki::DigestAlgorithm;
use pki::cms::SignaturePolicy;

/// One signer's revision: values, marks and the signature itself.
#[derive(Debug, Clone)]
pub struct SigningRequest {
    /// The signature field.
    pub field: String,
    /// Where the field goes if the document does not have it yet; `None` makes its absence an error.
    pub place: Option<Place>,
    /// `/Name`. What counts is the certificate's subject; viewers may show this.
    pub signer_name: Option<String>,
    /// `/Reason`
    pub reason: Option<String>,
    /// `/Location`
    pub location: Option<String>,
    /// `/ContactInfo`
    pub contact: Option<String>,
    /// What the signature looks like; `None` leaves the field without a look.
    pub appearance: Option<Appearance>,
    /// Text fields that the signer filled in.
    pub fills: Vec<Fill>,
    /// Mark fields that show the signer's signature or seal once more.
    pub marks: Vec<Mark>,
    /// The claimed time of signing (`/M`).
    pub at: Timestamp,
    /// Makes this a certification signature (ISO 32000-2 §12.8.2.2).
    pub certify: Option<DocMdp>,
    /// The words of a legal attestation, for a certification (ISO 32000-2 §12.8.7).
    pub attestation: Option<String>,
    /// Fields that the signature locks (`FieldMDP`, ISO 32000-2 §12.8.2.4), besides those that the field's own `/Lock`
    /// names. Where both are there, they must be the same.
    pub lock: Option<FieldLock>,
    /// The policy that the signature is made under: makes it an EPES (EN 319 122-1 §5.2.9.1).
    pub policy: Option<SignaturePolicy>,
    /// What the appearance is called, where a field's seed value asks for one by name (`/AppearanceFilter`).
    pub appearance_name: Option<String>,
    /// The hash function: that of the algorithm that the key signs with
    /// ([`SignatureAlgorithm::digest`](pki::SignatureAlgorithm::digest)).
    pub digest: DigestAlgorithm,
    /// Bytes to reserve for the CMS signature: see [`reserve_for`](crate::reserve_for). What a policy takes, the request's or
    /// the field's, is added to it.
    pub reserve: usize,
}

impl SigningRequest {
    /// A request with nothing but the field, the time and room for a usual chain and time-stamp.
    #[must_use]
    pub fn new(field: impl Into<String>, at: Timestamp) -> Self {
        Self {
            field: field.into(),
            place: None,
            signer_name: None,
            reason: None,
            location: None,
            contact: None,
            appearance: None,
            fills: Vec::new(),
            marks: Vec::new(),
            at,
            certify: None,
            attestation: None,
            lock: None,
            policy: None,
            appearance_name: None,
            digest: DigestAlgorithm::Sha256,
            reserve: 16 * 1024,
        }
    }
}

/// A place on a page for a new signature field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The page, counted from 0.
    pub page: usize,
    /// The rectangle in default user space; all zero for a signature that does not show.
    pub rect: Rect,
}

impl Place {
    /// Nowhere: the signature does not show on any page.
    #[must_use]
    pub fn invisible() -> Self {
        Self { page: 0, rect: Rect { x0: 0.0, y0: 0.0, x1: 0.0, y1: 0.0 } }
    }

    /// A place as a person sees it: `seen` counts in points (seventy-two to the inch, whatever the page's `/UserUnit`) from
    /// the top left of the visible page (its crop box, turned as `/Rotate` says), y going down.
    ///
    /// # Errors
    /// Where the document has no such page, or it cannot be read.
    pub fn on_visible_page(document: &Document, page: usize, seen: Rect) -> Result<Self, ReadError> {
        let found = document.page(page)?;
        let unit = found.user_unit;
        let seen = Rect::new(seen.x0 / unit, seen.y0 / unit, seen.x1 / unit, seen.y1 / unit);
        Ok(Self { page, rect: found.to_user_space(seen) })
    }
}

/// A text field's value and look.
#[derive(Debug, Clone)]
pub struct Fill {
    /// The field's full name.
    pub field: String,
    /// The value.
    pub text: String,
    /// What it looks like.
    pub appearance: Appearance,
}

/// A mark field's look.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The field's full name.
    pub field: String,
    /// What it looks like.
    pub appearance: Appearance,
}

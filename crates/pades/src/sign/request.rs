//! What a signer asks for.

use jiff::Timestamp;
use pdf::{Appearance, DocMdp, Rect};
use pki::DigestAlgorithm;

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
    /// What the signature looks like; `None` leaves the field without a look.
    pub appearance: Option<Appearance>,
    /// Text fields that the signer filled in.
    pub fills: Vec<Fill>,
    /// Mark fields that show the signer's signature or seal once more.
    pub marks: Vec<Mark>,
    /// The claimed time of signing (`/M`).
    pub at: Timestamp,
    /// Makes this a certification signature.
    pub certify: Option<DocMdp>,
    /// The hash function: that of the algorithm that the key signs with
    /// ([`SignatureAlgorithm::digest`](pki::SignatureAlgorithm::digest)).
    pub digest: DigestAlgorithm,
    /// Bytes to reserve for the CMS signature: see [`reserve_for`](crate::reserve_for).
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
            appearance: None,
            fills: Vec::new(),
            marks: Vec::new(),
            at,
            certify: None,
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

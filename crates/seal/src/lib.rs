//! Signature and seal impressions, drawn as vectors.
//!
//! An [`Impression`] is what ink or seal paste leaves on paper: artwork with a size in millimetres. It is shown on
//! the screen as SVG and on the page as a PDF form XObject (ISO 32000-2 §8.10), from the same shapes. It is only
//! the look of a signature; what binds the signer is in the crates `pades` and `keys`.
//!
//! Sizes and proportions of company seals follow the State Council's notice 国发〔1999〕25号 and common practice:
//! round, at most 45 mm, a five-pointed star, the name left to right around it.

mod company;
mod form;
mod glyph;
mod path;
mod signature;
mod svg;
mod upload;

pub use company::{CompanySeal, Purpose};
pub use path::{Rgb, Segment};
pub use signature::{Point, Stroke};

use serde::{Deserialize, Serialize};

/// The mark that a signature or a seal leaves, with its true size.
///
/// Coordinates inside are millimetres from the top left corner, y downwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impression {
    /// Width in millimetres.
    pub width_mm: f64,
    /// Height in millimetres.
    pub height_mm: f64,
    /// Whether it is a seal, which keeps its true size on the page; a signature is fitted to its field.
    pub true_size: bool,
    pub(crate) artwork: Artwork,
}

impl Impression {
    /// A signature from the strokes of a pen, finger or mouse on a pad.
    ///
    /// # Errors
    /// [`Error::Empty`] when there is less than a visible line, [`Error::TooLarge`] for absurd input.
    pub fn from_strokes(strokes: &[Stroke]) -> Result<Self, Error> {
        signature::from_strokes(strokes)
    }

    /// A signature set from a typed name, for those who cannot or do not wish to draw.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::TooLong`], or [`Error::NoGlyph`] for a character that the typeface lacks.
    pub fn typed(name: &str) -> Result<Self, Error> {
        signature::typed(name)
    }

    /// A round company seal.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::TooLong`], [`Error::NoGlyph`], or [`Error::Size`] outside 38 to 45 mm.
    pub fn company(seal: &CompanySeal) -> Result<Self, Error> {
        company::draw(seal)
    }

    /// A seal from an uploaded PNG or JPEG; white paper around the mark becomes transparent and is trimmed.
    ///
    /// # Errors
    /// [`Error::Image`] when it cannot be read, [`Error::TooLarge`], [`Error::Empty`] for a blank picture,
    /// [`Error::Size`] outside 10 to 100 mm.
    pub fn from_image(bytes: &[u8], width_mm: f64) -> Result<Self, Error> {
        upload::from_image(bytes, width_mm)
    }

    /// The impression as a self-contained SVG document, without script, style sheet or outside reference.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::write(self)
    }

    /// The impression as an appearance for a field of the given size in points, centred, its proportions kept.
    /// A seal is drawn at its true size, and smaller only where the field is too small for it.
    #[must_use]
    pub fn appearance(&self, width_pt: f64, height_pt: f64) -> pdf::Appearance {
        form::appearance(self, width_pt, height_pt)
    }
}

/// What an impression is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Artwork {
    /// Shapes, painted in order.
    Shapes(Vec<path::Shape>),
    /// A picture that fills the impression: a PNG with alpha.
    Picture {
        /// PNG, 8-bit RGBA.
        #[serde(with = "upload::base64_text")]
        png: Vec<u8>,
    },
}

/// Why an impression could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing to show.
    #[error("there is nothing to draw")]
    Empty,
    /// The picture is neither PNG nor JPEG, or is damaged.
    #[error("the picture cannot be read: {0}")]
    Image(String),
    /// The typeface has no glyph for a character.
    #[error("the typeface has no glyph for {0:?}")]
    NoGlyph(char),
    /// Outside the permitted size.
    #[error("the size must be between {least} and {most} mm")]
    Size {
        /// Smallest permitted size in mm.
        least: u32,
        /// Largest permitted size in mm.
        most: u32,
    },
    /// More points or pixels than any honest impression has.
    #[error("the drawing or picture is too large")]
    TooLarge,
    /// More characters than fit.
    #[error("at most {limit} characters fit")]
    TooLong {
        /// The limit, in characters.
        limit: usize,
    },
}

//! Appearance streams: form XObjects with images and fonts (ISO 32000-2, 8.10, 12.5.5).

use crate::geometry::Matrix;
use crate::{Ref, Update, UpdateError};

/// What a widget or mark looks like: a form XObject that is not yet part of a file.
#[derive(Debug, Clone, Default)]
pub struct Appearance {
    /// Width of the bounding box in points; its origin is at the bottom left.
    pub width: f64,
    /// Height of the bounding box in points.
    pub height: f64,
    /// Content stream (operators of clause 8 and 9).
    pub content: Vec<u8>,
    /// Images that the content names.
    pub images: Vec<Image>,
    /// Fonts that the content names.
    pub fonts: Vec<FontUse>,
    /// Constant alpha states that the content names: resource name and opacity for filling and stroking.
    pub opacities: Vec<(String, f64)>,
}

/// An image XObject (8.9.5).
#[derive(Debug, Clone)]
pub struct Image {
    /// Resource name, as in `/Im0 Do`.
    pub name: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// 8-bit RGB, row by row, without padding.
    pub rgb: Vec<u8>,
    /// 8-bit alpha, made into an /SMask (11.6.5.2).
    pub alpha: Option<Vec<u8>>,
}

/// A font, subset to the glyphs that are used.
#[derive(Debug, Clone)]
pub struct FontUse {
    /// Resource name, as in `/F0 12 Tf`.
    pub name: String,
    /// The whole font, OpenType with CFF or TrueType outlines. Kept by reference: fonts are large.
    pub font: &'static [u8],
    /// Glyphs used with the text they stand for. The content names a glyph by its index in this list plus
    /// one, as a two-byte code: that is its CID in the subset.
    pub glyphs: Vec<(u16, String)>,
}

impl Appearance {
    /// Writes the form XObject with its resources and gives its object.
    ///
    /// # Errors
    /// [`UpdateError::Font`] where a font cannot be subset.
    pub fn write(&self, update: &mut Update) -> Result<Ref, UpdateError> {
        self.write_with(update, Matrix::IDENTITY)
    }

    /// The same for a page that is turned: see [`crate::Page::appearance_matrix`].
    ///
    /// # Errors
    /// [`UpdateError::Font`] where a font cannot be subset.
    pub fn write_with(&self, update: &mut Update, matrix: Matrix) -> Result<Ref, UpdateError> {
        let _ = (update, matrix);
        todo!()
    }
}

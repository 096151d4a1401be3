//! The appearance of text fields, with Chinese and Latin text in one embedded font.

use crate::{Appearance, UpdateError};

/// Where lines stand between left and right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// How a text is set.
#[derive(Debug, Clone)]
pub struct Style {
    /// Largest font size in points; the text shrinks from here until it fits.
    pub size: f64,
    /// Smallest font size in points; text that does not fit even so is clipped.
    pub min_size: f64,
    /// Alignment.
    pub align: Align,
    /// Several lines, wrapped, from the top; otherwise one line, centred vertically.
    pub multiline: bool,
    /// Red, green, blue from 0 to 1.
    pub colour: [f64; 3],
    /// Space inside the box on each side, in points.
    pub padding: f64,
    /// Line distance as a multiple of the font size.
    pub leading: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            size: 12.0,
            min_size: 5.0,
            align: Align::Left,
            multiline: false,
            colour: [0.0, 0.0, 0.0],
            padding: 2.0,
            leading: 1.35,
        }
    }
}

/// The appearance of `text` in a box of `width` by `height` points.
///
/// # Errors
/// [`UpdateError::Font`] where the font cannot be read. A character that the font lacks shows as the font's
/// missing-glyph sign.
pub fn field_appearance(
    text: &str,
    width: f64,
    height: f64,
    style: &Style,
    font: &'static [u8],
) -> Result<Appearance, UpdateError> {
    let _ = (text, width, height, style, font);
    todo!()
}

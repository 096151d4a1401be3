//! Where the letters of a text stand, and in which font.

use super::font::Shown;
use crate::{Dict, Matrix, Point, Ref};

/// A font, as far as it can be told apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Face {
    /// Its object, where it is one.
    pub reference: Option<Ref>,
    /// The font's dictionary.
    pub dict: Dict,
    /// `/BaseFont` without the tag of a subset.
    pub name: String,
    /// Whether the file says what its letters look like.
    pub is_embedded: bool,
    /// Whether lines run along the baseline: not downwards, and codes have a length that is known.
    pub is_level: bool,
}

/// One letter of a shown string, in the space that the drawing began in.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its code in the font.
    pub code: u32,
    /// What it says; `None` where the font does not tell.
    pub text: Option<String>,
    /// Its origin on the baseline.
    pub origin: Point,
    /// One em along the baseline.
    pub along: Point,
    /// One em upwards from it.
    pub up: Point,
    /// How far the font says it goes, in ems.
    pub width: f64,
}

impl Letter {
    pub(super) fn at(matrix: Matrix, (x, y): (f64, f64), (along, up): (f64, f64), shown: &Shown) -> Self {
        let [a, b, c, d, ..] = matrix.0;
        Self {
            code: shown.code,
            text: shown.text.clone(),
            origin: matrix.apply(Point { x, y }),
            along: Point { x: a * along, y: b * along },
            up: Point { x: c * up, y: d * up },
            width: shown.width / 1000.0,
        }
    }
}

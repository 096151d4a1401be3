//! What a content stream paints (ISO 32000-2, 8, 9): texts, fills, strokes and pictures with their areas.
//!
//! Not a renderer: clips and areas are upright rectangles. It answers what a validator asks: which text does an appearance
//! show, and what does it cover.

mod colour;
mod encoding;
mod font;
mod glyphs;
mod inline_image;
mod letters;
mod marks;
mod operation;
mod outlines;
mod painter;
mod path;
mod picture;
mod standard;
mod state;

use std::sync::Arc;

pub use self::letters::{Face, Letter};
pub use self::outlines::{Outline, Program};
use self::painter::Painter;
pub use self::picture::{Ink, Picture, Pixels};
use self::state::State;
use crate::{Dict, Document, Matrix, Object, Point, ReadError, Rect, Stream};

/// What a content stream paints, in painting order.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    /// The marks.
    pub marks: Vec<Mark>,
    /// Whether curves are drawn or filled.
    pub has_curves: bool,
    /// Straight path segments that are painted.
    pub segments: usize,
    /// Names of resources that are missing, operators that are unknown, content that is shown at times or through a mask:
    /// programs may differ about them.
    pub oddities: Vec<String>,
    /// What text was cut to: clips, and the boxes of forms within forms.
    pub clips: Vec<Rect>,
    /// Whether programs may differ about where an inline image ends, and so about all that follows.
    pub is_uncertain: bool,
}

/// One thing that is painted.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is.
    pub paint: Paint,
    /// The smallest upright rectangle around it, in the space that the drawing began in.
    pub area: Rect,
    /// All that it may paint: letters of a font in the file are drawn by that file, however large and far away; without
    /// end where their outlines are not known.
    pub reach: Rect,
    /// Red, green, blue from 0 to 1; `None` where it cannot be told (patterns, spot colours).
    pub colour: Option<[f64; 3]>,
    /// Whether what lies below shines through: a blend mode other than Normal, or an opacity below 1.
    pub is_blended: bool,
    /// The blend mode, `Normal` where none is set.
    pub blend_mode: String,
}

/// A straight line from one point to another.
pub type Line = [Point; 2];

/// A kind of mark.
#[derive(Debug, Clone, PartialEq)]
pub enum Paint {
    /// A shown string.
    Text {
        /// What it says; `None` where the font does not tell.
        text: Option<String>,
        /// Height of the type, in the space that the drawing began in.
        size: f64,
        /// Whether the rendering mode paints anything (9.3.6).
        is_painted: bool,
        /// Whether the file says what its letters look like, blanks included.
        is_embedded: bool,
        /// What the clips and boxes around it leave to be seen.
        seen: Rect,
        /// Its letters, where they were asked for ([`look`]).
        letters: Arc<[Letter]>,
        /// The font.
        face: Option<Arc<Face>>,
    },
    /// A filled path.
    Fill {
        /// The straight lines around it, closed, curves in pieces; `None` where they are too many to keep.
        lines: Option<Arc<[Line]>>,
    },
    /// A stroked path.
    Stroke {
        /// Width of the line where it is widest, in the space that the drawing began in.
        width: f64,
        /// The straight lines that it follows, curves in pieces; `None` where they are too many to keep.
        lines: Option<Arc<[Line]>>,
    },
    /// An image; which one, unless it is an inline image.
    Image(Option<Arc<Picture>>),
    /// A shading.
    Shading,
}

/// What a page paints by itself, without its annotations, in default user space.
///
/// # Errors
/// Damage, limits and filters that are not supported, of the page's content.
pub fn page(document: &Document, index: usize) -> Result<Drawing, ReadError> {
    let page = document.page(index)?;
    let contents = document.value(&page.dict, "Contents")?;
    let mut data = Vec::new();
    match &*contents {
        Object::Stream(stream) => data = document.decoded(stream)?,
        Object::Array(parts) => {
            for part in parts {
                if let Object::Stream(stream) = &*document.follow(part)? {
                    data.extend(document.decoded(stream)?);
                    data.push(b'\n');
                }
                if data.len() > document.limits().max_decoded_size {
                    return Err(ReadError::Limit { what: "content of one page" });
                }
            }
        }
        _ => {}
    }
    let mut painter = Painter::new(document);
    painter.trusts_profiles = true;
    painter.run(&data, &page.resources, State::new(Matrix::IDENTITY), 0)?;
    Ok(painter.drawing)
}

/// What a form XObject paints when its form space is put through `placed` (for an annotation: 12.5.5). Its own /Matrix
/// is applied first. `resources` serves where it has none.
///
/// # Errors
/// As [`page`].
pub fn form(
    document: &Document,
    form: &Stream,
    placed: Matrix,
    resources: &Dict,
) -> Result<Drawing, ReadError> {
    let mut painter = Painter::new(document);
    painter.form(form, &State::new(placed), resources, 0)?;
    Ok(painter.drawing)
}

/// The same as [`form`], with the place of each letter.
///
/// # Errors
/// As [`page`].
pub fn look(
    document: &Document,
    form: &Stream,
    placed: Matrix,
    resources: &Dict,
) -> Result<Drawing, ReadError> {
    let mut painter = Painter::new(document);
    painter.keeps_letters = true;
    painter.form(form, &State::new(placed), resources, 0)?;
    Ok(painter.drawing)
}

/// The matrix that maps an appearance's form space to the annotation's rectangle (12.5.5, algorithm 8.1), without the
/// appearance's own /Matrix; `None` where its box is empty.
///
/// # Errors
/// Damage of the objects on the way.
pub fn placement(document: &Document, appearance: &Stream, rect: Rect) -> Result<Option<Matrix>, ReadError> {
    let bbox = document.value(&appearance.dict, "BBox")?;
    let Some(bbox) = crate::page::rect(document, &bbox)? else { return Ok(None) };
    let shown = matrix_of(document, &appearance.dict)?.apply_rect(bbox);
    if !shown.is_proper() {
        return Ok(None);
    }
    let (x, y) = (rect.width() / shown.width(), rect.height() / shown.height());
    Ok(Some(Matrix([x, 0.0, 0.0, y, rect.x0 - shown.x0 * x, rect.y0 - shown.y0 * y])))
}

fn matrix_of(document: &Document, form: &Dict) -> Result<Matrix, ReadError> {
    let value = document.value(form, "Matrix")?;
    let mut matrix = Matrix::IDENTITY;
    if let Some(items) = value.as_array().filter(|items| items.len() == 6) {
        for (slot, item) in matrix.0.iter_mut().zip(items) {
            *slot = document.follow(item)?.as_number().unwrap_or(*slot);
        }
    }
    Ok(matrix)
}

/// `first`, then `second`.
fn concat(first: Matrix, second: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first.0;
    let [g, h, i, j, k, l] = second.0;
    Matrix([a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l])
}

/// The most that a matrix enlarges in any direction (its larger singular value): a line is that wide somewhere.
fn widest(matrix: Matrix) -> f64 {
    let [a, b, c, d, ..] = matrix.0;
    let widest = ((a + d).hypot(b - c) + (a - d).hypot(b + c)) / 2.0;
    if widest.is_nan() { f64::INFINITY } else { widest }
}

/// How much a matrix enlarges, roughly: the root of its determinant.
fn scale(matrix: Matrix) -> f64 {
    let [a, b, c, d, ..] = matrix.0;
    (a * d - b * c).abs().sqrt()
}

//! The graphics state as far as areas, colours and text need it (ISO 32000-2, 8.4, 9.3).

use std::rc::Rc;
use std::sync::Arc;

use super::concat;
use super::font::Font;
use super::letters::{Face, Letter};
use super::path::{EVERYWHERE, union};
use crate::{Matrix, Object, Rect};

/// A colour, where it can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Colour {
    Known([f64; 3]),
    Unknown,
}

#[derive(Clone)]
pub(super) struct State {
    pub(super) matrix: Matrix,
    /// What is painted is cut to this.
    pub(super) clip: Option<Rect>,
    pub(super) fill: Colour,
    pub(super) stroke: Colour,
    /// Whether the numbers of `sc` and `scn` mean a device's colours.
    pub(super) device: [bool; 2],
    pub(super) line_width: f64,
    pub(super) blend_mode: String,
    pub(super) opacity: f64,
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) char_spacing: f64,
    pub(super) word_spacing: f64,
    /// Rendering mode (9.3.6).
    pub(super) mode: i64,
    pub(super) text: Matrix,
    line: Matrix,
    horizontal: f64,
    leading: f64,
    rise: f64,
}

/// A string that is shown.
pub(super) struct Run {
    /// What it says, where the font tells.
    pub(super) text: Option<String>,
    pub(super) area: Rect,
    /// All that its letters may paint.
    pub(super) reach: Rect,
    pub(super) is_embedded: bool,
    pub(super) letters: Vec<Letter>,
    pub(super) face: Option<Arc<Face>>,
}

impl State {
    pub(super) fn new(matrix: Matrix) -> Self {
        let black = Colour::Known([0.0; 3]);
        Self {
            matrix,
            clip: None,
            fill: black,
            stroke: black,
            device: [true; 2],
            line_width: 1.0,
            blend_mode: "Normal".to_owned(),
            opacity: 1.0,
            font: None,
            size: 0.0,
            char_spacing: 0.0,
            word_spacing: 0.0,
            mode: 0,
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            horizontal: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }

    /// Text state and positioning; whether it was that.
    pub(super) fn text_operator(&mut self, operator: &[u8], operands: &[Object]) -> bool {
        let number = |at: usize| operands.get(at).and_then(Object::as_number).unwrap_or(0.0);
        match operator {
            b"BT" => {
                self.text = Matrix::IDENTITY;
                self.line = Matrix::IDENTITY;
            }
            b"Td" => self.move_line(number(0), number(1)),
            b"TD" => {
                self.leading = -number(1);
                self.move_line(number(0), number(1));
            }
            b"Tm" => {
                if let Some(matrix) = matrix(operands) {
                    self.text = matrix;
                    self.line = matrix;
                }
            }
            b"T*" => self.next_line(),
            b"Tc" => self.char_spacing = number(0),
            b"Tw" => self.word_spacing = number(0),
            b"Tz" => self.horizontal = number(0) / 100.0,
            b"TL" => self.leading = number(0),
            b"Ts" => self.rise = number(0),
            b"Tr" => self.mode = operands.first().and_then(Object::as_integer).unwrap_or(0),
            _ => return false,
        }
        true
    }

    pub(super) fn next_line(&mut self) {
        self.move_line(0.0, -self.leading);
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = concat(Matrix([1.0, 0.0, 0.0, 1.0, x, y]), self.line);
        self.text = self.line;
    }

    /// Moves by a number of a `TJ` array.
    pub(super) fn shift(&mut self, thousandths: f64) {
        self.advance(-thousandths / 1000.0 * self.size * self.horizontal);
    }

    fn advance(&mut self, by: f64) {
        self.text = concat(Matrix([1.0, 0.0, 0.0, 1.0, by, 0.0]), self.text);
    }

    /// Shows a string.
    pub(super) fn show(&mut self, bytes: &[u8], keeps_letters: bool) -> Option<Run> {
        let font = self.font.clone()?;
        let mut text = Some(String::new());
        let (mut width, mut last): (f64, f64) = (0.0, 0.0);
        let mut first: f64 = 0.0;
        let matrix = concat(self.text, self.matrix);
        let mut letters = Vec::new();
        for shown in font.show(bytes) {
            if keeps_letters {
                let em = (self.size * self.horizontal, self.size);
                letters.push(Letter::at(matrix, (width, self.rise), em, &shown));
            }
            match (&mut text, shown.text) {
                (Some(text), Some(more)) => text.push_str(&more),
                (text, _) => *text = None,
            }
            (first, last) = (first.min(width), last.max(width));
            let word = if shown.is_space { self.word_spacing } else { 0.0 };
            width += (shown.width / 1000.0 * self.size + self.char_spacing + word) * self.horizontal;
        }
        // From a little below the baseline to the height of capitals.
        let (low, high) = (self.rise - 0.2 * self.size, self.rise + 0.75 * self.size);
        let bounds = Rect { x0: width.min(0.0), y0: low.min(high), x1: width.max(0.0), y1: low.max(high) };
        let area = matrix.apply_rect(bounds);
        let reach = match font.reach {
            Some(letter) => {
                let across = self.size * self.horizontal;
                let (x0, x1) = (letter.x0 * across, letter.x1 * across);
                let (y0, y1) = (letter.y0 * self.size, letter.y1 * self.size);
                let reach = matrix.apply_rect(Rect {
                    x0: first + x0.min(x1),
                    y0: self.rise + y0.min(y1),
                    x1: last + x0.max(x1),
                    y1: self.rise + y0.max(y1),
                });
                union(area, reach)
            }
            None => EVERYWHERE,
        };
        self.advance(width);
        let face = Some(Arc::clone(&font.face));
        Some(Run { text, area, reach, is_embedded: font.is_embedded, letters, face })
    }

    /// Colours; whether it was that.
    pub(super) fn colour_operator(&mut self, operator: &[u8], operands: &[Object]) -> bool {
        let numbers: Option<Vec<f64>> = operands.iter().map(Object::as_number).collect();
        let colour = match numbers.as_deref() {
            Some([grey]) => Colour::Known([*grey; 3]),
            Some([red, green, blue]) => Colour::Known([*red, *green, *blue]),
            Some([cyan, magenta, yellow, black]) => {
                Colour::Known([cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - black)))
            }
            _ => Colour::Unknown,
        };
        let is_device = || {
            let name = operands.first().and_then(Object::as_name);
            name.is_some_and(|name| name.as_bytes().starts_with(b"Device"))
        };
        let [fill, stroke] = self.device;
        match operator {
            b"g" | b"rg" | b"k" => (self.fill, self.device) = (colour, [true, stroke]),
            b"G" | b"RG" | b"K" => (self.stroke, self.device) = (colour, [fill, true]),
            b"sc" | b"scn" => self.fill = if fill { colour } else { Colour::Unknown },
            b"SC" | b"SCN" => self.stroke = if stroke { colour } else { Colour::Unknown },
            b"cs" => (self.fill, self.device) = (Colour::Known([0.0; 3]), [is_device(), stroke]),
            b"CS" => (self.stroke, self.device) = (Colour::Known([0.0; 3]), [fill, is_device()]),
            _ => return false,
        }
        true
    }
}

/// Six numbers.
pub(super) fn matrix(operands: &[Object]) -> Option<Matrix> {
    let [a, b, c, d, e, f] = operands else { return None };
    Some(Matrix([
        a.as_number()?,
        b.as_number()?,
        c.as_number()?,
        d.as_number()?,
        e.as_number()?,
        f.as_number()?,
    ]))
}

//! Whether the letters of a look read as their text says: one after another, upright, whole (ISO 32000-2 §9.4.4).
//!
//! A text is compared in the order in which it is written, so that must be the order in which it stands.

use pdf::content::{Letter, Mark, Outline, Paint};
use pdf::{Point, Rect};

/// How far a line may turn from where it should run.
const TURN: f64 = 0.03;
/// How far letters may lean: the sine of the angle, as wide as slanted fonts go.
const LEAN: f64 = 0.42;
/// How far letters may be squeezed or stretched.
const STRETCH: std::ops::RangeInclusive<f64> = 0.4..=2.5;
/// Smallest type against the largest: less would be an index or an exponent.
const LEAST_SIZE: f64 = 0.6;
/// How far letters of a line may stand off its baseline, against their size.
const OFF_LINE: f64 = 0.15;
/// How far a line stands below the one above it at least, against its size.
const LEAST_LEADING: f64 = 0.6;
/// Part of its width that a letter has for itself at least.
const LEAST_STEP: f64 = 0.6;
/// How much of a letter may be cut off, against its size.
const HAIR: f64 = 0.03;

/// A line of text that is seen.
pub(super) struct Line {
    pub(super) text: String,
    /// Around its letters.
    pub(super) area: Rect,
}

/// What stands where in a look.
pub(super) struct Reading {
    pub(super) lines: Vec<Line>,
    /// What each letter fills at least.
    pub(super) letters: Vec<Rect>,
}

/// A text that is seen, with the outlines of its letters where they are to be asked.
pub(super) struct Text<'m> {
    pub(super) mark: &'m Mark,
    pub(super) outlines: Option<Vec<Outline>>,
}

/// Reads texts in the order in which they are written; `angles` are the directions, in degrees against the clock, in
/// which lines may run.
pub(super) fn read(texts: &[Text<'_>], angles: &[f64]) -> Result<Reading, &'static str> {
    let mut reader =
        Reader { angles, last: None, sizes: None, reading: Reading { lines: vec![], letters: vec![] } };
    for one in texts {
        let Paint::Text { text, letters, seen, face, .. } = &one.mark.paint else { continue };
        let is_blank = text.as_deref().is_some_and(|text| text.chars().all(is_blank));
        let is_level = face.as_ref().is_some_and(|face| face.is_level);
        if !is_blank && (letters.is_empty() || !is_level) {
            return Err("nobody can tell where its letters stand");
        }
        let is_embedded = face.as_ref().is_none_or(|face| face.is_embedded);
        for (index, letter) in letters.iter().enumerate() {
            let outline = one.outlines.as_ref().and_then(|outlines| outlines.get(index));
            reader.letter(letter, outline, is_embedded, *seen)?;
        }
    }
    Ok(reader.reading)
}

fn is_blank(char: char) -> bool {
    char.is_whitespace() || char.is_control() || matches!(char, '\u{200b}' | '\u{feff}' | '\u{ad}')
}

/// The last letter: where it stands along its line and across it, and how far the next must go.
struct Last {
    along: f64,
    across: f64,
    least: f64,
    turn: Point,
}

struct Reader<'a> {
    angles: &'a [f64],
    last: Option<Last>,
    sizes: Option<(f64, f64)>,
    reading: Reading,
}

impl Reader<'_> {
    fn letter(
        &mut self,
        letter: &Letter,
        outline: Option<&Outline>,
        is_embedded: bool,
        seen: Rect,
    ) -> Result<(), &'static str> {
        let text = letter.text.as_deref().unwrap_or_default();
        let Some(first) = text.chars().find(|char| !is_blank(*char)) else { return Ok(()) };
        let turn = self.upright(letter)?;
        let size = length(letter.up);
        let (least, most) = self.sizes.unwrap_or((size, size));
        let sizes = (least.min(size), most.max(size));
        self.sizes = Some(sizes);
        if sizes.0 < sizes.1 * LEAST_SIZE {
            return Err("its letters differ in size");
        }
        let width = match outline {
            Some(outline) => letter.width.max(outline.right()),
            None if is_embedded => letter.width,
            None => letter.width.max(least_width(first)),
        };
        let (along, across) = (dot(letter.origin, turn), dot(letter.origin, Point { x: -turn.y, y: turn.x }));
        let here = Last { along, across, least: LEAST_STEP * width * length(letter.along), turn };
        let area = extent(letter, width, first);
        if !holds(seen, area, HAIR * size) {
            return Err("it cuts its text");
        }
        // Marks that are set on letters (accents) do not go on.
        let is_accent = ('\u{300}'..='\u{36f}').contains(&first);
        let continues = match &self.last {
            None => false,
            Some(last) if dot(last.turn, turn) < 0.99 => return Err("its lines run in several directions"),
            Some(last) => (across - last.across).abs() <= OFF_LINE * size,
        };
        match &self.last {
            Some(last) if continues && !is_accent && along < last.along + last.least => {
                return Err("its letters do not follow one another");
            }
            Some(last) if !continues && across > last.across - LEAST_LEADING * size => {
                return Err("its lines do not follow one another");
            }
            _ => {}
        }
        match self.reading.lines.last_mut() {
            Some(line) if continues => {
                line.text.push_str(text);
                line.area = around(line.area, area);
            }
            _ => self.reading.lines.push(Line { text: text.to_owned(), area }),
        }
        self.reading.letters.push(area);
        if !is_accent {
            self.last = Some(here);
        }
        Ok(())
    }

    /// The direction in which a letter is read; one in which it stands askew or mirrored is none.
    fn upright(&self, letter: &Letter) -> Result<Point, &'static str> {
        let (wide, high) = (length(letter.along), length(letter.up));
        if !(wide > 0.0 && high > 0.0 && STRETCH.contains(&(wide / high))) {
            return Err("its letters are squeezed");
        }
        let turn = Point { x: letter.along.x / wide, y: letter.along.y / wide };
        let up = Point { x: letter.up.x / high, y: letter.up.y / high };
        let leans = dot(turn, up).abs() > LEAN;
        let is_mirrored = turn.x * up.y - turn.y * up.x <= 0.0;
        let runs = |angle: &f64| {
            let (y, x) = angle.to_radians().sin_cos();
            (turn.x - x).abs() <= TURN && (turn.y - y).abs() <= TURN
        };
        if leans || is_mirrored || !self.angles.iter().any(runs) {
            return Err("its letters do not stand upright");
        }
        Ok(turn)
    }
}

fn dot(a: Point, b: Point) -> f64 {
    a.x * b.x + a.y * b.y
}

fn length(vector: Point) -> f64 {
    vector.x.hypot(vector.y)
}

/// What a letter fills at least: of letters that nobody measured, the middle.
fn extent(letter: &Letter, width: f64, char: char) -> Rect {
    let (low, high) = rise(char);
    let corner = |x: f64, y: f64| Point {
        x: letter.origin.x + x * letter.along.x + y * letter.up.x,
        y: letter.origin.y + x * letter.along.y + y * letter.up.y,
    };
    let corners = [(0.08, low), (0.92, low), (0.08, high), (0.92, high)].map(|(x, y)| corner(x * width, y));
    let least = |of: fn(&Point) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Point) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    Rect { x0: least(|at| at.x), y0: least(|at| at.y), x1: most(|at| at.x), y1: most(|at| at.y) }
}

/// From where to where a letter rises at least, in ems.
fn rise(char: char) -> (f64, f64) {
    let low = if "gjpqyQ,;()[]{}|@$_".contains(char) { -0.14 } else { 0.0 };
    let high = match char {
        '.' | ',' | '_' => 0.08,
        '-' | '–' | '—' => 0.25,
        char if u32::from(char) >= 0x2e80 => 0.78,
        char if char.is_lowercase() && !"bdfhijklt".contains(char) => 0.42,
        _ => 0.62,
    };
    (low, high)
}

/// How wide a letter is at least in usual fonts, in ems.
fn least_width(char: char) -> f64 {
    match char {
        'i' | 'j' | 'l' | 'I' | '|' | '!' | '.' | ',' | ':' | ';' | '\'' => 0.18,
        'f' | 'r' | 't' | 'J' | '-' | '(' | ')' | '[' | ']' | '/' => 0.24,
        'm' | 'w' | 'M' | 'W' => 0.65,
        '0'..='9' => 0.45,
        char if u32::from(char) >= 0x2e80 && !('\u{ff61}'..='\u{ffdc}').contains(&char) => 0.9,
        char if char.is_uppercase() => 0.5,
        char if char.is_alphabetic() => 0.35,
        _ => 0.18,
    }
}

fn holds(outer: Rect, inner: Rect, slack: f64) -> bool {
    inner.x0 >= outer.x0 - slack
        && inner.y0 >= outer.y0 - slack
        && inner.x1 <= outer.x1 + slack
        && inner.y1 <= outer.y1 + slack
}

fn around(a: Rect, b: Rect) -> Rect {
    Rect { x0: a.x0.min(b.x0), y0: a.y0.min(b.y0), x1: a.x1.max(b.x1), y1: a.y1.max(b.y1) }
}

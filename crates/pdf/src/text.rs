//! The appearance of text fields, with Chinese and Latin text in one embedded font.

use std::collections::HashMap;
use std::io::Write;

use ttf_parser::Face;

use crate::{Appearance, FontUse, UpdateError};

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
/// [`UpdateError::Font`] where the font cannot be read. A character that the font lacks shows as a box.
pub fn field_appearance(
    text: &str,
    width: f64,
    height: f64,
    style: &Style,
    font: &'static [u8],
) -> Result<Appearance, UpdateError> {
    let mut shaper = Shaper::new(font)?;
    let inner = (width - 2.0 * style.padding).max(1.0);
    let room = (height - 2.0 * style.padding).max(1.0);
    let paragraphs: Vec<Vec<Glyph>> = paragraphs(text, style.multiline)
        .map(|paragraph| paragraph.chars().filter_map(|c| shaper.glyph(c)).collect())
        .collect();
    let (size, lines) = fit(&paragraphs, inner, room, style);
    let frame = Frame { width, height, inner, size };
    let content = content(&lines, &frame, style);
    let fonts = vec![FontUse { name: FONT.to_owned(), font, glyphs: shaper.used }];
    Ok(Appearance { width, height, content, fonts, ..Appearance::default() })
}

/// The first character of `text` that the font cannot draw, which [`field_appearance`] would show as a box.
///
/// # Errors
/// [`UpdateError::Font`] where the font cannot be read.
pub fn undrawable(text: &str, font: &'static [u8]) -> Result<Option<char>, UpdateError> {
    let face = Shaper::new(font)?.face;
    let drawn = |c: char| c.is_control() || face.glyph_index(c).is_some_and(|id| id.0 != 0);
    Ok(text.chars().find(|c| !drawn(*c)))
}

/// The least height in points of a box of that `width` in which [`field_appearance`] shows all of `text`; `None` where no
/// height is enough, because a line is wider than the box.
///
/// # Errors
/// [`UpdateError::Font`] where the font cannot be read.
pub fn least_height(
    text: &str,
    width: f64,
    style: &Style,
    font: &'static [u8],
) -> Result<Option<f64>, UpdateError> {
    let mut shaper = Shaper::new(font)?;
    let inner = width - 2.0 * style.padding;
    if inner <= 0.0 {
        return Ok(None);
    }
    let paragraphs: Vec<Vec<Glyph>> = paragraphs(text, style.multiline)
        .map(|paragraph| paragraph.chars().filter_map(|c| shaper.glyph(c)).collect())
        .collect();
    let size = style.min_size.clamp(1.0, style.size.clamp(1.0, 500.0));
    let lines = if style.multiline { wrap_all(&paragraphs, inner / size) } else { paragraphs };
    let widest = lines.iter().map(|line| advance(line)).fold(0.0, f64::max) * size;
    let height = block(lines.len(), size, style) + 2.0 * style.padding;
    Ok((widest <= inner + 0.01).then_some(height))
}

/// The height of lines at a font size.
fn block(lines: usize, size: f64, style: &Style) -> f64 {
    let rows = f64::from(u32::try_from(lines).unwrap_or(u32::MAX).max(1));
    size * (ASCENT + DESCENT) + (rows - 1.0) * size * style.leading
}

const FONT: &str = "F0";

/// Ascent and descent of the em box of Chinese typefaces, in ems.
const ASCENT: f64 = 0.88;
const DESCENT: f64 = 0.12;

/// A glyph as its code in the content, its advance in ems, and the character it stands for.
#[derive(Debug, Clone, Copy)]
struct Glyph {
    code: u16,
    advance: f64,
    char: char,
}

/// Turns characters into glyphs and notes which are used.
struct Shaper {
    face: Face<'static>,
    codes: HashMap<u16, u16>,
    used: Vec<(u16, String)>,
}

impl Shaper {
    fn new(font: &'static [u8]) -> Result<Self, UpdateError> {
        let face = Face::parse(font, 0).map_err(|error| UpdateError::Font { what: error.to_string() })?;
        Ok(Self { face, codes: HashMap::new(), used: Vec::new() })
    }

    /// `None` for a character that neither the font nor any stand-in can show.
    fn glyph(&mut self, char: char) -> Option<Glyph> {
        const STAND_INS: [char; 3] = ['\u{25a1}', '\u{fffd}', '?'];
        let char = if char.is_control() { ' ' } else { char };
        let known = |char: char| self.face.glyph_index(char).filter(|id| id.0 != 0);
        let id = std::iter::once(char).chain(STAND_INS).find_map(known)?;
        let next = u16::try_from(self.used.len()).ok()?.checked_add(1)?;
        let code = *self.codes.entry(id.0).or_insert_with(|| {
            self.used.push((id.0, char.to_string()));
            next
        });
        let advance = f64::from(self.face.glyph_hor_advance(id).unwrap_or(0));
        Some(Glyph { code, advance: advance / f64::from(self.face.units_per_em()), char })
    }
}

/// Lines as the text gives them; in a single-line field they run on.
fn paragraphs(text: &str, multiline: bool) -> impl Iterator<Item = String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let whole = if multiline { text } else { text.replace('\n', " ") };
    whole.split('\n').map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// The largest size, in half points, at which the text fits, and its lines.
fn fit(paragraphs: &[Vec<Glyph>], width: f64, height: f64, style: &Style) -> (f64, Vec<Vec<Glyph>>) {
    const STEP: f64 = 0.5;
    let most = style.size.clamp(1.0, 500.0);
    let least = style.min_size.clamp(1.0, most);
    let mut size = most;
    loop {
        let lines = if style.multiline { wrap_all(paragraphs, width / size) } else { paragraphs.to_vec() };
        let needed = block(lines.len(), size, style);
        let widest = lines.iter().map(|line| advance(line)).fold(0.0, f64::max) * size;
        let fits = widest <= width + 0.01 && needed <= height.max(size);
        if fits || size - STEP < least {
            return (size, lines);
        }
        size -= STEP;
    }
}

fn advance(line: &[Glyph]) -> f64 {
    line.iter().map(|glyph| glyph.advance).sum()
}

fn wrap_all(paragraphs: &[Vec<Glyph>], width: f64) -> Vec<Vec<Glyph>> {
    paragraphs.iter().flat_map(|paragraph| wrap(paragraph, width)).collect()
}

/// Breaks a paragraph into lines of at most `width` ems: at spaces, and between Chinese characters unless
/// punctuation forbids it; within a word only where nothing else helps.
fn wrap(paragraph: &[Glyph], width: f64) -> Vec<Vec<Glyph>> {
    let mut lines = Vec::new();
    let mut rest = paragraph;
    loop {
        let mut used = 0.0;
        let mut break_at = None;
        let mut overflow = None;
        for (at, glyph) in rest.iter().enumerate() {
            if at > 0 && may_break(rest.get(at - 1), glyph) {
                break_at = Some(at);
            }
            used += glyph.advance;
            if used > width + 0.001 && glyph.char != ' ' {
                overflow = Some(at);
                break;
            }
        }
        let Some(overflow) = overflow else {
            lines.push(rest.to_vec());
            return lines;
        };
        let at = break_at.unwrap_or(overflow).max(1);
        let (line, tail) = rest.split_at(at.min(rest.len()));
        lines.push(trimmed(line).to_vec());
        let skip = tail.iter().take_while(|glyph| glyph.char == ' ').count();
        rest = tail.get(skip..).unwrap_or_default();
        if rest.is_empty() {
            return lines;
        }
    }
}

fn trimmed(line: &[Glyph]) -> &[Glyph] {
    let end = line.iter().rposition(|glyph| glyph.char != ' ').map_or(0, |at| at + 1);
    line.get(..end).unwrap_or_default()
}

/// Whether a line may end between two characters.
fn may_break(before: Option<&Glyph>, after: &Glyph) -> bool {
    const NEVER_FIRST: &str = "，。、；：？！）》」』】〕〉”’…—·％,.;:?!)]}%";
    const NEVER_LAST: &str = "（《「『【〔〈“‘￥([{$";
    let Some(before) = before else { return false };
    if NEVER_FIRST.contains(after.char) || NEVER_LAST.contains(before.char) {
        return false;
    }
    before.char == ' ' || is_wide(before.char) || is_wide(after.char)
}

/// Characters between which lines break freely: Chinese, kana, full-width forms.
fn is_wide(char: char) -> bool {
    matches!(char, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// The box and the size found for the text.
struct Frame {
    width: f64,
    height: f64,
    inner: f64,
    size: f64,
}

/// The content stream: marked as a field's variable text (12.7.4.3), clipped to the box.
fn content(lines: &[Vec<Glyph>], frame: &Frame, style: &Style) -> Vec<u8> {
    let mut out = Vec::new();
    let [red, green, blue] = style.colour;
    let size = frame.size;
    let block = block(lines.len(), size, style);
    let top = if style.multiline && block <= frame.height - 2.0 * style.padding {
        frame.height - style.padding
    } else {
        f64::midpoint(frame.height, block)
    };
    // Writing to a vector cannot fail.
    let _ = write!(
        out,
        "/Tx BMC\nq\n0 0 {:.3} {:.3} re W n\nBT\n/{FONT} {size:.2} Tf\n",
        frame.width, frame.height
    );
    let _ = writeln!(out, "{red:.3} {green:.3} {blue:.3} rg");
    let mut baseline = top - size * ASCENT;
    for line in lines {
        let slack = frame.inner - advance(line) * size;
        let x = style.padding
            + match style.align {
                Align::Left => 0.0,
                Align::Centre => slack / 2.0,
                Align::Right => slack,
            };
        let _ = write!(out, "1 0 0 1 {x:.3} {baseline:.3} Tm\n<");
        for glyph in line {
            let _ = write!(out, "{:04x}", glyph.code);
        }
        out.extend_from_slice(b"> Tj\n");
        baseline -= size * style.leading;
    }
    out.extend_from_slice(b"ET\nQ\nEMC\n");
    out
}

//! A filled field without a look (ISO 32000-2 §12.7.4.3): what programs draw for it.
//!
//! Each draws in its own way, so only what none of them can draw otherwise passes: letters that the default appearance's
//! font writes, in lines that end where the value ends them, at the size that it states.

use pdf::{Dict, Document, Field, Object, ReadError, Rect, Stream, StreamBody, Widget};

use super::value::Expected;

const MULTILINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;
const FILE_SELECT: i64 = 1 << 20;
const HIDDEN: i64 = 1 << 1;
/// Between the edge and the text, in points.
const MARGIN: f64 = 2.0;
/// From line to line, in sizes of the type.
const LEADING: f64 = 1.2;
/// Size of the type of several lines where the default appearance leaves it to programs.
const OF_LINES: f64 = 12.0;
/// And of one, as a part of the field's height.
const OF_HEIGHT: f64 = 0.7;

/// What a program draws, in a box of its own.
pub(super) struct Drawn {
    pub(super) look: Stream,
    pub(super) rect: Rect,
}

/// The plainest look of a value; `None` where nothing of it is seen, an error where programs could differ.
pub(super) fn look(
    document: &Document,
    (field, expected): (&Field, &Expected),
    widget: &Widget,
    resources: &Dict,
) -> Result<Result<Option<Drawn>, &'static str>, ReadError> {
    let Some(rect) = upright(document, widget)?.filter(Rect::is_proper) else { return Ok(Ok(None)) };
    if widget.flags & HIDDEN != 0 || field.flags & PASSWORD != 0 {
        return Ok(Ok(None));
    }
    let style = Style::of(field, widget, rect);
    let value = match expected {
        Expected::Text(value) => value,
        Expected::Options { all, .. } => {
            let lines = u32::try_from(all.len()).map_or(f64::INFINITY, f64::from);
            let fits = lines * style.size * LEADING <= rect.height();
            return Ok(if fits {
                Ok(None)
            } else {
                Err("it has no look, and its list is longer than the field")
            });
        }
    };
    if value.is_empty() {
        return Ok(Ok(None));
    }
    if field.flags & FILE_SELECT != 0 || field.dict.contains("RV") || widget.dict.contains("RV") {
        return Ok(Err("it has no look, and programs show something else than its value"));
    }
    let lines: Vec<&str> = if field.flags & MULTILINE == 0 { vec![value] } else { lines(value) };
    let mut written = Vec::new();
    for line in &lines {
        match written_as(line) {
            Some(bytes) => written.push(bytes),
            None => return Ok(Err("it has no look, and programs differ about how to write its value")),
        }
    }
    let content = style.content(rect, &written, field.flags & MULTILINE == 0);
    let bounds = [rect.x0, rect.y0, rect.x1, rect.y1].map(Object::Real);
    let dict = Dict::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("Resources", style.resources(document, resources)?)
        .with("BBox", Object::Array(bounds.into()));
    let look = Stream { dict, body: StreamBody::Owned(content.into()) };
    Ok(Ok(Some(Drawn { look, rect })))
}

/// The widget's box as its text runs (/MK /R, table 192), at the origin.
fn upright(document: &Document, widget: &Widget) -> Result<Option<Rect>, ReadError> {
    let Some(rect) = widget.rect else { return Ok(None) };
    let style = document.value(&widget.dict, "MK")?;
    let turned = match style.as_dict() {
        Some(style) => document.value(style, "R")?.as_integer().unwrap_or(0),
        None => 0,
    };
    let (width, height) = (rect.width(), rect.height());
    let (width, height) = if turned.rem_euclid(180) == 90 { (height, width) } else { (width, height) };
    Ok(Some(Rect::sized(0.0, 0.0, width, height)))
}

fn lines(value: &str) -> Vec<&str> {
    value.split("\r\n").flat_map(|part| part.split(['\r', '\n'])).collect()
}

/// A line as every program writes it: letters of Latin 1, nothing that moves or ends it.
fn written_as(line: &str) -> Option<Vec<u8>> {
    line.chars()
        .map(|char| match char {
            ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{ff}' => u8::try_from(u32::from(char)).ok(),
            _ => None,
        })
        .collect()
}

/// The default appearance (/DA), its size decided.
struct Style {
    operators: String,
    font: String,
    size: f64,
}

impl Style {
    fn of(field: &Field, widget: &Widget, rect: Rect) -> Self {
        let stated = widget.dict.value("DA").as_string().or(field.default_appearance.as_deref());
        let stated = String::from_utf8_lossy(stated.unwrap_or_default()).into_owned();
        let mut words: Vec<&str> = stated.split_ascii_whitespace().collect();
        let by_program = if field.flags & MULTILINE == 0 { rect.height() * OF_HEIGHT } else { OF_LINES };
        let at = words.iter().rposition(|word| *word == "Tf").filter(|at| *at >= 2);
        let (font, size) = match at {
            Some(at) => {
                let size = words.get(at - 1).and_then(|size| size.parse().ok()).unwrap_or(0.0);
                let font = words.get(at - 2).map_or("", |name| name.trim_start_matches('/')).to_owned();
                words.drain(at - 2..=at);
                (font, size)
            }
            None => ("Helv".to_owned(), 0.0),
        };
        let size = if size > 0.0 { size } else { by_program };
        let operators = format!("/{font} {size} Tf {}", words.join(" "));
        Self { operators, font, size }
    }

    fn content(&self, rect: Rect, lines: &[Vec<u8>], is_single: bool) -> Vec<u8> {
        // The letters of one line stand in the middle, those of several begin at the top.
        let first = if is_single {
            (rect.height() - self.size).mul_add(0.5, 0.22 * self.size)
        } else {
            rect.height() - MARGIN - self.size
        };
        let mut out = format!("BT {} {MARGIN} {first} Td {} TL ", self.operators, self.size * LEADING);
        for line in lines {
            out.push('<');
            out.push_str(&hex(line));
            out.push_str("> Tj T* ");
        }
        out.push_str("ET");
        out.into_bytes()
    }

    /// Those of the form, with a font where it has none of that name: programs then take Helvetica.
    fn resources(&self, document: &Document, of_form: &Dict) -> Result<Dict, ReadError> {
        let fonts = document.value(of_form, "Font")?;
        let mut fonts = fonts.as_dict().cloned().unwrap_or_default();
        if fonts.value(&self.font).is_null() {
            let helvetica = Dict::new()
                .with("Type", Object::name("Font"))
                .with("Subtype", Object::name("Type1"))
                .with("BaseFont", Object::name("Helvetica"))
                .with("Encoding", Object::name("WinAnsiEncoding"));
            fonts.set(pdf::Name::from(self.font.clone()), helvetica);
        }
        Ok(of_form.clone().with("Font", fonts))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

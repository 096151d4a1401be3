//! The operators of a content stream (ISO 32000-2, Annex A), one after another.

use std::collections::HashMap;
use std::rc::Rc;

use super::font::Font;
use super::operation::{Step, after_inline_image, operation};
use super::state::{self, Colour, State};
use super::{Drawing, Mark, Paint, concat, matrix_of, scale, widest};
use crate::lexer::Fault;
use crate::parser::Parser;
use crate::{Dict, Document, Object, Point, ReadError, Rect, Stream};

/// Most marks of one drawing.
const MOST_MARKS: usize = 200_000;
/// Deepest nesting of forms.
const MOST_FORMS: usize = 12;
/// Most operands of one operator.
const MOST_OPERANDS: usize = 512;

/// The path being built, as its area.
#[derive(Default)]
struct Path {
    area: Option<Rect>,
    curves: usize,
    segments: usize,
}

impl Path {
    fn point(&mut self, at: Point) {
        let here = Rect { x0: at.x, y0: at.y, x1: at.x, y1: at.y };
        self.area = Some(match self.area {
            None => here,
            Some(area) => union(area, here),
        });
    }
}

fn union(a: Rect, b: Rect) -> Rect {
    Rect { x0: a.x0.min(b.x0), y0: a.y0.min(b.y0), x1: a.x1.max(b.x1), y1: a.y1.max(b.y1) }
}

/// Runs content streams, and notes what they paint.
pub(super) struct Painter<'d> {
    document: &'d Document,
    pub(super) drawing: Drawing,
    fonts: HashMap<usize, (Dict, Rc<Font>)>,
    path: Path,
}

impl<'d> Painter<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, drawing: Drawing::default(), fonts: HashMap::new(), path: Path::default() }
    }

    /// Runs a form XObject: its matrix, its box, its resources.
    pub(super) fn form(
        &mut self,
        form: &Stream,
        state: &State,
        above: &Dict,
        depth: usize,
    ) -> Result<(), ReadError> {
        if depth > MOST_FORMS {
            return Err(ReadError::Limit { what: "forms within forms" });
        }
        let data = self.document.decoded(form)?;
        let own = self.document.value(&form.dict, "Resources")?;
        let resources = own.as_dict().unwrap_or(above);
        let mut inner = state.clone();
        inner.matrix = concat(matrix_of(self.document, &form.dict)?, state.matrix);
        let bbox = self.document.value(&form.dict, "BBox")?;
        let clip = crate::page::rect(self.document, &bbox)?.map(|bbox| inner.matrix.apply_rect(bbox));
        let first = self.drawing.marks.len();
        self.run(&data, resources, inner, depth)?;
        if let Some(clip) = clip {
            self.clip(first, clip);
        }
        Ok(())
    }

    /// Marks outside the form's box are not seen; those that stick out are cut.
    fn clip(&mut self, first: usize, clip: Rect) {
        let marks = self.drawing.marks.split_off(first.min(self.drawing.marks.len()));
        let cut = marks.into_iter().filter_map(|mut mark| {
            let seen = Rect {
                x0: mark.area.x0.max(clip.x0),
                y0: mark.area.y0.max(clip.y0),
                x1: mark.area.x1.min(clip.x1),
                y1: mark.area.y1.min(clip.y1),
            };
            mark.area = seen;
            (seen.x0 <= seen.x1 && seen.y0 <= seen.y1).then_some(mark)
        });
        self.drawing.marks.extend(cut);
    }

    pub(super) fn run(
        &mut self,
        data: &[u8],
        resources: &Dict,
        start: State,
        depth: usize,
    ) -> Result<(), ReadError> {
        let limits = self.document.limits().clone();
        self.document.reader().work.spend(data.len())?;
        let mut parser = Parser::new(data, true, &limits);
        let mut stack: Vec<State> = Vec::new();
        let mut state = start;
        let mut operands: Vec<Object> = Vec::new();
        self.path = Path::default();
        loop {
            parser.refill(&limits);
            let before = parser.lexer.pos;
            match operation(&mut parser) {
                Ok(Step::Operand(operand)) => {
                    if operands.len() < MOST_OPERANDS {
                        operands.push(operand);
                    }
                }
                Ok(Step::Operator(b"q")) => {
                    if stack.len() > 512 {
                        return Err(ReadError::Limit { what: "saved graphics states" });
                    }
                    stack.push(state.clone());
                    operands.clear();
                }
                Ok(Step::Operator(b"Q")) => {
                    state = stack.pop().unwrap_or(state);
                    operands.clear();
                }
                Ok(Step::Operator(b"BI")) => {
                    self.paint(Paint::Image, state.matrix.apply_rect(unit()), &state, true)?;
                    let at = after_inline_image(data, parser.lexer.pos);
                    parser.lexer.pos = at;
                    operands.clear();
                }
                Ok(Step::Operator(operator)) => {
                    self.operate(operator, &operands, &mut state, resources, depth)?;
                    operands.clear();
                }
                // A stray delimiter: passed over as viewers do.
                Err(Fault::Bad(_)) if parser.lexer.pos > before => operands.clear(),
                Err(Fault::Bad(_)) => {
                    parser.lexer.pos += 1;
                    operands.clear();
                }
                Err(Fault::End) => return Ok(()),
                Err(Fault::Limit(what)) => return Err(ReadError::Limit { what }),
            }
        }
    }

    fn operate(
        &mut self,
        operator: &[u8],
        operands: &[Object],
        state: &mut State,
        resources: &Dict,
        depth: usize,
    ) -> Result<(), ReadError> {
        if self.path_operator(operator, operands, state)? {
            return Ok(());
        }
        if state.text_operator(operator, operands) || state.colour_operator(operator, operands) {
            return Ok(());
        }
        match operator {
            b"cm" => {
                if let Some(matrix) = state::matrix(operands) {
                    state.matrix = concat(matrix, state.matrix);
                }
            }
            b"w" => state.line_width = operands.first().and_then(Object::as_number).unwrap_or(1.0),
            b"gs" => self.graphics_state(operands, state, resources)?,
            b"Tf" => {
                let [name, size] = operands else { return Ok(()) };
                state.size = size.as_number().unwrap_or(0.0);
                state.font = self.font(name, resources)?;
            }
            b"Tj" => self.show(operands.first(), state)?,
            b"'" => {
                state.next_line();
                self.show(operands.first(), state)?;
            }
            b"\"" => {
                if let [word, char, text] = operands {
                    state.word_spacing = word.as_number().unwrap_or(0.0);
                    state.char_spacing = char.as_number().unwrap_or(0.0);
                    state.next_line();
                    self.show(Some(text), state)?;
                }
            }
            b"TJ" => self.show_array(operands, state)?,
            b"Do" => self.external(operands, state, resources, depth)?,
            b"sh" => {
                let everything = Rect { x0: -1.0e6, y0: -1.0e6, x1: 1.0e6, y1: 1.0e6 };
                self.paint(Paint::Shading, everything, state, true)?;
            }
            b"BMC" | b"BDC" | b"EMC" | b"MP" | b"DP" | b"BX" | b"EX" | b"i" | b"ri" | b"M" | b"j" | b"J"
            | b"d" | b"d0" | b"d1" | b"W" | b"W*" | b"ET" => {}
            other => self.odd(&String::from_utf8_lossy(other)),
        }
        Ok(())
    }

    fn odd(&mut self, what: &str) {
        if self.drawing.oddities.len() < 32 {
            self.drawing.oddities.push(what.chars().take(40).collect());
        }
    }

    /// Path construction and painting; whether it was that.
    fn path_operator(
        &mut self,
        operator: &[u8],
        operands: &[Object],
        state: &State,
    ) -> Result<bool, ReadError> {
        let number = |at: usize| operands.get(at).and_then(Object::as_number).unwrap_or(0.0);
        let mut point = |x: usize, y: usize| {
            self.path.point(state.matrix.apply(Point { x: number(x), y: number(y) }));
        };
        match operator {
            b"m" => point(0, 1),
            b"l" => {
                point(0, 1);
                self.path.segments += 1;
            }
            b"c" => {
                point(0, 1);
                point(2, 3);
                point(4, 5);
                self.path.curves += 1;
            }
            b"v" | b"y" => {
                point(0, 1);
                point(2, 3);
                self.path.curves += 1;
            }
            b"re" => {
                let (x, y) = (number(0), number(1));
                for corner in [(x, y), (x + number(2), y), (x, y + number(3)), (x + number(2), y + number(3))]
                {
                    self.path.point(state.matrix.apply(Point { x: corner.0, y: corner.1 }));
                }
                self.path.segments += 4;
            }
            b"h" => {}
            b"n" => self.path = Path::default(),
            b"f" | b"F" | b"f*" => self.finish_path(state, true, false)?,
            b"S" | b"s" => self.finish_path(state, false, true)?,
            b"B" | b"B*" | b"b" | b"b*" => self.finish_path(state, true, true)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn finish_path(&mut self, state: &State, fills: bool, strokes: bool) -> Result<(), ReadError> {
        let path = std::mem::take(&mut self.path);
        let Some(area) = path.area else { return Ok(()) };
        self.drawing.has_curves |= path.curves > 0;
        self.drawing.segments = self.drawing.segments.saturating_add(path.segments);
        if fills {
            self.paint(Paint::Fill, area, state, true)?;
        }
        if strokes {
            let width = state.line_width.abs() * widest(state.matrix);
            let half = width / 2.0;
            let area =
                Rect { x0: area.x0 - half, y0: area.y0 - half, x1: area.x1 + half, y1: area.y1 + half };
            self.paint(Paint::Stroke { width }, area, state, false)?;
        }
        Ok(())
    }

    fn paint(&mut self, paint: Paint, area: Rect, state: &State, fills: bool) -> Result<(), ReadError> {
        if self.drawing.marks.len() >= MOST_MARKS {
            return Err(ReadError::Limit { what: "marks of one drawing" });
        }
        let colour = if fills { &state.fill } else { &state.stroke };
        let colour = match colour {
            Colour::Known(rgb) => Some(*rgb),
            Colour::Unknown => None,
        };
        let blend_mode = state.blend_mode.clone();
        let is_blended = blend_mode != "Normal" || state.opacity < 0.99;
        self.drawing.marks.push(Mark { paint, area, colour, is_blended, blend_mode });
        Ok(())
    }

    fn show(&mut self, text: Option<&Object>, state: &mut State) -> Result<(), ReadError> {
        let Some(bytes) = text.and_then(Object::as_string) else { return Ok(()) };
        let (shown, area) = state.show(bytes);
        let size = state.size.abs() * scale(concat(state.text, state.matrix));
        let is_painted = !matches!(state.mode, 3 | 7);
        let strokes_only = state.mode == 1;
        if let Some(area) = area {
            self.paint(Paint::Text { text: shown, size, is_painted }, area, state, !strokes_only)?;
        }
        Ok(())
    }

    fn show_array(&mut self, operands: &[Object], state: &mut State) -> Result<(), ReadError> {
        for item in operands.first().and_then(Object::as_array).unwrap_or_default() {
            match item {
                Object::String(_) => self.show(Some(item), state)?,
                other => state.shift(other.as_number().unwrap_or(0.0)),
            }
        }
        Ok(())
    }

    /// A resource of a category, followed.
    fn resource(
        &mut self,
        resources: &Dict,
        category: &str,
        name: Option<&Object>,
    ) -> Result<std::sync::Arc<Object>, ReadError> {
        let name = name.and_then(Object::as_name).map(crate::Name::to_text).unwrap_or_default();
        let all = self.document.value(resources, category)?;
        let found = match all.as_dict() {
            Some(all) => self.document.value(all, &name)?,
            None => std::sync::Arc::new(Object::Null),
        };
        if found.is_null() {
            self.odd(&format!("/{category}/{name}"));
        }
        Ok(found)
    }

    fn font(&mut self, name: &Object, resources: &Dict) -> Result<Option<Rc<Font>>, ReadError> {
        let found = self.resource(resources, "Font", Some(name))?;
        let Some(dict) = found.as_dict() else { return Ok(None) };
        if let Some((_, font)) = self.fonts.values().find(|(known, _)| known == dict) {
            return Ok(Some(Rc::clone(font)));
        }
        let font = Rc::new(Font::read(self.document, dict)?);
        if self.fonts.len() < 256 {
            self.fonts.insert(self.fonts.len(), (dict.clone(), Rc::clone(&font)));
        }
        Ok(Some(font))
    }

    fn graphics_state(
        &mut self,
        operands: &[Object],
        state: &mut State,
        resources: &Dict,
    ) -> Result<(), ReadError> {
        let found = self.resource(resources, "ExtGState", operands.first())?;
        let Some(dict) = found.as_dict() else { return Ok(()) };
        let blend = self.document.value(dict, "BM")?;
        let blend = match &*blend {
            Object::Array(names) => names.first().cloned().unwrap_or_default(),
            other => other.clone(),
        };
        if let Some(name) = blend.as_name() {
            state.blend_mode = if *name == "Compatible" { "Normal".to_owned() } else { name.to_text() };
        }
        if let Some(opacity) = self.document.value(dict, "ca")?.as_number() {
            state.opacity = opacity;
        }
        if let Some(width) = self.document.value(dict, "LW")?.as_number() {
            state.line_width = width;
        }
        if let Some([font, size]) = self.document.value(dict, "Font")?.as_array() {
            if let Some(dict) = self.document.follow(font)?.as_dict() {
                state.font = Some(Rc::new(Font::read(self.document, dict)?));
            }
            state.size = size.as_number().unwrap_or(0.0);
        }
        Ok(())
    }

    fn external(
        &mut self,
        operands: &[Object],
        state: &State,
        resources: &Dict,
        depth: usize,
    ) -> Result<(), ReadError> {
        let found = self.resource(resources, "XObject", operands.first())?;
        let Object::Stream(stream) = &*found else { return Ok(()) };
        if self.document.value(&stream.dict, "Subtype")?.is_name("Form") {
            let path = std::mem::take(&mut self.path);
            self.form(stream, state, resources, depth + 1)?;
            self.path = path;
            return Ok(());
        }
        self.paint(Paint::Image, state.matrix.apply_rect(unit()), state, true)
    }
}

fn unit() -> Rect {
    Rect { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 }
}

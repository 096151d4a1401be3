//! The operators of a content stream (ISO 32000-2, Annex A), one after another.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::colour::defaults_are_plain;
use super::font::Font;
use super::inline_image;
use super::marks::unit;
use super::operation::{Step, operation};
use super::path::Path;
use super::picture::Picture;
use super::state::{self, State};
use super::{Drawing, Paint, concat, matrix_of};
use crate::lexer::Fault;
use crate::parser::Parser;
use crate::{Dict, Document, Object, ReadError, Rect, Stream};

/// Deepest nesting of forms.
const MOST_FORMS: usize = 12;
/// Most operands of one operator.
const MOST_OPERANDS: usize = 512;

/// The limit of mitres that is in force without being stated (table 51).
const USUAL_MITER: f64 = 10.0;

/// Longest dash that makes a line no drawing, in points.
const LONGEST_DASH: f64 = 10.0;

/// Whether a dash is so long that single ones could be letters.
fn has_long_dashes(dashes: &[Object]) -> bool {
    dashes.iter().any(|dash| dash.as_number().is_none_or(|dash| dash > LONGEST_DASH))
}

/// Whether an operator has the operands that Annex A gives it.
fn has_its_operands(operator: &[u8], operands: &[Object]) -> bool {
    let numbers = match operator {
        b"w" | b"J" | b"j" | b"M" | b"i" | b"g" | b"G" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts" | b"Tr" => 1,
        b"m" | b"l" | b"Td" | b"TD" => 2,
        b"rg" | b"RG" => 3,
        b"re" | b"v" | b"y" | b"k" | b"K" => 4,
        b"cm" | b"Tm" | b"c" => 6,
        b"Tj" | b"'" | b"TJ" | b"Do" | b"gs" | b"sh" | b"cs" | b"CS" => return operands.len() == 1,
        b"Tf" => return matches!(operands, [Object::Name(_), size] if size.as_number().is_some()),
        b"\"" => return operands.len() == 3,
        _ => return true,
    };
    operands.len() == numbers && operands.iter().all(|operand| operand.as_number().is_some())
}

/// Whether a number is written as 7.3.3 has it: at most one sign, in front, and at most one point.
fn is_plain_number(written: &[u8]) -> bool {
    let written = written.trim_ascii();
    // After a comment or an odd blank: it has been read apart from those.
    let from = written.iter().rposition(|byte| crate::lexer::is_space(*byte)).map_or(0, |at| at + 1);
    let written = written.get(from..).unwrap_or_default();
    let digits = written.strip_prefix(b"-").or_else(|| written.strip_prefix(b"+")).unwrap_or(written);
    digits.iter().any(u8::is_ascii_digit)
        && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && digits.iter().filter(|byte| **byte == b'.').count() <= 1
}

/// Runs content streams, and notes what they paint.
pub(super) struct Painter<'d> {
    pub(super) document: &'d Document,
    pub(super) drawing: Drawing,
    fonts: HashMap<usize, (Dict, Rc<Font>)>,
    pub(super) path: Path,
    /// Lines kept so far.
    pub(super) lines: usize,
    /// `W` was said of the path being built.
    pub(super) clips: bool,
    /// Whether the place of each letter is wanted.
    pub(super) keeps_letters: bool,
    /// Whether colours with a profile are taken for those that their numbers mean without: of what has been signed.
    pub(super) trusts_profiles: bool,
    /// Whether the form that is run has no resources of its own.
    borrows: bool,
}

impl<'d> Painter<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self {
            document,
            drawing: Drawing::default(),
            fonts: HashMap::new(),
            path: Path::default(),
            lines: 0,
            clips: false,
            keeps_letters: false,
            trusts_profiles: false,
            borrows: false,
        }
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
        if form.dict.contains("OC") {
            self.odd("optional content");
        }
        let data = self.document.decoded(form)?;
        let own = self.document.value(&form.dict, "Resources")?;
        let resources = own.as_dict().unwrap_or(above);
        let mut inner = state.clone();
        inner.matrix = concat(matrix_of(self.document, &form.dict)?, state.matrix);
        let bbox = self.document.value(&form.dict, "BBox")?;
        let clip = crate::page::rect(self.document, &bbox)?.map(|bbox| inner.matrix.apply_rect(bbox));
        let first = self.drawing.marks.len();
        let outer = std::mem::replace(&mut self.borrows, own.as_dict().is_none());
        self.run(&data, resources, inner, depth)?;
        self.borrows = outer;
        if let Some(clip) = clip {
            self.clip(first, clip);
            if depth > 0 {
                self.cut_to(first, clip);
            }
        }
        Ok(())
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
        let spaces = self.document.value(resources, "ColorSpace")?;
        if let Some(spaces) = spaces.as_dict()
            && !defaults_are_plain(self.document, spaces)?
        {
            self.odd("colours of a device of its own");
        }
        loop {
            parser.refill(&limits);
            let before = parser.lexer.pos;
            match operation(&mut parser) {
                Ok(Step::Operand(operand)) => {
                    if operand.as_number().is_some()
                        && !is_plain_number(data.get(before..parser.lexer.pos).unwrap_or_default())
                    {
                        self.odd("a number that programs read differently");
                    }
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
                    self.paint(Paint::Image(None), state.matrix.apply_rect(unit()), &state, true)?;
                    let (at, is_certain) = inline_image::after(data, parser.lexer.pos);
                    self.drawing.is_uncertain |= !is_certain;
                    parser.lexer.pos = at;
                    operands.clear();
                }
                Ok(Step::Operator(operator)) => {
                    self.operate(operator, &operands, &mut state, resources, depth)?;
                    operands.clear();
                }
                // A stray delimiter: passed over as viewers do.
                Err(Fault::Bad(what)) => {
                    self.odd(what);
                    if parser.lexer.pos == before {
                        parser.lexer.pos += 1;
                    }
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
        if !has_its_operands(operator, operands) {
            // Programs take the first ones, the last ones, or pass the operator over.
            self.odd("operands that do not fit");
            self.drawing.is_uncertain |= matches!(operator, b"cm" | b"Tm" | b"Td" | b"TD" | b"Tf");
        }
        if self.path_operator(operator, operands, state)? {
            return Ok(());
        }
        if state.text_operator(operator, operands) {
            return Ok(());
        }
        if state.colour_operator(operator, operands) {
            if self.trusts_profiles
                && matches!(operator, b"cs" | b"CS")
                && self.has_profile(operands, resources)?
            {
                let [fill, stroke] = state.device;
                state.device = if operator == b"cs" { [true, stroke] } else { [fill, true] };
            }
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
            b"W" | b"W*" => self.clips = true,
            b"BDC" if operands.first().and_then(Object::as_name).is_some_and(|tag| *tag == *"OC") => {
                self.odd("optional content");
            }
            b"d" if operands.first().and_then(Object::as_array).is_some_and(has_long_dashes) => {
                self.odd("long dashes");
            }
            b"M" if operands.first().and_then(Object::as_number).is_some_and(|limit| limit > USUAL_MITER) => {
                self.odd("long mitres");
            }
            b"BMC" | b"BDC" | b"EMC" | b"MP" | b"DP" | b"BX" | b"EX" | b"i" | b"ri" | b"M" | b"j" | b"J"
            | b"d" | b"d0" | b"d1" | b"ET" => {}
            other => self.odd(&String::from_utf8_lossy(other)),
        }
        Ok(())
    }

    pub(super) fn odd(&mut self, what: &str) {
        if self.drawing.oddities.len() < 32 {
            self.drawing.oddities.push(what.chars().take(40).collect());
        }
    }

    /// A resource of a category, followed.
    fn resource(
        &mut self,
        resources: &Dict,
        category: &str,
        name: Option<&Object>,
    ) -> Result<Arc<Object>, ReadError> {
        let name = name.and_then(Object::as_name).map(crate::Name::to_text).unwrap_or_default();
        let all = self.document.value(resources, category)?;
        let found = match all.as_dict() {
            Some(all) => self.document.value(all, &name)?,
            None => Arc::new(Object::Null),
        };
        if found.is_null() {
            self.odd(&format!("/{category}/{name}"));
        } else if self.borrows {
            // Some programs look into the page or the form for what a look does not bring itself (7.8.3), others do not.
            self.odd("resources of others");
        }
        Ok(found)
    }

    fn font(&mut self, name: &Object, resources: &Dict) -> Result<Option<Rc<Font>>, ReadError> {
        let found = self.resource(resources, "Font", Some(name))?;
        let Some(dict) = found.as_dict() else { return Ok(None) };
        let fonts = self.document.value(resources, "Font")?;
        let entry = name.as_name().and_then(|name| Some(fonts.as_dict()?.value(&name.to_text()).clone()));
        let reference = entry.as_ref().and_then(Object::as_reference);
        if let Some((_, font)) = self.fonts.values().find(|(known, _)| known == dict) {
            return Ok(Some(Rc::clone(font)));
        }
        let font = Rc::new(Font::read(self.document, dict, reference)?);
        if self.fonts.len() < 256 {
            self.fonts.insert(self.fonts.len(), (dict.clone(), Rc::clone(&font)));
        }
        Ok(Some(font))
    }

    /// Whether a colour space is one of a device with a profile (8.6.5).
    fn has_profile(&self, operands: &[Object], resources: &Dict) -> Result<bool, ReadError> {
        let name = operands.first().and_then(Object::as_name).map(crate::Name::to_text).unwrap_or_default();
        let spaces = self.document.value(resources, "ColorSpace")?;
        let Some(spaces) = spaces.as_dict() else { return Ok(false) };
        let space = self.document.value(spaces, &name)?;
        let family = match space.as_array().and_then(<[Object]>::first) {
            Some(family) => self.document.follow(family)?,
            None => return Ok(false),
        };
        Ok(["ICCBased", "CalGray", "CalRGB"].iter().any(|one| family.is_name(one)))
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
        if !matches!(&*self.document.value(dict, "SMask")?, Object::Null | Object::Name(_)) {
            self.odd("a mask");
        }
        for key in ["TR", "TR2"] {
            if !matches!(&*self.document.value(dict, key)?, Object::Null | Object::Name(_)) {
                self.odd("a transfer function");
            }
        }
        if let Some(opacity) = self.document.value(dict, "ca")?.as_number() {
            state.opacity = opacity;
        }
        if let Some(width) = self.document.value(dict, "LW")?.as_number() {
            state.line_width = width;
        }
        if let Some([font, size]) = self.document.value(dict, "Font")?.as_array() {
            if let Some(dict) = self.document.follow(font)?.as_dict() {
                state.font = Some(Rc::new(Font::read(self.document, dict, font.as_reference())?));
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
        if stream.dict.contains("OC") {
            self.odd("optional content");
        }
        if self.document.value(&stream.dict, "Subtype")?.is_name("Form") {
            let path = std::mem::take(&mut self.path);
            self.form(stream, state, resources, depth + 1)?;
            self.path = path;
            return Ok(());
        }
        let picture = Picture::new(Arc::clone(&found), state.matrix);
        self.paint(Paint::Image(Some(Arc::new(picture))), state.matrix.apply_rect(unit()), state, true)
    }
}

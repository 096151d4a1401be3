//! Values and indirect objects (ISO 32000-2, 7.3).

use std::ops::Range;

use crate::lexer::{Fault, Lexer, Token};
use crate::{Dict, Limits, Name, Object, Ref};

/// Reads values from a window.
pub(crate) struct Parser<'a> {
    pub(crate) lexer: Lexer<'a>,
    values_left: usize,
    max_depth: usize,
}

/// An indirect object as far as `stream` or `endobj`.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) reference: Ref,
    /// Position of the object number.
    pub(crate) start: usize,
    pub(crate) object: Object,
    /// Where the stream data begins, for a stream.
    pub(crate) stream: Option<usize>,
    /// After `endobj` where it is there, else after the value; before the data for a stream.
    pub(crate) end: usize,
    /// Whether `endobj` or `stream` was found.
    pub(crate) is_closed: bool,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(data: &'a [u8], is_final: bool, limits: &Limits) -> Self {
        Self {
            lexer: Lexer::new(data, is_final),
            values_left: limits.max_values,
            max_depth: limits.max_depth,
        }
    }

    /// Allows as many values again: for a sequence of objects, each within the limit.
    pub(crate) fn refill(&mut self, limits: &Limits) {
        self.values_left = limits.max_values;
    }

    /// One value.
    pub(crate) fn value(&mut self) -> Result<Object, Fault> {
        let token = self.lexer.token()?;
        self.value_of(token, 0)
    }

    /// A dictionary.
    pub(crate) fn dict(&mut self) -> Result<Dict, Fault> {
        match self.value()? {
            Object::Dictionary(dict) => Ok(dict),
            _ => Err(Fault::Bad("a dictionary")),
        }
    }

    fn value_of(&mut self, token: Token<'a>, depth: usize) -> Result<Object, Fault> {
        self.values_left = self.values_left.checked_sub(1).ok_or(Fault::Limit("values in one object"))?;
        if depth > self.max_depth {
            return Err(Fault::Limit("nesting of one object"));
        }
        match token {
            Token::Integer(number) => self.integer_or_reference(number),
            Token::Real(value) => Ok(Object::Real(value)),
            Token::Name(name) => Ok(Object::Name(name)),
            Token::String(string) => Ok(Object::String(string)),
            Token::ArrayOpen => self.array(depth),
            Token::DictOpen => self.entries(depth),
            Token::Keyword(b"null") => Ok(Object::Null),
            Token::Keyword(b"true") => Ok(Object::Bool(true)),
            Token::Keyword(b"false") => Ok(Object::Bool(false)),
            Token::Keyword(_) => Err(Fault::Bad("a value, not a keyword")),
            Token::ArrayClose | Token::DictClose => Err(Fault::Bad("a value, not a closing bracket")),
        }
    }

    fn integer_or_reference(&mut self, number: i64) -> Result<Object, Fault> {
        let Ok(number32) = u32::try_from(number) else { return Ok(Object::Integer(number)) };
        let after = self.lexer.pos;
        if let Some(generation) = self.lexer.integer()?
            && let Ok(generation) = u16::try_from(generation)
            && self.lexer.keyword(b"R")?
        {
            return Ok(Object::Reference(Ref::new(number32, generation)));
        }
        self.lexer.pos = after;
        Ok(Object::Integer(number))
    }

    fn array(&mut self, depth: usize) -> Result<Object, Fault> {
        let mut items = Vec::new();
        loop {
            match self.lexer.token()? {
                Token::ArrayClose => return Ok(Object::Array(items)),
                token => items.push(self.value_of(token, depth + 1)?),
            }
        }
    }

    fn entries(&mut self, depth: usize) -> Result<Object, Fault> {
        let mut entries = Vec::with_capacity(8);
        loop {
            match self.lexer.token()? {
                Token::DictClose => return Ok(Object::Dictionary(Dict::from_entries(entries))),
                Token::Name(key) => {
                    let token = self.lexer.token()?;
                    entries.push((key, self.value_of(token, depth + 1)?));
                }
                _ => return Err(Fault::Bad("a name as dictionary key")),
            }
        }
    }

    /// `N G obj`, a value, and `endobj` or `stream` (7.3.10).
    pub(crate) fn indirect(&mut self) -> Result<Head, Fault> {
        let (start, reference) = self.header()?;
        let object = self.value_or_nothing()?;
        let after = self.lexer.pos;
        if self.lexer.keyword(b"endobj")? {
            let end = self.lexer.pos;
            return Ok(Head { reference, start, object, stream: None, end, is_closed: true });
        }
        if matches!(object, Object::Dictionary(_)) && self.lexer.keyword(b"stream")? {
            self.skip_blanks_before_line_end();
            let end = self.lexer.pos;
            let data = match self.lexer.rest() {
                [b'\r', b'\n', ..] => end + 2,
                [b'\r' | b'\n', _, ..] => end + 1,
                [] | [_] => return Err(Fault::End),
                _ => end,
            };
            return Ok(Head { reference, start, object, stream: Some(data), end, is_closed: true });
        }
        Ok(Head { reference, start, object, stream: None, end: after, is_closed: false })
    }

    /// Some writers leave blanks between `stream` and the line end.
    fn skip_blanks_before_line_end(&mut self) {
        let rest = self.lexer.rest();
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if matches!(rest.get(blanks), Some(b'\r' | b'\n')) {
            self.lexer.pos += blanks;
        }
    }

    /// `N G obj`: the position of `N`, and the reference.
    pub(crate) fn header(&mut self) -> Result<(usize, Ref), Fault> {
        const WHAT: Fault = Fault::Bad("an object header");
        self.lexer.skip_space();
        let start = self.lexer.pos;
        let number = self.lexer.integer()?.and_then(|n| u32::try_from(n).ok()).ok_or(WHAT)?;
        let generation = self.lexer.integer()?.and_then(|n| u16::try_from(n).ok()).ok_or(WHAT)?;
        if !self.lexer.keyword(b"obj")? && !self.glued_obj() {
            return Err(WHAT);
        }
        Ok((start, Ref::new(number, generation)))
    }

    /// `obj` directly followed by a regular character, as in `1 0 obj5`: some writers leave no space.
    fn glued_obj(&mut self) -> bool {
        let start = self.lexer.pos;
        self.lexer.skip_space();
        let is_glued = self.lexer.rest().starts_with(b"obj");
        self.lexer.pos = if is_glued { self.lexer.pos + 3 } else { start };
        is_glued
    }

    /// A value; `null` where `endobj` follows at once.
    fn value_or_nothing(&mut self) -> Result<Object, Fault> {
        let start = self.lexer.pos;
        if self.lexer.keyword(b"endobj")? {
            self.lexer.pos = start;
            return Ok(Object::Null);
        }
        self.value()
    }

    /// The spans of the values of a dictionary that comes next, by key.
    pub(crate) fn value_spans(&mut self) -> Result<Vec<(Name, Range<usize>)>, Fault> {
        if self.lexer.token()? != Token::DictOpen {
            return Err(Fault::Bad("a dictionary"));
        }
        let mut spans = Vec::new();
        loop {
            match self.lexer.token()? {
                Token::DictClose => return Ok(spans),
                Token::Name(key) => {
                    self.lexer.skip_space();
                    let start = self.lexer.pos;
                    self.value()?;
                    spans.push((key, start..self.lexer.pos));
                }
                _ => return Err(Fault::Bad("a name as dictionary key")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &[u8]) -> Result<Object, Fault> {
        Parser::new(text, true, &Limits::default()).value()
    }

    #[test]
    fn integers_are_told_from_references() {
        let Ok(Object::Array(items)) = value(b"[1 2 R 3 4 5 0 R 6 -7 8]") else { panic!("an array") };
        assert_eq!(format!("{items:?}"), "[1 2 R, 3, 4, 5 0 R, 6, -7, 8]");
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let Ok(Object::Dictionary(dict)) = value(b"<</A 1/B 2/A 3>>") else { panic!("a dictionary") };
        assert_eq!(dict.get("A"), Some(&Object::Integer(3)));
        assert_eq!(dict.len(), 2);
    }

    #[test]
    fn deep_nesting_is_refused() {
        let text = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        assert_eq!(value(&text), Err(Fault::Limit("nesting of one object")));
    }

    #[test]
    fn spans_of_values_are_exact() {
        let text = b"<< /A (x) /Contents  <00ff> /B [1 2] >>";
        let spans = Parser::new(text, true, &Limits::default()).value_spans().expect("a dictionary");
        let texts: Vec<_> = spans.iter().map(|(_, span)| &text[span.clone()]).collect();
        assert_eq!(texts, [&b"(x)"[..], b"<00ff>", b"[1 2]"]);
    }
}

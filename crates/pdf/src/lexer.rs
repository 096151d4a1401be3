//! Tokens (ISO 32000-2, 7.2 and 7.3).
//!
//! The lexer reads a window of the file. Where a token touches the window's end and the file goes on, it says
//! [`Fault::End`], and the caller comes again with a longer window.

use crate::{Name, PdfString};

/// Why no value could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes ended too early.
    End,
    /// They are no PDF syntax; what was expected.
    Bad(&'static str),
    /// A limit was reached.
    Limit(&'static str),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token<'a> {
    Integer(i64),
    Real(f64),
    Name(Name),
    String(PdfString),
    ArrayOpen,
    ArrayClose,
    DictOpen,
    DictClose,
    Keyword(&'a [u8]),
}

/// White space (Table 1).
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// Neither white space nor a delimiter (Table 2).
pub(crate) fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

pub(crate) fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// A position in a window.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    data: &'a [u8],
    pub(crate) pos: usize,
    /// Whether the file ends where the window ends.
    is_final: bool,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(data: &'a [u8], is_final: bool) -> Self {
        Self { data, pos: 0, is_final }
    }

    pub(crate) fn data(&self) -> &'a [u8] {
        self.data
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.data.get(self.pos).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.data.get(self.pos.saturating_add(ahead)).copied()
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.data.get(self.pos..).unwrap_or_default()
    }

    /// Skips white space and comments.
    pub(crate) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if is_space(byte) {
                self.pos += 1;
            } else if byte == b'%' {
                let len = self.rest().iter().position(|b| matches!(b, b'\r' | b'\n'));
                self.pos += len.unwrap_or(self.rest().len());
            } else {
                break;
            }
        }
    }

    /// The next token.
    pub(crate) fn token(&mut self) -> Result<Token<'a>, Fault> {
        self.skip_space();
        let byte = self.peek().ok_or(Fault::End)?;
        match byte {
            b'/' => self.name().map(Token::Name),
            b'(' => self.literal().map(Token::String),
            b'<' => match self.peek_at(1) {
                Some(b'<') => Ok(self.advance(2, Token::DictOpen)),
                Some(_) => self.hex().map(Token::String),
                None => Err(Fault::End),
            },
            b'>' => match self.peek_at(1) {
                Some(b'>') => Ok(self.advance(2, Token::DictClose)),
                Some(_) => Err(Fault::Bad("a lone '>'")),
                None => Err(Fault::End),
            },
            b'[' => Ok(self.advance(1, Token::ArrayOpen)),
            b']' => Ok(self.advance(1, Token::ArrayClose)),
            b')' => Err(Fault::Bad("a lone ')'")),
            b'{' | b'}' => Err(Fault::Bad("a brace")),
            _ => {
                let run = self.run()?;
                Ok(number(run).unwrap_or(Token::Keyword(run)))
            }
        }
    }

    /// The next token where it is an integer; else nothing is consumed.
    pub(crate) fn integer(&mut self) -> Result<Option<i64>, Fault> {
        let start = self.pos;
        self.skip_space();
        match self.peek() {
            Some(b'0'..=b'9' | b'+' | b'-') => {}
            Some(_) => {
                self.pos = start;
                return Ok(None);
            }
            None => return self.at_end(start),
        }
        if let Some(Token::Integer(value)) = number(self.run()?) {
            return Ok(Some(value));
        }
        self.pos = start;
        Ok(None)
    }

    /// Consumes this keyword where it comes next.
    pub(crate) fn keyword(&mut self, word: &[u8]) -> Result<bool, Fault> {
        let start = self.pos;
        self.skip_space();
        if !self.rest().starts_with(word) {
            let short = self.rest().len() < word.len() && word.starts_with(self.rest()) && !self.is_final;
            self.pos = start;
            return if short { Err(Fault::End) } else { Ok(false) };
        }
        match self.peek_at(word.len()) {
            Some(byte) if is_regular(byte) => {
                self.pos = start;
                Ok(false)
            }
            None if !self.is_final => Err(Fault::End),
            _ => {
                self.pos += word.len();
                Ok(true)
            }
        }
    }

    fn at_end<T>(&mut self, start: usize) -> Result<Option<T>, Fault> {
        self.pos = start;
        if self.is_final { Ok(None) } else { Err(Fault::End) }
    }

    fn advance(&mut self, by: usize, token: Token<'a>) -> Token<'a> {
        self.pos += by;
        token
    }

    /// A run of regular characters, which must not be cut off by the window.
    fn run(&mut self) -> Result<&'a [u8], Fault> {
        let rest = self.rest();
        let len = rest.iter().position(|b| !is_regular(*b)).unwrap_or(rest.len());
        if len == rest.len() && !self.is_final {
            return Err(Fault::End);
        }
        self.pos += len;
        rest.get(..len).ok_or(Fault::End)
    }

    fn name(&mut self) -> Result<Name, Fault> {
        self.pos += 1;
        let run = self.run()?;
        if !run.contains(&b'#') {
            return Ok(Name::from_bytes(run));
        }
        let mut bytes = Vec::with_capacity(run.len());
        let mut left = run;
        while let Some((&byte, tail)) = left.split_first() {
            left = tail;
            let escaped = match tail {
                [high, low, ..] if byte == b'#' => hex_digit(*high).zip(hex_digit(*low)),
                _ => None,
            };
            match escaped {
                Some((high, low)) => {
                    bytes.push(high << 4 | low);
                    left = tail.get(2..).unwrap_or_default();
                }
                None => bytes.push(byte),
            }
        }
        Ok(Name::from_bytes(&bytes))
    }

    /// A literal string (7.3.4.2). A bare carriage return is kept, though the standard reads it as a line feed:
    /// writers leave it unescaped in binary strings, and other readers keep it.
    fn literal(&mut self) -> Result<PdfString, Fault> {
        self.pos += 1;
        let mut bytes = Vec::new();
        let mut depth = 1_usize;
        loop {
            let rest = self.rest();
            let plain = rest.iter().position(|b| matches!(b, b'(' | b')' | b'\\')).ok_or(Fault::End)?;
            bytes.extend_from_slice(rest.get(..plain).unwrap_or_default());
            let byte = rest.get(plain).copied().ok_or(Fault::End)?;
            self.pos += plain + 1;
            match byte {
                b'(' => {
                    depth += 1;
                    bytes.push(byte);
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(PdfString { bytes, hex: false });
                    }
                    bytes.push(byte);
                }
                _ => self.escape(&mut bytes)?,
            }
        }
    }

    fn skip_line_feed(&mut self) -> Result<(), Fault> {
        if self.peek().ok_or(Fault::End)? == b'\n' {
            self.pos += 1;
        }
        Ok(())
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), Fault> {
        let byte = self.peek().ok_or(Fault::End)?;
        self.pos += 1;
        match byte {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(0x0c),
            b'\r' => self.skip_line_feed()?,
            b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u16::from(byte - b'0');
                for _ in 0..2 {
                    match self.peek().ok_or(Fault::End)? {
                        digit @ b'0'..=b'7' => {
                            value = value * 8 + u16::from(digit - b'0');
                            self.pos += 1;
                        }
                        _ => break,
                    }
                }
                // High-order overflow is ignored (Table 3).
                bytes.extend(u8::try_from(value & 0xff));
            }
            _ => bytes.push(byte),
        }
        Ok(())
    }

    /// A hexadecimal string (7.3.4.3).
    fn hex(&mut self) -> Result<PdfString, Fault> {
        let rest = self.rest().get(1..).ok_or(Fault::End)?;
        let len = rest.iter().position(|b| *b == b'>').ok_or(Fault::End)?;
        let body = rest.get(..len).unwrap_or_default();
        if let Some(bytes) = hex_pairs(body) {
            self.pos += len + 2;
            return Ok(PdfString { bytes, hex: true });
        }
        let mut bytes = Vec::with_capacity(len / 2 + 1);
        let mut high = None;
        for byte in body {
            match (hex_digit(*byte), high) {
                (Some(digit), None) => high = Some(digit),
                (Some(digit), Some(first)) => {
                    bytes.push(first << 4 | digit);
                    high = None;
                }
                (None, _) if is_space(*byte) => {}
                (None, _) => return Err(Fault::Bad("a hexadecimal digit")),
            }
        }
        if let Some(digit) = high {
            bytes.push(digit << 4);
        }
        self.pos += len + 2;
        Ok(PdfString { bytes, hex: true })
    }
}

/// Digits in pairs with nothing between them: signatures are long and are written so. `None` for anything else.
fn hex_pairs(body: &[u8]) -> Option<Vec<u8>> {
    // Without branches and tables, so that many digits are read at once. 16 and more: no digit.
    let value = |digit: u8| {
        let (number, letter) = (digit.wrapping_sub(b'0'), (digit | 0x20).wrapping_sub(b'a'));
        let letter = if letter < 6 { letter + 10 } else { 0xff };
        if number < 10 { number } else { letter }
    };
    let (pairs, rest) = body.as_chunks::<2>();
    let all = body.iter().fold(0, |all, digit| all | value(*digit));
    if !rest.is_empty() || all >= 16 {
        return None;
    }
    let joined = |pair: &[u8; 2]| {
        let pair = u16::from_le_bytes(*pair);
        // Letters have bit 6 set, and their low four bits count from one.
        let values = (pair & 0x0f0f) + (pair >> 6 & 0x0101) * 9;
        let [byte, _] = (values << 4 | values >> 8).to_le_bytes();
        byte
    };
    Some(pairs.iter().map(joined).collect())
}

/// A number (7.3.3), read as leniently as viewers do: `--5`, `.`, `4.` and `5-3` occur in real files.
fn number(run: &[u8]) -> Option<Token<'static>> {
    let signs = run.iter().take_while(|b| matches!(b, b'+' | b'-')).count();
    let is_negative = run.get(..signs)?.contains(&b'-');
    let body = run.get(signs..)?;
    let digits = body.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == body.len() && digits > 0 {
        let value = body
            .iter()
            .try_fold(0_i64, |value, digit| value.checked_mul(10)?.checked_add(i64::from(digit - b'0')));
        if let Some(value) = value {
            return Some(Token::Integer(if is_negative { -value } else { value }));
        }
    }
    if !body.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) || body.is_empty() {
        return None;
    }
    if body.iter().filter(|b| **b == b'.').count() > 1 {
        return None;
    }
    let end = body.iter().position(|b| *b == b'-').unwrap_or(body.len());
    let text = std::str::from_utf8(body.get(..end)?).ok()?;
    let value = if text.is_empty() || text == "." { 0.0 } else { text.parse::<f64>().ok()? };
    if end < body.len() && !text.contains('.') {
        return text.parse().ok().map(|value: i64| Token::Integer(if is_negative { -value } else { value }));
    }
    Some(Token::Real(if is_negative { -value } else { value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<Token<'_>> {
        let mut lexer = Lexer::new(text, true);
        std::iter::from_fn(|| lexer.token().ok()).collect()
    }

    #[test]
    fn numbers_read_as_viewers_read_them() {
        let real = Token::Real;
        assert_eq!(
            all(b"1 -2 +3 4. -.5 --6 . 12345678901234567890 00012"),
            [
                Token::Integer(1),
                Token::Integer(-2),
                Token::Integer(3),
                real(4.0),
                real(-0.5),
                Token::Integer(-6),
                real(0.0),
                real(12_345_678_901_234_567_890.0),
                Token::Integer(12)
            ]
        );
        assert_eq!(all(b"1.2.3"), [Token::Keyword(b"1.2.3")]);
    }

    #[test]
    fn strings_are_unescaped() {
        let text = b"(a\\(b(c)\\)\\101\\7\\\r\nx\r\ny\\q) <4 1 5>";
        let [Token::String(literal), Token::String(hex)] = &all(text)[..] else { panic!("two strings") };
        assert_eq!(literal.bytes, b"a(b(c))A\x07x\r\nyq");
        assert_eq!(hex.bytes, b"AP");
    }

    #[test]
    fn hexadecimal_digits_in_pairs_are_read_as_any_others() {
        for byte in 0..=u8::MAX {
            let (lower, upper) = (format!("{byte:02x}"), format!("{byte:02X}"));
            assert_eq!(hex_pairs(lower.as_bytes()), Some(vec![byte]));
            assert_eq!(hex_pairs(upper.as_bytes()), Some(vec![byte]));
            let digit = hex_digit(byte);
            assert_eq!(hex_pairs(&[byte, b'0']), digit.map(|digit| vec![digit << 4]), "{byte}");
            assert_eq!(hex_pairs(&[b'0', byte]), digit.map(|digit| vec![digit]), "{byte}");
        }
        assert_eq!(hex_pairs(b"012"), None);
    }

    #[test]
    fn a_token_at_the_end_of_a_window_asks_for_more() {
        for text in [&b"12"[..], b"/Na", b"(ab", b"<41", b"<", b"endob", b"  "] {
            assert_eq!(Lexer::new(text, false).token(), Err(Fault::End), "{text:?}");
        }
        assert_eq!(Lexer::new(b"12", true).token(), Ok(Token::Integer(12)));
    }

    #[test]
    fn names_decode_their_escapes() {
        assert_eq!(
            all(b"/A#20B#zz/ /C"),
            [
                Token::Name(Name::from_bytes(b"A B#zz")),
                Token::Name(Name::new("")),
                Token::Name(Name::new("C"))
            ]
        );
    }
}

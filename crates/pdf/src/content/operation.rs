//! Reading a content stream: operands, operators, and past inline images (ISO 32000-2, 7.8.2, 8.9.7).

use crate::Object;
use crate::lexer::{Fault, Lexer, Token};
use crate::parser::Parser;

/// What stands next in a content stream.
pub(super) enum Step<'a> {
    Operand(Object),
    Operator(&'a [u8]),
}

/// An operand or an operator.
pub(super) fn operation<'a>(parser: &mut Parser<'a>) -> Result<Step<'a>, Fault> {
    let start = parser.lexer.pos;
    match parser.lexer.token()? {
        Token::Keyword(word) if !matches!(word, b"true" | b"false" | b"null") => Ok(Step::Operator(word)),
        Token::Integer(number) => Ok(Step::Operand(Object::Integer(number))),
        Token::Real(number) => Ok(Step::Operand(Object::Real(number))),
        Token::Name(name) => Ok(Step::Operand(Object::Name(name))),
        Token::String(string) => Ok(Step::Operand(Object::String(string))),
        _ => {
            parser.lexer.pos = start;
            parser.value().map(Step::Operand)
        }
    }
}

/// After the `EI` of an inline image whose dictionary begins at `at` (8.9.7).
pub(super) fn after_inline_image(data: &[u8], at: usize) -> usize {
    let rest = data.get(at..).unwrap_or_default();
    let blank = |byte: Option<&u8>| byte.is_none_or(|byte| crate::lexer::is_space(*byte));
    let start = rest
        .windows(3)
        .position(|window| matches!(window, [b'I', b'D', byte] if crate::lexer::is_space(*byte)))
        .map_or(rest.len(), |found| found + 3);
    let body = rest.get(start..).unwrap_or_default();
    let end = (0..body.len()).find(|at| {
        body.get(*at..*at + 2) == Some(b"EI")
            && blank(at.checked_sub(1).and_then(|before| body.get(before)))
            && blank(body.get(at + 2))
            && looks_like_content(body.get(at + 2..).unwrap_or_default())
    });
    at + start + end.map_or(body.len(), |end| end + 2)
}

/// Whether what follows is operators, not image data that happens to hold `EI`.
fn looks_like_content(rest: &[u8]) -> bool {
    let piece = rest.get(..rest.len().min(24)).unwrap_or_default();
    let mut lexer = Lexer::new(piece, true);
    lexer.skip_space();
    piece.iter().all(|byte| byte.is_ascii_graphic() || crate::lexer::is_space(*byte))
}

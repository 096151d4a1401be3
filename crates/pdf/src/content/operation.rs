//! Reading a content stream: operands and operators (ISO 32000-2, 7.8.2).

use crate::Object;
use crate::lexer::{Fault, Token};
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

//! Where the data of an inline image ends (ISO 32000-2, 8.9.7).

use crate::lexer::{Lexer, is_space};

/// After the `EI` of an inline image whose dictionary begins at `at` (8.9.7), and whether every program would look for it
/// there: some go by the size of the image, some take the first `EI`, some look at what follows it.
pub(super) fn after(data: &[u8], at: usize) -> (usize, bool) {
    let rest = data.get(at..).unwrap_or_default();
    let blank = |byte: Option<&u8>| byte.is_none_or(|byte| is_space(*byte));
    let start = rest
        .windows(3)
        .position(|window| matches!(window, [b'I', b'D', byte] if is_space(*byte)))
        .map_or(rest.len(), |found| found + 3);
    let head = rest.get(..start).unwrap_or_default();
    let body = rest.get(start..).unwrap_or_default();
    let mut candidates = (0..body.len()).filter(|at| {
        body.get(*at..*at + 2) == Some(b"EI")
            && blank(at.checked_sub(1).and_then(|before| body.get(before)))
            && blank(body.get(at + 2))
    });
    let first = candidates.next();
    let fits = |at: &usize| looks_like_content(body.get(at + 2..).unwrap_or_default());
    let end = first.into_iter().chain(candidates).find(fits);
    let is_certain = end.is_some() && end == first && !head.contains(&b'(') && !head.contains(&b'%');
    (at + start + end.map_or(body.len(), |end| end + 2), is_certain)
}

/// Whether what follows is operators, not image data that happens to hold `EI`.
fn looks_like_content(rest: &[u8]) -> bool {
    let piece = rest.get(..rest.len().min(24)).unwrap_or_default();
    let mut lexer = Lexer::new(piece, true);
    lexer.skip_space();
    piece.iter().all(|byte| byte.is_ascii_graphic() || is_space(*byte))
}

//! PEM (RFC 7468), read leniently: any line width, text around the blocks.
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::ParseError;

/// Largest PEM text that is looked through.
const LIMIT: usize = 16 * 1024 * 1024;

/// The contents of all blocks labelled `label`, in order, wiped when dropped: they may be private keys.
pub(crate) fn blocks(pem: &str, label: &str) -> Result<Vec<Zeroizing<Vec<u8>>>, ParseError> {
    each(pem, label)?.into_iter().collect()
}

/// The same, each for itself: one that is no base64 is no obstacle to the others.
#[expect(clippy::type_complexity, reason = "a block or why it is none")]
pub(crate) fn each(
    pem: &str,
    label: &str,
) -> Result<Vec<Result<Zeroizing<Vec<u8>>, ParseError>>, ParseError> {
    if pem.len() > LIMIT {
        return Err(ParseError::TooLarge { what: "PEM text", limit: LIMIT });
    }
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut out = Vec::new();
    let mut rest = pem;
    while let Some((_, after)) = rest.split_once(&begin) {
        let (body, after) = after.split_once(&end).ok_or(ParseError::malformed("PEM text"))?;
        out.push(decoded(body).ok_or(ParseError::malformed("PEM text")));
        rest = after;
    }
    Ok(out)
}

/// What the base64 says. Neither buffer grows, so that nothing is left behind where it was.
fn decoded(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(String::with_capacity(body.len()));
    text.extend(body.split_ascii_whitespace());
    let mut out = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let length = STANDARD.decode_slice(text.as_bytes(), &mut out).ok()?;
    out.truncate(length);
    Some(out)
}

/// One block in lines of 64 characters.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

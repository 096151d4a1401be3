//! PEM (RFC 7468), read leniently: any line width, text around the blocks.
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::ParseError;

/// Largest PEM text that is looked through.
const LIMIT: usize = 16 * 1024 * 1024;

/// The contents of all blocks labelled `label`, in order.
pub(crate) fn blocks(pem: &str, label: &str) -> Result<Vec<Vec<u8>>, ParseError> {
    if pem.len() > LIMIT {
        return Err(ParseError::TooLarge { what: "PEM text", limit: LIMIT });
    }
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut out = Vec::new();
    let mut rest = pem;
    while let Some((_, after)) = rest.split_once(&begin) {
        let (body, after) = after.split_once(&end).ok_or(ParseError::malformed("PEM text"))?;
        let body: String = body.split_ascii_whitespace().collect();
        out.push(STANDARD.decode(body).map_err(|_| ParseError::malformed("PEM text"))?);
        rest = after;
    }
    Ok(out)
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

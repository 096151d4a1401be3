//! ASCIIHexDecode, ASCII85Decode and RunLengthDecode (ISO 32000-2, 7.4.2, 7.4.3, 7.4.5).

use crate::ReadError;
use crate::lexer::{hex_digit, is_space};

/// Hexadecimal until `>`; what is no digit is passed over.
pub(super) fn hex(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 2);
    let mut high = None;
    for digit in data.iter().take_while(|b| **b != b'>').filter_map(|b| hex_digit(*b)) {
        match high.take() {
            None => high = Some(digit),
            Some(first) => out.push(first << 4 | digit),
        }
    }
    out.extend(high.map(|digit| digit << 4));
    out
}

/// Base 85 until `~>`.
pub(super) fn base85(data: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
    let bad = || ReadError::damaged(0, "base-85 data");
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let (mut group, mut count) = (0_u64, 0_usize);
    let data = data.strip_prefix(b"<~").unwrap_or(data);
    for byte in data.iter().take_while(|b| **b != b'~').filter(|b| !is_space(**b)) {
        match byte {
            b'z' if count == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                group = group * 85 + u64::from(byte - b'!');
                count += 1;
                if count == 5 {
                    out.extend(u32::try_from(group).map_err(|_| bad())?.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            _ => return Err(bad()),
        }
        if out.len() > limit {
            return Err(super::too_large());
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group * 85 + 84;
        }
        let bytes = u32::try_from(group).map_err(|_| bad())?.to_be_bytes();
        out.extend_from_slice(bytes.get(..count - 1).unwrap_or_default());
    }
    Ok(out)
}

/// Runs until the mark 128.
pub(super) fn run_length(data: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut out = Vec::new();
    let mut rest = data;
    while let Some((length, tail)) = rest.split_first() {
        match length {
            128 => break,
            0..=127 => {
                let count = (usize::from(*length) + 1).min(tail.len());
                let (run, after) = tail.split_at(count);
                out.extend_from_slice(run);
                rest = after;
            }
            129..=255 => {
                let Some((byte, after)) = tail.split_first() else { break };
                out.extend(std::iter::repeat_n(*byte, 257 - usize::from(*length)));
                rest = after;
            }
        }
        if out.len() > limit {
            return Err(super::too_large());
        }
    }
    Ok(out)
}

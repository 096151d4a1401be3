//! LZWDecode (ISO 32000-2, 7.4.4.2).

use crate::ReadError;

const CLEAR: u16 = 256;
const END: u16 = 257;
const MOST: usize = 4096;

/// The code table: each entry is its prefix's code and a last byte; lengths are kept to write backwards.
struct Table {
    prefix: Vec<u16>,
    last: Vec<u8>,
    len: Vec<usize>,
}

impl Table {
    fn new() -> Self {
        let mut table = Self { prefix: Vec::new(), last: Vec::new(), len: Vec::new() };
        table.clear();
        table
    }

    fn clear(&mut self) {
        self.prefix.clear();
        self.prefix.resize(258, 0);
        self.last.clear();
        self.last.extend(0..=u8::MAX);
        self.last.extend([0, 0]);
        self.len.clear();
        self.len.resize(258, 1);
    }

    fn push(&mut self, prefix: u16, last: u8) {
        if self.len.len() < MOST {
            let len = self.len.get(usize::from(prefix)).copied().unwrap_or(0) + 1;
            self.prefix.push(prefix);
            self.last.push(last);
            self.len.push(len);
        }
    }

    /// Appends the string of `code` and gives its first byte.
    fn write(&self, code: u16, out: &mut Vec<u8>) -> Option<u8> {
        let len = *self.len.get(usize::from(code))?;
        let start = out.len();
        out.resize(start + len, 0);
        let mut code = code;
        for slot in out.get_mut(start..)?.iter_mut().rev() {
            *slot = *self.last.get(usize::from(code))?;
            code = *self.prefix.get(usize::from(code))?;
        }
        out.get(start).copied()
    }
}

/// Undoes LZW; `early` says whether codes lengthen one code early, as they do by default.
pub(super) fn decode(data: &[u8], early: bool, limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut out = Vec::new();
    let mut table = Table::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut width = 9_u32;
    let mut previous: Option<u16> = None;
    for byte in data {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        if count < width {
            continue;
        }
        count -= width;
        let code = u16::try_from(bits >> count & ((1 << width) - 1)).unwrap_or(END);
        bits &= (1 << count) - 1;
        match code {
            END => break,
            CLEAR => {
                table.clear();
                previous = None;
            }
            _ => {
                step(&mut table, previous, code, &mut out).ok_or(ReadError::damaged(0, "LZW data"))?;
                previous = Some(code);
            }
        }
        if out.len() > limit {
            return Err(super::too_large());
        }
        width = match table.len.len() + usize::from(early) {
            0..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
    }
    Ok(out)
}

fn step(table: &mut Table, previous: Option<u16>, code: u16, out: &mut Vec<u8>) -> Option<()> {
    let Some(previous) = previous else {
        return table.write(code, out).map(|_| ());
    };
    if usize::from(code) < table.len.len() {
        let first = table.write(code, out)?;
        table.push(previous, first);
    } else if usize::from(code) == table.len.len() {
        let start = out.len();
        table.write(previous, out)?;
        let first = out.get(start).copied()?;
        out.push(first);
        table.push(previous, first);
    } else {
        return None;
    }
    Some(())
}

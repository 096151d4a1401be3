//! Predictors of Flate and LZW (ISO 32000-2, 7.4.4.4).

use crate::{Dict, ReadError};

/// Undoes the predictor that the parameters name.
pub(super) fn undo(data: Vec<u8>, parms: Option<&Dict>) -> Result<Vec<u8>, ReadError> {
    let Some(parms) = parms else { return Ok(data) };
    let number = |key, default| match parms.get(key) {
        None => Some(default),
        Some(value) => {
            value.as_integer().and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=1 << 20).contains(n))
        }
    };
    let bad = ReadError::damaged(0, "predictor parameters");
    let (Some(predictor), Some(colours), Some(bits), Some(columns)) =
        (number("Predictor", 1), number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1))
    else {
        return Err(bad);
    };
    if predictor == 1 {
        return Ok(data);
    }
    let (Some(pixel_bits), true) = (colours.checked_mul(bits), matches!(bits, 1 | 2 | 4 | 8 | 16)) else {
        return Err(bad);
    };
    let row_bits = pixel_bits.checked_mul(columns).ok_or(bad)?;
    let (pixel, row) = (pixel_bits.div_ceil(8), row_bits.div_ceil(8));
    match predictor {
        2 => Ok(tiff(data, row, colours, bits)),
        10..=15 => Ok(png(&data, row, pixel)),
        _ => Err(ReadError::damaged(0, "a known predictor")),
    }
}

/// PNG predictors: each row begins with the number of its filter.
fn png(data: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; row];
    let mut current = vec![0_u8; row];
    for line in data.chunks(row + 1) {
        let Some((filter, bytes)) = line.split_first() else { break };
        for at in 0..bytes.len() {
            let Some(raw) = bytes.get(at).copied() else { break };
            let left = at.checked_sub(pixel).and_then(|i| current.get(i)).copied().unwrap_or(0);
            let up = above.get(at).copied().unwrap_or(0);
            let corner = at.checked_sub(pixel).and_then(|i| above.get(i)).copied().unwrap_or(0);
            let predicted = match filter {
                1 => left,
                2 => up,
                3 => u8::try_from(u16::midpoint(u16::from(left), u16::from(up))).unwrap_or(0),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            if let Some(slot) = current.get_mut(at) {
                *slot = raw.wrapping_add(predicted);
            }
        }
        out.extend_from_slice(current.get(..bytes.len()).unwrap_or_default());
        std::mem::swap(&mut above, &mut current);
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let estimate = a + b - c;
    let (to_a, to_b, to_c) = ((estimate - a).abs(), (estimate - b).abs(), (estimate - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        up
    } else {
        corner
    }
}

/// TIFF predictor 2: each component is the difference from the pixel to the left.
fn tiff(mut data: Vec<u8>, row: usize, colours: usize, bits: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        match bits {
            8 => {
                for at in colours..line.len() {
                    let left = line.get(at - colours).copied().unwrap_or(0);
                    if let Some(byte) = line.get_mut(at) {
                        *byte = byte.wrapping_add(left);
                    }
                }
            }
            16 => tiff_wide(line, colours),
            _ => tiff_narrow(line, colours, bits),
        }
    }
    data
}

fn tiff_wide(line: &mut [u8], colours: usize) {
    let (units, _) = line.as_chunks_mut::<2>();
    for at in colours..units.len() {
        let left = units.get(at - colours).copied().map_or(0, u16::from_be_bytes);
        if let Some(unit) = units.get_mut(at) {
            *unit = u16::from_be_bytes(*unit).wrapping_add(left).to_be_bytes();
        }
    }
}

fn tiff_narrow(line: &mut [u8], colours: usize, bits: usize) {
    let per_byte = 8 / bits;
    let mask = u8::MAX >> (8 - bits);
    let mut left = vec![0_u8; colours];
    let mut component = 0;
    for byte in line {
        let mut out = 0;
        for step in 1..=per_byte {
            let shift = 8 - step * bits;
            let Some(previous) = left.get_mut(component) else { return };
            *previous = (*byte >> shift & mask).wrapping_add(*previous) & mask;
            out |= *previous << shift;
            component = (component + 1) % colours;
        }
        *byte = out;
    }
}

//! Widths of the fonts that need not state them (ISO 32000-1, 9.6.2.2), of the letters of ASCII; slanted ones are about as
//! wide as upright ones.

use std::collections::HashMap;

/// Width of every letter of Courier.
const COURIER: f64 = 600.0;

const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 222, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 222, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

const HELVETICA_BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 278, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
    556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
    556, 278, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
    333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 333, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333,
    389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469,
    500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389,
    278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

const TIMES_BOLD: [u16; 95] = [
    250, 333, 555, 500, 500, 1000, 833, 333, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389,
    500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581,
    500, 333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389,
    333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520,
];

/// Widths by code in thousandths, where the font is one of the standard ones or goes by the name of one that programs
/// take it for.
pub(super) fn widths(base_font: &str, chars: &[Option<char>]) -> HashMap<u32, f64> {
    let of = |char: char| width(base_font, char);
    let known = |(code, char): (u32, &Option<char>)| Some((code, of((*char)?)?));
    (0_u32..).zip(chars).filter_map(known).collect()
}

fn width(base_font: &str, char: char) -> Option<f64> {
    let is_bold = base_font.contains("Bold");
    let table = match base_font {
        name if name.starts_with("Courier") => return Some(COURIER),
        name if name.starts_with("Helvetica") || name.starts_with("Arial") => {
            if is_bold {
                &HELVETICA_BOLD
            } else {
                &HELVETICA
            }
        }
        name if name.starts_with("Times") => {
            if is_bold {
                &TIMES_BOLD
            } else {
                &TIMES
            }
        }
        _ => return None,
    };
    let at = u32::from(char).checked_sub(32).and_then(|at| usize::try_from(at).ok())?;
    table.get(at).map(|width| f64::from(*width))
}

//! What may be a signing PIN.
use zeroize::Zeroizing;

use crate::Factor;

/// A PIN or passphrase that keeps the rules: 6 to 12 digits that are no sequence, repetition or date; or a
/// passphrase of at least 8 characters that is not as simple. Full-width characters of Chinese input methods are
/// taken as the ASCII ones they stand for.
///
/// ```
/// use vermilion_keys::{Pin, PinError};
/// assert!(Pin::parse("730591").is_ok());
/// assert_eq!(Pin::parse("730519").unwrap_err(), PinError::Date);
/// assert_eq!(Pin::parse("123456").unwrap_err(), PinError::Sequence);
/// assert_eq!(Pin::parse("1234").unwrap_err(), PinError::TooShort { min: 6 });
/// assert!(Pin::parse("正确的马电池订书钉").is_ok());
/// ```
pub struct Pin(Zeroizing<String>);

/// Why a PIN is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// Fewer than `min` digits or characters.
    #[error("at least {min} characters are needed")]
    TooShort {
        /// 6 for digits, 8 for a passphrase.
        min: usize,
    },
    /// More than `max` characters.
    #[error("at most {max} characters are taken")]
    TooLong {
        /// The bound.
        max: usize,
    },
    /// One block again and again: `000000`, `121212`, `123123`.
    #[error("repeats itself")]
    Repetition,
    /// Counting up or down: `123456`, `987654`, `abcdefgh`.
    #[error("is a sequence")]
    Sequence,
    /// Reads as a date: `900101`, `19900101`, `01011990`.
    #[error("reads as a date")]
    Date,
    /// Fewer than four different characters.
    #[error("has too few different characters")]
    Monotonous,
    /// Control characters.
    #[error("has a character that cannot be typed")]
    Character,
}

impl Pin {
    const MIN_DIGITS: usize = 6;
    const MAX_DIGITS: usize = 12;
    const MIN_PHRASE: usize = 8;
    const MAX_PHRASE: usize = 128;

    /// Takes a newly chosen PIN.
    pub fn parse(text: &str) -> Result<Self, PinError> {
        let text = normalize(text);
        let chars = Zeroizing::new(text.chars().collect::<Vec<char>>());
        let digits = chars.iter().all(char::is_ascii_digit);
        let numeric = digits && chars.len() <= Self::MAX_DIGITS;
        let min = if numeric { Self::MIN_DIGITS } else { Self::MIN_PHRASE };
        if chars.len() < min {
            return Err(PinError::TooShort { min });
        }
        if chars.len() > Self::MAX_PHRASE {
            return Err(PinError::TooLong { max: Self::MAX_PHRASE });
        }
        if chars.iter().any(|c| c.is_control()) {
            return Err(PinError::Character);
        }
        if repeats(&chars) {
            return Err(PinError::Repetition);
        }
        if counts(&chars) {
            return Err(PinError::Sequence);
        }
        if numeric && reads_as_date(&text) {
            return Err(PinError::Date);
        }
        if !numeric && different(&chars) < 4 {
            return Err(PinError::Monotonous);
        }
        Ok(Self(text))
    }

    /// The factor that opens a key.
    pub fn into_factor(self) -> Factor {
        Factor::Pin(self.0)
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(..)")
    }
}

/// Trims, and folds full-width ASCII (U+FF01 to U+FF5E) to ASCII.
pub(crate) fn normalize(text: &str) -> Zeroizing<String> {
    let fold = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    let mut folded = Zeroizing::new(String::with_capacity(text.len()));
    folded.extend(text.trim().chars().map(fold));
    folded
}

fn repeats(chars: &[char]) -> bool {
    (1..=chars.len() / 2)
        .filter(|period| chars.len().is_multiple_of(*period))
        .any(|period| chars.iter().skip(period).zip(chars).all(|(a, b)| a == b))
}

/// Every step is the same +1 or -1 (9 to 0 counts as a step up, 0 to 9 as one down).
fn counts(chars: &[char]) -> bool {
    let step = |a: char, b: char| match (a, b) {
        ('9', '0') => 1,
        ('0', '9') => -1,
        _ => i64::from(u32::from(b)) - i64::from(u32::from(a)),
    };
    [1, -1].into_iter().any(|by| chars.iter().zip(chars.iter().skip(1)).all(|(a, b)| step(*a, *b) == by))
}

fn different(chars: &[char]) -> usize {
    chars.iter().collect::<std::collections::BTreeSet<_>>().len()
}

fn reads_as_date(digits: &str) -> bool {
    let number =
        |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse::<u16>().ok()).unwrap_or(0);
    let day = |month: u16, day: u16| (1..=12).contains(&month) && (1..=31).contains(&day);
    let year = |year: u16| (1900..=2099).contains(&year);
    match digits.len() {
        6 => day(number(2..4), number(4..6)),
        8 => {
            year(number(0..4)) && day(number(4..6), number(6..8))
                || year(number(4..8)) && (day(number(0..2), number(2..4)) || day(number(2..4), number(0..2)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everyone_tries_first_is_refused() {
        for (pin, error) in [
            ("000000", PinError::Repetition),
            ("121212", PinError::Repetition),
            ("123123", PinError::Repetition),
            ("12341234", PinError::Repetition),
            ("123456", PinError::Sequence),
            ("654321", PinError::Sequence),
            ("890123", PinError::Sequence),
            ("900101", PinError::Date),
            ("19900101", PinError::Date),
            ("31121999", PinError::Date),
            ("12345", PinError::TooShort { min: 6 }),
            ("abc123", PinError::TooShort { min: 8 }),
            ("abababac", PinError::Monotonous),
            ("abcdefgh", PinError::Sequence),
            ("good\u{7}phrase", PinError::Character),
        ] {
            assert_eq!(Pin::parse(pin).unwrap_err(), error, "{pin}");
        }
        assert_eq!(Pin::parse(&"ab1d".repeat(40)).unwrap_err(), PinError::TooLong { max: 128 });
    }

    #[test]
    fn full_width_digits_are_the_same_pin() {
        let Factor::Pin(pin) = Pin::parse(" ７３０５９１ ").unwrap().into_factor() else {
            panic!("a PIN")
        };
        assert_eq!(pin.as_str(), "730591");
    }
}

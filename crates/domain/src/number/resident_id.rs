//! Resident identity number: GB 11643, 18 characters, checked by ISO 7064 MOD 11-2.
//!
//! The six-digit region table is not consulted: codes are abolished over time and stay on cards. The province is.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use zeroize::Zeroizing;

use super::IdNumberError;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [u8; 11] = *b"10X98765432";

/// A resident ID number whose form, date and checksum are right. Whether it was ever issued is for the register to say.
///
/// `Debug` and `Display` show it masked; [`ResidentId::reveal`] gives the number.
#[derive(Clone, PartialEq, Eq)]
pub struct ResidentId {
    number: Zeroizing<String>,
    born: Date,
}

impl ResidentId {
    /// Reads a number; spaces and hyphens are dropped and a lower-case x is taken for X. `now` rules out births to come.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of [`IdNumberError`].
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, IdNumberError> {
        let number = compact(text);
        let characters = number.chars().count();
        if characters != 18 {
            return Err(IdNumberError::Length);
        }
        let digits = digits(&number).ok_or(IdNumberError::Characters)?;
        let check = number.as_bytes()[17];
        if !(check.is_ascii_digit() || check == b'X') {
            return Err(IdNumberError::Characters);
        }
        if !is_province(digits[0] * 10 + digits[1]) {
            return Err(IdNumberError::Region);
        }
        let born = birth(&digits).filter(|born| *born <= today(now)).ok_or(IdNumberError::Date)?;
        if check_character(&digits) != check {
            return Err(IdNumberError::Checksum);
        }
        Ok(Self { number, born })
    }

    /// The whole number.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.number
    }

    /// The number as the parties may see it.
    #[must_use]
    pub fn masked(&self) -> String {
        crate::mask::resident_id(&self.number)
    }

    /// Date of birth.
    #[must_use]
    pub fn born(&self) -> Date {
        self.born
    }

    /// Whether the person is 18 or older, by the calendar of China (Civil Code Art. 17). Who was born on
    /// 29 February comes of age on 1 March.
    #[must_use]
    pub fn is_adult(&self, now: Timestamp) -> bool {
        adult(self.born, now)
    }

    /// The prefix of the first six digits, by which residence permits are told from cards.
    pub(super) fn region(&self) -> &str {
        &self.number[..6]
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}

impl fmt::Display for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// What was typed, without spaces and hyphens, in capitals.
pub(super) fn compact(text: &str) -> Zeroizing<String> {
    let kept = text.chars().filter(|c| !(c.is_whitespace() || "-–".contains(*c)));
    Zeroizing::new(kept.map(|c| c.to_ascii_uppercase()).collect())
}

/// ISO 7064 MOD 11-2 over the first seventeen digits.
pub(super) fn check_character(digits: &[u32; 17]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    CHECKS[(sum % 11) as usize]
}

/// 18 or older by the calendar of China (Civil Code Art. 17); who was born on 29 February comes of age on 1 March.
pub(super) fn adult(born: Date, now: Timestamp) -> bool {
    let today = today(now);
    let (years, birthday) = (today.year() - born.year(), (born.month(), born.day()));
    years > 18 || (years == 18 && (today.month(), today.day()) >= birthday)
}

pub(super) fn digits(number: &str) -> Option<[u32; 17]> {
    let mut digits = [0; 17];
    if !number.is_ascii() {
        return None;
    }
    for (digit, c) in digits.iter_mut().zip(number.chars()) {
        *digit = c.to_digit(10)?;
    }
    Some(digits)
}

pub(super) fn is_province(code: u32) -> bool {
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

pub(super) fn birth(digits: &[u32; 17]) -> Option<Date> {
    let number = |range: std::ops::Range<usize>| digits[range].iter().fold(0, |sum, digit| sum * 10 + digit);
    let year = number(6..10);
    if !(1800..2100).contains(&year) {
        return None;
    }
    Date::new(year.try_into().ok()?, number(10..12).try_into().ok()?, number(12..14).try_into().ok()?).ok()
}

/// China keeps one time, eight hours ahead, all year.
pub(super) fn today(now: Timestamp) -> Date {
    Offset::constant(8).to_datetime(now).date()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Refusal;

    fn now() -> Timestamp {
        "2026-11-23T04:00:00Z".parse().unwrap()
    }

    #[test]
    fn known_numbers_are_read() {
        for good in [
            "11010519491231002X",
            "440524188001010014",
            "53010219200508011X",
            "34052419800101001X",
            "110101199003074477",
            "110101199003070011",
            "11022619900101123X",
            "810000199408230021",
            "820000199001010010",
            "830000199201300022",
            "11010519491231002x",
            "110105 19491231 002x",
        ] {
            let id = ResidentId::parse(good, now()).expect(good);
            assert_eq!(id.reveal().len(), 18);
        }
    }

    #[test]
    fn each_broken_rule_has_its_reason() {
        for (bad, reason) in [
            ("", "length"),
            ("110105491231002", "length"),
            ("11010519491231002XX", "length"),
            ("1101O519491231002X", "characters"),
            ("11010519491231002Y", "characters"),
            ("１10105194912310021", "characters"),
            ("000105194912310024", "region"),
            ("999999190001010015", "region"),
            ("110105194902300020", "date"),
            ("110105202612310020", "date"),
            ("110105194912310021", "checksum"),
        ] {
            let error = ResidentId::parse(bad, now()).expect_err(bad);
            assert_eq!(error.reason(), reason, "{bad}");
            assert_eq!(Refusal::from(error).code(), "id_number_invalid");
        }
    }

    #[test]
    fn majority_comes_with_the_birthday_in_china() {
        let id = ResidentId::parse("11010519491231002X", now()).unwrap();
        assert_eq!(id.born(), Date::constant(1949, 12, 31));
        assert!(!id.is_adult("1967-12-30T15:59:59Z".parse().unwrap()));
        assert!(id.is_adult("1967-12-30T16:00:00Z".parse().unwrap()), "midnight in Shanghai");
    }

    #[test]
    fn a_number_never_shows_itself_by_accident() {
        let id = ResidentId::parse("110101199003070011", now()).unwrap();
        assert_eq!(format!("{id} {id:?}"), "1101**********0011 ResidentId(1101**********0011)");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".{0,24}") {
            let _ = ResidentId::parse(&text, now());
        }

        #[test]
        fn one_changed_digit_is_noticed(sequence in 0u32..1000, place in 0usize..17, other in 0u8..10) {
            let body = format!("11010119900307{sequence:03}");
            let sum: u32 = body.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
            let good = format!("{body}{}", char::from(CHECKS[(sum % 11) as usize]));
            prop_assert!(ResidentId::parse(&good, now()).is_ok());
            let mut bad = good.clone().into_bytes();
            bad[place] = b'0' + other;
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(ResidentId::parse(&bad, now()).is_ok(), bad == good);
        }
    }
}

//! The machine-readable zone of a passport: ICAO Doc 9303 part 4 (TD3), two lines of 44 characters.

use jiff::Timestamp;
use jiff::civil::Date;
use zeroize::Zeroizing;

use super::resident_id::{adult, today};
use crate::text::Name;

/// Characters of a line.
const LINE: usize = 44;

/// Why a zone cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MrzError {
    /// Not one or two lines of 44 characters.
    #[error("length")]
    Length,
    /// Something else than capitals, digits and `<`.
    #[error("characters")]
    Characters,
    /// The first line is none of a passport.
    #[error("document")]
    Document,
    /// A check digit does not fit.
    #[error("checksum")]
    Checksum,
    /// No such day.
    #[error("date")]
    Date,
    /// The zone is another document's.
    #[error("other_number")]
    OtherNumber,
}

impl MrzError {
    /// The reason as the API names it.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Characters => "characters",
            Self::Document => "document",
            Self::Checksum => "checksum",
            Self::Date => "date",
            Self::OtherNumber => "other_number",
        }
    }
}

/// What the zone of a passport says, its check digits being right.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    number: Zeroizing<String>,
    issuer: String,
    nationality: String,
    born: Date,
    expires: Date,
    /// As it stands in the first line.
    name: Option<Zeroizing<String>>,
}

impl Mrz {
    /// Reads both lines, or the second alone (whose nationality is then taken for the issuing state).
    ///
    /// # Errors
    /// The first rule that is broken, in the order of [`MrzError`].
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, MrzError> {
        let lines: Vec<Zeroizing<String>> = text
            .lines()
            .map(|line| line.chars().filter(|c| !c.is_whitespace()).collect::<String>())
            .filter(|line| !line.is_empty())
            .map(|line| Zeroizing::new(line.to_ascii_uppercase()))
            .collect();
        let (first, second) = match lines.as_slice() {
            [second] => (None, second),
            [first, second] => (Some(first), second),
            _ => return Err(MrzError::Length),
        };
        if lines.iter().any(|line| line.chars().count() != LINE) {
            return Err(MrzError::Length);
        }
        if !lines.iter().all(|line| line.bytes().all(|b| value(b).is_some())) {
            return Err(MrzError::Characters);
        }
        if first.is_some_and(|first| !first.starts_with('P')) {
            return Err(MrzError::Document);
        }
        let part = |from: usize, to: usize| &second[from..to];
        let filler = |text: &str| text.trim_end_matches('<').to_owned();
        // A personal number that is not used may leave its check digit out.
        let personal = check_fits(part(28, 42), part(42, 43)) || part(28, 43).bytes().all(|b| b == b'<');
        let composite = [part(0, 10), part(13, 20), part(21, 43)].concat();
        let fits = check_fits(part(0, 9), part(9, 10))
            && check_fits(part(13, 19), part(19, 20))
            && check_fits(part(21, 27), part(27, 28))
            && personal
            && check_fits(&composite, part(43, 44));
        if !fits {
            return Err(MrzError::Checksum);
        }
        let today = today(now);
        let nationality = filler(part(10, 13));
        Ok(Self {
            number: Zeroizing::new(filler(part(0, 9))),
            issuer: first.map_or_else(|| nationality.clone(), |first| filler(&first[2..5])),
            nationality,
            born: date(part(13, 19), |date| date <= today)?,
            // Passports are valid for ten years at most: of 2000 to 2099.
            expires: date(part(21, 27), |_| true)?,
            name: first.map(|first| Zeroizing::new(first[5..].to_owned())),
        })
    }

    /// The passport's number.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The issuing state, as ICAO writes it (`CHN`, `D`).
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The holder's nationality.
    #[must_use]
    pub fn nationality(&self) -> &str {
        &self.nationality
    }

    /// Date of birth.
    #[must_use]
    pub fn born(&self) -> Date {
        self.born
    }

    /// Whether the holder was of age on the day of `now`, by the calendar of China.
    #[must_use]
    pub fn is_adult(&self, now: Timestamp) -> bool {
        adult(self.born, now)
    }

    /// Whether the zone has this name: the same words in whatever order, an apostrophe left out, a hyphen as a space (ICAO
    /// Doc 9303 part 3 §4.6). `None` where that cannot be said: the name is not in plain Latin letters, the first line is not
    /// there, or its name may be cut off.
    #[must_use]
    pub fn is_named(&self, name: &Name) -> Option<bool> {
        let zone = self.name.as_ref().filter(|zone| zone.ends_with('<'))?;
        let plain = |c: char| c.is_ascii_alphabetic() || c == ' ' || c == '-' || c == '\'';
        let typed = name.as_str();
        if !typed.chars().all(plain) {
            return None;
        }
        let typed = typed.replace('\'', "").to_ascii_uppercase();
        let words = |text: &str| {
            let mut words: Vec<String> =
                text.split(['<', ' ', '-']).filter(|it| !it.is_empty()).map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        Some(words(&typed) == words(zone))
    }

    /// The last day on which the passport is valid.
    #[must_use]
    pub fn expires(&self) -> Date {
        self.expires
    }

    /// Whether that day is past, by the calendar of China.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires < today(now)
    }
}

impl std::fmt::Debug for Mrz {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mrz({} {})", self.issuer, crate::mask::document(&self.number))
    }
}

/// ICAO Doc 9303 part 3 §4.9: digits are themselves, letters count from A = 10, the filler is 0.
fn value(character: u8) -> Option<u32> {
    match character {
        b'<' => Some(0),
        b'0'..=b'9' | b'A'..=b'Z' => char::from(character).to_digit(36),
        _ => None,
    }
}

/// Weights 7, 3, 1 by turns, modulus 10.
fn check_fits(text: &str, check: &str) -> bool {
    let sum: u32 =
        text.bytes().filter_map(value).zip([7, 3, 1].into_iter().cycle()).map(|(v, w)| v * w).sum();
    check.bytes().all(|b| b != b'<' || sum == 0) && check.bytes().next().and_then(value) == Some(sum % 10)
}

/// `YYMMDD`, in this century where `fits` allows it, else in the last.
fn date(text: &str, fits: impl Fn(Date) -> bool) -> Result<Date, MrzError> {
    let number = |from: usize| text[from..from + 2].parse::<i8>().map_err(|_| MrzError::Date);
    let (year, month, day) = (number(0)?, number(2)?, number(4)?);
    let of = |century: i16| Date::new(century + i16::from(year), month, day).ok();
    of(2000).filter(|date| fits(*date)).or_else(|| of(1900).filter(|date| fits(*date))).ok_or(MrzError::Date)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{IdDocument, IdKind};

    /// The specimen of ICAO Doc 9303 part 4, appendix A.
    const SPECIMEN: &str =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    fn now() -> Timestamp {
        "2026-11-23T04:00:00Z".parse().unwrap()
    }

    fn digit(text: &str) -> char {
        (0..10).map(|d| char::from_digit(d, 10).unwrap()).find(|d| check_fits(text, &d.to_string())).unwrap()
    }

    /// A second line with right check digits.
    fn line(number: &str, nationality: &str, born: &str, expires: &str) -> String {
        let number = format!("{number:<<9}");
        let head = format!("{number}{}", digit(&number));
        let (born, expires) = (format!("{born}{}", digit(born)), format!("{expires}{}", digit(expires)));
        let personal = "<".repeat(14);
        let composite = format!("{head}{born}{expires}{personal}<");
        format!("{head}{nationality:<<3}{born}M{expires}{personal}<{}", digit(&composite))
    }

    #[test]
    fn the_specimen_is_read() {
        let mrz = Mrz::parse(SPECIMEN, now()).unwrap();
        assert_eq!((mrz.number(), mrz.issuer(), mrz.nationality()), ("L898902C3", "UTO", "UTO"));
        assert_eq!((mrz.born(), mrz.expires()), (Date::constant(1974, 8, 12), Date::constant(2012, 4, 15)));
        assert!(mrz.is_expired(now()));
        let second = SPECIMEN.lines().nth(1).unwrap();
        assert_eq!(Mrz::parse(second, now()).unwrap().number(), "L898902C3");
        assert_eq!(format!("{mrz:?}"), "Mrz(UTO L****C3)");
    }

    #[test]
    fn each_broken_rule_has_its_reason() {
        let second = SPECIMEN.lines().nth(1).unwrap();
        for (text, reason) in [
            (String::new(), "length"),
            (second[..43].to_owned(), "length"),
            (format!("{second}\n{second}\n{second}"), "length"),
            (second.replace('L', "é"), "characters"),
            (format!("I{}\n{second}", &SPECIMEN[1..44]), "document"),
            (second.replace("L89", "L98"), "checksum"),
            (second.replace("7408122", "7408121"), "checksum"),
            (second.replace("B<<<<<1", "B<<<<<2"), "checksum"),
            (format!("{}9", &second[..43]), "checksum"),
            (line("L898902C3", "UTO", "991332", "300101"), "date"),
        ] {
            assert_eq!(Mrz::parse(&text, now()).expect_err(&text).reason(), reason, "{text}");
        }
    }

    #[test]
    fn a_name_is_compared_where_it_can_be() {
        let mrz = Mrz::parse(SPECIMEN, now()).unwrap();
        let named = |mrz: &Mrz, name: &str| mrz.is_named(&Name::parse(name).unwrap());
        for name in ["Anna Maria Eriksson", "ERIKSSON ANNA-MARIA", "O'Eriksson Anna Maria"] {
            assert_eq!(named(&mrz, name), Some(!name.starts_with('O')), "{name}");
        }
        assert_eq!(named(&mrz, "Anna Eriksson"), Some(false));
        // Letters that are written otherwise in a zone, and names that may be cut off.
        assert_eq!(named(&mrz, "周海燕"), None);
        assert_eq!(named(&mrz, "Jörg Eriksson"), None);
        let second = SPECIMEN.lines().nth(1).unwrap();
        assert_eq!(named(&Mrz::parse(second, now()).unwrap(), "Anna Maria Eriksson"), None);
        let full = format!("P<UTO{}<<{}\n{second}", "E".repeat(20), "A".repeat(17));
        assert_eq!(named(&Mrz::parse(&full, now()).unwrap(), "Anna Maria Eriksson"), None);
        assert!(mrz.is_adult(now()));
        assert!(!Mrz::parse(&line("EJ1234567", "CHN", "100228", "340101"), now()).unwrap().is_adult(now()));
    }

    #[test]
    fn a_zone_confirms_the_number_that_was_typed() {
        let mrz = Mrz::parse(&line("EJ1234567", "CHN", "040229", "340101"), now()).unwrap();
        assert!(!mrz.is_expired(now()));
        let typed = IdDocument::parse(IdKind::PassportCn, "EJ1234567", now()).unwrap();
        let confirmed = typed.clone().confirmed_by(&mrz).unwrap();
        assert_eq!(
            (confirmed.born(), confirmed.is_adult(now())),
            (Some(Date::constant(2004, 2, 29)), Some(true))
        );
        let other = IdDocument::parse(IdKind::PassportCn, "EJ1234568", now()).unwrap();
        assert_eq!(other.confirmed_by(&mrz), Err(MrzError::OtherNumber));
        let foreign = IdDocument::parse(IdKind::Passport, "EJ1234567", now()).unwrap();
        assert_eq!(foreign.confirmed_by(&mrz), Err(MrzError::OtherNumber));
        assert_eq!(
            IdDocument::from_mrz(&Mrz::parse(SPECIMEN, now()).unwrap()).unwrap().kind(),
            IdKind::Passport
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "[A-Z0-9<é\n]{0,100}") {
            let _ = Mrz::parse(&text, now());
        }

        #[test]
        fn one_changed_digit_is_noticed(place in 0usize..6, other in 0u8..10) {
            let good = line("L12345678", "UTO", "740812", "300415");
            let mut bad = good.clone().into_bytes();
            bad[13 + place] = b'0' + other;
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(Mrz::parse(&bad, now()).is_ok(), bad == good);
        }
    }
}

//! The machine-readable zone that a reviewer reads in the picture of a passport, beside what was typed. It is read by eye and
//! typed again: that its check digits hold shows a slip of either hand, and of a clumsy forger; it shows no more than that.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::number::{IdDocument, IdKind, Mrz, MrzError};
use crate::text::Name;

/// Whether documents of this kind have a zone that is compared: passports (ICAO Doc 9303 part 4).
#[must_use]
pub fn has_zone(kind: IdKind) -> bool {
    matches!(kind, IdKind::Passport | IdKind::PassportCn)
}

/// What became of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// It is none, or was not read right.
    Unreadable(MrzError),
    /// Its check digits hold.
    Read(ZoneFacts),
}

/// What a zone says beside what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneFacts {
    /// Whether kind and number are those that were typed.
    pub number: bool,
    /// Whether the name is; none where that cannot be said.
    pub name: Option<bool>,
    /// Date of birth.
    pub born: Date,
    /// Whether the holder is of age.
    pub adult: bool,
    /// The last day on which the passport is valid.
    pub expires: Date,
    /// Whether that day is to come.
    pub valid: bool,
}

impl Zone {
    /// Compares the zone's text with what was typed.
    #[must_use]
    pub fn compare(text: &str, name: &Name, document: &IdDocument, now: Timestamp) -> Self {
        let mrz = match Mrz::parse(text, now) {
            Ok(mrz) => mrz,
            Err(error) => return Self::Unreadable(error),
        };
        Self::Read(ZoneFacts {
            number: document.clone().confirmed_by(&mrz).is_ok(),
            name: mrz.is_named(name),
            born: mrz.born(),
            adult: mrz.is_adult(now),
            expires: mrz.expires(),
            valid: !mrz.is_expired(now),
        })
    }

    /// The word in records: `agrees`, or the first thing that does not.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unreadable(error) => error.reason(),
            Self::Read(it) if !it.number => "number_differs",
            Self::Read(it) if !it.valid => "expired",
            Self::Read(it) if !it.adult => "minor",
            Self::Read(it) if it.name == Some(false) => "name_differs",
            Self::Read(_) => "agrees",
        }
    }

    /// Why the passport cannot be approved with this zone; none where it can. A name may be spelt otherwise in a zone.
    #[must_use]
    pub fn objection(&self) -> Option<&'static str> {
        Some(self.word()).filter(|word| !matches!(*word, "agrees" | "name_differs"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(text: &str, kind: IdKind, number: &str, name: &str) -> Zone {
        let now = "2026-11-23T04:00:00Z".parse().unwrap();
        let document = IdDocument::parse(kind, number, now).unwrap();
        Zone::compare(text, &Name::parse(name).unwrap(), &document, now)
    }

    const CHINESE: &str = "P<CHNZHOU<<HAIYAN<<<<<<<<<<<<<<<<<<<<<<<<<<<\nE12345678@ZONE@";

    #[test]
    fn the_first_thing_that_does_not_agree_is_the_word() {
        let zone = |born: &str, expires: &str| CHINESE.replace("@ZONE@", &rest(born, expires));
        let of = |text: &str, number, name| compared(text, IdKind::PassportCn, number, name);
        let good = zone("880214", "330101");
        assert_eq!(of(&good, "E12345678", "周海燕").word(), "agrees");
        assert_eq!(of(&good, "E12345678", "Zhou Haiyan").word(), "agrees");
        let other = of(&good, "E12345678", "Zhou Haiyang");
        assert_eq!((other.word(), other.objection()), ("name_differs", None));
        assert_eq!(of(&good, "E12345679", "周海燕").objection(), Some("number_differs"));
        assert_eq!(of(&zone("880214", "250101"), "E12345678", "周海燕").objection(), Some("expired"));
        assert_eq!(of(&zone("100214", "330101"), "E12345678", "周海燕").objection(), Some("minor"));
        assert_eq!(
            of(&good.replace("880214", "880215"), "E12345678", "周海燕").objection(),
            Some("checksum")
        );
        // Another state's passport of the same number is another passport.
        let foreign = compared(&good, IdKind::Passport, "E12345678", "Zhou Haiyan");
        assert_eq!(foreign.word(), "number_differs");
        assert!(has_zone(IdKind::Passport) && !has_zone(IdKind::TravelPermitTw));
    }

    /// What follows the number in the second line, its check digits made by hand (weights 7, 3, 1).
    fn rest(born: &str, expires: &str) -> String {
        let digit = |text: &str| {
            let value = |c: char| c.to_digit(36).unwrap_or(0);
            let sum: u32 = text.chars().zip([7, 3, 1].into_iter().cycle()).map(|(c, w)| value(c) * w).sum();
            (sum % 10).to_string()
        };
        let (number, personal) = (digit("E12345678"), "<".repeat(14));
        let (born, expires) = (format!("{born}{}", digit(born)), format!("{expires}{}", digit(expires)));
        let whole = digit(&format!("E12345678{number}{born}{expires}{personal}<"));
        format!("{number}CHN{born}F{expires}{personal}<{whole}")
    }
}

//! Identity documents that a real name is checked by, each kind with its own rule.
//!
//! The form is checked before anything is sent to anybody. Where a rule knows no checksum (travel permits, passports),
//! the authority alone can tell a typing error.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::mrz::{Mrz, MrzError};
use super::resident_id::{adult, birth, check_character, compact, digits, is_province, today};
use super::{IdNumberError, ResidentId};
use crate::mask;

/// A kind of identity document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdKind {
    /// Resident ID card (居民身份证), GB 11643.
    ResidentId,
    /// Residence permit of residents of Hong Kong and Macau (港澳居民居住证): 18 characters that begin 810000 or 820000.
    ResidencePermitHkMo,
    /// Residence permit of residents of Taiwan (台湾居民居住证): 18 characters that begin 830000.
    ResidencePermitTw,
    /// Mainland travel permit of residents of Hong Kong and Macau (港澳居民来往内地通行证, “home return permit”).
    TravelPermitHkMo,
    /// Mainland travel permit of residents of Taiwan (台湾居民来往大陆通行证).
    TravelPermitTw,
    /// Foreign permanent resident's card (外国人永久居留身份证), of 2023 (18 characters) or earlier (15).
    PermanentResident,
    /// Chinese passport.
    PassportCn,
    /// Passport of another state (ICAO Doc 9303).
    Passport,
}

impl IdKind {
    /// Every kind, the usual ones first.
    pub const ALL: [Self; 8] = [
        Self::ResidentId,
        Self::ResidencePermitHkMo,
        Self::ResidencePermitTw,
        Self::TravelPermitHkMo,
        Self::TravelPermitTw,
        Self::PermanentResident,
        Self::PassportCn,
        Self::Passport,
    ];

    /// The stable word of the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::ResidencePermitHkMo => "residence_permit_hk_mo",
            Self::ResidencePermitTw => "residence_permit_tw",
            Self::TravelPermitHkMo => "travel_permit_hk_mo",
            Self::TravelPermitTw => "travel_permit_tw",
            Self::PermanentResident => "permanent_resident",
            Self::PassportCn => "passport_cn",
            Self::Passport => "passport",
        }
    }
}

impl fmt::Display for IdKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no kind of identity document")]
pub struct UnknownIdKind;

impl FromStr for IdKind {
    type Err = UnknownIdKind;

    fn from_str(word: &str) -> Result<Self, UnknownIdKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(UnknownIdKind)
    }
}

/// A document's number, well formed for its kind. Whether it was ever issued is for the authority to say.
///
/// `Debug` and `Display` show it masked; [`IdDocument::reveal`] gives the number, which is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct IdDocument {
    kind: IdKind,
    number: Zeroizing<String>,
    born: Option<Date>,
}

impl IdDocument {
    /// Reads a number of the given kind. Spaces and hyphens are dropped, letters taken as capitals. `now` rules out
    /// births to come.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn parse(kind: IdKind, text: &str, now: Timestamp) -> Result<Self, IdNumberError> {
        match kind {
            IdKind::ResidentId | IdKind::ResidencePermitHkMo | IdKind::ResidencePermitTw => {
                let number = ResidentId::parse(text, now)?;
                let document = Self::from(number);
                if document.kind == kind { Ok(document) } else { Err(IdNumberError::OtherKind) }
            }
            IdKind::PermanentResident => permanent_resident(compact(text), now),
            _ => {
                let number = compact(text);
                let fits = match kind {
                    IdKind::TravelPermitHkMo => is_travel_permit_hk_mo(&number),
                    IdKind::TravelPermitTw => is_travel_permit_tw(&number),
                    IdKind::PassportCn => is_passport_cn(&number),
                    _ => is_passport(&number),
                };
                if fits { Ok(Self { kind, number, born: None }) } else { Err(IdNumberError::Form) }
            }
        }
    }

    /// The passport whose machine-readable zone was read: with its date of birth, which the number does not hold.
    ///
    /// # Errors
    /// [`IdNumberError::Form`] where the zone's number is none that a passport of that state has.
    pub fn from_mrz(mrz: &Mrz) -> Result<Self, IdNumberError> {
        let (kind, fits) = match mrz.issuer() {
            "CHN" => (IdKind::PassportCn, is_passport_cn(mrz.number())),
            _ => (IdKind::Passport, is_passport(mrz.number())),
        };
        if !fits {
            return Err(IdNumberError::Form);
        }
        Ok(Self { kind, number: Zeroizing::new(mrz.number().to_owned()), born: Some(mrz.born()) })
    }

    /// This passport with the date of birth of its machine-readable zone, which must carry the same number.
    ///
    /// # Errors
    /// [`MrzError::OtherNumber`].
    pub fn confirmed_by(self, mrz: &Mrz) -> Result<Self, MrzError> {
        match Self::from_mrz(mrz) {
            Ok(read) if read.number == self.number && read.kind == self.kind => Ok(read),
            _ => Err(MrzError::OtherNumber),
        }
    }

    /// The kind of document.
    #[must_use]
    pub fn kind(&self) -> IdKind {
        self.kind
    }

    /// The whole number.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.number
    }

    /// The number as the parties may see it.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::document(&self.number)
    }

    /// Date of birth, where the number (or the machine-readable zone) holds it.
    #[must_use]
    pub fn born(&self) -> Option<Date> {
        self.born
    }

    /// Whether the person is 18 or older by the calendar of China; `None` where the date of birth is not known.
    #[must_use]
    pub fn is_adult(&self, now: Timestamp) -> Option<bool> {
        self.born.map(|born| adult(born, now))
    }

    /// Whether the number has the form and checksum of GB 11643: resident ID cards and residence permits.
    #[must_use]
    pub fn is_gb_11643(&self) -> bool {
        matches!(self.kind, IdKind::ResidentId | IdKind::ResidencePermitHkMo | IdKind::ResidencePermitTw)
    }
}

impl From<ResidentId> for IdDocument {
    fn from(number: ResidentId) -> Self {
        let kind = match number.region() {
            "810000" | "820000" => IdKind::ResidencePermitHkMo,
            "830000" => IdKind::ResidencePermitTw,
            _ => IdKind::ResidentId,
        };
        Self { kind, born: Some(number.born()), number: Zeroizing::new(number.reveal().to_owned()) }
    }
}

impl fmt::Debug for IdDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdDocument({} {})", self.kind, self.masked())
    }
}

impl fmt::Display for IdDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Of 2023: `9`, province (2), nationality (ISO 3166-1 numeric, 3), birth (8), sequence (3), MOD 11-2. Earlier: three
/// letters of nationality and twelve digits, which have no published checksum.
fn permanent_resident(number: Zeroizing<String>, now: Timestamp) -> Result<IdDocument, IdNumberError> {
    let document = |number, born| Ok(IdDocument { kind: IdKind::PermanentResident, number, born });
    let bytes = number.as_bytes();
    if bytes.len() == 15 {
        let (letters, rest) = bytes.split_at(3);
        let fits = letters.iter().all(u8::is_ascii_uppercase) && rest.iter().all(u8::is_ascii_digit);
        return if fits { document(number, None) } else { Err(IdNumberError::Form) };
    }
    if number.chars().count() != 18 {
        return Err(IdNumberError::Form);
    }
    let digits = digits(&number).ok_or(IdNumberError::Characters)?;
    let check = number.as_bytes()[17];
    if !(check.is_ascii_digit() || check == b'X') {
        return Err(IdNumberError::Characters);
    }
    if digits[0] != 9 {
        return Err(IdNumberError::OtherKind);
    }
    if !is_province(digits[1] * 10 + digits[2]) {
        return Err(IdNumberError::Region);
    }
    // From Afghanistan to Zambia; which codes between are assigned changes over time.
    if !(4..=894).contains(&(digits[3] * 100 + digits[4] * 10 + digits[5])) {
        return Err(IdNumberError::Nationality);
    }
    let born = birth(&digits).filter(|born| *born <= today(now)).ok_or(IdNumberError::Date)?;
    if check_character(&digits) != check {
        return Err(IdNumberError::Checksum);
    }
    document(number, Some(born))
}

/// A letter for the region, a number for life (8), which card it is (2, where given).
fn is_travel_permit_hk_mo(number: &str) -> bool {
    let digits = number.strip_prefix(['H', 'M']).unwrap_or_default();
    matches!(digits.len(), 8 | 10) && all_digits(digits)
}

/// Since 2015 eight digits; before, ten digits with perhaps a letter.
fn is_travel_permit_tw(number: &str) -> bool {
    match number.len() {
        8 | 10 => all_digits(number),
        11 => number.is_ascii() && all_digits(&number[..10]) && number.as_bytes()[10].is_ascii_uppercase(),
        _ => false,
    }
}

/// Ordinary (E, EA to EZ without I and O, G before), diplomatic (D, DE), service (S, SE), public affairs (P, PE).
fn is_passport_cn(number: &str) -> bool {
    let bytes = number.as_bytes();
    let digits = match bytes {
        [b'E' | b'G' | b'D' | b'S' | b'P', rest @ ..] if rest.len() == 8 && rest[0].is_ascii_digit() => rest,
        [b'E', b'A'..=b'H' | b'J'..=b'N' | b'P'..=b'Z', rest @ ..] if rest.len() == 7 => rest,
        [b'D' | b'S' | b'P', b'E', rest @ ..] if rest.len() == 7 => rest,
        _ => return false,
    };
    digits.iter().all(u8::is_ascii_digit)
}

/// ICAO Doc 9303 part 4: up to nine characters; none has fewer than five, and none has letters alone.
fn is_passport(number: &str) -> bool {
    (5..=9).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && number.bytes().any(|b| b.is_ascii_digit())
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T04:00:00Z".parse().unwrap()
    }

    fn read(kind: IdKind, text: &str) -> Result<IdDocument, IdNumberError> {
        IdDocument::parse(kind, text, now())
    }

    #[test]
    fn each_kind_reads_its_own_numbers() {
        for (kind, text, number, born) in [
            (IdKind::ResidentId, "110105 19491231 002x", "11010519491231002X", Some("1949-12-31")),
            (IdKind::ResidencePermitHkMo, "810000199408230021", "810000199408230021", Some("1994-08-23")),
            (IdKind::ResidencePermitHkMo, "820000199001010010", "820000199001010010", Some("1990-01-01")),
            (IdKind::ResidencePermitTw, "830000199201300022", "830000199201300022", Some("1992-01-30")),
            (IdKind::TravelPermitHkMo, "h12345678", "H12345678", None),
            (IdKind::TravelPermitHkMo, "M12345678 01", "M1234567801", None),
            (IdKind::TravelPermitTw, "01234567", "01234567", None),
            (IdKind::TravelPermitTw, "0123456789b", "0123456789B", None),
            (IdKind::PermanentResident, "911124198108030024", "911124198108030024", Some("1981-08-03")),
            (IdKind::PermanentResident, "can110081080310", "CAN110081080310", None),
            (IdKind::PassportCn, "E12345678", "E12345678", None),
            (IdKind::PassportCn, "ej1234567", "EJ1234567", None),
            (IdKind::PassportCn, "SE1234567", "SE1234567", None),
            (IdKind::Passport, "L898902C3", "L898902C3", None),
        ] {
            let document = read(kind, text).expect(text);
            assert_eq!((document.kind(), document.reveal()), (kind, number));
            assert_eq!(document.born().map(|date| date.to_string()).as_deref(), born, "{text}");
            assert_eq!(document.is_adult(now()), born.map(|_| true), "{text}");
        }
    }

    #[test]
    fn each_broken_rule_has_its_reason() {
        for (kind, text, reason) in [
            (IdKind::ResidentId, "810000199408230021", "other_kind"),
            (IdKind::ResidentId, "11010519491231", "length"),
            (IdKind::ResidencePermitTw, "810000199408230021", "other_kind"),
            (IdKind::ResidencePermitHkMo, "11010519491231002X", "other_kind"),
            (IdKind::ResidencePermitHkMo, "810000199408230022", "checksum"),
            (IdKind::TravelPermitHkMo, "H1234567", "form"),
            (IdKind::TravelPermitHkMo, "T12345678", "form"),
            (IdKind::TravelPermitHkMo, "H123456789", "form"),
            (IdKind::TravelPermitTw, "1234567", "form"),
            (IdKind::TravelPermitTw, "123456789五", "form"),
            (IdKind::PermanentResident, "11010519491231002X", "other_kind"),
            (IdKind::PermanentResident, "999999190001010015", "region"),
            (IdKind::PermanentResident, "911000198108030024", "nationality"),
            (IdKind::PermanentResident, "911124198113030024", "date"),
            (IdKind::PermanentResident, "911124198108030025", "checksum"),
            (IdKind::PermanentResident, "9111241981080300ZZ", "characters"),
            (IdKind::PermanentResident, "CA1110081080310", "form"),
            (IdKind::PermanentResident, "9111241981", "form"),
            (IdKind::PassportCn, "EI1234567", "form"),
            (IdKind::PassportCn, "E1234567", "form"),
            (IdKind::PassportCn, "X12345678", "form"),
            (IdKind::Passport, "AB12", "form"),
            (IdKind::Passport, "ABCDEFG", "form"),
            (IdKind::Passport, "1234567890", "form"),
        ] {
            assert_eq!(read(kind, text).expect_err(text).reason(), reason, "{kind} {text}");
        }
    }

    #[test]
    fn numbers_of_another_kind_are_refused_by_every_kind() {
        let of_hong_kong = "810000199408230021";
        let readers: Vec<_> =
            IdKind::ALL.into_iter().filter(|kind| read(*kind, of_hong_kong).is_ok()).collect();
        assert_eq!(readers, [IdKind::ResidencePermitHkMo]);
        let document = IdDocument::from(ResidentId::parse(of_hong_kong, now()).unwrap());
        assert_eq!(document, read(IdKind::ResidencePermitHkMo, of_hong_kong).unwrap());
    }

    #[test]
    fn a_minor_is_told_where_the_number_says_so() {
        let minor = read(IdKind::ResidentId, "110101201001019996");
        let number = minor.unwrap_or_else(|_| {
            let body = "11010120100101999";
            let check = check_character(&digits(&format!("{body}0")).unwrap());
            read(IdKind::ResidentId, &format!("{body}{}", char::from(check))).unwrap()
        });
        assert_eq!(number.is_adult(now()), Some(false));
        assert_eq!(read(IdKind::Passport, "L898902C3").unwrap().is_adult(now()), None);
    }

    #[test]
    fn a_number_never_shows_itself_by_accident() {
        let document = read(IdKind::TravelPermitHkMo, "H12345678").unwrap();
        assert_eq!(format!("{document} {document:?}"), "H****78 IdDocument(travel_permit_hk_mo H****78)");
        let document = read(IdKind::ResidentId, "110101199003070011").unwrap();
        assert_eq!(document.to_string(), "1101**********0011");
    }

    #[test]
    fn kinds_have_stable_words() {
        for kind in IdKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
        assert_eq!("driving_licence".parse::<IdKind>(), Err(UnknownIdKind));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".{0,24}", kind in 0usize..8) {
            let _ = read(IdKind::ALL[kind], &text);
        }

        #[test]
        fn what_is_read_is_read_again(text in "[A-Z0-9]{5,18}", kind in 0usize..8) {
            if let Ok(document) = read(IdKind::ALL[kind], &text) {
                prop_assert_eq!(read(IdKind::ALL[kind], document.reveal()), Ok(document));
            }
        }
    }
}

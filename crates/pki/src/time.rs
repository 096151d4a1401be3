//! UTCTime and GeneralizedTime (RFC 5280 §4.1.2.5).
use jiff::{Timestamp, civil::DateTime, tz::Offset};

use crate::ParseError;
use crate::der::{self, GENERALIZED_TIME, Reader, Tlv, UTC_TIME};

/// Reads the next element, either of the two.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Timestamp, ParseError> {
    let element = reader.next()?;
    parse(&element).ok_or_else(|| reader.error())
}

pub(crate) fn parse(element: &Tlv<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(element.value).ok()?;
    match element.tag {
        UTC_TIME => {
            let two = number(text.get(..2)?)?;
            let year = if two >= 50 { 1900 + two } else { 2000 + two };
            moment(year, text.get(2..)?)
        }
        GENERALIZED_TIME => moment(number(text.get(..4)?)?, text.get(4..)?),
        _ => None,
    }
}

/// `MMDDHHMMSS[.f…]Z`
fn moment(year: i16, rest: &str) -> Option<Timestamp> {
    let field = |at: usize| rest.get(at..at + 2).and_then(number).and_then(|n| i8::try_from(n).ok());
    let nanoseconds = match rest.get(10..)?.strip_suffix('Z')? {
        "" => 0,
        fraction => {
            let digits = fraction.strip_prefix('.').filter(|d| (1..=9).contains(&d.len()))?;
            let scale = 10i32.checked_pow(u32::try_from(9 - digits.len()).ok()?)?;
            digits.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
            digits.parse::<i32>().ok()?.checked_mul(scale)?
        }
    };
    let civil =
        DateTime::new(year, field(0)?, field(2)?, field(4)?, field(6)?, field(8)?, nanoseconds).ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

fn number(digits: &str) -> Option<i16> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// UTCTime through 2049, GeneralizedTime after.
pub(crate) fn write(at: Timestamp) -> Vec<u8> {
    let civil = Offset::UTC.to_datetime(at);
    if (1950..2050).contains(&civil.year()) {
        let text = format!("{:02}{}", civil.year().rem_euclid(100), within_year(civil));
        der::tlv(UTC_TIME, &[text.as_bytes()])
    } else {
        write_generalized(at)
    }
}

/// GeneralizedTime to the second.
pub(crate) fn write_generalized(at: Timestamp) -> Vec<u8> {
    let civil = Offset::UTC.to_datetime(at);
    let text = format!("{:04}{}", civil.year(), within_year(civil));
    der::tlv(GENERALIZED_TIME, &[text.as_bytes()])
}

fn within_year(civil: DateTime) -> String {
    let (month, day) = (civil.month(), civil.day());
    format!("{month:02}{day:02}{:02}{:02}{:02}Z", civil.hour(), civil.minute(), civil.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(tag: u8, text: &str) -> Option<Timestamp> {
        let bytes = der::tlv(tag, &[text.as_bytes()]);
        parse(&Reader::new(&bytes, "time").next().unwrap())
    }

    #[test]
    fn both_forms_and_both_centuries_are_read() {
        let at = |text: &str| text.parse::<Timestamp>().ok();
        assert_eq!(read_text(UTC_TIME, "500101000000Z"), at("1950-01-01T00:00:00Z"));
        assert_eq!(read_text(UTC_TIME, "491231235959Z"), at("2049-12-31T23:59:59Z"));
        assert_eq!(read_text(GENERALIZED_TIME, "20261123083015.25Z"), at("2026-11-23T08:30:15.25Z"));
        for bad in
            ["2026112308301Z", "20261123083015", "20261323083015Z", "20261123083015.Z", "2026112308301+Z"]
        {
            assert_eq!(read_text(GENERALIZED_TIME, bad), None, "{bad}");
        }
    }

    #[test]
    fn years_from_2050_are_written_generalized() {
        let at: Timestamp = "2050-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(write(at).get(2..), Some(&b"20500101000000Z"[..]));
        let at: Timestamp = "2049-12-31T23:59:59Z".parse().unwrap();
        assert_eq!(write(at).get(2..), Some(&b"491231235959Z"[..]));
    }
}

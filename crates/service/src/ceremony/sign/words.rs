//! What the signer confirms, and how a date stands on the page.

use domain::Locale;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// The words of the confirmation. They go into the activation and into the signature's `/Reason`.
#[must_use]
pub(crate) fn confirmation(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "I have read this document and sign it with my own key.",
        Locale::ZhCn => "本人已阅读本文件，并以本人的密钥签署。",
    }
}

/// The day of signing: China keeps one time, eight hours ahead, all year.
pub(crate) fn today(now: Timestamp) -> Date {
    Offset::constant(8).to_datetime(now).date()
}

/// `23 November 2026`, `2026年11月23日`.
pub(crate) fn date(date: Date, locale: Locale) -> String {
    const MONTHS: [&str; 12] = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ];
    match locale {
        Locale::En => {
            let month = usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index)).copied();
            format!("{} {} {}", date.day(), month.unwrap_or_default(), date.year())
        }
        Locale::ZhCn => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_its_reader_writes_it() {
        let late: Timestamp = "2026-11-22T17:00:00Z".parse().expect("a time");
        assert_eq!(date(today(late), Locale::En), "23 November 2026");
        assert_eq!(date(today(late), Locale::ZhCn), "2026年11月23日");
    }
}

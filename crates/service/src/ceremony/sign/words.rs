//! What the signer confirms, and how a date stands on the page.

use domain::Locale;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// The words over the button that signs, as the signer's page shows them (`confirm.effect_person` and
/// `confirm.effect_organization` of `web/src/i18n`). They go into the activation and into the signature's `/Reason`.
#[must_use]
pub(crate) fn confirmation(locale: Locale, organization: Option<&str>) -> String {
    match (locale, organization) {
        (Locale::En, None) => {
            "By signing you make this declaration yourself. You mean to be bound by it as by a signature on paper.".to_owned()
        }
        (Locale::ZhCn, None) => "签署即表示您本人作出此意思表示，您愿受其约束，如同在纸上签名。".to_owned(),
        (Locale::En, Some(name)) => format!(
            "By sealing you act for {name}, and mean it to be bound as by its seal on paper. You confirm that you may do so."
        ),
        (Locale::ZhCn, Some(name)) => format!("盖章即代表{name}作出此意思表示，使其受约束，如同在纸上盖章。您确认有权这样做。"),
    }
}

/// The day of signing: China keeps one time, eight hours ahead, all year.
pub(crate) fn today(now: Timestamp) -> Date {
    Offset::constant(8).to_datetime(now).date()
}

/// `23 November 2026`, `2026年11月23日`.
pub(crate) fn date(date: Date, locale: Locale) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
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
    fn the_words_are_those_of_the_page() {
        let folder = testkit::checkout().join("web/src/i18n");
        for locale in [Locale::En, Locale::ZhCn] {
            let path = folder.join(locale.tag()).join("signing.json");
            let json: serde_json::Value =
                serde_json::from_str(&std::fs::read_to_string(path).expect("the page's words"))
                    .expect("JSON");
            let page = |key: &str| {
                json["confirm"][key].as_str().expect("a sentence").replace("{{organization}}", "甲")
            };
            assert_eq!(page("effect_person"), confirmation(locale, None));
            assert_eq!(page("effect_organization"), confirmation(locale, Some("甲")));
        }
    }

    #[test]
    fn a_date_is_written_as_its_reader_writes_it() {
        let late: Timestamp = "2026-11-22T17:00:00Z".parse().expect("a time");
        assert_eq!(date(today(late), Locale::En), "23 November 2026");
        assert_eq!(date(today(late), Locale::ZhCn), "2026年11月23日");
    }
}

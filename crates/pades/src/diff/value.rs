//! What a field holds, and whether a text says it (ISO 32000-2 §12.7.5).

use pdf::{Dict, Document, Field, FieldKind, FieldValue, Object, ReadError};

use crate::report::{Code, Reason};

const PASSWORD: i64 = 1 << 13;
const COMBO: i64 = 1 << 17;

/// What a field may show.
pub(super) enum Expected {
    /// This text, blanks aside.
    Text(String),
    /// Text made of these options, the chosen ones among them.
    Options { all: Vec<String>, chosen: Vec<String> },
}

/// What a field may show, by its value.
pub(super) fn expected(document: &Document, field: &Field) -> Result<Expected, ReadError> {
    if field.kind != FieldKind::Choice {
        return Ok(Expected::Text(match &field.value {
            FieldValue::Text(text) | FieldValue::Name(text) => text.clone(),
            FieldValue::List(items) => items.concat(),
            FieldValue::None | FieldValue::Other => String::new(),
        }));
    }
    let chosen = match &field.value {
        FieldValue::Text(text) | FieldValue::Name(text) => vec![text.clone()],
        FieldValue::List(items) => items.clone(),
        FieldValue::None | FieldValue::Other => Vec::new(),
    };
    let options = options(document, field)?;
    // What is shown of an option is its second string (12.7.5.4).
    let display = |value: &String| {
        options.iter().find(|(export, _)| export == value).map_or(value, |(_, shown)| shown).clone()
    };
    let chosen: Vec<String> = chosen.iter().map(display).collect();
    if field.flags & COMBO != 0 {
        return Ok(Expected::Text(chosen.concat()));
    }
    Ok(Expected::Options { all: options.into_iter().map(|(_, shown)| shown).collect(), chosen })
}

/// /Opt: what each option exports, and what it shows.
fn options(document: &Document, field: &Field) -> Result<Vec<(String, String)>, ReadError> {
    let mut entry = document.value(&field.dict, "Opt")?;
    for parent in field.parents.iter().take(32) {
        if entry.is_null()
            && let Some(dict) = document.resolve(*parent)?.as_dict()
        {
            entry = document.value(dict, "Opt")?;
        }
    }
    let mut options = Vec::new();
    for item in entry.as_array().unwrap_or_default().iter().take(20_000) {
        let item = document.follow(item)?;
        let pair = match &*item {
            Object::Array(pair) => match pair.as_slice() {
                [export, shown] => (document.follow(export)?.as_text(), document.follow(shown)?.as_text()),
                _ => (None, None),
            },
            other => (other.as_text(), other.as_text()),
        };
        if let (Some(export), Some(shown)) = pair {
            options.push((export, shown));
        }
    }
    Ok(options)
}

/// Whether a script formats what the field shows (`/AA /F`).
fn is_formatted(field: &Field) -> bool {
    let has_script = |dict: &Dict| dict.value("AA").as_dict().is_some_and(|actions| actions.contains("F"));
    has_script(&field.dict) || field.widgets.iter().any(|widget| has_script(&widget.dict))
}

/// Whether `shown` is `value` as a number format shows it: the same digits, noughts after the comma and a currency aside.
fn formatted(value: &str, shown: &str) -> bool {
    let digits = |text: &str| -> Option<String> {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        // Noughts at the end count unless they stand after a comma with at most two digits.
        let cents = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let after = cents.rfind(['.', ',']).map_or(0, |at| cents.len().saturating_sub(at + 1));
        let kept = (0..after)
            .filter(|_| after <= 2)
            .fold(digits.as_str(), |digits, _| digits.strip_suffix('0').unwrap_or(digits));
        let digits = kept.to_owned();
        (letters <= 3 && !digits.is_empty()).then_some(digits)
    };
    match (digits(value), digits(shown)) {
        (Some(value), Some(shown)) => value == shown,
        _ => false,
    }
}

/// Without blanks and controls; ligatures and kinds of hyphens as their plain letters.
pub(super) fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            '\u{ad}' | '\u{2010}' | '\u{2011}' => out.push('-'),
            '\u{2019}' => out.push('\''),
            char if char.is_whitespace() || char.is_control() || char == '\u{200b}' || char == '\u{feff}' => {
            }
            char => out.push(char),
        }
    }
    out
}

/// Why a text that is shown is not what a field may show.
pub(super) fn says(field: &Field, expected: &Expected, shown: &str) -> Option<Reason> {
    let differs = |value: &str| {
        Some(
            Reason::new(Code::ChangeLookNotValue)
                .with("field", &field.name)
                .with("shown", excerpt(shown))
                .with("value", excerpt(value)),
        )
    };
    match expected {
        Expected::Text(_) if field.flags & PASSWORD != 0 => {
            let hidden = squeezed(shown).chars().all(|char| matches!(char, '*' | '•' | '●'));
            if hidden { None } else { differs("***") }
        }
        Expected::Text(value) => {
            let same = squeezed(value) == squeezed(shown) || (is_formatted(field) && formatted(value, shown));
            if same { None } else { differs(value) }
        }
        Expected::Options { all, chosen } => {
            let text = squeezed(shown);
            let list: String = all.iter().map(|option| squeezed(option)).collect();
            let complete = chosen.iter().all(|option| text.contains(&squeezed(option)));
            if complete && list.contains(&text) { None } else { differs(&chosen.join(", ")) }
        }
    }
}

/// The beginning of a text, for a message.
fn excerpt(text: &str) -> String {
    const MOST: usize = 60;
    let plain: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let plain = plain.trim();
    match plain.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", plain.get(..at).unwrap_or_default()),
        None => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_ligatures_do_not_matter() {
        assert_eq!(squeezed(" oﬃce\u{a0}ﬁve\r\n"), "oﬃcefive");
        assert_eq!(squeezed("a\u{ad}b’c"), "a-b'c");
    }

    #[test]
    fn a_number_format_keeps_the_digits() {
        assert!(formatted("1000", "$1,000"));
        assert!(formatted("1000", "1,000.00"));
        assert!(formatted("1234.5", "1,234.50 EUR"));
        assert!(!formatted("1000", "$9,000"));
        assert!(!formatted("paid", "open"));
    }
}

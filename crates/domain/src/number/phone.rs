//! Phone numbers, kept as E.164 (ITU-T E.164 §6.2: at most 15 digits, country code first).

use std::fmt;

use crate::refusal::Refusal;

/// A phone number in E.164 form. `Debug` and `Display` show it masked; [`Phone::reveal`] gives the number.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Reads a number: a mainland mobile number without prefix (`138 0013 5678`) is given +86; anything else needs
    /// its `+` and country code. Spaces, hyphens, dots and brackets are dropped.
    ///
    /// # Errors
    /// [`Refusal::PhoneInvalid`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let compact: String =
            text.chars().filter(|c| !(c.is_whitespace() || "-–.()（）".contains(*c))).collect();
        let compact = match compact.strip_prefix("00") {
            Some(rest) => format!("+{rest}"),
            None => compact,
        };
        let number = match compact.strip_prefix('+') {
            Some(digits) => digits.to_owned(),
            None if is_mainland_mobile(&compact) => format!("86{compact}"),
            None => return Err(Refusal::PhoneInvalid),
        };
        let digits_ok = (7..=15).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && !number.starts_with('0');
        let mainland_ok = number.strip_prefix("86").is_none_or(is_mainland_mobile);
        (digits_ok && mainland_ok).then(|| Self(format!("+{number}"))).ok_or(Refusal::PhoneInvalid)
    }

    /// The whole number, `+8613800135678`.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The number as the parties may see it.
    #[must_use]
    pub fn masked(&self) -> String {
        crate::mask::phone(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

fn is_mainland_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11
        && bytes[0] == b'1'
        && (b'3'..=b'9').contains(&bytes[1])
        && bytes.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_brought_to_one_form() {
        for (typed, number) in [
            ("13800135678", "+8613800135678"),
            (" 138-0013-5678 ", "+8613800135678"),
            ("+86 138 0013 5678", "+8613800135678"),
            ("008613800135678", "+8613800135678"),
            ("+44 (7700) 900123", "+447700900123"),
        ] {
            assert_eq!(Phone::parse(typed).unwrap().reveal(), number, "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_called_is_refused() {
        for bad in [
            "",
            "1380013567",
            "12800135678",
            "+8612800135678",
            "+123456",
            "+0123456789",
            "phone",
            "+1234567890123456",
            "+86138001356７8",
        ] {
            assert_eq!(Phone::parse(bad), Err(Refusal::PhoneInvalid), "{bad}");
        }
    }

    #[test]
    fn a_number_never_shows_itself_by_accident() {
        let phone = Phone::parse("13800135678").unwrap();
        assert_eq!(format!("{phone} {phone:?}"), "138****5678 Phone(138****5678)");
    }
}

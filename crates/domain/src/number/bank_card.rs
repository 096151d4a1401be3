//! Bank cards: 12 to 19 digits with the check digit of ISO/IEC 7812-1 annex B (Luhn). Accounts of companies have none.

use std::fmt;

use zeroize::Zeroizing;

use super::resident_id::compact;
use crate::mask;
use crate::refusal::Refusal;

/// Why a text is not a card number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BankCardError {
    /// Something else than digits.
    #[error("characters")]
    Characters,
    /// Not 12 to 19 digits.
    #[error("length")]
    Length,
    /// A digit is wrong.
    #[error("checksum")]
    Checksum,
}

impl BankCardError {
    /// The reason as the API names it.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Length => "length",
            Self::Checksum => "checksum",
        }
    }
}

impl From<BankCardError> for Refusal {
    fn from(error: BankCardError) -> Self {
        Self::BankCardInvalid { reason: error.reason() }
    }
}

/// A card number whose check digit fits. `Debug` and `Display` show the last four digits; it is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct BankCard(Zeroizing<String>);

impl BankCard {
    /// Reads a number; spaces and hyphens are dropped.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of [`BankCardError`].
    pub fn parse(text: &str) -> Result<Self, BankCardError> {
        let number = compact(text);
        if !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BankCardError::Characters);
        }
        if !(12..=19).contains(&number.len()) {
            return Err(BankCardError::Length);
        }
        if luhn_fits(&number) { Ok(Self(number)) } else { Err(BankCardError::Checksum) }
    }

    /// The whole number.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The number as the parties may see it.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::account(&self.0)
    }
}

impl fmt::Debug for BankCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BankCard({})", self.masked())
    }
}

impl fmt::Display for BankCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Whether the last of these digits is their check digit.
#[must_use]
pub fn luhn_fits(digits: &str) -> bool {
    let sum: Option<u32> = digits
        .chars()
        .rev()
        .enumerate()
        .map(|(place, c)| {
            let digit = c.to_digit(10)?;
            let twice = if place % 2 == 1 { digit * 2 } else { digit };
            Some(if twice > 9 { twice - 9 } else { twice })
        })
        .sum();
    !digits.is_empty() && sum.is_some_and(|sum| sum % 10 == 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cards_are_read_and_each_broken_rule_has_its_reason() {
        assert_eq!(BankCard::parse("6222 0210 0111 6245 702").unwrap().reveal(), "6222021001116245702");
        for (bad, reason) in [
            ("", "length"),
            ("79927398713", "length"),
            ("62220210011162457020", "length"),
            ("622202100111624570X", "characters"),
            ("6222021001116245703", "checksum"),
        ] {
            let error = BankCard::parse(bad).expect_err(bad);
            assert_eq!(error.reason(), reason, "{bad}");
            assert_eq!(Refusal::from(error).code(), "bank_card_invalid");
        }
    }

    #[test]
    fn a_number_never_shows_itself_by_accident() {
        let card = BankCard::parse("6222021001116245702").unwrap();
        assert_eq!(format!("{card} {card:?}"), "****5702 BankCard(****5702)");
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_noticed(place in 0usize..19, other in 0u8..10) {
            let good = "6222021001116245702";
            let mut bad = good.as_bytes().to_vec();
            bad[place] = b'0' + other;
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(BankCard::parse(&bad).is_ok(), bad == good);
        }
    }
}

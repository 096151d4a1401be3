//! Accounts: those who send envelopes.

use jiff::Timestamp;

use crate::id::AccountId;
use crate::locale::Locale;
use crate::refusal::Refusal;
use crate::text::{Email, Name};

/// The fewest characters of a password (NIST SP 800-63B-4 §3.1.1.2 asks 8 with a second factor; there is none yet).
pub const PASSWORD_MIN: u32 = 10;
/// The most bytes of a password: more is an attack on the hash.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The address that was, or is to be, verified.
    pub email: Email,
    /// How the sender signs letters.
    pub name: Name,
    /// The language of mails to this account.
    pub locale: Locale,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the address was verified; none before.
    pub verified_at: Option<Timestamp>,
}

/// What a mailed account token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPurpose {
    /// Proves the address of a new account.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
}

impl TokenPurpose {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
        }
    }

    /// The purpose of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::VerifyEmail, Self::ResetPassword].into_iter().find(|purpose| purpose.as_str() == word)
    }
}

/// Refuses passwords that are short, over-long, or hardly more than one character repeated.
///
/// # Errors
/// [`Refusal::PasswordWeak`].
pub fn check_password(password: &str) -> Result<(), Refusal> {
    let count = u32::try_from(password.chars().count()).unwrap_or(u32::MAX);
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let strong = count >= PASSWORD_MIN && password.len() <= PASSWORD_MAX_BYTES && distinct.len() >= 4;
    strong.then_some(()).ok_or(Refusal::PasswordWeak { min: PASSWORD_MIN })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_repeated_passwords_are_weak() {
        for weak in ["", "abcdefghi", "aaaaaaaaaaaa", "abababababab", &"x1y2".repeat(300)] {
            assert_eq!(check_password(weak), Err(Refusal::PasswordWeak { min: 10 }), "{}", weak.len());
        }
        for good in ["correct horse", "朱砂印泥盖在合同上的红", "a1b2c3d4e5"] {
            assert_eq!(check_password(good), Ok(()), "{good}");
        }
    }
}

//! What only its owner knows, on its way in: a PIN, a password, the secret of a link.

use std::fmt;
use std::ops::Deref;

use serde::Deserialize;
use zeroize::Zeroizing;

/// Text that is wiped when it is dropped, and never printed.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_read_as_text_and_never_printed() {
        let read: Secret = serde_json::from_str("\"913570\"").expect("text");
        assert_eq!(&*read, "913570");
        assert!(!format!("{read:?}").contains("913570"));
        assert!(serde_json::from_str::<Secret>("913570").is_err(), "a number is no text");
    }
}

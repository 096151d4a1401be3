//! Words that people type: names, e-mail addresses, bounded texts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// An e-mail address, trimmed and lower-cased; unique names of accounts and addresses of invitations.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Reads an address: one `@`, a local part of at most 64 and a dotted domain of letters, digits and hyphens
    /// (RFC 5321 §4.5.3.1 for the lengths). Quoted local parts and address literals are refused.
    ///
    /// # Errors
    /// [`Refusal::EmailInvalid`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim().to_lowercase();
        let (local, host) = text.rsplit_once('@').ok_or(Refusal::EmailInvalid)?;
        let local_ok = (1..=64).contains(&local.len())
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c));
        let host_ok = host.len() <= 253 && host.contains('.') && host.split('.').all(host_label);
        (local_ok && host_ok).then_some(Self(text)).ok_or(Refusal::EmailInvalid)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn host_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// A name of a person or an organization: not empty, one line, inner spaces single, at most 100 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// The longest name, in characters.
    pub const LIMIT: u32 = 100;

    /// Reads a name.
    ///
    /// # Errors
    /// [`Refusal::NameRequired`] where nothing is left, [`Refusal::TextTooLong`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        if name.is_empty() {
            return Err(Refusal::NameRequired);
        }
        Text::within(&name, Self::LIMIT)?;
        Ok(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same person's or organization's name, however spaces, middle dots, brackets and letter case were typed.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        folded(&self.0) == folded(&other.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Middle dots of names of minorities come in many shapes (U+00B7 is the standard's), brackets in two widths.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '•' | '．' | '・' | '‧' | '∙' => '·',
            '（' => '(',
            '）' => ')',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text of bounded length: messages, titles, reasons.
pub struct Text;

impl Text {
    /// The text with its ends trimmed and control characters (but line breaks and tabs) dropped.
    ///
    /// # Errors
    /// [`Refusal::TextTooLong`] past `limit` characters.
    pub fn parse(text: &str, limit: u32) -> Result<String, Refusal> {
        let text: String = text
            .replace("\r\n", "\n")
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        let text = text.trim();
        Self::within(text, limit)?;
        Ok(text.to_owned())
    }

    fn within(text: &str, limit: u32) -> Result<(), Refusal> {
        let fits = u32::try_from(text.chars().count()).is_ok_and(|count| count <= limit);
        fits.then_some(()).ok_or(Refusal::TextTooLong { limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lower_cased() {
        assert_eq!(Email::parse("  Ada.L+x@Example.COM ").unwrap().as_str(), "ada.l+x@example.com");
        assert_eq!(Email::parse("陈@例子.中国").unwrap().as_str(), "陈@例子.中国");
        for bad in [
            "", "ada", "ada@", "@b.c", "a@b", "a b@c.d", "a@-b.c", "a@b..c", ".a@b.c", "a..b@c.d", "a@b@c",
            "a\n@b.c",
        ] {
            assert_eq!(Email::parse(bad), Err(Refusal::EmailInvalid), "{bad}");
        }
    }

    #[test]
    fn names_match_however_their_spaces_dots_and_brackets_are_typed() {
        let name = |text| Name::parse(text).unwrap();
        assert!(name("阿卜杜拉·买买提").matches(&name("阿卜杜拉•买买提")));
        assert!(name("朱砂（北京）科技有限公司").matches(&name("朱砂(北京)科技 有限公司")));
        assert!(name("Ada  Lovelace").matches(&name("ada lovelace")));
        assert!(!name("陈小明").matches(&name("陈小朋")));
        assert_eq!(Name::parse(" \n "), Err(Refusal::NameRequired));
        assert_eq!(Name::parse(&"长".repeat(101)), Err(Refusal::TextTooLong { limit: 100 }));
    }

    #[test]
    fn a_text_keeps_its_lines() {
        assert_eq!(Text::parse(" a\r\nb\u{7} ", 10).unwrap(), "a\nb");
        assert_eq!(Text::parse("abcd", 3), Err(Refusal::TextTooLong { limit: 3 }));
    }
}

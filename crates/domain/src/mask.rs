//! Masking: what someone outside the parties may see of a name or number.

/// `陈小明` → `陈**`; `Ada Lovelace` → `A** L**`. The number of stars says nothing about the length.
#[must_use]
pub fn name(name: &str) -> String {
    if name.trim().is_empty() {
        return String::new();
    }
    name.split_whitespace()
        .map(|word| word.chars().next().map_or_else(String::new, |first| format!("{first}**")))
        .collect::<Vec<_>>()
        .join(" ")
}

/// `ada@example.com` → `a***@example.com`.
#[must_use]
pub fn email(email: &str) -> String {
    match email.split_once('@') {
        Some((local, host)) => format!("{}***@{host}", local.chars().next().unwrap_or('*')),
        None => "***".to_owned(),
    }
}

/// `+8613800135678` → `138****5678`; other countries keep their prefix: `+447700900123` → `+44****0123`.
#[must_use]
pub fn phone(e164: &str) -> String {
    let national = e164.strip_prefix("+86").unwrap_or(e164);
    keep(national, 3, 4, "****")
}

/// `110101199003070014` → `1101**********0014`.
#[must_use]
pub fn resident_id(number: &str) -> String {
    keep(number, 4, 4, "**********")
}

/// A number of an identity document: as [`resident_id`] where it has 18 characters, else `H12345678` → `H****78`.
#[must_use]
pub fn document(number: &str) -> String {
    match number.chars().count() {
        18 => resident_id(number),
        8.. => keep(number, 1, 2, "****"),
        _ => keep(number, 0, 2, "****"),
    }
}

/// A bank account: its last four digits.
#[must_use]
pub fn account(number: &str) -> String {
    keep(number, 0, 4, "****")
}

fn keep(text: &str, head: usize, tail: usize, stars: &str) -> String {
    let count = text.chars().count();
    if count <= head + tail {
        return stars.to_owned();
    }
    let first: String = text.chars().take(head).collect();
    let last: String = text.chars().skip(count - tail).collect();
    format!("{first}{stars}{last}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn masks_keep_what_the_owner_recognises() {
        assert_eq!(super::name("陈小明"), "陈**");
        assert_eq!(super::name("Ada Lovelace"), "A** L**");
        assert_eq!(super::name(" "), "");
        assert_eq!(super::email("ada@example.com"), "a***@example.com");
        assert_eq!(super::phone("+8613800135678"), "138****5678");
        assert_eq!(super::phone("+447700900123"), "+44****0123");
        assert_eq!(super::resident_id("110101199003070014"), "1101**********0014");
        assert_eq!(super::document("110101199003070014"), "1101**********0014");
        assert_eq!(super::document("H12345678"), "H****78");
        assert_eq!(super::document("AB123"), "****23");
        assert_eq!(super::account("6222021001116245702"), "****5702");
        assert_eq!(super::account("12"), "****");
    }
}

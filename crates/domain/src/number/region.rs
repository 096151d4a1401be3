//! Identity numbers of Hong Kong and Taiwan. No authority of the mainland is asked about them; they stand beside a
//! permit, and a typing error is found before somebody relies on them.

/// A Hong Kong identity card number, `A123456(3)` or `AB987654(3)`, with or without brackets.
#[must_use]
pub fn is_hong_kong_id(text: &str) -> bool {
    let number: Vec<u8> =
        text.bytes().filter(|b| !b"() -".contains(b)).map(|b| b.to_ascii_uppercase()).collect();
    let letters = number.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let (head, rest) = number.split_at(letters);
    let (Some((check, digits)), 1 | 2) = (rest.split_last(), letters) else { return false };
    if digits.len() != 6 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    // A missing first letter counts 36; the check digit may be A, for 10.
    let value = |b: u8| if b.is_ascii_digit() { u32::from(b - b'0') } else { u32::from(b - b'A') + 10 };
    if !(check.is_ascii_digit() || *check == b'A') {
        return false;
    }
    let blank = if letters == 1 { vec![36] } else { Vec::new() };
    let values = blank.into_iter().chain(head.iter().chain(rest).map(|b| value(*b)));
    values.zip((1..=9).rev()).map(|(value, weight)| value * weight).sum::<u32>() % 11 == 0
}

/// A national identification number of Taiwan, `A123456789`.
#[must_use]
pub fn is_taiwan_id(text: &str) -> bool {
    // The places of registration in the order of their codes, from 10.
    const PLACES: &[u8] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let number = text.trim().to_ascii_uppercase();
    let [letter, digits @ ..] = number.as_bytes() else { return false };
    if digits.len() != 9
        || !digits.iter().all(u8::is_ascii_digit)
        || !matches!(digits[0], b'1' | b'2' | b'8' | b'9')
    {
        return false;
    }
    let Some(place) = PLACES.iter().position(|place| place == letter) else { return false };
    let code = place + 10;
    let digits = digits.iter().map(|b| usize::from(b - b'0'));
    let values = [code / 10, code % 10].into_iter().chain(digits);
    values.zip([1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]).map(|(value, weight)| value * weight).sum::<usize>() % 10
        == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hong_kong_numbers_are_told_from_typing_errors() {
        for good in ["A123456(3)", "G123456(A)", "AB987654(3)", "a1234563"] {
            assert!(is_hong_kong_id(good), "{good}");
        }
        for bad in ["", "A123456(4)", "123456(3)", "ABC123456(3)", "A12345(3)", "A123456(B)", "A12345六(3)"]
        {
            assert!(!is_hong_kong_id(bad), "{bad}");
        }
    }

    #[test]
    fn taiwan_numbers_are_told_from_typing_errors() {
        assert!(is_taiwan_id("A123456789") && is_taiwan_id("a123456789"));
        for bad in ["", "A123456788", "A323456789", "1123456789", "A12345678", "A12345678九"] {
            assert!(!is_taiwan_id(bad), "{bad}");
        }
    }
}

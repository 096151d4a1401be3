//! ECDSA signature values in their two forms.
use crate::der;

/// A value as tokens, browsers and JOSE give it (r and s behind one another, each as long as the curve's order; IEEE
/// P1363, RFC 7518 §3.4) in the form that certificates and signatures hold: `SEQUENCE { r, s }` (RFC 3279 §2.2.3).
/// None where the two cannot be told apart.
///
/// ```
/// use vermilion_pki::ecdsa_value;
/// assert_eq!(ecdsa_value(&[0x00, 0x7f, 0x00, 0x80]), Some(vec![0x30, 7, 2, 1, 0x7f, 2, 2, 0, 0x80]));
/// assert_eq!(ecdsa_value(&[1, 2, 3]), None);
/// ```
#[must_use]
pub fn ecdsa_value(raw: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = raw.split_at_checked(raw.len() / 2)?;
    let whole = r.len() == s.len() && !r.is_empty();
    whole.then(|| der::sequence(&[&der::integer(r), &der::integer(s)]))
}

#[cfg(test)]
mod tests {
    use super::ecdsa_value;

    #[test]
    fn numbers_are_positive_and_as_short_as_they_go() {
        let (mut small, mut large) = ([0; 32], [0x11; 32]);
        small[31] = 0x7f;
        large[0] = 0x80;
        let der = ecdsa_value(&[small, large].concat()).expect("two halves");
        assert_eq!(der.get(..8), Some(&[0x30, 38, 0x02, 1, 0x7f, 0x02, 33, 0][..]));
    }

    #[test]
    fn what_has_no_two_halves_is_no_value() {
        assert_eq!(ecdsa_value(&[]), None);
        assert_eq!(ecdsa_value(&[1; 63]), None);
    }
}

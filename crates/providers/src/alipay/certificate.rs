//! The numbers by which Alipay names certificates: MD5 over the issuer's name and the serial number in digits.
//!
//! A name, not a check of integrity: what it names is compared as a whole.

use md5::{Digest as _, Md5};
use pki::{Certificate, SignatureAlgorithm};

/// Of one certificate.
pub(super) fn serial_number(certificate: &Certificate) -> String {
    let text = format!("{}{}", certificate.issuer(), decimal(certificate.serial().as_bytes()));
    hex::encode(Md5::digest(text.as_bytes()))
}

/// Of a bundle of roots: those signed with RSA, in order. `None` where there are none.
pub(super) fn root_number(roots: &[Certificate]) -> Option<String> {
    let numbers: Vec<String> =
        roots.iter().filter(|root| is_rsa(root.signature_algorithm())).map(serial_number).collect();
    (!numbers.is_empty()).then(|| numbers.join("_"))
}

/// Object identifiers under 1.2.840.113549.1.1 (PKCS#1).
fn is_rsa(algorithm: Option<SignatureAlgorithm>) -> bool {
    use SignatureAlgorithm as S;
    matches!(
        algorithm,
        Some(
            S::RsaSha1
                | S::RsaSha256
                | S::RsaSha384
                | S::RsaSha512
                | S::RsaPssSha256
                | S::RsaPssSha384
                | S::RsaPssSha512
                | S::RsaPss(_)
        )
    )
}

/// A big-endian number in decimal digits.
fn decimal(bytes: &[u8]) -> String {
    // Least significant first.
    let mut digits = vec![0u32];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            let sum = *digit * 256 + carry;
            (*digit, carry) = (sum % 10, sum / 10);
        }
        while carry > 0 {
            digits.push(carry % 10);
            carry /= 10;
        }
    }
    digits.iter().rev().filter_map(|digit| char::from_digit(*digit, 10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_decimal() {
        assert_eq!(decimal(&[]), "0");
        assert_eq!(decimal(&[0, 255]), "255");
        assert_eq!(decimal(&[1, 0, 0, 0, 0, 0, 0, 0, 0]), "18446744073709551616");
    }
}

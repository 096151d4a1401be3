//! Serial numbers.
use serde::{Deserialize, Serialize};

use crate::ParseError;
use crate::der;

/// A certificate's serial number: the content octets of its INTEGER. Shown, also in JSON, as hexadecimal.
///
/// ```
/// use vermilion_pki::Serial;
/// let serial = Serial::from_random([0xff; 16]);
/// assert_eq!(serial.to_hex(), "ff".repeat(16));
/// assert_eq!(Serial::from_hex(&serial.to_hex())?, serial);
/// # Ok::<(), vermilion_pki::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Serial(Vec<u8>);

impl Serial {
    /// Octets that a serial number may have: 20 by RFC 5280 §4.1.2.2, some more in the wild.
    const MAX: usize = 64;

    /// A positive serial number from 128 random bits. (Zero, of chance 2⁻¹²⁸, becomes one.)
    pub fn from_random(bits: [u8; 16]) -> Self {
        let digits = if bits == [0; 16] { 1u128.to_be_bytes() } else { bits };
        Self::from_digits(&digits)
    }

    /// Reads hexadecimal, as [`Serial::to_hex`] gives it.
    pub fn from_hex(hex: &str) -> Result<Self, ParseError> {
        let digits = hex::decode(hex).map_err(|_| ParseError::malformed("serial number"))?;
        if digits.is_empty() || digits.len() > Self::MAX {
            return Err(ParseError::malformed("serial number"));
        }
        Ok(Self::from_digits(&digits))
    }

    /// Lower-case hexadecimal, two digits an octet, without the sign octet.
    pub fn to_hex(&self) -> String {
        match self.0.as_slice() {
            [0, rest @ ..] if !rest.is_empty() => hex::encode(rest),
            all => hex::encode(all),
        }
    }

    /// Big-endian two's complement content octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it is greater than zero, as RFC 5280 §4.1.2.2 asks.
    pub fn is_positive(&self) -> bool {
        self.0.first().is_some_and(|first| first & 0x80 == 0) && self.0 != [0]
    }

    pub(crate) fn from_content(octets: &[u8]) -> Result<Self, ParseError> {
        if octets.len() > Self::MAX {
            return Err(ParseError::TooLarge { what: "serial number", limit: Self::MAX });
        }
        Ok(Self(octets.to_vec()))
    }

    fn from_digits(digits: &[u8]) -> Self {
        let first = digits.iter().position(|d| *d != 0).unwrap_or(digits.len());
        let significant = digits.get(first..).unwrap_or_default();
        let mut octets = Vec::with_capacity(significant.len() + 1);
        if significant.first().is_none_or(|d| d & 0x80 != 0) {
            octets.push(0);
        }
        octets.extend_from_slice(significant);
        Self(octets)
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        der::tlv(der::INTEGER, &[&self.0])
    }
}

impl std::fmt::Debug for Serial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Serial({})", self.to_hex())
    }
}

impl From<Serial> for String {
    fn from(serial: Serial) -> Self {
        serial.to_hex()
    }
}

impl TryFrom<String> for Serial {
    type Error = ParseError;
    fn try_from(text: String) -> Result<Self, ParseError> {
        Self::from_hex(&text)
    }
}

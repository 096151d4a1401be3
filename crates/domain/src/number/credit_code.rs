//! Unified social credit code: GB 32100, 18 characters, whose characters 9 to 17 are an organization code with a
//! check of its own (GB 11714). Both checks are made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Digits and letters without I, O, S, V, Z; the value of a character is its place.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^i mod 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANIZATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Why a text is not a credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Not 18 characters.
    #[error("length")]
    Length,
    /// A character that the code does not use.
    #[error("characters")]
    Characters,
    /// The last character does not fit the others.
    #[error("checksum")]
    Checksum,
    /// The check of the organization code inside does not fit.
    #[error("organization_checksum")]
    OrganizationChecksum,
}

impl CreditCodeError {
    /// The reason as the API names it.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Characters => "characters",
            Self::Checksum => "checksum",
            Self::OrganizationChecksum => "organization_checksum",
        }
    }
}

impl From<CreditCodeError> for Refusal {
    fn from(error: CreditCodeError) -> Self {
        Self::CreditCodeInvalid { reason: error.reason() }
    }
}

/// A credit code whose form and both checks are right. It is public, and shown whole.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

impl CreditCode {
    /// Reads a code; spaces are dropped, letters taken as capitals.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of [`CreditCodeError`].
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        let code: String =
            text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        if code.chars().count() != 18 {
            return Err(CreditCodeError::Length);
        }
        let values = code
            .bytes()
            .map(|b| ALPHABET.iter().position(|a| *a == b))
            .collect::<Option<Vec<_>>>()
            .ok_or(CreditCodeError::Characters)?;
        let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        if (31 - sum % 31) % 31 != values[17] {
            return Err(CreditCodeError::Checksum);
        }
        if !organization_code_fits(&code[8..17]) {
            return Err(CreditCodeError::OrganizationChecksum);
        }
        Ok(Self(code))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the first two characters say the holder is; `None` for classes that are not told apart here.
    #[must_use]
    pub fn class(&self) -> Option<CreditClass> {
        CreditClass::ALL.into_iter().find(|class| self.0.starts_with(class.prefix()))
    }

    /// The organization code inside (GB 11714), characters 9 to 17.
    #[must_use]
    pub fn organization_code(&self) -> &str {
        &self.0[8..17]
    }
}

/// What kind of body a credit code belongs to: its registrar and class (GB 32100 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditClass {
    /// 机关: an organ of the state.
    StateOrgan,
    /// 事业单位: a public institution.
    PublicInstitution,
    /// 社会团体: an association.
    Association,
    /// 民办非企业单位: a private non-enterprise unit.
    PrivateNonEnterprise,
    /// 基金会: a foundation.
    Foundation,
    /// 企业: a company.
    Company,
    /// 个体工商户: an individual business.
    IndividualBusiness,
    /// 农民专业合作社: a farmers' cooperative.
    Cooperative,
}

impl CreditClass {
    const ALL: [Self; 8] = [
        Self::StateOrgan,
        Self::PublicInstitution,
        Self::Association,
        Self::PrivateNonEnterprise,
        Self::Foundation,
        Self::Company,
        Self::IndividualBusiness,
        Self::Cooperative,
    ];

    /// The stable word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StateOrgan => "state_organ",
            Self::PublicInstitution => "public_institution",
            Self::Association => "association",
            Self::PrivateNonEnterprise => "private_non_enterprise",
            Self::Foundation => "foundation",
            Self::Company => "company",
            Self::IndividualBusiness => "individual_business",
            Self::Cooperative => "cooperative",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::StateOrgan => "11",
            Self::PublicInstitution => "12",
            Self::Association => "51",
            Self::PrivateNonEnterprise => "52",
            Self::Foundation => "53",
            Self::Company => "91",
            Self::IndividualBusiness => "92",
            Self::Cooperative => "93",
        }
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<Self, CreditCodeError> {
        Self::parse(&text)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}

/// GB 11714: letters count from A = 10; the check is 11 − Σ mod 11, with 10 written X and 11 written 0.
fn organization_code_fits(code: &str) -> bool {
    let sum: u32 = code
        .chars()
        .filter_map(|c| c.to_digit(36))
        .zip(ORGANIZATION_WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    code.ends_with(check)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_codes_are_read() {
        for good in [
            "91350100M000100Y43",
            "914403001922038216",
            "91440300708461136T",
            "91110108551385082Q",
            "91110000MA00000077",
            "1210000040000000XN",
            "511100005000000071",
            "91350100m000100y43",
        ] {
            CreditCode::parse(good).expect(good);
        }
        for good in ["D2143569X", "M000100Y4", "192203821", "708461136"] {
            assert!(organization_code_fits(good), "{good}");
        }
    }

    #[test]
    fn each_broken_rule_has_its_reason() {
        for (bad, reason) in [
            ("91350100M000100Y4", "length"),
            ("9150010807MGZHI002", "characters"),
            ("91350100M000100Y4号", "characters"),
            ("91350100M000100Y44", "checksum"),
            ("91110000710930536N", "checksum"),
        ] {
            assert_eq!(CreditCode::parse(bad).expect_err(bad).reason(), reason, "{bad}");
        }
    }

    #[test]
    fn the_inner_check_is_made_too() {
        let body = "91350100M000100Y5";
        let value = |b: u8| ALPHABET.iter().position(|a| *a == b).unwrap();
        let sum: usize = body.bytes().zip(WEIGHTS).map(|(b, weight)| value(b) * weight).sum();
        let code = format!("{body}{}", char::from(ALPHABET[(31 - sum % 31) % 31]));
        assert_eq!(CreditCode::parse(&code), Err(CreditCodeError::OrganizationChecksum));
    }

    #[test]
    fn the_class_tells_companies_from_others() {
        for (code, class) in [
            ("91350100M000100Y43", "company"),
            ("1210000040000000XN", "public_institution"),
            ("511100005000000071", "association"),
        ] {
            let code = CreditCode::parse(code).unwrap();
            assert_eq!(code.class().unwrap().as_str(), class);
        }
        assert_eq!(CreditCode::parse("91350100M000100Y43").unwrap().organization_code(), "M000100Y4");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".{0,24}") {
            let _ = CreditCode::parse(&text);
        }

        #[test]
        fn one_changed_character_is_noticed(place in 0usize..18, other in 0usize..31) {
            let good = "91350100M000100Y43";
            let mut bad = good.as_bytes().to_vec();
            bad[place] = ALPHABET[other];
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(CreditCode::parse(&bad).is_ok(), bad == good);
        }
    }
}

//! What must hold before anything is signed: of the request, and of the bytes built from it.
use jiff::{SignedDuration, Timestamp};

use super::{Issuer, Profile, Subject, Validity, key_identifier};
use crate::der::Reader;
use crate::{Certificate, KeyAlgorithm, KeyUsage, Name, ParseError, Serial, oid, public_key_algorithm};

/// Why a certificate must not be issued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LintError {
    /// A subject field is empty, too long or holds what it must not.
    #[error("subject {field}: {problem}")]
    Subject {
        /// The field.
        field: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// The serial number is not positive or has fewer than 64 bits.
    #[error("the serial number is not positive or too short to be random")]
    Serial,
    /// The public key is malformed, or not P-256, P-384 or RSA of 2048, 3072 or 4096 bits.
    #[error("the public key is not of a kind that is certified")]
    PublicKey,
    /// The exponent of an RSA key is even, or not greater than 2¹⁶.
    #[error("the public exponent of the RSA key is even or too small")]
    PublicExponent,
    /// The public key is the issuer's own.
    #[error("the public key is the issuer's own")]
    IssuerOwnKey,
    /// The issuer's key is not of a kind that signs here.
    #[error("the issuer's key is not of a kind that signs here")]
    IssuerKey,
    /// The issuer may not issue this.
    #[error("the issuer may not issue this: {problem}")]
    Issuer {
        /// Why.
        problem: &'static str,
    },
    /// The validity ends before it begins, or is longer than the profile allows.
    #[error("the validity is empty or longer than {max_days} days")]
    Validity {
        /// The profile's bound.
        max_days: i64,
    },
    /// The validity is not within the issuer's, which ends at `not_after`.
    #[error("the validity is not within the issuer's, which ends at {not_after}")]
    BeyondIssuer {
        /// The issuer's end.
        not_after: Timestamp,
    },
    /// An address is not an absolute http(s) URL.
    #[error("not an absolute http(s) URL: {url}")]
    Url {
        /// The address.
        url: String,
    },
    /// What was built cannot be read back.
    #[error("what was built cannot be read back: {0}")]
    Unreadable(ParseError),
    /// What was built says something else than the profile.
    #[error("what was built contradicts the profile: {problem} ({clause})")]
    Draft {
        /// Where.
        problem: &'static str,
        /// Where the rule is written.
        clause: &'static str,
    },
}

impl LintError {
    /// Where the rule that was broken is written.
    pub fn clause(&self) -> &'static str {
        match self {
            Self::Subject { field: "countryName", .. } => "RFC 5280 appendix A.1 (ISO 3166)",
            Self::Subject { .. } => "RFC 5280 §4.1.2.6, appendix A.1",
            Self::Serial => "RFC 5280 §4.1.2.2",
            Self::PublicKey => "RFC 5280 §4.1.2.7, RFC 5480 §2.1.1",
            Self::PublicExponent => "FIPS 186-5 §5.4 (e)",
            Self::IssuerOwnKey => "RFC 5280 §4.2.1.1",
            Self::IssuerKey => "RFC 5280 §4.1.1.2",
            Self::Issuer { .. } => "RFC 5280 §4.2.1.3, §4.2.1.4, §4.2.1.9",
            Self::Validity { .. } => "RFC 5280 §4.1.2.5",
            Self::BeyondIssuer { .. } => "RFC 5280 §6.1.3 (a)(2), shell model",
            Self::Url { .. } => "RFC 5280 §4.2.1.13, §4.2.2.1",
            Self::Unreadable(_) => "X.690 §10, RFC 5280 §4.1",
            Self::Draft { clause, .. } => clause,
        }
    }
}

pub(super) fn request(
    issuer: Option<&Issuer>,
    profile: Profile,
    who: &Subject,
    public_key_der: &[u8],
    serial: &Serial,
    validity: Validity,
) -> Result<(), LintError> {
    subject(profile, who)?;
    if !serial.is_positive() || serial.as_bytes().len() < 8 || serial.as_bytes().len() > 20 {
        return Err(LintError::Serial);
    }
    if public_key_algorithm(public_key_der).is_none_or(|kind| kind == KeyAlgorithm::RsaOther) {
        return Err(LintError::PublicKey);
    }
    let max_days = profile.max_days();
    let length = validity.not_before.duration_until(validity.not_after);
    if length <= SignedDuration::ZERO || length > SignedDuration::from_hours(24 * max_days) {
        return Err(LintError::Validity { max_days });
    }
    if !exponent_is_sound(public_key_der) {
        return Err(LintError::PublicExponent);
    }
    match issuer {
        Some(issuer) => may_issue(issuer, profile, public_key_der, validity),
        None if profile == Profile::Root => Ok(()),
        None => Err(LintError::Issuer { problem: "only a root signs itself" }),
    }
}

fn may_issue(
    issuer: &Issuer,
    profile: Profile,
    public_key_der: &[u8],
    validity: Validity,
) -> Result<(), LintError> {
    let certificate = &issuer.certificate;
    let refuse = |problem| Err(LintError::Issuer { problem });
    if profile == Profile::Root {
        return refuse("a root has no issuer");
    }
    if !certificate.is_ca() || !certificate.key_usage().is_some_and(KeyUsage::key_cert_sign) {
        return refuse("its certificate is not that of a CA");
    }
    let path_len = certificate.extensions().basic_constraints.and_then(|b| b.path_len);
    if profile.is_issuing() && path_len == Some(0) {
        return refuse("its path length allows no CA under it");
    }
    // RFC 5280 §6.1.3 (d): a policy that the issuer does not have is lost on the way.
    let allowed = |policy: &[u8]| {
        certificate
            .extensions()
            .policies
            .as_ref()
            .is_none_or(|of_issuer| of_issuer.iter().any(|it| it == oid::ANY_POLICY || it == policy))
    };
    if !profile.policies().iter().all(|policy| allowed(policy)) {
        return refuse("its policies do not hold this one");
    }
    if certificate.public_key_der() == public_key_der
        || issuer.chain.iter().any(|c| c.public_key_der() == public_key_der)
    {
        return Err(LintError::IssuerOwnKey);
    }
    if validity.not_before < certificate.not_before() || validity.not_after > certificate.not_after() {
        return Err(LintError::BeyondIssuer { not_after: certificate.not_after() });
    }
    let urls = issuer.urls.crl.iter().chain(&issuer.urls.ocsp).chain(&issuer.urls.ca_issuers);
    for url in urls {
        let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        let sound = host.is_some_and(|h| !h.is_empty() && h.bytes().all(|b| b.is_ascii_graphic()));
        if !sound {
            return Err(LintError::Url { url: url.clone() });
        }
    }
    Ok(())
}

/// RFC 5280 appendix A.1 upper bounds, and what must not be told to everyone.
fn subject(profile: Profile, subject: &Subject) -> Result<(), LintError> {
    let fields = [
        ("commonName", Some(subject.common_name.as_str()), 64),
        ("organizationName", subject.organization.as_deref(), 64),
        ("organizationIdentifier", subject.organization_identifier.as_deref(), 64),
        ("countryName", subject.country.as_deref(), 2),
        ("serialNumber", subject.serial_number.as_deref(), 64),
    ];
    for (field, value, max) in fields {
        let Some(value) = value else { continue };
        let problem = if value.trim().is_empty() {
            Some("empty")
        } else if value.chars().count() > max {
            Some("too long")
        } else if value.chars().any(unseen) || value.trim() != value {
            Some("characters that are not seen, or white space around it")
        } else if field != "organizationIdentifier" && holds_id_number(value) {
            Some("holds what looks like an identity or phone number")
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(LintError::Subject { field, problem });
        }
    }
    let letters = |c: &str| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase());
    if subject.country.as_deref().is_some_and(|c| !letters(c)) {
        return Err(LintError::Subject { field: "countryName", problem: "not two capital letters" });
    }
    let printable = |s: &str| s.bytes().all(|b| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&b));
    if subject.serial_number.as_deref().is_some_and(|s| !printable(s)) {
        return Err(LintError::Subject { field: "serialNumber", problem: "not a PrintableString" });
    }
    if profile.names_organization() && subject.organization.is_none() {
        return Err(LintError::Subject { field: "organizationName", problem: "missing" });
    }
    // A natural person's own certificate speaks for nobody else.
    if matches!(profile, Profile::Person | Profile::PersonEvent) && subject.organization.is_some() {
        return Err(LintError::Subject {
            field: "organizationName",
            problem: "in a certificate of a person",
        });
    }
    Ok(())
}

/// Control characters, and those that reorder or join what is shown, so that a name reads as another.
fn unseen(c: char) -> bool {
    let formats =
        ['\u{200b}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{2060}'..='\u{2069}', '\u{feff}'..='\u{feff}'];
    c.is_control() || formats.iter().any(|range| range.contains(&c))
}

/// A resident ID number (GB 11643: 17 digits and a digit or X), an old one of 15 digits, or a mobile number.
fn holds_id_number(value: &str) -> bool {
    let is_run = |c: char| c.is_ascii_digit() || c == 'X' || c == 'x';
    value.split(|c| !is_run(c)).any(|run| {
        let digits = run.bytes().take_while(u8::is_ascii_digit).count();
        let id = run.len() == 18 && digits >= 17 || run.len() == 15 && digits == 15;
        let mobile = run.len() == 11 && digits == 11 && run.starts_with('1');
        id || mobile
    })
}

/// An RSA exponent is odd and greater than 2¹⁶; other keys have none.
fn exponent_is_sound(public_key_der: &[u8]) -> bool {
    let octets = crate::public_key::public_key_octets(public_key_der);
    let Some(fields) = octets.ok().and_then(|octets| Reader::new(octets, "RSAPublicKey").sequence().ok())
    else {
        return true;
    };
    let mut fields = fields;
    let Ok(_) = fields.integer() else { return true };
    fields.unsigned().is_ok_and(|exponent| exponent % 2 == 1 && exponent > 1 << 16)
}

/// What the bytes that will be signed must say.
pub(super) struct Wanted<'a> {
    pub(super) profile: Profile,
    pub(super) issuer: Option<&'a Issuer>,
    pub(super) subject: &'a Name,
    pub(super) public_key_der: &'a [u8],
    pub(super) serial: &'a Serial,
    pub(super) validity: Validity,
}

/// The bytes that will be signed, read back.
pub(super) fn draft(draft: &Certificate, wanted: &Wanted<'_>) -> Result<(), LintError> {
    let Wanted { profile, issuer, validity, .. } = *wanted;
    let extensions = draft.extensions();
    let certificate = issuer.map(|it| &it.certificate);
    let issuer_key_id = certificate.map_or(draft.subject_key_id(), Certificate::subject_key_id);
    let own_key_id = key_identifier(wanted.public_key_der).ok();
    let seconds = |at: Timestamp| at.as_second();
    let urls = issuer.map(|it| it.urls.clone()).unwrap_or_default();
    let no_urls: Vec<String> = Vec::new();
    let asked = profile == Profile::OcspResponder || profile == Profile::Root;
    let (crl, ocsp) = if asked { (&no_urls, &no_urls) } else { (&urls.crl, &urls.ocsp) };
    let checks = [
        (draft.version() == 2, "version", "RFC 5280 §4.1.2.1"),
        (draft.serial() == wanted.serial, "serialNumber", "RFC 5280 §4.1.2.2"),
        (certificate.is_none_or(|i| draft.issuer() == i.subject()), "issuer", "RFC 5280 §4.1.2.4"),
        // Self-issued certificates are a CA's alone (RFC 5280 §3.2).
        (
            profile.is_ca() || certificate.is_none_or(|i| !wanted.subject.matches(i.subject())),
            "subject",
            "RFC 5280 §4.1.2.6",
        ),
        (draft.subject() == wanted.subject && !draft.subject().is_empty(), "subject", "RFC 5280 §4.1.2.6"),
        (seconds(draft.not_before()) == seconds(validity.not_before), "notBefore", "RFC 5280 §4.1.2.5"),
        (seconds(draft.not_after()) == seconds(validity.not_after), "notAfter", "RFC 5280 §4.1.2.5"),
        (draft.public_key_der() == wanted.public_key_der, "subjectPublicKeyInfo", "RFC 5280 §4.1.2.7"),
        (extensions.unknown_critical.is_empty(), "unknown critical extension", "RFC 5280 §4.2"),
        (
            issuer_key_id.is_none() || draft.authority_key_id() == issuer_key_id,
            "authorityKeyIdentifier",
            "RFC 5280 §4.2.1.1",
        ),
        (draft.subject_key_id() == own_key_id.as_deref(), "subjectKeyIdentifier", "RFC 5280 §4.2.1.2"),
        (
            draft.key_usage().is_some_and(|usage| usage.bits() == profile.key_usage()),
            "keyUsage",
            "RFC 5280 §4.2.1.3",
        ),
        (
            extensions.policies.as_deref().unwrap_or_default() == profile.policies(),
            "certificatePolicies",
            "RFC 5280 §4.2.1.4",
        ),
        (extensions.subject_alt_names.is_empty(), "subjectAltName", "RFC 5280 §4.2.1.6"),
        (
            extensions.basic_constraints.is_some_and(|it| {
                it.ca == profile.is_ca() && it.path_len == profile.is_issuing().then_some(0)
            }),
            "basicConstraints",
            "RFC 5280 §4.2.1.9",
        ),
        (
            match (profile.purpose(), draft.extended_key_usage()) {
                (None, None) => true,
                (Some((purpose, critical)), Some(found)) => {
                    found.len() == 1 && found.contains(purpose) && found.is_critical() == critical
                }
                _ => false,
            },
            "extKeyUsage",
            "RFC 5280 §4.2.1.12, RFC 3161 §2.3, RFC 9336 §3.1",
        ),
        (draft.crl_urls() == *crl, "cRLDistributionPoints", "RFC 5280 §4.2.1.13"),
        (draft.ocsp_urls() == *ocsp, "authorityInfoAccess", "RFC 5280 §4.2.2.1"),
        (
            draft.has_ocsp_no_check() == (profile == Profile::OcspResponder),
            "ocsp-nocheck",
            "RFC 6960 §4.2.2.2.1",
        ),
    ];
    match checks.into_iter().find(|(holds, _, _)| !holds) {
        Some((_, problem, clause)) => Err(LintError::Draft { problem, clause }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_and_phone_numbers_are_seen() {
        for number in ["11010519491231002X", "陈 110105194912310021", "+86 13800138000", "110105491231002"] {
            assert!(holds_id_number(number), "{number}");
        }
        for name in ["陈晓明", "per_0192f0c1a2b3", "Company 2026", "91110000600037341L"] {
            assert!(!holds_id_number(name), "{name}");
        }
    }
}

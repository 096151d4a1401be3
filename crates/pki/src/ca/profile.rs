//! What each kind of certificate holds.
use serde::{Deserialize, Serialize};

use super::{Subject, Urls};
use crate::der::{self, context, context_constructed};
use crate::public_key::public_key_octets;
use crate::x509::extensions;
use crate::{Certificate, DigestAlgorithm, KeyUsage, Name, ParseError, oid};

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// A self-signed root.
    Root,
    /// A CA under the root that issues to subscribers (pathLen 0).
    Issuing,
    /// A natural person's signing key.
    Person,
    /// An organization's seal key.
    Organization,
    /// A time-stamping authority.
    TimeStamping,
    /// A delegated OCSP responder.
    OcspResponder,
    /// The platform itself: seals reports.
    Platform,
}

impl Profile {
    pub(super) fn is_ca(self) -> bool {
        matches!(self, Self::Root | Self::Issuing)
    }

    /// Longest validity in days.
    pub(super) fn max_days(self) -> i64 {
        match self {
            Self::Root => 9_135,
            Self::Issuing => 7_310,
            Self::TimeStamping => 5_480,
            Self::Person | Self::Organization | Self::Platform => 1_830,
            Self::OcspResponder => 400,
        }
    }

    pub(super) fn key_usage(self) -> u16 {
        match self {
            Self::Root | Self::Issuing => KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN,
            Self::TimeStamping | Self::OcspResponder => KeyUsage::DIGITAL_SIGNATURE,
            Self::Person | Self::Organization | Self::Platform => {
                KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION
            }
        }
    }

    /// extKeyUsage: purpose and whether critical.
    fn purpose(self) -> Option<(&'static [u8], bool)> {
        match self {
            Self::Root | Self::Issuing => None,
            Self::Person | Self::Organization | Self::Platform => Some((oid::KP_DOCUMENT_SIGNING, false)),
            // RFC 3161 §2.3: critical, and alone.
            Self::TimeStamping => Some((oid::KP_TIME_STAMPING, true)),
            Self::OcspResponder => Some((oid::KP_OCSP_SIGNING, false)),
        }
    }

    fn policy(self) -> Option<&'static [u8]> {
        match self {
            Self::Root | Self::OcspResponder => None,
            Self::Issuing => Some(oid::ANY_POLICY),
            Self::Person => Some(oid::TEST_POLICY_PERSON),
            Self::Organization => Some(oid::TEST_POLICY_ORGANIZATION),
            Self::TimeStamping | Self::Platform => Some(oid::TEST_POLICY_PLATFORM),
        }
    }

    /// The extensions, each DER, in the order they are written.
    pub(super) fn extensions(
        self,
        public_key_der: &[u8],
        issuer: Option<&Certificate>,
        urls: &Urls,
    ) -> Result<Vec<Vec<u8>>, ParseError> {
        let key_id = key_identifier(public_key_der)?;
        let authority = match issuer {
            Some(issuer) => match issuer.subject_key_id() {
                Some(id) => id.to_vec(),
                None => key_identifier(issuer.public_key_der())?,
            },
            None => key_id.clone(),
        };
        let mut out = vec![
            extensions::write(oid::SUBJECT_KEY_IDENTIFIER, false, &der::octet_string(&key_id)),
            extensions::write(oid::AUTHORITY_KEY_IDENTIFIER, false, &authority_key_identifier(&authority)),
            extensions::write(oid::BASIC_CONSTRAINTS, true, &self.basic_constraints()),
            extensions::write(oid::KEY_USAGE, true, &der::named_bit_string(self.key_usage())),
        ];
        if let Some((purpose, critical)) = self.purpose() {
            let purposes = der::sequence(&[&der::oid(purpose)]);
            out.push(extensions::write(oid::EXTENDED_KEY_USAGE, critical, &purposes));
        }
        if let Some(policy) = self.policy() {
            let policies = der::sequence(&[&der::sequence(&[&der::oid(policy)])]);
            out.push(extensions::write(oid::CERTIFICATE_POLICIES, false, &policies));
        }
        if self == Self::OcspResponder {
            // Short-lived and not asked about: RFC 6960 §4.2.2.2.1.
            out.push(extensions::write(oid::OCSP_NO_CHECK, false, &der::null()));
        } else if self != Self::Root && !urls.crl.is_empty() {
            out.push(extensions::write(oid::CRL_DISTRIBUTION_POINTS, false, &distribution_points(&urls.crl)));
        }
        if self != Self::Root {
            out.extend(authority_info_access(self, urls));
        }
        Ok(out)
    }

    fn basic_constraints(self) -> Vec<u8> {
        match self {
            Self::Root => der::sequence(&[&der::boolean(true)]),
            Self::Issuing => der::sequence(&[&der::boolean(true), &der::unsigned_integer(0)]),
            _ => der::sequence(&[]),
        }
    }
}

impl Subject {
    /// The distinguished name, from the widest part to the narrowest.
    pub(super) fn to_name(&self) -> Name {
        let parts = [
            (oid::COUNTRY, der::PRINTABLE_STRING, self.country.as_deref()),
            (oid::ORGANIZATION, der::UTF8_STRING, self.organization.as_deref()),
            (oid::ORGANIZATION_IDENTIFIER, der::UTF8_STRING, self.organization_identifier.as_deref()),
            (oid::SUBJECT_SERIAL_NUMBER, der::PRINTABLE_STRING, self.serial_number.as_deref()),
            (oid::COMMON_NAME, der::UTF8_STRING, Some(self.common_name.as_str())),
        ];
        let present: Vec<(&[u8], u8, &str)> =
            parts.into_iter().filter_map(|(oid, tag, value)| value.map(|value| (oid, tag, value))).collect();
        Name::from_attributes(&present)
    }
}

/// RFC 5280 §4.2.1.2 (1): SHA-1 of subjectPublicKey. A name for the key, not a proof.
pub(crate) fn key_identifier(public_key_der: &[u8]) -> Result<Vec<u8>, ParseError> {
    Ok(DigestAlgorithm::Sha1.digest(public_key_octets(public_key_der)?))
}

pub(crate) fn authority_key_identifier(key_id: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::tlv(context(0), &[key_id])])
}

fn uri(url: &str) -> Vec<u8> {
    der::tlv(context(6), &[url.as_bytes()])
}

/// One distribution point with all addresses.
fn distribution_points(urls: &[String]) -> Vec<u8> {
    let names: Vec<u8> = urls.iter().flat_map(|url| uri(url)).collect();
    let full_name = der::tlv(context_constructed(0), &[&names]);
    der::sequence(&[&der::sequence(&[&der::tlv(context_constructed(0), &[&full_name])])])
}

fn authority_info_access(profile: Profile, urls: &Urls) -> Option<Vec<u8>> {
    let describe = |method: &[u8], url: &String| der::sequence(&[&der::oid(method), &uri(url)]);
    let mut descriptions = Vec::new();
    if profile != Profile::OcspResponder {
        descriptions.extend(urls.ocsp.iter().map(|url| describe(oid::ACCESS_OCSP, url)));
    }
    descriptions.extend(urls.ca_issuers.iter().map(|url| describe(oid::ACCESS_CA_ISSUERS, url)));
    if descriptions.is_empty() {
        return None;
    }
    let parts: Vec<&[u8]> = descriptions.iter().map(Vec::as_slice).collect();
    Some(extensions::write(oid::AUTHORITY_INFO_ACCESS, false, &der::sequence(&parts)))
}

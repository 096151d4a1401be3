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
    /// A CA under the root that issues whatever is not a CA (pathLen 0, any policy).
    Issuing,
    /// A CA under the root that issues to natural persons alone, by its policies.
    IssuingPerson,
    /// A CA under the root that issues to organizations and their agents alone, by its policies.
    IssuingOrganization,
    /// A CA under the root for the platform's own services: time-stamps, logs, reports.
    IssuingServices,
    /// A natural person's signing key.
    Person,
    /// The same for one ceremony.
    PersonEvent,
    /// An organization's seal key.
    Organization,
    /// The same for one ceremony.
    OrganizationEvent,
    /// The key of a natural person who acts for an organization (经办人): both are named.
    Agent,
    /// The same for one ceremony.
    AgentEvent,
    /// A time-stamping authority.
    TimeStamping,
    /// A delegated OCSP responder.
    OcspResponder,
    /// An evidence log: signs the heads of the chain of events.
    Log,
    /// The platform itself: seals reports.
    Platform,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 15] = [
        Self::Root,
        Self::Issuing,
        Self::IssuingPerson,
        Self::IssuingOrganization,
        Self::IssuingServices,
        Self::Person,
        Self::PersonEvent,
        Self::Organization,
        Self::OrganizationEvent,
        Self::Agent,
        Self::AgentEvent,
        Self::TimeStamping,
        Self::OcspResponder,
        Self::Log,
        Self::Platform,
    ];

    /// Whether it is that of a CA.
    pub fn is_ca(self) -> bool {
        self == Self::Root || self.is_issuing()
    }

    pub(super) fn is_issuing(self) -> bool {
        matches!(
            self,
            Self::Issuing | Self::IssuingPerson | Self::IssuingOrganization | Self::IssuingServices
        )
    }

    /// Whether a person or an organization holds it, and not the platform.
    pub fn is_subscriber(self) -> bool {
        matches!(self, Self::Person | Self::Organization | Self::Agent) || self.is_event()
    }

    /// Whether it is for one ceremony.
    pub fn is_event(self) -> bool {
        matches!(self, Self::PersonEvent | Self::OrganizationEvent | Self::AgentEvent)
    }

    /// The same for one ceremony; others stay what they are.
    #[must_use]
    pub fn for_event(self) -> Self {
        match self {
            Self::Person => Self::PersonEvent,
            Self::Organization => Self::OrganizationEvent,
            Self::Agent => Self::AgentEvent,
            other => other,
        }
    }

    /// Whether the subject names an organization.
    pub(super) fn names_organization(self) -> bool {
        matches!(self, Self::Organization | Self::OrganizationEvent | Self::Agent | Self::AgentEvent)
    }

    /// Longest validity in days.
    pub fn max_days(self) -> i64 {
        match self {
            Self::Root => 9_135,
            Self::Issuing | Self::IssuingPerson | Self::IssuingOrganization | Self::IssuingServices => 7_310,
            Self::TimeStamping => 5_480,
            Self::Person | Self::Organization | Self::Agent | Self::Platform | Self::Log => 1_830,
            Self::OcspResponder => 400,
            Self::PersonEvent | Self::OrganizationEvent | Self::AgentEvent => 2,
        }
    }

    pub(super) fn key_usage(self) -> u16 {
        match self {
            _ if self.is_ca() => KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN,
            Self::TimeStamping | Self::OcspResponder | Self::Log => KeyUsage::DIGITAL_SIGNATURE,
            _ => KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION,
        }
    }

    /// extKeyUsage: purpose and whether critical.
    pub(super) fn purpose(self) -> Option<(&'static [u8], bool)> {
        match self {
            _ if self.is_ca() => None,
            // RFC 3161 §2.3: critical, and alone.
            Self::TimeStamping => Some((oid::KP_TIME_STAMPING, true)),
            Self::OcspResponder => Some((oid::KP_OCSP_SIGNING, false)),
            // Critical, so that nobody takes a signed head for a signed document.
            Self::Log => Some((oid::KP_TEST_LOG, true)),
            _ => Some((oid::KP_DOCUMENT_SIGNING, false)),
        }
    }

    pub(super) fn policies(self) -> &'static [&'static [u8]] {
        match self {
            Self::Root | Self::OcspResponder => &[],
            Self::Issuing => &[oid::ANY_POLICY],
            Self::IssuingPerson => &[oid::TEST_POLICY_PERSON, oid::TEST_POLICY_PERSON_EVENT],
            Self::IssuingOrganization => &[
                oid::TEST_POLICY_ORGANIZATION,
                oid::TEST_POLICY_ORGANIZATION_EVENT,
                oid::TEST_POLICY_AGENT,
                oid::TEST_POLICY_AGENT_EVENT,
            ],
            Self::IssuingServices => &[oid::TEST_POLICY_PLATFORM, oid::TEST_POLICY_LOG],
            Self::Person => &[oid::TEST_POLICY_PERSON],
            Self::PersonEvent => &[oid::TEST_POLICY_PERSON_EVENT],
            Self::Organization => &[oid::TEST_POLICY_ORGANIZATION],
            Self::OrganizationEvent => &[oid::TEST_POLICY_ORGANIZATION_EVENT],
            Self::Agent => &[oid::TEST_POLICY_AGENT],
            Self::AgentEvent => &[oid::TEST_POLICY_AGENT_EVENT],
            Self::TimeStamping | Self::Platform => &[oid::TEST_POLICY_PLATFORM],
            Self::Log => &[oid::TEST_POLICY_LOG],
        }
    }

    /// certificatePolicies, dotted.
    pub fn policy_oids(self) -> Vec<String> {
        self.policies().iter().map(|policy| oid::dotted(policy)).collect()
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
        if !self.policies().is_empty() {
            let each: Vec<u8> =
                self.policies().iter().flat_map(|policy| der::sequence(&[&der::oid(policy)])).collect();
            out.push(extensions::write(oid::CERTIFICATE_POLICIES, false, &der::sequence(&[&each])));
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

    pub(super) fn basic_constraints(self) -> Vec<u8> {
        match self {
            Self::Root => der::sequence(&[&der::boolean(true)]),
            _ if self.is_issuing() => der::sequence(&[&der::boolean(true), &der::unsigned_integer(0)]),
            _ => der::sequence(&[]),
        }
    }
}

/// The extension that names the passkey by which alone the key opens.
pub(super) fn key_activation(fingerprint: &[u8; 32]) -> Vec<u8> {
    extensions::write(oid::KEY_ACTIVATION, false, &der::octet_string(fingerprint))
}

impl Subject {
    /// The distinguished name, from the widest part to the narrowest.
    pub fn to_name(&self) -> Name {
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

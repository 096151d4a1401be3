//! The extensions of RFC 5280 §4.2 that we read.
use crate::der::{self, Reader, Tlv, context, context_constructed};
use crate::{Name, ParseError, oid};

/// Elements of one extension (distribution points, names, purposes) that are read.
const MAX_ELEMENTS: usize = 256;

/// The keyUsage bits (RFC 5280 §4.2.1.3), bit 0 = digitalSignature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    pub(crate) const DIGITAL_SIGNATURE: u16 = 1;
    pub(crate) const NON_REPUDIATION: u16 = 1 << 1;
    pub(crate) const KEY_CERT_SIGN: u16 = 1 << 5;
    pub(crate) const CRL_SIGN: u16 = 1 << 6;

    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    /// The bit with this number: 0 is digitalSignature, 8 decipherOnly.
    pub fn bit(self, number: u8) -> bool {
        1_u16.checked_shl(u32::from(number)).is_some_and(|mask| self.0 & mask != 0)
    }
    /// digitalSignature
    pub fn digital_signature(self) -> bool {
        self.0 & Self::DIGITAL_SIGNATURE != 0
    }
    /// nonRepudiation (contentCommitment)
    pub fn non_repudiation(self) -> bool {
        self.0 & Self::NON_REPUDIATION != 0
    }
    /// keyCertSign
    pub fn key_cert_sign(self) -> bool {
        self.0 & Self::KEY_CERT_SIGN != 0
    }
    /// cRLSign
    pub fn crl_sign(self) -> bool {
        self.0 & Self::CRL_SIGN != 0
    }
}

/// The purposes of extKeyUsage (RFC 5280 §4.2.1.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    purposes: Vec<Vec<u8>>,
    critical: bool,
}

impl ExtendedKeyUsage {
    /// Dotted object identifiers.
    pub fn purposes(&self) -> Vec<String> {
        self.purposes.iter().map(|p| oid::dotted(p)).collect()
    }
    /// Whether the extension is critical.
    pub fn is_critical(&self) -> bool {
        self.critical
    }
    pub(crate) fn contains(&self, purpose: &[u8]) -> bool {
        self.purposes.iter().any(|p| p == purpose)
    }
    pub(crate) fn len(&self) -> usize {
        self.purposes.len()
    }
}

/// basicConstraints
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BasicConstraints {
    pub(crate) ca: bool,
    pub(crate) path_len: Option<u64>,
}

/// GeneralName, as far as it is compared here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GeneralName {
    Email(String),
    Dns(String),
    Directory(Name),
    Uri(String),
    Ip(Vec<u8>),
    /// Another kind, by its tag number.
    Other(u8),
}

/// A distribution point of cRLDistributionPoints.
#[derive(Clone, Debug, Default)]
pub(crate) struct DistributionPoint {
    pub(crate) names: Vec<GeneralName>,
    /// nameRelativeToCRLIssuer: content of the RDN.
    pub(crate) relative: Option<Vec<u8>>,
    /// ReasonFlags, where it is limited to some.
    pub(crate) reasons: Option<u16>,
    pub(crate) crl_issuer: Vec<GeneralName>,
}

/// nameConstraints: permitted and excluded subtrees.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameConstraints {
    pub(crate) permitted: Vec<GeneralName>,
    pub(crate) excluded: Vec<GeneralName>,
}

/// policyConstraints
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PolicyConstraints {
    pub(crate) require_explicit: Option<u64>,
    pub(crate) inhibit_mapping: Option<u64>,
}

/// What was read from a certificate's extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions {
    pub(crate) basic_constraints: Option<BasicConstraints>,
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) extended_key_usage: Option<ExtendedKeyUsage>,
    pub(crate) subject_key_id: Option<Vec<u8>>,
    pub(crate) authority_key_id: Option<Vec<u8>>,
    pub(crate) subject_alt_names: Vec<GeneralName>,
    /// The same as it was read: whether critical, and the value.
    pub(crate) subject_alt_name: Option<(bool, Vec<u8>)>,
    pub(crate) distribution_points: Vec<DistributionPoint>,
    pub(crate) ocsp_urls: Vec<String>,
    pub(crate) ca_issuers_urls: Vec<String>,
    pub(crate) name_constraints: Option<NameConstraints>,
    pub(crate) policies: Option<Vec<Vec<u8>>>,
    pub(crate) policy_mappings: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) policy_constraints: Option<PolicyConstraints>,
    pub(crate) inhibit_any_policy: Option<u64>,
    pub(crate) ocsp_no_check: bool,
    pub(crate) activated_by: Option<[u8; 32]>,
    /// Critical extensions that are not understood, dotted.
    pub(crate) unknown_critical: Vec<String>,
}

/// One extension as it stands in a certificate, CRL or response.
pub(crate) struct Extension<'a> {
    pub(crate) oid: &'a [u8],
    pub(crate) critical: bool,
    pub(crate) value: Tlv<'a>,
}

/// Reads `Extensions ::= SEQUENCE OF Extension`; none may come twice.
pub(crate) fn read_list<'a>(reader: &mut Reader<'a>) -> Result<Vec<Extension<'a>>, ParseError> {
    let mut list = reader.sequence()?;
    let mut out: Vec<Extension<'a>> = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let oid = fields.oid()?;
        let critical = fields.boolean_or_false()?;
        let value = fields.expect(der::OCTET_STRING)?;
        fields.finish()?;
        if out.len() >= MAX_ELEMENTS || out.iter().any(|e| e.oid == oid) {
            return Err(ParseError::malformed("extensions"));
        }
        out.push(Extension { oid, critical, value });
    }
    Ok(out)
}

/// Builds one extension.
pub(crate) fn write(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der::boolean(true) } else { Vec::new() };
    der::sequence(&[&der::oid(oid), &critical, &der::octet_string(value)])
}

impl Extensions {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut out = Self::default();
        for extension in read_list(reader)? {
            let what = "certificate extension";
            let mut value = extension.value.reader(what);
            if !out.take(&extension, &mut value)? {
                if extension.critical {
                    out.unknown_critical.push(oid::dotted(extension.oid));
                }
                continue;
            }
            value.finish()?;
        }
        Ok(out)
    }

    /// Reads a known extension; false where it is not known.
    fn take(&mut self, extension: &Extension<'_>, value: &mut Reader<'_>) -> Result<bool, ParseError> {
        match extension.oid {
            oid::BASIC_CONSTRAINTS => self.basic_constraints = Some(basic_constraints(value)?),
            oid::KEY_USAGE => {
                let bits = value.expect(der::BIT_STRING)?.value;
                self.key_usage = Some(KeyUsage(der::named_bits(bits).ok_or_else(|| value.error())?));
            }
            oid::EXTENDED_KEY_USAGE => {
                let purposes = list_of(value, |r| Ok(r.oid()?.to_vec()))?;
                self.extended_key_usage = Some(ExtendedKeyUsage { purposes, critical: extension.critical });
            }
            oid::SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_id = Some(value.expect(der::OCTET_STRING)?.value.to_vec());
            }
            oid::AUTHORITY_KEY_IDENTIFIER => self.authority_key_id = authority_key_id(value)?,
            oid::SUBJECT_ALT_NAME => {
                self.subject_alt_name = Some((extension.critical, extension.value.value.to_vec()));
                self.subject_alt_names = general_names(&value.expect(der::SEQUENCE)?)?;
            }
            oid::CRL_DISTRIBUTION_POINTS => self.distribution_points = list_of(value, distribution_point)?,
            oid::AUTHORITY_INFO_ACCESS => self.take_access(value)?,
            oid::NAME_CONSTRAINTS => self.name_constraints = Some(name_constraints(value)?),
            oid::CERTIFICATE_POLICIES => {
                self.policies = Some(list_of(value, |r| {
                    let mut information = r.sequence()?;
                    let policy = information.oid()?.to_vec();
                    information.optional(der::SEQUENCE)?;
                    information.finish()?;
                    Ok(policy)
                })?);
            }
            oid::POLICY_MAPPINGS => {
                self.policy_mappings = list_of(value, |r| {
                    let mut pair = r.sequence()?;
                    Ok((pair.oid()?.to_vec(), pair.oid()?.to_vec()))
                })?;
            }
            oid::POLICY_CONSTRAINTS => self.policy_constraints = Some(policy_constraints(value)?),
            oid::INHIBIT_ANY_POLICY => self.inhibit_any_policy = Some(value.unsigned()?),
            oid::OCSP_NO_CHECK => {
                value.expect(der::NULL)?;
                self.ocsp_no_check = true;
            }
            oid::KEY_ACTIVATION => {
                let fingerprint = value.expect(der::OCTET_STRING)?.value;
                self.activated_by = Some(fingerprint.try_into().map_err(|_| value.error())?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn take_access(&mut self, value: &mut Reader<'_>) -> Result<(), ParseError> {
        for (method, location) in list_of(value, |r| {
            let mut description = r.sequence()?;
            Ok((description.oid()?.to_vec(), general_name(&description.next()?)?))
        })? {
            match location {
                GeneralName::Uri(url) if method == oid::ACCESS_OCSP => self.ocsp_urls.push(url),
                GeneralName::Uri(url) if method == oid::ACCESS_CA_ISSUERS => self.ca_issuers_urls.push(url),
                _ => {}
            }
        }
        Ok(())
    }
}

fn list_of<'a, T>(
    reader: &mut Reader<'a>,
    mut element: impl FnMut(&mut Reader<'a>) -> Result<T, ParseError>,
) -> Result<Vec<T>, ParseError> {
    let mut list = reader.sequence()?;
    let mut out = Vec::new();
    while !list.is_empty() {
        if out.len() == MAX_ELEMENTS {
            return Err(ParseError::TooLarge { what: "certificate extension", limit: MAX_ELEMENTS });
        }
        out.push(element(&mut list)?);
    }
    // Every list here is SIZE (1..MAX).
    if out.is_empty() { Err(reader.error()) } else { Ok(out) }
}

fn basic_constraints(value: &mut Reader<'_>) -> Result<BasicConstraints, ParseError> {
    let mut fields = value.sequence()?;
    let ca = fields.boolean_or_false()?;
    let path_len = if fields.is_empty() { None } else { Some(fields.unsigned()?) };
    fields.finish()?;
    Ok(BasicConstraints { ca, path_len })
}

/// keyIdentifier; issuer and serial number are not used to find issuers.
pub(crate) fn authority_key_id(value: &mut Reader<'_>) -> Result<Option<Vec<u8>>, ParseError> {
    Ok(value.sequence()?.optional(context(0))?.map(|id| id.value.to_vec()))
}

fn policy_constraints(value: &mut Reader<'_>) -> Result<PolicyConstraints, ParseError> {
    let mut fields = value.sequence()?;
    let mut skip = |n| -> Result<Option<u64>, ParseError> {
        match fields.optional(context(n))? {
            Some(count) => der::unsigned(count.value).map(Some).ok_or_else(|| fields.error()),
            None => Ok(None),
        }
    };
    let constraints = PolicyConstraints { require_explicit: skip(0)?, inhibit_mapping: skip(1)? };
    fields.finish()?;
    Ok(constraints)
}

fn name_constraints(value: &mut Reader<'_>) -> Result<NameConstraints, ParseError> {
    let mut fields = value.sequence()?;
    let mut subtrees = |n| -> Result<Vec<GeneralName>, ParseError> {
        let Some(list) = fields.optional(context_constructed(n))? else { return Ok(Vec::new()) };
        let mut list = list.reader("nameConstraints");
        let mut out = Vec::new();
        while !list.is_empty() {
            if out.len() == MAX_ELEMENTS {
                return Err(ParseError::TooLarge { what: "nameConstraints", limit: MAX_ELEMENTS });
            }
            let mut subtree = list.sequence()?;
            out.push(general_name(&subtree.next()?)?);
            // minimum and maximum are not used in RFC 5280.
            subtree.finish()?;
        }
        Ok(out)
    };
    let constraints = NameConstraints { permitted: subtrees(0)?, excluded: subtrees(1)? };
    fields.finish()?;
    Ok(constraints)
}

fn distribution_point(reader: &mut Reader<'_>) -> Result<DistributionPoint, ParseError> {
    let mut fields = reader.sequence()?;
    let mut point = DistributionPoint::default();
    if let Some(name) = fields.optional(context_constructed(0))? {
        (point.names, point.relative) = distribution_point_name(&name)?;
    }
    point.reasons = reason_flags(fields.optional(context(1))?)?;
    if let Some(issuer) = fields.optional(context_constructed(2))? {
        point.crl_issuer = general_names(&issuer)?;
    }
    fields.finish()?;
    Ok(point)
}

/// ReasonFlags, bit n as bit n.
pub(crate) fn reason_flags(element: Option<Tlv<'_>>) -> Result<Option<u16>, ParseError> {
    let flags = |element: Tlv<'_>| der::named_bits(element.value).ok_or(ParseError::malformed("ReasonFlags"));
    element.map(flags).transpose()
}

/// The names of a DistributionPointName, or the content of the RDN that is relative to the CRL issuer.
pub(crate) fn distribution_point_name(
    name: &Tlv<'_>,
) -> Result<(Vec<GeneralName>, Option<Vec<u8>>), ParseError> {
    let mut choice = name.reader("distributionPoint");
    match choice.optional(context_constructed(0))? {
        Some(full) => Ok((general_names(&full)?, None)),
        None => Ok((Vec::new(), Some(choice.expect(context_constructed(1))?.value.to_vec()))),
    }
}

/// The elements of a GeneralNames, whatever its tag.
pub(crate) fn general_names(list: &Tlv<'_>) -> Result<Vec<GeneralName>, ParseError> {
    let mut reader = list.reader("GeneralNames");
    let mut out = Vec::new();
    while !reader.is_empty() {
        if out.len() == MAX_ELEMENTS {
            return Err(ParseError::TooLarge { what: "GeneralNames", limit: MAX_ELEMENTS });
        }
        out.push(general_name(&reader.next()?)?);
    }
    Ok(out)
}

fn general_name(element: &Tlv<'_>) -> Result<GeneralName, ParseError> {
    let text = || {
        let text = std::str::from_utf8(element.value).ok().filter(|t| t.is_ascii());
        text.map(str::to_owned).ok_or(ParseError::malformed("GeneralName"))
    };
    const EMAIL: u8 = context(1);
    const DNS: u8 = context(2);
    const DIRECTORY: u8 = context_constructed(4);
    const URI: u8 = context(6);
    const IP: u8 = context(7);
    Ok(match element.tag {
        EMAIL => GeneralName::Email(text()?),
        DNS => GeneralName::Dns(text()?),
        DIRECTORY => {
            let mut name = element.reader("GeneralName");
            let directory = Name::read(&mut name)?;
            name.finish()?;
            GeneralName::Directory(directory)
        }
        URI => GeneralName::Uri(text()?),
        IP => GeneralName::Ip(element.value.to_vec()),
        other => GeneralName::Other(other & 0x1f),
    })
}

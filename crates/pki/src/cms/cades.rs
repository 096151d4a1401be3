//! Attributes of CAdES (ETSI EN 319 122-1) and Adobe's, as a validator of PDF signatures needs them.
use super::SignedData;
use crate::der::{self, Reader, Tlv, context_constructed};
use crate::{DigestAlgorithm, ParseError, oid};

/// Elements that one attribute may list.
const MAX_ELEMENTS: usize = 256;

/// signature-policy-identifier (EN 319 122-1 §5.2.9.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturePolicy {
    /// Of the policy, dotted.
    pub oid: String,
    /// Of `digest`.
    pub digest_algorithm: DigestAlgorithm,
    /// Of the policy document, or of its encoding as its technical specification says.
    pub digest: Vec<u8>,
    /// Where the policy can be had (SPuri).
    pub uri: Option<String>,
}

impl SignaturePolicy {
    /// SignaturePolicyId. A policy whose `oid` is none cannot be named: it is written as no arc at all, and read by
    /// nobody; [`SignaturePolicy::is_well_formed`] tells beforehand.
    pub(super) fn to_der(&self) -> Vec<u8> {
        let qualifiers = match &self.uri {
            Some(uri) => {
                let uri = der::tlv(der::IA5_STRING, &[uri.as_bytes()]);
                der::sequence(&[&der::sequence(&[&der::oid(oid::SIGNATURE_POLICY_URI), &uri])])
            }
            None => Vec::new(),
        };
        der::sequence(&[
            &der::oid(&oid::from_dotted(&self.oid).unwrap_or_default()),
            &der::sequence(&[&self.digest_algorithm.identifier(), &der::octet_string(&self.digest)]),
            &qualifiers,
        ])
    }

    /// Whether it can be written: `oid` is an object identifier, `digest` as long as its algorithm's, `uri` ASCII.
    pub fn is_well_formed(&self) -> bool {
        oid::from_dotted(&self.oid).is_some()
            && self.digest.len() == self.digest_algorithm.output_len()
            && self.uri.as_ref().is_none_or(|uri| uri.is_ascii())
    }

    fn read(value: &[u8]) -> Result<Self, ParseError> {
        let mut fields = Reader::new(value, "signature-policy-identifier").sequence()?;
        let policy = oid::dotted(fields.oid()?);
        let mut hash = fields.sequence()?;
        let digest_algorithm = DigestAlgorithm::read(&mut hash)?;
        let digest = hash.expect(der::OCTET_STRING)?.value.to_vec();
        let mut uri = None;
        if let Some(qualifiers) = fields.optional(der::SEQUENCE)? {
            for qualifier in elements(&qualifiers)? {
                let mut qualifier = qualifier.reader("SigPolicyQualifierInfo");
                if qualifier.oid()? == oid::SIGNATURE_POLICY_URI {
                    uri = Some(text(&qualifier.next()?)?);
                }
            }
        }
        fields.finish()?;
        Ok(Self { oid: policy, digest_algorithm, digest, uri })
    }
}

/// signer-location (EN 319 122-1 §5.2.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerLocation {
    /// countryName.
    pub country: Option<String>,
    /// localityName.
    pub locality: Option<String>,
    /// postalAddress, line by line.
    pub postal_address: Vec<String>,
}

impl SignerLocation {
    fn read(value: &[u8]) -> Result<Self, ParseError> {
        let mut fields = Reader::new(value, "signer-location").sequence()?;
        let mut part = |n| fields.optional(context_constructed(n));
        let (country, locality, address) = (part(0)?, part(1)?, part(2)?);
        fields.finish()?;
        let one = |part: Option<Tlv<'_>>| -> Result<Option<String>, ParseError> {
            part.map(|part| text(&part.reader("signer-location").next()?)).transpose()
        };
        let postal_address = match address {
            Some(address) => {
                let list = address.reader("signer-location").expect(der::SEQUENCE)?;
                elements(&list)?.iter().map(text).collect::<Result<_, _>>()?
            }
            None => Vec::new(),
        };
        Ok(Self { country: one(country)?, locality: one(locality)?, postal_address })
    }
}

/// Revocation data that the signer put in, DER each: adbe-revocationInfoArchival (ISO 32000-2 §12.8.3.3.2), or what
/// SignedData itself carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevocationArchival {
    /// CertificateList each.
    pub crls: Vec<Vec<u8>>,
    /// OCSPResponse each.
    pub ocsps: Vec<Vec<u8>>,
}

impl RevocationArchival {
    fn read(value: &[u8]) -> Result<Self, ParseError> {
        let what = "adbe-revocationInfoArchival";
        let mut fields = Reader::new(value, what).sequence()?;
        let mut list = |n| -> Result<Vec<Vec<u8>>, ParseError> {
            let Some(explicit) = fields.optional(context_constructed(n))? else { return Ok(Vec::new()) };
            let list = explicit.reader(what).expect(der::SEQUENCE)?;
            Ok(elements(&list)?.iter().map(|element| element.raw.to_vec()).collect())
        };
        Ok(Self { crls: list(0)?, ocsps: list(1)? })
    }
}

/// Unsigned attributes of CAdES that archive a signature inside its CMS, which PAdES does in the PDF instead.
const ARCHIVAL: &[(&str, &str)] = &[
    ("1.2.840.113549.1.9.16.2.21", "complete-certificate-references"),
    ("1.2.840.113549.1.9.16.2.22", "complete-revocation-references"),
    ("1.2.840.113549.1.9.16.2.23", "certificate-values"),
    ("1.2.840.113549.1.9.16.2.24", "revocation-values"),
    ("1.2.840.113549.1.9.16.2.25", "CAdES-C-timestamp"),
    ("1.2.840.113549.1.9.16.2.26", "time-stamped-certs-crls-references"),
    ("1.2.840.113549.1.9.16.2.27", "archive-time-stamp"),
    ("1.2.840.113549.1.9.16.2.44", "attribute-certificate-references"),
    ("1.2.840.113549.1.9.16.2.45", "attribute-revocation-references"),
    ("1.2.840.113549.1.9.16.2.48", "archive-time-stamp-v2"),
    ("0.4.0.1733.2.2", "long-term-validation"),
    ("0.4.0.1733.2.4", "archive-time-stamp-v3"),
    ("0.4.0.1733.2.5", "ats-hash-index"),
    ("0.4.0.19122.1.5", "ats-hash-index-v3"),
];

impl SignedData {
    /// signature-policy-identifier; `None` where there is none, or the policy is only implied.
    ///
    /// # Errors
    /// Where the attribute is doubled or cannot be read.
    pub fn signature_policy(&self) -> Result<Option<SignaturePolicy>, ParseError> {
        match self.only(oid::SIGNATURE_POLICY, "signature-policy-identifier")? {
            Some(value) if value.first() != Some(&der::NULL) => SignaturePolicy::read(value).map(Some),
            _ => Ok(None),
        }
    }

    /// content-time-stamp: tokens over the content, made before signing (EN 319 122-1 §5.2.8), DER each.
    pub fn content_time_stamps(&self) -> Vec<&[u8]> {
        self.signed_values(oid::CONTENT_TIME_STAMP)
    }

    /// commitment-type-indication: what the signature commits to, dotted (EN 319 122-1 §5.2.3).
    pub fn commitment_types(&self) -> Result<Vec<String>, ParseError> {
        let values = self.signed_values(oid::COMMITMENT_TYPE);
        let read = |value: &&[u8]| {
            Ok(oid::dotted(Reader::new(value, "commitment-type-indication").sequence()?.oid()?))
        };
        values.iter().map(read).collect()
    }

    /// signer-location.
    pub fn signer_location(&self) -> Result<Option<SignerLocation>, ParseError> {
        self.only(oid::SIGNER_LOCATION, "signer-location")?.map(SignerLocation::read).transpose()
    }

    /// adbe-revocationInfoArchival.
    pub fn revocation_archival(&self) -> Result<Option<RevocationArchival>, ParseError> {
        let value = self.only(oid::REVOCATION_INFO_ARCHIVAL, "adbe-revocationInfoArchival")?;
        value.map(RevocationArchival::read).transpose()
    }

    /// CRLs and OCSP responses in SignedData.crls (RFC 5652 §10.2.1, RFC 5940), which the signature does not cover.
    pub fn embedded_revocation(&self) -> Result<RevocationArchival, ParseError> {
        let mut out = RevocationArchival::default();
        let Some(set) = self.crls() else { return Ok(out) };
        for choice in elements(&Reader::new(set, "RevocationInfoChoices").next()?)? {
            if choice.tag == der::SEQUENCE {
                out.crls.push(choice.raw.to_vec());
            } else if choice.tag == context_constructed(1) {
                let mut other = choice.reader("OtherRevocationInfoFormat");
                if other.oid()? == oid::OCSP_RESPONSE_INFO {
                    out.ocsps.push(other.next()?.raw.to_vec());
                }
            }
        }
        Ok(out)
    }

    /// Names of the unsigned attributes that archive the signature in the way of CAdES; a PAdES baseline signature has
    /// none (EN 319 142-1 §6.3).
    pub fn archival_attributes(&self) -> Vec<&'static str> {
        let types = self.unsigned_attribute_types();
        ARCHIVAL.iter().filter(|(oid, _)| types.iter().any(|t| t == oid)).map(|(_, name)| *name).collect()
    }

    /// Whether a signing-time attribute is there, which the PAdES baseline forbids (EN 319 142-1 §6.3 b).
    pub fn has_signing_time(&self) -> bool {
        !self.signed_values(oid::SIGNING_TIME).is_empty()
    }

    /// The one value of a signed attribute that may be there once.
    fn only(&self, oid: &[u8], what: &'static str) -> Result<Option<&[u8]>, ParseError> {
        match self.signed_values(oid).len() {
            0 => Ok(None),
            _ => self.single(oid).map(Some).ok_or(ParseError::malformed(what)),
        }
    }
}

fn elements<'a>(list: &Tlv<'a>) -> Result<Vec<Tlv<'a>>, ParseError> {
    let mut reader = list.reader("attribute");
    let mut out = Vec::new();
    while !reader.is_empty() {
        if out.len() == MAX_ELEMENTS {
            return Err(ParseError::TooLarge { what: "attribute", limit: MAX_ELEMENTS });
        }
        out.push(reader.next()?);
    }
    Ok(out)
}

/// Any of the string types that are UTF-8 or a part of it.
fn text(element: &Tlv<'_>) -> Result<String, ParseError> {
    let text = std::str::from_utf8(element.value).map_err(|_| ParseError::malformed("string"))?;
    Ok(text.to_owned())
}

//! Seed values for the signer's certificate (ISO 32000-2 Table 238).

use pdf::{Dict, Document, ReadError};
use pki::cms::SignaturePolicy;
use pki::{Certificate, DigestAlgorithm};
use serde::{Deserialize, Serialize};

use super::seed::texts;

/// Whose certificate a field asks for. Only what is required is kept: what is suggested is for choosing among several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CertificateWish {
    /// Certificates (DER), one of which must sign.
    pub subjects: Vec<Vec<u8>>,
    /// Certificates of issuers (DER), one of which must stand in the chain.
    pub issuers: Vec<Vec<u8>>,
    /// Certificate policies, one of which must be there, dotted.
    pub policies: Vec<String>,
    /// Subjects, one of which must be matched: attribute types, as `CN` or dotted, with their values.
    pub names: Vec<Vec<(String, String)>>,
    /// Patterns of key usage, one of which must be matched: `1`, `0` or `X` for each bit.
    pub key_usages: Vec<String>,
    /// The signature policy to sign under, dotted.
    pub policy_oid: Option<String>,
    policy_digest: Option<(String, Vec<u8>)>,
}

impl CertificateWish {
    pub(super) fn read(document: &Document, dict: &Dict) -> Result<Self, ReadError> {
        let flags = document.value(dict, "Ff")?.as_integer().unwrap_or(0);
        let required = |bit: u32| flags & (1 << (bit - 1)) != 0;
        let mut wish = Self::default();
        if required(1) {
            wish.subjects = strings(document, dict, "Subject")?;
        }
        if required(2) {
            wish.issuers = strings(document, dict, "Issuer")?;
        }
        if required(3) {
            wish.policies = texts(document, &*document.value(dict, "OID")?)?;
        }
        if required(4) {
            wish.names = names(document, dict)?;
        }
        if required(6) {
            wish.key_usages = texts(document, &*document.value(dict, "KeyUsage")?)?;
        }
        let policy = document.value(dict, "SignaturePolicyOID")?;
        wish.policy_oid = policy.as_text().map(|oid| oid.trim_start_matches("urn:oid:").to_owned());
        let value = document.value(dict, "SignaturePolicyHashValue")?;
        let algorithm = document.value(dict, "SignaturePolicyHashAlgorithm")?;
        wish.policy_digest =
            algorithm.as_name().map(pdf::Name::to_text).zip(value.as_string().map(<[u8]>::to_vec));
        Ok(wish)
    }

    /// The signature policy, where the field says all that is needed to sign under it.
    pub(super) fn policy(&self) -> Option<SignaturePolicy> {
        let (name, digest) = self.policy_digest.as_ref()?;
        let digest_algorithm = match name.replace('-', "").to_ascii_uppercase().as_str() {
            "SHA256" => DigestAlgorithm::Sha256,
            "SHA384" => DigestAlgorithm::Sha384,
            "SHA512" => DigestAlgorithm::Sha512,
            _ => return None,
        };
        let oid = self.policy_oid.clone()?;
        let policy = SignaturePolicy { oid, digest_algorithm, digest: digest.clone(), uri: None };
        policy.is_well_formed().then_some(policy)
    }

    /// Says what the certificate lacks.
    pub(super) fn check(&self, certificate: &Certificate, chain: &[Certificate]) -> Result<(), String> {
        if !self.subjects.is_empty() && !self.subjects.iter().any(|der| der == certificate.der()) {
            return Err("one of the certificates that it lists".to_owned());
        }
        let issuers: Vec<Certificate> =
            self.issuers.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
        let issued = |issuer: &Certificate| {
            chain.contains(issuer)
                || std::iter::once(certificate).chain(chain).any(|one| one.verify_signature(issuer).is_ok())
        };
        if !self.issuers.is_empty() && !issuers.iter().any(issued) {
            let names: Vec<String> = issuers.iter().map(Certificate::common_name).collect();
            return Err(format!("a certificate issued by {}", names.join(" or ")));
        }
        let own = certificate.policies();
        if !self.policies.is_empty() && !self.policies.iter().any(|policy| own.contains(policy)) {
            return Err(format!("a certificate under the policy {}", self.policies.join(" or ")));
        }
        if !self.names.is_empty() && !self.names.iter().any(|name| matches(certificate, name)) {
            return Err("a certificate for one of the subjects that it lists".to_owned());
        }
        if !self.key_usages.is_empty() && !self.key_usages.iter().any(|pattern| fits(certificate, pattern)) {
            return Err(format!("a certificate with the key usage {}", self.key_usages.join(" or ")));
        }
        Ok(())
    }
}

fn strings(document: &Document, dict: &Dict, key: &str) -> Result<Vec<Vec<u8>>, ReadError> {
    const MOST: usize = 64;
    let list = document.value(dict, key)?;
    let mut strings = Vec::new();
    for item in list.as_array().unwrap_or_default().iter().take(MOST) {
        strings.extend(document.follow(item)?.as_string().map(<[u8]>::to_vec));
    }
    Ok(strings)
}

fn names(document: &Document, dict: &Dict) -> Result<Vec<Vec<(String, String)>>, ReadError> {
    const MOST: usize = 64;
    let list = document.value(dict, "SubjectDN")?;
    let mut names = Vec::new();
    for item in list.as_array().unwrap_or_default().iter().take(MOST) {
        let item = document.follow(item)?;
        let Some(name) = item.as_dict() else { continue };
        let parts = name.iter().filter_map(|(key, value)| Some((key.to_text(), value.as_text()?)));
        names.push(parts.collect());
    }
    Ok(names)
}

fn matches(certificate: &Certificate, name: &[(String, String)]) -> bool {
    name.iter().all(|(key, value)| {
        let oid = match key.to_ascii_uppercase().as_str() {
            "CN" => "2.5.4.3",
            "SN" => "2.5.4.4",
            "SERIALNUMBER" => "2.5.4.5",
            "C" => "2.5.4.6",
            "L" => "2.5.4.7",
            "ST" | "S" => "2.5.4.8",
            "O" => "2.5.4.10",
            "OU" => "2.5.4.11",
            "T" | "TITLE" => "2.5.4.12",
            "GN" | "GIVENNAME" => "2.5.4.42",
            "E" | "EMAIL" | "EMAILADDRESS" => "1.2.840.113549.1.9.1",
            _ => key.as_str(),
        };
        certificate.subject().attribute(oid) == Some(value.as_str())
    })
}

/// Whether the bits of keyUsage are those of the pattern; what the pattern leaves out does not matter.
fn fits(certificate: &Certificate, pattern: &str) -> bool {
    (0_u8..9).zip(pattern.bytes()).all(|(bit, wanted)| match wanted {
        b'1' => certificate.key_usage().is_some_and(|usage| usage.bit(bit)),
        b'0' => !certificate.key_usage().is_some_and(|usage| usage.bit(bit)),
        _ => true,
    })
}

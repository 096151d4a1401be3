//! Distinguished names (RFC 5280 §4.1.2.4, RFC 4514, RFC 5280 §7.1).
use std::fmt;
use std::sync::OnceLock;

use crate::der::{self, Reader, SEQUENCE, SET};
use crate::{ParseError, oid};

/// Relative names that one name may have.
const MAX_RDNS: usize = 64;

/// A distinguished name, kept as it was encoded. `Display` gives RFC 4514, most specific part first.
#[derive(Clone)]
pub struct Name {
    der: Vec<u8>,
    attributes: Vec<Attribute>,
    /// The digest of what is compared, made when it is first asked for: whoever looks for an issuer compares one name
    /// with thousands.
    comparable: OnceLock<[u8; 32]>,
}

#[derive(Clone, Debug)]
struct Attribute {
    /// Index of the RDN it stands in.
    rdn: usize,
    oid: Vec<u8>,
    value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    Other(Vec<u8>),
}

impl Attribute {
    fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Other(_) => None,
        }
    }
}

impl Name {
    /// DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// commonName
    pub fn common_name(&self) -> Option<&str> {
        self.by_oid(oid::COMMON_NAME)
    }

    /// organizationName
    pub fn organization(&self) -> Option<&str> {
        self.by_oid(oid::ORGANIZATION)
    }

    /// organizationIdentifier
    pub fn organization_identifier(&self) -> Option<&str> {
        self.by_oid(oid::ORGANIZATION_IDENTIFIER)
    }

    /// countryName
    pub fn country(&self) -> Option<&str> {
        self.by_oid(oid::COUNTRY)
    }

    /// serialNumber (of the subject, not of the certificate)
    pub fn serial_number(&self) -> Option<&str> {
        self.by_oid(oid::SUBJECT_SERIAL_NUMBER)
    }

    /// The last value of an attribute, by dotted object identifier.
    pub fn attribute(&self, oid: &str) -> Option<&str> {
        self.by_oid(&oid::from_dotted(oid)?)
    }

    /// Whether it has no parts.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// Compares as RFC 5280 §7.1 asks: string types, case and runs of white space do not matter. (Unicode
    /// normalisation is not applied: names that differ in it do not match.)
    pub fn matches(&self, other: &Name) -> bool {
        self.der == other.der || self.comparable() == other.comparable()
    }

    fn comparable(&self) -> &[u8; 32] {
        self.comparable.get_or_init(|| {
            let relative = (0..self.rdn_count()).map(|rdn| {
                let of = |(oid, value): (&[u8], Value)| {
                    let (kind, value) = match value {
                        Value::Text(text) => (der::UTF8_STRING, text.into_bytes()),
                        Value::Other(value) => (der::OCTET_STRING, value),
                    };
                    [der::oid(oid), der::tlv(kind, &[&value])].concat()
                };
                der::tlv(SET, &[&self.folded(rdn).into_iter().map(of).collect::<Vec<_>>().concat()])
            });
            crate::sha256(&relative.collect::<Vec<_>>().concat())
        })
    }

    /// Whether `base` is a prefix of this name, RDN by RDN (a directoryName subtree).
    pub(crate) fn starts_with(&self, base: &Name) -> bool {
        (0..base.rdn_count()).all(|rdn| {
            let theirs = base.folded(rdn);
            self.folded(rdn) == theirs
        })
    }

    pub(crate) fn emails(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter(|a| a.oid == oid::EMAIL_ADDRESS).filter_map(Attribute::text)
    }

    fn by_oid(&self, oid: &[u8]) -> Option<&str> {
        self.attributes.iter().rev().filter(|a| a.oid == oid).find_map(Attribute::text)
    }

    fn rdn_count(&self) -> usize {
        self.attributes.last().map_or(0, |a| a.rdn + 1)
    }

    /// The attributes of one RDN in comparable form, in an order of their own.
    fn folded(&self, rdn: usize) -> Vec<(&[u8], Value)> {
        let mut out: Vec<_> = self
            .attributes
            .iter()
            .filter(|a| a.rdn == rdn)
            .map(|a| (a.oid.as_slice(), fold(&a.value)))
            .collect();
        out.sort_by(|a, b| a.0.cmp(b.0).then_with(|| format!("{:?}", a.1).cmp(&format!("{:?}", b.1))));
        out
    }

    /// The name under this one by an RDN, given as the content of its SET.
    pub(crate) fn child(&self, rdn: &[u8]) -> Result<Self, ParseError> {
        let above =
            der::header(&self.der).and_then(|(_, header, _)| self.der.get(header..)).unwrap_or_default();
        Self::from_der(&der::sequence(&[above, &der::tlv(SET, &[rdn])]))
    }

    pub(crate) fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(der, "name");
        let name = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(name)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let element = reader.expect(SEQUENCE)?;
        let mut rdns = element.reader("name");
        let mut attributes = Vec::new();
        let mut rdn = 0;
        while !rdns.is_empty() {
            if rdn == MAX_RDNS {
                return Err(ParseError::TooLarge { what: "name", limit: MAX_RDNS });
            }
            let mut set = rdns.expect(SET)?.reader("name");
            if set.is_empty() {
                return Err(set.error());
            }
            while !set.is_empty() {
                let mut attribute = set.sequence()?;
                let oid = attribute.oid()?.to_vec();
                let value = attribute.next()?;
                attribute.finish()?;
                let value = match text(value.tag, value.value) {
                    Some(text) => Value::Text(text),
                    None => Value::Other(value.raw.to_vec()),
                };
                attributes.push(Attribute { rdn, oid, value });
            }
            rdn += 1;
        }
        Ok(Self { der: element.raw.to_vec(), attributes, comparable: OnceLock::new() })
    }

    /// Builds a name from attributes, one RDN each.
    pub(crate) fn from_attributes(attributes: &[(&[u8], u8, &str)]) -> Self {
        let rdns: Vec<Vec<u8>> = attributes
            .iter()
            .map(|(oid, tag, value)| {
                let value = der::tlv(*tag, &[value.as_bytes()]);
                der::tlv(SET, &[&der::sequence(&[&der::oid(oid), &value])])
            })
            .collect();
        let parts: Vec<&[u8]> = rdns.iter().map(Vec::as_slice).collect();
        let attributes = attributes
            .iter()
            .enumerate()
            .map(|(rdn, (oid, _, value))| Attribute {
                rdn,
                oid: oid.to_vec(),
                value: Value::Text((*value).to_owned()),
            })
            .collect();
        Self { der: der::sequence(&parts), attributes, comparable: OnceLock::new() }
    }
}

/// The DirectoryString and IA5String types.
fn text(tag: u8, value: &[u8]) -> Option<String> {
    match tag {
        // UTF8String, and the types whose characters are ASCII
        0x0c | 0x12 | 0x13 | 0x16 | 0x1a => String::from_utf8(value.to_vec()).ok(),
        // TeletexString, in practice Latin-1
        0x14 => Some(value.iter().map(|b| char::from(*b)).collect()),
        // UniversalString
        0x1c => {
            let (chunks, []) = value.as_chunks::<4>() else { return None };
            chunks.iter().map(|c| char::from_u32(u32::from_be_bytes(*c))).collect()
        }
        // BMPString
        0x1e => {
            let (chunks, []) = value.as_chunks::<2>() else { return None };
            char::decode_utf16(chunks.iter().map(|c| u16::from_be_bytes(*c))).collect::<Result<_, _>>().ok()
        }
        _ => None,
    }
}

fn fold(value: &Value) -> Value {
    match value {
        Value::Text(text) => {
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            Value::Text(words.join(" "))
        }
        other @ Value::Other(_) => other.clone(),
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Name {}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for rdn in (0..self.rdn_count()).rev() {
            if rdn + 1 != self.rdn_count() {
                f.write_str(",")?;
            }
            for (index, attribute) in self.attributes.iter().filter(|a| a.rdn == rdn).enumerate() {
                if index > 0 {
                    f.write_str("+")?;
                }
                match short_name(&attribute.oid) {
                    Some(name) => f.write_str(name)?,
                    None => f.write_str(&oid::dotted(&attribute.oid))?,
                }
                f.write_str("=")?;
                match &attribute.value {
                    Value::Text(text) => write_escaped(f, text)?,
                    Value::Other(raw) => write!(f, "#{}", hex::encode(raw))?,
                }
            }
        }
        Ok(())
    }
}

fn short_name(oid: &[u8]) -> Option<&'static str> {
    Some(match oid::dotted(oid).as_str() {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.42" => "givenName",
        "2.5.4.97" => "organizationIdentifier",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "emailAddress",
        _ => return None,
    })
}

/// RFC 4514 §2.4.
fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        let edge_space = c == ' ' && (index == 0 || index == last);
        if matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';') || edge_space || (index == 0 && c == '#') {
            f.write_str("\\")?;
        }
        if c.is_control() {
            write!(f, "\\{:02X}", u32::from(c))?;
        } else {
            write!(f, "{c}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::{PRINTABLE_STRING, UTF8_STRING};

    #[test]
    fn names_match_across_string_types_case_and_white_space() {
        let a = Name::from_attributes(&[
            (oid::COUNTRY, PRINTABLE_STRING, "CN"),
            (oid::COMMON_NAME, PRINTABLE_STRING, "Good  CA "),
        ]);
        let b = Name::from_attributes(&[
            (oid::COUNTRY, PRINTABLE_STRING, "cn"),
            (oid::COMMON_NAME, UTF8_STRING, "good CA"),
        ]);
        assert!(a.matches(&b) && a != b);
        let longer = Name::from_attributes(&[(oid::COUNTRY, PRINTABLE_STRING, "CN")]);
        assert!(!a.matches(&longer) && a.starts_with(&longer) && !longer.starts_with(&a));
    }

    #[test]
    fn display_escapes_as_rfc_4514_says() {
        let name = Name::from_attributes(&[
            (oid::ORGANIZATION, UTF8_STRING, "北京, 有限公司 "),
            (oid::COMMON_NAME, UTF8_STRING, "#陈"),
        ]);
        assert_eq!(name.to_string(), r"CN=\#陈,O=北京\, 有限公司\ ");
        assert_eq!(Name::from_der(name.der()).unwrap().common_name(), Some("#陈"));
    }
}

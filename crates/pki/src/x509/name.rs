//! Distinguished names.

/// A distinguished name, kept as it was encoded. `Display` gives RFC 4514.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    der: Vec<u8>,
}

impl Name {
    /// DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
    /// commonName
    pub fn common_name(&self) -> Option<&str> {
        self.attribute("2.5.4.3")
    }
    /// organizationName
    pub fn organization(&self) -> Option<&str> {
        self.attribute("2.5.4.10")
    }
    /// organizationIdentifier
    pub fn organization_identifier(&self) -> Option<&str> {
        self.attribute("2.5.4.97")
    }
    /// countryName
    pub fn country(&self) -> Option<&str> {
        self.attribute("2.5.4.6")
    }
    /// serialNumber (of the subject, not of the certificate)
    pub fn serial_number(&self) -> Option<&str> {
        self.attribute("2.5.4.5")
    }
    /// The last value of an attribute, by dotted object identifier.
    pub fn attribute(&self, oid: &str) -> Option<&str> {
        let _ = oid;
        todo!()
    }
    /// Compares as RFC 5280 §7.1 asks (case and inner white space folded).
    pub fn matches(&self, other: &Name) -> bool {
        let _ = other;
        todo!()
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}

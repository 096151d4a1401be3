//! Extensions that we read.

/// The keyUsage bits (RFC 5280 §4.2.1.3), bit 0 = digitalSignature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(pub(crate) u16);

impl KeyUsage {
    /// digitalSignature
    pub fn digital_signature(self) -> bool {
        self.0 & 1 != 0
    }
    /// nonRepudiation (contentCommitment)
    pub fn non_repudiation(self) -> bool {
        self.0 & 2 != 0
    }
    /// keyCertSign
    pub fn key_cert_sign(self) -> bool {
        self.0 & 32 != 0
    }
    /// cRLSign
    pub fn crl_sign(self) -> bool {
        self.0 & 64 != 0
    }
}

/// The purposes of extKeyUsage (RFC 5280 §4.2.1.12), as dotted object identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    pub(crate) purposes: Vec<String>,
    pub(crate) critical: bool,
}

impl ExtendedKeyUsage {
    /// Dotted object identifiers.
    pub fn purposes(&self) -> &[String] {
        &self.purposes
    }
    /// Whether the extension is critical.
    pub fn is_critical(&self) -> bool {
        self.critical
    }
}

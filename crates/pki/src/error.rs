//! What can go wrong below the level of a protocol.

/// Bytes that are not what they claim to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The encoding of `what` breaks ASN.1 or its own definition.
    #[error("malformed {what}")]
    Malformed {
        /// The structure or field being read, in the words of its standard.
        what: &'static str,
    },
    /// `what` is well formed but of a kind that is not handled here.
    #[error("unsupported {what}: {found}")]
    Unsupported {
        /// The field.
        what: &'static str,
        /// What it holds (an object identifier, a version number).
        found: String,
    },
    /// `what` exceeds the bound put on hostile input.
    #[error("{what} exceeds the limit of {limit}")]
    TooLarge {
        /// The structure.
        what: &'static str,
        /// The bound, in bytes or elements.
        limit: usize,
    },
}

impl ParseError {
    pub(crate) fn malformed(what: &'static str) -> Self {
        Self::Malformed { what }
    }
}

/// A signature that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The signature value does not verify under the key.
    #[error("the signature does not verify under this key")]
    BadSignature,
    /// The signature value verifies, but its algorithm no longer proves anything (SHA-1, RSA under 2048 bits).
    #[error("the signature verifies, but {algorithm} is too weak to prove anything")]
    Weak {
        /// The algorithm's usual name.
        algorithm: &'static str,
    },
    /// The algorithm is not one that is handled here.
    #[error("unsupported algorithm: {found}")]
    Unsupported {
        /// Object identifier or name.
        found: String,
    },
    /// The public key is malformed or of another kind than the algorithm asks for.
    #[error("the public key does not fit the signature algorithm")]
    WrongKey,
    /// The digest that was signed is not that of the content.
    #[error("the signed digest is not that of the content")]
    DigestMismatch,
    /// A signed attribute that must be there is missing, doubled or contradicts the rest.
    #[error("signed attribute {attribute} is missing or wrong")]
    Attribute {
        /// Its name in RFC 5652 or RFC 5035.
        attribute: &'static str,
    },
}

/// A private operation that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The key refused or failed; the library gives no more detail.
    #[error("the signing operation failed")]
    Failed,
    /// The signer's public key is not the one of the certificate it signs for.
    #[error("the signer's key is not the key of the certificate")]
    WrongKey,
    /// A device or remote key answered with an error.
    #[error("the key's device answered: {0}")]
    Device(String),
    /// A device or remote key is away, or does not answer in time; later it may.
    #[error("the key's device does not answer: {0}")]
    Away(String),
}

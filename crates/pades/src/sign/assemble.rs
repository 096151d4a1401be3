//! From the prepared revision to the bytes to append: who signs, the value, the time-stamp (EN 319 142-1 §5, §6).

use jiff::Timestamp;
use pki::cms::{self, SignedAttributes};
use pki::tsa::{Imprint, Token};
use pki::{Certificate, SignatureAlgorithm};
use serde::{Deserialize, Serialize};

use super::base64_bytes;
use super::prepare::Prepared;
use crate::SignError;

/// What a time-stamp token takes at most, with the authority's chain inside.
const TOKEN_ALLOWANCE: usize = 8 * 1024;

/// Bytes to reserve for a signature with this certificate and chain, and with the tokens of `time_stamps` authorities.
///
/// `token` is the size of a token of that authority where it is known; otherwise room for a usual one is taken.
#[must_use]
pub fn reserve_for(certificate: &Certificate, chain: &[Certificate], token: Option<usize>) -> usize {
    let certificates: usize =
        std::iter::once(certificate).chain(chain).map(|certificate| certificate.der().len() + 8).sum();
    // Attributes, algorithm identifiers, issuer and serial number, and a value of up to 4096 bits.
    let rest = 2048 + certificate.issuer().der().len();
    let token = token.map_or(TOKEN_ALLOWANCE, |size| size + 256);
    (certificates + rest + token).next_multiple_of(256)
}

/// Whether a signature made at `at` with this certificate can be one that others find valid: the certificate holds then,
/// is no authority's (RFC 5280 §4.2.1.9), and its key usage, where it names any, allows signatures (§4.2.1.3). Its path is
/// not looked at.
///
/// [`sign_to`](crate::sign_to) asks this itself; ask it before a key that is elsewhere is made to sign.
///
/// # Errors
/// [`SignError::Certificate`], with the reason.
pub fn may_sign(certificate: &Certificate, at: Timestamp) -> Result<(), SignError> {
    let refused = |why: String| Err(SignError::Certificate(format!("{} {why}", certificate.subject())));
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    // notAfter is inclusive, to the second.
    if at.as_second() > not_after.as_second() {
        return refused(format!("expired at {not_after}, before {at}. Renew it, or sign with another"));
    }
    if at < not_before {
        return refused(format!("is not valid before {not_before}, at {at}. Is this machine's clock right?"));
    }
    if certificate.is_ca() {
        return refused(
            "is an authority's (basicConstraints says CA): it vouches for others and signs no documents. Where you made \
             it with `openssl req -x509`, add -addext basicConstraints=critical,CA:FALSE"
                .to_owned(),
        );
    }
    match certificate.key_usage() {
        Some(usage) if !usage.digital_signature() && !usage.non_repudiation() => refused(
            "is not for signatures: its key usage has neither digitalSignature nor nonRepudiation".to_owned(),
        ),
        _ if !pki::path::suits(certificate, pki::path::Purpose::DocumentSigning) => refused(
            "is not for documents: its extended key usage names other purposes alone. It takes documentSigning, \
             emailProtection or any, or no extended key usage at all"
                .to_owned(),
        ),
        _ => Ok(()),
    }
}

/// A revision with its signer fixed, waiting for the signature value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToBeSigned {
    prepared: Prepared,
    certificate: Certificate,
    chain: Vec<Certificate>,
    algorithm: SignatureAlgorithm,
    #[serde(with = "base64_bytes")]
    attributes: Vec<u8>,
}

impl Prepared {
    /// Fixes who signs: the certificate is bound into what is signed (signing-certificate-v2, RFC 5035).
    ///
    /// # Errors
    /// [`SignError::Certificate`] where the algorithm's digest is not the one of the revision
    /// ([`SigningRequest::digest`](crate::SigningRequest::digest)); [`SignError::SeedValue`] where the field asks for
    /// another certificate.
    pub fn to_be_signed(
        self,
        certificate: Certificate,
        chain: Vec<Certificate>,
        algorithm: SignatureAlgorithm,
    ) -> Result<ToBeSigned, SignError> {
        // SignerInfo names one digest for content and attributes: verifiers refuse a signature that uses another, and
        // RFC 8419 §3.1 asks for SHA-512 with Ed25519.
        if algorithm.digest() != self.digest_algorithm {
            return Err(SignError::Certificate(format!(
                "{} does not go with a {:?} digest of the document",
                algorithm.name(),
                self.digest_algorithm
            )));
        }
        if self.digest.len() != self.digest_algorithm.output_len() {
            return Err(SignError::State("digest"));
        }
        self.wants
            .certificate
            .check(&certificate, &chain)
            .map_err(|what| SignError::SeedValue { field: self.field.clone(), what })?;
        let policy = self.policy();
        let attributes =
            SignedAttributes::pades_with(self.digest_algorithm, &self.digest, &certificate, policy.as_ref());
        let attributes = attributes.der().to_vec();
        Ok(ToBeSigned { prepared: self, certificate, chain, algorithm, attributes })
    }
}

impl ToBeSigned {
    /// What the key signs: the signed attributes as DER SET.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.attributes
    }

    /// The revision being signed.
    #[must_use]
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// The signer's certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Takes the signature value (ECDSA as DER), checks it, and checks that the signature fits.
    ///
    /// # Errors
    /// [`SignError::ValueDoesNotVerify`], [`SignError::ReserveTooSmall`].
    pub fn signed(self, value: Vec<u8>) -> Result<Signed, SignError> {
        pki::verify(self.certificate.public_key_der(), self.algorithm, &self.attributes, &value)
            .map_err(|_| SignError::ValueDoesNotVerify)?;
        Signed { signing: self, value, token: None }.fitting()
    }
}

/// A signed revision; a time-stamp may still be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    signing: ToBeSigned,
    #[serde(with = "base64_bytes")]
    value: Vec<u8>,
    token: Option<StoredToken>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct StoredToken(#[serde(with = "base64_bytes")] Vec<u8>);

impl Signed {
    /// What a time-stamp covers: the digest of the signature value (EN 319 122-1 §5.3).
    #[must_use]
    pub fn time_stamp_imprint(&self) -> Imprint {
        // As strong as the signature's own hash.
        let algorithm = self.signing.prepared.digest_algorithm;
        Imprint { algorithm, digest: algorithm.digest(&self.value) }
    }

    /// The signature value.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// Whether a time-stamp is there.
    #[must_use]
    pub fn is_time_stamped(&self) -> bool {
        self.token.is_some()
    }

    /// The revision that is signed.
    #[must_use]
    pub fn prepared(&self) -> &Prepared {
        self.signing.prepared()
    }

    /// The signer's certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        self.signing.certificate()
    }

    /// Adds the trusted time. Whether its authority is trusted is the caller's to check.
    ///
    /// # Errors
    /// [`SignError::TimeStamp`] where the token is malformed, does not verify or covers something else;
    /// [`SignError::ReserveTooSmall`].
    pub fn with_time_stamp(mut self, token: &[u8]) -> Result<Self, SignError> {
        let parsed = Token::from_der(token).map_err(|error| SignError::TimeStamp(error.to_string()))?;
        parsed.verify(&self.value, &[]).map_err(|error| SignError::TimeStamp(error.to_string()))?;
        self.token = Some(StoredToken(parsed.der().to_vec()));
        self.fitting()
    }

    /// The CMS signature (DER).
    ///
    /// # Errors
    /// [`SignError::State`] where a stored state was altered.
    pub fn cms(&self) -> Result<Vec<u8>, SignError> {
        let attributes = SignedAttributes::from_der(&self.signing.attributes)
            .map_err(|_| SignError::State("signed attributes"))?;
        let token = match &self.token {
            Some(StoredToken(der)) => Some(Token::from_der(der).map_err(|_| SignError::State("time-stamp"))?),
            None => None,
        };
        let signing = &self.signing;
        Ok(cms::build(
            &attributes,
            signing.algorithm,
            &self.value,
            &signing.certificate,
            &signing.chain,
            token.as_ref(),
        ))
    }

    /// The bytes to append to the file.
    ///
    /// # Errors
    /// [`SignError::TimeStampWanted`] where the field asks for a time-stamp and there is none; [`SignError::State`] where a
    /// stored state was altered.
    pub fn finish(self) -> Result<Vec<u8>, SignError> {
        let prepared = &self.signing.prepared;
        if self.token.is_none() {
            prepared.is_fine_without_time_stamp()?;
        }
        let cms = self.cms()?;
        self.signing.prepared.into_tail(&cms).map_err(|_| SignError::State("the place of the signature"))
    }

    fn fitting(self) -> Result<Self, SignError> {
        let needed = self.cms()?.len();
        let reserved = self.signing.prepared.reserved();
        if needed > reserved {
            return Err(SignError::ReserveTooSmall { needed, reserved });
        }
        Ok(self)
    }
}

//! The cryptography of a signature: the digest of the covered bytes, the signature value over it
//! (EN 319 102-1 §5.2.7).

use pdf::Signature;
use pki::cms::SignedData;
use pki::tsa::Token;
use pki::{Certificate, DigestAlgorithm, VerifyError};

use super::format::{self, SubFilter};
use super::material::Material;
use crate::report::{Code, Reason, SubIndication};

/// Digests of one signature: its own and those of content time-stamps.
const MAX_ALGORITHMS: usize = 4;

/// What the signature is made of.
pub(crate) enum Body {
    /// A CMS signature over the document.
    Cms(SignedData),
    /// A time-stamp token over the document.
    Token(Token),
}

/// The outcome of the cryptographic checks.
pub(crate) struct Integrity {
    /// Whose key made the signature.
    pub(crate) certificate: Option<Certificate>,
    /// Whether the covered bytes are those that were signed.
    pub(crate) digest_matches: bool,
    /// Whether the value verifies.
    pub(crate) value_verifies: bool,
    /// What does not hold.
    pub(crate) failure: Option<(SubIndication, Reason)>,
}

impl Integrity {
    fn failed(sub: SubIndication, reason: Reason) -> Self {
        Self { certificate: None, digest_matches: false, value_verifies: false, failure: Some((sub, reason)) }
    }

    /// Whether the signature holds as cryptography goes, weak or not.
    pub(crate) fn is_intact(&self) -> bool {
        self.digest_matches && self.value_verifies
    }
}

/// Reads `/Contents`.
pub(crate) fn body(signature: &Signature) -> Result<Body, Reason> {
    let sub_filter = SubFilter::of(signature)?;
    let der = format::padded_der(format::value(signature)?)?;
    let malformed =
        |error: pki::ParseError| Reason::new(Code::ContentsMalformed).with("detail", error.to_string());
    if sub_filter == SubFilter::TimeStamp {
        return Token::from_der(&der).map(Body::Token).map_err(malformed);
    }
    let cms = SignedData::from_der(&der).map_err(malformed)?;
    if cms.content().is_some() {
        return Err(Reason::new(Code::EncapsulatedContent));
    }
    Ok(Body::Cms(cms))
}

/// The digests that a signature asks for: its own, and those of its content time-stamps.
pub(crate) fn algorithms(body: &Body) -> Vec<DigestAlgorithm> {
    match body {
        Body::Cms(cms) => {
            let stamps = cms.content_time_stamps();
            let stamps = stamps.iter().filter_map(|der| Token::from_der(der).ok());
            let stamps = stamps.map(|token| token.imprint().algorithm);
            std::iter::once(cms.digest_algorithm()).chain(stamps).take(MAX_ALGORITHMS).collect()
        }
        Body::Token(token) => vec![token.imprint().algorithm],
    }
}

/// Checks the signature over the digest of the covered bytes.
pub(crate) fn check(body: &Body, digest: &Result<Vec<u8>, String>, material: &Material) -> Integrity {
    let digest = match digest {
        Ok(digest) => digest,
        Err(error) => {
            let reason = Reason::new(Code::SignatureUnchecked).with("detail", error);
            return Integrity::failed(SubIndication::SignedDataNotFound, reason);
        }
    };
    match body {
        Body::Cms(cms) => check_cms(cms, digest, material),
        Body::Token(token) => {
            let signer = || token.signed_data().signer_certificate(&material.certificates);
            outcome(token.verify_digest(digest, &material.certificates), signer)
        }
    }
}

fn check_cms(cms: &SignedData, digest: &[u8], material: &Material) -> Integrity {
    let Some(certificate) = cms.signer_certificate(&material.certificates) else {
        let reason = Reason::new(Code::SigningCertificateMissing);
        return Integrity::failed(SubIndication::NoSigningCertificateFound, reason);
    };
    let result = cms.verify(&certificate, digest).map(|()| certificate.clone());
    outcome(result, || Some(certificate))
}

fn outcome(
    result: Result<Certificate, VerifyError>,
    signer: impl FnOnce() -> Option<Certificate>,
) -> Integrity {
    let error = match result {
        Ok(certificate) => {
            return Integrity {
                certificate: Some(certificate),
                digest_matches: true,
                value_verifies: true,
                failure: None,
            };
        }
        // It verifies; until when its algorithm is good enough is the policy's to say.
        Err(VerifyError::Weak { .. }) => {
            return Integrity {
                certificate: signer(),
                digest_matches: true,
                value_verifies: true,
                failure: None,
            };
        }
        Err(error) => error,
    };
    let (sub, reason, digest_matches, value_verifies) = match &error {
        VerifyError::DigestMismatch => {
            (SubIndication::HashFailure, Reason::new(Code::DigestMismatch), false, false)
        }
        VerifyError::BadSignature | VerifyError::WrongKey => {
            (SubIndication::SigCryptoFailure, Reason::new(Code::SignatureInvalid), true, false)
        }
        VerifyError::Unsupported { found } => (
            SubIndication::CryptoConstraintsFailure,
            Reason::new(Code::AlgorithmUnsupported).with("algorithm", found),
            false,
            false,
        ),
        VerifyError::Attribute { attribute } if attribute.to_lowercase().contains("certificate") => (
            SubIndication::SigConstraintsFailure,
            Reason::new(Code::SigningCertificateMismatch),
            false,
            false,
        ),
        other => (
            SubIndication::FormatFailure,
            Reason::new(Code::ContentsMalformed).with("detail", other.to_string()),
            false,
            false,
        ),
    };
    Integrity { certificate: signer(), digest_matches, value_verifies, failure: Some((sub, reason)) }
}

//! From request to certificate.
use super::{Issuer, LintError, Profile, Subject, Urls, Validity, lint};
use crate::der::{self, context_constructed};
use crate::{Certificate, Serial, SignError, SignatureAlgorithm, Signer, public_key_algorithm, time};

/// The right to sign one certificate, once.
#[must_use = "nothing is issued until the token is used"]
pub struct IssuanceToken {
    tbs: Vec<u8>,
    algorithm: SignatureAlgorithm,
    issuer_key: Vec<u8>,
    serial: Serial,
}

impl IssuanceToken {
    /// The bytes that will be signed: what to persist as the intent.
    pub fn tbs(&self) -> &[u8] {
        &self.tbs
    }

    /// The serial number.
    pub fn serial(&self) -> &Serial {
        &self.serial
    }

    /// Signs. `signer` must hold the issuer's key (the root's own key for a root).
    pub fn issue(self, signer: &dyn Signer) -> Result<Certificate, SignError> {
        if signer.public_key_der() != self.issuer_key || signer.algorithm() != self.algorithm {
            return Err(SignError::WrongKey);
        }
        let signature = signer.sign(&self.tbs)?;
        let der = assemble(&self.tbs, self.algorithm, &signature);
        let certificate = Certificate::from_der(&der).map_err(|_| SignError::Failed)?;
        // What leaves the house was checked with the key that it will be judged by.
        crate::verify(&self.issuer_key, self.algorithm, &self.tbs, &signature)
            .map_err(|_| SignError::Failed)?;
        Ok(certificate)
    }
}

impl std::fmt::Debug for IssuanceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuanceToken(#{})", self.serial.to_hex())
    }
}

/// SIGNED{…}: certificates, CRLs and OCSP responses share its shape.
pub(crate) fn assemble(tbs: &[u8], algorithm: SignatureAlgorithm, signature: &[u8]) -> Vec<u8> {
    der::sequence(&[tbs, &algorithm.identifier(), &der::bit_string(signature)])
}

pub(super) fn prepare(
    issuer: Option<&Issuer>,
    profile: Profile,
    subject: &Subject,
    public_key_der: &[u8],
    serial: &Serial,
    validity: Validity,
    activated_by: Option<&[u8; 32]>,
) -> Result<IssuanceToken, LintError> {
    // 1. What was asked for.
    lint::request(issuer, profile, subject, public_key_der, serial, validity)?;

    // 2. What will be signed.
    let issuer_key = issuer.map_or(public_key_der, |i| i.certificate.public_key_der());
    let algorithm = public_key_algorithm(issuer_key).ok_or(LintError::IssuerKey)?.signature_algorithm();
    let no_urls = Urls::default();
    let mut extensions = profile
        .extensions(public_key_der, issuer.map(|i| &i.certificate), issuer.map_or(&no_urls, |i| &i.urls))
        .map_err(|_| LintError::PublicKey)?;
    extensions.extend(activated_by.map(super::profile::key_activation));
    let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
    let name = subject.to_name();
    let issuer_name = issuer.map_or(&name, |i| i.certificate.subject());
    let tbs = der::sequence(&[
        &der::tlv(context_constructed(0), &[&der::unsigned_integer(2)]),
        &serial.to_der(),
        &algorithm.identifier(),
        issuer_name.der(),
        &der::sequence(&[&time::write(validity.not_before), &time::write(validity.not_after)]),
        name.der(),
        public_key_der,
        &der::tlv(context_constructed(3), &[&der::sequence(&extensions)]),
    ]);

    // 3. What came out, read back as anyone will read it.
    let draft = Certificate::from_der(&assemble(&tbs, algorithm, &[0])).map_err(LintError::Unreadable)?;
    let wanted = lint::Wanted { profile, issuer, subject: &name, public_key_der, serial, validity };
    lint::draft(&draft, &wanted)?;
    Ok(IssuanceToken { tbs, algorithm, issuer_key: issuer_key.to_vec(), serial: serial.clone() })
}

//! The key that signs: from a file, or on a token.

use std::path::{Path, PathBuf};

use keys::file::{KeyFileError, load};
use keys::pkcs11::{KeyChoice, Token, TokenChoice, TokenError};
use pki::path::issuers_above;
use pki::{Certificate, DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm, Signer};

use crate::args::sign::{AlgorithmOptions, Digest, KeyOptions};
use crate::failure::Failure;
use crate::{explain, file, secret, trust};

/// A private key, its certificate and what stands above that.
pub(super) struct Key {
    signer: Box<dyn Signer>,
    certificate: Certificate,
    chain: Vec<Certificate>,
}

impl Key {
    /// Whether a key is named at all, asked before any work is done.
    pub(super) fn is_named(options: &KeyOptions) -> Result<(), Failure> {
        if options.key.is_none() && options.pkcs11.is_none() { Err(no_key()) } else { Ok(()) }
    }

    pub(super) fn load(options: &KeyOptions) -> Result<Self, Failure> {
        let named = options.cert.as_deref().map(leaf).transpose()?;
        let certificate = named.as_ref().map(|(certificate, _)| certificate);
        let (signer, own, above) = match (&options.key, &options.pkcs11) {
            (Some(path), _) => from_file(path, certificate, options)?,
            (None, Some(module)) => from_token(module, certificate, options)?,
            (None, None) => return Err(no_key()),
        };
        let (certificate, mut chain) = match named {
            Some(named) => named,
            None => (own.ok_or_else(no_certificate)?, Vec::new()),
        };
        if certificate.public_key_der() != signer.public_key_der() {
            return Err(Failure::Usage(format!(
                "the certificate of {:?} is not that of the key",
                certificate.common_name()
            )));
        }
        chain.extend(above);
        chain.extend(more(&options.chain)?);
        Ok(Self { signer, chain: issuers_above(&certificate, &chain), certificate })
    }

    pub(super) fn signer(&self) -> &dyn Signer {
        self.signer.as_ref()
    }

    pub(super) fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    pub(super) fn chain(&self) -> &[Certificate] {
        &self.chain
    }
}

fn no_key() -> Failure {
    Failure::Usage(
        "which key signs? Name a file with --key FILE (PEM, DER or PKCS#12), or a smart card or HSM with --pkcs11 MODULE; \
         where the key is elsewhere, use `vermilion sign prepare` and `vermilion sign finish`"
            .to_owned(),
    )
}

fn no_certificate() -> Failure {
    Failure::Usage("there is no certificate with the key: name its file with --cert".to_owned())
}

type Found = (Box<dyn Signer>, Option<Certificate>, Vec<Certificate>);

fn from_file(path: &Path, named: Option<&Certificate>, options: &KeyOptions) -> Result<Found, Failure> {
    const VARIABLE: &str = "VERMILION_KEY_PASSWORD";
    let bytes = zeroize::Zeroizing::new(file::read(path)?);
    let password = secret::given(options.key_password_file.as_deref(), VARIABLE)?;
    let loaded = match load(&bytes, password.as_ref().map(|password| password.as_str())) {
        // PKCS#12 without a password often means an empty one, or none at all.
        Err(KeyFileError::PasswordNeeded) if password.is_none() && load(&bytes, Some("")).is_ok() => {
            load(&bytes, Some(""))
        }
        Err(KeyFileError::PasswordNeeded) => {
            let what = format!("password of {}", path.display());
            load(&bytes, Some(secret::ask(&what, "--key-password-file", VARIABLE)?.as_str()))
        }
        other => other,
    };
    let found =
        loaded.map_err(|error| Failure::Unreadable(format!("{}: {}", path.display(), explain(&error))))?;
    for error in &found.passed_over {
        trust::passed_over(path, &explain(error));
    }
    let mut signer = found.signer;
    if let Some(certificate) = named.filter(|one| signer.is_of(one.public_key_der())) {
        signer =
            signer.with_public_key(certificate.public_key_der()).map_err(|error| Failure::because(&error))?;
    }
    if let Some(algorithm) = algorithm(signer.key_algorithm(), signer.algorithm(), &options.algorithm)? {
        signer = signer.with_algorithm(algorithm).map_err(|error| Failure::because(&error))?;
    }
    Ok((Box::new(signer), found.certificate, found.chain))
}

fn from_token(module: &Path, named: Option<&Certificate>, options: &KeyOptions) -> Result<Found, Failure> {
    const VARIABLE: &str = "VERMILION_PIN";
    let failed = |error: TokenError| Failure::because(&error);
    let token = match (&options.token, options.slot) {
        (Some(label), _) => TokenChoice::Label(label.clone()),
        (None, Some(slot)) => TokenChoice::Slot(slot),
        (None, None) => TokenChoice::Only,
    };
    let key = match (&options.key_label, &options.key_id) {
        (Some(label), _) => KeyChoice::Label(label.clone()),
        (None, Some(id)) => KeyChoice::Id(
            hex::decode(id).map_err(|_| Failure::Usage(format!("--key-id {id} is not hexadecimal")))?,
        ),
        (None, None) => KeyChoice::Only,
    };
    let pin = secret::given(options.pin_file.as_deref(), VARIABLE)?;
    let token = match Token::open(module, &token, pin.as_ref().map(|pin| pin.as_str())) {
        Err(TokenError::PinNeeded) => {
            let pin = secret::ask("token's PIN", "--pin-file", VARIABLE)?;
            Token::open(module, &token, Some(pin.as_str()))
        }
        other => other,
    }
    .map_err(failed)?;
    let mut signer = token.signer(&key).map_err(failed)?;
    let same = |one: &&Certificate| pki::is_same_key(one.public_key_der(), signer.public_key_der());
    if let Some(certificate) = named.filter(same) {
        signer =
            signer.with_public_key(certificate.public_key_der()).map_err(|error| Failure::because(&error))?;
    }
    let kind = pki::public_key_algorithm(signer.public_key_der()).ok_or_else(|| {
        Failure::Failed("the key on the token is of a kind that does not sign here".to_owned())
    })?;
    if let Some(algorithm) = algorithm(kind, signer.algorithm(), &options.algorithm)? {
        signer = signer.with_algorithm(algorithm).map_err(|error| Failure::because(&error))?;
    }
    let certificate = signer.certificate().cloned();
    let others = token.certificates().map_err(failed)?;
    Ok((Box::new(signer), certificate, others))
}

/// The algorithm that the options ask for; nothing where they leave it to the key.
pub(super) fn algorithm(
    kind: KeyAlgorithm,
    usual: SignatureAlgorithm,
    options: &AlgorithmOptions,
) -> Result<Option<SignatureAlgorithm>, Failure> {
    use SignatureAlgorithm as S;
    if options.digest.is_none() && !options.pss {
        return Ok(None);
    }
    let digest = options.digest.unwrap_or(match usual.digest() {
        DigestAlgorithm::Sha384 => Digest::Sha384,
        DigestAlgorithm::Sha512 => Digest::Sha512,
        _ => Digest::Sha256,
    });
    let is_rsa = kind.is_rsa();
    if options.pss && !is_rsa {
        return Err(Failure::Usage("--pss is for RSA keys".to_owned()));
    }
    Ok(Some(match (kind, options.pss, digest) {
        (KeyAlgorithm::Ed25519, _, Digest::Sha512) => S::Ed25519,
        (KeyAlgorithm::Ed25519, ..) => {
            return Err(Failure::Usage(
                "an Ed25519 key signs with SHA-512 only: leave --digest out".to_owned(),
            ));
        }
        (_, true, Digest::Sha256) => S::RsaPssSha256,
        (_, true, Digest::Sha384) => S::RsaPssSha384,
        (_, true, Digest::Sha512) => S::RsaPssSha512,
        (_, false, Digest::Sha256) if is_rsa => S::RsaSha256,
        (_, false, Digest::Sha384) if is_rsa => S::RsaSha384,
        (_, false, Digest::Sha512) if is_rsa => S::RsaSha512,
        (_, false, Digest::Sha256) => S::EcdsaSha256,
        (_, false, Digest::Sha384) => S::EcdsaSha384,
        (_, false, Digest::Sha512) => S::EcdsaSha512,
    }))
}

/// The signer's certificate, which is the first of its file, and the others in it.
pub(super) fn leaf(path: &Path) -> Result<(Certificate, Vec<Certificate>), Failure> {
    trust::first_and_others(path)
}

/// The certificates of these files.
pub(super) fn more(paths: &[PathBuf]) -> Result<Vec<Certificate>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        all.extend(trust::certificates(path)?);
    }
    Ok(all)
}

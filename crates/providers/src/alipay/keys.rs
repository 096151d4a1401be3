//! Keys and signatures: RSA2.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki::der::{self, Reader};
use pki::{Certificate, KeyAlgorithm, SignatureAlgorithm, Signer as _, SoftwareSigner};
use zeroize::Zeroizing;

use super::certificate::{root_number, serial_number};
use super::{PROVIDER, Trust};
use crate::error::{ConfigError, Fault};
use crate::secret::Secret;

/// rsaEncryption with its NULL (RFC 8017 §A.1).
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Our private key, Alipay's public key, and the certificates' numbers in certificate mode.
#[derive(Debug)]
pub(super) struct Keys {
    signer: SoftwareSigner,
    alipay: Vec<u8>,
    pub(super) numbers: Option<Numbers>,
}

/// The numbers by which certificates are named.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) application: String,
    pub(super) roots: String,
    pub(super) alipay: String,
}

impl Keys {
    pub(super) fn read(private_key: &Secret, trust: &Trust) -> Result<Self, ConfigError> {
        let signer = private_key_of(private_key.reveal()).map_err(|reason| wrong("private_key", reason))?;
        let (alipay, numbers) = match trust {
            Trust::PublicKey(text) => (
                bytes(text).ok_or_else(|| wrong("public_key", "it is neither PEM nor Base64"))?.to_vec(),
                None,
            ),
            Trust::Certificates { application, alipay, roots } => certificates(application, alipay, roots)?,
        };
        if !pki::public_key_algorithm(&alipay).is_some_and(is_rsa) {
            return Err(wrong("public_key", "it is no RSA key of 2048 bits or more"));
        }
        if numbers.is_some() && !matches_certificate(&signer, trust) {
            return Err(wrong("private_key", "the application's certificate is for another key"));
        }
        Ok(Self { signer, alipay, numbers })
    }

    /// Base64 of our signature.
    pub(super) fn sign(&self, content: &str) -> Result<String, Fault> {
        let signature = self.signer.sign(content.as_bytes());
        signature
            .map(|bytes| STANDARD.encode(bytes))
            .map_err(|_| Fault::Failed("the private key does not sign".to_owned()))
    }

    /// Whether Alipay signed these bytes.
    pub(super) fn verify(&self, content: &[u8], signature: &str) -> Result<(), Fault> {
        let signature = STANDARD.decode(signature).map_err(|_| Fault::Signature("it is not Base64"))?;
        pki::verify(&self.alipay, SignatureAlgorithm::RsaSha256, content, &signature)
            .map_err(|_| Fault::Signature("it is not Alipay's over this"))
    }
}

fn wrong(what: &'static str, reason: impl Into<String>) -> ConfigError {
    ConfigError { provider: PROVIDER, what, reason: reason.into() }
}

fn certificates(
    application: &str,
    alipay: &str,
    roots: &str,
) -> Result<(Vec<u8>, Option<Numbers>), ConfigError> {
    let read = |what, pem| Certificate::from_pem(pem).map_err(|error| wrong(what, error.to_string()));
    let ours = read("application_certificate", application)?;
    let theirs = read("alipay_certificate", alipay)?;
    let roots = Certificate::all_from_pem(roots).map_err(|error| wrong("roots", error.to_string()))?;
    let roots = root_number(&roots).ok_or_else(|| wrong("roots", "none of them is signed with RSA"))?;
    let numbers = Numbers { application: serial_number(&ours), roots, alipay: serial_number(&theirs) };
    Ok((theirs.public_key_der().to_vec(), Some(numbers)))
}

fn matches_certificate(signer: &SoftwareSigner, trust: &Trust) -> bool {
    let Trust::Certificates { application, .. } = trust else { return true };
    Certificate::from_pem(application).is_ok_and(|it| it.public_key_der() == signer.public_key_der())
}

fn private_key_of(text: &str) -> Result<SoftwareSigner, &'static str> {
    let der = bytes(text).ok_or("it is neither PEM nor Base64")?;
    let broken = "it is no PKCS#8 or PKCS#1 key";
    let mut fields = Reader::new(&der, "private key").sequence().map_err(|_| broken)?;
    fields.unsigned().map_err(|_| broken)?;
    let wrapped;
    let pkcs8 = match fields.peek() {
        // PKCS#1 (RFC 8017 §A.1.2) goes on with the modulus.
        Some(der::INTEGER) => {
            let octets = Zeroizing::new(der::octet_string(&der));
            wrapped = Zeroizing::new(der::sequence(&[&der::unsigned_integer(0), &RSA_ENCRYPTION, &octets]));
            &wrapped
        }
        _ => &der,
    };
    let signer = SoftwareSigner::from_pkcs8(pkcs8).map_err(|_| broken)?;
    if is_rsa(signer.key_algorithm()) { Ok(signer) } else { Err("it is no RSA key") }
}

fn is_rsa(algorithm: KeyAlgorithm) -> bool {
    matches!(algorithm, KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096)
}

/// What PEM holds, whatever its label, or bare Base64 as Alipay's tools write it.
fn bytes(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let base64: Zeroizing<String> = Zeroizing::new(
        text.lines().filter(|line| !line.starts_with("-----")).flat_map(str::split_whitespace).collect(),
    );
    STANDARD.decode(base64.as_bytes()).ok().filter(|der| !der.is_empty()).map(Zeroizing::new)
}

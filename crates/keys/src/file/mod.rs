//! Key files: PKCS#8 (also encrypted), SEC1, PKCS#1, PKCS#12; in DER or PEM.
//!
//! [`load`] finds out by itself which of them the bytes are. What is encrypted opens with PBES2 (RFC 8018: PBKDF2 or
//! scrypt, AES-CBC or triple DES), with the older schemes of PKCS#12 (RFC 7292 appendix C: triple DES, RC2), or as
//! OpenSSL's traditional PEM (`Proc-Type: 4,ENCRYPTED`).
//!
//! A file may be hostile: lengths, nesting and the cost of key derivation are bounded.
use pki::der::{self, Reader};
use pki::path::issuers_above;
use pki::{Certificate, KeyRejected, ParseError, Signer as _, SoftwareSigner};
use zeroize::Zeroizing;

use self::kdf::Work;

mod cipher;
mod encrypted;
mod kdf;
mod oid;
mod pem;
mod pkcs12;
mod write;

/// What a key file held.
#[derive(Debug)]
pub struct KeyFile {
    /// The private key. Another algorithm can be chosen with [`SoftwareSigner::with_algorithm`].
    pub signer: SoftwareSigner,
    /// The certificate of its public key.
    pub certificate: Option<Certificate>,
    /// The other certificates: first those that lead from `certificate` upwards, in order, then the rest.
    pub chain: Vec<Certificate>,
    /// Why certificates in it were passed over: they cannot be read.
    pub passed_over: Vec<ParseError>,
}

/// Why a key file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// It is encrypted, and no password was given.
    #[error("the key file is encrypted: it needs its password")]
    PasswordNeeded,
    /// It does not open with this password (or was damaged, which looks the same).
    #[error("wrong password: the key file does not open with it")]
    WrongPassword,
    /// There is no private key in it.
    #[error("there is no private key in the file")]
    NoKey,
    /// There are several private keys in it, and not just one of them with a certificate that may sign.
    #[error(
        "there are {count} private keys in the file, and its certificates do not tell which one signs: put that key into \
         a file of its own, with its certificate"
    )]
    SeveralKeys {
        /// How many.
        count: usize,
    },
    /// It is encrypted in a way that is not handled.
    #[error(
        "the key file uses {what} {found}, which is not supported: write it anew with OpenSSL (`openssl pkcs8 -topk8`, or \
         `openssl pkcs12 -legacy` and then `-export`)"
    )]
    Unsupported {
        /// The field.
        what: &'static str,
        /// What it holds.
        found: String,
    },
    /// Its key derivations would take more time or memory than is reasonable.
    #[error("opening the key file would cost more than is allowed: {what} is {found}")]
    TooCostly {
        /// The parameter.
        what: &'static str,
        /// Its value.
        found: u64,
    },
    /// It is none of the formats, or broken.
    #[error("not a key file: {0}")]
    Malformed(ParseError),
    /// The key in it is of a kind that does not sign here.
    #[error(transparent)]
    Key(#[from] KeyRejected),
}

impl From<ParseError> for KeyFileError {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Unsupported { what, found } => Self::Unsupported { what, found },
            other => Self::Malformed(other),
        }
    }
}

pub use write::encrypt_pkcs8;

/// Largest file that is looked at.
const MAX_LEN: usize = 4 * 1024 * 1024;
/// Certificates that one file may hold.
const MAX_CERTIFICATES: usize = 64;

/// What opening one file may cost: key derivation (RFC 8018, RFC 7914) is where a hostile file would spend time and
/// memory. What its parts ask for is added up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Costs {
    /// Rounds of PBKDF2 and of PKCS#12's own function. By default 30 millions; one derivation has ten at most.
    pub rounds: u64,
    /// Memory that scrypt may take at once, in bytes; by default 256 MiB.
    pub scrypt_memory: u64,
    /// Memory times parallelism that scrypt may work through, in bytes; by default 1 GiB.
    pub scrypt_work: u64,
}

impl Default for Costs {
    fn default() -> Self {
        Self { rounds: 30_000_000, scrypt_memory: 256 * 1024 * 1024, scrypt_work: 1024 * 1024 * 1024 }
    }
}

/// Reads a key file, PEM or DER, within the default [`Costs`]. `password` is not used where nothing is encrypted.
///
/// ```
/// use vermilion_keys::file::{KeyFileError, load};
/// let (_, pkcs8) = pki::SoftwareSigner::generate(pki::KeyAlgorithm::Ed25519)?;
/// let file = load(&pkcs8, None)?;
/// assert_eq!(file.signer.key_algorithm(), pki::KeyAlgorithm::Ed25519);
/// assert!(matches!(load(b"hello", None), Err(KeyFileError::Malformed(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load(bytes: &[u8], password: Option<&str>) -> Result<KeyFile, KeyFileError> {
    load_within(bytes, password, &Costs::default())
}

/// [`load`] within other costs.
///
/// # Errors
/// As [`load`]; [`KeyFileError::TooCostly`] where the file asks for more.
pub fn load_within(bytes: &[u8], password: Option<&str>, costs: &Costs) -> Result<KeyFile, KeyFileError> {
    Bag::read(bytes, password, costs)?.into_key_file()
}

/// The one private key of a key file, as PKCS #8: for whoever keeps it, and does not sign with it here and now.
///
/// # Errors
/// As [`load`].
pub fn private_key(bytes: &[u8], password: Option<&str>) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let mut bag = Bag::read(bytes, password, &Costs::default())?;
    match (bag.keys.pop(), bag.keys.is_empty()) {
        (Some(key), true) => Ok(key),
        _ => Err(ParseError::Malformed { what: "key file with one key" }.into()),
    }
}

/// What was found so far.
struct Bag {
    /// PKCS#8, DER.
    keys: Vec<Zeroizing<Vec<u8>>>,
    certificates: Vec<Certificate>,
    passed_over: Vec<ParseError>,
    work: Work,
}

impl Bag {
    fn read(bytes: &[u8], password: Option<&str>, costs: &Costs) -> Result<Self, KeyFileError> {
        if bytes.len() > MAX_LEN {
            return Err(ParseError::TooLarge { what: "key file", limit: MAX_LEN }.into());
        }
        let mut bag = Self {
            keys: Vec::new(),
            certificates: Vec::new(),
            passed_over: Vec::new(),
            work: Work::from(costs),
        };
        match pem::blocks(bytes)? {
            Some(blocks) => {
                for block in &blocks {
                    bag.take_pem(block, password)?;
                }
            }
            None => bag.take_der(bytes, password)?,
        }
        Ok(bag)
    }

    fn take_pem(&mut self, block: &pem::Block, password: Option<&str>) -> Result<(), KeyFileError> {
        let plain = match &block.encryption {
            Some(encryption) => encryption.decrypt(&block.content, required(password)?)?,
            None => block.content.clone(),
        };
        match block.label.as_str() {
            "PRIVATE KEY" => self.keys.push(plain),
            "ENCRYPTED PRIVATE KEY" => self.take_encrypted(&plain, password)?,
            "EC PRIVATE KEY" => self.take_or_blame(sec1(&plain), block.encryption.is_some())?,
            "RSA PRIVATE KEY" => self.take_or_blame(pkcs1(&plain), block.encryption.is_some())?,
            "CERTIFICATE" | "X509 CERTIFICATE" => self.take_certificate(&plain)?,
            "PKCS12" => self.take_der(&plain, password)?,
            // OPENSSH PRIVATE KEY, DSA PRIVATE KEY.
            other if other.ends_with("PRIVATE KEY") => {
                return Err(KeyFileError::Unsupported { what: "the format", found: other.to_owned() });
            }
            // EC PARAMETERS, public keys, requests: nothing to sign with.
            _ => {}
        }
        Ok(())
    }

    /// What came out of a decryption and cannot be read was decrypted with the wrong password.
    fn take_or_blame(
        &mut self,
        key: Result<Zeroizing<Vec<u8>>, ParseError>,
        decrypted: bool,
    ) -> Result<(), KeyFileError> {
        match key {
            Ok(key) => self.keys.push(key),
            Err(_) if decrypted => return Err(KeyFileError::WrongPassword),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn take_der(&mut self, bytes: &[u8], password: Option<&str>) -> Result<(), KeyFileError> {
        match Format::of(bytes) {
            Some(Format::Pkcs12) => pkcs12::open(bytes, required(password)?, self),
            Some(Format::Pkcs8) => {
                self.keys.push(Zeroizing::new(bytes.to_vec()));
                Ok(())
            }
            Some(Format::EncryptedPkcs8) => self.take_encrypted(bytes, password),
            Some(Format::Sec1) => self.take_or_blame(sec1(bytes), false),
            Some(Format::Pkcs1) => self.take_or_blame(pkcs1(bytes), false),
            Some(Format::Certificate) => self.take_certificate(bytes),
            None => Err(KeyFileError::Malformed(ParseError::Malformed { what: "key file" })),
        }
    }

    fn take_encrypted(&mut self, bytes: &[u8], password: Option<&str>) -> Result<(), KeyFileError> {
        self.keys.push(encrypted::pkcs8(bytes, required(password)?, &mut self.work)?);
        Ok(())
    }

    fn take_certificate(&mut self, der: &[u8]) -> Result<(), KeyFileError> {
        if self.certificates.len() + self.passed_over.len() == MAX_CERTIFICATES {
            return Err(ParseError::TooLarge { what: "certificates", limit: MAX_CERTIFICATES }.into());
        }
        match Certificate::from_der(der) {
            Ok(certificate) if self.certificates.contains(&certificate) => {}
            Ok(certificate) => self.certificates.push(certificate),
            // The key may sign all the same: which certificate it needs shows later.
            Err(error) => self.passed_over.push(error),
        }
        Ok(())
    }

    fn into_key_file(self) -> Result<KeyFile, KeyFileError> {
        let mut signer = self.signer()?;
        let mut rest = self.certificates;
        // A renewed certificate stands beside the old one, a request's self-signed one beside the issued.
        let all = rest.iter().enumerate().rev().filter(|(_, one)| is_of(one, &signer));
        let own = all.max_by_key(|(_, one)| (!one.is_self_issued(), one.not_before())).map(|(at, _)| at);
        let certificate = own.map(|at| rest.remove(at));
        if let Some(certificate) = &certificate {
            signer = signer.with_public_key(certificate.public_key_der())?;
        }
        let mut chain = certificate.as_ref().map(|own| issuers_above(own, &rest)).unwrap_or_default();
        rest.retain(|one| !chain.contains(one));
        chain.extend(rest);
        Ok(KeyFile { signer, certificate, chain, passed_over: self.passed_over })
    }

    /// The only key; of several, the only one with a certificate that may sign documents: keys for decryption and those
    /// of authorities may stand beside it.
    fn signer(&self) -> Result<SoftwareSigner, KeyFileError> {
        let keys = match self.keys.as_slice() {
            [] => return Err(KeyFileError::NoKey),
            [only] => return Ok(SoftwareSigner::from_pkcs8(only)?),
            several => several,
        };
        let mut signers: Vec<SoftwareSigner> = Vec::new();
        let mut others = 0;
        for key in keys {
            match SoftwareSigner::from_pkcs8(key) {
                Ok(signer) if signers.iter().all(|s| s.public_key_der() != signer.public_key_der()) => {
                    signers.push(signer);
                }
                Ok(_) => {}
                Err(_) => others += 1,
            }
        }
        let count = signers.len() + others;
        if count > 1 {
            signers.retain(|signer| self.certificates.iter().any(|c| is_of(c, signer) && may_sign(c)));
        }
        match (signers.pop(), signers.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => Err(KeyFileError::SeveralKeys { count }),
        }
    }
}

fn is_of(certificate: &Certificate, signer: &SoftwareSigner) -> bool {
    signer.is_of(certificate.public_key_der())
}

fn may_sign(certificate: &Certificate) -> bool {
    let usage = certificate.key_usage();
    !certificate.is_ca() && usage.is_none_or(|usage| usage.digital_signature() || usage.non_repudiation())
}

/// An empty password is one, too.
fn required(password: Option<&str>) -> Result<&str, KeyFileError> {
    password.ok_or(KeyFileError::PasswordNeeded)
}

/// What DER bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Pkcs12,
    Pkcs8,
    EncryptedPkcs8,
    Sec1,
    Pkcs1,
    Certificate,
}

impl Format {
    fn of(bytes: &[u8]) -> Option<Self> {
        let fields = Reader::new(bytes, "key file").sequence();
        let Ok(mut fields) = fields else {
            // Old exporters write PKCS#12 with indefinite lengths, and nobody the others.
            return bytes.starts_with(&[der::SEQUENCE, 0x80, der::INTEGER, 1, 3]).then_some(Self::Pkcs12);
        };
        let first = fields.next().ok()?;
        let second = fields.peek();
        match (first.tag, first.value, second) {
            (der::INTEGER, [3], Some(der::SEQUENCE)) => Some(Self::Pkcs12),
            (der::INTEGER, _, Some(der::SEQUENCE)) => Some(Self::Pkcs8),
            (der::INTEGER, _, Some(der::OCTET_STRING)) => Some(Self::Sec1),
            (der::INTEGER, _, Some(der::INTEGER)) => Some(Self::Pkcs1),
            (der::SEQUENCE, _, Some(der::OCTET_STRING)) => Some(Self::EncryptedPkcs8),
            (der::SEQUENCE, _, Some(der::SEQUENCE)) => Some(Self::Certificate),
            _ => None,
        }
    }
}

/// ECPrivateKey (RFC 5915) as PKCS#8.
fn sec1(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, ParseError> {
    let mut fields = Reader::new(bytes, "ECPrivateKey").sequence()?;
    let version = fields.unsigned()?;
    let key = fields.expect(der::OCTET_STRING)?;
    let parameters = fields.optional(der::context_constructed(0))?;
    if version != 1 {
        return Err(fields.error());
    }
    let curve = match parameters {
        Some(parameters) => parameters.value.to_vec(),
        // The curve may be left out where it is known otherwise; the key's length tells ours apart.
        None if key.value.len() == 32 => der::oid(oid::P256),
        None if key.value.len() == 48 => der::oid(oid::P384),
        None => return Err(ParseError::Unsupported { what: "curve", found: "not named".to_owned() }),
    };
    let algorithm = der::sequence(&[&der::oid(oid::EC_PUBLIC_KEY), &curve]);
    Ok(wrapped(&algorithm, bytes))
}

/// RSAPrivateKey (RFC 8017 §A.1.2) as PKCS#8.
fn pkcs1(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, ParseError> {
    let mut fields = Reader::new(bytes, "RSAPrivateKey").sequence()?;
    if fields.unsigned()? != 0 {
        return Err(ParseError::Unsupported { what: "RSA key", found: "of more than two primes".to_owned() });
    }
    fields.integer()?;
    let algorithm = der::sequence(&[&der::oid(oid::RSA_ENCRYPTION), &der::null()]);
    Ok(wrapped(&algorithm, bytes))
}

/// PrivateKeyInfo (RFC 5208 §5).
fn wrapped(algorithm: &[u8], key: &[u8]) -> Zeroizing<Vec<u8>> {
    let key = Zeroizing::new(der::octet_string(key));
    Zeroizing::new(der::sequence(&[&der::unsigned_integer(0), algorithm, &key]))
}

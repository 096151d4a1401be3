//! What `sign` and `extend` understand.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::PdfOptions;

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_long_help = "\
Examples:
  A signature that does not show, with a key and a certificate in PEM:
    vermilion sign contract.pdf -o signed.pdf --key me.key --cert me.pem --chain issuer.pem

  One that shows on page 2, from a PKCS#12 file, with a trusted time:
    vermilion sign contract.pdf -o signed.pdf --key me.p12 --page 2 --rect 20mm,250mm,60mm,20mm \\
      --level t --tsa http://timestamp.example.com

  For the archive: time-stamp, certificates, revocation data and a time-stamp over all of it:
    vermilion sign contract.pdf -o signed.pdf --key me.p12 --level lta --tsa https://tsa.example.com

  With a smart card or HSM:
    vermilion sign contract.pdf -o signed.pdf --pkcs11 /usr/lib/opensc-pkcs11.so --pin-file pin.txt

  With a key that is elsewhere, in three steps, hours apart if need be:
    vermilion sign prepare contract.pdf --cert me.pem --state contract.state --tbs contract.tbs
    openssl dgst -sha256 -sign me.key -out contract.sig contract.tbs
    vermilion sign finish --state contract.state --signature contract.sig -o signed.pdf

The passwords are asked for where there is a terminal. Exits 0 when signed, 1 when that could not be done (nothing is \
written then, not even at a lower level), 64 for wrong usage, 65 for a file that cannot be read."
)]
pub(crate) struct SignOptions {
    #[command(subcommand)]
    pub(crate) step: Option<SignStep>,
    /// The PDF to sign.
    #[arg(required = true, value_name = "IN")]
    pub(crate) input: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    #[command(flatten)]
    pub(crate) look: SignatureOptions,
    #[command(flatten)]
    pub(crate) level: LevelOptions,
    #[command(flatten)]
    pub(crate) pdf: PdfOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SignStep {
    /// Step 1 of 3: prepare the file, and write what is to be signed elsewhere.
    Prepare(Box<PrepareOptions>),
    /// Step 3 of 3: put the signature that was made elsewhere into the file.
    Finish(Box<FinishOptions>),
}

#[derive(Debug, Args)]
pub(crate) struct PrepareOptions {
    /// The PDF to sign. It must not change until `finish`.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    /// The signer's certificate, PEM or DER. Further certificates in the file go into the chain.
    #[arg(long, value_name = "FILE")]
    pub(crate) cert: PathBuf,
    /// Certificates above it, PEM (repeatable).
    #[arg(long, value_name = "FILE")]
    pub(crate) chain: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) algorithm: AlgorithmOptions,
    /// Where the state is kept until `finish`. It holds no secret.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,
    /// Where the bytes to be signed are written. The key signs these bytes, hashing them itself.
    #[arg(long, value_name = "FILE")]
    pub(crate) tbs: PathBuf,
    /// Keep at least so many bytes for the signature, where it will need more than usual: for a time-stamp authority with
    /// long chains [default: room for the certificates, the policy and a usual time-stamp].
    #[arg(long, value_name = "BYTES", value_parser = reserve)]
    pub(crate) reserve: Option<usize>,
    #[command(flatten)]
    pub(crate) look: SignatureOptions,
    #[command(flatten)]
    pub(crate) pdf: PdfOptions,
}

/// Bytes to keep; a signature of a megabyte is none that anybody makes.
fn reserve(text: &str) -> Result<usize, String> {
    const MOST: usize = 1024 * 1024;
    match text.parse() {
        Ok(bytes) if bytes <= MOST => Ok(bytes),
        _ => Err(format!("a number of bytes up to {MOST} is expected")),
    }
}

#[derive(Debug, Args)]
pub(crate) struct FinishOptions {
    /// The state that `prepare` wrote.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,
    /// The signature value, as it came from the key. ECDSA values in DER, as OpenSSL writes them.
    #[arg(long, value_name = "FILE")]
    pub(crate) signature: PathBuf,
    /// The PDF that was prepared, where it is not where it was.
    #[arg(long = "input", value_name = "IN")]
    pub(crate) input: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    #[command(flatten)]
    pub(crate) level: LevelOptions,
    #[command(flatten)]
    pub(crate) pdf: PdfOptions,
}

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  vermilion extend signed.pdf -o archived.pdf --level lta --tsa https://tsa.example.com
  vermilion extend archived.pdf -o renewed.pdf --level lta --tsa https://tsa.example.com    (renews it)

Works on signatures of any program. Exits as `vermilion sign`.")]
pub(crate) struct ExtendOptions {
    /// The signed PDF.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    /// The level to reach: t a trusted time, lt besides all that a validation needs, lta an archive time-stamp over it;
    /// of a file that has one, lta adds another. What cannot be reached is an error.
    #[arg(long, ignore_case = true, help_heading = "Level")]
    pub(crate) level: HigherLevel,
    #[command(flatten)]
    pub(crate) outside: OutsideOptions,
    #[command(flatten)]
    pub(crate) pdf: PdfOptions,
}

/// Where the result goes. Never over a file that is there, unless told to.
#[derive(Debug, Args)]
pub(crate) struct OutputOptions {
    /// Where the result goes.
    #[arg(short, long, value_name = "OUT", required_unless_present = "in_place")]
    pub(crate) output: Option<PathBuf>,
    /// Replace OUT where it exists.
    #[arg(long)]
    pub(crate) force: bool,
    /// Replace IN by the result.
    #[arg(long, conflicts_with = "output")]
    pub(crate) in_place: bool,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Key")]
pub(crate) struct KeyOptions {
    /// The private key: PEM or DER (PKCS#8, also encrypted, PKCS#1, SEC1), or PKCS#12 with its certificates. Or else
    /// --pkcs11; or, where the key is out of reach, `sign prepare` and `sign finish`.
    #[arg(long, value_name = "FILE", conflicts_with = "pkcs11")]
    pub(crate) key: Option<PathBuf>,
    /// The signer's certificate, PEM or DER; needed where the key's file or token has none.
    #[arg(long, value_name = "FILE")]
    pub(crate) cert: Option<PathBuf>,
    /// Certificates above it, PEM (repeatable). They go into the signature.
    #[arg(long, value_name = "FILE")]
    pub(crate) chain: Vec<PathBuf>,
    /// File with the password of the key's file [env: VERMILION_KEY_PASSWORD; else asked for].
    #[arg(long, visible_alias = "password-file", value_name = "FILE")]
    pub(crate) key_password_file: Option<PathBuf>,
    /// A PKCS#11 module: the library of a smart card or HSM.
    #[arg(long, value_name = "MODULE")]
    pub(crate) pkcs11: Option<PathBuf>,
    /// The token, by its label; not needed where there is one only.
    #[arg(long, value_name = "LABEL", requires = "pkcs11")]
    pub(crate) token: Option<String>,
    /// The token, by its slot.
    #[arg(long, value_name = "NUMBER", requires = "pkcs11", conflicts_with = "token")]
    pub(crate) slot: Option<u64>,
    /// The key on the token, by its label; not needed where there is one only.
    #[arg(long, value_name = "LABEL", requires = "pkcs11")]
    pub(crate) key_label: Option<String>,
    /// The key on the token, by its id in hexadecimal.
    #[arg(long, value_name = "HEX", requires = "pkcs11", conflicts_with = "key_label")]
    pub(crate) key_id: Option<String>,
    /// File with the token's PIN [env: VERMILION_PIN; else asked for].
    #[arg(long, value_name = "FILE", requires = "pkcs11")]
    pub(crate) pin_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) algorithm: AlgorithmOptions,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct AlgorithmOptions {
    /// The hash function [default: what the field demands, else what fits the key].
    #[arg(long)]
    pub(crate) digest: Option<Digest>,
    /// RSA with PSS instead of PKCS#1 v1.5.
    #[arg(long)]
    pub(crate) pss: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Signature")]
pub(crate) struct SignatureOptions {
    /// The signature field. One that is there is signed; else a new one is made [default: the document's only empty
    /// field, else a new one].
    #[arg(long, value_name = "NAME")]
    pub(crate) field: Option<String>,
    /// The page on which a new field shows, counted from 1.
    #[arg(long, value_name = "N", requires = "rect")]
    pub(crate) page: Option<usize>,
    /// Where a new field shows: left, top, width and height from the top left of the page as one sees it, in mm, or
    /// in points with `pt`: 20,250,60,20 or 57pt,709pt,170pt,57pt. Without it the signature does not show. Over text, or over
    /// what another signature shows, it is refused where the document is signed already.
    #[arg(long, value_name = "X,Y,W,H")]
    pub(crate) rect: Option<String>,
    /// What a signature that shows says; `\n` begins a line [default: name and time].
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// A picture of a signature or seal to show, PNG or JPEG. White paper becomes transparent.
    #[arg(long, value_name = "FILE")]
    pub(crate) image: Option<PathBuf>,
    /// Why you sign.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Where you sign.
    #[arg(long)]
    pub(crate) location: Option<String>,
    /// How you can be reached.
    #[arg(long)]
    pub(crate) contact: Option<String>,
    /// Certify the document; afterwards is permitted: 1 nothing, 2 filling in forms and signing, 3 comments too.
    #[arg(long, value_name = "1|2|3", value_parser = clap::value_parser!(i64).range(1..=3))]
    pub(crate) certify: Option<i64>,
    /// Lock fields against changes: `all`, `include:NAME,NAME` or `exclude:NAME,NAME`.
    #[arg(long, value_name = "WHICH")]
    pub(crate) lock: Option<String>,
    /// The name of the appearance, where the field asks for one by name.
    #[arg(long, value_name = "NAME")]
    pub(crate) appearance_name: Option<String>,
    /// With --certify: what you attest of the document's content, as the field may ask for it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) attestation: Option<String>,
    /// The signature policy you sign under: OID:DIGEST:HEX, with sha256, sha384 or sha512 of the policy's document;
    /// its address may follow after `@`.
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Level")]
pub(crate) struct LevelOptions {
    /// The PAdES level: b signature, t with a trusted time, lt with all that a validation needs, lta with an archive
    /// time-stamp over it. What cannot be reached is an error. With t, lt and lta name an authority with --tsa. Where
    /// revocation data must be newer than the signature, sign with t, and `extend` when the authority has issued newer.
    #[arg(long, default_value = "b", ignore_case = true)]
    pub(crate) level: WantedLevel,
    #[command(flatten)]
    pub(crate) outside: OutsideOptions,
}

/// Whom to ask.
#[derive(Debug, Args)]
#[command(next_help_heading = "Level")]
pub(crate) struct OutsideOptions {
    /// A time-stamp authority (RFC 3161), for the levels above b. Several are asked one after the other until one stamps.
    #[arg(long, value_name = "URL")]
    pub(crate) tsa: Vec<String>,
    /// The policy under which an authority must stamp, a dotted object identifier; another one's time-stamp is refused.
    #[arg(long, value_name = "OID", requires = "tsa")]
    pub(crate) tsa_policy: Option<String>,
    /// File with the password for an authority whose address has the user's name, as https://NAME@tsa.example.com; one for
    /// each such authority, in their order (repeatable) [env: VERMILION_TSA_PASSWORD; else asked for].
    #[arg(long, value_name = "FILE", requires = "tsa")]
    pub(crate) tsa_password_file: Vec<PathBuf>,
    /// Root certificates at which the chains must end, the signer's and that of the time-stamp authority: a file or folder
    /// (repeatable) [default: any self-signed one]. An authority whose chain does not is passed over for the next one.
    #[arg(long, value_name = "FILE|FOLDER")]
    pub(crate) trust: Vec<PathBuf>,
    /// Ask this host for OCSP responses, CRLs and certificates even though its address is not public (repeatable).
    #[arg(long, value_name = "HOST")]
    pub(crate) reach: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WantedLevel {
    B,
    T,
    Lt,
    Lta,
}

/// A level that a signature is raised to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HigherLevel {
    T,
    Lt,
    Lta,
}

impl From<HigherLevel> for WantedLevel {
    fn from(level: HigherLevel) -> Self {
        match level {
            HigherLevel::T => Self::T,
            HigherLevel::Lt => Self::Lt,
            HigherLevel::Lta => Self::Lta,
        }
    }
}

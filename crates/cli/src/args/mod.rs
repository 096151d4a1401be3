//! What the command understands.

pub(crate) mod ca;
pub(crate) mod pdf;
pub(crate) mod sign;
pub(crate) mod token;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use self::ca::{AdminCommand, CaCommand, EstOptions, KeysCommand};
use self::pdf::PdfCommand;
use self::sign::{ExtendOptions, SignOptions};
use self::token::{TokenCommand, TokenOptions};

/// Electronic signatures that stand on their own proof.
#[derive(Debug, Parser)]
#[command(name = "vermilion", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run everything: pages, API, authority. Needs no configuration.
    Serve(ServeOptions),
    /// Take a PDF the whole way of a contract, without a browser.
    Demo(DemoOptions),
    /// Sign a PDF, at any PAdES level.
    ///
    /// The result is the file with an update appended: no earlier byte is rewritten, and earlier signatures stay valid. What
    /// would break one of them (a signature over what others signed, say) is refused, and so is a certificate that has
    /// expired or is not for signing.
    Sign(Box<SignOptions>),
    /// Bring the signatures of a PDF to a higher PAdES level, or renew their archive time-stamp.
    Extend(ExtendOptions),
    /// Judge every signature of PDF files.
    ///
    /// Exits 0 if all passed, 1 if one failed, 2 if one is indeterminate, 3 if there is no signature, 64 for wrong
    /// usage, 65 for a file that cannot be read; of several files the gravest counts.
    Verify(VerifyOptions),
    /// Look into a PDF, or time-stamp it.
    #[command(subcommand)]
    Pdf(PdfCommand),
    /// The certificate authority: its root's key, its CAs, others above them.
    #[command(subcommand)]
    Ca(CaCommand),
    /// Who administers the authority.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// The master keys, under which everything is sealed: which there are, and how one follows another.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The hardware module that organizations' keys may be in: which of its keys are whose.
    #[command(subcommand)]
    Hsm(TokenCommand),
    /// Say which trust is in force and what is wrong.
    Doctor(DoctorOptions),
    /// Write the description of the API (OpenAPI 3.1).
    Openapi,
    /// Print what the program carries of others, and under which licences.
    Licences,
    /// Write the manual pages and the shells' completions into a folder.
    #[command(hide = true)]
    Docs {
        /// The folder; made where it is missing.
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
#[command(after_long_help = "\
Further variables:
  VERMILION_MASTER_KEY  The key that seals what the database holds, 64 hexadecimal digits, in place of master.key in the
                        data folder
  VERMILION_MASTER_KEYS_BEFORE
                        Earlier master keys, separated by commas, where `keys rotate` still has something to seal anew
  VERMILION_HSM_PIN     The user PIN of the hardware module, in place of --hsm-pin-file
  VERMILION_EST_PASSWORD, VERMILION_EST_KEY_PASSWORD
                        The password of --est-user, and that of the client key
  VERMILION_LOG_FILTER  What is logged: a level (warn, info, debug) or a list such as info,vermilion_service=debug

Identity providers, mail, text messages and transfers are set by variables alone: docs/settings.md lists them all.")]
pub(crate) struct ServeOptions {
    /// Address to listen on.
    #[arg(long, env = "VERMILION_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Folder of the database, the documents and the server's key; made where it is missing.
    #[arg(long, env = "VERMILION_DATA_DIR", default_value = "./vermilion-data")]
    pub(crate) data_dir: PathBuf,
    /// Address that people type, as it goes into links and certificates [default: http://<listen>].
    #[arg(long, env = "VERMILION_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// Show the outbox to other machines too, and where the public address is not this machine's. It holds everyone's links
    /// and codes: not in production.
    #[arg(long, env = "VERMILION_OUTBOX_REMOTE")]
    pub(crate) outbox_remote: bool,
    /// Ask this host for an organization's directory (OpenID provider) even though its address is not public (repeatable).
    #[arg(long, env = "VERMILION_OIDC_PRIVATE_HOSTS", value_name = "HOST", value_delimiter = ',')]
    pub(crate) oidc_private_host: Vec<String>,
    /// Real people: the sandbox register, its camera, its bank and the outbox are closed; an identity provider, a mail server
    /// and a carrier must be configured, in the environment (docs/identity-providers.md).
    #[arg(long, env = "VERMILION_PRODUCTION")]
    pub(crate) production: bool,
    /// Keep the sandbox register beside the identity providers that are configured; not in production.
    #[arg(long, env = "VERMILION_SANDBOX")]
    pub(crate) sandbox: bool,
    /// One proxy of ours stands in front: believe the address it adds to X-Forwarded-For.
    #[arg(long, env = "VERMILION_BEHIND_PROXY")]
    pub(crate) behind_proxy: bool,
    /// For how long signers' certificates are: a year, or one ceremony each.
    #[arg(long, env = "VERMILION_CERTIFICATES", default_value = "long")]
    pub(crate) certificates: CertificateChoice,
    /// How the log is written, to standard error.
    #[arg(long, env = "VERMILION_LOG", default_value = "text")]
    pub(crate) log: LogFormat,
    #[command(flatten)]
    pub(crate) est: EstOptions,
    #[command(flatten)]
    pub(crate) token: TokenOptions,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CertificateChoice {
    /// A year: whoever comes again signs with the same key.
    Long,
    /// One ceremony.
    Event,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    Json,
    Text,
}

#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// The PDF to sign; a contract in Chinese and English is typeset without it.
    pub(crate) file: Option<PathBuf>,
    /// Folder for signed.pdf, proof.json, evidence.pdf and trust.pem; made where it is missing.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  vermilion verify signed.pdf --trust roots.pem
  vermilion verify *.pdf --trust /etc/ssl/certs --online --format json
  vermilion verify signed.pdf --trust roots.pem --proof activation-proof.json
  vermilion verify signed.pdf --trust trusted-list.xml --at 2030-01-01T00:00:00Z
  vermilion verify signed.pdf --trust roots.pem --policy-document 1.2.3.4=policy.pdf

Several files are judged at once, as many as there are processor cores; what is said of them keeps their order.")]
pub(crate) struct VerifyOptions {
    /// The PDF files.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    /// Judge as of this time, RFC 3339 [default: now].
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,
    /// The activation proof that goes with the document: shows who controlled the keys (one PDF only).
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
    /// With --proof: the fingerprint of a passkey that you know to be a signer's, from the signer (repeatable).
    #[arg(long, value_name = "SHA256", requires = "proof")]
    pub(crate) passkey: Vec<String>,
    /// With --proof: a certificate policy and whose it is, as OID@SHA256 with the fingerprint of the authority's certificate
    /// (root or CA). You know that under it this authority names only passkeys that it saw the signer register itself,
    /// whoever asked for the certificate (repeatable).
    #[arg(long, value_name = "OID@SHA256", requires = "proof")]
    pub(crate) attests: Vec<String>,
    /// The document of a signature policy under which somebody signed: OID=FILE, or FILE alone where the signatures' own
    /// digest of it says whose it is (repeatable). A signature that binds another document under that OID fails.
    #[arg(long, value_name = "[OID=]FILE")]
    pub(crate) policy_document: Vec<String>,
    /// Until when algorithms and key sizes are accepted, as JSON, in place of the table that is built in.
    #[arg(long, value_name = "FILE")]
    pub(crate) constraints: Option<PathBuf>,
    /// Ask the addresses in the certificates for issuers and revocation data that the file lacks.
    #[arg(long)]
    pub(crate) online: bool,
    /// With --online: ask this host even though its address is not public (repeatable).
    #[arg(long, value_name = "HOST", requires = "online")]
    pub(crate) reach: Vec<String>,
    /// How the verdict is written: for people, as JSON, or as the XML of ETSI TS 119 102-2 (one file only). JSON is one
    /// object a line for each file, in their order (JSON Lines); that of a file that cannot be read has `file` and `error`.
    #[arg(long, default_value = "text")]
    pub(crate) format: VerdictFormat,
    /// Language of the text.
    #[arg(long, default_value = "en")]
    pub(crate) lang: Lang,
    #[command(flatten)]
    pub(crate) pdf: PdfOptions,
}

#[derive(Debug, Args)]
pub(crate) struct TrustOptions {
    /// What to trust: a file of root certificates (PEM, DER), a folder of such files, or an ETSI trusted list in XML
    /// (repeatable). Nothing is trusted without it, and all of it is trusted because you name it: the signature of a
    /// trusted list itself is not verified.
    #[arg(long, value_name = "FILE|FOLDER")]
    pub(crate) trust: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Encrypted files")]
pub(crate) struct PdfOptions {
    /// The password of an encrypted PDF. Others on this machine can see it: prefer the file.
    #[arg(
        long,
        visible_alias = "password",
        value_name = "PASSWORD",
        env = "VERMILION_PDF_PASSWORD",
        hide_env_values = true
    )]
    pub(crate) pdf_password: Option<String>,
    /// File with the password of an encrypted PDF.
    #[arg(long, value_name = "FILE", conflicts_with = "pdf_password")]
    pub(crate) pdf_password_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerdictFormat {
    Etsi,
    Json,
    Text,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Lang {
    #[value(name = "en")]
    En,
    #[value(name = "zh-CN", alias = "zh")]
    ZhCn,
}

impl From<Lang> for pades::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::ZhCn => Self::Zh,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct DoctorOptions {
    /// Folder to look at.
    #[arg(long, env = "VERMILION_DATA_DIR", default_value = "./vermilion-data")]
    pub(crate) data_dir: PathBuf,
    /// Address that people type.
    #[arg(long, env = "VERMILION_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub(crate) public_url: String,
    /// Look at the identity providers as `serve --production` does.
    #[arg(long, env = "VERMILION_PRODUCTION")]
    pub(crate) production: bool,
    /// Look at them as `serve --sandbox` does.
    #[arg(long, env = "VERMILION_SANDBOX")]
    pub(crate) sandbox: bool,
    #[command(flatten)]
    pub(crate) est: EstOptions,
    #[command(flatten)]
    pub(crate) token: TokenOptions,
}

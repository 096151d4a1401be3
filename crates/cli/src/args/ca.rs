//! `vermilion ca` and `vermilion admin`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use service::authority::Branch;

#[derive(Debug, Subcommand)]
pub(crate) enum CaCommand {
    /// The root and the CAs under it: validity, keys, revocation lists.
    List {
        #[command(flatten)]
        data: DataOptions,
    },
    /// Make the next CA of a branch under the root. The one before goes on answering for what it certified.
    Rotate {
        /// Whom it certifies.
        branch: BranchName,
        #[command(flatten)]
        root: RootOptions,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Write the root's key to an encrypted file, read it back, and remove it from this machine.
    ///
    /// Revocation lists of the root for three years are signed before. Nothing but a new CA and new lists of the root
    /// needs the key again.
    ExportRoot {
        /// The file to write (PKCS #8, encrypted, PEM); it must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        password: PasswordOptions,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Put the root's key back from its file.
    ImportRoot {
        /// The file.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        #[command(flatten)]
        password: PasswordOptions,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Write a request (PKCS #10) for another's root to certify the next CA of a branch. Its key stays here.
    Request {
        /// Whom it is to certify.
        branch: BranchName,
        /// The file to write, PEM.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Take the certificate that was issued for a request, with all certificates above it. That root is trusted from now on.
    Accept {
        /// The branch of the request.
        branch: BranchName,
        /// Certificates: PEM, DER or PKCS #7.
        #[arg(required = true)]
        certificates: Vec<PathBuf>,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Take a revocation list that the root signed while its key was away, or another's authority above a CA of ours.
    ImportCrl {
        /// The list: PEM or DER.
        file: PathBuf,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Renew the TLS client certificate by which this server asks an authority over EST (`simplereenroll`), with a new key.
    ///
    /// The new file is for --est-certificate from the next start on; the old one stays as it is.
    RenewClient {
        /// The file to write: certificate, those above it, and the key (PEM), encrypted under
        /// VERMILION_EST_KEY_PASSWORD. It must not be there yet.
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        est: EstOptions,
    },
    /// Certificates of an external authority that are revoked here, and that it is to be told of.
    Revocations {
        /// The serial number of one that it was told of (repeatable).
        #[arg(long, value_name = "SERIAL")]
        confirm: Vec<String>,
        #[command(flatten)]
        data: DataOptions,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Make an account an administrator of the authority.
    Add {
        /// Its e-mail address.
        email: String,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Take the office away again.
    Remove {
        /// Its e-mail address.
        email: String,
        #[command(flatten)]
        data: DataOptions,
    },
    /// The addresses of the administrators.
    List {
        #[command(flatten)]
        data: DataOptions,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// The master keys: which one seals, and what is sealed under others still.
    List {
        #[command(flatten)]
        data: DataOptions,
    },
    /// Make a new master key and seal everything anew; the old one is removed once nothing is sealed under it.
    ///
    /// A server may run beside. Interrupted, the command goes on when it is given again, and a running server by itself.
    Rotate {
        #[command(flatten)]
        data: DataOptions,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DataOptions {
    /// Folder of the server's data.
    #[arg(long, env = "VERMILION_DATA_DIR", default_value = "./vermilion-data")]
    pub(crate) data_dir: PathBuf,
    /// The server's address, as it goes into certificates [default: as in those that there are].
    #[arg(long, env = "VERMILION_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RootOptions {
    /// The exported key of the root; without it the key on this machine is used.
    #[arg(long, value_name = "FILE")]
    pub(crate) root_key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
}

#[derive(Debug, Args)]
pub(crate) struct PasswordOptions {
    /// File whose first line is the password of the key file; else VERMILION_ROOT_PASSWORD, else it is asked for.
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

/// Another's authority in place of the embedded one for signers.
#[derive(Debug, Args)]
#[command(next_help_heading = "External authority")]
pub(crate) struct EstOptions {
    /// Take requests for certificates to an authority by files in this folder: `requests/NAME.csr` comes out, and
    /// `certificates/NAME.pem` is waited for. `authority.pem` in it holds the authority's certificates.
    #[arg(long, env = "VERMILION_CA_FOLDER", value_name = "DIR", conflicts_with = "est_url")]
    pub(crate) ca_folder: Option<PathBuf>,
    /// An authority's address for EST (RFC 7030), without `/.well-known/est`.
    #[arg(long, env = "VERMILION_EST_URL", value_name = "URL")]
    pub(crate) est_url: Option<String>,
    /// Which of several authorities at this address.
    #[arg(long, env = "VERMILION_EST_LABEL", requires = "est_url")]
    pub(crate) est_label: Option<String>,
    /// Roots by which its TLS certificate is trusted, PEM [default: the machine's].
    #[arg(long, env = "VERMILION_EST_ROOTS", value_name = "FILE", requires = "est_url")]
    pub(crate) est_roots: Option<PathBuf>,
    /// Name for HTTP basic authentication; the password is in VERMILION_EST_PASSWORD.
    #[arg(long, env = "VERMILION_EST_USER", requires = "est_url")]
    pub(crate) est_user: Option<String>,
    /// File with a TLS client certificate and its key (PEM, PKCS #12); its password is in VERMILION_EST_KEY_PASSWORD.
    #[arg(long, env = "VERMILION_EST_CERTIFICATE", value_name = "FILE", requires = "est_url")]
    pub(crate) est_certificate: Option<PathBuf>,
    /// Ask this host in its certificates (OCSP, lists) even though its address is not public (repeatable).
    #[arg(long, value_name = "HOST")]
    pub(crate) est_reach: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum BranchName {
    /// Natural persons.
    Person,
    /// Organizations and their agents.
    Organization,
    /// Time-stamps, logs, reports.
    Services,
}

impl From<BranchName> for Branch {
    fn from(name: BranchName) -> Self {
        match name {
            BranchName::Person => Self::Person,
            BranchName::Organization => Self::Organization,
            BranchName::Services => Self::Services,
        }
    }
}

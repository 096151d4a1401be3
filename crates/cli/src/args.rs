//! What the command understands.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

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
    /// Judge every signature of PDF files.
    ///
    /// Exits 0 if all passed, 1 if one failed, 2 if one is indeterminate, 3 if there is no signature, 64 for wrong
    /// usage, 65 for a file that cannot be read.
    Verify(VerifyOptions),
    /// Say which trust is in force and what is wrong.
    Doctor(DoctorOptions),
    /// Write the description of the API (OpenAPI 3.1).
    Openapi,
}

#[derive(Debug, Args)]
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
    /// Show the outbox to other machines too. It holds everyone's links and codes.
    #[arg(long, env = "VERMILION_OUTBOX_REMOTE")]
    pub(crate) outbox_remote: bool,
    /// One proxy of ours stands in front: believe the address it adds to X-Forwarded-For.
    #[arg(long, env = "VERMILION_BEHIND_PROXY")]
    pub(crate) behind_proxy: bool,
    /// How the log is written, to standard error.
    #[arg(long, env = "VERMILION_LOG", default_value = "text")]
    pub(crate) log: LogFormat,
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
    /// Folder for signed.pdf, evidence.pdf and trust.pem; made where it is missing.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyOptions {
    /// The PDF files.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// PEM file with the root certificates to trust; none are without it.
    #[arg(long, value_name = "PEM")]
    pub(crate) trust: Vec<PathBuf>,
    /// Judge as of this time, RFC 3339 [default: now].
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,
    /// How the verdict is written.
    #[arg(long, default_value = "text")]
    pub(crate) format: VerdictFormat,
    /// Language of the text.
    #[arg(long, default_value = "en")]
    pub(crate) lang: Lang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerdictFormat {
    Json,
    Text,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Lang {
    #[value(name = "en")]
    En,
    #[value(name = "zh-CN")]
    ZhCn,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorOptions {
    /// Folder to look at.
    #[arg(long, env = "VERMILION_DATA_DIR", default_value = "./vermilion-data")]
    pub(crate) data_dir: PathBuf,
    /// Address that people type.
    #[arg(long, env = "VERMILION_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub(crate) public_url: String,
}

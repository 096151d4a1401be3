//! The hardware module of `vermilion serve`, and `vermilion hsm`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ca::DataOptions;

#[derive(Debug, Args)]
#[command(next_help_heading = "Hardware module")]
pub(crate) struct TokenOptions {
    /// Offer organizations to keep their keys in a hardware module: its PKCS #11 library.
    #[arg(long, env = "VERMILION_HSM_MODULE", value_name = "FILE")]
    pub(crate) hsm_module: Option<PathBuf>,
    /// The token, by its label [default: the only one].
    #[arg(long, env = "VERMILION_HSM_TOKEN", value_name = "LABEL", requires = "hsm_module")]
    pub(crate) hsm_token: Option<String>,
    /// The token, by the number of its slot.
    #[arg(
        long,
        env = "VERMILION_HSM_SLOT",
        value_name = "NUMBER",
        requires = "hsm_module",
        conflicts_with = "hsm_token"
    )]
    pub(crate) hsm_slot: Option<u64>,
    /// A file with the token's PIN in its first line; else VERMILION_HSM_PIN holds it.
    #[arg(long, env = "VERMILION_HSM_PIN_FILE", value_name = "FILE", requires = "hsm_module")]
    pub(crate) hsm_pin_file: Option<PathBuf>,
    /// How many sessions with the token at once.
    #[arg(long, env = "VERMILION_HSM_SESSIONS", value_name = "NUMBER", default_value = "4", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) hsm_sessions: u8,
    /// How many seconds a signature waits for the token before the signer is asked to try again.
    #[arg(long, env = "VERMILION_HSM_TIMEOUT", value_name = "SECONDS", default_value = "10", value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(crate) hsm_timeout: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// The keys that are or were bound to companies.
    List {
        #[command(flatten)]
        data: DataOptions,
    },
    /// Bind a key that is in the token to a company: the first agent who makes a key there for it is given this one.
    Bind {
        /// The company's unified social credit code.
        credit_code: String,
        /// The key, by its label in the token.
        #[arg(long, value_name = "LABEL")]
        key_label: String,
        /// The administrator of the authority who does this.
        #[arg(long, value_name = "EMAIL")]
        administrator: String,
        #[command(flatten)]
        token: TokenOptions,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Give a company's key to nobody any more. Who has it keeps it.
    Release {
        /// The company's unified social credit code.
        credit_code: String,
        /// The administrator of the authority who does this.
        #[arg(long, value_name = "EMAIL")]
        administrator: String,
        #[command(flatten)]
        data: DataOptions,
    },
}

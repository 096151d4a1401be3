//! What `pdf` understands.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::sign::{OutputOptions, OutsideOptions};
use super::{Lang, PdfOptions};

#[derive(Debug, Subcommand)]
pub(crate) enum PdfCommand {
    /// Show what was signed: the revisions of a file, the signature that closes each, and what each changed.
    Revisions(RevisionsOptions),
    /// Time-stamp a PDF as a whole, signed or not: proof of when it was there, without a signer.
    Timestamp(TimestampOptions),
}

#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  vermilion pdf timestamp contract.pdf -o stamped.pdf --tsa https://tsa.example.com

A document time-stamp (ETSI EN 319 142-1 §5.4.3) as an update: no earlier byte is rewritten, and signatures that are there \
stay valid. What keeps signatures provable for years needs more than a time-stamp: `vermilion extend --level lta`. Exits as \
`vermilion sign`.")]
pub(crate) struct TimestampOptions {
    /// The PDF.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    #[command(flatten)]
    pub(crate) outside: OutsideOptions,
    #[command(flatten)]
    pub(crate) pdf: PdfOptions,
}

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  vermilion pdf revisions signed.pdf
  vermilion pdf revisions signed.pdf --extract 2 -o as-signed.pdf    (the document as revision 2 left it)

A change marked `!` is not permitted by a signature before it. Nothing here says whether a signature is valid: \
`vermilion verify` does.")]
pub(crate) struct RevisionsOptions {
    /// The PDF.
    pub(crate) file: PathBuf,
    /// Write the document as this revision left it, byte by byte.
    #[arg(long, value_name = "N", requires = "output")]
    pub(crate) extract: Option<usize>,
    /// Where the extracted revision goes.
    #[arg(short, long, value_name = "OUT", requires = "extract")]
    pub(crate) output: Option<PathBuf>,
    /// Replace OUT where it exists.
    #[arg(long)]
    pub(crate) force: bool,
    /// How the list is written.
    #[arg(long, default_value = "text")]
    pub(crate) format: ListFormat,
    /// Language of the text.
    #[arg(long, default_value = "en")]
    pub(crate) lang: Lang,
    #[command(flatten)]
    pub(crate) pdf: PdfOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Json,
    Text,
}

impl RevisionsOptions {
    pub(crate) fn output(&self) -> OutputOptions {
        OutputOptions { output: self.output.clone(), force: self.force, in_place: false }
    }
}

//! Typeset documents: the certification report, letters of authorization and the demonstration contract.
//!
//! The only crate that names typst, so that no other crate's build or tests wait for it. Templates live in
//! `templates/`; they see their data as one JSON file and nothing else: no network, no file system, no packages,
//! no clock. The PDFs are PDF/A-2b (ISO 19005-2), with the typefaces embedded as subsets.

mod authorization;
mod certification;
mod contract;
mod letter;
mod typeset;

pub use authorization::{Authorization, AuthorizationLetter, authorization_letter};
pub use certification::{
    Certificate, Certification, Chain, Check, Conditions, Consent, Document, Event, Party, Revision,
    Signature, Words, certification,
};
pub use contract::{Contract, ContractParty, DemoContract, Place, demo_contract};
pub use letter::{Letter, letter};

/// Why a document could not be typeset.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data cannot be written as JSON.
    #[error("the data cannot be written as JSON: {0}")]
    Data(#[from] serde_json::Error),
    /// The template refused; the messages are the typesetter's.
    #[error("typesetting failed: {0}")]
    Typesetting(String),
}

//! Envelopes, as their sender drafts, sends and follows them; one file a use case.
//!
//! An envelope of another account does not exist for the caller: [`Error::NotFound`].

mod complete;
mod content;
mod documents;
mod draft;
mod events;
mod fields;
mod inspect;
mod list;
mod progress;
mod recipients;
mod remind;
mod send;
mod show;
mod void;

use std::sync::Arc;

use domain::EnvelopeId;
use domain::envelope::{Contents, Envelope};
use evidence::{Actor as By, Body};
use jiff::Timestamp;
use store::{Append, Reader};

use crate::account::Actor;
use crate::{Error, Service};

pub(crate) use complete::{JOB as COMPLETION_JOB, complete};
pub use content::document;
pub(crate) use content::{append, document_name, file_name, source};
pub use documents::{add_document, remove_document};
pub use draft::{EnvelopePatch, create, delete, update};
pub use events::events;
pub use fields::{FieldInput, set_fields};
pub(crate) use inspect::open_error;
pub use list::{ListFilter, list};
pub(crate) use progress::{after_signature, expire};
pub use recipients::{RecipientInput, set_recipients};
pub use remind::remind;
pub use send::send;
pub use show::show;
pub(crate) use show::{field, page_size};
pub use void::void;

/// A file on its way to a caller.
pub struct Download {
    /// File name.
    pub name: String,
    /// Digest of the whole file, hexadecimal.
    pub sha256: String,
    /// The bytes.
    pub source: Arc<dyn pdf::Source>,
}

/// The certification report: who signed, how they were verified, what happened and when.
///
/// # Errors
/// `not_sent` for a draft.
pub async fn report(service: &Service, actor: &Actor, id: EnvelopeId) -> Result<Download, Error> {
    let mut reader = service.store().read().await?;
    let contents = owned(&mut reader, actor, id).await?;
    drop(reader);
    crate::reporting::report(service, &contents).await
}

/// The envelope with everything in it, where it is the caller's.
async fn owned(reader: &mut Reader, actor: &Actor, id: EnvelopeId) -> Result<Contents, Error> {
    let contents = reader.contents(id).await?.ok_or(Error::NotFound)?;
    if contents.envelope.account_id == actor.id() { Ok(contents) } else { Err(Error::NotFound) }
}

/// The same, while it is a draft.
async fn owned_draft(reader: &mut Reader, actor: &Actor, id: EnvelopeId) -> Result<Contents, Error> {
    let contents = owned(reader, actor, id).await?;
    contents.envelope.require_draft()?;
    Ok(contents)
}

fn event(envelope: &Envelope, kind: &'static str, actor: By, body: Body, at: Timestamp) -> Append {
    Append { at, kind, subject: Some(envelope.id.to_string()), actor, body }
}

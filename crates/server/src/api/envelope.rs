//! Envelopes, as their sender sees them.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod document_content;
pub(crate) mod events;
pub(crate) mod fields;
pub(crate) mod list;
pub(crate) mod proof;
pub(crate) mod recipients;
pub(crate) mod remind;
pub(crate) mod remove_document;
pub(crate) mod report;
pub(crate) mod send;
pub(crate) mod show;
pub(crate) mod update;
pub(crate) mod upload_document;
pub(crate) mod void;

use serde::Deserialize;
use utoipa::ToSchema;

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonBody {
    pub(crate) reason: String,
}

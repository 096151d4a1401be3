//! Checks by hand: the administrators' queue. Whoever is no administrator gets 404.

pub(crate) mod approve;
pub(crate) mod ask;
pub(crate) mod claim;
pub(crate) mod list;
pub(crate) mod picture;
pub(crate) mod refuse;
pub(crate) mod release;
pub(crate) mod show;
pub(crate) mod verdict;
pub(crate) mod zone;

use serde::Deserialize;
use service::view;
use utoipa::ToSchema;

/// Why, and what is added in words for the signer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewReasonBody {
    /// The reason.
    pub(crate) reason: view::ReviewReason,
    /// What is added; needed for `other`.
    #[serde(default)]
    pub(crate) note: Option<String>,
}

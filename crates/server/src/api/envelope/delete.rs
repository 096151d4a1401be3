//! `DELETE /envelopes/{id}`: throws a draft away.

use axum::extract::State;
use axum::http::StatusCode;
use service::EnvelopeId;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(delete, path = "/envelopes/{id}", tag = "envelopes", params(("id" = String, Path)), responses((status = NO_CONTENT)))]
pub(crate) async fn delete_envelope(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
) -> Result<StatusCode, Problem> {
    service::envelope::delete(state.service(), &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

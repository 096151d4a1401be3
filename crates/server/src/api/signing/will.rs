//! `POST /signing/{rcp}/activations/{act}/will`: how the check of the will stands; a provider is asked about a face.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{ActivationId, view};

use super::Empty;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// Which activation.
#[derive(Deserialize)]
pub(crate) struct Which {
    act: ActivationId,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/activations/{act}/will", tag = "signing",
    params(("rcp" = String, Path), ("act" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::WillAsked)),
)]
pub(crate) async fn poll_will(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Path(Which { act }): Path<Which>,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::WillAsked>, Problem> {
    Ok(Json(service::ceremony::will(state.service(), &signer, act).await?))
}

//! `POST /signing/{rcp}/activations/{act}/sign`: signs, with what opens the key for this activation.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::ceremony::Agreement;
use service::{ActivationId, view};

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
    post, path = "/signing/{rcp}/activations/{act}/sign", tag = "signing",
    params(("rcp" = String, Path), ("act" = String, Path)),
    request_body = Agreement,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn sign_activation(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Path(Which { act }): Path<Which>,
    Body(body): Body<Agreement>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::sign_offered(state.service(), &signer, act, body).await?))
}

//! `POST /signing/{rcp}/activations`: says what exactly will be signed, for the signer's passkey to agree to.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::ceremony::ShownDocument;
use service::{Locale, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// What the signer was shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferBody {
    locale: Locale,
    documents: Vec<ShownDocument>,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/activations", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = OfferBody,
    responses((status = OK, body = view::Activation)),
)]
pub(crate) async fn offer_activation(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<OfferBody>,
) -> Result<Json<view::Activation>, Problem> {
    Ok(Json(service::ceremony::offer(state.service(), &signer, body.locale, body.documents).await?))
}

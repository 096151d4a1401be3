//! `POST /signing/{rcp}/activations`: says what exactly will be signed, and begins the check of the will.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::ceremony::{ShownDocument, WillChoice};
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
    /// The check of the will that the signer chooses, where the signing policy asks for one.
    #[serde(default)]
    #[schema(required = false)]
    will: WillChoice,
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
    let OfferBody { locale, documents, will } = body;
    Ok(Json(service::ceremony::offer(state.service(), &signer, locale, documents, &will).await?))
}

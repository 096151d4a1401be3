//! `POST /envelopes`: begins a draft.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use service::{Locale, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// A new draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEnvelope {
    #[schema(nullable = false)]
    title: Option<String>,
    #[schema(nullable = false)]
    locale: Option<Locale>,
}

#[utoipa::path(
    post, path = "/envelopes", tag = "envelopes",
    request_body = NewEnvelope, responses((status = CREATED, body = view::Envelope)),
)]
pub(crate) async fn create_envelope(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<NewEnvelope>,
) -> Result<(StatusCode, Json<view::Envelope>), Problem> {
    let envelope =
        service::envelope::create(state.service(), &actor, body.title.as_deref(), body.locale).await?;
    Ok((StatusCode::CREATED, Json(envelope)))
}

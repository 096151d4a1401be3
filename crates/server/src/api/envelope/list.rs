//! `GET /envelopes`: the sender's envelopes, newest first, page by page.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::envelope::ListFilter;
use service::view;
use utoipa::IntoParams;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// Which envelopes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EnvelopeQuery {
    /// Only those of this status.
    #[param(value_type = Option<String>)]
    status: Option<String>,
    /// Only those whose title or recipients hold these words.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/envelopes", tag = "envelopes", params(EnvelopeQuery), responses((status = OK, body = view::EnvelopePage)))]
pub(crate) async fn list_envelopes(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Query(query): Query<EnvelopeQuery>,
) -> Result<Json<view::EnvelopePage>, Problem> {
    let filter = ListFilter { status: query.status, words: query.q, cursor: query.cursor };
    Ok(Json(service::envelope::list(state.service(), &actor, &filter).await?))
}

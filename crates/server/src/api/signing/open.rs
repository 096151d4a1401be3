//! `POST /signing/{rcp}/session`: trades the secret of the link for a cookie.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use service::{RecipientId, view};

use crate::AppState;
use crate::api::account::TokenBody;
use crate::http::cookie::Cookie;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// A second tab keeps the session that the browser has.
#[utoipa::path(
    post, path = "/signing/{rcp}/session", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = TokenBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn open_ceremony(
    State(state): State<AppState>,
    Path(recipient): Path<RecipientId>,
    headers: HeaderMap,
    Body(body): Body<TokenBody>,
) -> Result<Response, Problem> {
    let cookie = Cookie::signing(&recipient.to_string());
    let opened =
        service::ceremony::open(state.service(), recipient, &body.token, cookie.read(&headers)).await?;
    let set = opened.session.map(|session| cookie.set(&session.token, session.lives, state.is_https()));
    Ok((set, Json(opened.ceremony)).into_response())
}

//! `POST /signing/{rcp}/pictures/submit`: sends the pictures in. The browser may close, and come back with its cookie.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use service::{review, view};

use crate::AppState;
use crate::api::auth::Signing;
use crate::api::signing::Empty;
use crate::http::cookie::Cookie;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/pictures/submit", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn submit_pictures(
    State(state): State<AppState>,
    Signing(signer): Signing,
    headers: HeaderMap,
    Body(Empty {}): Body<Empty>,
) -> Result<Response, Problem> {
    let submitted = review::submit(state.service(), &signer).await?;
    let cookie = Cookie::signing(&signer.recipient().to_string());
    let held = cookie.read(&headers).map(str::to_owned);
    let set = held.map(|token| cookie.set(&token, submitted.lives, state.is_https()));
    Ok((set, Json(submitted.ceremony)).into_response())
}

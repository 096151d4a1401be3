//! `POST /directory/callback`: what a directory sent the browser back with. The page that received it posts it here, so that
//! the request carries the browser's cookies and comes from our own site.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use service::directory::StaffCallback;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::cookie::Cookie;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/directory/callback", tag = "directory",
    request_body = StaffCallback,
    responses((status = OK, body = view::StaffResult)),
)]
pub(crate) async fn finish_staff_login(
    State(state): State<AppState>,
    actor: Option<SignedIn>,
    headers: HeaderMap,
    Body(callback): Body<StaffCallback>,
) -> Result<Response, Problem> {
    let (cookie, actor) = (Cookie::directory(), actor.map(|SignedIn(actor)| actor));
    let browser = cookie.read(&headers);
    let result = service::directory::finish(state.service(), browser, actor.as_ref(), callback).await?;
    Ok((cookie.clear(state.is_https()), Json(result)).into_response())
}

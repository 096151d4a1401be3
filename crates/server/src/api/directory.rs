//! Organizations' own directories: OpenID providers whose word on their staff is taken as the organization's own.

pub(crate) mod administer;
pub(crate) mod begin_account;
pub(crate) mod begin_signing;
pub(crate) mod callback;
pub(crate) mod configure;
pub(crate) mod list;
pub(crate) mod people;
pub(crate) mod remove;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::directory::Begun;
use utoipa::ToSchema;

use crate::AppState;
use crate::http::cookie::Cookie;

/// Where the browser goes to sign in.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffLoginView {
    authorization_url: String,
}

/// The address, with the cookie that binds the sign-in to this browser.
fn begun(state: &AppState, begun: Begun) -> Response {
    let cookie = Cookie::directory().set(&begun.browser, begun.lives, state.is_https());
    (cookie, Json(StaffLoginView { authorization_url: begun.authorization_url })).into_response()
}

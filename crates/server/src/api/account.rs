//! Accounts of senders, and their sessions.

pub(crate) mod ask_password_reset;
pub(crate) mod confirm;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod resend;
pub(crate) mod session;
pub(crate) mod set_password;
pub(crate) mod sign_up;
pub(crate) mod update;
pub(crate) mod verify;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use service::account::LoggedIn;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::http::cookie::Cookie;

/// An account.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountView {
    account: view::Account,
}

/// Where a mail was sent, if the address is known.
#[derive(Serialize, ToSchema)]
pub(crate) struct EmailSent {
    email: String,
}

/// An e-mail address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmailBody {
    email: String,
}

/// The secret of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenBody {
    pub(crate) token: String,
}

/// The account, with the cookie that keeps it logged in.
fn logged_in(state: &AppState, logged_in: LoggedIn) -> Response {
    let cookie = Cookie::session().set(&logged_in.token, logged_in.lives, state.is_https());
    (cookie, Json(AccountView { account: logged_in.account })).into_response()
}

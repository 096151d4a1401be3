//! `GET /session`: who is logged in.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

/// The account that is logged in.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    account: Option<view::Account>,
    /// Whether the account administers the authority.
    administrator: bool,
}

#[utoipa::path(get, path = "/session", tag = "account", responses((status = OK, body = SessionView)))]
pub(crate) async fn show_session(
    State(state): State<AppState>,
    actor: Option<SignedIn>,
) -> Result<Json<SessionView>, Problem> {
    let service = state.service();
    let (account, administrator) = match actor {
        Some(SignedIn(actor)) => (
            Some(service::account::show(service, &actor).await?),
            service::authority::is_administrator(service, &actor).await?,
        ),
        None => (None, false),
    };
    Ok(Json(SessionView { account, administrator }))
}

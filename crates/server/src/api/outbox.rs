//! `GET /outbox`: the mails and messages that were sent, while no provider is configured.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{OutboxUse, view};
use utoipa::IntoParams;

use crate::AppState;
use crate::http::client::Client;
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// Which messages.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OutboxQuery {
    /// Only those whose receiver or text holds these words.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// It holds everyone's links and codes: in test trust only, and to this machine only unless switched on. Where the
/// public address is another machine's, a proxy stands in front, and who asks from here may be anybody.
pub(crate) fn is_shown_to(state: &AppState, client: Client) -> bool {
    let (service, config) = (state.service(), state.service().config());
    service.has_outbox()
        && match config.outbox {
            OutboxUse::ThisMachine => config.is_for_this_machine() && client.is_local(),
            OutboxUse::Everybody => true,
            OutboxUse::Closed => false,
        }
}

#[utoipa::path(get, path = "/outbox", tag = "sandbox", params(OutboxQuery), responses((status = OK, body = view::OutboxPage)))]
pub(crate) async fn list_outbox(
    State(state): State<AppState>,
    client: Client,
    Query(query): Query<OutboxQuery>,
) -> Result<Json<view::OutboxPage>, Problem> {
    if !is_shown_to(&state, client) {
        return Err(Problem::not_found());
    }
    let page = service::notify::outbox(state.service(), query.q.as_deref(), query.cursor.as_deref()).await?;
    Ok(Json(page))
}

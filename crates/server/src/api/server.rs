//! `GET /server`: what this server is, and how far its trust reaches.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::outbox;
use crate::http::client::Client;

/// `outbox` says whether this caller may see it.
#[utoipa::path(get, path = "/server", tag = "server", responses((status = OK, body = view::Server)))]
pub(crate) async fn show_server(State(state): State<AppState>, client: Client) -> Json<view::Server> {
    let mut server = service::server(state.service());
    server.outbox = outbox::is_shown_to(&state, client);
    Json(server)
}

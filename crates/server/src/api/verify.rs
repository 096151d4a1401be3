//! `POST /verify`: judges every signature of a file. The body is the file itself; nothing of it is kept.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use service::view;
use utoipa::IntoParams;

use crate::AppState;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::upload;

/// What the file is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileName {
    /// The file's name, for the report.
    #[serde(default)]
    name: String,
}

#[utoipa::path(
    post, path = "/verify", tag = "verify", params(FileName),
    request_body(content = Vec<u8>, content_type = "application/pdf"),
    responses((status = OK, body = view::Verification)),
)]
pub(crate) async fn verify_file(
    State(state): State<AppState>,
    Query(query): Query<FileName>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<view::Verification>, Problem> {
    let file = upload::receive(state.service(), &headers, body).await?;
    Ok(Json(service::verify::verify(state.service(), &query.name, file.path()).await?))
}

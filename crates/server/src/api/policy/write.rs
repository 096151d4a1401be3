//! `POST /policies`: writes a signing policy, or a new version of it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use service::policy::PolicyInput;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/policies", tag = "policies",
    request_body = PolicyInput, responses((status = CREATED, body = view::Policy)),
)]
pub(crate) async fn write_policy(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<PolicyInput>,
) -> Result<(StatusCode, Json<view::Policy>), Problem> {
    Ok((StatusCode::CREATED, Json(service::policy::write(state.service(), &actor, body).await?)))
}

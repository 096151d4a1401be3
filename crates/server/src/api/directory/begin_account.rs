//! `POST /organizations/{org}/staff`: begins a sign-in at the organization's directory, for the account.

use axum::extract::State;
use axum::response::Response;
use service::OrganizationId;

use super::StaffLoginView;
use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::signing::Empty;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/organizations/{org}/staff", tag = "directory",
    params(("org" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = StaffLoginView)),
)]
pub(crate) async fn begin_staff_login(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(organization): Path<OrganizationId>,
    Body(Empty {}): Body<Empty>,
) -> Result<Response, Problem> {
    let begun = service::directory::begin_for_account(state.service(), &actor, organization).await?;
    Ok(super::begun(&state, begun))
}

//! `GET /organizations/{org}/people`: who administers it, and what its directory said; both can be taken back.

use axum::Json;
use axum::extract::State;
use service::{AccountId, OrganizationId, StaffProofId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::signing::Empty;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/organizations/{org}/people", tag = "directory",
    params(("org" = String, Path)),
    responses((status = OK, body = view::OrganizationPeople)),
)]
pub(crate) async fn organization_people(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(organization): Path<OrganizationId>,
) -> Result<Json<view::OrganizationPeople>, Problem> {
    Ok(Json(service::directory::people(state.service(), &actor, organization).await?))
}

#[utoipa::path(
    delete, path = "/organizations/{org}/administrators/{account}", tag = "directory",
    params(("org" = String, Path), ("account" = String, Path)),
    responses((status = OK, body = view::OrganizationPeople)),
)]
pub(crate) async fn remove_organization_administrator(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((organization, account)): Path<(OrganizationId, AccountId)>,
) -> Result<Json<view::OrganizationPeople>, Problem> {
    let removed = service::directory::remove_administrator(state.service(), &actor, organization, account);
    Ok(Json(removed.await?))
}

#[utoipa::path(
    post, path = "/organizations/{org}/statements/{statement}/withdraw", tag = "directory",
    params(("org" = String, Path), ("statement" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::OrganizationPeople)),
)]
pub(crate) async fn withdraw_statement(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((organization, statement)): Path<(OrganizationId, StaffProofId)>,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::OrganizationPeople>, Problem> {
    let withdrawn = service::directory::withdraw_statement(state.service(), &actor, organization, statement);
    Ok(Json(withdrawn.await?))
}

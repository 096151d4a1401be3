//! `POST /signing/{rcp}/organization`: name, credit code and legal representative are held against the register.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The organization that the signer acts for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationBody {
    name: String,
    credit_code: String,
    legal_representative: String,
    /// Their resident ID number, to compare four elements.
    #[serde(default)]
    legal_representative_id: Option<String>,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/organization", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = OrganizationBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn check_organization(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<OrganizationBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(
        service::ceremony::organization(
            state.service(),
            &signer,
            &body.name,
            &body.credit_code,
            &body.legal_representative,
            body.legal_representative_id.as_deref(),
        )
        .await?,
    ))
}

//! `POST /signing/{rcp}/organization/face`: a verified signer shows their face, to act as the legal representative.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::identity::ConsentInput;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// How, and the consent to it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationFaceBody {
    method: view::IdentityMethod,
    consent: ConsentInput,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/face", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = OrganizationFaceBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn show_face_for_organization(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<OrganizationFaceBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    let (service, method) = (state.service(), body.method);
    Ok(Json(service::ceremony::organization_face(service, &signer, method, &body.consent).await?))
}

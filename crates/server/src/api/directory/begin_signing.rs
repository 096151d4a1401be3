//! `POST /signing/{rcp}/staff`: begins a sign-in at the directory of the organization that the signer seals for.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use service::Locale;
use utoipa::ToSchema;

use super::StaffLoginView;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// In which language the directory shall speak, where it can.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffLoginBody {
    locale: Locale,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/staff", tag = "directory",
    params(("rcp" = String, Path)),
    request_body = StaffLoginBody,
    responses((status = OK, body = StaffLoginView)),
)]
pub(crate) async fn begin_signer_staff_login(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<StaffLoginBody>,
) -> Result<Response, Problem> {
    let begun = service::directory::begin_for_signer(state.service(), &signer, body.locale).await?;
    Ok(super::begun(&state, begun))
}

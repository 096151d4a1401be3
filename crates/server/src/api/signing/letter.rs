//! A company's signed letter: `POST /signing/{rcp}/organization/letter` chooses this way, `GET` gives the letter as it is to be
//! sealed, `POST …/withdraw` gives the way up. The sealed letter is brought as the picture `letter`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use service::view;

use crate::AppState;
use crate::api::auth::Signing;
use crate::api::signing::Empty;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/letter", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn begin_letter(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::begin_letter(state.service(), &signer).await?))
}

#[utoipa::path(
    get, path = "/signing/{rcp}/organization/letter", tag = "signing",
    params(("rcp" = String, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/pdf")),
)]
pub(crate) async fn prepared_letter(
    State(state): State<AppState>,
    Signing(signer): Signing,
) -> Result<Response, Problem> {
    let pdf = service::ceremony::prepared_letter(state.service(), &signer).await?;
    let name = "attachment; filename=\"letter-of-authorization.pdf\"; \
                filename*=UTF-8''%E6%8E%88%E6%9D%83%E4%B9%A6.pdf";
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
    ];
    Ok((headers, pdf).into_response())
}

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/letter/withdraw", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn withdraw_letter(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::withdraw_letter(state.service(), &signer).await?))
}

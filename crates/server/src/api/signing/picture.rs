//! `PUT /signing/{rcp}/pictures/{part}`: a picture for a check by hand. The body is the file itself.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use service::{RecipientId, Refusal, review, view};

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::http::upload;

/// What the file is, its content says: the media type of the request is not believed.
#[utoipa::path(
    put, path = "/signing/{rcp}/pictures/{part}", tag = "signing",
    params(("rcp" = String, Path), ("part" = view::ReviewPart, Path)),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn add_picture(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Path((_, part)): Path<(RecipientId, view::ReviewPart)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<view::Ceremony>, Problem> {
    let limit = review::MOST_BYTES;
    let too_large = || Refusal::PictureTooLarge { limit }.into();
    let file = upload::receive_small(&headers, body, limit, too_large).await?;
    Ok(Json(review::add_picture(state.service(), &signer, part, file).await?))
}

//! `PUT /identity/pictures/{part}`: a picture for the check by hand of the account's person. The body is the file itself.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use service::{Refusal, review, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::http::upload;

/// What the file is, its content says: the media type of the request is not believed.
#[utoipa::path(
    put, path = "/identity/pictures/{part}", tag = "identity",
    params(("part" = view::ReviewPart, Path)),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn add_my_picture(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(part): Path<view::ReviewPart>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<view::MyIdentity>, Problem> {
    let limit = review::MOST_BYTES;
    let too_large = || Refusal::PictureTooLarge { limit }.into();
    let file = upload::receive_small(&headers, body, limit, too_large).await?;
    Ok(Json(review::add_my_picture(state.service(), &actor, part, file).await?))
}

//! `POST /verify`: judges every signature of a file. The body is the file itself, or its activation proof and then the file;
//! nothing of either is kept.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use service::control::{ControlProof, Known, KnownError};
use service::view;
use utoipa::IntoParams;

use crate::AppState;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::upload;

/// The largest activation proof that is read: a record holds a certificate, a policy and what a passkey signed.
const MOST_PROOF: u32 = 4 * 1024 * 1024;

/// What the file is called, and what comes before it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileName {
    /// The file's name, for the report.
    #[serde(default)]
    name: String,
    /// How many bytes of the body, before the file, are its activation proof.
    #[serde(default)]
    proof: Option<u32>,
    /// SHA-256 fingerprints of passkeys that whoever asks knows to be the signers', from the signers; separated by commas.
    #[serde(default)]
    passkeys: String,
    /// Certificate policies under which, as whoever asks knows, an authority names only passkeys that it saw the signer
    /// register itself: `OID@SHA256` with the fingerprint of the authority's certificate; separated by commas.
    #[serde(default)]
    attests: String,
}

/// The most passkeys, and the most policies, that somebody knows.
const MOST_KNOWN: usize = 50;

impl FileName {
    fn known(&self) -> Result<Known, KnownError> {
        let each = |text: &'_ str| -> Vec<String> {
            text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
        };
        let (passkeys, attests) = (each(&self.passkeys), each(&self.attests));
        if passkeys.len() > MOST_KNOWN || attests.len() > MOST_KNOWN {
            return Err(KnownError::TooMany);
        }
        let known = passkeys.iter().try_fold(Known::default(), |it, text| it.with_passkey(text));
        known.and_then(|it| attests.iter().try_fold(it, |it, text| it.with_attesting(text)))
    }
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
    let known = query.known().map_err(|error| unknowable(&error))?;
    let length = query.proof.unwrap_or_default();
    if length > MOST_PROOF {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "proof_invalid"));
    }
    let (head, file) = upload::receive_after(state.service(), &headers, body, length).await?;
    let proof = match length {
        0 => None,
        _ => Some(ControlProof::from_json(&head).ok_or_else(unreadable)?),
    };
    Ok(Json(service::verify::verify_with(state.service(), &query.name, file.path(), proof, &known).await?))
}

fn unreadable() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "proof_invalid")
}

fn unknowable(why: &KnownError) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "known_invalid").with_detail(why.to_string())
}

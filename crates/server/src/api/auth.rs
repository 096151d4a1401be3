//! Who asks: the account or the signer that a request's cookie stands for.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use service::account::Actor;
use service::ceremony::Signer;
use service::{RecipientId, Refusal};

use crate::AppState;
use crate::http::cookie::Cookie;
use crate::http::extract::Path;
use crate::http::problem::Problem;

/// An account that is logged in.
pub(crate) struct SignedIn(pub(crate) Actor);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = Cookie::session().read(&parts.headers).ok_or_else(Problem::unauthenticated)?;
        Ok(Self(service::account::authenticate(state.service(), token).await?))
    }
}

impl OptionalFromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, Problem> {
        match <Self as FromRequestParts<AppState>>::from_request_parts(parts, state).await {
            Ok(signed_in) => Ok(Some(signed_in)),
            Err(problem) if problem.is_unauthenticated() => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}

/// A recipient in the ceremony that the path names.
pub(crate) struct Signing(pub(crate) Signer);

/// The part of the path that every operation of a ceremony has.
#[derive(serde::Deserialize)]
struct Ceremony {
    rcp: RecipientId,
}

impl FromRequestParts<AppState> for Signing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Path(Ceremony { rcp }) = Path::<Ceremony>::from_request_parts(parts, state).await?;
        let cookie = Cookie::signing(&rcp.to_string());
        let token = cookie.read(&parts.headers).ok_or(Refusal::SessionMissing)?;
        Ok(Self(service::ceremony::resume(state.service(), rcp, token).await?))
    }
}

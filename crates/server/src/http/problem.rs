//! Refusals and failures as the API says them (RFC 9457), and the one place that turns the service's errors into them.

use std::collections::BTreeMap;
use std::error::Error;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::{Param, Refusal};
use utoipa::ToSchema;

/// What went wrong, for programs by its `code`, for people by the text that the user interface has for it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: &'static str,
    #[schema(value_type = String)]
    title: String,
    status: u16,
    /// Stable; the user interface's text is `problem.<code>`.
    #[schema(value_type = String)]
    code: &'static str,
    /// For developers, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// What the text needs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Option<BTreeMap<String, ParamShape>>, nullable = false)]
    params: BTreeMap<&'static str, Param>,
    /// The input that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    field: Option<&'static str>,
}

/// A value that the text needs.
#[derive(ToSchema)]
#[schema(as = ProblemParam)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the shape of Param, which knows no OpenAPI")]
pub(crate) enum ParamShape {
    Text(String),
    Number(i64),
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str) -> Self {
        let title = status.canonical_reason().unwrap_or("Error").to_owned();
        let status = status.as_u16();
        Self { kind: "about:blank", title, status, code, detail: None, params: BTreeMap::new(), field: None }
    }

    pub(crate) fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
    }

    pub(crate) fn cross_site() -> Self {
        Self::new(StatusCode::FORBIDDEN, "cross_site")
            .with_detail("another site made the browser send this request")
    }

    pub(crate) fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated")
    }

    pub(crate) fn rate_limited(retry_after: u64) -> Self {
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited");
        problem.params.insert("retry_after", Param::from(retry_after));
        problem
    }

    pub(crate) fn pdf_too_large(limit: u64) -> Self {
        Refusal::PdfTooLarge { limit }.into()
    }

    /// Something of ours failed: the log knows what, the client learns only that it did.
    pub(crate) fn internal(error: impl Error) -> Self {
        tracing::error!(error = %chain(&error), "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// Nobody is logged in, as opposed to something being wrong.
    pub(crate) fn is_unauthenticated(&self) -> bool {
        self.code == "unauthenticated"
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut problem = Self::new(status(&refusal), refusal.code()).with_detail(refusal.to_string());
        problem.params = refusal.params();
        problem.field = refusal.field();
        problem
    }
}

/// The status of a refusal; 422 where the request was understood and its content is to blame.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::CredentialsWrong | Refusal::SessionMissing => StatusCode::UNAUTHORIZED,
        Refusal::EmailUnverified
        | Refusal::LinkInvalid
        | Refusal::ReviewOwn
        | Refusal::SecondAdministrator
        | Refusal::AgentPower
        | Refusal::AgentRevoked
        | Refusal::PolicyNotYours
        | Refusal::TransferConflict
        | Refusal::ConfirmationMissing
        | Refusal::StaffDenied => StatusCode::FORBIDDEN,
        Refusal::DirectoryUnavailable | Refusal::CertificateRefused => StatusCode::BAD_GATEWAY,
        Refusal::LinkExpired | Refusal::TokenExpired | Refusal::StaffLoginExpired => StatusCode::GONE,
        Refusal::PdfTooLarge { .. } | Refusal::PictureTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::NotPdf => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Refusal::ProviderUnavailable { .. }
        | Refusal::ProviderRefuses
        | Refusal::TokenAway { .. }
        | Refusal::TokenRefused
        | Refusal::TimeStampUnavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::CodeLocked { .. }
        | Refusal::IdentityTries { .. }
        | Refusal::KeyLocked { .. }
        | Refusal::PaymentLocked { .. }
        | Refusal::PaymentToday { .. }
        | Refusal::OrganizationTries { .. }
        | Refusal::ResendTooSoon { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::AccountLinked
        | Refusal::AccountUnlinked
        | Refusal::CertificateState { .. }
        | Refusal::AgentEnded
        | Refusal::OrganizationStep { .. }
        | Refusal::TransferState { .. }
        | Refusal::RequestDecided
        | Refusal::CertificateOnHold
        | Refusal::ReviewClaimed { .. }
        | Refusal::ReviewDecided
        | Refusal::ReviewRounds
        | Refusal::ReviewUnclaimed
        | Refusal::RequestWaiting
        | Refusal::ConsentVersion
        | Refusal::DocumentChanged
        | Refusal::DocumentLimit
        | Refusal::EnvelopeState { .. }
        | Refusal::NotDraft
        | Refusal::NotSent
        | Refusal::NotYourTurn
        | Refusal::StepNotReady { .. } => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<service::Error> for Problem {
    fn from(error: service::Error) -> Self {
        match error {
            service::Error::Refused(refusal) => refusal.into(),
            service::Error::NotFound => Self::not_found(),
            service::Error::Unauthorised => Self::unauthenticated(),
            service::Error::RateLimited { retry_after } => Self::rate_limited(retry_after),
            other => Self::internal(other),
        }
    }
}

/// The error and what caused it, down to the first cause.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("made from a status");
        let retry = match self.params.get("retry_after") {
            Some(Param::Number(seconds)) => HeaderValue::from_str(&seconds.to_string()).ok(),
            _ => None,
        };
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(retry) = retry {
            headers.insert(header::RETRY_AFTER, retry);
        }
        response
    }
}

//! HTTP: the API, the authority's protocol endpoints, the web application.
//!
//! Names only [`service`]: each operation takes parameters, calls one use case, and sends the view it returns. What
//! goes wrong becomes a problem (RFC 9457) in `http::problem` and nowhere else.

mod api;
mod http;
mod protocol;
mod serve;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use service::Service;
use tokio::net::TcpListener;

pub use http::client::Proxy;

/// Answers on `listener` and does the service's jobs until `stop` resolves; what is under way may finish.
pub async fn serve(listener: TcpListener, service: Service, proxy: Proxy, stop: impl Future<Output = ()>) {
    let jobs = service::jobs::start(&service);
    serve::run(listener, router(service.clone(), proxy), stop).await;
    jobs.stop().await;
    service.close().await;
}

/// Everything the server answers. Clients are told apart by the `ConnectInfo` of each request.
pub fn router(service: Service, proxy: Proxy) -> Router {
    let state = AppState(Arc::new(Parts { service, proxy }));
    let (api, _) = api::router(&state).split_for_parts();
    Router::new()
        .nest("/api/v1", api)
        .merge(protocol::router())
        .route("/api/openapi.json", get(description))
        .route("/licences.txt", get(licences))
        .route_layer(from_fn_with_state(state.clone(), http::rate::limit_any))
        .merge(protocol::health())
        .method_not_allowed_fallback(async || http::problem::Problem::method_not_allowed())
        .fallback(web::serve)
        .layer(from_fn(http::csrf::refuse_cross_site))
        .layer(from_fn_with_state(state.clone(), http::headers::secure))
        .layer(from_fn(http::trace::log))
        .with_state(state)
}

/// Whether the web application is part of this binary.
#[must_use]
pub fn has_web_application() -> bool {
    web::is_built()
}

/// The description of the API (OpenAPI 3.1), the same bytes each time.
#[must_use]
pub fn openapi() -> String {
    api::openapi::document()
}

/// What the program carries of others, and under which licences: crates, packages of the web application, typefaces.
/// `scripts/licences` writes it.
pub const LICENCES: &str = include_str!("../../../THIRD-PARTY.txt");

async fn licences() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], LICENCES)
}

async fn description() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], openapi())
}

/// What every operation has at hand.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Parts>);

struct Parts {
    service: Service,
    proxy: Proxy,
}

impl AppState {
    pub(crate) fn service(&self) -> &Service {
        &self.0.service
    }

    pub(crate) fn proxy(&self) -> Proxy {
        self.0.proxy
    }

    pub(crate) fn is_https(&self) -> bool {
        self.service().config().public_url.starts_with("https://")
    }
}

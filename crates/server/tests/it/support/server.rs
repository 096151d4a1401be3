//! A real service on a real database in a folder of its own, behind the router.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use service::{Config, Service};
use tempfile::TempDir;
use testkit::{FixedClock, SeededRng};
use vermilion_server::Proxy;

use super::{Answer, Browser};

/// A server in test trust whose clock stands still and whose randomness repeats.
pub(crate) struct TestServer {
    pub(crate) service: Service,
    pub(crate) clock: Arc<FixedClock>,
    router: Router,
    _folder: TempDir,
}

impl TestServer {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A server with another configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        // What went wrong inside shows where a test fails.
        let _ = tracing_subscriber::fmt().with_test_writer().try_init();
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config::new(folder.path().join("data"), "http://127.0.0.1:8080").cheap_for_tests();
        change(&mut config);
        let clock = Arc::new(FixedClock::default());
        let service = Service::open_with(config, clock.clone(), Arc::new(SeededRng::default()))
            .await
            .expect("a service opens on an empty folder");
        let router = vermilion_server::router(service.clone(), Proxy::None);
        Self { service, clock, router, _folder: folder }
    }

    /// A browser on this machine.
    pub(crate) fn browser(&self) -> Browser {
        self.browser_at(Ipv4Addr::LOCALHOST.into())
    }

    pub(crate) fn browser_at(&self, address: IpAddr) -> Browser {
        Browser::new(&self.router, address)
    }

    /// A client that sends exactly this, and nothing that browsers add.
    pub(crate) async fn raw(&self, request: Request<Body>) -> Answer {
        Answer::of(
            tower::ServiceExt::oneshot(self.router.clone(), request).await.expect("a router never fails"),
        )
        .await
    }
}

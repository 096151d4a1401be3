//! The authority's endpoints, judged by OpenSSL against a listener on a free port.

use std::net::SocketAddr;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use service::{Config, Service};
use testkit::Tool;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use vermilion_server::Proxy;

use crate::support::TestServer;

#[tokio::test]
async fn health_is_told_without_limits() {
    let server = TestServer::new().await;
    assert_eq!(server.browser().get("/healthz").await.text(), "ok\n");
    assert_eq!(server.browser().get("/readyz").await.text(), "ready\n");
}

#[tokio::test]
async fn protocols_want_their_media_types() {
    let server = TestServer::new().await;
    for path in ["/tsa", "/ocsp"] {
        let request = Request::post(path).header("content-type", "text/plain").body(Body::from("x"));
        server.raw(request.expect("a request")).await.problem(415, "content_type");
    }
    let request =
        Request::post("/tsa").header("content-type", "application/timestamp-query").body(Body::from("x"));
    let answer = server.raw(request.expect("a request")).await;
    assert_eq!(answer.status.as_u16(), 200, "a bad request is refused in the protocol's own words");
    assert_eq!(answer.headers["content-type"], "application/timestamp-reply");
    server.browser().get("/pki/nothing.cer").await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn openssl_accepts_time_stamps_ocsp_answers_and_lists() {
    let Some(openssl) = testkit::tool("openssl") else { return };
    let Some(curl) = testkit::tool("curl") else { return };
    let live = Live::start().await;
    let folder = live.folder.path().to_owned();
    let url = format!("http://{}", live.address);
    tokio::task::spawn_blocking(move || {
        let fetch = |name: &str| must(&curl, &folder, &["-fsS", "-o", name, &format!("{url}/pki/{name}")]);
        for file in ["root.pem", "issuing.pem", "root.cer", "issuing.cer", "root.crl", "issuing.crl"] {
            fetch(file);
        }
        time_stamp(&openssl, &curl, &folder, &url);
        certificates(&openssl, &folder);
        ocsp(&openssl, &folder, &url);
    })
    .await
    .expect("no judge objects");
    live.stop().await;
}

fn time_stamp(openssl: &Tool, curl: &Tool, folder: &Path, url: &str) {
    std::fs::write(folder.join("content"), b"what was there at this time").expect("a file");
    must(openssl, folder, &["ts", "-query", "-data", "content", "-sha256", "-cert", "-out", "query.tsq"]);
    must(
        curl,
        folder,
        &[
            "-fsS",
            "-H",
            "Content-Type: application/timestamp-query",
            "--data-binary",
            "@query.tsq",
            "-o",
            "reply.tsr",
            &format!("{url}/tsa"),
        ],
    );
    let said = must(
        openssl,
        folder,
        &[
            "ts",
            "-verify",
            "-data",
            "content",
            "-in",
            "reply.tsr",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
        ],
    );
    assert!(said.contains("Verification: OK"), "{said}");
}

fn certificates(openssl: &Tool, folder: &Path) {
    for list in ["root", "issuing"] {
        let (input, output) = (format!("{list}.crl"), format!("{list}.crl.pem"));
        must(openssl, folder, &["crl", "-inform", "DER", "-in", &input, "-out", &output]);
        let said =
            must(openssl, folder, &["crl", "-in", &output, "-CAfile", &format!("{list}.pem"), "-noout"]);
        assert!(said.contains("verify OK"), "{said}");
    }
    must(
        openssl,
        folder,
        &["verify", "-CAfile", "root.pem", "-CRLfile", "root.crl.pem", "-crl_check", "issuing.pem"],
    );
}

/// The time-stamp authority's own certificate lies in the reply: OCSP knows it.
fn ocsp(openssl: &Tool, folder: &Path, url: &str) {
    must(openssl, folder, &["ts", "-reply", "-in", "reply.tsr", "-token_out", "-out", "token.p7"]);
    let all = must(openssl, folder, &["pkcs7", "-inform", "DER", "-in", "token.p7", "-print_certs"]);
    let stamping =
        all.split("subject=").find(|part| part.contains("Time")).expect("its subject says what it does");
    let pem = stamping.find("-----BEGIN").and_then(|from| stamping.get(from..)).expect("a certificate");
    std::fs::write(folder.join("tsa.pem"), pem).expect("a file");
    let said = must(
        openssl,
        folder,
        &[
            "ocsp",
            "-issuer",
            "issuing.pem",
            "-cert",
            "tsa.pem",
            "-url",
            &format!("{url}/ocsp"),
            "-CAfile",
            "root.pem",
            "-verify_other",
            "issuing.pem",
        ],
    );
    assert!(said.contains("Response verify OK") && said.contains("tsa.pem: good"), "{said}");
    let said = must(
        openssl,
        folder,
        &[
            "verify",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "-CRLfile",
            "root.crl.pem",
            "-CRLfile",
            "issuing.crl.pem",
            "-crl_check_all",
            "tsa.pem",
        ],
    );
    assert!(said.contains("tsa.pem: OK"), "{said}");
}

fn must(tool: &Tool, folder: &Path, arguments: &[&str]) -> String {
    let (worked, said) = testkit::run(tool.command().current_dir(folder).args(arguments));
    assert!(worked, "{arguments:?}: {said}");
    said
}

/// A server that listens, with the machine's clock.
struct Live {
    address: SocketAddr,
    folder: tempfile::TempDir,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<()>,
}

impl Live {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let config = Config::new(folder.path().join("data"), &format!("http://{address}")).cheap_for_tests();
        let service = Service::open(config).await.expect("a service opens on an empty folder");
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(vermilion_server::serve(listener, service, Proxy::None, async move {
            let _ = stopped.await;
        }));
        Self { address, folder, stop, served }
    }

    /// The server lets go when it is told to.
    async fn stop(self) {
        let _ = self.stop.send(());
        self.served.await.expect("the server ends well");
    }
}

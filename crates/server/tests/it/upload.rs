//! Files that come in, good and bad, and go out again.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;

use crate::support::{Answer, Sender, TestServer, sample};

async fn upload(sender: &Sender, file: Vec<u8>) -> Answer {
    let draft = sender.browser.post("/api/v1/envelopes", serde_json::json!({})).await.ok();
    let path = format!(
        "/api/v1/envelopes/{}/documents?name=%E5%90%88%E5%90%8C.pdf",
        draft["id"].as_str().expect("an id")
    );
    sender.browser.upload(&path, file).await
}

#[tokio::test]
async fn a_document_is_described_and_comes_back_as_it_was() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let file = sample(3);
    let envelope = upload(&sender, file.clone()).await.ok();
    let document = &envelope["documents"][0];
    assert_eq!((&document["pages"], &document["size"]), (&3.into(), &file.len().into()));
    assert_eq!(document["name"], "合同.pdf");
    assert_eq!(document["page_sizes"][2], serde_json::json!({ "width": 595.0, "height": 842.0 }));
    assert_eq!(document["certification"], Value::Null);

    let path = content_path(&envelope);
    let whole = sender.browser.get(&path).await;
    assert_eq!(whole.bytes, file);
    assert_eq!(whole.headers[header::CONTENT_TYPE], "application/pdf");
    let tag = whole.headers[header::ETAG].to_str().expect("plain").to_owned();
    assert_eq!(tag, format!("\"{}\"", document["sha256"].as_str().expect("a digest")));

    let part = Request::get(&path).header(header::RANGE, "bytes=0-7").body(Body::empty()).expect("a request");
    let part = sender.browser.send(part).await;
    assert_eq!((part.status.as_u16(), &part.bytes[..]), (206, &b"%PDF-1.7"[..]));
    assert_eq!(part.headers[header::CONTENT_RANGE], format!("bytes 0-7/{}", file.len()));

    let same =
        Request::get(&path).header(header::IF_NONE_MATCH, &tag).body(Body::empty()).expect("a request");
    assert_eq!(sender.browser.send(same).await.status.as_u16(), 304);
    let saved = sender.browser.get(&format!("{path}?download=1")).await;
    let disposition = saved.headers[header::CONTENT_DISPOSITION].to_str().expect("plain");
    assert!(disposition.starts_with("attachment; ") && disposition.contains("%E5%90%88"), "{disposition}");

    let stranger = Sender::new(&server, "zhao@example.com").await;
    stranger.browser.get(&path).await.problem(404, "not_found");
    server.browser().get(&path).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn bad_files_are_refused_for_what_they_are() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    upload(&sender, b"<html>not a PDF</html>".to_vec()).await.problem(415, "not_pdf");
    upload(&sender, Vec::new()).await.problem(415, "not_pdf");
    let mut cut = sample(3);
    cut.truncate(cut.len() / 2);
    upload(&sender, cut).await.problem(422, "pdf_truncated");
    let problem = upload(&sender, sample(50_000)).await.problem(422, "pdf_too_many_pages");
    assert_eq!(problem["params"]["pages"], 50_000);
    assert!(problem["params"]["limit"].is_number());
}

#[tokio::test]
async fn a_file_that_needs_a_password_is_refused() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (open, locked) = (folder.path().join("open.pdf"), folder.path().join("locked.pdf"));
    std::fs::write(&open, sample(1)).expect("a file");
    let mut command = qpdf.command();
    command.args(["--encrypt", "user", "owner", "256", "--"]).arg(&open).arg(&locked);
    let (worked, said) = testkit::run(&mut command);
    assert!(worked, "{said}");
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    upload(&sender, std::fs::read(&locked).expect("a file")).await.problem(422, "pdf_password");
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let limits = sender.browser.get("/api/v1/server").await.ok()["limits"].clone();
    let limit = limits["upload_bytes"].as_u64().expect("a number");
    let draft = sender.browser.post("/api/v1/envelopes", serde_json::json!({})).await.ok();
    let path = format!("/api/v1/envelopes/{}/documents", draft["id"].as_str().expect("an id"));
    let request = Request::post(&path).header(header::CONTENT_LENGTH, limit + 1).body(Body::empty());
    let problem = sender.browser.send(request.expect("a request")).await.problem(413, "pdf_too_large");
    assert_eq!(problem["params"]["limit"], limit);
}

fn content_path(envelope: &Value) -> String {
    format!(
        "/api/v1/envelopes/{}/documents/{}/content",
        envelope["id"].as_str().expect("an id"),
        envelope["documents"][0]["id"].as_str().expect("an id")
    )
}

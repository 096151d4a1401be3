//! The command from outside: what it prints, and what it exits with.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

fn vermilion(arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_vermilion")).args(arguments).output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

#[test]
fn wrong_usage_exits_with_64_and_help_with_0() {
    for wrong in [&["verify"][..], &["nonsense"], &["verify", "a.pdf", "--format", "etsy"], &["demo"], &[]] {
        let (code, _, said) = vermilion(wrong);
        assert_eq!(code, 64, "{wrong:?}: {said}");
    }
    assert_eq!(vermilion(&["--help"]).0, 0);
    assert_eq!(vermilion(&["--version"]).1, concat!("vermilion ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn the_api_is_described() {
    let (code, description, _) = vermilion(&["openapi"]);
    assert_eq!(code, 0);
    let description: Value = serde_json::from_str(&description).expect("JSON");
    assert!(description["paths"]["/api/v1/envelopes/{id}/send"]["post"].is_object());
}

#[test]
fn files_that_cannot_be_read_exit_with_65() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("text.pdf");
    fs::write(&text, "no PDF").expect("a file");
    for file in [text.as_path(), &folder.path().join("missing.pdf")] {
        let (code, out, said) = vermilion(&["verify", "--format", "json", &file.display().to_string()]);
        assert_eq!(code, 65, "{said}");
        let line: Value = serde_json::from_str(&out).expect("one object a file");
        assert!(line["error"].is_string(), "{line}");
    }
}

#[test]
fn the_demonstration_makes_a_contract_that_verifies() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (code, said, errors) = vermilion(&["demo", "--out", &path("out")]);
    assert_eq!(code, 0, "{said}{errors}");
    let (signed, report, trust) = (path("out/signed.pdf"), path("out/evidence.pdf"), path("out/trust.pem"));

    let (code, out, errors) = vermilion(&["verify", &signed, &report, "--trust", &trust, "--format", "json"]);
    assert_eq!(code, 0, "{out}{errors}");
    let verdicts: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect();
    assert_eq!(verdicts.len(), 2);
    assert_eq!(verdicts[0]["indication"], "TOTAL-PASSED");
    assert!(verdicts[0]["signatures"].as_array().is_some_and(|signatures| signatures.len() >= 2));
    for signature in verdicts[0]["signatures"].as_array().expect("a list") {
        assert_eq!(signature["level"], "PAdES-B-LT", "{signature}");
        assert_eq!(
            signature["reliability"]["sole_control"], "not shown",
            "a file alone never shows sole control"
        );
        assert_eq!(signature["reliability"]["content_intact"], "met");
    }

    assert_eq!(vermilion(&["verify", &signed]).0, 2, "nobody is trusted");
    changed(&signed, &path("changed.pdf"));
    let (code, text, _) =
        vermilion(&["verify", &path("changed.pdf"), &signed, "--trust", &trust, "--lang", "zh-CN"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("签名"), "{text}");
    judged_by_others(folder.path(), &signed, &trust);
}

/// One byte of the signed metadata, changed: the file opens as before.
fn changed(from: &str, to: &str) {
    let mut bytes = fs::read(from).expect("a file");
    let place =
        bytes.windows(7).position(|part| part == b"xpacket").expect("a typeset document has metadata");
    bytes[place] = b'y';
    fs::write(to, bytes).expect("a file");
}

fn judged_by_others(folder: &Path, signed: &str, trust: &str) {
    if let Some(qpdf) = testkit::tool("qpdf") {
        let (clean, said) = qpdf.run(["--check", signed]);
        assert!(clean, "{said}");
    }
    if let Some(pdfsig) = testkit::tool("pdfsig") {
        let (_, said) = pdfsig.run(["-nocert", signed]);
        assert!(said.matches("Signature is Valid.").count() >= 2, "{said}");
    }
    if let Some(pyhanko) = testkit::tool("pyhanko") {
        let mut command = pyhanko.command();
        command.current_dir(folder).args(["sign", "validate", "--trust-replace", "--trust", trust, signed]);
        let (valid, said) = testkit::run(&mut command);
        assert!(valid && !said.contains("INVALID"), "{said}");
    }
}

#[test]
fn a_server_starts_within_a_second_answers_and_stops_when_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    // The first start makes the authority; what counts is every start after it.
    for _ in 0..2 {
        let mut server = Running::start(&data);
        let took = server.ready_after;
        let answer = server.get("/readyz");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ready\n"), "{answer}");
        assert!(server.get("/api/v1/server").contains("\"trust\":\"test\""));
        assert!(server.stop(), "a server that is told to stop exits with 0");
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
    let (code, said, _) = vermilion(&["doctor", "--data-dir", &data, "--public-url", "http://127.0.0.1:1"]);
    assert!(said.contains("Trust: test"), "{code} {said}");
    assert!(said.contains("the data opens"), "{said}");
}

struct Running {
    child: Child,
    address: String,
    ready_after: Duration,
}

impl Running {
    fn start(data: &str) -> Self {
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vermilion"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", data])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = lines
            .by_ref()
            .map(|line| line.expect("UTF-8"))
            .find_map(|line| {
                Some(line.trim().strip_prefix("Open")?.trim().strip_prefix("http://")?.to_owned())
            })
            .expect("the greeting names the address");
        let ready_after = start.elapsed();
        // The rest of the greeting is read so that the server never waits for us.
        std::thread::spawn(move || lines.count());
        Self { child, address, ready_after }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    /// Sends SIGTERM and waits.
    fn stop(&mut self) -> bool {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill runs");
        told.success() && self.child.wait().expect("it ends").success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The command, a server of ours, and people with keys and certificates.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan as _};
use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
use pki::{KeyAlgorithm, Serial, Signer as _, SoftwareSigner};
use testkit::pdf_samples;

/// Runs the command: its exit code, what it says, what it complains of.
pub(crate) fn vermilion(arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_vermilion")).args(arguments).output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

/// A server of ours.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
    pub(crate) ready_after: Duration,
}

impl Running {
    pub(crate) fn start(data: &str) -> Self {
        Self::start_with(data, &[], &[])
    }

    /// The same with more arguments, in an environment with these variables.
    pub(crate) fn start_with(data: &str, more: &[&str], environment: &[(&str, &str)]) -> Self {
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vermilion"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", data])
            .args(more)
            .envs(environment.iter().copied())
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

    pub(crate) fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    /// Posts JSON as a page of this server does.
    pub(crate) fn post(&self, path: &str, json: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{json}",
            self.address,
            json.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    /// Sends SIGTERM and waits.
    pub(crate) fn stop(&mut self) -> bool {
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

/// A folder with a PDF and a person's key and certificates, whose revocation list is served over HTTP.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// `contract.pdf`, `key.pem`, `cert.pem`, `root.pem`.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let desk = Self { folder };
        #[expect(clippy::disallowed_methods, reason = "the command looks at the real clock")]
        let now = Timestamp::from_second(Timestamp::now().as_second()).expect("a time");
        let validity = Validity { not_before: now - 2.hours(), not_after: now + 48.hours() };
        let subject = |name: &str| Subject {
            common_name: name.to_owned(),
            country: Some("CN".to_owned()),
            ..Subject::default()
        };
        let serial = |number| Serial::from_random([number; 16]);
        let key = || SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key");
        let ((root_key, _), (person_key, pkcs8)) = (key(), key());
        let root = prepare_root(&subject("Desk Root"), root_key.public_key_der(), &serial(1), validity)
            .expect("a root that passes the linter")
            .issue(&root_key)
            .expect("issued");
        let crl = pki::crl::build(&root, &root_key, 1, now - 1.hour(), now + 24.hours(), &[]).expect("a CRL");
        let urls = Urls { crl: vec![serve(crl.der().to_vec())], ..Urls::default() };
        let issuer = Issuer { certificate: root.clone(), chain: vec![], urls };
        let person = issuer
            .prepare(Profile::Person, &subject("Alice 陈"), person_key.public_key_der(), &serial(2), validity)
            .expect("a person that passes the linter")
            .issue(&root_key)
            .expect("issued");
        desk.put("contract.pdf", &pdf_samples::contract(pdf::XrefKind::Table, 2));
        desk.put("root.pem", root.to_pem().as_bytes());
        desk.put("cert.pem", person.to_pem().as_bytes());
        desk.put("key.pem", pem("PRIVATE KEY", &pkcs8).as_bytes());
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).expect("written");
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a file")
    }

    /// Runs the command in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_vermilion"))
            .current_dir(self.folder.path())
            .env_remove("VERMILION_KEY_PASSWORD")
            .stdin(Stdio::null())
            .args(arguments)
            .output()
            .expect("the command runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
    }

    /// Signs as Alice; what else is asked for comes behind.
    pub(crate) fn sign(&self, more: &[&str]) -> (i32, String, String) {
        let mut arguments =
            vec!["sign", "contract.pdf", "--key", "key.pem", "--cert", "cert.pem", "--chain", "root.pem"];
        arguments.extend(more);
        self.run(&arguments)
    }

    /// The verdict on a file as JSON, with its exit code.
    pub(crate) fn verdict(&self, file: &str, more: &[&str]) -> (i32, serde_json::Value) {
        let mut arguments = vec!["verify", file, "--trust", "root.pem", "--format", "json"];
        arguments.extend(more);
        let (code, out, errors) = self.run(&arguments);
        (code, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{errors}")))
    }
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("base64 is ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Gives these bytes to whoever asks, as long as the test runs; the address.
fn serve(body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/list.crl", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    url
}

/// One byte of a file, changed: the first of the metadata's or the page's text.
pub(crate) fn flip(path: &Path, find: &[u8]) {
    let mut bytes = fs::read(path).expect("a file");
    let at = bytes.windows(find.len()).position(|part| part == find).expect("what is to change");
    bytes[at] ^= 1;
    fs::write(path, bytes).expect("written");
}

//! A public key infrastructure of somebody else's making: Certomancer answers as authority, responder and repository.

use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pades::{Credential, Indication, Level, Place, SigningRequest, Sources, sign_to};
use pdf::{Document, Limits, XrefKind};
use pki::crl::Reason;
use pki::{Certificate, SoftwareSigner};
use testkit::{SeededRng, tool};
use vermilion_online::{Access, Authority, Client, Config, Prefer, Status};

use crate::world::{Program, imprint};

const CONFIG: &str = include_str!("../data/certomancer.yml");
const KEYS: [&str; 6] = ["root", "issuing", "tsa", "responder", "alice", "mallory"];

/// Certomancer on a free port, stopped when dropped.
struct Certomancer {
    program: Program,
    port: u16,
    folder: tempfile::TempDir,
}

impl Certomancer {
    /// `None`, loudly, where it is not installed.
    fn start() -> Option<Self> {
        let (certomancer, openssl) = (tool("certomancer")?, tool("openssl")?);
        let mut folder = tempfile::tempdir().unwrap();
        let place = folder.path().to_owned();
        let path = |name: &str| place.join(name).to_str().unwrap().to_owned();
        for key in KEYS {
            let words = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out";
            let file = path(&format!("{key}.pem"));
            let (ok, said) = openssl.run(words.split(' ').chain([file.as_str()]));
            assert!(ok, "{said}");
        }
        // Another program may take the port between our finding it free and its use.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let text = CONFIG.replace("@URL@", &format!("http://127.0.0.1:{port}"));
            std::fs::write(path("pki.yml"), text).unwrap();
            let child = certomancer
                .command()
                .args(["--config", &path("pki.yml"), "animate", "--no-web-ui", "--port", &port.to_string()])
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut server = Self { program: Program(child), port, folder };
            if server.listens() {
                return Some(server);
            }
            folder = std::mem::replace(&mut server.folder, tempfile::tempdir().unwrap());
        }
        panic!("Certomancer does not listen");
    }

    /// Waits until it does; false where it ended.
    fn listens(&mut self) -> bool {
        for _ in 0..1200 {
            if self.program.0.try_wait().unwrap().is_some() {
                return false;
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/pki/{path}", self.port)
    }

    /// Certomancer answers by the machine's clock.
    fn config(&self) -> Config {
        #[expect(clippy::disallowed_methods, reason = "the counterpart has no other clock")]
        let clock = Timestamp::now;
        let random = SeededRng::new(1);
        let mut config = Config::new(clock, move |bytes| domain::Rng::fill(&random, bytes));
        config.access = Access::PublicAnd(vec!["127.0.0.1".to_owned()]);
        config.authorities.push(Authority::new(self.url("tsa/tsa")));
        config
    }

    /// A certificate and its key.
    fn holder(&self, name: &str) -> (Certificate, SoftwareSigner) {
        let key = std::fs::read_to_string(self.folder.path().join(format!("{name}.pem"))).unwrap();
        (self.get(&format!("certs/issuing/issued/{name}.crt")), SoftwareSigner::from_pem(&key).unwrap())
    }

    fn get(&self, path: &str) -> Certificate {
        use std::io::{Read as _, Write as _};
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET /pki/{path} HTTP/1.0\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        Certificate::from_der(&answer[end + 4..]).unwrap()
    }
}

#[test]
fn their_authority_responder_and_repository_are_understood() {
    let Some(theirs) = Certomancer::start() else { return };
    let client = Client::new(theirs.config()).unwrap();
    let root = theirs.get("certs/root/ca.crt");

    let stamp = client.stamp(&imprint(b"data")).unwrap();
    assert_eq!(stamp.certificate.common_name(), "Their TSA");
    stamp.token.verify(b"data", &[]).unwrap();
    let mut config = theirs.config();
    config.authorities[0].anchors = vec![root.clone()];
    Client::new(config).unwrap().stamp(&imprint(b"data")).unwrap();

    let (alice, _) = theirs.holder("alice");
    let issuing = client.issuers(&alice).unwrap().remove(0);
    assert_eq!(issuing.common_name(), "Their Issuing CA");
    assert_eq!(client.issuers(&issuing).unwrap(), std::slice::from_ref(&root));
    assert!(client.issuers(&root).unwrap().is_empty());

    // It answers OCSP by POST alone.
    let found = client.revocation(&alice, &issuing).unwrap();
    assert_eq!((found.status, found.data.ocsps.len()), (Status::Good, 1));
    let (mallory, _) = theirs.holder("mallory");
    let since: Timestamp = "2025-06-01T00:00:00Z".parse().unwrap();
    let revoked = Status::Revoked { at: since, reason: Some(Reason::KeyCompromise) };
    assert_eq!(client.revocation(&mallory, &issuing).unwrap().status, revoked);

    let mut config = theirs.config();
    config.prefer = Prefer::Crl;
    let client = Client::new(config).unwrap();
    let found = client.revocation(&alice, &issuing).unwrap();
    assert_eq!((found.status, found.data.crls.len()), (Status::Good, 1));
    assert_eq!(client.revocation(&mallory, &issuing).unwrap().status, revoked);
    assert_eq!(client.revocation(&issuing, &root).unwrap().status, Status::Good);
}

#[test]
fn documents_last_on_what_they_answer_and_pyhanko_agrees() {
    let Some(theirs) = Certomancer::start() else { return };
    let client = Client::new(theirs.config()).unwrap();
    let anchors = [theirs.get("certs/root/ca.crt")];
    #[expect(clippy::disallowed_methods, reason = "the counterpart has no other clock")]
    let now = Timestamp::now();
    let sources = Sources {
        time_stamps: Some(&client),
        validation: Some(&client),
        anchors: &anchors,
        ..Sources::none(now)
    };
    let sample = testkit::pdf_samples::contract(XrefKind::Table, 1);
    let open = |bytes: &[u8]| Document::open(Arc::new(bytes.to_vec()), &Limits::default()).unwrap();
    let sign = |name: &str| {
        let (certificate, key) = theirs.holder(name);
        let credential = Credential { signer: &key, certificate: &certificate, chain: &[] };
        let request = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("S", now) };
        sign_to(&open(&sample), &request, credential, Level::BLTA, &sources)
            .map_err(|error| error.to_string())
    };
    let refused = sign("mallory").unwrap_err();
    assert!(refused.contains("revoked"), "{refused}");

    let signed = [sample.as_slice(), &sign("alice").unwrap()].concat();
    #[expect(clippy::disallowed_methods, reason = "the counterpart has no other clock")]
    let policy = pades::Policy::new(anchors.to_vec(), Timestamp::now());
    let report = pades::validate(&open(&signed), &policy);
    let signature = &report.signatures[0];
    assert_eq!((signature.level, signature.indication), (Level::BLTA, Indication::TotalPassed), "{report:?}");

    let Some(pyhanko) = tool("pyhanko") else { return };
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("root.pem"), anchors[0].to_pem()).unwrap();
    std::fs::write(path("signed.pdf"), signed).unwrap();
    let (root, signed) = (path("root.pem"), path("signed.pdf"));
    let words = ["sign", "adesverify", "--trust", &root, "--trust-replace", &signed];
    let (ok, said) = pyhanko.run(words);
    assert!(ok, "{said}");
}

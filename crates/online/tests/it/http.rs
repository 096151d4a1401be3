//! TLS, against OpenSSL's server.

use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

use pki::Certificate;
use pki::ca::{Profile, Urls};
use testkit::{Tool, tool};
use vermilion_online::{Client, Fault, Roots};

use crate::world::*;

/// `openssl s_server`, stopped when dropped.
struct TlsServer {
    _program: Program,
    port: u16,
    certificate: Certificate,
    _folder: tempfile::TempDir,
}

impl TlsServer {
    /// Serves `file` as `/file.cer` with a certificate of its own for 127.0.0.1.
    fn start(openssl: &Tool, file: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (key, certificate) = (path("key.pem"), path("certificate.pem"));
        let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=local \
                     -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE";
        let files = ["-keyout", &key, "-out", &certificate];
        let (ok, said) = openssl.run(words.split_whitespace().chain(files));
        assert!(ok, "{said}");
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: {CERT}\r\nContent-Length: {}\r\n\r\n", file.len());
        std::fs::write(path("file.cer"), [head.as_bytes(), file].concat()).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = openssl
            .command()
            .args(["s_server", "-HTTP", "-quiet", "-key", &key, "-cert", &certificate])
            .args(["-accept", &format!("127.0.0.1:{port}")])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let certificate = Certificate::from_pem(&std::fs::read_to_string(certificate).unwrap()).unwrap();
        let server = Self { _program: Program(child), port, certificate, _folder: folder };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not listen");
    }
}

#[test]
fn tls_servers_are_trusted_by_the_roots_that_were_given() {
    let Some(openssl) = tool("openssl") else { return };
    let world = World::new();
    let server = TlsServer::start(&openssl, world.issuing.certificate.der());
    let ask = |host: &str, roots: Roots| {
        let address = format!("https://{host}:{}/file.cer", server.port);
        let urls = Urls { ca_issuers: vec![address], ..Urls::default() };
        let person = issue(&world.issuing, Profile::Person, "P", 20, urls);
        let mut config = world.config();
        config.roots = roots;
        config.access = vermilion_online::Access::Any;
        Client::new(config).unwrap().issuers(&person.certificate)
    };
    let own = || vec![server.certificate.clone()];
    assert_eq!(
        ask("127.0.0.1", Roots::Only(own())).unwrap(),
        std::slice::from_ref(&world.issuing.certificate)
    );
    ask("127.0.0.1", Roots::MachineAnd(own())).unwrap();
    for (host, roots) in [
        ("127.0.0.1", Roots::Only(vec![world.root.certificate.clone()])),
        ("127.0.0.1", Roots::Only(vec![])),
        ("127.0.0.1", Roots::Machine),
        ("localhost", Roots::Only(own())),
    ] {
        let error = ask(host, roots).unwrap_err();
        assert!(matches!(error.attempts[0].fault, Fault::Tls(_)), "{error}");
    }
}

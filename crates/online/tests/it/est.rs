//! Enrollment over EST, against an authority that OpenSSL runs.

use std::time::Duration;

use pki::ca::{CertificationRequest, Profile, Subject};
use pki::{Certificate, KeyAlgorithm, SoftwareSigner};
use testkit::EstServer;
use vermilion_online::{Credentials, Enrolled, EstClient, EstConfig, EstIdentity, Fault, Roots};
use zeroize::Zeroizing;

fn pem(server: &EstServer, name: &str) -> Certificate {
    Certificate::from_pem(std::str::from_utf8(&server.file(name)).unwrap()).unwrap()
}

fn config(server: &EstServer) -> EstConfig {
    EstConfig {
        url: server.url(),
        label: None,
        roots: Roots::Only(vec![pem(server, "tls-root.pem")]),
        credentials: Some(Credentials::new("vermilion", "enroll me")),
        identity: None,
        time: Duration::from_secs(20),
    }
}

fn identity(server: &EstServer) -> EstIdentity {
    let text = String::from_utf8(server.file("client.p8")).unwrap();
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let pkcs8 = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body).unwrap();
    EstIdentity { chain: vec![pem(server, "client.pem")], pkcs8: Zeroizing::new(pkcs8) }
}

fn request() -> CertificationRequest {
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
    let subject =
        Subject { common_name: "陈晓明".into(), country: Some("CN".into()), ..Subject::default() };
    CertificationRequest::sign(&subject, Profile::Person, &key).unwrap()
}

fn issued(answer: Enrolled) -> Certificate {
    match answer {
        Enrolled::Issued { certificate, .. } => certificate,
        Enrolled::Pending { .. } => panic!("nobody has to decide"),
    }
}

#[test]
fn certificates_are_had_by_password_and_by_client_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = EstServer::start(folder.path()) else { return };
    let by_password = EstClient::new(config(&server)).unwrap();
    let authorities = by_password.ca_certificates().unwrap();
    assert_eq!(authorities.len(), 2);
    assert!(authorities.contains(&pem(&server, "ca.pem")) && authorities.contains(&pem(&server, "root.pem")));
    let request = request();
    let wanted = by_password.csr_attributes().unwrap();
    assert_eq!(wanted.attributes, [("1.2.840.10045.2.1".to_owned(), vec!["1.2.840.10045.3.1.7".to_owned()])]);
    assert_eq!(wanted.misses(request.public_key_der()), None);
    let certificate = issued(by_password.enroll(&request).unwrap());
    assert_eq!(certificate.public_key_der(), request.public_key_der());
    assert_eq!(certificate.common_name(), "陈晓明");
    certificate.verify_signature(&pem(&server, "ca.pem")).unwrap();
    assert!(matches!(by_password.reenroll(&request), Err(Fault::Status { status: 403, .. })));

    let second = EstConfig {
        credentials: None,
        identity: Some(identity(&server)),
        label: Some("second".to_owned()),
        ..config(&server)
    };
    let by_certificate = EstClient::new(second).unwrap();
    issued(by_certificate.enroll(&request).unwrap());
    assert!(
        matches!(by_certificate.reenroll(&request), Err(Fault::Status { status: 400, .. })),
        "another's name"
    );
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
    let renewal = CertificationRequest::renewal(&pem(&server, "client.pem"), &key).unwrap();
    let renewed = issued(by_certificate.reenroll(&renewal).unwrap());
    assert_eq!(renewed.subject(), pem(&server, "client.pem").subject());
    let asked = server.asked();
    assert!(asked.contains(&"/.well-known/est/simpleenroll password".to_owned()), "{asked:?}");
    assert!(asked.contains(&"/.well-known/est/second/simplereenroll certificate".to_owned()), "{asked:?}");
}

#[test]
fn what_goes_wrong_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = EstServer::start(folder.path()) else { return };
    let client = EstClient::new(config(&server)).unwrap();
    let request = request();
    server.play("pending");
    match client.enroll(&request).unwrap() {
        Enrolled::Pending { retry_after } => assert_eq!(retry_after, Duration::from_secs(1)),
        Enrolled::Issued { .. } => panic!("somebody has to decide"),
    }
    issued(client.enroll(&request).unwrap());
    server.play("wrong-key");
    assert!(matches!(client.enroll(&request), Err(Fault::Protocol(_))));
    server.play("error");
    assert!(matches!(client.enroll(&request), Err(Fault::Status { status: 500, .. })));
    server.play("html");
    assert!(matches!(client.enroll(&request), Err(Fault::ContentType { .. })));
    server.play("garbage");
    assert!(matches!(client.enroll(&request), Err(Fault::Protocol(_))));

    let stranger = EstConfig { credentials: Some(Credentials::new("vermilion", "guess")), ..config(&server) };
    let refused = EstClient::new(stranger).unwrap().enroll(&request);
    assert!(matches!(refused, Err(Fault::Status { status: 401, .. })));
    let nobody = EstConfig { credentials: None, ..config(&server) };
    let refused = EstClient::new(nobody).unwrap().enroll(&request);
    assert!(matches!(refused, Err(Fault::Status { status: 401, .. })));
    let distrusting = EstConfig { roots: Roots::Only(vec![pem(&server, "ca.pem")]), ..config(&server) };
    let refused = EstClient::new(distrusting).unwrap().ca_certificates();
    assert!(matches!(refused, Err(Fault::Tls(_))), "{refused:?}");
}

#[test]
fn nothing_is_asked_over_plain_http() {
    for url in ["http://est.example.com", "ftp://est.example.com", "est.example.com"] {
        let config = EstConfig {
            url: url.to_owned(),
            label: None,
            roots: Roots::default(),
            credentials: None,
            identity: None,
            time: Duration::from_secs(1),
        };
        assert!(EstClient::new(config).is_err(), "{url}");
    }
}

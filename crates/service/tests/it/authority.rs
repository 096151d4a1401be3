//! The embedded authority, judged by OpenSSL.

use std::process::Command;

use pki::ca::{Profile, Subject};
use pki::crl::Reason;
use pki::{Certificate, KeyAlgorithm, Signer as _, SoftwareSigner};
use vermilion_service::authority::{
    AuthorityError, CaId, CertificateAuthority as _, CertificateRequest, File, ProofOfPossession, Term,
    TimeStampAuthority as _,
};

use crate::signers::{House, real_service};

fn request(signer: &SoftwareSigner) -> CertificateRequest {
    let message = [b"possession ".as_slice(), signer.public_key_der()].concat();
    CertificateRequest {
        id: domain::CertificateId::new(&vermilion_service::SystemClock, &vermilion_service::SystemRng),
        profile: Profile::Person,
        subject: Subject {
            common_name: "尼玛·扎西次仁·旺堆".to_owned(),
            country: Some("CN".to_owned()),
            ..Subject::default()
        },
        public_key_der: signer.public_key_der().to_vec(),
        proof: ProofOfPossession {
            algorithm: signer.algorithm(),
            signature: signer.sign(&message).expect("a signature"),
            message,
        },
        key: domain::KeyId::new(&vermilion_service::SystemClock, &vermilion_service::SystemRng),
        recipient: None,
        term: Term::Long,
        renews: None,
        activated_by: None,
    }
}

fn signer() -> SoftwareSigner {
    SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key").0
}

#[tokio::test]
async fn a_key_is_certified_once_and_only_for_who_holds_it() {
    let house = House::new().await;
    let authority = house.service.authority();
    let (one, two) = (signer(), signer());
    let first = request(&one);
    authority.issue(first.clone()).await.unwrap();
    let again = CertificateRequest { id: request(&one).id, ..first.clone() };
    assert!(matches!(authority.issue(again).await, Err(AuthorityError::AlreadyCertified)));
    let mut stolen = request(&two);
    stolen.proof = first.proof;
    assert!(matches!(authority.issue(stolen).await, Err(AuthorityError::Possession)));
    let mut ca = request(&two);
    ca.profile = Profile::Issuing;
    assert!(matches!(authority.issue(ca).await, Err(AuthorityError::Profile)));
}

#[tokio::test]
async fn the_authority_is_the_same_after_a_restart_and_its_root_can_leave() {
    let mut house = House::new().await;
    let root = house.service.authority().root().clone();
    let trust = std::fs::read_to_string(house.data().join("trust.pem")).unwrap();
    assert_eq!(Certificate::from_pem(&trust).unwrap(), root);
    let key = house.data().join("authority").join("root.key");
    std::fs::remove_file(&key).unwrap();
    house.restart().await;
    assert_eq!(*house.service.authority().root(), root);
    let one = signer();
    house.service.authority().issue(request(&one)).await.unwrap();
}

#[tokio::test]
async fn revocation_shows_in_list_and_answer() {
    let house = House::new().await;
    let authority = house.service.authority();
    let certificate = authority.issue(request(&signer())).await.unwrap();
    let answer = authority.revocation(&certificate).await.unwrap().ocsps.remove(0);
    let answer = pki::ocsp::Response::from_der(&answer).unwrap();
    assert!(matches!(answer.responses()[0].status, pki::ocsp::Status::Good));
    let person = CaId::parse("person-1").unwrap();
    let list =
        pki::crl::Crl::from_der(&authority.list(person, certificate.not_before()).await.unwrap()).unwrap();
    assert!(
        list.this_update() >= certificate.not_before(),
        "a list older than the certificate says nothing of it"
    );
    assert!(list.revoked(certificate.serial()).is_none());
    authority.revoke(&certificate, Reason::KeyCompromise, house.service.now()).await.unwrap();
    let list = pki::crl::Crl::from_der(&authority.list(person, house.service.now()).await.unwrap()).unwrap();
    assert_eq!(list.revoked(certificate.serial()).unwrap().reason, Reason::KeyCompromise);
    let ask = pki::ocsp::Request::new(
        &certificate,
        &authority.issuer_of(&certificate).unwrap(),
        Some(b"0123456789abcdef"),
    );
    let answer = pki::ocsp::Response::from_der(&authority.ocsp(&ask.to_der()).await.unwrap()).unwrap();
    assert!(matches!(answer.responses()[0].status, pki::ocsp::Status::Revoked { .. }));
    assert!(answer.nonce().is_some());
    assert!(!authority.ocsp(b"nonsense").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn openssl_accepts_certificates_lists_answers_and_stamps() {
    let Some(openssl) = testkit::tool("openssl") else { return };
    let folder = tempfile::tempdir().unwrap();
    let service = real_service(folder.path()).await;
    let authority = service.authority();
    let certificate = authority.issue(request(&signer())).await.unwrap();
    let at = |name: &str| folder.path().join(name);
    let write = |name: &str, bytes: &[u8]| std::fs::write(at(name), bytes).unwrap();
    write("root.pem", authority.root().to_pem().as_bytes());
    let issuer = authority.issuer_of(&certificate).unwrap();
    write("issuing.pem", issuer.to_pem().as_bytes());
    let Some(File::Certificate(services)) = authority.file("issuing", false).await.unwrap() else {
        panic!("there is a CA for the services")
    };
    write("services.pem", services.to_pem().as_bytes());
    write("leaf.pem", certificate.to_pem().as_bytes());
    let mut lists = authority.revocation(&issuer).await.unwrap().crls;
    lists.extend(authority.revocation(&certificate).await.unwrap().crls);
    let pem = lists.iter().map(|der| pki::crl::Crl::from_der(der).unwrap().to_pem()).collect::<String>();
    write("crls.pem", pem.as_bytes());
    let run = |arguments: &[&str]| {
        let mut command: Command = openssl.command();
        command.current_dir(folder.path()).args(arguments);
        testkit::run(&mut command)
    };
    let said = run(&[
        "verify",
        "-x509_strict",
        "-crl_check_all",
        "-CRLfile",
        "crls.pem",
        "-CAfile",
        "root.pem",
        "-untrusted",
        "issuing.pem",
        "leaf.pem",
    ]);
    assert!(said.0, "{}", said.1);

    let asked = run(&["ocsp", "-issuer", "issuing.pem", "-cert", "leaf.pem", "-reqout", "req.der"]);
    assert!(asked.0, "{}", asked.1);
    write("resp.der", &authority.ocsp(&std::fs::read(at("req.der")).unwrap()).await.unwrap());
    let said = run(&[
        "ocsp",
        "-no_nonce",
        "-issuer",
        "issuing.pem",
        "-cert",
        "leaf.pem",
        "-reqin",
        "req.der",
        "-respin",
        "resp.der",
        "-CAfile",
        "root.pem",
        "-verify_other",
        "issuing.pem",
    ]);
    assert!(
        said.0 && said.1.contains("Response verify OK") && said.1.contains("leaf.pem: good"),
        "{}",
        said.1
    );

    write("data.txt", b"a contract");
    let asked = run(&["ts", "-query", "-data", "data.txt", "-sha256", "-cert", "-out", "req.tsq"]);
    assert!(asked.0, "{}", asked.1);
    write("resp.tsr", &authority.answer(&std::fs::read(at("req.tsq")).unwrap()).await.unwrap());
    let said = run(&[
        "ts",
        "-verify",
        "-queryfile",
        "req.tsq",
        "-in",
        "resp.tsr",
        "-CAfile",
        "root.pem",
        "-untrusted",
        "services.pem",
    ]);
    assert!(said.0 && said.1.contains("Verification: OK"), "{}", said.1);
}

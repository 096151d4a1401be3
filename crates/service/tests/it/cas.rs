//! The CAs: a new one takes over, the root's key leaves, others certify ours, older data goes on.

use jiff::SignedDuration;
use pki::ca::Profile;
use pki::crl::{Crl, Reason};
use pki::ocsp::Status;
use pki::{Certificate, KeyAlgorithm, SoftwareSigner};
use vermilion_service::authority::{
    self, AuthorityError, Branch, CertificateAuthority as _, Change, RootKey,
};
use zeroize::Zeroizing;

use crate::certificates::{change, issue, listed, status};
use crate::signers::House;

#[tokio::test]
async fn a_new_ca_of_a_branch_takes_over_and_the_old_one_answers_for_its_own() {
    let house = House::new().await;
    let service = &house.service;
    let old = issue(service, Profile::Person).await;
    let id = authority::rotate(service, Branch::Person, &RootKey::Here).await.unwrap();
    assert_eq!(id.to_string(), "person-2");
    let new = issue(service, Profile::Person).await;
    assert_eq!(new.crl_urls(), ["http://127.0.0.1:8080/pki/person-2.crl"]);
    assert_eq!(service.authority().issuer_of(&new).unwrap().common_name(), "Vermilion Test Person CA G2");
    change(service, &old, Change::Revoke(Reason::Superseded)).await;
    assert!(matches!(status(service, &old).await, Status::Revoked { .. }));
    assert_eq!(status(service, &new).await, Status::Good);
    assert!(listed(service, "person-1").await.revoked(old.serial()).is_some());
    assert!(listed(service, "person-2").await.is_empty());
    let entries = authority::entries(service).await.unwrap();
    let active: Vec<&str> = entries.iter().filter(|it| it.is_active).map(|it| it.word.as_str()).collect();
    assert_eq!(active, ["root", "issuing", "person-2", "organization-1"]);
}

#[tokio::test]
async fn the_roots_key_leaves_when_its_copy_opens_and_comes_back() {
    let mut house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("root.pem");
    let key_file = house.data().join("authority").join("root.key");
    assert!(matches!(
        authority::export_root(&house.service, &out, "short").await,
        Err(AuthorityError::Refused(_))
    ));
    std::fs::write(&out, "something else").unwrap();
    assert!(authority::export_root(&house.service, &out, "correct horse battery").await.is_err());
    assert!(key_file.exists(), "no file is replaced, and the key stays");
    std::fs::remove_file(&out).unwrap();
    authority::export_root(&house.service, &out, "correct horse battery").await.unwrap();
    assert!(!key_file.exists());
    if let Some(openssl) = testkit::tool("openssl") {
        let path = out.display().to_string();
        let fine = openssl.run(["pkey", "-in", &path, "-passin", "pass:correct horse battery", "-noout"]);
        assert!(fine.0, "{}", fine.1);
        assert!(!openssl.run(["pkey", "-in", &path, "-passin", "pass:wrong", "-noout"]).0);
    }
    // The server goes on without it, for years.
    house.restart().await;
    issue(&house.service, Profile::Person).await;
    house.pass(SignedDuration::from_hours(24 * 900));
    let list = house.service.authority().kept_list("root").await.unwrap().expect("signed ahead");
    assert!(Crl::from_der(&list).unwrap().next_update().unwrap() > house.service.now());
    let refused = authority::rotate(&house.service, Branch::Person, &RootKey::Here).await;
    assert!(matches!(refused, Err(AuthorityError::RootOffline)));
    let file = |content: &[u8], password: &str| RootKey::File {
        content: Zeroizing::new(content.to_vec()),
        password: Zeroizing::new(password.to_owned()),
    };
    let content = std::fs::read(&out).unwrap();
    assert!(authority::rotate(&house.service, Branch::Person, &file(&content, "wrong")).await.is_err());
    let other = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().1;
    assert!(authority::rotate(&house.service, Branch::Person, &file(&other, "")).await.is_err());
    // With the file, without bringing the key back.
    let exported = file(&content, "correct horse battery");
    authority::rotate(&house.service, Branch::Person, &exported).await.unwrap();
    assert!(!key_file.exists());
    authority::import_root(&house.service, &exported).await.unwrap();
    assert!(key_file.exists());
    authority::rotate(&house.service, Branch::Organization, &RootKey::Here).await.unwrap();
}

#[tokio::test]
async fn another_root_certifies_a_ca_of_ours_offline() {
    let Some(openssl) = testkit::tool("openssl") else { return };
    let house = House::new().await;
    let service = &house.service;
    let request = authority::certification_request(service, Branch::Organization).await.unwrap();
    let again = authority::certification_request(service, Branch::Organization).await.unwrap();
    assert_eq!(request.der(), again.der(), "asked again, the same request comes");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("request.pem"), request.to_pem()).unwrap();
    let extensions = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
        certificatePolicies=2.5.29.32.0\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always\n";
    std::fs::write(at("ca.ext"), extensions).unwrap();
    std::fs::write(at("poor.ext"), extensions.replace("2.5.29.32.0", "1.2.3.4")).unwrap();
    std::fs::write(at("ca.cnf"), CONFIG).unwrap();
    std::fs::write(at("index.txt"), "").unwrap();
    std::fs::write(at("crlnumber"), "01\n").unwrap();
    let run = |line: &str| {
        let mut command = openssl.command();
        let (worked, said) = testkit::run(command.current_dir(folder.path()).args(line.split(' ')));
        assert!(worked, "{line}: {said}");
    };
    let (start, end) = ("20200101000000Z", "20600101000000Z");
    run(
        "req -x509 -newkey rsa:3072 -nodes -keyout root.key -subj /CN=Another-Root -days 9000 -out now.pem -config ca.cnf",
    );
    run("req -new -key root.key -subj /CN=Another-Root -out root.csr -config ca.cnf");
    let dates = format!("-startdate {start} -enddate {end} -batch -notext -config ca.cnf");
    run(&format!("ca -selfsign -keyfile root.key -in root.csr -out root.pem -extensions root {dates}"));
    let sign = format!("ca -keyfile root.key -cert root.pem -in request.pem {dates}");
    run(&format!("{sign} -extfile poor.ext -out poor.pem"));
    run(&format!("{sign} -extfile ca.ext -out issued.pem"));
    let read = |name: &str| Certificate::from_pem(&std::fs::read_to_string(at(name)).unwrap()).unwrap();
    let (root, poor, issued) = (read("root.pem"), read("poor.pem"), read("issued.pem"));
    let refused = |given: Vec<Certificate>| async move {
        let refused = authority::accept(service, Branch::Organization, &given).await.unwrap_err();
        assert!(matches!(refused, AuthorityError::Refused(_)), "{refused}");
    };
    refused(vec![issued.clone()]).await;
    refused(vec![root.clone()]).await;
    refused(vec![poor, root.clone()]).await;
    let id = authority::accept(service, Branch::Organization, &[root.clone(), issued.clone()]).await.unwrap();
    assert_eq!(id.to_string(), "organization-2");
    let leaf = issue(service, Profile::Organization).await;
    assert_eq!(service.authority().issuer_of(&leaf).unwrap(), issued);
    assert!(service.authority().anchors().contains(&root));
    let trust = std::fs::read_to_string(house.data().join("trust.pem")).unwrap();
    assert_eq!(Certificate::all_from_pem(&trust).unwrap(), [service.authority().root().clone(), root]);
    // Its list is brought here like the certificate.
    assert!(service.authority().revocation(&issued).await.unwrap().crls.is_empty());
    run("ca -gencrl -keyfile root.key -cert root.pem -out list.pem -config ca.cnf");
    let list = Crl::from_pem(&std::fs::read_to_string(at("list.pem")).unwrap()).unwrap();
    house.clock.advance(list.this_update().duration_since(service.now()) + SignedDuration::from_mins(1));
    authority::import_list(service, &list).await.unwrap();
    assert_eq!(service.authority().revocation(&issued).await.unwrap().crls, [list.der()]);
    std::fs::write(at("ours.pem"), issued.to_pem()).unwrap();
    std::fs::write(at("leaf.pem"), leaf.to_pem()).unwrap();
    let time = leaf.not_before().as_second();
    run(&format!("verify -x509_strict -attime {time} -CAfile root.pem -untrusted ours.pem leaf.pem"));
}

const CONFIG: &str = "\
[req]
distinguished_name = dn
x509_extensions = root
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = this
[this]
database = index.txt
new_certs_dir = .
rand_serial = yes
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
policy = any
unique_subject = no
crl_extensions = list
[list]
authorityKeyIdentifier = keyid:always
[any]
commonName = supplied
organizationName = optional
countryName = optional
";

/// Data of a server from before there were branches: its one CA goes on for what it certified, and new CAs take over.
#[tokio::test]
async fn older_data_goes_on_and_without_the_roots_key_too() {
    for root_is_here in [true, false] {
        let (house, old) = House::before_branches(root_is_here).await;
        let service = &house.service;
        assert_eq!(status(service, &old).await, Status::Good);
        let new = issue(service, Profile::Person).await;
        let word = if root_is_here { "person-1" } else { "issuing" };
        assert_eq!(new.crl_urls(), [format!("http://127.0.0.1:8080/pki/{word}.crl")]);
        change(service, &old, Change::Revoke(Reason::Superseded)).await;
        assert!(listed(service, "issuing").await.revoked(old.serial()).is_some());
        assert_eq!(status(service, &new).await, Status::Good);
        assert!(matches!(status(service, &old).await, Status::Revoked { .. }));
    }
}

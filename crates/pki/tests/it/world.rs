//! A small world of trust, and OpenSSL to judge it.
use std::path::PathBuf;
use std::process::{Command, Output};

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use vermilion_pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
use vermilion_pki::crl::{self, Crl, Revoked};
use vermilion_pki::{Certificate, KeyAlgorithm, Serial, Signer, SoftwareSigner};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// The time of all tests that do not say otherwise.
pub(crate) fn now() -> Timestamp {
    at("2026-06-01T08:00:00Z")
}

pub(crate) fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

pub(crate) fn serial(n: u8) -> Serial {
    Serial::from_random([n | 0x40; 16])
}

pub(crate) fn subject(common_name: &str) -> Subject {
    Subject { common_name: common_name.to_owned(), country: Some("CN".to_owned()), ..Subject::default() }
}

pub(crate) struct Holder {
    pub(crate) certificate: Certificate,
    pub(crate) key: SoftwareSigner,
}

pub(crate) struct World {
    pub(crate) root: Holder,
    pub(crate) issuing: Holder,
    pub(crate) person: Holder,
    pub(crate) tsa: Holder,
    pub(crate) responder: Holder,
}

impl World {
    /// Everything with P-256 keys.
    pub(crate) fn new() -> Self {
        Self::with_keys(|| SoftwareSigner::generate(KeyAlgorithm::P256).expect("generates").0)
    }

    pub(crate) fn with_keys(key: impl Fn() -> SoftwareSigner) -> Self {
        let root = {
            let key = key();
            let validity = Validity { not_before: now() - days(30), not_after: now() + days(8000) };
            let token = prepare_root(
                &subject("Vermilion Test Root 测试根"),
                key.public_key_der(),
                &serial(1),
                validity,
            );
            Holder { certificate: token.expect("lints").issue(&key).expect("issues"), key }
        };
        let under_root = Issuer { certificate: root.certificate.clone(), chain: vec![], urls: urls() };
        let issuing = issue(&under_root, &root.key, Profile::Issuing, &subject("Test Issuing CA"), 2, key());
        let issuer = Issuer {
            certificate: issuing.certificate.clone(),
            chain: vec![root.certificate.clone()],
            urls: urls(),
        };
        let of = |profile, name: &str, n| issue(&issuer, &issuing.key, profile, &subject(name), n, key());
        let person = of(Profile::Person, "陈晓明", 3);
        let tsa = of(Profile::TimeStamping, "Test TSA", 4);
        let responder = of(Profile::OcspResponder, "Test OCSP", 5);
        Self { root, issuing, person, tsa, responder }
    }

    pub(crate) fn issuer(&self) -> Issuer {
        Issuer {
            certificate: self.issuing.certificate.clone(),
            chain: vec![self.root.certificate.clone()],
            urls: urls(),
        }
    }

    pub(crate) fn crls(&self, revoked: &[Revoked]) -> [Crl; 2] {
        let build = |holder: &Holder, revoked: &[Revoked]| {
            let next = now() + days(7);
            crl::build(&holder.certificate, &holder.key, 7, now(), next, revoked).expect("builds")
        };
        [build(&self.root, &[]), build(&self.issuing, revoked)]
    }
}

pub(crate) fn urls() -> Urls {
    Urls {
        crl: vec!["http://127.0.0.1:8080/crl/issuing.crl".to_owned()],
        ocsp: vec!["http://127.0.0.1:8080/ocsp".to_owned()],
        ca_issuers: vec!["http://127.0.0.1:8080/ca/issuing.cer".to_owned()],
    }
}

pub(crate) fn issue(
    issuer: &Issuer,
    issuer_key: &SoftwareSigner,
    profile: Profile,
    subject: &Subject,
    n: u8,
    key: SoftwareSigner,
) -> Holder {
    let length = if profile == Profile::Issuing { 5000 } else { 300 };
    let validity = Validity { not_before: now() - days(1), not_after: now() + days(length) };
    let token = issuer.prepare(profile, subject, key.public_key_der(), &serial(n), validity).expect("lints");
    Holder { certificate: token.issue(issuer_key).expect("issues"), key }
}

pub(crate) fn rsa_fixture(bits: u32) -> SoftwareSigner {
    let path = testkit::checkout().join(format!("crates/testkit/fixtures/test-only-rsa-{bits}.pem"));
    SoftwareSigner::from_pem(&std::fs::read_to_string(path).expect("the fixture is there")).expect("is a key")
}

/// OpenSSL in a folder of its own.
pub(crate) struct OpenSsl {
    folder: TempDir,
}

impl OpenSsl {
    /// `None`, loudly, where there is no OpenSSL; in CI that is a failure.
    pub(crate) fn new() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_ok_and(|o| o.status.success()) {
            return Some(Self { folder: tempfile::tempdir().expect("a folder") });
        }
        assert!(std::env::var_os("CI").is_none(), "openssl is missing in CI");
        eprintln!("SKIPPED: openssl is not installed, so nothing judges what we made");
        None
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("writes");
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).expect("reads")
    }

    /// Runs `openssl` with words split at spaces, in the folder.
    pub(crate) fn run(&self, line: &str) -> (bool, String) {
        let Output { status, stdout, stderr } = Command::new("openssl")
            .args(line.split(' '))
            .current_dir(self.folder.path())
            .output()
            .expect("runs");
        let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        (status.success(), text)
    }

    pub(crate) fn accepts(&self, line: &str) -> String {
        let (ok, text) = self.run(line);
        assert!(ok, "openssl {line}\n{text}");
        text
    }

    /// It verifies a detached CAdES signature over `data`, by whoever of this world.
    pub(crate) fn accepts_cades(&self, world: &World, signature: &[u8], data: &[u8]) -> String {
        self.write("root.pem", world.root.certificate.to_pem() + &world.issuing.certificate.to_pem());
        self.write("data", data);
        self.write("signature.der", signature);
        self.accepts(&format!(
            "cms -verify -cades -binary -inform DER -in signature.der -content data -CAfile root.pem -purpose any \
             -attime {} -out /dev/null",
            now().as_second()
        ))
    }

    pub(crate) fn refuses(&self, line: &str) -> String {
        let (ok, text) = self.run(line);
        assert!(!ok, "openssl accepted: {line}\n{text}");
        text
    }
}

//! Signers certified by another's authority over EST (RFC 7030), which OpenSSL runs.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Clock as _;
use jiff::SignedDuration;
use pki::{Certificate, KeyAlgorithm, Signer as _, SoftwareSigner};
use testkit::{EstServer, FixedClock, SeededRng};
use vermilion_service::account::Actor;
use vermilion_service::authority;
use vermilion_service::ceremony::{self, Agreement};
use vermilion_service::control::{self, Known};
use vermilion_service::view::{self, CertificateStatus, KeyState};
use vermilion_service::{CertificateTerm, Config, EnvelopeId, Service, SystemClock, envelope, jobs, notify};

use crate::authenticator::Authenticator;
use crate::control::Device;
use crate::killed::open_records;
use crate::signers::{self, AGENT, Guest, PERSON, PIN, sender};

/// The other authority, and a server of ours that has signers certified there.
pub(crate) struct Abroad {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: EstServer,
    pub(crate) clock: Arc<FixedClock>,
    starts: u64,
    /// A hardware module beside it.
    pub(crate) token: Option<keys::pkcs11::PoolSettings>,
    /// For how long certificates are meant.
    pub(crate) term: CertificateTerm,
    /// Requests are carried there in this folder, and not sent.
    pub(crate) carried: Option<std::path::PathBuf>,
}

impl Abroad {
    pub(crate) fn new() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let server = EstServer::start(folder.path())?;
        // The other authority looks at the machine's clock, and what it issues later must be valid by ours.
        Some(Self {
            folder,
            server,
            clock: Arc::new(FixedClock::at(SystemClock.now() + SignedDuration::from_mins(5))),
            starts: 0,
            token: None,
            term: CertificateTerm::Long,
            carried: None,
        })
    }

    fn certificate(&self, name: &str) -> Certificate {
        certificate(self.folder.path(), name)
    }

    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn config(&self) -> Config {
        let mut config = asking(self.server.url(), self.folder.path(), self.data());
        if let Some(folder) = &self.carried {
            let desk = authority::DeskSettings::Folder(folder.clone());
            config.external_authority = Some(authority::ExternalSettings { desk, reach: Vec::new() });
        }
        config.token = self.token.clone();
        config.certificates = self.term;
        config
    }

    /// Our server, as it comes up once more.
    pub(crate) async fn open(&mut self) -> Service {
        self.starts += 1;
        let rng = Arc::new(SeededRng::new(self.starts));
        Service::open_with(self.config(), self.clock.clone(), rng).await.expect("a server")
    }

    pub(crate) async fn sent(&self, service: &Service) -> (Actor, EnvelopeId) {
        let actor = sender(service, "sender@example.com").await;
        let path = self.folder.path().join("contract.pdf");
        std::fs::write(&path, testkit::pdf_samples::contract(pdf::XrefKind::Table, 2)).expect("a file");
        let (id, _) = signers::send(service, &actor, &path, view::Order::Sequential).await;
        (actor, id)
    }

    pub(crate) async fn undecided(&self, is: bool) {
        let file = self.folder.path().join("undecided");
        let done = if is { std::fs::write(file, "") } else { std::fs::remove_file(file) };
        done.expect("a file that says so");
    }

    pub(crate) fn enrollments(&self) -> usize {
        self.server.asked().iter().filter(|line| line.contains("simpleenroll")).count()
    }
}

fn certificate(folder: &Path, name: &str) -> Certificate {
    let pem = std::fs::read_to_string(folder.join(name)).expect("the server wrote it");
    Certificate::from_pem(&pem).expect("a certificate")
}

/// A server of ours on `data` that asks the EST server at this address, whose files are in `folder`.
pub(crate) fn asking(url: String, folder: &Path, data: std::path::PathBuf) -> Config {
    let desk = authority::DeskSettings::Est(online::EstConfig {
        url,
        label: None,
        roots: online::Roots::Only(vec![certificate(folder, "tls-root.pem")]),
        credentials: Some(online::Credentials::new("vermilion", "enroll me")),
        identity: None,
        time: std::time::Duration::from_secs(20),
    });
    let reach = vec!["127.0.0.1".to_owned()];
    let mut config = Config::new(data, "http://localhost:8080").cheap_for_tests();
    config.authority_url = None;
    config.external_authority = Some(authority::ExternalSettings { desk, reach });
    config
}

pub(crate) async fn at_key<'a>(service: &'a Service) -> Guest<'a> {
    let link = signers::link(service, PERSON.email).await;
    let guest = Guest::enter(service, PERSON, &link).await;
    guest.walk_to(view::Step::Key).await;
    guest
}

/// The first signature, trusted by the other authority's root.
pub(crate) async fn first_signature(
    abroad: &Abroad,
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
) -> pades::SignatureReport {
    let bytes = signers::document(service, actor, id).await;
    let anchors = vec![abroad.certificate("root.pem"), service.authority().root().clone()];
    let policy = pades::Policy::new(anchors, service.now());
    let file = pdf::Document::open(Arc::new(bytes), &pdf::Limits::default()).expect("a PDF");
    let report = pades::validate(&file, &policy);
    let own = report.signatures.into_iter().next().expect("a signature");
    assert_eq!(own.indication, pades::Indication::TotalPassed, "{:?}", own.reasons);
    own
}

/// What the log says of a certificate when it was issued: whether it names the passkey.
async fn names_passkey(data: &Path, serial: &str) -> Option<serde_json::Value> {
    let records = open_records(data).await;
    let mut reader = records.read().await.expect("a reader");
    let stored = reader.certificate_by_serial(serial).await.expect("an answer").expect("a certificate");
    let events = reader.events_of(&stored.id.to_string()).await.expect("events");
    let issued =
        events.into_iter().find(|link| link.event.kind == "certificate.issued").expect("the issuance");
    issued.event.body.value("names_passkey").map(evidence::Value::to_json)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_authority_certifies_signers_over_est() {
    let Some(mut abroad) = Abroad::new() else { return };
    let (issuing, root) = (abroad.certificate("ca.pem"), abroad.certificate("root.pem"));
    let service = abroad.open().await;
    let (actor, id) = abroad.sent(&service).await;
    // Somebody decides within seconds: the signer need not come back.
    abroad.server.play("pending");
    at_key(&service).await.walk_to(view::Step::Done).await;
    sender(&service, PERSON.email).await;
    let signer = signers::log_in(&service, PERSON.email).await;
    signers::verify_account(&service, &signer, PERSON.resident).await;
    let mine = authority::my_certificates(&service, &signer).await.unwrap();
    assert_eq!((mine.items[0].authority.as_str(), mine.items[0].status), ("est", CertificateStatus::Valid));
    first_signature(&abroad, &service, &actor, id).await;
    assert!(service.certificates().chain().contains(&issuing));
    // Its server gone, ours starts again on what it knew, and who needs a certificate waits.
    service.close().await;
    let (config, clock) = (abroad.config(), abroad.clock.clone());
    let Abroad { server, folder: _folder, .. } = abroad;
    drop(server);
    let service = Service::open_with(config, clock, Arc::new(SeededRng::new(99))).await.unwrap();
    assert!(service.certificates().anchors().contains(&root));
    let link = signers::link(&service, AGENT.email).await;
    let agent = Guest::enter(&service, AGENT, &link).await;
    agent.walk_to(view::Step::Key).await;
    let waiting = ceremony::key(&service, &agent.signer, PIN).await.unwrap();
    assert_eq!(waiting.key.state, KeyState::Pending, "it is asked again when it answers");
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_decided_later_waits_through_a_restart() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    let (actor, id) = abroad.sent(&service).await;
    abroad.undecided(true).await;
    let (recipient, cookie) = {
        let guest = at_key(&service).await;
        let waiting = ceremony::key(&service, &guest.signer, PIN).await.unwrap();
        assert_eq!((waiting.step, waiting.key.state), (view::Step::Key, KeyState::Pending));
        assert!(waiting.key.asked_again_at.is_some() && waiting.certificate.is_none());
        // Asked again by the signer, no second key is made and nothing is asked.
        let asked = abroad.enrollments();
        let again = ceremony::key(&service, &guest.signer, PIN).await.unwrap();
        assert_eq!((again.key.state, abroad.enrollments()), (KeyState::Pending, asked));
        (guest.recipient, guest.cookie.clone())
    };
    service.close().await;
    let service = abroad.open().await;
    let guest = Guest::resume(&service, PERSON, recipient, cookie).await;
    assert_eq!(guest.show().await.key.state, KeyState::Pending);
    // Not before its time; then again, as long as nobody decides. Meanwhile the intent is not abandoned.
    let asked = abroad.enrollments();
    jobs::sweep(&service).await.unwrap();
    assert_eq!(abroad.enrollments(), asked, "an hour was asked for");
    abroad.clock.advance(SignedDuration::from_mins(61));
    jobs::sweep(&service).await.unwrap();
    assert_eq!(abroad.enrollments(), asked + 1);
    assert_eq!(guest.show().await.key.state, KeyState::Pending);
    abroad.undecided(false).await;
    abroad.clock.advance(SignedDuration::from_mins(61));
    jobs::sweep(&service).await.unwrap();
    let ready = guest.show().await;
    assert_eq!((ready.step, ready.key.state), (view::Step::Confirm, KeyState::Ready));
    jobs::run_due(&service).await.unwrap();
    let mails = notify::outbox(&service, Some(PERSON.email), None).await.unwrap();
    assert_eq!(mails.items.iter().filter(|it| it.subject.contains("您的证书已签发")).count(), 1);
    guest.walk_to(view::Step::Done).await;
    first_signature(&abroad, &service, &actor, id).await;
    let events = envelope::events(&service, &actor, id).await.unwrap();
    for kind in ["certificate.pending", "certificate.issued"] {
        assert_eq!(events.items.iter().filter(|it| it.kind == kind).count(), 1, "{kind}");
    }
    jobs::sweep(&service).await.unwrap();
    assert_eq!(abroad.enrollments(), asked + 2, "nothing is asked any more");
    service.close().await;
}

/// A folder that somebody carries to the other authority and back: OpenSSL certifies what it finds there.
struct Carried(std::path::PathBuf);

impl Carried {
    fn of(abroad: &Abroad) -> Self {
        let folder = abroad.folder.path().join("carried");
        std::fs::create_dir_all(&folder).expect("a folder");
        let chain = [abroad.server.file("ca.pem"), abroad.server.file("root.pem")].concat();
        std::fs::write(folder.join("authority.pem"), chain).expect("a file");
        Self(folder)
    }

    fn requests(&self) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(self.0.join("requests")).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }

    fn lists(&self, abroad: &Abroad) {
        for (of, list) in [("root", "lists/root.crl"), ("ca", "lists/ca.crl")] {
            let (key, certificate) = (format!("{of}.key"), format!("{of}.pem"));
            let mut command = testkit::tool("openssl").expect("it runs the other authority").command();
            command.current_dir(abroad.folder.path());
            command.args([
                "ca",
                "-gencrl",
                "-keyfile",
                &key,
                "-cert",
                &certificate,
                "-config",
                "ca.cnf",
                "-out",
            ]);
            let (done, said) = testkit::run(command.arg(self.0.join(list)));
            assert!(done, "{said}");
        }
    }

    fn certified(&self, abroad: &Abroad, request: &Path) {
        let name = request.file_stem().and_then(|it| it.to_str()).expect("a name");
        let file = |name: &str| abroad.folder.path().join(name).display().to_string();
        let out = self.0.join("certificates").join(format!("{name}.crt")).display().to_string();
        let (request, serial) = (request.display().to_string(), format!("0x{name}"));
        let openssl = testkit::tool("openssl").expect("it runs the other authority");
        assert!(openssl.run(["req", "-in", &request, "-verify", "-noout"]).0, "the request is well signed");
        let (done, said) = openssl.run([
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            &file("ca.pem"),
            "-CAkey",
            &file("ca.key"),
            "-set_serial",
            &serial,
            "-days",
            "365",
            "-extfile",
            &file("leaf.ext"),
            "-out",
            &out,
        ]);
        assert!(done, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_carried_by_files_and_its_certificate_brought_back() {
    let Some(mut abroad) = Abroad::new() else { return };
    let carried = Carried::of(&abroad);
    abroad.carried = Some(carried.0.clone());
    let service = abroad.open().await;
    let (actor, id) = abroad.sent(&service).await;
    let guest = at_key(&service).await;
    let waiting = ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    assert_eq!((waiting.step, waiting.key.state), (view::Step::Key, KeyState::Pending));
    // One refused: the signer makes another key, whose request is another file.
    let [request] = <[_; 1]>::try_from(carried.requests()).expect("one request");
    let name = request.file_stem().and_then(|it| it.to_str()).expect("a name").to_owned();
    std::fs::write(carried.0.join("refused").join(format!("{name}.txt")), "No such person here.\n").unwrap();
    abroad.clock.advance(SignedDuration::from_secs(61));
    jobs::sweep(&service).await.unwrap();
    assert_eq!(guest.show().await.key.state, KeyState::None);
    assert!(carried.requests().is_empty());
    // One that is given up is taken out of the folder.
    ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    ceremony::key_replace(&service, &guest.signer).await.unwrap();
    assert_eq!(carried.requests().len(), 1);
    abroad.clock.advance(SignedDuration::from_mins(61));
    jobs::sweep(&service).await.unwrap();
    assert!(carried.requests().is_empty());
    // One certified, after somebody put a certificate for another key beside it.
    ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    let [request] = <[_; 1]>::try_from(carried.requests()).expect("one request");
    let name = request.file_stem().and_then(|it| it.to_str()).expect("a name").to_owned();
    let wrong = carried.0.join("certificates").join(format!("{name}.pem"));
    std::fs::write(&wrong, abroad.server.file("ca.pem")).unwrap();
    abroad.clock.advance(SignedDuration::from_secs(61));
    jobs::sweep(&service).await.unwrap();
    assert_eq!(guest.show().await.key.state, KeyState::Pending);
    carried.certified(&abroad, &request);
    abroad.clock.advance(SignedDuration::from_secs(61));
    jobs::sweep(&service).await.unwrap();
    assert_eq!(guest.show().await.key.state, KeyState::Ready);
    assert!(carried.requests().is_empty());
    // Its lists are brought as files, too: the addresses in its certificates are not asked.
    carried.lists(&abroad);
    guest.walk_to(view::Step::Done).await;
    first_signature(&abroad, &service, &actor, id).await;
    assert_eq!(abroad.server.asked(), Vec::<String>::new(), "nobody was asked over EST");
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_refused_or_given_up_leaves_the_way_to_another_key() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    let (actor, id) = abroad.sent(&service).await;
    let guest = at_key(&service).await;
    // Refused after a while.
    abroad.server.play("later");
    ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    abroad.server.play("refused");
    abroad.clock.advance(SignedDuration::from_mins(61));
    jobs::sweep(&service).await.unwrap();
    let refused = guest.show().await;
    assert_eq!((refused.step, refused.key.state), (view::Step::Key, KeyState::None));
    // The signer waits no longer; what comes after that is not theirs.
    abroad.server.play("later");
    assert_eq!(ceremony::key(&service, &guest.signer, PIN).await.unwrap().key.state, KeyState::Pending);
    let given_up = ceremony::key_replace(&service, &guest.signer).await.unwrap();
    assert_eq!((given_up.step, given_up.key.state), (view::Step::Key, KeyState::None));
    let asked = abroad.enrollments();
    abroad.clock.advance(SignedDuration::from_mins(61));
    jobs::sweep(&service).await.unwrap();
    assert_eq!(abroad.enrollments(), asked);
    guest.walk_to(view::Step::Done).await;
    first_signature(&abroad, &service, &actor, id).await;
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_authority_names_the_passkey_or_it_is_on_record_that_it_does_not() {
    for (play, named) in [(None, true), (Some("no-passkey"), false)] {
        let Some(mut abroad) = Abroad::new() else { return };
        let service = abroad.open().await;
        let (actor, id) = abroad.sent(&service).await;
        let guest = at_key(&service).await;
        play.into_iter().for_each(|play| abroad.server.play(play));
        let mut phone = Authenticator::new(Some([4; 32]));
        let ready = guest.passkey(&mut phone).await.unwrap();
        assert_eq!(ready.step, view::Step::Confirm);
        let activation = guest.offer().await.unwrap();
        guest.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
        let own = first_signature(&abroad, &service, &actor, id).await;
        let serial = own.serial.unwrap();
        assert_eq!(names_passkey(&abroad.data(), &serial).await, Some(named.into()));
        let records = open_records(&abroad.data()).await;
        let stored = records.read().await.unwrap().certificate_by_serial(&serial).await.unwrap().unwrap();
        let certificate = Certificate::from_der(&stored.der.unwrap()).unwrap();
        let fingerprint = ready.key.passkey.unwrap();
        assert_eq!(certificate.activated_by().map(hex::encode), named.then_some(fingerprint));
        // Who trusts that authority sees sole control where, and only where, it names the passkey, and looked itself.
        let proof = ceremony::proof_for_sender(&service, &actor, id).await.unwrap();
        let proof = control::ControlProof::from_json(&proof).unwrap();
        let bytes = signers::document(&service, &actor, id).await;
        let anchors = vec![abroad.certificate("root.pem"), service.authority().root().clone()];
        let file = pdf::Document::open(Arc::new(bytes), &pdf::Limits::default()).unwrap();
        // Its policy says that it looked itself: who knows that sees more than who does not.
        let of = |name| format!("1.2.3.4.5@{}", hex::encode(abroad.certificate(name).fingerprint()));
        for (known, expected) in [
            (Known::default(), if named { "sole_control_registration" } else { "sole_control_uncertified" }),
            // Its root lets the CA state any policy: that does not say that this one holds of it.
            (
                Known::default().with_attesting(&of("root.pem")).unwrap(),
                if named { "sole_control_registration" } else { "sole_control_uncertified" },
            ),
            (
                Known::default().with_attesting(&of("ca.pem")).unwrap(),
                if named { "sole_control_certified" } else { "sole_control_uncertified" },
            ),
        ] {
            let mut report = pades::validate(&file, &pades::Policy::new(anchors.clone(), service.now()));
            control::apply(&mut report, &control::FileRevisions::of(&file), &proof, &known);
            let (own, why) = (&report.signatures[0].reliability, &report.signatures[0].reliability_reasons);
            assert_eq!(why.sole_control.code.as_str(), expected);
            let met = expected == "sole_control_certified";
            assert_eq!(own.sole_control == pades::Condition::Met, met);
            assert_eq!(own.exclusive == pades::Condition::Met, met);
        }
        service.close().await;
    }
    // One that names somebody else's passkey is not used.
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    abroad.server.play("other-passkey");
    assert!(guest.passkey(&mut Authenticator::new(None)).await.is_err());
    assert_eq!(guest.show().await.key.state, KeyState::None);
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_the_signers_device_is_certified_by_the_other_authority() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    let (actor, id) = abroad.sent(&service).await;
    let guest = at_key(&service).await;
    let device = Device(SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0);
    let ready = guest.device(&device).await.unwrap();
    assert_eq!(ready.step, view::Step::Confirm);
    let activation = guest.offer().await.unwrap();
    let asked = STANDARD.decode(activation.to_be_signed.as_ref().unwrap()).unwrap();
    let opened = Agreement { signature: Some(device.sign(&asked)), ..Agreement::default() };
    let act = activation.id.parse().unwrap();
    ceremony::sign_offered(&service, &guest.signer, act, opened).await.unwrap();
    first_signature(&abroad, &service, &actor, id).await;
    assert_eq!(abroad.certificate("issued.pem").public_key_der(), device.0.public_key_der());
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_stays_on_the_list_until_the_other_authority_says_so() {
    let Some(mut abroad) = Abroad::new() else { return };
    let service = abroad.open().await;
    abroad.sent(&service).await;
    let guest = at_key(&service).await;
    for _ in 0..2 {
        ceremony::key(&service, &guest.signer, PIN).await.unwrap();
        ceremony::key_replace(&service, &guest.signer).await.unwrap();
        guest.walk_to(view::Step::Key).await;
    }
    let open = authority::open_revocations(&service).await.unwrap();
    assert_eq!(open.len(), 2);
    assert!(open.iter().all(|it| it.reason == "superseded" && it.issuer.contains("External Issuing CA")));
    // An operator told them of one.
    assert!(authority::confirm_revocation(&service, &open[0].serial.to_uppercase()).await.unwrap());
    assert!(!authority::confirm_revocation(&service, &open[0].serial).await.unwrap(), "once");
    assert!(!authority::confirm_revocation(&service, "01").await.unwrap(), "there is no such certificate");
    service.close().await;
    // Its own list says the other.
    let service = abroad.open().await;
    jobs::sweep(&service).await.unwrap();
    assert_eq!(authority::open_revocations(&service).await.unwrap().len(), 1, "it does not say so yet");
    service.close().await;
    let serial = open[1].serial.to_uppercase();
    abroad.clock.advance(SignedDuration::from_mins(61));
    let line = format!("R\t350101000000Z\t260101000000Z,superseded\t{serial}\tunknown\t/CN=signer\n");
    std::fs::write(abroad.folder.path().join("index.txt"), line).unwrap();
    let service = abroad.open().await;
    jobs::sweep(&service).await.unwrap();
    assert!(authority::open_revocations(&service).await.unwrap().is_empty());
    service.close().await;
}

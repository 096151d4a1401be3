//! SIGKILL after any commit of the identity and the company step, of a check of the will and of the signing ceremony, in
//! whichever way the key is opened: what was spent stays spent, what was issued is on record, and the signer goes on to one
//! signature.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::policy::{Custody, WillCheck, WillWay};
use domain::{ActivationId, EnvelopeId, RecipientId};
use pki::{KeyAlgorithm, SoftwareSigner};
use testkit::{FixedClock, SeededRng};
use vermilion_service::account::{self, Actor};
use vermilion_service::ceremony::{self, Agreement, WillChoice};
use vermilion_service::identity::{ConsentInput, consent};
use vermilion_service::policy::{self, PolicyInput};
use vermilion_service::sandbox::{FaceOutcome, play_face};
use vermilion_service::{Config, Error, Locale, Refusal, Service, jobs, notify, verify, view};

use crate::authenticator::Authenticator;
use crate::control::{Device, own, shown};
use crate::faces::face;
use crate::killed::open_records;
use crate::killing::{Commits, copy, killed, moment, say, variable};
use crate::signers::{AGENT, Cast, Guest, House, PERSON, PIN, code, document, send_under};
use crate::token;

/// What the child does until it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Name, number and phone; the code.
    Elements,
    /// A face at the provider's page.
    Face,
    /// A key under a PIN: made, certified, used.
    Pin,
    /// The same under a passkey.
    Passkey,
    /// The same in the signer's device.
    Device,
    /// A company: the registry, a payment to its account, the amount.
    Company,
    /// A code by mail for the will, beside a PIN.
    Code,
    /// A face for the will, beside a PIN.
    FaceOfWill,
    /// An organization's key in the hardware module.
    Token,
}

impl Way {
    const ALL: [Self; 9] = [
        Self::Elements,
        Self::Face,
        Self::Pin,
        Self::Passkey,
        Self::Device,
        Self::Company,
        Self::Code,
        Self::FaceOfWill,
        Self::Token,
    ];

    fn begins_at(self) -> view::Step {
        match self {
            Self::Elements | Self::Face => view::Step::Identity,
            Self::Company => view::Step::Organization,
            Self::Pin | Self::Passkey | Self::Device | Self::Code | Self::FaceOfWill | Self::Token => {
                view::Step::Key
            }
        }
    }

    fn cast(self) -> Cast {
        match self {
            Self::Company | Self::Token => AGENT,
            _ => PERSON,
        }
    }

    /// The policy of the envelope, where it is one of the sender's own.
    fn policy(self) -> Option<PolicyInput> {
        let careful = |ways: &[WillWay]| own("careful", vec![Custody::Pin], WillCheck::AnyOf(ways.to_vec()));
        match self {
            Self::Code => Some(careful(&[WillWay::Email])),
            Self::FaceOfWill => Some(careful(&[WillWay::Email, WillWay::Face])),
            Self::Token => Some(own("careful", vec![Custody::Pin, Custody::Pkcs11], WillCheck::Key)),
            _ => None,
        }
    }

    fn config(self, config: Config) -> Config {
        match self {
            Self::Token => Config { token: Some(token::settings(token::TOKEN_PIN)), ..config },
            _ => config,
        }
    }
}

/// A data folder with a ceremony in it, and what the signer has in hand.
struct Scene {
    way: Way,
    folder: PathBuf,
    recipient: RecipientId,
    cookie: String,
}

impl Scene {
    /// The service on the folder, as the `nth` process.
    async fn open(&self, nth: u64) -> (Service, Arc<FixedClock>) {
        let config = Config::new(self.folder.join("data"), "http://localhost:8080").cheap_for_tests();
        let config = self.way.config(config);
        let clock = Arc::new(FixedClock::default());
        // Other keys on each copy: those in the hardware module outlive it.
        let [salt, ..] = pki::sha256(self.folder.as_os_str().as_encoded_bytes());
        let rng = Arc::new(SeededRng::new(1_000_000 * u64::from(salt) + nth));
        (Service::open_with(config, clock.clone(), rng).await.unwrap(), clock)
    }

    async fn guest<'a>(&self, service: &'a Service) -> Guest<'a> {
        Guest::resume(service, self.way.cast(), self.recipient, self.cookie.clone()).await
    }

    /// A key in the signer's hands. Devices make another one each time that they are asked.
    fn key(&self, nth: usize) -> SoftwareSigner {
        SoftwareSigner::from_pkcs8(&std::fs::read(self.folder.join(format!("{nth}.p8"))).unwrap()).unwrap()
    }

    /// The key that this is the digest of.
    fn key_of(&self, digest: &[u8]) -> SoftwareSigner {
        let is = |key: &SoftwareSigner| pki::sha256(pki::Signer::public_key_der(key)) == digest;
        [0, 1].map(|nth| self.key(nth)).into_iter().find(is).unwrap()
    }
}

/// An authenticator that was used so often.
fn authenticator(key: SoftwareSigner, counter: u32) -> Authenticator {
    Authenticator::with(key, counter, Some([6; 32]))
}

/// What opens the key for an activation.
fn opens(way: Way, scene: &Scene, counter: u32, activation: &view::Activation) -> Agreement {
    match way {
        Way::Passkey => {
            let asked = &activation.passkey.as_ref().unwrap().credential_id;
            let key = scene.key_of(&URL_SAFE_NO_PAD.decode(asked).unwrap());
            let credential = authenticator(key, counter).agree(activation);
            Agreement { credential: Some(credential), ..Agreement::default() }
        }
        Way::Device => {
            let stated: serde_json::Value = serde_json::from_str(&activation.canonical).unwrap();
            let key = hex::decode(stated["public_key"].as_str().unwrap()).unwrap();
            let asked = STANDARD.decode(activation.to_be_signed.as_ref().unwrap()).unwrap();
            let signature = Device(scene.key_of(&key)).sign(&asked);
            Agreement { signature: Some(signature), ..Agreement::default() }
        }
        _ => Agreement { pin: Some(PIN.into()), ..Agreement::default() },
    }
}

async fn make_key(way: Way, key: SoftwareSigner, guest: &Guest<'_>) -> view::Ceremony {
    let (service, signer) = (guest.service, &guest.signer);
    match way {
        Way::Passkey => guest.passkey(&mut authenticator(key, 0)).await.unwrap(),
        Way::Device => guest.device(&Device(key)).await.unwrap(),
        Way::Token => ceremony::key_in(service, signer, Custody::Pkcs11, PIN).await.unwrap(),
        _ => ceremony::key(service, signer, PIN).await.unwrap(),
    }
}

async fn uses(guest: &Guest<'_>, id: &str, opened: Agreement) -> Result<view::Ceremony, Error> {
    let id: ActivationId = id.parse().unwrap();
    ceremony::sign_offered(guest.service, &guest.signer, id, opened).await
}

/// An activation, and what the signer does about the will: the code that was mailed, or a face that is shown.
async fn offers(way: Way, guest: &Guest<'_>) -> (view::Activation, Option<String>) {
    let by = match way {
        Way::Code => WillWay::Email,
        Way::FaceOfWill => WillWay::Face,
        _ => return (guest.offer().await.unwrap(), None),
    };
    let consent = (by == WillWay::Face).then(|| ConsentInput {
        version: consent::VERSION.to_owned(),
        locale: Locale::ZhCn,
        face: true,
        photo: false,
    });
    let choice = WillChoice { by: Some(by), method: None, consent };
    let shown = shown(&guest.show().await);
    let offered = ceremony::offer(guest.service, &guest.signer, Locale::ZhCn, shown, &choice).await.unwrap();
    if by == WillWay::Email {
        let code = code(guest.service, guest.cast.email).await;
        return (offered, Some(code));
    }
    let page = offered.will.as_ref().unwrap().page.as_ref().unwrap();
    let transaction = page.url.rsplit('/').next().unwrap();
    play_face(guest.service, transaction, FaceOutcome::Passed).await.unwrap();
    (offered, None)
}

async fn goes(way: Way, scene: &Scene, guest: &Guest<'_>) {
    match way {
        Way::Elements => guest.walk_to(view::Step::Document).await,
        Way::Face => {
            let shown = ceremony::identity(guest.service, &guest.signer, &face()).await.unwrap();
            let transaction = shown.identity.page.unwrap().url.rsplit('/').next().unwrap().to_owned();
            play_face(guest.service, &transaction, FaceOutcome::Passed).await.unwrap();
            ceremony::identity_poll(guest.service, &guest.signer).await.unwrap();
        }
        Way::Company => guest.walk_to(view::Step::Document).await,
        Way::Pin | Way::Passkey | Way::Device | Way::Code | Way::FaceOfWill | Way::Token => {
            make_key(way, scene.key(0), guest).await;
            let (activation, code) = offers(way, guest).await;
            let opened = Agreement { code, ..opens(way, scene, 10, &activation) };
            let said = serde_json::json!([activation.id, opened.credential, opened.signature, opened.code]);
            say(&format!("activation {said}"));
            uses(guest, &activation.id, opened).await.unwrap();
            jobs::run_due(guest.service).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other half of a_kill_after_any_commit_leaves_what_can_go_on"]
async fn goes_on_until_it_is_killed() {
    let Some(folder) = variable("VERMILION_KILLED_IN") else { return };
    let way = Way::ALL[variable("VERMILION_KILLED_WAY").unwrap().parse::<usize>().unwrap()];
    let scene = Scene {
        way,
        folder: folder.into(),
        recipient: variable("VERMILION_KILLED_RECIPIENT").unwrap().parse().unwrap(),
        cookie: variable("VERMILION_KILLED_COOKIE").unwrap(),
    };
    let (service, _) = scene.open(10 + moment()).await;
    let guest = scene.guest(&service).await;
    let commits = Commits::counted();
    goes(way, &scene, &guest).await;
    commits.ended();
}

/// What the child said before it was killed, or ended.
#[derive(Default)]
struct Said {
    /// The activation that it was about to use, and what it would have used it with.
    activation: Option<(String, Agreement)>,
    /// How many commits there were, where it ended by itself.
    ended: Option<u64>,
}

/// Runs the child, and kills it `after` its `at`th commit.
fn cut_down(scene: &Scene, way: Way, at: u64, after: Duration) -> Said {
    let nth = Way::ALL.iter().position(|it| *it == way).unwrap();
    let variables = [
        ("VERMILION_KILLED_IN", scene.folder.display().to_string()),
        ("VERMILION_KILLED_WAY", nth.to_string()),
        ("VERMILION_KILLED_RECIPIENT", scene.recipient.to_string()),
        ("VERMILION_KILLED_COOKIE", scene.cookie.clone()),
    ];
    let mut said = Said::default();
    for line in killed("cut_down::goes_on_until_it_is_killed", &variables, at, after) {
        if let Some((_, rest)) = line.split_once("activation [") {
            let (id, credential, signature, code): (String, Option<String>, Option<String>, Option<String>) =
                serde_json::from_str(&format!("[{rest}")).unwrap();
            let pin = (credential.is_none() && signature.is_none()).then(|| PIN.to_owned());
            said.activation = Some((id, Agreement { credential, pin: pin.map(Into::into), signature, code }));
        } else if let Some((_, rest)) = line.split_once("ended after ") {
            said.ended = rest.trim().parse().ok();
        }
    }
    said
}

/// What must be so at any time, with the ceremony as it was left.
pub(crate) async fn whole(data: &Path, signer: RecipientId, envelope: EnvelopeId, what: &str) {
    let records = open_records(data).await;
    let mut reader = records.read().await.unwrap();
    let (last, head) = reader.event_head().await.unwrap();
    assert_eq!(reader.verify_events(1, last).await.unwrap(), Ok(head), "{what}");
    // Each certificate that was issued has its record and its event, and an intent has neither.
    let filter = store::CertificateFilter { most: 1_000, ..store::CertificateFilter::default() };
    for record in reader.certificates(&filter, "2030-01-01T00:00:00Z".parse().unwrap()).await.unwrap() {
        let events = reader.events_of(&record.id.to_string()).await.unwrap();
        let issued = events.iter().filter(|link| link.event.kind == "certificate.issued").count();
        let whole = record.der.is_some();
        assert_eq!(whole, record.state != store::CertificateState::Intended, "{what}");
        assert_eq!(issued, usize::from(whole), "{what}: {}", record.serial);
    }
    // A signature is there with its activation, or neither is.
    let contents = reader.contents(envelope).await.unwrap().unwrap();
    let recipient = contents.recipients.iter().find(|it| it.id == signer).unwrap();
    let used = reader.used_activations(signer).await.unwrap().len();
    let signed = recipient.status == domain::recipient::RecipientStatus::Signed;
    assert_eq!(used, usize::from(signed), "{what}");
    // Where nobody else is asked, the time-stamp over the whole follows.
    let completed = contents.envelope.status == domain::envelope::EnvelopeStatus::Completed;
    let revisions = 2 + 2 * used + usize::from(completed);
    assert_eq!(contents.documents[0].revisions.len(), revisions, "{what}: all of a signature or nothing");
    let events = reader.events_of(&envelope.to_string()).await.unwrap();
    let count = |kind: &str| events.iter().filter(|link| link.event.kind == kind).count();
    assert_eq!(count("recipient.signed"), used, "{what}");
    assert!(count("organization.verified") <= 1, "{what}");
    if let Some(certificate) = &recipient.certificate {
        assert!(
            reader.certificate_by_serial(&certificate.serial).await.unwrap().is_some(),
            "{what}: it is on record"
        );
    }
    drop(reader);
    records.close().await;
}

/// The signer comes back: the activation of before serves at most once, and the ceremony goes on to one signature.
async fn goes_on(scene: &Scene, way: Way, envelope: EnvelopeId, said: Said, what: &str) {
    let (service, clock) = scene.open(900).await;
    let guest = scene.guest(&service).await;
    if let Some((id, opened)) = said.activation {
        let before = guest.show().await.step;
        match uses(&guest, &id, opened).await {
            Ok(ceremony) => assert_eq!(ceremony.step, view::Step::Done, "{what}"),
            Err(Error::Refused(refused)) => {
                assert_eq!((before, refused), (view::Step::Confirm, Refusal::ActivationUsed), "{what}");
            }
            Err(other) => panic!("{what}: {other:?}"),
        }
    }
    for _ in 0..20 {
        // Transfers of the same moment have no order.
        clock.advance(jiff::SignedDuration::from_secs(1));
        match guest.show().await.step {
            view::Step::Done => break,
            // A face that was shown counts, whoever asks about it; otherwise it is given up for another way.
            view::Step::Identity if way == Way::Face => {
                let polled = ceremony::identity_poll(&service, &guest.signer).await.unwrap();
                match polled.identity.state {
                    view::IdentityState::Verified => {}
                    view::IdentityState::Pending => {
                        ceremony::identity_restart(&service, &guest.signer).await.map(drop).unwrap();
                        guest.walk_to(view::Step::Document).await;
                    }
                    _ => guest.walk_to(view::Step::Document).await,
                }
            }
            view::Step::Identity => {
                jobs::run_due(&service).await.unwrap();
                let codes = notify::outbox(&service, Some(PERSON.resident.phone), None).await.unwrap();
                if guest.show().await.identity.state == view::IdentityState::CodeSent
                    && codes.items.is_empty()
                {
                    // The message was in the hands of the server that died: the signer has another sent.
                    clock.advance(jiff::SignedDuration::from_secs(61));
                    ceremony::identity_resend(&service, &guest.signer).await.map(drop).unwrap();
                }
                guest.step().await;
            }
            // The bank may have been asked by the server that died: the next sweep asks it what became of the payment.
            view::Step::Organization
                if guest.show().await.organization.unwrap().state
                    == view::OrganizationState::PaymentRequested =>
            {
                clock.advance(jiff::SignedDuration::from_mins(30));
                jobs::sweep(&service).await.unwrap();
            }
            view::Step::Key => drop(make_key(way, scene.key(1), &guest).await),
            view::Step::Confirm if way.begins_at() == view::Step::Key => {
                // Where a code was sent a moment ago, the next is a minute away.
                clock.advance(jiff::SignedDuration::from_secs(61));
                let (activation, code) = offers(way, &guest).await;
                let opened = Agreement { code, ..opens(way, scene, 100, &activation) };
                uses(&guest, &activation.id, opened).await.unwrap();
            }
            _ => drop(Box::pin(guest.step()).await),
        }
    }
    assert_eq!(guest.show().await.step, view::Step::Done, "{what}");
    // A job that was claimed by a server that died is free again after a while; whoever's key it is heard of each use once,
    // and of one that it signed.
    clock.advance(jiff::SignedDuration::from_mins(6));
    jobs::run_due(&service).await.unwrap();
    let mails = notify::outbox(&service, Some(guest.cast.email), None).await.unwrap();
    let told: Vec<&str> =
        mails.items.iter().map(|it| it.subject.as_str()).filter(|it| it.contains("您的签名密钥")).collect();
    let actor = sender(&service).await;
    let events = vermilion_service::envelope::events(&service, &actor, envelope).await.unwrap();
    let used = events.items.iter().filter(|it| it.kind == "key.used").count();
    assert_eq!(told.len(), used, "{what}: {told:?}");
    assert_eq!(told.iter().filter(|it| it.contains("签署了")).count(), 1, "{what}: {told:?}");
    service.close().await;
    whole(&scene.folder.join("data"), scene.recipient, envelope, what).await;
}

async fn sender(service: &Service) -> Actor {
    let logged_in = account::log_in(service, "sender@example.com", "correct horse battery").await.unwrap();
    account::authenticate(service, &logged_in.token).await.unwrap()
}

pub(crate) async fn every_commit_of(way: Way, between: &[u64]) {
    // The ceremony at its step, of which each run gets a copy.
    let settings =
        move |config| way.config(Config { public_url: "http://localhost:8080".to_owned(), ..config });
    let house = House::configured(settings).await;
    let actor = house.sender().await;
    let policy = match way.policy() {
        Some(input) => policy::write(&house.service, &actor, input).await.unwrap().name,
        None => "standard".to_owned(),
    };
    let path = house.file(&testkit::pdf_samples::contract(pdf::XrefKind::Table, 2));
    // Whoever else is asked never comes: the envelope is not completed meanwhile.
    let order = view::Order::Parallel;
    let (envelope, _) = send_under(&house.service, &actor, &path, order, &policy).await;
    let (recipient, cookie) = {
        let guest = house.guest(way.cast()).await;
        Box::pin(guest.walk_to(way.begins_at())).await;
        (guest.recipient, guest.cookie.clone())
    };
    house.service.close().await;
    let folder = tempfile::tempdir().unwrap();
    let keys = [0, 1].map(|_| SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().1);
    let fresh = |name: &str| {
        let scene = Scene { way, folder: folder.path().join(name), recipient, cookie: cookie.clone() };
        copy(house.data(), &scene.folder.join("data"));
        for (nth, key) in keys.iter().enumerate() {
            std::fs::write(scene.folder.join(format!("{nth}.p8")), &**key).unwrap();
        }
        scene
    };
    let unharmed = fresh("unharmed");
    let commits = cut_down(&unharmed, way, u64::MAX >> 1, Duration::ZERO).ended.unwrap();
    assert!((4..60).contains(&commits), "{way:?}: {commits} commits");
    Box::pin(goes_on(&unharmed, way, envelope, Said::default(), "unharmed")).await;
    let moments =
        (1..=commits).map(|at| (at, 0)).chain(between.iter().map(|micros| (commits.div_ceil(2), *micros)));
    for (at, micros) in moments {
        let what = format!("{way:?}, {micros} us after commit {at} of {commits}");
        let scene = fresh(&format!("{at}-{micros}"));
        let said = cut_down(&scene, way, at, Duration::from_micros(micros));
        assert!(said.ended.is_none() || micros > 0, "{what}: it was not killed");
        whole(&scene.folder.join("data"), recipient, envelope, &what).await;
        Box::pin(goes_on(&scene, way, envelope, said, &what)).await;
        if at == commits {
            // The last is looked at as everyone sees it.
            let (service, clock) = scene.open(901).await;
            clock.advance(jiff::SignedDuration::from_hours(1));
            let bytes = document(&service, &sender(&service).await, envelope).await;
            let verdict = verify::verify_source(&service, "", Arc::new(bytes)).await.unwrap();
            assert_eq!(verdict.indication, "TOTAL-PASSED", "{what}: {verdict:#?}");
            let shown =
                vermilion_service::envelope::show(&service, &sender(&service).await, envelope).await.unwrap();
            assert_eq!(shown.documents[0].revisions.len(), 4, "{what}");
        }
        std::fs::remove_dir_all(&scene.folder).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_of_a_check_by_elements_leaves_what_can_go_on() {
    Box::pin(every_commit_of(Way::Elements, &[])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_of_a_face_check_leaves_what_can_go_on() {
    Box::pin(every_commit_of(Way::Face, &[])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_leaves_a_pin_one_signature() {
    Box::pin(every_commit_of(Way::Pin, &[2_000, 20_000])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_leaves_a_passkey_one_signature() {
    Box::pin(every_commit_of(Way::Passkey, &[5_000, 60_000])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_leaves_a_device_one_signature() {
    Box::pin(every_commit_of(Way::Device, &[10_000, 40_000])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_of_the_company_step_leaves_what_can_go_on() {
    Box::pin(every_commit_of(Way::Company, &[])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_leaves_a_code_for_the_will_one_signature() {
    Box::pin(every_commit_of(Way::Code, &[20_000])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_leaves_a_face_for_the_will_one_signature() {
    Box::pin(every_commit_of(Way::FaceOfWill, &[])).await;
}

//! SIGKILL after any commit of a certificate's way from another's authority, over EST: issued at once, and decided later. What
//! came is on record before it is used, the request goes on after a restart, and the activation serves once.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::{EnvelopeId, RecipientId};
use jiff::{SignedDuration, Timestamp};
use testkit::{FixedClock, SeededRng};
use vermilion_service::ceremony::{self, Agreement};
use vermilion_service::view::{self, KeyState, Step};
use vermilion_service::{Error, Refusal, Service, account, jobs};

use crate::cut_down::whole;
use crate::external::{Abroad, asking, at_key, first_signature};
use crate::killed::open_records;
use crate::killing::{Commits, NEVER, copy, ended, killed, moment, say, variable};
use crate::signers::{Guest, PASSWORD, PERSON, PIN};

/// When the other authority decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    AtOnce,
    Later,
}

/// A data folder with a ceremony in it, a signer in their browser, and the other authority's server.
struct Scene {
    decision: Decision,
    data: PathBuf,
    /// Where the other authority keeps its files.
    abroad: PathBuf,
    url: String,
    recipient: RecipientId,
    cookie: String,
    at: Timestamp,
}

impl Scene {
    /// The service on the folder, as the `nth` process.
    async fn open(&self, nth: u64) -> (Service, Arc<FixedClock>) {
        let config = asking(self.url.clone(), &self.abroad, self.data.clone());
        let clock = Arc::new(FixedClock::at(self.at));
        let rng = Arc::new(SeededRng::new(1_000 + nth));
        (Service::open_with(config, clock.clone(), rng).await.unwrap(), clock)
    }

    async fn guest<'a>(&self, service: &'a Service) -> Guest<'a> {
        Guest::resume(service, PERSON, self.recipient, self.cookie.clone()).await
    }

    fn undecided(&self, is: bool) {
        let file = self.abroad.join("undecided");
        if is {
            std::fs::write(file, "").unwrap();
        } else if file.exists() {
            std::fs::remove_file(file).unwrap();
        }
    }

    fn variables(&self) -> [(&'static str, String); 7] {
        [
            ("VERMILION_KILLED_IN", self.data.display().to_string()),
            ("VERMILION_KILLED_ABROAD", self.abroad.display().to_string()),
            ("VERMILION_KILLED_URL", self.url.clone()),
            ("VERMILION_KILLED_WAY", u8::from(self.decision == Decision::Later).to_string()),
            ("VERMILION_KILLED_RECIPIENT", self.recipient.to_string()),
            ("VERMILION_KILLED_COOKIE", self.cookie.clone()),
            ("VERMILION_KILLED_TIME", self.at.to_string()),
        ]
    }

    /// What the parent gave to the child.
    fn given() -> Option<Self> {
        let later = variable("VERMILION_KILLED_WAY")? == "1";
        Some(Self {
            decision: if later { Decision::Later } else { Decision::AtOnce },
            data: variable("VERMILION_KILLED_IN")?.into(),
            abroad: variable("VERMILION_KILLED_ABROAD")?.into(),
            url: variable("VERMILION_KILLED_URL")?,
            recipient: variable("VERMILION_KILLED_RECIPIENT")?.parse().unwrap(),
            cookie: variable("VERMILION_KILLED_COOKIE")?,
            at: variable("VERMILION_KILLED_TIME")?.parse().unwrap(),
        })
    }

    /// Runs the child, and kills it after its `at`th commit.
    fn cut_down(&self, at: u64) -> Vec<String> {
        self.undecided(self.decision == Decision::Later);
        let test = "est_cut_down::is_certified_until_it_is_killed";
        let said = killed(test, &self.variables(), at, Duration::ZERO);
        self.undecided(false);
        said
    }
}

async fn uses(guest: &Guest<'_>, activation: &str) -> Result<view::Ceremony, Error> {
    let opened = Agreement { pin: Some(PIN.into()), ..Agreement::default() };
    ceremony::sign_offered(guest.service, &guest.signer, activation.parse().unwrap(), opened).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other half of a_kill_after_any_commit_of_issuance_over_est_leaves_one_signature"]
async fn is_certified_until_it_is_killed() {
    let Some(scene) = Scene::given() else { return };
    let (service, clock) = scene.open(moment()).await;
    let guest = scene.guest(&service).await;
    let commits = Commits::counted();
    let made = ceremony::key(&service, &guest.signer, PIN).await.unwrap();
    if scene.decision == Decision::Later {
        assert_eq!(made.key.state, KeyState::Pending);
        scene.undecided(false);
        clock.advance(SignedDuration::from_mins(61));
        jobs::sweep(&service).await.unwrap();
    }
    let activation = guest.offer().await.unwrap();
    say(&format!("activation {}", activation.id));
    uses(&guest, &activation.id).await.unwrap();
    jobs::run_due(&service).await.unwrap();
    commits.ended();
}

/// What is on record of the other authority: each request with its intent, and each certificate once.
async fn on_record(data: &Path, what: &str) -> usize {
    let records = open_records(data).await;
    let mut reader = records.read().await.unwrap();
    let filter = store::CertificateFilter { most: 1_000, ..store::CertificateFilter::default() };
    let all = reader.certificates(&filter, "2040-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    let asked: Vec<_> = all.iter().filter(|it| it.authority == "est").collect();
    for it in &asked {
        let waits = reader.pending_certificate_by_id(it.id).await.unwrap().is_some();
        assert!(it.der.is_some() || waits, "{what}: an intent is asked again until it is decided");
    }
    let issued: Vec<_> = asked.iter().filter(|it| it.der.is_some()).collect();
    assert!(issued.len() <= 1, "{what}: one key, one certificate");
    drop(reader);
    records.close().await;
    asked.len()
}

/// The signer comes back: the request goes on, the activation of before serves at most once, and there is one signature.
async fn goes_on(scene: &Scene, envelope: EnvelopeId, activation: Option<&str>, what: &str) {
    let (service, clock) = scene.open(900).await;
    let guest = scene.guest(&service).await;
    // As late as the child was.
    if scene.decision == Decision::Later {
        clock.advance(SignedDuration::from_mins(61));
    }
    if let Some(id) = activation {
        let before = guest.show().await.step;
        match uses(&guest, id).await {
            Ok(ceremony) => assert_eq!(ceremony.step, Step::Done, "{what}"),
            Err(Error::Refused(refused)) => {
                assert_eq!((before, refused), (Step::Confirm, Refusal::ActivationUsed), "{what}");
            }
            Err(other) => panic!("{what}: {other:?}"),
        }
    }
    for _ in 0..10 {
        let shown = guest.show().await;
        match (shown.step, shown.key.state) {
            (Step::Done, _) => break,
            (Step::Key, KeyState::Pending) => {
                clock.advance(SignedDuration::from_mins(62));
                jobs::sweep(&service).await.unwrap();
            }
            _ => drop(guest.step().await),
        }
    }
    assert_eq!(guest.show().await.step, Step::Done, "{what}");
    clock.advance(SignedDuration::from_mins(6));
    jobs::run_due(&service).await.unwrap();
    service.close().await;
    whole(&scene.data, scene.recipient, envelope, what).await;
    assert_eq!(on_record(&scene.data, what).await, 1, "{what}");
}

async fn every_commit_of(decision: Decision) {
    let Some(mut abroad) = Abroad::new() else { return };
    let at = domain::Clock::now(&*abroad.clock);
    let service = abroad.open().await;
    let (_, envelope) = abroad.sent(&service).await;
    let (recipient, cookie) = {
        let guest = at_key(&service).await;
        (guest.recipient, guest.cookie.clone())
    };
    service.close().await;
    let folder = tempfile::tempdir().unwrap();
    let fresh = |name: &str| {
        let data = folder.path().join(name);
        copy(&abroad.data(), &data);
        let (abroad, url) = (abroad.folder.path().to_owned(), abroad.server.url());
        Scene { decision, data, abroad, url, recipient, cookie: cookie.clone(), at }
    };
    let unharmed = fresh("unharmed");
    let commits = ended(&unharmed.cut_down(NEVER)).unwrap();
    assert!((6..60).contains(&commits), "{decision:?}: {commits} commits");
    Box::pin(goes_on(&unharmed, envelope, None, "unharmed")).await;
    for at in 1..=commits {
        let what = format!("{decision:?}, after commit {at} of {commits}");
        let scene = fresh(&at.to_string());
        let said = scene.cut_down(at);
        assert!(ended(&said).is_none(), "{what}: it was not killed");
        whole(&scene.data, recipient, envelope, &what).await;
        on_record(&scene.data, &what).await;
        let activation = said.iter().find_map(|line| Some(line.split_once("activation ")?.1.trim()));
        Box::pin(goes_on(&scene, envelope, activation, &what)).await;
        if at == commits {
            let (service, _) = scene.open(901).await;
            let logged_in = account::log_in(&service, "sender@example.com", PASSWORD).await.unwrap();
            let actor = account::authenticate(&service, &logged_in.token).await.unwrap();
            first_signature(&abroad, &service, &actor, envelope).await;
            service.close().await;
        }
        std::fs::remove_dir_all(&scene.data).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_of_issuance_over_est_leaves_one_signature() {
    Box::pin(every_commit_of(Decision::AtOnce)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_while_the_other_authority_decides_leaves_one_signature() {
    Box::pin(every_commit_of(Decision::Later)).await;
}

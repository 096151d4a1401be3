//! SIGKILL after any commit of the way by the legal representative's signature: while they are asked, and while they sign and
//! the registry is asked about them. The letter is signed once, both powers are there together, and the agent goes on.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::organization::{AgentRole, OrganizationState};
use domain::{EnvelopeId, RecipientId};
use jiff::SignedDuration;
use store::AuthorizationState;
use testkit::{FixedClock, SeededRng};
use vermilion_service::ceremony::{self, Agreement};
use vermilion_service::view::{self, Step};
use vermilion_service::{Config, Error, Refusal, Service, jobs, notify};

use crate::agents::OTHER;
use crate::companies::{LEADER, choosing, read_letter, sign_letter};
use crate::cut_down::whole;
use crate::killed::open_records;
use crate::killing::{Commits, NEVER, copy, ended, killed, moment, say, variable};
use crate::signers::{Cast, Guest, House, PIN, link};

/// Somebody's ceremony, in a browser.
#[derive(Clone)]
struct Browser {
    recipient: RecipientId,
    cookie: String,
}

impl Browser {
    fn of(guest: &Guest<'_>) -> Self {
        Self { recipient: guest.recipient, cookie: guest.cookie.clone() }
    }

    async fn guest<'a>(&self, service: &'a Service, cast: Cast) -> Guest<'a> {
        Guest::resume(service, cast, self.recipient, self.cookie.clone()).await
    }

    fn variables(&self, folder: &Path) -> [(&'static str, String); 3] {
        [
            ("VERMILION_KILLED_IN", folder.display().to_string()),
            ("VERMILION_KILLED_RECIPIENT", self.recipient.to_string()),
            ("VERMILION_KILLED_COOKIE", self.cookie.clone()),
        ]
    }

    /// What the parent gave to the child: the folder, and the browser.
    fn given() -> Option<(PathBuf, Self)> {
        let folder = variable("VERMILION_KILLED_IN")?.into();
        let recipient = variable("VERMILION_KILLED_RECIPIENT")?.parse().unwrap();
        Some((folder, Self { recipient, cookie: variable("VERMILION_KILLED_COOKIE")? }))
    }
}

/// The service on a data folder, as the `nth` process.
async fn open(data: &Path, nth: u64) -> (Service, Arc<FixedClock>) {
    let config = Config::new(data.to_owned(), "http://127.0.0.1:8080").cheap_for_tests();
    let clock = Arc::new(FixedClock::default());
    // After what the house did.
    clock.advance(SignedDuration::from_mins(1));
    let service = Service::open_with(config, clock.clone(), Arc::new(SeededRng::new(nth))).await.unwrap();
    (service, clock)
}

/// The letter that the run waits for, or waited for, and what is so at any time: the run stands as the letter does, and there
/// are both powers or none.
async fn letter_of(data: &Path, agent: RecipientId, what: &str) -> Option<store::Authorization> {
    let records = open_records(data).await;
    let mut reader = records.read().await.unwrap();
    let run = reader.ceremony(agent).await.unwrap().organization_verification_id.unwrap();
    let run = reader.organization_verification(run).await.unwrap().unwrap();
    let letters = reader.authorizations(run.id).await.unwrap();
    let open = letters.iter().filter(|it| it.state == AuthorizationState::Asked).count();
    assert_eq!(open, usize::from(run.state == OrganizationState::LeaderAsked), "{what}: {letters:?}");
    let confirmed = letters.iter().filter(|it| it.state == AuthorizationState::Confirmed).count();
    assert_eq!(confirmed, usize::from(run.state == OrganizationState::Verified), "{what}: {letters:?}");
    let mut roles = Vec::new();
    if let Some(known) = reader.organization_by_code(&run.credit_code).await.unwrap() {
        let agents = reader.agents(known.id).await.unwrap();
        roles.extend(agents.iter().filter(|it| it.revoked.is_none()).map(|it| it.role.as_str()));
        assert_eq!(agents.len(), roles.len(), "{what}: nothing was granted twice");
    }
    roles.sort_unstable();
    let both = [AgentRole::Agent.as_str(), AgentRole::LegalRepresentative.as_str()];
    assert_eq!(roles, if confirmed == 1 { &both[..] } else { &[] }, "{what}");
    drop(reader);
    records.close().await;
    letters.into_iter().next()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other half of a_kill_after_any_commit_of_asking_leaves_one_letter"]
async fn asks_until_it_is_killed() {
    let Some((folder, browser)) = Browser::given() else { return };
    let (service, _) = open(&folder, 10 + moment()).await;
    let agent = browser.guest(&service, OTHER).await;
    let commits = Commits::counted();
    agent.asks(LEADER.email, true).await.unwrap();
    jobs::run_due(&service).await.unwrap();
    commits.ended();
}

/// The agent comes back, and the legal representative signs one letter: another is nowhere.
async fn one_letter_is_signed(data: &Path, browser: &Browser, envelope: EnvelopeId, what: &str) {
    let (service, clock) = open(data, 900).await;
    let agent = browser.guest(&service, OTHER).await;
    // What the server that died had in hand is free again.
    clock.advance(SignedDuration::from_mins(6));
    jobs::sweep(&service).await.unwrap();
    jobs::run_due(&service).await.unwrap();
    let state = agent.show().await.organization.unwrap().state;
    if state == view::OrganizationState::RegistryChecked {
        agent.asks(LEADER.email, true).await.unwrap();
    } else {
        assert_eq!(state, view::OrganizationState::LeaderAsked, "{what}");
    }
    let invitation = link(&service, LEADER.email).await;
    sign_letter(&Guest::enter(&service, LEADER, &invitation).await).await;
    jobs::run_due(&service).await.unwrap();
    assert_eq!(agent.show().await.step, Step::Document, "{what}");
    clock.advance(SignedDuration::from_mins(6));
    jobs::sweep(&service).await.unwrap();
    let mails = notify::outbox(&service, Some(LEADER.email), None).await.unwrap();
    let asked = mails.items.iter().filter(|it| it.links.iter().any(|link| link.url.contains('#'))).count();
    assert_eq!(asked, 1, "{what}: they were asked once");
    service.close().await;
    letter_of(data, browser.recipient, what).await.unwrap();
    whole(data, browser.recipient, envelope, what).await;
    let records = open_records(data).await;
    let mut reader = records.read().await.unwrap();
    let author = domain::Email::parse("authorizations@vermilion.invalid").unwrap();
    let (author, _) = reader.account_by_email(&author).await.unwrap().unwrap();
    let all = store::EnvelopeFilter { limit: 10, ..store::EnvelopeFilter::default() };
    assert_eq!(reader.envelopes(author.id, &all).await.unwrap().len(), 1, "{what}: no draft is left");
    drop(reader);
    records.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_of_asking_leaves_one_letter() {
    let house = House::new().await;
    let (browser, envelope) = {
        let (agent, envelope) = choosing(&house, OTHER).await;
        (Browser::of(&agent), envelope)
    };
    house.service.close().await;
    let folder = tempfile::tempdir().unwrap();
    let run = |at: u64| {
        let data = folder.path().join(at.to_string());
        copy(house.data(), &data);
        let test = "letter_cut_down::asks_until_it_is_killed";
        let said = killed(test, &browser.variables(&data), at, Duration::ZERO);
        (data, ended(&said))
    };
    let (unharmed, commits) = run(NEVER);
    let commits = commits.unwrap();
    assert!((8..60).contains(&commits), "{commits} commits");
    Box::pin(one_letter_is_signed(&unharmed, &browser, envelope, "unharmed")).await;
    for at in 1..=commits {
        let what = format!("after commit {at} of {commits}");
        let (data, ended) = run(at);
        assert!(ended.is_none(), "{what}: it was not killed");
        letter_of(&data, browser.recipient, &what).await;
        whole(&data, browser.recipient, envelope, &what).await;
        Box::pin(one_letter_is_signed(&data, &browser, envelope, &what)).await;
        std::fs::remove_dir_all(&data).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other half of a_kill_after_any_commit_of_the_letters_signature_leaves_both_powers_or_none"]
async fn signs_the_letter_until_it_is_killed() {
    let Some((folder, browser)) = Browser::given() else { return };
    let (service, _) = open(&folder, 10 + moment()).await;
    let leader = browser.guest(&service, LEADER).await;
    let commits = Commits::counted();
    let activation = leader.offer().await.unwrap();
    say(&format!("activation {}", activation.id));
    uses(&leader, &activation.id).await.unwrap();
    // Who the signer is, the registry is asked by a job.
    jobs::run_due(&service).await.unwrap();
    commits.ended();
}

async fn uses(leader: &Guest<'_>, activation: &str) -> Result<view::Ceremony, Error> {
    let opened = Agreement { pin: Some(PIN.into()), ..Agreement::default() };
    ceremony::sign_offered(leader.service, &leader.signer, activation.parse().unwrap(), opened).await
}

/// The activation of before serves at most once, the letter is signed once, and the agent goes on.
async fn both_powers_are_there(
    data: &Path,
    (agent, leader): (&Browser, &Browser),
    activation: Option<&str>,
    what: &str,
) {
    let (service, clock) = open(data, 900).await;
    let signer = leader.guest(&service, LEADER).await;
    if let Some(id) = activation {
        let before = signer.show().await.step;
        match uses(&signer, id).await {
            Ok(ceremony) => assert_eq!(ceremony.step, Step::Done, "{what}"),
            Err(Error::Refused(refused)) => {
                assert_eq!((before, refused), (Step::Confirm, Refusal::ActivationUsed), "{what}");
            }
            Err(other) => panic!("{what}: {other:?}"),
        }
    }
    signer.walk_to(Step::Done).await;
    clock.advance(SignedDuration::from_mins(6));
    jobs::sweep(&service).await.unwrap();
    jobs::run_due(&service).await.unwrap();
    assert_eq!(agent.guest(&service, OTHER).await.show().await.step, Step::Document, "{what}");
    clock.advance(SignedDuration::from_mins(6));
    jobs::run_due(&service).await.unwrap();
    let told = notify::outbox(&service, Some(OTHER.email), None).await.unwrap();
    assert_eq!(told.items.iter().filter(|it| it.subject.contains("已获授权")).count(), 1, "{what}");
    service.close().await;
    let letter = letter_of(data, agent.recipient, what).await.unwrap();
    assert_eq!(letter.state, AuthorizationState::Confirmed, "{what}");
    whole(data, leader.recipient, letter.envelope_id, what).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_after_any_commit_of_the_letters_signature_leaves_both_powers_or_none() {
    let house = House::new().await;
    let (agent, leader, envelope) = {
        let (guest, envelope) = choosing(&house, OTHER).await;
        guest.asks(LEADER.email, true).await.unwrap();
        house.pass(SignedDuration::from_secs(1));
        let leader = house.guest(LEADER).await;
        read_letter(&leader).await;
        (Browser::of(&guest), Browser::of(&leader), envelope)
    };
    house.service.close().await;
    let letter = letter_of(house.data(), agent.recipient, "before").await.unwrap().envelope_id;
    let folder = tempfile::tempdir().unwrap();
    let run = |at: u64, micros: u64| {
        let data = folder.path().join(format!("{at}-{micros}"));
        copy(house.data(), &data);
        let test = "letter_cut_down::signs_the_letter_until_it_is_killed";
        (data.clone(), killed(test, &leader.variables(&data), at, Duration::from_micros(micros)))
    };
    let (unharmed, said) = run(NEVER, 0);
    let commits = ended(&said).unwrap();
    assert!((8..60).contains(&commits), "{commits} commits");
    Box::pin(both_powers_are_there(&unharmed, (&agent, &leader), None, "unharmed")).await;
    // And in between, while the key is opened.
    let between = [2_000, 20_000].map(|micros| (3, micros));
    for (at, micros) in (1..=commits).map(|at| (at, 0)).chain(between) {
        let what = format!("{micros} us after commit {at} of {commits}");
        let (data, said) = run(at, micros);
        assert!(ended(&said).is_none() || micros > 0, "{what}: it was not killed");
        letter_of(&data, agent.recipient, &what).await;
        whole(&data, leader.recipient, letter, &what).await;
        whole(&data, agent.recipient, envelope, &what).await;
        let activation = said.iter().find_map(|line| Some(line.split_once("activation ")?.1.trim()));
        Box::pin(both_powers_are_there(&data, (&agent, &leader), activation, &what)).await;
        std::fs::remove_dir_all(&data).unwrap();
    }
}

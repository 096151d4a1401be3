//! The end of an envelope: the time-stamp over the whole, also where the authority that gives it does not answer.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::SignedDuration;
use vermilion_service::authority::{AuthorityError, EmbeddedAuthority, TimeStampAuthority};
use vermilion_service::{Refusal, envelope, jobs, notify, verify, view};

use crate::signers::{AGENT, House, PERSON, PIN, document, refusal};

/// An authority that answers as often as it is told to, and is out of reach then.
struct Rationed {
    authority: EmbeddedAuthority,
    left: Arc<AtomicUsize>,
}

#[async_trait]
impl TimeStampAuthority for Rationed {
    fn name(&self) -> &'static str {
        "rationed"
    }

    async fn answer(&self, request: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        let take = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_err() {
            return Err(AuthorityError::TimeStamp("out of reach".to_owned()));
        }
        self.authority.answer(request).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_stamp_that_is_not_to_be_had_is_asked_for_again() {
    let left = Arc::new(AtomicUsize::new(2));
    let ration = Arc::clone(&left);
    let house = House::stamped_by(move |authority| {
        Arc::new(Rationed { authority: authority.clone(), left: Arc::clone(&ration) })
    })
    .await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Confirm).await;
    // The signature is kept: only the time-stamp over the whole is out of reach.
    let signed = agent.sign(PIN).await.unwrap();
    assert_eq!((signed.step, signed.envelope.status), (view::Step::Done, view::EnvelopeStatus::Completing));
    let result = signed.result.as_ref().unwrap();
    assert_eq!((result.level.as_str(), result.completed), ("PAdES-B-LT", false));
    for _ in 0..15 {
        house.pass(SignedDuration::from_hours(1));
        jobs::run_due(&house.service).await.unwrap();
        jobs::sweep(&house.service).await.unwrap();
    }
    // Nothing ends it: its time does not run out, and nobody takes it back.
    house.pass(SignedDuration::from_hours(24 * 40));
    jobs::sweep(&house.service).await.unwrap();
    let waiting = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!((waiting.status, waiting.documents[0].revisions.len()), (view::EnvelopeStatus::Completing, 6));
    let voided = envelope::void(&house.service, &actor, id, "too late").await;
    assert_eq!(refusal(voided).code(), "envelope_state");
    assert_eq!(told(&house).await, 0, "nobody is told before it is finished");
    let listed = envelope::list(&house.service, &actor, &filter("sent")).await.unwrap();
    assert_eq!((listed.items.len(), listed.counts.sent), (1, 1), "it is under way still");

    left.store(9, Ordering::SeqCst);
    house.pass(SignedDuration::from_mins(15));
    jobs::run_due(&house.service).await.unwrap();
    let done = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!((done.status, done.documents[0].revisions.len()), (view::EnvelopeStatus::Completed, 7));
    assert_eq!(left.load(Ordering::SeqCst), 8, "one time-stamp was asked for");
    assert_eq!(told(&house).await, 1);
    let bytes = document(&house.service, &actor, id).await;
    let verdict = verify::verify_source(&house.service, "", Arc::new(bytes)).await.unwrap();
    assert_eq!(verdict.indication, "TOTAL-PASSED", "{verdict:#?}");
    let levels: Vec<&str> = verdict.signatures.iter().map(|it| it.level.as_str()).collect();
    assert_eq!(
        levels,
        ["PAdES-B-LTA", "PAdES-B-LTA", "PAdES-B-T"],
        "both signatures, and the time-stamp itself"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn page_timeline_report_and_verdict_name_the_same_file() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Done).await;
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    let digest = &shown.documents[0].sha256;
    let last = shown.documents[0].revisions.last().unwrap();
    assert_eq!((last.kind, &last.sha256), (view::RevisionKind::TimeStamp, digest));
    let bytes = document(&house.service, &actor, id).await;
    assert_eq!(&hex::encode(pki::sha256(&bytes)), digest);
    let verdict = verify::verify_source(&house.service, "", Arc::new(bytes)).await.unwrap();
    assert_eq!(&verdict.sha256, digest);
    let page = envelope::events(&house.service, &actor, id).await.unwrap();
    let param = |kind: &str, name: &str| {
        page.items.iter().find(|it| it.kind == kind).unwrap().params.get(name).cloned().unwrap()
    };
    assert_eq!(&param("document.time_stamped", "document_sha256"), digest);
    assert_eq!(param("document.time_stamped", "level"), "PAdES-B-LTA");
    assert_eq!(&param("envelope.completed", "documents"), digest);
    // Who signed before it was finished is shown the finished file, too.
    for guest in [house.guest(PERSON).await, agent] {
        let result = guest.show().await.result.unwrap();
        assert_eq!((&result.document_sha256, result.level.as_str()), (digest, "PAdES-B-LTA"));
        assert!(result.completed);
    }
    let report = envelope::report(&house.service, &actor, id).await.unwrap();
    let Some(pdftotext) = testkit::tool("pdftotext") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, pdf::read_range(&*report.source, 0..report.source.len()).unwrap()).unwrap();
    let (_, said) = testkit::run(pdftotext.command().arg("-raw").arg(&path).arg("-"));
    let letters: String = said.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect();
    assert!(letters.contains(digest.as_str()), "{said}");
    assert!(letters.contains("PAdES-B-LTA") && !letters.contains("PAdES-B-LT\n"), "{said}");
}

/// An authority whose every answer is its first.
struct Stuck {
    authority: EmbeddedAuthority,
    first: Mutex<Option<Vec<u8>>>,
}

#[async_trait]
impl TimeStampAuthority for Stuck {
    fn name(&self) -> &'static str {
        "stuck"
    }

    async fn answer(&self, request: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        let known = self.first.lock().expect("nobody panics with it").clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let answer = self.authority.answer(request).await?;
        Ok(self.first.lock().expect("nobody panics with it").insert(answer).clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_answer_is_no_time_stamp() {
    let house = House::stamped_by(|authority| {
        Arc::new(Stuck { authority: authority.clone(), first: Mutex::default() })
    })
    .await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Confirm).await;
    // The answer is that of the first signature.
    assert_eq!(refusal(agent.sign(PIN).await), Refusal::TimeStampUnavailable { retry_after: 30 });
    assert_eq!(agent.show().await.step, view::Step::Confirm);
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!(shown.documents[0].revisions.len(), 4, "nothing of it is kept");
}

/// How many messages to the sender tell that everyone has signed.
async fn told(house: &House) -> usize {
    jobs::run_due(&house.service).await.expect("the outbox");
    let page = notify::outbox(&house.service, Some("sender@example.com"), None).await.expect("the outbox");
    page.items.iter().filter(|message| message.subject.contains("Everyone has signed")).count()
}

fn filter(status: &str) -> envelope::ListFilter {
    envelope::ListFilter { status: Some(status.to_owned()), ..Default::default() }
}

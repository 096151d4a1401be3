//! Sending, reminding, voiding, expiring; the timeline.

use std::sync::Arc;

use jiff::SignedDuration;
use vermilion_service::envelope::{self, EnvelopePatch};
use vermilion_service::{EnvelopeId, RecipientId, jobs, view};

use crate::support::{Bench, code, contract, place};

const CHEN: &str = "chen@example.com";

#[tokio::test]
async fn sending_writes_the_fields_and_invites_who_is_first() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    let sent = envelope::send(&bench.service, &actor, id).await.unwrap();
    assert_eq!(sent.status, view::EnvelopeStatus::Sent);
    assert!(sent.report_ready);
    let statuses: Vec<_> = sent.recipients.iter().map(|r| r.status).collect();
    assert_eq!(statuses, [view::RecipientStatus::Invited, view::RecipientStatus::Waiting]);
    assert_eq!(sent, envelope::show(&bench.service, &actor, id).await.unwrap());

    let mails = bench.messages(CHEN).await;
    assert_eq!(mails.len(), 1);
    let prefix = format!("http://127.0.0.1:8080/sign/{}#", sent.recipients[0].id);
    assert!(mails[0].links[0].url.starts_with(&prefix));
    assert!(bench.messages("+8613800135678").await.is_empty(), "the company comes second");
    let secret = mails[0].links[0].url.strip_prefix(&prefix).unwrap();
    assert_eq!(secret.len(), 43);
    assert!(!serde_json::to_string(&sent).unwrap().contains(secret));

    let document = &sent.documents[0];
    let kinds: Vec<_> = document.revisions.iter().map(|r| r.kind).collect();
    assert_eq!(kinds, [view::RevisionKind::Original, view::RevisionKind::Fields]);
    let file =
        envelope::document(&bench.service, &actor, id, document.id.parse().unwrap(), None).await.unwrap();
    let mut bytes = vec![0; usize::try_from(file.source.len()).unwrap()];
    file.source.read_at(0, &mut bytes).unwrap();
    assert!(bytes.starts_with(&contract()), "every earlier byte stays in its place");
    assert_eq!(bytes.len() as u64, document.size);
    let opened = pdf::Document::open(Arc::new(bytes), &pdf::Limits::default()).unwrap();
    let mut names: Vec<_> = opened.form().unwrap().fields.iter().map(|f| f.name.clone()).collect();
    names.sort();
    let short = |n: usize| sent.recipients[n].id.parse::<RecipientId>().unwrap().short();
    let mut expected = [
        format!("Date-{}-1", short(0)),
        format!("Mark-{}-1", short(0)),
        format!("Signature-{}-1", short(0)),
        format!("Signature-{}-1", short(1)),
        format!("Text-{}-1", short(1)),
    ];
    expected.sort();
    assert_eq!(names, expected);
    let original =
        envelope::document(&bench.service, &actor, id, document.id.parse().unwrap(), Some(0)).await.unwrap();
    assert_eq!(original.source.len(), contract().len() as u64);
}

#[tokio::test]
async fn what_is_missing_is_said_before_anything_is_sent() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let service = &bench.service;
    let empty = envelope::create(service, &actor, None, None).await.unwrap();
    let id: EnvelopeId = empty.id.parse().unwrap();
    assert_eq!(code(envelope::send(service, &actor, id).await), "title_required");
    let titled = EnvelopePatch { title: Some("Lease".to_owned()), ..EnvelopePatch::default() };
    envelope::update(service, &actor, id, titled).await.unwrap();
    assert_eq!(code(envelope::send(service, &actor, id).await), "document_missing");
    bench.upload(&actor, id, &contract()).await.unwrap();
    assert_eq!(code(envelope::send(service, &actor, id).await), "recipients_missing");

    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    let only = vec![place(&draft, 0, view::FieldType::Signature, 1, 100.0)];
    envelope::set_fields(service, &actor, id, only).await.unwrap();
    assert_eq!(code(envelope::send(service, &actor, id).await), "field_signature_missing");
    assert_eq!(envelope::show(service, &actor, id).await.unwrap().documents[0].revisions.len(), 1);
}

#[tokio::test]
async fn a_sent_envelope_is_changed_by_nobody() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let service = &bench.service;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    assert_eq!(code(envelope::void(service, &actor, id, "x").await), "not_sent");
    let recipient = draft.recipients[0].id.parse().unwrap();
    assert_eq!(code(envelope::remind(service, &actor, id, recipient).await), "not_sent");
    envelope::send(service, &actor, id).await.unwrap();
    assert_eq!(code(envelope::send(service, &actor, id).await), "not_draft");
    assert_eq!(code(envelope::update(service, &actor, id, EnvelopePatch::default()).await), "not_draft");
    assert_eq!(code(envelope::delete(service, &actor, id).await), "not_draft");
    assert_eq!(code(envelope::set_fields(service, &actor, id, Vec::new()).await), "not_draft");
    assert_eq!(code(envelope::set_recipients(service, &actor, id, Vec::new()).await), "not_draft");
    assert_eq!(code(bench.upload(&actor, id, &contract()).await), "not_draft");
    let document = draft.documents[0].id.parse().unwrap();
    assert_eq!(code(envelope::remove_document(service, &actor, id, document).await), "not_draft");
}

#[tokio::test]
async fn in_parallel_everyone_is_invited_at_once() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    let parallel = EnvelopePatch { order: Some(view::Order::Parallel), ..EnvelopePatch::default() };
    envelope::update(&bench.service, &actor, id, parallel).await.unwrap();
    envelope::send(&bench.service, &actor, id).await.unwrap();
    assert_eq!(bench.messages(CHEN).await.len(), 1);
    let sms = bench.messages("+8613800135678").await;
    assert!(sms[0].body.contains("朱砂科技有限公司"), "{}", sms[0].body);
}

#[tokio::test]
async fn a_reminder_brings_a_new_link() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    envelope::send(&bench.service, &actor, id).await.unwrap();
    let second = draft.recipients[1].id.parse().unwrap();
    assert_eq!(code(envelope::remind(&bench.service, &actor, id, second).await), "not_your_turn");
    assert_eq!(bench.messages(CHEN).await.len(), 1);
    envelope::remind(&bench.service, &actor, id, draft.recipients[0].id.parse().unwrap()).await.unwrap();
    let mails = bench.messages(CHEN).await;
    assert_eq!(mails.len(), 2);
    assert!(mails[0].subject.starts_with("提醒："));
    assert_ne!(mails[0].links[0].url, mails[1].links[0].url);
}

#[tokio::test]
async fn voiding_tells_those_who_were_asked_and_why() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    envelope::send(&bench.service, &actor, id).await.unwrap();
    assert_eq!(bench.messages(CHEN).await.len(), 1);
    assert_eq!(code(envelope::void(&bench.service, &actor, id, " ").await), "reason_required");
    let voided = envelope::void(&bench.service, &actor, id, "Wrong file.").await.unwrap();
    assert_eq!(
        (voided.status, voided.void_reason.as_deref()),
        (view::EnvelopeStatus::Voided, Some("Wrong file."))
    );
    assert!(bench.messages(CHEN).await[0].body.contains("Wrong file."));
    assert!(bench.messages("+8613800135678").await.is_empty(), "who was not asked is not told");
    assert_eq!(code(envelope::void(&bench.service, &actor, id, "again").await), "envelope_state");
}

#[tokio::test]
async fn time_runs_out_before_and_after_the_sweep() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    envelope::send(&bench.service, &actor, id).await.unwrap();
    bench.clock.advance(SignedDuration::from_hours(24 * 30));
    let shown = envelope::show(&bench.service, &actor, id).await.unwrap();
    assert_eq!(shown.status, view::EnvelopeStatus::Expired);
    let recipient = draft.recipients[0].id.parse().unwrap();
    assert_eq!(code(envelope::remind(&bench.service, &actor, id, recipient).await), "envelope_state");
    jobs::sweep(&bench.service).await.unwrap();
    jobs::sweep(&bench.service).await.unwrap();
    let events = envelope::events(&bench.service, &actor, id).await.unwrap();
    assert_eq!(events.items.iter().filter(|event| event.kind == "envelope.expired").count(), 1);
    assert!(bench.messages("ada@example.com").await[0].subject.contains("run out"));
}

#[tokio::test]
async fn the_timeline_is_masked_and_chained() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let other = bench.sender("eve@example.com").await;
    let draft = bench.draft(&actor).await;
    bench.draft(&other).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    envelope::send(&bench.service, &actor, id).await.unwrap();
    let page = envelope::events(&bench.service, &actor, id).await.unwrap();
    let kinds: Vec<_> = page.items.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["envelope.created", "envelope.document_added", "envelope.sent", "recipient.invited"]);
    assert!(page.chain.intact);
    assert_eq!(page.chain.head_hash, page.items[3].hash);
    assert_eq!(page.items[0].actor.name_masked, "A** L**");
    assert_eq!(page.items[3].params["recipient"], "陈**");
    let text = serde_json::to_string(&page).unwrap();
    for personal in ["陈小明", "chen@example.com", "13800135678", "Lovelace"] {
        assert!(!text.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn two_senders_of_one_draft_send_it_once() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    let (first, second) =
        tokio::join!(envelope::send(&bench.service, &actor, id), envelope::send(&bench.service, &actor, id));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(bench.messages(CHEN).await.len(), 1);
    assert_eq!(envelope::show(&bench.service, &actor, id).await.unwrap().documents[0].revisions.len(), 2);
}

#[tokio::test]
async fn after_a_kill_the_queued_invitation_still_goes_out() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    envelope::send(&bench.service, &actor, draft.id.parse().unwrap()).await.unwrap();
    let restarted = bench.restarted().await;
    assert_eq!(jobs::run_due(&restarted).await.unwrap(), 1);
    assert_eq!(jobs::run_due(&bench.service).await.unwrap(), 0, "once");
    assert_eq!(bench.messages(CHEN).await.len(), 1);
}

#[tokio::test]
async fn nothing_personal_is_readable_in_the_data_folder() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    envelope::send(&bench.service, &actor, draft.id.parse().unwrap()).await.unwrap();
    let url = bench.messages(CHEN).await[0].links[0].url.clone();
    let secret = url.rsplit('#').next().unwrap().to_owned();
    bench.service.close().await;
    let data = bench.folder.path().join("data");
    let mut files = vec![data];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for private in ["13800135678", &secret, "%PDF-", crate::support::PASSWORD] {
            let found = bytes.windows(private.len()).any(|window| window == private.as_bytes());
            assert!(!found, "{private} in {}", path.display());
        }
    }
}

#[tokio::test]
async fn the_runner_delivers_what_is_queued_and_stops() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let runner = jobs::start(&bench.service);
    envelope::send(&bench.service, &actor, draft.id.parse().unwrap()).await.unwrap();
    for _ in 0..200 {
        let page = vermilion_service::notify::outbox(&bench.service, Some(CHEN), None).await.unwrap();
        if !page.items.is_empty() {
            runner.stop().await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nothing was delivered");
}

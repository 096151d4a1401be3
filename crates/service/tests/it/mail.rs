//! A server that sends its mails: what arrives, and what is shown nowhere.

use std::sync::Arc;

use jiff::SignedDuration;
use testkit::MailServer;
use vermilion_service::notify::{Contact, KeyUse, Notice};
use vermilion_service::{Config, Error, Locale, OutboxUse, Service, account, envelope, jobs, notify, view};

use crate::killed::open_records;
use crate::signers::{House, PERSON};
use crate::support::{Bench, PASSWORD, code};

const ADA: &str = "ada@example.com";

fn sending(server: &MailServer, outbox: OutboxUse) -> impl FnOnce(Config) -> Config {
    let address = format!("smtp://{}", server.address());
    move |mut config| {
        config.mailer =
            Some(online::Mailer::new(&address, "Vermilion <sign@example.com>").expect("a mail server"));
        config.outbox = outbox;
        config
    }
}

/// Signs up by the link that was mailed.
async fn sender(bench: &Bench, server: &MailServer) -> account::Actor {
    account::sign_up(&bench.service, ADA, PASSWORD, "Ada", Locale::En).await.expect("an account");
    jobs::run_due(&bench.service).await.expect("the mail");
    let mails = server.mails();
    let mail = mails.last().expect("a mail");
    assert_eq!(mail.to, [ADA]);
    // Quoted-printable: lines are folded, and `=` is written as `=3D` (RFC 2045 §6.7).
    let text = mail.text.replace("=\n", "").replace("=3D", "=");
    let token =
        text.split_once("#token=").expect("a link").1.split_whitespace().next().expect("a token").to_owned();
    let logged_in = account::verify(&bench.service, &token, PASSWORD).await.expect("a log-in");
    account::authenticate(&bench.service, &logged_in.token).await.expect("an actor")
}

#[tokio::test]
async fn mails_go_to_the_relay_and_into_no_outbox() {
    let server = MailServer::start();
    let bench = Bench::with(sending(&server, OutboxUse::ThisMachine)).await;
    sender(&bench, &server).await;
    let page = notify::outbox(&bench.service, None, None).await.unwrap();
    assert!(page.items.is_empty(), "{page:?}");
}

#[tokio::test]
async fn a_closed_outbox_keeps_nothing_and_texts_are_not_promised() {
    let server = MailServer::start();
    let bench = Bench::with(sending(&server, OutboxUse::Closed)).await;
    let actor = sender(&bench, &server).await;
    assert!(matches!(notify::outbox(&bench.service, None, None).await, Err(Error::NotFound)));
    // The company of the draft has a phone alone.
    let draft = bench.draft(&actor).await;
    let sent = envelope::send(&bench.service, &actor, draft.id.parse().unwrap()).await;
    assert_eq!(code(sent), "recipient_email_missing");
}

#[tokio::test]
async fn a_relay_that_is_away_gets_the_mail_later_and_a_refused_address_never() {
    let server = MailServer::start();
    let bench = Bench::with(sending(&server, OutboxUse::Closed)).await;
    account::sign_up(&bench.service, ADA, PASSWORD, "Ada", Locale::En).await.unwrap();
    server.refuse("450 4.2.0 later");
    jobs::run_due(&bench.service).await.unwrap();
    assert!(server.mails().is_empty());
    bench.clock.advance(SignedDuration::from_mins(1));
    jobs::run_due(&bench.service).await.unwrap();
    assert_eq!(server.mails().len(), 1);
    account::sign_up(&bench.service, "gone@example.com", PASSWORD, "Eve", Locale::En).await.unwrap();
    server.refuse("550 5.1.1 unknown");
    jobs::run_due(&bench.service).await.unwrap();
    bench.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(jobs::run_due(&bench.service).await.unwrap(), 0, "asking again changes nothing");
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_code_that_comes_too_late_is_not_sent() {
    let server = MailServer::start();
    let house = House::configured(sending(&server, OutboxUse::Closed)).await;
    let notice = |until: &str| {
        let until = Some(view::Time(until.parse().unwrap()));
        let (to, code, title) = (ADA.to_owned(), "123456".to_owned(), "Lease".to_owned());
        Notice::MailCode { to, locale: Locale::En, code, minutes: 5, until, title }
    };
    let now = house.service.now();
    for (until, arrived) in [(now - SignedDuration::from_secs(1), 0), (now + SignedDuration::from_mins(1), 1)]
    {
        queue(&house, &notice(&until.to_string())).await;
        assert_eq!(jobs::run_due(&house.service).await.unwrap(), 1);
        assert_eq!(server.mails().len(), arrived);
    }
    house.pass(SignedDuration::from_hours(24));
    assert_eq!(jobs::run_due(&house.service).await.unwrap(), 0);
}

#[tokio::test]
async fn what_nobody_brings_is_said_at_once_and_not_tried_for_a_day() {
    let server = MailServer::start();
    let house = House::configured(sending(&server, OutboxUse::Closed)).await;
    let at = view::Time(house.service.now());
    let to = Contact::Sms("+8613800000000".to_owned());
    let (locale, title, custody) = (Locale::En, "Lease".to_owned(), domain::policy::Custody::Pin);
    let (activation, ended) = (None, KeyUse::Signed);
    queue(&house, &Notice::KeyUsed { to, locale, title, custody, at, keys: None, activation, ended }).await;
    assert_eq!(jobs::run_due(&house.service).await.unwrap(), 1);
    house.pass(SignedDuration::from_hours(24));
    assert_eq!(jobs::run_due(&house.service).await.unwrap(), 0, "asking again changes nothing");
    let records = open_records(house.data()).await;
    let found = records.read().await.unwrap().newest_event_of_kind("notice.undeliverable").await.unwrap();
    assert!(found.is_some());
}

#[tokio::test]
async fn what_nobody_brings_is_on_record_with_whose_it_was() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, [recipient, _]) = house.sent(&actor, view::Order::Sequential).await;
    let (config, clock) = (house.service.config().clone(), house.clock.clone());
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Identity).await;
    person.step().await;
    drop(person);
    // A code waits to be sent; the server comes up again with mail alone.
    house.service.close().await;
    let server = MailServer::start();
    let closed = sending(&server, OutboxUse::Closed)(config);
    let service = Service::open_with(closed, clock, Arc::new(testkit::SeededRng::new(8))).await.unwrap();
    jobs::run_due(&service).await.unwrap();
    let events =
        open_records(house.data()).await.read().await.unwrap().events_of(&id.to_string()).await.unwrap();
    let lost: Vec<_> = events.into_iter().filter(|it| it.event.kind == "notice.undeliverable").collect();
    assert_eq!(lost.len(), 1);
    let whose = lost[0].event.body.value("recipient").map(evidence::Value::to_json);
    assert_eq!(whose, Some(recipient.to_string().into()));
    service.close().await;
}

/// As a use case would queue it.
async fn queue(house: &House, notice: &Notice) {
    let now = house.service.now();
    let id = domain::JobId::new(&*house.clock, &testkit::SeededRng::new(now.as_second().unsigned_abs()));
    let job =
        store::NewJob { id, kind: "notify", body: serde_json::to_value(notice).expect("a job"), run_at: now };
    let records = open_records(house.data()).await;
    let mut tx = records.begin().await.expect("a job");
    tx.add_job(&job, now).await.expect("a job");
    tx.commit().await.expect("a job");
}

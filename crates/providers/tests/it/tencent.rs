//! Tencent Cloud.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{CreditCode, Phone};
use jiff::SignedDuration;
use testkit::FixedClock;
use testkit::stand_in::{Play, Scene, Tencent as StandIn};
use vermilion_providers::tencent::{Config, Tencent};
use vermilion_providers::{
    Credential, Factor, Fault, OrganizationMethod, OrganizationMismatch, OrganizationProvider,
    OrganizationVerdict, Pending, PersonCheck, PersonMethod, PersonProvider, PersonRefusal, PersonVerdict,
    Received, Renewal, SmsMessage, SmsProvider, SmsRefusal, SmsTemplate, SmsVerdict,
};

use crate::world::{
    self, OTHER_NUMBER, SILENCE, clock, context, document, fault, fill, name, secret, tells_nothing,
};

struct World {
    clock: Arc<FixedClock>,
    stand_in: Arc<StandIn>,
    tencent: Tencent,
}

fn config(stand_in: &StandIn) -> Config {
    let template = SmsTemplate {
        id: "1110".to_owned(),
        signature: "朱砂".to_owned(),
        places: vec!["code".to_owned(), "minutes".to_owned()],
    };
    Config {
        face_rule: Some(StandIn::FACE_RULE.to_owned()),
        sms_application: Some(StandIn::SMS_APPLICATION.to_owned()),
        sms_templates: BTreeMap::from([("code".to_owned(), template)]),
        endpoint: Some(stand_in.endpoint()),
        ..Config::new(StandIn::SECRET_ID, secret(StandIn::SECRET_KEY))
    }
}

fn world() -> World {
    let clock = clock();
    let stand_in = StandIn::start(clock.clone());
    fill(&stand_in.register);
    let tencent = Tencent::new(config(&stand_in), context(&clock)).unwrap();
    World { clock, stand_in, tencent }
}

impl World {
    fn check(&self, order: &str, method: PersonMethod) -> PersonCheck {
        world::check(&self.clock, order, method)
    }

    async fn verdict(&self, check: &PersonCheck) -> PersonVerdict {
        let answer = self.tencent.start(check).await.unwrap();
        tells_nothing(&format!("{answer:?} {check:?}"));
        assert!(!answer.raw.is_empty() && answer.provider == "tencent");
        answer.verdict
    }

    async fn opened(&self, order: &str) -> (PersonCheck, Pending) {
        let check = self.check(order, PersonMethod::FaceWechat);
        match self.verdict(&check).await {
            PersonVerdict::Pending(pending) => (check, pending),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn elements_agree_or_do_not() {
    let it = world();
    for method in [PersonMethod::TwoElements, PersonMethod::ThreeElements, PersonMethod::FourElements] {
        let order = method.as_str();
        let passed = PersonVerdict::Passed { factors: method.factors().to_vec(), score: None };
        assert_eq!(it.verdict(&it.check(order, method)).await, passed);
        let other = PersonCheck { name: name("王建国"), ..it.check(&format!("{order}2"), method) };
        let refusal = if method == PersonMethod::FourElements {
            PersonRefusal::BankCard
        } else {
            PersonRefusal::Identity
        };
        assert_eq!(it.verdict(&other).await, PersonVerdict::Refused(refusal), "{order}");
    }
    let phone = Some(Phone::parse("13800000002").unwrap());
    let other = PersonCheck { phone, ..it.check("phone", PersonMethod::ThreeElements) };
    assert_eq!(it.verdict(&other).await, PersonVerdict::Refused(PersonRefusal::Phone));
    let nobody = document(&it.clock, "110101199003070011");
    let nobody = PersonCheck { document: nobody, ..it.check("nobody", PersonMethod::TwoElements) };
    assert_eq!(it.verdict(&nobody).await, PersonVerdict::Refused(PersonRefusal::NoRecord));
    let heard = it.stand_in.stage.heard();
    assert_eq!(heard[2].content["Phone"], world::PHONE);
    assert_eq!(it.stand_in.stage.turned_away(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_check_lacks_is_noticed_before_it_is_sent() {
    let it = world();
    let foreign = Some(Phone::parse("+447700900123").unwrap());
    for check in [
        PersonCheck { phone: None, ..it.check("1", PersonMethod::ThreeElements) },
        PersonCheck { phone: foreign, ..it.check("2", PersonMethod::ThreeElements) },
        PersonCheck { bank_card: None, ..it.check("3", PersonMethod::FourElements) },
        it.check("4", PersonMethod::FaceAlipay),
    ] {
        assert!(matches!(fault(it.tencent.start(&check).await), Fault::Unsupported(_)), "{check:?}");
    }
    assert!(it.stand_in.stage.heard().is_empty());
}

#[tokio::test]
async fn a_face_passes_in_wechat() {
    let it = world();
    let (check, pending) = it.opened("ver_0193a1b2c3d4e5f60718293a4b5c6d7e").await;
    let page = pending.continue_at.clone().unwrap();
    assert!(page.url.starts_with("https://open.weixin.qq.com/") && page.app_link.is_none());
    assert_eq!(pending.until, domain::Clock::now(&*it.clock) + SignedDuration::from_hours(2));
    let answer = it.tencent.poll(&check, &pending).await.unwrap();
    assert_eq!(answer.verdict, PersonVerdict::Pending(pending.clone()));
    it.stand_in.register.stage(&pending.transaction, Scene::Passed);
    let answer = it.tencent.poll(&check, &pending).await.unwrap();
    let factors = vec![Factor::Name, Factor::IdNumber, Factor::Face];
    assert_eq!(answer.verdict, PersonVerdict::Passed { factors, score: Some(98) });
    assert_eq!(answer.transaction, pending.transaction);
    // Photographs and videos are not fetched.
    assert_eq!(it.stand_in.stage.heard().last().unwrap().content["InfoType"], "1");
}

#[tokio::test]
async fn each_refusal_of_a_face_says_why() {
    let it = world();
    for (order, scene, refusal) in [
        ("1", Scene::SomebodyElse, PersonRefusal::FaceMismatch),
        ("2", Scene::Photograph, PersonRefusal::FaceNotLive),
    ] {
        let (check, pending) = it.opened(order).await;
        it.stand_in.register.stage(&pending.transaction, scene);
        let answer = it.tencent.poll(&check, &pending).await.unwrap();
        assert_eq!(answer.verdict, PersonVerdict::Refused(refusal));
    }
    let (check, pending) = it.opened("3").await;
    it.clock.advance(SignedDuration::from_hours(3));
    let answer = it.tencent.poll(&check, &pending).await.unwrap();
    assert_eq!(answer.verdict, PersonVerdict::Refused(PersonRefusal::Expired));
    // Tencent says so itself, of a page that nobody came to in time: the check is over, and the key is not in doubt.
    it.stand_in.stage.play([Play::PageExpired]);
    let answer = it.tencent.poll(&check, &pending).await.unwrap();
    assert_eq!(answer.verdict, PersonVerdict::Refused(PersonRefusal::Expired));
    let strict = Config { least_likeness: 99, ..config(&it.stand_in) };
    let strict = Tencent::new(strict, context(&it.clock)).unwrap();
    it.stand_in.register.stage(&pending.transaction, Scene::Passed);
    let answer = strict.poll(&check, &pending).await.unwrap();
    assert_eq!(answer.verdict, PersonVerdict::Refused(PersonRefusal::FaceMismatch));
}

#[tokio::test]
async fn the_result_of_somebody_else_is_no_result() {
    let it = world();
    let (check, pending) = it.opened("order1").await;
    it.stand_in.register.stage(&pending.transaction, Scene::Passed);
    it.stand_in.stage.play([Play::SomebodyElse]);
    let other = fault(it.tencent.poll(&check, &pending).await);
    assert_eq!(other, Fault::Replayed("it is about another person"));
    // A transaction that was opened for another order of the same person.
    let again = PersonCheck { order: "order2".to_owned(), ..check.clone() };
    assert_eq!(fault(it.tencent.poll(&again, &pending).await), Fault::Replayed("it is about another order"));
    let someone = PersonCheck { document: document(&it.clock, OTHER_NUMBER), ..check };
    assert_eq!(
        fault(it.tencent.poll(&someone, &pending).await),
        Fault::Replayed("it is about another person")
    );
}

#[tokio::test]
async fn a_bad_answer_is_no_verdict() {
    for (play, expected) in [
        (Play::Malformed, Fault::Malformed("it is not JSON")),
        (Play::Unheard, Fault::Malformed("its Result is not known")),
        (Play::WronglySigned, Fault::Rejected { code: "AuthFailure.SignatureFailure".to_owned() }),
        (Play::Status(403), Fault::Status { status: 403, retry_after: None }),
    ] {
        let it = world();
        it.stand_in.stage.play([play]);
        let check = it.check("order1", PersonMethod::TwoElements);
        assert_eq!(fault(it.tencent.start(&check).await), expected, "{play:?}");
        assert_eq!(it.stand_in.stage.heard().len(), 1, "{play:?}");
        assert!(matches!(it.verdict(&check).await, PersonVerdict::Passed { .. }));
    }
}

#[tokio::test]
async fn an_answer_that_came_before_is_refused() {
    let it = world();
    assert!(matches!(
        it.verdict(&it.check("1", PersonMethod::TwoElements)).await,
        PersonVerdict::Passed { .. }
    ));
    it.stand_in.stage.play([Play::Replayed]);
    let stranger = PersonCheck { name: name("王建国"), ..it.check("2", PersonMethod::TwoElements) };
    assert_eq!(fault(it.tencent.start(&stranger).await), Fault::Replayed("an answer that came before"));
}

#[tokio::test]
async fn billed_checks_are_asked_again_only_where_they_were_not_done() {
    let it = world();
    it.stand_in.stage.play([Play::Busy, Play::Status(503)]);
    it.verdict(&it.check("1", PersonMethod::TwoElements)).await;
    assert_eq!(it.stand_in.stage.count("IdCardVerification"), 3);
    // The order is answered from memory.
    it.verdict(&it.check("1", PersonMethod::TwoElements)).await;
    assert_eq!(it.stand_in.stage.count("IdCardVerification"), 3);
    for play in [SILENCE, Play::Status(500)] {
        let before = it.stand_in.stage.heard().len();
        it.stand_in.stage.play([play]);
        fault(it.tencent.start(&it.check("2", PersonMethod::TwoElements)).await);
        assert_eq!(it.stand_in.stage.heard().len(), before + 1, "{play:?}");
    }
    // Opening a page is not billed.
    it.stand_in.stage.play([SILENCE, Play::Status(500)]);
    it.opened("3").await;
    assert_eq!(it.stand_in.stage.count("DetectAuth"), 3);
}

#[tokio::test]
async fn a_wrong_key_or_clock_is_turned_away() {
    let it = world();
    let config = Config { secret_key: secret("another"), ..config(&it.stand_in) };
    let tencent = Tencent::new(config, context(&it.clock)).unwrap();
    let rejected = Fault::Rejected { code: "AuthFailure.SignatureFailure".to_owned() };
    assert_eq!(fault(tencent.start(&it.check("1", PersonMethod::TwoElements)).await), rejected);
    let late = clock();
    late.advance(SignedDuration::from_mins(6));
    let tencent = Tencent::new(self::config(&it.stand_in), context(&late)).unwrap();
    assert_eq!(fault(tencent.start(&it.check("1", PersonMethod::TwoElements)).await), rejected);
    let why = it.stand_in.stage.turned_away();
    assert_eq!(why, ["the signature does not hold", "the timestamp is of another time"]);
}

#[tokio::test]
async fn companies_are_compared_element_by_element() {
    let it = world();
    for method in
        [OrganizationMethod::TwoElements, OrganizationMethod::ThreeElements, OrganizationMethod::FourElements]
    {
        let answer = it.tencent.check(&world::company(&it.clock, method.as_str(), method)).await.unwrap();
        let factors = method.factors().to_vec();
        assert_eq!(answer.verdict, OrganizationVerdict::Passed { name: world::COMPANY.to_owned(), factors });
    }
    let three = |order: &str| world::company(&it.clock, order, OrganizationMethod::ThreeElements);
    let four = |order: &str| world::company(&it.clock, order, OrganizationMethod::FourElements);
    let mut unknown = three("unknown");
    unknown.credit_code = CreditCode::parse("91350100M000100Y43").unwrap();
    let (mut renamed, mut led, mut gone, mut numbered) =
        (four("renamed"), three("led"), three("gone"), four("numbered"));
    renamed.name = name("北京朱砂科技公司");
    led.legal_representative = Some(name("王建国"));
    gone.credit_code = CreditCode::parse("91330106MA2GNE0094").unwrap();
    gone.name = name("杭州旧梦文化传播有限公司");
    numbered.legal_representative_id = Some(document(&it.clock, OTHER_NUMBER));
    for (check, verdict) in [
        (unknown, OrganizationVerdict::Refused(OrganizationMismatch::CreditCode)),
        (renamed, OrganizationVerdict::Refused(OrganizationMismatch::Name)),
        (led, OrganizationVerdict::Refused(OrganizationMismatch::Elements)),
        (numbered, OrganizationVerdict::Refused(OrganizationMismatch::LegalRepresentativeId)),
        (gone, OrganizationVerdict::Inactive { state: "deregistered".to_owned() }),
    ] {
        assert_eq!(it.tencent.check(&check).await.unwrap().verdict, verdict, "{check:?}");
    }
    for play in [Play::Unheard, Play::Malformed, Play::WronglySigned] {
        it.stand_in.stage.play([play]);
        fault(it.tencent.check(&three(&format!("{play:?}"))).await);
    }
}

#[tokio::test]
async fn a_message_is_sent_once_and_each_number_has_its_own_code() {
    let it = world();
    let message = |order: &str, phone: &str| SmsMessage {
        order: order.to_owned(),
        phone: Phone::parse(phone).unwrap(),
        template: "code".to_owned(),
        values: [("code", "482913"), ("minutes", "5")].map(|(n, v)| (n.to_owned(), v.to_owned())).into(),
    };
    let answer = it.tencent.send(&message("1", "13800000001")).await.unwrap();
    assert_eq!(
        (answer.verdict, answer.transaction.as_str()),
        (SmsVerdict::Accepted, "5000:1045710669157053657849499619")
    );
    let heard = it.stand_in.stage.heard();
    assert_eq!(heard[0].content["TemplateParamSet"], serde_json::json!(["482913", "5"]));
    assert_eq!(heard[0].content["PhoneNumberSet"], serde_json::json!(["+8613800000001"]));
    // The same order again sends nothing.
    it.tencent.send(&message("1", "13800000001")).await.unwrap();
    assert_eq!(it.stand_in.stage.count("SendSms"), 1);
    for (order, phone, refusal) in
        [("2", "13800000030", SmsRefusal::TooMany), ("3", "13800000031", SmsRefusal::Blocked)]
    {
        let answer = it.tencent.send(&message(order, phone)).await.unwrap();
        assert_eq!(answer.verdict, SmsVerdict::Refused(refusal));
    }
    // Where the answer is lost, the message is not sent a second time.
    it.stand_in.stage.play([SILENCE]);
    assert_eq!(fault(it.tencent.send(&message("4", "13800000001")).await), Fault::TimedOut);
    assert_eq!(it.stand_in.stage.count("SendSms"), 4);
    it.stand_in.stage.play([Play::SomebodyElse]);
    let other = fault(it.tencent.send(&message("5", "13800000001")).await);
    assert_eq!(other, Fault::Replayed("it is about another number"));
    let unknown = SmsMessage { template: "invitation".to_owned(), ..message("6", "13800000001") };
    assert!(matches!(fault(it.tencent.send(&unknown).await), Fault::Unsupported(_)));
    assert!(!format!("{:?}", message("7", "13800000001")).contains("482913"));
}

#[tokio::test]
async fn a_redirect_only_causes_a_poll() {
    let it = world();
    let received = |query: &str| Received { query: query.to_owned(), body: Vec::new() };
    let notice = it.tencent.notice(&received("BizToken=CE661F1A&Extra=order1&passed=T")).unwrap();
    assert_eq!(notice.transaction.as_deref(), Some("CE661F1A"));
    assert_eq!(notice.order_number.as_deref(), Some("order1"));
    for nothing in ["", "BizToken=", "x=y"] {
        assert!(matches!(fault(it.tencent.notice(&received(nothing))), Fault::Malformed(_)));
    }
}

#[test]
fn settings_that_cannot_work_are_told() {
    let clock = clock();
    let good = || Config::new("id", secret("key"));
    let wrong = |config: Config| Tencent::new(config, context(&clock)).expect_err("a setting is wrong").what;
    assert_eq!(wrong(Config { secret_id: String::new(), ..good() }), "secret_id");
    assert_eq!(wrong(Config { least_likeness: 10, ..good() }), "least_likeness");
    assert_eq!(wrong(Config { endpoint: Some("ftp://a".to_owned()), ..good() }), "endpoint");
    assert!(!format!("{:?}", good()).contains("key\""));
}

#[tokio::test]
async fn a_temporary_key_that_expired_is_read_anew_and_the_question_asked_once_more() {
    let clock = clock();
    let stand_in = StandIn::start(clock.clone());
    fill(&stand_in.register);
    let file = Arc::new(std::sync::Mutex::new("first".to_owned()));
    let kept = Arc::clone(&file);
    let renewal = Renewal::new(move || {
        let token = Some(secret(&kept.lock().unwrap()));
        Some(Credential { id: StandIn::SECRET_ID.to_owned(), secret: secret(StandIn::SECRET_KEY), token })
    });
    let config = Config {
        endpoint: Some(stand_in.endpoint()),
        token: Some(secret("first")),
        renewal: Some(renewal),
        ..Config::new(StandIn::SECRET_ID, secret(StandIn::SECRET_KEY))
    };
    let provider = Tencent::new(config, context(&clock)).unwrap();
    let ask =
        async |order: &str| provider.start(&world::check(&clock, order, PersonMethod::TwoElements)).await;
    stand_in.expect_token("first");
    assert!(ask("1").await.is_ok());
    // It expired, and nobody has written another yet.
    stand_in.expect_token("second");
    let expired = fault(ask("2").await);
    assert!(matches!(expired, Fault::Expired { .. }) && expired.refuses_us(), "{expired:?}");
    *file.lock().unwrap() = "second".to_owned();
    assert!(ask("3").await.is_ok());
    assert!(ask("4").await.is_ok());
    assert_eq!(stand_in.stage.turned_away().len(), 2, "the old token is not sent again");
    stand_in.stage.play([Play::Expired]);
    assert!(matches!(fault(ask("5").await), Fault::Expired { .. }), "what is read anew is the same");
}

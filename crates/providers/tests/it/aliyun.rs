//! Alibaba Cloud.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{CreditCode, Phone};
use jiff::SignedDuration;
use testkit::FixedClock;
use testkit::stand_in::{Aliyun as StandIn, Play, Scene};
use vermilion_providers::aliyun::{Aliyun, Config};
use vermilion_providers::{
    Credential, Factor, Fault, OpensIn, OrganizationMethod, OrganizationMismatch, OrganizationProvider,
    OrganizationVerdict, Pending, PersonCheck, PersonMethod, PersonProvider, PersonRefusal, PersonVerdict,
    Received, Renewal, SmsMessage, SmsProvider, SmsRefusal, SmsTemplate, SmsVerdict,
};

use crate::world::{
    self, OTHER_NUMBER, SILENCE, clock, context, document, fault, fill, name, secret, tells_nothing,
};

struct World {
    clock: Arc<FixedClock>,
    stand_in: Arc<StandIn>,
    aliyun: Aliyun,
}

fn config(stand_in: &StandIn) -> Config {
    let template = SmsTemplate {
        id: "SMS_71390007".to_owned(),
        signature: "阿里云短信测试专用".to_owned(),
        places: vec!["code".to_owned()],
    };
    Config {
        face_scene: Some(StandIn::FACE_SCENE.to_owned()),
        registry_code: Some(StandIn::REGISTRY_CODE.to_owned()),
        sms_templates: BTreeMap::from([("code".to_owned(), template)]),
        endpoint: Some(stand_in.endpoint()),
        ..Config::new(StandIn::ACCESS_KEY_ID, secret(StandIn::ACCESS_KEY_SECRET))
    }
}

fn world() -> World {
    let clock = clock();
    let stand_in = StandIn::start(clock.clone());
    fill(&stand_in.register);
    let aliyun = Aliyun::new(config(&stand_in), context(&clock)).unwrap();
    World { clock, stand_in, aliyun }
}

impl World {
    fn check(&self, order: &str, method: PersonMethod) -> PersonCheck {
        world::check(&self.clock, order, method)
    }

    async fn verdict(&self, check: &PersonCheck) -> PersonVerdict {
        let answer = self.aliyun.start(check).await.unwrap();
        tells_nothing(&format!("{answer:?}"));
        assert!(!answer.raw.is_empty() && answer.provider == "aliyun");
        answer.verdict
    }

    async fn opened(&self, order: &str) -> (PersonCheck, Pending) {
        let check = self.check(order, PersonMethod::FaceBrowser);
        match self.verdict(&check).await {
            PersonVerdict::Pending(pending) => (check, pending),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn elements_agree_or_do_not() {
    let it = world();
    for (method, refusal) in [
        (PersonMethod::TwoElements, PersonRefusal::Identity),
        (PersonMethod::ThreeElements, PersonRefusal::Phone),
        (PersonMethod::FourElements, PersonRefusal::BankCard),
    ] {
        let order = method.as_str();
        let passed = PersonVerdict::Passed { factors: method.factors().to_vec(), score: None };
        assert_eq!(it.verdict(&it.check(order, method)).await, passed);
        let other = PersonCheck { name: name("王建国"), ..it.check(&format!("{order}2"), method) };
        assert_eq!(it.verdict(&other).await, PersonVerdict::Refused(refusal), "{order}");
    }
    let nobody = document(&it.clock, "110101199003070011");
    let nobody = PersonCheck { document: nobody, ..it.check("nobody", PersonMethod::TwoElements) };
    assert_eq!(it.verdict(&nobody).await, PersonVerdict::Refused(PersonRefusal::NoRecord));
    assert_eq!(it.stand_in.stage.turned_away(), Vec::<String>::new());
}

#[tokio::test]
async fn a_face_passes_in_the_browser() {
    let it = world();
    let (check, pending) = it.opened("ver_0193a1b2c3d4e5f60718293a4b5c6d7e").await;
    assert_eq!(pending.continue_at.as_ref().map(|page| page.opens_in), Some(OpensIn::Browser));
    let heard = it.stand_in.stage.heard();
    assert_eq!(heard[0].content["ReturnUrl"], "https://sign.example.com/back?tx=1&a=ä");
    let answer = it.aliyun.poll(&check, &pending).await.unwrap();
    assert_eq!(answer.verdict, PersonVerdict::Pending(pending.clone()));
    it.stand_in.register.stage(&pending.transaction, Scene::Passed);
    let answer = it.aliyun.poll(&check, &pending).await.unwrap();
    let factors = vec![Factor::Name, Factor::IdNumber, Factor::Face];
    assert_eq!(answer.verdict, PersonVerdict::Passed { factors, score: None });
    assert_eq!(answer.transaction, pending.transaction);
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
        let answer = it.aliyun.poll(&check, &pending).await.unwrap();
        assert_eq!(answer.verdict, PersonVerdict::Refused(refusal));
    }
    let (check, pending) = it.opened("3").await;
    it.clock.advance(SignedDuration::from_mins(31));
    let answer = it.aliyun.poll(&check, &pending).await.unwrap();
    assert_eq!(answer.verdict, PersonVerdict::Refused(PersonRefusal::Expired));
    let blind = PersonCheck { device: None, ..it.check("4", PersonMethod::FaceBrowser) };
    assert!(matches!(fault(it.aliyun.start(&blind).await), Fault::Unsupported(_)));
}

#[tokio::test]
async fn a_bad_answer_is_no_verdict() {
    for (play, expected) in [
        (Play::Malformed, Fault::Malformed("it is not JSON")),
        (Play::Unheard, Fault::Malformed("its BizCode is not known")),
        (Play::WronglySigned, Fault::Rejected { code: "SignatureDoesNotMatch".to_owned() }),
        (Play::Status(403), Fault::Status { status: 403, retry_after: None }),
    ] {
        let it = world();
        it.stand_in.stage.play([play]);
        let check = it.check("order1", PersonMethod::TwoElements);
        assert_eq!(fault(it.aliyun.start(&check).await), expected, "{play:?}");
        assert_eq!(it.stand_in.stage.heard().len(), 1, "{play:?}");
        assert!(matches!(it.verdict(&check).await, PersonVerdict::Passed { .. }));
    }
    let it = world();
    let (check, pending) = it.opened("order1").await;
    it.stand_in.register.stage(&pending.transaction, Scene::Passed);
    it.stand_in.stage.play([Play::SomebodyElse, Play::Unheard]);
    let other = fault(it.aliyun.poll(&check, &pending).await);
    assert_eq!(other, Fault::Replayed("it is about another transaction"));
    assert!(matches!(fault(it.aliyun.poll(&check, &pending).await), Fault::Malformed(_)));
}

#[tokio::test]
async fn an_answer_that_came_before_is_refused() {
    let it = world();
    it.verdict(&it.check("1", PersonMethod::TwoElements)).await;
    it.stand_in.stage.play([Play::Replayed]);
    let stranger = PersonCheck { name: name("王建国"), ..it.check("2", PersonMethod::TwoElements) };
    assert_eq!(fault(it.aliyun.start(&stranger).await), Fault::Replayed("an answer that came before"));
}

#[tokio::test]
async fn billed_checks_are_asked_again_only_where_they_were_not_done() {
    let it = world();
    it.stand_in.stage.play([Play::Busy, Play::Status(503)]);
    it.verdict(&it.check("1", PersonMethod::ThreeElements)).await;
    assert_eq!(it.stand_in.stage.count("Mobile3MetaDetailVerify"), 3);
    it.stand_in.stage.play([SILENCE]);
    assert_eq!(fault(it.aliyun.start(&it.check("2", PersonMethod::ThreeElements)).await), Fault::TimedOut);
    assert_eq!(it.stand_in.stage.count("Mobile3MetaDetailVerify"), 4);
    it.stand_in.stage.play([SILENCE, Play::Status(500)]);
    it.opened("3").await;
    assert_eq!(it.stand_in.stage.count("InitFaceVerify"), 3);
}

#[tokio::test]
async fn a_wrong_key_or_clock_is_turned_away() {
    let it = world();
    let config = Config { access_key_secret: secret("another"), ..config(&it.stand_in) };
    let aliyun = Aliyun::new(config, context(&it.clock)).unwrap();
    let rejected = Fault::Rejected { code: "SignatureDoesNotMatch".to_owned() };
    assert_eq!(fault(aliyun.start(&it.check("1", PersonMethod::TwoElements)).await), rejected);
    let late = clock();
    late.advance(SignedDuration::from_mins(16));
    let aliyun = Aliyun::new(self::config(&it.stand_in), context(&late)).unwrap();
    assert_eq!(fault(aliyun.start(&it.check("1", PersonMethod::FourElements)).await), rejected);
    let why = it.stand_in.stage.turned_away();
    assert_eq!(why, ["the signature does not hold", "the date is of another time"]);
}

#[tokio::test]
async fn temporary_keys_bring_their_token_signed() {
    let it = world();
    it.stand_in.expect_token("CAIS");
    let config = Config { security_token: Some(secret("CAIS")), ..config(&it.stand_in) };
    let aliyun = Aliyun::new(config, context(&it.clock)).unwrap();
    aliyun.start(&it.check("1", PersonMethod::TwoElements)).await.unwrap();
    assert_eq!(it.stand_in.stage.turned_away(), Vec::<String>::new());
}

#[tokio::test]
async fn companies_are_compared_element_by_element() {
    let it = world();
    for method in
        [OrganizationMethod::TwoElements, OrganizationMethod::ThreeElements, OrganizationMethod::FourElements]
    {
        let answer = it.aliyun.check(&world::company(&it.clock, method.as_str(), method)).await.unwrap();
        let factors = method.factors().to_vec();
        assert_eq!(answer.verdict, OrganizationVerdict::Passed { name: world::COMPANY.to_owned(), factors });
    }
    let three = |order: &str| world::company(&it.clock, order, OrganizationMethod::ThreeElements);
    let mut unknown = three("unknown");
    unknown.credit_code = CreditCode::parse("91350100M000100Y43").unwrap();
    let (mut renamed, mut led, mut gone) = (three("renamed"), three("led"), three("gone"));
    renamed.name = name("北京朱砂科技公司");
    led.legal_representative = Some(name("王建国"));
    gone.credit_code = CreditCode::parse("91330106MA2GNE0094").unwrap();
    gone.name = name("杭州旧梦文化传播有限公司");
    let mut numbered = world::company(&it.clock, "numbered", OrganizationMethod::FourElements);
    numbered.legal_representative_id = Some(document(&it.clock, OTHER_NUMBER));
    for (check, verdict) in [
        (unknown, OrganizationVerdict::Refused(OrganizationMismatch::CreditCode)),
        (renamed, OrganizationVerdict::Refused(OrganizationMismatch::Elements)),
        (led, OrganizationVerdict::Refused(OrganizationMismatch::LegalRepresentative)),
        (numbered, OrganizationVerdict::Refused(OrganizationMismatch::LegalRepresentativeId)),
        (gone, OrganizationVerdict::Inactive { state: "deregistered".to_owned() }),
    ] {
        assert_eq!(it.aliyun.check(&check).await.unwrap().verdict, verdict, "{check:?}");
    }
    it.stand_in.stage.play([Play::Unheard]);
    assert!(matches!(fault(it.aliyun.check(&three("unheard")).await), Fault::Malformed(_)));
    let without = Config { registry_code: None, ..config(&it.stand_in) };
    let without = Aliyun::new(without, context(&it.clock)).unwrap();
    assert!(matches!(fault(without.check(&three("without")).await), Fault::Unsupported(_)));
}

#[tokio::test]
async fn a_message_is_sent_once() {
    let it = world();
    let message = |order: &str, phone: &str| SmsMessage {
        order: order.to_owned(),
        phone: Phone::parse(phone).unwrap(),
        template: "code".to_owned(),
        values: BTreeMap::from([("code".to_owned(), "482913".to_owned())]),
    };
    let answer = it.aliyun.send(&message("1", "13800000001")).await.unwrap();
    assert_eq!((answer.verdict, answer.transaction.as_str()), (SmsVerdict::Accepted, "900619746936498440^0"));
    let heard = it.stand_in.stage.heard();
    assert_eq!(
        (&heard[0].content["PhoneNumbers"], &heard[0].content["TemplateParam"]),
        (&"13800000001".into(), &r#"{"code":"482913"}"#.into())
    );
    it.aliyun.send(&message("1", "13800000001")).await.unwrap();
    assert_eq!(it.stand_in.stage.count("SendSms"), 1);
    let answer = it.aliyun.send(&message("2", "13800000030")).await.unwrap();
    assert_eq!(answer.verdict, SmsVerdict::Refused(SmsRefusal::TooMany));
    it.stand_in.stage.play([SILENCE]);
    assert_eq!(fault(it.aliyun.send(&message("3", "13800000001")).await), Fault::TimedOut);
    assert_eq!(it.stand_in.stage.count("SendSms"), 3);
    it.stand_in.stage.play([Play::Unheard]);
    let unheard = Fault::Rejected { code: "isv.UNHEARD".to_owned() };
    assert_eq!(fault(it.aliyun.send(&message("4", "13800000001")).await), unheard);
    let lacking = SmsMessage { values: BTreeMap::new(), ..message("5", "13800000001") };
    assert!(matches!(fault(it.aliyun.send(&lacking).await), Fault::Unsupported(_)));
}

#[tokio::test]
async fn a_notice_needs_the_token_that_was_given() {
    let it = world();
    let (_, pending) = it.opened("order1").await;
    let received = |query: String| Received { query, body: Vec::new() };
    let query = it.stand_in.notice(&pending.transaction);
    let notice = it.aliyun.notice(&received(query.clone())).unwrap();
    assert_eq!(notice.transaction, Some(pending.transaction.clone()));
    let forged = format!("passed=T&certifyId={}&callbackToken=guess", pending.transaction);
    assert!(matches!(fault(it.aliyun.notice(&received(forged))), Fault::Signature(_)));
    assert!(matches!(fault(it.aliyun.notice(&received("passed=T".to_owned()))), Fault::Signature(_)));
    let nameless = query.replace("certifyId", "id");
    assert!(matches!(fault(it.aliyun.notice(&received(nameless))), Fault::Malformed(_)));
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
        Some(Credential {
            id: StandIn::ACCESS_KEY_ID.to_owned(),
            secret: secret(StandIn::ACCESS_KEY_SECRET),
            token,
        })
    });
    let config = Config {
        endpoint: Some(stand_in.endpoint()),
        security_token: Some(secret("first")),
        renewal: Some(renewal),
        ..Config::new(StandIn::ACCESS_KEY_ID, secret(StandIn::ACCESS_KEY_SECRET))
    };
    let provider = Aliyun::new(config, context(&clock)).unwrap();
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

//! Alipay.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::sync::Arc;

use domain::{IdDocument, IdKind};
use jiff::SignedDuration;
use testkit::FixedClock;
use testkit::stand_in::{Alipay as StandIn, Play, Scene};
use vermilion_providers::alipay::{Alipay, Config, Family, Trust};
use vermilion_providers::{
    Answer, Factor, Fault, OpensIn, Pending, PersonCheck, PersonMethod, PersonProvider, PersonRefusal,
    PersonVerdict, Received,
};

use crate::world::{
    NAME, NUMBER, OTHER_NUMBER, SILENCE, check, clock, context, document, fault, fill, name, secret,
    tells_nothing,
};

const FAMILIES: [(Family, &str); 3] = [
    (Family::FaceVerification, "datadigital.fincloud.generalsaas.face.verification"),
    (Family::FaceCertify, "datadigital.fincloud.generalsaas.face.certify"),
    (Family::CertifyOpen, "alipay.user.certify.open"),
];

struct World {
    clock: Arc<FixedClock>,
    stand_in: Arc<StandIn>,
    alipay: Alipay,
}

fn world(family: Family) -> World {
    let clock = clock();
    let stand_in = StandIn::start(clock.clone());
    fill(&stand_in.register);
    let config = Config { family, gateway: stand_in.gateway(), ..config() };
    let alipay = Alipay::new(config, context(&clock)).unwrap();
    World { clock, stand_in, alipay }
}

fn config() -> Config {
    let trust = Trust::PublicKey(StandIn::public_key().to_owned());
    Config::new(StandIn::APP_ID, secret(StandIn::private_key()), trust)
}

impl World {
    fn check(&self, order: &str) -> PersonCheck {
        check(&self.clock, order, PersonMethod::FaceAlipay)
    }

    async fn started(&self, check: &PersonCheck) -> Pending {
        pending(self.alipay.start(check).await.unwrap())
    }
}

fn pending(answer: Answer<PersonVerdict>) -> Pending {
    match answer.verdict {
        PersonVerdict::Pending(pending) => pending,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_face_passes_in_every_family() {
    for (family, method) in FAMILIES {
        let it = world(family);
        let check = it.check("ver_0193a1b2c3d4e5f60718293a4b5c6d7e");
        let pending = it.started(&check).await;
        let number = it.alipay.order_number(&check.order);
        assert_eq!(it.stand_in.transaction(&number).as_ref(), Some(&pending.transaction), "{method}");
        let page = pending.continue_at.clone().unwrap();
        assert_eq!(page.opens_in, OpensIn::Alipay);
        let link = page.app_link.unwrap();
        assert!(link.starts_with("alipays://platformapi/startapp?appId=20000067&url=http"), "{link}");
        assert!(!link.contains("&x=") && !link.contains("%3Fmethod%3D ") && page.qr == page.url);
        assert_eq!(it.stand_in.opens(&page.url), family == Family::CertifyOpen, "{}", page.url);

        let waiting = it.alipay.poll(&check, &pending).await.unwrap();
        assert_eq!(waiting.verdict, PersonVerdict::Pending(pending.clone()), "{method}");
        it.stand_in.register.stage(&pending.transaction, Scene::Passed);
        let answer = it.alipay.poll(&check, &pending).await.unwrap();
        let score = (family == Family::FaceVerification).then_some(98);
        let factors = vec![Factor::Name, Factor::IdNumber, Factor::Face];
        assert_eq!(answer.verdict, PersonVerdict::Passed { factors, score }, "{method}");
        assert_eq!((answer.provider, answer.transaction.as_str()), ("alipay", pending.transaction.as_str()));
        assert!(
            answer.raw.starts_with(format!("{{\"{}_query_response\"", method.replace('.', "_")).as_bytes())
        );
        assert_eq!(answer.raw_sha256(), pki::sha256(&answer.raw));
        tells_nothing(&format!("{answer:?} {check:?}"));

        let heard = it.stand_in.stage.heard();
        assert_eq!(heard[0].action, format!("{method}.initialize"));
        let subject = heard[0].content.get("identity_param").unwrap_or(&heard[0].content);
        assert_eq!((&subject["cert_name"], &subject["cert_no"]), (&NAME.into(), &NUMBER.into()));
        assert_eq!(it.stand_in.stage.turned_away(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn each_refusal_says_why() {
    for (family, _) in FAMILIES {
        for (scene, reason) in [
            (Scene::SomebodyElse, PersonRefusal::FaceMismatch),
            (Scene::Photograph, PersonRefusal::FaceNotLive),
        ] {
            let it = world(family);
            let check = it.check("order1");
            let pending = it.started(&check).await;
            it.stand_in.register.stage(&pending.transaction, scene);
            let answer = it.alipay.poll(&check, &pending).await.unwrap();
            assert_eq!(answer.verdict, PersonVerdict::Refused(reason), "{family:?}");
        }
        // The right face before the camera, another person's number on the form.
        let it = world(family);
        let stranger = PersonCheck { document: document(&it.clock, OTHER_NUMBER), ..it.check("order2") };
        let pending = it.started(&stranger).await;
        it.stand_in.register.stage(&pending.transaction, Scene::Passed);
        let answer = it.alipay.poll(&stranger, &pending).await.unwrap();
        assert!(matches!(answer.verdict, PersonVerdict::Refused(_)), "{family:?}: {answer:?}");
    }
}

#[tokio::test]
async fn who_does_nothing_runs_out_of_time() {
    for (family, _) in FAMILIES {
        let it = world(family);
        let check = it.check("order1");
        let pending = it.started(&check).await;
        it.clock.advance(SignedDuration::from_mins(29));
        let answer = it.alipay.poll(&check, &pending).await.unwrap();
        assert!(matches!(answer.verdict, PersonVerdict::Pending(_)), "{family:?}");
        it.clock.advance(SignedDuration::from_mins(2));
        let answer = it.alipay.poll(&check, &pending).await.unwrap();
        assert_eq!(answer.verdict, PersonVerdict::Refused(PersonRefusal::Expired), "{family:?}");
    }
}

#[tokio::test]
async fn the_same_order_starts_once_and_only_for_the_same_person() {
    let it = world(Family::FaceVerification);
    let check = it.check("order1");
    let (first, second) = (it.started(&check).await, it.started(&check).await);
    assert_eq!(first, second);
    assert_eq!(it.stand_in.stage.heard().len(), 1);
    let other = PersonCheck { name: name("王建国"), ..check };
    assert!(matches!(fault(it.alipay.start(&other).await), Fault::Replayed(_)));
}

#[tokio::test]
async fn what_is_not_offered_is_not_sent() {
    let it = world(Family::FaceVerification);
    let passport = IdDocument::parse(IdKind::Passport, "L898902C3", domain::Clock::now(&*it.clock)).unwrap();
    let with_passport = PersonCheck { document: passport, ..it.check("order1") };
    assert!(matches!(fault(it.alipay.start(&with_passport).await), Fault::Unsupported(_)));
    let elements = PersonCheck { method: PersonMethod::TwoElements, ..it.check("order2") };
    assert!(matches!(fault(it.alipay.start(&elements).await), Fault::Unsupported(_)));
    assert!(it.stand_in.stage.heard().is_empty());
    let supports = |family, kind| world(family).alipay.supports(PersonMethod::FaceAlipay, kind);
    assert!(supports(Family::FaceVerification, IdKind::ResidencePermitTw));
    assert!(!supports(Family::FaceVerification, IdKind::PermanentResident));
    assert!(supports(Family::CertifyOpen, IdKind::PermanentResident));
}

#[tokio::test]
async fn what_passes_soon_is_asked_again() {
    let it = world(Family::FaceVerification);
    for (n, plays) in
        [vec![Play::Busy], vec![Play::Status(502), SILENCE], vec![Play::Status(429)]].into_iter().enumerate()
    {
        let count = plays.len();
        let before = it.stand_in.stage.heard().len();
        it.stand_in.stage.play(plays);
        it.started(&it.check(&format!("order{n}"))).await;
        assert_eq!(it.stand_in.stage.heard().len() - before, count + 1);
    }
}

#[tokio::test]
async fn a_bad_answer_is_no_verdict_and_is_not_asked_for_again() {
    for (play, expected) in [
        (Play::Malformed, Fault::Malformed("it is not JSON")),
        (Play::WronglySigned, Fault::Signature("it is not Alipay's over this")),
        (Play::Unsigned, Fault::Signature("there is none")),
        (Play::Unheard, Fault::Malformed("its certify_state is not known")),
        (Play::SomebodyElse, Fault::Replayed("it is about another document")),
        (Play::Status(404), Fault::Status { status: 404, retry_after: None }),
        (Play::Status(302), Fault::Status { status: 302, retry_after: None }),
    ] {
        let it = world(Family::FaceVerification);
        let check = it.check("order1");
        let pending = it.started(&check).await;
        it.stand_in.register.stage(&pending.transaction, Scene::Passed);
        it.stand_in.stage.play([play]);
        assert_eq!(fault(it.alipay.poll(&check, &pending).await), expected, "{play:?}");
        assert_eq!(it.stand_in.stage.heard().len(), 2, "{play:?}");
        // It was the answer that was bad, not the person.
        let answer = it.alipay.poll(&check, &pending).await.unwrap();
        assert!(matches!(answer.verdict, PersonVerdict::Passed { .. }), "{play:?}");
    }
}

#[tokio::test]
async fn an_old_answer_starts_nothing() {
    let it = world(Family::FaceVerification);
    it.started(&it.check("order1")).await;
    it.stand_in.stage.play([Play::Replayed]);
    let replayed = fault(it.alipay.start(&it.check("order2")).await);
    assert_eq!(replayed, Fault::Replayed("a transaction of another order"));
    assert_eq!(it.started(&it.check("order2")).await.transaction, it.stand_in.transaction("order2").unwrap());
}

#[tokio::test]
async fn a_wrong_key_is_turned_away_and_said() {
    let it = world(Family::FaceVerification);
    let (_, pkcs8) = pki::SoftwareSigner::generate(pki::KeyAlgorithm::Rsa2048).unwrap();
    let key = base64(&pkcs8);
    let config = Config { private_key: secret(&key), gateway: it.stand_in.gateway(), ..config() };
    let alipay = Alipay::new(config, context(&it.clock)).unwrap();
    let rejected = fault(alipay.start(&it.check("order1")).await);
    assert_eq!(rejected, Fault::Rejected { code: "40002 isv.invalid-signature".to_owned() });
    assert_eq!(it.stand_in.stage.turned_away(), ["the signature does not hold"]);
}

#[tokio::test]
async fn certificates_are_named_and_compared() {
    let clock = clock();
    let stand_in = StandIn::start_with_certificates(clock.clone());
    fill(&stand_in.register);
    let [application, alipay, roots] = StandIn::certificates().map(str::to_owned);
    let trust = Trust::Certificates { application: application.clone(), alipay, roots: roots.clone() };
    let config = Config { trust, gateway: stand_in.gateway(), ..config() };
    let check = check(&clock, "order1", PersonMethod::FaceAlipay);
    let adapter = Alipay::new(config.clone(), context(&clock)).unwrap();
    pending(adapter.start(&check).await.unwrap());
    assert_eq!(stand_in.stage.turned_away(), Vec::<String>::new());

    // Another certificate of Alipay than the one that signs now.
    let trust = Trust::Certificates { application: application.clone(), alipay: application, roots };
    let adapter = Alipay::new(Config { trust, ..config.clone() }, context(&clock)).unwrap();
    let changed = Fault::Signature("it is by another certificate of Alipay than the configured one");
    assert_eq!(fault(adapter.start(&check).await), changed);

    // Without certificates the gateway turns us away.
    let trust = Trust::PublicKey(StandIn::public_key().to_owned());
    let adapter = Alipay::new(Config { trust, ..config }, context(&clock)).unwrap();
    assert!(matches!(fault(adapter.start(&check).await), Fault::Rejected { .. }));
}

#[tokio::test]
async fn notices_are_verified_and_only_cause_a_poll() {
    let it = world(Family::FaceVerification);
    let notice =
        |body: &str| it.alipay.notice(&Received { query: String::new(), body: body.as_bytes().to_vec() });
    let form = it.stand_in.notice("2109b5e6");
    let believed = notice(&form).unwrap();
    assert_eq!(believed.transaction.as_deref(), Some("2109b5e6"));
    assert_eq!((believed.reply.status, believed.reply.body), (200, "success"));
    for (body, expected) in [
        (form.replace("2109b5e6", "2109b5e7"), Fault::Signature("it is not Alipay's over this")),
        (form.replace("sign_type=RSA2", "sign_type=RSA"), Fault::Signature("it is not RSA2")),
        (form.replace("sign=", "sing="), Fault::Signature("there is none")),
        ("certify_id=2109b5e6&passed=T".to_owned(), Fault::Signature("there is none")),
        (String::new(), Fault::Signature("there is none")),
    ] {
        assert_eq!(fault(notice(&body)), expected, "{body}");
    }
    it.clock.advance(SignedDuration::from_hours(27));
    assert_eq!(fault(notice(&form)), Fault::Replayed("it is of another day"));
    let other = Config { app_id: "2021000000000000".to_owned(), gateway: it.stand_in.gateway(), ..config() };
    let other = Alipay::new(other, context(&it.clock)).unwrap();
    let received = Received { query: String::new(), body: it.stand_in.notice("1").into_bytes() };
    assert_eq!(fault(other.notice(&received)), Fault::Replayed("it is for another application"));
}

#[test]
fn settings_that_cannot_work_are_told_without_their_values() {
    let clock = clock();
    let wrong = |config: Config| {
        let error = Alipay::new(config, context(&clock)).expect_err("a setting is wrong");
        assert!(!error.to_string().contains("MII"), "{error}");
        error.what
    };
    let (_, p256) = pki::SoftwareSigner::generate(pki::KeyAlgorithm::P256).unwrap();
    assert_eq!(wrong(Config { private_key: secret("MII not a key"), ..config() }), "private_key");
    assert_eq!(wrong(Config { private_key: secret(&base64(&p256)), ..config() }), "private_key");
    assert_eq!(wrong(Config { trust: Trust::PublicKey("MIIB".to_owned()), ..config() }), "public_key");
    assert_eq!(wrong(Config { app_id: String::new(), ..config() }), "app_id");
    assert_eq!(wrong(Config { gateway: "gateway.do".to_owned(), ..config() }), "gateway");
    let [_, alipay, roots] = StandIn::certificates().map(str::to_owned);
    let trust = Trust::Certificates { application: alipay.clone(), alipay, roots };
    assert_eq!(wrong(Config { trust, ..config() }), "private_key");
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

//! Checks at a provider's page: what comes of them, when, and only once.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::sync::Arc;

use domain::policy::Assurance;
use jiff::SignedDuration;
use providers::alipay::{Alipay, Config, Trust};
use providers::{Context, Limits, Roots, Secret};
use testkit::stand_in::{Alipay as StandIn, Scene};
use vermilion_service::identity::{PersonInput, Providers, Received, notice, sandbox::SandboxPeople};
use vermilion_service::sandbox::{FaceOutcome, play_face};
use vermilion_service::view::{DataPurpose, IdentityMethod, IdentityState};
use vermilion_service::{Foundation, Locale, Refusal, ceremony, envelope, jobs, view};

use crate::signers::{AGENT, Guest, House, PERSON, refusal};

pub(crate) async fn at_identity<'a>(house: &'a House) -> Guest<'a> {
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Identity).await;
    guest
}

pub(crate) fn face() -> PersonInput {
    let it = PERSON.resident;
    PersonInput {
        phone: None,
        ..PersonInput::resident(it.name, it.id_number, "").by(IdentityMethod::FaceAlipay)
    }
}

impl Guest<'_> {
    /// Begins a face check, and gives its number.
    async fn opens_camera(&self) -> String {
        let shown = ceremony::identity(self.service, &self.signer, &face()).await.unwrap();
        assert_eq!(shown.identity.state, IdentityState::Pending);
        let page = shown.identity.page.expect("a page");
        assert!(page.qr_path.starts_with('M') && page.qr_size > 20, "{page:?}");
        page.url.rsplit('/').next().unwrap().to_owned()
    }

    async fn plays(&self, transaction: &str, outcome: FaceOutcome) {
        play_face(self.service, transaction, outcome).await.unwrap();
    }

    async fn polls(&self) -> view::IdentityView {
        ceremony::identity_poll(self.service, &self.signer).await.unwrap().identity
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_verifies_without_phone_and_code_and_is_the_surest() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Identity).await;
    let transaction = guest.opens_camera().await;
    assert_eq!(guest.polls().await.state, IdentityState::Pending);
    guest.plays(&transaction, FaceOutcome::Passed).await;
    // What was played first stays.
    guest.plays(&transaction, FaceOutcome::SomebodyElse).await;
    let shown = guest.polls().await;
    assert_eq!((shown.state, shown.assurance), (IdentityState::Verified, Some(Assurance::High)));
    assert_eq!(shown.how, ["register", "face"]);
    assert!(shown.phone_masked.is_none() && shown.page.is_none());
    guest.polls().await;
    guest.walk_to(view::Step::Done).await;
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    let count = |kind: &str| events.items.iter().filter(|it| it.kind == kind).count();
    assert_eq!((count("identity.pending"), count("identity.verified")), (1, 1));
    assert_eq!(count("identity.consent_given"), 2, "one for the data, one for the face");
    let json = serde_json::to_string(&events).unwrap();
    assert!(json.contains("name_commitment") && json.contains("\"assurance\":\"high\""));
    let report = envelope::report(&house.service, &actor, id).await.unwrap();
    assert!(report.source.len() > 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_is_consented_to_for_itself_and_can_be_refused() {
    let house = House::new().await;
    let guest = at_identity(&house).await;
    let (service, signer) = (&house.service, &guest.signer);
    let mut input = face();
    input.consent.face = false;
    let missing = refusal(ceremony::identity(service, signer, &input).await);
    assert_eq!(missing, Refusal::DataConsentMissing { purpose: "face" });
    input.consent.version = "2020".to_owned();
    assert_eq!(refusal(ceremony::identity(service, signer, &input).await), Refusal::ConsentVersion);
    let transaction = guest.opens_camera().await;
    let shown = ceremony::identity_refuse(service, signer, DataPurpose::Face, Locale::En).await.unwrap();
    assert!(shown.identity.consents.face_refused && !shown.identity.consents.identity_refused);
    assert_eq!(shown.identity.state, IdentityState::None, "what was under way is given up");
    assert!(shown.identity.methods.iter().any(|it| it.method == IdentityMethod::ThreeElements));
    guest.plays(&transaction, FaceOutcome::Passed).await;
    assert_eq!(guest.polls().await.state, IdentityState::None);
    guest.walk_to(view::Step::Document).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_that_is_refused_says_why_and_leaves_the_other_ways() {
    let house = House::new().await;
    let guest = at_identity(&house).await;
    for (outcome, why) in [
        (FaceOutcome::SomebodyElse, "face_mismatch"),
        (FaceOutcome::Photograph, "face_not_live"),
        (FaceOutcome::Left, "cancelled"),
    ] {
        let transaction = guest.opens_camera().await;
        guest.plays(&transaction, outcome).await;
        let shown = guest.polls().await;
        assert_eq!((shown.state, shown.refused.as_deref()), (IdentityState::None, Some(why)));
    }
    guest.walk_to(view::Step::Document).await;
    let shown = guest.show().await.identity;
    assert_eq!((shown.assurance, shown.refused), (Some(Assurance::Substantial), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_was_given_up_verifies_nobody_later() {
    let house = House::new().await;
    let guest = at_identity(&house).await;
    let transaction = guest.opens_camera().await;
    ceremony::identity_restart(&house.service, &guest.signer).await.unwrap();
    guest.plays(&transaction, FaceOutcome::Passed).await;
    assert_eq!(guest.polls().await.state, IdentityState::None);
    house.pass(SignedDuration::from_hours(1));
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!(guest.show().await.identity.state, IdentityState::None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_ends_with_its_time_unless_the_answer_was_only_late() {
    let house = House::new().await;
    let guest = at_identity(&house).await;
    guest.opens_camera().await;
    house.pass(SignedDuration::from_mins(31));
    jobs::sweep(&house.service).await.unwrap();
    let shown = guest.show().await.identity;
    assert_eq!((shown.state, shown.refused.as_deref()), (IdentityState::None, Some("expired")));
    // Passed, and the page was closed before anybody asked.
    let transaction = guest.opens_camera().await;
    guest.plays(&transaction, FaceOutcome::Passed).await;
    house.pass(SignedDuration::from_mins(31));
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!(guest.show().await.identity.state, IdentityState::Verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_server_goes_on_where_the_person_was() {
    let mut house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let (cookie, recipient, transaction) = {
        let guest = house.guest(PERSON).await;
        guest.walk_to(view::Step::Identity).await;
        (guest.cookie.clone(), guest.recipient, guest.opens_camera().await)
    };
    house.restart().await;
    let guest = Guest::resume(&house.service, PERSON, recipient, cookie).await;
    assert_eq!(guest.show().await.identity.state, IdentityState::Pending);
    guest.plays(&transaction, FaceOutcome::Passed).await;
    assert_eq!(guest.polls().await.state, IdentityState::Verified);
}

/// Alipay beside the sandbox: its adapter, against a server that checks our signatures and signs its answers. That server's
/// clock is off by `skew`.
pub(crate) fn with_alipay(
    stand_in: &mut Option<Arc<StandIn>>,
    skew: SignedDuration,
) -> impl FnOnce(&Foundation, &Arc<testkit::FixedClock>) -> Providers {
    move |foundation, clock| {
        let off = || Arc::new(testkit::FixedClock::at(domain::Clock::now(&**clock) + skew));
        let server = StandIn::start(if skew.is_zero() { clock.clone() } else { off() });
        for it in [PERSON.resident, AGENT.resident] {
            server.register.add_person(it.name, it.id_number, it.phone, it.bank_card);
        }
        let trust = Trust::PublicKey(StandIn::public_key().to_owned());
        let config = Config::new(StandIn::APP_ID, Secret::new(StandIn::private_key()), trust);
        let config = Config { gateway: server.gateway(), ..config };
        let limits = Limits { pause: std::time::Duration::from_millis(2), ..Limits::default() };
        let rng = Arc::clone(&foundation.rng);
        let context = Context::with(clock.clone(), rng, Roots::Machine, limits);
        *stand_in = Some(server);
        let sandbox = Providers::sandbox(foundation);
        let people: Vec<Arc<dyn providers::PersonProvider>> =
            vec![Arc::new(Alipay::new(config, context).unwrap()), Arc::new(SandboxPeople::new(foundation))];
        Providers::new(people, sandbox.organizations, sandbox.payouts)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_alipay_is_no_answer_and_has_alipay_asked_once() {
    let mut stand_in = None;
    let house = House::asking(with_alipay(&mut stand_in, SignedDuration::ZERO)).await;
    let stand_in = stand_in.unwrap();
    let guest = at_identity(&house).await;
    let shown = ceremony::identity(&house.service, &guest.signer, &face()).await.unwrap();
    let page = shown.identity.page.unwrap();
    assert!(page.app_link.unwrap().starts_with("alipays://"));
    assert_eq!(page.opens_in, view::OpensIn::Alipay);
    let order = stand_in.stage.heard()[0].content["outer_order_no"].as_str().unwrap().to_owned();
    let transaction = stand_in.transaction(&order).unwrap();
    let tell = async |body: String| {
        let received = Received { query: String::new(), body: body.into_bytes() };
        notice(&house.service, "alipay", &received).await
    };
    // Signed, and the person has not looked into the camera: nothing follows from it.
    assert_eq!(tell(stand_in.notice(&transaction)).await.unwrap().body, "success");
    assert_eq!(guest.show().await.identity.state, IdentityState::Pending);
    stand_in.register.stage(&transaction, Scene::Passed);
    // Not signed: not even asked about.
    let asked = stand_in.stage.heard().len();
    assert!(tell(format!("certify_id={transaction}&sign_type=RSA2&sign=AAAA")).await.is_err());
    assert_eq!(stand_in.stage.heard().len(), asked);
    for _ in 0..3 {
        assert_eq!(tell(stand_in.notice(&transaction)).await.unwrap().body, "success");
        assert_eq!(guest.show().await.identity.state, IdentityState::Verified);
    }
    assert_eq!(stand_in.stage.heard().len(), asked + 1, "a notice that comes again changes nothing");
    assert!(stand_in.stage.turned_away().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrongly_signed_answer_of_alipay_verifies_nobody() {
    let mut stand_in = None;
    let house = House::asking(with_alipay(&mut stand_in, SignedDuration::ZERO)).await;
    let stand_in = stand_in.unwrap();
    let guest = at_identity(&house).await;
    ceremony::identity(&house.service, &guest.signer, &face()).await.unwrap();
    let order = stand_in.stage.heard()[0].content["outer_order_no"].as_str().unwrap().to_owned();
    stand_in.register.stage(&stand_in.transaction(&order).unwrap(), Scene::Passed);
    stand_in.stage.play([testkit::stand_in::Play::WronglySigned]);
    let polled = ceremony::identity_poll(&house.service, &guest.signer).await;
    assert_eq!(refusal(polled).code(), "provider_unavailable");
    assert_eq!(guest.show().await.identity.state, IdentityState::Pending, "it can be asked again");
    assert_eq!(guest.polls().await.state, IdentityState::Verified);
}

//! Time-stamps: who is asked, in which order, how often, and with what.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use pades::TimeStampSource as _;
use pki::DigestAlgorithm;
use pki::ca::{Profile, Urls};
use pki::tsa::{AnswerError, Failure, Request};
use vermilion_online::{Authority, Client, ConfigError, Credentials, Fault, Unanswered};

use crate::server::Answer;
use crate::world::*;

/// A client whose authorities are these paths of the stand-in server, in order.
fn client(world: &World, paths: &[&str]) -> Client {
    let mut config = world.config();
    config.authorities = paths.iter().map(|path| Authority::new(world.server.url(path))).collect();
    Client::new(config).unwrap()
}

/// Makes `/good` stamp as it should.
pub(crate) fn with_good(world: World) -> Arc<World> {
    let world = Arc::new(world);
    let serving = Arc::clone(&world);
    world.server.on("/good", move |asked| Answer::Fine(REPLY, serving.stamp(&asked.body)));
    world
}

pub(crate) fn only_fault(error: &Unanswered) -> &Fault {
    assert_eq!(error.attempts.len(), 1, "{error}");
    &error.attempts[0].fault
}

#[test]
fn a_good_authority_stamps() {
    let world = with_good(World::new());
    let client = client(&world, &["/good"]);
    let stamp = client.stamp(&imprint(b"data")).unwrap();
    assert_eq!(stamp.token.verify(b"data", &[]).unwrap(), world.tsa.certificate);
    assert_eq!(stamp.certificate, world.tsa.certificate);
    assert_eq!((stamp.authority, stamp.failed), (world.server.url("/good"), vec![]));
    // As the signing side sees it.
    let token = client.time_stamp(&imprint(b"more")).unwrap();
    pki::tsa::Token::from_der(&token).unwrap().verify(b"more", &[]).unwrap();
    let asked = world.server.asked("/good");
    let requests: Vec<Request> = asked.iter().map(|a| Request::from_der(&a.body).unwrap()).collect();
    assert!(requests.iter().all(Request::wants_certificates), "certReq");
    assert!(requests.iter().all(|r| r.nonce().is_some_and(|n| n.len() >= 15)));
    assert_ne!(requests[0].nonce(), requests[1].nonce());
    for asked in asked {
        assert_eq!((asked.method.as_str(), asked.header("content-type")), ("POST", Some(QUERY)));
        assert_eq!((asked.header("accept"), asked.header("authorization")), (Some(REPLY), None));
    }
}

#[test]
fn digests_of_every_length_are_stamped() {
    let world = with_good(World::new());
    let client = client(&world, &["/good"]);
    for algorithm in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        let imprint = pki::tsa::Imprint { algorithm, digest: algorithm.digest(b"data") };
        assert_eq!(client.stamp(&imprint).unwrap().token.imprint(), &imprint);
    }
}

#[test]
fn the_error_names_each_authority_and_why_it_failed() {
    let world = with_good(World::new());
    world.server.always("/a", Answer::Status(500, vec![]));
    world.server.always("/b", Answer::Fine(REPLY, pki::tsa::Authority::reject(Failure::BadAlg, "no").der));
    let mut config = world.config();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for url in [world.server.url("/a"), world.server.url("/b"), format!("http://{closed}/")] {
        config.authorities.push(Authority::new(url));
    }
    let error = Client::new(config).unwrap().stamp(&imprint(b"x")).unwrap_err();
    let text = error.to_string();
    let (a, b) = (world.server.url("/a"), world.server.url("/b"));
    assert!(
        text.starts_with(&format!("time-stamp: {a} (HTTP status 500); {b} (refused: badAlg: no); ")),
        "{text}"
    );
    assert!(matches!(error.attempts[2].fault, Fault::Connection(_)), "{text}");
    let source: pades::SourceError = error.into();
    assert!(source.whom.contains(&a) && source.why.contains("badAlg"), "{source:?}");

    let nobody = world.client().stamp(&imprint(b"x")).unwrap_err();
    assert_eq!(nobody.to_string(), "time-stamp: there is nobody to ask");
}

#[test]
fn who_failed_is_asked_last_for_a_while() {
    let world = with_good(World::new());
    let serving = Arc::clone(&world);
    let broken = Arc::new(AtomicUsize::new(1));
    let state = Arc::clone(&broken);
    world.server.on("/first", move |asked| match state.load(Ordering::SeqCst) {
        0 => Answer::Fine(REPLY, serving.stamp(&asked.body)),
        _ => Answer::Status(503, vec!["Retry-After: 60".to_owned()]),
    });
    let client = client(&world, &["/first", "/good"]);
    let by = || client.stamp(&imprint(b"x")).unwrap().authority;
    assert_eq!(by(), world.server.url("/good"));
    assert_eq!((by(), by()), (world.server.url("/good"), world.server.url("/good")));
    assert_eq!(world.server.count("/first"), 1, "asked once, then last");
    broken.store(0, Ordering::SeqCst);
    world.clock.advance(jiff::SignedDuration::from_secs(59));
    assert_eq!(by(), world.server.url("/good"));
    world.clock.advance(jiff::SignedDuration::from_secs(2));
    assert_eq!((by(), by()), (world.server.url("/first"), world.server.url("/first")));
}

#[test]
fn what_may_pass_is_tried_again_after_a_pause_and_nothing_else() {
    let world = with_good(World::new());
    let serving = Arc::clone(&world);
    let tries = AtomicUsize::new(0);
    world.server.on("/busy", move |asked| match tries.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Answer::Status(503, vec![]),
        _ => Answer::Fine(REPLY, serving.stamp(&asked.body)),
    });
    world.server.always("/refuses", Answer::Status(403, vec![]));
    let mut config = world.config();
    config.limits.rounds = 3;
    config.limits.pause = Duration::from_millis(200);
    config.authorities = ["/refuses", "/busy"].map(|path| Authority::new(world.server.url(path))).to_vec();
    let before = Instant::now();
    let stamp = Client::new(config.clone()).unwrap().stamp(&imprint(b"x")).unwrap();
    assert_eq!((stamp.authority, stamp.failed.len()), (world.server.url("/busy"), 3));
    assert_eq!((world.server.count("/refuses"), world.server.count("/busy")), (1, 3));
    // Half of 200 ms and half of 400 ms at the least.
    assert!(before.elapsed() >= Duration::from_millis(300), "{:?}", before.elapsed());

    // Where the session has no time left, it does not sleep.
    config.limits.session = Duration::from_millis(150);
    config.limits.pause = Duration::from_secs(60);
    world.server.always("/busy", Answer::Status(503, vec![]));
    let before = Instant::now();
    Client::new(config).unwrap().stamp(&imprint(b"x")).unwrap_err();
    assert!(before.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_policy_is_asked_for_and_held_to() {
    let world = with_good(World::new());
    let serving = Arc::clone(&world);
    // Stamps whatever policy was asked for, under its own.
    world.server.on("/own", move |asked| {
        let request = Request::from_der(&asked.body).unwrap();
        let nonce: [u8; 16] = request
            .nonce()
            .unwrap()
            .iter()
            .rev()
            .take(16)
            .rev()
            .copied()
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        Answer::Fine(REPLY, serving.stamp(&Request::new(request.imprint().clone(), Some(nonce)).to_der()))
    });
    let ask = |path: &str, policy: &str| {
        let mut config = world.config();
        let authority =
            Authority { policy: Some(policy.to_owned()), ..Authority::new(world.server.url(path)) };
        config.authorities.push(authority);
        Client::new(config).map(|client| client.stamp(&imprint(b"x")))
    };
    assert_eq!(ask("/good", POLICY).unwrap().unwrap().token.policy(), POLICY);
    let refused = ask("/good", "1.2.3.4").unwrap().unwrap_err();
    let Fault::TimeStamp(AnswerError::Rejected(why)) = only_fault(&refused) else { panic!("{refused}") };
    assert_eq!(why.failure, Some(Failure::UnacceptedPolicy));
    let other = ask("/own", "1.2.3.4").unwrap().unwrap_err();
    let policy = AnswerError::Policy { found: POLICY.to_owned() };
    assert_eq!(only_fault(&other), &Fault::TimeStamp(policy));
    assert!(matches!(ask("/good", "my policy"), Err(ConfigError::Authority { .. })));
}

#[test]
fn anchors_are_held_to_where_they_are_given() {
    let world = with_good(World::new());
    let ask = |anchor: &pki::Certificate| {
        let mut config = world.config();
        let anchors = vec![anchor.clone()];
        config.authorities.push(Authority { anchors, ..Authority::new(world.server.url("/good")) });
        Client::new(config).unwrap().stamp(&imprint(b"x"))
    };
    for anchor in [&world.root.certificate, &world.issuing.certificate, &world.tsa.certificate] {
        ask(anchor).unwrap();
    }
    let other = root("Another Root");
    let error = ask(&other.certificate).unwrap_err();
    assert!(matches!(only_fault(&error), Fault::Certificate(why) if why.contains("no path")), "{error}");
}

#[test]
fn what_a_token_lacks_between_its_authority_and_a_root_is_asked_for() {
    let world = World::new();
    let urls = Urls { ca_issuers: vec![world.server.url("/issuing.cer")], ..Urls::default() };
    let bare = issue(&world.issuing, Profile::TimeStamping, "Bare TSA", 9, urls);
    let stamps = pki::tsa::Authority {
        certificate: bare.certificate.clone(),
        chain: Vec::new(),
        policy: POLICY.to_owned(),
        accuracy_ms: 500,
    };
    let (at, issuing) = (world.now(), world.issuing.certificate.der().to_vec());
    world.server.on("/bare", move |asked| {
        Answer::Fine(REPLY, stamps.respond(&asked.body, [7; 16], at, &bare.key).unwrap().der)
    });
    let ask = || {
        let mut config = world.config();
        let anchors = vec![world.root.certificate.clone()];
        config.authorities.push(Authority { anchors, ..Authority::new(world.server.url("/bare")) });
        Client::new(config).unwrap().stamp(&imprint(b"x"))
    };
    let error = ask().unwrap_err();
    assert!(matches!(only_fault(&error), Fault::Certificate(why) if why.contains("no path")), "{error}");
    world.server.always("/issuing.cer", Answer::Fine("application/pkix-cert", issuing));
    ask().unwrap();
}

#[test]
fn connections_are_kept_and_a_closed_one_is_no_failure() {
    let world = Arc::new(World::new());
    let serving = Arc::clone(&world);
    world.server.on("/kept", move |asked| Answer::Kept(REPLY, serving.stamp(&asked.body), 3));
    let client = client(&world, &["/kept"]);
    for n in 0..20_u8 {
        let stamp = client.stamp(&imprint(&[n])).unwrap();
        assert!(stamp.failed.is_empty());
    }
    assert_eq!(world.server.count("/kept"), 20);
    // Four questions to each.
    assert_eq!(world.server.connections(), 5);
}

#[test]
fn passwords_go_to_the_authority_alone() {
    let world = with_good(World::new());
    let serving = Arc::clone(&world);
    let expected = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode("me:se:cret"));
    world.server.on("/closed", move |asked| match asked.header("authorization") {
        Some(told) if told == expected => Answer::Fine(REPLY, serving.stamp(&asked.body)),
        _ => Answer::Status(401, vec![]),
    });
    // The same server under another name, and another server, are other places.
    let elsewhere = World::new();
    let there = elsewhere.server.url("/good");
    world.server.always("/away", Answer::Status(307, vec![format!("Location: {there}")]));
    world.server.always("/moved", Answer::Status(308, vec!["Location: /closed".to_owned()]));
    let ask = |url: String| {
        let mut config = world.config();
        let credentials = Some(Credentials::new("me", "se:cret"));
        config.authorities.push(Authority { credentials, ..Authority::new(url) });
        assert!(!format!("{config:?}").contains("cret"), "{config:?}");
        Client::new(config).map(|client| client.stamp(&imprint(b"x")))
    };
    ask(world.server.url("/closed")).unwrap().unwrap();
    ask(world.server.url("/moved")).unwrap().unwrap();
    ask(world.server.url("/away")).unwrap().unwrap_err();
    let asked = elsewhere.server.asked("/good");
    assert_eq!((asked.len(), asked[0].header("authorization")), (1, None));
    assert!(matches!(ask("http://tsa.example.com/".to_owned()), Err(ConfigError::Authority { .. })));
    assert!(matches!(ask("https://me:x@tsa.example.com/".to_owned()), Err(ConfigError::Authority { .. })));
    // Without a password: refused, with the status.
    let error = client(&world, &["/closed"]).stamp(&imprint(b"x")).unwrap_err();
    assert!(matches!(only_fault(&error), Fault::Status { status: 401, .. }));
}

#[test]
fn many_threads_are_stamped_while_authorities_come_and_go() {
    const THREADS: usize = 8;
    const EACH: usize = 40;
    let world = with_good(World::new());
    for (n, path) in ["/x", "/y"].into_iter().enumerate() {
        let serving = Arc::clone(&world);
        let tries = AtomicUsize::new(n);
        world.server.on(path, move |asked| match tries.fetch_add(1, Ordering::SeqCst) % 5 {
            0 => Answer::Status(503, vec![]),
            1 => Answer::CutOff(REPLY, serving.stamp(&asked.body)),
            2 => Answer::Fine(REPLY, serving.stamp(&Request::new(imprint(b"other"), Some([1; 16])).to_der())),
            _ => Answer::Fine(REPLY, serving.stamp(&asked.body)),
        });
    }
    let client = client(&world, &["/x", "/y", "/good"]);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (client, world) = (&client, &world);
            scope.spawn(move || {
                for n in 0..EACH {
                    let data = format!("{thread} {n}");
                    let stamp = client.stamp(&imprint(data.as_bytes())).unwrap();
                    stamp.token.verify(data.as_bytes(), &[]).unwrap();
                    world.clock.advance(jiff::SignedDuration::from_millis(5));
                }
            });
        }
    });
    assert!(world.server.count("/x") > 1 && world.server.count("/y") > 1 && world.server.count("/good") > 1);
}

//! Time-stamps: every way in which an authority can fail, and what the client then does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pki::ca::{Profile, Urls, Validity};
use pki::tsa::{AnswerError, Failure, Request};
use pki::{DigestAlgorithm, VerifyError};
use vermilion_online::{Authority, Client, Fault};

use crate::server::{Answer, Asked};
use crate::tsa::{only_fault, with_good};
use crate::world::*;

/// Who is asked first, what is expected of the fault.
type Case = (&'static str, Box<dyn Fn(&Arc<World>, &Asked) -> Answer + Send + Sync>, fn(&Fault) -> bool);

fn case(
    name: &'static str,
    answer: impl Fn(&Arc<World>, &Asked) -> Answer + Send + Sync + 'static,
    expected: fn(&Fault) -> bool,
) -> Case {
    (name, Box::new(answer), expected)
}

/// What goes wrong below the token.
fn transport_cases() -> Vec<Case> {
    vec![
        case(
            "no such page",
            |_, _| Answer::Status(404, vec![]),
            |f| matches!(f, Fault::Status { status: 404, .. }),
        ),
        case(
            "broken",
            |_, _| Answer::Status(500, vec![]),
            |f| matches!(f, Fault::Status { status: 500, .. }),
        ),
        case(
            "busy",
            |_, _| Answer::Status(503, vec!["Retry-After: 7".to_owned()]),
            |f| *f == Fault::Status { status: 503, retry_after: Some(Duration::from_secs(7)) },
        ),
        case(
            "an error page",
            |_, _| Answer::Fine("text/html; charset=utf-8", b"<html>".to_vec()),
            |f| matches!(f, Fault::ContentType { found, .. } if found == "text/html"),
        ),
        case("cut off", |w, a| Answer::CutOff(REPLY, w.stamp(&a.body)), |f| matches!(f, Fault::CutOff)),
        case("hangs up", |_, _| Answer::Raw(vec![]), |f| matches!(f, Fault::CutOff)),
        case(
            "no HTTP",
            |_, _| Answer::Raw(b"220 mail\r\n\r\n".to_vec()),
            |f| matches!(f, Fault::Protocol(_)),
        ),
        case(
            "huge",
            |_, _| Answer::Fine(REPLY, vec![0x30; 300_000]),
            |f| matches!(f, Fault::TooLarge { limit: 262_144 }),
        ),
        case("endless", |_, _| Answer::Endless(REPLY), |f| matches!(f, Fault::TooLarge { .. })),
        case(
            "redirects in a circle",
            |w, _| Answer::Status(307, vec![format!("Location: {}", w.server.url("/case"))]),
            |f| matches!(f, Fault::Redirect(_)),
        ),
        case(
            "redirects elsewhere than is asked",
            |_, _| Answer::Status(307, vec!["Location: http://192.168.0.1/tsa".to_owned()]),
            |f| matches!(f, Fault::NotPublic(_)),
        ),
        case(
            "see other",
            |_, _| Answer::Status(303, vec!["Location: /good".to_owned()]),
            |f| matches!(f, Fault::Status { status: 303, .. }),
        ),
        case("redirects nowhere", |_, _| Answer::Status(302, vec![]), |f| matches!(f, Fault::Redirect(_))),
    ]
}

/// What takes too long.
fn slow_cases() -> Vec<Case> {
    vec![
        case("silence", |_, _| Answer::Silence(Duration::from_secs(60)), |f| matches!(f, Fault::TimedOut)),
        case(
            "byte by byte",
            |w, a| Answer::Trickle(REPLY, w.stamp(&a.body), Duration::from_millis(50)),
            |f| matches!(f, Fault::TimedOut),
        ),
    ]
}

/// What is wrong with the token.
fn token_cases() -> Vec<Case> {
    let restamp = |change: fn(&Request) -> Request| {
        move |world: &Arc<World>, asked: &Asked| {
            let request = change(&Request::from_der(&asked.body).unwrap());
            Answer::Fine(REPLY, world.stamp(&request.to_der()))
        }
    };
    let old: Arc<std::sync::OnceLock<Vec<u8>>> = Arc::default();
    vec![
        case("nonsense", |_, _| Answer::Fine(REPLY, b"hello".to_vec()), |f| matches!(f, Fault::Malformed(_))),
        case("nothing", |_, _| Answer::Fine(REPLY, vec![]), |f| matches!(f, Fault::Malformed(_))),
        case(
            "rejected",
            |_, _| Answer::Fine(REPLY, pki::tsa::Authority::reject(Failure::UnacceptedPolicy, "no").der),
            |f| {
                let words = "refused: unacceptedPolicy: no";
                matches!(f, Fault::TimeStamp(AnswerError::Rejected(why)) if why.status == 2)
                    && f.to_string() == words
            },
        ),
        case("another nonce", restamp(|r| Request::new(r.imprint().clone(), Some([5; 16]))), |f| {
            *f == Fault::Nonce
        }),
        case("no nonce", restamp(|r| Request::new(r.imprint().clone(), None)), |f| *f == Fault::Nonce),
        case(
            "an old answer again",
            move |w, a| {
                Answer::Fine(
                    REPLY,
                    old.get_or_init(|| {
                        let earlier = Request::new(
                            Request::from_der(&a.body).unwrap().imprint().clone(),
                            Some([8; 16]),
                        );
                        w.stamp(&earlier.to_der())
                    })
                    .clone(),
                )
            },
            |f| *f == Fault::Nonce,
        ),
        case(
            "other data",
            |w, a| {
                // The nonce that was sent, over another digest of the same length.
                let digest = DigestAlgorithm::Sha256.digest(b"data");
                let place = a.body.windows(32).position(|window| window == digest).unwrap();
                let mut request = a.body.clone();
                request[place..place + 32].fill(7);
                Answer::Fine(REPLY, w.stamp(&request))
            },
            |f| *f == Fault::TimeStamp(AnswerError::Imprint),
        ),
        case(
            "a broken signature",
            |w, a| {
                let mut reply = w.stamp(&a.body);
                *reply.last_mut().unwrap() ^= 1;
                Answer::Fine(REPLY, reply)
            },
            |f| matches!(f, Fault::Signature(VerifyError::BadSignature)),
        ),
        case(
            "no certificate inside",
            |w, a| {
                // certReq TRUE, the last three octets, taken off.
                let mut request = a.body.clone();
                request.truncate(request.len() - 3);
                request[1] -= 3;
                Answer::Fine(REPLY, w.stamp(&request))
            },
            |f| matches!(f, Fault::Signature(VerifyError::Attribute { .. })),
        ),
        case(
            "a certificate that has expired",
            |w, a| {
                let (not_before, not_after) = (start() - hours(20), start() - hours(1));
                let validity = Validity { not_before, not_after };
                let urls = Urls::default();
                let old = issue_for(&w.issuing, Profile::TimeStamping, "Old TSA", 9, urls, validity);
                Answer::Fine(REPLY, stamped_by(w, &old, &a.body))
            },
            |f| matches!(f, Fault::Certificate(why) if why.contains("expired")),
        ),
        case(
            "a certificate for something else",
            |w, a| Answer::Fine(REPLY, stamped_by(w, &w.person, &a.body)),
            |f| matches!(f, Fault::Certificate(why) if why.contains("time-stamping")),
        ),
        case(
            "yesterday's time",
            |w, a| {
                let then = w.now() - hours(20);
                Answer::Fine(REPLY, w.authority().respond(&a.body, [9; 16], then, &w.tsa.key).unwrap().der)
            },
            |f| matches!(f, Fault::Time { .. }),
        ),
        case(
            "tomorrow's time",
            |w, a| {
                let then = w.now() + hours(1);
                Answer::Fine(REPLY, w.authority().respond(&a.body, [9; 16], then, &w.tsa.key).unwrap().der)
            },
            |f| matches!(f, Fault::Time { .. }),
        ),
    ]
}

fn stamped_by(world: &World, holder: &Holder, request: &[u8]) -> Vec<u8> {
    let authority = pki::tsa::Authority { certificate: holder.certificate.clone(), ..world.authority() };
    authority.respond(request, [9; 16], world.now(), &holder.key).unwrap().der
}

/// Each case alone gives its fault; in front of a good authority it costs nothing but a try.
fn play(cases: Vec<Case>, patience: Duration) {
    for (name, answer, expected) in cases {
        let world = with_good(World::new());
        let serving = Arc::clone(&world);
        world.server.on("/case", move |asked| answer(&serving, asked));
        let client = |paths: &[&str]| {
            let mut config = world.config();
            config.limits.answer = patience;
            config.authorities = paths.iter().map(|path| Authority::new(world.server.url(path))).collect();
            Client::new(config).unwrap()
        };
        let error = client(&["/case"]).stamp(&imprint(b"data")).unwrap_err();
        assert!(expected(only_fault(&error)), "{name}: {error}");
        assert_eq!(error.attempts[0].address, world.server.url("/case"));
        let stamp = client(&["/case", "/good"]).stamp(&imprint(b"data")).expect(name);
        assert_eq!(stamp.authority, world.server.url("/good"), "{name}");
        assert_eq!(stamp.failed.len(), 1, "{name}");
    }
}

#[test]
fn what_goes_wrong_on_the_way_is_told_and_the_next_is_asked() {
    play(transport_cases(), Duration::from_secs(20));
}

#[test]
fn nobody_is_waited_for_longer_than_allowed() {
    let before = Instant::now();
    play(slow_cases(), Duration::from_millis(2500));
    assert!(before.elapsed() < Duration::from_secs(55));
}

#[test]
fn what_is_wrong_with_a_token_is_told_and_the_next_is_asked() {
    play(token_cases(), Duration::from_secs(20));
}

//! What is kept of revocation data and for how long, and how much is asked at most.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use pki::Serial;
use pki::ca::{Profile, Urls};
use pki::ocsp::{self, Request, Responder};
use vermilion_online::{Client, Fault, Status, Unanswered};

use crate::revocation::{ask, faults, says};
use crate::server::{Answer, Asked};
use crate::world::*;

#[test]
fn answers_are_kept_until_their_next_update() {
    let world = says(World::new(), ocsp::Status::Good);
    let client = world.client();
    let count = |advance: i64| {
        world.clock.advance(hours(advance));
        ask(&world, &client).unwrap();
        world.server.count("/ocsp")
    };
    assert_eq!((count(0), count(0), count(23), count(0)), (1, 1, 1, 1));
    assert_eq!((count(2), count(0)), (2, 2), "a day is over");
    let mut config = world.config();
    config.cache.max_age = Some(Duration::from_secs(3600));
    let client = Client::new(config).unwrap();
    let count = |advance: i64| {
        world.clock.advance(hours(advance));
        ask(&world, &client).unwrap();
        world.server.count("/ocsp")
    };
    assert_eq!((count(0), count(1), count(1), count(0)), (3, 3, 4, 4), "an hour is over");
}

#[test]
fn for_a_signature_data_from_after_it_are_fetched() {
    let world = says(World::new(), ocsp::Status::Good);
    let client = world.client();
    ask(&world, &client).unwrap();
    world.clock.advance(hours(1));
    let since = |at| {
        let session = client.session().fresh_since(at);
        session.revocation(&world.person.certificate, &world.issuing.certificate).unwrap();
        world.server.count("/ocsp")
    };
    assert_eq!(since(start()), 1, "what is kept is from then");
    assert_eq!(since(world.now()), 2, "what is kept is older");
    assert_eq!(since(world.now()), 2, "and was replaced");
    // Nobody has newer ones yet: the newest are the answer.
    assert_eq!(since(world.now() + hours(1)), 3);
}

#[test]
fn a_crl_older_than_the_certificate_is_fetched_anew() {
    let world = Arc::new(World::new());
    let serving = Arc::clone(&world);
    let this_update = Arc::new(std::sync::Mutex::new(world.now() - hours(12)));
    let told = Arc::clone(&this_update);
    world.server.on("/issuing.crl", move |_| {
        Answer::Fine(CRL, serving.crl_at(*told.lock().unwrap(), &[]).der().to_vec())
    });
    let client = world.client();
    ask(&world, &client).unwrap();
    ask(&world, &client).unwrap();
    assert_eq!(world.server.count("/issuing.crl"), 1);
    // A certificate that was issued after the CRL that is kept.
    let urls = Urls { crl: vec![world.server.url("/issuing.crl")], ..Urls::default() };
    let (not_before, not_after) = (world.now() - hours(1), world.now() + hours(500));
    let validity = pki::ca::Validity { not_before, not_after };
    let young = issue_for(&world.issuing, Profile::Person, "李娜", 9, urls, validity);
    let of_young = || client.revocation(&young.certificate, &world.issuing.certificate);
    let error = of_young().unwrap_err();
    assert!(matches!(faults(&error)[..], [Fault::OlderThanCertificate { .. }]), "{error}");
    assert_eq!(world.server.count("/issuing.crl"), 2, "asked again, and told the same");
    *this_update.lock().unwrap() = world.now();
    assert_eq!(of_young().unwrap().status, Status::Good);
    assert_eq!(world.server.count("/issuing.crl"), 3);
    ask(&world, &client).unwrap();
    of_young().unwrap();
    assert_eq!(world.server.count("/issuing.crl"), 3, "the new one is kept for all");
}

#[test]
fn threads_that_ask_for_the_same_fetch_it_once() {
    let world = Arc::new(World::new());
    let serving = Arc::clone(&world);
    world.server.on("/ocsp", move |asked| {
        thread::sleep(Duration::from_millis(100));
        serving.ocsp(asked, ocsp::Status::Good)
    });
    let client = world.client();
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(ask(&world, &client).unwrap().status, Status::Good));
        }
    });
    assert_eq!(world.server.count("/ocsp"), 1);
}

#[test]
fn a_folder_outlives_the_client_and_is_not_trusted() {
    let place = tempfile::tempdir().unwrap();
    let world = says(World::new(), ocsp::Status::Good);
    let client = || {
        let mut config = world.config();
        config.cache.folder = Some(place.path().join("answers"));
        Client::new(config).unwrap()
    };
    ask(&world, &client()).unwrap();
    ask(&world, &client()).unwrap();
    assert_eq!(world.server.count("/ocsp"), 1, "the second client found it in the folder");
    let files: Vec<_> =
        std::fs::read_dir(place.path().join("answers")).unwrap().map(|f| f.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    // Somebody writes another answer there: that the certificate is fine, signed by nobody who may.
    let forged = {
        let responder = Responder {
            certificate: world.person.certificate.clone(),
            issuer: world.issuing.certificate.clone(),
        };
        let request = Request::new(&world.person.certificate, &world.issuing.certificate, None);
        let mut good = |_: &Serial| ocsp::Status::Good;
        let next = world.now() + hours(24);
        ocsp::respond(&responder, &request, world.now(), next, &mut good, &world.person.key).unwrap()
    };
    let bytes = std::fs::read(&files[0]).unwrap();
    let second_line = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(1).unwrap().0;
    std::fs::write(&files[0], [&bytes[..=second_line], &forged].concat()).unwrap();
    let found = ask(&world, &client()).unwrap();
    assert_ne!(found.data.ocsps[0], forged);
    assert_eq!(world.server.count("/ocsp"), 2, "asked anew");
    // A folder that cannot be made is a mistake of the configuration.
    let mut config = world.config();
    config.cache.folder = Some(files[0].join("inside a file"));
    assert!(Client::new(config).is_err());
}

#[test]
fn a_session_spends_one_budget() {
    let world = World::new();
    let mut config = world.config();
    config.limits.session_fetches = 3;
    let client = Client::new(config).unwrap();
    let session = client.session();
    let ask = || session.revocation(&world.person.certificate, &world.issuing.certificate).unwrap_err();
    // 404 by GET, 404 by POST, 404 for the CRL; then nothing is left.
    assert!(faults(&ask()).iter().all(|f| matches!(f, Fault::Status { status: 404, .. })));
    assert!(faults(&ask()).iter().all(|f| matches!(f, Fault::Budget(_))));
    assert_eq!(world.server.count("/ocsp") + world.server.count("/issuing.crl"), 3);

    let mut config = world.config();
    config.limits.session_bytes = 5000;
    world.server.always("/ocsp", Answer::Endless(OCSP));
    world.server.always("/issuing.crl", Answer::Endless(CRL));
    let client = Client::new(config).unwrap();
    let error = client.revocation(&world.person.certificate, &world.issuing.certificate).unwrap_err();
    assert_eq!(faults(&error), [&Fault::TooLarge { limit: 5000 }, &Fault::Budget("the number of bytes")]);
}

#[test]
fn a_host_that_is_out_of_reach_is_not_waited_for_again_at_once() {
    let world = World::new();
    world.server.always("/ocsp", Answer::Silence(Duration::from_secs(60)));
    world.server.always("/issuing.crl", Answer::Fine(CRL, world.crl(&[]).der().to_vec()));
    let mut config = world.config();
    config.limits.answer = Duration::from_millis(300);
    config.limits.pause = Duration::from_secs(10);
    let client = Client::new(config).unwrap();
    let of = |error: &Unanswered| error.attempts.iter().map(|a| a.fault.clone()).collect::<Vec<_>>();
    let first = of(&ask(&world, &client).unwrap_err());
    assert!(matches!(first[..], [Fault::TimedOut, Fault::Resting { .. }]), "{first:?}");
    let second = of(&ask(&world, &client).unwrap_err());
    assert!(matches!(second[..], [Fault::Resting { .. }, Fault::Resting { .. }]), "{second:?}");
    assert_eq!((world.server.count("/ocsp"), world.server.count("/issuing.crl")), (1, 0));
    // Its rest is over: the address that failed comes last among those of its kind, and the host answers again.
    world.clock.advance(hours(1));
    let serving = Arc::new(world);
    let answering = Arc::clone(&serving);
    serving.server.on("/ocsp", move |asked| answering.ocsp(asked, ocsp::Status::Good));
    assert_eq!(ask(&serving, &client).unwrap().status, Status::Good);
}

#[test]
fn of_many_addresses_few_are_asked_and_those_that_failed_last() {
    let world = Arc::new(World::new());
    let serving = Arc::clone(&world);
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let paths: Vec<String> = (0..9).map(|n| format!("/c{n}")).collect();
    for path in &paths {
        let counted = Arc::clone(&counted);
        world.server.on(path, move |_: &Asked| {
            counted.fetch_add(1, Ordering::SeqCst);
            Answer::Status(500, vec![])
        });
    }
    let urls = Urls { crl: paths.iter().map(|path| world.server.url(path)).collect(), ..Urls::default() };
    let person = issue(&world.issuing, Profile::Person, "Many", 9, urls);
    let client = world.client();
    let ask = || client.revocation(&person.certificate, &world.issuing.certificate);
    assert_eq!(ask().unwrap_err().attempts.len(), 4);
    assert_eq!(hits.load(Ordering::SeqCst), 4);
    world.server.on("/c2", move |_| Answer::Fine(CRL, serving.crl(&[]).der().to_vec()));
    assert_eq!(ask().unwrap().status, Status::Good);
    let before = hits.load(Ordering::SeqCst);
    world.clock.advance(hours(24 * 8));
    assert_eq!(ask().unwrap().address, world.server.url("/c2"));
    assert!(
        hits.load(Ordering::SeqCst) >= before,
        "after a while the order is that of the certificate again"
    );
}

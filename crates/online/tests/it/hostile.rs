//! Answers changed at random: refused, or still what was signed; never a panic, never another verdict.

use std::sync::{Arc, Mutex};

use pki::ocsp;
use proptest::prelude::*;
use vermilion_online::{Authority, Client, Status};

use crate::server::{Answer, Asked};
use crate::world::*;

/// How an answer is changed.
#[derive(Clone, Debug)]
enum Change {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Swap(prop::sample::Index, prop::sample::Index),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    use prop::sample::Index;
    let change = prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        1 => any::<Index>().prop_map(Change::Cut),
        2 => (any::<Index>(), 1..40_usize).prop_map(|(at, n)| Change::Remove(at, n)),
        2 => (any::<Index>(), prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(at, b)| Change::Insert(at, b)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Swap(a, b)),
    ];
    prop::collection::vec(change, 1..4)
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        let len = bytes.len();
        match change {
            Change::Set(at, byte) => bytes[at.index(len)] = *byte,
            Change::Cut(at) => bytes.truncate(at.index(len)),
            Change::Remove(at, n) => {
                let at = at.index(len);
                bytes.drain(at..(at + n).min(len));
            }
            Change::Insert(at, more) => {
                let at = at.index(len);
                bytes.splice(at..at, more.iter().copied());
            }
            Change::Swap(a, b) => bytes.swap(a.index(len), b.index(len)),
        }
    }
    bytes
}

type Make = Box<dyn Fn(&Asked) -> Vec<u8> + Send + Sync>;

/// A world whose every answer is changed as was told last.
fn world() -> (Arc<World>, Arc<Mutex<Vec<Change>>>) {
    let world = Arc::new(World::new());
    let told: Arc<Mutex<Vec<Change>>> = Arc::default();
    let answer = |path: &str, kind: &'static str, make: Make| {
        let told = Arc::clone(&told);
        world.server.on(path, move |asked| Answer::Fine(kind, changed(make(asked), &told.lock().unwrap())));
    };
    let serving = Arc::clone(&world);
    answer("/tsa", REPLY, Box::new(move |asked| serving.stamp(&asked.body)));
    let serving = Arc::clone(&world);
    answer(
        "/ocsp",
        OCSP,
        Box::new(move |asked| match serving.ocsp(asked, ocsp::Status::Good) {
            Answer::Fine(_, der) => der,
            _ => unreachable!("the responder answers"),
        }),
    );
    let crl = world.crl(&[]).der().to_vec();
    answer("/issuing.crl", CRL, Box::new(move |_| crl.clone()));
    let issuing = world.issuing.certificate.der().to_vec();
    answer("/issuing.cer", CERT, Box::new(move |_| issuing.clone()));
    (world, told)
}

#[test]
fn changed_answers_are_refused_or_mean_the_same() {
    let (world, told) = world();
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(changes in changes())| {
        told.lock().unwrap().clone_from(&changes);
        let mut config = world.config();
        config.authorities.push(Authority::new(world.server.url("/tsa")));
        let client = Client::new(config).unwrap();
        if let Ok(stamp) = client.stamp(&imprint(b"data")) {
            prop_assert_eq!(stamp.token.verify(b"data", &[]), Ok(world.tsa.certificate.clone()));
        }
        let (person, issuing) = (&world.person.certificate, &world.issuing.certificate);
        if let Ok(found) = client.revocation(person, issuing) {
            prop_assert_eq!(found.status, Status::Good);
        }
        if let Ok(found) = client.issuers(person) {
            prop_assert!(found.iter().all(|one| one.public_key_der() == issuing.public_key_der()));
        }
    });
    assert!(world.server.count("/tsa") >= 200 && world.server.count("/issuing.crl") >= 100);
}

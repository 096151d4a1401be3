//! Issuers from caIssuers addresses.

use std::sync::Arc;

use pki::Certificate;
use pki::ca::{Profile, Urls};
use testkit::tool;
use vermilion_online::{Client, Fault};

use crate::server::Answer;
use crate::world::*;

fn at(address: String) -> Urls {
    Urls { ca_issuers: vec![address], ..Urls::default() }
}

#[test]
fn issuers_are_found_in_every_form_and_kept() {
    let world = World::new();
    let (issuing, root) = (&world.issuing.certificate, &world.root.certificate);
    let mut answers = vec![
        Answer::Fine(CERT, issuing.der().to_vec()),
        Answer::Fine("application/x-x509-ca-cert", issuing.to_pem().into_bytes()),
        Answer::Fine("text/plain", (root.to_pem() + &issuing.to_pem()).into_bytes()),
    ];
    if let Some(openssl) = tool("openssl") {
        let place = tempfile::tempdir().unwrap();
        let (pem, bag) = (place.path().join("a.pem"), place.path().join("a.p7c"));
        std::fs::write(&pem, root.to_pem() + &issuing.to_pem()).unwrap();
        let words = ["crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile"];
        let files = [pem.to_str().unwrap(), "-out", bag.to_str().unwrap()];
        let (ok, said) = openssl.run(words.iter().chain(&files));
        assert!(ok, "{said}");
        answers.push(Answer::Fine("application/pkcs7-mime", std::fs::read(bag).unwrap()));
    }
    for answer in answers {
        world.server.always("/issuing.cer", answer);
        let client = world.client();
        let before = world.server.count("/issuing.cer");
        for _ in 0..2 {
            assert_eq!(client.issuers(&world.person.certificate).unwrap(), std::slice::from_ref(issuing));
        }
        assert_eq!(world.server.count("/issuing.cer"), before + 1);
        world.clock.advance(hours(25));
        client.issuers(&world.person.certificate).unwrap();
        assert_eq!(world.server.count("/issuing.cer"), before + 2, "a day is over");
    }
}

#[test]
fn what_did_not_sign_the_certificate_is_not_its_issuer() {
    let world = World::new();
    let twin = issue(&world.root, Profile::Issuing, "Test Issuing CA", 8, Urls::default());
    type Expected = fn(&Fault) -> bool;
    let cases: Vec<(Answer, Expected)> = vec![
        (Answer::Fine(CERT, twin.certificate.der().to_vec()), |f| *f == Fault::NotTheIssuer),
        (Answer::Fine(CERT, world.root.certificate.der().to_vec()), |f| *f == Fault::NotTheIssuer),
        (Answer::Fine(CERT, b"<html>".to_vec()), |f| matches!(f, Fault::Malformed(_))),
        (Answer::Fine(CERT, vec![]), |f| matches!(f, Fault::Malformed(_))),
        (Answer::Endless(CERT), |f| matches!(f, Fault::TooLarge { .. })),
        (Answer::Status(404, vec![]), |f| matches!(f, Fault::Status { status: 404, .. })),
    ];
    for (answer, expected) in cases {
        world.server.always("/issuing.cer", answer);
        let error = world.client().issuers(&world.person.certificate).unwrap_err();
        assert!(expected(&error.attempts[0].fault), "{error}");
    }
    let client = world.client();
    assert!(client.issuers(&world.root.certificate).unwrap().is_empty(), "its own issuer");
    let silent = issue(&world.issuing, Profile::Person, "Silent", 9, Urls::default());
    assert!(client.issuers(&silent.certificate).unwrap().is_empty(), "names none");
}

/// Follows the first issuer of each certificate until there is none.
fn climb(client: &Client, leaf: &Certificate) -> (usize, Option<Fault>) {
    let session = client.session();
    let mut last = leaf.clone();
    for steps in 0..1000 {
        match session.issuers(&last) {
            Ok(issuers) => match issuers.into_iter().next() {
                Some(issuer) => last = issuer,
                None => return (steps, None),
            },
            Err(error) => return (steps, Some(error.attempts[0].fault.clone())),
        }
    }
    panic!("it never ends");
}

#[test]
fn a_chain_is_climbed_to_its_root() {
    let world = World::new();
    world.server.always("/issuing.cer", Answer::Fine(CERT, world.issuing.certificate.der().to_vec()));
    world.server.always("/root.cer", Answer::Fine(CERT, world.root.certificate.der().to_vec()));
    assert_eq!(climb(&world.client(), &world.person.certificate), (2, None));
}

#[test]
fn chains_that_lead_round_in_a_circle_end() {
    let world = World::new();
    // Two CAs that certified each other: each names where the other's certificate is.
    let (a, b) = (root("A"), root("B"));
    let cross = |issuer: &Holder, subject_of: &Holder, name: &str, path: &str| {
        let validity =
            pki::ca::Validity { not_before: start() - hours(24), not_after: start() + hours(5000) };
        let ca = pki::ca::Issuer {
            certificate: issuer.certificate.clone(),
            chain: vec![],
            urls: at(world.server.url(path)),
        };
        let key = pki::Signer::public_key_der(&subject_of.key);
        let token = ca.prepare(Profile::Issuing, &subject(name), key, &serial(9), validity).unwrap();
        token.issue(&issuer.key).unwrap()
    };
    let b_by_a = cross(&a, &b, "B", "/a.cer");
    let a_by_b = cross(&b, &a, "A", "/b.cer");
    world.server.always("/a.cer", Answer::Fine(CERT, a_by_b.der().to_vec()));
    world.server.always("/b.cer", Answer::Fine(CERT, b_by_a.der().to_vec()));
    let (steps, fault) = climb(&world.client(), &b_by_a);
    assert_eq!((steps, fault), (8, Some(Fault::Budget("the depth of the chain"))));
}

#[test]
fn a_certificate_cannot_make_a_server_ask_itself() {
    // As a service runs: no host is allowed beyond the public ones.
    let world = Arc::new(World::new());
    world.server.always("/issuing.cer", Answer::Fine(CERT, world.issuing.certificate.der().to_vec()));
    let mut config = world.config();
    config.access = vermilion_online::Access::Public;
    let client = Client::new(config).unwrap();
    let port = world.server.port();
    for (n, address) in [
        format!("http://127.0.0.1:{port}/issuing.cer"),
        format!("http://localhost:{port}/issuing.cer"),
        format!("http://[::1]:{port}/issuing.cer"),
        format!("http://[::ffff:127.0.0.1]:{port}/issuing.cer"),
        format!("http://127.1:{port}/issuing.cer"),
        format!("http://2130706433:{port}/issuing.cer"),
        format!("http://0:{port}/issuing.cer"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://192.168.1.1/".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        let n = u8::try_from(n).unwrap();
        let person = issue(&world.issuing, Profile::Person, "P", 20 + n, at(address.clone()));
        let error = client.issuers(&person.certificate).unwrap_err();
        let fault = &error.attempts[0].fault;
        assert!(matches!(fault, Fault::NotPublic(_) | Fault::HostNotFound), "{address}: {fault}");
    }
    assert_eq!(world.server.count("/issuing.cer"), 0);

    // Not by way of a redirect from a host that is allowed, either.
    let target = format!("Location: http://localhost:{port}/issuing.cer");
    world.server.always("/hop", Answer::Status(302, vec![target]));
    let person = issue(&world.issuing, Profile::Person, "P", 40, at(world.server.url("/hop")));
    let error = world.client().issuers(&person.certificate).unwrap_err();
    assert!(matches!(error.attempts[0].fault, Fault::NotPublic(_)), "{error}");
    assert_eq!(world.server.count("/issuing.cer"), 0);
}

#[test]
fn redirects_are_followed_a_few_times() {
    let world = World::new();
    world.server.always("/issuing.cer", Answer::Fine(CERT, world.issuing.certificate.der().to_vec()));
    for (from, to) in [("/h1", "/issuing.cer"), ("/h2", "h1"), ("/h3", "/h2"), ("/h4", "/h3")] {
        world.server.always(from, Answer::Status(302, vec![format!("Location: {to}")]));
    }
    let ask = |path: &str, n| {
        let person = issue(&world.issuing, Profile::Person, "P", n, at(world.server.url(path)));
        world.client().issuers(&person.certificate)
    };
    assert_eq!(ask("/h3", 20).unwrap().len(), 1);
    assert!(matches!(ask("/h4", 21).unwrap_err().attempts[0].fault, Fault::Redirect(_)));
}

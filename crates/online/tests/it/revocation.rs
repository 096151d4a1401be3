//! Revocation data: what responders and distribution points may say, and what of it is believed.

use std::sync::Arc;

use pki::Serial;
use pki::ca::{Profile, Urls};
use pki::crl::{self, Reason, Revoked};
use pki::ocsp::{self, Failure, Request, Responder};
use vermilion_online::{Client, Fault, Nonce, Prefer, Revocation, Status, Unanswered};

use crate::server::Answer;
use crate::world::*;

pub(crate) fn ask(world: &World, client: &Client) -> Result<Revocation, Unanswered> {
    client.revocation(&world.person.certificate, &world.issuing.certificate)
}

/// Makes the responder say `status`.
pub(crate) fn says(world: World, status: ocsp::Status) -> Arc<World> {
    let world = Arc::new(world);
    let serving = Arc::clone(&world);
    world.server.on("/ocsp", move |asked| serving.ocsp(asked, status));
    world
}

pub(crate) fn faults(error: &Unanswered) -> Vec<&Fault> {
    error.attempts.iter().map(|attempt| &attempt.fault).collect()
}

#[test]
fn a_responder_that_knows_the_certificate_is_believed() {
    let world = says(World::new(), ocsp::Status::Good);
    let client = world.client();
    let found = ask(&world, &client).unwrap();
    assert_eq!((found.status, found.address.as_str()), (Status::Good, world.server.url("/ocsp").as_str()));
    assert_eq!((found.data.ocsps.len(), found.data.crls.len()), (1, 0));
    assert_eq!(found.certificates, std::slice::from_ref(&world.responder.certificate));
    // As the signing side sees it: from the cache, the same bytes.
    let data =
        pades::ValidationSource::revocation(&client, &world.person.certificate, &world.issuing.certificate);
    assert_eq!(data.unwrap(), found.data);
    let asked = world.server.asked("/ocsp");
    assert_eq!((asked.len(), asked[0].method.as_str()), (1, "GET"));
    assert_eq!(asked[0].header("accept"), Some(OCSP));
    assert_eq!(ocsp_request(&asked[0]).nonce().map(<[u8]>::len), Some(32));
    assert!(asked[0].path.len() <= 255);
}

#[test]
fn that_a_certificate_is_revoked_is_an_answer() {
    let at = start() - hours(3);
    let reason = Some(Reason::KeyCompromise);
    let world = says(World::new(), ocsp::Status::Revoked { at, reason });
    let found = ask(&world, &world.client()).unwrap();
    assert_eq!((found.status, found.data.ocsps.len()), (Status::Revoked { at, reason }, 1));
    let revoked =
        [Revoked { serial: world.person.certificate.serial().clone(), at, reason: Reason::KeyCompromise }];
    world.server.always("/issuing.crl", Answer::Fine(CRL, world.crl(&revoked).der().to_vec()));
    let mut config = world.config();
    config.prefer = Prefer::Crl;
    let found = ask(&world, &Client::new(config).unwrap()).unwrap();
    assert_eq!((found.status, found.data.crls.len()), (Status::Revoked { at, reason }, 1));
}

#[test]
fn requests_that_get_does_not_bring_are_posted() {
    let world = Arc::new(World::new());
    for refusal in [
        Answer::Status(405, vec![]),
        Answer::Fine("text/html", b"<html>".to_vec()),
        Answer::Fine(OCSP, ocsp::failure(Failure::MalformedRequest)),
        Answer::Fine(OCSP, b"nonsense".to_vec()),
    ] {
        let serving = Arc::clone(&world);
        world.server.on("/ocsp", move |asked| match asked.method.as_str() {
            "POST" => serving.ocsp(asked, ocsp::Status::Good),
            _ => refusal.clone(),
        });
        assert_eq!(ask(&world, &world.client()).unwrap().status, Status::Good);
        let last = world.server.asked("/ocsp").pop().unwrap();
        assert_eq!(
            (last.method.as_str(), last.header("content-type")),
            ("POST", Some("application/ocsp-request"))
        );
    }
}

#[test]
fn the_nonce_is_held_to() {
    let world = Arc::new(World::new());
    let answer_with = |world: &Arc<World>, nonce: Option<[u8; 32]>| {
        let serving = Arc::clone(world);
        world.server.on("/ocsp", move |_| {
            let (person, issuing) = (&serving.person.certificate, &serving.issuing.certificate);
            let request = Request::new(person, issuing, nonce.as_ref().map(<[u8; 32]>::as_slice));
            let (now, next) = (serving.now(), serving.now() + hours(24));
            let mut good = |_: &Serial| ocsp::Status::Good;
            let key = &serving.responder.key;
            Answer::Fine(
                OCSP,
                ocsp::respond(&serving.responder(), &request, now, next, &mut good, key).unwrap(),
            )
        });
    };
    let ask = |nonce| {
        let mut config = world.config();
        config.nonce = nonce;
        ask(&world, &Client::new(config).unwrap())
    };
    answer_with(&world, None);
    assert_eq!(ask(Nonce::Sent).unwrap().status, Status::Good, "signed ahead");
    assert_eq!(faults(&ask(Nonce::Required).unwrap_err())[0], &Fault::Nonce);
    world.server.always("/issuing.crl", Answer::Status(404, vec![]));
    answer_with(&world, Some([9; 32]));
    assert_eq!(faults(&ask(Nonce::Sent).unwrap_err())[0], &Fault::Nonce);
    assert_eq!(ask(Nonce::Omitted).unwrap().status, Status::Good, "none was sent");
    let last = world.server.asked("/ocsp").pop().unwrap();
    assert_eq!(ocsp_request(&last).nonce(), None);
}

#[test]
fn a_responder_that_refuses_nonces_is_asked_without() {
    let world = Arc::new(World::new());
    for failure in [Failure::Unauthorized, Failure::MalformedRequest, Failure::InternalError] {
        let serving = Arc::clone(&world);
        world.server.on("/ocsp", move |asked| match ocsp_request(asked).nonce() {
            Some(_) => Answer::Fine(OCSP, ocsp::failure(failure)),
            None => serving.ocsp(asked, ocsp::Status::Good),
        });
        assert_eq!(ask(&world, &world.client()).unwrap().data.ocsps.len(), 1);
        let mut config = world.config();
        config.nonce = Nonce::Required;
        let error = ask(&world, &Client::new(config).unwrap()).unwrap_err();
        assert!(matches!(faults(&error)[0], Fault::Refused(_)), "{error}");
    }
}

/// What is answered, and the fault that is told.
type Case = (&'static str, Answer, fn(&Fault) -> bool);

/// What a responder may do wrong.
fn responder_cases(world: &Arc<World>) -> Vec<Case> {
    let (person, issuing) = (&world.person.certificate, &world.issuing.certificate);
    let request = |certificate| Request::new(certificate, issuing, None);
    let respond = |holder: &Holder, certificate, status, this: i64, next: i64| {
        let responder = Responder { certificate: holder.certificate.clone(), issuer: issuing.clone() };
        let (this, next) = (world.now() + hours(this), world.now() + hours(next));
        let mut tell = |_: &Serial| status;
        let der = ocsp::respond(&responder, &request(certificate), this, next, &mut tell, &holder.key);
        Answer::Fine(OCSP, der.unwrap())
    };
    let good = ocsp::Status::Good;
    let other_root = root("Other Root");
    let foreign = issue(&other_root, Profile::OcspResponder, "Foreign OCSP", 6, Urls::default());
    let under_root = issue(&world.root, Profile::OcspResponder, "Root's OCSP", 7, Urls::default());
    let mut broken = respond(&world.responder, person, good, 0, 24);
    if let Answer::Fine(_, der) = &mut broken {
        // Within the signature value, which stands before the certificate.
        let place = der.windows(64).position(|w| w == &world.responder.certificate.der()[..64]).unwrap();
        der[place - 20] ^= 1;
    }
    vec![
        ("unknown", respond(&world.responder, person, ocsp::Status::Unknown, 0, 24), |f| {
            *f == Fault::Unknown
        }),
        ("about another", respond(&world.responder, &world.tsa.certificate, good, 0, 24), |f| {
            *f == Fault::NotAboutThis
        }),
        ("by another CA's responder", respond(&foreign, person, good, 0, 24), |f| *f == Fault::Unauthorized),
        ("by the root's responder", respond(&under_root, person, good, 0, 24), |f| *f == Fault::Unauthorized),
        ("by a person of the same CA", respond(&world.person, person, good, 0, 24), |f| {
            *f == Fault::Unauthorized
        }),
        ("a broken signature", broken, |f| matches!(f, Fault::Unauthorized | Fault::Malformed(_))),
        ("past its nextUpdate", respond(&world.responder, person, good, -20, -1), |f| {
            matches!(f, Fault::Stale { .. })
        }),
        ("from the future", respond(&world.responder, person, good, 1, 24), |f| {
            matches!(f, Fault::Stale { .. })
        }),
        ("older than the certificate", respond(&world.responder, person, good, -30, 24), |f| {
            matches!(f, Fault::OlderThanCertificate { .. })
        }),
        ("try later", Answer::Fine(OCSP, ocsp::failure(Failure::TryLater)), |f| {
            *f == Fault::Refused("tryLater")
        }),
        ("unauthorized", Answer::Fine(OCSP, ocsp::failure(Failure::Unauthorized)), |f| {
            *f == Fault::Refused("unauthorized")
        }),
        ("nonsense", Answer::Fine(OCSP, b"x".to_vec()), |f| matches!(f, Fault::Malformed(_))),
        ("a page", Answer::Fine("text/html", b"x".to_vec()), |f| matches!(f, Fault::ContentType { .. })),
        ("down", Answer::Status(500, vec![]), |f| matches!(f, Fault::Status { status: 500, .. })),
        ("cut off", Answer::CutOff(OCSP, vec![0x30; 100]), |f| *f == Fault::CutOff),
        ("huge", Answer::Endless(OCSP), |f| matches!(f, Fault::TooLarge { .. })),
    ]
}

#[test]
fn where_the_responder_does_not_help_the_crl_does_and_else_both_are_told() {
    let world = Arc::new(World::new());
    let crl = world.crl(&[]);
    for (name, answer, expected) in responder_cases(&world) {
        world.server.always("/ocsp", answer);
        world.server.always("/issuing.crl", Answer::Fine(CRL, crl.der().to_vec()));
        let found = ask(&world, &world.client()).expect(name);
        assert_eq!((found.status, &found.data.crls), (Status::Good, &vec![crl.der().to_vec()]), "{name}");
        assert!(expected(&found.failed[0].fault), "{name}: {:?}", found.failed);
        world.server.always("/issuing.crl", Answer::Status(404, vec![]));
        let error = ask(&world, &world.client()).unwrap_err();
        assert_eq!(error.attempts.len(), 2, "{name}: {error}");
        assert!(error.to_string().starts_with("revocation of 陈晓明: "), "{error}");
    }
}

#[test]
fn crls_are_believed_only_where_they_may_speak() {
    let world = Arc::new(World::new());
    let der = |crl: &crl::Crl| Answer::Fine(CRL, crl.der().to_vec());
    let at = |this: i64, next: i64| {
        let (this, next) = (world.now() + hours(this), world.now() + hours(next));
        der(&crl::build(&world.issuing.certificate, &world.issuing.key, 1, this, next, &[]).unwrap())
    };
    let by_root =
        crl::build(&world.root.certificate, &world.root.key, 1, world.now(), world.now() + hours(1), &[])
            .unwrap();
    // The same name, another key.
    let twin = issue(&world.root, Profile::Issuing, "Test Issuing CA", 8, Urls::default());
    let by_twin =
        crl::build(&twin.certificate, &twin.key, 1, world.now(), world.now() + hours(1), &[]).unwrap();
    let cases: Vec<Case> = vec![
        ("past its nextUpdate", at(-20, -1), |f| matches!(f, Fault::Stale { .. })),
        ("from the future", at(1, 20), |f| matches!(f, Fault::Stale { .. })),
        ("older than the certificate", at(-30, 24), |f| matches!(f, Fault::OlderThanCertificate { .. })),
        ("of another issuer", der(&by_root), |f| *f == Fault::NotAboutThis),
        ("by another key", der(&by_twin), |f| *f == Fault::Unauthorized),
        ("nonsense", Answer::Fine(CRL, b"<html>".to_vec()), |f| matches!(f, Fault::Malformed(_))),
        ("gone", Answer::Status(410, vec![]), |f| matches!(f, Fault::Status { status: 410, .. })),
    ];
    for (name, answer, expected) in cases {
        world.server.always("/issuing.crl", answer);
        let error = ask(&world, &world.client()).unwrap_err();
        assert!(expected(faults(&error)[1]), "{name}: {error}");
    }
    for (name, answer) in [
        ("as a page", Answer::Fine("text/plain", world.crl(&[]).der().to_vec())),
        ("untyped", Answer::Untyped(world.crl(&[]).der().to_vec())),
        ("in PEM", Answer::Fine(CRL, world.crl(&[]).to_pem().into_bytes())),
    ] {
        world.server.always("/issuing.crl", answer);
        assert_eq!(ask(&world, &world.client()).expect(name).status, Status::Good, "{name}");
    }
}

/// A CRL of the issuing CA, now, for the reasons of these bits of ReasonFlags alone.
fn crl_for(world: &World, reasons: u16, revoked: Option<&Serial>) -> Vec<u8> {
    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        let header = match (high, low) {
            (0, low @ 0..=0x7f) => vec![tag, low],
            (0, low) => vec![tag, 0x81, low],
            _ => vec![tag, 0x82, high, low],
        };
        [header, content].concat()
    }
    let time = |at: jiff::Timestamp| tlv(0x17, &[at.strftime("%y%m%d%H%M%SZ").to_string().as_bytes()]);
    let ecdsa_sha256 = [0x30, 0x0a, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let extension = |oid: [u8; 5], critical: bool, value: &[u8]| {
        let critical = if critical { tlv(1, &[&[0xff]]) } else { vec![] };
        tlv(0x30, &[&oid, &critical, &tlv(4, &[value])])
    };
    // issuingDistributionPoint: onlySomeReasons [3].
    let flags = tlv(0x83, &[&[7], &reasons.to_be_bytes()]);
    let extensions = [
        extension([6, 3, 0x55, 0x1d, 20], false, &[2, 1, 1]),
        extension([6, 3, 0x55, 0x1d, 28], true, &tlv(0x30, &[&flags])),
    ];
    let entries = match revoked {
        Some(serial) => {
            let reason = extension([6, 3, 0x55, 0x1d, 21], false, &[0x0a, 1, 1]);
            let entry = [tlv(2, &[serial.as_bytes()]), time(world.now()), tlv(0x30, &[&reason])];
            tlv(0x30, &[&tlv(0x30, &[&entry.concat()])])
        }
        None => vec![],
    };
    let tbs = tlv(
        0x30,
        &[
            &[2, 1, 1],
            &ecdsa_sha256,
            world.issuing.certificate.subject().der(),
            &time(world.now()),
            &time(world.now() + hours(24)),
            &entries,
            &tlv(0xa0, &[&tlv(0x30, &[&extensions.concat()])]),
        ],
    );
    let signature = pki::Signer::sign(&world.issuing.key, &tbs).unwrap();
    tlv(0x30, &[&tbs, &ecdsa_sha256, &tlv(3, &[&[0], &signature])])
}

#[test]
fn crls_for_some_reasons_each_tell_together() {
    // ReasonFlags: unused, keyCompromise, cACompromise, … aACompromise (bit 8).
    const SOME: u16 = 0b0111_0000_0000_0000;
    const OTHERS: u16 = 0b0000_1111_1000_0000;
    let world = World::new();
    let urls =
        Urls { crl: vec![world.server.url("/some.crl"), world.server.url("/others.crl")], ..Urls::default() };
    let person = issue(&world.issuing, Profile::Person, "P", 30, urls);
    let serve = |path: &str, reasons, revoked: Option<&Serial>| {
        world.server.always(path, Answer::Fine(CRL, crl_for(&world, reasons, revoked)));
    };
    let ask = || world.client().revocation(&person.certificate, &world.issuing.certificate);
    serve("/some.crl", SOME, None);
    let error = ask().unwrap_err();
    assert!(matches!(faults(&error)[..], [Fault::NotAboutThis, Fault::Status { .. }]), "{error}");
    serve("/others.crl", OTHERS, None);
    let found = ask().unwrap();
    assert_eq!((found.status, found.data.crls.len()), (Status::Good, 2));
    // One alone is enough to revoke.
    serve("/some.crl", SOME, Some(person.certificate.serial()));
    let found = ask().unwrap();
    assert!(matches!(found.status, Status::Revoked { reason: Some(Reason::KeyCompromise), .. }));
    assert_eq!(found.data.crls.len(), 1);
}

#[test]
fn self_signed_certificates_are_not_asked_about_and_silent_ones_cannot_be() {
    let world = World::new();
    let client = world.client();
    let root = client.revocation(&world.root.certificate, &world.root.certificate).unwrap();
    assert_eq!((root.status, root.data.is_empty()), (Status::NotAsked, true));
    let silent = issue(&world.issuing, Profile::Person, "Silent", 9, Urls::default());
    let error = client.revocation(&silent.certificate, &world.issuing.certificate).unwrap_err();
    assert_eq!(error.to_string(), "revocation of Silent: there is nobody to ask");
    let source: &dyn pades::ValidationSource = &client;
    assert!(source.revocation(&silent.certificate, &world.issuing.certificate).unwrap().is_empty());
    // Our own CA writes no such address: it is written into what it issued.
    let urls = Urls { crl: vec!["http://x/cn=y".to_owned(), "http://z/cn=y".to_owned()], ..Urls::default() };
    let mut der = issue(&world.issuing, Profile::Person, "Ldap", 10, urls).certificate.der().to_vec();
    while let Some(place) = der.windows(7).position(|w| w == b"http://") {
        der[place..place + 4].copy_from_slice(b"ldap");
    }
    let ldap = pki::Certificate::from_der(&der).unwrap();
    let error = client.revocation(&ldap, &world.issuing.certificate).unwrap_err();
    assert!(matches!(faults(&error)[..], [Fault::Address(_)]), "{error}");
}

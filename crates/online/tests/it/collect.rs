//! All that a validation asks for.

use std::sync::Arc;

use pades::{Credential, Indication, Level, Place, SigningRequest, Sources, sign_to};
use pdf::{Document, Limits, XrefKind};
use pki::cms::SignedData;
use pki::{Serial, ocsp};
use vermilion_online::{Authority, Client};

use crate::server::Answer;
use crate::world::*;

/// A world in which everybody answers.
fn answering() -> Arc<World> {
    let world = Arc::new(World::new());
    let serving = Arc::clone(&world);
    world.server.on("/tsa", move |asked| Answer::Fine(REPLY, serving.stamp(&asked.body)));
    let serving = Arc::clone(&world);
    // One address for both CAs: who issued what is in question says whose responder answers.
    world.server.on("/ocsp", move |asked| {
        if ocsp_request(asked).certificates()[0].names_issuer(&serving.issuing.certificate) {
            return serving.ocsp(asked, ocsp::Status::Good);
        }
        let root = ocsp::Responder {
            certificate: serving.root.certificate.clone(),
            issuer: serving.root.certificate.clone(),
        };
        let (now, next) = (serving.now(), serving.now() + hours(24));
        let mut good = |_: &Serial| ocsp::Status::Good;
        let der =
            ocsp::respond(&root, &ocsp_request(asked), now, next, &mut good, &serving.root.key).unwrap();
        Answer::Fine(OCSP, der)
    });
    world.server.always("/issuing.cer", Answer::Fine(CERT, world.issuing.certificate.der().to_vec()));
    world.server.always("/root.cer", Answer::Fine(CERT, world.root.certificate.der().to_vec()));
    world
}

fn client(world: &World) -> Client {
    let mut config = world.config();
    config.authorities.push(Authority::new(world.server.url("/tsa")));
    Client::new(config).unwrap()
}

#[test]
fn from_a_lone_certificate_the_whole_chain_is_found() {
    let world = answering();
    let client = client(&world);
    let person = std::slice::from_ref(&world.person.certificate);
    let session = client.session();
    let material = session.collect(person, &[], &[]);
    assert!(material.missing.is_empty(), "{:?}", material.missing);
    for expected in [&world.person, &world.issuing, &world.root, &world.responder] {
        assert!(material.certificates.contains(&expected.certificate));
    }
    assert_eq!((material.certificates.len(), material.revocation.ocsps.len()), (4, 2));

    // Trust that begins at the issuing CA needs nothing above it.
    let anchor = world.issuing.certificate.clone();
    let material = client.session().collect(person, &[], &[anchor]);
    assert_eq!((material.certificates.len(), material.revocation.ocsps.len()), (3, 1));

    // What is not to be had is said.
    world.server.always("/root.cer", Answer::Status(404, vec![]));
    world.clock.advance(hours(48));
    let material = client.session().collect(person, &[], &[]);
    let missing: Vec<&str> = material.missing.iter().map(|one| one.asked.as_str()).collect();
    assert_eq!(missing, ["issuer of Test Issuing CA"]);
}

#[test]
fn a_document_is_signed_and_judged_with_what_the_client_finds() {
    let world = answering();
    let client = client(&world);
    let sample = testkit::pdf_samples::contract(XrefKind::Table, 1);
    let open = |bytes: &[u8]| Document::open(Arc::new(bytes.to_vec()), &Limits::default()).unwrap();
    let anchors = [world.root.certificate.clone()];
    let sources = Sources {
        time_stamps: Some(&client),
        validation: Some(&client),
        anchors: &anchors,
        ..Sources::none(world.now())
    };
    // The signer knows no more than its own certificate.
    let credential =
        Credential { signer: &world.person.key, certificate: &world.person.certificate, chain: &[] };
    let sign = |level| {
        let request = SigningRequest::new("Signature1", world.now());
        let request = SigningRequest { place: Some(Place::invisible()), ..request };
        let tail = sign_to(&open(&sample), &request, credential, level, &sources).unwrap();
        [sample.as_slice(), &tail].concat()
    };
    let policy = pades::Policy::new(anchors.to_vec(), world.now());
    let judge = |bytes: &[u8]| pades::validate(&open(bytes), &policy).signatures.remove(0);
    let lasting = judge(&sign(Level::BLTA));
    assert_eq!((lasting.level, lasting.indication), (Level::BLTA, Indication::TotalPassed), "{lasting:?}");

    // One with a time-stamp alone lacks revocation data, until somebody asks for them.
    let timed = sign(Level::BT);
    assert_eq!(judge(&timed).indication, Indication::Indeterminate);
    let document = open(&timed);
    let fields = document.signatures().unwrap();
    let values = fields.iter().filter_map(|field| field.signature.as_ref()?.contents.as_ref());
    let signatures: Vec<SignedData> =
        values.map(|contents| SignedData::from_contents(contents).unwrap()).collect();
    let material = client.session().collect_for(&signatures, &[], &policy.anchors);
    assert!(material.missing.is_empty(), "{:?}", material.missing);
    let mut told = policy.clone();
    told.intermediates.clone_from(&material.certificates);
    told.revocation_data = material.revocation.clone();
    let online = pades::validate(&document, &told).signatures.remove(0);
    assert_eq!((online.level, online.indication), (Level::BT, Indication::TotalPassed), "{online:?}");
    // Written into the file, it serves everybody.
    let store = pades::Dss {
        certs: material.certificates.iter().map(|one| one.der().to_vec()).collect(),
        crls: material.revocation.crls,
        ocsps: material.revocation.ocsps,
    };
    let after = judge(&[timed.as_slice(), &pades::append_dss(&document, &store).unwrap()].concat());
    assert_eq!(after.indication, Indication::TotalPassed, "{after:?}");
}

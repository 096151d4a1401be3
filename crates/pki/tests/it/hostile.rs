//! No bytes make a parser panic, and no pool of certificates makes a validation endless.
use proptest::prelude::*;
use vermilion_pki::cms::{self, SignedAttributes, SignedData};
use vermilion_pki::crl::Crl;
use vermilion_pki::path::{Budget, PathError, Purpose, Revocation, validate};
use vermilion_pki::tsa::{Authority, Imprint, Request, Response, Token};
use vermilion_pki::{Certificate, DigestAlgorithm, Serial, Signer, ca, ocsp};

use crate::world::*;

#[path = "../../../../fuzz/src/structures.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets use it too")]
mod structures;

/// The name of a fuzz target, and what it does with its input.
type Target = (&'static str, fn(&[u8]));

/// Every seed and every finding of the fuzz targets, so that a checkout without cargo-fuzz holds what was mended.
#[test]
fn what_fuzzing_found_stays_mended() {
    let targets: [Target; 5] = [
        ("certificate", structures::certificate),
        ("crl", structures::crl),
        ("ocsp", structures::ocsp),
        ("tsp", structures::tsp),
        ("cms", structures::cms),
    ];
    for (target, run) in targets {
        let mut inputs = 0;
        for folder in ["seeds", "regressions"] {
            let folder = format!("{}/../../fuzz/{folder}/{target}", env!("CARGO_MANIFEST_DIR"));
            // A target without findings has no folder of them.
            for file in std::fs::read_dir(folder).into_iter().flatten() {
                let path = file.unwrap().path();
                let start = std::time::Instant::now();
                run(&std::fs::read(&path).unwrap());
                assert!(start.elapsed().as_secs() < 20, "{} took {:?}", path.display(), start.elapsed());
                inputs += 1;
            }
        }
        assert!(inputs > 0, "{target} has seeds");
    }
}

fn read_all(bytes: &[u8]) {
    let _ = Certificate::from_der(bytes);
    let _ = Crl::from_der(bytes);
    let _ = ocsp::Request::from_der(bytes);
    let _ = ocsp::Response::from_der(bytes);
    let _ = Request::from_der(bytes);
    let _ = (Token::from_contents(bytes), Response::from_der(bytes));
    if let Ok(signed) = SignedData::from_contents(bytes) {
        let _ = (signed.message_digest(), signed.signing_time(), signed.signer_certificate(&[]));
    }
}

proptest! {
    #[test]
    fn random_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }
}

#[test]
fn damaged_structures_do_not_panic() {
    let world = World::new();
    let [_, crl] = world.crls(&[]);
    let request = ocsp::Request::new(&world.person.certificate, &world.issuing.certificate, Some(&[1; 16]));
    let responder = ocsp::Responder {
        certificate: world.responder.certificate.clone(),
        issuer: world.issuing.certificate.clone(),
    };
    let mut good = |_: &Serial| ocsp::Status::Good;
    let response =
        ocsp::respond(&responder, &request, now(), now() + days(1), &mut good, &world.responder.key).unwrap();
    let digest = DigestAlgorithm::Sha256.digest(b"x");
    let attributes = SignedAttributes::pades(DigestAlgorithm::Sha256, &digest, &world.person.certificate);
    let signature = world.person.key.sign(attributes.der()).unwrap();
    let algorithm = world.person.key.algorithm();
    let signed = cms::build(&attributes, algorithm, &signature, &world.person.certificate, &[], None);
    let authority = Authority {
        certificate: world.tsa.certificate.clone(),
        chain: vec![],
        policy: "1.2.3".to_owned(),
        accuracy_ms: 1,
    };
    let imprint = Imprint { algorithm: DigestAlgorithm::Sha256, digest };
    let stamp_request = Request::new(imprint, Some([1; 16])).to_der();
    let reply = authority.respond(&stamp_request, [1; 16], now(), &world.tsa.key).unwrap();
    for original in [
        world.person.certificate.der(),
        crl.der(),
        &request.to_der(),
        &response,
        &signed,
        &stamp_request,
        &reply.der,
    ] {
        for index in 0..original.len() {
            read_all(&original[..index]);
            for flip in [1, 0x80, 0xff] {
                let mut changed = original.to_vec();
                changed[index] ^= flip;
                read_all(&changed);
            }
        }
    }
}

#[test]
fn a_web_of_cross_certificates_ends_with_the_budget() {
    // Every CA of one name and key after another certifies every other: the number of paths explodes.
    let world = World::new();
    let keys: Vec<_> = (0..8)
        .map(|_| vermilion_pki::SoftwareSigner::generate(vermilion_pki::KeyAlgorithm::P256).unwrap().0)
        .collect();
    let validity = ca::Validity { not_before: now() - days(20), not_after: now() + days(3000) };
    let roots: Vec<Certificate> = keys
        .iter()
        .map(|key| {
            ca::prepare_root(&subject("Same Name"), key.public_key_der(), &serial(1), validity)
                .unwrap()
                .issue(key)
                .unwrap()
        })
        .collect();
    let mut pool = Vec::new();
    for (root, key) in roots.iter().zip(&keys) {
        let issuer = ca::Issuer { certificate: root.clone(), chain: vec![], urls: urls() };
        for other in keys.iter().filter(|other| other.public_key_der() != key.public_key_der()) {
            let token = issuer.prepare(
                ca::Profile::Issuing,
                &subject("Same Name"),
                other.public_key_der(),
                &serial(2),
                validity,
            );
            pool.push(token.unwrap().issue(key).unwrap());
        }
    }
    let issuer = ca::Issuer { certificate: roots[0].clone(), chain: vec![], urls: urls() };
    let key = vermilion_pki::SoftwareSigner::generate(vermilion_pki::KeyAlgorithm::P256).unwrap().0;
    let leaf = issue(&issuer, &keys[0], ca::Profile::Person, &subject("x"), 3, key);
    let anchors = [world.root.certificate.clone()];
    let mut budget = Budget::default();
    let start = std::time::Instant::now();
    let verdict = validate(
        &leaf.certificate,
        &pool,
        &anchors,
        now(),
        Purpose::DocumentSigning,
        &Revocation::none(now()),
        &mut budget,
    );
    assert_eq!(verdict.unwrap_err(), PathError::BudgetExhausted);
    assert!(start.elapsed().as_secs() < 5);
}

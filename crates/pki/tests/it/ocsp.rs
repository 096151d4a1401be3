//! OCSP between us and OpenSSL.
use vermilion_pki::Serial;
use vermilion_pki::crl::Reason;
use vermilion_pki::ocsp::{self, Failure, Request, Responder, Response, Status};

use crate::world::*;

/// OpenSSL compares thisUpdate and nextUpdate with its own clock.
fn next() -> jiff::Timestamp {
    at("2046-01-01T00:00:00Z")
}

fn responder(world: &World) -> Responder {
    Responder { certificate: world.responder.certificate.clone(), issuer: world.issuing.certificate.clone() }
}

fn answer(world: &World, request: &Request, status: Status) -> Vec<u8> {
    let mut asked: Vec<Serial> = Vec::new();
    let mut tell = |serial: &Serial| {
        asked.push(serial.clone());
        status
    };
    ocsp::respond(&responder(world), request, now(), next(), &mut tell, &world.responder.key).expect("signs")
}

#[test]
fn openssl_asks_and_believes_us() {
    let Some(openssl) = OpenSsl::new() else { return };
    let world = World::new();
    openssl.write("root.pem", world.root.certificate.to_pem());
    openssl.write("issuing.pem", world.issuing.certificate.to_pem());
    openssl.write("leaf.pem", world.person.certificate.to_pem());
    openssl.accepts("ocsp -issuer issuing.pem -cert leaf.pem -reqout request.der");
    let request = Request::from_der(&openssl.read("request.der")).expect("is a request");
    assert!(request.nonce().is_some_and(|n| n.len() >= 16));
    let check = format!(
        "ocsp -issuer issuing.pem -cert leaf.pem -no_nonce -reqin request.der -respin response.der -CAfile root.pem \
         -verify_other issuing.pem -attime {}",
        now().as_second()
    );
    for (status, word) in [
        (Status::Good, "leaf.pem: good"),
        (Status::Revoked { at: now() - days(1), reason: Some(Reason::Superseded) }, "Reason: superseded"),
        (Status::Unknown, "leaf.pem: unknown"),
    ] {
        openssl.write("response.der", answer(&world, &request, status));
        let text = openssl.accepts(&check.replace("         -", "-"));
        assert!(text.contains("Response verify OK") && text.contains(word), "{text}");
        assert!(!text.contains("no nonce") && !text.contains("Nonce Verify error"), "{text}");
    }
}

#[test]
fn openssl_understands_our_request() {
    let Some(openssl) = OpenSsl::new() else { return };
    let world = World::new();
    let request =
        Request::new(&world.person.certificate, &world.issuing.certificate, Some(b"0123456789abcdef"));
    openssl.write("request.der", request.to_der());
    let text = openssl.accepts("ocsp -reqin request.der -req_text");
    let serial = world.person.certificate.serial_hex().to_uppercase();
    assert!(text.contains(&serial) && text.contains("OCSP Nonce"), "{text}");
    assert_eq!(Request::from_der(&request.to_der()).unwrap(), request);
}

#[test]
fn answers_are_read_as_written_and_foreign_serials_are_unknown() {
    let world = World::new();
    let request = Request::new(&world.person.certificate, &world.issuing.certificate, Some(&[7; 32]));
    let der = answer(&world, &request, Status::Good);
    let response = Response::from_der(&der).unwrap();
    assert_eq!((response.nonce(), response.produced_at()), (Some(&[7; 32][..]), now()));
    assert_eq!(response.responses()[0].status, Status::Good);
    assert!(response.responses()[0].certificate.names(&world.person.certificate, &world.issuing.certificate));
    assert!(response.is_by(&world.responder.certificate) && !response.is_by(&world.issuing.certificate));
    response.verify_signature(&world.responder.certificate).unwrap();
    response.verify_signature(&world.issuing.certificate).unwrap_err();
    assert_eq!(response.certificates(), std::slice::from_ref(&world.responder.certificate));

    // The issuing CA's certificate is the root's to speak about, not ours.
    let foreign = Request::new(&world.issuing.certificate, &world.root.certificate, None);
    let mut never = |_: &Serial| -> Status { panic!("asked about a foreign certificate") };
    let der =
        ocsp::respond(&responder(&world), &foreign, now(), next(), &mut never, &world.responder.key).unwrap();
    assert_eq!(Response::from_der(&der).unwrap().responses()[0].status, Status::Unknown);
}

#[test]
fn errors_carry_their_status() {
    let Some(openssl) = OpenSsl::new() else { return };
    for (failure, word) in [
        (Failure::MalformedRequest, "malformedrequest"),
        (Failure::InternalError, "internalerror"),
        (Failure::TryLater, "trylater"),
        (Failure::SigRequired, "sigrequired"),
        (Failure::Unauthorized, "unauthorized"),
    ] {
        let der = ocsp::failure(failure);
        assert!(Response::from_der(&der).is_err());
        openssl.write("response.der", der);
        let (_, text) = openssl.run("ocsp -respin response.der -resp_text -noverify");
        assert!(text.contains(word), "{text}");
    }
}

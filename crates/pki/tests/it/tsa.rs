//! Time-stamps between us and OpenSSL.
use vermilion_pki::tsa::{Authority, Failure, Imprint, Reply, Request, Response, Token};
use vermilion_pki::{DigestAlgorithm, SignError, VerifyError};

use crate::world::*;

const POLICY: &str = "1.3.6.1.4.1.99999.1.3";

fn authority(world: &World) -> Authority {
    Authority {
        certificate: world.tsa.certificate.clone(),
        chain: vec![world.issuing.certificate.clone()],
        policy: POLICY.to_owned(),
        accuracy_ms: 500,
    }
}

fn stamp(world: &World, request: &[u8]) -> Reply {
    authority(world).respond(request, [9; 16], now(), &world.tsa.key).expect("signs")
}

fn token(reply: &Reply) -> Token {
    match Response::from_der(&reply.der).expect("is a response") {
        Response::Granted(token) => *token,
        other => panic!("{other:?}"),
    }
}

fn sha256(data: &[u8]) -> Imprint {
    Imprint { algorithm: DigestAlgorithm::Sha256, digest: DigestAlgorithm::Sha256.digest(data) }
}

#[test]
fn openssl_asks_and_believes_us() {
    let Some(openssl) = OpenSsl::new() else { return };
    let world = World::new();
    openssl.write("data", b"the data");
    openssl.write("root.pem", world.root.certificate.to_pem());
    openssl.write("issuing.pem", world.issuing.certificate.to_pem());
    openssl.write("untrusted.pem", world.tsa.certificate.to_pem() + &world.issuing.certificate.to_pem());
    let time = now().as_second();
    for (query, untrusted) in [
        ("-sha256 -cert", "issuing.pem"),
        ("-sha384 -cert", "issuing.pem"),
        ("-sha512 -cert -no_nonce", "issuing.pem"),
        ("-sha256", "untrusted.pem"),
        ("-sha256 -tspolicy 1.3.6.1.4.1.99999.1.3 -cert", "issuing.pem"),
    ] {
        openssl.accepts(&format!("ts -query -data data -out request.tsq {query}"));
        let reply = stamp(&world, &openssl.read("request.tsq"));
        assert_eq!(reply.rejection, None);
        openssl.write("reply.tsr", &reply.der);
        openssl.accepts(&format!(
            "ts -verify -queryfile request.tsq -in reply.tsr -CAfile root.pem -untrusted {untrusted} -attime {time}"
        ));
        let token = token(&reply);
        assert_eq!(
            token.signed_data().certificates().is_empty(),
            !query.contains("-cert"),
            "certReq is heeded"
        );
        openssl.write("token.der", token.der());
        openssl.accepts(&format!(
            "ts -verify -data data -token_in -in token.der -CAfile root.pem -untrusted {untrusted} -attime {time}"
        ));
        openssl.write("other", b"other data");
        openssl.refuses(&format!(
            "ts -verify -data other -token_in -in token.der -CAfile root.pem -untrusted {untrusted} -attime {time}"
        ));
        let text = openssl.accepts("ts -reply -in reply.tsr -text");
        assert!(text.contains("Jun  1 08:00:00 2026 GMT") && text.contains(POLICY), "{text}");
        assert!(text.contains("Accuracy: 0x01 seconds, 0x01F4 millis"), "{text}");
    }
}

#[test]
fn openssl_understands_our_request() {
    let Some(openssl) = OpenSsl::new() else { return };
    let request = Request::new(sha256(b"the data"), Some([0xfe; 16]));
    openssl.write("request.tsq", request.to_der());
    let text = openssl.accepts("ts -query -in request.tsq -text");
    assert!(text.contains("Certificate required: yes") && text.contains("Nonce: 0xFEFE"), "{text}");
}

#[test]
fn tokens_are_checked() {
    let world = World::new();
    let request = Request::new(sha256(b"the data"), Some([1; 16]));
    let token = token(&stamp(&world, &request.to_der()));
    assert!(token.answers(&request));
    assert!(!token.answers(&Request::new(sha256(b"the data"), Some([2; 16]))));
    assert_eq!((token.gen_time(), token.policy(), token.serial_hex()), (now(), POLICY, "09".repeat(16)));
    assert_eq!(token.verify(b"the data", &[]).unwrap(), world.tsa.certificate);
    assert_eq!(token.verify(b"other", &[]).unwrap_err(), VerifyError::DigestMismatch);
    assert_eq!(token.signed_data().signing_time(), Some(now()));
    // Padded as in a PDF.
    let mut padded = token.der().to_vec();
    padded.extend([0; 100]);
    assert_eq!(Token::from_contents(&padded).unwrap().der(), token.der());
    assert!(Token::from_der(&padded).is_err());
    // One changed byte anywhere is noticed.
    for index in (0..token.der().len()).step_by(7) {
        let mut changed = token.der().to_vec();
        changed[index] ^= 1;
        if let Ok(changed) = Token::from_der(&changed) {
            let verdict = changed.verify(b"the data", std::slice::from_ref(&world.tsa.certificate));
            let harmless = changed.signed_data().signature() == token.signed_data().signature()
                && changed.signed_data().content() == token.signed_data().content();
            assert!(verdict.is_err() || harmless, "byte {index}");
        }
    }
}

#[test]
fn tokens_without_certificates_need_them_given() {
    let world = World::new();
    let request = Request::new(sha256(b"the data"), None).without_certificates();
    let token = token(&stamp(&world, &request.to_der()));
    assert!(token.verify(b"the data", &[]).is_err());
    let others = [world.root.certificate.clone(), world.tsa.certificate.clone()];
    assert_eq!(token.verify(b"the data", &others).unwrap(), world.tsa.certificate);
}

#[test]
fn what_cannot_be_stamped_is_rejected_with_its_reason() {
    let world = World::new();
    let good = Request::new(sha256(b"x"), None).to_der();
    let sha1 = Imprint { algorithm: DigestAlgorithm::Sha1, digest: vec![0; 20] };
    let mut version_2 = good.clone();
    version_2[4] = 2;
    let mut unknown_digest = good.clone();
    let place = unknown_digest.windows(4).position(|w| w == [0x65, 3, 4, 2]).unwrap();
    unknown_digest[place + 4] = 0x55;
    // A policy of someone else's, put in by hand before certReq.
    let policy = [6, 3, 0x2a, 3, 4];
    let mut other_policy = good.clone();
    let place = other_policy.len() - 3;
    other_policy.splice(place..place, policy);
    other_policy[1] += 5;
    for (request, failure) in [
        (Request::new(sha1, None).to_der(), Failure::BadAlg),
        (unknown_digest, Failure::BadAlg),
        (version_2, Failure::BadRequest),
        (b"hello".to_vec(), Failure::BadDataFormat),
        (vec![0x30; 5000], Failure::BadDataFormat),
        (other_policy, Failure::UnacceptedPolicy),
    ] {
        let reply = stamp(&world, &request);
        assert_eq!(reply.rejection, Some(failure));
        match Response::from_der(&reply.der).unwrap() {
            Response::Rejected(why) => {
                assert_eq!((why.status, why.failure), (2, Some(failure)));
                assert!(!why.text.is_empty(), "the authority says why in words");
            }
            other => panic!("{other:?}"),
        }
    }
    if let Some(openssl) = OpenSsl::new() {
        for (failure, word) in
            [(Failure::BadAlg, "unrecognized or unsupported"), (Failure::SystemFailure, "system failure")]
        {
            openssl.write("reply.tsr", Authority::reject(failure, "no").der);
            let text = openssl.accepts("ts -reply -in reply.tsr -text");
            assert!(text.contains("Status: Rejected.") && text.contains(word), "{text}");
        }
    }
}

#[test]
fn the_words_of_a_refusal_are_told_as_one_harmless_line() {
    let words = |text: &str| match Response::from_der(&Authority::reject(Failure::BadAlg, text).der).unwrap()
    {
        Response::Rejected(why) => why.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(words("SHA-1 is not stamped"), "badAlg: SHA-1 is not stamped");
    assert_eq!(words("我们不支持\r\n\u{1b}[31mSHA-1\u{9b}"), "badAlg: 我们不支持 [31mSHA-1");
    assert_eq!(words(""), "badAlg");
    let long = words(&"word ".repeat(10_000));
    assert!(long.chars().count() < 320 && long.ends_with('…'), "{long}");
    let request = Request::new(sha256(b"x"), None);
    let refused = request.accept(&Authority::reject(Failure::SystemFailure, "out of order").der, &[]);
    assert_eq!(refused.unwrap_err().to_string(), "refused: systemFailure: out of order");
}

#[test]
fn the_authority_signs_with_its_own_key_alone() {
    let world = World::new();
    let request = Request::new(sha256(b"x"), None).to_der();
    let refused = authority(&world).respond(&request, [9; 16], now(), &world.person.key);
    assert_eq!(refused.unwrap_err(), SignError::WrongKey);
}

#[test]
fn a_policy_can_be_asked_for() {
    let world = World::new();
    let ask = |policy: &str| Request::new(sha256(b"x"), Some([3; 16])).with_policy(policy);
    assert_eq!(ask("no policy"), None);
    let request = ask(POLICY).unwrap();
    assert!(token(&stamp(&world, &request.to_der())).answers(&request));
    let other = stamp(&world, &ask("1.2.3").unwrap().to_der());
    assert_eq!(other.rejection, Some(Failure::UnacceptedPolicy));
}

//! A small world of trust whose certificates name a stand-in server, and a client that may ask it.

use std::sync::Arc;
use std::time::Duration;

use domain::Rng as _;
use jiff::{SignedDuration, Timestamp};
use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
use pki::crl::{self, Crl, Revoked};
use pki::ocsp::{self, Responder};
use pki::tsa::{self, Imprint};
use pki::{Certificate, DigestAlgorithm, KeyAlgorithm, Serial, Signer as _, SoftwareSigner};
use testkit::{FixedClock, SeededRng};
use vermilion_online::{Access, Client, Config};

use crate::server::{Answer, Asked, Server};

/// A program of others, which ends with the test.
pub(crate) struct Program(pub(crate) std::process::Child);

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

pub(crate) const QUERY: &str = "application/timestamp-query";
pub(crate) const REPLY: &str = "application/timestamp-reply";
pub(crate) const OCSP: &str = "application/ocsp-response";
pub(crate) const CRL: &str = "application/pkix-crl";
pub(crate) const CERT: &str = "application/pkix-cert";
pub(crate) const POLICY: &str = "1.3.6.1.4.1.99999.1.3";

/// When all tests begin.
pub(crate) fn start() -> Timestamp {
    "2026-11-23T04:00:00Z".parse().unwrap()
}

pub(crate) fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

pub(crate) struct Holder {
    pub(crate) certificate: Certificate,
    pub(crate) key: SoftwareSigner,
}

pub(crate) fn key() -> SoftwareSigner {
    SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0
}

pub(crate) fn serial(n: u8) -> Serial {
    Serial::from_random([n | 0x40; 16])
}

pub(crate) fn subject(name: &str) -> Subject {
    Subject { common_name: name.to_owned(), country: Some("CN".to_owned()), ..Subject::default() }
}

pub(crate) fn root(name: &str) -> Holder {
    let key = key();
    let validity = Validity { not_before: start() - hours(48), not_after: start() + hours(24 * 9000) };
    let token = prepare_root(&subject(name), key.public_key_der(), &serial(1), validity).unwrap();
    Holder { certificate: token.issue(&key).unwrap(), key }
}

/// A certificate valid from a day ago, under `issuer`.
pub(crate) fn issue(issuer: &Holder, profile: Profile, name: &str, n: u8, urls: Urls) -> Holder {
    let days = if profile == Profile::Issuing { 5000 } else { 300 };
    let validity = Validity { not_before: start() - hours(24), not_after: start() + hours(24 * days) };
    issue_for(issuer, profile, name, n, urls, validity)
}

pub(crate) fn issue_for(
    issuer: &Holder,
    profile: Profile,
    name: &str,
    n: u8,
    urls: Urls,
    validity: Validity,
) -> Holder {
    let key = key();
    let ca = Issuer { certificate: issuer.certificate.clone(), chain: Vec::new(), urls };
    let token = ca.prepare(profile, &subject(name), key.public_key_der(), &serial(n), validity).unwrap();
    Holder { certificate: token.issue(&issuer.key).unwrap(), key }
}

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) root: Holder,
    pub(crate) issuing: Holder,
    pub(crate) person: Holder,
    pub(crate) tsa: Holder,
    pub(crate) responder: Holder,
}

impl World {
    pub(crate) fn new() -> Self {
        let server = Server::start();
        let urls = |name: &str| Urls {
            crl: vec![server.url(&format!("/{name}.crl"))],
            ocsp: vec![server.url("/ocsp")],
            ca_issuers: vec![server.url(&format!("/{name}.cer"))],
        };
        let root = root("Test Root");
        let issuing = issue(&root, Profile::Issuing, "Test Issuing CA", 2, urls("root"));
        let of = |profile, name, n| issue(&issuing, profile, name, n, urls("issuing"));
        let person = of(Profile::Person, "陈晓明", 3);
        let tsa = of(Profile::TimeStamping, "Test TSA", 4);
        let responder = of(Profile::OcspResponder, "Test OCSP", 5);
        Self { server, clock: Arc::new(FixedClock::at(start())), root, issuing, person, tsa, responder }
    }

    pub(crate) fn now(&self) -> Timestamp {
        domain::Clock::now(&*self.clock)
    }

    /// Short times, so that tests that wait do not wait long; the stand-in server may be asked.
    pub(crate) fn config(&self) -> Config {
        let clock = Arc::clone(&self.clock);
        let random = SeededRng::new(7);
        let mut config = Config::new(move || domain::Clock::now(&*clock), move |bytes| random.fill(bytes));
        config.access = Access::PublicAnd(vec!["127.0.0.1".to_owned()]);
        config.limits.answer = Duration::from_secs(20);
        config.limits.pause = Duration::from_millis(20);
        config.limits.rounds = 1;
        config
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.config()).unwrap()
    }

    pub(crate) fn authority(&self) -> tsa::Authority {
        tsa::Authority {
            certificate: self.tsa.certificate.clone(),
            chain: vec![self.issuing.certificate.clone()],
            policy: POLICY.to_owned(),
            accuracy_ms: 500,
        }
    }

    /// A TimeStampResp to the DER request.
    pub(crate) fn stamp(&self, request: &[u8]) -> Vec<u8> {
        self.authority().respond(request, [9; 16], self.now(), &self.tsa.key).unwrap().der
    }

    pub(crate) fn responder(&self) -> Responder {
        Responder {
            certificate: self.responder.certificate.clone(),
            issuer: self.issuing.certificate.clone(),
        }
    }

    /// An OCSPResponse by the delegated responder, current for a day.
    pub(crate) fn ocsp(&self, asked: &Asked, status: ocsp::Status) -> Answer {
        let request = ocsp_request(asked);
        let (now, next) = (self.now(), self.now() + hours(24));
        let mut tell = |_: &Serial| status;
        let der = ocsp::respond(&self.responder(), &request, now, next, &mut tell, &self.responder.key);
        Answer::Fine(OCSP, der.unwrap())
    }

    /// A CRL of the issuing CA, of this moment and for a week.
    pub(crate) fn crl(&self, revoked: &[Revoked]) -> Crl {
        self.crl_at(self.now(), revoked)
    }

    pub(crate) fn crl_at(&self, this_update: Timestamp, revoked: &[Revoked]) -> Crl {
        let next = this_update + hours(24 * 7);
        crl::build(&self.issuing.certificate, &self.issuing.key, 7, this_update, next, revoked).unwrap()
    }
}

/// The request of a GET or a POST.
pub(crate) fn ocsp_request(asked: &Asked) -> ocsp::Request {
    use base64::Engine as _;
    let der = match asked.method.as_str() {
        "GET" => {
            let coded = asked.path.rsplit('/').next().unwrap();
            let plain = coded.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
            base64::engine::general_purpose::STANDARD.decode(plain).unwrap()
        }
        _ => asked.body.clone(),
    };
    ocsp::Request::from_der(&der).unwrap()
}

pub(crate) fn imprint(data: &[u8]) -> Imprint {
    Imprint { algorithm: DigestAlgorithm::Sha256, digest: DigestAlgorithm::Sha256.digest(data) }
}

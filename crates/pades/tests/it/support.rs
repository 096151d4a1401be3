//! A small PKI, sample documents, and the steps of a signature as tests take them.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use pdf::new::Builder;
use pdf::{Appearance, Dict, Document, Limits, Object, Rect, XrefKind};
use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
use pki::crl::{self, Crl};
use pki::tsa::{Authority, Imprint, Request, Response};
use pki::{Certificate, KeyAlgorithm, Serial, Signer, SoftwareSigner};
use vermilion_pades as pades;

use pades::{Dss, FieldKind, FieldSpec, Policy, Report, SigningRequest};

/// The time of every test that no outside program judges.
pub(crate) fn noon() -> Timestamp {
    "2026-11-23T04:00:00Z".parse().expect("a time")
}

/// Who signs.
pub(crate) struct Identity {
    pub(crate) certificate: Certificate,
    pub(crate) chain: Vec<Certificate>,
    pub(crate) key: SoftwareSigner,
}

/// A root, a CA under it, a time-stamping authority.
pub(crate) struct Pki {
    pub(crate) root: Certificate,
    root_key: SoftwareSigner,
    pub(crate) issuer: Issuer,
    pub(crate) issuer_key: SoftwareSigner,
    pub(crate) authority: Authority,
    authority_key: SoftwareSigner,
    pub(crate) at: Timestamp,
}

fn key() -> SoftwareSigner {
    SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key").0
}

fn subject(name: &str) -> Subject {
    Subject { common_name: name.to_owned(), country: Some("CN".to_owned()), ..Subject::default() }
}

fn serial(number: u8) -> Serial {
    Serial::from_random([number; 16])
}

impl Pki {
    /// A PKI that has existed for a year at `at`, and whose certificates name nobody to ask.
    pub(crate) fn at(at: Timestamp) -> Self {
        Self::naming(at, Urls::default(), Urls::default())
    }

    /// The same whose certificates name a responder and a list under this address: programs of others look at no
    /// revocation data of a certificate that names none, and insist on asking.
    pub(crate) fn served_at(at: Timestamp, base: &str) -> Self {
        let urls = |who: &str| Urls {
            crl: vec![format!("{base}/crl/{who}")],
            ocsp: vec![format!("{base}/ocsp/{who}")],
            ca_issuers: Vec::new(),
        };
        Self::naming(at, urls("root"), urls("ca"))
    }

    fn naming(at: Timestamp, of_root: Urls, of_issuer: Urls) -> Self {
        let validity =
            Validity { not_before: at - (24 * 365).hours(), not_after: at + (24 * 365 * 5).hours() };
        let (root_key, issuer_key, authority_key) = (key(), key(), key());
        let root =
            prepare_root(&subject("Vermilion Test Root"), root_key.public_key_der(), &serial(1), validity)
                .expect("a root that passes the linter")
                .issue(&root_key)
                .expect("issued");
        let top = Issuer { certificate: root.clone(), chain: vec![], urls: of_root };
        let middle = top
            .prepare(
                Profile::Issuing,
                &subject("Vermilion Test CA"),
                issuer_key.public_key_der(),
                &serial(2),
                validity,
            )
            .expect("a CA that passes the linter")
            .issue(&root_key)
            .expect("issued");
        let issuer = Issuer { certificate: middle.clone(), chain: vec![root.clone()], urls: of_issuer };
        let stamping = issuer
            .prepare(
                Profile::TimeStamping,
                &subject("Vermilion Test TSA"),
                authority_key.public_key_der(),
                &serial(3),
                validity,
            )
            .expect("a TSA that passes the linter")
            .issue(&issuer_key)
            .expect("issued");
        let authority = Authority {
            certificate: stamping,
            chain: vec![middle, root.clone()],
            policy: "1.3.6.1.4.1.99999.1".to_owned(),
            accuracy_ms: 1000,
        };
        Self { root, root_key, issuer, issuer_key, authority, authority_key, at }
    }

    pub(crate) fn new() -> Self {
        Self::at(noon())
    }

    /// A person with a certificate valid for a year from an hour ago.
    pub(crate) fn person(&self, name: &str, number: u8) -> Identity {
        self.person_with(name, number, key())
    }

    /// The same with a given key.
    pub(crate) fn person_with(&self, name: &str, number: u8, key: SoftwareSigner) -> Identity {
        let validity = Validity { not_before: self.at - 1.hour(), not_after: self.at + (24 * 365).hours() };
        let certificate = self
            .issuer
            .prepare(Profile::Person, &subject(name), key.public_key_der(), &serial(number), validity)
            .expect("a person that passes the linter")
            .issue(&self.issuer_key)
            .expect("issued");
        Identity { certificate, chain: vec![self.issuer.certificate.clone(), self.root.clone()], key }
    }

    /// A delegated OCSP responder of the issuing CA, as it is at some time.
    pub(crate) fn responder(&self, at: Timestamp) -> (Certificate, SoftwareSigner) {
        let key = key();
        let validity = Validity { not_before: at - 1.hour(), not_after: at + (24 * 300).hours() };
        let certificate = self
            .issuer
            .prepare(
                Profile::OcspResponder,
                &subject("Vermilion Test OCSP"),
                key.public_key_der(),
                &serial(4),
                validity,
            )
            .expect("a responder that passes the linter")
            .issue(&self.issuer_key)
            .expect("issued");
        (certificate, key)
    }

    /// The key of one of the two CAs.
    pub(crate) fn key_of(&self, issuer: &Certificate) -> &SoftwareSigner {
        if *issuer == self.root { &self.root_key } else { &self.issuer_key }
    }

    pub(crate) fn authority_key(&self) -> &SoftwareSigner {
        &self.authority_key
    }

    pub(crate) fn stamp(&self, imprint: Imprint, at: Timestamp) -> Vec<u8> {
        let request = Request::new(imprint, Some([9; 16])).to_der();
        let reply = self.authority.respond(&request, [7; 16], at, &self.authority_key).expect("stamped");
        match Response::from_der(&reply.der).expect("a response") {
            Response::Granted(token) => token.der().to_vec(),
            other => panic!("the authority refused: {other:?}"),
        }
    }

    pub(crate) fn crls(&self, revoked: &[crl::Revoked]) -> Vec<Crl> {
        let build = |issuer: &Certificate, key: &SoftwareSigner, revoked: &[crl::Revoked]| {
            crl::build(issuer, key, 1, self.at, self.at + (24 * 365).hours(), revoked).expect("a CRL")
        };
        vec![
            build(&self.issuer.certificate, &self.issuer_key, revoked),
            build(&self.root, &self.root_key, &[]),
        ]
    }

    pub(crate) fn dss(&self, people: &[&Identity]) -> Dss {
        let mut certs: Vec<Vec<u8>> = people.iter().map(|one| one.certificate.der().to_vec()).collect();
        for certificate in [&self.issuer.certificate, &self.root, &self.authority.certificate] {
            certs.push(certificate.der().to_vec());
        }
        let crls = self.crls(&[]).iter().map(|crl| crl.der().to_vec()).collect();
        Dss { certs, crls, ocsps: vec![] }
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy::new(vec![self.root.clone()], self.at + 1.hour())
    }
}

pub(crate) fn open(bytes: &[u8]) -> Document {
    Document::open(Arc::new(bytes.to_vec()), &Limits::default()).expect("a document that opens")
}

/// A document with `pages` pages of text.
pub(crate) fn sample(kind: XrefKind, pages: usize) -> Vec<u8> {
    let mut builder = Builder::new(kind);
    let font = builder.add(
        Dict::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type1"))
            .with("BaseFont", Object::name("Helvetica")),
    );
    for number in 1..=pages {
        let resources = Dict::new().with("Font", Dict::new().with("F1", font));
        let dict = Dict::new()
            .with("MediaBox", Object::Array(vec![0.into(), 0.into(), 595.into(), 842.into()]))
            .with("Resources", resources);
        let content = format!("BT /F1 24 Tf 72 760 Td (Contract, page {number}) Tj ET");
        builder.page(dict, content.as_bytes());
    }
    builder.finish()
}

pub(crate) fn rect(x: f64, y: f64) -> Rect {
    Rect::sized(x, y, 160.0, 48.0)
}

pub(crate) fn look(red: &str) -> Appearance {
    Appearance {
        width: 160.0,
        height: 48.0,
        content: format!("q {red} RG 2 w 2 2 156 44 re S Q").into_bytes(),
        ..Appearance::default()
    }
}

/// A look that shows a text, as a filled-in field must.
pub(crate) fn text_look(text: &str) -> Appearance {
    pdf::text::field_appearance(text, 160.0, 48.0, &pdf::text::Style::default(), fonts::SANS)
        .expect("a look of the text")
}

pub(crate) fn spec(name: &str, kind: FieldKind, page: usize, x: f64, y: f64) -> FieldSpec {
    FieldSpec { name: name.to_owned(), kind, page, rect: rect(x, y), label: Some(format!("Field {name}")) }
}

/// A document with two signature fields, a text field and a mark, as an envelope is when it is sent.
pub(crate) fn sent(kind: XrefKind) -> Vec<u8> {
    let base = sample(kind, 2);
    let fields = [
        spec("alice", FieldKind::Signature, 0, 72.0, 100.0),
        spec("bob", FieldKind::Signature, 1, 300.0, 100.0),
        spec("city", FieldKind::Text, 0, 72.0, 300.0),
        spec("seal-2", FieldKind::Mark, 1, 72.0, 300.0),
    ];
    let tail = pades::place_fields(&open(&base), &fields).expect("fields that fit");
    joined(&base, &tail)
}

pub(crate) fn joined(base: &[u8], tail: &[u8]) -> Vec<u8> {
    [base, tail].concat()
}

pub(crate) fn request(field: &str, at: Timestamp) -> SigningRequest {
    SigningRequest {
        signer_name: Some(field.to_owned()),
        appearance: Some(look("0.8 0 0")),
        ..SigningRequest::new(field, at)
    }
}

/// Whether a time-stamp goes on the signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamped {
    Yes,
    No,
}

/// The whole way of a signature, every state stored and read back on the way.
pub(crate) fn sign(
    pki: &Pki,
    bytes: &[u8],
    request: &SigningRequest,
    who: &Identity,
    stamped: Stamped,
) -> Vec<u8> {
    let request = SigningRequest { digest: who.key.algorithm().digest(), ..request.clone() };
    let prepared = pades::prepare(&open(bytes), &request).expect("prepared");
    let to_be_signed = stored(&prepared)
        .to_be_signed(who.certificate.clone(), who.chain.clone(), who.key.algorithm())
        .expect("a usable certificate");
    let value = who.key.sign(to_be_signed.bytes()).expect("a signature");
    let mut signed = stored(&to_be_signed).signed(value).expect("a value that verifies");
    if stamped == Stamped::Yes {
        let token = pki.stamp(signed.time_stamp_imprint(), pki.at + 5.minutes());
        signed = stored(&signed).with_time_stamp(&token).expect("a token that fits");
    }
    joined(bytes, &stored(&signed).finish().expect("the tail"))
}

/// What comes back from storage.
fn stored<T: serde::Serialize + serde::de::DeserializeOwned>(state: &T) -> T {
    let json = serde_json::to_string(state).expect("the state serialises");
    serde_json::from_str(&json).expect("and reads back")
}

/// The file of a finished envelope: both signed with time-stamps, fields filled, marks set, validation material.
pub(crate) fn completed(pki: &Pki, kind: XrefKind) -> Vec<u8> {
    let (alice, bob) = (pki.person("Alice 陈", 11), pki.person("Bob 王", 12));
    let mut file = sent(kind);
    let mut first = request("alice", pki.at);
    first.fills = vec![pades::Fill {
        field: "city".to_owned(),
        text: "上海 Shanghai".to_owned(),
        appearance: text_look("上海 Shanghai"),
    }];
    first.marks = vec![pades::Mark { field: "seal-2".to_owned(), appearance: look("0.8 0 0") }];
    file = sign(pki, &file, &first, &alice, Stamped::Yes);
    file = joined(&file, &pades::append_dss(&open(&file), &pki.dss(&[&alice])).expect("a store"));
    file = sign(pki, &file, &request("bob", pki.at), &bob, Stamped::Yes);
    joined(&file, &pades::append_dss(&open(&file), &pki.dss(&[&alice, &bob])).expect("a store"))
}

pub(crate) fn judge(pki: &Pki, bytes: &[u8]) -> Report {
    pades::validate(&open(bytes), &pki.policy())
}

/// What came after the first signature is permitted.
#[track_caller]
pub(crate) fn assert_first_permits(report: &Report) {
    let first = report.signatures.first().expect("a signature");
    assert_eq!(first.changes_after, pades::ChangesAfter::Permitted, "{:?}", first.changes);
}

/// Signs any document in a new visible field on its first page, or says why it cannot be signed.
pub(crate) fn sign_foreign(pki: &Pki, who: &Identity, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let source: Arc<dyn pdf::Source> = Arc::new(bytes.to_vec());
    let document = Document::open(source, &Limits::default()).map_err(|error| error.to_string())?;
    let request = SigningRequest {
        place: Some(pades::Place { page: 0, rect: rect(20.0, 20.0) }),
        appearance: Some(look("0.8 0 0")),
        ..SigningRequest::new(FOREIGN_FIELD, pki.at)
    };
    let prepared = pades::prepare(&document, &request).map_err(|error| error.to_string())?;
    let waiting = prepared
        .to_be_signed(who.certificate.clone(), who.chain.clone(), who.key.algorithm())
        .expect("a usable certificate");
    let value = who.key.sign(waiting.bytes()).expect("a value");
    let tail = waiting.signed(value).expect("a value that verifies").finish().expect("a tail");
    Ok(joined(bytes, &tail))
}

/// The field that [`sign_foreign`] makes.
pub(crate) const FOREIGN_FIELD: &str = "vermilion-odd";

/// Every kind of key that signs.
pub(crate) fn keys() -> Vec<(&'static str, SoftwareSigner)> {
    let pem = |text: &str| SoftwareSigner::from_pem(text).expect("a fixture");
    vec![
        ("p-256", SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key").0),
        ("p-384", SoftwareSigner::generate(KeyAlgorithm::P384).expect("a key").0),
        ("rsa-2048", pem(include_str!("../../../testkit/fixtures/test-only-rsa-2048.pem"))),
        ("rsa-4096", pem(include_str!("../../../testkit/fixtures/test-only-rsa-4096.pem"))),
        (
            "rsa-3072-pss",
            pem(include_str!("../../../testkit/fixtures/test-only-rsa-3072.pem"))
                .with_algorithm(pki::SignatureAlgorithm::RsaPssSha256)
                .expect("an RSA key signs PSS"),
        ),
        ("ed25519", pem(include_str!("../../../testkit/fixtures/test-only-ed25519.pem"))),
    ]
}

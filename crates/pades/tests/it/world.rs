//! A PKI whose times can be chosen, and signatures whose parts can be: for validation years later.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pades::{Dss, Policy, Report, SourceError, Sources, TimeStampSource};
use pdf::{Document, Limits, XrefKind};
use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
use pki::cms::{self, SignedAttributes};
use pki::crl::{self, Crl, Revoked};
use pki::tsa::{Authority, Imprint, Request, Response, Token};
use pki::{Certificate, DigestAlgorithm, KeyAlgorithm, Serial, Signer, SoftwareSigner};
use vermilion_pades as pades;

use crate::support::{Identity, joined, noon, open, request, sent};

/// Days and minutes after noon.
pub(crate) fn day(days: i64) -> Timestamp {
    noon() + SignedDuration::from_hours(24 * days)
}

pub(crate) fn minute(minutes: i64) -> Timestamp {
    noon() + SignedDuration::from_mins(minutes)
}

pub(crate) const YEAR: i64 = 365;

fn key() -> SoftwareSigner {
    SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key").0
}

fn named(name: &str) -> Subject {
    Subject { common_name: name.to_owned(), country: Some("CN".to_owned()), ..Subject::default() }
}

/// A root and a CA under it for twenty years.
pub(crate) struct World {
    pub(crate) root: Certificate,
    root_key: SoftwareSigner,
    pub(crate) issuer: Issuer,
    pub(crate) issuer_key: SoftwareSigner,
}

/// A time-stamping authority.
pub(crate) struct Tsa {
    pub(crate) authority: Authority,
    key: SoftwareSigner,
}

impl Tsa {
    pub(crate) fn stamp(&self, imprint: Imprint, at: Timestamp) -> Vec<u8> {
        let request = Request::new(imprint, Some([9; 16])).to_der();
        let reply = self.authority.respond(&request, [7; 16], at, &self.key).expect("stamped");
        match Response::from_der(&reply.der).expect("a response") {
            Response::Granted(token) => token.der().to_vec(),
            other => panic!("the authority refused: {other:?}"),
        }
    }

    /// Its key, as if it were a person's.
    pub(crate) fn into_identity(self) -> Identity {
        Identity { certificate: self.authority.certificate, chain: self.authority.chain, key: self.key }
    }

    pub(crate) fn at(&self, at: Timestamp) -> StampAt<'_> {
        StampAt { tsa: self, at }
    }
}

/// The authority as a source, its clock standing still.
pub(crate) struct StampAt<'a> {
    tsa: &'a Tsa,
    at: Timestamp,
}

impl TimeStampSource for StampAt<'_> {
    fn time_stamp(&self, imprint: &Imprint) -> Result<Vec<u8>, SourceError> {
        Ok(self.tsa.stamp(imprint.clone(), self.at))
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let (root_key, issuer_key) = (key(), key());
        let validity = Validity { not_before: day(-YEAR), not_after: day(19 * YEAR) };
        let serial = |number: u8| Serial::from_random([number; 16]);
        let root = prepare_root(&named("World Root"), root_key.public_key_der(), &serial(1), validity)
            .expect("a root")
            .issue(&root_key)
            .expect("issued");
        let top = Issuer { certificate: root.clone(), chain: vec![], urls: Urls::default() };
        let ca = top
            .prepare(Profile::Issuing, &named("World CA"), issuer_key.public_key_der(), &serial(2), validity)
            .expect("a CA")
            .issue(&root_key)
            .expect("issued");
        let issuer = Issuer { certificate: ca, chain: vec![root.clone()], urls: Urls::default() };
        Self { root, root_key, issuer, issuer_key }
    }

    fn issue(
        &self,
        profile: Profile,
        name: &str,
        number: u8,
        key: &SoftwareSigner,
        validity: Validity,
    ) -> Certificate {
        self.issuer
            .prepare(
                profile,
                &named(name),
                key.public_key_der(),
                &Serial::from_random([number; 16]),
                validity,
            )
            .expect("a certificate that passes the linter")
            .issue(&self.issuer_key)
            .expect("issued")
    }

    pub(crate) fn person(&self, from: Timestamp, until: Timestamp) -> Identity {
        self.person_with(key(), from, until)
    }

    pub(crate) fn person_with(&self, key: SoftwareSigner, from: Timestamp, until: Timestamp) -> Identity {
        let validity = Validity { not_before: from, not_after: until };
        let certificate = self.issue(Profile::Person, "Alice", 21, &key, validity);
        Identity { certificate, chain: vec![self.issuer.certificate.clone(), self.root.clone()], key }
    }

    /// Alice for a year.
    pub(crate) fn alice(&self) -> Identity {
        self.person(minute(-60), day(YEAR))
    }

    pub(crate) fn tsa(&self, number: u8, from: Timestamp, until: Timestamp) -> Tsa {
        let key = key();
        let validity = Validity { not_before: from, not_after: until };
        let certificate =
            self.issue(Profile::TimeStamping, &format!("World TSA {number}"), number, &key, validity);
        let authority = Authority {
            certificate,
            chain: vec![self.issuer.certificate.clone(), self.root.clone()],
            policy: "1.3.6.1.4.1.99999.1".to_owned(),
            accuracy_ms: 1000,
        };
        Tsa { authority, key }
    }

    /// An OCSP responder's certificate and key.
    pub(crate) fn responder(&self, from: Timestamp, until: Timestamp) -> (Certificate, SoftwareSigner) {
        let key = key();
        let validity = Validity { not_before: from, not_after: until };
        (self.issue(Profile::OcspResponder, "World OCSP", 60, &key, validity), key)
    }

    /// The CA's list.
    pub(crate) fn crl(&self, from: Timestamp, until: Timestamp, revoked: &[Revoked]) -> Crl {
        crl::build(&self.issuer.certificate, &self.issuer_key, 1, from, until, revoked).expect("a CRL")
    }

    /// A certificate of another key of the CA, and the CA's list signed with that.
    pub(crate) fn second_ca(&self, from: Timestamp, until: Timestamp) -> (Certificate, Crl) {
        let key = key();
        let validity = Validity { not_before: day(-YEAR), not_after: day(19 * YEAR) };
        let top = Issuer { certificate: self.root.clone(), chain: vec![], urls: Urls::default() };
        let serial = Serial::from_random([3; 16]);
        let ca = top
            .prepare(Profile::Issuing, &named("World CA"), key.public_key_der(), &serial, validity)
            .expect("a CA")
            .issue(&self.root_key)
            .expect("issued");
        let list = crl::build(&ca, &key, 1, from, until, &[]).expect("a CRL");
        (ca, list)
    }

    /// The root's list.
    pub(crate) fn root_crl(&self, from: Timestamp, until: Timestamp, revoked: &[Revoked]) -> Crl {
        crl::build(&self.root, &self.root_key, 1, from, until, revoked).expect("a CRL")
    }

    /// Both lists, nobody revoked, in force for a week.
    pub(crate) fn lists(&self, from: Timestamp) -> Vec<Crl> {
        let until = from + SignedDuration::from_hours(24 * 7);
        vec![self.crl(from, until, &[]), self.root_crl(from, until, &[])]
    }

    pub(crate) fn policy(&self, at: Timestamp) -> Policy {
        Policy::new(vec![self.root.clone()], at)
    }

    /// A signature of noon, stamped at `stamped`.
    pub(crate) fn sign(&self, who: &Identity, stamped: Option<(&Tsa, Timestamp)>) -> Vec<u8> {
        let bytes = sent(XrefKind::Table);
        let mut wanted = request("alice", noon());
        wanted.reserve = 16_384;
        let prepared = pades::prepare(&open(&bytes), &wanted).expect("prepared");
        let waiting = prepared
            .to_be_signed(who.certificate.clone(), who.chain.clone(), who.key.algorithm())
            .expect("a usable certificate");
        let value = who.key.sign(waiting.bytes()).expect("a signature");
        let mut signed = waiting.signed(value).expect("a value that verifies");
        if let Some((tsa, at)) = stamped {
            let token = tsa.stamp(signed.time_stamp_imprint(), at);
            signed = signed.with_time_stamp(&token).expect("a token that fits");
        }
        joined(&bytes, &signed.finish().expect("the tail"))
    }

    /// Signs anew what a file's only signature covers, with other signed attributes.
    pub(crate) fn sign_anew(
        &self,
        file: &[u8],
        who: &Identity,
        attributes: impl FnOnce(&[u8]) -> Vec<u8>,
        stamped: Option<(&Tsa, Timestamp)>,
    ) -> Vec<u8> {
        let digest = covered_digest(file);
        let attributes = SignedAttributes::from_der(&attributes(&digest)).expect("attributes");
        let value = who.key.sign(attributes.der()).expect("a signature");
        let token = stamped.map(|(tsa, at)| {
            let imprint =
                Imprint { algorithm: DigestAlgorithm::Sha256, digest: pki::sha256(&value).to_vec() };
            Token::from_der(&tsa.stamp(imprint, at)).expect("a token")
        });
        let algorithm = who.key.algorithm();
        let made = cms::build(&attributes, algorithm, &value, &who.certificate, &who.chain, token.as_ref());
        with_contents(file, &made)
    }
}

/// The SHA-256 of what the first signature covers.
pub(crate) fn covered_digest(file: &[u8]) -> Vec<u8> {
    pki::sha256(&covered(file)).to_vec()
}

/// What the first signature covers.
pub(crate) fn covered(file: &[u8]) -> Vec<u8> {
    let span = contents_span(file);
    [&file[..span.start], &file[span.end..]].concat()
}

fn contents_span(file: &[u8]) -> std::ops::Range<usize> {
    let document = open(file);
    let fields = document.signatures().expect("fields");
    let signature = fields.iter().find_map(|field| field.signature.as_ref()).expect("a signature");
    let span = signature.contents_span.clone().expect("written plainly");
    usize::try_from(span.start).expect("small")..usize::try_from(span.end).expect("small")
}

/// The file with another CMS in the hole of its first signature.
pub(crate) fn with_contents(file: &[u8], made: &[u8]) -> Vec<u8> {
    let span = contents_span(file);
    let mut hex = hex::encode(made);
    let room = span.len() - 2;
    assert!(hex.len() <= room, "the hole is too small: {} > {room}", hex.len());
    hex.push_str(&"0".repeat(room - hex.len()));
    [&file[..=span.start], hex.as_bytes(), &file[span.end - 1..]].concat()
}

/// DER.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let length: Vec<u8> =
                content.len().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(length.len()).expect("short"));
            out.extend(length);
        }
    }
    out.extend(content);
    out
}

/// An attribute more in a SET OF attributes, in the order of DER.
pub(crate) fn with_attribute(set: &[u8], oid: &[u8], value: &[u8]) -> Vec<u8> {
    let mut elements = Vec::new();
    let mut rest = content(set);
    while !rest.is_empty() {
        let length = rest.len() - content_end(rest).len();
        elements.push(rest[..length].to_vec());
        rest = &rest[length..];
    }
    elements.push(tlv(0x30, &[tlv(0x06, oid), tlv(0x31, value)].concat()));
    elements.sort();
    tlv(0x31, &elements.concat())
}

fn header(der: &[u8]) -> (usize, usize) {
    if der[1] < 0x80 {
        return (2, usize::from(der[1]));
    }
    let count = usize::from(der[1] & 0x7f);
    let length = der[2..2 + count].iter().fold(0, |length, byte| length * 256 + usize::from(*byte));
    (2 + count, length)
}

fn content(der: &[u8]) -> &[u8] {
    let (start, length) = header(der);
    &der[start..start + length]
}

fn content_end(der: &[u8]) -> &[u8] {
    let (start, length) = header(der);
    &der[start + length..]
}

/// Adds a security store.
pub(crate) fn stored(file: &[u8], certificates: &[&Certificate], crls: &[Crl]) -> Vec<u8> {
    let dss = Dss {
        certs: certificates.iter().map(|one| one.der().to_vec()).collect(),
        crls: crls.iter().map(|crl| crl.der().to_vec()).collect(),
        ocsps: vec![],
    };
    joined(file, &pades::append_dss(&open(file), &dss).expect("a store"))
}

/// Adds OCSP responses to the store.
pub(crate) fn with_ocsps(file: &[u8], ocsps: Vec<Vec<u8>>) -> Vec<u8> {
    let dss = Dss { certs: vec![], crls: vec![], ocsps };
    joined(file, &pades::append_dss(&open(file), &dss).expect("a store"))
}

/// Adds a document time-stamp.
pub(crate) fn archived(file: &[u8], tsa: &Tsa, at: Timestamp) -> Vec<u8> {
    let stamper = tsa.at(at);
    let sources = Sources { time_stamps: Some(&stamper), ..Sources::none(at) };
    joined(file, &pades::time_stamp_document(&open(file), &sources).expect("a document time-stamp"))
}

/// Validates, and checks that every form of the report can be made.
pub(crate) fn judged(file: &[u8], policy: &Policy) -> Report {
    let document = Document::open(Arc::new(file.to_vec()), &Limits::default()).expect("it opens");
    let validation = pades::examine(&document, policy, None);
    let xml = validation.etsi_xml().expect("a report on signatures");
    crate::etsi::check(&xml);
    let report = validation.into_report();
    for lang in [pades::Lang::En, pades::Lang::Zh] {
        let text = report.text(lang);
        assert!(!text.contains('{'), "a parameter is not filled in: {text}");
    }
    report
}

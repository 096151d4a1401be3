//! When signatures existed: the time-stamps on them and on the document, from the newest to the oldest, each judged
//! before it proves anything (EN 319 102-1 §5.4, §5.6.2.3, §5.6.3).

use jiff::{SignedDuration, Timestamp};
use pki::path::Purpose;
use pki::tsa::Token;
use pki::{Certificate, VerifyError};

use super::chain::Judge;
use super::examined::Examined;
use super::integrity::Body;
use super::judge::{Settled, Subject};
use super::poe::Object;
use super::trouble::Trouble;
use crate::report::{Code, Reason, SubIndication, TimeStamp};

/// How far an authority's clock may run before ours.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// Time-stamps of one kind on one signature that are judged.
const MAX_STAMPS: usize = 16;
/// Content time-stamps are counted from here among the time-stamps of a signature.
pub(crate) const CONTENT: usize = 1_000;

/// A time-stamp and what became of it.
pub(crate) struct Stamp {
    /// What it says, where it verifies.
    pub(crate) shown: Option<TimeStamp>,
    /// Its verdict in words.
    pub(crate) reason: Reason,
    /// The token, where it can be read.
    pub(crate) token: Option<Token>,
    /// Who made it, where it verifies.
    pub(crate) authority: Option<Certificate>,
    /// How its authority was judged.
    pub(crate) settled: Option<Settled>,
}

impl Stamp {
    /// The time it proves: only an authority that is trusted proves any.
    pub(crate) fn proven(&self) -> Option<Timestamp> {
        self.shown.as_ref().filter(|stamp| stamp.trusted).map(|stamp| stamp.time)
    }

    fn invalid(detail: &dyn std::fmt::Display, token: Option<Token>) -> Self {
        let reason = Reason::new(Code::TimeStampInvalid).with("detail", detail);
        Self { shown: None, reason, token, authority: None, settled: None }
    }
}

/// Judges every time-stamp, the newest first, and collects what each proves.
pub(crate) fn prove_existence(examined: &mut [Examined<'_>], judge: &mut Judge<'_>) {
    let mut documents: Vec<(usize, usize)> = examined
        .iter()
        .enumerate()
        .filter(|(_, one)| matches!(one.body, Ok(Body::Token(_))) && one.is_intact())
        .filter_map(|(index, one)| Some((one.revision()?, index)))
        .collect();
    documents.sort_unstable_by(|a, b| b.cmp(a));
    for (revision, index) in documents {
        document_stamp(examined, index, revision, judge);
    }
    for (index, one) in examined.iter_mut().enumerate() {
        signature_stamps(one, index, judge);
    }
    for (index, one) in examined.iter_mut().enumerate() {
        let own = match &one.body {
            Ok(Body::Token(_)) => one.stamps.first().and_then(Stamp::proven),
            _ => None,
        };
        one.best_time = judge.poe.proved(Object::Signature(index)).into_iter().chain(own).min();
    }
}

/// A time-stamp over the document: proves everything that its bytes hold.
fn document_stamp(examined: &mut [Examined<'_>], index: usize, revision: usize, judge: &mut Judge<'_>) {
    let Some(one) = examined.get(index) else { return };
    let Ok(Body::Token(token)) = &one.body else { return };
    let authority = one.integrity.as_ref().and_then(|integrity| integrity.certificate.clone());
    let Some(authority) = authority else { return };
    let mut stamp = judged(token, authority, Object::Signature(index), judge);
    let inside = |other: &&Examined<'_>| other.revision().is_some_and(|inner| inner < revision);
    let older = examined.iter().filter(inside).filter_map(|other| match &other.body {
        Ok(Body::Token(token)) if other.is_intact() => Some(token.gen_time()),
        _ => None,
    });
    if let Some(later) = older.max().filter(|inner| *inner > token.gen_time()) {
        let reason = order(token.gen_time(), later);
        stamp = untrusted(stamp, Trouble::fixed(SubIndication::TimestampOrderFailure, reason));
    }
    if let Some(time) = stamp.proven() {
        extend(examined, index, revision, time, judge);
    }
    if let Some(one) = examined.get_mut(index) {
        one.settled = stamp.settled.clone();
        one.stamps = vec![stamp];
    }
}

/// The reason of time-stamps that contradict each other.
pub(crate) fn order(outer: Timestamp, inner: Timestamp) -> Reason {
    Reason::new(Code::TimeStampOrder).with("outer", outer).with("inner", inner)
}

/// POE extraction (EN 319 102-1 §5.6.2.3) from a time-stamp over a revision.
fn extend(examined: &[Examined<'_>], by: usize, revision: usize, time: Timestamp, judge: &mut Judge<'_>) {
    let covered = |origin: Option<usize>| origin.is_some_and(|origin| origin <= revision);
    for (index, one) in examined.iter().enumerate() {
        if index == by || !covered(one.revision()) {
            continue;
        }
        judge.poe.add(Object::Signature(index), time);
        if let Some(cms) = one.cms() {
            for number in 0..cms.signature_time_stamps().len().min(MAX_STAMPS) {
                judge.poe.add(Object::Stamp(index, number), time);
            }
            for number in 0..cms.content_time_stamps().len().min(MAX_STAMPS) {
                judge.poe.add(Object::Stamp(index, CONTENT + number), time);
            }
        }
    }
    let (material, poe) = (&judge.material, &mut judge.poe);
    for (fingerprint, origin) in &material.certificate_origins {
        if covered(Some(*origin)) {
            poe.add(Object::Certificate(*fingerprint), time);
        }
    }
    for (index, origin) in material.crl_origins.iter().enumerate() {
        if covered(origin.revision()) {
            poe.add(Object::Crl(index), time);
        }
    }
    for (index, origin) in material.ocsp_origins.iter().enumerate() {
        if covered(origin.revision()) {
            poe.add(Object::Ocsp(index), time);
        }
    }
}

/// The time-stamps over a signature value (EN 319 122-1 §5.3) and over its content (§5.2.8).
fn signature_stamps(one: &mut Examined<'_>, index: usize, judge: &mut Judge<'_>) {
    let Ok(Body::Cms(cms)) = &one.body else { return };
    let mut stamps = Vec::new();
    for (number, der) in cms.signature_time_stamps().into_iter().take(MAX_STAMPS).enumerate() {
        let digest = |token: &Token| Some(token.imprint().algorithm.digest(cms.signature()));
        stamps.push(stamp(der, digest, Object::Stamp(index, number), judge));
    }
    let mut content = Vec::new();
    for (number, der) in cms.content_time_stamps().into_iter().take(MAX_STAMPS).enumerate() {
        let digest = |token: &Token| {
            let wanted = token.imprint().algorithm;
            let found = one.digests.iter().find(|(algorithm, _)| *algorithm == wanted)?;
            found.1.clone().ok()
        };
        content.push(stamp(der, digest, Object::Stamp(index, CONTENT + number), judge));
    }
    for time in stamps.iter().filter_map(Stamp::proven) {
        judge.poe.add(Object::Signature(index), time);
        // The signed attributes bind the certificate.
        if let Some(certificate) = one.integrity.as_ref().and_then(|integrity| integrity.certificate.as_ref())
            && cms.has_signing_certificate()
        {
            judge.poe.add(Object::of_certificate(certificate), time);
        }
    }
    (one.stamps, one.content_stamps) = (stamps, content);
}

/// Reads a token and checks it over a digest.
fn stamp(
    der: &[u8],
    digest: impl FnOnce(&Token) -> Option<Vec<u8>>,
    object: Object,
    judge: &mut Judge<'_>,
) -> Stamp {
    let token = match Token::from_der(der) {
        Ok(token) => token,
        Err(error) => return Stamp::invalid(&error, None),
    };
    let Some(digest) = digest(&token) else {
        return Stamp::invalid(&"the stamped bytes could not be hashed", Some(token));
    };
    for certificate in token.signed_data().certificates() {
        judge.material.add_certificate(certificate, None);
    }
    let authority = match token.verify_digest(&digest, &judge.material.certificates) {
        Ok(authority) => Some(authority),
        Err(VerifyError::Weak { .. }) => token.signed_data().signer_certificate(&judge.material.certificates),
        Err(error) => return Stamp::invalid(&error, Some(token)),
    };
    match authority {
        Some(authority) => judged(&token, authority, object, judge),
        None => Stamp::invalid(&"its certificate was not found", Some(token)),
    }
}

/// Whether the authority of a token that verifies is trusted.
fn judged(token: &Token, authority: Certificate, object: Object, judge: &mut Judge<'_>) -> Stamp {
    let time = token.gen_time();
    let data = token.signed_data();
    let table = &judge.policy.algorithms;
    let reliance = table
        .of_signature(data.signature_algorithm(), authority.public_key_der())
        .sooner(table.of_digest(data.digest_algorithm()))
        .sooner(table.of_digest(token.imprint().algorithm));
    let subject = Subject {
        object,
        certificate: &authority,
        purpose: Purpose::TimeStamping,
        reliance,
        made_after: None,
        stated: Some(time),
    };
    let mut settled = judge.settle(&subject);
    let bounds = authority.not_before()..=authority.not_after();
    if settled.holds() && !bounds.contains(&time) {
        let reason = Reason::new(Code::TimeStampOutside).with("time", time);
        settled.trouble = Some(Trouble::fixed(SubIndication::OutOfBoundsNoPoe, reason));
    }
    if settled.holds() && judge.policy.at.saturating_add(SKEW).is_ok_and(|latest| time > latest) {
        let reason = Reason::new(Code::TimeStampFuture).with("time", time);
        settled.trouble = Some(Trouble::fixed(SubIndication::TimestampOrderFailure, reason));
    }
    let name = authority.common_name();
    let reason = Reason::new(Code::TimeStamped).with("authority", &name).with("time", time);
    let shown = TimeStamp { time, authority: Some(name), trusted: true };
    let stamp = Stamp {
        shown: Some(shown),
        reason,
        token: Some(token.clone()),
        authority: Some(authority),
        settled: Some(settled.clone()),
    };
    match settled.trouble {
        None => stamp,
        Some(trouble) => untrusted(stamp, trouble),
    }
}

fn untrusted(mut stamp: Stamp, trouble: Trouble) -> Stamp {
    let detail = trouble.reason.text(crate::Lang::En);
    stamp.reason = Reason::new(Code::TimeStampUntrusted).with("detail", detail.trim_end_matches('.'));
    if let Some(shown) = &mut stamp.shown {
        shown.trusted = false;
    }
    if let Some(settled) = &mut stamp.settled {
        settled.trouble = Some(trouble);
    }
    stamp
}

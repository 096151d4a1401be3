//! When a signature existed: time-stamps on it and on the document (EN 319 102-1 §5.4, §5.5.4).

use jiff::Timestamp;
use pki::path::Purpose;
use pki::tsa::Token;

use super::Policy;
use super::certificate::{self, Trust};
use super::integrity::Body;
use super::material::Material;
use super::signature::Examined;
use crate::report::{Code, Reason, TimeStamp};

/// A time-stamp and what became of it.
pub(crate) struct Stamp {
    /// What it says, where it verifies.
    pub(crate) shown: Option<TimeStamp>,
    /// Its verdict in words.
    pub(crate) reason: Reason,
}

impl Stamp {
    /// The time it proves: only an authority that is trusted proves any.
    pub(crate) fn proven(&self) -> Option<Timestamp> {
        self.shown.as_ref().filter(|stamp| stamp.trusted).map(|stamp| stamp.time)
    }
}

/// Finds the time-stamps of every signature, then the earliest time at which each is proved to have existed.
pub(crate) fn prove_existence(examined: &mut [Examined<'_>], material: &Material, policy: &Policy) {
    for one in examined.iter_mut() {
        let stamp = match &one.body {
            Ok(Body::Cms(cms)) => cms
                .signature_time_stamps()
                .first()
                .map(|token| signature_stamp(token, cms.signature(), material, policy)),
            Ok(Body::Token(token)) => one
                .integrity
                .as_ref()
                .filter(|integrity| integrity.is_intact())
                .and_then(|integrity| integrity.certificate.clone())
                .map(|authority| judged(token, &authority, material, policy)),
            Err(_) => None,
        };
        one.stamp = stamp;
    }
    let documents: Vec<(usize, Timestamp)> = examined
        .iter()
        .filter(|one| matches!(one.body, Ok(Body::Token(_))))
        .filter_map(|one| Some((one.layout.as_ref().ok()?.revision, one.stamp.as_ref()?.proven()?)))
        .collect();
    for one in examined.iter_mut() {
        let own = one.stamp.as_ref().and_then(Stamp::proven);
        let Ok(layout) = &one.layout else { continue };
        let covering =
            documents.iter().filter(|(revision, _)| *revision >= layout.revision).map(|(_, time)| *time);
        one.best_time = own.into_iter().chain(covering).min();
    }
}

/// A time-stamp over a signature value (EN 319 122-1 §5.3).
fn signature_stamp(der: &[u8], value: &[u8], material: &Material, policy: &Policy) -> Stamp {
    let invalid = |detail: String| Stamp {
        shown: None,
        reason: Reason::new(Code::TimeStampInvalid).with("detail", detail),
    };
    let token = match Token::from_der(der) {
        Ok(token) => token,
        Err(error) => return invalid(error.to_string()),
    };
    match token.verify(value, &material.certificates) {
        Ok(authority) => judged(&token, &authority, material, policy),
        Err(error) => invalid(error.to_string()),
    }
}

/// Whether the authority of a token that verifies is trusted.
fn judged(token: &Token, authority: &pki::Certificate, material: &Material, policy: &Policy) -> Stamp {
    let time = token.gen_time();
    let inside = token.signed_data().certificates();
    let verdict = certificate::check(authority, inside, Some(time), Purpose::TimeStamping, material, policy);
    let name = authority.common_name();
    let trusted = verdict.is_sound();
    let reason = if trusted {
        Reason::new(Code::TimeStamped).with("authority", &name).with("time", time)
    } else {
        let detail = match &verdict.trust {
            Trust::Sound { .. } => String::new(),
            Trust::Lacking { reason, .. } => reason.text(crate::Lang::En),
        };
        Reason::new(Code::TimeStampUntrusted).with("detail", detail.trim_end_matches('.'))
    };
    Stamp { shown: Some(TimeStamp { time, authority: Some(name), trusted }), reason }
}

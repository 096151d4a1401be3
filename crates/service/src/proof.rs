//! What makes signatures last: each is brought to its level over the paved path of `pades`, and judged before anyone sees
//! it. All of it blocks.

use std::sync::Arc;

use domain::Refusal;
use pades::{
    Condition, Credential, Indication, Level, LevelError, Policy, SignError, SignatureReport, Signed,
    SigningRequest,
};
use pdf::{Document, Joined, Limits, Source};

use crate::authority::{AuthoritySources, TrustedTime};
use crate::core::Service;
use crate::error::Error;

/// The level with which each signature is kept.
pub(crate) const SIGNED: Level = Level::BLT;
/// The level of what is finished: documents that everyone has signed, and reports.
pub(crate) const FINISHED: Level = Level::BLTA;

/// When a time-stamp that is not to be had may be asked for again, in seconds.
const AFTER_NO_TIME: u64 = 30;

/// Bytes to append, and the newest time-stamp in them.
pub(crate) struct Proved {
    pub(crate) tail: Vec<u8>,
    pub(crate) time: TrustedTime,
}

/// Brings a signature that was just made on `document` to [`SIGNED`].
pub(crate) fn finish(service: &Service, document: &Document, signed: Signed) -> Result<Proved, Error> {
    let field = signed.prepared().field.clone();
    let make = |asked: &AuthoritySources<'_>| {
        pades::finish_to(document, signed, SIGNED, &asked.sources()).map_err(failed)
    };
    proved(service, document, make, &[&field], |it| it.level >= SIGNED && is_sound(it))
}

/// Signs with a key of the platform, to [`FINISHED`].
pub(crate) fn sign(
    service: &Service,
    document: &Document,
    request: &SigningRequest,
    credential: Credential<'_>,
) -> Result<Proved, Error> {
    let make = |asked: &AuthoritySources<'_>| {
        pades::sign_to(document, request, credential, FINISHED, &asked.sources()).map_err(failed)
    };
    proved(service, document, make, &[&request.field], |it| it.level >= FINISHED && is_sound(it))
}

/// Brings the signatures in `fields`, made some time ago, to [`FINISHED`]: one time-stamp over the whole document, and
/// beneath it what proves the time-stamps before it where that has grown old.
///
/// What the document says of them by now is for reports to say: here it counts that they are intact and at the level.
pub(crate) fn archive(service: &Service, document: &Document, fields: &[&str]) -> Result<Proved, Error> {
    let make = |asked: &AuthoritySources<'_>| {
        pades::extend_fields_to(document, fields, FINISHED, &asked.sources()).map_err(failed)
    };
    proved(service, document, make, fields, |it| {
        it.level >= FINISHED && it.reliability.signature_intact == Condition::Met
    })
}

/// Makes a tail, and judges the signatures of `fields` in the file with it, as any stranger would.
fn proved(
    service: &Service,
    document: &Document,
    make: impl FnOnce(&AuthoritySources<'_>) -> Result<Vec<u8>, Error>,
    fields: &[&str],
    holds: impl Fn(&SignatureReport) -> bool,
) -> Result<Proved, Error> {
    let asked = service.sources();
    let tail = make(&asked)?;
    let time = asked.into_time().ok_or_else(|| Error::internal("nobody was asked for a trusted time"))?;
    let piece: Arc<dyn Source> = Arc::new(tail.clone());
    let whole = Joined::new(Arc::clone(document.source()), [piece]);
    let whole = document.open_later(Arc::new(whole)).map_err(Error::internal)?;
    let mut policy = Policy::new(service.certificates().anchors(), service.now());
    policy.signature_policies = crate::policy::built_in_documents();
    let report = pades::validate(&whole, &policy);
    for field in fields {
        let own = report.signatures.iter().find(|it| it.field == *field);
        if !own.is_some_and(&holds) {
            let why = own.map_or_else(|| "it is not in the file".to_owned(), reasons);
            return Err(Error::internal(format!("our own signature does not hold and was not kept: {why}")));
        }
    }
    Ok(Proved { tail, time })
}

/// A time-stamp that is not to be had now may be had later: what was signed is not kept, and the cause is for the log.
fn failed(error: LevelError) -> Error {
    match error {
        LevelError::TimeStampSource(_)
        | LevelError::TimeStamp(_)
        | LevelError::Sign(SignError::TimeStamp(_)) => {
            tracing::warn!(%error, "no time-stamp is to be had");
            Refusal::TimeStampUnavailable { retry_after: AFTER_NO_TIME }.into()
        }
        error => Error::internal(error),
    }
}

fn is_sound(it: &SignatureReport) -> bool {
    it.indication == Indication::TotalPassed
        && it.reliability.signature_intact == Condition::Met
        && it.reliability.content_intact == Condition::Met
}

fn reasons(it: &SignatureReport) -> String {
    let reasons: Vec<String> = it.reasons.iter().map(|reason| reason.text(pades::Lang::En)).collect();
    format!("{}. {}", it.level.as_str(), reasons.join(" "))
}

/// Opens a document that passed the upload's limits once; signatures have made it larger since.
pub(crate) fn open(service: &Service, source: Arc<dyn Source>) -> Result<Document, Error> {
    let pages = usize::try_from(service.config().limits.pages).unwrap_or(usize::MAX);
    Document::open(source, &Limits::default().with_max_pages(pages)).map_err(Error::internal)
}

/// SHA-256 of a whole file, in pieces.
pub(crate) fn sha256(source: &dyn Source) -> Result<[u8; 32], Error> {
    Ok(hashed(source)?.finalize())
}

/// SHA-256 of a file, to go on with what follows it.
pub(crate) fn hashed(source: &dyn Source) -> Result<Hashed, Error> {
    use sha2::Digest as _;
    let mut hasher = sha2::Sha256::new();
    pdf::hash_ranges(source, std::iter::once(0..source.len()), |piece| hasher.update(piece))?;
    Ok(Hashed(hasher))
}

/// A digest under way.
#[derive(Clone)]
pub(crate) struct Hashed(sha2::Sha256);

impl Hashed {
    /// With these bytes behind those before.
    pub(crate) fn then(mut self, bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        self.0.update(bytes);
        self
    }

    pub(crate) fn finalize(self) -> [u8; 32] {
        use sha2::Digest as _;
        self.0.finalize().into()
    }
}

//! What makes a signature last: the trusted time, and proof that the certificates were valid (PAdES-B-T, B-LT).

use std::sync::Arc;

use domain::Rng;
use jiff::Timestamp;
use pades::{Condition, Dss, Indication, Policy, Signed};
use pdf::{Document, Joined, Limits, Source};
use pki::Certificate;
use pki::tsa::{Request, Response, Token};

use crate::authority::{AuthorityError, CertificateAuthority, TimeStampAuthority, ValidationMaterial};
use crate::core::Service;
use crate::error::Error;

/// The level that the proof reaches.
pub(crate) const LEVEL: &str = "PAdES-B-LT";

/// What a trusted time says.
#[derive(Debug, Clone)]
pub(crate) struct TrustedTime {
    pub(crate) at: Timestamp,
    pub(crate) serial: String,
    pub(crate) authority: Certificate,
}

/// A signed revision, finished: what to append, and the time in it.
pub(crate) struct Timed {
    pub(crate) tail: Vec<u8>,
    pub(crate) time: TrustedTime,
}

/// Adds the time of the time-stamp authority. The server's own clock never stands in for it.
pub(crate) async fn time_stamp(
    authority: &dyn TimeStampAuthority,
    rng: &dyn Rng,
    signed: Signed,
) -> Result<Timed, Error> {
    let mut nonce = [0; 16];
    rng.fill(&mut nonce);
    let request = Request::new(signed.time_stamp_imprint(), Some(nonce));
    let answer = authority.answer(&request.to_der()).await.map_err(Error::internal)?;
    let token = match Response::from_der(&answer).map_err(Error::internal)? {
        Response::Granted(token) => token,
        Response::Rejected { status, failure } => {
            let why = format!("rejected with status {status}, {failure:?}");
            return Err(Error::internal(AuthorityError::TimeStamp(why)));
        }
    };
    // An old answer played again has another nonce.
    if token.nonce() != request.nonce() {
        return Err(Error::internal(AuthorityError::TimeStamp("the nonce is not ours".to_owned())));
    }
    let time = trusted_time(&token, &signed)?;
    let tail = signed.with_time_stamp(token.der()).and_then(Signed::finish).map_err(Error::internal)?;
    Ok(Timed { tail, time })
}

fn trusted_time(token: &Token, signed: &Signed) -> Result<TrustedTime, Error> {
    let authority = token.verify(signed.value(), &[]).map_err(Error::internal)?;
    Ok(TrustedTime { at: token.gen_time(), serial: token.serial_hex(), authority })
}

/// Certificates, lists and answers for the signer's certificate and that of the time-stamp authority.
pub(crate) async fn material(
    authority: &dyn CertificateAuthority,
    signer: &Certificate,
    time_stamping: &Certificate,
) -> Result<Dss, Error> {
    let mut dss = Dss::default();
    let mut held = std::collections::HashSet::new();
    for certificate in [signer, time_stamping] {
        let found = authority.validation_material(certificate).await.map_err(Error::internal)?;
        let ValidationMaterial { chain, crls, ocsps } = found;
        let certs =
            std::iter::once(certificate.der().to_vec()).chain(chain.iter().map(|it| it.der().to_vec()));
        dss.certs.extend(certs.filter(|der| held.insert(pki::sha256(der))));
        dss.crls.extend(crls.into_iter().filter(|der| held.insert(pki::sha256(der))));
        dss.ocsps.extend(ocsps.into_iter().filter(|der| held.insert(pki::sha256(der))));
    }
    Ok(dss)
}

/// Appends the material to `source` and judges the signature in `field` as any stranger would. Blocking.
pub(crate) fn complete(
    service: &Service,
    source: Arc<dyn Source>,
    dss: &Dss,
    field: &str,
    at: Timestamp,
) -> Result<Vec<u8>, Error> {
    let document = open(service, Arc::clone(&source))?;
    let tail = pades::append_dss(&document, dss).map_err(Error::internal)?;
    drop(document);
    let piece: Arc<dyn Source> = Arc::new(tail.clone());
    let whole: Arc<dyn Source> = Arc::new(Joined::new(source, [piece]));
    let document = open(service, whole)?;
    let policy = Policy::new(vec![service.authority().root().clone()], at);
    let report = pades::validate(&document, &policy);
    let own = report.signatures.iter().find(|it| it.field == field);
    let sound = own.is_some_and(|it| {
        it.indication == Indication::TotalPassed
            && it.level >= pades::Level::BLT
            && it.reliability.signature_intact == Condition::Met
            && it.reliability.content_intact == Condition::Met
    });
    if !sound {
        let why = own.map(|it| {
            it.reasons.iter().map(|reason| reason.text(pades::Lang::En)).collect::<Vec<_>>().join(" ")
        });
        let why = why.unwrap_or_else(|| "it is not in the file".to_owned());
        return Err(Error::internal(format!("our own signature does not hold and was not kept: {why}")));
    }
    Ok(tail)
}

/// Opens a document that passed the upload's limits once; signatures have made it larger since.
pub(crate) fn open(service: &Service, source: Arc<dyn Source>) -> Result<Document, Error> {
    let pages = usize::try_from(service.config().limits.pages).unwrap_or(usize::MAX);
    Document::open(source, &Limits::default().with_max_pages(pages)).map_err(Error::internal)
}

/// SHA-256 of a whole file, in pieces.
pub(crate) fn sha256(source: &dyn Source) -> Result<[u8; 32], Error> {
    use sha2::Digest as _;
    let mut hasher = sha2::Sha256::new();
    pdf::hash_ranges(source, std::iter::once(0..source.len()), |piece| hasher.update(piece))?;
    Ok(hasher.finalize().into())
}

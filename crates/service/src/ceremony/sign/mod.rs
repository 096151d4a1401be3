//! Signing: the ceremony's last step, in numbered steps. A crash at any of them leaves the state before; nothing of a
//! signature is kept until all of it is, in one transaction.

mod page;
mod record;
mod words;

use std::sync::Arc;

use domain::ceremony::Step;
use domain::envelope::{Document, RevisionKind};
use domain::field::Field;
use domain::{Draw, Locale, Refusal};
use evidence::Body;
use jiff::Timestamp;
use keys::{
    Activation, Confirmation, Factor, Intent, KeyError, SeenRevision, SentDocument, Standing, StoredKey,
};
use pades::{Signed, SigningRequest};
use pdf::{Document as Pdf, Source};
use pki::{Certificate, SignatureAlgorithm};
use rand_core::Rng as _;
use seal::Impression;

use self::record::{Made, Recorded};
use super::scene::CertifiedKey;
use super::{Scene, ShownDocument, Signer, lock, show};
use crate::core::Service;
use crate::envelope;
use crate::error::Error;
use crate::limiter::Rate;
use crate::proof;
use crate::view;

/// How often a signature is made anew where another replica was faster. Within one process the lock prevents it.
const RACES: u32 = 3;

/// Signs with the signer's own key. Signing what is signed already changes nothing.
///
/// # Errors
/// [`Refusal::PinWrong`], [`Refusal::KeyLocked`], [`Refusal::FieldsMissing`], [`Refusal::NotYourTurn`],
/// [`Refusal::DocumentChanged`], [`Refusal::EnvelopeState`]. Where a trusted time or the proof of validity cannot be
/// had, nothing is signed.
pub async fn sign(
    service: &Service,
    signer: &Signer,
    pin: &str,
    locale: Locale,
    shown: Vec<ShownDocument>,
) -> Result<view::Ceremony, Error> {
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), service.now())?;
    let factor = Arc::new(Factor::pin(pin));
    for _ in 0..RACES {
        if let Some(ceremony) = attempt(service, signer, &factor, locale, &shown).await? {
            let ceremony = completed(service, signer, ceremony).await?;
            service.wake_jobs();
            return Ok(ceremony);
        }
    }
    Err(Error::internal("other signers were faster again and again"))
}

/// Finishes the document where this was the last signature. The signature is on record by now, and a job that finishes
/// the document too: where that cannot be done at once, it is done later.
async fn completed(
    service: &Service,
    signer: &Signer,
    ceremony: view::Ceremony,
) -> Result<view::Ceremony, Error> {
    if ceremony.envelope.status != view::EnvelopeStatus::Completing {
        return Ok(ceremony);
    }
    let scene = Scene::load(&mut service.store().read().await?, &signer.session, service.now()).await?;
    match envelope::complete(service, scene.recipient.envelope_id).await {
        Ok(()) => show(service, signer).await,
        Err(error) => {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(?why, "an envelope is completed later");
            Ok(ceremony)
        }
    }
}

/// One go; none where another replica stored a revision meanwhile.
async fn attempt(
    service: &Service,
    signer: &Signer,
    factor: &Arc<Factor>,
    locale: Locale,
    shown: &[ShownDocument],
) -> Result<Option<view::Ceremony>, Error> {
    // 1. What is to be signed, and whether it may be.
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, service.now()).await?;
    if scene.step() == Step::Done && scene.ceremony.result.is_some() {
        return Ok(Some(show::ceremony(service, &mut reader, &scene).await?));
    }
    drop(reader);
    let key_id = scene.key.as_ref().ok_or(Refusal::StepNotReady { step: scene.step().as_str() })?.key.id;
    // 2. One at a time with this key, and on this document.
    let _key = lock::hold(&key_id.to_string()).await;
    let _document = lock::hold(&scene.recipient.envelope_id.to_string()).await;
    let now = service.now();
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    if scene.step() == Step::Done && scene.ceremony.result.is_some() {
        return Ok(Some(show::ceremony(service, &mut reader, &scene).await?));
    }
    drop(reader);
    let work = prepare(service, &scene, shown, locale, now).await?;
    // 3. Off the reactor: the revision, and the activation that allows to sign it, with the key open for a moment; the
    // trusted time; the proof of validity, dated after certificate and signature; and our own verdict on it.
    let made = {
        let (service, factor, work) = (service.clone(), Arc::clone(factor), Arc::clone(&work));
        tokio::task::spawn_blocking(move || make(&service, &factor, &work)).await?
    };
    let made = match made {
        Ok(made) => made,
        Err(Making::WrongPin) => return Err(record::wrong_pin(service, signer, key_id).await?.into()),
        Err(Making::Failed(error)) => return Err(error),
    };
    // 4. The bytes are on the disk before any row names them.
    let signature_blob = service.blobs().put(Arc::clone(&made.signature)).await?;
    let validation_blob = service.blobs().put(Arc::clone(&made.validation)).await?;
    // 5. One transaction: revisions, activation, recipient, events, what comes next.
    record::signature(service, signer, &work, Recorded { made, signature_blob, validation_blob }).await
}

/// Everything that signing needs, taken from the records.
struct Work {
    document: Document,
    fields: Vec<Field>,
    request: SigningRequest,
    base: Arc<dyn Source>,
    key: StoredKey,
    key_id: domain::KeyId,
    certificate: Certificate,
    intent: Intent,
    values: Vec<(Field, String)>,
}

async fn prepare(
    service: &Service,
    scene: &Scene,
    shown: &[ShownDocument],
    locale: Locale,
    now: Timestamp,
) -> Result<Arc<Work>, Error> {
    let missing = scene.missing_fields();
    if !missing.is_empty() && scene.step() >= Step::Document && scene.step() <= Step::Confirm {
        return Err(Refusal::FieldsMissing { labels: missing.join(", ") }.into());
    }
    scene.require(Step::Confirm)?;
    let not_ready = || Refusal::StepNotReady { step: scene.step().as_str() };
    let CertifiedKey { key, certificate } = scene.key.as_ref().ok_or_else(not_ready)?;
    if let Standing::Locked { until } = key.attempts.standing(now) {
        return Err(Refusal::KeyLocked { until: until.to_string() }.into());
    }
    let signature = scene.contents.signature_field(scene.recipient.id).cloned();
    let signature =
        signature.ok_or_else(|| Error::internal("a recipient of a sent envelope has no place to sign"))?;
    let document = scene.contents.documents.iter().find(|it| it.id == signature.document_id).cloned();
    let document = document.ok_or(Refusal::DocumentMissing)?;
    let seen = seen(&document, shown)?;
    let stored = scene.impression.as_ref().ok_or_else(not_ready)?;
    let impression: Impression = serde_json::from_str(&stored.impression)?;
    let fields: Vec<Field> = scene.own_fields().filter(|it| it.document_id == document.id).cloned().collect();
    let values = page::values(&fields, now);
    let organization =
        scene.verified_organization().map(|it| it.name.as_str()).filter(|_| scene.is_organization());
    let words = words::confirmation(locale, organization);
    let manner = page::Manner { certificate, words: &words, locale, at: now };
    let request = page::request(&signature, &fields, &values, &impression, &manner)?;
    let sent = sent_revision(&document);
    let mut nonce = [0; 16];
    Draw(service.rng()).fill_bytes(&mut nonce);
    let intent = Intent {
        signer: scene.recipient.id.to_string(),
        documents: vec![SentDocument { document: document.id.to_string(), sha256: sent.sha256 }],
        revisions: vec![seen],
        field_values: page::values_digest(&values),
        confirmation: Confirmation { words, language: locale.tag().to_owned() },
        at: now,
        nonce,
    };
    let base = envelope::source(service, &document, document.newest().number).await?;
    Ok(Arc::new(Work {
        document,
        fields,
        request,
        base,
        key: key.stored.clone(),
        key_id: key.id,
        certificate: certificate.clone(),
        intent,
        values,
    }))
}

/// The revision that the signer saw: any since the envelope was sent, since each begins with the one before. Whoever
/// signs at the same time need not be asked twice.
fn seen(document: &Document, shown: &[ShownDocument]) -> Result<SeenRevision, Refusal> {
    let shown = shown.iter().find(|it| it.id == document.id).ok_or(Refusal::DocumentChanged)?;
    let sent = sent_revision(document);
    let revision = document
        .revisions
        .iter()
        .find(|it| it.number >= sent.number && hex::encode(it.sha256) == shown.sha256.to_ascii_lowercase())
        .ok_or(Refusal::DocumentChanged)?;
    Ok(SeenRevision {
        document: document.id.to_string(),
        revision: revision.number - sent.number,
        sha256: revision.sha256,
    })
}

/// The document as it was sent: with its fields, before anyone signed.
fn sent_revision(document: &Document) -> &domain::envelope::Revision {
    let unsigned =
        |it: &&domain::envelope::Revision| matches!(it.kind, RevisionKind::Original | RevisionKind::Fields);
    document.revisions.iter().rfind(unsigned).unwrap_or_else(|| document.original())
}

struct Activated {
    document: Pdf,
    signed: Signed,
    canonical: Vec<u8>,
    digest: [u8; 32],
}

enum Making {
    WrongPin,
    Failed(Error),
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Making {
    fn from(error: E) -> Self {
        Self::Failed(Error::internal(error))
    }
}

/// Signs the newest revision, and proves the signature. Blocking.
fn make(service: &Service, factor: &Factor, work: &Work) -> Result<Made, Making> {
    let Activated { document, signed, canonical, digest } = activate(service, factor, work)?;
    let end = signed.prepared().end();
    let proved = proof::finish(service, &document, signed).map_err(Making::Failed)?;
    let mut signature = proved.tail;
    let validation = signature.split_off(usize::try_from(end - document.len())?.min(signature.len()));
    let hashed = proof::hashed(&*work.base).map_err(Making::Failed)?.then(&signature);
    Ok(Made {
        signed_sha256: hashed.clone().finalize(),
        whole_sha256: hashed.then(&validation).finalize(),
        signed_len: end,
        whole_len: end + u64::try_from(validation.len())?,
        signature: Arc::new(signature),
        validation: Arc::new(validation),
        time: proved.time,
        canonical,
        activation: digest,
    })
}

/// Prepares the revision on the newest one, and signs it with the key that the factor opens.
fn activate(service: &Service, factor: &Factor, work: &Work) -> Result<Activated, Making> {
    let document = proof::open(service, Arc::clone(&work.base)).map_err(Making::Failed)?;
    let chain: Vec<Certificate> = vec![service.authority().issuing().clone()];
    pades::may_sign(&work.certificate, work.intent.at)?;
    let mut request = work.request.clone();
    request.reserve = pades::reserve_for(&work.certificate, &chain, None);
    let prepared = pades::prepare(&document, &request)?;
    let algorithm = signature_algorithm(&work.key);
    let to_be_signed = prepared.to_be_signed(work.certificate.clone(), chain, algorithm)?;
    let activation = Activation::new(work.intent.clone(), &work.certificate);
    let (canonical, digest) = (activation.canonical(), activation.digest());
    let value = match service.key_store().sign(&work.key, factor, activation, to_be_signed.bytes()) {
        Ok(value) => value,
        Err(KeyError::WrongFactor) => return Err(Making::WrongPin),
        Err(error) => return Err(error.into()),
    };
    let signed = to_be_signed.signed(value.bytes)?;
    Ok(Activated { document, signed, canonical, digest })
}

/// The algorithm in which a key of this kind signs.
pub(crate) fn signature_algorithm(key: &StoredKey) -> SignatureAlgorithm {
    key.algorithm.signature_algorithm()
}

/// The event's members that name a document.
fn document_body(document: &Document) -> Body {
    Body::new().with("document", document.id.to_string())
}

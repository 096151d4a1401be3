//! Signing: the ceremony's last step, in numbered steps. A crash at any of them leaves the state before; nothing of a
//! signature is kept until all of it is, in one transaction.

pub(super) mod make;
pub(super) mod offer;
mod page;
mod record;
mod spend;
mod will;
mod words;

use std::sync::Arc;

use domain::ceremony::Step;
use domain::envelope::{Document, RevisionKind};
use domain::field::Field;
use domain::policy::Custody;
use domain::{Draw, Locale, Refusal};
use evidence::Body;
use jiff::Timestamp;
use keys::{Confirmation, Factor, Intent, SeenRevision, SentDocument, Spent, Standing, StoredKey};
use pades::SigningRequest;
use pdf::Source;
use pki::{Certificate, SignatureAlgorithm};
use rand_core::Rng as _;
use seal::Impression;
use store::StoredActivation;

pub use self::offer::{Agreement, offer, sign_offered};
pub use self::will::{WillChoice, will, will_passkey, will_passkey_options};

pub(crate) use self::will::{end_overdue_faces, face_notice, offered as will_offered, shown as will_shown};

use self::make::Making;
use self::offer::Asserted;
use self::record::Recorded;
use self::spend::Use;
use self::will::Witness;
use super::scene::{CertifiedKey, opened_by};
use super::{Scene, ShownDocument, Signer, lock, show};
use crate::core::Service;
use crate::envelope;
use crate::error::Error;
use crate::limiter::Rate;
use crate::policy;
use crate::view;

/// How often a signature is made anew where another replica was faster. Within one process the lock prevents it.
const RACES: u32 = 3;

/// Signs with the signer's own key, which the PIN opens. Signing what is signed already changes nothing.
///
/// # Errors
/// [`Refusal::PinWrong`], [`Refusal::KeyLocked`], [`Refusal::FieldsMissing`], [`Refusal::NotYourTurn`],
/// [`Refusal::DocumentChanged`], [`Refusal::EnvelopeState`], [`Refusal::CustodyRefused`] where a PIN does not open the key.
/// Where a trusted time or the proof of validity cannot be had, nothing is signed.
pub async fn sign(
    service: &Service,
    signer: &Signer,
    pin: &str,
    locale: Locale,
    shown: Vec<ShownDocument>,
) -> Result<view::Ceremony, Error> {
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), service.now())?;
    let opening = Arc::new(Opening { offered: None, by: By::Pin(Factor::pin(pin)), witness: None });
    for _ in 0..RACES {
        let mut nonce = [0; 16];
        Draw(service.rng()).fill_bytes(&mut nonce);
        let asked = Asked { locale, shown: shown.clone(), at: service.now(), nonce };
        if let Some(ceremony) = attempt(service, signer, &opening, &asked).await? {
            return ended(service, signer, ceremony).await;
        }
    }
    Err(Error::internal("other signers were faster again and again"))
}

/// A signature is on record: what follows from it.
async fn ended(
    service: &Service,
    signer: &Signer,
    ceremony: view::Ceremony,
) -> Result<view::Ceremony, Error> {
    let ceremony = completed(service, signer, ceremony).await?;
    service.wake_jobs();
    Ok(ceremony)
}

/// What the signer was asked.
struct Asked {
    locale: Locale,
    shown: Vec<ShownDocument>,
    at: Timestamp,
    nonce: [u8; 16],
}

/// What opens the key, and the activation that was offered for it.
struct Opening {
    /// None where the activation is made in the same request.
    offered: Option<StoredActivation>,
    by: By,
    /// What a passkey said of the activation, where something else opens the key.
    witness: Option<Witness>,
}

/// What opens the key.
enum By {
    Pin(Factor),
    Passkey(Box<Asserted>),
    /// The signer's device made the signature value itself.
    Device(Vec<u8>),
}

impl Opening {
    fn factor(&self) -> Custody {
        match self.by {
            By::Pin(_) => Custody::Pin,
            By::Passkey(_) => Custody::Passkey,
            By::Device(_) => Custody::Device,
        }
    }
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
    opening: &Arc<Opening>,
    asked: &Asked,
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
    // Another key came into use meanwhile: it is not the one that is held.
    if scene.key.as_ref().is_some_and(|it| it.key.id != key_id) {
        return Ok(None);
    }
    let work = prepare(service, &scene, asked).await?;
    if opening.offered.is_none() && !scene.policy.will.ways().is_empty() {
        return Err(Refusal::WillMissing.into());
    }
    if opened_by(&work.key) != opening.factor() {
        return Err(Refusal::CustodyRefused { custody: opening.factor().as_str() }.into());
    }
    // 3. Off the reactor: the revision, to the last byte but the signature, and the activation that it needs; and the key,
    // opened with its signer's factor. It signs nothing yet: a PIN that is wrong costs a try, and no activation.
    let opened = {
        let (service, opening, work) = (service.clone(), Arc::clone(opening), Arc::clone(&work));
        tokio::task::spawn_blocking(move || make::open(&service, &opening, &work)).await?
    };
    let (ready, opened) = match opened {
        Ok(opened) => opened,
        Err(Making::WrongFactor) => return Err(record::wrong_factor(service, signer, key_id).await?.into()),
        Err(Making::WrongValue) => return Err(record::wrong_value(service, signer, key_id).await?.into()),
        Err(Making::Failed(error)) => return Err(error),
    };
    // 4. The activation is spent, for good, before anything is signed.
    let (used, spent) = Box::pin(spend::spend(service, &scene, &work, ready.activation, opening)).await?;
    let allowed = Allowed { prepared: ready.prepared, opened, spent };
    // On the heap: whoever waits for it may stand deep.
    let signed = Box::pin(sign_with(service, signer, opening, &work, allowed, &used)).await;
    if !matches!(signed, Ok(Some(_))) {
        Box::pin(record::unfinished(service, signer, &work, &used)).await;
    }
    signed
}

/// What a spent activation allows.
struct Allowed {
    prepared: make::Prepared,
    opened: make::Opened,
    spent: Spent,
}

/// The steps after which there is no way back: the key is used, once.
async fn sign_with(
    service: &Service,
    signer: &Signer,
    opening: &Opening,
    work: &Arc<Work>,
    allowed: Allowed,
    used: &Use,
) -> Result<Option<view::Ceremony>, Error> {
    // 5. Off the reactor: the signature; the trusted time; the proof of validity, dated after certificate and signature; and
    // our own verdict on it.
    let made = {
        let (service, work) = (service.clone(), Arc::clone(work));
        tokio::task::spawn_blocking(move || make::make(&service, &work, allowed)).await??
    };
    // 6. The bytes are on the disk before any row names them.
    let signature_blob = service.blobs().put(Arc::clone(&made.signature)).await?;
    let validation_blob = service.blobs().put(Arc::clone(&made.validation)).await?;
    // 7. One transaction: revisions, activation, recipient, events, what comes next.
    let recorded = Recorded { made, used, signature_blob, validation_blob };
    record::signature(service, signer, work, opening, recorded).await
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
    /// Its `content` is known once the revision is prepared.
    intent: Intent,
    values: Vec<(Field, String)>,
}

async fn prepare(service: &Service, scene: &Scene, asked: &Asked) -> Result<Arc<Work>, Error> {
    let (locale, now) = (asked.locale, scene.now);
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
    let seen = seen(&document, &asked.shown)?;
    let stored = scene.impression.as_ref().ok_or_else(not_ready)?;
    let impression: Impression = serde_json::from_str(&stored.impression)?;
    let fields: Vec<Field> = scene.own_fields().filter(|it| it.document_id == document.id).cloned().collect();
    let values = page::values(&fields, asked.at);
    let organization =
        scene.verified_organization().map(|it| it.name.as_str()).filter(|_| scene.is_organization());
    let words = words::confirmation(locale, organization);
    let manner = page::Manner { certificate, locale, at: asked.at };
    let mut request = page::request(&signature, &fields, &values, &impression, &manner)?;
    request.policy = Some(policy::identifier(service, &scene.policy));
    let sent = sent_revision(&document);
    let intent = Intent {
        signer: scene.recipient.id.to_string(),
        documents: vec![SentDocument { document: document.id.to_string(), sha256: sent.sha256 }],
        revisions: vec![seen],
        field_values: page::values_digest(&values),
        content: Vec::new(),
        policy: policy::digest(&scene.policy),
        confirmation: Confirmation { words, language: locale.tag().to_owned() },
        at: asked.at,
        nonce: asked.nonce,
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

/// The algorithm in which a key of this kind signs.
pub(crate) fn signature_algorithm(key: &StoredKey) -> SignatureAlgorithm {
    key.algorithm.signature_algorithm()
}

/// The event's members that name a document.
fn document_body(document: &Document) -> Body {
    Body::new().with("document", document.id.to_string())
}

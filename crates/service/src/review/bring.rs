//! What the signer does: brings pictures, and sends them in.

use std::sync::Arc;
use std::time::Duration;

use domain::ceremony::Step;
use domain::review::{Kind, Need, Part};
use domain::{Refusal, ReviewImageId};
use evidence::Body;
use jiff::Timestamp;
use store::{BlobId, ImageState, ReviewImage, ReviewState};

use super::begin::parts;
use super::{COME_BACK, DECIDE, Standing, picture};
use crate::ceremony::{Scene, Signer, hold, show_ceremony};
use crate::limiter::Rate;
use crate::{Error, Service, organization, view};

/// A check that was sent in.
#[derive(Debug)]
pub struct Submitted {
    /// The ceremony as it stands.
    pub ceremony: view::Ceremony,
    /// For how long the browser may come back with its session.
    pub lives: Duration,
}

/// Keeps a picture, in place of the one of the same part.
///
/// # Errors
/// [`Refusal::PictureInvalid`], [`Refusal::PictureTooLarge`]; [`Refusal::StepNotReady`] where no pictures are asked for.
pub async fn add_picture(
    service: &Service,
    signer: &Signer,
    part: view::ReviewPart,
    bytes: Vec<u8>,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::UPLOAD, &signer.recipient().to_string(), now)?;
    let part = Part::from(part);
    // Looked up before the picture is decoded: nobody makes the server work for nothing.
    let standing = {
        let mut reader = service.store().read().await?;
        let scene = Scene::load(&mut reader, &signer.session, now).await?;
        collecting(&scene, part, now)?.clone()
    };
    let made = picture::remade(part, bytes).await?;
    let _one = hold(&signer.recipient().to_string()).await;
    // 1. The picture has its name before its bytes are on the disk: a crash leaves none that nobody would erase.
    let mut tx = service.store().begin().await?;
    let id = ReviewImageId::new(service.clock(), service.rng());
    let sealed = tx.seal_image(id, &made.bytes);
    let image = ReviewImage {
        id,
        review_id: standing.review.id,
        part,
        state: ImageState::Writing,
        blob: BlobId::of(&sealed),
        media: made.media.to_owned(),
        width: made.width,
        height: made.height,
        size: u64::try_from(made.bytes.len()).unwrap_or(u64::MAX),
        sha256: pki::sha256(&made.bytes),
        created_at: now,
        erased_at: None,
    };
    tx.insert_review_image(&image).await?;
    tx.commit().await?;
    // 2. Its bytes.
    service.blobs().put(Arc::new(sealed)).await.map_err(Error::internal)?;
    // 3. It is there, unless the check was given up meanwhile: then it stays to be erased.
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    collecting(&scene, part, now)?;
    tx.keep_review_image(&image).await?;
    let body = Body::new()
        .with("review", image.review_id.to_string())
        .with("part", part.as_str())
        .with("sha256", hex::encode(image.sha256));
    tx.append_event(scene.event("review.picture_added", body)).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(ceremony)
}

/// Sends the pictures in: from here on the check waits for an administrator. The browser may close, and come back.
///
/// # Errors
/// [`Refusal::PictureMissing`]; [`Refusal::StepNotReady`] where no pictures are asked for.
pub async fn submit(service: &Service, signer: &Signer) -> Result<Submitted, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    let open = [Kind::Identity, Kind::Letter].into_iter().find_map(|kind| open_in(&scene, kind, now));
    let standing = open.cloned().ok_or(Refusal::StepNotReady { step: scene.step().as_str() })?;
    let kind = standing.review.kind;
    for (part, need) in parts(&scene, kind) {
        if need == Need::Required && !standing.images.iter().any(|image| image.part == part) {
            return Err(Refusal::PictureMissing { part: part.as_str().to_owned() }.into());
        }
    }
    let mut review = standing.review;
    review.state = ReviewState::Waiting;
    review.submitted_at = Some(now);
    review.rounds += 1;
    review.until = now + DECIDE;
    review.claim = None;
    review.outcome = None;
    if !tx.change_review(&review, ReviewState::Collecting).await? {
        return Err(Refusal::StepNotReady { step: scene.step().as_str() }.into());
    }
    if let Some(it) = scene.identity.as_mut().filter(|_| kind == Kind::Identity) {
        it.pending_until = Some(review.until);
        tx.put_identity_verification(it).await?;
    }
    if kind == Kind::Letter {
        organization::letter::submitted(&mut tx, &scene).await?;
    }
    // Whoever decides takes their time: this browser stays the one that is verified by it.
    scene.session.expires_at = now + COME_BACK;
    tx.put_signing_session(&scene.session, now).await?;
    let digests: Vec<String> = standing
        .images
        .iter()
        .map(|image| format!("{}:{}", image.part.as_str(), hex::encode(image.sha256)))
        .collect();
    let body = Body::new()
        .with("review", review.id.to_string())
        .with("pictures", digests.join(" "))
        .with("round", review.rounds);
    tx.append_event(scene.event("review.submitted", body)).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(Submitted { ceremony, lives: COME_BACK.unsigned_abs() })
}

/// The check that asks for this picture.
fn collecting(scene: &Scene, part: Part, now: Timestamp) -> Result<&Standing, Refusal> {
    let not_ready = || Refusal::StepNotReady { step: scene.step().as_str() };
    let kind = if part == Part::Letter { Kind::Letter } else { Kind::Identity };
    let standing = open_in(scene, kind, now).ok_or_else(not_ready)?;
    let asked = parts(scene, standing.review.kind).into_iter().any(|(asked, _)| asked == part);
    if asked { Ok(standing) } else { Err(not_ready()) }
}

/// The check of this kind that pictures may be brought for.
fn open_in(scene: &Scene, kind: Kind, now: Timestamp) -> Option<&Standing> {
    let (step, standing) = match kind {
        Kind::Identity => (Step::Identity, &scene.review),
        Kind::Letter => (Step::Organization, &scene.letter),
    };
    scene.require(step).ok()?;
    let open = |it: &&Standing| it.review.state == ReviewState::Collecting && now < it.review.until;
    standing.as_deref().filter(open)
}

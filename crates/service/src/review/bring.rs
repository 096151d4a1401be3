//! What the signer, or the person of an account, does: brings pictures, and sends them in.

use std::sync::Arc;
use std::time::Duration;

use domain::ceremony::Step;
use domain::review::{Kind, Need, Part};
use domain::{Refusal, ReviewImageId};
use evidence::Body;
use jiff::Timestamp;
use store::{BlobId, ImageState, Review, ReviewImage, ReviewState, Tx};

use super::about::About;
use super::begin::parts;
use super::{COME_BACK, DECIDE, Standing, picture};
use crate::account::Actor;
use crate::ceremony::{Signer, hold};
use crate::identity::{Asker, Party};
use crate::limiter::Rate;
use crate::{Error, Service, ceremony, identity, notify, organization, view};

/// A check that was sent in.
#[derive(Debug)]
pub struct Submitted {
    /// The ceremony as it stands.
    pub ceremony: view::Ceremony,
    /// For how long the browser may come back with its session.
    pub lives: Duration,
}

/// Keeps a signer's picture, in place of the one of the same part.
///
/// # Errors
/// [`Refusal::PictureInvalid`], [`Refusal::PictureTooLarge`]; [`Refusal::StepNotReady`] where no pictures are asked for.
pub async fn add_picture(
    service: &Service,
    signer: &Signer,
    part: view::ReviewPart,
    bytes: Vec<u8>,
) -> Result<view::Ceremony, Error> {
    add(service, &Asker::Signer(signer), part.into(), bytes).await?;
    ceremony::show(service, signer).await
}

/// The same of the person of an account.
///
/// # Errors
/// As [`add_picture`].
pub async fn add_my_picture(
    service: &Service,
    actor: &Actor,
    part: view::ReviewPart,
    bytes: Vec<u8>,
) -> Result<view::MyIdentity, Error> {
    add(service, &Asker::Account(actor), part.into(), bytes).await?;
    identity::my_identity(service, actor).await
}

async fn add(service: &Service, asker: &Asker<'_>, part: Part, bytes: Vec<u8>) -> Result<(), Error> {
    let now = service.now();
    service.limiter().take(Rate::UPLOAD, &asker.id(), now)?;
    // Looked up before the picture is decoded: nobody makes the server work for nothing.
    let standing = {
        let mut reader = service.store().read().await?;
        let party = Party::load(&mut reader, asker, now).await?;
        collecting(&party, part, now)?.clone()
    };
    let made = picture::remade(part, bytes).await?;
    let _one = hold(&asker.id()).await;
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
    let party = Party::load(&mut tx, asker, now).await?;
    collecting(&party, part, now)?;
    tx.keep_review_image(&image).await?;
    let body = Body::new()
        .with("review", image.review_id.to_string())
        .with("part", part.as_str())
        .with("sha256", hex::encode(image.sha256));
    tx.append_event(party.event("review.picture_added", body)).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(())
}

/// Sends a signer's pictures in: from here on the check waits for an administrator. The browser may close, and come back.
///
/// # Errors
/// [`Refusal::PictureMissing`]; [`Refusal::StepNotReady`] where no pictures are asked for.
pub async fn submit(service: &Service, signer: &Signer) -> Result<Submitted, Error> {
    send_in(service, &Asker::Signer(signer)).await?;
    Ok(Submitted { ceremony: ceremony::show(service, signer).await?, lives: COME_BACK.unsigned_abs() })
}

/// The same of the person of an account.
///
/// # Errors
/// As [`submit`].
pub async fn submit_mine(service: &Service, actor: &Actor) -> Result<view::MyIdentity, Error> {
    send_in(service, &Asker::Account(actor)).await?;
    identity::my_identity(service, actor).await
}

async fn send_in(service: &Service, asker: &Asker<'_>) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut party = Party::load(&mut tx, asker, now).await?;
    let open = [Kind::Identity, Kind::Letter].into_iter().find_map(|kind| open_in(&party, kind, now));
    let standing = open.cloned().ok_or_else(|| not_ready(&party))?;
    let kind = standing.review.kind;
    for (part, need) in asked(&party, kind) {
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
        return Err(not_ready(&party).into());
    }
    if let Some(mut it) = party.identity().filter(|_| kind == Kind::Identity).cloned() {
        it.pending_until = Some(review.until);
        tx.put_identity_verification(&it).await?;
    }
    if let Party::Signer(scene) = &mut party {
        if kind == Kind::Letter {
            organization::letter::submitted(&mut tx, scene).await?;
        }
        // Whoever decides takes their time: this browser stays the one that is verified by it.
        scene.session.expires_at = now + COME_BACK;
        tx.put_signing_session(&scene.session, now).await?;
    }
    let digests: Vec<String> = standing
        .images
        .iter()
        .map(|image| format!("{}:{}", image.part.as_str(), hex::encode(image.sha256)))
        .collect();
    let body = Body::new()
        .with("review", review.id.to_string())
        .with("pictures", digests.join(" "))
        .with("round", review.rounds);
    tx.append_event(party.event("review.submitted", body)).await?;
    if review.rounds == 1 {
        tell_reviewers(service, &mut tx, &review).await?;
    }
    tx.commit().await?;
    service.wake_jobs();
    Ok(())
}

/// Tells those who may decide that a check has come: once for each check, and of whom it is nothing.
async fn tell_reviewers(service: &Service, tx: &mut Tx, review: &Review) -> Result<(), Error> {
    let about = About::of(tx, review).await?;
    for administrator in tx.administrators().await? {
        if !about.is_own(tx, &administrator).await? {
            notify::review_arrived(service, tx, &administrator, review).await?;
        }
    }
    Ok(())
}

/// The check that asks for this picture.
fn collecting(party: &Party, part: Part, now: Timestamp) -> Result<&Standing, Refusal> {
    let kind = if part == Part::Letter { Kind::Letter } else { Kind::Identity };
    let standing = open_in(party, kind, now).ok_or_else(|| not_ready(party))?;
    let asks = asked(party, kind).into_iter().any(|(asked, _)| asked == part);
    if asks { Ok(standing) } else { Err(not_ready(party)) }
}

/// The check of this kind that pictures may be brought for.
fn open_in(party: &Party, kind: Kind, now: Timestamp) -> Option<&Standing> {
    let standing = match (party, kind) {
        (Party::Signer(scene), Kind::Identity) => {
            scene.require(Step::Identity).ok()?;
            scene.review.as_deref()
        }
        (Party::Signer(scene), Kind::Letter) => {
            scene.require(Step::Organization).ok()?;
            scene.letter.as_deref()
        }
        (Party::Account(holder), Kind::Identity) => holder.review.as_deref(),
        (Party::Account(_), Kind::Letter) => None,
    };
    standing.filter(|it| it.review.state == ReviewState::Collecting && now < it.review.until)
}

fn asked(party: &Party, kind: Kind) -> Vec<(Part, Need)> {
    let document = party.identity().and_then(|it| it.document.as_ref());
    parts(kind, document, party.least_by_hand())
}

fn not_ready(party: &Party) -> Refusal {
    let step = match party {
        Party::Signer(scene) => scene.step(),
        Party::Account(_) => Step::Identity,
    };
    Refusal::StepNotReady { step: step.as_str() }
}

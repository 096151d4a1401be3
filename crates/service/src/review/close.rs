//! How checks end without a decision, and how pictures go.

use domain::review::Kind;
use domain::{ReviewId, VerificationId};
use evidence::{Actor, Body};
use jiff::{SignedDuration, Timestamp};
use store::{Append, Review, ReviewImage, ReviewState, Tx};

use super::about::About;
use crate::jobs::Rows;
use crate::{Error, Service, identity, organization};

const BATCH: u32 = 100;
/// A picture that is half written belongs to a request that is gone.
const WRITING: SignedDuration = SignedDuration::from_mins(10);

/// Ends the open check of a verification that was given up or ran out. Its pictures are shown to nobody from here on.
pub(crate) async fn close(
    tx: &mut Tx,
    verification: VerificationId,
    state: ReviewState,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(mut review) = tx.review_of(verification).await?.filter(|it| it.state.is_open()) else {
        return Ok(());
    };
    let from = review.state;
    review.state = state;
    review.claim = None;
    tx.change_review(&review, from).await?;
    tx.give_up_review_images(review.id).await?;
    let body = Body::new().with("review", review.id.to_string()).with("state", state.as_str());
    let actor = (state != ReviewState::Withdrawn).then_some(Actor::System);
    let about = About::of(tx, &review).await?;
    tx.append_event(about.event("review.closed", actor, body, now)).await?;
    Ok(())
}

/// Ends what nobody waits for any more, and erases pictures that have had their time.
pub(crate) async fn sweep(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let mut rows = Rows::of("checks by hand");
    while let Some(page) = rows.page() {
        let overdue = service.store().read().await?.overdue_reviews(now, page).await?;
        if overdue.is_empty() {
            break;
        }
        for review in overdue {
            rows.done(review.id, expire(service, &review, now).await);
        }
    }
    let days = i64::from(service.config().review_image_days);
    let before = now - SignedDuration::from_hours(24 * days);
    let mut rows = Rows::of("pictures of checks by hand");
    while let Some(page) = rows.page() {
        let due = service.store().read().await?.reviews_to_erase(before, page).await?;
        if due.is_empty() {
            break;
        }
        for id in due {
            rows.done(id, erase_pictures(service, id, now).await);
        }
    }
    let mut tx = service.store().begin().await?;
    tx.erase_review_notes(before).await?;
    tx.commit().await?;
    remove(service, now).await
}

async fn expire(service: &Service, review: &Review, now: Timestamp) -> Result<(), Error> {
    if review.kind == Kind::Identity {
        identity::expire(service, review.verification_id).await?;
    }
    let mut tx = service.store().begin().await?;
    match review.kind {
        Kind::Identity => close(&mut tx, review.verification_id, ReviewState::Expired, now).await?,
        Kind::Letter => {
            let run = review.verification_id;
            organization::letter::give_up(&mut tx, run, ReviewState::Expired, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn erase_pictures(service: &Service, id: ReviewId, now: Timestamp) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    erase_of(&mut tx, id, now).await?;
    Ok(tx.commit().await?)
}

/// Has the pictures of a decided check erased before their time, where there are any.
pub(crate) async fn erase(tx: &mut Tx, verification: VerificationId, now: Timestamp) -> Result<(), Error> {
    match tx.review_of(verification).await? {
        Some(review) => erase_of(tx, review.id, now).await,
        None => Ok(()),
    }
}

async fn erase_of(tx: &mut Tx, id: ReviewId, now: Timestamp) -> Result<(), Error> {
    let pictures = tx.give_up_review_images(id).await?;
    if pictures > 0 {
        let body = Body::new().with("review", id.to_string()).with("pictures", pictures);
        let (kind, subject) = ("review.erased", Some(id.to_string()));
        tx.append_event(Append { at: now, kind, subject, actor: Actor::System, body }).await?;
    }
    Ok(())
}

/// Removes the bytes of pictures. Sealed for its row, no picture has another's bytes.
async fn remove(service: &Service, now: Timestamp) -> Result<(), Error> {
    let gone = service.store().read().await?.images_to_erase(now - WRITING, BATCH).await?;
    let mut rows = Rows::of("bytes of pictures");
    for image in gone {
        let id = image.id;
        rows.done(id, remove_one(service, image, now).await);
    }
    Ok(())
}

async fn remove_one(service: &Service, image: ReviewImage, now: Timestamp) -> Result<(), Error> {
    service.blobs().remove(image.blob).await.map_err(Error::internal)?;
    let mut tx = service.store().begin().await?;
    tx.erased_review_image(image.id, now).await?;
    Ok(tx.commit().await?)
}

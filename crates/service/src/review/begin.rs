//! Beginning a check by hand: what was typed is on record, and pictures may be brought.

use domain::review::{self, Kind};
use domain::{ReviewId, VerificationId};
use evidence::Body;
use store::{IdentityVerification, Review, ReviewState, Tx, VerificationState};

use super::{COLLECT, PROVIDER};
use crate::ceremony::Scene;
use crate::{Error, Service};

/// Makes a verification that was just recorded one that pictures are brought for.
pub(crate) async fn begin(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    it: &mut IdentityVerification,
) -> Result<(), Error> {
    let review = opened(service, tx, scene, Kind::Identity, it.id).await?;
    it.state = VerificationState::Pending;
    it.transaction = Some(review.id.to_string());
    it.pending_until = Some(review.until);
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("provider", PROVIDER)
        .with("method", it.method.as_str())
        .with("transaction", review.id.to_string());
    tx.append_event(scene.event("review.begun", body)).await?;
    Ok(())
}

/// A new check.
pub(crate) async fn opened(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    kind: Kind,
    verification_id: VerificationId,
) -> Result<Review, Error> {
    let review = Review {
        id: ReviewId::new(service.clock(), service.rng()),
        kind,
        verification_id,
        recipient_id: scene.recipient.id,
        state: ReviewState::Collecting,
        created_at: scene.now,
        until: scene.now + COLLECT,
        submitted_at: None,
        rounds: 0,
        claim: None,
        outcome: None,
    };
    tx.insert_review(&review).await?;
    Ok(review)
}

/// What the pictures of a check have to show, in order.
pub(super) fn parts(scene: &Scene, kind: Kind) -> Vec<(review::Part, review::Need)> {
    match kind {
        Kind::Identity => {
            let document = scene.identity.as_ref().and_then(|it| it.document.as_ref());
            let wanted = scene.policy.identity.assurance;
            document.map(|it| review::parts_of_document(it.kind(), wanted)).unwrap_or_default()
        }
        Kind::Letter => vec![(review::Part::Letter, review::Need::Required)],
    }
}

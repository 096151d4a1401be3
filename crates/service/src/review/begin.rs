//! Beginning a check by hand: what was typed is on record, and pictures may be brought.

use domain::policy::Assurance;
use domain::review::{self, Kind};
use domain::{IdDocument, ReviewId, VerificationId};
use evidence::Body;
use jiff::Timestamp;
use store::{CheckedFor, IdentityVerification, Review, ReviewState, Tx, VerificationState};

use super::{COLLECT, PROVIDER};
use crate::identity::Party;
use crate::{Error, Service};

/// Makes a verification that was just recorded one that pictures are brought for.
pub(crate) async fn begin(
    service: &Service,
    tx: &mut Tx,
    party: &Party,
    it: &mut IdentityVerification,
) -> Result<(), Error> {
    let review = opened(service, tx, party.checked_for(), party.now(), Kind::Identity, it.id).await?;
    it.state = VerificationState::Pending;
    it.transaction = Some(review.id.to_string());
    it.pending_until = Some(review.until);
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("provider", PROVIDER)
        .with("method", it.method.as_str())
        .with("transaction", review.id.to_string());
    tx.append_event(party.event("review.begun", body)).await?;
    Ok(())
}

/// A new check.
pub(crate) async fn opened(
    service: &Service,
    tx: &mut Tx,
    checked_for: CheckedFor,
    now: Timestamp,
    kind: Kind,
    verification_id: VerificationId,
) -> Result<Review, Error> {
    let review = Review {
        id: ReviewId::new(service.clock(), service.rng()),
        kind,
        verification_id,
        checked_for,
        state: ReviewState::Collecting,
        created_at: now,
        until: now + COLLECT,
        submitted_at: None,
        rounds: 0,
        claim: None,
        outcome: None,
    };
    tx.insert_review(&review).await?;
    Ok(review)
}

/// What the pictures of a check have to show, in order, where it has to become as sure as `wanted` who somebody is.
pub(super) fn parts(
    kind: Kind,
    document: Option<&IdDocument>,
    wanted: Assurance,
) -> Vec<(review::Part, review::Need)> {
    match kind {
        Kind::Identity => document.map(|it| review::parts_of_document(it.kind(), wanted)).unwrap_or_default(),
        Kind::Letter => vec![(review::Part::Letter, review::Need::Required)],
    }
}

//! Checks by hand: a person shows pictures of an ID document, or a company's signed letter, and an administrator compares
//! them with what was typed.
//!
//! What is brought stays here: the pictures are made anew without what cameras write into them, sealed, shown to the one
//! administrator who has the check in hand (each look is an event), and erased. The decision, its digest and its time stay
//! with the verification that it decides. Everything that a decision does is one transaction.

mod about;
mod begin;
mod bring;
mod close;
mod decide;
mod letter;
mod office;
mod picture;
mod present;
mod zone;

use jiff::SignedDuration;
use store::{Review, ReviewImage};

pub(crate) use about::is_own;
pub(crate) use begin::{begin, opened};
pub use bring::{Submitted, add_my_picture, add_picture, submit, submit_mine};
pub(crate) use close::{close, erase, sweep};
pub use decide::{approve, ask, refuse};
pub use letter::verdict;
pub use office::{Picture, case, claim, list, picture, release};
pub use picture::MOST_BYTES;
pub(crate) use present::{is_offered, letter_note, offered, pending, pending_letter};
pub use zone::zone;

use crate::Error;
use crate::ceremony::Scene;

/// Who checks, as verifications name it.
pub(crate) const PROVIDER: &str = "manual_review";
/// Counter of checks that were refused.
pub(crate) const ATTEMPTS: &str = "review";
/// How many may be refused before a rest.
const TRIES: u32 = 3;
const REST: SignedDuration = SignedDuration::from_hours(24);
/// Pictures are brought within this time.
const COLLECT: SignedDuration = SignedDuration::from_hours(12);
/// What was sent in is decided within this time.
const DECIDE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The browser that sent pictures in may come back for this long, to go on where it was.
const COME_BACK: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long a reviewer has a check in hand, from their last act on it.
const IN_HAND: SignedDuration = SignedDuration::from_mins(30);

/// A check that is under way, with its pictures.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) review: Review,
    pub(crate) images: Vec<ReviewImage>,
}

impl Standing {
    pub(crate) async fn load(
        reader: &mut store::Reader,
        verification: domain::VerificationId,
    ) -> Result<Option<Self>, Error> {
        let Some(review) = reader.review_of(verification).await? else { return Ok(None) };
        let images = reader.review_images(review.id).await?;
        Ok(Some(Self { review, images }))
    }
}

/// Passes a recipient who may try once more.
pub(crate) async fn require_tries(reader: &mut store::Reader, scene: &Scene) -> Result<(), Error> {
    let attempt = reader.attempt(ATTEMPTS, &scene.recipient.id.to_string()).await?;
    match attempt.and_then(|attempt| attempt.locked_until).filter(|until| scene.now < *until) {
        Some(until) => {
            let left = until.duration_since(scene.now).as_secs();
            let retry_after = u64::try_from(left).unwrap_or(0) + 1;
            Err(domain::Refusal::IdentityTries { retry_after }.into())
        }
        None => Ok(()),
    }
}

//! The machine-readable zone of a passport, as the reviewer reads it in the picture: compared, and kept nowhere. What came of it
//! stands with the decision.

use domain::review::{Kind, Zone, has_zone};
use domain::{Refusal, ReviewId};
use jiff::Timestamp;
use store::{Reader, Review};

use super::office::in_hand;
use crate::account::Actor;
use crate::{Error, Service, view};

/// Compares a zone with what was typed, for the administrator who has the check in hand.
///
/// # Errors
/// As [`super::claim`]; `review_unclaimed`; `review_zone` where the document is no passport.
pub async fn zone(
    service: &Service,
    actor: &Actor,
    id: ReviewId,
    text: &str,
) -> Result<view::ReviewZone, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let review = in_hand(&mut tx, actor, id, now).await?;
    let zone = read(&mut tx, &review, text, now).await?;
    let facts = match &zone {
        Zone::Read(facts) => Some(facts),
        Zone::Unreadable(_) => None,
    };
    Ok(view::ReviewZone {
        result: zone.word().to_owned(),
        number: facts.map(|it| it.number),
        name: facts.and_then(|it| it.name),
        born: facts.map(|it| it.born.to_string()),
        adult: facts.map(|it| it.adult),
        expires: facts.map(|it| it.expires.to_string()),
        valid: facts.map(|it| it.valid),
    })
}

/// The zone that came with a decision; none where nobody read it.
pub(super) async fn given(
    reader: &mut Reader,
    review: &Review,
    text: Option<&str>,
    now: Timestamp,
) -> Result<Option<Zone>, Error> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => read(reader, review, text, now).await.map(Some),
        None => Ok(None),
    }
}

async fn read(reader: &mut Reader, review: &Review, text: &str, now: Timestamp) -> Result<Zone, Error> {
    let none = Refusal::ReviewZone { what: "document" };
    if review.kind != Kind::Identity {
        return Err(none.into());
    }
    let it = reader.identity_verification(review.verification_id).await?.ok_or(Error::NotFound)?;
    let document = it.document.filter(|it| has_zone(it.kind())).ok_or(none)?;
    Ok(Zone::compare(text, &it.name, &document, now))
}

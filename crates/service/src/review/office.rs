//! What administrators do before they decide: look at the queue, take a check in hand, look at its pictures.

use std::collections::{BTreeMap, HashMap};

use domain::review::{Kind, Reason};
use domain::{AccountId, Refusal, ReviewId, ReviewImageId, mask};
use evidence::{Body, Link};
use jiff::Timestamp;
use store::{Append, ImageState, Reader, Review, ReviewClaim, ReviewImage, ReviewState, Tx};

use super::IN_HAND;
use super::about::About;
use crate::account::Actor;
use crate::view::{self, Time};
use crate::{Error, Service, organization};

const WAITING: u32 = 200;
const DECIDED: u32 = 50;

/// A picture for the one administrator who has the check in hand.
#[derive(Debug)]
pub struct Picture {
    /// Media type.
    pub media: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The queue: what waits, the longest first, and what was decided last.
///
/// # Errors
/// [`Error::NotFound`] for whoever is no administrator, as all that follows.
pub async fn list(service: &Service, actor: &Actor) -> Result<view::ReviewList, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    require_office(&mut reader, actor).await?;
    let (waiting, decided) = (reader.waiting_reviews(WAITING).await?, reader.decided_reviews(DECIDED).await?);
    let mut list = view::ReviewList { waiting: Vec::new(), decided: Vec::new() };
    for review in &waiting {
        list.waiting.push(item(&mut reader, actor, review, now).await?);
    }
    for review in &decided {
        list.decided.push(item(&mut reader, actor, review, now).await?);
    }
    Ok(list)
}

/// A check. What was typed and the pictures are for whoever has it in hand.
///
/// # Errors
/// As [`list`].
pub async fn case(service: &Service, actor: &Actor, id: ReviewId) -> Result<view::ReviewCase, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    require_office(&mut reader, actor).await?;
    case_in(&mut reader, actor, id, now).await
}

/// Takes a check in hand, for half an hour from the last act on it.
///
/// # Errors
/// As [`list`]; `review_own`, `review_claimed` where another has it, `review_decided`.
pub async fn claim(service: &Service, actor: &Actor, id: ReviewId) -> Result<view::ReviewCase, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    require_office(&mut tx, actor).await?;
    let mut review = waiting(&mut tx, id, now).await?;
    require_other(&mut tx, actor, &review).await?;
    let held = review.claim.filter(|claim| now < claim.until);
    if let Some(claim) = held.filter(|claim| claim.by != actor.id()) {
        return Err(Refusal::ReviewClaimed { until: claim.until.to_string() }.into());
    }
    review.claim = Some(ReviewClaim { by: actor.id(), until: now + IN_HAND });
    tx.change_review(&review, ReviewState::Waiting).await?;
    if held.is_none() {
        tx.append_event(told(&review, "review.claimed", actor, now, Body::new())).await?;
    }
    let case = case_in(&mut tx, actor, id, now).await?;
    tx.commit().await?;
    Ok(case)
}

/// Puts a check back.
///
/// # Errors
/// As [`list`]; `review_unclaimed`, `review_decided`.
pub async fn release(service: &Service, actor: &Actor, id: ReviewId) -> Result<view::ReviewCase, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut review = in_hand(&mut tx, actor, id, now).await?;
    review.claim = None;
    tx.change_review(&review, ReviewState::Waiting).await?;
    tx.append_event(told(&review, "review.released", actor, now, Body::new())).await?;
    let case = case_in(&mut tx, actor, id, now).await?;
    tx.commit().await?;
    Ok(case)
}

/// A picture. That it was looked at is an event.
///
/// # Errors
/// As [`list`]; `review_unclaimed`, `review_decided`.
pub async fn picture(
    service: &Service,
    actor: &Actor,
    id: ReviewId,
    image: ReviewImageId,
) -> Result<Picture, Error> {
    let now = service.now();
    let (image, sealed) = kept(service, actor, id, image).await?;
    let mut tx = service.store().begin().await?;
    let mut review = in_hand(&mut tx, actor, id, now).await?;
    let bytes = tx.open_image(image.id, &sealed)?;
    review.claim = Some(ReviewClaim { by: actor.id(), until: now + IN_HAND });
    tx.change_review(&review, ReviewState::Waiting).await?;
    let body = Body::new().with("part", image.part.as_str()).with("sha256", hex::encode(image.sha256));
    tx.append_event(told(&review, "review.picture_seen", actor, now, body)).await?;
    tx.commit().await?;
    Ok(Picture { media: image.media, bytes })
}

/// A picture that is there, with its sealed bytes.
pub(super) async fn kept(
    service: &Service,
    actor: &Actor,
    id: ReviewId,
    image: ReviewImageId,
) -> Result<(ReviewImage, Vec<u8>), Error> {
    let found = {
        let mut reader = service.store().read().await?;
        require_office(&mut reader, actor).await?;
        reader.review_image(id, image).await?.filter(|it| it.state == ImageState::Kept)
    };
    let image = found.ok_or(Error::NotFound)?;
    let sealed = match service.blobs().open(image.blob).await {
        // Erased while it was being asked for.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound),
        blob => tokio::task::spawn_blocking(move || whole(&*blob?)).await??,
    };
    Ok((image, sealed))
}

fn whole(blob: &dyn pdf::Source) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(blob.len()).map_err(std::io::Error::other)?];
    blob.read_at(0, &mut bytes)?;
    Ok(bytes)
}

/// Passes an administrator; others learn nothing.
pub(super) async fn require_office(reader: &mut Reader, actor: &Actor) -> Result<(), Error> {
    if reader.is_administrator(actor.id()).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// The check that this administrator has in hand.
pub(super) async fn in_hand(
    tx: &mut Tx,
    actor: &Actor,
    id: ReviewId,
    now: Timestamp,
) -> Result<Review, Error> {
    require_office(tx, actor).await?;
    let review = waiting(tx, id, now).await?;
    require_other(tx, actor, &review).await?;
    match review.claim {
        Some(claim) if claim.by == actor.id() && now < claim.until => Ok(review),
        _ => Err(Refusal::ReviewUnclaimed.into()),
    }
}

pub(super) fn told(review: &Review, kind: &'static str, actor: &Actor, at: Timestamp, body: Body) -> Append {
    let body = body.with("verification", review.verification_id.to_string()).with("round", review.rounds);
    Append { at, kind, subject: Some(review.id.to_string()), actor: actor.evidence(), body }
}

pub(super) async fn case_in(
    reader: &mut Reader,
    actor: &Actor,
    id: ReviewId,
    now: Timestamp,
) -> Result<view::ReviewCase, Error> {
    let review = reader.review(id).await?.ok_or(Error::NotFound)?;
    let item = item(reader, actor, &review, now).await?;
    let images = if item.mine { reader.review_images(id).await? } else { Vec::new() };
    let parts: Vec<_> = images.iter().map(|image| image.part).collect();
    let checks = if item.mine { domain::review::checks(review.kind, &parts) } else { Vec::new() };
    let links = reader.events_of(&id.to_string()).await?;
    let mut names = HashMap::new();
    for link in &links {
        if let evidence::Actor::Account(id) = &link.event.actor
            && let Ok(account) = id.parse::<AccountId>()
        {
            names.insert(id.clone(), email(reader, account).await?);
        }
    }
    Ok(view::ReviewCase {
        typed: if item.mine { typed(reader, &review).await? } else { None },
        images: images.iter().map(shown).collect(),
        checks: checks.into_iter().map(Into::into).collect(),
        reasons: Reason::of(review.kind).iter().map(|reason| (*reason).into()).collect(),
        can_ask: review.rounds < domain::review::ROUNDS,
        events: links.iter().map(|link| event(link, &names)).collect(),
        item,
    })
}

async fn waiting(tx: &mut Tx, id: ReviewId, now: Timestamp) -> Result<Review, Error> {
    let review = tx.review(id).await?.ok_or(Error::NotFound)?;
    if review.state == ReviewState::Waiting && now < review.until {
        Ok(review)
    } else {
        Err(Refusal::ReviewDecided.into())
    }
}

async fn require_other(tx: &mut Tx, actor: &Actor, review: &Review) -> Result<(), Error> {
    if own(tx, actor, review).await? { Err(Refusal::ReviewOwn.into()) } else { Ok(()) }
}

async fn own(reader: &mut Reader, actor: &Actor, review: &Review) -> Result<bool, Error> {
    let about = About::of(reader, review).await?;
    about.is_own(reader, &actor.account).await
}

async fn item(
    reader: &mut Reader,
    actor: &Actor,
    review: &Review,
    now: Timestamp,
) -> Result<view::ReviewItem, Error> {
    let (name_masked, document) = match review.kind {
        Kind::Identity => {
            let it = reader.identity_verification(review.verification_id).await?.ok_or(Error::NotFound)?;
            (mask::name(it.name.as_str()), it.document.map(|it| it.kind().into()))
        }
        Kind::Letter => {
            let it =
                reader.organization_verification(review.verification_id).await?.ok_or(Error::NotFound)?;
            (it.name.as_str().to_owned(), None)
        }
    };
    let own = own(reader, actor, review).await?;
    let claim = review.claim.filter(|claim| now < claim.until && review.state == ReviewState::Waiting);
    let claimed_by = match claim {
        Some(claim) => Some(email(reader, claim.by).await?),
        None => None,
    };
    let ended = review.outcome.as_ref().filter(|_| !review.state.is_open());
    let decided_by = match ended {
        Some(outcome) => Some(email(reader, outcome.by).await?),
        None => None,
    };
    Ok(view::ReviewItem {
        id: review.id.to_string(),
        kind: review.kind.into(),
        state: review.state.into(),
        name_masked,
        document,
        submitted_at: Time::maybe(review.submitted_at),
        until: review.until.into(),
        rounds: review.rounds,
        claimed_by,
        claimed_until: Time::maybe(claim.map(|claim| claim.until)),
        mine: claim.is_some_and(|claim| claim.by == actor.id()) && !own,
        own,
        decided_by,
        decided_at: Time::maybe(ended.map(|outcome| outcome.at)),
        reason: ended.and_then(|outcome| outcome.reason.as_deref()).and_then(Reason::parse).map(Into::into),
    })
}

async fn typed(reader: &mut Reader, review: &Review) -> Result<Option<view::ReviewTyped>, Error> {
    match review.kind {
        Kind::Identity => {
            let it = reader.identity_verification(review.verification_id).await?.ok_or(Error::NotFound)?;
            Ok(Some(view::ReviewTyped {
                name: it.name.as_str().to_owned(),
                document: it.document.as_ref().map(|it| it.kind().into()),
                number: it.document.as_ref().map(|it| it.reveal().to_owned()),
                organization: None,
                credit_code: None,
                legal_representative: None,
                letter: None,
                scope: None,
            }))
        }
        Kind::Letter => organization::letter::typed(reader, review).await,
    }
}

fn shown(image: &ReviewImage) -> view::ReviewImage {
    view::ReviewImage {
        id: image.id.to_string(),
        part: image.part.into(),
        media: image.media.clone(),
        width: image.width,
        height: image.height,
        sha256: hex::encode(image.sha256),
        created_at: image.created_at.into(),
    }
}

fn event(link: &Link, names: &HashMap<String, String>) -> view::Event {
    let (kind, name) = match &link.event.actor {
        evidence::Actor::Account(id) => {
            (view::EventActorKind::Account, names.get(id).cloned().unwrap_or_default())
        }
        evidence::Actor::Recipient(_) => (view::EventActorKind::Recipient, String::new()),
        evidence::Actor::System => (view::EventActorKind::System, String::new()),
    };
    let text = |value: &evidence::Value| match value {
        evidence::Value::Text(text) => text.clone(),
        other => other.canonical(),
    };
    let members = link.event.body.members();
    view::Event {
        seq: link.event.seq,
        at: link.event.at.into(),
        kind: link.event.kind.clone(),
        actor: view::EventActor { kind, name_masked: name },
        params: members.map(|(name, value)| (name.to_owned(), text(value))).collect::<BTreeMap<_, _>>(),
        hash: hex::encode(link.hash),
        prev_hash: hex::encode(link.prev_hash),
    }
}

async fn email(reader: &mut Reader, id: AccountId) -> Result<String, Error> {
    Ok(reader.account(id).await?.map(|it| it.email.to_string()).unwrap_or_default())
}

//! What the signer sees of it.

use domain::IdKind;
use domain::review::{Kind, Need, Reason};
use store::ReviewState;

use super::PROVIDER;
use super::begin::parts;
use crate::ceremony::Scene;
use crate::config::ReviewUse;
use crate::{Service, identity, view};

/// The way by pictures, where it is offered: it is configured, as sure as the signing policy asks, and there is an
/// administrator who may decide.
pub(crate) fn offered(service: &Service, scene: &Scene) -> Option<view::OfferedMethod> {
    let method = providers::PersonMethod::DocumentPhoto;
    let assurance = identity::reached_by(method);
    let is = is_offered(service, scene) && assurance >= scene.policy.identity.assurance;
    is.then(|| view::OfferedMethod {
        method: method.into(),
        provider: PROVIDER.to_owned(),
        documents: IdKind::ALL.into_iter().map(Into::into).collect(),
        assurance,
    })
}

/// Whether checks by hand are configured, and there is an administrator who may decide about this recipient.
pub(crate) fn is_offered(service: &Service, scene: &Scene) -> bool {
    service.config().review == ReviewUse::Offered && scene.has_reviewer
}

/// What a reviewer added to a letter that was refused.
pub(crate) fn letter_note(scene: &Scene) -> Option<String> {
    let refused = scene.letter.as_ref().filter(|it| it.review.state == ReviewState::Refused)?;
    refused.review.outcome.as_ref().and_then(|it| it.note.clone())
}

/// The check that is under way, of this kind.
pub(crate) fn pending(scene: &Scene, kind: Kind) -> Option<view::PendingReview> {
    let standing = match kind {
        Kind::Identity => scene.review.as_deref(),
        Kind::Letter => scene.letter.as_deref(),
    };
    let standing = standing.filter(|it| it.review.kind == kind && it.review.state.is_open())?;
    let review = &standing.review;
    let brought = |part| standing.images.iter().any(|image| image.part == part);
    let shown = parts(scene, kind).into_iter().map(|(part, need)| view::PendingPart {
        part: part.into(),
        required: need == Need::Required,
        brought: brought(part),
    });
    let asked = review.outcome.as_ref().filter(|_| review.state == ReviewState::Collecting);
    Some(view::PendingReview {
        state: review.state.into(),
        parts: shown.collect(),
        asked: asked.and_then(|it| it.reason.as_deref()).and_then(Reason::parse).map(Into::into),
        note: asked.and_then(|it| it.note.clone()),
        submitted_at: view::Time::maybe(review.submitted_at.filter(|_| asked.is_none())),
        until: review.until.into(),
    })
}

impl From<ReviewState> for view::ReviewState {
    fn from(state: ReviewState) -> Self {
        match state {
            ReviewState::Collecting => Self::Collecting,
            ReviewState::Waiting => Self::Waiting,
            ReviewState::Approved => Self::Approved,
            ReviewState::Refused => Self::Refused,
            ReviewState::Withdrawn => Self::Withdrawn,
            ReviewState::Expired => Self::Expired,
        }
    }
}

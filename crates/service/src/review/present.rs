//! What the signer, or the person of an account, sees of it.

use domain::policy::Assurance;
use domain::review::{Kind, Need, Reason};
use domain::{IdDocument, IdKind};
use store::ReviewState;

use super::begin::parts;
use super::{PROVIDER, Standing};
use crate::ceremony::Scene;
use crate::config::ReviewUse;
use crate::{Service, identity, view};

/// The way by pictures, where it is offered: it is configured, as sure as is asked for, and there is an administrator who may
/// decide.
pub(crate) fn offered(
    service: &Service,
    has_reviewer: bool,
    least: Assurance,
) -> Option<view::OfferedMethod> {
    let method = providers::PersonMethod::DocumentPhoto;
    let assurance = identity::reached_by(method);
    let is = is_offered(service, has_reviewer) && assurance >= least;
    is.then(|| view::OfferedMethod {
        method: method.into(),
        provider: PROVIDER.to_owned(),
        documents: IdKind::ALL.into_iter().map(Into::into).collect(),
        assurance,
    })
}

/// Whether checks by hand are configured, and there is an administrator who may decide about this one.
pub(crate) fn is_offered(service: &Service, has_reviewer: bool) -> bool {
    service.config().review == ReviewUse::Offered && has_reviewer
}

/// What a reviewer added to a letter that was refused.
pub(crate) fn letter_note(scene: &Scene) -> Option<String> {
    let refused = scene.letter.as_ref().filter(|it| it.review.state == ReviewState::Refused)?;
    refused.review.outcome.as_ref().and_then(|it| it.note.clone())
}

/// The letter's check that is under way.
pub(crate) fn pending_letter(scene: &Scene) -> Option<view::PendingReview> {
    pending(scene.letter.as_deref(), Kind::Letter, None, Assurance::Low)
}

/// The check that is under way, of this kind, about this document.
pub(crate) fn pending(
    standing: Option<&Standing>,
    kind: Kind,
    document: Option<&IdDocument>,
    wanted: Assurance,
) -> Option<view::PendingReview> {
    let standing = standing.filter(|it| it.review.kind == kind && it.review.state.is_open())?;
    let review = &standing.review;
    let brought = |part| standing.images.iter().any(|image| image.part == part);
    let shown = parts(kind, document, wanted).into_iter().map(|(part, need)| view::PendingPart {
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

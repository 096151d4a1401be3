//! The identity step as its signer sees it.

use domain::policy::{Assurance, SigningPolicy};
use domain::recipient::Recipient;
use domain::review::Kind;
use domain::{IdDocument, Locale, Phone, mask};
use providers::{Pending, PersonMethod};
use qrcodegen::{QrCode, QrCodeEcc};
use store::{ConsentDecision, DataConsent, IdentityVerification, Purpose, ReviewState, VerificationState};

use super::code::PhoneCode;
use super::party::Holder;
use super::{consent, evidence as kept};
use crate::ceremony::Scene;
use crate::core::Service;
use crate::view::{self, Time};
use crate::{policy, review};

/// What of a check is shown.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// The check at hand.
    pub(crate) identity: Option<&'a IdentityVerification>,
    /// Whether it was passed and counts.
    pub(crate) verified: bool,
    /// What is less sure is not offered.
    pub(crate) least: Assurance,
    /// How sure pictures have to make it.
    pub(crate) least_by_hand: Assurance,
    /// The check by hand that it waits for, or that decided it.
    pub(crate) review: Option<&'a review::Standing>,
    /// Whether there is an administrator who may decide by pictures.
    pub(crate) has_reviewer: bool,
    /// Of a signer: the signing policy that they have to meet.
    pub(crate) bound: Option<(&'a SigningPolicy, &'a Recipient)>,
}

impl<'a> Shown<'a> {
    pub(crate) fn of_scene(scene: &'a Scene) -> Self {
        let verified = scene.verified_identity().is_some();
        Self {
            identity: scene.identity.as_ref(),
            verified,
            least: scene.policy.identity.assurance,
            least_by_hand: scene.policy.identity.assurance,
            review: scene.review.as_deref(),
            has_reviewer: scene.has_reviewer,
            bound: Some((&scene.policy, &scene.recipient)),
        }
    }

    /// Of an account: whose it is may be verified again at any time.
    pub(crate) fn of_holder(holder: &'a Holder) -> Self {
        Self {
            identity: holder.identity.as_ref(),
            verified: false,
            least: Assurance::Low,
            least_by_hand: domain::review::ASSURANCE_OF_PRESENTED_DOCUMENT,
            review: holder.review.as_deref(),
            has_reviewer: holder.has_reviewer,
            bound: None,
        }
    }
}

/// How far the person's verification has come, and the ways to it.
pub(crate) fn view_of(service: &Service, party: Shown<'_>, decided: &[DataConsent]) -> view::IdentityView {
    let Shown { identity, verified, .. } = party;
    let shown = [VerificationState::CodeSent, VerificationState::Pending];
    let current = identity.filter(|it| verified || shown.contains(&it.state));
    let code = current.and_then(|it| serde_json::from_str::<PhoneCode>(&it.code).ok()).filter(|_| !verified);
    let state = match current {
        None => view::IdentityState::None,
        Some(_) if verified => view::IdentityState::Verified,
        Some(it) if it.state == VerificationState::Pending => view::IdentityState::Pending,
        Some(_) => view::IdentityState::CodeSent,
    };
    let decided_by_hand = party.review.filter(|it| it.review.state == ReviewState::Refused);
    let refusal = decided_by_hand.filter(|_| current.is_none()).and_then(|it| it.review.outcome.as_ref());
    view::IdentityView {
        state,
        name_masked: current.map(|it| mask::name(it.name.as_str())),
        id_number_masked: current.and_then(|it| it.document.as_ref()).map(IdDocument::masked),
        phone_masked: current.and_then(|it| it.phone.as_ref()).map(Phone::masked),
        resend_at: code.as_ref().map(|it| it.resend_at().into()),
        tries_left: code.as_ref().map_or(0, PhoneCode::tries_left),
        verified_at: current.and_then(|it| it.verified_at).map(Time::from),
        how: current.filter(|_| verified).map(kept::how).unwrap_or_default(),
        assurance: current.and_then(|it| it.assurance),
        expires_at: current.and_then(|it| it.expires_at).map(Time::from),
        refused: identity.filter(|_| current.is_none()).and_then(|it| it.refused.clone()),
        refused_note: refusal.and_then(|it| it.note.clone()),
        review: review::pending(
            party.review,
            Kind::Identity,
            identity.and_then(|it| it.document.as_ref()),
            party.least_by_hand,
        ),
        page: current.filter(|_| !verified).and_then(page),
        methods: methods(service, party),
        consents: consents(decided),
    }
}

/// The ways that are as sure as the signing policy asks.
fn methods(service: &Service, party: Shown<'_>) -> Vec<view::OfferedMethod> {
    let providers = service.providers();
    let needs_phone = party.bound.is_some_and(|(policy, of)| policy::needs_phone(service, policy, of));
    let offered = providers.offered().into_iter().filter_map(|(method, kinds)| {
        let assurance = kept::reached_by(method);
        if assurance < party.least || (needs_phone && !method.is_elements()) {
            return None;
        }
        let first = kinds.first().and_then(|kind| providers.person(method, *kind));
        Some(view::OfferedMethod {
            method: method.into(),
            provider: first.map(|provider| provider.name().to_owned()).unwrap_or_default(),
            documents: kinds.into_iter().map(Into::into).collect(),
            assurance,
        })
    });
    let by_hand = review::offered(service, party.has_reviewer, party.least_by_hand);
    offered.chain(by_hand.filter(|_| !needs_phone)).collect()
}

fn page(it: &IdentityVerification) -> Option<view::IdentityPage> {
    page_of(&it.method, it.pending.as_deref())
}

/// Where a person goes on, from what is kept of a check that is pending.
pub(crate) fn page_of(method: &str, pending: Option<&str>) -> Option<view::IdentityPage> {
    let method = PersonMethod::ALL.into_iter().find(|known| known.as_str() == method)?;
    let pending: Pending = serde_json::from_str(pending?).ok()?;
    let page = pending.continue_at?;
    let code = QrCode::encode_text(&page.qr, QrCodeEcc::Low).ok()?;
    Some(view::IdentityPage {
        method: method.into(),
        url: page.url,
        app_link: page.app_link,
        qr_path: path(&code),
        qr_size: u32::try_from(code.size()).unwrap_or(0),
        opens_in: page.opens_in.into(),
        until: pending.until.into(),
    })
}

/// The dark squares of a QR code, run by run.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let run = x - start;
                path.push_str(&format!("M{start} {y}h{run}v1h-{run}z"));
            }
            x += 1;
        }
    }
    path
}

fn consents(decided: &[DataConsent]) -> view::DataConsents {
    let words = |purpose, locale| {
        consent::paragraphs(purpose, locale).iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()
    };
    let text = |purpose| view::ConsentParagraphs {
        en: words(purpose, Locale::En),
        zh_cn: words(purpose, Locale::ZhCn),
    };
    let refused =
        |purpose| decided.iter().any(|it| it.purpose == purpose && it.decision == ConsentDecision::Refused);
    view::DataConsents {
        version: consent::VERSION.to_owned(),
        identity: text(Purpose::Identity),
        face: text(Purpose::Face),
        photo: text(Purpose::Photo),
        identity_refused: refused(Purpose::Identity),
        face_refused: refused(Purpose::Face),
        photo_refused: refused(Purpose::Photo),
    }
}

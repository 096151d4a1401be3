//! The ceremony as its recipient sees it.

use domain::Locale;
use domain::ceremony::Step;
use domain::envelope::{Document, EnvelopeStatus, RevisionKind};
use domain::field::Field;
use domain::organization::OrganizationState;
use domain::policy::Custody;
use domain::recipient::{self, Recipient};
use domain::{mask, recipient::RecipientStatus};
use keys::{Attempts, Standing};
use seal::Impression;
use store::{AuthorizationState, CheckedFor, Reader, SignatureResult, StoredImpression};

use super::scene::{custody_of, opened_by, passkey_on};
use super::{Scene, Signer, consent, sign};
use crate::core::Service;
use crate::directory;
use crate::envelope;
use crate::error::Error;
use crate::identity;
use crate::organization::{self, payment::Payment};
use crate::policy;
use crate::proof;
use crate::review;
use crate::view::{self, Time};

/// The ceremony as it stands.
///
/// # Errors
/// Where the records cannot be read.
pub async fn show(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, service.now()).await?;
    ceremony(service, &mut reader, &scene).await
}

pub(crate) async fn ceremony(
    service: &Service,
    reader: &mut Reader,
    scene: &Scene,
) -> Result<view::Ceremony, Error> {
    let step = scene.step();
    let (contents, recipient) = (&scene.contents, &scene.recipient);
    let impressions = impressions(reader, scene).await?;
    let staff = directory::of_ceremony(reader, scene).await?;
    let decided = reader.data_consents(CheckedFor::Recipient(recipient.id)).await?;
    let organization = match scene.is_organization() {
        true => Some(organization(service, reader, scene).await?),
        false => None,
    };
    // What was typed on one device shows on another once the person was verified there too.
    let shown = scene.verified_identity().is_some() || step == Step::Done;
    Ok(view::Ceremony {
        recipient: view::CeremonyRecipient {
            id: recipient.id.to_string(),
            kind: recipient.kind.into(),
            name: recipient.name.as_str().to_owned(),
            organization: recipient.organization.as_ref().map(|name| name.as_str().to_owned()),
            locale: recipient.locale,
            status: recipient.status.into(),
            as_agent: scene.signs_as_agent(),
        },
        envelope: request(service, scene),
        step: step.into(),
        waiting_for: (step == Step::Waiting).then(|| waiting_for(scene)).flatten(),
        policy: policy::view_of(service, &scene.policy),
        will: sign::will_offered(service, reader, scene).await?,
        consent: consent_view(scene),
        identity: identity::view_of(service, identity::Shown::of_scene(scene), &decided),
        organization,
        staff,
        fields: scene.own_fields().map(|it| field(it, shown)).collect(),
        marks: contents
            .fields
            .iter()
            .filter(|it| it.recipient_id != recipient.id)
            .map(|it| mark(scene, it))
            .collect(),
        adopted: scene.impression.as_ref().map(|it| it.id.to_string()),
        impressions,
        key: key(service, scene),
        certificate: scene.key.as_ref().map(|it| certificate(&it.certificate)),
        result: scene.ceremony.result.as_ref().map(|it| result(scene, it)),
        decline: contents
            .envelope
            .decline
            .as_ref()
            .map(|it| view::DeclineView { reason: it.reason.clone(), at: it.at.into() }),
    })
}

/// What came of it: of the signature as it was kept, then of the finished document.
fn result(scene: &Scene, it: &SignatureResult) -> view::SigningResult {
    let place = scene.contents.signature_field(scene.recipient.id);
    let document = scene
        .contents
        .documents
        .iter()
        .find(|document| place.is_some_and(|place| place.document_id == document.id));
    let finished = document.map(Document::newest).filter(|newest| newest.kind == RevisionKind::TimeStamp);
    view::SigningResult {
        signed_at: it.signed_at.into(),
        time_stamp: Some(it.time_stamp.into()),
        level: finished.map_or_else(|| it.level.clone(), |_| proof::FINISHED.as_str().to_owned()),
        document_sha256: finished.map_or_else(|| it.document_sha256.clone(), |it| hex::encode(it.sha256)),
        completed: scene.contents.envelope.status == EnvelopeStatus::Completed,
    }
}

fn request(service: &Service, scene: &Scene) -> view::CeremonyEnvelope {
    let asked = &scene.contents.envelope;
    let documents = scene.contents.documents.iter().map(|it| view::CeremonyDocument {
        id: it.id.to_string(),
        name: it.name.clone(),
        pages: it.pages,
        size: it.newest().size,
        sha256: hex::encode(it.newest().sha256),
        page_sizes: it.page_sizes.iter().map(envelope::page_size).collect(),
    });
    view::CeremonyEnvelope {
        title: asked.title.clone(),
        message: asked.message.clone(),
        status: asked.status_at(scene.now).into(),
        sender: view::CeremonySender {
            name: scene.sender.name.as_str().to_owned(),
            email_masked: mask::email(scene.sender.email.as_str()),
            organization: None,
        },
        sent_at: Time::maybe(asked.sent_at),
        expires_at: Time::maybe(asked.expires_at),
        documents: documents.collect(),
        trust: service.config().trust,
    }
}

fn waiting_for(scene: &Scene) -> Option<String> {
    let turn = recipient::whose_turn(&scene.contents.recipients, scene.contents.envelope.order);
    let names: Vec<&str> = turn.map(Recipient::shown_name).collect();
    (!names.is_empty()).then(|| names.join("、"))
}

fn consent_view(scene: &Scene) -> view::Consent {
    let given = scene.valid_consent();
    let locale = given.map_or(scene.recipient.locale, |it| it.locale);
    let paragraphs = |locale| consent::paragraphs(locale).iter().map(|it| (*it).to_owned()).collect();
    view::Consent {
        version: consent::VERSION.to_owned(),
        digest: consent::digest(locale, &policy::digest(&scene.policy)),
        given_at: given.map(|it| it.created_at.into()),
        paragraphs: view::ConsentParagraphs { en: paragraphs(Locale::En), zh_cn: paragraphs(Locale::ZhCn) },
    }
}

async fn organization(
    service: &Service,
    reader: &mut Reader,
    scene: &Scene,
) -> Result<view::OrganizationView, Error> {
    let now = scene.now;
    let current = scene.organization.as_ref();
    let payment = match &scene.payment {
        Some(stored) => Some(serde_json::from_str::<Payment>(&stored.payment)?),
        None => None,
    };
    let open = payment.as_ref().filter(|it| it.is_open(now));
    use OrganizationState as S;
    let state = match current.map(|it| it.state) {
        None | Some(S::Created | S::Refused | S::Abandoned) => view::OrganizationState::None,
        Some(S::Verified) if scene.verified_organization().is_some() => view::OrganizationState::Verified,
        Some(S::Verified) => view::OrganizationState::None,
        Some(S::PaymentRequested) => view::OrganizationState::PaymentRequested,
        Some(S::PaymentSent) if open.is_some() => view::OrganizationState::PaymentSent,
        Some(S::LeaderAsked) => view::OrganizationState::LeaderAsked,
        Some(S::LetterSubmitted) => view::OrganizationState::LetterSubmitted,
        Some(S::PaymentSent | S::RegistryChecked | S::Locked | S::Expired) => {
            view::OrganizationState::RegistryChecked
        }
    };
    let authorization = match current.filter(|_| state == view::OrganizationState::LeaderAsked) {
        Some(run) => authorization(reader, run.id).await?,
        None => None,
    };
    let choosing = state == view::OrganizationState::RegistryChecked;
    Ok(view::OrganizationView {
        state,
        name: current.map(|it| it.name.as_str().to_owned()),
        credit_code: current.map(|it| it.credit_code.as_str().to_owned()),
        legal_representative_masked: current.map(|it| mask::name(it.legal_representative.as_str())),
        account_masked: payment.as_ref().map(|it| it.account_masked.clone()),
        tries_left: open.map_or(0, |it| it.tries_left),
        locked_until: payment
            .as_ref()
            .and_then(|it| it.locked_until)
            .filter(|until| now < *until)
            .map(Time::from),
        expires_at: open.map(|it| it.expires_at.into()),
        verified_at: current.and_then(|it| it.verified_at).map(Time::from),
        refused: if choosing && scene.is_dismissed {
            Some("dismissed".to_owned())
        } else {
            current.and_then(|it| it.refused.clone())
        },
        ways: if choosing { organization::offered(service, scene) } else { Vec::new() },
        needs_bank: service.providers().payouts.needs_bank(),
        authorization,
        letter: review::pending_letter(scene),
        letter_note: review::letter_note(scene),
    })
}

async fn authorization(
    reader: &mut Reader,
    run: domain::VerificationId,
) -> Result<Option<view::AuthorizationView>, Error> {
    let asked =
        reader.authorizations(run).await?.into_iter().find(|it| it.state == AuthorizationState::Asked);
    let Some(asked) = asked else { return Ok(None) };
    let Some(leader) = reader.recipient(asked.recipient_id).await? else { return Ok(None) };
    let mail = leader.email.as_ref().map(|it| mask::email(it.as_str()));
    Ok(Some(view::AuthorizationView {
        contact_masked: mail.or_else(|| leader.phone.as_ref().map(domain::Phone::masked)).unwrap_or_default(),
        status: leader.status.into(),
        asked_at: asked.created_at.into(),
        ends_at: asked.ends_at.into(),
    }))
}

fn field(it: &Field, shown: bool) -> view::Field {
    let field = envelope::field(it);
    view::Field { value: field.value.filter(|_| shown), ..field }
}

fn mark(scene: &Scene, it: &Field) -> view::Mark {
    let owner = scene.contents.recipients.iter().find(|recipient| recipient.id == it.recipient_id);
    view::Mark {
        page: it.page,
        x: it.place.x,
        y: it.place.y,
        width: it.place.width,
        height: it.place.height,
        r#type: it.kind.into(),
        done: owner.is_some_and(|owner| owner.status == RecipientStatus::Signed),
        name: owner.map(|owner| owner.shown_name().to_owned()).unwrap_or_default(),
    }
}

async fn impressions(reader: &mut Reader, scene: &Scene) -> Result<Vec<view::Impression>, Error> {
    let Some(person) = scene.verified_identity().and_then(|it| it.person_id) else { return Ok(Vec::new()) };
    if scene.is_organization() && scene.organization_id().is_none() {
        return Ok(Vec::new());
    }
    let stored = reader.impressions(person, scene.impression_owner()).await?;
    stored.iter().map(impression).collect()
}

fn impression(it: &StoredImpression) -> Result<view::Impression, Error> {
    let drawn: Impression = serde_json::from_str(&it.impression)?;
    Ok(view::Impression {
        id: it.id.to_string(),
        kind: match it.kind.as_str() {
            "typed" => view::ImpressionKind::Typed,
            "seal_drawn" => view::ImpressionKind::SealDrawn,
            "seal_uploaded" => view::ImpressionKind::SealUploaded,
            _ => view::ImpressionKind::Drawn,
        },
        svg: drawn.svg(),
        width_mm: drawn.width_mm,
        height_mm: drawn.height_mm,
        created_at: it.created_at.into(),
    })
}

fn key(service: &Service, scene: &Scene) -> view::CeremonyKey {
    let held = scene.key.as_ref();
    let pending = scene.pending.as_ref().filter(|_| held.is_none());
    let shown = held.map(|it| &it.key).or(pending.map(|(key, _)| key));
    let (state, tries_left, locked_until) = match held.map(|it| it.key.attempts.standing(scene.now)) {
        None if pending.is_some() => (view::KeyState::Pending, Attempts::LIMIT, None),
        None => (view::KeyState::None, Attempts::LIMIT, None),
        Some(Standing::Open { left }) => (view::KeyState::Ready, left, None),
        Some(Standing::Locked { until }) => (view::KeyState::Locked, 0, Some(until.into())),
    };
    let offered = scene.policy.key.custody.iter().copied();
    let here = |custody| custody != Custody::Pkcs11 || scene.is_organization();
    let confirms = |factor: &Custody| {
        let there = *factor == Custody::Pin || service.config().relying_party().is_some();
        there && policy::confirms(&scene.policy, *factor)
    };
    view::CeremonyKey {
        state,
        tries_left,
        locked_until,
        custody: shown.map(|key| custody_of(&key.stored)),
        opened_by: shown.map(|key| opened_by(&key.stored)),
        asked_again_at: pending.map(|(_, it)| it.next_at.into()),
        passkey: held.and_then(|it| passkey_on(&it.key.stored)).map(|sealed| hex::encode(sealed.passkey())),
        offered: offered.filter(|custody| here(*custody) && policy::offers(service, *custody)).collect(),
        confirmed_by: [Custody::Pin, Custody::Passkey].into_iter().filter(confirms).collect(),
        relying_party: service.config().relying_party().map(|it| it.id),
    }
}

pub(super) fn certificate(it: &pki::Certificate) -> view::CertificateView {
    view::CertificateView {
        serial: it.serial_hex(),
        subject: it.subject().to_string(),
        issuer: it.issuer().to_string(),
        not_before: it.not_before().into(),
        not_after: it.not_after().into(),
        fingerprint: hex::encode(it.fingerprint()),
    }
}

//! Sending: the fields go into the document as one unsigned revision, and the first recipients are invited.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::envelope::{Contents, Document, RevisionKind};
use domain::field::{Field, FieldType};
use domain::policy::SigningPolicy;
use domain::{EnvelopeId, RecipientId, Refusal};
use evidence::{Body, Value};
use pades::{FieldKind, FieldSpec, PrepareError};
use pdf::Rect;
use store::Reader;

use super::{append, event, inspect, owned, owned_draft, progress, show, source};
use crate::account::Actor;
use crate::{Error, Service, policy, view};

/// Sends a draft.
///
/// # Errors
/// `not_draft`, and whatever is missing still: `title_required`, `document_missing`, `recipients_missing`,
/// `field_signature_missing`, `policy_unmet`, `policy_not_yours`, `recipient_email_missing` where only mail is sent, ….
pub async fn send(service: &Service, actor: &Actor, id: EnvelopeId) -> Result<view::Envelope, Error> {
    // 1. The draft is ready. 2. The fields' revision is made and kept, outside any transaction, since it reads the file.
    let mut contents = owned(&mut service.store().read().await?, actor, id).await?;
    let read_at = contents.envelope.updated_at;
    name_fields(&mut contents);
    check(&contents, service)?;
    let now = service.now();
    agree(service, &mut service.store().read().await?, actor, &contents).await?;
    let mut placed = Vec::new();
    for document in &contents.documents {
        let tail = place(service, document, &contents).await?;
        placed.push(append(service, document, tail, RevisionKind::Fields, None, now).await?);
    }

    // 3. One transaction: revision, status, invitations, events and jobs. A draft that changed meanwhile is not sent.
    let mut tx = service.store().begin().await?;
    if owned_draft(&mut tx, actor, id).await?.envelope.updated_at != read_at {
        return Err(Refusal::DocumentChanged.into());
    }
    // Nor one whose policy the sender may choose no more: it is asked again where nothing comes in between.
    let agreed = agree(service, &mut tx, actor, &contents).await?;
    contents.envelope.send(now)?;
    contents.envelope.policy_digest = Some(policy::keep(&mut tx, &agreed.by_all, now).await?);
    for (id, own) in &agreed.by_one {
        let digest = policy::keep(&mut tx, own, now).await?;
        for recipient in contents.recipients.iter_mut().filter(|it| it.id == *id) {
            recipient.policy_digest = Some(digest);
            tx.save_recipient_policy(recipient).await?;
        }
    }
    for (document, revision) in contents.documents.iter_mut().zip(placed) {
        tx.add_revision(document.id, &revision).await?;
        document.revisions.push(revision);
    }
    for field in &contents.fields {
        let name = field.pdf_name.as_deref().unwrap_or_default();
        tx.set_field_name(field.id, name).await?;
    }
    tx.save_envelope(&contents.envelope).await?;
    let body = sent_body(&contents);
    tx.append_event(event(&contents.envelope, "envelope.sent", actor.evidence(), body, now)).await?;
    progress::invite(service, &mut tx, &mut contents, &actor.account, actor.evidence(), now).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(show::envelope(service, &contents, &actor.account))
}

/// The signing policies under which an envelope is sent.
struct Agreed {
    by_all: SigningPolicy,
    by_one: Vec<(RecipientId, SigningPolicy)>,
}

/// The policies as they stand now; nobody is asked for what they cannot bring.
async fn agree(
    service: &Service,
    reader: &mut Reader,
    actor: &Actor,
    contents: &Contents,
) -> Result<Agreed, Error> {
    let by_all = policy::named(service, reader, actor.id(), &contents.envelope.policy).await?;
    let (own, under_all): (Vec<_>, Vec<_>) = contents.recipients.iter().partition(|it| it.policy.is_some());
    policy::can_be_met_by(service, &by_all, &under_all)?;
    let mut by_one = Vec::new();
    for recipient in own {
        let policy = policy::named(service, reader, actor.id(), contents.policy_for(recipient)).await?;
        policy::can_be_met_by(service, &policy, &[recipient])?;
        by_one.push((recipient.id, policy));
    }
    Ok(Agreed { by_all, by_one })
}

fn check(contents: &Contents, service: &Service) -> Result<(), Refusal> {
    contents.envelope.clone().send(service.now())?;
    contents.check_ready()?;
    // Carriers bring codes alone: without an outbox, an invitation by text message would reach nobody.
    let unreached = contents.recipients.iter().find(|it| it.email.is_none() && !service.has_outbox());
    let unreached = unreached.map(|it| Refusal::RecipientEmailMissing { name: it.name.to_string() });
    unreached.map_or(Ok(()), Err)
}

/// Names that stay: the kind, the recipient's short id, a number. A period would make a hierarchy (ISO 32000-2 §12.7.4.2).
fn name_fields(contents: &mut Contents) {
    let mut numbers = std::collections::HashMap::new();
    let carriers: Vec<_> =
        contents.recipients.iter().filter_map(|r| contents.signature_field(r.id)).map(|f| f.id).collect();
    for field in &mut contents.fields {
        let kind = match field.kind {
            _ if carriers.contains(&field.id) => "Signature",
            FieldType::Signature | FieldType::Seal => "Mark",
            FieldType::Date => "Date",
            FieldType::Text => "Text",
        };
        let number = numbers.entry((field.recipient_id, kind)).and_modify(|n| *n += 1).or_insert(1_u32);
        field.pdf_name = Some(format!("{kind}-{}-{number}", field.recipient_id.short()));
    }
}

/// The tail that holds the fields.
async fn place(service: &Service, document: &Document, contents: &Contents) -> Result<Vec<u8>, Error> {
    let source = source(service, document, document.newest().number).await?;
    let fields: Vec<Field> =
        contents.fields.iter().filter(|f| f.document_id == document.id).cloned().collect();
    let carriers: Vec<_> =
        contents.recipients.iter().filter_map(|r| contents.signature_field(r.id)).map(|f| f.id).collect();
    let names: Vec<String> = fields
        .iter()
        .map(|field| {
            let owner = contents.recipients.iter().find(|r| r.id == field.recipient_id);
            owner.map(|r| r.shown_name().to_owned()).unwrap_or_default()
        })
        .collect();
    let limits = service.limits();
    tokio::task::spawn_blocking(move || {
        let document = pdf::Document::open(Arc::clone(&source), &pdf::Limits::default())
            .map_err(|error| inspect::open_error(error, limits))?;
        let specs = fields
            .iter()
            .zip(names)
            .map(|(field, owner)| spec(&document, field, carriers.contains(&field.id), &owner))
            .collect::<Result<Vec<_>, Error>>()?;
        pades::place_fields(&document, &specs).map_err(refusal)
    })
    .await?
}

fn spec(document: &pdf::Document, field: &Field, carries: bool, owner: &str) -> Result<FieldSpec, Error> {
    let index = usize::try_from(field.page).ok().and_then(|page| page.checked_sub(1));
    let index = index.ok_or(Refusal::FieldOutsidePage { page: field.page })?;
    let place = field.place;
    let seen = Rect::sized(place.x, place.y, place.width, place.height);
    let on_page = pades::Place::on_visible_page(document, index, seen)?;
    let kind = match field.kind {
        FieldType::Signature | FieldType::Seal if carries => FieldKind::Signature,
        FieldType::Signature | FieldType::Seal => FieldKind::Mark,
        FieldType::Date => FieldKind::Text,
        FieldType::Text => FieldKind::MultilineText,
    };
    let label = if field.label.is_empty() { owner.to_owned() } else { format!("{}: {owner}", field.label) };
    Ok(FieldSpec {
        name: field.pdf_name.clone().unwrap_or_default(),
        kind,
        page: index,
        rect: on_page.rect,
        label: Some(label),
    })
}

fn refusal(error: PrepareError) -> Error {
    match error {
        PrepareError::CertifiedAgainstChanges => Refusal::PdfNoChangesAllowed.into(),
        PrepareError::FieldsLocked { .. }
        | PrepareError::FieldLocked { .. }
        | PrepareError::CertifiedAgainstFields { .. } => Refusal::PdfFieldsLocked.into(),
        PrepareError::NoSuchPage { page } => {
            Refusal::FieldOutsidePage { page: u32::try_from(page + 1).unwrap_or(u32::MAX) }.into()
        }
        PrepareError::Read(pdf::ReadError::Io(error)) => error.into(),
        PrepareError::Xfa => Refusal::PdfXfa.into(),
        PrepareError::Read(error) => Refusal::PdfDamaged { what: error.to_string() }.into(),
        other => Error::internal(other),
    }
}

fn sent_body(contents: &Contents) -> Body {
    let digests: Vec<String> = contents.documents.iter().map(|d| hex::encode(d.newest().sha256)).collect();
    let originals: Vec<String> =
        contents.documents.iter().map(|d| hex::encode(d.original().sha256)).collect();
    let recipients: Vec<String> = contents.recipients.iter().map(|r| r.id.to_string()).collect();
    let own =
        contents.recipients.iter().filter_map(|it| Some((it.id.to_string(), hex::encode(it.policy_digest?))));
    let own: BTreeMap<_, Value> = own.map(|(id, digest)| (id, digest.into())).collect();
    Body::new()
        .with("originals", originals)
        .with("documents", digests)
        .with("recipients", recipients)
        .with("fields", contents.fields.len())
        .with("order", contents.envelope.order.as_str())
        .with("policy", contents.envelope.policy.to_string())
        .with("policy_digest", contents.envelope.policy_digest.map(hex::encode).unwrap_or_default())
        .maybe("recipient_policies", (!own.is_empty()).then_some(Value::Object(own)))
}

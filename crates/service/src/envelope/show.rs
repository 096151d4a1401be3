//! An envelope as its sender sees it.

use domain::EnvelopeId;
use domain::account::Account;
use domain::envelope::{Contents, Document, EnvelopeStatus, PageSize};
use domain::field::Field;
use domain::recipient::Recipient;

use super::owned;
use crate::account::Actor;
use crate::view::{self, Time};
use crate::{Error, Service};

/// The envelope.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(service: &Service, actor: &Actor, id: EnvelopeId) -> Result<view::Envelope, Error> {
    let contents = owned(&mut service.store().read().await?, actor, id).await?;
    Ok(envelope(service, &contents, &actor.account))
}

pub(super) fn envelope(service: &Service, contents: &Contents, sender: &Account) -> view::Envelope {
    let envelope = &contents.envelope;
    view::Envelope {
        id: envelope.id.to_string(),
        title: envelope.title.clone(),
        message: envelope.message.clone(),
        status: envelope.status_at(service.now()).into(),
        order: envelope.order.into(),
        locale: envelope.locale,
        created_at: envelope.created_at.into(),
        updated_at: envelope.updated_at.into(),
        sent_at: Time::maybe(envelope.sent_at),
        completed_at: Time::maybe(envelope.completed_at),
        expires_at: Time::maybe(envelope.expires_at),
        expires_in_days: envelope.expires_in_days,
        policy: envelope.policy.to_string(),
        policy_digest: envelope.policy_digest.map(hex::encode),
        sender: view::Sender { name: sender.name.to_string(), email: sender.email.to_string() },
        decline: envelope.decline.as_ref().map(|decline| view::Decline {
            recipient_id: decline.recipient_id.to_string(),
            reason: decline.reason.clone(),
            at: decline.at.into(),
        }),
        void_reason: envelope.void_reason.clone(),
        documents: contents.documents.iter().map(document).collect(),
        recipients: contents.recipients.iter().map(recipient).collect(),
        fields: contents.fields.iter().map(field).collect(),
        trust: service.config().trust,
        report_ready: envelope.status != EnvelopeStatus::Draft,
    }
}

/// A field, in any view.
pub(crate) fn field(field: &Field) -> view::Field {
    view::Field {
        id: field.id.to_string(),
        recipient_id: field.recipient_id.to_string(),
        document_id: field.document_id.to_string(),
        r#type: field.kind.into(),
        page: field.page,
        x: field.place.x,
        y: field.place.y,
        width: field.place.width,
        height: field.place.height,
        required: field.required,
        label: field.label.clone(),
        value: field.value.clone(),
    }
}

/// A page's size, in any view.
pub(crate) fn page_size(size: &PageSize) -> view::PageSize {
    view::PageSize { width: size.width, height: size.height }
}

fn document(document: &Document) -> view::Document {
    let revision = |revision: &domain::envelope::Revision| view::Revision {
        number: revision.number,
        kind: revision.kind.into(),
        sha256: hex::encode(revision.sha256),
        size: revision.size,
        at: revision.at.into(),
    };
    view::Document {
        id: document.id.to_string(),
        name: document.name.clone(),
        pages: document.pages,
        size: document.newest().size,
        sha256: hex::encode(document.newest().sha256),
        existing_signatures: document.existing_signatures,
        certification: document.certification,
        has_form: document.has_form,
        page_sizes: document.page_sizes.iter().map(page_size).collect(),
        revisions: document.revisions.iter().map(revision).collect(),
    }
}

fn recipient(recipient: &Recipient) -> view::Recipient {
    view::Recipient {
        id: recipient.id.to_string(),
        kind: recipient.kind.into(),
        name: recipient.name.to_string(),
        email: recipient.email.as_ref().map(ToString::to_string),
        phone_masked: recipient.phone.as_ref().map(domain::Phone::masked),
        organization: recipient.organization.as_ref().map(ToString::to_string),
        locale: recipient.locale,
        order: recipient.order,
        policy: recipient.policy.as_ref().map(ToString::to_string),
        policy_digest: recipient.policy_digest.map(hex::encode),
        status: recipient.status.into(),
        invited_at: Time::maybe(recipient.invited_at),
        opened_at: Time::maybe(recipient.opened_at),
        identified_at: Time::maybe(recipient.identified_at),
        signed_at: Time::maybe(recipient.signed_at),
        verified: recipient.verified.as_ref().map(|verified| view::Verified {
            name_masked: verified.name_masked.clone(),
            how: verified.how.clone(),
            organization: verified.organization.clone(),
        }),
        certificate: recipient.certificate.as_ref().map(|certificate| view::Certificate {
            serial: certificate.serial.clone(),
            subject: certificate.subject.clone(),
            not_after: certificate.not_after.into(),
        }),
    }
}

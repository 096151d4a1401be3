//! Envelopes: draft → sent → completing → completed, or from sent declined, voided or expired. Nothing leads back.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldType};
use crate::id::{AccountId, DocumentId, EnvelopeId, RecipientId};
use crate::locale::Locale;
use crate::policy::PolicyRef;
use crate::recipient::{self, Recipient, RecipientKind, words};
use crate::refusal::Refusal;

/// The most characters of a title.
pub const TITLE_LIMIT: u32 = 200;
/// The most characters of a message to the recipients.
pub const MESSAGE_LIMIT: u32 = 2000;
/// The most characters of a reason to void or decline.
pub const REASON_LIMIT: u32 = 500;
/// The most recipients.
pub const RECIPIENT_LIMIT: u32 = 50;
/// The most fields.
pub const FIELD_LIMIT: u32 = 500;
/// How many days an envelope may stay open, at least and at most.
pub const EXPIRY_DAYS: (u32, u32) = (1, 180);
/// How many days it stays open where the sender does not say.
pub const EXPIRY_DAYS_DEFAULT: u32 = 30;

/// Where an envelope stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnvelopeStatus {
    /// The sender works on it.
    Draft,
    /// It waits for recipients.
    Sent,
    /// Everyone has signed; the time-stamp over the whole is still to come.
    Completing,
    /// Everyone has signed, and the documents are finished.
    Completed,
    /// A recipient declined.
    Declined,
    /// The sender took it back.
    Voided,
    /// Its time ran out.
    Expired,
}

words!(EnvelopeStatus {
    Draft = "draft",
    Sent = "sent",
    Completing = "completing",
    Completed = "completed",
    Declined = "declined",
    Voided = "voided",
    Expired = "expired"
});

impl EnvelopeStatus {
    /// Every status, in the order of an envelope's life.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Sent,
        Self::Completing,
        Self::Completed,
        Self::Declined,
        Self::Voided,
        Self::Expired,
    ];
}

/// Who signs when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Place by place.
    #[default]
    Sequential,
    /// All at once.
    Parallel,
}

words!(Order { Sequential = "sequential", Parallel = "parallel" });

/// A page's displayed size, in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// What made a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionKind {
    /// The sender's file.
    Original,
    /// The fields, written when the envelope was sent.
    Fields,
    /// A recipient's signature.
    Signature,
    /// Certificates and revocation data for long-term validation.
    Validation,
    /// A time-stamp over the whole document, with what was missing to prove the time-stamps before it.
    TimeStamp,
}

words!(RevisionKind {
    Original = "original",
    Fields = "fields",
    Signature = "signature",
    Validation = "validation",
    TimeStamp = "time_stamp"
});

/// One state of a document: its predecessor and a tail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// From 0, the original.
    pub number: u32,
    /// What made it.
    pub kind: RevisionKind,
    /// SHA-256 of the whole file at this revision.
    pub sha256: [u8; 32],
    /// Size of the whole file at this revision, in bytes.
    pub size: u64,
    /// SHA-256 of what this revision adds: the whole file for the original, else the tail. Names the blob.
    pub blob: [u8; 32],
    /// When it was made.
    pub at: Timestamp,
    /// Whose signature it holds.
    pub recipient_id: Option<RecipientId>,
}

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The id.
    pub id: DocumentId,
    /// The envelope.
    pub envelope_id: EnvelopeId,
    /// File name.
    pub name: String,
    /// How many pages.
    pub pages: u32,
    /// How many signatures the sender's file held already.
    pub existing_signatures: u32,
    /// The author's certification (DocMDP P of ISO 32000-2, 12.8.2.2), where there is one.
    pub certification: Option<u8>,
    /// Whether the sender's file held form fields.
    pub has_form: bool,
    /// The displayed size of every page.
    pub page_sizes: Vec<PageSize>,
    /// All revisions, by number; never empty.
    pub revisions: Vec<Revision>,
}

impl Document {
    /// The newest revision.
    #[must_use]
    pub fn newest(&self) -> &Revision {
        self.revisions.last().expect("a document is stored together with its original revision")
    }

    /// The sender's file.
    #[must_use]
    pub fn original(&self) -> &Revision {
        self.revisions.first().expect("a document is stored together with its original revision")
    }
}

/// A recipient's refusal to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// Who.
    pub recipient_id: RecipientId,
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// An envelope, without what lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The id.
    pub id: EnvelopeId,
    /// The sender.
    pub account_id: AccountId,
    /// Title; may be empty in a draft.
    pub title: String,
    /// Message to the recipients.
    pub message: String,
    /// Where it stands.
    pub status: EnvelopeStatus,
    /// Who signs when.
    pub order: Order,
    /// The language of the envelope's own documents and the default for recipients.
    pub locale: Locale,
    /// How many days it stays open once sent.
    pub expires_in_days: u32,
    /// The signing policy, by name and owner.
    pub policy: PolicyRef,
    /// SHA-256 of the signing policy as it was when the envelope was sent: it stays what it was then.
    pub policy_digest: Option<[u8; 32]>,
    /// When the draft was made.
    pub created_at: Timestamp,
    /// When anything last changed.
    pub updated_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When the documents were finished, after the last recipient had signed.
    pub completed_at: Option<Timestamp>,
    /// When it expires or expired.
    pub expires_at: Option<Timestamp>,
    /// Who declined.
    pub decline: Option<Decline>,
    /// Why the sender took it back.
    pub void_reason: Option<String>,
}

impl Envelope {
    /// Passes a draft.
    ///
    /// # Errors
    /// [`Refusal::NotDraft`].
    pub fn require_draft(&self) -> Result<(), Refusal> {
        (self.status == EnvelopeStatus::Draft).then_some(()).ok_or(Refusal::NotDraft)
    }

    /// Passes an envelope that waits for recipients at `now`: its time runs out even before the sweep marks it.
    ///
    /// # Errors
    /// [`Refusal::NotSent`] for a draft, [`Refusal::EnvelopeState`] for one that has ended.
    pub fn require_open(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.status_at(now) {
            EnvelopeStatus::Sent => Ok(()),
            EnvelopeStatus::Draft => Err(Refusal::NotSent),
            ended => Err(Refusal::EnvelopeState { status: ended.as_str() }),
        }
    }

    /// The status at a time: a sent envelope whose time has run out counts as expired.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> EnvelopeStatus {
        let over = self.expires_at.is_some_and(|at| at <= now);
        if self.status == EnvelopeStatus::Sent && over { EnvelopeStatus::Expired } else { self.status }
    }

    /// Sends a draft.
    ///
    /// # Errors
    /// [`Refusal::NotDraft`], [`Refusal::TitleRequired`].
    pub fn send(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.require_draft()?;
        if self.title.is_empty() {
            return Err(Refusal::TitleRequired);
        }
        self.status = EnvelopeStatus::Sent;
        self.sent_at = Some(now);
        self.expires_at = Some(now + SignedDuration::from_hours(24 * i64::from(self.expires_in_days)));
        self.updated_at = now;
        Ok(())
    }

    /// Takes a sent envelope back.
    ///
    /// # Errors
    /// As [`Envelope::require_open`].
    pub fn void(&mut self, reason: String, now: Timestamp) -> Result<(), Refusal> {
        self.require_open(now)?;
        self.status = EnvelopeStatus::Voided;
        self.void_reason = Some(reason);
        self.updated_at = now;
        Ok(())
    }

    /// Records that a recipient declined: the envelope ends.
    ///
    /// # Errors
    /// As [`Envelope::require_open`].
    pub fn decline(&mut self, decline: Decline) -> Result<(), Refusal> {
        self.require_open(decline.at)?;
        self.status = EnvelopeStatus::Declined;
        self.updated_at = decline.at;
        self.decline = Some(decline);
        Ok(())
    }

    /// Goes on once everyone has signed: nobody can take it back any more, and its time cannot run out. A signature that
    /// was begun in time may end after the deadline.
    ///
    /// # Errors
    /// [`Refusal::NotSent`], [`Refusal::EnvelopeState`].
    pub fn begin_completion(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.leave(EnvelopeStatus::Sent, EnvelopeStatus::Completing, now)
    }

    /// Completes an envelope whose documents are finished.
    ///
    /// # Errors
    /// [`Refusal::NotSent`], [`Refusal::EnvelopeState`].
    pub fn complete(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.leave(EnvelopeStatus::Completing, EnvelopeStatus::Completed, now)?;
        self.completed_at = Some(now);
        Ok(())
    }

    fn leave(&mut self, from: EnvelopeStatus, to: EnvelopeStatus, now: Timestamp) -> Result<(), Refusal> {
        match self.status {
            status if status == from => {}
            EnvelopeStatus::Draft => return Err(Refusal::NotSent),
            status => return Err(Refusal::EnvelopeState { status: status.as_str() }),
        }
        self.status = to;
        self.updated_at = now;
        Ok(())
    }

    /// Marks a sent envelope whose time has run out. Says whether it did.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        if self.status == EnvelopeStatus::Draft || self.status_at(now) == self.status {
            return false;
        }
        self.status = EnvelopeStatus::Expired;
        self.updated_at = now;
        true
    }
}

/// An envelope with everything in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    /// The envelope.
    pub envelope: Envelope,
    /// Its documents.
    pub documents: Vec<Document>,
    /// Its recipients, by place.
    pub recipients: Vec<Recipient>,
    /// Its fields.
    pub fields: Vec<Field>,
}

impl Contents {
    /// The signing policy that holds for a recipient: their own, else the envelope's.
    #[must_use]
    pub fn policy_for<'a>(&'a self, recipient: &'a Recipient) -> &'a PolicyRef {
        recipient.policy.as_ref().unwrap_or(&self.envelope.policy)
    }

    /// SHA-256 of that policy, once the envelope was sent.
    #[must_use]
    pub fn policy_digest_for<'a>(&'a self, recipient: &'a Recipient) -> Option<&'a [u8; 32]> {
        recipient.policy_digest.as_ref().or(self.envelope.policy_digest.as_ref())
    }

    /// Refuses a draft that nobody could sign: no document, no recipients, a recipient without a way to be reached,
    /// without a place to sign, or with a field that is not theirs to fill.
    ///
    /// # Errors
    /// The first thing that is missing.
    pub fn check_ready(&self) -> Result<(), Refusal> {
        if self.documents.is_empty() {
            return Err(Refusal::DocumentMissing);
        }
        if self.recipients.is_empty() {
            return Err(Refusal::RecipientsMissing);
        }
        for recipient in &self.recipients {
            self.check_recipient(recipient)?;
        }
        self.fields.iter().try_for_each(|field| self.check_field(field))
    }

    /// Refuses a field off its page, of a type that its recipient cannot fill, or that an existing signature rules
    /// out: only the first impression of each recipient can be added to a document that is signed already.
    ///
    /// # Errors
    /// [`Refusal::FieldOutsidePage`], [`Refusal::FieldTypeMismatch`], [`Refusal::PdfFieldsLocked`].
    pub fn check_field(&self, field: &Field) -> Result<(), Refusal> {
        let document =
            self.documents.iter().find(|d| d.id == field.document_id).ok_or(Refusal::DocumentMissing)?;
        let recipient =
            self.recipients.iter().find(|r| r.id == field.recipient_id).ok_or(Refusal::RecipientsMissing)?;
        let page = usize::try_from(field.page).ok().and_then(|page| page.checked_sub(1));
        let size = page.and_then(|page| document.page_sizes.get(page));
        if !size.is_some_and(|size| field.place.is_on(*size)) {
            return Err(Refusal::FieldOutsidePage { page: field.page });
        }
        if !field.kind.suits(recipient.kind) {
            return Err(Refusal::FieldTypeMismatch { name: recipient.shown_name().to_owned() });
        }
        let carries = self.signature_field(field.recipient_id).is_some_and(|first| first.id == field.id);
        if document.existing_signatures > 0 && !carries {
            return Err(Refusal::PdfFieldsLocked);
        }
        Ok(())
    }

    /// The field that carries a recipient's signature in the PDF: their first place for an impression. Their other
    /// places show it without a signature of their own.
    #[must_use]
    pub fn signature_field(&self, recipient: RecipientId) -> Option<&Field> {
        self.fields.iter().find(|f| f.recipient_id == recipient && f.kind.is_impression())
    }

    /// Whose signature is awaited, as the list shows it.
    #[must_use]
    pub fn waiting_for(&self) -> Option<String> {
        if self.envelope.status != EnvelopeStatus::Sent {
            return None;
        }
        let next = recipient::whose_turn(&self.recipients, self.envelope.order);
        let names: Vec<&str> = next.map(Recipient::shown_name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn check_recipient(&self, recipient: &Recipient) -> Result<(), Refusal> {
        let name = || recipient.shown_name().to_owned();
        if recipient.email.is_none() && recipient.phone.is_none() {
            return Err(Refusal::RecipientContactMissing { name: name() });
        }
        if recipient.kind == RecipientKind::Organization && recipient.organization.is_none() {
            return Err(Refusal::RecipientOrganizationMissing { name: name() });
        }
        let has = |kind| self.fields.iter().any(|f| f.recipient_id == recipient.id && f.kind == kind);
        match (recipient.kind, has(FieldType::Signature), has(FieldType::Seal)) {
            // One certificate says either who signed for it, or that it was sealed.
            (RecipientKind::Organization, true, true) => Err(Refusal::FieldTypeMismatch { name: name() }),
            (RecipientKind::Organization, _, true) | (_, true, _) => Ok(()),
            _ => Err(Refusal::FieldSignatureMissing { name: name() }),
        }
    }

    /// Whether an organization's recipient is asked for their own signature, in place of the organization's seal: then they
    /// sign as its agent, in their own name and its.
    #[must_use]
    pub fn signs_as_agent(&self, recipient: RecipientId) -> bool {
        let is_organization =
            self.recipients.iter().any(|it| it.id == recipient && it.kind == RecipientKind::Organization);
        is_organization
            && self.fields.iter().any(|it| it.recipient_id == recipient && it.kind == FieldType::Signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        let at = "2026-11-23T04:00:00Z".parse().unwrap();
        Envelope {
            id: "env_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap(),
            account_id: "acc_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap(),
            title: "Lease".to_owned(),
            message: String::new(),
            status: EnvelopeStatus::Draft,
            order: Order::Sequential,
            locale: Locale::En,
            expires_in_days: 30,
            policy: PolicyRef::new(None, "standard"),
            policy_digest: None,
            created_at: at,
            updated_at: at,
            sent_at: None,
            completed_at: None,
            expires_at: None,
            decline: None,
            void_reason: None,
        }
    }

    #[test]
    fn nothing_leads_back_from_an_end() {
        let now: Timestamp = "2026-11-24T04:00:00Z".parse().unwrap();
        let late = now + SignedDuration::from_hours(24 * 31);
        let mut sent = envelope();
        assert_eq!(sent.require_open(now), Err(Refusal::NotSent));
        assert!(!sent.expire(late), "a draft does not expire");
        sent.send(now).unwrap();
        assert_eq!(sent.send(now), Err(Refusal::NotDraft));
        assert_eq!(sent.status_at(late), EnvelopeStatus::Expired);
        assert_eq!(sent.void("x".to_owned(), late), Err(Refusal::EnvelopeState { status: "expired" }));
        let mut ended = [sent.clone(), sent.clone(), sent.clone()];
        ended[0].void("wrong file".to_owned(), now).unwrap();
        assert_eq!(ended[1].complete(now), Err(Refusal::EnvelopeState { status: "sent" }));
        ended[1].begin_completion(now).unwrap();
        assert_eq!(ended[1].status_at(late), EnvelopeStatus::Completing, "its time runs out no more");
        let status = "completing";
        assert_eq!(ended[1].void("x".to_owned(), now), Err(Refusal::EnvelopeState { status }));
        ended[1].complete(now).unwrap();
        assert!(ended[2].expire(late));
        for envelope in &mut ended {
            let status = envelope.status.as_str();
            assert_eq!(envelope.require_draft(), Err(Refusal::NotDraft));
            assert_eq!(envelope.begin_completion(now), Err(Refusal::EnvelopeState { status }));
            assert_eq!(envelope.complete(now), Err(Refusal::EnvelopeState { status }));
            assert!(!envelope.clone().expire(late));
        }
    }

    #[test]
    fn a_draft_needs_a_title() {
        let mut draft = envelope();
        draft.title.clear();
        assert_eq!(draft.send(draft.created_at), Err(Refusal::TitleRequired));
    }
}

//! Who is told what: notices of envelopes, queued for everyone whom they concern.

use domain::account::Account;
use domain::envelope::{Contents, Envelope};
use domain::policy::Custody;
use domain::recipient::{Recipient, RecipientStatus};
use domain::{ActivationId, Email, JobId, Locale, Phone, RecipientId};
use jiff::{SignedDuration, Timestamp};
use store::{Review, Tx};

use super::{
    About, Contact, Ending, InvitationKind, KeyUse, NoCertificate, Notice, OrganizationNews, ReviewResult,
    queue, queue_about, queue_for,
};
use crate::ceremony::Scene;
use crate::view::Time;
use crate::{Error, Service};

/// For how many minutes a code is taken.
const CODE_MINUTES: u32 = 5;

/// Who is asked to sign.
pub(crate) struct Asked<'a> {
    pub(crate) recipient: &'a Recipient,
    /// Whether they sign for an organization by hand, in place of its seal.
    pub(crate) as_agent: bool,
    pub(crate) link: String,
    pub(crate) kind: InvitationKind,
}

/// Until when a code of now is taken.
fn code_until(service: &Service) -> Time {
    Time(service.now() + SignedDuration::from_mins(i64::from(CODE_MINUTES)))
}

/// Asks a recipient to sign: by mail where there is an address, else by SMS.
pub(crate) async fn invitation(
    service: &Service,
    tx: &mut Tx,
    envelope: &Envelope,
    sender: &Account,
    Asked { recipient, as_agent, link, kind }: Asked<'_>,
) -> Result<(), Error> {
    let now = service.now();
    let Some(to) = contact(recipient) else { return Ok(()) };
    let notice = Notice::Invitation {
        to,
        name: recipient.name.to_string(),
        organization: recipient.organization.as_ref().map(ToString::to_string),
        as_agent,
        locale: recipient.locale,
        sender: sender.name.to_string(),
        title: envelope.title.clone(),
        message: envelope.message.clone(),
        link,
        expires_at: envelope.expires_at.unwrap_or(now).into(),
        kind,
    };
    queue_about(service, tx, notice, about(recipient), now).await
}

/// Sends a code to type: to a recipient, or to whoever an account is.
pub(crate) async fn phone_code(
    service: &Service,
    tx: &mut Tx,
    (recipient, locale): (Option<&Recipient>, Locale),
    phone: &Phone,
    code: &str,
) -> Result<(), Error> {
    let notice = Notice::Code {
        to: phone.reveal().to_owned(),
        locale,
        code: code.to_owned(),
        minutes: CODE_MINUTES,
        until: Some(code_until(service)),
    };
    let about = recipient.map(about).unwrap_or_default();
    queue_about(service, tx, notice, about, service.now()).await
}

/// Sends a recipient a code to type, to the address that the invitation went to.
pub(crate) async fn mail_code(
    service: &Service,
    tx: &mut Tx,
    recipient: &Recipient,
    email: &Email,
    code: &str,
    title: String,
) -> Result<(), Error> {
    let notice = Notice::MailCode {
        to: email.to_string(),
        locale: recipient.locale,
        code: code.to_owned(),
        minutes: CODE_MINUTES,
        until: Some(code_until(service)),
        title,
    };
    queue_about(service, tx, notice, about(recipient), service.now()).await
}

/// A use of a signer's key.
pub(crate) struct KeyUsed<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) activation: ActivationId,
    pub(crate) custody: Custody,
}

/// Tells a signer that their key was used, not before `due`: by mail where there is an address, else to the phone that was
/// verified. How the signing ended by then is looked up as it is sent. None where there is no way to reach them.
pub(crate) async fn key_used(
    service: &Service,
    tx: &mut Tx,
    it: &KeyUsed<'_>,
    due: Timestamp,
) -> Result<Option<JobId>, Error> {
    let recipient = &it.scene.recipient;
    let phone = it.scene.verified_identity().and_then(|it| it.phone.as_ref());
    let reached = contact(recipient).or_else(|| phone.map(|it| Contact::Sms(it.reveal().to_owned())));
    let Some(to) = reached else { return Ok(None) };
    let notice = Notice::KeyUsed {
        to,
        locale: recipient.locale,
        title: it.scene.contents.envelope.title.clone(),
        custody: it.custody,
        at: service.now().into(),
        keys: Some(format!("{}/keys/{}", service.config().public_url, recipient.id)),
        activation: Some(it.activation),
        ended: KeyUse::default(),
    };
    queue_for(service, tx, notice, about(recipient), due).await.map(Some)
}

/// Tells an agent how the verification of their organization goes on.
pub(crate) async fn organization(
    service: &Service,
    tx: &mut Tx,
    recipient: &Recipient,
    title: &str,
    organization: &str,
    news: OrganizationNews,
) -> Result<(), Error> {
    let Some(to) = contact(recipient) else { return Ok(()) };
    let (title, organization) = (title.to_owned(), organization.to_owned());
    let notice = Notice::Organization { to, locale: recipient.locale, title, organization, news };
    queue_about(service, tx, notice, about(recipient), service.now()).await
}

/// Tells a signer how a check by hand ended, or that other pictures are needed.
pub(crate) async fn reviewed(
    service: &Service,
    tx: &mut Tx,
    recipient: &Recipient,
    title: String,
    kind: domain::review::Kind,
    result: ReviewResult,
) -> Result<(), Error> {
    let Some(to) = contact(recipient) else { return Ok(()) };
    let notice = Notice::Reviewed { to, locale: recipient.locale, title, kind, result };
    queue_about(service, tx, notice, about(recipient), service.now()).await
}

/// Tells an account how a check by hand that was begun in it ended, or that other pictures are needed.
pub(crate) async fn reviewed_in_account(
    service: &Service,
    tx: &mut Tx,
    account: &Account,
    result: ReviewResult,
) -> Result<(), Error> {
    let link = format!("{}/identity", service.config().public_url);
    let notice =
        Notice::ReviewedInAccount { to: account.email.to_string(), locale: account.locale, result, link };
    queue(service, tx, notice, service.now()).await
}

/// Tells an administrator that a check waits.
pub(crate) async fn review_arrived(
    service: &Service,
    tx: &mut Tx,
    administrator: &Account,
    review: &Review,
) -> Result<(), Error> {
    let notice = Notice::ReviewArrived {
        to: administrator.email.to_string(),
        locale: administrator.locale,
        kind: review.kind,
        until: review.until.into(),
        link: format!("{}/reviews/{}", service.config().public_url, review.id),
    };
    queue(service, tx, notice, service.now()).await
}

/// Tells a signer that another's authority has certified their key, and that the signing can go on.
pub(crate) async fn certificate_ready(
    service: &Service,
    tx: &mut Tx,
    recipient: &Recipient,
    title: String,
) -> Result<(), Error> {
    let Some(to) = contact(recipient) else { return Ok(()) };
    let notice = Notice::CertificateReady { to, locale: recipient.locale, title };
    queue_about(service, tx, notice, about(recipient), service.now()).await
}

/// Tells a signer that another's authority did not certify their key.
pub(crate) async fn certificate_refused(
    service: &Service,
    tx: &mut Tx,
    recipient: &Recipient,
    title: String,
    why: NoCertificate,
) -> Result<(), Error> {
    let Some(to) = contact(recipient) else { return Ok(()) };
    let notice = Notice::CertificateRefused { to, locale: recipient.locale, title, why };
    queue_about(service, tx, notice, about(recipient), service.now()).await
}

/// Tells everyone that everyone has signed.
pub(crate) async fn completed(
    service: &Service,
    tx: &mut Tx,
    contents: &Contents,
    sender: &Account,
) -> Result<(), Error> {
    let title = &contents.envelope.title;
    let signing = |id: RecipientId| format!("{}/sign/{id}", service.config().public_url);
    for (to, locale, link, recipient) in audience(service, contents, sender, None) {
        let signed = recipient.map(signing);
        let about = About { envelope: Some(contents.envelope.id), recipient };
        let notice = Notice::Completed { to, locale, title: title.clone(), link, signed };
        queue_about(service, tx, notice, about, service.now()).await?;
    }
    Ok(())
}

/// Tells the sender, and those who were asked, that a recipient declined.
pub(crate) async fn declined(
    service: &Service,
    tx: &mut Tx,
    contents: &Contents,
    by: &Recipient,
    sender: &Account,
) -> Result<(), Error> {
    let reason = contents.envelope.decline.as_ref().map(|decline| decline.reason.clone());
    let how = Ending::Declined { by: by.shown_name().to_owned() };
    ended(service, tx, contents, sender, &how, reason, Some(by.id)).await
}

/// Tells those who were asked that the sender took the envelope back.
pub(crate) async fn voided(
    service: &Service,
    tx: &mut Tx,
    contents: &Contents,
    sender: &Account,
) -> Result<(), Error> {
    let how = Ending::Voided { by: sender.name.to_string() };
    ended(service, tx, contents, sender, &how, contents.envelope.void_reason.clone(), None).await
}

/// Tells the sender, and those who were asked, that the time ran out.
pub(crate) async fn expired(
    service: &Service,
    tx: &mut Tx,
    contents: &Contents,
    sender: &Account,
) -> Result<(), Error> {
    ended(service, tx, contents, sender, &Ending::Expired, None, None).await
}

async fn ended(
    service: &Service,
    tx: &mut Tx,
    contents: &Contents,
    sender: &Account,
    how: &Ending,
    reason: Option<String>,
    except: Option<RecipientId>,
) -> Result<(), Error> {
    let title = &contents.envelope.title;
    for (to, locale, link, recipient) in audience(service, contents, sender, except) {
        let is_sender = link.is_some();
        let about = About { envelope: Some(contents.envelope.id), recipient };
        if is_sender && matches!(how, Ending::Voided { .. }) {
            continue;
        }
        // What a recipient gave as a reason is for the sender, not for the other parties.
        let reason = reason.clone().filter(|_| is_sender || !matches!(how, Ending::Declined { .. }));
        let notice = Notice::Ended { to, locale, title: title.clone(), how: how.clone(), reason, link };
        queue_about(service, tx, notice, about, service.now()).await?;
    }
    Ok(())
}

/// The sender, with a link to the envelope, and every recipient who was asked so far, by their id.
fn audience(
    service: &Service,
    contents: &Contents,
    sender: &Account,
    except: Option<RecipientId>,
) -> Vec<(Contact, Locale, Option<String>, Option<RecipientId>)> {
    let link = format!("{}/envelopes/{}", service.config().public_url, contents.envelope.id);
    let mut audience = vec![(Contact::Mail(sender.email.to_string()), sender.locale, Some(link), None)];
    for recipient in &contents.recipients {
        let asked = recipient.status != RecipientStatus::Waiting && Some(recipient.id) != except;
        if let Some(to) = contact(recipient).filter(|_| asked) {
            audience.push((to, recipient.locale, None, Some(recipient.id)));
        }
    }
    audience
}

fn about(recipient: &Recipient) -> About {
    About { envelope: Some(recipient.envelope_id), recipient: Some(recipient.id) }
}

/// How a recipient is reached.
pub(crate) fn contact(recipient: &Recipient) -> Option<Contact> {
    let mail = recipient.email.as_ref().map(|email| Contact::Mail(email.to_string()));
    mail.or_else(|| recipient.phone.as_ref().map(|phone| Contact::Sms(phone.reveal().to_owned())))
}

//! The administrators of the authority: what they see, and changes of status that one asks for and another decides.

use std::collections::{BTreeMap, HashMap};

use domain::{AccountId, CertificateId, Email, Refusal, StatusRequestId};
use evidence::{Body, Link};
use jiff::Timestamp;
use pki::Certificate;
use pki::ca::Subject;
use store::{
    Append, CertificateCount, CertificateFilter, CertificateState, Decision, Reader, StatusRequest,
    StoredCertificate,
};

use super::status::{Change, change_in};
use super::{issue::reason_of, offline, tend};
use crate::account::Actor;
use crate::view::{self, CertificateStatus, RevocationReason, StatusAction};
use crate::{Error, Service};

const PAGE: u32 = 25;
/// Longer searches find nothing that shorter ones would not.
const WORDS: usize = 100;
const REQUESTS: u32 = 200;

/// Makes the account of an address an administrator.
///
/// # Errors
/// [`Error::NotFound`] where the address has no account, or none that is verified.
pub async fn add_administrator(service: &Service, email: &str) -> Result<(), Error> {
    change_administrator(service, email, true).await
}

/// Takes the office away again.
///
/// # Errors
/// [`Error::NotFound`] where the address has no account, or one that is no administrator's.
pub async fn remove_administrator(service: &Service, email: &str) -> Result<(), Error> {
    change_administrator(service, email, false).await
}

async fn change_administrator(service: &Service, email: &str, add: bool) -> Result<(), Error> {
    let now = service.now();
    let email = Email::parse(email)?;
    let mut tx = service.store().begin().await?;
    let (account, _) = tx.account_by_email(&email).await?.ok_or(Error::NotFound)?;
    let kind = if add {
        account.verified_at.ok_or(Error::NotFound)?;
        tx.add_administrator(account.id, now).await?;
        "administrator.added"
    } else {
        if !tx.remove_administrator(account.id).await? {
            return Err(Error::NotFound);
        }
        "administrator.removed"
    };
    let (subject, actor) = (Some(account.id.to_string()), evidence::Actor::System);
    tx.append_event(Append { at: now, kind, subject, actor, body: Body::new() }).await?;
    Ok(tx.commit().await?)
}

/// The addresses of the administrators.
///
/// # Errors
/// Where storage fails.
pub async fn administrators(service: &Service) -> Result<Vec<String>, Error> {
    let found = service.store().read().await?.administrators().await?;
    Ok(found.into_iter().map(|account| account.email.to_string()).collect())
}

/// Whether whoever is logged in administers the authority.
///
/// # Errors
/// Where storage fails.
pub async fn is_administrator(service: &Service, actor: &Actor) -> Result<bool, Error> {
    Ok(service.store().read().await?.is_administrator(actor.id()).await?)
}

/// The authority at a glance.
///
/// # Errors
/// [`Error::NotFound`] for whoever is no administrator, as all that follows.
pub async fn overview(service: &Service, actor: &Actor) -> Result<view::CaOverview, Error> {
    let mut reader = office(service, actor).await?;
    let now = service.now();
    let counts = reader.certificate_counts(now).await?;
    let waiting = reader.status_requests(REQUESTS).await?.iter().filter(|it| it.decision.is_none()).count();
    let keys = service.authority().keys();
    let own = [&keys.tsa.certificate, &keys.log.certificate, &keys.platform.certificate];
    let own = own.into_iter().chain(keys.cas.iter().map(|ca| &ca.ocsp.certificate));
    let mut shown = Vec::new();
    for certificate in own {
        let stored = reader.certificate_by_serial(&certificate.serial_hex()).await?;
        shown.extend(stored.map(|it| issued(&it, now)));
    }
    drop(reader);
    let entries = offline::entries(service).await.map_err(Error::internal)?;
    let url = &service.config().public_url;
    Ok(view::CaOverview {
        authorities: entries.iter().map(|entry| ca(entry, &counts, url)).collect(),
        keys: shown,
        waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        administrators: administrators(service).await?,
    })
}

/// Certificates, newest first. A state or cursor that means nothing lists nothing or begins anew.
///
/// # Errors
/// As [`overview`].
pub async fn certificates(
    service: &Service,
    actor: &Actor,
    state: Option<&str>,
    words: Option<&str>,
    cursor: Option<&str>,
) -> Result<view::IssuedCertificates, Error> {
    let mut reader = office(service, actor).await?;
    let now = service.now();
    let text = |it: Option<&str>| it.filter(|it| !it.is_empty()).map(|it| it.chars().take(WORDS).collect());
    let filter = CertificateFilter {
        state: text(state),
        words: text(words),
        before: cursor.and_then(|it| it.parse().ok()),
        most: PAGE + 1,
    };
    let mut found = reader.certificates(&filter, now).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    Ok(view::IssuedCertificates {
        next_cursor: found.last().filter(|_| more).map(|it| it.id.to_string()),
        items: found.iter().map(|it| issued(it, now)).collect(),
    })
}

/// A certificate with what the log says of it.
///
/// # Errors
/// As [`overview`].
pub async fn certificate(
    service: &Service,
    actor: &Actor,
    id: CertificateId,
) -> Result<view::CertificateDetail, Error> {
    let mut reader = office(service, actor).await?;
    let stored = reader.certificate(id).await?.ok_or(Error::NotFound)?;
    let mut names = HashMap::new();
    let links = reader.events_of(&id.to_string()).await?;
    for link in &links {
        if let evidence::Actor::Account(id) = &link.event.actor
            && let Ok(account) = id.parse::<AccountId>()
        {
            let email = reader.account(account).await?.map(|it| it.email.to_string());
            names.insert(id.clone(), email.unwrap_or_default());
        }
    }
    let pem = stored
        .der
        .as_deref()
        .map(Certificate::from_der)
        .transpose()
        .map_err(Error::internal)?
        .map(|it| it.to_pem());
    Ok(view::CertificateDetail {
        certificate: issued(&stored, service.now()),
        pem,
        events: links.iter().map(|link| event(link, &names)).collect(),
    })
}

/// Asks for a change of a certificate's status. Another administrator decides.
///
/// # Errors
/// As [`overview`]; `certificate_state` where the change does not apply, `request_waiting` where one waits already.
pub async fn request(
    service: &Service,
    actor: &Actor,
    id: CertificateId,
    action: StatusAction,
    reason: Option<RevocationReason>,
) -> Result<view::StatusRequests, Error> {
    let now = service.now();
    drop(office(service, actor).await?);
    let mut tx = service.store().begin().await?;
    let stored = tx.certificate(id).await?.ok_or(Error::NotFound)?;
    let change = change_of(action, reason);
    require(change, &stored, now)?;
    let request = StatusRequest {
        id: StatusRequestId::new(service.clock(), service.rng()),
        certificate_id: id,
        action: change.as_str().to_owned(),
        reason: word_of(reason).to_owned(),
        requested_by: actor.id(),
        requested_at: now,
        decision: None,
    };
    match tx.insert_status_request(&request).await {
        Err(store::Error::Conflict) => return Err(Refusal::RequestWaiting.into()),
        inserted => inserted?,
    }
    tx.append_event(told(&request, "certificate.change_requested", actor, now)).await?;
    tx.commit().await?;
    requests(service, actor).await
}

/// The requests: those that wait first.
///
/// # Errors
/// As [`overview`].
pub async fn requests(service: &Service, actor: &Actor) -> Result<view::StatusRequests, Error> {
    let mut reader = office(service, actor).await?;
    let now = service.now();
    let mut items = Vec::new();
    for request in reader.status_requests(REQUESTS).await? {
        let Some(stored) = reader.certificate(request.certificate_id).await? else { continue };
        let by = email(&mut reader, request.requested_by).await?;
        let decided_by = match &request.decision {
            Some(decision) => Some(email(&mut reader, decision.by).await?),
            None => None,
        };
        let word = |approved| if approved { "approved" } else { "refused" };
        items.push(view::StatusRequestView {
            id: request.id.to_string(),
            action: action_of(&request.action),
            reason: request.reason.clone(),
            certificate: issued(&stored, now),
            requested_by: by,
            requested_at: request.requested_at.into(),
            decision: request.decision.as_ref().map(|it| word(it.approved).to_owned()),
            decided_by,
            decided_at: view::Time::maybe(request.decision.as_ref().map(|it| it.at)),
            can_decide: request.decision.is_none() && request.requested_by != actor.id(),
        });
    }
    Ok(view::StatusRequests { items })
}

/// Approves a request that another administrator made: the change is made at once.
///
/// # Errors
/// As [`overview`]; `second_administrator` for whoever made it, `request_decided` where someone was quicker.
pub async fn approve(
    service: &Service,
    actor: &Actor,
    id: StatusRequestId,
) -> Result<view::StatusRequests, Error> {
    decide(service, actor, id, true).await
}

/// Refuses a request. Whoever made it takes it back so.
///
/// # Errors
/// As [`approve`].
pub async fn refuse(
    service: &Service,
    actor: &Actor,
    id: StatusRequestId,
) -> Result<view::StatusRequests, Error> {
    decide(service, actor, id, false).await
}

async fn decide(
    service: &Service,
    actor: &Actor,
    id: StatusRequestId,
    approved: bool,
) -> Result<view::StatusRequests, Error> {
    let now = service.now();
    drop(office(service, actor).await?);
    let mut tx = service.store().begin().await?;
    // Asked again inside: whoever lost the office a moment ago decides nothing.
    if !tx.is_administrator(actor.id()).await? {
        return Err(Error::NotFound);
    }
    let request = tx.status_request(id).await?.ok_or(Error::NotFound)?;
    // Two administrators, both in office now.
    let asked_by_another =
        request.requested_by != actor.id() && tx.is_administrator(request.requested_by).await?;
    if approved && !asked_by_another {
        return Err(Refusal::SecondAdministrator.into());
    }
    if !tx.decide_status_request(id, &Decision { approved, by: actor.id(), at: now }).await? {
        return Err(Refusal::RequestDecided.into());
    }
    let kind = if approved { "certificate.change_approved" } else { "certificate.change_refused" };
    tx.append_event(told(&request, kind, actor, now)).await?;
    if approved {
        let stored = tx.certificate(request.certificate_id).await?.ok_or(Error::NotFound)?;
        let change = match action_of(&request.action) {
            StatusAction::Revoke => Change::Revoke(reason_of(&request.reason)),
            StatusAction::Suspend => Change::Suspend,
            StatusAction::Release => Change::Release,
        };
        require(change, &stored, now)?;
        change_in(&mut tx, &stored, change, actor.evidence(), now).await?;
    }
    tx.commit().await?;
    service.authority().changed().await;
    requests(service, actor).await
}

/// A view of the records for an administrator; others learn nothing of them.
async fn office(service: &Service, actor: &Actor) -> Result<Reader, Error> {
    let mut reader = service.store().read().await?;
    if reader.is_administrator(actor.id()).await? { Ok(reader) } else { Err(Error::NotFound) }
}

pub(super) fn require(change: Change, stored: &StoredCertificate, now: Timestamp) -> Result<(), Error> {
    let status = status(stored, now);
    // What has ended is revoked no more (RFC 5280 §3.3: it would leave the lists).
    let applies = change.applies_to(&stored.state) && stored.not_after > now;
    if applies { Ok(()) } else { Err(Refusal::CertificateState { status: status_word(status) }.into()) }
}

pub(super) fn change_of(action: StatusAction, reason: Option<RevocationReason>) -> Change {
    match action {
        StatusAction::Revoke => Change::Revoke(reason_of(word_of(reason))),
        StatusAction::Suspend => Change::Suspend,
        StatusAction::Release => Change::Release,
    }
}

fn word_of(reason: Option<RevocationReason>) -> &'static str {
    match reason {
        None | Some(RevocationReason::Unspecified) => "unspecified",
        Some(RevocationReason::KeyCompromise) => "key_compromise",
        Some(RevocationReason::AffiliationChanged) => "affiliation_changed",
        Some(RevocationReason::Superseded) => "superseded",
        Some(RevocationReason::CessationOfOperation) => "cessation_of_operation",
        Some(RevocationReason::PrivilegeWithdrawn) => "privilege_withdrawn",
    }
}

fn action_of(word: &str) -> StatusAction {
    match word {
        "suspend" => StatusAction::Suspend,
        "release" => StatusAction::Release,
        _ => StatusAction::Revoke,
    }
}

fn status(stored: &StoredCertificate, now: Timestamp) -> CertificateStatus {
    match &stored.state {
        CertificateState::Intended => CertificateStatus::Intended,
        CertificateState::Revoked(it) if it.reason == "certificate_hold" => CertificateStatus::Suspended,
        CertificateState::Revoked(_) => CertificateStatus::Revoked,
        CertificateState::Issued if stored.not_after <= now => CertificateStatus::Expired,
        CertificateState::Issued => CertificateStatus::Valid,
    }
}

fn status_word(status: CertificateStatus) -> &'static str {
    match status {
        CertificateStatus::Intended => "intended",
        CertificateStatus::Valid => "valid",
        CertificateStatus::Expired => "expired",
        CertificateStatus::Suspended => "suspended",
        CertificateStatus::Revoked => "revoked",
    }
}

pub(crate) fn issued(it: &StoredCertificate, now: Timestamp) -> view::IssuedCertificate {
    let subject: Subject = serde_json::from_str(&it.subject).unwrap_or_default();
    let revocation = match &it.state {
        CertificateState::Revoked(revocation) => Some(revocation),
        _ => None,
    };
    let certificate = it.der.as_deref().and_then(|der| Certificate::from_der(der).ok());
    view::IssuedCertificate {
        id: it.id.to_string(),
        serial: it.serial.clone(),
        profile: it.profile.clone(),
        name: subject.common_name,
        organization: subject.organization,
        // People know a CA by the name in its certificates, not by our word for it.
        issuer: certificate
            .as_ref()
            .and_then(|it| it.issuer().common_name().map(str::to_owned))
            .unwrap_or_else(|| it.issuer.clone()),
        authority: it.authority.clone(),
        status: status(it, now),
        not_before: it.not_before.into(),
        not_after: it.not_after.into(),
        revoked_at: view::Time::maybe(revocation.map(|it| it.at)),
        reason: revocation.map(|it| it.reason.clone()),
        fingerprint: certificate.map(|it| hex::encode(it.fingerprint())),
        kept_until: (it.not_after + tend::KEPT).into(),
        can_release: false,
    }
}

fn ca(entry: &offline::CaEntry, counts: &[CertificateCount], url: &str) -> view::CaView {
    let count = counts.iter().find(|it| it.issuer == entry.word);
    let word = &entry.word;
    view::CaView {
        word: word.clone(),
        branch: entry.branch.map(|it| it.as_str().to_owned()),
        subject: entry.certificate.common_name(),
        serial: entry.certificate.serial_hex(),
        not_before: entry.certificate.not_before().into(),
        not_after: entry.certificate.not_after().into(),
        has_key: entry.has_key,
        is_active: entry.is_active,
        valid: count.map_or(0, |it| it.valid),
        revoked: count.map_or(0, |it| it.revoked),
        issued: count.map_or(0, |it| it.issued),
        list: entry.list.map(|(number, this_update, next_update)| view::ListView {
            number,
            this_update: this_update.into(),
            next_update: next_update.into(),
            ahead: u32::try_from(entry.lists_ahead).unwrap_or(u32::MAX),
            url: format!("{url}/pki/{word}.crl"),
        }),
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
    let members = link.event.body.members();
    let text = |value: &evidence::Value| match value {
        evidence::Value::Text(text) => text.clone(),
        other => other.canonical(),
    };
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

fn told(request: &StatusRequest, kind: &'static str, actor: &Actor, at: Timestamp) -> Append {
    let body = Body::new()
        .with("request", request.id.to_string())
        .with("action", request.action.as_str())
        .with("reason", request.reason.as_str());
    let subject = Some(request.certificate_id.to_string());
    Append { at, kind, subject, actor: actor.evidence(), body }
}

async fn email(reader: &mut Reader, id: AccountId) -> Result<String, Error> {
    Ok(reader.account(id).await?.map(|it| it.email.to_string()).unwrap_or_default())
}

//! A person's identity as their account shows it: the check from the account itself, what is on record, what was agreed to,
//! and the way to end it.

use domain::{IdDocument, IdKind, Locale, PersonId, Phone, mask};
use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use providers::PersonMethod;
use store::{
    CheckedFor, ConsentDecision, FacesOf, IdentityVerification, OwnerOf, Purpose, Reader, Tx,
    VerificationState,
};

use super::input::PersonInput;
use super::party::{Asker, Holder, Party};
use super::present::{Shown, view_of};
use super::{CONSENT_WITHDRAWN, consent, evidence as kept, link, pending, start, verify};
use crate::account::{self, Actor};
use crate::authority::{self, LapseCause};
use crate::ceremony::Scene;
use crate::core::Service;
use crate::error::Error;
use crate::notify::LinkNews;
use crate::{review, view};

const DAY: i64 = 24;

/// The person of the account, and the check that is under way.
///
/// # Errors
/// Where the records cannot be read.
pub async fn my_identity(service: &Service, actor: &Actor) -> Result<view::MyIdentity, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let account = reader.account(actor.id()).await?.ok_or(Error::Unauthorised)?;
    let holder = Holder::load(&mut reader, account, now).await?;
    let by = CheckedFor::Account(holder.account.id);
    let decided = reader.data_consents(by).await?;
    let check = view_of(service, Shown::of_holder(&holder), &decided);
    let person = match holder.link {
        Some(link) => Some(person(service, &mut reader, link.person_id, link.linked_at, now).await?),
        None => None,
    };
    let consents = reader.consents_of_person(holder.account.id, holder.link.map(|it| it.person_id)).await?;
    let consents = consents.into_iter().map(|it| view::GivenConsent {
        purpose: it.purpose.into(),
        given: it.decision == ConsentDecision::Given,
        version: it.version,
        digest: it.digest,
        locale: it.locale,
        at: it.created_at.into(),
        in_account: matches!(it.decided_by, CheckedFor::Account(_)),
    });
    Ok(view::MyIdentity {
        account_name: holder.account.name.as_str().to_owned(),
        email: holder.account.email.to_string(),
        person,
        check,
        consents: consents.collect(),
        elsewhere: reader.certificates_by_address_alone(&holder.account).await?,
    })
}

/// Has a provider check who the account's person is.
///
/// # Errors
/// As [`crate::ceremony::identity`]; `account_linked` for another than the account's person.
pub async fn check_mine(
    service: &Service,
    actor: &Actor,
    input: &PersonInput,
) -> Result<view::MyIdentity, Error> {
    start(service, &Asker::Account(actor), input).await?;
    my_identity(service, actor).await
}

/// Takes the code.
///
/// # Errors
/// As [`crate::ceremony::identity_code`].
pub async fn confirm_mine(service: &Service, actor: &Actor, code: &str) -> Result<view::MyIdentity, Error> {
    verify::check_code(service, &Asker::Account(actor), code).await?;
    my_identity(service, actor).await
}

/// Sends another code.
///
/// # Errors
/// As [`crate::ceremony::identity_resend`].
pub async fn resend_mine(service: &Service, actor: &Actor) -> Result<view::MyIdentity, Error> {
    verify::resend(service, &Asker::Account(actor)).await?;
    my_identity(service, actor).await
}

/// Gives up what was typed.
///
/// # Errors
/// Where storage fails.
pub async fn restart_mine(service: &Service, actor: &Actor) -> Result<view::MyIdentity, Error> {
    verify::restart(service, &Asker::Account(actor)).await?;
    my_identity(service, actor).await
}

/// Asks how a check at the provider's page stands.
///
/// # Errors
/// As [`crate::ceremony::identity_poll`].
pub async fn poll_mine(service: &Service, actor: &Actor) -> Result<view::MyIdentity, Error> {
    pending::poll(service, &Asker::Account(actor)).await?;
    my_identity(service, actor).await
}

/// Records that the person does not agree to the check that is offered. What was verified before stays.
///
/// # Errors
/// Where storage fails.
pub async fn refuse_mine(
    service: &Service,
    actor: &Actor,
    purpose: view::DataPurpose,
    locale: Locale,
) -> Result<view::MyIdentity, Error> {
    start::refuse(service, &Asker::Account(actor), purpose.into(), locale).await?;
    my_identity(service, actor).await
}

/// Takes a consent back. Checks that stood on it count no more; where none is left that counts, the person's long-lived
/// certificates are revoked.
///
/// # Errors
/// `confirmation_missing`; [`Error::NotFound`] where the account has no person.
pub async fn withdraw_consent(
    service: &Service,
    actor: &Actor,
    purpose: view::DataPurpose,
    locale: Locale,
) -> Result<view::MyIdentity, Error> {
    let now = service.now();
    account::require_confirmed(actor, now)?;
    let mut tx = service.store().begin().await?;
    let mut party = Party::load(&mut tx, &Asker::Account(actor), now).await?;
    let person = party.linked().ok_or(Error::NotFound)?;
    let purpose = Purpose::from(purpose);
    consent::record(service, &mut tx, &party, purpose, locale, ConsentDecision::Refused).await?;
    party.refuse(&mut tx, purpose).await?;
    if purpose != Purpose::Photo {
        tx.refuse_will_faces(FacesOf::Person(person), CONSENT_WITHDRAWN).await?;
    }
    let checks = counting(&mut tx, person, now).await?;
    let left = end_standing_on(&mut tx, checks, purpose, now).await?;
    let body = Body::new().with("person", person.to_string()).with("purpose", purpose.as_str());
    tx.append_event(party.event("identity.consent_withdrawn", body)).await?;
    if !left {
        authority::lapse(service, &mut tx, OwnerOf::Person(person), LapseCause::ConsentWithdrawn, now)
            .await?;
    }
    tx.commit().await?;
    service.authority().changed().await;
    service.wake_jobs();
    my_identity(service, actor).await
}

/// Ends what a signer was verified by for their ceremony, where it stands on a consent that they refuse now: whoever goes on is
/// verified anew. Where nothing is left that counts for the person, their long-lived certificates are revoked; whether so.
pub(super) async fn withdraw_in_ceremony(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    person: PersonId,
    purpose: Purpose,
) -> Result<bool, Error> {
    let (now, here) = (scene.now, CheckedFor::Recipient(scene.recipient.id));
    let all = counting(tx, person, now).await?;
    let (of_ceremony, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.checked_for == here);
    let stood = of_ceremony.len();
    let left = end_standing_on(tx, of_ceremony, purpose, now).await? || !others.is_empty();
    if stood == 0 || left {
        return Ok(false);
    }
    authority::lapse(service, tx, OwnerOf::Person(person), LapseCause::ConsentWithdrawn, now).await?;
    Ok(true)
}

/// Ends those of the checks that stand on a consent which was taken back; whether others are left.
async fn end_standing_on(
    tx: &mut Tx,
    checks: Vec<IdentityVerification>,
    purpose: Purpose,
    now: Timestamp,
) -> Result<bool, Error> {
    let mut left = false;
    for mut it in checks {
        let has = |word| it.proof.factors.iter().any(|factor| factor == word);
        let stands_on = match purpose {
            Purpose::Identity => true,
            Purpose::Face => has("face"),
            Purpose::Photo => has("document"),
        };
        if !stands_on {
            left = true;
            continue;
        }
        review::erase(tx, it.id, now).await?;
        end_check(tx, &mut it, CONSENT_WITHDRAWN, now).await?;
    }
    Ok(left)
}

/// Has erased what may be erased. Long-lived certificates are revoked, every account of the person is unlinked; what the law
/// has kept for five years past the end of a certificate (Electronic Signature Law Art. 24) is erased when these are over.
///
/// # Errors
/// As [`withdraw_consent`].
pub async fn request_erasure(service: &Service, actor: &Actor) -> Result<view::Erasure, Error> {
    let now = service.now();
    account::require_confirmed(actor, now)?;
    let mut tx = service.store().begin().await?;
    let mut party = Party::load(&mut tx, &Asker::Account(actor), now).await?;
    let person = party.linked().ok_or(Error::NotFound)?;
    let known = tx.person(person).await?;
    let open = [VerificationState::Asked, VerificationState::Pending, VerificationState::CodeSent];
    party.give_up(&mut tx, &open).await?;
    authority::lapse(service, &mut tx, OwnerOf::Person(person), LapseCause::Erasure, now).await?;
    for account in tx.accounts_of_person(person).await? {
        link::end(service, &mut tx, &account, actor.evidence(), LinkNews::Erasure, now).await?;
    }
    // Nothing was certified: nothing has to be kept.
    let must_keep = tx.was_certified(person).await?;
    for mut it in tx.identities_of_person(person).await? {
        review::erase(&mut tx, it.id, now).await?;
        if it.expires_at.is_none_or(|until| now < until) {
            end_check(&mut tx, &mut it, "erasure", now).await?;
        }
        if !must_keep && it.erased_at.is_none() {
            it.erase(now);
            tx.put_identity_verification(&it).await?;
        }
    }
    let mut body = Body::new().with("person", person.to_string());
    let certified = tx.certified_until(person).await?;
    let until = must_keep.then(|| certified.map_or(now, |end| end.max(now)) + retention(service));
    match (until, &known) {
        (Some(until), _) => body = body.with("kept_until", until.to_string()),
        (None, Some(known)) => {
            let masked = domain::Name::parse(&mask::name(known.name.as_str())).unwrap_or(known.name.clone());
            tx.erase_person(person, &masked).await?;
        }
        (None, None) => {}
    }
    tx.append_event(party.event("identity.erasure_requested", body)).await?;
    tx.commit().await?;
    service.authority().changed().await;
    service.wake_jobs();
    Ok(view::Erasure { erased: !must_keep, kept_until: until.map(Into::into) })
}

/// The person's checks that count.
async fn counting(
    reader: &mut Reader,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<IdentityVerification>, Error> {
    let all = reader.identities_of_person(person).await?;
    Ok(all.into_iter().filter(|it| it.expires_at.is_none_or(|until| now < until)).collect())
}

async fn end_check(
    tx: &mut Tx,
    it: &mut IdentityVerification,
    why: &str,
    now: Timestamp,
) -> Result<(), Error> {
    it.expires_at = Some(now);
    it.ended = Some(why.to_owned());
    Ok(tx.put_identity_verification(it).await?)
}

fn retention(service: &Service) -> SignedDuration {
    SignedDuration::from_hours(DAY * i64::from(service.config().identity_retention_days))
}

async fn person(
    service: &Service,
    reader: &mut Reader,
    id: PersonId,
    linked_at: Timestamp,
    now: Timestamp,
) -> Result<view::LinkedPerson, Error> {
    let known = reader.person(id).await?;
    let checks = reader.identities_of_person(id).await?;
    let best = checks.iter().filter(|it| it.expires_at.is_none_or(|until| now < until));
    let best = best.max_by_key(|it| (it.assurance, it.expires_at));
    let until = checks.iter().filter_map(|it| it.expires_at).max();
    let certified = reader.certified_until(id).await?;
    Ok(view::LinkedPerson {
        name_masked: known.as_ref().map(|it| mask::name(it.name.as_str())),
        document: known.as_ref().map(|it| it.document.kind().into()),
        id_number_masked: known.as_ref().map(|it| it.document.masked()),
        phone_masked: known.as_ref().and_then(|it| it.phone.as_ref()).map(Phone::masked),
        linked_at: linked_at.into(),
        counts: best.is_some(),
        assurance: best.and_then(|it| it.assurance),
        expires_at: best.map_or(until, |it| it.expires_at).map(Into::into),
        kept_until: kept_until(service, until, certified),
        accounts: u32::try_from(reader.accounts_of_person(id).await?.len()).unwrap_or(u32::MAX),
        certificates: u32::try_from(reader.certificates_of_owner(OwnerOf::Person(id), now).await?.len())
            .unwrap_or(u32::MAX),
        checks: checks.iter().map(|it| passed(service, it, certified, now)).collect(),
    })
}

/// Until when what is known is kept: so long after the end of the check, or of the last certificate, whichever is later.
fn kept_until(
    service: &Service,
    checked: Option<Timestamp>,
    certified: Option<Timestamp>,
) -> Option<view::Time> {
    checked.map(|until| (certified.map_or(until, |end| end.max(until)) + retention(service)).into())
}

fn passed(
    service: &Service,
    it: &IdentityVerification,
    certified: Option<Timestamp>,
    now: Timestamp,
) -> view::PassedCheck {
    let method = PersonMethod::ALL.into_iter().find(|method| method.as_str() == it.method);
    view::PassedCheck {
        id: it.id.to_string(),
        method: method.map(Into::into),
        provider: it.provider.clone(),
        document: it.document.as_ref().map(IdDocument::kind).map(IdKind::into),
        id_number_masked: it.document.as_ref().map(IdDocument::masked),
        factors: it.proof.factors.clone(),
        how: kept::how(it),
        assurance: it.assurance,
        verified_at: it.verified_at.map(Into::into),
        expires_at: it.expires_at.map(Into::into),
        counts: it.expires_at.is_none_or(|until| now < until),
        ended: it.ended.clone(),
        answer_sha256: it.proof.answer_sha256.clone(),
        kept_until: kept_until(service, it.expires_at, certified),
        erased_at: it.erased_at.map(Into::into),
        in_account: matches!(it.checked_for, CheckedFor::Account(_)),
    }
}

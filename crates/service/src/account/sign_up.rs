//! Sign-up, verification of the address, and new passwords: everything that goes through a mailed link.

use domain::account::{Account, TokenPurpose, check_password};
use domain::{AccountId, Draw, Email, JobId, Locale, Name, Refusal};
use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use keys::token;
use serde::Deserialize;
use serde_json::json;
use store::{AccountToken, Append, Job, NewJob, Reader, SignUp, Tx};

use super::password;
use super::session::{self, LoggedIn};
use crate::limiter::Rate;
use crate::notify::{self, Notice};
use crate::{Error, Service};

/// The kind of the job that mails a link which was asked for by address.
pub(crate) const LINK_JOB: &str = "account_link";

const VERIFY_LIFETIME: SignedDuration = SignedDuration::from_hours(48);
const RESET_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// Makes an account that is usable once its address is verified. Where the address has one already, its owner is told
/// by mail, and the caller sees no difference.
///
/// # Errors
/// `email_invalid`, `password_weak`, `name_required`, too many tries.
pub async fn sign_up(
    service: &Service,
    email: &str,
    password: &str,
    name: &str,
    locale: Locale,
) -> Result<(), Error> {
    let email = Email::parse(email)?;
    check_password(password)?;
    let name = Name::parse(name)?;
    let now = service.now();
    service.limiter().take(Rate::MAIL, email.as_str(), now)?;
    let password_hash = password::hash(service, password).await?;
    let mut tx = service.store().begin().await?;
    match tx.account_by_email(&email).await? {
        Some((account, _)) if account.verified_at.is_some() => {
            let log_in = format!("{}/login", service.config().public_url);
            let reset = format!("{}/forgot", service.config().public_url);
            let notice =
                Notice::AccountExists { to: email.to_string(), locale: account.locale, log_in, reset };
            notify::queue(service, &mut tx, notice, now).await?;
        }
        // Nobody has proved the address until now. Whoever does says by the password which sign-up was theirs.
        Some((account, _)) => {
            tx.set_password(account.id, &password_hash).await?;
            let sign_up = SignUp { password_hash, name, locale };
            tx.add_sign_up(account.id, &sign_up, now, now - VERIFY_LIFETIME).await?;
            mail_link(service, &mut tx, &account, TokenPurpose::VerifyEmail, now).await?;
        }
        None => {
            let id = AccountId::new(service.clock(), service.rng());
            let account =
                Account { id, email, name: name.clone(), locale, created_at: now, verified_at: None };
            tx.add_account(&account, &password_hash).await?;
            let sign_up = SignUp { password_hash, name, locale };
            tx.add_sign_up(id, &sign_up, now, now - VERIFY_LIFETIME).await?;
            tx.append_event(event("account.created", id, now)).await?;
            mail_link(service, &mut tx, &account, TokenPurpose::VerifyEmail, now).await?;
        }
    }
    commit(service, tx).await
}

/// Verifies the address of a new account and logs it in. The link shows that the address is theirs, the password which
/// sign-up: anybody can sign up with another's address, and have the mail sent.
///
/// # Errors
/// `token_invalid`, `token_expired`, `sign_up_password_wrong`, too many tries.
pub async fn verify(service: &Service, secret: &str, password: &str) -> Result<LoggedIn, Error> {
    let now = service.now();
    let (account, sign_ups) = {
        let mut reader = service.store().read().await?;
        let account = owner(&mut reader, secret, TokenPurpose::VerifyEmail, now).await?;
        let sign_ups = reader.sign_ups(account.id).await?;
        (account, sign_ups)
    };
    service.limiter().take(Rate::LOG_IN, account.email.as_str(), now)?;
    let mut theirs = None;
    for sign_up in sign_ups {
        if password::verify(service, password, Some(sign_up.password_hash.clone())).await? {
            theirs = Some(sign_up);
            break;
        }
    }
    let theirs = theirs.ok_or(Refusal::SignUpPasswordWrong)?;
    let mut tx = service.store().begin().await?;
    let mut account = redeem(&mut tx, secret, TokenPurpose::VerifyEmail, now).await?;
    if account.verified_at.is_some() {
        return Err(Refusal::TokenInvalid.into());
    }
    account.verified_at = Some(now);
    account.name = theirs.name;
    account.locale = theirs.locale;
    tx.save_account(&account).await?;
    tx.set_password(account.id, &theirs.password_hash).await?;
    tx.remove_sign_ups(account.id).await?;
    tx.append_event(event("account.verified", account.id, now)).await?;
    let logged_in = session::begin(service, &mut tx, &account, Some(now), now).await?;
    tx.commit().await?;
    Ok(logged_in)
}

/// Mails another link to verify an address with.
///
/// # Errors
/// `email_invalid`, too many tries.
pub async fn resend(service: &Service, email: &str) -> Result<(), Error> {
    queue_link(service, email, TokenPurpose::VerifyEmail).await
}

/// Mails a link to set a new password with.
///
/// # Errors
/// `email_invalid`, too many tries.
pub async fn ask_password_reset(service: &Service, email: &str) -> Result<(), Error> {
    queue_link(service, email, TokenPurpose::ResetPassword).await
}

/// The same work whether or not the address has an account: the job finds out.
async fn queue_link(service: &Service, email: &str, purpose: TokenPurpose) -> Result<(), Error> {
    let email = Email::parse(email)?;
    let now = service.now();
    service.limiter().take(Rate::MAIL, email.as_str(), now)?;
    let job = NewJob {
        id: JobId::new(service.clock(), service.rng()),
        kind: LINK_JOB,
        body: json!({ "email": email, "purpose": purpose.as_str() }),
        run_at: now,
    };
    let mut tx = service.store().begin().await?;
    tx.add_job(&job, now).await?;
    commit(service, tx).await
}

/// Mails the link that was asked for, if the address has an account that it is good for. The job ends in the same
/// transaction, so that no second link makes the first one void.
pub(crate) async fn mail_queued_link(service: &Service, job: &Job) -> Result<(), Error> {
    let asked: Asked = serde_json::from_value(job.body.clone())?;
    let purpose =
        TokenPurpose::parse(&asked.purpose).ok_or_else(|| Error::internal("a link for nothing known"))?;
    let mut tx = service.store().begin().await?;
    if let Some((account, _)) = tx.account_by_email(&asked.email).await?
        && (purpose == TokenPurpose::ResetPassword || account.verified_at.is_none())
    {
        mail_link(service, &mut tx, &account, purpose, service.now()).await?;
    }
    tx.finish_job(job.id).await?;
    commit(service, tx).await
}

#[derive(Deserialize)]
struct Asked {
    email: Email,
    purpose: String,
}

/// Sets a new password, ends every session of the account, and logs it in. The link proves the address too.
///
/// # Errors
/// `password_weak`, `token_invalid`, `token_expired`.
pub async fn set_password(service: &Service, secret: &str, password: &str) -> Result<LoggedIn, Error> {
    check_password(password)?;
    let now = service.now();
    let password_hash = password::hash(service, password).await?;
    let mut tx = service.store().begin().await?;
    let mut account = redeem(&mut tx, secret, TokenPurpose::ResetPassword, now).await?;
    tx.set_password(account.id, &password_hash).await?;
    tx.remove_sign_ups(account.id).await?;
    tx.remove_sessions_of(account.id).await?;
    tx.clear_attempt(session::LOG_IN, account.email.as_str()).await?;
    if account.verified_at.is_none() {
        account.verified_at = Some(now);
        // The name is that of whoever signed up first, and need not be the owner's: they write it anew.
        account.name = of_address(&account.email).unwrap_or(account.name);
        tx.save_account(&account).await?;
        tx.append_event(event("account.verified", account.id, now)).await?;
    }
    tx.append_event(event("account.password_set", account.id, now)).await?;
    // Whoever has the mailbox now need not be the person whom the account was linked to.
    crate::identity::unlink_after_reset(service, &mut tx, &account, now).await?;
    let logged_in = session::begin(service, &mut tx, &account, None, now).await?;
    tx.commit().await?;
    Ok(logged_in)
}

/// What an address says of its owner's name.
fn of_address(email: &Email) -> Option<Name> {
    let (local, _) = email.as_str().split_once('@')?;
    Name::parse(local).ok()
}

async fn mail_link(
    service: &Service,
    tx: &mut Tx,
    account: &Account,
    purpose: TokenPurpose,
    now: Timestamp,
) -> Result<(), Error> {
    let secret = token::new(&mut Draw(service.rng()));
    let (page, lifetime) = match purpose {
        TokenPurpose::VerifyEmail => ("verify-email", VERIFY_LIFETIME),
        TokenPurpose::ResetPassword => ("reset-password", RESET_LIFETIME),
    };
    let kept = AccountToken { account_id: account.id, purpose, expires_at: now + lifetime, used_at: None };
    tx.add_account_token(secret.hash().as_bytes(), &kept, now).await?;
    let link = format!("{}/{page}#token={}", service.config().public_url, secret.as_str());
    // Until the address is proved, anybody may have written the name.
    let name = account.verified_at.map(|_| account.name.to_string()).unwrap_or_default();
    let (to, locale) = (account.email.to_string(), account.locale);
    let notice = match purpose {
        TokenPurpose::VerifyEmail => Notice::VerifyEmail { to, name, locale, link },
        TokenPurpose::ResetPassword => Notice::ResetPassword { to, name, locale, link },
    };
    notify::queue(service, tx, notice, now).await
}

/// The account of a token, which is good once.
async fn redeem(tx: &mut Tx, secret: &str, purpose: TokenPurpose, now: Timestamp) -> Result<Account, Error> {
    let account = owner(tx, secret, purpose, now).await?;
    tx.use_account_token(token::hash(secret).as_bytes(), now).await?;
    Ok(account)
}

/// The account of a token that is still good.
async fn owner(
    reader: &mut Reader,
    secret: &str,
    purpose: TokenPurpose,
    now: Timestamp,
) -> Result<Account, Error> {
    let hash = token::hash(secret);
    let kept = reader.account_token(hash.as_bytes()).await?.filter(|kept| kept.purpose == purpose);
    let kept = kept.ok_or(Refusal::TokenInvalid)?;
    if kept.used_at.is_some() {
        return Err(Refusal::TokenInvalid.into());
    }
    if kept.expires_at <= now {
        return Err(Refusal::TokenExpired.into());
    }
    reader.account(kept.account_id).await?.ok_or(Error::NotFound)
}

fn event(kind: &'static str, account: AccountId, at: Timestamp) -> Append {
    let id = account.to_string();
    Append { at, kind, subject: Some(id.clone()), actor: evidence::Actor::Account(id), body: Body::new() }
}

async fn commit(service: &Service, tx: Tx) -> Result<(), Error> {
    tx.commit().await?;
    service.wake_jobs();
    Ok(())
}

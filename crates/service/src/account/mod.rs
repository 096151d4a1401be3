//! Accounts of senders: sign-up with a verified address, log-in, sessions, passwords.
//!
//! No answer says whether an address has an account: sign-up, resend and reset answer alike and cost alike, and the
//! difference is in the mail. Tokens and cookies are stored as hashes.

mod confirm;
mod password;
mod session;
mod sign_up;

use domain::account::Account;
use domain::{AccountId, Locale, Name, SessionId};
use jiff::Timestamp;

use crate::{Error, Service, view};

pub use confirm::confirm;
pub(crate) use confirm::require_confirmed;
pub use session::{LoggedIn, authenticate, log_in, log_out};
pub(crate) use sign_up::{LINK_JOB, mail_queued_link};
pub use sign_up::{ask_password_reset, resend, set_password, sign_up, verify};

/// An account that is logged in: who acts in the sender's use cases.
#[derive(Debug, Clone)]
pub struct Actor {
    pub(crate) account: Account,
    /// The session in which they are; the platform itself has none.
    pub(crate) session: Option<SessionId>,
    /// When the password was typed last in this session.
    pub(crate) confirmed_at: Option<Timestamp>,
}

impl Actor {
    /// The account's id.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.account.id
    }

    /// Whoever acts without having logged in, as the platform does: nothing that takes the password is theirs.
    pub(crate) fn without_session(account: Account) -> Self {
        Self { account, session: None, confirmed_at: None }
    }

    pub(crate) fn evidence(&self) -> evidence::Actor {
        evidence::Actor::Account(self.account.id.to_string())
    }
}

/// The account.
///
/// # Errors
/// Where storage fails.
pub async fn show(service: &Service, actor: &Actor) -> Result<view::Account, Error> {
    let account = service.store().read().await?.account(actor.id()).await?.ok_or(Error::Unauthorised)?;
    Ok((&account).into())
}

/// Changes name or language.
///
/// # Errors
/// `name_required`, `text_too_long`.
pub async fn update(
    service: &Service,
    actor: &Actor,
    name: Option<&str>,
    locale: Option<Locale>,
) -> Result<view::Account, Error> {
    let name = name.map(Name::parse).transpose()?;
    let mut tx = service.store().begin().await?;
    let mut account = tx.account(actor.id()).await?.ok_or(Error::Unauthorised)?;
    account.name = name.unwrap_or(account.name);
    account.locale = locale.unwrap_or(account.locale);
    tx.save_account(&account).await?;
    tx.commit().await?;
    Ok((&account).into())
}

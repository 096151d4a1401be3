//! Whom a check is about: what it is told as, and who is too close to decide it.

use domain::account::Account;
use domain::envelope::Contents;
use domain::recipient::Recipient;
use domain::{Name, PersonId};
use evidence::{Actor, Body};
use jiff::Timestamp;
use store::{Append, CheckedFor, Reader, Review};

use crate::Error;

/// Whom a check is about.
pub(super) enum About {
    /// A recipient, in the ceremony of their envelope.
    Recipient(Box<Recipient>, Box<Contents>),
    /// The person of an account.
    Account(Box<Holder>),
}

/// An account, and who its person is, or says to be.
pub(super) struct Holder {
    pub(super) account: Account,
    typed: Option<Name>,
    person: Option<PersonId>,
}

impl About {
    pub(super) async fn of(reader: &mut Reader, review: &Review) -> Result<Self, Error> {
        match review.checked_for {
            CheckedFor::Recipient(id) => {
                let recipient = reader.recipient(id).await?.ok_or(Error::NotFound)?;
                let contents = reader.contents(recipient.envelope_id).await?.ok_or(Error::NotFound)?;
                Ok(Self::Recipient(Box::new(recipient), Box::new(contents)))
            }
            CheckedFor::Account(id) => {
                let account = reader.account(id).await?.ok_or(Error::NotFound)?;
                let it = reader.identity_verification(review.verification_id).await?;
                let by_number = match it.as_ref().and_then(|it| it.document.as_ref()) {
                    Some(document) => reader.person_by_document(document).await?.map(|it| it.id),
                    None => None,
                };
                let person = match by_number {
                    Some(person) => Some(person),
                    None => reader.person_of_account(id).await?.map(|it| it.person_id),
                };
                let holder = Holder { account, typed: it.map(|it| it.name), person };
                Ok(Self::Account(Box::new(holder)))
            }
        }
    }

    /// Whether an administrator must not decide: it is about them, or about an envelope of theirs.
    pub(super) async fn is_own(&self, reader: &mut Reader, administrator: &Account) -> Result<bool, Error> {
        match self {
            Self::Recipient(recipient, contents) => Ok(is_own(administrator, contents, recipient)),
            Self::Account(it) => {
                let same = it.account.id == administrator.id
                    || it.typed.as_ref().is_some_and(|name| name.matches(&administrator.name));
                if same {
                    return Ok(true);
                }
                let linked = reader.person_of_account(administrator.id).await?.map(|it| it.person_id);
                Ok(linked.is_some() && linked == it.person)
            }
        }
    }

    /// An event of the check, in the log of the envelope or of the account.
    pub(super) fn event(
        &self,
        kind: &'static str,
        actor: Option<Actor>,
        body: Body,
        at: Timestamp,
    ) -> Append {
        let (subject, own) = match self {
            Self::Recipient(it, _) => (it.envelope_id.to_string(), Actor::Recipient(it.id.to_string())),
            Self::Account(it) => (it.account.id.to_string(), Actor::Account(it.account.id.to_string())),
        };
        Append { at, kind, subject: Some(subject), actor: actor.unwrap_or(own), body }
    }
}

/// Whether an administrator is too close to a check to decide it: the sender, or anyone whom the envelope asks, or of the
/// name that is to be verified.
pub(crate) fn is_own(account: &Account, contents: &Contents, recipient: &Recipient) -> bool {
    account.id == contents.envelope.account_id
        || contents.recipients.iter().any(|it| it.email.as_ref() == Some(&account.email))
        || account.name.matches(&recipient.name)
}

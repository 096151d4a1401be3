//! Whom a check is for: the signer of a ceremony, or the person whose account it is. The check is the same; where it is kept,
//! and what follows from it, differs.

use domain::account::Account;
use domain::ceremony::Step;
use domain::policy::Assurance;
use domain::recipient::Recipient;
use domain::{Locale, Name, PersonId, Refusal, VerificationId};
use evidence::{Actor as By, Body};
use jiff::Timestamp;
use providers::PersonMethod;
use store::{
    AccountPerson, Append, CheckedFor, DataConsent, IdentityVerification, Purpose, Reader, Tx,
    VerificationState,
};

use super::start::{UNDER_WAY, method_of};
use crate::account::Actor;
use crate::ceremony::{Scene, Signer};
use crate::core::Service;
use crate::error::Error;
use crate::{policy, review};

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asker<'a> {
    /// A recipient who holds a session.
    Signer(&'a Signer),
    /// An account that is logged in.
    Account(&'a Actor),
}

impl Asker<'_> {
    /// What is counted and locked under: the recipient, or the account.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Signer(signer) => signer.recipient().to_string(),
            Self::Account(actor) => actor.id().to_string(),
        }
    }
}

/// Who asks, with what is on record about them.
pub(crate) enum Party {
    Signer(Box<Scene>),
    Account(Box<Holder>),
}

/// An account, the person it is linked to, and the check that it is in.
pub(crate) struct Holder {
    pub(crate) now: Timestamp,
    pub(crate) account: Account,
    pub(crate) link: Option<AccountPerson>,
    /// The check that was begun last, however it stands.
    pub(crate) identity: Option<IdentityVerification>,
    /// The check by hand that it waits for, or that decided it.
    pub(crate) review: Option<Box<review::Standing>>,
    /// Whether there is an administrator who may check this person by hand.
    pub(crate) has_reviewer: bool,
}

impl Holder {
    pub(crate) async fn load(reader: &mut Reader, account: Account, now: Timestamp) -> Result<Self, Error> {
        let link = reader.person_of_account(account.id).await?;
        let identity = reader.newest_identity_of_account(account.id).await?;
        let review = match identity.as_ref().filter(|it| it.provider == review::PROVIDER) {
            Some(it) => review::Standing::load(reader, it.id).await?.map(Box::new),
            None => None,
        };
        let offices = reader.administrators().await?;
        let has_reviewer = offices.iter().any(|it| it.id != account.id);
        Ok(Self { now, account, link, identity, review, has_reviewer })
    }

    /// An event of this account.
    pub(crate) fn event(&self, kind: &'static str, body: Body) -> Append {
        let id = self.account.id.to_string();
        Append { at: self.now, kind, subject: Some(id.clone()), actor: By::Account(id), body }
    }
}

impl Party {
    pub(crate) async fn load(reader: &mut Reader, asker: &Asker<'_>, now: Timestamp) -> Result<Self, Error> {
        match asker {
            Asker::Signer(signer) => {
                Ok(Self::Signer(Box::new(Scene::load(reader, &signer.session, now).await?)))
            }
            Asker::Account(actor) => {
                let account = reader.account(actor.id()).await?.ok_or(Error::Unauthorised)?;
                Ok(Self::Account(Box::new(Holder::load(reader, account, now).await?)))
            }
        }
    }

    /// Whoever is still in this check; nobody, where it was left for another.
    pub(crate) async fn of_check(
        reader: &mut Reader,
        it: &IdentityVerification,
        now: Timestamp,
    ) -> Result<Option<Self>, Error> {
        match it.checked_for {
            CheckedFor::Recipient(_) => {
                let Some(session) = reader.session_of_identity(it.id, now).await? else { return Ok(None) };
                Ok(Some(Self::Signer(Box::new(Scene::load(reader, &session, now).await?))))
            }
            CheckedFor::Account(id) => {
                let account = reader.account(id).await?.ok_or(Error::NotFound)?;
                let holder = Holder::load(reader, account, now).await?;
                let current = holder.identity.as_ref().is_some_and(|newest| newest.id == it.id);
                Ok(current.then(|| Self::Account(Box::new(holder))))
            }
        }
    }

    /// Passes where a check may go on.
    pub(crate) fn require(&self) -> Result<(), Refusal> {
        match self {
            Self::Signer(scene) => scene.require(Step::Identity),
            Self::Account(_) => Ok(()),
        }
    }

    pub(super) fn id(&self) -> String {
        self.checked_for().to_string()
    }

    pub(crate) fn checked_for(&self) -> CheckedFor {
        match self {
            Self::Signer(scene) => CheckedFor::Recipient(scene.recipient.id),
            Self::Account(holder) => CheckedFor::Account(holder.account.id),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        match self {
            Self::Signer(scene) => scene.now,
            Self::Account(holder) => holder.now,
        }
    }

    /// Who is written to, where that is a recipient, and in which language.
    pub(super) fn addressee(&self) -> (Option<&Recipient>, Locale) {
        match self {
            Self::Signer(scene) => (Some(&scene.recipient), scene.recipient.locale),
            Self::Account(holder) => (None, holder.account.locale),
        }
    }

    /// The check that this session, or account, is in.
    pub(crate) fn identity(&self) -> Option<&IdentityVerification> {
        match self {
            Self::Signer(scene) => scene.identity.as_ref(),
            Self::Account(holder) => holder.identity.as_ref(),
        }
    }

    /// Whether there is nothing left to verify. An account's person may be verified again at any time.
    pub(super) fn is_verified(&self) -> bool {
        match self {
            Self::Signer(scene) => scene.verified_identity().is_some(),
            Self::Account(_) => false,
        }
    }

    /// How sure the check has to be at least.
    pub(super) fn least_assurance(&self) -> Assurance {
        match self {
            Self::Signer(scene) => scene.policy.identity.assurance,
            Self::Account(_) => Assurance::Low,
        }
    }

    /// How sure pictures have to make it. Whose account it is opens what belongs to that person: a picture of a document that
    /// may be anybody's is not enough.
    pub(crate) fn least_by_hand(&self) -> Assurance {
        match self {
            Self::Signer(scene) => scene.policy.identity.assurance,
            Self::Account(_) => domain::review::ASSURANCE_OF_PRESENTED_DOCUMENT,
        }
    }

    /// Whether there is an administrator who may decide by pictures.
    pub(super) fn has_reviewer(&self) -> bool {
        match self {
            Self::Signer(scene) => scene.has_reviewer,
            Self::Account(holder) => holder.has_reviewer,
        }
    }

    /// Whether a check without a phone leads nowhere: the signing policy confirms the will by one alone.
    pub(super) fn needs_phone(&self, service: &Service) -> bool {
        match self {
            Self::Signer(scene) => policy::needs_phone(service, &scene.policy, &scene.recipient),
            Self::Account(_) => false,
        }
    }

    /// Who it has to be by name.
    pub(super) fn expected(&self) -> Option<&Name> {
        match self {
            Self::Signer(scene) => Some(&scene.recipient.name),
            Self::Account(_) => None,
        }
    }

    /// Who it has to be: the person whom the account is linked to already.
    pub(super) fn linked(&self) -> Option<PersonId> {
        match self {
            Self::Signer(_) => None,
            Self::Account(holder) => holder.link.map(|it| it.person_id),
        }
    }

    /// Where the provider's page leads back to.
    pub(super) fn page(&self, service: &Service) -> String {
        let url = &service.config().public_url;
        match self {
            Self::Signer(scene) => format!("{url}/sign/{}", scene.recipient.id),
            Self::Account(_) => format!("{url}/identity"),
        }
    }

    /// What was decided last on each purpose.
    pub(crate) async fn decided(&self, reader: &mut Reader) -> Result<Vec<DataConsent>, Error> {
        Ok(reader.data_consents(self.checked_for()).await?)
    }

    /// Makes a check the one that this session is in; an account is in the one that it began last.
    pub(super) async fn enter(&mut self, tx: &mut Tx, id: Option<VerificationId>) -> Result<(), Error> {
        if let Self::Signer(scene) = self {
            scene.session.identity_id = id;
            tx.put_signing_session(&scene.session, scene.now).await?;
        }
        Ok(())
    }

    /// Gives up the check that is under way, where it stands in one of these states.
    pub(super) async fn give_up(&mut self, tx: &mut Tx, states: &[VerificationState]) -> Result<bool, Error> {
        self.give_up_where(tx, |it| states.contains(&it.state)).await
    }

    /// Gives up the check that stands on a consent which was refused, also one that a provider is being asked about this
    /// moment: its answer must find nothing to settle.
    pub(super) async fn refuse(&mut self, tx: &mut Tx, purpose: Purpose) -> Result<bool, Error> {
        let stands_on = |it: &IdentityVerification| match purpose {
            Purpose::Identity => UNDER_WAY.contains(&it.state),
            Purpose::Face => {
                UNDER_WAY.contains(&it.state) && method_of(it).is_some_and(PersonMethod::is_face)
            }
            Purpose::Photo => UNDER_WAY.contains(&it.state) && it.provider == review::PROVIDER,
        };
        self.give_up_where(tx, stands_on).await
    }

    async fn give_up_where(
        &mut self,
        tx: &mut Tx,
        which: impl Fn(&IdentityVerification) -> bool,
    ) -> Result<bool, Error> {
        let Some(mut it) = self.identity().filter(|it| which(it)).cloned() else {
            return Ok(false);
        };
        super::give_up(tx, &mut it, VerificationState::Abandoned, self.now()).await?;
        match self {
            Self::Signer(scene) => scene.identity = None,
            Self::Account(holder) => holder.identity = Some(it),
        }
        self.enter(tx, None).await?;
        Ok(true)
    }

    /// An event of whoever is checked.
    pub(crate) fn event(&self, kind: &'static str, body: Body) -> Append {
        match self {
            Self::Signer(scene) => scene.event(kind, body),
            Self::Account(holder) => holder.event(kind, body),
        }
    }
}

//! Letters that were not sent: one that an agent waits for goes out still, and one that nobody waits for is thrown away.

use jiff::SignedDuration;
use store::{Authorization, Tx};

use super::{letter, withdraw_in};
use crate::account::Actor;
use crate::core::Service;
use crate::envelope;
use crate::error::Error;
use crate::jobs::Rows;
use domain::Refusal;

/// For so long a letter is in the hands of whoever asks for it.
const IN_HAND: SignedDuration = SignedDuration::from_mins(5);

/// Sends a letter; where that cannot be, the agent may choose another way.
pub(super) async fn send(service: &Service, author: &Actor, it: &Authorization) -> Result<(), Error> {
    match envelope::send(service, author, it.envelope_id).await {
        // Another was faster.
        Ok(_) | Err(Error::Refused(Refusal::NotDraft)) => Ok(()),
        Err(error) => {
            let mut tx: Tx = service.store().begin().await?;
            withdraw_in(service, &mut tx, it.verification_id, "not_sent").await?;
            tx.commit().await?;
            Err(error)
        }
    }
}

/// Sees to the letters over which a server died.
pub(crate) async fn follow_letters(service: &Service) -> Result<(), Error> {
    let before = service.now() - IN_HAND;
    let mut rows = Rows::of("letters");
    while let Some(page) = rows.page() {
        let unsent = service.store().read().await?.unsent_authorizations(before, page).await?;
        if unsent.is_empty() {
            break;
        }
        let author = letter::author(service).await?;
        for it in unsent {
            rows.done(it.envelope_id, send(service, &author, &it).await);
        }
    }
    let Some(author) = letter::known_author(service).await? else { return Ok(()) };
    let mut rows = Rows::of("unused letters");
    while let Some(page) = rows.page() {
        let unused = service.store().read().await?.unused_letters(author.id(), before, page).await?;
        if unused.is_empty() {
            break;
        }
        for id in unused {
            rows.done(id, envelope::delete(service, &author, id).await);
        }
    }
    Ok(())
}

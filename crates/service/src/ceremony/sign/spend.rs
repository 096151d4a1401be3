//! Spending an activation: before anything is signed, in a transaction of its own. Whatever happens after it, this
//! activation allows no second signature.

use domain::{ActivationId, RecipientId, Refusal};
use keys::{Activation, Spent};
use store::{ActivationState, StoredActivation};

use super::{By, Opening, Work};
use crate::core::Service;
use crate::error::Error;

/// Spends the activation. Of several who try to spend the same, one wins.
pub(super) async fn spend(
    service: &Service,
    work: &Work,
    activation: Activation,
    opening: &Opening,
    recipient: RecipientId,
) -> Result<(ActivationId, Spent), Error> {
    let now = service.now();
    let digest = activation.digest();
    let mut tx = service.store().begin().await?;
    let id = match &opening.offered {
        None => {
            let id = ActivationId::new(service.clock(), service.rng());
            let stored = StoredActivation {
                id,
                recipient_id: recipient,
                key_id: work.key_id,
                digest,
                canonical: String::from_utf8_lossy(&activation.canonical()).into_owned(),
                state: ActivationState::Spent,
                created_at: work.intent.at,
                expires_at: None,
                spent_at: Some(now),
                assertion: None,
                passkey_id: None,
                will: None,
            };
            tx.insert_activation(&stored).await?;
            id
        }
        Some(offered) => {
            // Nothing else is spent than what the signer was offered.
            if offered.digest != digest {
                return Err(Refusal::DocumentChanged.into());
            }
            let signed = match (&opening.by, &opening.witness) {
                (By::Passkey(it), _) => Some((&it.assertion, it.passkey.id)),
                (By::Pin(_) | By::Device(_), Some(it)) => Some((&it.assertion, it.passkey()?)),
                (By::Pin(_) | By::Device(_), None) => None,
            };
            match tx.spend_activation(offered.id, signed, now).await {
                Err(store::Error::Conflict) => return Err(Refusal::ActivationUsed.into()),
                spent => spent?,
            }
            offered.id
        }
    };
    tx.commit().await?;
    Ok((id, activation.spent()))
}

//! Spending an activation: before the key is opened, in a transaction of its own. Whatever happens after it, this
//! activation opens the key no second time.

use domain::{ActivationId, RecipientId, Refusal};
use keys::Activation;
use store::{ActivationState, StoredActivation};

use super::{Opening, Work};
use crate::core::Service;
use crate::error::Error;

/// Spends the activation. Of several who try to spend the same, one wins.
pub(super) async fn spend(
    service: &Service,
    work: &Work,
    activation: &Activation,
    opening: &Opening,
    recipient: RecipientId,
) -> Result<ActivationId, Error> {
    let now = service.now();
    let digest = activation.digest();
    let mut tx = service.store().begin().await?;
    let id = match opening {
        Opening::Pin(_) => {
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
            };
            tx.insert_activation(&stored).await?;
            id
        }
        Opening::Passkey(it) => {
            // What would be signed now is not what the signer agreed to: another signer was faster, or a field changed.
            if it.offered.digest != digest {
                return Err(Refusal::DocumentChanged.into());
            }
            match tx.spend_activation(it.offered.id, &it.assertion, it.passkey.id, now).await {
                Err(store::Error::Conflict) => return Err(Refusal::ActivationUsed.into()),
                spent => spent?,
            }
            it.offered.id
        }
    };
    tx.commit().await?;
    Ok(id)
}

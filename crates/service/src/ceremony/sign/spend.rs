//! Spending an activation: before anything is signed, in a transaction of its own. Whatever happens after it, this
//! activation allows no second signature, the use of the key is on record, and whoever's key it is hears of it.

use domain::{ActivationId, JobId, Refusal};
use jiff::SignedDuration;
use keys::{Activation, Spent};
use store::{ActivationState, StoredActivation};

use super::{By, Opening, Work, document_body};
use crate::ceremony::Scene;
use crate::ceremony::scene::custody_of;
use crate::core::Service;
use crate::error::Error;
use crate::notify::{self, KeyUsed};

/// How long the notice of a use waits to hear how the signing ended. Where the process dies, it is sent then.
const SETTLED_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// One use of a key, which its signer is told of.
pub(super) struct Use {
    pub(super) activation: ActivationId,
    /// The notice that waits; none where there is no way to reach the signer.
    pub(super) notice: Option<JobId>,
}

/// Spends the activation, and says on record that the key is used. Of several who try to spend the same, one wins.
pub(super) async fn spend(
    service: &Service,
    scene: &Scene,
    work: &Work,
    activation: Activation,
    opening: &Opening,
) -> Result<(Use, Spent), Error> {
    let now = service.now();
    let digest = activation.digest();
    let mut tx = service.store().begin().await?;
    let id = match &opening.offered {
        None => {
            let id = ActivationId::new(service.clock(), service.rng());
            let stored = StoredActivation {
                id,
                recipient_id: scene.recipient.id,
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
    let custody = custody_of(&work.key);
    let body = document_body(&work.document)
        .with("activation", hex::encode(digest))
        .with("key", work.key_id.to_string())
        .with("certificate", work.certificate.serial_hex())
        .with("opened_by", opening.factor().as_str())
        .with("custody", custody.as_str());
    tx.append_event(scene.event("key.used", body)).await?;
    let told = KeyUsed { scene, activation: id, custody };
    let notice = notify::key_used(service, &mut tx, &told, now + SETTLED_WITHIN).await?;
    tx.commit().await?;
    Ok((Use { activation: id, notice }, activation.spent()))
}

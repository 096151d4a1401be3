//! Consent to sign electronically, to the words in force, in the language they were read in.

use domain::ceremony::Step;
use domain::{ConsentId, Locale, Refusal};
use evidence::Body;
use store::Consent;

use super::{Scene, Signer, consent as text, show};
use crate::core::Service;
use crate::error::Error;
use crate::policy;
use crate::view;

/// Records the consent. Consenting to the same words again changes nothing.
///
/// # Errors
/// [`Refusal::ConsentVersion`] where the words have changed since they were shown.
pub async fn consent(
    service: &Service,
    signer: &Signer,
    version: &str,
    locale: Locale,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Consent)?;
    if version != text::VERSION {
        return Err(Refusal::ConsentVersion.into());
    }
    if scene.valid_consent().is_none() {
        let policy_digest = policy::digest(&scene.policy);
        let given = Consent {
            id: ConsentId::new(service.clock(), service.rng()),
            recipient_id: scene.recipient.id,
            version: version.to_owned(),
            digest: text::digest(locale, &policy_digest),
            locale,
            policy_digest: Some(policy_digest),
            created_at: now,
        };
        tx.insert_consent(&given).await?;
        scene.ceremony.consent_id = Some(given.id);
        tx.put_ceremony(&scene.ceremony).await?;
        let body = Body::new()
            .with("consent", given.id.to_string())
            .with("version", version)
            .with("digest", given.digest.as_str())
            .with("policy", hex::encode(policy_digest))
            .with("language", locale.tag());
        tx.append_event(scene.event("recipient.consented", body)).await?;
        scene.consent = Some(given);
    }
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

//! Choosing a saved signature or seal.

use domain::ImpressionId;
use domain::ceremony::Step;
use evidence::Body;

use super::{Scene, Signer, show};
use crate::core::Service;
use crate::error::Error;
use crate::view;

/// Takes one of the signer's own impressions, or one of the organization's seals.
///
/// # Errors
/// [`Error::NotFound`] where it is someone else's.
pub async fn adopt_impression(
    service: &Service,
    signer: &Signer,
    id: ImpressionId,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Document)?;
    let person = scene.verified_identity().and_then(|identity| identity.person_id).ok_or(Error::NotFound)?;
    let own = tx.impressions(person, scene.impression_owner()).await?;
    let chosen = own.into_iter().find(|impression| impression.id == id).ok_or(Error::NotFound)?;
    scene.ceremony.impression_id = Some(id);
    tx.put_ceremony(&scene.ceremony).await?;
    let body = Body::new().with("impression", id.to_string()).with("how", chosen.kind.as_str());
    tx.append_event(scene.event("impression.adopted", body)).await?;
    scene.impression = Some(chosen);
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

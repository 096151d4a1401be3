//! The signer has seen who asks for what, and goes on.

use domain::ceremony::Step;
use evidence::Body;

use super::{Scene, Signer, show};
use crate::core::Service;
use crate::error::Error;
use crate::view as shape;

/// Records that the request was seen; seeing it again changes nothing.
///
/// # Errors
/// Where the ceremony has ended.
pub async fn view(service: &Service, signer: &Signer) -> Result<shape::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    if scene.ceremony.viewed_at.is_none() {
        scene.require(Step::Request)?;
        scene.ceremony.viewed_at = Some(now);
        tx.put_ceremony(&scene.ceremony).await?;
        tx.append_event(scene.event("recipient.viewed", Body::new())).await?;
    }
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

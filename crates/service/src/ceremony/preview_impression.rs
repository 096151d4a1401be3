//! Looking at a signature or seal before it is made: nothing is stored, nothing is recorded.

use domain::Refusal;
use domain::ceremony::Step;

use super::add_impression::refusal;
use super::{ImpressionBody, Scene, Signer};
use crate::core::Service;
use crate::error::Error;
use crate::view;

/// Draws an impression without keeping it.
///
/// # Errors
/// As [`super::add_impression()`].
pub async fn preview_impression(
    service: &Service,
    signer: &Signer,
    body: ImpressionBody,
) -> Result<view::ImpressionPreview, Error> {
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, service.now()).await?;
    drop(reader);
    scene.require(Step::Document)?;
    if !body.suits(&scene) {
        return Err(Refusal::FieldTypeMismatch { name: scene.recipient.shown_name().to_owned() }.into());
    }
    let name = scene.verified_organization().map(|it| it.name.as_str().to_owned());
    let drawn = tokio::task::spawn_blocking(move || body.draw(name.as_deref()))
        .await?
        .map_err(|error| refusal(&error))?;
    Ok(view::ImpressionPreview { svg: drawn.svg(), width_mm: drawn.width_mm, height_mm: drawn.height_mm })
}

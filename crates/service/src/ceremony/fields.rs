//! Filling the signer's own fields. Drafts are kept on the server: a reload or another tab finds them.

use domain::Refusal;
use domain::ceremony::Step;
use evidence::Body;

use super::{FieldValue, Scene, Signer, show};
use crate::core::Service;
use crate::error::Error;
use crate::view;

/// Keeps values of the signer's own fields. Once every required one is filled, the ceremony goes on from the document.
///
/// # Errors
/// [`Refusal::FieldTooLong`], [`Refusal::FieldDateInvalid`], [`Refusal::FieldCharacter`] for one that would show as an
/// empty box on the page; [`Error::NotFound`] for someone else's field.
pub async fn fields(
    service: &Service,
    signer: &Signer,
    values: Vec<FieldValue>,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Document)?;
    for given in values {
        let recipient = scene.recipient.id;
        let field = scene
            .contents
            .fields
            .iter_mut()
            .find(|field| field.id == given.id && field.recipient_id == recipient)
            .ok_or(Error::NotFound)?;
        let value = field.accept(given.value.as_deref().unwrap_or_default())?;
        if let Some(character) = undrawable(value.as_deref())? {
            return Err(Refusal::FieldCharacter { character: character.to_string() }.into());
        }
        tx.set_field_value(given.id, value.as_deref()).await?;
        field.value = value;
    }
    if scene.ceremony.fields_at.is_none() && scene.missing_fields().is_empty() {
        scene.ceremony.fields_at = Some(now);
        tx.put_ceremony(&scene.ceremony).await?;
        // Values are the parties' own: the record says that they were given, the signature says what they were.
        let count = u64::try_from(scene.own_fields().count())
            .map_err(|_| Refusal::StepNotReady { step: "document" })?;
        tx.append_event(scene.event("recipient.filled", Body::new().with("fields", count))).await?;
    }
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// What is signed must look as it was typed: a character without a glyph is refused while it can still be changed.
fn undrawable(value: Option<&str>) -> Result<Option<char>, Error> {
    pdf::text::undrawable(value.unwrap_or_default(), fonts::SANS).map_err(Error::internal)
}

//! Where everyone signs.

use domain::envelope::{Contents, FIELD_LIMIT};
use domain::field::{Field, LABEL_LIMIT, Place};
use domain::{DocumentId, EnvelopeId, FieldId, RecipientId, Refusal, Text};
use serde::Deserialize;

use super::{owned_draft, show};
use crate::account::Actor;
use crate::{Error, Service, view};

/// A field, as the sender places it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FieldInput {
    /// Which, where it is there already.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub id: Option<FieldId>,
    /// Who fills it.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub recipient_id: RecipientId,
    /// Where.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub document_id: DocumentId,
    /// With what.
    pub r#type: view::FieldType,
    /// On which page, from 1.
    pub page: u32,
    /// From the left edge of the displayed page, in points.
    pub x: f64,
    /// From its top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Whether it must be filled; a signature or seal always must.
    pub required: bool,
    /// What the signer is told it is.
    #[serde(default)]
    pub label: Option<String>,
}

/// Says where everyone signs: all of the places.
///
/// # Errors
/// `not_draft`, `limit_reached`, `field_outside_page`, `field_type_mismatch`, `pdf_fields_locked`, `text_too_long`.
pub async fn set_fields(
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
    inputs: Vec<FieldInput>,
) -> Result<view::Envelope, Error> {
    if inputs.len() > FIELD_LIMIT as usize {
        return Err(Refusal::LimitReached { what: "fields", limit: FIELD_LIMIT }.into());
    }
    let mut tx = service.store().begin().await?;
    let mut contents = owned_draft(&mut tx, actor, id).await?;
    let fields =
        inputs.iter().map(|input| field(service, &contents, input)).collect::<Result<Vec<_>, Error>>()?;
    contents.fields = fields;
    contents.fields.iter().try_for_each(|field| contents.check_field(field))?;
    contents.envelope.updated_at = service.now();
    tx.replace_fields(id, &contents.fields).await?;
    tx.save_envelope(&contents.envelope).await?;
    tx.commit().await?;
    Ok(show::envelope(service, &contents, &actor.account))
}

fn field(service: &Service, contents: &Contents, input: &FieldInput) -> Result<Field, Error> {
    let kind = domain::field::FieldType::from(input.r#type);
    let known = input.id.filter(|id| contents.fields.iter().any(|field| field.id == *id));
    if !contents.recipients.iter().any(|r| r.id == input.recipient_id)
        || !contents.documents.iter().any(|d| d.id == input.document_id)
    {
        return Err(Error::NotFound);
    }
    Ok(Field {
        id: known.unwrap_or_else(|| FieldId::new(service.clock(), service.rng())),
        recipient_id: input.recipient_id,
        document_id: input.document_id,
        kind,
        page: input.page,
        place: Place { x: input.x, y: input.y, width: input.width, height: input.height },
        required: input.required || kind.is_impression(),
        label: Text::parse(input.label.as_deref().unwrap_or_default(), LABEL_LIMIT)?,
        value: None,
        pdf_name: None,
    })
}

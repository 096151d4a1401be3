//! Fields. What a recipient typed is sealed: it may be anything.

use domain::field::{Field, FieldType, Place};
use domain::{EnvelopeId, FieldId};

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

const VALUE: (&str, &str) = ("fields", "value");

impl Reader {
    /// The fields of an envelope, in the order in which the sender placed them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn fields(&mut self, envelope: EnvelopeId) -> Result<Vec<Field>, Error> {
        let sql = "SELECT id, recipient_id, document_id, kind, page, x, y, width, height, required, label, value_sealed,
                pdf_name
            FROM fields WHERE envelope_id = $1 ORDER BY position, id";
        let rows = self.connection.all(sql, args![envelope.to_string()]).await?;
        rows.iter().map(|row| self.read_field(row)).collect()
    }

    fn read_field(&self, row: &Row) -> Result<Field, Error> {
        let value = row.opt_text("value_sealed")?;
        let id = row.text("id")?;
        Ok(Field {
            id: row.parsed("id")?,
            recipient_id: row.parsed("recipient_id")?,
            document_id: row.parsed("document_id")?,
            kind: row.read("kind", FieldType::parse)?,
            page: row.number("page")?,
            place: Place {
                x: row.real("x")?,
                y: row.real("y")?,
                width: row.real("width")?,
                height: row.real("height")?,
            },
            required: row.boolean("required")?,
            label: row.text("label")?,
            value: value.map(|sealed| self.sealer.open(VALUE, &id, &sealed)).transpose()?,
            pdf_name: row.opt_text("pdf_name")?,
        })
    }
}

impl Tx {
    /// Puts these fields in the place of all fields of an envelope.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn replace_fields(&mut self, envelope: EnvelopeId, fields: &[Field]) -> Result<(), Error> {
        let envelope = envelope.to_string();
        self.connection
            .execute("DELETE FROM fields WHERE envelope_id = $1", args![envelope.as_str()])
            .await?;
        for (position, field) in fields.iter().enumerate() {
            let sql = "INSERT INTO fields (id, envelope_id, recipient_id, document_id, position, kind, page, x, y, width,
                    height, required, label, value_sealed, pdf_name)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
            let id = field.id.to_string();
            let value = field.value.as_ref().map(|value| self.sealer.seal(VALUE, &id, value));
            let args = args![
                id,
                envelope.as_str(),
                field.recipient_id.to_string(),
                field.document_id.to_string(),
                position,
                field.kind.as_str(),
                field.page,
                field.place.x,
                field.place.y,
                field.place.width,
                field.place.height,
                field.required,
                field.label.as_str(),
                value,
                field.pdf_name.clone()
            ];
            self.connection.execute(sql, args).await?;
        }
        Ok(())
    }

    /// Keeps what a recipient typed into a field so far.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_field_value(&mut self, id: FieldId, value: Option<&str>) -> Result<(), Error> {
        let id = id.to_string();
        let value = value.map(|value| self.sealer.seal(VALUE, &id, value));
        self.connection
            .execute("UPDATE fields SET value_sealed = $2 WHERE id = $1", args![id, value])
            .await
            .map(drop)
    }

    /// Notes the name that a field has in the PDF.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_field_name(&mut self, id: FieldId, pdf_name: &str) -> Result<(), Error> {
        let sql = "UPDATE fields SET pdf_name = $2 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), pdf_name]).await.map(drop)
    }
}

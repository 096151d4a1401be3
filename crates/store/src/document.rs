//! Documents and their revisions.

use domain::envelope::{Document, Revision, RevisionKind};
use domain::{DocumentId, EnvelopeId};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::{BlobId, Reader, Tx};

impl Reader {
    /// The documents of an envelope, with all revisions.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn documents(&mut self, envelope: EnvelopeId) -> Result<Vec<Document>, Error> {
        let sql =
            "SELECT id, envelope_id, name, pages, existing_signatures, certification, has_form, page_sizes
            FROM documents WHERE envelope_id = $1 ORDER BY id";
        let rows = self.connection.all(sql, args![envelope.to_string()]).await?;
        let mut documents = Vec::new();
        for row in rows {
            let id = row.parsed("id")?;
            documents.push(Document {
                id,
                envelope_id: row.parsed("envelope_id")?,
                name: row.text("name")?,
                pages: row.number("pages")?,
                existing_signatures: row.number("existing_signatures")?,
                certification: row.opt_integer("certification")?.and_then(|p| p.try_into().ok()),
                has_form: row.boolean("has_form")?,
                page_sizes: row.json("page_sizes")?,
                revisions: self.revisions(id).await?,
            });
        }
        Ok(documents)
    }

    /// The revisions of a document, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn revisions(&mut self, document: DocumentId) -> Result<Vec<Revision>, Error> {
        let sql = "SELECT number, kind, sha256, size, blob, created_at, recipient_id
            FROM revisions WHERE document_id = $1 ORDER BY number";
        self.connection.all(sql, args![document.to_string()]).await?.iter().map(revision).collect()
    }
}

impl Reader {
    /// Whether a revision of any document holds this blob.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_blob_in_use(&mut self, blob: BlobId) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM revisions WHERE blob = $1 LIMIT 1";
        Ok(self.connection.one(sql, args![blob.0]).await?.is_some())
    }
}

impl Tx {
    /// Adds a document with its revisions.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_document(&mut self, document: &Document) -> Result<(), Error> {
        let sql = "INSERT INTO documents (id, envelope_id, name, pages, existing_signatures, certification, has_form,
                page_sizes)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let args = args![
            document.id.to_string(),
            document.envelope_id.to_string(),
            document.name.as_str(),
            document.pages,
            document.existing_signatures,
            document.certification.map(u32::from),
            document.has_form,
            json(&document.page_sizes)
        ];
        self.connection.execute(sql, args).await?;
        for revision in &document.revisions {
            self.add_revision(document.id, revision).await?;
        }
        Ok(())
    }

    /// Adds a revision. Two writers cannot both add the same number.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the number is taken.
    pub async fn add_revision(&mut self, document: DocumentId, revision: &Revision) -> Result<(), Error> {
        let sql =
            "INSERT INTO revisions (document_id, number, kind, sha256, size, blob, created_at, recipient_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let args = args![
            document.to_string(),
            revision.number,
            revision.kind.as_str(),
            revision.sha256,
            revision.size,
            revision.blob,
            revision.at,
            revision.recipient_id.map(|id| id.to_string())
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Removes a document of a draft, with the fields on it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_document(&mut self, id: DocumentId) -> Result<(), Error> {
        for sql in [
            "DELETE FROM fields WHERE document_id = $1",
            "DELETE FROM revisions WHERE document_id = $1",
            "DELETE FROM documents WHERE id = $1",
        ] {
            self.connection.execute(sql, args![id.to_string()]).await?;
        }
        Ok(())
    }
}

fn revision(row: &Row) -> Result<Revision, Error> {
    Ok(Revision {
        number: row.number("number")?,
        kind: row.read("kind", RevisionKind::parse)?,
        sha256: row.hash("sha256")?,
        size: row.number("size")?,
        blob: row.hash("blob")?,
        at: row.time("created_at")?,
        recipient_id: row.opt_parsed("recipient_id")?,
    })
}

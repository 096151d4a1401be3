//! Verified people. ID number and phone are sealed; a person is found by a keyed hash of the number.

use domain::{IdDocument, IdKind, Name, PersonId, Phone};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::identity;
use crate::sealer::Sealer;
use crate::{Reader, Tx};

const TABLE: &str = "persons";

/// A verified person: one record however often they sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The ID document.
    pub document: IdDocument,
    /// The phone that was last verified, where one was.
    pub phone: Option<Phone>,
    /// Name in the register's spelling.
    pub name: Name,
    /// When they were first verified.
    pub created_at: Timestamp,
    /// When they were last verified.
    pub verified_at: Timestamp,
}

impl Reader {
    /// A person; none once they are erased.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn person(&mut self, id: PersonId) -> Result<Option<Person>, Error> {
        let row = self
            .connection
            .one(
                "SELECT id, document_kind, number_sealed, phone_sealed, name, created_at, verified_at FROM persons \
                 WHERE id = $1 AND number_sealed <> ''",
                args![id.to_string()],
            )
            .await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The person with this ID document.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn person_by_document(&mut self, document: &IdDocument) -> Result<Option<Person>, Error> {
        let sql = "SELECT id, document_kind, number_sealed, phone_sealed, name, created_at, verified_at FROM persons \
             WHERE number_index = $1";
        for index in identity::indexes(&self.sealer, document) {
            if let Some(row) = self.connection.one(sql, args![index]).await? {
                return read(&row, &self.sealer).map(Some);
            }
        }
        Ok(None)
    }
}

impl Tx {
    /// Keeps a person; a known one takes the newer name, phone and time.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_person(&mut self, person: &Person) -> Result<(), Error> {
        let id = person.id.to_string();
        let index = identity::index(&self.sealer, &person.document);
        let number = self.sealer.seal((TABLE, "number_sealed"), &id, person.document.reveal());
        let phone = person.phone.as_ref().map(Phone::reveal);
        let phone =
            phone.map(|phone| self.sealer.seal((TABLE, "phone_sealed"), &id, phone)).unwrap_or_default();
        self.connection
            .execute(
                "INSERT INTO persons (id, document_kind, number_index, number_sealed, phone_sealed, name, created_at, \
                 verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone_sealed = \
                 CASE WHEN excluded.phone_sealed = '' THEN persons.phone_sealed ELSE excluded.phone_sealed END, \
                 verified_at = excluded.verified_at",
                args![
                    id,
                    person.document.kind().as_str(),
                    index,
                    number,
                    phone,
                    person.name.as_str(),
                    person.created_at,
                    person.verified_at,
                ],
            )
            .await?;
        Ok(())
    }
}

impl Tx {
    /// Erases a person's numbers and handwriting, unless a verification still holds them; the name becomes `masked`.
    /// Whoever comes with the document again is a person of their own.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn erase_person(&mut self, id: PersonId, masked: &Name) -> Result<(), Error> {
        let sql = "UPDATE persons SET number_sealed = '', phone_sealed = '', number_index = 'erased:' || id, name = $2 \
             WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM identity_verifications WHERE person_id = $1 \
             AND erased_at IS NULL)";
        self.connection.execute(sql, args![id.to_string(), masked.as_str()]).await?;
        self.forget_impressions(id).await
    }
}

fn read(row: &Row, sealer: &Sealer) -> Result<Person, Error> {
    let id = row.text("id")?;
    let created_at = row.time("created_at")?;
    let number = sealer.open((TABLE, "number_sealed"), &id, &row.text("number_sealed")?)?;
    let kind: IdKind = row.parsed("document_kind")?;
    let phone = match row.text("phone_sealed")? {
        sealed if sealed.is_empty() => None,
        sealed => Some(sealer.open((TABLE, "phone_sealed"), &id, &sealed)?),
    };
    let phone = phone.map(|phone| Phone::parse(&phone)).transpose();
    Ok(Person {
        id: row.parsed("id")?,
        document: identity::document(kind, &number, created_at)?,
        phone: phone.map_err(|_| Error::Corrupt { column: "phone_sealed" })?,
        name: row.read("name", |text| Name::parse(text).ok())?,
        created_at,
        verified_at: row.time("verified_at")?,
    })
}

//! Verified people. ID number and phone are sealed; a person is found by a keyed hash of the number.

use domain::{Name, PersonId, Phone, ResidentId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::sealer::Sealer;
use crate::{Reader, Tx};

const TABLE: &str = "persons";

/// A verified person: one record however often they sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// Resident ID number.
    pub number: ResidentId,
    /// The phone that was last verified.
    pub phone: Phone,
    /// Name in the register's spelling.
    pub name: Name,
    /// When they were first verified.
    pub created_at: Timestamp,
    /// When they were last verified.
    pub verified_at: Timestamp,
}

impl Reader {
    /// A person.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn person(&mut self, id: PersonId) -> Result<Option<Person>, Error> {
        let row = self
            .connection
            .one(
                "SELECT id, number_sealed, phone_sealed, name, created_at, verified_at FROM persons WHERE id = $1",
                args![id.to_string()],
            )
            .await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The person with this ID number.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn person_by_number(&mut self, number: &ResidentId) -> Result<Option<Person>, Error> {
        let index = self.sealer.index("resident-id", number.reveal());
        let row = self
            .connection
            .one(
                "SELECT id, number_sealed, phone_sealed, name, created_at, verified_at FROM persons WHERE number_index = $1",
                args![index],
            )
            .await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }
}

impl Tx {
    /// Keeps a person; a known one takes the newer name, phone and time.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_person(&mut self, person: &Person) -> Result<(), Error> {
        let id = person.id.to_string();
        let index = self.sealer.index("resident-id", person.number.reveal());
        let number = self.sealer.seal((TABLE, "number_sealed"), &id, person.number.reveal());
        let phone = self.sealer.seal((TABLE, "phone_sealed"), &id, person.phone.reveal());
        self.connection
            .execute(
                "INSERT INTO persons (id, number_index, number_sealed, phone_sealed, name, created_at, verified_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (id) DO UPDATE SET phone_sealed = excluded.phone_sealed, name = excluded.name, \
                 verified_at = excluded.verified_at",
                args![id, index, number, phone, person.name.as_str(), person.created_at, person.verified_at],
            )
            .await?;
        Ok(())
    }
}

fn read(row: &Row, sealer: &Sealer) -> Result<Person, Error> {
    let id = row.text("id")?;
    let created_at = row.time("created_at")?;
    let number = sealer.open((TABLE, "number_sealed"), &id, &row.text("number_sealed")?)?;
    let phone = sealer.open((TABLE, "phone_sealed"), &id, &row.text("phone_sealed")?)?;
    Ok(Person {
        id: row.parsed("id")?,
        number: ResidentId::parse(&number, created_at)
            .map_err(|_| Error::Corrupt { column: "number_sealed" })?,
        phone: Phone::parse(&phone).map_err(|_| Error::Corrupt { column: "phone_sealed" })?,
        name: row.read("name", |text| Name::parse(text).ok())?,
        created_at,
        verified_at: row.time("verified_at")?,
    })
}

//! Signatures and seals that were drawn, typed or uploaded.

use domain::{ImpressionId, OrganizationId, PersonId, RecipientId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// An impression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImpression {
    /// The id.
    pub id: ImpressionId,
    /// In whose ceremony it was made.
    pub recipient_id: RecipientId,
    /// Whose it is, or whose company's agent made it.
    pub person_id: PersonId,
    /// Whose seal it is.
    pub organization_id: Option<OrganizationId>,
    /// How it was made: `drawn`, `typed`, `seal_drawn`, `seal_uploaded`.
    pub kind: String,
    /// The impression (JSON).
    pub impression: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// How many a signer chooses from.
const SHOWN: u32 = 12;

impl Reader {
    /// An impression.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn impression(&mut self, id: ImpressionId) -> Result<Option<StoredImpression>, Error> {
        let row = self
            .connection
            .one(
                "SELECT id, recipient_id, person_id, organization_id, kind, impression, created_at FROM impressions \
                 WHERE id = $1",
                args![id.to_string()],
            )
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The newest impressions of a person (`organization` is none) or of an organization.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn impressions(
        &mut self,
        person: PersonId,
        organization: Option<OrganizationId>,
    ) -> Result<Vec<StoredImpression>, Error> {
        let rows = match organization {
            None => {
                self.connection
                    .all(
                        "SELECT id, recipient_id, person_id, organization_id, kind, impression, created_at \
                         FROM impressions WHERE person_id = $1 AND organization_id IS NULL \
                         ORDER BY created_at DESC, id DESC LIMIT $2",
                        args![person.to_string(), SHOWN],
                    )
                    .await?
            }
            Some(organization) => {
                self.connection
                    .all(
                        "SELECT id, recipient_id, person_id, organization_id, kind, impression, created_at \
                         FROM impressions WHERE organization_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
                        args![organization.to_string(), SHOWN],
                    )
                    .await?
            }
        };
        rows.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps a new impression.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_impression(&mut self, it: &StoredImpression) -> Result<(), Error> {
        self.connection
            .execute(
                "INSERT INTO impressions (id, recipient_id, person_id, organization_id, kind, impression, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                args![
                    it.id.to_string(),
                    it.recipient_id.to_string(),
                    it.person_id.to_string(),
                    it.organization_id.map(|organization| organization.to_string()),
                    it.kind.as_str(),
                    it.impression.as_str(),
                    it.created_at,
                ],
            )
            .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<StoredImpression, Error> {
    Ok(StoredImpression {
        id: row.parsed("id")?,
        recipient_id: row.parsed("recipient_id")?,
        person_id: row.parsed("person_id")?,
        organization_id: row.opt_parsed("organization_id")?,
        kind: row.text("kind")?,
        impression: row.text("impression")?,
        created_at: row.time("created_at")?,
    })
}

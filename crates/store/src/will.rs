//! Faces as the check of a signer's will, each for one activation.

use domain::{ActivationId, PersonId, RecipientId, VerificationId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::sealer::Sealer;
use crate::{Page, Reader, Tx};

const TABLE: &str = "will_faces";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT activation_id, recipient_id, identity_id, provider, method, state, order_number, transaction_number, \
             pending_sealed, answer_sealed, answer_sha256, score, refused, created_at FROM will_faces ",
            $rest
        )
    };
}

/// Where a face check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaceState {
    /// On record, and the provider is being asked.
    Asked,
    /// The signer goes on at the provider's page.
    Pending,
    /// It was the signer's face.
    Passed,
    /// The provider says no.
    Refused,
}

impl FaceState {
    const ALL: [Self; 4] = [Self::Asked, Self::Pending, Self::Passed, Self::Refused];

    fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Pending => "pending",
            Self::Passed => "passed",
            Self::Refused => "refused",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Whose faces are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacesOf {
    /// Those of one ceremony.
    Recipient(RecipientId),
    /// Those of a person, in all ceremonies.
    Person(PersonId),
}

/// A face that is shown for one activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WillFace {
    /// The activation, whose id is our order number.
    pub activation_id: ActivationId,
    /// Whose.
    pub recipient_id: RecipientId,
    /// The verification that says who the signer is: it is their face that is looked for.
    pub identity_id: VerificationId,
    /// Who is asked.
    pub provider: String,
    /// How, in the provider interface's word.
    pub method: String,
    /// Where it stands.
    pub state: FaceState,
    /// Our order as the provider knows it.
    pub order_number: String,
    /// The provider's transaction, once it is known: no two checks have the same.
    pub transaction: Option<String>,
    /// Where the signer goes on, as the service writes it (JSON).
    pub pending: Option<String>,
    /// The answer itself, of a check that was passed: until the person's data are erased.
    pub answer: Option<String>,
    /// SHA-256 of the answer, hexadecimal.
    pub answer_sha256: Option<String>,
    /// Likeness in percent, where the provider told it.
    pub score: Option<u8>,
    /// Why the provider said no.
    pub refused: Option<String>,
    /// When it was asked.
    pub created_at: Timestamp,
}

impl Reader {
    /// The face that is shown for an activation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn will_face(&mut self, activation: ActivationId) -> Result<Option<WillFace>, Error> {
        let row =
            self.connection.one(select!("WHERE activation_id = $1"), args![activation.to_string()]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The one of a provider's transaction, or of an order by the number that the provider was given.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn will_face_of(
        &mut self,
        provider: &str,
        transaction: Option<&str>,
        order_number: Option<&str>,
    ) -> Result<Option<WillFace>, Error> {
        let row = match (transaction, order_number) {
            (Some(it), _) => {
                let sql = select!("WHERE provider = $1 AND transaction_number = $2");
                self.connection.one(sql, args![provider, it]).await?
            }
            (None, Some(it)) => {
                let sql = select!("WHERE provider = $1 AND order_number = $2");
                self.connection.one(sql, args![provider, it]).await?
            }
            (None, None) => None,
        };
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// Checks that are open though their activation's time is over, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn overdue_will_faces(
        &mut self,
        now: Timestamp,
        page: Page,
    ) -> Result<Vec<ActivationId>, Error> {
        let sql = "SELECT f.activation_id FROM will_faces f JOIN activations a ON a.id = f.activation_id
            WHERE f.state IN ('asked', 'pending') AND (a.state <> 'offered' OR a.expires_at <= $1)
            ORDER BY f.created_at, f.activation_id LIMIT $2 OFFSET $3";
        let rows = self.connection.all(sql, args![now, page.limit, page.offset]).await?;
        rows.iter().map(|row| row.parsed("activation_id")).collect()
    }

    /// The check of the will by a code that a recipient was asked for last, as the service writes it (JSON).
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_code_of_will(&mut self, recipient: RecipientId) -> Result<Option<String>, Error> {
        let sql = "SELECT will FROM activations WHERE recipient_id = $1 AND will LIKE '%\"code\":{%'
            ORDER BY created_at DESC, id DESC LIMIT 1";
        let row = self.connection.one(sql, args![recipient.to_string()]).await?;
        row.map(|row| row.text("will")).transpose()
    }
}

impl Tx {
    /// Keeps a face check, new or changed.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the provider's transaction belongs to another check, of a will or of an identity.
    pub async fn put_will_face(&mut self, it: &WillFace) -> Result<(), Error> {
        if let Some(transaction) = &it.transaction {
            let sql = "SELECT 1 AS found FROM identity_verifications WHERE provider = $1 AND transaction_number = $2
                UNION ALL
                SELECT 1 FROM organization_verifications WHERE provider = $1 AND transaction_number = $2";
            let verified =
                self.connection.one(sql, args![it.provider.as_str(), transaction.as_str()]).await?;
            if verified.is_some() {
                return Err(Error::Conflict);
            }
        }
        let id = it.activation_id.to_string();
        let sealer = &self.sealer;
        let seal = |column: &'static str, text: &Option<String>| {
            text.as_ref().map(|text| sealer.seal((TABLE, column), &id, text))
        };
        let args = args![
            id.as_str(),
            it.recipient_id.to_string(),
            it.identity_id.to_string(),
            it.provider.as_str(),
            it.method.as_str(),
            it.state.as_str(),
            it.order_number.as_str(),
            it.transaction.clone(),
            seal("pending_sealed", &it.pending),
            seal("answer_sealed", &it.answer),
            it.answer_sha256.clone(),
            it.score.map(i64::from),
            it.refused.clone(),
            it.created_at,
        ];
        let sql = "INSERT INTO will_faces (activation_id, recipient_id, identity_id, provider, method, state, order_number,
                transaction_number, pending_sealed, answer_sealed, answer_sha256, score, refused, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (activation_id) DO UPDATE SET state = excluded.state,
                transaction_number = excluded.transaction_number, pending_sealed = excluded.pending_sealed,
                answer_sealed = excluded.answer_sealed, answer_sha256 = excluded.answer_sha256, score = excluded.score,
                refused = excluded.refused";
        self.connection.execute(sql, args).await?;
        match &it.transaction {
            Some(transaction) if it.state == FaceState::Refused => self.mask_sandbox_face(transaction).await,
            _ => Ok(()),
        }
    }

    /// Ends the checks that are open: what comes for them later finds nothing to settle.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refuse_will_faces(&mut self, of: FacesOf, why: &str) -> Result<u64, Error> {
        let sql = "UPDATE will_faces SET state = 'refused', refused = $2, pending_sealed = NULL, answer_sealed = NULL
            WHERE state IN ('asked', 'pending') AND recipient_id = $1";
        let of_person = "UPDATE will_faces SET state = 'refused', refused = $2, pending_sealed = NULL, answer_sealed = NULL
            WHERE state IN ('asked', 'pending')
                AND identity_id IN (SELECT id FROM identity_verifications WHERE person_id = $1)";
        match of {
            FacesOf::Recipient(id) => self.connection.execute(sql, args![id.to_string(), why]).await,
            FacesOf::Person(id) => self.connection.execute(of_person, args![id.to_string(), why]).await,
        }
    }

    /// Erases what a provider answered about the faces of a person whose check is erased.
    pub(crate) async fn erase_will_faces(&mut self, identity: VerificationId) -> Result<(), Error> {
        let sql = "UPDATE will_faces SET pending_sealed = NULL, answer_sealed = NULL WHERE identity_id = $1";
        self.connection.execute(sql, args![identity.to_string()]).await.map(drop)
    }

    /// Passes a provider's transaction that no face for a will has.
    pub(crate) async fn require_no_will_face(
        &mut self,
        provider: &str,
        transaction: Option<&str>,
    ) -> Result<(), Error> {
        let Some(transaction) = transaction else { return Ok(()) };
        let found = self.will_face_of(provider, Some(transaction), None).await?;
        if found.is_some() { Err(Error::Conflict) } else { Ok(()) }
    }
}

fn read(row: &Row, sealer: &Sealer) -> Result<WillFace, Error> {
    let id = row.text("activation_id")?;
    let open = |column: &'static str| {
        row.opt_text(column)?.map(|sealed| sealer.open((TABLE, column), &id, &sealed)).transpose()
    };
    let score = row.opt_integer("score")?.map(u8::try_from).transpose();
    Ok(WillFace {
        activation_id: row.parsed("activation_id")?,
        recipient_id: row.parsed("recipient_id")?,
        identity_id: row.parsed("identity_id")?,
        provider: row.text("provider")?,
        method: row.text("method")?,
        state: row.read("state", FaceState::parse)?,
        order_number: row.text("order_number")?,
        transaction: row.opt_text("transaction_number")?,
        pending: open("pending_sealed")?,
        answer: open("answer_sealed")?,
        answer_sha256: row.opt_text("answer_sha256")?,
        score: score.map_err(|_| Error::Corrupt { column: "score" })?,
        refused: row.opt_text("refused")?,
        created_at: row.time("created_at")?,
    })
}

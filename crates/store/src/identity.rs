//! Runs of a person's identity verification: what was compared, who answered what, and the code that was sent.

use domain::{Name, PersonId, Phone, RecipientId, ResidentId, VerificationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::sealer::Sealer;
use crate::{Reader, Tx};

const TABLE: &str = "identity_verifications";
const BY_ID: &str = "SELECT id, recipient_id, person_id, state, provider, name, number_sealed, phone_sealed, code, proof, \
     answer_sealed, created_at, verified_at, expires_at FROM identity_verifications WHERE id = $1";
const NEWEST: &str = "SELECT id, recipient_id, person_id, state, provider, name, number_sealed, phone_sealed, code, proof, \
     answer_sealed, created_at, verified_at, expires_at FROM identity_verifications WHERE recipient_id = $1 \
     ORDER BY created_at DESC, id DESC LIMIT 1";
const VERIFIED: &str = "SELECT id, recipient_id, person_id, state, provider, name, number_sealed, phone_sealed, code, \
     proof, answer_sealed, created_at, verified_at, expires_at FROM identity_verifications \
     WHERE recipient_id = $1 AND state = 'verified' ORDER BY verified_at DESC";

/// How far a verification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerificationState {
    /// The register agreed; a code was sent to the phone.
    CodeSent,
    /// The code came back.
    Verified,
    /// Given up for another.
    Abandoned,
}

impl VerificationState {
    fn as_str(self) -> &'static str {
        match self {
            Self::CodeSent => "code_sent",
            Self::Verified => "verified",
            Self::Abandoned => "abandoned",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::CodeSent, Self::Verified, Self::Abandoned].into_iter().find(|state| state.as_str() == word)
    }
}

/// What an authority answered, as evidence keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The authority's transaction number.
    pub transaction: String,
    /// What was compared and agreed.
    pub factors: Vec<String>,
    /// SHA-256 of the answer, hexadecimal.
    pub answer_sha256: String,
    /// When it was answered.
    pub at: Timestamp,
}

/// One run of a person's verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityVerification {
    /// The id.
    pub id: VerificationId,
    /// In whose ceremony.
    pub recipient_id: RecipientId,
    /// Who it turned out to be.
    pub person_id: Option<PersonId>,
    /// How far it has come.
    pub state: VerificationState,
    /// Who was asked.
    pub provider: String,
    /// Name in the register.
    pub name: Name,
    /// ID number.
    pub number: ResidentId,
    /// Phone.
    pub phone: Phone,
    /// The code that was sent, as the service writes it (JSON).
    pub code: String,
    /// What was answered.
    pub proof: Proof,
    /// The answer itself.
    pub answer: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When the code came back.
    pub verified_at: Option<Timestamp>,
    /// From when it counts no more.
    pub expires_at: Option<Timestamp>,
}

impl Reader {
    /// A verification.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn identity_verification(
        &mut self,
        id: VerificationId,
    ) -> Result<Option<IdentityVerification>, Error> {
        let row = self.connection.one(BY_ID, args![id.to_string()]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The verification that a recipient began last, in whatever browser.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_identity_verification(
        &mut self,
        recipient: RecipientId,
    ) -> Result<Option<IdentityVerification>, Error> {
        let row = self.connection.one(NEWEST, args![recipient.to_string()]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The verifications that a recipient passed, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn verified_identities(
        &mut self,
        recipient: RecipientId,
    ) -> Result<Vec<IdentityVerification>, Error> {
        let rows = self.connection.all(VERIFIED, args![recipient.to_string()]).await?;
        rows.iter().map(|row| read(row, &self.sealer)).collect()
    }
}

impl Tx {
    /// Keeps a verification, new or changed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_identity_verification(&mut self, it: &IdentityVerification) -> Result<(), Error> {
        let id = it.id.to_string();
        let number = self.sealer.seal((TABLE, "number_sealed"), &id, it.number.reveal());
        let phone = self.sealer.seal((TABLE, "phone_sealed"), &id, it.phone.reveal());
        let answer = self.sealer.seal((TABLE, "answer_sealed"), &id, &it.answer);
        let index = self.sealer.index("resident-id", it.number.reveal());
        self.connection
            .execute(
                "INSERT INTO identity_verifications (id, recipient_id, person_id, state, provider, name, number_sealed, \
                 number_index, phone_sealed, code, proof, answer_sealed, created_at, verified_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
                 ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, state = excluded.state, \
                 code = excluded.code, proof = excluded.proof, verified_at = excluded.verified_at, \
                 expires_at = excluded.expires_at",
                args![
                    id,
                    it.recipient_id.to_string(),
                    it.person_id.map(|person| person.to_string()),
                    it.state.as_str(),
                    it.provider.as_str(),
                    it.name.as_str(),
                    number,
                    index,
                    phone,
                    it.code.as_str(),
                    json(&it.proof),
                    answer,
                    it.created_at,
                    it.verified_at,
                    it.expires_at,
                ],
            )
            .await?;
        Ok(())
    }
}

fn read(row: &Row, sealer: &Sealer) -> Result<IdentityVerification, Error> {
    let id = row.text("id")?;
    let created_at = row.time("created_at")?;
    let open = |column: &'static str| sealer.open((TABLE, column), &id, &row.text(column)?);
    let (number, phone) = (open("number_sealed")?, open("phone_sealed")?);
    Ok(IdentityVerification {
        id: row.parsed("id")?,
        recipient_id: row.parsed("recipient_id")?,
        person_id: row.opt_parsed("person_id")?,
        state: row.read("state", VerificationState::parse)?,
        provider: row.text("provider")?,
        name: row.read("name", |text| Name::parse(text).ok())?,
        number: ResidentId::parse(&number, created_at)
            .map_err(|_| Error::Corrupt { column: "number_sealed" })?,
        phone: Phone::parse(&phone).map_err(|_| Error::Corrupt { column: "phone_sealed" })?,
        code: row.text("code")?,
        proof: row.json("proof")?,
        answer: open("answer_sealed")?,
        created_at,
        verified_at: row.opt_time("verified_at")?,
        expires_at: row.opt_time("expires_at")?,
    })
}

//! Organizations, who was verified to act for them, and the payments that showed it.

use domain::organization::{OrganizationState, OrganizationWay};
use domain::{CreditCode, Name, OrganizationId, PaymentId, PersonId, RecipientId, VerificationId};
use jiff::Timestamp;

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::identity::Proof;
use crate::sealer::Sealer;
use crate::{Reader, Tx};

const VERIFICATIONS: &str = "organization_verifications";
const PAYMENTS: &str = "payments";

/// A verified organization: one record however often it seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// The id.
    pub id: OrganizationId,
    /// Unified social credit code.
    pub credit_code: CreditCode,
    /// Name in the registry's spelling.
    pub name: Name,
    /// Who leads it.
    pub legal_representative: Name,
    /// When it was first verified.
    pub created_at: Timestamp,
    /// When it was last verified.
    pub verified_at: Timestamp,
}

/// One run of an organization's verification by an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationVerification {
    /// The id.
    pub id: VerificationId,
    /// In whose ceremony.
    pub recipient_id: RecipientId,
    /// Which organization it turned out to be.
    pub organization_id: Option<OrganizationId>,
    /// The agent.
    pub person_id: PersonId,
    /// How far it has come.
    pub state: OrganizationState,
    /// By which way it is, or was, shown that the person acts for it; none before one was chosen.
    pub way: Option<OrganizationWay>,
    /// Why it was refused, or a way came to nothing.
    pub refused: Option<String>,
    /// Who was asked.
    pub provider: String,
    /// Name in the registry.
    pub name: Name,
    /// Code.
    pub credit_code: CreditCode,
    /// Who leads it; masked once the run is erased.
    pub legal_representative: Name,
    /// How much was compared, in the provider interface's word.
    pub method: String,
    /// The registry's transaction: no two runs have the same.
    pub transaction: Option<String>,
    /// What was answered.
    pub proof: Proof,
    /// The answer itself; empty once the run is erased.
    pub answer: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
    /// From when it counts no more.
    pub expires_at: Option<Timestamp>,
}

/// A payment to an organization's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPayment {
    /// The id.
    pub id: PaymentId,
    /// For which verification.
    pub verification_id: VerificationId,
    /// Account number; empty once it is forgotten.
    pub account_number: String,
    /// Amount (hashed), tries and times, as the service writes them (JSON).
    pub payment: String,
    /// The bank's reference.
    pub reference: Option<String>,
    /// When it was sent.
    pub created_at: Timestamp,
}

impl Reader {
    /// An organization.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>, Error> {
        let row = self
            .connection
            .one(
                "SELECT id, credit_code, name, legal_representative, created_at, verified_at FROM organizations WHERE id = $1",
                args![id.to_string()],
            )
            .await?;
        row.as_ref().map(organization).transpose()
    }

    /// The organization with this code.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organization_by_code(&mut self, code: &CreditCode) -> Result<Option<Organization>, Error> {
        let row = self
            .connection
            .one(
                "SELECT id, credit_code, name, legal_representative, created_at, verified_at FROM organizations \
                 WHERE credit_code = $1",
                args![code.as_str()],
            )
            .await?;
        row.as_ref().map(organization).transpose()
    }

    /// A verification.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organization_verification(
        &mut self,
        id: VerificationId,
    ) -> Result<Option<OrganizationVerification>, Error> {
        let row = self
            .connection
            .one(
                "SELECT id, recipient_id, organization_id, person_id, state, provider, way, refused, name, credit_code, \
                 legal_representative, method, transaction_number, proof, answer_sealed, created_at, verified_at, \
                 expires_at \
                 FROM organization_verifications WHERE id = $1",
                args![id.to_string()],
            )
            .await?;
        row.map(|row| verification(&row, &self.sealer)).transpose()
    }

    /// The payments of a verification, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payments(&mut self, verification: VerificationId) -> Result<Vec<StoredPayment>, Error> {
        let rows = self
            .connection
            .all(
                "SELECT id, verification_id, account_sealed, payment, reference, created_at FROM payments \
                 WHERE verification_id = $1 ORDER BY created_at DESC, id DESC",
                args![verification.to_string()],
            )
            .await?;
        rows.iter().map(|row| payment(row, &self.sealer)).collect()
    }

    /// A payment.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payment(&mut self, id: PaymentId) -> Result<Option<StoredPayment>, Error> {
        let sql = "SELECT id, verification_id, account_sealed, payment, reference, created_at FROM payments WHERE id = $1";
        let row = self.connection.one(sql, args![id.to_string()]).await?;
        row.map(|row| payment(&row, &self.sealer)).transpose()
    }

    /// The payments to whoever has this code since `since`, whoever asked for them, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn payments_to(
        &mut self,
        code: &CreditCode,
        since: Timestamp,
    ) -> Result<Vec<StoredPayment>, Error> {
        let sql = "SELECT p.id, p.verification_id, p.account_sealed, p.payment, p.reference, p.created_at
            FROM payments p JOIN organization_verifications v ON v.id = p.verification_id
            WHERE v.credit_code = $1 AND p.created_at > $2 ORDER BY p.created_at DESC, p.id DESC";
        let rows = self.connection.all(sql, args![code.as_str(), since]).await?;
        rows.iter().map(|row| payment(row, &self.sealer)).collect()
    }
}

impl Reader {
    /// The newest payments of runs that wait for one, or for its amount.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn awaited_payments(&mut self, limit: u32) -> Result<Vec<StoredPayment>, Error> {
        let sql =
            "SELECT id FROM organization_verifications WHERE state IN ('payment_requested', 'payment_sent')
            ORDER BY created_at DESC LIMIT $1";
        let rows = self.connection.all(sql, args![limit]).await?;
        let mut awaited = Vec::new();
        for row in &rows {
            awaited.extend(self.payments(row.parsed("id")?).await?.into_iter().next());
        }
        Ok(awaited)
    }
}

impl Tx {
    /// Keeps an organization; a known one takes the newer names and time.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_organization(&mut self, it: &Organization) -> Result<(), Error> {
        self.connection
            .execute(
                "INSERT INTO organizations (id, credit_code, name, legal_representative, created_at, verified_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
                 legal_representative = excluded.legal_representative, verified_at = excluded.verified_at",
                args![
                    it.id.to_string(),
                    it.credit_code.as_str(),
                    it.name.as_str(),
                    it.legal_representative.as_str(),
                    it.created_at,
                    it.verified_at,
                ],
            )
            .await?;
        Ok(())
    }

    /// Keeps a verification, new or changed.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the provider's transaction belongs to another run, or to a face that confirmed a will.
    pub async fn put_organization_verification(
        &mut self,
        it: &OrganizationVerification,
    ) -> Result<(), Error> {
        self.require_no_will_face(&it.provider, it.transaction.as_deref()).await?;
        let id = it.id.to_string();
        let answer = match it.answer.as_str() {
            "" => String::new(),
            answer => self.sealer.seal((VERIFICATIONS, "answer_sealed"), &id, answer),
        };
        self.connection
            .execute(
                "INSERT INTO organization_verifications (id, recipient_id, organization_id, person_id, state, provider, \
                 name, credit_code, legal_representative, method, transaction_number, proof, answer_sealed, created_at, \
                 verified_at, expires_at, way, refused) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
                 ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id, state = excluded.state, \
                 name = excluded.name, transaction_number = excluded.transaction_number, proof = excluded.proof, \
                 answer_sealed = excluded.answer_sealed, verified_at = excluded.verified_at, \
                 expires_at = excluded.expires_at, way = excluded.way, refused = excluded.refused",
                args![
                    id,
                    it.recipient_id.to_string(),
                    it.organization_id.map(|organization| organization.to_string()),
                    it.person_id.to_string(),
                    it.state.as_str(),
                    it.provider.as_str(),
                    it.name.as_str(),
                    it.credit_code.as_str(),
                    it.legal_representative.as_str(),
                    it.method.as_str(),
                    it.transaction.clone(),
                    json(&it.proof),
                    answer,
                    it.created_at,
                    it.verified_at,
                    it.expires_at,
                    it.way.map(OrganizationWay::as_str),
                    it.refused.clone(),
                ],
            )
            .await?;
        Ok(())
    }

    /// Keeps a payment, new or changed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_payment(&mut self, it: &StoredPayment) -> Result<(), Error> {
        let id = it.id.to_string();
        let account = self.sealer.seal((PAYMENTS, "account_sealed"), &id, &it.account_number);
        self.connection
            .execute(
                "INSERT INTO payments (id, verification_id, account_sealed, payment, reference, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (id) DO UPDATE SET payment = excluded.payment, reference = excluded.reference",
                args![
                    id,
                    it.verification_id.to_string(),
                    account,
                    it.payment.as_str(),
                    it.reference.clone(),
                    it.created_at,
                ],
            )
            .await?;
        Ok(())
    }
}

fn organization(row: &Row) -> Result<Organization, Error> {
    Ok(Organization {
        id: row.parsed("id")?,
        credit_code: row.read("credit_code", |text| CreditCode::parse(text).ok())?,
        name: row.read("name", |text| Name::parse(text).ok())?,
        legal_representative: row.read("legal_representative", |text| Name::parse(text).ok())?,
        created_at: row.time("created_at")?,
        verified_at: row.time("verified_at")?,
    })
}

fn verification(row: &Row, sealer: &Sealer) -> Result<OrganizationVerification, Error> {
    let id = row.text("id")?;
    Ok(OrganizationVerification {
        id: row.parsed("id")?,
        recipient_id: row.parsed("recipient_id")?,
        organization_id: row.opt_parsed("organization_id")?,
        person_id: row.parsed("person_id")?,
        state: row.read("state", OrganizationState::parse)?,
        way: row.opt_text("way")?.as_deref().and_then(OrganizationWay::parse),
        refused: row.opt_text("refused")?,
        provider: row.text("provider")?,
        name: row.read("name", |text| Name::parse(text).ok())?,
        credit_code: row.read("credit_code", |text| CreditCode::parse(text).ok())?,
        legal_representative: row.read("legal_representative", |text| Name::parse(text).ok())?,
        method: row.text("method")?,
        transaction: row.opt_text("transaction_number")?,
        proof: row.json("proof")?,
        answer: match row.text("answer_sealed")? {
            erased if erased.is_empty() => erased,
            sealed => sealer.open((VERIFICATIONS, "answer_sealed"), &id, &sealed)?,
        },
        created_at: row.time("created_at")?,
        verified_at: row.opt_time("verified_at")?,
        expires_at: row.opt_time("expires_at")?,
    })
}

fn payment(row: &Row, sealer: &Sealer) -> Result<StoredPayment, Error> {
    let id = row.text("id")?;
    Ok(StoredPayment {
        id: row.parsed("id")?,
        verification_id: row.parsed("verification_id")?,
        account_number: match row.text("account_sealed")? {
            forgotten if forgotten.is_empty() => forgotten,
            sealed => sealer.open((PAYMENTS, "account_sealed"), &id, &sealed)?,
        },
        payment: row.text("payment")?,
        reference: row.opt_text("reference")?,
        created_at: row.time("created_at")?,
    })
}

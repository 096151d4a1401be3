//! What the authority's administrators see and decide, and what belongs to an account.

use domain::account::Account;
use domain::{AccountId, CertificateId, OrganizationId, PersonId, StatusRequestId};
use jiff::Timestamp;

use crate::certificate::{StoredCertificate, certificate, select};
use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// Which certificates to list.
#[derive(Debug, Clone, Default)]
pub struct CertificateFilter {
    /// Only in this state: `issued`, `revoked`, `held`, `expired`, `intended`.
    pub state: Option<String>,
    /// Only where number or subject holds these words.
    pub words: Option<String>,
    /// Only those before this one, in the order of the list.
    pub before: Option<CertificateId>,
    /// So many at most.
    pub most: u32,
}

/// How many certificates of an issuer stand where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateCount {
    /// The issuing role's word.
    pub issuer: String,
    /// Issued, not ended, not revoked.
    pub valid: u64,
    /// Revoked or on hold.
    pub revoked: u64,
    /// All that were issued.
    pub issued: u64,
}

/// Whose certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerOf {
    /// Of every key that this person opens, organizations' among them.
    Person(PersonId),
    /// Of every seal key of this organization.
    Organization(OrganizationId),
    /// Of every seal key of this organization that this agent of it opens.
    Agent(PersonId, OrganizationId),
}

/// How a request was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it was approved.
    pub approved: bool,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A change of status that one administrator asks for and another decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRequest {
    /// The id.
    pub id: StatusRequestId,
    /// The certificate.
    pub certificate_id: CertificateId,
    /// `revoke`, `suspend` or `release`.
    pub action: String,
    /// The reason's word.
    pub reason: String,
    /// Who asks.
    pub requested_by: AccountId,
    /// When.
    pub requested_at: Timestamp,
    /// How it was decided.
    pub decision: Option<Decision>,
}

impl Reader {
    /// A certificate.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificate(&mut self, id: CertificateId) -> Result<Option<StoredCertificate>, Error> {
        let row = self.connection.one(select!("WHERE c.id = $1"), args![id.to_string()]).await?;
        row.as_ref().map(certificate).transpose()
    }

    /// Certificates, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates(
        &mut self,
        filter: &CertificateFilter,
        now: Timestamp,
    ) -> Result<Vec<StoredCertificate>, Error> {
        let sql = select!(
            "WHERE ($1 IS NULL OR c.id < $1)
            AND ($2 IS NULL OR instr(lower(c.serial), lower($2)) > 0 OR instr(lower(c.subject), lower($2)) > 0)
            AND CASE COALESCE($3, '')
                WHEN '' THEN 1
                WHEN 'issued' THEN c.state = 'issued' AND c.not_after > $4
                WHEN 'expired' THEN c.state = 'issued' AND c.not_after <= $4
                WHEN 'held' THEN c.state = 'revoked' AND c.revocation_reason = 'certificate_hold'
                WHEN 'revoked' THEN c.state = 'revoked' AND c.revocation_reason <> 'certificate_hold'
                ELSE c.state = $3 END
            ORDER BY c.id DESC LIMIT $5"
        );
        let args = args![
            filter.before.map(|id| id.to_string()),
            filter.words.clone(),
            filter.state.clone(),
            now,
            filter.most
        ];
        self.connection.all(sql, args).await?.iter().map(certificate).collect()
    }

    /// How many certificates each issuer has.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificate_counts(&mut self, now: Timestamp) -> Result<Vec<CertificateCount>, Error> {
        let sql = "SELECT issuer, SUM(state = 'issued' AND not_after > $1) AS valid, SUM(state = 'revoked') AS revoked,
                SUM(state <> 'intended') AS issued
            FROM certificates GROUP BY issuer ORDER BY issuer";
        let rows = self.connection.all(sql, args![now]).await?;
        rows.iter()
            .map(|row| {
                Ok(CertificateCount {
                    issuer: row.text("issuer")?,
                    valid: row.number("valid")?,
                    revoked: row.number("revoked")?,
                    issued: row.number("issued")?,
                })
            })
            .collect()
    }

    /// The long-lived certificates of an owner's keys that hold: issued or on hold, not ended. Those of another's authority
    /// among them that are for one ceremony alone: how long they last is its to say.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates_of_owner(
        &mut self,
        owner: OwnerOf,
        now: Timestamp,
    ) -> Result<Vec<StoredCertificate>, Error> {
        let (sql, id) = match owner {
            OwnerOf::Person(id) => (
                select!(
                    "JOIN keys k ON k.id = c.key_id WHERE k.person_id = $1 AND c.not_after > $2
                    AND (c.ceremony IS NULL OR c.authority <> 'embedded')
                    AND (c.state = 'issued' OR c.state = 'revoked' AND c.revocation_reason = 'certificate_hold')
                    ORDER BY c.id"
                ),
                id.to_string(),
            ),
            OwnerOf::Organization(id) => (
                select!(
                    "JOIN keys k ON k.id = c.key_id WHERE k.organization_id = $1 AND c.not_after > $2
                    AND (c.ceremony IS NULL OR c.authority <> 'embedded')
                    AND (c.state = 'issued' OR c.state = 'revoked' AND c.revocation_reason = 'certificate_hold')
                    ORDER BY c.id"
                ),
                id.to_string(),
            ),
            OwnerOf::Agent(person, organization) => {
                let sql = select!(
                    "JOIN keys k ON k.id = c.key_id
                    WHERE k.person_id = $1 AND k.organization_id = $3 AND c.not_after > $2
                    AND (c.state = 'issued' OR c.state = 'revoked' AND c.revocation_reason = 'certificate_hold')
                    ORDER BY c.id"
                );
                let args = args![person.to_string(), now, organization.to_string()];
                return self.connection.all(sql, args).await?.iter().map(certificate).collect();
            }
        };
        self.connection.all(sql, args![id, now]).await?.iter().map(certificate).collect()
    }

    /// Whether somebody had a certificate put on hold of a key that this person opens for themselves, or for this
    /// organization. Not so the platform, when a real name lapsed: the next identity check ends that.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn has_certificate_on_hold(
        &mut self,
        person: PersonId,
        organization: Option<OrganizationId>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM certificates c JOIN keys k ON k.id = c.key_id
            WHERE k.person_id = $1 AND COALESCE(k.organization_id, '') = $2 AND c.not_after > $3
            AND c.state = 'revoked' AND c.revocation_reason = 'certificate_hold'
            AND NOT EXISTS (SELECT 1 FROM lapse_steps s
                WHERE s.certificate_id = c.id AND s.step = 'held' AND s.taken_at = c.revoked_at) LIMIT 1";
        let organization = organization.map(|id| id.to_string()).unwrap_or_default();
        Ok(self.connection.one(sql, args![person.to_string(), organization, now]).await?.is_some())
    }

    /// Whether administrators had a certificate suspended, the last time at this moment or later.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn was_suspended_by_office(
        &mut self,
        id: CertificateId,
        since: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM status_requests WHERE certificate_id = $1 AND action = 'suspend'
            AND decision = 'approved' AND decided_at >= $2 LIMIT 1";
        Ok(self.connection.one(sql, args![id.to_string(), since]).await?.is_some())
    }

    /// Whether an account administers the authority.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_administrator(&mut self, id: AccountId) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM administrators WHERE account_id = $1";
        Ok(self.connection.one(sql, args![id.to_string()]).await?.is_some())
    }

    /// The accounts that administer the authority, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn administrators(&mut self) -> Result<Vec<Account>, Error> {
        let rows =
            self.connection.all("SELECT account_id FROM administrators ORDER BY added_at", &[]).await?;
        let mut found = Vec::new();
        for row in &rows {
            found.extend(self.account(row.parsed("account_id")?).await?);
        }
        Ok(found)
    }

    /// A request.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn status_request(&mut self, id: StatusRequestId) -> Result<Option<StatusRequest>, Error> {
        let sql = "SELECT id, certificate_id, action, reason, requested_by, requested_at, decision, decided_by, decided_at
            FROM status_requests WHERE id = $1";
        self.connection.one(sql, args![id.to_string()]).await?.as_ref().map(request).transpose()
    }

    /// Requests: those to be decided first, then the newest.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn status_requests(&mut self, most: u32) -> Result<Vec<StatusRequest>, Error> {
        let sql = "SELECT id, certificate_id, action, reason, requested_by, requested_at, decision, decided_by, decided_at
            FROM status_requests ORDER BY decision IS NOT NULL, requested_at DESC, id DESC LIMIT $1";
        self.connection.all(sql, args![most]).await?.iter().map(request).collect()
    }
}

impl Tx {
    /// Makes an account an administrator; one who is stays one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_administrator(&mut self, id: AccountId, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO administrators (account_id, added_at) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING";
        self.connection.execute(sql, args![id.to_string(), now]).await.map(drop)
    }

    /// Takes the office away; whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_administrator(&mut self, id: AccountId) -> Result<bool, Error> {
        let sql = "DELETE FROM administrators WHERE account_id = $1";
        Ok(self.connection.execute(sql, args![id.to_string()]).await? > 0)
    }

    /// Records a request.
    ///
    /// # Errors
    /// [`Error::Conflict`] where one for the certificate waits already.
    pub async fn insert_status_request(&mut self, it: &StatusRequest) -> Result<(), Error> {
        let sql =
            "INSERT INTO status_requests (id, certificate_id, action, reason, requested_by, requested_at)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let args = args![
            it.id.to_string(),
            it.certificate_id.to_string(),
            it.action.as_str(),
            it.reason.as_str(),
            it.requested_by.to_string(),
            it.requested_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Records how a request was decided; whether it still waited.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn decide_status_request(
        &mut self,
        id: StatusRequestId,
        decision: &Decision,
    ) -> Result<bool, Error> {
        let sql = "UPDATE status_requests SET decision = $2, decided_by = $3, decided_at = $4
            WHERE id = $1 AND decision IS NULL";
        let word = if decision.approved { "approved" } else { "refused" };
        let args = args![id.to_string(), word, decision.by.to_string(), decision.at];
        Ok(self.connection.execute(sql, args).await? == 1)
    }

    /// Removes the records of certificates that ended before `ended`, where no ceremony names them any more, and gives
    /// their number. The law asks to keep them five years past their end (Electronic Signature Law Art. 24): whoever
    /// calls this has seen to it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_certification_records(&mut self, ended: Timestamp) -> Result<u64, Error> {
        // What the other authority confirmed is a note on the certificate, and goes with it.
        let sql = "DELETE FROM external_revocations WHERE confirmed_at IS NOT NULL AND certificate_id IN (
            SELECT c.id FROM certificates c WHERE c.not_after < $1 AND c.key_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM ceremonies y WHERE y.certificate_id = c.id)
            AND NOT EXISTS (SELECT 1 FROM status_requests s WHERE s.certificate_id = c.id))";
        self.connection.execute(sql, args![ended]).await?;
        let sql = "DELETE FROM certificates WHERE not_after < $1 AND key_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM ceremonies y WHERE y.certificate_id = certificates.id)
            AND NOT EXISTS (SELECT 1 FROM status_requests s WHERE s.certificate_id = certificates.id)
            AND NOT EXISTS (SELECT 1 FROM pending_certificates p WHERE p.certificate_id = certificates.id)
            AND NOT EXISTS (SELECT 1 FROM external_revocations e WHERE e.certificate_id = certificates.id)";
        self.connection.execute(sql, args![ended]).await
    }
}

fn request(row: &Row) -> Result<StatusRequest, Error> {
    let decision = match row.opt_text("decision")? {
        None => None,
        Some(word) => Some(Decision {
            approved: word == "approved",
            by: row.parsed("decided_by")?,
            at: row.time("decided_at")?,
        }),
    };
    Ok(StatusRequest {
        id: row.parsed("id")?,
        certificate_id: row.parsed("certificate_id")?,
        action: row.text("action")?,
        reason: row.text("reason")?,
        requested_by: row.parsed("requested_by")?,
        requested_at: row.time("requested_at")?,
        decision,
    })
}

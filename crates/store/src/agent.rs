//! Who acts for an organization. A power is ended, never removed.

use domain::organization::{Agent, AgentEnd, AgentRole, AgentScope, OrganizationWay, Revocation};
use domain::{AgentId, OrganizationId, PersonId, RecipientId};

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, person_id, role, proof, verification_id, scope, since, until, revoked_at, ",
            "revoked_reason, revoked_by FROM agents ",
            $rest
        )
    };
}

impl Reader {
    /// An agent.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn agent(&mut self, id: AgentId) -> Result<Option<Agent>, Error> {
        let row = self.connection.one(select!("WHERE id = $1"), args![id.to_string()]).await?;
        row.as_ref().map(agent).transpose()
    }

    /// The agents that an organization has and had, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn agents(&mut self, organization: OrganizationId) -> Result<Vec<Agent>, Error> {
        let sql = select!("WHERE organization_id = $1 ORDER BY since DESC, id DESC");
        let rows = self.connection.all(sql, args![organization.to_string()]).await?;
        rows.iter().map(agent).collect()
    }

    /// For whom a person acts and acted, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn agents_of_person(&mut self, person: PersonId) -> Result<Vec<Agent>, Error> {
        let sql = select!("WHERE person_id = $1 ORDER BY since DESC, id DESC");
        let rows = self.connection.all(sql, args![person.to_string()]).await?;
        rows.iter().map(agent).collect()
    }

    /// The recipients who are about to seal for an organization as this person: their envelopes wait for them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sealing_as(
        &mut self,
        person: PersonId,
        organization: OrganizationId,
    ) -> Result<Vec<RecipientId>, Error> {
        let sql = "SELECT c.recipient_id FROM ceremonies c
            JOIN organization_verifications v ON v.id = c.organization_verification_id
            JOIN recipients r ON r.id = c.recipient_id
            JOIN envelopes e ON e.id = r.envelope_id
            WHERE v.person_id = $1 AND v.organization_id = $2 AND e.status = 'sent'
                AND r.status NOT IN ('signed', 'declined')
            ORDER BY c.recipient_id";
        let rows = self.connection.all(sql, args![person.to_string(), organization.to_string()]).await?;
        rows.iter().map(|row| row.parsed("recipient_id")).collect()
    }
}

impl Tx {
    /// Keeps an agent, new or ended.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the person has a power for the organization already.
    pub async fn put_agent(&mut self, it: &Agent) -> Result<(), Error> {
        let sql = "INSERT INTO agents (id, organization_id, person_id, role, proof, verification_id, scope, since, until,
                revoked_at, revoked_reason, revoked_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (id) DO UPDATE SET revoked_at = excluded.revoked_at, revoked_reason = excluded.revoked_reason,
                revoked_by = excluded.revoked_by";
        let scope: Vec<&str> = it.scope.iter().map(|it| it.as_str()).collect();
        let args = args![
            it.id.to_string(),
            it.organization_id.to_string(),
            it.person_id.to_string(),
            it.role.as_str(),
            it.proof.as_str(),
            it.verification_id.to_string(),
            scope.join(" "),
            it.since,
            it.until,
            it.revoked.map(|it| it.at),
            it.revoked.map(|it| it.reason.as_str()),
            it.revoked.and_then(|it| it.by).map(|id| id.to_string()),
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

fn agent(row: &Row) -> Result<Agent, Error> {
    let revoked = match row.opt_time("revoked_at")? {
        Some(at) => Some(Revocation {
            at,
            reason: row.read("revoked_reason", AgentEnd::parse)?,
            by: row.opt_parsed("revoked_by")?,
        }),
        None => None,
    };
    Ok(Agent {
        id: row.parsed("id")?,
        organization_id: row.parsed("organization_id")?,
        person_id: row.parsed("person_id")?,
        role: row.read("role", AgentRole::parse)?,
        proof: row.read("proof", OrganizationWay::parse)?,
        verification_id: row.parsed("verification_id")?,
        scope: row.text("scope")?.split_whitespace().filter_map(AgentScope::parse).collect(),
        since: row.time("since")?,
        until: row.opt_time("until")?,
        revoked,
    })
}

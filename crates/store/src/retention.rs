//! What is erased or forgotten once nothing needs it any more. When that is, the service says.

use domain::{Name, PersonId, VerificationId, mask};
use jiff::Timestamp;

use crate::db::args;
use crate::error::Error;
use crate::{Reader, Tx};

impl Reader {
    /// Runs of an organization's verification that hold more than they may: of the verified ones those that ended before
    /// `ended_before`; of the others those that began before `begun_before`, unless a payment, an
    /// authorization or a letter's review is open still or ended later.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organization_runs_to_erase(
        &mut self,
        ended_before: Timestamp,
        begun_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<VerificationId>, Error> {
        let sql = "SELECT id FROM organization_verifications v WHERE answer_sealed <> ''
            AND ((state = 'verified' AND expires_at <= $1)
                OR (state <> 'verified' AND created_at <= $2
                    AND NOT EXISTS (SELECT 1 FROM payments WHERE verification_id = v.id AND created_at > $2)
                    AND NOT EXISTS (SELECT 1 FROM authorizations WHERE verification_id = v.id
                        AND (state = 'asked' OR COALESCE(settled_at, created_at) > $2))
                    AND NOT EXISTS (SELECT 1 FROM reviews WHERE verification_id = v.id
                        AND (state IN ('collecting', 'waiting') OR COALESCE(decided_at, created_at) > $2))))
            ORDER BY created_at, id LIMIT $3";
        let rows = self.connection.all(sql, args![ended_before, begun_before, limit]).await?;
        rows.iter().map(|row| row.parsed("id")).collect()
    }
}

impl Tx {
    /// Erases the registry's answer of a run, masks who leads the organization, and takes an unfinished run out of its
    /// ceremony: whoever goes on there begins anew.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn erase_organization_run(&mut self, id: VerificationId, leader: &Name) -> Result<(), Error> {
        let id = id.to_string();
        let sql = "UPDATE organization_verifications SET answer_sealed = '', legal_representative = $2 WHERE id = $1";
        self.connection.execute(sql, args![id.as_str(), leader.as_str()]).await?;
        let sql =
            "UPDATE ceremonies SET organization_verification_id = NULL WHERE organization_verification_id =
            (SELECT id FROM organization_verifications WHERE id = $1 AND state <> 'verified')";
        self.connection.execute(sql, args![id]).await.map(drop)
    }

    /// Forgets the numbers of accounts to which a payment was sent before `before`; they stay masked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_account_numbers(&mut self, before: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE payments SET account_sealed = '' WHERE created_at <= $1 AND account_sealed <> ''";
        self.connection.execute(sql, args![before]).await.map(drop)
    }

    /// Forgets messages that were written to the outbox before `before`, and jobs that were given up before it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_messages(&mut self, before: Timestamp) -> Result<(), Error> {
        self.connection.execute("DELETE FROM outbox WHERE created_at <= $1", args![before]).await?;
        self.connection.execute("DELETE FROM jobs WHERE failed_at <= $1", args![before]).await.map(drop)
    }

    /// Forgets who was before the sandbox's camera until `before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_sandbox_faces(&mut self, before: Timestamp) -> Result<(), Error> {
        self.connection.execute("DELETE FROM sandbox_faces WHERE until <= $1", args![before]).await.map(drop)
    }

    /// Masks who is expected before the sandbox's camera: the check was erased.
    pub(crate) async fn mask_sandbox_face(&mut self, transaction: &str) -> Result<(), Error> {
        let Some(mut it) = self.sandbox_face(transaction).await? else { return Ok(()) };
        it.face.name = mask::name(&it.face.name);
        self.put_sandbox_face(&it).await
    }

    /// Forgets the handwriting of a person who was erased. What they signed carries it.
    pub(crate) async fn forget_impressions(&mut self, person: PersonId) -> Result<(), Error> {
        let person = person.to_string();
        let sql = "UPDATE ceremonies SET impression_id = NULL WHERE impression_id IN
            (SELECT i.id FROM impressions i JOIN persons p ON p.id = i.person_id
                WHERE p.id = $1 AND p.number_sealed = '' AND i.organization_id IS NULL)";
        self.connection.execute(sql, args![person.as_str()]).await?;
        let sql = "DELETE FROM impressions WHERE organization_id IS NULL
            AND person_id = (SELECT id FROM persons WHERE id = $1 AND number_sealed = '')";
        self.connection.execute(sql, args![person]).await.map(drop)
    }
}

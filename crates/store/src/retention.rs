//! What is erased or forgotten once nothing needs it any more. When that is, the service says.

use domain::{Name, PaymentId, PersonId, VerificationId, mask};
use jiff::Timestamp;

use crate::db::args;
use crate::error::Error;
use crate::{Reader, Tx};

/// Which rows of a list are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many at most.
    pub limit: u32,
    /// How many are passed over.
    pub offset: u32,
}

/// Since when what is not needed any more may be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// Of what was verified: it, and every certificate that was issued to it, ended before this.
    pub ended_before: Timestamp,
    /// Of anything else: it began before this.
    pub begun_before: Timestamp,
}

macro_rules! runs {
    ($head:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $head,
            " FROM organization_verifications v WHERE answer_sealed <> ''
            AND ((state = 'verified' AND expires_at <= $1
                    AND NOT EXISTS (SELECT 1 FROM certificates c JOIN keys k ON k.id = c.key_id
                        WHERE k.organization_id = v.organization_id AND c.not_after > $1))
                OR (state <> 'verified' AND created_at <= $2
                    AND NOT EXISTS (SELECT 1 FROM payments WHERE verification_id = v.id AND created_at > $2)
                    AND NOT EXISTS (SELECT 1 FROM authorizations WHERE verification_id = v.id
                        AND (state = 'asked' OR COALESCE(settled_at, created_at) > $2))
                    AND NOT EXISTS (SELECT 1 FROM reviews WHERE verification_id = v.id
                        AND (state IN ('collecting', 'waiting') OR COALESCE(decided_at, created_at) > $2)))) ",
            $rest
        )
    };
}

macro_rules! identities {
    ($head:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $head,
            " FROM identity_verifications v WHERE erased_at IS NULL
            AND ((state = 'verified' AND expires_at <= $1
                    AND NOT EXISTS (SELECT 1 FROM certificates c JOIN keys k ON k.id = c.key_id
                        WHERE k.person_id = v.person_id AND c.not_after > $1))
                OR (state <> 'verified' AND created_at <= $2
                    AND (state <> 'pending' OR pending_until <= $2))) ",
            $rest
        )
    };
}

impl Reader {
    /// Verifications of people that hold personal data longer than they may: of the verified ones those that ended, with
    /// every certificate of the person, early enough; of the others those that began early enough and whose time has run
    /// out by then.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn identities_to_erase(
        &mut self,
        of: Overdue,
        page: Page,
    ) -> Result<Vec<VerificationId>, Error> {
        let sql = identities!("id", "ORDER BY created_at, id LIMIT $3 OFFSET $4");
        let args = args![of.ended_before, of.begun_before, page.limit, page.offset];
        self.connection.all(sql, args).await?.iter().map(|row| row.parsed("id")).collect()
    }

    /// Whether that is so of this one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_identity_to_erase(&mut self, id: VerificationId, of: Overdue) -> Result<bool, Error> {
        let sql = identities!("1 AS found", "AND id = $3");
        let args = args![of.ended_before, of.begun_before, id.to_string()];
        Ok(self.connection.one(sql, args).await?.is_some())
    }

    /// When the last certificate of a person ends, or ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certified_until(&mut self, person: PersonId) -> Result<Option<Timestamp>, Error> {
        let sql = "SELECT max(c.not_after) AS until FROM certificates c JOIN keys k ON k.id = c.key_id
            WHERE k.person_id = $1";
        match self.connection.one(sql, args![person.to_string()]).await? {
            Some(row) => row.opt_time("until"),
            None => Ok(None),
        }
    }

    /// Runs of an organization's verification that hold more than they may: of the verified ones those that ended, with
    /// every certificate of the organization, early enough; of the others those that began early enough, unless a payment,
    /// an authorization or a letter's review is open still or ended later.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn organization_runs_to_erase(
        &mut self,
        of: Overdue,
        page: Page,
    ) -> Result<Vec<VerificationId>, Error> {
        let sql = runs!("id", "ORDER BY created_at, id LIMIT $3 OFFSET $4");
        let args = args![of.ended_before, of.begun_before, page.limit, page.offset];
        self.connection.all(sql, args).await?.iter().map(|row| row.parsed("id")).collect()
    }

    /// Whether that is so of this one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_organization_run_to_erase(
        &mut self,
        id: VerificationId,
        of: Overdue,
    ) -> Result<bool, Error> {
        let sql = runs!("1 AS found", "AND id = $3");
        let args = args![of.ended_before, of.begun_before, id.to_string()];
        Ok(self.connection.one(sql, args).await?.is_some())
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

    /// Forgets the numbers of accounts to which a payment was ordered before `before`, once nobody is to pay it any more, in
    /// payments and in orders to whoever pays by hand; they stay masked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_account_numbers(&mut self, before: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE payments SET account_sealed = '' WHERE created_at <= $1 AND account_sealed <> ''";
        self.connection.execute(sql, args![before]).await?;
        let sql = "SELECT id FROM transfer_orders WHERE state <> 'waiting' AND created_at <= $1 AND account_masked = 0";
        for row in self.connection.all(sql, args![before]).await? {
            let id: PaymentId = row.parsed("id")?;
            let Some(mut order) = self.transfer_order(id).await? else { continue };
            order.detail.account_number = mask::account(&order.detail.account_number);
            self.put_transfer_order(&order).await?;
            let sql = "UPDATE transfer_orders SET account_masked = 1 WHERE id = $1";
            self.connection.execute(sql, args![id.to_string()]).await?;
        }
        Ok(())
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

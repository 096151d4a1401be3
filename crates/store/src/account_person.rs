//! Which person an account is: at most one, who was verified.

use domain::account::Account;
use domain::{AccountId, PersonId, VerificationId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// That an account is a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountPerson {
    /// The account.
    pub account_id: AccountId,
    /// The person.
    pub person_id: PersonId,
    /// The check that showed it.
    pub verification_id: VerificationId,
    /// When it was linked.
    pub linked_at: Timestamp,
}

impl Reader {
    /// The person of an account.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn person_of_account(&mut self, account: AccountId) -> Result<Option<AccountPerson>, Error> {
        let sql = "SELECT account_id, person_id, verification_id, linked_at FROM account_persons WHERE account_id = $1";
        self.connection.one(sql, args![account.to_string()]).await?.as_ref().map(read).transpose()
    }

    /// The accounts of a person, oldest link first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn accounts_of_person(&mut self, person: PersonId) -> Result<Vec<Account>, Error> {
        let sql = "SELECT account_id, person_id, verification_id, linked_at FROM account_persons
            WHERE person_id = $1 ORDER BY linked_at, account_id";
        let rows = self.connection.all(sql, args![person.to_string()]).await?;
        let mut found = Vec::new();
        for row in &rows {
            found.extend(self.account(read(row)?.account_id).await?);
        }
        Ok(found)
    }
}

impl Tx {
    /// Links an account to a person, or notes the newer check of the same person.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn link_person(&mut self, it: AccountPerson) -> Result<(), Error> {
        let sql = "INSERT INTO account_persons (account_id, person_id, verification_id, linked_at)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (account_id) DO UPDATE SET verification_id = excluded.verification_id
                WHERE account_persons.person_id = excluded.person_id";
        let args = args![
            it.account_id.to_string(),
            it.person_id.to_string(),
            it.verification_id.to_string(),
            it.linked_at
        ];
        if self.connection.execute(sql, args).await? == 0 { Err(Error::Conflict) } else { Ok(()) }
    }

    /// Ends the link; whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unlink_person(&mut self, account: AccountId) -> Result<bool, Error> {
        let sql = "DELETE FROM account_persons WHERE account_id = $1";
        Ok(self.connection.execute(sql, args![account.to_string()]).await? > 0)
    }
}

fn read(row: &Row) -> Result<AccountPerson, Error> {
    Ok(AccountPerson {
        account_id: row.parsed("account_id")?,
        person_id: row.parsed("person_id")?,
        verification_id: row.parsed("verification_id")?,
        linked_at: row.time("linked_at")?,
    })
}

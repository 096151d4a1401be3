//! Accounts, their mailed tokens and their log-in sessions.

use domain::account::{Account, TokenPurpose};
use domain::{AccountId, Email, Locale, Name, SessionId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A token that was mailed, by the hash that is kept of it.
#[derive(Debug, Clone)]
pub struct AccountToken {
    /// Whose.
    pub account_id: AccountId,
    /// What for.
    pub purpose: TokenPurpose,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// A sign-up with an address that nobody has proved yet.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// The hash of its password.
    pub password_hash: String,
    /// The name that was given.
    pub name: Name,
    /// The language.
    pub locale: Locale,
}

/// A log-in session, by the hash that is kept of its cookie.
#[derive(Debug, Clone)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// Until when, however much it is used.
    pub expires_at: Timestamp,
    /// When the password was typed last in it.
    pub confirmed_at: Option<Timestamp>,
}

/// How many sign-ups of one address are kept: each costs a hash when the address is proved.
const MOST_SIGN_UPS: i64 = 5;

impl Reader {
    /// An account.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn account(&mut self, id: AccountId) -> Result<Option<Account>, Error> {
        let sql = "SELECT id, email, name, locale, created_at, verified_at FROM accounts WHERE id = $1";
        self.connection.one(sql, args![id.to_string()]).await?.map(|row| account(&row)).transpose()
    }

    /// The account of an address, with its password hash.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn account_by_email(&mut self, email: &Email) -> Result<Option<(Account, String)>, Error> {
        let sql = "SELECT id, email, name, locale, created_at, verified_at, password_hash FROM accounts WHERE email = $1";
        let row = self.connection.one(sql, args![email.as_str()]).await?;
        row.map(|row| Ok((account(&row)?, row.text("password_hash")?))).transpose()
    }

    /// A mailed token.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn account_token(&mut self, hash: &[u8; 32]) -> Result<Option<AccountToken>, Error> {
        let sql = "SELECT account_id, purpose, expires_at, used_at FROM account_tokens WHERE token_hash = $1";
        let row = self.connection.one(sql, args![hash]).await?;
        row.map(|row| {
            Ok(AccountToken {
                account_id: row.parsed("account_id")?,
                purpose: row.read("purpose", TokenPurpose::parse)?,
                expires_at: row.time("expires_at")?,
                used_at: row.opt_time("used_at")?,
            })
        })
        .transpose()
    }

    /// The sign-ups of an account that nobody has proved yet, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sign_ups(&mut self, account: AccountId) -> Result<Vec<SignUp>, Error> {
        let sql =
            "SELECT password_hash, name, locale FROM sign_ups WHERE account_id = $1 ORDER BY number DESC";
        let rows = self.connection.all(sql, args![account.to_string()]).await?;
        let read = |row: &Row| {
            Ok(SignUp {
                password_hash: row.text("password_hash")?,
                name: row.read("name", |text| Name::parse(text).ok())?,
                locale: row.read("locale", Locale::from_tag)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// A session.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn session(&mut self, hash: &[u8; 32]) -> Result<Option<Session>, Error> {
        let sql = "SELECT id, account_id, last_seen_at, expires_at, confirmed_at FROM sessions WHERE token_hash = $1";
        let row = self.connection.one(sql, args![hash]).await?;
        row.map(|row| {
            Ok(Session {
                id: row.parsed("id")?,
                account_id: row.parsed("account_id")?,
                last_seen_at: row.time("last_seen_at")?,
                expires_at: row.time("expires_at")?,
                confirmed_at: row.opt_time("confirmed_at")?,
            })
        })
        .transpose()
    }
}

impl Tx {
    /// Adds an account.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the address has one.
    pub async fn add_account(&mut self, account: &Account, password_hash: &str) -> Result<(), Error> {
        let sql = "INSERT INTO accounts (id, email, password_hash, name, locale, created_at, verified_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let args = args![
            account.id.to_string(),
            account.email.as_str(),
            password_hash,
            account.name.as_str(),
            account.locale.tag(),
            account.created_at,
            account.verified_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Saves name, language and verification.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_account(&mut self, account: &Account) -> Result<(), Error> {
        let sql = "UPDATE accounts SET name = $2, locale = $3, verified_at = $4 WHERE id = $1";
        let args =
            args![account.id.to_string(), account.name.as_str(), account.locale.tag(), account.verified_at];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Sets the password.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_password(&mut self, id: AccountId, password_hash: &str) -> Result<(), Error> {
        let sql = "UPDATE accounts SET password_hash = $2 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), password_hash]).await.map(drop)
    }

    /// Keeps a sign-up beside those that were there. Where there are too many, one that was begun before `old` gives way;
    /// where there is none, this one is not kept: nobody pushes another's out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_sign_up(
        &mut self,
        account: AccountId,
        it: &SignUp,
        now: Timestamp,
        old: Timestamp,
    ) -> Result<(), Error> {
        let account = account.to_string();
        let sql = "DELETE FROM sign_ups WHERE account_id = $1 AND created_at <= $2 AND number <=
            (SELECT number FROM sign_ups WHERE account_id = $1 ORDER BY number DESC LIMIT 1 OFFSET $3)";
        self.connection.execute(sql, args![account.as_str(), old, MOST_SIGN_UPS - 1]).await?;
        let sql = "SELECT count(*) AS number FROM sign_ups WHERE account_id = $1";
        let kept = self.connection.one(sql, args![account.as_str()]).await?;
        if kept.map(|row| row.integer("number")).transpose()?.is_some_and(|it| it >= MOST_SIGN_UPS) {
            return Ok(());
        }
        let sql = "INSERT INTO sign_ups (account_id, number, password_hash, name, locale, created_at) VALUES
            ($1, (SELECT coalesce(max(number), 0) + 1 FROM sign_ups WHERE account_id = $1), $2, $3, $4, $5)";
        let args = args![account, it.password_hash.as_str(), it.name.as_str(), it.locale.tag(), now];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Forgets the sign-ups of an account: its address is proved.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_sign_ups(&mut self, account: AccountId) -> Result<(), Error> {
        let sql = "DELETE FROM sign_ups WHERE account_id = $1";
        self.connection.execute(sql, args![account.to_string()]).await.map(drop)
    }

    /// Keeps the hash of a mailed token. Earlier ones for the same purpose are void from now on.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_account_token(
        &mut self,
        hash: &[u8; 32],
        token: &AccountToken,
        now: Timestamp,
    ) -> Result<(), Error> {
        let purpose = token.purpose.as_str();
        let account = token.account_id.to_string();
        let void = "UPDATE account_tokens SET used_at = $3 WHERE account_id = $1 AND purpose = $2 AND used_at IS NULL";
        self.connection.execute(void, args![account.as_str(), purpose, now]).await?;
        let sql =
            "INSERT INTO account_tokens (token_hash, account_id, purpose, created_at, expires_at, used_at)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let args = args![hash, account, purpose, now, token.expires_at, token.used_at];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Marks a token as used.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_account_token(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE account_tokens SET used_at = $2 WHERE token_hash = $1";
        self.connection.execute(sql, args![hash, now]).await.map(drop)
    }

    /// Adds a session.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_session(&mut self, hash: &[u8; 32], session: &Session) -> Result<(), Error> {
        let sql = "INSERT INTO sessions (id, token_hash, account_id, created_at, last_seen_at, expires_at, confirmed_at)
            VALUES ($1, $2, $3, $4, $4, $5, $6)";
        let args = args![
            session.id.to_string(),
            hash,
            session.account_id.to_string(),
            session.last_seen_at,
            session.expires_at,
            session.confirmed_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn touch_session(&mut self, id: SessionId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), now]).await.map(drop)
    }

    /// Notes that the password was typed again in a session.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn confirm_session(&mut self, id: SessionId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE sessions SET confirmed_at = $2 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), now]).await.map(drop)
    }

    /// Ends the session of a cookie.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_session(&mut self, hash: &[u8; 32]) -> Result<(), Error> {
        self.connection.execute("DELETE FROM sessions WHERE token_hash = $1", args![hash]).await.map(drop)
    }

    /// Ends every session of an account, as after a new password.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_sessions_of(&mut self, account: AccountId) -> Result<(), Error> {
        let sql = "DELETE FROM sessions WHERE account_id = $1";
        self.connection.execute(sql, args![account.to_string()]).await.map(drop)
    }

    /// Removes sessions and tokens that ended before `before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_ended_sessions(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.connection.execute("DELETE FROM account_tokens WHERE expires_at < $1", args![before]).await?;
        self.connection.execute("DELETE FROM sessions WHERE expires_at < $1", args![before]).await
    }
}

fn account(row: &Row) -> Result<Account, Error> {
    Ok(Account {
        id: row.parsed("id")?,
        email: row.read("email", |text| Email::parse(text).ok())?,
        name: row.read("name", |text| Name::parse(text).ok())?,
        locale: row.read("locale", Locale::from_tag)?,
        created_at: row.time("created_at")?,
        verified_at: row.opt_time("verified_at")?,
    })
}

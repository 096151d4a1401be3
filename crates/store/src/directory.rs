//! Organizations' own directories: who may configure one, the sign-ins under way, and what was said.

use domain::{AccountId, OrganizationId, PersonId, RecipientId, StaffProofId, VerificationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::sealer::Sealer;
use crate::{Page, Reader, Tx};

const SECRET: (&str, &str) = ("directories", "secret_sealed");
const SECRETS: (&str, &str) = ("staff_logins", "secrets_sealed");
const SUBJECT: (&str, &str) = ("staff_proofs", "subject_sealed");

/// That an account administers an organization, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administered {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The verification of the agent who linked it.
    pub verification_id: VerificationId,
    /// That agent.
    pub person_id: PersonId,
    /// Since when.
    pub created_at: Timestamp,
}

/// An organization's directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Issuer identifier.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there, where we have one.
    pub client_secret: Option<String>,
    /// Domains of the addresses that staff have.
    pub domains: Vec<String>,
    /// How strongly staff must be authenticated, in the directory's own words; empty: as it likes.
    pub acr_values: Vec<String>,
    /// Who configured it last.
    pub account_id: AccountId,
    /// Since when.
    pub created_at: Timestamp,
    /// Since when as it is.
    pub updated_at: Timestamp,
}

/// What is shown of a directory: everything but the secret, so that one that cannot be read hides nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownDirectory {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Issuer identifier.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// Whether we have a secret there.
    pub has_secret: bool,
    /// Domains of the addresses that staff have.
    pub domains: Vec<String>,
    /// How strongly staff must be authenticated, in the directory's own words.
    pub acr_values: Vec<String>,
    /// Since when as it is.
    pub updated_at: Timestamp,
}

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLogin {
    /// Hash of `state`.
    pub state_hash: [u8; 32],
    /// Hash of the secret in the browser's cookie.
    pub browser_hash: [u8; 32],
    /// Whose directory is asked.
    pub organization_id: OrganizationId,
    /// As it was when the sign-in began.
    pub issuer: String,
    /// As it was when the sign-in began.
    pub client_id: String,
    /// The signing session for which it is, by the hash of its secret.
    pub session_hash: Option<[u8; 32]>,
    /// The account for which it is.
    pub account_id: Option<AccountId>,
    /// Nonce and PKCE verifier (JSON).
    pub secrets: String,
    /// When it began.
    pub created_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// Whom a proof is about, and what opens its commitment; empty once it is erased.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffSubject {
    /// 32 random bytes, hexadecimal.
    pub salt: String,
    /// `sub`.
    pub subject: String,
    /// The verified address.
    pub email: Option<String>,
    /// The name in the directory.
    pub name: Option<String>,
    /// The token, as it came.
    pub id_token: String,
}

impl std::fmt::Debug for StaffSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StaffSubject(..)")
    }
}

/// An organization's word that someone is on its staff, without whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffStatement {
    /// The id.
    pub id: StaffProofId,
    /// Whose word.
    pub organization_id: OrganizationId,
    /// The recipient in whose ceremony it was given.
    pub recipient_id: Option<RecipientId>,
    /// The directory's issuer identifier.
    pub issuer: String,
    /// The address, masked.
    pub email_masked: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
    /// From when it counts no more.
    pub expires_at: Timestamp,
    /// When the organization took it back.
    pub withdrawn_at: Option<Timestamp>,
}

/// An organization's word that someone is on its staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffProof {
    /// The id.
    pub id: StaffProofId,
    /// Whose word.
    pub organization_id: OrganizationId,
    /// The recipient in whose ceremony it was given.
    pub recipient_id: Option<RecipientId>,
    /// The person whom that session had verified.
    pub person_id: Option<PersonId>,
    /// Or the account to which it was given.
    pub account_id: Option<AccountId>,
    /// The directory's issuer identifier.
    pub issuer: String,
    /// Salted hash of issuer and subject, as events have it.
    pub commitment: [u8; 32],
    /// Whom it is about.
    pub subject: StaffSubject,
    /// The address, masked.
    pub email_masked: Option<String>,
    /// How strongly they were authenticated, in the directory's own word.
    pub acr: Option<String>,
    /// By what means.
    pub amr: Vec<String>,
    /// When they were authenticated.
    pub auth_time: Option<Timestamp>,
    /// Digest of the token.
    pub token_sha256: [u8; 32],
    /// When it was given.
    pub created_at: Timestamp,
    /// From when it counts no more.
    pub expires_at: Timestamp,
}

impl Reader {
    /// The organizations that an account was linked to, newest first, whether or not its agent still acts for them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn administered_by(&mut self, account: AccountId) -> Result<Vec<Administered>, Error> {
        let sql = "SELECT a.organization_id, a.verification_id, a.created_at, v.person_id
            FROM organization_administrators a JOIN organization_verifications v ON v.id = a.verification_id
            WHERE a.account_id = $1 ORDER BY a.created_at DESC, a.organization_id";
        let rows = self.connection.all(sql, args![account.to_string()]).await?;
        rows.iter().map(administered).collect()
    }

    /// The accounts that were linked to an organization, with when, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn administrators_of(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(AccountId, Timestamp)>, Error> {
        let sql = "SELECT account_id, created_at FROM organization_administrators WHERE organization_id = $1
            ORDER BY created_at, account_id";
        let rows = self.connection.all(sql, args![organization.to_string()]).await?;
        rows.iter().map(|row| Ok((row.parsed("account_id")?, row.time("created_at")?))).collect()
    }

    /// What an organization said of its staff, the newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staff_statements(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<StaffStatement>, Error> {
        let sql = "SELECT id, organization_id, recipient_id, issuer, email_masked, created_at, expires_at, withdrawn_at
            FROM staff_proofs WHERE organization_id = $1 AND erased_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 100";
        let rows = self.connection.all(sql, args![organization.to_string()]).await?;
        rows.iter()
            .map(|row| {
                Ok(StaffStatement {
                    id: row.parsed("id")?,
                    organization_id: row.parsed("organization_id")?,
                    recipient_id: row.opt_parsed("recipient_id")?,
                    issuer: row.text("issuer")?,
                    email_masked: row.opt_text("email_masked")?,
                    created_at: row.time("created_at")?,
                    expires_at: row.time("expires_at")?,
                    withdrawn_at: row.opt_time("withdrawn_at")?,
                })
            })
            .collect()
    }

    /// Statements that ended before `ended_before` and hold whom they are about still.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn statements_to_erase(
        &mut self,
        ended_before: Timestamp,
        page: Page,
    ) -> Result<Vec<(StaffProofId, OrganizationId)>, Error> {
        let sql = "SELECT id, organization_id FROM staff_proofs WHERE erased_at IS NULL AND expires_at <= $1
            ORDER BY expires_at, id LIMIT $2 OFFSET $3";
        let rows = self.connection.all(sql, args![ended_before, page.limit, page.offset]).await?;
        rows.iter().map(|row| Ok((row.parsed("id")?, row.parsed("organization_id")?))).collect()
    }

    /// The directory of an organization.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn directory(&mut self, organization: OrganizationId) -> Result<Option<Directory>, Error> {
        let sql = "SELECT organization_id, issuer, client_id, secret_sealed, domains, acr_values, account_id, created_at,
                updated_at
            FROM directories WHERE organization_id = $1";
        let row = self.connection.one(sql, args![organization.to_string()]).await?;
        row.map(|row| directory(&row, &self.sealer)).transpose()
    }

    /// The directory of an organization without its secret, to be shown.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn shown_directory(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<ShownDirectory>, Error> {
        let sql = "SELECT organization_id, issuer, client_id, secret_sealed IS NOT NULL AS has_secret, domains, acr_values,
                updated_at
            FROM directories WHERE organization_id = $1";
        let row = self.connection.one(sql, args![organization.to_string()]).await?;
        row.as_ref().map(shown_directory).transpose()
    }

    /// The directories of organizations whose staff have addresses in this domain, by their ids; without their secrets.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn directories_for(&mut self, domain: &str) -> Result<Vec<ShownDirectory>, Error> {
        let sql = "SELECT organization_id, issuer, client_id, secret_sealed IS NOT NULL AS has_secret, domains, acr_values,
                updated_at
            FROM directories WHERE EXISTS (SELECT 1 FROM json_each(directories.domains) WHERE value = $1)
            ORDER BY organization_id";
        self.connection.all(sql, args![domain]).await?.iter().map(shown_directory).collect()
    }

    /// A sign-in, by the hash of its state.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staff_login(&mut self, state_hash: &[u8; 32]) -> Result<Option<StaffLogin>, Error> {
        let sql =
            "SELECT state_hash, browser_hash, organization_id, issuer, client_id, session_hash, account_id,
                secrets_sealed, created_at, expires_at, used_at
            FROM staff_logins WHERE state_hash = $1";
        let row = self.connection.one(sql, args![state_hash]).await?;
        row.map(|row| login(&row, &self.sealer)).transpose()
    }

    /// What an organization said of a recipient, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staff_proofs_of_recipient(
        &mut self,
        recipient: RecipientId,
    ) -> Result<Vec<StaffProof>, Error> {
        let sql = "SELECT id, organization_id, recipient_id, person_id, account_id, issuer, commitment, subject_sealed,
                email_masked, acr, amr, auth_time, token_sha256, created_at, expires_at
            FROM staff_proofs WHERE recipient_id = $1 ORDER BY created_at DESC, id DESC";
        let rows = self.connection.all(sql, args![recipient.to_string()]).await?;
        rows.iter().map(|row| proof(row, &self.sealer)).collect()
    }

    /// What organizations said of an account, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staff_proofs_of_account(&mut self, account: AccountId) -> Result<Vec<StaffProof>, Error> {
        let sql = "SELECT id, organization_id, recipient_id, person_id, account_id, issuer, commitment, subject_sealed,
                email_masked, acr, amr, auth_time, token_sha256, created_at, expires_at
            FROM staff_proofs WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 100";
        let rows = self.connection.all(sql, args![account.to_string()]).await?;
        rows.iter().map(|row| proof(row, &self.sealer)).collect()
    }
}

impl Tx {
    /// Has an account administer an organization; a newer verification takes an older one's place.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_administrator(
        &mut self,
        organization: OrganizationId,
        account: AccountId,
        verification: VerificationId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO organization_administrators (organization_id, account_id, verification_id, created_at)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (organization_id, account_id) DO UPDATE SET verification_id = excluded.verification_id";
        let args = args![organization.to_string(), account.to_string(), verification.to_string(), now];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Takes the administration of an organization from an account; whether it had it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_organization_administrator(
        &mut self,
        organization: OrganizationId,
        account: AccountId,
    ) -> Result<bool, Error> {
        let sql = "DELETE FROM organization_administrators WHERE organization_id = $1 AND account_id = $2";
        Ok(self.connection.execute(sql, args![organization.to_string(), account.to_string()]).await? > 0)
    }

    /// Takes a statement back: it counts no more from now on. Whether it counted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn withdraw_statement(&mut self, id: StaffProofId, now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE staff_proofs SET withdrawn_at = $2, expires_at = $2
            WHERE id = $1 AND withdrawn_at IS NULL AND expires_at > $2";
        Ok(self.connection.execute(sql, args![id.to_string(), now]).await? > 0)
    }

    /// Erases whom a statement is about; that it was made, when, and the digest of the token stay.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn erase_statement(&mut self, id: StaffProofId, now: Timestamp) -> Result<(), Error> {
        let sql =
            "UPDATE staff_proofs SET subject_sealed = '', email_masked = NULL, erased_at = $2 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), now]).await.map(drop)
    }

    /// Keeps a directory, new or changed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_directory(&mut self, it: &Directory) -> Result<(), Error> {
        let id = it.organization_id.to_string();
        let secret = it.client_secret.as_ref().map(|secret| self.sealer.seal(SECRET, &id, secret));
        let sql = "INSERT INTO directories (organization_id, issuer, client_id, secret_sealed, domains, acr_values,
                account_id, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (organization_id) DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id,
                secret_sealed = excluded.secret_sealed, domains = excluded.domains, acr_values = excluded.acr_values,
                account_id = excluded.account_id, updated_at = excluded.updated_at";
        let args = args![
            id,
            it.issuer.as_str(),
            it.client_id.as_str(),
            secret,
            json(&it.domains),
            json(&it.acr_values),
            it.account_id.to_string(),
            it.created_at,
            it.updated_at,
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Removes a directory, and the sign-ins at it that are under way.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_directory(&mut self, organization: OrganizationId) -> Result<(), Error> {
        let id = organization.to_string();
        self.connection
            .execute("DELETE FROM staff_logins WHERE organization_id = $1", args![id.as_str()])
            .await?;
        self.connection
            .execute("DELETE FROM directories WHERE organization_id = $1", args![id])
            .await
            .map(drop)
    }

    /// Keeps a sign-in that begins.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_staff_login(&mut self, it: &StaffLogin) -> Result<(), Error> {
        let secrets = self.sealer.seal(SECRETS, &hex::encode(it.state_hash), &it.secrets);
        let sql = "INSERT INTO staff_logins (state_hash, browser_hash, organization_id, issuer, client_id, session_hash,
                account_id, secrets_sealed, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let args = args![
            it.state_hash,
            it.browser_hash,
            it.organization_id.to_string(),
            it.issuer.as_str(),
            it.client_id.as_str(),
            it.session_hash,
            it.account_id.map(|id| id.to_string()),
            secrets,
            it.created_at,
            it.expires_at,
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Uses a sign-in up, and says whether it was there to be used: of two callbacks at once exactly one is told so.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_staff_login(&mut self, state_hash: &[u8; 32], now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE staff_logins SET used_at = $2 WHERE state_hash = $1 AND used_at IS NULL";
        Ok(self.connection.execute(sql, args![state_hash, now]).await? == 1)
    }

    /// Forgets sign-ins that began before `time`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_staff_logins(&mut self, time: Timestamp) -> Result<(), Error> {
        self.connection
            .execute("DELETE FROM staff_logins WHERE expires_at <= $1", args![time])
            .await
            .map(drop)
    }

    /// Keeps what an organization said.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_staff_proof(&mut self, it: &StaffProof) -> Result<(), Error> {
        let id = it.id.to_string();
        let subject = self.sealer.seal(SUBJECT, &id, &json(&it.subject));
        let sql = "INSERT INTO staff_proofs (id, organization_id, recipient_id, person_id, account_id, issuer, commitment,
                subject_sealed, email_masked, acr, amr, auth_time, token_sha256, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
        let args = args![
            id,
            it.organization_id.to_string(),
            it.recipient_id.map(|id| id.to_string()),
            it.person_id.map(|id| id.to_string()),
            it.account_id.map(|id| id.to_string()),
            it.issuer.as_str(),
            it.commitment,
            subject,
            it.email_masked.clone(),
            it.acr.clone(),
            json(&it.amr),
            it.auth_time,
            it.token_sha256,
            it.created_at,
            it.expires_at,
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

fn shown_directory(row: &Row) -> Result<ShownDirectory, Error> {
    Ok(ShownDirectory {
        organization_id: row.parsed("organization_id")?,
        issuer: row.text("issuer")?,
        client_id: row.text("client_id")?,
        has_secret: row.integer("has_secret")? != 0,
        domains: row.json("domains")?,
        acr_values: row.json("acr_values")?,
        updated_at: row.time("updated_at")?,
    })
}

fn administered(row: &Row) -> Result<Administered, Error> {
    Ok(Administered {
        organization_id: row.parsed("organization_id")?,
        verification_id: row.parsed("verification_id")?,
        person_id: row.parsed("person_id")?,
        created_at: row.time("created_at")?,
    })
}

fn directory(row: &Row, sealer: &Sealer) -> Result<Directory, Error> {
    let id = row.text("organization_id")?;
    let secret = row.opt_text("secret_sealed")?;
    Ok(Directory {
        organization_id: row.parsed("organization_id")?,
        issuer: row.text("issuer")?,
        client_id: row.text("client_id")?,
        client_secret: secret.map(|sealed| sealer.open(SECRET, &id, &sealed)).transpose()?,
        domains: row.json("domains")?,
        acr_values: row.json("acr_values")?,
        account_id: row.parsed("account_id")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

fn login(row: &Row, sealer: &Sealer) -> Result<StaffLogin, Error> {
    let state = row.text("state_hash")?;
    Ok(StaffLogin {
        state_hash: row.hash("state_hash")?,
        browser_hash: row.hash("browser_hash")?,
        organization_id: row.parsed("organization_id")?,
        issuer: row.text("issuer")?,
        client_id: row.text("client_id")?,
        session_hash: row.opt_hash("session_hash")?,
        account_id: row.opt_parsed("account_id")?,
        secrets: sealer.open(SECRETS, &state, &row.text("secrets_sealed")?)?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        used_at: row.opt_time("used_at")?,
    })
}

fn proof(row: &Row, sealer: &Sealer) -> Result<StaffProof, Error> {
    let id = row.text("id")?;
    let subject = match row.text("subject_sealed")? {
        sealed if sealed.is_empty() => None,
        sealed => Some(sealer.open(SUBJECT, &id, &sealed)?),
    };
    let subject = subject.map(|subject| serde_json::from_str(&subject)).transpose();
    Ok(StaffProof {
        id: row.parsed("id")?,
        organization_id: row.parsed("organization_id")?,
        recipient_id: row.opt_parsed("recipient_id")?,
        person_id: row.opt_parsed("person_id")?,
        account_id: row.opt_parsed("account_id")?,
        issuer: row.text("issuer")?,
        commitment: row.hash("commitment")?,
        subject: subject.map_err(|_| Error::Corrupt { column: "subject_sealed" })?.unwrap_or_default(),
        email_masked: row.opt_text("email_masked")?,
        acr: row.opt_text("acr")?,
        amr: row.json("amr")?,
        auth_time: row.opt_time("auth_time")?,
        token_sha256: row.hash("token_sha256")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}

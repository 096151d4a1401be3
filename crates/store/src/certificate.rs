//! The authority's records: its own keys, the certificates it meant to issue and issued, revocation lists, time-stamps.
//!
//! A row is written before anything is signed (the intent) and completed after. A public key can be in one row only:
//! it is never certified twice.

use domain::{CertificateId, KeyId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A key of the authority itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityKey {
    /// The role's word.
    pub role: String,
    /// Private key, PKCS #8, hexadecimal; none where it is kept elsewhere (the root's).
    pub private: Option<String>,
    /// Certificate, DER.
    pub certificate: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What is about to be certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The id.
    pub id: CertificateId,
    /// The issuing role's word.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Profile.
    pub profile: String,
    /// Subject (JSON).
    pub subject: String,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub public_key: [u8; 32],
    /// The subscriber's key; none for the authority's own.
    pub key_id: Option<KeyId>,
    /// Begin of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// When it was meant.
    pub at: Timestamp,
}

/// Where a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateState {
    /// Meant, not signed; or signed and lost before it was recorded: nobody has it.
    Intended,
    /// Issued.
    Issued,
    /// Revoked.
    Revoked(Revocation),
}

/// A revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Since when.
    pub at: Timestamp,
    /// The reason's word.
    pub reason: String,
}

/// A certificate on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCertificate {
    /// The id.
    pub id: CertificateId,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// The subscriber's key.
    pub key_id: Option<KeyId>,
    /// Where it stands.
    pub state: CertificateState,
    /// DER, once issued.
    pub der: Option<Vec<u8>>,
    /// Begin of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
}

const KEY: (&str, &str) = ("authority_keys", "private");

impl Reader {
    /// The authority's keys.
    ///
    /// # Errors
    /// Where the database fails, or a key was sealed under another server key.
    pub async fn authority_keys(&mut self) -> Result<Vec<AuthorityKey>, Error> {
        let sql = "SELECT role, private_sealed, certificate, created_at FROM authority_keys ORDER BY created_at, role";
        let rows = self.connection.all(sql, &[]).await?;
        rows.iter()
            .map(|row| {
                let role = row.text("role")?;
                let sealed = row.text("private_sealed")?;
                let private = match sealed.as_str() {
                    "" => None,
                    sealed => Some(self.sealer.open(KEY, &role, sealed)?),
                };
                let certificate = bytes(row, "certificate")?;
                Ok(AuthorityKey { role, private, certificate, created_at: row.time("created_at")? })
            })
            .collect()
    }

    /// Where the certificate of a serial number stands.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificate_by_serial(&mut self, serial: &str) -> Result<Option<StoredCertificate>, Error> {
        let sql =
            "SELECT id, serial, key_id, state, der, not_before, not_after, revoked_at, revocation_reason
            FROM certificates WHERE serial = $1";
        self.connection.one(sql, args![serial]).await?.as_ref().map(certificate).transpose()
    }

    /// The issued certificates of a key, newest first; revoked ones too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates_of_key(&mut self, key: KeyId) -> Result<Vec<StoredCertificate>, Error> {
        let sql =
            "SELECT id, serial, key_id, state, der, not_before, not_after, revoked_at, revocation_reason
            FROM certificates WHERE key_id = $1 AND der IS NOT NULL ORDER BY created_at DESC";
        self.connection.all(sql, args![key.to_string()]).await?.iter().map(certificate).collect()
    }

    /// What an issuer has revoked, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn revocations(&mut self, issuer: &str) -> Result<Vec<Revocation>, Error> {
        let sql = "SELECT serial, revoked_at, revocation_reason FROM certificates
            WHERE issuer = $1 AND state = 'revoked' ORDER BY revoked_at, serial";
        self.connection.all(sql, args![issuer]).await?.iter().map(revocation).collect()
    }

    /// The newest list of an issuer, DER, with its thisUpdate and nextUpdate.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_crl(
        &mut self,
        issuer: &str,
    ) -> Result<Option<(Vec<u8>, Timestamp, Timestamp)>, Error> {
        let sql = "SELECT der, this_update, next_update FROM crls WHERE issuer = $1 AND der IS NOT NULL
            ORDER BY number DESC LIMIT 1";
        let row = self.connection.one(sql, args![issuer]).await?;
        row.map(|row| Ok((bytes(&row, "der")?, row.time("this_update")?, row.time("next_update")?)))
            .transpose()
    }
}

impl Tx {
    /// Keeps a key of the authority in place of the one that had its role.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_authority_key(&mut self, key: &AuthorityKey) -> Result<(), Error> {
        let sealed =
            key.private.as_ref().map(|private| self.sealer.seal(KEY, &key.role, private)).unwrap_or_default();
        let sql = "INSERT INTO authority_keys (role, algorithm, private_sealed, certificate, created_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (role) DO UPDATE SET algorithm = excluded.algorithm, private_sealed = excluded.private_sealed,
                certificate = excluded.certificate, created_at = excluded.created_at";
        let args = args![key.role.as_str(), "p256", sealed, hex::encode(&key.certificate), key.created_at];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Records what is about to be certified.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the serial number or the public key is there already.
    pub async fn intend_certificate(&mut self, it: &Intent) -> Result<(), Error> {
        let sql = "INSERT INTO certificates (id, issuer, serial, profile, subject, public_key, key_id, state, not_before,
                not_after, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'intended', $8, $9, $10)";
        let args = args![
            it.id.to_string(),
            it.issuer.as_str(),
            it.serial.as_str(),
            it.profile.as_str(),
            it.subject.as_str(),
            it.public_key,
            it.key_id.map(|key| key.to_string()),
            it.not_before,
            it.not_after,
            it.at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Records the certificate that an intent became.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn complete_certificate(&mut self, serial: &str, der: &[u8]) -> Result<(), Error> {
        let sql =
            "UPDATE certificates SET state = 'issued', der = $2 WHERE serial = $1 AND state = 'intended'";
        self.connection.execute(sql, args![serial, hex::encode(der)]).await.map(drop)
    }

    /// Revokes a certificate; one that is revoked already stays as it was.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn revoke_certificate(
        &mut self,
        serial: &str,
        at: Timestamp,
        reason: &str,
    ) -> Result<(), Error> {
        let sql = "UPDATE certificates SET state = 'revoked', revoked_at = $2, revocation_reason = $3
            WHERE serial = $1 AND state <> 'revoked'";
        self.connection.execute(sql, args![serial, at, reason]).await.map(drop)
    }

    /// Takes the next number for an issuer's list.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn next_crl(
        &mut self,
        issuer: &str,
        this_update: Timestamp,
        next_update: Timestamp,
    ) -> Result<u64, Error> {
        let sql = "SELECT COALESCE(MAX(number), 0) AS newest FROM crls WHERE issuer = $1";
        let newest: u64 = match self.connection.one(sql, args![issuer]).await? {
            Some(row) => row.number("newest")?,
            None => 0,
        };
        let number = newest + 1;
        let sql = "INSERT INTO crls (issuer, number, this_update, next_update) VALUES ($1, $2, $3, $4)";
        self.connection.execute(sql, args![issuer, number, this_update, next_update]).await?;
        Ok(number)
    }

    /// Records the list that a number became.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn complete_crl(&mut self, issuer: &str, number: u64, der: &[u8]) -> Result<(), Error> {
        let sql = "UPDATE crls SET der = $3 WHERE issuer = $1 AND number = $2";
        self.connection.execute(sql, args![issuer, number, hex::encode(der)]).await.map(drop)
    }

    /// Records the serial number of a time-stamp.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the number was used.
    pub async fn record_time_stamp(
        &mut self,
        serial: &str,
        imprint: &[u8; 32],
        at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO time_stamps (serial, imprint, created_at) VALUES ($1, $2, $3)";
        self.connection.execute(sql, args![serial, imprint, at]).await.map(drop)
    }
}

fn certificate(row: &Row) -> Result<StoredCertificate, Error> {
    let state = match row.text("state")?.as_str() {
        "intended" => CertificateState::Intended,
        "issued" => CertificateState::Issued,
        "revoked" => CertificateState::Revoked(revocation(row)?),
        _ => return Err(Error::Corrupt { column: "state" }),
    };
    let der = match row.opt_text("der")? {
        Some(_) => Some(bytes(row, "der")?),
        None => None,
    };
    Ok(StoredCertificate {
        id: row.parsed("id")?,
        serial: row.text("serial")?,
        key_id: row.opt_parsed("key_id")?,
        state,
        der,
        not_before: row.time("not_before")?,
        not_after: row.time("not_after")?,
    })
}

fn revocation(row: &Row) -> Result<Revocation, Error> {
    Ok(Revocation {
        serial: row.text("serial")?,
        at: row.time("revoked_at")?,
        reason: row.text("revocation_reason")?,
    })
}

fn bytes(row: &Row, column: &'static str) -> Result<Vec<u8>, Error> {
    hex::decode(row.text(column)?).map_err(|_| Error::Corrupt { column })
}

//! The authority's records: its own keys, the certificates it meant to issue and issued, time-stamps.
//!
//! A row is written before anything is signed (the intent) and completed after. A public key can be in one row only:
//! it is never certified twice.

use domain::{CertificateId, KeyId, RecipientId};
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
    /// Who issues it: the authority's name.
    pub authority: String,
    /// The recipient whose ceremony alone it is for.
    pub ceremony: Option<RecipientId>,
    /// Serial number, hexadecimal, of the certificate that it renews.
    pub renews: Option<String>,
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
    /// The issuing role's word.
    pub issuer: String,
    /// The profile's word.
    pub profile: String,
    /// Subject (JSON).
    pub subject: String,
    /// When it was meant.
    pub created_at: Timestamp,
    /// Who issued it: the authority's name.
    pub authority: String,
    /// The recipient whose ceremony alone it is for.
    pub ceremony: Option<RecipientId>,
    /// Serial number, hexadecimal, of the certificate that it renews.
    pub renews: Option<String>,
}

/// A query for whole certificates.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.serial, c.key_id, c.state, c.der, c.not_before, c.not_after, c.revoked_at,
                c.revocation_reason, c.issuer, c.profile, c.subject, c.created_at, c.authority, c.ceremony, c.renews
            FROM certificates c ",
            $rest
        )
    };
}
pub(crate) use select;

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
        let sql = select!("WHERE serial = $1");
        self.connection.one(sql, args![serial]).await?.as_ref().map(certificate).transpose()
    }

    /// The issued certificates of a key, newest first; revoked ones too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates_of_key(&mut self, key: KeyId) -> Result<Vec<StoredCertificate>, Error> {
        let sql = select!("WHERE key_id = $1 AND der IS NOT NULL ORDER BY created_at DESC");
        self.connection.all(sql, args![key.to_string()]).await?.iter().map(certificate).collect()
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
                not_after, created_at, authority, ceremony, renews)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'intended', $8, $9, $10, $11, $12, $13)";
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
            it.at,
            it.authority.as_str(),
            it.ceremony.map(|id| id.to_string()),
            it.renews.clone()
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Records that the same is meant once more: a certificate of the same subject for a public key whose first intent became
    /// nothing, and whose row among the keys was forgotten since. Whether there was such an intent.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the serial number is there already.
    pub async fn intend_again(&mut self, it: &Intent) -> Result<bool, Error> {
        let sql = "UPDATE certificates SET id = $1, issuer = $2, serial = $3, profile = $4, key_id = $7, not_before = $8,
                not_after = $9, created_at = $10, authority = $11, ceremony = $12, renews = $13, abandoned_at = NULL
            WHERE public_key = $6 AND subject = $5 AND state = 'intended' AND der IS NULL
                AND NOT EXISTS (SELECT 1 FROM keys k WHERE k.id = certificates.key_id)";
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
            it.at,
            it.authority.as_str(),
            it.ceremony.map(|id| id.to_string()),
            it.renews.clone()
        ];
        Ok(self.connection.execute(sql, args).await? == 1)
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

    /// Records the certificate that another's authority made of an intent, with the number and validity that it chose.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the number is another certificate's.
    pub async fn complete_foreign_certificate(
        &mut self,
        id: CertificateId,
        serial: &str,
        validity: (Timestamp, Timestamp),
        der: &[u8],
    ) -> Result<(), Error> {
        let sql =
            "UPDATE certificates SET state = 'issued', serial = $2, not_before = $3, not_after = $4, der = $5
            WHERE id = $1 AND state = 'intended'";
        let args = args![id.to_string(), serial, validity.0, validity.1, hex::encode(der)];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Notes that nobody is given a certificate that came.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_unusable_certificate(&mut self, id: CertificateId, at: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE certificates SET unusable_at = $2 WHERE id = $1 AND der IS NOT NULL AND unusable_at IS NULL";
        self.connection.execute(sql, args![id.to_string(), at]).await.map(drop)
    }

    /// Revokes a certificate; one that is revoked already stays as it was, but for one on hold, which keeps its date
    /// (RFC 5280 §5.3.1): what it signed since is not to be relied upon.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn revoke_certificate(
        &mut self,
        serial: &str,
        at: Timestamp,
        reason: &str,
    ) -> Result<(), Error> {
        let sql = "UPDATE certificates SET state = 'revoked', revocation_reason = $3,
                revoked_at = CASE WHEN state = 'revoked' THEN revoked_at ELSE $2 END
            WHERE serial = $1 AND (state <> 'revoked' OR revocation_reason = 'certificate_hold' AND $3 <> 'certificate_hold')";
        self.connection.execute(sql, args![serial, at, reason]).await?;
        self.forget_signed_ahead(serial, at).await
    }

    /// Lets a certificate on hold go again; others stay as they are.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn release_certificate(&mut self, serial: &str, at: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE certificates SET state = 'issued', revoked_at = NULL, revocation_reason = NULL
            WHERE serial = $1 AND state = 'revoked' AND revocation_reason = 'certificate_hold'";
        self.connection.execute(sql, args![serial]).await?;
        self.forget_signed_ahead(serial, at).await
    }

    /// What was signed ahead says another status: answers go, and lists of later times are no longer theirs. Their
    /// numbers stay taken (RFC 5280 §5.2.3).
    async fn forget_signed_ahead(&mut self, serial: &str, at: Timestamp) -> Result<(), Error> {
        self.connection.execute("DELETE FROM ocsp_answers WHERE serial = $1", args![serial]).await?;
        let sql = "UPDATE crls SET der = NULL WHERE this_update > $2
            AND issuer = (SELECT issuer FROM certificates WHERE serial = $1)";
        self.connection.execute(sql, args![serial, at]).await.map(drop)
    }

    /// Notes intents that became nothing before `before`, and gives their ids and numbers.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn abandon_intents(
        &mut self,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<(CertificateId, String)>, Error> {
        let sql = "SELECT id, serial FROM certificates
            WHERE state = 'intended' AND abandoned_at IS NULL AND created_at < $1
                AND id NOT IN (SELECT certificate_id FROM pending_certificates) ORDER BY created_at";
        let rows = self.connection.all(sql, args![before]).await?;
        let found = rows.iter().map(|row| Ok((row.parsed("id")?, row.text("serial")?)));
        let found: Vec<(CertificateId, String)> = found.collect::<Result<_, Error>>()?;
        let sql = "UPDATE certificates SET abandoned_at = $2
            WHERE state = 'intended' AND abandoned_at IS NULL AND created_at < $1
                AND id NOT IN (SELECT certificate_id FROM pending_certificates)";
        self.connection.execute(sql, args![before, now]).await?;
        Ok(found)
    }

    /// Removes a key of the authority; its certificate stays among the certificates.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_authority_key(&mut self, role: &str) -> Result<(), Error> {
        self.connection.execute("DELETE FROM authority_keys WHERE role = $1", args![role]).await.map(drop)
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

pub(crate) fn certificate(row: &Row) -> Result<StoredCertificate, Error> {
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
        issuer: row.text("issuer")?,
        profile: row.text("profile")?,
        subject: row.text("subject")?,
        created_at: row.time("created_at")?,
        authority: row.text("authority")?,
        ceremony: row.opt_parsed("ceremony")?,
        renews: row.opt_text("renews")?,
    })
}

pub(crate) fn revocation(row: &Row) -> Result<Revocation, Error> {
    Ok(Revocation {
        serial: row.text("serial")?,
        at: row.time("revoked_at")?,
        reason: row.text("revocation_reason")?,
    })
}

pub(crate) fn bytes(row: &Row, column: &'static str) -> Result<Vec<u8>, Error> {
    hex::decode(row.text(column)?).map_err(|_| Error::Corrupt { column })
}

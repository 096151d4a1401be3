//! Another's authority: requests that it still decides upon, and revocations that it is to be told of.

use domain::{CertificateId, KeyId, OrganizationId, PersonId, RecipientId};
use jiff::Timestamp;

use crate::certificate::{StoredCertificate, bytes, certificate, select};
use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A request that somebody at the other authority still decides upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingCertificate {
    /// The certificate to be, as it was intended.
    pub certificate_id: CertificateId,
    /// For which key.
    pub key_id: KeyId,
    /// Whose ceremony waits for it.
    pub recipient_id: RecipientId,
    /// The request (PKCS #10), DER: the same is sent again.
    pub request: Vec<u8>,
    /// The fingerprint of the passkey that the certificate is to name.
    pub activated_by: Option<[u8; 32]>,
    /// When it was asked first.
    pub asked_at: Timestamp,
    /// When it is asked again.
    pub next_at: Timestamp,
    /// How often it was asked without an answer.
    pub asks: u32,
}

/// What a certificate to be rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStanding {
    /// Whose key it is, or who opens the organization's.
    pub person_id: PersonId,
    /// The organization.
    pub organization_id: Option<OrganizationId>,
    /// Whether the key was given up.
    pub retired: bool,
    /// Whether some check of the person counts now.
    pub identity: bool,
    /// Whether the person acts for the organization now, where there is one.
    pub power: bool,
}

/// A revocation that the other authority is to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalRevocation {
    /// The certificate.
    pub certificate: StoredCertificate,
    /// The reason's word.
    pub reason: String,
    /// Since when.
    pub asked_at: Timestamp,
}

impl Reader {
    /// The request that a recipient waits for, the newest where there are several.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pending_certificate(
        &mut self,
        recipient: RecipientId,
    ) -> Result<Option<PendingCertificate>, Error> {
        let sql = "SELECT certificate_id, key_id, recipient_id, request, activated_by, asked_at, next_at, asks
            FROM pending_certificates WHERE recipient_id = $1 ORDER BY asked_at DESC, certificate_id DESC LIMIT 1";
        self.connection.one(sql, args![recipient.to_string()]).await?.as_ref().map(pending).transpose()
    }

    /// The request for a certificate to be.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pending_certificate_by_id(
        &mut self,
        id: CertificateId,
    ) -> Result<Option<PendingCertificate>, Error> {
        let sql =
            "SELECT certificate_id, key_id, recipient_id, request, activated_by, asked_at, next_at, asks
            FROM pending_certificates WHERE certificate_id = $1";
        self.connection.one(sql, args![id.to_string()]).await?.as_ref().map(pending).transpose()
    }

    /// The request for the certificate of a key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pending_certificate_of_key(
        &mut self,
        key: KeyId,
    ) -> Result<Option<PendingCertificate>, Error> {
        let sql =
            "SELECT certificate_id, key_id, recipient_id, request, activated_by, asked_at, next_at, asks
            FROM pending_certificates WHERE key_id = $1 ORDER BY certificate_id LIMIT 1";
        self.connection.one(sql, args![key.to_string()]).await?.as_ref().map(pending).transpose()
    }

    /// Whether what a certificate for this key would say is so now; none where the key is no more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn key_standing(&mut self, key: KeyId, now: Timestamp) -> Result<Option<KeyStanding>, Error> {
        let sql = "SELECT k.person_id AS person_id, k.organization_id AS organization_id,
                k.retired_at IS NOT NULL AS retired,
                EXISTS (SELECT 1 FROM identity_verifications i WHERE i.person_id = k.person_id
                    AND i.state = 'verified' AND (i.expires_at IS NULL OR i.expires_at > $2)) AS identity,
                k.organization_id IS NULL OR EXISTS (SELECT 1 FROM agents a WHERE a.person_id = k.person_id
                    AND a.organization_id = k.organization_id AND a.revoked_at IS NULL
                    AND (a.until IS NULL OR a.until > $2)) AS power
            FROM keys k WHERE k.id = $1";
        let row = self.connection.one(sql, args![key.to_string(), now]).await?;
        row.map(|row| {
            Ok(KeyStanding {
                person_id: row.parsed("person_id")?,
                organization_id: row.opt_parsed("organization_id")?,
                retired: row.integer("retired")? != 0,
                identity: row.integer("identity")? != 0,
                power: row.integer("power")? != 0,
            })
        })
        .transpose()
    }

    /// The requests that are to be sent again, those that wait longest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pending_certificates(
        &mut self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<PendingCertificate>, Error> {
        let sql =
            "SELECT certificate_id, key_id, recipient_id, request, activated_by, asked_at, next_at, asks
            FROM pending_certificates WHERE next_at <= $1 ORDER BY next_at, certificate_id LIMIT $2";
        self.connection.all(sql, args![now, most]).await?.iter().map(pending).collect()
    }

    /// Every request that another authority has not decided upon, PKCS #10 (DER).
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn requests_for_certificates(&mut self) -> Result<Vec<Vec<u8>>, Error> {
        let rows = self.connection.all("SELECT request FROM pending_certificates", args![]).await?;
        rows.iter().map(|row| bytes(row, "request")).collect()
    }

    /// A certificate by its id, issued or meant.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificate_by_id(&mut self, id: CertificateId) -> Result<Option<StoredCertificate>, Error> {
        let sql = select!("WHERE c.id = $1");
        self.connection.one(sql, args![id.to_string()]).await?.as_ref().map(certificate).transpose()
    }

    /// Revocations that the other authority has not confirmed, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn external_revocations(&mut self, most: u32) -> Result<Vec<ExternalRevocation>, Error> {
        let sql = "SELECT certificate_id, reason, asked_at FROM external_revocations
            WHERE confirmed_at IS NULL ORDER BY asked_at, certificate_id LIMIT $1";
        let rows = self.connection.all(sql, args![most]).await?;
        self.revocations_in(rows).await
    }

    /// Revocations that the other authority has not confirmed and that nobody looked for since `before`: those first that wait
    /// longest for a look.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn external_revocations_to_look_for(
        &mut self,
        before: Timestamp,
        most: u32,
    ) -> Result<Vec<ExternalRevocation>, Error> {
        let sql = "SELECT certificate_id, reason, asked_at FROM external_revocations
            WHERE confirmed_at IS NULL AND looked_at <= $1 ORDER BY looked_at, asked_at, certificate_id LIMIT $2";
        let rows = self.connection.all(sql, args![before, most]).await?;
        self.revocations_in(rows).await
    }

    async fn revocations_in(&mut self, rows: Vec<Row>) -> Result<Vec<ExternalRevocation>, Error> {
        let mut found = Vec::new();
        for row in rows {
            let id = row.parsed("certificate_id")?;
            let certificate = self.certificate_by_id(id).await?;
            let certificate = certificate.ok_or(Error::Corrupt { column: "certificate_id" })?;
            let (reason, asked_at) = (row.text("reason")?, row.time("asked_at")?);
            found.push(ExternalRevocation { certificate, reason, asked_at });
        }
        Ok(found)
    }
}

impl Tx {
    /// Keeps a request that is about to be sent.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it is there already.
    pub async fn insert_pending_certificate(&mut self, it: &PendingCertificate) -> Result<(), Error> {
        let sql =
            "INSERT INTO pending_certificates (certificate_id, key_id, recipient_id, request, activated_by,
                asked_at, next_at, asks)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let args = args![
            it.certificate_id.to_string(),
            it.key_id.to_string(),
            it.recipient_id.to_string(),
            hex::encode(&it.request),
            it.activated_by.map(hex::encode),
            it.asked_at,
            it.next_at,
            it.asks
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Notes when a request is sent again.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_off_certificate(&mut self, id: CertificateId, next_at: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE pending_certificates SET next_at = $2, asks = asks + 1 WHERE certificate_id = $1";
        self.connection.execute(sql, args![id.to_string(), next_at]).await.map(drop)
    }

    /// Removes a request that was answered or given up; whether it was there.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_pending_certificate(&mut self, id: CertificateId) -> Result<bool, Error> {
        let sql = "DELETE FROM pending_certificates WHERE certificate_id = $1";
        Ok(self.connection.execute(sql, args![id.to_string()]).await? == 1)
    }

    /// Notes that the other authority is to be told of a revocation; one that is noted stays as it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ask_external_revocation(
        &mut self,
        id: CertificateId,
        reason: &str,
        at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO external_revocations (certificate_id, reason, asked_at) VALUES ($1, $2, $3)
            ON CONFLICT (certificate_id) DO NOTHING";
        self.connection.execute(sql, args![id.to_string(), reason, at]).await.map(drop)
    }

    /// Notes that the other authority is asked now whether it knows of a revocation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn look_for_external_revocation(
        &mut self,
        id: CertificateId,
        at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "UPDATE external_revocations SET looked_at = $2 WHERE certificate_id = $1";
        self.connection.execute(sql, args![id.to_string(), at]).await.map(drop)
    }

    /// Notes that the other authority knows of a revocation, and who says so; whether that was open.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn confirm_external_revocation(
        &mut self,
        id: CertificateId,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "UPDATE external_revocations SET confirmed_at = $2, confirmed_by = $3
            WHERE certificate_id = $1 AND confirmed_at IS NULL";
        Ok(self.connection.execute(sql, args![id.to_string(), at, by]).await? == 1)
    }
}

fn pending(row: &Row) -> Result<PendingCertificate, Error> {
    Ok(PendingCertificate {
        certificate_id: row.parsed("certificate_id")?,
        key_id: row.parsed("key_id")?,
        recipient_id: row.parsed("recipient_id")?,
        request: bytes(row, "request")?,
        activated_by: row.opt_hash("activated_by")?,
        asked_at: row.time("asked_at")?,
        next_at: row.time("next_at")?,
        asks: row.number("asks")?,
    })
}

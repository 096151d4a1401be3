//! What has been done in each recipient's ceremony, and their consents.

use domain::{CertificateId, ConsentId, ImpressionId, KeyId, Locale, RecipientId, VerificationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::{Reader, Tx};

/// A recipient's ceremony.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// Whose.
    pub recipient_id: RecipientId,
    /// When the request was seen.
    pub viewed_at: Option<Timestamp>,
    /// The consent.
    pub consent_id: Option<ConsentId>,
    /// The identity verification that was passed last.
    pub identity_id: Option<VerificationId>,
    /// The organization's verification.
    pub organization_verification_id: Option<VerificationId>,
    /// When the fields were filled.
    pub fields_at: Option<Timestamp>,
    /// The impression that was adopted.
    pub impression_id: Option<ImpressionId>,
    /// The key.
    pub key_id: Option<KeyId>,
    /// Its certificate.
    pub certificate_id: Option<CertificateId>,
    /// The signature that was made.
    pub result: Option<SignatureResult>,
}

impl Ceremony {
    /// A ceremony in which nothing has been done.
    #[must_use]
    pub fn new(recipient_id: RecipientId) -> Self {
        Self {
            recipient_id,
            viewed_at: None,
            consent_id: None,
            identity_id: None,
            organization_verification_id: None,
            fields_at: None,
            impression_id: None,
            key_id: None,
            certificate_id: None,
            result: None,
        }
    }
}

/// A signature that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureResult {
    /// When it was recorded.
    pub signed_at: Timestamp,
    /// Trusted time.
    pub time_stamp: Timestamp,
    /// Serial number of the time-stamp, hexadecimal.
    pub time_stamp_serial: String,
    /// Common name of the time-stamp authority.
    pub time_stamp_authority: String,
    /// The level with which it was kept: `PAdES-B-LT`.
    pub level: String,
    /// Name of the signature field in the PDF.
    pub field: String,
    /// SHA-256 of the file with this signature and its validation data, hexadecimal.
    pub document_sha256: String,
    /// SHA-256 of the activation, hexadecimal.
    pub activation_sha256: String,
}

/// A consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The id.
    pub id: ConsentId,
    /// Whose.
    pub recipient_id: RecipientId,
    /// Version of the words.
    pub version: String,
    /// SHA-256 of the words as shown, hexadecimal.
    pub digest: String,
    /// Language shown.
    pub locale: Locale,
    /// SHA-256 of the signing policy that it covers.
    pub policy_digest: Option<[u8; 32]>,
    /// When.
    pub created_at: Timestamp,
}

impl Reader {
    /// A recipient's ceremony; a fresh one where nothing has been done.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ceremony(&mut self, recipient: RecipientId) -> Result<Ceremony, Error> {
        let sql = "SELECT recipient_id, viewed_at, consent_id, identity_id, organization_verification_id, fields_at,
                impression_id, key_id, certificate_id, result
            FROM ceremonies WHERE recipient_id = $1";
        match self.connection.one(sql, args![recipient.to_string()]).await? {
            Some(row) => read(&row),
            None => Ok(Ceremony::new(recipient)),
        }
    }

    /// A consent.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn consent(&mut self, id: ConsentId) -> Result<Option<Consent>, Error> {
        let sql = "SELECT id, recipient_id, version, digest, locale, policy_digest, created_at FROM consents WHERE id = $1";
        let row = self.connection.one(sql, args![id.to_string()]).await?;
        row.map(|row| {
            Ok(Consent {
                id: row.parsed("id")?,
                recipient_id: row.parsed("recipient_id")?,
                version: row.text("version")?,
                digest: row.text("digest")?,
                locale: row.read("locale", Locale::from_tag)?,
                policy_digest: row.opt_hash("policy_digest")?,
                created_at: row.time("created_at")?,
            })
        })
        .transpose()
    }
}

impl Tx {
    /// Keeps a ceremony, new or changed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_ceremony(&mut self, it: &Ceremony) -> Result<(), Error> {
        let sql = "INSERT INTO ceremonies (recipient_id, viewed_at, consent_id, identity_id, organization_verification_id,
                fields_at, impression_id, key_id, certificate_id, result)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (recipient_id) DO UPDATE SET viewed_at = excluded.viewed_at, consent_id = excluded.consent_id,
                identity_id = excluded.identity_id,
                organization_verification_id = excluded.organization_verification_id, fields_at = excluded.fields_at,
                impression_id = excluded.impression_id, key_id = excluded.key_id,
                certificate_id = excluded.certificate_id, result = excluded.result";
        let args = args![
            it.recipient_id.to_string(),
            it.viewed_at,
            it.consent_id.map(|id| id.to_string()),
            it.identity_id.map(|id| id.to_string()),
            it.organization_verification_id.map(|id| id.to_string()),
            it.fields_at,
            it.impression_id.map(|id| id.to_string()),
            it.key_id.map(|id| id.to_string()),
            it.certificate_id.map(|id| id.to_string()),
            it.result.as_ref().map(json)
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Keeps a consent.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_consent(&mut self, it: &Consent) -> Result<(), Error> {
        let sql =
            "INSERT INTO consents (id, recipient_id, version, digest, locale, created_at, policy_digest)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let args = args![
            it.id.to_string(),
            it.recipient_id.to_string(),
            it.version.as_str(),
            it.digest.as_str(),
            it.locale.tag(),
            it.created_at,
            it.policy_digest
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

fn read(row: &Row) -> Result<Ceremony, Error> {
    Ok(Ceremony {
        recipient_id: row.parsed("recipient_id")?,
        viewed_at: row.opt_time("viewed_at")?,
        consent_id: row.opt_parsed("consent_id")?,
        identity_id: row.opt_parsed("identity_id")?,
        organization_verification_id: row.opt_parsed("organization_verification_id")?,
        fields_at: row.opt_time("fields_at")?,
        impression_id: row.opt_parsed("impression_id")?,
        key_id: row.opt_parsed("key_id")?,
        certificate_id: row.opt_parsed("certificate_id")?,
        result: row.opt_json("result")?,
    })
}

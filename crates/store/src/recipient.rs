//! Recipients.

use domain::policy::PolicyRef;
use domain::recipient::{Link, Recipient, RecipientKind, RecipientStatus};
use domain::{Email, EnvelopeId, Locale, Name, Phone, RecipientId};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::{Reader, Tx};

const PHONE: (&str, &str) = ("recipients", "phone");

impl Reader {
    /// A recipient.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn recipient(&mut self, id: RecipientId) -> Result<Option<Recipient>, Error> {
        let sql = "SELECT id, envelope_id, kind, name, email, phone_sealed, organization, locale, place, policy,
                policy_digest, status, invited_at, opened_at, identified_at, signed_at, verified, certificate, link_hash, link_expires_at
            FROM recipients WHERE id = $1";
        let row = self.connection.one(sql, args![id.to_string()]).await?;
        row.map(|row| self.read_recipient(&row)).transpose()
    }

    /// The recipients of an envelope, by place.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn recipients(&mut self, envelope: EnvelopeId) -> Result<Vec<Recipient>, Error> {
        let sql = "SELECT id, envelope_id, kind, name, email, phone_sealed, organization, locale, place, policy,
                policy_digest, status, invited_at, opened_at, identified_at, signed_at, verified, certificate, link_hash, link_expires_at
            FROM recipients WHERE envelope_id = $1 ORDER BY place, position, id";
        let rows = self.connection.all(sql, args![envelope.to_string()]).await?;
        rows.iter().map(|row| self.read_recipient(row)).collect()
    }

    fn read_recipient(&self, row: &Row) -> Result<Recipient, Error> {
        let id = row.text("id")?;
        let phone = row
            .opt_text("phone_sealed")?
            .map(|sealed| self.sealer.open(PHONE, &id, &sealed))
            .transpose()?
            .map(|phone| Phone::parse(&phone).map_err(|_| Error::Corrupt { column: "phone_sealed" }))
            .transpose()?;
        let link = match (row.opt_hash("link_hash")?, row.opt_time("link_expires_at")?) {
            (Some(hash), Some(expires_at)) => Some(Link { hash, expires_at }),
            _ => None,
        };
        Ok(Recipient {
            id: row.parsed("id")?,
            envelope_id: row.parsed("envelope_id")?,
            kind: row.read("kind", RecipientKind::parse)?,
            name: row.read("name", |text| Name::parse(text).ok())?,
            email: opt_read(row.opt_text("email")?, "email", |text| Email::parse(text).ok())?,
            phone,
            organization: opt_read(row.opt_text("organization")?, "organization", |text| {
                Name::parse(text).ok()
            })?,
            locale: row.read("locale", Locale::from_tag)?,
            order: row.number("place")?,
            policy: opt_read(row.opt_text("policy")?, "policy", PolicyRef::parse)?,
            policy_digest: row.opt_hash("policy_digest")?,
            status: row.read("status", RecipientStatus::parse)?,
            invited_at: row.opt_time("invited_at")?,
            opened_at: row.opt_time("opened_at")?,
            identified_at: row.opt_time("identified_at")?,
            signed_at: row.opt_time("signed_at")?,
            verified: row.opt_json("verified")?,
            certificate: row.opt_json("certificate")?,
            link,
        })
    }
}

impl Tx {
    /// Adds a recipient or saves everything about one. `position` keeps the order in which the sender listed them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_recipient(&mut self, recipient: &Recipient, position: usize) -> Result<(), Error> {
        let sql = "INSERT INTO recipients (id, envelope_id, kind, name, email, phone_sealed, organization, locale, place,
                position, status)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, email = excluded.email,
                phone_sealed = excluded.phone_sealed, organization = excluded.organization, locale = excluded.locale,
                place = excluded.place, position = excluded.position";
        let id = recipient.id.to_string();
        let phone = recipient.phone.as_ref().map(|phone| self.sealer.seal(PHONE, &id, phone.reveal()));
        let args = args![
            id,
            recipient.envelope_id.to_string(),
            recipient.kind.as_str(),
            recipient.name.as_str(),
            recipient.email.as_ref().map(Email::as_str),
            phone,
            recipient.organization.as_ref().map(Name::as_str),
            recipient.locale.tag(),
            recipient.order,
            position,
            recipient.status.as_str()
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Saves how far a recipient has come: status, times, verification, certificate and link.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_recipient(&mut self, recipient: &Recipient) -> Result<(), Error> {
        let sql = "UPDATE recipients SET status = $2, invited_at = $3, opened_at = $4, identified_at = $5, signed_at = $6,
                verified = $7, certificate = $8, link_hash = $9, link_expires_at = $10
            WHERE id = $1";
        let args = args![
            recipient.id.to_string(),
            recipient.status.as_str(),
            recipient.invited_at,
            recipient.opened_at,
            recipient.identified_at,
            recipient.signed_at,
            recipient.verified.as_ref().map(json),
            recipient.certificate.as_ref().map(json),
            recipient.link.as_ref().map(|link| link.hash),
            recipient.link.as_ref().map(|link| link.expires_at)
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Saves which signing policy holds for a recipient alone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_recipient_policy(&mut self, recipient: &Recipient) -> Result<(), Error> {
        let sql = "UPDATE recipients SET policy = $2, policy_digest = $3 WHERE id = $1";
        let args = args![
            recipient.id.to_string(),
            recipient.policy.as_ref().map(ToString::to_string),
            recipient.policy_digest
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Removes a recipient of a draft, with their fields.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_recipient(&mut self, id: RecipientId) -> Result<(), Error> {
        self.connection.execute("DELETE FROM fields WHERE recipient_id = $1", args![id.to_string()]).await?;
        self.connection.execute("DELETE FROM recipients WHERE id = $1", args![id.to_string()]).await.map(drop)
    }
}

fn opt_read<T>(
    text: Option<String>,
    column: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    text.map(|text| read(&text).ok_or(Error::Corrupt { column })).transpose()
}

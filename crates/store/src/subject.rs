//! The subject of certificates: what a person has, whether their real name still stands behind it, and what was done where
//! it lapses.

use domain::account::Account;
use domain::{AccountId, CertificateId, OrganizationId, PersonId, RecipientId};
use jiff::Timestamp;

use crate::certificate::{StoredCertificate, certificate, select};
use crate::data_consent::{DataConsent, read as read_consent};
use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A certificate, and until when what it rests on counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The certificate.
    pub certificate_id: CertificateId,
    /// Whose key it is, or who opens the organization's.
    pub person_id: PersonId,
    /// The organization.
    pub organization_id: Option<OrganizationId>,
    /// Until when some check of the person counts; none: for ever.
    pub identity_until: Option<Timestamp>,
    /// Until when the person acts for the organization; none: for ever, or there is no organization.
    pub power_until: Option<Timestamp>,
    /// Why the person's last check stopped counting before its time.
    pub ended: Option<String>,
}

/// The largest time there is: for what never ends.
const NEVER: i64 = i64::MAX;

macro_rules! standing {
    ($rest:literal) => {
        concat!(
            "SELECT id, person_id, organization_id, identity_until, power_until, ended FROM (
                SELECT c.id AS id, c.state AS state, k.person_id AS person_id, k.organization_id AS organization_id,
                    COALESCE((SELECT MAX(COALESCE(i.expires_at, 9223372036854775807)) FROM identity_verifications i
                        WHERE i.person_id = k.person_id AND i.state = 'verified'), 0) AS identity_until,
                    CASE WHEN k.organization_id IS NULL THEN 9223372036854775807 ELSE
                        COALESCE((SELECT MAX(COALESCE(a.revoked_at, a.until, 9223372036854775807)) FROM agents a
                            WHERE a.person_id = k.person_id AND a.organization_id = k.organization_id), 0)
                        END AS power_until,
                    (SELECT i.ended FROM identity_verifications i WHERE i.person_id = k.person_id
                        AND i.state = 'verified' ORDER BY i.expires_at DESC, i.id DESC LIMIT 1) AS ended
                FROM certificates c JOIN keys k ON k.id = c.key_id
                WHERE (c.ceremony IS NULL OR c.authority <> 'embedded') AND c.not_after > $1
                    AND (c.state = 'issued' OR c.state = 'revoked' AND c.revocation_reason = 'certificate_hold')
                ) AS standing ",
            $rest
        )
    };
}

impl Reader {
    /// All certificates of a person's keys, those that they open for organizations among them, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates_of_person(
        &mut self,
        person: PersonId,
    ) -> Result<Vec<StoredCertificate>, Error> {
        let sql = select!(
            "JOIN keys k ON k.id = c.key_id WHERE k.person_id = $1 AND c.state <> 'intended'
            ORDER BY c.id DESC LIMIT 200"
        );
        self.connection.all(sql, args![person.to_string()]).await?.iter().map(certificate).collect()
    }

    /// The certificates of a person's keys that are on hold, those that they open for organizations among them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn held_certificates(&mut self, person: PersonId) -> Result<Vec<StoredCertificate>, Error> {
        let sql = select!(
            "JOIN keys k ON k.id = c.key_id WHERE k.person_id = $1 AND c.state = 'revoked'
            AND c.revocation_reason = 'certificate_hold' ORDER BY c.id"
        );
        self.connection.all(sql, args![person.to_string()]).await?.iter().map(certificate).collect()
    }

    /// The certificates of an organization's keys, or of those that one person opens, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates_of_organization(
        &mut self,
        organization: OrganizationId,
        person: Option<PersonId>,
    ) -> Result<Vec<StoredCertificate>, Error> {
        let sql = select!(
            "JOIN keys k ON k.id = c.key_id WHERE k.organization_id = $1 AND ($2 IS NULL OR k.person_id = $2)
            AND c.state <> 'intended' ORDER BY c.id DESC LIMIT 100"
        );
        let args = args![organization.to_string(), person.map(|it| it.to_string())];
        self.connection.all(sql, args).await?.iter().map(certificate).collect()
    }

    /// How many certificates were issued in ceremonies to which the account's address was invited, and are not those of
    /// its person.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates_by_address_alone(&mut self, account: &Account) -> Result<u32, Error> {
        let sql = "SELECT COUNT(DISTINCT c.id) AS number FROM certificates c JOIN keys k ON k.id = c.key_id
                JOIN ceremonies y ON y.certificate_id = c.id JOIN recipients r ON r.id = y.recipient_id
            WHERE r.email = $1 AND c.state <> 'intended' AND NOT EXISTS (
                SELECT 1 FROM account_persons p WHERE p.account_id = $2 AND p.person_id = k.person_id)";
        let row = self.connection.one(sql, args![account.email.as_str(), account.id.to_string()]).await?;
        row.map_or(Ok(0), |row| row.number("number"))
    }

    /// Whether anything was ever certified for a person.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn was_certified(&mut self, person: PersonId) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM certificates c JOIN keys k ON k.id = c.key_id
            WHERE k.person_id = $1 AND c.state <> 'intended' LIMIT 1";
        Ok(self.connection.one(sql, args![person.to_string()]).await?.is_some())
    }

    /// What was decided in an account, and by its person in ceremonies, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn consents_of_person(
        &mut self,
        account: AccountId,
        person: Option<PersonId>,
    ) -> Result<Vec<DataConsent>, Error> {
        let sql = "SELECT id, recipient_id, account_id, purpose, version, digest, locale, decision, created_at
            FROM data_consents WHERE account_id = $1 OR recipient_id IN (
                SELECT recipient_id FROM identity_verifications WHERE person_id = $2 AND recipient_id IS NOT NULL)
            ORDER BY number DESC LIMIT 100";
        let args = args![account.to_string(), person.map(|it| it.to_string())];
        self.connection.all(sql, args).await?.iter().map(read_consent).collect()
    }

    /// Long-lived certificates after `after`, in the order of their ids, that are on hold, or rest on what ends until
    /// `until`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn lapsing(
        &mut self,
        now: Timestamp,
        until: Timestamp,
        after: Option<CertificateId>,
        most: u32,
    ) -> Result<Vec<Standing>, Error> {
        let sql = standing!(
            "WHERE id > $3 AND (identity_until <= $2 OR power_until <= $2 OR state = 'revoked') ORDER BY id LIMIT $4"
        );
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        self.connection.all(sql, args![now, until, after, most]).await?.iter().map(standing).collect()
    }

    /// The same of one certificate; none where it has ended, was revoked for good, or is for one ceremony.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn standing(&mut self, id: CertificateId, now: Timestamp) -> Result<Option<Standing>, Error> {
        let row = self.connection.one(standing!("WHERE id = $2"), args![now, id.to_string()]).await?;
        row.as_ref().map(standing).transpose()
    }

    /// The recipient in whose ceremony a certificate was used last.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn recipient_of_certificate(
        &mut self,
        id: CertificateId,
    ) -> Result<Option<RecipientId>, Error> {
        let sql = "SELECT recipient_id FROM ceremonies WHERE certificate_id = $1 ORDER BY recipient_id DESC LIMIT 1";
        let row = self.connection.one(sql, args![id.to_string()]).await?;
        row.map(|row| row.parsed("recipient_id")).transpose()
    }
}

impl Tx {
    /// Notes a step about a certificate that lapses at `due`; whether it was not taken before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_lapse_step(
        &mut self,
        id: CertificateId,
        step: &str,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO lapse_steps (certificate_id, step, due, taken_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (certificate_id, step, due) DO NOTHING";
        Ok(self.connection.execute(sql, args![id.to_string(), step, due, now]).await? > 0)
    }
}

fn standing(row: &Row) -> Result<Standing, Error> {
    let until = |column| -> Result<Option<Timestamp>, Error> {
        match row.integer(column)? {
            NEVER => Ok(None),
            _ => row.opt_time(column),
        }
    };
    Ok(Standing {
        certificate_id: row.parsed("id")?,
        person_id: row.parsed("person_id")?,
        organization_id: row.opt_parsed("organization_id")?,
        identity_until: until("identity_until")?,
        power_until: until("power_until")?,
        ended: row.opt_text("ended")?,
    })
}

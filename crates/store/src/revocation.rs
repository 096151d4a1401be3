//! Revocation lists and OCSP answers, those signed ahead among them.

use jiff::Timestamp;

use crate::certificate::{Revocation, StoredCertificate, bytes, certificate, revocation, select};
use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A revocation list on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCrl {
    /// The issuing role's word.
    pub issuer: String,
    /// cRLNumber.
    pub number: u64,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Timestamp,
    /// DER.
    pub der: Vec<u8>,
}

/// An OCSP response that was signed ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspAnswer {
    /// SHA-256 of the CertID.
    pub cert_id: [u8; 32],
    /// Serial number, hexadecimal.
    pub serial: String,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Timestamp,
    /// DER.
    pub der: Vec<u8>,
}

impl Reader {
    /// What an issuer has revoked, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn revocations(&mut self, issuer: &str) -> Result<Vec<Revocation>, Error> {
        let sql = "SELECT serial, revoked_at, revocation_reason FROM certificates
            WHERE issuer = $1 AND state = 'revoked' ORDER BY revoked_at, serial";
        self.connection.all(sql, args![issuer]).await?.iter().map(revocation).collect()
    }

    /// The newest list of an issuer at a time, among those that were signed ahead too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn crl_at(&mut self, issuer: &str, now: Timestamp) -> Result<Option<StoredCrl>, Error> {
        let sql = "SELECT issuer, number, der, this_update, next_update FROM crls
            WHERE issuer = $1 AND der IS NOT NULL AND this_update <= $2
            ORDER BY this_update DESC, number DESC LIMIT 1";
        self.connection.one(sql, args![issuer, now]).await?.as_ref().map(crl).transpose()
    }

    /// The lists of an issuer that were signed for later times, the first to come first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn crls_ahead(&mut self, issuer: &str, now: Timestamp) -> Result<Vec<StoredCrl>, Error> {
        let sql = "SELECT issuer, number, der, this_update, next_update FROM crls
            WHERE issuer = $1 AND der IS NOT NULL AND this_update > $2 ORDER BY this_update";
        self.connection.all(sql, args![issuer, now]).await?.iter().map(crl).collect()
    }

    /// An answer that was signed ahead, by the digest of its CertID.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ocsp_answer(&mut self, cert_id: &[u8; 32]) -> Result<Option<OcspAnswer>, Error> {
        let sql = "SELECT serial, this_update, next_update, der FROM ocsp_answers WHERE cert_id = $1";
        let row = self.connection.one(sql, args![cert_id]).await?;
        row.map(|row| {
            Ok(OcspAnswer {
                cert_id: *cert_id,
                serial: row.text("serial")?,
                this_update: row.time("this_update")?,
                next_update: row.time("next_update")?,
                der: bytes(&row, "der")?,
            })
        })
        .transpose()
    }

    /// Issued certificates of an issuer that have not ended and have no answer made after `fresh`, in the order of their
    /// numbers.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn certificates_without_answer(
        &mut self,
        issuer: &str,
        now: Timestamp,
        fresh: Timestamp,
        most: u32,
    ) -> Result<Vec<StoredCertificate>, Error> {
        let sql = select!(
            "WHERE c.issuer = $1 AND c.state <> 'intended' AND c.der IS NOT NULL AND c.not_after > $2
            AND NOT EXISTS (SELECT 1 FROM ocsp_answers a WHERE a.serial = c.serial AND a.this_update > $3)
            ORDER BY c.serial LIMIT $4"
        );
        let args = args![issuer, now, fresh, most];
        self.connection.all(sql, args).await?.iter().map(certificate).collect()
    }
}

impl Tx {
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

    /// Records a list that was signed elsewhere.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_crl(
        &mut self,
        issuer: &str,
        number: u64,
        this_update: Timestamp,
        next_update: Timestamp,
        der: &[u8],
    ) -> Result<(), Error> {
        let sql =
            "INSERT INTO crls (issuer, number, this_update, next_update, der) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (issuer, number) DO UPDATE SET this_update = excluded.this_update,
                next_update = excluded.next_update, der = excluded.der";
        let args = args![issuer, number, this_update, next_update, hex::encode(der)];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Voids the lists that were signed for later times; their numbers stay taken.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn void_lists_ahead(&mut self, issuer: &str, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE crls SET der = NULL WHERE issuer = $1 AND this_update > $2";
        self.connection.execute(sql, args![issuer, now]).await.map(drop)
    }

    /// Removes the answers that nobody takes any more, and gives their number.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_old_answers(&mut self, now: Timestamp) -> Result<u64, Error> {
        self.connection.execute("DELETE FROM ocsp_answers WHERE next_update <= $1", args![now]).await
    }

    /// Records an answer that was signed ahead.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_ocsp_answer(&mut self, answer: &OcspAnswer) -> Result<(), Error> {
        let sql = "INSERT INTO ocsp_answers (cert_id, serial, this_update, next_update, der)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (cert_id) DO UPDATE SET this_update = excluded.this_update,
                next_update = excluded.next_update, der = excluded.der";
        let args = args![
            answer.cert_id,
            answer.serial.as_str(),
            answer.this_update,
            answer.next_update,
            hex::encode(&answer.der)
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

fn crl(row: &Row) -> Result<StoredCrl, Error> {
    Ok(StoredCrl {
        issuer: row.text("issuer")?,
        number: row.number("number")?,
        this_update: row.time("this_update")?,
        next_update: row.time("next_update")?,
        der: bytes(row, "der")?,
    })
}

//! Runs of a person's identity verification: what was compared, who answered what, and the code that was sent.

use domain::policy::Assurance;
use domain::{
    AccountId, BankCard, IdDocument, IdKind, Name, PersonId, Phone, RecipientId, ResidentId, VerificationId,
    mask,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::sealer::Sealer;
use crate::{Reader, Tx};

const TABLE: &str = "identity_verifications";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, recipient_id, account_id, person_id, state, provider, method, name, document_kind, number_sealed, \
             phone_sealed, card_sealed, code, proof, answer_sealed, order_number, transaction_number, pending_sealed, \
             pending_until, assurance, refused, salt_sealed, created_at, verified_at, expires_at, erased_at, ended \
             FROM identity_verifications ",
            $rest
        )
    };
}

/// How far a verification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerificationState {
    /// On record, and the provider is being asked.
    Asked,
    /// The person goes on at the provider's page.
    Pending,
    /// The register agreed; a code was sent to the phone.
    CodeSent,
    /// All that was asked for was shown.
    Verified,
    /// The authority said no.
    Refused,
    /// The person took too long.
    Expired,
    /// Given up for another.
    Abandoned,
}

impl VerificationState {
    const ALL: [Self; 7] = [
        Self::Asked,
        Self::Pending,
        Self::CodeSent,
        Self::Verified,
        Self::Refused,
        Self::Expired,
        Self::Abandoned,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Pending => "pending",
            Self::CodeSent => "code_sent",
            Self::Verified => "verified",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Abandoned => "abandoned",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// For whom a check is made, or a consent is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckedFor {
    /// For a recipient, in the ceremony.
    Recipient(RecipientId),
    /// For an account's own person.
    Account(AccountId),
}

impl CheckedFor {
    pub(crate) fn recipient(self) -> Option<String> {
        match self {
            Self::Recipient(id) => Some(id.to_string()),
            Self::Account(_) => None,
        }
    }

    pub(crate) fn account(self) -> Option<String> {
        match self {
            Self::Recipient(_) => None,
            Self::Account(id) => Some(id.to_string()),
        }
    }

    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        match row.opt_parsed("account_id")? {
            Some(account) => Ok(Self::Account(account)),
            None => Ok(Self::Recipient(row.parsed("recipient_id")?)),
        }
    }
}

impl std::fmt::Display for CheckedFor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Recipient(id) => id.fmt(f),
            Self::Account(id) => id.fmt(f),
        }
    }
}

/// What an authority answered, as evidence keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The authority's transaction number.
    pub transaction: String,
    /// What was compared and agreed.
    pub factors: Vec<String>,
    /// Likeness in percent, where a face was compared and the authority told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
    /// SHA-256 of the answer, hexadecimal.
    pub answer_sha256: String,
    /// When it was answered.
    pub at: Timestamp,
}

/// One run of a person's verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityVerification {
    /// The id, which is our order number.
    pub id: VerificationId,
    /// In whose ceremony, or account.
    pub checked_for: CheckedFor,
    /// Who it turned out to be.
    pub person_id: Option<PersonId>,
    /// How far it has come.
    pub state: VerificationState,
    /// Who was asked.
    pub provider: String,
    /// How, in the provider interface's word.
    pub method: String,
    /// Name as given; masked once the run is erased.
    pub name: Name,
    /// ID document, until the run is erased.
    pub document: Option<IdDocument>,
    /// Phone, where one was given, until the run is erased.
    pub phone: Option<Phone>,
    /// Bank card, where one was given, until the answer came.
    pub bank_card: Option<BankCard>,
    /// The code that was sent, as the service writes it (JSON); empty where none was.
    pub code: String,
    /// What was answered.
    pub proof: Proof,
    /// The answer itself, until the run is erased.
    pub answer: String,
    /// Our order as the provider knows it.
    pub order_number: String,
    /// The provider's transaction, once it is known: no two runs have the same.
    pub transaction: Option<String>,
    /// Where the person goes on, as the service writes it (JSON).
    pub pending: Option<String>,
    /// Until when.
    pub pending_until: Option<Timestamp>,
    /// How sure it is, once verified.
    pub assurance: Option<Assurance>,
    /// Why the authority said no.
    pub refused: Option<String>,
    /// Salt of the commitments in the log, hexadecimal; without it they name nobody.
    pub salt: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
    /// From when it counts no more.
    pub expires_at: Option<Timestamp>,
    /// When the personal data were erased.
    pub erased_at: Option<Timestamp>,
    /// Why it stopped counting before its time, where it did.
    pub ended: Option<String>,
}

impl IdentityVerification {
    /// Erases what names the person: numbers, the answer, the salt. What was answered, by whom, when and with which
    /// digest stays.
    pub fn erase(&mut self, now: Timestamp) {
        if self.erased_at.is_some() {
            return;
        }
        if let Ok(masked) = Name::parse(&mask::name(self.name.as_str())) {
            self.name = masked;
        }
        self.document = None;
        self.phone = None;
        self.bank_card = None;
        self.answer.clear();
        self.pending = None;
        self.salt = None;
        self.erased_at = Some(now);
    }
}

impl Reader {
    /// A verification.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn identity_verification(
        &mut self,
        id: VerificationId,
    ) -> Result<Option<IdentityVerification>, Error> {
        let row = self.connection.one(select!("WHERE id = $1"), args![id.to_string()]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The verification for which a recipient, or an account, was sent a code last, in whatever browser.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_identity_code(
        &mut self,
        checked_for: CheckedFor,
    ) -> Result<Option<IdentityVerification>, Error> {
        let (sql, id) = match checked_for {
            CheckedFor::Recipient(id) => (
                select!("WHERE recipient_id = $1 AND code <> '' ORDER BY created_at DESC, id DESC LIMIT 1"),
                id.to_string(),
            ),
            CheckedFor::Account(id) => (
                select!("WHERE account_id = $1 AND code <> '' ORDER BY created_at DESC, id DESC LIMIT 1"),
                id.to_string(),
            ),
        };
        let row = self.connection.one(sql, args![id]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The check that an account began last, however it stands.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_identity_of_account(
        &mut self,
        account: AccountId,
    ) -> Result<Option<IdentityVerification>, Error> {
        let sql = select!("WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1");
        let row = self.connection.one(sql, args![account.to_string()]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The checks that a person passed, in whatever ceremony or account, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn identities_of_person(
        &mut self,
        person: PersonId,
    ) -> Result<Vec<IdentityVerification>, Error> {
        let sql = select!("WHERE person_id = $1 AND state = 'verified' ORDER BY verified_at DESC, id DESC");
        let rows = self.connection.all(sql, args![person.to_string()]).await?;
        rows.iter().map(|row| read(row, &self.sealer)).collect()
    }

    /// Whether this provider ever verified anyone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn has_verified(&mut self, provider: &str) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM identity_verifications WHERE provider = $1 AND state = 'verified' LIMIT 1";
        Ok(self.connection.one(sql, args![provider]).await?.is_some())
    }

    /// The verification of a provider's transaction.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn identity_of_transaction(
        &mut self,
        provider: &str,
        transaction: &str,
    ) -> Result<Option<IdentityVerification>, Error> {
        let sql = select!("WHERE provider = $1 AND transaction_number = $2");
        let row = self.connection.one(sql, args![provider, transaction]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The verification of an order, by the number that the provider was given.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn identity_of_order(
        &mut self,
        provider: &str,
        order_number: &str,
    ) -> Result<Option<IdentityVerification>, Error> {
        let sql = select!("WHERE provider = $1 AND order_number = $2 ORDER BY created_at DESC LIMIT 1");
        let row = self.connection.one(sql, args![provider, order_number]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// Verifications that wait for a person whose time has run out, and those whose provider was being asked when the
    /// server stopped, before `asked_before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn overdue_identities(
        &mut self,
        now: Timestamp,
        asked_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<VerificationId>, Error> {
        let sql = "SELECT id FROM identity_verifications WHERE (state = 'pending' AND pending_until <= $1) \
             OR (state = 'asked' AND created_at <= $2) ORDER BY created_at LIMIT $3";
        let rows = self.connection.all(sql, args![now, asked_before, limit]).await?;
        rows.iter().map(|row| row.parsed("id")).collect()
    }
}

impl Tx {
    /// Keeps a verification, new or changed.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the provider's transaction belongs to another run, or to a face that confirmed a will.
    pub async fn put_identity_verification(&mut self, it: &IdentityVerification) -> Result<(), Error> {
        self.require_no_will_face(&it.provider, it.transaction.as_deref()).await?;
        let id = it.id.to_string();
        let sealer = &self.sealer;
        let seal = |column: &'static str, text: &str| match text {
            "" => String::new(),
            text => sealer.seal((TABLE, column), &id, text),
        };
        let number = it.document.as_ref().map_or("", IdDocument::reveal);
        let kind = it.document.as_ref().map_or(IdKind::ResidentId, IdDocument::kind);
        let index = it.document.as_ref().map_or_else(String::new, |document| index(sealer, document));
        let phone = it.phone.as_ref().map_or("", Phone::reveal);
        let card = it.bank_card.as_ref().map(|card| seal("card_sealed", card.reveal()));
        let pending = it.pending.as_ref().map(|pending| seal("pending_sealed", pending));
        let salt = it.salt.as_ref().map(|salt| seal("salt_sealed", salt));
        let args = args![
            id.as_str(),
            it.checked_for.recipient(),
            it.checked_for.account(),
            it.person_id.map(|person| person.to_string()),
            it.state.as_str(),
            it.provider.as_str(),
            it.method.as_str(),
            it.name.as_str(),
            kind.as_str(),
            seal("number_sealed", number),
            index,
            seal("phone_sealed", phone),
            card,
            it.code.as_str(),
            json(&it.proof),
            seal("answer_sealed", &it.answer),
            it.order_number.as_str(),
            it.transaction.clone(),
            pending,
            it.pending_until,
            it.assurance.map(|assurance| assurance.as_str().to_owned()),
            it.refused.clone(),
            salt,
            it.created_at,
            it.verified_at,
            it.expires_at,
            it.erased_at,
            it.ended.clone(),
        ];
        self.connection
            .execute(
                "INSERT INTO identity_verifications (id, recipient_id, account_id, person_id, state, provider, method, name, \
                 document_kind, number_sealed, number_index, phone_sealed, card_sealed, code, proof, answer_sealed, \
                 order_number, transaction_number, pending_sealed, pending_until, assurance, refused, salt_sealed, \
                 created_at, verified_at, expires_at, erased_at, ended) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
                 $21, $22, $23, $24, $25, $26, $27, $28) \
                 ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, state = excluded.state, \
                 name = excluded.name, number_sealed = excluded.number_sealed, number_index = excluded.number_index, \
                 phone_sealed = excluded.phone_sealed, card_sealed = excluded.card_sealed, code = excluded.code, \
                 proof = excluded.proof, answer_sealed = excluded.answer_sealed, \
                 transaction_number = excluded.transaction_number, pending_sealed = excluded.pending_sealed, \
                 pending_until = excluded.pending_until, assurance = excluded.assurance, refused = excluded.refused, \
                 salt_sealed = excluded.salt_sealed, verified_at = excluded.verified_at, \
                 expires_at = excluded.expires_at, erased_at = excluded.erased_at, ended = excluded.ended",
                args,
            )
            .await?;
        if it.erased_at.is_some() {
            self.erase_will_faces(it.id).await?;
        }
        match &it.transaction {
            Some(transaction) if it.erased_at.is_some() => self.mask_sandbox_face(transaction).await,
            _ => Ok(()),
        }
    }
}

/// By what a document is found. Numbers of different kinds may be alike.
pub(crate) fn index(sealer: &Sealer, document: &IdDocument) -> String {
    sealer.index("resident-id", &indexed(document))
}

/// The same under every master key that is known.
pub(crate) fn indexes(sealer: &Sealer, document: &IdDocument) -> Vec<String> {
    sealer.indexes("resident-id", &indexed(document))
}

fn indexed(document: &IdDocument) -> String {
    if document.is_gb_11643() {
        return document.reveal().to_owned();
    }
    format!("{}:{}", document.kind(), document.reveal())
}

/// A document that was read before it was kept.
pub(crate) fn document(kind: IdKind, number: &str, at: Timestamp) -> Result<IdDocument, Error> {
    let read = match kind {
        // Residence permits were kept as cards before their kind was.
        IdKind::ResidentId => ResidentId::parse(number, at).map(IdDocument::from),
        kind => IdDocument::parse(kind, number, at),
    };
    read.map_err(|_| Error::Corrupt { column: "number_sealed" })
}

fn read(row: &Row, sealer: &Sealer) -> Result<IdentityVerification, Error> {
    let id = row.text("id")?;
    let created_at = row.time("created_at")?;
    let open = |column: &'static str| match row.opt_text(column)? {
        None => Ok(None),
        Some(sealed) if sealed.is_empty() => Ok(None),
        Some(sealed) => sealer.open((TABLE, column), &id, &sealed).map(Some),
    };
    let kind: IdKind = row.parsed("document_kind")?;
    let number = open("number_sealed")?.map(|number| document(kind, &number, created_at)).transpose()?;
    let phone = open("phone_sealed")?.map(|phone| Phone::parse(&phone)).transpose();
    let bank_card = open("card_sealed")?.map(|card| BankCard::parse(&card)).transpose();
    Ok(IdentityVerification {
        id: row.parsed("id")?,
        checked_for: CheckedFor::read(row)?,
        person_id: row.opt_parsed("person_id")?,
        state: row.read("state", VerificationState::parse)?,
        provider: row.text("provider")?,
        method: row.text("method")?,
        name: row.read("name", |text| Name::parse(text).ok())?,
        document: number,
        phone: phone.map_err(|_| Error::Corrupt { column: "phone_sealed" })?,
        bank_card: bank_card.map_err(|_| Error::Corrupt { column: "card_sealed" })?,
        code: row.text("code")?,
        proof: row.json("proof")?,
        answer: open("answer_sealed")?.unwrap_or_default(),
        order_number: row.opt_text("order_number")?.unwrap_or_default(),
        transaction: row.opt_text("transaction_number")?,
        pending: open("pending_sealed")?,
        pending_until: row.opt_time("pending_until")?,
        assurance: row.opt_text("assurance")?.and_then(|word| Assurance::parse(&word)),
        refused: row.opt_text("refused")?,
        salt: open("salt_sealed")?,
        created_at,
        verified_at: row.opt_time("verified_at")?,
        expires_at: row.opt_time("expires_at")?,
        erased_at: row.opt_time("erased_at")?,
        ended: row.opt_text("ended")?,
    })
}

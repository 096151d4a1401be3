//! Checks that administrators make by hand: the queue, who has a check in hand, its decision, and the pictures.

use domain::review::{Kind as ReviewKind, Part};
use domain::{AccountId, RecipientId, ReviewId, ReviewImageId, VerificationId};
use jiff::Timestamp;

use crate::blob::BlobId;
use crate::db::{Row, args};
use crate::error::Error;
use crate::identity::CheckedFor;
use crate::sealer::Sealer;
use crate::{Page, Reader, Tx};

const TABLE: &str = "reviews";
const IMAGES: &str = "review_images";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, verification_id, recipient_id, account_id, state, created_at, until, submitted_at, rounds, \
             claimed_by, claimed_until, decided_by, decided_at, reason, note_sealed FROM reviews ",
            $rest
        )
    };
}

macro_rules! images {
    ($rest:literal) => {
        concat!(
            "SELECT id, review_id, part, state, blob, media, width, height, size, sha256, created_at, erased_at \
             FROM review_images ",
            $rest
        )
    };
}

/// How far a check has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewState {
    /// Pictures are being brought.
    Collecting,
    /// It waits for an administrator.
    Waiting,
    /// An administrator said yes.
    Approved,
    /// An administrator said no.
    Refused,
    /// It was given up.
    Withdrawn,
    /// Its time ran out.
    Expired,
}

impl ReviewState {
    const ALL: [Self; 6] =
        [Self::Collecting, Self::Waiting, Self::Approved, Self::Refused, Self::Withdrawn, Self::Expired];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collecting => "collecting",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    /// Whether it is not over.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Collecting | Self::Waiting)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Who has a check in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewClaim {
    /// The administrator.
    pub by: AccountId,
    /// From when another may take it.
    pub until: Timestamp,
}

/// What an administrator said last: yes, no, or that other pictures are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The administrator.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// The reason's word, where it is no yes.
    pub reason: Option<String>,
    /// What was added in words, until the pictures are erased.
    pub note: Option<String>,
}

/// A check by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The id.
    pub id: ReviewId,
    /// What is decided.
    pub kind: ReviewKind,
    /// Which verification.
    pub verification_id: VerificationId,
    /// In whose ceremony, or account.
    pub checked_for: CheckedFor,
    /// How far it has come.
    pub state: ReviewState,
    /// When it began.
    pub created_at: Timestamp,
    /// Until when it is decided.
    pub until: Timestamp,
    /// Since when it waits.
    pub submitted_at: Option<Timestamp>,
    /// How often it was sent in.
    pub rounds: u32,
    /// Who has it in hand.
    pub claim: Option<ReviewClaim>,
    /// What was said of it last.
    pub outcome: Option<Outcome>,
}

impl Review {
    /// The recipient in whose ceremony it is made; none where it is an account's.
    #[must_use]
    pub fn recipient(&self) -> Option<RecipientId> {
        match self.checked_for {
            CheckedFor::Recipient(id) => Some(id),
            CheckedFor::Account(_) => None,
        }
    }
}

/// Where a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageState {
    /// Named, and perhaps not yet on the disk.
    Writing,
    /// On the disk.
    Kept,
    /// Perhaps still on the disk; nobody is shown it any more.
    Erasing,
    /// Gone.
    Erased,
}

impl ImageState {
    const ALL: [Self; 4] = [Self::Writing, Self::Kept, Self::Erasing, Self::Erased];

    fn as_str(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Kept => "kept",
            Self::Erasing => "erasing",
            Self::Erased => "erased",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A picture. Its bytes are a blob, sealed once more for this row ([`Reader::open_image`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewImage {
    /// The id.
    pub id: ReviewImageId,
    /// Of which check.
    pub review_id: ReviewId,
    /// What it shows.
    pub part: Part,
    /// Where it is.
    pub state: ImageState,
    /// The sealed bytes.
    pub blob: BlobId,
    /// Media type.
    pub media: String,
    /// In pixels; nought for a PDF.
    pub width: u32,
    /// In pixels, or the pages of a PDF.
    pub height: u32,
    /// In bytes, before it was sealed.
    pub size: u64,
    /// SHA-256 of the bytes as they are shown.
    pub sha256: [u8; 32],
    /// When it was brought.
    pub created_at: Timestamp,
    /// When it was erased.
    pub erased_at: Option<Timestamp>,
}

impl Reader {
    /// A check.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn review(&mut self, id: ReviewId) -> Result<Option<Review>, Error> {
        let row = self.connection.one(select!("WHERE id = $1"), args![id.to_string()]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The open check of a verification, else the newest.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn review_of(&mut self, verification: VerificationId) -> Result<Option<Review>, Error> {
        let sql = select!("WHERE verification_id = $1 ORDER BY CASE WHEN state IN ('collecting', 'waiting') THEN 0 ELSE 1 END,
            created_at DESC, id DESC LIMIT 1");
        let row = self.connection.one(sql, args![verification.to_string()]).await?;
        row.map(|row| read(&row, &self.sealer)).transpose()
    }

    /// The queue: what waits, the longest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn waiting_reviews(&mut self, most: u32) -> Result<Vec<Review>, Error> {
        let sql = select!("WHERE state = 'waiting' ORDER BY submitted_at, id LIMIT $1");
        let rows = self.connection.all(sql, args![most]).await?;
        rows.iter().map(|row| read(row, &self.sealer)).collect()
    }

    /// What was decided, the newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn decided_reviews(&mut self, most: u32) -> Result<Vec<Review>, Error> {
        let sql = select!(
            "WHERE state IN ('approved', 'refused') AND decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT $1"
        );
        let rows = self.connection.all(sql, args![most]).await?;
        rows.iter().map(|row| read(row, &self.sealer)).collect()
    }

    /// Open checks whose time has run out, or whose envelope takes no signatures any more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn overdue_reviews(&mut self, now: Timestamp, page: Page) -> Result<Vec<Review>, Error> {
        let sql = select!(
            "WHERE state IN ('collecting', 'waiting') AND (until <= $1 OR recipient_id IN (
                SELECT r.id FROM recipients r JOIN envelopes e ON e.id = r.envelope_id WHERE e.status <> 'sent'))
            ORDER BY until, id LIMIT $2 OFFSET $3"
        );
        let rows = self.connection.all(sql, args![now, page.limit, page.offset]).await?;
        rows.iter().map(|row| read(row, &self.sealer)).collect()
    }

    /// Approved checks, decided before `decided_before`, of which there are pictures still.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn reviews_to_erase(
        &mut self,
        decided_before: Timestamp,
        page: Page,
    ) -> Result<Vec<ReviewId>, Error> {
        let sql = "SELECT id FROM reviews r WHERE state = 'approved' AND decided_at <= $1
            AND EXISTS (SELECT 1 FROM review_images i WHERE i.review_id = r.id AND i.state = 'kept')
            ORDER BY decided_at, id LIMIT $2 OFFSET $3";
        let rows = self.connection.all(sql, args![decided_before, page.limit, page.offset]).await?;
        rows.iter().map(|row| row.parsed("id")).collect()
    }

    /// The pictures of a check that are there, in the order of their parts.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn review_images(&mut self, review: ReviewId) -> Result<Vec<ReviewImage>, Error> {
        let sql = images!("WHERE review_id = $1 AND state = 'kept' ORDER BY part");
        let rows = self.connection.all(sql, args![review.to_string()]).await?;
        let mut found = rows.iter().map(image).collect::<Result<Vec<_>, _>>()?;
        found.sort_by_key(|image| image.part);
        Ok(found)
    }

    /// A picture of a check.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn review_image(
        &mut self,
        review: ReviewId,
        id: ReviewImageId,
    ) -> Result<Option<ReviewImage>, Error> {
        let sql = images!("WHERE review_id = $1 AND id = $2");
        let row = self.connection.one(sql, args![review.to_string(), id.to_string()]).await?;
        row.as_ref().map(image).transpose()
    }

    /// Pictures whose bytes have to go: those that are to be erased, and those that a crash left half written before
    /// `begun_before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn images_to_erase(
        &mut self,
        begun_before: Timestamp,
        most: u32,
    ) -> Result<Vec<ReviewImage>, Error> {
        let sql = images!(
            "WHERE state = 'erasing' OR (state = 'writing' AND created_at <= $1) ORDER BY created_at LIMIT $2"
        );
        let rows = self.connection.all(sql, args![begun_before, most]).await?;
        rows.iter().map(image).collect()
    }

    /// A picture's bytes, sealed for its row.
    #[must_use]
    pub fn seal_image(&self, id: ReviewImageId, bytes: &[u8]) -> Vec<u8> {
        self.sealer.seal_bytes((IMAGES, "blob"), &id.to_string(), bytes)
    }

    /// A picture's bytes again.
    ///
    /// # Errors
    /// [`Error::Sealed`] where they are another row's.
    pub fn open_image(&self, id: ReviewImageId, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        self.sealer.open_bytes((IMAGES, "blob"), &id.to_string(), sealed)
    }
}

impl Tx {
    /// Records a new check.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the verification has an open one.
    pub async fn insert_review(&mut self, it: &Review) -> Result<(), Error> {
        let sql =
            "INSERT INTO reviews (id, kind, verification_id, recipient_id, account_id, state, created_at, until, rounds)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let args = args![
            it.id.to_string(),
            it.kind.as_str(),
            it.verification_id.to_string(),
            it.checked_for.recipient(),
            it.checked_for.account(),
            it.state.as_str(),
            it.created_at,
            it.until,
            it.rounds
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Changes a check that is in state `from`; whether it was.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn change_review(&mut self, it: &Review, from: ReviewState) -> Result<bool, Error> {
        let id = it.id.to_string();
        let outcome = it.outcome.as_ref();
        let note = outcome.and_then(|outcome| outcome.note.as_deref());
        let note = note.map(|note| self.sealer.seal((TABLE, "note_sealed"), &id, note));
        let sql =
            "UPDATE reviews SET state = $3, until = $4, submitted_at = $5, rounds = $6, claimed_by = $7,
                claimed_until = $8, decided_by = $9, decided_at = $10, reason = $11, note_sealed = $12
            WHERE id = $1 AND state = $2";
        let args = args![
            id,
            from.as_str(),
            it.state.as_str(),
            it.until,
            it.submitted_at,
            it.rounds,
            it.claim.map(|claim| claim.by.to_string()),
            it.claim.map(|claim| claim.until),
            outcome.map(|outcome| outcome.by.to_string()),
            outcome.map(|outcome| outcome.at),
            outcome.and_then(|outcome| outcome.reason.clone()),
            note
        ];
        Ok(self.connection.execute(sql, args).await? == 1)
    }

    /// Names a picture before its bytes are written.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_review_image(&mut self, it: &ReviewImage) -> Result<(), Error> {
        let sql =
            "INSERT INTO review_images (id, review_id, part, state, blob, media, width, height, size, sha256,
                created_at, erased_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let args = args![
            it.id.to_string(),
            it.review_id.to_string(),
            it.part.as_str(),
            it.state.as_str(),
            it.blob.0,
            it.media.as_str(),
            it.width,
            it.height,
            it.size,
            it.sha256,
            it.created_at,
            it.erased_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Its bytes are written: it takes the place of the picture of the same part, which is to be erased.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keep_review_image(&mut self, it: &ReviewImage) -> Result<(), Error> {
        let sql = "UPDATE review_images SET state = 'erasing' WHERE review_id = $1 AND part = $2 AND state = 'kept'";
        self.connection.execute(sql, args![it.review_id.to_string(), it.part.as_str()]).await?;
        let sql = "UPDATE review_images SET state = 'kept' WHERE id = $1 AND state = 'writing'";
        self.connection.execute(sql, args![it.id.to_string()]).await.map(drop)
    }

    /// The pictures of a check are to be erased: nobody is shown them from here on. How many there were. One that is being
    /// written is erased once it is certain that nobody writes it any more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn give_up_review_images(&mut self, review: ReviewId) -> Result<u64, Error> {
        let sql = "UPDATE review_images SET state = 'erasing' WHERE review_id = $1 AND state = 'kept'";
        self.connection.execute(sql, args![review.to_string()]).await
    }

    /// A picture's bytes are gone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn erased_review_image(&mut self, id: ReviewImageId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE review_images SET state = 'erased', erased_at = $2 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), now]).await.map(drop)
    }

    /// Removes what was noted in words of checks that were decided before `decided_before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn erase_review_notes(&mut self, decided_before: Timestamp) -> Result<u64, Error> {
        let sql = "UPDATE reviews SET note_sealed = NULL
            WHERE note_sealed IS NOT NULL AND decided_at <= $1 AND state NOT IN ('collecting', 'waiting')";
        self.connection.execute(sql, args![decided_before]).await
    }
}

fn read(row: &Row, sealer: &Sealer) -> Result<Review, Error> {
    let id = row.text("id")?;
    let claim = match (row.opt_parsed("claimed_by")?, row.opt_time("claimed_until")?) {
        (Some(by), Some(until)) => Some(ReviewClaim { by, until }),
        _ => None,
    };
    let note = row.opt_text("note_sealed")?;
    let note = note.map(|note| sealer.open((TABLE, "note_sealed"), &id, &note)).transpose()?;
    let outcome = match (row.opt_parsed("decided_by")?, row.opt_time("decided_at")?) {
        (Some(by), Some(at)) => Some(Outcome { by, at, reason: row.opt_text("reason")?, note }),
        _ => None,
    };
    Ok(Review {
        id: row.parsed("id")?,
        kind: row.read("kind", ReviewKind::parse)?,
        verification_id: row.parsed("verification_id")?,
        checked_for: CheckedFor::read(row)?,
        state: row.read("state", ReviewState::parse)?,
        created_at: row.time("created_at")?,
        until: row.time("until")?,
        submitted_at: row.opt_time("submitted_at")?,
        rounds: row.number("rounds")?,
        claim,
        outcome,
    })
}

fn image(row: &Row) -> Result<ReviewImage, Error> {
    Ok(ReviewImage {
        id: row.parsed("id")?,
        review_id: row.parsed("review_id")?,
        part: row.read("part", Part::parse)?,
        state: row.read("state", ImageState::parse)?,
        blob: BlobId(row.hash("blob")?),
        media: row.text("media")?,
        width: row.number("width")?,
        height: row.number("height")?,
        size: row.number("size")?,
        sha256: row.hash("sha256")?,
        created_at: row.time("created_at")?,
        erased_at: row.opt_time("erased_at")?,
    })
}

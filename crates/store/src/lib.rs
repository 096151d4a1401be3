//! SQL, blobs and queue.
//!
//! SQL lives here alone, one portable text a query. [`Store::begin`] opens the one write transaction of a use case; it
//! holds the use case's rows, events and jobs, and whatever is not committed never was. [`Store::read`] opens a
//! consistent view for reading. Only the private module `db` names the driver.
//!
//! Sensitive columns are sealed under the server key and found through keyed hashes ([`Sealer`]).

mod account;
mod account_person;
mod activation;
mod agent;
mod attempt;
mod authorization;
mod blob;
mod ceremony;
mod certificate;
mod console;
mod data_consent;
mod db;
mod directory;
mod document;
mod envelope;
mod error;
mod event;
mod external;
mod field;
mod identity;
mod impression;
mod job;
mod key;
mod master_key;
mod migrate;
mod organization;
mod organization_key;
mod outbox;
mod passkey;
mod person;
mod policy;
mod recipient;
mod report;
mod retention;
mod review;
mod revocation;
mod sandbox;
mod sealer;
mod signing_session;
mod subject;
mod transfer_order;
mod will;

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;

pub use account::{AccountToken, Session, SignUp};
pub use account_person::AccountPerson;
pub use activation::{ActivationState, StoredActivation};
pub use attempt::Attempt;
pub use authorization::{Authorization, AuthorizationState};
pub use blob::{BlobId, Blobs, FileBlobs};
pub use ceremony::{Ceremony, Consent, SignatureResult};
pub use certificate::{AuthorityKey, CertificateState, Intent, Revocation, StoredCertificate};
pub use console::{CertificateCount, CertificateFilter, Decision, OwnerOf, StatusRequest};
pub use data_consent::{ConsentDecision, DataConsent, Purpose};
pub use directory::{
    Administered, Directory, ShownDirectory, StaffLogin, StaffProof, StaffStatement, StaffSubject,
};
pub use envelope::{Counts, EnvelopeFilter, Summary};
pub use error::Error;
pub use event::Append;
pub use external::{ExternalRevocation, PendingCertificate};
pub use identity::{CheckedFor, IdentityVerification, Proof, VerificationState};
pub use impression::StoredImpression;
pub use job::{Job, NewJob};
pub use key::SigningKey;
pub use master_key::{MasterKey, MasterKeyState, SealedColumn};
pub use organization::{Organization, OrganizationVerification, StoredPayment};
pub use organization_key::BoundKey;
pub use outbox::{Channel, Content, Message};
pub use passkey::{PasskeyChallenge, StoredPasskey};
pub use person::Person;
pub use policy::{PolicyOwner, StoredPolicy};
pub use report::StoredReport;
pub use retention::{Overdue, Page};
pub use review::{ImageState, Outcome, Review, ReviewClaim, ReviewImage, ReviewState};
pub use revocation::{OcspAnswer, StoredCrl};
pub use sandbox::{Face, Statement, StoredFace, Transfer};
pub use sealer::{Refresh, Sealer};
pub use signing_session::SigningSession;
pub use subject::Standing;
pub use transfer_order::{TransferDetail, TransferOrder, TransferState};
pub use will::{FaceState, FacesOf, WillFace};

use domain::Rng;
use keys::ServerKey;

/// The database.
#[derive(Clone)]
pub struct Store {
    db: Arc<db::Db>,
    sealer: Arc<Sealer>,
}

impl Store {
    /// Opens the SQLite database at `path`, makes it where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// Where the file cannot be opened, or was written by a newer version.
    pub async fn open(path: &Path, key: Arc<ServerKey>, rng: Arc<dyn Rng>) -> Result<Self, Error> {
        Self::open_refreshing(path, key, rng, None).await
    }

    /// The same, where master keys that another process makes are read by `refresh`.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_refreshing(
        path: &Path,
        key: Arc<ServerKey>,
        rng: Arc<dyn Rng>,
        refresh: Option<Refresh>,
    ) -> Result<Self, Error> {
        let db = db::Db::open(path).await?;
        migrate::run(&db).await?;
        Ok(Self { db: Arc::new(db), sealer: Arc::new(Sealer::new(key, rng, refresh)) })
    }

    /// Begins the write transaction of a use case. There is one at a time; others wait.
    ///
    /// # Errors
    /// Where no connection can be had.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let mut connection = self.db.write().await?;
        // Whoever writes seals under the key that the database names, also where another process has just made it.
        let sql = "SELECT id FROM server_keys WHERE state = 'current'";
        let row = connection.one(sql, &[]).await?;
        if let Some(id) = master_key::current(row.as_ref())? {
            self.sealer.follow(&id);
        }
        Ok(Tx { reader: Reader { connection, sealer: Arc::clone(&self.sealer) } })
    }

    /// Opens a consistent view for reading.
    ///
    /// # Errors
    /// Where no connection can be had.
    pub async fn read(&self) -> Result<Reader, Error> {
        Ok(Reader { connection: self.db.read().await?, sealer: Arc::clone(&self.sealer) })
    }

    /// Finishes what is under way and closes the database.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// A consistent view of the database. The modules of this crate add the queries.
pub struct Reader {
    connection: db::Connection,
    sealer: Arc<Sealer>,
}

/// A write transaction: all or nothing. Dropped without [`Tx::commit`], nothing of it happened.
pub struct Tx {
    reader: Reader,
}

impl Tx {
    /// Makes everything that was written durable, at once.
    ///
    /// # Errors
    /// Where the database cannot.
    pub async fn commit(self) -> Result<(), Error> {
        self.reader.connection.commit().await
    }
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

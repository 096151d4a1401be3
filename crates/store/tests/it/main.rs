//! The store over a real database and a real folder.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

mod blobs;
mod certificates;
mod database;
mod events;
mod jobs;
mod reviews;
mod secrecy;

use std::path::Path;
use std::sync::Arc;

use domain::account::Account;
use domain::envelope::{Envelope, EnvelopeStatus, Order};
use domain::recipient::{Recipient, RecipientKind, RecipientStatus};
use domain::{AccountId, Email, EnvelopeId, Locale, Name, Phone, RecipientId};
use jiff::Timestamp;
use keys::ServerKey;
use testkit::{FixedClock, SeededRng};
use vermilion_store::Store;

/// A store in a folder of its own, with a clock that stands still.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) clock: FixedClock,
    pub(crate) rng: Arc<SeededRng>,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rng = Arc::new(SeededRng::new(1));
        let store = open(folder.path(), rng.clone()).await;
        Self { folder, store, clock: FixedClock::parse("2026-11-23T04:00:00Z"), rng }
    }

    pub(crate) fn now(&self) -> Timestamp {
        domain::Clock::now(&self.clock)
    }

    pub(crate) fn account(&self, email: &str) -> Account {
        Account {
            id: AccountId::new(&self.clock, &*self.rng),
            email: Email::parse(email).unwrap(),
            name: Name::parse("Ada Lovelace").unwrap(),
            locale: Locale::ZhCn,
            created_at: self.now(),
            verified_at: None,
        }
    }

    pub(crate) fn envelope(&self, account: AccountId, title: &str) -> Envelope {
        Envelope {
            id: EnvelopeId::new(&self.clock, &*self.rng),
            account_id: account,
            title: title.to_owned(),
            message: String::new(),
            status: EnvelopeStatus::Draft,
            order: Order::Sequential,
            locale: Locale::En,
            expires_in_days: 30,
            policy: domain::policy::PolicyRef::new(None, "standard"),
            policy_digest: None,
            created_at: self.now(),
            updated_at: self.now(),
            sent_at: None,
            completed_at: None,
            expires_at: None,
            decline: None,
            void_reason: None,
        }
    }

    pub(crate) fn recipient(&self, envelope: EnvelopeId, phone: &str) -> Recipient {
        Recipient {
            id: RecipientId::new(&self.clock, &*self.rng),
            envelope_id: envelope,
            kind: RecipientKind::Person,
            name: Name::parse("陈小明").unwrap(),
            email: None,
            phone: Some(Phone::parse(phone).unwrap()),
            organization: None,
            locale: Locale::ZhCn,
            order: 1,
            policy: None,
            policy_digest: None,
            status: RecipientStatus::Waiting,
            invited_at: None,
            opened_at: None,
            identified_at: None,
            signed_at: None,
            verified: None,
            certificate: None,
            link: None,
        }
    }
}

pub(crate) fn server_key() -> Arc<ServerKey> {
    Arc::new(ServerKey::from_bytes([7; 32]))
}

pub(crate) async fn open(folder: &Path, rng: Arc<SeededRng>) -> Store {
    Store::open(&folder.join("vermilion.db"), server_key(), rng).await.unwrap()
}

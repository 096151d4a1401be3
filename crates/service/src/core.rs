//! The service: everything that use cases stand on, opened once.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Clock, Rng};
use jiff::Timestamp;
use keys::pkcs11::TokenKeyStore;
use keys::{
    Activation, Factor, KeyError, KeyStore, Protection, SealedKeyStore, ServerKey, StoredKey, Unlocked,
};
use online::RelyingParty;
use store::{Blobs, FileBlobs, Store};
use tokio::sync::Notify;

use crate::authority::{
    self, AuthoritySources, CertificateAuthority, EmbeddedAuthority, ExternalAuthority, TimeStampAuthority,
};
use crate::config::{Config, Limits, OutboxUse, SandboxUse, Trust};
use crate::directory;
use crate::edge::{SystemClock, SystemRng};
use crate::error::{Error, StartError};
use crate::identity::Providers;
use crate::limiter::Limiter;
use crate::master_keys;
use crate::notify::{MailNotifier, NoNotifier, Notifier, OutboxNotifier};
use crate::view;

/// What every part of the service is given: configuration, storage, secrets, time and randomness.
#[derive(Clone)]
pub struct Foundation {
    /// The configuration.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// The documents.
    pub blobs: Arc<dyn Blobs>,
    /// The master secret.
    pub server_key: Arc<ServerKey>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    foundation: Foundation,
    authority: EmbeddedAuthority,
    certificates: Arc<dyn CertificateAuthority>,
    time_stamps: Arc<dyn TimeStampAuthority>,
    providers: Providers,
    key_store: Arc<dyn KeyStore>,
    token: Option<Arc<TokenKeyStore>>,
    notifier: Arc<dyn Notifier>,
    limiter: Limiter,
    relying_party: RelyingParty,
    jobs_waiting: Notify,
}

impl Service {
    /// Opens the service on its data folder, which is made where it is missing.
    ///
    /// # Errors
    /// [`StartError`] says what is wrong.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        Self::open_with(config, Arc::new(SystemClock), Arc::new(SystemRng)).await
    }

    /// Opens the service on the data folder of a server that may be running: for commands of an operator. Uploads that are
    /// under way there stay, and where no address of the authority is given, the one in its CAs' certificates goes on.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub async fn open_beside(config: Config) -> Result<Self, StartError> {
        let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng));
        Self::open_in(config, clock, rng, true, Providers::sandbox, |embedded| Arc::new(embedded.clone()))
            .await
    }

    /// Opens the service with another clock and other randomness.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub async fn open_with(
        config: Config,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, StartError> {
        Self::open_stamped_by(config, clock, rng, |embedded| Arc::new(embedded.clone())).await
    }

    /// Opens the service with other identity providers.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub async fn open_asking(
        config: Config,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        asking: impl FnOnce(&Foundation) -> Providers,
    ) -> Result<Self, StartError> {
        Self::open_emptied(config, clock, rng, asking, |embedded| Arc::new(embedded.clone())).await
    }

    /// The same with another time-stamp authority; `stamped_by` is given the embedded one.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub async fn open_stamped_by(
        config: Config,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        stamped_by: impl FnOnce(&EmbeddedAuthority) -> Arc<dyn TimeStampAuthority>,
    ) -> Result<Self, StartError> {
        Self::open_emptied(config, clock, rng, Providers::sandbox, stamped_by).await
    }

    async fn open_emptied(
        config: Config,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        asking: impl FnOnce(&Foundation) -> Providers,
        stamped_by: impl FnOnce(&EmbeddedAuthority) -> Arc<dyn TimeStampAuthority>,
    ) -> Result<Self, StartError> {
        let uploads = upload_folder(&config.data_dir);
        let service = Self::open_in(config, clock, rng, false, asking, stamped_by).await?;
        let unusable = |source| StartError::DataDir { path: uploads.display().to_string(), source };
        empty_folder(&uploads).map_err(unusable)?;
        Ok(service)
    }

    async fn open_in(
        mut config: Config,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        beside: bool,
        asking: impl FnOnce(&Foundation) -> Providers,
        stamped_by: impl FnOnce(&EmbeddedAuthority) -> Arc<dyn TimeStampAuthority>,
    ) -> Result<Self, StartError> {
        let data_dir = config.data_dir.clone();
        let unusable = |source| StartError::DataDir { path: data_dir.display().to_string(), source };
        private_folder(&data_dir).map_err(unusable)?;
        let server_key = Arc::new(master_keys::load(&data_dir, &*rng)?);
        let refresh = Some(master_keys::refreshing(&data_dir));
        let database = data_dir.join("vermilion.db");
        let store =
            Store::open_refreshing(&database, Arc::clone(&server_key), Arc::clone(&rng), refresh).await?;
        master_keys::check(&store, &server_key, &data_dir, clock.now()).await?;
        if beside && config.authority_url.is_none() {
            config.authority_url = authority::recorded_url(&store).await?;
        }
        let blobs = FileBlobs::open(&data_dir.join("blobs"), Arc::clone(&server_key), Arc::clone(&rng));
        let foundation = Foundation {
            blobs: Arc::new(blobs.map_err(unusable)?),
            config: Arc::new(config),
            store,
            server_key,
            clock,
            rng,
        };
        let authority = authority::open(&foundation).await?;
        let certificates: Arc<dyn CertificateAuthority> = match &foundation.config.external_authority {
            None => Arc::new(authority.clone()),
            Some(settings) => Arc::new(ExternalAuthority::open(settings, &authority).await?),
        };
        let token = match &foundation.config.token {
            None => None,
            Some(settings) => Some(crate::token::open(settings, &foundation).await?),
        };
        Ok(Self(Arc::new(Inner {
            token,
            providers: asking(&foundation),
            key_store: Arc::new(SealedKeyStore::new(&foundation.server_key, foundation.config.sealing_cost)),
            notifier: notifier(&foundation),
            limiter: Limiter::new(foundation.config.rate_limits),
            relying_party: directory::relying_party(&foundation.config),
            jobs_waiting: Notify::new(),
            time_stamps: stamped_by(&authority),
            certificates,
            authority,
            foundation,
        })))
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.foundation.config
    }

    /// The folder where uploads lie until they are checked; emptied when the service opens.
    #[must_use]
    pub fn upload_folder(&self) -> PathBuf {
        upload_folder(&self.config().data_dir)
    }

    /// The embedded authority.
    #[must_use]
    pub fn authority(&self) -> &EmbeddedAuthority {
        &self.0.authority
    }

    /// Who certifies signers: the embedded authority, or another's that was configured.
    #[must_use]
    pub fn certificates(&self) -> &dyn CertificateAuthority {
        &*self.0.certificates
    }

    /// The authorities as a signature asks them, for a blocking thread.
    pub(crate) fn sources(&self) -> AuthoritySources<'_> {
        AuthoritySources::new(&*self.0.certificates, &*self.0.time_stamps, self.clock(), self.rng())
    }

    /// The identity providers.
    #[must_use]
    pub fn providers(&self) -> &Providers {
        &self.0.providers
    }

    /// The signers' keys.
    #[must_use]
    pub fn key_store(&self) -> &Arc<dyn KeyStore> {
        &self.0.key_store
    }

    /// The hardware module of organizations' keys, where one is configured.
    #[must_use]
    pub fn token(&self) -> Option<&Arc<TokenKeyStore>> {
        self.0.token.as_ref()
    }

    /// Opens a signer's key, wherever it is, for this activation. Blocks.
    pub(crate) fn unlock(
        &self,
        key: &StoredKey,
        factor: &Factor,
        activation: &Activation,
    ) -> Result<Unlocked, KeyError> {
        match (&key.protection, self.token()) {
            (Protection::Pkcs11(_), Some(token)) => token.unlock(key, factor, activation),
            // It comes back with whoever runs the server, not with time.
            (Protection::Pkcs11(_), None) => Err(KeyError::Failed("no token is configured".to_owned())),
            _ => self.key_store().unlock(key, factor, activation),
        }
    }

    /// The rate limits.
    #[must_use]
    pub fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    /// Asks organizations' directories; blocks.
    pub(crate) fn relying_party(&self) -> &RelyingParty {
        &self.0.relying_party
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.foundation.clock.now()
    }

    /// Bounds on what users bring.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.0.foundation.config.limits
    }

    /// Whether test trust is in force: the sandbox and the outbox exist in it alone.
    #[must_use]
    pub fn is_test_trust(&self) -> bool {
        self.0.foundation.config.trust == Trust::Test
    }

    /// Whether messages are kept where somebody may read them.
    #[must_use]
    pub fn has_outbox(&self) -> bool {
        self.is_test_trust() && self.config().outbox != OutboxUse::Closed
    }

    /// Whether the sandbox can be played with.
    #[must_use]
    pub fn has_sandbox(&self) -> bool {
        self.is_test_trust() && self.config().sandbox == SandboxUse::Open
    }

    /// Finishes what is under way and closes the database.
    pub async fn close(&self) {
        self.0.foundation.store.close().await;
    }

    pub(crate) fn foundation(&self) -> &Foundation {
        &self.0.foundation
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.foundation.store
    }

    pub(crate) fn blobs(&self) -> &Arc<dyn Blobs> {
        &self.0.foundation.blobs
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.foundation.clock
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        &*self.0.foundation.rng
    }

    pub(crate) fn server_key(&self) -> &ServerKey {
        &self.0.foundation.server_key
    }

    pub(crate) fn notifier(&self) -> &dyn Notifier {
        &*self.0.notifier
    }

    /// Wakes the job runner: a transaction with jobs was committed.
    pub(crate) fn wake_jobs(&self) {
        self.0.jobs_waiting.notify_one();
    }

    pub(crate) async fn jobs_woken(&self) {
        self.0.jobs_waiting.notified().await;
    }
}

/// What this server is. Whether a caller may read the outbox is for `server` to say, who knows where they are.
#[must_use]
pub fn server(service: &Service) -> view::Server {
    let limits = service.limits();
    view::Server {
        name: "Vermilion".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        trust: service.config().trust,
        external_authority: service.config().external_authority.is_some(),
        sandbox: service.has_sandbox(),
        mail: service.config().mailer.is_some(),
        sms: service.providers().carrier().is_some(),
        outbox: service.has_outbox(),
        public_url: service.config().public_url.clone(),
        limits: view::ServerLimits { upload_bytes: limits.upload_bytes, pages: limits.pages },
        revocation_lists: service.authority().list_names(),
        time: service.now().into(),
    }
}

/// Whether the database answers: what a readiness probe asks.
///
/// # Errors
/// What the database says.
pub async fn ready(service: &Service) -> Result<(), Error> {
    service.store().read().await?.event_head().await?;
    Ok(())
}

/// Who brings messages.
fn notifier(foundation: &Foundation) -> Arc<dyn Notifier> {
    let open = foundation.config.outbox != OutboxUse::Closed;
    let outbox = open.then(|| OutboxNotifier::new(foundation));
    match (&foundation.config.mailer, outbox) {
        (Some(mailer), outbox) => Arc::new(MailNotifier::new(mailer.clone(), foundation, outbox)),
        (None, Some(outbox)) => Arc::new(outbox),
        (None, None) => Arc::new(NoNotifier),
    }
}

/// Where uploads lie until they are checked.
pub(crate) fn upload_folder(data_dir: &Path) -> PathBuf {
    data_dir.join("uploads")
}

/// Takes a data folder for one server alone, for as long as what comes back lives; makes it where there is none.
///
/// # Errors
/// [`StartError::InUse`] while a server runs on it; [`StartError::DataDir`] where it cannot be used.
pub fn take_data_folder(path: &Path) -> Result<File, StartError> {
    let shown = || path.display().to_string();
    let unusable = |source| StartError::DataDir { path: shown(), source };
    private_folder(path).map_err(unusable)?;
    let lock = File::options().create(true).append(true).open(path.join("server.lock")).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse { path: shown() }),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// The folder, for the server's user alone.
fn private_folder(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn empty_folder(path: &Path) -> std::io::Result<()> {
    if path.exists() {
        std::fs::remove_dir_all(path)?;
    }
    private_folder(path)
}

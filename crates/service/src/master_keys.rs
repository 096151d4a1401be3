//! Master keys that follow one another. A new one is made by `vermilion keys rotate`; from then on it seals, and everything
//! that the one before sealed is sealed anew, batch by batch: columns of the database, the root's key, documents. The old one
//! is removed once nothing is sealed under it, and not before.
//!
//! | file | holds |
//! |---|---|
//! | `master.key` | the one that seals |
//! | `master-keys/<id>.key` | one that sealed before, until all of it is sealed anew |
//! | `master-keys/<id>.pepper` | what keys of signers need that were made under a removed one, sealed |
//!
//! Keys of signers are sealed under PIN or passkey *and* master key: nobody but the signer can seal them anew. For them a part
//! of the removed key is kept from which nothing else can be had, sealed under the one that seals, until the last is given up.
//!
//! What a key sealed bears its id. So what is left to do is asked of the data, never remembered, and whoever is killed goes on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Draw, Rng};
use evidence::{Actor, Body};
use jiff::Timestamp;
use keys::field::{self, Place};
use keys::{MasterKeyId, ServerKey};
pub use store::MasterKeyState;
use store::{Append, BlobId, Refresh, Store, Tx};
use zeroize::Zeroizing;

use crate::authority;
use crate::core::Service;
use crate::error::{Error, StartError};

/// The variable that holds the master key where no file should.
const VARIABLE: &str = "VERMILION_MASTER_KEY";
/// The same for those before it, with commas between.
const OLDER_VARIABLE: &str = "VERMILION_MASTER_KEYS_BEFORE";
const BATCH: u32 = 200;
/// How many documents are sealed anew in one step.
const BLOBS: u32 = 20;

/// How far sealing anew has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Everything is sealed under the one key that there is.
    Done,
    /// Values of the database are left.
    Values(u64),
    /// The database is done; documents were looked at.
    Documents(u64),
}

/// A master key as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterKeyEntry {
    /// The id.
    pub id: String,
    /// How it stands.
    pub state: MasterKeyState,
    /// Since when it is known.
    pub created_at: Timestamp,
    /// How many values are not sealed under the one that seals; of the others none.
    pub left: u64,
}

/// Why there is no new master key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RotateError {
    /// The key is not in a file of ours.
    #[error(
        "the master key comes from {VARIABLE}: set that to a new key and {OLDER_VARIABLE} to the present one, and start the server"
    )]
    FromEnvironment,
    /// The one before is still being replaced.
    #[error("the master key {id} is still being replaced: let that end first")]
    UnderWay {
        /// Its id.
        id: String,
    },
    /// A file could not be written.
    #[error("the file of a master key could not be written")]
    Io(#[from] std::io::Error),
    /// The records could not be written.
    #[error("the records could not be written")]
    Store(#[from] store::Error),
}

/// The master keys of an installation, from the environment or the data folder, where one is made on the first start.
pub(crate) fn load(data_dir: &Path, rng: &dyn Rng) -> Result<ServerKey, StartError> {
    let key = current(data_dir, rng)?;
    read_older(data_dir, &key)?;
    Ok(key)
}

/// Reads them anew: another process may have made one.
pub(crate) fn refreshing(data_dir: &Path) -> Refresh {
    let data_dir = data_dir.to_owned();
    Arc::new(move |key| {
        if std::env::var_os(VARIABLE).is_none()
            && let Ok(text) = std::fs::read_to_string(data_dir.join("master.key"))
            && let Ok(bytes) = parse(&Zeroizing::new(text), "master.key")
        {
            key.succeed(*bytes);
        }
        if let Err(error) = read_older(&data_dir, key) {
            tracing::error!(%error, "master keys cannot be read anew");
        }
    })
}

fn current(data_dir: &Path, rng: &dyn Rng) -> Result<ServerKey, StartError> {
    if let Ok(text) = std::env::var(VARIABLE) {
        return Ok(ServerKey::from_bytes(*parse(&Zeroizing::new(text), VARIABLE)?));
    }
    let path = data_dir.join("master.key");
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(ServerKey::from_bytes(*parse(&Zeroizing::new(text), &path.display().to_string())?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut bytes = Zeroizing::new([0; 32]);
            rng.fill(&mut *bytes);
            write_key(&path, &bytes).map_err(|source| unusable(&path, source))?;
            Ok(ServerKey::from_bytes(*bytes))
        }
        Err(error) => Err(unusable(&path, error)),
    }
}

fn read_older(data_dir: &Path, key: &ServerKey) -> Result<(), StartError> {
    if let Ok(text) = std::env::var(OLDER_VARIABLE) {
        let text = Zeroizing::new(text);
        for one in text.split(',').filter(|one| !one.trim().is_empty()) {
            key.add_older(*parse(one, OLDER_VARIABLE)?);
        }
    }
    let folder = folder(data_dir);
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        read => read.map_err(|source| unusable(&folder, source))?,
    };
    let mut peppers = Vec::new();
    for entry in entries {
        let path = entry.map_err(|source| unusable(&folder, source))?.path();
        let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        if ending != "key" && ending != "pepper" {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|source| unusable(&path, source))?;
        let text = Zeroizing::new(text);
        match ending {
            "key" => {
                key.add_older(*parse(&text, &path.display().to_string())?);
            }
            _ => peppers.push((path, text)),
        }
    }
    for (path, text) in peppers {
        let id = path.file_stem().and_then(|it| it.to_str()).and_then(MasterKeyId::parse);
        let sealed = hex::decode(text.trim()).ok();
        let bad = || StartError::MasterKey { place: path.display().to_string() };
        let (id, sealed) = id.zip(sealed).ok_or_else(bad)?;
        let plain = field::open(key, place(&id.to_string()), &sealed).map_err(|_| bad())?;
        key.add_pepper(id, plain.as_slice().try_into().map_err(|_| bad())?);
    }
    Ok(())
}

/// Compares what is here with what the database says it is sealed under.
pub(crate) async fn check(
    store: &Store,
    key: &ServerKey,
    data_dir: &Path,
    now: Timestamp,
) -> Result<(), StartError> {
    let mut tx = store.begin().await?;
    let known = tx.master_keys().await?;
    if known.is_empty() {
        // Data from before, or none: a wrong key must not be noted as the right one.
        tx.authority_keys().await?;
        for id in key.ids() {
            let state = if id == key.id() { MasterKeyState::Current } else { MasterKeyState::Older };
            tx.put_master_key(&id.to_string(), state, now).await?;
        }
        return Ok(tx.commit().await?);
    }
    for it in &known {
        let id = MasterKeyId::parse(&it.id);
        let is_here = id.is_some_and(|id| match it.state {
            MasterKeyState::Pepper => key.has_pepper(id),
            _ => key.ids().contains(&id),
        });
        if !is_here {
            let ending = if it.state == MasterKeyState::Pepper { "pepper" } else { "key" };
            let place = folder(data_dir).join(format!("{}.{ending}", it.id)).display().to_string();
            return Err(StartError::MasterKeyMissing { id: it.id.clone(), place });
        }
    }
    let seals = key.id().to_string();
    let noted = known.iter().find(|it| it.state == MasterKeyState::Current);
    if noted.is_none_or(|it| it.id != seals) {
        succeed(&mut tx, noted.map(|it| it.id.as_str()), &seals, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Makes a new master key, which seals from now on. What was sealed before is sealed anew by [`step`].
///
/// # Errors
/// [`RotateError`].
pub async fn rotate(service: &Service) -> Result<String, RotateError> {
    if std::env::var_os(VARIABLE).is_some() {
        return Err(RotateError::FromEnvironment);
    }
    let now = service.now();
    let (key, data_dir) = (service.server_key(), &service.config().data_dir);
    let known = service.store().read().await?.master_keys().await?;
    if let Some(it) = known.iter().find(|it| it.state == MasterKeyState::Older) {
        return Err(RotateError::UnderWay { id: it.id.clone() });
    }
    // 1. The old key stays, under its id, before the new one takes its place.
    let before = key.id().to_string();
    let (path, kept) = (data_dir.join("master.key"), folder(data_dir));
    std::fs::create_dir_all(&kept)?;
    private(&kept)?;
    let text = Zeroizing::new(std::fs::read_to_string(&path)?);
    authority::write_new(&kept.join(format!("{before}.key")), text.trim().as_bytes())?;
    // 2. The new one, written beside and renamed: never half a key.
    let mut bytes = Zeroizing::new([0; 32]);
    service.rng().fill(&mut *bytes);
    write_key(&path, &bytes)?;
    // 3. From the commit on, whoever writes seals under it: a server beside this process reads it then.
    let id = key.succeed(*bytes).to_string();
    let mut tx = service.store().begin().await?;
    succeed(&mut tx, Some(&before), &id, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Seals some of what is left anew; removes what nothing is sealed under any more.
///
/// # Errors
/// Where something does not open: then every key stays.
pub async fn step(service: &Service) -> Result<Progress, Error> {
    let known = service.store().read().await?.master_keys().await?;
    if !known.iter().any(|it| it.state == MasterKeyState::Older) {
        return Ok(Progress::Done);
    }
    // 1. Columns.
    let columns = service.store().read().await?.sealed_columns().await?;
    for column in &columns {
        let mut tx = service.store().begin().await?;
        let done = tx.reseal(column, BATCH).await?;
        if done > 0 {
            let mut left = 0;
            for column in &columns {
                left += tx.left_to_reseal(column).await?;
            }
            tx.commit().await?;
            return Ok(Progress::Values(left));
        }
    }
    // 2. Files.
    authority::reseal_root(service).map_err(Error::internal)?;
    reseal_peppers(service)?;
    // 3. Documents.
    let (mut after, mut looked, mut anew) = (None, 0, 0);
    loop {
        let batch = service.store().read().await?.named_blobs(after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(*last);
        for id in batch {
            looked += 1;
            anew += u32::from(reseal_blob(service, id).await?);
        }
        if anew >= BLOBS {
            return Ok(Progress::Documents(looked));
        }
    }
    // 4. The old keys, once nothing is left.
    if forget(service).await? { Ok(Progress::Done) } else { Ok(Progress::Documents(looked)) }
}

/// The master keys that are in use.
///
/// # Errors
/// Where the records cannot be read.
pub async fn entries(service: &Service) -> Result<Vec<MasterKeyEntry>, Error> {
    let mut reader = service.store().read().await?;
    let mut left = 0;
    for column in reader.sealed_columns().await? {
        left += reader.left_to_reseal(&column).await?;
    }
    let known = reader.master_keys().await?;
    let entry = |it: store::MasterKey| MasterKeyEntry {
        left: if it.state == MasterKeyState::Older { left } else { 0 },
        id: it.id,
        state: it.state,
        created_at: it.created_at,
    };
    Ok(known.into_iter().map(entry).collect())
}

/// One key follows another, on record.
async fn succeed(tx: &mut Tx, before: Option<&str>, id: &str, now: Timestamp) -> Result<(), store::Error> {
    if let Some(before) = before {
        tx.put_master_key(before, MasterKeyState::Older, now).await?;
    }
    tx.put_master_key(id, MasterKeyState::Current, now).await?;
    let body = Body::new().with("key", id).maybe("before", before);
    tx.append_event(event("master_key.succeeded", body, now)).await?;
    Ok(())
}

/// A document that is not there is a damage that was there before: it is not ours to stop at.
async fn reseal_blob(service: &Service, id: BlobId) -> Result<bool, Error> {
    match service.blobs().reseal(id).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            tracing::warn!("a document that the records name is missing");
            Ok(false)
        }
        done => Ok(done?),
    }
}

/// Removes the older keys where nothing is sealed under them; whether they are gone.
async fn forget(service: &Service) -> Result<bool, Error> {
    let now = service.now();
    let (key, kept) = (service.server_key(), folder(&service.config().data_dir));
    let mut tx = service.store().begin().await?;
    for column in tx.sealed_columns().await? {
        if tx.left_to_reseal(&column).await? > 0 {
            return Ok(false);
        }
    }
    let known = tx.master_keys().await?;
    let since = known.iter().find(|it| it.state == MasterKeyState::Current).map_or(now, |it| it.created_at);
    let needs_pepper = tx.keys_in_use_until(since).await? > 0;
    let older: Vec<&str> =
        known.iter().filter(|it| it.state == MasterKeyState::Older).map(|it| it.id.as_str()).collect();
    for id in &older {
        if needs_pepper {
            write_pepper(service, id)?;
            tx.put_master_key(id, MasterKeyState::Pepper, now).await?;
        } else {
            tx.remove_master_key(id).await?;
        }
        let body = Body::new().with("key", *id).with("pepper_kept", needs_pepper);
        tx.append_event(event("master_key.forgotten", body, now)).await?;
    }
    tx.commit().await?;
    // From here on nothing asks for them; a crash leaves a file that nothing is sealed under.
    for id in older {
        remove(&kept.join(format!("{id}.key")))?;
        if let Some(id) = MasterKeyId::parse(id) {
            key.forget(id);
        }
    }
    Ok(true)
}

fn write_pepper(service: &Service, id: &str) -> Result<(), Error> {
    let missing = || Error::internal("an older master key is here while something is sealed under it");
    let pepper = MasterKeyId::parse(id).and_then(|id| service.server_key().pepper(id)).ok_or_else(missing)?;
    let sealed = field::seal(service.server_key(), place(id), pepper.as_bytes(), &mut Draw(service.rng()));
    let kept = folder(&service.config().data_dir);
    std::fs::create_dir_all(&kept)?;
    Ok(authority::write_new(&kept.join(format!("{id}.pepper")), hex::encode(sealed).as_bytes())?)
}

/// What is kept of keys that are gone is itself sealed.
fn reseal_peppers(service: &Service) -> Result<(), Error> {
    let folder = folder(&service.config().data_dir);
    let mark = field::mark(service.server_key().id());
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        read => read?,
    };
    for entry in entries {
        let path = entry?.path();
        let is_pepper = path.extension().is_some_and(|it| it == "pepper");
        if is_pepper
            && !std::fs::read_to_string(&path)?.starts_with(&mark)
            && let Some(id) = path.file_stem().and_then(|it| it.to_str())
        {
            write_pepper(service, id)?;
        }
    }
    Ok(())
}

fn place(row: &str) -> Place<'_> {
    Place { table: "master-keys", column: "pepper", row }
}

fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("master-keys")
}

fn event(kind: &'static str, body: Body, at: Timestamp) -> Append {
    Append { at, kind, subject: None, actor: Actor::System, body }
}

fn parse(text: &str, place: &str) -> Result<Zeroizing<[u8; 32]>, StartError> {
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), &mut *bytes)
        .map_err(|_| StartError::MasterKey { place: place.to_owned() })?;
    Ok(bytes)
}

fn write_key(path: &Path, bytes: &[u8; 32]) -> std::io::Result<()> {
    authority::write_new(path, Zeroizing::new(hex::encode(bytes)).as_bytes())
}

/// Overwritten first, as far as the file system lets one.
fn remove(path: &Path) -> std::io::Result<()> {
    let length = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        read => usize::try_from(read?.len()).unwrap_or_default(),
    };
    let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
    std::io::Write::write_all(&mut file, &vec![b'0'; length])?;
    file.sync_all()?;
    std::fs::remove_file(path)?;
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

#[cfg(unix)]
fn private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn unusable(path: &Path, source: std::io::Error) -> StartError {
    StartError::DataDir { path: path.display().to_string(), source }
}

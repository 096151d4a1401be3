//! The root's key: in a file of its own, sealed under the server's key, until it is exported and removed.

use std::path::{Path, PathBuf};

use domain::Draw;
use jiff::{SignedDuration, Timestamp};
use keys::field::Place;
use pki::{Certificate, Signer as _, SoftwareSigner};
use zeroize::Zeroizing;

use super::AuthorityError;
use super::crl::{self, Schedule};
use super::hierarchy::Role;
use super::setup::Setup;
use crate::core::Foundation;

const PLACE: Place<'static> = Place { table: "authority", column: "root.key", row: "root" };
/// A list of the root holds for a year and is signed anew after half of it, while the key is here.
const HERE: Schedule =
    Schedule { lifetime: SignedDuration::from_hours(24 * 366), every: HALF_A_YEAR, ahead: 0 };
const HALF_A_YEAR: SignedDuration = SignedDuration::from_hours(24 * 183);
/// Before the key leaves: lists for three years to come.
const LEAVING: Schedule = Schedule { ahead: 6, ..HERE };

/// Whether the root's key is on this machine.
pub(crate) fn is_here(foundation: &Foundation) -> bool {
    path(foundation).exists()
}

/// The root's key, where it is on this machine.
pub(crate) fn signer(foundation: &Foundation) -> Result<SoftwareSigner, AuthorityError> {
    let pkcs8 = pkcs8(foundation)?;
    SoftwareSigner::from_pkcs8(&pkcs8).map_err(|error| AuthorityError::Key(error.to_string()))
}

/// The root's key as PKCS #8.
pub(crate) fn pkcs8(foundation: &Foundation) -> Result<Zeroizing<Vec<u8>>, AuthorityError> {
    let text = match std::fs::read_to_string(path(foundation)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(AuthorityError::RootOffline);
        }
        Err(error) => return Err(error.into()),
    };
    let sealed = hex::decode(text.trim()).map_err(|error| AuthorityError::Key(error.to_string()))?;
    keys::field::open(&foundation.server_key, PLACE, &sealed)
        .map_err(|error| AuthorityError::Key(error.to_string()))
}

/// Puts the root's key where [`signer`] finds it.
pub(crate) fn keep(foundation: &Foundation, pkcs8: &[u8]) -> Result<(), AuthorityError> {
    let sealed = keys::field::seal(&foundation.server_key, PLACE, pkcs8, &mut Draw(&*foundation.rng));
    let path = path(foundation);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    write_new(&path, hex::encode(sealed).as_bytes())?;
    Ok(())
}

/// Seals the root's key under the master key that seals now, where the key is here and is not.
pub(crate) fn reseal(foundation: &Foundation) -> Result<(), AuthorityError> {
    let text = match std::fs::read_to_string(path(foundation)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        read => read?,
    };
    if text.starts_with(&keys::field::mark(foundation.server_key.id())) {
        return Ok(());
    }
    keep(foundation, &pkcs8(foundation)?)
}

/// Removes the root's key from this machine, overwritten first, as far as the file system lets one.
pub(crate) fn remove(foundation: &Foundation) -> Result<(), AuthorityError> {
    let path = path(foundation);
    let length = usize::try_from(std::fs::metadata(&path)?.len()).unwrap_or_default();
    let mut file = std::fs::OpenOptions::new().write(true).open(&path)?;
    std::io::Write::write_all(&mut file, &vec![b'0'; length])?;
    file.sync_all()?;
    std::fs::remove_file(&path)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Signs the root's list anew in the second half of its life where the root's key is at hand. Where it is not, a list
/// that was signed ahead takes its place in time.
pub(crate) async fn renew_list(setup: &Setup<'_>, root: &Certificate) -> Result<(), AuthorityError> {
    let store = &setup.foundation.store;
    let newest = store.read().await?.crl_at(&Role::Root.word(), setup.now).await?;
    let is_old = newest.is_none_or(|it| setup.now.duration_since(it.this_update) >= HALF_A_YEAR);
    if is_old && is_here(setup.foundation) {
        sign_lists(setup.foundation, root, &signer(setup.foundation)?, setup.now, HERE).await?;
    }
    Ok(())
}

/// Signs the lists of the years to come, while the root's key is at hand.
pub(crate) async fn sign_ahead(
    foundation: &Foundation,
    root: &Certificate,
    signer: &SoftwareSigner,
) -> Result<(), AuthorityError> {
    sign_lists(foundation, root, signer, foundation.clock.now(), LEAVING).await
}

async fn sign_lists(
    foundation: &Foundation,
    root: &Certificate,
    signer: &SoftwareSigner,
    now: Timestamp,
    schedule: Schedule,
) -> Result<(), AuthorityError> {
    if signer.public_key_der() != root.public_key_der() {
        return Err(AuthorityError::Refused("this is not the key of the root".to_owned()));
    }
    crl::sign(&foundation.store, &Role::Root.word(), root, signer, now, schedule).await.map(drop)
}

fn path(foundation: &Foundation) -> PathBuf {
    foundation.config.data_dir.join("authority").join("root.key")
}

/// Written beside, synced and renamed: never half a file.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::sync::atomic::{AtomicU64, Ordering};
    // Of one's own: the command and the server may write the same file at the same moment.
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_extension(format!("new-{}-{number}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

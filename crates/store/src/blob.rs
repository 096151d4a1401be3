//! Blobs: files by the SHA-256 of their content, encrypted at rest, written once.
//!
//! # Format of the file store
//! The file name is `HMAC(server key, "blob-name", sha256)` in hexadecimal under two levels of folders, so that a
//! stolen disk does not even tell which known documents are on it. The file is `VMB1`, the content's length (8 bytes,
//! big-endian), then the content in chunks of 64 KiB, each followed by its AES-256-GCM tag. The key is
//! `HMAC(server key, "blob-key", sha256)`: it belongs to one content alone, so that the chunk's number can be the nonce
//! (a nonce never meets another plaintext). The associated data is the content's length; a chunk cut off, added, or
//! moved does not open.
//!
//! Where master keys follow one another, what an older one named and sealed is found under its name there until it is
//! sealed anew ([`Blobs::reseal`]).
//!
//! A blob is written to a temporary file, synced and renamed, and its folder synced: after a SIGKILL it is there whole,
//! or not at all. A blob that no row names is harmless.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest;
use domain::Rng;
use keys::ServerKey;
use pdf::{FileSource, Source};

const MAGIC: [u8; 4] = *b"VMB1";
const HEADER: u64 = 12;
const CHUNK: usize = 64 * 1024;
const CHUNK_U64: u64 = 64 * 1024;
const TAG: usize = 16;
const TAG_U64: u64 = 16;
/// How many opened chunks a reader keeps: enough for a PDF's cross references and its objects.
const CACHED: usize = 16;

/// A blob's name: the SHA-256 of its content.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlobId(pub [u8; 32]);

impl BlobId {
    /// The name of a content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, content).as_ref());
        Self(hash)
    }
}

impl std::fmt::Debug for BlobId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// A store of blobs.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Keeps a content; keeping it again changes nothing. When this returns, the content is on the disk.
    ///
    /// # Errors
    /// Where it cannot be read or written.
    async fn put(&self, content: Arc<dyn Source>) -> io::Result<BlobId>;

    /// The content of a name.
    ///
    /// # Errors
    /// `NotFound` where there is none, `InvalidData` where it does not open.
    async fn open(&self, id: BlobId) -> io::Result<Arc<dyn Source>>;

    /// Whether there is a content of this name.
    ///
    /// # Errors
    /// Where that cannot be told.
    async fn contains(&self, id: BlobId) -> io::Result<bool>;

    /// Has a content sealed under the current master key, and nowhere under another; whether it was not before.
    ///
    /// # Errors
    /// `NotFound` where there is none, `InvalidData` where it does not open.
    async fn reseal(&self, id: BlobId) -> io::Result<bool> {
        let _ = id;
        Ok(false)
    }

    /// Forgets a content. Whoever asks makes sure that no row names it, and that none is written meanwhile: under the
    /// write transaction, in which those who add a row look whether the content is there still.
    ///
    /// # Errors
    /// Where it cannot be removed; that it is gone already is no error.
    async fn remove(&self, id: BlobId) -> io::Result<()>;
}

/// Blobs in a folder.
pub struct FileBlobs {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    temporary: PathBuf,
    key: Arc<ServerKey>,
    rng: Arc<dyn Rng>,
}

impl FileBlobs {
    /// Opens the store in `folder`, made where it is missing. Temporary files that a crash left behind are removed.
    ///
    /// # Errors
    /// Where the folder cannot be made or read.
    pub fn open(folder: &Path, key: Arc<ServerKey>, rng: Arc<dyn Rng>) -> io::Result<Self> {
        let temporary = folder.join("tmp");
        fs::create_dir_all(&temporary)?;
        for entry in fs::read_dir(&temporary)? {
            fs::remove_file(entry?.path())?;
        }
        Ok(Self { inner: Arc::new(Inner { folder: folder.to_owned(), temporary, key, rng }) })
    }
}

#[async_trait]
impl Blobs for FileBlobs {
    async fn put(&self, content: Arc<dyn Source>) -> io::Result<BlobId> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || inner.put(&*content)).await.map_err(io::Error::other)?
    }

    async fn open(&self, id: BlobId) -> io::Result<Arc<dyn Source>> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || inner.open(id)).await.map_err(io::Error::other)?
    }

    async fn contains(&self, id: BlobId) -> io::Result<bool> {
        for path in self.inner.paths(id) {
            if tokio::fs::try_exists(path).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn reseal(&self, id: BlobId) -> io::Result<bool> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || inner.reseal(id)).await.map_err(io::Error::other)?
    }

    async fn remove(&self, id: BlobId) -> io::Result<()> {
        for path in self.inner.paths(id) {
            match tokio::fs::remove_file(path).await {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => done?,
            }
        }
        Ok(())
    }
}

impl Inner {
    fn put(&self, content: &dyn Source) -> io::Result<BlobId> {
        let id = hash(content)?;
        let path = self.path(id);
        if path.exists() {
            return Ok(id);
        }
        let mut name = [0; 16];
        self.rng.fill(&mut name);
        let temporary = self.temporary.join(hex::encode(name));
        let written = self.write(id, content, &temporary).and_then(|()| {
            let folder = path.parent().unwrap_or(&self.folder);
            fs::create_dir_all(folder)?;
            fs::rename(&temporary, &path)?;
            self.sync_folders(folder)
        });
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written.map(|()| id)
    }

    fn write(&self, id: BlobId, content: &dyn Source, path: &Path) -> io::Result<()> {
        let len = content.len();
        let cipher = Cipher::new(&self.key.index("blob-key", &id.0), len)?;
        let mut file = BufWriter::with_capacity(CHUNK + TAG, File::create_new(path)?);
        file.write_all(&MAGIC)?;
        file.write_all(&len.to_be_bytes())?;
        let mut offset = 0;
        while offset < len {
            let mut chunk = vec![0; chunk_len(len, offset)];
            content.read_at(offset, &mut chunk)?;
            let tag = cipher.seal(offset / CHUNK_U64, &mut chunk)?;
            file.write_all(&chunk)?;
            file.write_all(&tag)?;
            offset += CHUNK_U64;
        }
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }

    /// A rename is durable once the folder that holds the name is, and the folders above it where they are new.
    fn sync_folders(&self, folder: &Path) -> io::Result<()> {
        let mut at = Some(folder);
        while let Some(folder) = at {
            File::open(folder)?.sync_all()?;
            at = if folder == self.folder { None } else { folder.parent() };
        }
        Ok(())
    }

    fn open(&self, id: BlobId) -> io::Result<Arc<dyn Source>> {
        let paths = self.paths(id);
        let keys = self.key.indexes("blob-key", &id.0);
        let found = paths.iter().zip(keys).find(|(path, _)| path.exists());
        let (path, key) = found.ok_or(io::ErrorKind::NotFound)?;
        let file = FileSource::open(path)?;
        let mut header = [0; 12];
        file.read_at(0, &mut header)?;
        let (magic, len) = header.split_at(4);
        let len = u64::from_be_bytes(len.try_into().map_err(|_| damaged())?);
        let chunks = len.div_ceil(CHUNK_U64);
        if magic != MAGIC
            || chunks.checked_mul(TAG_U64).and_then(|t| t.checked_add(len + HEADER)) != Some(file.len())
        {
            return Err(damaged());
        }
        let cipher = Cipher::new(&key, len)?;
        Ok(Arc::new(BlobSource { file, len, cipher, cache: Mutex::default() }))
    }

    /// Read whole before it is written: where it does not open, nothing of it is lost.
    fn reseal(&self, id: BlobId) -> io::Result<bool> {
        let path = self.path(id);
        let older: Vec<PathBuf> = self.paths(id).into_iter().skip(1).filter(|it| it.exists()).collect();
        if older.is_empty() {
            return if path.exists() { Ok(false) } else { Err(io::ErrorKind::NotFound.into()) };
        }
        if !path.exists() {
            let content = self.open(id)?;
            if self.put(&*content)? != id {
                return Err(damaged());
            }
        }
        for path in older {
            fs::remove_file(path)?;
        }
        Ok(true)
    }

    fn path(&self, id: BlobId) -> PathBuf {
        self.placed(&self.key.index("blob-name", &id.0))
    }

    /// Where it may be: under the current master key first.
    fn paths(&self, id: BlobId) -> Vec<PathBuf> {
        self.key.indexes("blob-name", &id.0).iter().map(|name| self.placed(name)).collect()
    }

    fn placed(&self, name: &[u8; 32]) -> PathBuf {
        let name = hex::encode(name);
        self.folder.join(&name[..2]).join(&name[2..4]).join(name)
    }
}

/// The cipher of one content.
struct Cipher {
    key: LessSafeKey,
    len: u64,
}

impl Cipher {
    fn new(key: &[u8; 32], len: u64) -> io::Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| damaged())?;
        Ok(Self { key: LessSafeKey::new(key), len })
    }

    fn seal(&self, chunk: u64, plaintext: &mut [u8]) -> io::Result<Vec<u8>> {
        let aad = Aad::from(self.len.to_be_bytes());
        let tag = self.key.seal_in_place_separate_tag(nonce(chunk), aad, plaintext);
        tag.map(|tag| tag.as_ref().to_vec()).map_err(|_| damaged())
    }

    fn open(&self, chunk: u64, sealed: &mut Vec<u8>) -> io::Result<()> {
        let aad = Aad::from(self.len.to_be_bytes());
        let plaintext = self.key.open_in_place(nonce(chunk), aad, sealed).map_err(|_| damaged())?.len();
        sealed.truncate(plaintext);
        Ok(())
    }
}

/// A blob, opened chunk by chunk as it is read.
struct BlobSource {
    file: FileSource,
    len: u64,
    cipher: Cipher,
    cache: Mutex<Vec<(u64, Arc<[u8]>)>>,
}

impl BlobSource {
    fn chunk(&self, number: u64) -> io::Result<Arc<[u8]>> {
        if let Some(chunk) = self.cached(number) {
            return Ok(chunk);
        }
        let mut sealed = vec![0; chunk_len(self.len, number * CHUNK_U64) + TAG];
        self.file.read_at(HEADER + number * (CHUNK_U64 + TAG_U64), &mut sealed)?;
        self.cipher.open(number, &mut sealed)?;
        let chunk: Arc<[u8]> = sealed.into();
        let mut cache = self.cache.lock().map_err(|_| io::Error::other("a reader panicked"))?;
        if cache.len() == CACHED {
            cache.remove(0);
        }
        cache.push((number, Arc::clone(&chunk)));
        Ok(chunk)
    }

    /// The least recently used chunk stands first.
    fn cached(&self, number: u64) -> Option<Arc<[u8]>> {
        let mut cache = self.cache.lock().ok()?;
        let place = cache.iter().position(|(n, _)| *n == number)?;
        let entry = cache.remove(place);
        let chunk = Arc::clone(&entry.1);
        cache.push(entry);
        Some(chunk)
    }
}

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let wanted = u64::try_from(buf.len()).map_err(io::Error::other)?;
        if offset.checked_add(wanted).is_none_or(|end| end > self.len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let (mut at, mut rest) = (offset, buf);
        while !rest.is_empty() {
            let chunk = self.chunk(at / CHUNK_U64)?;
            let chunk: &[u8] = &chunk;
            let start = usize::try_from(at % CHUNK_U64).map_err(io::Error::other)?;
            let take = rest.len().min(chunk.len() - start);
            let (now, later) = rest.split_at_mut(take);
            now.copy_from_slice(&chunk[start..start + take]);
            rest = later;
            at += u64::try_from(take).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

fn hash(content: &dyn Source) -> io::Result<BlobId> {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; CHUNK];
    let (len, mut offset) = (content.len(), 0);
    while offset < len {
        let piece = &mut buffer[..chunk_len(len, offset)];
        content.read_at(offset, piece)?;
        context.update(piece);
        offset += CHUNK_U64;
    }
    let mut id = [0; 32];
    id.copy_from_slice(context.finish().as_ref());
    Ok(BlobId(id))
}

/// How long the chunk at `offset` is.
fn chunk_len(len: u64, offset: u64) -> usize {
    usize::try_from(len.saturating_sub(offset)).unwrap_or(CHUNK).min(CHUNK)
}

fn nonce(chunk: u64) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[NONCE_LEN - 8..].copy_from_slice(&chunk.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the blob does not open")
}

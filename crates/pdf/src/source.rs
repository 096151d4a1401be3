//! Where the bytes of a file come from.
//!
//! A reader asks for ranges; nobody holds the file. [`Joined`] makes a revision out of its predecessor and
//! the bytes appended to it without copying either.

use std::io;
use std::ops::Range;
use std::sync::Arc;

/// The largest piece that the helpers of this module ask a source for at once.
pub(crate) const CHUNK: usize = 64 * 1024;

/// Random access to an immutable sequence of bytes.
pub trait Source: Send + Sync {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// Fills `buf` with the bytes from `offset`; fails with `UnexpectedEof` where there are not so many.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;

    /// Whether there are no bytes at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes from `offset` on that are in memory anyway, as many as lie together; none where they have to be read. Lets
    /// the reader save copies.
    fn bytes_at(&self, _offset: u64) -> &[u8] {
        &[]
    }
}

fn from(bytes: &[u8], offset: u64) -> &[u8] {
    usize::try_from(offset).ok().and_then(|start| bytes.get(start..)).unwrap_or_default()
}

fn copy_from(bytes: &[u8], offset: u64, buf: &mut [u8]) -> io::Result<()> {
    let piece = from(bytes, offset).get(..buf.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
    buf.copy_from_slice(piece);
    Ok(())
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        length(self)
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        copy_from(self, offset, buf)
    }
    fn bytes_at(&self, offset: u64) -> &[u8] {
        from(self, offset)
    }
}

impl Source for Arc<[u8]> {
    fn len(&self) -> u64 {
        length(self)
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        copy_from(self, offset, buf)
    }
    fn bytes_at(&self, offset: u64) -> &[u8] {
        from(self, offset)
    }
}

impl Source for &'static [u8] {
    fn len(&self) -> u64 {
        length(self)
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        copy_from(self, offset, buf)
    }
    fn bytes_at(&self, offset: u64) -> &[u8] {
        from(self, offset)
    }
}

/// A file on disk, read by position: no seek state, safe to share between threads.
#[derive(Debug)]
pub struct FileSource {
    file: std::fs::File,
    len: u64,
    #[cfg(not(unix))]
    lock: std::sync::Mutex<()>,
}

impl FileSource {
    /// Opens the file at `path`. Its length is taken once; the file must not change afterwards.
    pub fn open(path: impl AsRef<std::path::Path>) -> io::Result<Self> {
        Self::new(std::fs::File::open(path)?)
    }

    /// Takes an open file.
    pub fn new(file: std::fs::File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self {
            file,
            len,
            #[cfg(not(unix))]
            lock: std::sync::Mutex::new(()),
        })
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buf, offset)
    }

    #[cfg(not(unix))]
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let _guard = self.lock.lock().map_err(|_| io::ErrorKind::Other)?;
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(buf)
    }
}

/// A base and the tails appended to it, as one source; neither is copied.
#[derive(Clone)]
pub struct Joined {
    /// Pieces with the offset each begins at; never empty.
    pieces: Vec<(u64, Arc<dyn Source>)>,
    len: u64,
}

impl Joined {
    /// `base` followed by each tail in turn.
    pub fn new(base: Arc<dyn Source>, tails: impl IntoIterator<Item = Arc<dyn Source>>) -> Self {
        let mut joined = Self { len: base.len(), pieces: vec![(0, base)] };
        for tail in tails {
            joined.push(tail);
        }
        joined
    }

    /// Appends one more tail.
    pub fn push(&mut self, tail: Arc<dyn Source>) {
        let start = self.len;
        self.len = self.len.saturating_add(tail.len());
        self.pieces.push((start, tail));
    }

    /// The index of the piece in which `offset` lies.
    fn piece_at(&self, offset: u64) -> usize {
        self.pieces.partition_point(|(start, _)| *start <= offset).saturating_sub(1)
    }
}

impl Source for Joined {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let mut at = offset;
        let mut rest = buf;
        for (start, piece) in self.pieces.iter().skip(self.piece_at(offset)) {
            if rest.is_empty() {
                break;
            }
            let inside = at.saturating_sub(*start);
            let left = piece.len().saturating_sub(inside);
            let take = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
            if take == 0 {
                continue;
            }
            let (now, later) = rest.split_at_mut(take);
            piece.read_at(inside, now)?;
            at = at.saturating_add(length(now));
            rest = later;
        }
        if rest.is_empty() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn bytes_at(&self, offset: u64) -> &[u8] {
        let piece = self.pieces.get(self.piece_at(offset));
        piece.map_or(&[], |(start, piece)| piece.bytes_at(offset.saturating_sub(*start)))
    }
}

/// Reads one range into memory, in pieces of at most 64 KiB.
///
/// # Errors
/// `UnexpectedEof` where the range does not lie within the source; nothing is allocated then.
pub fn read_range(source: &dyn Source, range: Range<u64>) -> io::Result<Vec<u8>> {
    if range.end > source.len() || range.start > range.end {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let size = usize::try_from(range.end - range.start).map_err(|_| io::ErrorKind::OutOfMemory)?;
    if let Some(bytes) = source.bytes_at(range.start).get(..size) {
        return Ok(bytes.to_vec());
    }
    let mut out = vec![0; size];
    let mut at = range.start;
    for piece in out.chunks_mut(CHUNK) {
        source.read_at(at, piece)?;
        at = at.saturating_add(length(piece));
    }
    Ok(out)
}

/// Feeds the bytes of `ranges`, in order, to `update` in pieces of at most 64 KiB: the digest of a ByteRange
/// (ISO 32000-2, 12.8.1) without the file in memory. What is in memory anyway comes as it lies there.
///
/// # Errors
/// `UnexpectedEof` where a range does not lie within the source.
pub fn hash_ranges(
    source: &dyn Source,
    ranges: impl IntoIterator<Item = Range<u64>>,
    mut update: impl FnMut(&[u8]),
) -> io::Result<()> {
    let mut buf = Vec::new();
    for range in ranges {
        if range.end > source.len() || range.start > range.end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut at = range.start;
        while at < range.end {
            let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
            let here = source.bytes_at(at);
            let piece = if here.is_empty() {
                buf.resize(CHUNK, 0);
                let piece = buf.get_mut(..left.min(CHUNK)).ok_or(io::ErrorKind::UnexpectedEof)?;
                source.read_at(at, piece)?;
                piece
            } else {
                here.get(..left).unwrap_or(here)
            };
            update(piece);
            at = at.saturating_add(length(piece));
        }
    }
    Ok(())
}

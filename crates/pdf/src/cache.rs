//! Reading windows of the file, and keeping what was parsed within a bound.

use std::collections::HashMap;
use std::io;
use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::budget::Work;
use crate::lexer::Fault;
use crate::parser::{Head, Parser};
use crate::source::{CHUNK, read_range};
use crate::{Limits, Object, ReadError, Source};

const CHUNKS_KEPT: usize = 8;

/// Locks; a panic elsewhere leaves caches usable, as they only ever hold whole entries.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The source with a few chunks kept, and the work counted.
pub(crate) struct Reader {
    pub(crate) source: Arc<dyn Source>,
    pub(crate) limits: Limits,
    pub(crate) work: Work,
    chunks: Mutex<Vec<(u64, Arc<[u8]>)>>,
}

/// A run of bytes of the file.
pub(crate) enum Window<'a> {
    Borrowed(&'a [u8]),
    Chunk(Arc<[u8]>, usize),
    Owned(Vec<u8>),
}

impl Deref for Window<'_> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Chunk(chunk, start) => chunk.get(*start..).unwrap_or_default(),
            Self::Owned(bytes) => bytes,
        }
    }
}

impl Reader {
    pub(crate) fn new(source: Arc<dyn Source>, limits: Limits) -> Self {
        Self { source, work: Work::new(limits.work), limits, chunks: Mutex::default() }
    }

    pub(crate) fn len(&self) -> u64 {
        self.source.len()
    }

    /// Up to `size` bytes from `offset`: fewer at the end of the file, and maybe more than asked for.
    pub(crate) fn window(&self, offset: u64, size: usize) -> io::Result<Window<'_>> {
        let len = self.len();
        if offset >= len {
            return Ok(Window::Borrowed(&[]));
        }
        let end = offset.saturating_add(u64::try_from(size).unwrap_or(u64::MAX)).min(len);
        let wanted = usize::try_from(end - offset).unwrap_or(usize::MAX);
        if let Some(bytes) = self.source.bytes_at(offset).get(..wanted) {
            return Ok(Window::Borrowed(bytes));
        }
        let chunk_size = u64::try_from(CHUNK).unwrap_or(u64::MAX);
        let index = offset / chunk_size;
        if end <= (index + 1).saturating_mul(chunk_size) {
            let inside = usize::try_from(offset % chunk_size).unwrap_or(0);
            return Ok(Window::Chunk(self.chunk(index)?, inside));
        }
        read_range(&*self.source, offset..end).map(Window::Owned)
    }

    fn chunk(&self, index: u64) -> io::Result<Arc<[u8]>> {
        {
            let mut chunks = lock(&self.chunks);
            if let Some(at) = chunks.iter().position(|(i, _)| *i == index) {
                let hit = chunks.remove(at);
                let bytes = Arc::clone(&hit.1);
                chunks.push(hit);
                return Ok(bytes);
            }
        }
        let start = index.saturating_mul(u64::try_from(CHUNK).unwrap_or(u64::MAX));
        let end = start.saturating_add(u64::try_from(CHUNK).unwrap_or(u64::MAX)).min(self.len());
        let size = usize::try_from(end.saturating_sub(start)).unwrap_or(0);
        let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, size).collect();
        self.source.read_at(start, Arc::get_mut(&mut bytes).expect("nobody else has it yet"))?;
        let mut chunks = lock(&self.chunks);
        if chunks.len() >= CHUNKS_KEPT {
            chunks.remove(0);
        }
        chunks.push((index, Arc::clone(&bytes)));
        Ok(bytes)
    }

    /// Parses at `offset`, lengthening the window as long as the parser runs off its end.
    pub(crate) fn parse<T>(
        &self,
        offset: u64,
        mut read: impl FnMut(&mut Parser<'_>) -> Result<T, Fault>,
    ) -> Result<T, ReadError> {
        let limit = self.limits.max_object_size;
        let mut size = self.source.bytes_at(offset).len().max(4096).min(limit);
        loop {
            let window = self.window(offset, size)?;
            let window_len = u64::try_from(window.len()).unwrap_or(u64::MAX);
            let is_final = offset.saturating_add(window_len) >= self.len();
            let mut parser = Parser::new(&window, is_final, &self.limits);
            let result = read(&mut parser);
            let at = parser.lexer.pos;
            // Running off the end means that all of the window was looked at, wherever the position stands.
            self.work.spend(if matches!(result, Err(Fault::End)) { window.len() } else { at })?;
            match result {
                Ok(value) => return Ok(value),
                Err(Fault::End) if !is_final && window.len() < limit => {
                    size = window.len().saturating_mul(4).min(limit);
                }
                Err(Fault::End) if !is_final => return Err(ReadError::Limit { what: "size of one object" }),
                Err(Fault::End) => {
                    return Err(ReadError::damaged(self.len(), "the file ends within an object"));
                }
                Err(Fault::Bad(what)) => {
                    let at = offset.saturating_add(u64::try_from(at).unwrap_or(u64::MAX));
                    return Err(ReadError::damaged(at, what));
                }
                Err(Fault::Limit(what)) => return Err(ReadError::Limit { what }),
            }
        }
    }

    /// Parses the indirect object at `offset`.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the path is not general over lifetimes")]
    pub(crate) fn indirect(&self, offset: u64) -> Result<Head, ReadError> {
        self.parse(offset, |parser| parser.indirect())
    }

    /// The bytes of a range that must lie within the file.
    pub(crate) fn bytes(&self, range: Range<u64>) -> Result<Vec<u8>, ReadError> {
        let size = range.end.checked_sub(range.start).and_then(|size| usize::try_from(size).ok());
        match size {
            Some(size) => self.work.spend(size)?,
            None => return Err(ReadError::damaged(range.start, "a span within the file")),
        }
        Ok(read_range(&*self.source, range)?)
    }

    /// The first position at or after `from`, and before `until`, where `needle` stands.
    pub(crate) fn find(&self, needle: &[u8], from: u64, until: u64) -> Result<Option<u64>, ReadError> {
        let overlap = u64::try_from(needle.len()).unwrap_or(1).saturating_sub(1);
        let mut at = from;
        while at < until.min(self.len()) {
            let window = self.window(at, CHUNK)?;
            let piece = window.get(..CHUNK.min(window.len())).unwrap_or_default();
            self.work.spend(piece.len())?;
            if let Some(found) = find(piece, needle) {
                let found = at.saturating_add(u64::try_from(found).unwrap_or(u64::MAX));
                return Ok((found < until).then_some(found));
            }
            let step = u64::try_from(piece.len()).unwrap_or(1).saturating_sub(overlap).max(1);
            at = at.saturating_add(step);
        }
        Ok(None)
    }
}

/// The first position of `needle` in `hay`: looks for its rarest-looking byte, the first, as `position` does fast.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    loop {
        let rest = hay.get(from..)?;
        let at = rest.iter().position(|b| *b == first)?;
        if rest.get(at..)?.starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
}

/// The last position of `needle` in `hay`.
pub(crate) fn find_last(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len().max(1)).rposition(|window| window == needle)
}

/// A decoded object stream (7.5.7).
pub(crate) struct ObjectStream {
    pub(crate) data: Vec<u8>,
    /// Object number and position of each object.
    pub(crate) index: Vec<(u32, usize)>,
    /// Numbers that stand more than once.
    pub(crate) repeated: Vec<u32>,
}

/// Parsed objects and decoded object streams of one view of a document.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    objects: HashMap<u32, Arc<Object>>,
    objects_size: usize,
    /// Least recently used in front.
    streams: Vec<(u32, Arc<ObjectStream>)>,
    streams_size: usize,
}

impl Cache {
    pub(crate) fn object(&self, number: u32) -> Option<Arc<Object>> {
        lock(&self.0).objects.get(&number).cloned()
    }

    /// Keeps an object that took `size` bytes in the file; empties the cache first where it would overflow.
    pub(crate) fn keep_object(&self, number: u32, object: &Arc<Object>, size: usize, limit: usize) {
        // A parsed object takes about four times its written size.
        let cost = size.saturating_mul(4).saturating_add(128);
        if cost > limit / 4 {
            return;
        }
        let mut kept = lock(&self.0);
        if kept.objects_size.saturating_add(cost) > limit {
            kept.objects.clear();
            kept.objects_size = 0;
        }
        kept.objects_size = kept.objects_size.saturating_add(cost);
        kept.objects.insert(number, Arc::clone(object));
    }

    pub(crate) fn stream(&self, number: u32) -> Option<Arc<ObjectStream>> {
        let mut kept = lock(&self.0);
        let at = kept.streams.iter().position(|(n, _)| *n == number)?;
        let hit = kept.streams.remove(at);
        let stream = Arc::clone(&hit.1);
        kept.streams.push(hit);
        Some(stream)
    }

    pub(crate) fn keep_stream(&self, number: u32, stream: &Arc<ObjectStream>, limit: usize) {
        let mut kept = lock(&self.0);
        kept.streams_size = kept.streams_size.saturating_add(stream.data.len());
        kept.streams.push((number, Arc::clone(stream)));
        while kept.streams.len() > 1 && kept.streams_size > limit {
            let (_, oldest) = kept.streams.remove(0);
            kept.streams_size = kept.streams_size.saturating_sub(oldest.data.len());
        }
    }
}

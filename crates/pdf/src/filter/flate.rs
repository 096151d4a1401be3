//! FlateDecode (ISO 32000-2, 7.4.4).

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use crate::ReadError;

/// Inflates. A stream that breaks off, or whose checksum is wrong, gives what came before, as viewers do.
pub(super) fn decode(data: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut out = Vec::with_capacity(data.len().saturating_mul(3).clamp(256, limit.max(256)));
    let mut inflate = Decompress::new(true);
    loop {
        let consumed = usize::try_from(inflate.total_in()).unwrap_or(usize::MAX);
        let rest = data.get(consumed..).unwrap_or_default();
        let before = out.len();
        let status = inflate.decompress_vec(rest, &mut out, FlushDecompress::None);
        if out.len() > limit {
            return Err(super::too_large());
        }
        match status {
            Ok(Status::StreamEnd) => return Ok(out),
            Ok(_) if out.len() == out.capacity() => out.reserve(out.len().clamp(1024, 4 << 20)),
            Ok(_) if out.len() == before => {
                let is_usable = !out.is_empty() || data.is_empty();
                return if is_usable { Ok(out) } else { Err(ReadError::damaged(0, "compressed data")) };
            }
            Ok(_) => {}
            Err(_) if !out.is_empty() => return Ok(out),
            Err(_) => return Err(ReadError::damaged(0, "compressed data")),
        }
    }
}

/// Deflates.
pub(crate) fn compress(data: &[u8]) -> Vec<u8> {
    Deflate::default().compress(data)
}

/// Deflates one stream after the other in the same tables: making them takes longer than a short stream does.
#[derive(Default)]
pub(crate) struct Deflate(Option<Compress>);

impl Deflate {
    /// Deflates one stream.
    pub(crate) fn compress(&mut self, data: &[u8]) -> Vec<u8> {
        let deflate = self.0.get_or_insert_with(|| Compress::new(Compression::default(), true));
        deflate.reset();
        let mut out = Vec::with_capacity(data.len() / 2 + 64);
        loop {
            let consumed = usize::try_from(deflate.total_in()).unwrap_or(usize::MAX);
            let rest = data.get(consumed..).unwrap_or_default();
            match deflate.compress_vec(rest, &mut out, FlushCompress::Finish) {
                Ok(Status::StreamEnd) | Err(_) => return out,
                Ok(_) => out.reserve(out.len().max(1024)),
            }
        }
    }
}

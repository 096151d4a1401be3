//! What a file was before each of its signatures.

use pades::SignatureReport;
use pdf::{Document, Source};
use sha2::{Digest as _, Sha256};

/// The most ends of one revision that are tried: after its `%%EOF`, and after each byte of white space behind that.
const ENDS: u64 = 16;

/// The digests of a file's revisions: what it was, to the byte, before each signature.
#[derive(Debug, Clone, Default)]
pub struct FileRevisions(Vec<Vec<[u8; 32]>>);

impl FileRevisions {
    /// Of a document. Where its bytes cannot be read it has none.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        Self(digests(document).unwrap_or_default())
    }

    /// SHA-256 of what the file was before the signature.
    pub(super) fn before(&self, signature: &SignatureReport) -> Vec<[u8; 32]> {
        // The report counts from 1; the signature's own revision is not one before it.
        let own = signature.revision.unwrap_or(1).saturating_sub(1);
        self.0.iter().take(own).flatten().copied().collect()
    }
}

/// One pass over the file. Where exactly a revision ended as it was stored the file does not say: what was appended may have
/// begun with the line break.
fn digests(document: &Document) -> std::io::Result<Vec<Vec<[u8; 32]>>> {
    let source: &dyn Source = &**document.source();
    let mut hasher = Sha256::new();
    let mut at = 0;
    let mut all = Vec::new();
    for revision in document.revisions() {
        if revision.eof < at {
            // Revisions that do not follow one another: what any of them was is not well defined.
            return Ok(all);
        }
        pdf::hash_ranges(source, std::iter::once(at..revision.eof), |piece| hasher.update(piece))?;
        let mut ends = vec![hasher.clone().finalize().into()];
        at = revision.eof;
        while at < source.len() && at < revision.eof + ENDS {
            let mut byte = [0];
            pdf::hash_ranges(source, std::iter::once(at..at + 1), |piece| byte.copy_from_slice(piece))?;
            if !byte[0].is_ascii_whitespace() && byte[0] != 0 {
                break;
            }
            hasher.update(byte);
            at += 1;
            ends.push(hasher.clone().finalize().into());
        }
        all.push(ends);
    }
    Ok(all)
}

//! Digests of a file that grows, in one pass: what one signature has hashed, the next does not read again.

use std::io;

use aws_lc_rs::digest::{self, Context};
use pdf::{Placeholder, Source};
use pki::DigestAlgorithm;

use crate::PrepareError;
use crate::form_edit::structure;

/// The digests of the first `len` bytes of a file.
pub(crate) struct Prefix {
    len: u64,
    contexts: Vec<(DigestAlgorithm, Context)>,
}

impl Prefix {
    /// Of nothing yet. Each hash function that will be asked for is named now: the file is read once for all of them.
    pub(crate) fn new(algorithms: &[DigestAlgorithm]) -> Result<Self, PrepareError> {
        let mut contexts: Vec<(DigestAlgorithm, Context)> = Vec::new();
        for algorithm in algorithms {
            if contexts.iter().all(|(known, _)| known != algorithm) {
                contexts.push((*algorithm, Context::new(implementation(*algorithm)?)));
            }
        }
        Ok(Self { len: 0, contexts })
    }

    /// What was hashed elsewhere of the first `len` bytes.
    pub(crate) fn hashed(len: u64, algorithm: DigestAlgorithm, context: Context) -> Self {
        Self { len, contexts: vec![(algorithm, context)] }
    }

    /// The digest of everything that `tail` makes of the file, but the hole for the signature.
    pub(crate) fn digest(
        &mut self,
        source: &dyn Source,
        base_len: u64,
        tail: &[u8],
        placeholder: &Placeholder,
        algorithm: DigestAlgorithm,
    ) -> Result<Vec<u8>, PrepareError> {
        let hole = &placeholder.contents_span;
        let inside = |offset: u64| offset.checked_sub(base_len).and_then(|at| usize::try_from(at).ok());
        let (before, after) = inside(hole.start)
            .and_then(|start| tail.get(..start))
            .zip(inside(hole.end).and_then(|end| tail.get(end..)))
            .ok_or_else(|| structure("the signature lies outside the update"))?;
        self.advance(source, base_len)?;
        let known = self.contexts.iter().find(|(known, _)| *known == algorithm);
        let (_, context) = known.ok_or(PrepareError::Digest { algorithm })?;
        let mut context = context.clone();
        context.update(before);
        context.update(after);
        Ok(context.finish().as_ref().to_vec())
    }

    /// Hashes on to `len`; what is hashed is not hashed again.
    fn advance(&mut self, source: &dyn Source, len: u64) -> io::Result<()> {
        if len < self.len {
            // Another file, or a shorter view of this one: from the beginning.
            self.len = 0;
            for (_, context) in &mut self.contexts {
                *context = Context::new(context.algorithm());
            }
        }
        let contexts = &mut self.contexts;
        pdf::hash_ranges(source, std::iter::once(self.len..len), |bytes| {
            for (_, context) in contexts.iter_mut() {
                context.update(bytes);
            }
        })?;
        self.len = len;
        Ok(())
    }
}

/// The hash functions that a signature may be made with (EN 319 142-1 §6.2.1 with TS 119 312).
fn implementation(algorithm: DigestAlgorithm) -> Result<&'static digest::Algorithm, PrepareError> {
    match algorithm {
        DigestAlgorithm::Sha256 => Ok(&digest::SHA256),
        DigestAlgorithm::Sha384 => Ok(&digest::SHA384),
        DigestAlgorithm::Sha512 => Ok(&digest::SHA512),
        _ => Err(PrepareError::Digest { algorithm }),
    }
}

//! The digests of all signatures of a file in one pass.
//!
//! Every signature covers the file from its beginning, but for its own hole. So one running digest for each algorithm
//! serves them all: where a hole begins, its state is cloned, and the clone goes on behind the hole. Each byte is read
//! once, whatever the number of signatures and algorithms; nothing but a piece of the file is held.

use std::collections::BTreeMap;
use std::ops::Range;

use aws_lc_rs::digest::Context;
use pdf::{Document, Source};
use pki::DigestAlgorithm;

/// A digest that is asked for: of two ranges, the first from the beginning of the file.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) covered: [Range<u64>; 2],
    pub(crate) algorithm: DigestAlgorithm,
}

/// How often the length of the file may be hashed behind the holes: holes near the beginning of a hostile file would
/// make each signature cost a pass of its own.
const PASSES: u64 = 8;
const PIECE: usize = 64 * 1024;

/// The digests, or why there is none.
pub(crate) fn digests(document: &Document, wanted: &[Wanted]) -> Vec<Result<Vec<u8>, String>> {
    pass(document, wanted, None).answers()
}

/// The same, and the running digest of the whole file, where it could be read: for what is to be appended to it.
pub(crate) fn digests_and_whole(
    document: &Document,
    wanted: &[Wanted],
    algorithm: DigestAlgorithm,
) -> (Vec<Result<Vec<u8>, String>>, Option<Context>) {
    let mut work = pass(document, wanted, Some(algorithm));
    let whole = work.prefixes.remove(&algorithm).filter(|_| work.failure.is_none());
    (work.answers(), whole.map(|(context, _)| context))
}

fn pass<'a>(document: &Document, wanted: &'a [Wanted], whole: Option<DigestAlgorithm>) -> Work<'a> {
    let mut work = Work::new(wanted, document.len());
    let mut edges: Vec<u64> =
        wanted.iter().flat_map(|one| one.covered.iter().flat_map(|range| [range.start, range.end])).collect();
    if let Some(algorithm) = whole {
        work.need(algorithm, document.len());
        edges.extend([0, document.len()]);
    }
    edges.sort_unstable();
    edges.dedup();
    for pair in edges.windows(2) {
        let [from, to] = pair else { break };
        work.begin(*from);
        if let Err(error) = work.feed(document.source().as_ref(), *from..*to) {
            work.failure = Some(error.to_string());
            break;
        }
        work.end(*to);
    }
    work
}

struct Work<'a> {
    wanted: &'a [Wanted],
    /// The running digest of each algorithm, and how far it is needed.
    prefixes: BTreeMap<DigestAlgorithm, (Context, u64)>,
    tails: Vec<Tail>,
    budget: u64,
    failure: Option<String>,
}

enum Tail {
    Waiting,
    Running(Context),
    Done(Vec<u8>),
    TooMuch,
}

impl<'a> Work<'a> {
    fn new(wanted: &'a [Wanted], length: u64) -> Self {
        let mut work = Self {
            wanted,
            prefixes: BTreeMap::new(),
            tails: wanted.iter().map(|_| Tail::Waiting).collect(),
            budget: length.saturating_mul(PASSES),
            failure: None,
        };
        for one in wanted {
            let [before, _] = &one.covered;
            work.need(one.algorithm, before.end);
        }
        work
    }

    /// The running digest is needed as far as `end`.
    fn need(&mut self, algorithm: DigestAlgorithm, end: u64) {
        let begun = || (Context::new(algorithm.implementation()), 0);
        let (_, needed) = self.prefixes.entry(algorithm).or_insert_with(begun);
        *needed = end.max(*needed);
    }

    /// Clones the running digests where holes begin; the clone waits for the hole's end.
    fn begin(&mut self, at: u64) {
        for (one, tail) in self.wanted.iter().zip(&mut self.tails) {
            let [before, after] = &one.covered;
            if before.end != at || !matches!(tail, Tail::Waiting) {
                continue;
            }
            let cost = after.end.saturating_sub(after.start);
            *tail = match (self.prefixes.get(&one.algorithm), self.budget.checked_sub(cost)) {
                (Some((prefix, _)), Some(left)) => {
                    self.budget = left;
                    Tail::Running(prefix.clone())
                }
                _ => Tail::TooMuch,
            };
        }
    }

    fn feed(&mut self, source: &dyn Source, part: Range<u64>) -> std::io::Result<()> {
        let mut active: Vec<&mut Context> = self
            .prefixes
            .values_mut()
            .filter(|(_, needed)| part.end <= *needed)
            .map(|(context, _)| context)
            .collect();
        for (one, tail) in self.wanted.iter().zip(&mut self.tails) {
            let [_, after] = &one.covered;
            if let Tail::Running(context) = tail
                && after.start <= part.start
                && part.end <= after.end
            {
                active.push(context);
            }
        }
        if active.is_empty() {
            return Ok(());
        }
        pdf::hash_ranges(source, [part], |bytes| {
            for piece in bytes.chunks(PIECE) {
                for context in &mut active {
                    context.update(piece);
                }
            }
        })
    }

    fn end(&mut self, at: u64) {
        for (one, tail) in self.wanted.iter().zip(&mut self.tails) {
            let [_, after] = &one.covered;
            if after.end == at
                && let Tail::Running(context) = tail
            {
                *tail = Tail::Done(context.clone().finish().as_ref().to_vec());
            }
        }
    }

    fn answers(self) -> Vec<Result<Vec<u8>, String>> {
        let failure = self.failure;
        let answer = |tail| match tail {
            Tail::Done(digest) => Ok(digest),
            Tail::TooMuch => Err("the signatures of this file ask for too much hashing".to_owned()),
            Tail::Waiting | Tail::Running(_) => Err(failure.clone().unwrap_or_default()),
        };
        self.tails.into_iter().map(answer).collect()
    }
}

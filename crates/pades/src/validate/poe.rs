//! Proofs of existence (EN 319 102-1 §5.6.2.3): for each object the earliest time at which it is proved to have been.

use std::collections::HashMap;

use jiff::Timestamp;
use pki::Certificate;
use pki::path::Source;

/// What a proof speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Object {
    /// The signature of that number in the file.
    Signature(usize),
    /// The time-stamp of the second number on the signature of the first.
    Stamp(usize, usize),
    /// A certificate, by its fingerprint.
    Certificate([u8; 32]),
    /// A CRL of the material.
    Crl(usize),
    /// An OCSP response of the material.
    Ocsp(usize),
}

impl Object {
    pub(crate) fn of_certificate(certificate: &Certificate) -> Self {
        Self::Certificate(certificate.fingerprint())
    }

    pub(crate) fn of_evidence(source: Source) -> Option<Self> {
        match source {
            Source::Crl { index } => Some(Self::Crl(index)),
            Source::Ocsp { index } => Some(Self::Ocsp(index)),
            Source::NoCheck => None,
        }
    }
}

/// The set of proofs. What is at hand exists now; everything earlier has to be proved.
#[derive(Debug)]
pub(crate) struct Poe {
    now: Timestamp,
    earliest: HashMap<Object, Timestamp>,
}

impl Poe {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { now, earliest: HashMap::new() }
    }

    pub(crate) fn add(&mut self, object: Object, time: Timestamp) {
        let known = self.earliest.entry(object).or_insert(time);
        *known = time.min(*known);
    }

    /// The earliest time at which the object is proved to have existed.
    pub(crate) fn of(&self, object: Object) -> Timestamp {
        self.proved(object).map_or(self.now, |time| time.min(self.now))
    }

    /// The same, `None` where nothing but the file at hand proves it.
    pub(crate) fn proved(&self, object: Object) -> Option<Timestamp> {
        self.earliest.get(&object).copied()
    }
}

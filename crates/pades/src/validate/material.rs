//! Certificates and revocation data at hand: the document's security store, what signatures and time-stamps carry, what
//! the policy brings, and what a source answered.

use std::collections::{HashMap, HashSet};

use pdf::{Dict, Document, Object, Ref};
use pki::crl::Crl;
use pki::{Certificate, DigestAlgorithm, ocsp};

use super::Policy;
use crate::sources::RevocationData;

/// Most items of one kind that are read from a store.
const MAX_ITEMS: usize = 2_000;
/// Most places at which a store may name them: each VRI entry names again what its signature needs.
const MAX_NAMED: usize = 200_000;

/// What validation may use.
pub(crate) struct Material {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) crls: Vec<Crl>,
    pub(crate) ocsps: Vec<ocsp::Response>,
    /// Where each CRL, and each OCSP response, came from.
    pub(crate) crl_origins: Vec<Origins>,
    pub(crate) ocsp_origins: Vec<Origins>,
    /// The certificates of the file, with the first revision that brought them.
    pub(crate) certificate_origins: HashMap<[u8; 32], usize>,
    /// The revision that last wrote the store; `None` where the document has none.
    pub(crate) store_revision: Option<usize>,
    known: HashSet<[u8; 32]>,
    /// Where in `crls` and `ocsps` something is, by its digest; `None`: it cannot be read.
    known_crls: HashMap<Vec<u8>, Option<usize>>,
    known_ocsps: HashMap<Vec<u8>, Option<usize>>,
}

/// Where something came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The document's store, written by that revision.
    Store(usize),
    /// A signature of that revision carries it.
    Signature(usize),
    /// Not from the file.
    Given,
}

impl Origin {
    /// The revision whose signing or stamping covers it.
    fn revision(self) -> Option<usize> {
        match self {
            Self::Store(revision) | Self::Signature(revision) => Some(revision),
            Self::Given => None,
        }
    }
}

/// Everywhere that something came from: what was given besides loses nothing of what the file proves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Origins {
    stored: Option<usize>,
    carried: Option<usize>,
}

impl Origins {
    fn add(&mut self, origin: Origin) {
        let (known, revision) = match origin {
            Origin::Store(revision) => (&mut self.stored, revision),
            Origin::Signature(revision) => (&mut self.carried, revision),
            Origin::Given => return,
        };
        *known = Some(known.map_or(revision, |known| known.min(revision)));
    }

    /// The first revision whose signing or stamping covers it; `None` where it is not from the file.
    pub(crate) fn revision(self) -> Option<usize> {
        self.stored.into_iter().chain(self.carried).min()
    }

    /// The first revision of the document's store that has it.
    pub(crate) fn stored(self) -> Option<usize> {
        self.stored
    }
}

impl Material {
    pub(crate) fn of(document: &Document, policy: &Policy) -> Self {
        let mut material = Self {
            certificates: Vec::new(),
            crls: Vec::new(),
            ocsps: Vec::new(),
            crl_origins: Vec::new(),
            ocsp_origins: Vec::new(),
            certificate_origins: HashMap::new(),
            store_revision: None,
            known: HashSet::new(),
            known_crls: HashMap::new(),
            known_ocsps: HashMap::new(),
        };
        for certificate in &policy.intermediates {
            material.add_certificate(certificate, None);
        }
        material.add_revocation(&policy.revocation_data, Origin::Given);
        material.read_store(document);
        material
    }

    fn read_store(&mut self, document: &Document) {
        let Ok(catalog) = document.catalog() else { return };
        let entry = catalog.value("DSS");
        let Ok(store) = document.follow(entry) else { return };
        let Object::Dictionary(store) = &*store else { return };
        let holder = entry.as_reference().unwrap_or_else(|| document.catalog_ref());
        let written = document.locate(holder).map_or(0, |(revision, _)| revision);
        self.store_revision = Some(written);
        let mut reading = Reading { document, written, read: HashSet::new(), named: 0 };
        self.read_arrays(&mut reading, store, ["Certs", "CRLs", "OCSPs"]);
        // What some writers keep for a signature alone (EN 319 142-1 §5.4.2.3).
        let Ok(by_signature) = document.value(store, "VRI") else { return };
        let Some(by_signature) = by_signature.as_dict() else { return };
        for (_, entry) in by_signature.iter().take(MAX_ITEMS) {
            let Ok(entry) = document.follow(entry) else { continue };
            if let Object::Dictionary(entry) = &*entry {
                self.read_arrays(&mut reading, entry, ["Cert", "CRL", "OCSP"]);
            }
        }
    }

    fn read_arrays(&mut self, reading: &mut Reading<'_>, holder: &Dict, keys: [&str; 3]) {
        let [certificates, crls, ocsps] = keys;
        for (der, revision) in reading.streams(holder, certificates, Shelf::Certificates) {
            if let Ok(certificate) = Certificate::from_der(&der) {
                self.add_certificate(&certificate, Some(revision));
            }
        }
        for (der, revision) in reading.streams(holder, crls, Shelf::Crls) {
            self.add_crl(&der, Origin::Store(revision));
        }
        for (der, revision) in reading.streams(holder, ocsps, Shelf::Ocsps) {
            self.add_ocsp(&der, Origin::Store(revision));
        }
    }

    /// Adds a certificate; `revision`: the one of the file that brought it.
    pub(crate) fn add_certificate(&mut self, certificate: &Certificate, revision: Option<usize>) {
        let fingerprint = certificate.fingerprint();
        if let Some(revision) = revision {
            let first = self.certificate_origins.entry(fingerprint).or_insert(revision);
            *first = revision.min(*first);
        }
        if self.known.insert(fingerprint) {
            self.certificates.push(certificate.clone());
        }
    }

    pub(crate) fn add_revocation(&mut self, data: &RevocationData, origin: Origin) {
        for der in &data.crls {
            self.add_crl(der, origin);
        }
        for der in &data.ocsps {
            self.add_ocsp(der, origin);
        }
    }

    fn add_crl(&mut self, der: &[u8], origin: Origin) {
        let (crls, origins) = (&mut self.crls, &mut self.crl_origins);
        let index = *self.known_crls.entry(digest(der)).or_insert_with(|| {
            crls.push(Crl::from_der(der).ok()?);
            origins.push(Origins::default());
            crls.len().checked_sub(1)
        });
        if let Some(origins) = index.and_then(|index| self.crl_origins.get_mut(index)) {
            origins.add(origin);
        }
    }

    fn add_ocsp(&mut self, der: &[u8], origin: Origin) {
        let (ocsps, origins) = (&mut self.ocsps, &mut self.ocsp_origins);
        let index = *self.known_ocsps.entry(digest(der)).or_insert_with(|| {
            ocsps.push(ocsp::Response::from_der(der).ok()?);
            origins.push(Origins::default());
            ocsps.len().checked_sub(1)
        });
        let Some(index) = index else { return };
        if let Some(origins) = self.ocsp_origins.get_mut(index) {
            origins.add(origin);
        }
        let inside = self.ocsps.get(index).map(|one| one.certificates().to_vec()).unwrap_or_default();
        for certificate in &inside {
            self.add_certificate(certificate, origin.revision());
        }
    }
}

fn digest(der: &[u8]) -> Vec<u8> {
    DigestAlgorithm::Sha256.digest(der)
}

/// What an array of a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Shelf {
    Certificates,
    Crls,
    Ocsps,
}

/// A store while it is read: each stream once, however often it is named.
struct Reading<'a> {
    document: &'a Document,
    /// The revision that wrote the store.
    written: usize,
    read: HashSet<(Shelf, Ref)>,
    named: usize,
}

impl Reading<'_> {
    /// The data of the streams in one array of the store that were not read before, with the revisions that wrote them;
    /// what cannot be read is left out.
    fn streams(&mut self, holder: &Dict, key: &str, shelf: Shelf) -> Vec<(Vec<u8>, usize)> {
        let document = self.document;
        let Ok(list) = document.value(holder, key) else { return Vec::new() };
        let mut out = Vec::new();
        for item in list.as_array().unwrap_or_default().iter().take(MAX_ITEMS) {
            // A stream is always an object of its own.
            let Some(reference) = item.as_reference() else { continue };
            self.named += 1;
            if self.named > MAX_NAMED || self.read.len() >= 3 * MAX_ITEMS {
                break;
            }
            if !self.read.insert((shelf, reference)) {
                continue;
            }
            let revision = document.locate(reference).map_or(self.written, |(revision, _)| revision);
            let Ok(found) = document.follow(item) else { continue };
            if let Object::Stream(stream) = &*found
                && let Ok(data) = document.decoded(stream)
            {
                out.push((data, revision));
            }
        }
        out
    }
}

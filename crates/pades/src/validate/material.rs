//! Certificates and revocation data at hand: the document's security store, what signatures and time-stamps carry, what
//! the policy brings, and what a source answered.

use std::collections::HashSet;

use pdf::{Dict, Document, Object};
use pki::Certificate;
use pki::crl::Crl;
use pki::ocsp;

use super::Policy;
use crate::sources::RevocationData;

/// Most items of one kind that are read from a store.
const MAX_ITEMS: usize = 2_000;

/// What validation may use.
pub(crate) struct Material {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) crls: Vec<Crl>,
    pub(crate) ocsps: Vec<ocsp::Response>,
    /// Where each CRL, and each OCSP response, came from.
    pub(crate) crl_origins: Vec<Origin>,
    pub(crate) ocsp_origins: Vec<Origin>,
    /// The certificates of the file, with the revision that brought them.
    pub(crate) certificate_origins: Vec<([u8; 32], usize)>,
    /// The revision that last wrote the store; `None` where the document has none.
    pub(crate) store_revision: Option<usize>,
    known: HashSet<[u8; 32]>,
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
    pub(crate) fn revision(self) -> Option<usize> {
        match self {
            Self::Store(revision) | Self::Signature(revision) => Some(revision),
            Self::Given => None,
        }
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
            certificate_origins: Vec::new(),
            store_revision: None,
            known: HashSet::new(),
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
        self.read_arrays(document, store, ["Certs", "CRLs", "OCSPs"], written);
        // What some writers keep for a signature alone (EN 319 142-1 §5.4.2.3).
        let Ok(by_signature) = document.value(store, "VRI") else { return };
        let Some(by_signature) = by_signature.as_dict() else { return };
        for (_, entry) in by_signature.iter().take(MAX_ITEMS) {
            let Ok(entry) = document.follow(entry) else { continue };
            if let Object::Dictionary(entry) = &*entry {
                self.read_arrays(document, entry, ["Cert", "CRL", "OCSP"], written);
            }
        }
    }

    fn read_arrays(&mut self, document: &Document, holder: &Dict, keys: [&str; 3], written: usize) {
        let [certificates, crls, ocsps] = keys;
        for (der, revision) in streams(document, holder, certificates, written) {
            if let Ok(certificate) = Certificate::from_der(&der) {
                self.add_certificate(&certificate, Some(revision));
            }
        }
        for (der, revision) in streams(document, holder, crls, written) {
            self.add_crl(&der, Origin::Store(revision));
        }
        for (der, revision) in streams(document, holder, ocsps, written) {
            self.add_ocsp(&der, Origin::Store(revision));
        }
    }

    /// Adds a certificate; `revision`: the one of the file that brought it.
    pub(crate) fn add_certificate(&mut self, certificate: &Certificate, revision: Option<usize>) {
        let fingerprint = certificate.fingerprint();
        if let Some(revision) = revision {
            self.certificate_origins.push((fingerprint, revision));
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
        if !self.crls.iter().any(|known| known.der() == der)
            && let Ok(crl) = Crl::from_der(der)
        {
            self.crls.push(crl);
            self.crl_origins.push(origin);
        }
    }

    fn add_ocsp(&mut self, der: &[u8], origin: Origin) {
        if !self.ocsps.iter().any(|known| known.der() == der)
            && let Ok(response) = ocsp::Response::from_der(der)
        {
            for certificate in response.certificates() {
                self.add_certificate(certificate, origin.revision());
            }
            self.ocsps.push(response);
            self.ocsp_origins.push(origin);
        }
    }
}

/// The data of the streams in one array of the store, with the revisions that wrote them; what cannot be read is left
/// out.
fn streams(document: &Document, store: &Dict, key: &str, written: usize) -> Vec<(Vec<u8>, usize)> {
    let Ok(list) = document.value(store, key) else { return Vec::new() };
    let items = list.as_array().unwrap_or_default();
    items
        .iter()
        .take(MAX_ITEMS)
        .filter_map(|item| {
            let revision = item.as_reference().and_then(|reference| document.locate(reference));
            let revision = revision.map_or(written, |(revision, _)| revision);
            match &*document.follow(item).ok()? {
                Object::Stream(stream) => Some((document.decoded(stream).ok()?, revision)),
                _ => None,
            }
        })
        .collect()
}

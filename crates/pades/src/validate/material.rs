//! Certificates and revocation data at hand: the document's security store, and what the policy brings.

use pdf::{Dict, Document, Object};
use pki::Certificate;
use pki::crl::Crl;
use pki::ocsp;

use super::Policy;

/// Most items of one kind that are read from a store.
const MAX_ITEMS: usize = 2_000;

/// What validation may use.
pub(crate) struct Material {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) crls: Vec<Crl>,
    pub(crate) ocsps: Vec<ocsp::Response>,
    /// The revision that last wrote the store; `None` where the document has none.
    pub(crate) store_revision: Option<usize>,
}

impl Material {
    pub(crate) fn of(document: &Document, policy: &Policy) -> Self {
        let mut material = Self {
            certificates: policy.intermediates.clone(),
            crls: Vec::new(),
            ocsps: Vec::new(),
            store_revision: None,
        };
        let Ok(catalog) = document.catalog() else { return material };
        let entry = catalog.value("DSS");
        let Ok(store) = document.follow(entry) else { return material };
        let Object::Dictionary(store) = &*store else { return material };
        let holder = entry.as_reference().unwrap_or_else(|| document.catalog_ref());
        material.store_revision = document.locate(holder).map(|(revision, _)| revision);
        for der in streams(document, store, "Certs") {
            material.certificates.extend(Certificate::from_der(&der));
        }
        for der in streams(document, store, "CRLs") {
            material.crls.extend(Crl::from_der(&der));
        }
        for der in streams(document, store, "OCSPs") {
            material.ocsps.extend(ocsp::Response::from_der(&der));
        }
        material
    }

    /// Whether the store holds revocation data.
    pub(crate) fn has_revocation(&self) -> bool {
        !(self.crls.is_empty() && self.ocsps.is_empty())
    }
}

/// The data of the streams in one array of the store; what cannot be read is left out.
fn streams(document: &Document, store: &Dict, key: &str) -> Vec<Vec<u8>> {
    let Ok(list) = document.value(store, key) else { return Vec::new() };
    let items = list.as_array().unwrap_or_default();
    items
        .iter()
        .take(MAX_ITEMS)
        .filter_map(|item| match &*document.follow(item).ok()? {
            Object::Stream(stream) => document.decoded(stream).ok(),
            _ => None,
        })
        .collect()
}

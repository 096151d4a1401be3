//! The document security store: what a later validation needs (ETSI EN 319 142-1 §5.4.2).

use std::collections::HashMap;

use pdf::{Dict, Document, Object, Ref, Update};

use crate::PrepareError;
use crate::fields::DocumentState;
use crate::form_edit;

/// Validation material, each item as DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dss {
    /// Certificates of every chain: signers, time-stamp authorities, responders.
    pub certs: Vec<Vec<u8>>,
    /// Certificate revocation lists.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses (the whole `OCSPResponse`).
    pub ocsps: Vec<Vec<u8>>,
}

/// Adds validation material in one update; the answer is what to append to the file.
///
/// What the document's store holds already stays and is not added again.
///
/// # Errors
/// Where the document cannot be read, or its store is damaged.
pub fn append_dss(document: &Document, material: &Dss) -> Result<Vec<u8>, PrepareError> {
    // Adding validation material is permitted at every certification level (ISO 32000-2 §12.8.2.2.2, note on P = 1).
    _ = DocumentState::of(document)?;
    let mut update = Update::new(document);
    let root = document.catalog_ref();
    let mut catalog = form_edit::dict(&update, root, "the catalog")?;
    let indirect = catalog.value("DSS").as_reference();
    let old = document.value(&catalog, "DSS")?;
    let mut store = old.as_dict().cloned().unwrap_or_else(|| Dict::new().with("Type", Object::name("DSS")));
    for (key, items) in [("Certs", &material.certs), ("CRLs", &material.crls), ("OCSPs", &material.ocsps)] {
        merge(document, &mut update, &mut store, key, items)?;
    }
    match indirect {
        Some(reference) => update.put(reference, store),
        None => {
            let reference = update.add(store);
            catalog.set("DSS", reference);
            if !catalog.contains("Extensions") {
                catalog.set("Extensions", extension());
            }
            update.put(root, catalog);
        }
    }
    Ok(update.finish()?.bytes)
}

/// Extends one array of the store by what it does not hold yet.
fn merge(
    document: &Document,
    update: &mut Update,
    store: &mut Dict,
    key: &'static str,
    items: &[Vec<u8>],
) -> Result<(), PrepareError> {
    let mut list = document.value(store, key)?.as_array().map(<[Object]>::to_vec).unwrap_or_default();
    let mut held: HashMap<Vec<u8>, Ref> = HashMap::new();
    for item in list.iter().filter_map(Object::as_reference) {
        if let Object::Stream(stream) = &*document.resolve(item)? {
            held.insert(document.decoded(stream)?, item);
        }
    }
    for item in items {
        if held.contains_key(item) {
            continue;
        }
        let reference = update.add_stream(Dict::new(), item);
        held.insert(item.clone(), reference);
        list.push(reference.into());
    }
    if !list.is_empty() {
        store.set(key, list);
    }
    Ok(())
}

/// Tells readers of PDF 1.7 that the file uses a security store (EN 319 142-1 §5.4.1).
fn extension() -> Dict {
    Dict::new().with("ESIC", Dict::new().with("BaseVersion", Object::name("1.7")).with("ExtensionLevel", 1))
}

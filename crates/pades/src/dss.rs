//! The document security store: what a later validation needs (ETSI EN 319 142-1 §5.4.2, ISO 32000-2 §12.8.4.3).

use std::collections::HashMap;

use aws_lc_rs::digest;
use jiff::Timestamp;
use pdf::{Dict, Document, Name, Object, ReadError, Ref, Update};

use crate::PrepareError;
use crate::fields::DocumentState;
use crate::form_edit;
use crate::sign::date;

/// Most items of one kind that are read from a store.
const MAX_ITEMS: usize = 2_000;

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

impl Dss {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certs.is_empty() && self.crls.is_empty() && self.ocsps.is_empty()
    }
}

/// Which of the material belongs to one signature (`/VRI`, EN 319 142-1 §5.4.2.3).
///
/// The baseline levels do not need it; viewers that look up material by signature do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vri {
    /// `/Contents` of the signature, with its padding.
    pub contents: Vec<u8>,
    /// The material; items that the store does not hold are added to it.
    pub material: Dss,
    /// When it was gathered (`/TU`).
    pub at: Option<Timestamp>,
}

impl Vri {
    /// The key of the entry: SHA-1 of `/Contents` in upper-case hexadecimal. It only names the signature.
    #[must_use]
    pub fn key(&self) -> String {
        hex::encode_upper(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &self.contents))
    }
}

/// Adds validation material in one update; the answer is what to append to the file.
///
/// What the document's store holds already stays and is not added again.
///
/// # Errors
/// Where the document cannot be read, or its store is damaged.
pub fn append_dss(document: &Document, material: &Dss) -> Result<Vec<u8>, PrepareError> {
    append_dss_with(document, material, &[])
}

/// The same with entries that say which material belongs to which signature. An entry that is there is left as it is.
///
/// # Errors
/// Where the document cannot be read, or its store is damaged.
pub fn append_dss_with(
    document: &Document,
    material: &Dss,
    related: &[Vri],
) -> Result<Vec<u8>, PrepareError> {
    // Adding validation material is permitted at every certification level (ISO 32000-2 §12.8.2.2.2, note on P = 1).
    _ = DocumentState::of(document)?;
    let mut update = Update::new(document);
    let root = document.catalog_ref();
    let mut catalog = form_edit::dict(&update, root, "the catalog")?;
    let indirect = catalog.value("DSS").as_reference();
    let old = document.value(&catalog, "DSS")?;
    let mut store = old.as_dict().cloned().unwrap_or_else(|| Dict::new().with("Type", Object::name("DSS")));
    let all = |pick: fn(&Dss) -> &Vec<Vec<u8>>| {
        std::iter::once(material).chain(related.iter().map(|one| &one.material)).flat_map(pick)
    };
    let certs = merge(document, &mut update, &mut store, "Certs", all(|dss| &dss.certs))?;
    let crls = merge(document, &mut update, &mut store, "CRLs", all(|dss| &dss.crls))?;
    let ocsps = merge(document, &mut update, &mut store, "OCSPs", all(|dss| &dss.ocsps))?;
    relate(document, &mut update, &mut store, related, &[("Cert", certs), ("CRL", crls), ("OCSP", ocsps)])?;
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

/// Where the streams of one array are.
type Held = HashMap<Vec<u8>, Ref>;

/// Extends one array of the store by what it does not hold yet.
fn merge<'a>(
    document: &Document,
    update: &mut Update,
    store: &mut Dict,
    key: &'static str,
    items: impl Iterator<Item = &'a Vec<u8>>,
) -> Result<Held, PrepareError> {
    let mut list = document.value(store, key)?.as_array().map(<[Object]>::to_vec).unwrap_or_default();
    let mut held = Held::new();
    for item in list.iter().filter_map(Object::as_reference) {
        if let Object::Stream(stream) = &*document.resolve(item)? {
            held.insert(document.decoded(stream)?, item);
        }
    }
    let before = list.len();
    for item in items {
        if held.contains_key(item) {
            continue;
        }
        let reference = update.add_stream(Dict::new(), item);
        held.insert(item.clone(), reference);
        list.push(reference.into());
    }
    if list.len() > before {
        // An array that is an object of its own stays one.
        match store.value(key).as_reference() {
            Some(reference) => update.put(reference, list),
            None => _ = store.set(key, list),
        }
    }
    Ok(held)
}

/// Adds the entries of `/VRI` that are not there yet.
fn relate(
    document: &Document,
    update: &mut Update,
    store: &mut Dict,
    related: &[Vri],
    held: &[(&'static str, Held); 3],
) -> Result<(), PrepareError> {
    let mut entries = document.value(store, "VRI")?.as_dict().cloned().unwrap_or_default();
    let before = entries.iter().count();
    for one in related {
        let key = one.key();
        if entries.contains(&key) {
            continue;
        }
        let mut entry = Dict::new().with("Type", Object::name("VRI"));
        let parts = [&one.material.certs, &one.material.crls, &one.material.ocsps];
        for ((name, held), items) in held.iter().zip(parts) {
            let references: Vec<Object> =
                items.iter().filter_map(|item| held.get(item)).map(|item| Object::from(*item)).collect();
            if !references.is_empty() {
                entry.set(*name, references);
            }
        }
        if let Some(at) = one.at {
            entry.set("TU", date(at));
        }
        entries.set(Name::from(key), update.add(entry));
    }
    if entries.iter().count() > before {
        match store.value("VRI").as_reference() {
            Some(reference) => update.put(reference, entries),
            None => _ = store.set("VRI", entries),
        }
    }
    Ok(())
}

/// What a document's store holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stored {
    pub(crate) material: Dss,
    /// The revision that last wrote the store; `None` where the document has none.
    pub(crate) revision: Option<usize>,
}

/// Reads the store; items that cannot be read are left out.
pub(crate) fn stored(document: &Document) -> Result<Stored, ReadError> {
    let catalog = document.catalog()?;
    let entry = catalog.value("DSS");
    let store = document.follow(entry)?;
    let Some(store) = store.as_dict() else { return Ok(Stored::default()) };
    let holder = entry.as_reference().unwrap_or_else(|| document.catalog_ref());
    let streams = |key| -> Result<Vec<Vec<u8>>, ReadError> {
        let list = document.value(store, key)?;
        let items = list.as_array().unwrap_or_default().iter().take(MAX_ITEMS);
        let read = items.filter_map(|item| match &*document.follow(item).ok()? {
            Object::Stream(stream) => document.decoded(stream).ok(),
            _ => None,
        });
        Ok(read.collect())
    };
    Ok(Stored {
        material: Dss { certs: streams("Certs")?, crls: streams("CRLs")?, ocsps: streams("OCSPs")? },
        revision: document.locate(holder).map(|(revision, _)| revision),
    })
}

/// Tells readers of PDF 1.7 that the file uses a security store (EN 319 142-1 §5.4.1).
fn extension() -> Dict {
    Dict::new().with("ESIC", Dict::new().with("BaseVersion", Object::name("1.7")).with("ExtensionLevel", 1))
}

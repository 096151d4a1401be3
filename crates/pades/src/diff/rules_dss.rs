//! The document security store: certificates, CRLs and OCSP responses may be added (ISO 32000-2 §12.8.4.3).

use pdf::{Dict, Object, ReadError, Ref};

use super::equality::same;
use super::{Comparison, Modification};
use crate::report::{Code, Reason};

const LISTS: [&str; 3] = ["Certs", "CRLs", "OCSPs"];
const VRI_LISTS: [&str; 3] = ["Cert", "CRL", "OCSP"];

impl Comparison<'_> {
    pub(super) fn security_store(&mut self) -> Result<(), ReadError> {
        let (old_root, new_root) = (self.old.document.catalog()?, self.new.document.catalog()?);
        let (old_entry, new_entry) = (old_root.value("DSS"), new_root.value("DSS"));
        if new_entry.is_null() {
            if !old_entry.is_null() {
                self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "DSS"));
            }
            return Ok(());
        }
        let before = self.explained.len();
        let old = self.old.document.follow(old_entry)?;
        let new = self.new.document.follow(new_entry)?;
        let Object::Dictionary(store) = &*new else {
            self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "DSS"));
            return Ok(());
        };
        let empty = Dict::new();
        let old_store = old.as_dict().unwrap_or(&empty);
        let known = |key: &str| LISTS.contains(&key) || key == "Type" || key == "VRI";
        if store.iter().any(|(key, _)| !known(&key.to_text())) {
            self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "DSS"));
            return Ok(());
        }
        let root = self.old.document.catalog_ref();
        if let Some(reference) = new_entry.as_reference() {
            self.explain_container(reference, Place { holder: root, path: "/DSS" });
        }
        // Where the older document refers to the parts of its store.
        let (holder, above) = old_entry.as_reference().map_or((root, "/DSS"), |store| (store, ""));
        for key in LISTS {
            let path = format!("{above}/{key}");
            self.list(store.value(key), Place { holder, path: &path })?;
        }
        let path = format!("{above}/VRI");
        self.related(old_store, store, Place { holder, path: &path })?;
        if self.explained.len() > before || !same(old_entry, new_entry) {
            self.finding(Modification::Archival, new_entry.as_reference(), Reason::new(Code::ChangeDss));
        }
        Ok(())
    }

    /// An array of references to streams, each new or unchanged.
    fn list(&mut self, entry: &Object, place: Place<'_>) -> Result<(), ReadError> {
        if entry.is_null() {
            return Ok(());
        }
        let list = self.new.document.follow(entry)?;
        let Object::Array(items) = &*list else {
            self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "DSS"));
            return Ok(());
        };
        if let Some(reference) = entry.as_reference() {
            self.explain_container(reference, place);
        }
        for item in items {
            let stream = match item.as_reference() {
                Some(reference) if self.is_changed(reference) => {
                    self.is_new(reference)
                        && matches!(&*self.new.document.resolve(reference)?, Object::Stream(_))
                }
                Some(_) => continue,
                None => false,
            };
            if !stream {
                self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "DSS"));
                return Ok(());
            }
            self.explain_new(item)?;
        }
        Ok(())
    }

    /// `/VRI`: what is there stays as it is, more may come.
    fn related(&mut self, old: &Dict, new: &Dict, place: Place<'_>) -> Result<(), ReadError> {
        let entry = new.value("VRI");
        let was = self.old.document.value(old, "VRI")?;
        let is = self.new.document.follow(entry)?;
        if is.is_null() && was.is_null() {
            return Ok(());
        }
        let Object::Dictionary(is) = &*is else {
            self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "DSS"));
            return Ok(());
        };
        let empty = Dict::new();
        let was = was.as_dict().unwrap_or(&empty);
        if was
            .iter()
            .any(|(key, value)| !is.iter().any(|(other, new_value)| other == key && same(value, new_value)))
        {
            self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "DSS"));
        }
        if let Some(reference) = entry.as_reference() {
            self.explain_container(reference, place);
        }
        for (key, value) in is.iter() {
            if was.iter().any(|(other, _)| other == key) {
                continue;
            }
            let record = self.new.document.follow(value)?;
            let Object::Dictionary(record) = &*record else {
                self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "DSS"));
                continue;
            };
            let known = |key: &str| VRI_LISTS.contains(&key) || ["Type", "TU", "TS"].contains(&key);
            if record.iter().all(|(key, _)| known(&key.to_text())) {
                self.explain_new(value)?;
                for (_, item) in record.iter() {
                    self.explain_new(item)?;
                }
            }
        }
        Ok(())
    }

    /// Explains a dictionary or array that this update defines, where nothing but its own place refers to it.
    fn explain_container(&mut self, reference: Ref, place: Place<'_>) {
        if self.is_changed(reference) && self.is_only(reference, Some(place.holder), &[place.path]) {
            self.explain(reference);
        }
    }
}

/// The one place that may refer to a part of the store.
#[derive(Clone, Copy)]
struct Place<'p> {
    holder: Ref,
    path: &'p str,
}

//! The catalog, the metadata and the information dictionary.

use pdf::{Dict, Object, ReadError, Ref};

use super::equality::{different_keys, same};
use super::xmp::{self, Properties};
use super::{Comparison, Finding, Modification, View};
use crate::report::{Code, Reason};

/// Entries of the catalog that other rules judge, or that say nothing about the document's content.
const JUDGED_ELSEWHERE: &[&str] = &["AcroForm", "DSS", "Extensions", "Metadata", "Version"];

/// Entries of the information dictionary in which a program notes its own work on the file.
const OF_THE_PROGRAM: [&str; 2] = ["ModDate", "Producer"];
/// And further ones in a dictionary that it makes.
const OF_THE_MAKER: [&str; 2] = ["CreationDate", "Creator"];

impl Comparison<'_> {
    pub(super) fn catalog(&mut self) -> Result<(), ReadError> {
        let (old_root, new_root) = (self.old.document.catalog_ref(), self.new.document.catalog_ref());
        if old_root != new_root {
            return Ok(()); // the trailer's rule has refused it
        }
        let (old, new) = (self.old.document.catalog()?, self.new.document.catalog()?);
        // Entries of the catalog may change: where it serves as the resources of a page too, they would be painted.
        // The data of a signature's transform is the catalog (table 256); parents have nothing of it painted.
        let serves = |path: &str| ["/Root", "/Data", "/Parent", "/P"].iter().any(|end| path.ends_with(end));
        if !self.usages.of(new_root).iter().all(|usage| serves(&usage.path)) {
            self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "Root"));
        }
        if self.is_changed(new_root) {
            let mut keys = different_keys(&old, &new, JUDGED_ELSEWHERE);
            // Programs write the language anew in another encoding (§7.9.2.2).
            let language = |catalog: &Dict| catalog.value("Lang").as_text();
            keys.retain(|key| key != "Lang" || language(&old).is_none() || language(&old) != language(&new));
            if !keys.is_empty() {
                self.finding(
                    Modification::Forbidden,
                    Some(new_root),
                    Reason::new(Code::ChangeCatalog).with("keys", keys.join(", ")),
                );
            }
            self.explain(new_root);
        }
        self.extensions(&old, &new)?;
        self.metadata(&old, &new)?;
        self.information()
    }

    /// `/Extensions` and `/Version` say which features a file uses (§7.12): names and numbers, nothing that is shown.
    fn extensions(&mut self, old: &Dict, new: &Dict) -> Result<(), ReadError> {
        if !same(old.value("Version"), new.value("Version")) {
            self.version(new.value("Version"));
        }
        let entry = new.value("Extensions");
        if same(old.value("Extensions"), entry)
            && !entry.as_reference().is_some_and(|reference| self.is_changed(reference))
        {
            return Ok(());
        }
        let extensions = self.new.document.follow(entry)?;
        let plain = |value: &Object| match value {
            Object::Dictionary(one) => one
                .iter()
                .all(|(_, value)| matches!(value, Object::Name(_) | Object::Integer(_) | Object::String(_))),
            value => matches!(value, Object::Name(_)),
        };
        let is_plain = match &*extensions {
            Object::Null => true,
            Object::Dictionary(all) => {
                let mut plain_all = true;
                for (_, value) in all.iter() {
                    plain_all &= match &*self.new.document.follow(value)? {
                        Object::Array(items) => items.iter().all(plain),
                        value => plain(value),
                    };
                }
                plain_all
            }
            _ => false,
        };
        if !is_plain {
            self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "Extensions"));
            return Ok(());
        }
        self.name_extensions(old, &extensions)?;
        if let Some(reference) = entry.as_reference() {
            let root = Some(self.new.document.catalog_ref());
            if self.is_changed(reference) && self.is_only(reference, root, &["/Extensions"]) {
                self.explain(reference);
            }
        }
        self.explain_new(entry)
    }

    /// The extensions that a file says otherwise than before that it uses. That of PAdES comes with what uses it
    /// (EN 319 142-1 §5.4.1).
    fn name_extensions(&mut self, old: &Dict, new: &Object) -> Result<(), ReadError> {
        let empty = Dict::new();
        let was = self.old.document.value(old, "Extensions")?;
        let (was, is) = (was.as_dict().unwrap_or(&empty), new.as_dict().unwrap_or(&empty));
        let mut names = different_keys(was, is, &[]);
        names.retain(|name| name != "ESIC" || was.contains("ESIC"));
        if !names.is_empty() {
            let what = Reason::new(Code::ChangeExtensions).with("keys", names.join(", "));
            self.finding(Modification::Archival, Some(self.new.document.catalog_ref()), what);
        }
        Ok(())
    }

    /// A program that uses what a later version brought says so; there is none to which a file goes back.
    fn version(&mut self, new: &Object) {
        const KNOWN: [&str; 9] = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0"];
        let place = |version: &str| KNOWN.iter().position(|known| *known == version);
        let (major, minor) = self.old.document.version();
        let from = place(&format!("{major}.{minor}"));
        let to = new.as_name().map(pdf::Name::to_text).filter(|to| place(to).is_some() && from <= place(to));
        match to {
            Some(to) => {
                let root = Some(self.new.document.catalog_ref());
                self.finding(Modification::Archival, root, Reason::new(Code::ChangeVersion).with("to", to));
            }
            None => self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "Version")),
        }
    }

    fn metadata(&mut self, old: &Dict, new: &Dict) -> Result<(), ReadError> {
        let Some(reference) = new.value("Metadata").as_reference() else {
            if !old.value("Metadata").is_null() || !new.value("Metadata").is_null() {
                self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "Metadata"));
            }
            return Ok(());
        };
        if !self.is_changed(reference) {
            // Another object that was there already must not become the metadata: it could be anything.
            if !same(old.value("Metadata"), new.value("Metadata")) {
                self.forbid(Reason::new(Code::ChangeCatalog).with("keys", "Metadata"));
            }
            return Ok(());
        }
        let own = self.is_only(reference, Some(self.old.document.catalog_ref()), &["/Metadata"]);
        let is_metadata = match &*self.new.document.resolve(reference)? {
            Object::Stream(stream) => {
                stream.dict.is_type("Metadata") && !stream.dict.value("Subtype").is_name("Form")
            }
            _ => false,
        };
        if own && is_metadata {
            let read = |view: &View| -> Result<Option<Properties>, ReadError> {
                match &*view.document.follow(&view.document.catalog()?.value("Metadata").clone())? {
                    Object::Stream(stream) => Ok(xmp::properties(&view.document.decoded(stream)?)),
                    Object::Null => Ok(Some(Properties::new())),
                    _ => Ok(None),
                }
            };
            let told = xmp::different(read(self.old)?, read(self.new)?);
            self.described(reference, &told);
            self.explain(reference);
        }
        Ok(())
    }

    /// `/Info`: strings only, and the object is nothing else besides: a string may be a script, an address or the title of
    /// a bookmark elsewhere.
    fn information(&mut self) -> Result<(), ReadError> {
        let Some(reference) = self.new.document.trailer().value("Info").as_reference() else { return Ok(()) };
        if !self.is_changed(reference) || !self.is_only(reference, None, &["/Info"]) {
            return Ok(());
        }
        let (was, is) = (self.old.document.resolve(reference)?, self.new.document.resolve(reference)?);
        let empty = Dict::new();
        let old = match &*was {
            Object::Dictionary(dict) => dict,
            Object::Null => &empty,
            _ => return Ok(()),
        };
        let Object::Dictionary(new) = &*is else { return Ok(()) };
        let keys = different_keys(old, new, &[]);
        let plain = keys.iter().all(|key| {
            matches!(new.value(key), Object::String(_) | Object::Null)
                || (key == "Trapped" && matches!(new.value(key), Object::Name(_)))
        });
        if plain {
            let of_the_program =
                |key: &str| OF_THE_PROGRAM.contains(&key) || (was.is_null() && OF_THE_MAKER.contains(&key));
            let told: Vec<String> = keys.into_iter().filter(|key| !of_the_program(key)).collect();
            self.described(reference, &told);
            self.explain(reference);
        }
        Ok(())
    }

    /// A change to what the file says of itself. What a program notes of its own work goes with every update; the rest (a
    /// title that viewers show, an author) is the author's, who certified it (§12.8.2.2.1).
    fn described(&mut self, reference: Ref, keys: &[String]) {
        let (level, what) = match keys {
            [] => (Modification::Archival, Reason::new(Code::ChangeMetadata)),
            keys => {
                let what = Reason::new(Code::ChangeInformation).with("keys", keys.join(", "));
                (Modification::FormFilling, what)
            }
        };
        let mut finding = Finding::new(level, Some(reference), what);
        finding.uncertified_only = !keys.is_empty();
        self.findings.push(finding);
    }
}

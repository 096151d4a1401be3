//! On which page an annotation is (ISO 32000-2, 12.5.2): the page whose /Annots lists it, whatever its /P says.

use std::collections::{HashMap, HashSet};

use crate::document::Document;
use crate::{ReadError, Ref, load};

/// Finds pages of annotations, looking at no more pages than needed.
pub(crate) struct Placement<'a> {
    document: &'a Document,
    /// Page index by page object; made when first needed.
    indices: Option<HashMap<Ref, usize>>,
    /// Annotations of the pages looked at.
    listed: HashMap<usize, HashSet<Ref>>,
    /// Page of every annotation, once a /P has led astray.
    all: Option<HashMap<Ref, usize>>,
}

impl<'a> Placement<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self { document, indices: None, listed: HashMap::new(), all: None }
    }

    /// The page that lists `annotation`; `hint` is its /P.
    pub(crate) fn page_of(&mut self, annotation: Ref, hint: Option<Ref>) -> Result<Option<usize>, ReadError> {
        if self.all.is_none()
            && let Some(hint) = hint
            && let Some(index) = self.index(hint)?
            && self.lists(index, hint, annotation)?
        {
            return Ok(Some(index));
        }
        if self.all.is_none() {
            self.all = Some(self.scan()?);
        }
        Ok(self.all.as_ref().and_then(|all| all.get(&annotation)).copied())
    }

    fn index(&mut self, page: Ref) -> Result<Option<usize>, ReadError> {
        if self.indices.is_none() {
            let pages = self.document.page_refs()?;
            self.indices = Some(pages.into_iter().zip(0..).collect());
        }
        Ok(self.indices.as_ref().and_then(|indices| indices.get(&page)).copied())
    }

    fn lists(&mut self, index: usize, page: Ref, annotation: Ref) -> Result<bool, ReadError> {
        if let Some(listed) = self.listed.get(&index) {
            return Ok(listed.contains(&annotation));
        }
        let listed: HashSet<Ref> = annotations(self.document, page)?.into_iter().collect();
        let found = listed.contains(&annotation);
        self.listed.insert(index, listed);
        Ok(found)
    }

    fn scan(&self) -> Result<HashMap<Ref, usize>, ReadError> {
        let mut all = HashMap::new();
        for (index, page) in self.document.page_refs()?.into_iter().enumerate() {
            for annotation in annotations(self.document, page)? {
                all.entry(annotation).or_insert(index);
            }
        }
        Ok(all)
    }
}

/// The annotations that a page lists by reference.
fn annotations(document: &Document, page: Ref) -> Result<Vec<Ref>, ReadError> {
    let object = load::resolve_once(document, page)?;
    let Some(dict) = object.as_dict() else { return Ok(Vec::new()) };
    let list = document.value(dict, "Annots")?;
    Ok(list.as_array().unwrap_or_default().iter().filter_map(crate::Object::as_reference).collect())
}

//! Pages with their inherited attributes (ISO 32000-2, 7.7.3).

use std::collections::HashSet;
use std::sync::Arc;

use crate::document::Document;
use crate::geometry::{Matrix, Rect, Rotation, display_to_user};
use crate::{Dict, Object, ReadError, Ref, load};

/// Says which limit was reached.
pub(crate) const PAGES: &str = "pages";

/// One page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The page object.
    pub reference: Ref,
    /// Position in the document, from 0.
    pub index: usize,
    /// /MediaBox, inherited; A4 where none is given.
    pub media_box: Rect,
    /// The visible part: /CropBox within the media box.
    pub crop_box: Rect,
    /// /Rotate, inherited.
    pub rotation: Rotation,
    /// The page dictionary as it stands, without what it inherits.
    pub dict: Dict,
    /// /Resources of the page or the nearest ancestor that has them.
    pub resources: Dict,
}

impl Page {
    /// Width as displayed, in points.
    pub fn width(&self) -> f64 {
        if self.rotation.turns_sideways() { self.crop_box.height() } else { self.crop_box.width() }
    }

    /// Height as displayed, in points.
    pub fn height(&self) -> f64 {
        if self.rotation.turns_sideways() { self.crop_box.width() } else { self.crop_box.height() }
    }

    /// From the displayed page (top left origin, y down, points) to user space.
    pub fn display_matrix(&self) -> Matrix {
        display_to_user(self.crop_box, self.rotation)
    }

    /// The user space rectangle of a rectangle of the displayed page.
    pub fn to_user_space(&self, display: Rect) -> Rect {
        self.display_matrix().apply_rect(display)
    }

    /// The rectangle of the displayed page of a user space rectangle.
    pub fn to_display(&self, user: Rect) -> Rect {
        // A display matrix only turns and shifts: it has an inverse.
        self.display_matrix().inverse().unwrap_or(Matrix::IDENTITY).apply_rect(user)
    }

    /// The /Matrix that an upright appearance needs on this page.
    pub fn appearance_matrix(&self) -> Matrix {
        self.rotation.appearance_matrix()
    }
}

/// The page tree, flattened.
#[derive(Debug, Default)]
pub(crate) struct PageTree {
    /// Page objects in order, each with the index of its parent in `nodes`.
    pub(crate) pages: Vec<(Ref, usize)>,
    /// Inner nodes with the index of their parents.
    nodes: Vec<(Ref, Option<usize>)>,
}

/// The page tree of a view, walked when first asked for.
pub(crate) fn tree(document: &Document) -> Result<Arc<PageTree>, ReadError> {
    if let Some(tree) = document.view.pages.get() {
        return Ok(Arc::clone(tree));
    }
    let tree = Arc::new(walk(document)?);
    Ok(Arc::clone(document.view.pages.get_or_init(|| tree)))
}

/// Walks the tree in page order with a stack of nodes still to visit.
fn walk(document: &Document) -> Result<PageTree, ReadError> {
    let catalog = document.catalog()?;
    let root = catalog.value("Pages").as_reference();
    let root = root.ok_or(ReadError::unexpected(document.catalog_ref(), "the catalog names no page tree"))?;
    let limits = document.limits();
    let mut tree = PageTree::default();
    let mut inner = HashSet::new();
    let mut waiting = vec![(root, None, 0_usize)];
    while let Some((reference, parent, depth)) = waiting.pop() {
        let node = load::resolve_once(document, reference)?;
        let Some(dict) = node.as_dict() else {
            return Err(ReadError::unexpected(reference, "a page tree node is no dictionary"));
        };
        let Some(kids) = kids(document, dict, reference)? else {
            if parent.is_none() && !dict.is_type("Page") {
                return Err(ReadError::unexpected(reference, "the page tree has no kids"));
            }
            if tree.pages.len() >= limits.max_pages {
                return Err(ReadError::Limit { what: PAGES });
            }
            tree.pages.push((reference, parent.unwrap_or(0)));
            continue;
        };
        if !inner.insert(reference) {
            return Err(ReadError::unexpected(reference, "the page tree runs in a circle"));
        }
        if depth >= limits.max_tree_depth || inner.len() > limits.max_pages.saturating_mul(2) {
            return Err(ReadError::Limit { what: "depth of the page tree" });
        }
        tree.nodes.push((reference, parent));
        let own = Some(tree.nodes.len() - 1);
        for kid in kids.iter().rev() {
            let kid = kid.as_reference();
            let kid =
                kid.ok_or(ReadError::unexpected(reference, "a page is no indirect object (7.7.3.2)"))?;
            waiting.push((kid, own, depth + 1));
        }
        // Visiting more kids than pages are allowed is pointless.
        if waiting.len() > limits.max_pages.saturating_mul(2).saturating_add(1000) {
            return Err(ReadError::Limit { what: PAGES });
        }
    }
    if tree.pages.is_empty() && document.is_repaired() {
        return Err(ReadError::unexpected(root, "no page is left"));
    }
    Ok(tree)
}

/// The kids of an inner node; `None` for a page.
fn kids(document: &Document, dict: &Dict, reference: Ref) -> Result<Option<Vec<Object>>, ReadError> {
    if dict.is_type("Page") || !dict.contains("Kids") {
        return Ok(None);
    }
    let kids = document.value(dict, "Kids")?;
    let kids = kids.as_array().ok_or(ReadError::unexpected(reference, "/Kids is no array"))?;
    Ok(Some(kids.to_vec()))
}

pub(crate) fn page(document: &Document, index: usize) -> Result<Page, ReadError> {
    let tree = tree(document)?;
    let (reference, parent) = *tree.pages.get(index).ok_or(ReadError::Missing { what: "page" })?;
    let object = document.resolve(reference)?;
    let dict = object.as_dict().ok_or(ReadError::unexpected(reference, "a page is no dictionary"))?.clone();
    let ancestors = Ancestors { document, tree: &tree, parent };
    let media_box = ancestors.rect(&dict, "MediaBox")?.unwrap_or(Rect::new(0.0, 0.0, 595.0, 842.0));
    let crop_box = ancestors.rect(&dict, "CropBox")?.and_then(|crop| crop.intersection(&media_box));
    let rotate = ancestors.find(&dict, "Rotate")?;
    let degrees = rotate.as_integer().or_else(|| whole(rotate.as_number()?)).unwrap_or(0);
    let resources = ancestors.find(&dict, "Resources")?.as_dict().cloned().unwrap_or_default();
    Ok(Page {
        reference,
        index,
        media_box,
        crop_box: crop_box.unwrap_or(media_box),
        rotation: Rotation::from_degrees(degrees),
        dict,
        resources,
    })
}

/// `90.0` as 90.
fn whole(number: f64) -> Option<i64> {
    [0, 90, 180, 270, -90, -180, -270]
        .into_iter()
        .find(|degrees| f64::from(*degrees) == number)
        .map(i64::from)
}

/// Where a page inherits from: the nodes through which the tree leads to it, whatever /Parent says.
struct Ancestors<'a> {
    document: &'a Document,
    tree: &'a PageTree,
    parent: usize,
}

impl Ancestors<'_> {
    /// The value of `key` of the page or its nearest ancestor that has one.
    fn find(&self, page: &Dict, key: &str) -> Result<Arc<Object>, ReadError> {
        let own = self.document.value(page, key)?;
        if !own.is_null() {
            return Ok(own);
        }
        let mut next = Some(self.parent);
        while let Some((reference, parent)) = next.and_then(|at| self.tree.nodes.get(at)) {
            let node = self.document.resolve(*reference)?;
            if let Some(dict) = node.as_dict() {
                let value = self.document.value(dict, key)?;
                if !value.is_null() {
                    return Ok(value);
                }
            }
            next = *parent;
        }
        Ok(Arc::new(Object::Null))
    }

    fn rect(&self, page: &Dict, key: &str) -> Result<Option<Rect>, ReadError> {
        rect(self.document, &*self.find(page, key)?)
    }
}

/// A rectangle of four numbers, each maybe a reference; `None` for anything else or an empty one.
pub(crate) fn rect(document: &Document, value: &Object) -> Result<Option<Rect>, ReadError> {
    let Some([a, b, c, d]) = value.as_array() else { return Ok(None) };
    let mut numbers = [0.0; 4];
    for (slot, item) in numbers.iter_mut().zip([a, b, c, d]) {
        match document.follow(item)?.as_number() {
            Some(number) => *slot = number,
            None => return Ok(None),
        }
    }
    let [x0, y0, x1, y1] = numbers;
    Ok(Some(Rect::new(x0, y0, x1, y1)).filter(Rect::is_proper))
}

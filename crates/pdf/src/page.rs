//! Pages with their inherited attributes (ISO 32000-2, 7.7.3).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::document::Document;
use crate::geometry::{Matrix, Rect, Rotation, display_to_user};
use crate::{Dict, Limits, Object, ReadError, Ref, load};

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
    /// /UserUnit: how many points a unit of user space is; 1 for nearly every page. All sizes here are in units.
    pub user_unit: f64,
    /// The page dictionary as it stands, without what it inherits.
    pub dict: Dict,
    /// /Resources of the page or the nearest ancestor that has them.
    pub resources: Dict,
}

impl Page {
    /// Width as displayed, in units of user space.
    pub fn width(&self) -> f64 {
        if self.rotation.turns_sideways() { self.crop_box.height() } else { self.crop_box.width() }
    }

    /// Height as displayed, in units of user space.
    pub fn height(&self) -> f64 {
        if self.rotation.turns_sideways() { self.crop_box.width() } else { self.crop_box.height() }
    }

    /// Width and height of the page as displayed, in points: as a person measures it on paper.
    pub fn size_in_points(&self) -> (f64, f64) {
        (self.width() * self.user_unit, self.height() * self.user_unit)
    }

    /// From the displayed page (top left origin, y down, units of user space) to user space.
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

/// The page tree, flattened: for each page a few bytes, however many there are.
#[derive(Default)]
pub(crate) struct PageTree {
    /// Page objects in order, each with the index of its parent in `nodes`.
    pub(crate) pages: Vec<(Ref, u32)>,
    /// Inner nodes with the index of their parents; the root's is itself.
    nodes: Vec<(Ref, u32)>,
    /// Pages that stand in /Kids themselves, against 7.7.3.2, by the references made up for them.
    direct: BTreeMap<u32, DirectPage>,
    /// About how many bytes those take.
    direct_weight: usize,
    /// What pages inherit from nodes asked for lately.
    attributes: Attributes,
}

/// A page that is no object of its own.
#[derive(Debug, Clone)]
pub(crate) struct DirectPage {
    /// The node in whose /Kids it stands, and where.
    pub(crate) node: Ref,
    pub(crate) at: usize,
    pub(crate) dict: Arc<Object>,
}

impl PageTree {
    /// The page for which this reference was made up.
    pub(crate) fn direct(&self, reference: Ref) -> Option<&DirectPage> {
        self.direct.get(&reference.number).filter(|_| reference.generation == 0)
    }

    pub(crate) fn has_direct(&self) -> bool {
        !self.direct.is_empty()
    }

    /// One more than the highest number made up; 0 where there is none.
    pub(crate) fn size(&self) -> u32 {
        self.direct.keys().next_back().map_or(0, |last| last.saturating_add(1))
    }
}

/// Nodes without their /Kids, which can be long.
#[derive(Default)]
struct Attributes(Mutex<(HashMap<u32, Arc<Dict>>, usize)>);

impl Attributes {
    fn of(&self, document: &Document, index: u32, node: Ref) -> Result<Arc<Dict>, ReadError> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().0.get(&index) {
            return Ok(Arc::clone(known));
        }
        let object = load::resolve_once(document, node)?;
        let dict = object.as_dict().into_iter().flat_map(Dict::iter);
        let dict = dict.filter(|(key, _)| INHERITED.iter().any(|inherited| *key == inherited));
        let dict: Arc<Dict> = Arc::new(dict.map(|(key, value)| (key.clone(), value.clone())).collect());
        let weight = dict.iter().map(|(_, value)| weight(value)).sum::<usize>() + 128;
        let mut kept = lock();
        let limit = document.limits().cache_size / 4;
        if weight <= limit / 4 {
            if kept.1.saturating_add(weight) > limit {
                *kept = (HashMap::new(), 0);
            }
            kept.1 = kept.1.saturating_add(weight);
            kept.0.insert(index, Arc::clone(&dict));
        }
        Ok(dict)
    }
}

/// What a page inherits (Table 31).
const INHERITED: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];

/// About how many bytes a value takes; its depth is bounded by the parser.
fn weight(value: &Object) -> usize {
    let inside: usize = match value {
        Object::Array(items) => items.iter().map(weight).sum(),
        Object::String(string) => string.bytes.len(),
        other => other.as_dict().into_iter().flat_map(Dict::iter).map(|(_, value)| 32 + weight(value)).sum(),
    };
    inside.saturating_add(size_of::<Object>())
}

/// The page tree of a view, walked when first asked for.
pub(crate) fn tree(document: &Document) -> Result<Arc<PageTree>, ReadError> {
    if let Some(tree) = document.view.pages.get() {
        return Ok(Arc::clone(tree));
    }
    let tree = Arc::new(walk(document)?);
    Ok(Arc::clone(document.view.pages.get_or_init(|| tree)))
}

/// A node or page still to visit.
struct Waiting {
    kid: Ref,
    parent: u32,
    depth: u16,
}

/// Walks the tree in page order with a stack of nodes still to visit.
fn walk(document: &Document) -> Result<PageTree, ReadError> {
    let catalog = document.catalog()?;
    let root = catalog.value("Pages").as_reference();
    let root = root.ok_or(ReadError::unexpected(document.catalog_ref(), "the catalog names no page tree"))?;
    let limits = document.limits();
    let mut tree = PageTree::default();
    let mut inner = HashSet::new();
    let mut waiting = vec![Waiting { kid: root, parent: 0, depth: 0 }];
    while let Some(Waiting { kid: reference, parent, depth }) = waiting.pop() {
        if tree.direct(reference).is_some() {
            add_page(&mut tree, limits, reference, parent)?;
            continue;
        }
        let node = load::resolve_once(document, reference)?;
        let Some(dict) = node.as_dict() else {
            return Err(ReadError::unexpected(reference, "a page tree node is no dictionary"));
        };
        if dict.is_type("Page") || !dict.contains("Kids") {
            if tree.nodes.is_empty() && !dict.is_type("Page") {
                return Err(ReadError::unexpected(reference, "the page tree has no kids"));
            }
            add_page(&mut tree, limits, reference, parent)?;
            continue;
        }
        if !inner.insert(reference) {
            return Err(ReadError::unexpected(reference, "the page tree runs in a circle"));
        }
        if usize::from(depth) >= limits.max_tree_depth || inner.len() > limits.max_pages.saturating_mul(2) {
            return Err(ReadError::Limit { what: "depth of the page tree" });
        }
        let own = u32::try_from(tree.nodes.len()).map_err(|_| ReadError::Limit { what: PAGES })?;
        tree.nodes.push((reference, parent));
        let mut kids = kids(document, dict, reference, &mut tree)?;
        let kids =
            kids.drain(..).rev().map(|kid| Waiting { kid, parent: own, depth: depth.saturating_add(1) });
        waiting.extend(kids);
        // Visiting more kids than pages are allowed is pointless.
        if waiting.len() > limits.max_pages.saturating_mul(2).saturating_add(1000) {
            return Err(ReadError::Limit { what: PAGES });
        }
    }
    if tree.pages.is_empty() && document.is_repaired() {
        return Err(ReadError::unexpected(root, "no page is left"));
    }
    tree.pages.shrink_to_fit();
    Ok(tree)
}

fn add_page(tree: &mut PageTree, limits: &Limits, page: Ref, parent: u32) -> Result<(), ReadError> {
    if tree.pages.len() >= limits.max_pages {
        return Err(ReadError::Limit { what: PAGES });
    }
    tree.pages.push((page, parent));
    Ok(())
}

/// The kids of an inner node. A page that stands there itself, as viewers accept, gets a number that no object has.
fn kids(document: &Document, dict: &Dict, node: Ref, tree: &mut PageTree) -> Result<Vec<Ref>, ReadError> {
    let followed;
    let kids = match dict.value("Kids") {
        entry @ Object::Reference(_) => {
            followed = document.follow(entry)?;
            &*followed
        }
        direct => direct,
    };
    let kids = kids.as_array().ok_or(ReadError::unexpected(node, "/Kids is no array"))?;
    let mut references = Vec::with_capacity(kids.len());
    let first_free = load::size(document);
    for (at, kid) in kids.iter().enumerate() {
        match kid {
            // No object has such a number; a page may be given it here.
            Object::Reference(kid) if kid.number >= first_free => {
                return Err(ReadError::unexpected(*kid, "a page tree node is no dictionary"));
            }
            Object::Reference(kid) => references.push(*kid),
            Object::Dictionary(page) if !page.contains("Kids") => {
                let number = tree.size().max(first_free);
                let dict = Arc::new(Object::Dictionary(page.clone()));
                tree.direct_weight = tree.direct_weight.saturating_add(weight(&dict));
                if tree.direct_weight > document.limits().cache_size {
                    return Err(ReadError::Limit { what: "pages that are no objects" });
                }
                tree.direct.insert(number, DirectPage { node, at, dict });
                references.push(Ref::new(number, 0));
            }
            _ => return Err(ReadError::unexpected(node, "a page is neither an object nor a dictionary")),
        }
    }
    Ok(references)
}

pub(crate) fn page(document: &Document, index: usize) -> Result<Page, ReadError> {
    let tree = tree(document)?;
    let (reference, parent) = *tree.pages.get(index).ok_or(ReadError::Missing { what: "page" })?;
    let object = match tree.direct(reference) {
        Some(page) => Arc::clone(&page.dict),
        None => document.resolve(reference)?,
    };
    let dict = object.as_dict().ok_or(ReadError::unexpected(reference, "a page is no dictionary"))?.clone();
    let ancestors = Ancestors { document, tree: &tree, parent };
    let media_box = ancestors.rect(&dict, "MediaBox")?.unwrap_or(Rect::new(0.0, 0.0, 595.0, 842.0));
    let crop_box = ancestors.rect(&dict, "CropBox")?.and_then(|crop| crop.intersection(&media_box));
    let rotate = ancestors.find(&dict, "Rotate")?;
    let degrees = rotate.as_integer().or_else(|| whole(rotate.as_number()?)).unwrap_or(0);
    let user_unit =
        document.value(&dict, "UserUnit")?.as_number().filter(|unit| unit.is_finite() && *unit > 0.0);
    let resources = ancestors.find(&dict, "Resources")?.as_dict().cloned().unwrap_or_default();
    Ok(Page {
        reference,
        index,
        media_box,
        crop_box: crop_box.unwrap_or(media_box),
        rotation: Rotation::from_degrees(degrees),
        user_unit: user_unit.unwrap_or(1.0),
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
    parent: u32,
}

impl Ancestors<'_> {
    /// The value of `key` of the page or its nearest ancestor that has one.
    fn find(&self, page: &Dict, key: &str) -> Result<Arc<Object>, ReadError> {
        let own = self.document.value(page, key)?;
        if !own.is_null() {
            return Ok(own);
        }
        let mut at = self.parent;
        while let Some((reference, parent)) = usize::try_from(at).ok().and_then(|at| self.tree.nodes.get(at))
        {
            let inherited = self.tree.attributes.of(self.document, at, *reference)?;
            let value = self.document.value(&inherited, key)?;
            if !value.is_null() {
                return Ok(value);
            }
            // A parent comes before its kids; the root's parent is itself.
            if *parent >= at {
                break;
            }
            at = *parent;
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

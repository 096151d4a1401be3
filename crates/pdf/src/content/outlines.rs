//! The outlines of letters, to be compared with those of a font that is known.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider;
use skrifa::raw::ps::cff::CffFontRef;
use skrifa::raw::ps::string::Sid;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::glyphs::opentype;
use crate::{Dict, Document, Object, Point, ReadError};

/// Furthest that two points may lie apart and count as the same, in ems.
const NEAR: f64 = 0.003;
/// Most points of one letter.
const MOST_POINTS: usize = 20_000;

/// What a letter looks like, in ems around its origin.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline {
    /// How many points each part has, and those points: 1 begins a contour, 2 is a line, 3 and 4 are curves.
    parts: Vec<(u8, Point)>,
}

impl Outline {
    /// The outline of a character in a font program; `None` where it has none.
    pub fn of(font: &[u8], char: char) -> Option<Self> {
        let font = FontRef::from_index(font, 0).ok()?;
        let glyph = font.charmap().map(char)?;
        draw(&font, glyph)
    }

    /// Whether both are drawn alike.
    pub fn is_like(&self, other: &Self) -> bool {
        let near = |a: &(u8, Point), b: &(u8, Point)| {
            a.0 == b.0 && (a.1.x - b.1.x).abs() <= NEAR && (a.1.y - b.1.y).abs() <= NEAR
        };
        self.parts.len() == other.parts.len() && self.parts.iter().zip(&other.parts).all(|(a, b)| near(a, b))
    }

    /// How far it reaches to the right of its origin.
    pub fn right(&self) -> f64 {
        self.parts.iter().map(|(_, at)| at.x).fold(0.0, f64::max)
    }
}

/// A font program in a file, for fonts whose codes lead to its glyphs in one way alone: Type 0 with Identity-H (9.7.5).
#[derive(Debug)]
pub struct Program {
    data: Vec<u8>,
    glyphs: Glyphs,
}

#[derive(Debug)]
enum Glyphs {
    /// By the code.
    Same,
    /// Two bytes for each code (`CIDToGIDMap`).
    Mapped(Vec<u8>),
    /// By the character set of a CFF program that is keyed so; the program as it stands in the file.
    Keyed(Vec<u8>),
}

impl Program {
    /// The program of a font; `None` where it has none, or programs may take different glyphs of it.
    ///
    /// # Errors
    /// Damage of the objects on the way.
    pub fn read(document: &Document, font: &Dict) -> Result<Option<Self>, ReadError> {
        let is_plain = document.value(font, "Subtype")?.is_name("Type0")
            && document.value(font, "Encoding")?.is_name("Identity-H");
        let list = document.value(font, "DescendantFonts")?;
        let (true, Some([one])) = (is_plain, list.as_array()) else { return Ok(None) };
        let descendant = document.follow(one)?;
        let Some(descendant) = descendant.as_dict() else { return Ok(None) };
        let descriptor = document.value(descendant, "FontDescriptor")?;
        let Some(descriptor) = descriptor.as_dict() else { return Ok(None) };
        let has = |key: &str| descriptor.contains(key);
        let kind = document.value(descendant, "Subtype")?;
        let key = match (has("FontFile"), has("FontFile2"), has("FontFile3")) {
            (false, true, false) if kind.is_name("CIDFontType2") => "FontFile2",
            (false, false, true) if kind.is_name("CIDFontType0") => "FontFile3",
            _ => return Ok(None),
        };
        let file = document.value(descriptor, key)?;
        let Object::Stream(file) = &*file else { return Ok(None) };
        let data = document.decoded(file)?;
        document.reader().work.spend(data.len())?;
        if key == "FontFile3" {
            return Ok(Self::of_cff(data));
        }
        let glyphs = match &*document.value(descendant, "CIDToGIDMap")? {
            Object::Null => Glyphs::Same,
            Object::Name(name) if *name == *"Identity" => Glyphs::Same,
            Object::Stream(map) => Glyphs::Mapped(document.decoded(map)?),
            _ => return Ok(None),
        };
        let is_read = FontRef::from_index(&data, 0).is_ok_and(|font| font.glyf().is_ok());
        Ok(is_read.then_some(Self { data, glyphs }))
    }

    fn of_cff(cff: Vec<u8>) -> Option<Self> {
        let data = opentype(&cff)?;
        let is_keyed = CffFontRef::new_cff(&cff, 0, None).ok()?.is_cid();
        Some(Self { data, glyphs: if is_keyed { Glyphs::Keyed(cff) } else { Glyphs::Same } })
    }

    /// The outline that a code shows.
    pub fn outline(&self, code: u32) -> Option<Outline> {
        let cid = u16::try_from(code).ok()?;
        let glyph = match &self.glyphs {
            Glyphs::Same => GlyphId::from(cid),
            Glyphs::Mapped(map) => {
                let at = usize::from(cid) * 2;
                let [high, low] = map.get(at..at + 2)? else { return None };
                GlyphId::from(u16::from_be_bytes([*high, *low]))
            }
            Glyphs::Keyed(cff) => {
                let font = CffFontRef::new_cff(cff, 0, None).ok()?;
                font.charset()?.glyph_id(Sid::new(cid)).ok()?
            }
        };
        draw(&FontRef::from_index(&self.data, 0).ok()?, glyph)
    }
}

fn draw(font: &FontRef<'_>, glyph: GlyphId) -> Option<Outline> {
    let units = f64::from(font.head().ok()?.units_per_em());
    let mut pen = Pen { units, outline: Outline::default() };
    let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
    font.outline_glyphs().get(glyph)?.draw(settings, &mut pen).ok()?;
    (units > 0.0 && pen.outline.parts.len() < MOST_POINTS).then_some(pen.outline)
}

struct Pen {
    units: f64,
    outline: Outline,
}

impl Pen {
    fn part(&mut self, kind: u8, points: &[(f32, f32)]) {
        let at = |(x, y): &(f32, f32)| Point { x: f64::from(*x) / self.units, y: f64::from(*y) / self.units };
        if self.outline.parts.len() < MOST_POINTS {
            self.outline.parts.extend(points.iter().map(|point| (kind, at(point))));
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.part(1, &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.part(2, &[(x, y)]);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.part(3, &[(cx0, cy0), (x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.part(4, &[(cx0, cy0), (cx1, cy1), (x, y)]);
    }

    fn close(&mut self) {}
}

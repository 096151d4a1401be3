//! How far the letters of a font may reach, in units of its size around their origins.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider};

use crate::{Dict, Document, Object, ReadError, Rect};

/// Most glyphs whose outlines are looked at; a subset has fewer.
const MOST_GLYPHS: u32 = 4_000;
/// What programs have at hand for a font that is not in the file.
pub(super) const USUAL: Rect = Rect { x0: -0.1, y0: -0.25, x1: 1.0, y1: 0.95 };

/// Around all letters of the font program that a descriptor names; `None` where that cannot be told: a program may lie in
/// its own tables, so its outlines count.
pub(super) fn reach(document: &Document, descriptor: &Dict) -> Result<Option<Rect>, ReadError> {
    for key in ["FontFile2", "FontFile3"] {
        if let Object::Stream(stream) = &*document.value(descriptor, key)?
            && !descriptor.contains("FontFile")
        {
            let data = document.decoded(stream)?;
            document.reader().work.spend(data.len())?;
            return Ok(outlines(&data));
        }
    }
    Ok(None)
}

fn outlines(data: &[u8]) -> Option<Rect> {
    let wrapped;
    let font = match FontRef::from_index(data, 0) {
        Ok(font) => font,
        Err(_) => {
            wrapped = opentype(data)?;
            FontRef::from_index(&wrapped, 0).ok()?
        }
    };
    let units = f64::from(font.head().ok()?.units_per_em());
    let mut bounds = Bounds(None);
    let mut count = 0;
    for (_, glyph) in font.outline_glyphs().iter() {
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        glyph.draw(settings, &mut bounds).ok()?;
        count += 1;
        if count > MOST_GLYPHS {
            return None;
        }
    }
    let area = bounds.0.filter(|_| units > 0.0)?;
    Some(Rect { x0: area.x0 / units, y0: area.y0 / units, x1: area.x1 / units, y1: area.y1 / units })
}

/// A bare CFF font program in the tables that it has in an OpenType font.
pub(super) fn opentype(cff: &[u8]) -> Option<Vec<u8>> {
    const MAGIC: [u8; 4] = [0x5f, 0x0f, 0x3c, 0xf5];
    if !cff.starts_with(&[1, 0]) {
        return None;
    }
    // Up to the units of an em, which is a thousand in CFF, and what follows them.
    let head = [&[0, 1, 0, 0], &[0; 8][..], &MAGIC, &[0; 2], &1000_u16.to_be_bytes(), &[0; 34]].concat();
    let hhea = [&[0, 1, 0, 0], &[0; 30][..], &[0, 1]].concat();
    let tables: [(&[u8; 4], &[u8]); 5] = [
        (b"CFF ", cff),
        (b"head", &head),
        (b"hhea", &hhea),
        (b"hmtx", &[0; 4]),
        (b"maxp", &[0, 0, 0x50, 0, 0xff, 0xff]),
    ];
    let mut directory = [&b"OTTO"[..], &[0, 5, 0, 64, 0, 2, 0, 16]].concat();
    let mut body = Vec::new();
    for (tag, table) in tables {
        let offset = u32::try_from(12 + 16 * tables.len() + body.len()).ok()?;
        let length = u32::try_from(table.len()).ok()?;
        let record = [*tag, [0; 4], offset.to_be_bytes(), length.to_be_bytes()].concat();
        directory.extend_from_slice(&record);
        body.extend_from_slice(table);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    directory.append(&mut body);
    Some(directory)
}

/// Around every point, those that control curves included.
struct Bounds(Option<Rect>);

impl Bounds {
    fn reach(&mut self, x: f32, y: f32) {
        let (x, y) = (f64::from(x), f64::from(y));
        let area = self.0.unwrap_or(Rect { x0: x, y0: y, x1: x, y1: y });
        self.0 =
            Some(Rect { x0: area.x0.min(x), y0: area.y0.min(y), x1: area.x1.max(x), y1: area.y1.max(y) });
    }
}

impl OutlinePen for Bounds {
    fn move_to(&mut self, x: f32, y: f32) {
        self.reach(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.reach(x, y);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.reach(cx0, cy0);
        self.reach(x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.reach(cx0, cy0);
        self.reach(cx1, cy1);
        self.reach(x, y);
    }

    fn close(&mut self) {}
}

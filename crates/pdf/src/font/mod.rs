//! Fonts embedded as subsets (ISO 32000-2, 9.7): Type 0 with Identity-H, glyphs by their CID in the subset.

mod cmap;

use subsetter::GlyphRemapper;
use ttf_parser::{Face, RawFace, Tag};

use crate::{Dict, FontUse, Object, Ref, Update, UpdateError};

/// Embeds the glyphs that are used and gives the Type 0 font's object.
pub(crate) fn embed(update: &mut Update, font: &FontUse) -> Result<Ref, UpdateError> {
    let bad = |what: &str| UpdateError::Font { what: what.to_owned() };
    let face = Face::parse(font.font, 0).map_err(|error| bad(&error.to_string()))?;
    let mut remapper = GlyphRemapper::new();
    for (code, (glyph, _)) in (1_u16..).zip(&font.glyphs) {
        if remapper.remap(*glyph) != code {
            return Err(bad("glyphs must be distinct and not glyph 0"));
        }
    }
    let subset = subsetter::subset(font.font, 0, &remapper).map_err(|error| bad(&error.to_string()))?;
    let raw = RawFace::parse(&subset, 0).map_err(|error| bad(&error.to_string()))?;
    let cff = raw.table(Tag::from_bytes(b"CFF "));
    let name = format!("{}+{}", tag(font), postscript_name(&face));
    let file = match cff {
        Some(cff) => update.add_stream(Dict::new().with("Subtype", Object::name("CIDFontType0C")), cff),
        None => {
            let length = i64::try_from(subset.len()).unwrap_or(0);
            update.add_stream(Dict::new().with("Length1", length), &subset)
        }
    };
    let (file_key, subtype) =
        if cff.is_some() { ("FontFile3", "CIDFontType0") } else { ("FontFile2", "CIDFontType2") };
    let set = update.add_stream(Dict::new(), &cid_set(font.glyphs.len().saturating_add(1)));
    let descriptor = update.add(descriptor(&face, &name).with(file_key, file).with("CIDSet", set));
    let system = Dict::new()
        .with("Registry", Object::string("Adobe"))
        .with("Ordering", Object::string("Identity"))
        .with("Supplement", 0);
    let mut descendant = Dict::new()
        .with("Type", Object::name("Font"))
        .with("Subtype", Object::name(subtype))
        .with("BaseFont", Object::name(name.clone()))
        .with("CIDSystemInfo", system)
        .with("FontDescriptor", descriptor)
        .with("DW", 1000)
        .with("W", widths(&face, font));
    if cff.is_none() {
        descendant.set("CIDToGIDMap", Object::name("Identity"));
    }
    let descendant = update.add(descendant);
    let to_unicode = update.add_stream(Dict::new(), &cmap::to_unicode(&font.glyphs));
    Ok(update.add(
        Dict::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type0"))
            .with("BaseFont", Object::name(name))
            .with("Encoding", Object::name("Identity-H"))
            .with("DescendantFonts", vec![Object::Reference(descendant)])
            .with("ToUnicode", to_unicode),
    ))
}

/// Glyph space units per thousand of the em.
fn per_mille(face: &Face<'_>, units: f64) -> f64 {
    (units * 1000.0 / f64::from(face.units_per_em())).round()
}

/// /W: the widths of CIDs from 1 on (9.7.4.3).
fn widths(face: &Face<'_>, font: &FontUse) -> Vec<Object> {
    let width = |glyph: u16| {
        let advance = face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
        Object::Real(per_mille(face, f64::from(advance)))
    };
    vec![Object::from(1), Object::Array(font.glyphs.iter().map(|(glyph, _)| width(*glyph)).collect())]
}

/// The font descriptor (9.8) without the font file.
fn descriptor(face: &Face<'_>, name: &str) -> Dict {
    const SYMBOLIC: i32 = 4;
    let bbox = face.global_bounding_box();
    let bbox = [bbox.x_min, bbox.y_min, bbox.x_max, bbox.y_max].map(|n| per_mille(face, f64::from(n)));
    let ascent = per_mille(face, f64::from(face.ascender()));
    let cap_height = face.capital_height().map_or(ascent, |height| per_mille(face, f64::from(height)));
    Dict::new()
        .with("Type", Object::name("FontDescriptor"))
        .with("FontName", Object::name(name.to_owned()))
        .with("Flags", SYMBOLIC)
        .with("FontBBox", Object::numbers(bbox))
        .with("ItalicAngle", f64::from(face.italic_angle()))
        .with("Ascent", ascent)
        .with("Descent", per_mille(face, f64::from(face.descender())))
        .with("CapHeight", cap_height)
        .with("StemV", 80)
}

/// /CIDSet (Table 122): a bit for each CID of the subset, from 0 on without a gap. ISO 19005-1, 6.3.5 asks for it.
fn cid_set(count: usize) -> Vec<u8> {
    let mut set = vec![0xff; count / 8];
    if !count.is_multiple_of(8) {
        set.push(!(0xff >> (count % 8)));
    }
    set
}

/// Six letters that tell subsets apart (9.9.2).
fn tag(font: &FontUse) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (glyph, _) in &font.glyphs {
        hash = (hash ^ u64::from(*glyph)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut tag = String::new();
    for _ in 0..6 {
        tag.push(u8::try_from(hash % 26).map_or('A', |letter| char::from(b'A' + letter)));
        hash /= 26;
    }
    tag
}

fn postscript_name(face: &Face<'_>) -> String {
    let names = face.names();
    let name = names.into_iter().find(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME);
    let name = name.and_then(|name| name.to_string()).unwrap_or_else(|| "Font".to_owned());
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

//! Whether a font shows the letters that it says it shows.
//!
//! A font that nobody had seen when the first signature was made may lie: its map says one letter, its outlines show
//! another. Such a one is believed where its outlines are those of a font that is known, letter by letter.

use std::collections::HashSet;

use pdf::content::{Face, Mark, Outline, Paint, Program};
use pdf::{Document, ReadError, Ref};

use super::{Comparison, references};

/// Fonts that are known: the ones that fields are filled in with.
fn known() -> [&'static [u8]; 2] {
    [fonts::SANS, fonts::SERIF]
}

/// Most objects that a font is made of.
const MOST_PARTS: usize = 200;

/// Parts of the names of fonts that are pictures by any code.
const PICTURES: [&str; 22] = [
    "symbol",
    "dingbat",
    "wingding",
    "webding",
    "marlett",
    "mtextra",
    "mdl2",
    "fluenticon",
    "awesome",
    "emoji",
    "icon",
    "barcode",
    "code128",
    "code39",
    "ean13",
    "ocra",
    "fences",
    "glyphs",
    "ornament",
    "pictur",
    "musi",
    "chess",
];
/// The beginnings of names of fonts that programs have, or have a stand-in for, and that write.
const WRITING: [&str; 67] = [
    "helv",
    "arial",
    "times",
    "cour",
    "calibri",
    "cambria",
    "candara",
    "consolas",
    "constantia",
    "corbel",
    "georgia",
    "verdana",
    "tahoma",
    "trebuchet",
    "segoeui",
    "palatino",
    "bookantiqua",
    "garamond",
    "gillsans",
    "lucida",
    "myriad",
    "minion",
    "adobe",
    "noto",
    "dejavu",
    "liberation",
    "droid",
    "roboto",
    "opensans",
    "sourcehan",
    "sourcesans",
    "sourceserif",
    "nimbus",
    "freesans",
    "freeserif",
    "simsun",
    "nsimsun",
    "simhei",
    "simkai",
    "simfang",
    "kaiti",
    "fangsong",
    "song",
    "hei",
    "kai",
    "sts",
    "msung",
    "mhei",
    "monotype",
    "microsoft",
    "msyahei",
    "pingfang",
    "mingliu",
    "pmingliu",
    "heisei",
    "kozmin",
    "kozgo",
    "msmincho",
    "msgothic",
    "hys",
    "ming",
    "fangti",
    "mincho",
    "gothic",
    "batang",
    "dotum",
    "gulim",
];

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// The outlines of a text's letters, where they had to be asked, or why its font is not believed.
pub(super) type Vouched = Result<Option<Vec<Outline>>, &'static str>;

impl Comparison<'_> {
    /// Whether the text of a mark is what it shows.
    pub(super) fn vouch(&self, document: &Document, mark: &Mark) -> Result<Vouched, ReadError> {
        let Paint::Text { face: Some(face), letters, .. } = &mark.paint else { return Ok(Ok(None)) };
        if self.is_signed_font(document, face)? && (face.is_embedded || !is_picture(&face.name)) {
            return Ok(Ok(None));
        }
        if !face.is_embedded {
            let writes = !is_picture(&face.name) && is_writing(&face.name);
            return Ok(if writes { Ok(None) } else { Err("nobody knows what its font shows") });
        }
        let Some(program) = Program::read(document, &face.dict)? else {
            return Ok(Err("nobody knows what its font shows"));
        };
        let mut outlines = Vec::new();
        for letter in letters.iter() {
            let mut chars = letter.text.as_deref().unwrap_or_default().chars();
            let (Some(char), None) = (chars.next(), chars.next()) else {
                return Ok(Err("its font does not tell what it shows"));
            };
            let is_known = |outline: &Outline| {
                known()
                    .into_iter()
                    .filter_map(|font| Outline::of(font, char))
                    .any(|known| known.is_like(outline))
            };
            match program.outline(letter.code).filter(is_known) {
                Some(outline) => outlines.push(outline),
                None => return Ok(Err("nobody knows what its font shows")),
            }
        }
        Ok(Ok(Some(outlines)))
    }

    /// Whether a font, and all that it is made of, was there when the first signature was made.
    fn is_signed_font(&self, document: &Document, face: &Face) -> Result<bool, ReadError> {
        let Some(font) = face.reference else { return Ok(false) };
        let (mut seen, mut waiting): (HashSet<Ref>, Vec<Ref>) = (HashSet::new(), vec![font]);
        while let Some(reference) = waiting.pop() {
            if !seen.insert(reference) {
                continue;
            }
            if seen.len() > MOST_PARTS || self.born(reference) > self.signed {
                return Ok(false);
            }
            waiting.extend(references(&*document.resolve(reference)?));
        }
        Ok(true)
    }
}

fn is_picture(name: &str) -> bool {
    let name = plain(name);
    PICTURES.iter().any(|part| name.contains(part))
}

fn is_writing(name: &str) -> bool {
    let name = plain(name);
    WRITING.iter().any(|start| name.starts_with(start))
}

//! From the codes of a shown string to text and widths (ISO 32000-2, 9.6, 9.7, 9.10).

use std::collections::HashMap;
use std::sync::Arc;

use super::encoding::{self, Base};
use super::letters::Face;
use super::{glyphs, standard};
use crate::lexer::{Lexer, Token};
use crate::{Dict, Document, Object, ReadError, Rect, Ref};

/// Most entries taken from one `ToUnicode` map.
const MOST_MAPPED: usize = 70_000;

/// A font as far as text and widths go.
pub(super) struct Font {
    kind: Kind,
    /// Text by code, from /`ToUnicode`.
    to_unicode: HashMap<u32, String>,
    /// Widths by code, in thousandths.
    widths: HashMap<u32, f64>,
    default_width: f64,
    /// Whether the font program is in the file, or drawings are.
    pub(super) is_embedded: bool,
    /// How far its letters reach around their origins, in units of its size; `None` where nobody can tell.
    pub(super) reach: Option<Rect>,
    pub(super) face: Arc<Face>,
}

enum Kind {
    /// One byte a code; the characters that the encoding names, and whether the font program is in the file.
    Simple { chars: Vec<Option<char>>, is_embedded: bool },
    /// Two bytes a code, without meaning of its own.
    Identity,
    /// Two bytes a code, UTF-16.
    Unicode,
    /// Glyphs are drawings, or codes have a length that is not known here.
    Opaque,
}

/// What one code shows.
pub(super) struct Shown {
    pub(super) code: u32,
    /// `None` where it cannot be told.
    pub(super) text: Option<String>,
    /// In thousandths of the size.
    pub(super) width: f64,
    /// Whether word spacing applies.
    pub(super) is_space: bool,
}

impl Font {
    /// `reference` is the font's object, where it is one.
    pub(super) fn read(document: &Document, dict: &Dict, reference: Option<Ref>) -> Result<Self, ReadError> {
        let mut font = Self::unnamed(document, dict)?;
        let name = name(document, dict, "BaseFont")?.unwrap_or_default();
        let name = match name.split_once('+') {
            Some((tag, name)) if tag.len() == 6 => name.to_owned(),
            _ => name,
        };
        let is_level = font.reach.is_some() || matches!(font.kind, Kind::Simple { .. });
        font.face =
            Arc::new(Face { reference, dict: dict.clone(), name, is_embedded: font.is_embedded, is_level });
        Ok(font)
    }

    fn unnamed(document: &Document, dict: &Dict) -> Result<Self, ReadError> {
        let subtype = name(document, dict, "Subtype")?;
        let to_unicode = match &*document.value(dict, "ToUnicode")? {
            Object::Stream(stream) => cmap(&document.decoded(stream)?),
            _ => HashMap::new(),
        };
        match subtype.as_deref() {
            Some("Type0") => composite(document, dict, to_unicode),
            Some("Type3") => Ok(Self {
                kind: Kind::Opaque,
                to_unicode: HashMap::new(),
                widths: HashMap::new(),
                default_width: 500.0,
                is_embedded: true,
                reach: None,
                face: Arc::default(),
            }),
            _ => simple(document, dict, to_unicode),
        }
    }

    /// What a string shows, code by code.
    pub(super) fn show(&self, bytes: &[u8]) -> Vec<Shown> {
        let step = if matches!(self.kind, Kind::Simple { .. } | Kind::Opaque) { 1 } else { 2 };
        bytes
            .chunks(step)
            .map(|code| {
                let number = code.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
                let width = self.widths.get(&number).copied().unwrap_or(self.default_width);
                Shown { code: number, text: self.text(number), width, is_space: code == b" " }
            })
            .collect()
    }

    fn text(&self, code: u32) -> Option<String> {
        let mapped = self.to_unicode.get(&code).cloned();
        match &self.kind {
            Kind::Opaque => None,
            Kind::Identity => mapped,
            Kind::Unicode => {
                let unit = u16::try_from(code).ok()?;
                char::decode_utf16([unit]).next()?.ok().map(String::from)
            }
            Kind::Simple { chars, is_embedded } => {
                let named = usize::try_from(code).ok().and_then(|code| chars.get(code).copied().flatten());
                match (mapped, named) {
                    // A font that is not in the file draws what its encoding names, whatever the map says.
                    (_, Some(named)) if !is_embedded => Some(named.to_string()),
                    // Two statements that contradict each other say nothing.
                    (Some(mapped), Some(named)) => {
                        (plain(&mapped) == plain(&named.to_string())).then_some(mapped)
                    }
                    (mapped, named) => mapped.or_else(|| named.map(String::from)),
                }
            }
        }
    }
}

/// Kinds of blanks, hyphens and ligatures are told apart by encodings alone, not by what is seen.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{2002}', '\u{2003}'], " ")
        .replace(['\u{ad}', '\u{2010}', '\u{2011}'], "-")
        .replace('\u{b5}', "μ")
        .replace('ﬁ', "fi")
        .replace('ﬂ', "fl")
}

fn name(document: &Document, dict: &Dict, key: &str) -> Result<Option<String>, ReadError> {
    Ok(document.value(dict, key)?.as_name().map(crate::Name::to_text))
}

fn simple(document: &Document, dict: &Dict, to_unicode: HashMap<u32, String>) -> Result<Font, ReadError> {
    let descriptor = document.value(dict, "FontDescriptor")?;
    let descriptor = descriptor.as_dict();
    let is_embedded = is_embedded(descriptor);
    let base_font = name(document, dict, "BaseFont")?.unwrap_or_default();
    let is_symbol = ["Symbol", "ZapfDingbats"].iter().any(|symbol| base_font.ends_with(symbol));
    let encoding = document.value(dict, "Encoding")?;
    let built_in = if is_embedded || is_symbol { None } else { Some(Base::Standard) };
    let base = match &*encoding {
        Object::Name(name) => Base::named(&name.to_text()).or(built_in),
        Object::Dictionary(one) => {
            name(document, one, "BaseEncoding")?.and_then(|name| Base::named(&name)).or(built_in)
        }
        _ => built_in,
    };
    let base = base.filter(|_| !is_symbol);
    let mut chars: Vec<Option<char>> =
        (0..=u8::MAX).map(|code| base.and_then(|base| base.char(code))).collect();
    if let Object::Dictionary(one) = &*encoding {
        differences(document, one, &mut chars)?;
    }
    let mut widths = HashMap::new();
    let first =
        document.value(dict, "FirstChar")?.as_integer().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let list = document.value(dict, "Widths")?;
    for (code, width) in (first..).zip(list.as_array().unwrap_or_default().iter().take(256)) {
        if let Some(width) = document.follow(width)?.as_number() {
            widths.insert(code, width);
        }
    }
    if widths.is_empty() && !is_embedded {
        widths = standard::widths(&base_font, &chars);
    }
    let missing = match descriptor {
        Some(one) => document.value(one, "MissingWidth")?.as_number().filter(|width| *width > 0.0),
        None => None,
    };
    let default_width = missing.unwrap_or(556.0);
    let reach = reach_of(document, descriptor)?;
    Ok(Font {
        kind: Kind::Simple { chars, is_embedded },
        to_unicode,
        widths,
        default_width,
        is_embedded,
        reach,
        face: Arc::default(),
    })
}

fn is_embedded(descriptor: Option<&Dict>) -> bool {
    descriptor.is_some_and(|one| ["FontFile", "FontFile2", "FontFile3"].iter().any(|key| one.contains(key)))
}

fn reach_of(document: &Document, descriptor: Option<&Dict>) -> Result<Option<Rect>, ReadError> {
    match descriptor.filter(|one| is_embedded(Some(one))) {
        Some(descriptor) => glyphs::reach(document, descriptor),
        None => Ok(Some(glyphs::USUAL)),
    }
}

fn differences(document: &Document, encoding: &Dict, chars: &mut [Option<char>]) -> Result<(), ReadError> {
    let list = document.value(encoding, "Differences")?;
    let mut code = 0_usize;
    for item in list.as_array().unwrap_or_default().iter().take(1024) {
        match &*document.follow(item)? {
            Object::Integer(number) => code = usize::try_from(*number).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(slot) = chars.get_mut(code) {
                    *slot = encoding::named(&name.to_text());
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    Ok(())
}

fn composite(document: &Document, dict: &Dict, to_unicode: HashMap<u32, String>) -> Result<Font, ReadError> {
    let encoding = name(document, dict, "Encoding")?.unwrap_or_default();
    let kind = match encoding.as_str() {
        "Identity-H" | "Identity-V" => Kind::Identity,
        other if other.starts_with("Uni") && (other.contains("UCS2") || other.contains("UTF16")) => {
            Kind::Unicode
        }
        _ => Kind::Opaque,
    };
    let list = document.value(dict, "DescendantFonts")?;
    let descendant = match list.as_array().and_then(<[Object]>::first) {
        Some(first) => document.follow(first)?,
        None => Arc::new(Object::Null),
    };
    let (mut widths, mut default_width) = (HashMap::new(), 1000.0);
    let (mut embedded, mut reach) = (false, Some(glyphs::USUAL));
    let mut kind = kind;
    if let Some(one) = descendant.as_dict() {
        if matches!(kind, Kind::Unicode) && !fits(document, one, &encoding)? {
            kind = Kind::Opaque;
        }
        let descriptor = document.value(one, "FontDescriptor")?;
        embedded = is_embedded(descriptor.as_dict());
        reach = reach_of(document, descriptor.as_dict())?;
        default_width = document.value(one, "DW")?.as_number().unwrap_or(1000.0);
        composite_widths(document, one, &mut widths)?;
    }
    // What is written downwards has other places.
    let is_level = matches!(kind, Kind::Identity | Kind::Unicode) && !encoding.ends_with("-V");
    let reach = reach.filter(|_| is_level);
    let face = Arc::default();
    Ok(Font { kind, to_unicode, widths, default_width, is_embedded: embedded, reach, face })
}

/// Whether a font has the collection of characters (9.7.3) that the names of an encoding are numbers of: programs draw
/// other ones where it has not.
fn fits(document: &Document, descendant: &Dict, encoding: &str) -> Result<bool, ReadError> {
    let system = document.value(descendant, "CIDSystemInfo")?;
    let ordering = match system.as_dict() {
        Some(system) => document.value(system, "Ordering")?.as_text().unwrap_or_default(),
        None => return Ok(false),
    };
    let of_encoding: &[&str] = match encoding.get(..5).unwrap_or_default() {
        "UniGB" => &["GB1"],
        "UniCN" => &["CNS1"],
        "UniJI" => &["Japan1"],
        "UniKS" => &["Korea1", "KR"],
        _ => &[],
    };
    Ok(of_encoding.contains(&ordering.as_str()))
}

/// /W: `c [w1 w2 …]` and `first last w` (9.7.4.3). Codes are CIDs where the encoding is Identity.
fn composite_widths(
    document: &Document,
    font: &Dict,
    widths: &mut HashMap<u32, f64>,
) -> Result<(), ReadError> {
    let list = document.value(font, "W")?;
    let mut items = list.as_array().unwrap_or_default().iter();
    while let (Some(first), Some(second)) = (items.next(), items.next()) {
        if widths.len() > MOST_MAPPED {
            break;
        }
        let Some(first) = document.follow(first)?.as_integer().and_then(|n| u32::try_from(n).ok()) else {
            break;
        };
        match &*document.follow(second)? {
            Object::Array(each) => {
                for (code, width) in (first..).zip(each) {
                    widths.insert(code, document.follow(width)?.as_number().unwrap_or(1000.0));
                }
            }
            Object::Integer(last) => {
                let last = u32::try_from(*last).unwrap_or(0).min(first.saturating_add(0xffff));
                let Some(width) = items.next() else { break };
                let width = document.follow(width)?.as_number().unwrap_or(1000.0);
                widths.extend((first..=last).map(|code| (code, width)));
            }
            _ => break,
        }
    }
    Ok(())
}

/// The text of each code of a `ToUnicode` map (9.10.3).
fn cmap(data: &[u8]) -> HashMap<u32, String> {
    let mut map = HashMap::new();
    let mut lexer = Lexer::new(data, true);
    let mut strings: Vec<Vec<u8>> = Vec::new();
    // Within an array of a range, strings are targets of their own.
    let mut list: Option<Vec<Vec<u8>>> = None;
    let mut lists: Vec<(usize, Vec<Vec<u8>>)> = Vec::new();
    loop {
        let before = lexer.pos;
        match lexer.token() {
            Ok(Token::String(string)) => match &mut list {
                Some(list) => list.push(string.bytes),
                None => strings.push(string.bytes),
            },
            Ok(Token::ArrayOpen) => list = Some(Vec::new()),
            Ok(Token::ArrayClose) => {
                if let Some(list) = list.take() {
                    lists.push((strings.len(), list));
                    strings.push(Vec::new());
                }
            }
            Ok(Token::Keyword(b"endbfchar")) => {
                for pair in strings.chunks(2) {
                    if let [code, text] = pair {
                        map.insert(number(code), utf16(text));
                    }
                }
            }
            Ok(Token::Keyword(b"endbfrange")) => ranges(&strings, &lists, &mut map),
            Ok(Token::Keyword(word)) if word.starts_with(b"begin") => {
                strings.clear();
                lists.clear();
            }
            Ok(_) => {}
            Err(_) if lexer.pos > before => {}
            Err(_) => return map,
        }
        if map.len() > MOST_MAPPED || strings.len() > MOST_MAPPED * 3 {
            return map;
        }
    }
}

fn ranges(strings: &[Vec<u8>], lists: &[(usize, Vec<Vec<u8>>)], map: &mut HashMap<u32, String>) {
    for (index, triple) in strings.chunks(3).enumerate() {
        let [first, last, target] = triple else { continue };
        let (first, last) = (number(first), number(last).min(number(first).saturating_add(0xffff)));
        if map.len() > MOST_MAPPED {
            return;
        }
        if let Some((_, list)) = lists.iter().find(|(at, _)| *at == index * 3 + 2) {
            map.extend((first..=last).zip(list).map(|(code, text)| (code, utf16(text))));
            continue;
        }
        let Some((tail, head)) = target.split_last() else { continue };
        for (step, code) in (0_u32..).zip(first..=last) {
            let unit = u32::from(*tail).saturating_add(step);
            let mut bytes = head.to_vec();
            // A range runs within the last byte (9.10.3); beyond it, carry as viewers do.
            let carry = u8::try_from(unit >> 8).unwrap_or(0);
            if let Some(last) = bytes.last_mut() {
                *last = last.wrapping_add(carry);
            }
            bytes.push(u8::try_from(unit & 0xff).unwrap_or(0));
            map.insert(code, utf16(&bytes));
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_read_in_both_forms() {
        let map = cmap(
            b"1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <4e0a> <0002> <6d77> endbfchar
              2 beginbfrange <0003> <0005> <0041> <0006> <0007> [<0030> <00660069>] endbfrange",
        );
        let text: String = (1..=7).filter_map(|code| map.get(&code).cloned()).collect();
        assert_eq!(text, "上海ABC0fi");
        assert_eq!(map.len(), 7);
    }
}

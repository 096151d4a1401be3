//! Keeping PDF/A what it is: what we add to a file of ISO 19005-1, -2 or -3 keeps to that part.
//!
//! The file says so in its XMP metadata. Nothing here judges whether it is true.

use std::borrow::Cow;

use pdf::{Appearance, Dict, Document, Image, Object, ReadError, Ref, Update};

use crate::PrepareError;

/// Metadata longer than this are not looked through.
const MOST: usize = 1024 * 1024;

/// The part of ISO 19005 that the file claims: 1, 2, 3 or 4.
pub(crate) fn part(document: &Document) -> Result<Option<u8>, ReadError> {
    let metadata = document.value(&document.catalog()?, "Metadata")?;
    let Object::Stream(stream) = &*metadata else { return Ok(None) };
    let Ok(xmp) = document.decoded(stream) else { return Ok(None) };
    Ok(claimed(xmp.get(..xmp.len().min(MOST)).unwrap_or_default()))
}

/// The digit of `pdfaid:part`, as an attribute or an element.
fn claimed(xmp: &[u8]) -> Option<u8> {
    const KEY: &[u8] = b"pdfaid:part";
    let at = xmp.windows(KEY.len()).position(|window| window == KEY)?;
    let rest = xmp.get(at + KEY.len()..)?;
    let digit =
        rest.iter().take(16).find(|byte| !matches!(byte, b'=' | b'"' | b'\'' | b'>' | b' ' | b'\n'))?;
    digit.is_ascii_digit().then(|| digit - b'0')
}

/// Whether what we add may be seen through: PDF/A-1 knows no transparency (ISO 19005-1 §6.4); the later parts know it where
/// the colours that it mixes are told by the page's group or by the output intent (-2 and -3 §6.2.10). The page is not
/// ours to change, so that an output intent must speak of RGB, as our pictures do.
pub(crate) fn allows_transparency(document: &Document, part: Option<u8>) -> Result<bool, ReadError> {
    match part {
        None => Ok(true),
        Some(1) => Ok(false),
        Some(_) => is_for_rgb(document),
    }
}

fn is_for_rgb(document: &Document) -> Result<bool, ReadError> {
    const MOST_INTENTS: usize = 16;
    /// Where a profile names its colour space (ICC.1 §7.2.6).
    const SPACE: std::ops::Range<usize> = 16..20;
    let intents = document.value(&document.catalog()?, "OutputIntents")?;
    for intent in intents.as_array().unwrap_or_default().iter().take(MOST_INTENTS) {
        let intent = document.follow(intent)?;
        let Some(intent) = intent.as_dict() else { continue };
        let is_archival = document.value(intent, "S")?.as_name().is_some_and(|name| *name == *"GTS_PDFA1");
        if let Object::Stream(profile) = &*document.value(intent, "DestOutputProfile")?
            && is_archival
            && document.decoded(profile).is_ok_and(|bytes| bytes.get(SPACE) == Some(b"RGB ".as_slice()))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The appearance as the file allows it: where nothing may be seen through, it stands on white.
pub(crate) fn allowed(appearance: &Appearance, is_transparent: bool) -> Cow<'_, Appearance> {
    if is_transparent {
        return Cow::Borrowed(appearance);
    }
    let mut opaque = appearance.clone();
    opaque.opacities.clear();
    opaque.images = appearance.images.iter().map(on_white).collect();
    opaque.content = without_states(&appearance.content, &appearance.opacities);
    Cow::Owned(opaque)
}

fn on_white(image: &Image) -> Image {
    let Some(alpha) = &image.alpha else { return image.clone() };
    let mut image = image.clone();
    for (pixel, alpha) in image.rgb.chunks_exact_mut(3).zip(alpha) {
        for value in pixel {
            let mixed = u16::from(*value) * u16::from(*alpha) + 255 * u16::from(255 - *alpha);
            *value = u8::try_from(mixed / 255).unwrap_or(u8::MAX);
        }
    }
    image.alpha = None;
    image
}

/// The content without the operators that choose an opacity: `/name gs`.
fn without_states(content: &[u8], opacities: &[(String, f64)]) -> Vec<u8> {
    let mut content = content.to_vec();
    for (name, _) in opacities {
        let operator = format!("/{name} gs");
        while let Some(at) = content.windows(operator.len()).position(|window| window == operator.as_bytes())
        {
            content.drain(at..at + operator.len());
        }
    }
    content
}

/// Gives the colours of a form XObject a meaning of their own (ISO 19005-1 §6.2.3.3, -2 §6.2.4.3): the file's output
/// intent may speak of another colour space than RGB.
pub(crate) fn calibrate(update: &mut Update, form: Ref) -> Result<(), PrepareError> {
    let Object::Stream(mut stream) = update.get(form)? else { return Ok(()) };
    let mut resources = stream.dict.value("Resources").as_dict().cloned().unwrap_or_default();
    let white = || Object::numbers([0.9505, 1.0, 1.089]);
    let rgb = Dict::new().with("WhitePoint", white()).with("Gamma", Object::numbers([2.2, 2.2, 2.2])).with(
        "Matrix",
        Object::numbers([0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505]),
    );
    let gray = Dict::new().with("WhitePoint", white()).with("Gamma", 2.2);
    let spaces = Dict::new()
        .with("DefaultRGB", vec![Object::name("CalRGB"), rgb.into()])
        .with("DefaultGray", vec![Object::name("CalGray"), gray.into()]);
    resources.set("ColorSpace", spaces);
    stream.dict.set("Resources", resources);
    update.put(form, stream);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_is_read_as_attribute_and_as_element() {
        assert_eq!(claimed(b"<rdf:Description pdfaid:part=\"1\" pdfaid:conformance='B'/>"), Some(1));
        assert_eq!(claimed(b"<pdfaid:part>3</pdfaid:part>"), Some(3));
        assert_eq!(claimed(b"<dc:title>pdfa</dc:title>"), None);
    }

    #[test]
    fn what_is_half_seen_through_stands_on_white() {
        let image = Image {
            name: "Im0".to_owned(),
            width: 2,
            height: 1,
            rgb: vec![255, 0, 0, 255, 0, 0],
            alpha: Some(vec![255, 0]),
        };
        let image = on_white(&image);
        assert_eq!((image.rgb.as_slice(), image.alpha), ([255, 0, 0, 255, 255, 255].as_slice(), None));
        let states = [("G0".to_owned(), 0.5)];
        assert_eq!(without_states(b"q /G0 gs 1 0 0 rg Q", &states), b"q  1 0 0 rg Q");
    }
}

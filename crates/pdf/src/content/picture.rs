//! Pictures: where they stand, and their samples where those can be read (ISO 32000-2, 8.9.5).
//!
//! For whoever asks whether some of a picture is empty: samples are given as they are stored, and only of colour spaces in
//! which samples that are alike look alike.

use std::ops::Range;
use std::sync::Arc;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};

use crate::{Dict, Document, Matrix, Object, ReadError, Rect, Stream};

/// Most samples of a picture that are looked at.
const MOST_SAMPLES: usize = 32 * 1024 * 1024;
/// Most pixels along one side.
const MOST_PIXELS: usize = 16_384;
/// Most scans of a progressive JPEG: each goes over all of its samples.
const MOST_SCANS: usize = 16;
/// Entries of a picture (table 87) that leave no doubt about what programs show. None that names another picture.
const PLAIN: [&str; 18] = [
    "Type",
    "Subtype",
    "Width",
    "Height",
    "ColorSpace",
    "BitsPerComponent",
    "Intent",
    "ImageMask",
    "SMask",
    "Decode",
    "Interpolate",
    "Name",
    "Length",
    "Filter",
    "DecodeParms",
    "Metadata",
    "StructParent",
    "ID",
];

/// A picture where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    stream: Arc<Object>,
    /// What puts the unit square to its place.
    placed: Matrix,
}

/// Samples of eight bits, row by row from the top.
#[derive(Debug)]
pub struct Pixels {
    width: usize,
    height: usize,
    channels: usize,
    samples: Vec<u8>,
}

/// What a picture paints, pixel by pixel.
#[derive(Debug)]
pub struct Ink {
    /// How opaque it is, one sample a pixel.
    pub opacity: Pixels,
    /// Its colours, where they can be told; they may be of another size.
    pub colours: Option<Pixels>,
}

/// How samples may have been packed.
#[derive(Clone, Copy, PartialEq)]
enum Packing {
    Any,
    /// So that every program finds the same.
    Lossless,
}

impl Pixels {
    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The samples of a pixel, one for grey, three for red, green and blue; none beyond the picture.
    pub fn at(&self, column: usize, row: usize) -> &[u8] {
        if column >= self.width {
            return &[];
        }
        let from = row.saturating_mul(self.width).saturating_add(column).saturating_mul(self.channels);
        self.samples.get(from..from.saturating_add(self.channels)).unwrap_or_default()
    }
}

impl Picture {
    pub(super) fn new(stream: Arc<Object>, placed: Matrix) -> Self {
        Self { stream, placed }
    }

    /// The samples of a picture that covers all of its place; `None` where they cannot be read or could mean anything.
    ///
    /// # Errors
    /// [`ReadError::Io`].
    pub fn pixels(&self, document: &Document) -> Result<Option<Pixels>, ReadError> {
        match &*self.stream {
            Object::Stream(stream) if !stream.dict.contains("SMask") => {
                samples(document, stream, Packing::Any)
            }
            _ => Ok(None),
        }
    }

    /// What of its place a picture paints: by its soft mask (11.6.5.2), or as a stencil (8.9.6.2). `None` where it covers
    /// all of it, or where programs could differ.
    ///
    /// # Errors
    /// [`ReadError::Io`].
    pub fn ink(&self, document: &Document) -> Result<Option<Ink>, ReadError> {
        readable(self.ink_of(document))
    }

    fn ink_of(&self, document: &Document) -> Result<Option<Ink>, ReadError> {
        let Object::Stream(stream) = &*self.stream else { return Ok(None) };
        if is_stencil(document, &stream.dict)? {
            let Some(mut opacity) = samples(document, stream, Packing::Lossless)? else { return Ok(None) };
            // What is marked is nought, unless /Decode turns it around (8.9.6.2).
            opacity.samples.iter_mut().for_each(|sample| *sample = !*sample);
            return Ok(Some(Ink { opacity, colours: None }));
        }
        let mask = document.value(&stream.dict, "SMask")?;
        let Object::Stream(mask) = &*mask else { return Ok(None) };
        let is_grey = document.value(&mask.dict, "ColorSpace")?.is_name("DeviceGray");
        if !is_grey || mask.dict.contains("SMask") || is_turned(document, &mask.dict)? {
            return Ok(None);
        }
        let Some(opacity) = samples(document, mask, Packing::Lossless)? else { return Ok(None) };
        Ok(Some(Ink { opacity, colours: samples(document, stream, Packing::Any)? }))
    }

    /// The columns and rows of the pixels that meet a rectangle of the page.
    pub fn under(&self, area: Rect, (width, height): (usize, usize)) -> (Range<usize>, Range<usize>) {
        let Some(back) = self.placed.inverse() else { return (0..0, 0..0) };
        let part = back.apply_rect(area);
        // What ends where a pixel begins does not meet it.
        const HAIR: f64 = 1e-9;
        let range = |from: f64, to: f64, count: usize| {
            first(from + HAIR, count)..(first(to - HAIR, count) + 1).min(count)
        };
        // The first row is at the top of the unit square (8.9.3).
        (range(part.x0, part.x1, width), range(1.0 - part.y1, 1.0 - part.y0, height))
    }
}

/// The pixel of a row or column of that many at a part of its length.
fn first(part: f64, count: usize) -> usize {
    let number = |of: usize| f64::from(u32::try_from(of).unwrap_or(u32::MAX));
    let at = part.clamp(0.0, 1.0) * number(count);
    // Halving stands in for a cast.
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if number(middle + 1) <= at {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low.min(count.saturating_sub(1))
}

fn is_stencil(document: &Document, dict: &Dict) -> Result<bool, ReadError> {
    Ok(*document.value(dict, "ImageMask")? == Object::Bool(true))
}

/// Whether /Decode is the one that turns samples of one channel around.
fn is_turned(document: &Document, dict: &Dict) -> Result<bool, ReadError> {
    Ok(numbers(document, dict, "Decode")? == [1.0, 0.0])
}

fn numbers(document: &Document, dict: &Dict, key: &str) -> Result<Vec<f64>, ReadError> {
    let value = document.value(dict, key)?;
    let items = value.as_array().unwrap_or_default();
    Ok(items.iter().map(|one| one.as_number().unwrap_or(f64::NAN)).collect())
}

/// Channels of a colour space whose samples look alike where they are alike: grey and red, green, blue.
fn channels(document: &Document, dict: &Dict) -> Result<Option<usize>, ReadError> {
    let space = document.value(dict, "ColorSpace")?;
    let family = match &*space {
        Object::Array(parts) => match parts.first() {
            Some(family) => document.follow(family)?,
            None => return Ok(None),
        },
        _ => Arc::clone(&space),
    };
    let family = family.as_name().map(crate::Name::to_text).unwrap_or_default();
    Ok(match (family.as_str(), space.as_array()) {
        ("DeviceGray", _) | ("CalGray", Some(_)) => Some(1),
        ("DeviceRGB", _) | ("CalRGB", Some(_)) => Some(3),
        ("ICCBased", Some([_, profile])) => match &*document.follow(profile)? {
            Object::Stream(profile) => match document.value(&profile.dict, "N")?.as_integer() {
                Some(1) => Some(1),
                Some(3) => Some(3),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

fn samples(document: &Document, stream: &Stream, packing: Packing) -> Result<Option<Pixels>, ReadError> {
    readable(read(document, stream, packing))
}

/// What is damaged cannot be read; that is no error of whoever asks.
fn readable<T>(found: Result<Option<T>, ReadError>) -> Result<Option<T>, ReadError> {
    match found {
        Err(error @ ReadError::Io(_)) => Err(error),
        Err(_) => Ok(None),
        Ok(found) => Ok(found),
    }
}

fn read(document: &Document, stream: &Stream, packing: Packing) -> Result<Option<Pixels>, ReadError> {
    let dict = &stream.dict;
    let is_known = |key: &crate::Name| PLAIN.iter().any(|known| *key == **known);
    if !dict.iter().all(|(key, _)| is_known(key)) || !dict.repeated_keys().is_empty() {
        return Ok(None);
    }
    let is_stencil = is_stencil(document, dict)?;
    let side = |key: &str| -> Result<usize, ReadError> {
        let side = document.value(dict, key)?.as_integer().and_then(|side| usize::try_from(side).ok());
        Ok(side.filter(|side| *side <= MOST_PIXELS).unwrap_or(0))
    };
    let (width, height) = (side("Width")?, side("Height")?);
    let bits = if is_stencil { Some(1) } else { document.value(dict, "BitsPerComponent")?.as_integer() };
    let channels = if is_stencil { Some(1) } else { channels(document, dict)? };
    let (Some(channels), Some(count)) = (channels, width.checked_mul(height)) else { return Ok(None) };
    let usual = [0.0, 1.0].repeat(channels);
    let decode = numbers(document, dict, "Decode")?;
    let is_turned = channels == 1 && is_turned(document, dict)?;
    if count == 0 || count * channels > MOST_SAMPLES || !(decode.is_empty() || decode == usual || is_turned) {
        return Ok(None);
    }
    let mut samples = match (last_filter(document, dict)?.as_str(), bits) {
        ("DCTDecode" | "DCT", Some(8)) if packing == Packing::Any => {
            let Some(samples) = jpeg(document, stream, (width, height, channels))? else { return Ok(None) };
            samples
        }
        (_, Some(8)) => document.decoded(stream)?,
        (_, Some(1)) if channels == 1 => unpacked(&document.decoded(stream)?, width, height),
        _ => return Ok(None),
    };
    // One more end of line is usual.
    if samples.len() < count * channels || samples.len() > count * channels + 2 {
        return Ok(None);
    }
    document.reader().work.spend(samples.len())?;
    if is_turned {
        samples.iter_mut().for_each(|sample| *sample = !*sample);
    }
    Ok(Some(Pixels { width, height, channels, samples }))
}

fn last_filter(document: &Document, dict: &Dict) -> Result<String, ReadError> {
    let filter = document.value(dict, "Filter")?;
    let last = match &*filter {
        Object::Array(names) => match names.last() {
            Some(name) => document.follow(name)?,
            None => return Ok(String::new()),
        },
        _ => filter,
    };
    Ok(last.as_name().map(crate::Name::to_text).unwrap_or_default())
}

/// Bits as bytes; rows begin anew with a byte (8.9.3).
fn unpacked(packed: &[u8], width: usize, height: usize) -> Vec<u8> {
    let row = width.div_ceil(8);
    if packed.len() < row.saturating_mul(height) {
        return Vec::new();
    }
    let bit = |row: &[u8], at: usize| {
        let byte = row.get(at / 8).copied().unwrap_or(0);
        if byte & (0x80 >> (at % 8)) == 0 { 0 } else { 0xff }
    };
    let rows = packed.chunks_exact(row).take(height);
    rows.flat_map(|row| (0..width).map(move |at| bit(row, at))).collect()
}

/// The samples of a JPEG of just that size, packed by nothing else besides.
fn jpeg(
    document: &Document,
    stream: &Stream,
    (width, height, channels): (usize, usize, usize),
) -> Result<Option<Vec<u8>>, ReadError> {
    let filter = document.value(&stream.dict, "Filter")?;
    let is_alone = filter.as_array().is_none_or(|names| names.len() == 1);
    let parms = document.value(&stream.dict, "DecodeParms")?;
    let has_parms = match &*parms {
        Object::Null => false,
        Object::Array(items) => items.iter().any(|item| !item.is_null()),
        _ => true,
    };
    if !is_alone || has_parms {
        return Ok(None);
    }
    let bytes = document.encoded(stream)?;
    let space = if channels == 1 { ColorSpace::Luma } else { ColorSpace::RGB };
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(MOST_PIXELS)
        .set_max_height(MOST_PIXELS)
        .jpeg_set_max_scans(MOST_SCANS)
        .jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&bytes), options);
    if decoder.decode_headers().is_err() || decoder.dimensions() != Some((width, height)) {
        return Ok(None);
    }
    let parts = decoder.info().map_or(0, |info| usize::from(info.components));
    if parts != channels {
        return Ok(None);
    }
    document.reader().work.spend(width.saturating_mul(height).saturating_mul(channels))?;
    Ok(decoder.decode().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_found_by_their_place() {
        let picture = Picture::new(Arc::new(Object::Null), Matrix([200.0, 0.0, 0.0, 100.0, 50.0, 10.0]));
        let at = |rect: Rect| picture.under(rect, (20, 10));
        assert_eq!(at(Rect::new(50.0, 10.0, 250.0, 110.0)), (0..20, 0..10), "all of it");
        assert_eq!(at(Rect::new(51.0, 101.0, 52.0, 109.0)), (0..1, 0..1), "the top left");
        assert_eq!(at(Rect::new(241.0, 11.0, 249.0, 19.0)), (19..20, 9..10), "the bottom right");
        assert_eq!(at(Rect::new(61.0, 81.0, 79.0, 99.0)), (1..3, 1..3));
        let turned = Picture::new(Arc::new(Object::Null), Matrix([0.0, 100.0, -200.0, 0.0, 200.0, 0.0]));
        assert_eq!(turned.under(Rect::new(1.0, 1.0, 2.0, 2.0), (20, 10)), (0..1, 0..1), "turned to the left");
    }

    #[test]
    fn bits_are_read_row_by_row() {
        assert_eq!(unpacked(&[0b1010_0000, 0b0100_0000], 3, 2), [255, 0, 255, 0, 255, 0]);
        assert!(unpacked(&[0], 9, 1).is_empty(), "cut off");
    }
}

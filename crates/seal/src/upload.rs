//! Uploaded seals: PNG or JPEG to a trimmed picture with a transparent ground.

use std::io::Cursor;

use crate::{Artwork, Error, Impression};

/// Larger pictures carry no more detail at print resolution.
const MOST_PIXELS: usize = 16_000_000;
/// Longest side kept, in pixels: 1,200 on 40 mm are 760 dpi.
const LONGEST: usize = 1_200;

pub(crate) fn from_image(bytes: &[u8], width_mm: f64) -> Result<Impression, Error> {
    if !(10.0..=100.0).contains(&width_mm) {
        return Err(Error::Size { least: 10, most: 100 });
    }
    let picture = decode(bytes)?.lift_from_paper().trim().ok_or(Error::Empty)?.shrink();
    #[expect(clippy::cast_precision_loss, reason = "at most LONGEST")]
    let height_mm = width_mm * picture.height as f64 / picture.width as f64;
    if !(2.0..=100.0).contains(&height_mm) {
        return Err(Error::Size { least: 10, most: 100 });
    }
    let png = picture.encode()?;
    Ok(Impression { width_mm, height_mm, true_size: true, artwork: Artwork::Picture { png } })
}

/// An 8-bit RGBA picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgba: Vec<u8>,
}

pub(crate) fn decode(bytes: &[u8]) -> Result<Picture, Error> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => decode_png(bytes),
        [0xff, 0xd8, ..] => decode_jpeg(bytes),
        _ => Err(Error::Image("it is neither PNG nor JPEG".into())),
    }
}

fn decode_png(bytes: &[u8]) -> Result<Picture, Error> {
    let broken = |e: png::DecodingError| Error::Image(e.to_string());
    let limits = png::Limits { bytes: MOST_PIXELS * 8 };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = size(reader.info().width, reader.info().height)?;
    let mut buffer = vec![0; reader.output_buffer_size().ok_or(Error::TooLarge)?];
    let frame = reader.next_frame(&mut buffer).map_err(broken)?;
    buffer.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        png::ColorType::Rgba => buffer,
        png::ColorType::GrayscaleAlpha => {
            buffer.chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]]).collect()
        }
        other => return Err(Error::Image(format!("its colour type {other:?} is not supported"))),
    };
    Ok(Picture { width, height, rgba })
}

fn decode_jpeg(bytes: &[u8]) -> Result<Picture, Error> {
    use zune_jpeg::JpegDecoder;
    use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
    let options = DecoderOptions::default()
        .set_max_width(8_192)
        .set_max_height(8_192)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let rgb = decoder.decode().map_err(|e| Error::Image(e.to_string()))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| Error::Image("it has no size".into()))?;
    if width * height > MOST_PIXELS {
        return Err(Error::TooLarge);
    }
    let rgba = rgb.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 0xff]).collect();
    Ok(Picture { width, height, rgba })
}

fn size(width: u32, height: u32) -> Result<(usize, usize), Error> {
    let (width, height) = (usize::try_from(width), usize::try_from(height));
    let (Ok(width), Ok(height)) = (width, height) else { return Err(Error::TooLarge) };
    if width.saturating_mul(height) > MOST_PIXELS { Err(Error::TooLarge) } else { Ok((width, height)) }
}

impl Picture {
    /// Turns white paper transparent where the picture has no transparency of its own: each pixel is read as ink
    /// over white, and split into ink and coverage.
    fn lift_from_paper(mut self) -> Self {
        let opaque = self.rgba.chunks_exact(4).filter(|p| p[3] > 250).count();
        if opaque * 10 < self.width * self.height * 9 {
            return self;
        }
        for pixel in self.rgba.chunks_exact_mut(4) {
            let darkest = pixel[..3].iter().copied().min().unwrap_or(255);
            // Paper is never quite white: below one eighth of coverage nothing is ink.
            let coverage = (u16::from(255 - darkest).saturating_sub(32) * 255 / 223).min(255);
            for channel in &mut pixel[..3] {
                let lost = u16::from(255 - *channel);
                let ink = 255 - (lost * 255).checked_div(coverage).unwrap_or(255).min(255);
                *channel = u8::try_from(ink).unwrap_or(255);
            }
            pixel[3] = u8::try_from(coverage).unwrap_or(255);
        }
        self
    }

    /// Cuts transparent margins away; `None` when nothing is left.
    fn trim(self) -> Option<Self> {
        let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
        for (i, pixel) in self.rgba.chunks_exact(4).enumerate() {
            if pixel[3] > 24 {
                let (x, y) = (i % self.width, i / self.width);
                (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
            }
        }
        if right <= left || bottom <= top || (right - left) * (bottom - top) < 64 {
            return None;
        }
        let rgba =
            (top..bottom).flat_map(|y| &self.rgba[(y * self.width + left) * 4..(y * self.width + right) * 4]);
        let rgba = rgba.copied().collect();
        Some(Self { width: right - left, height: bottom - top, rgba })
    }

    /// Averages boxes of pixels until the longest side is at most [`LONGEST`].
    fn shrink(self) -> Self {
        let factor = self.width.max(self.height).div_ceil(LONGEST);
        if factor <= 1 {
            return self;
        }
        let (width, height) = ((self.width / factor).max(1), (self.height / factor).max(1));
        let mut rgba = Vec::with_capacity(width * height * 4);
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let (mut sum, mut alpha, mut n) = ([0u64; 3], 0u64, 0u64);
            for (sx, sy) in
                (0..factor).flat_map(|dy| (0..factor).map(move |dx| (x * factor + dx, y * factor + dy)))
            {
                let Some(p) = self.rgba.get((sy * self.width + sx) * 4..(sy * self.width + sx) * 4 + 4)
                else {
                    continue;
                };
                (0..3).for_each(|c| sum[c] += u64::from(p[c]) * u64::from(p[3]));
                alpha += u64::from(p[3]);
                n += 1;
            }
            rgba.extend(sum.map(|s| u8::try_from(s.checked_div(alpha).unwrap_or(0)).unwrap_or(255)));
            rgba.push(u8::try_from(alpha.checked_div(n).unwrap_or(0)).unwrap_or(255));
        }
        Self { width, height, rgba }
    }

    fn encode(&self) -> Result<Vec<u8>, Error> {
        let side = |n: usize| u32::try_from(n).map_err(|_| Error::TooLarge);
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, side(self.width)?, side(self.height)?);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let broken = |e: png::EncodingError| Error::Image(e.to_string());
        encoder.write_header().map_err(broken)?.write_image_data(&self.rgba).map_err(broken)?;
        Ok(out)
    }
}

/// PNG bytes as Base64 text in stored artwork.
pub(crate) mod base64_text {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A red disc on white paper.
    fn stamp(side: usize) -> Vec<u8> {
        let centre = side / 2;
        let rgba = (0..side * side)
            .flat_map(|i| {
                let (dx, dy) = ((i % side).abs_diff(centre), (i / side).abs_diff(centre));
                if dx * dx + dy * dy < (side / 4).pow(2) { [200, 30, 30, 255] } else { [250, 250, 248, 255] }
            })
            .collect();
        Picture { width: side, height: side, rgba }.encode().unwrap()
    }

    #[test]
    fn paper_becomes_transparent_and_is_trimmed() {
        let drawn = from_image(&stamp(400), 40.0).unwrap();
        let Artwork::Picture { png } = &drawn.artwork else { panic!("a picture") };
        let picture = decode(png).unwrap();
        assert!(picture.width < 210 && picture.height < 210, "trimmed to the disc");
        assert_eq!(picture.rgba[3], 0, "the corner is paper");
        let middle = (picture.height / 2 * picture.width + picture.width / 2) * 4;
        assert!(
            picture.rgba[middle + 3] > 200 && picture.rgba[middle] > 180 && picture.rgba[middle + 1] < 30
        );
    }

    #[test]
    fn large_pictures_are_shrunk() {
        let Artwork::Picture { png } = from_image(&stamp(2_600), 40.0).unwrap().artwork else {
            panic!("a picture")
        };
        assert!(decode(&png).unwrap().width <= LONGEST);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(matches!(from_image(b"%PDF-1.7", 40.0), Err(Error::Image(_))));
        assert!(matches!(from_image(&stamp(100)[..60], 40.0), Err(Error::Image(_))));
        assert_eq!(from_image(&stamp(100), 4.0), Err(Error::Size { least: 10, most: 100 }));
    }
}

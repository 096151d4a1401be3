//! Pictures as they come, and as they are kept: made anew, so that what a camera wrote beside them (place, time, device, a
//! second picture) is not kept, nor whatever else a file can carry.

use std::io::Cursor;
use std::sync::Arc;

use domain::Refusal;
use domain::review::Part;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

use crate::Error;

/// The largest file that is taken.
pub const MOST_BYTES: u64 = 12 * 1024 * 1024;
/// The most that it may show.
const MOST_PIXELS: u64 = 50_000_000;
const MOST_SIDE: u32 = 12_000;
/// On a shorter side nothing can be read.
const LEAST_SIDE: u32 = 300;
/// Enough to read the smallest print of a card; the longer side of what is kept.
const KEPT_SIDE: u32 = 2400;
const QUALITY: u8 = 88;
/// A letter is a page or two.
const LETTER_PAGES: usize = 10;
/// What decoding one may use.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Decoding costs memory: so many at once, on the whole server.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A picture as it is kept.
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    pub(super) media: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Makes a picture anew, upright, on a thread that may block. A letter may be a PDF: it stays as it is, since it may carry a
/// signature.
pub(super) async fn remade(part: Part, bytes: Vec<u8>) -> Result<Made, Error> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let made = tokio::task::spawn_blocking(move || match part {
        Part::Letter if bytes.starts_with(b"%PDF-") => letter(bytes),
        _ => Ok(remake(&bytes)?),
    });
    made.await?
}

fn remake(bytes: &[u8]) -> Result<Made, Refusal> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(Refusal::PictureTooLarge { limit: MOST_BYTES });
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format(bytes)?);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| broken(&error))?;
    let (width, height) = decoder.dimensions();
    if width.min(height) < LEAST_SIDE {
        return Err(Refusal::PictureInvalid { reason: "small" });
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refusal::PictureInvalid { reason: "large" });
    }
    // Phones write how they were held beside the picture; it is turned now, since that is not kept.
    let orientation = decoder.orientation().map_err(|error| broken(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| broken(&error))?;
    if width.max(height) > KEPT_SIDE {
        picture = picture.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    picture.apply_orientation(orientation);
    let picture = picture.into_rgb8();
    let mut made = Vec::new();
    JpegEncoder::new_with_quality(&mut made, QUALITY)
        .encode_image(&picture)
        .map_err(|error| broken(&error))?;
    Ok(Made { bytes: made, media: "image/jpeg", width: picture.width(), height: picture.height() })
}

/// A letter as a PDF: it opens without a password, and has a few pages.
fn letter(bytes: Vec<u8>) -> Result<Made, Error> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(Refusal::PictureTooLarge { limit: MOST_BYTES }.into());
    }
    let broken = |_| Refusal::PictureInvalid { reason: "damaged" };
    let limits = pdf::Limits::default().with_max_pages(LETTER_PAGES).with_max_file_size(MOST_BYTES);
    let pages = {
        let document =
            pdf::Document::open(Arc::new(bytes.clone()), &limits).map_err(|error| match error {
                pdf::OpenError::PasswordRequired => Refusal::PdfPassword,
                pdf::OpenError::TooManyPages { .. } => Refusal::PictureInvalid { reason: "large" },
                _ => Refusal::PictureInvalid { reason: "damaged" },
            })?;
        document.page_count().map_err(broken)?
    };
    if pages == 0 || pages > LETTER_PAGES {
        return Err(Refusal::PictureInvalid { reason: "large" }.into());
    }
    let height = u32::try_from(pages).unwrap_or(u32::MAX);
    Ok(Made { bytes, media: "application/pdf", width: 0, height })
}

/// What a file is, its first bytes say.
fn format(bytes: &[u8]) -> Result<ImageFormat, Refusal> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::WebP),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e' | b'i', ..] => {
            Err(Refusal::PictureInvalid { reason: "heic" })
        }
        _ => Err(Refusal::PictureInvalid { reason: "format" }),
    }
}

fn broken(error: &image::ImageError) -> Refusal {
    let reason = match error {
        image::ImageError::Limits(_) => "large",
        _ => "damaged",
    };
    Refusal::PictureInvalid { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture whose left half is black and whose right half is white.
    fn halves(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(width, height, |x, _| {
            image::Rgb(if x < width / 2 { [0, 0, 0] } else { [255, 255, 255] })
        });
        let mut file = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut file, format).expect("an image is written");
        file.into_inner()
    }

    /// The same JPEG with an EXIF segment: turned by a quarter, and where it was taken.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"); // Orientation: 6
        tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26"); // GPS IFD
        tiff.extend(b"\0\0\0\0");
        tiff.extend(b"GPSLatitude 39.9042 GPSLongitude 116.4074");
        let length = u16::try_from(tiff.len() + 8).expect("a short segment").to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xE1], &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat()
    }

    #[test]
    fn every_format_becomes_a_plain_jpeg() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let made = remake(&halves(format, 480, 320)).expect("a picture");
            assert_eq!((made.width, made.height, made.media), (480, 320, "image/jpeg"), "{format:?}");
            assert!(made.bytes.starts_with(&[0xFF, 0xD8, 0xFF]));
        }
    }

    #[test]
    fn what_the_camera_wrote_is_gone_and_the_picture_stands_upright() {
        let file = with_exif(&halves(ImageFormat::Jpeg, 480, 320));
        assert!(file.windows(11).any(|it| it == b"GPSLatitude"));
        let made = remake(&file).expect("a picture");
        assert_eq!((made.width, made.height), (320, 480), "turned by a quarter");
        for mark in [&b"Exif"[..], b"GPSLatitude", b"http://ns.adobe.com"] {
            assert!(!made.bytes.windows(mark.len()).any(|it| it == mark));
        }
        // What follows the picture's end is no part of it.
        let tail = [halves(ImageFormat::Png, 480, 320), b"<script>".to_vec()].concat();
        let made = remake(&tail).expect("a picture");
        assert!(!made.bytes.windows(8).any(|it| it == b"<script>"));
    }

    #[test]
    fn what_is_no_picture_or_cannot_be_read_is_refused_with_its_reason() {
        let reason = |bytes: &[u8]| match remake(bytes) {
            Err(Refusal::PictureInvalid { reason }) => reason,
            Err(Refusal::PictureTooLarge { .. }) => "bytes",
            _ => "taken",
        };
        let jpeg = halves(ImageFormat::Jpeg, 480, 320);
        assert_eq!(reason(b"%PDF-1.7"), "format");
        assert_eq!(reason(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "format");
        assert_eq!(reason(b"GIF89a\x01\0\x01\0"), "format");
        assert_eq!(reason(b"\0\0\0\x18ftypheic\0\0\0\0"), "heic");
        assert_eq!(reason(&jpeg[..40]), "damaged");
        assert_eq!(reason(&halves(ImageFormat::Png, 299, 800)), "small");
        assert_eq!(reason(&vec![0; 12 * 1024 * 1024 + 1]), "bytes");
        // A small file that claims to be huge.
        let mut bomb = halves(ImageFormat::Png, 480, 320);
        bomb[16..24].copy_from_slice(&[0, 0, 0x2E, 0xE0, 0, 0, 0x2E, 0xE0]);
        assert!(matches!(reason(&bomb), "large" | "damaged"));
    }

    #[test]
    fn what_is_kept_is_no_larger_than_it_needs_to_be() {
        let made = remake(&halves(ImageFormat::Png, 3000, 1500)).expect("a picture");
        assert_eq!((made.width, made.height), (2400, 1200));
    }
}

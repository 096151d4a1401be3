//! What a signature that shows looks like: a text, a picture, or both side by side.

use jiff::Timestamp;
use pdf::text::{Style, field_appearance, least_height, undrawable};
use pdf::{Appearance, Rect};
use pki::Certificate;
use seal::Impression;

use super::request::MM;
use crate::args::sign::SignatureOptions;
use crate::failure::Failure;
use crate::{explain, file};

pub(super) fn of(
    options: &SignatureOptions,
    shown: Option<Rect>,
    certificate: &Certificate,
    now: Timestamp,
) -> Result<Option<Appearance>, Failure> {
    let Some(rect) = shown else {
        if options.text.is_some() || options.image.is_some() {
            return Err(Failure::Usage("a signature that shows needs a place: --page and --rect".to_owned()));
        }
        return Ok(None);
    };
    let (width, height) = (rect.width(), rect.height());
    let (picture, left) = match &options.image {
        None => (None, 0.0),
        // Beside a text the picture takes the left, as wide as it is high, at most half.
        Some(path) => {
            let share = if options.text.is_some() { height.min(width / 2.0) } else { width };
            let bytes = file::read(path)?;
            let wrong =
                |error: seal::Error| Failure::Unreadable(format!("{}: {}", path.display(), explain(&error)));
            let wide = (share * 25.4 / 72.0).clamp(10.0, 100.0);
            let impression = Impression::from_image(&bytes, wide).map_err(wrong)?;
            (Some(impression.appearance(share, height)), share)
        }
    };
    let text = match (&options.text, &picture) {
        (Some(text), _) => Some(text.replace("\\n", "\n")),
        (None, None) => {
            Some(format!("{}\n{}", certificate.common_name(), now.strftime("%Y-%m-%d %H:%M:%SZ")))
        }
        (None, Some(_)) => None,
    };
    let words = text.map(|text| words(&text, width - left, height)).transpose()?;
    Ok(match (picture, words) {
        (Some(picture), Some(words)) => Some(beside(picture, words, left, width, height)),
        (picture, words) => picture.or(words),
    })
}

fn words(text: &str, width: f64, height: f64) -> Result<Appearance, Failure> {
    let missing = undrawable(text, fonts::SANS).map_err(|error| Failure::because(&error))?;
    if let Some(missing) = missing {
        return Err(Failure::Usage(format!("the typeface has no glyph for {missing:?} in the text to show")));
    }
    let style = Style { size: 11.0, min_size: 4.0, multiline: true, ..Style::default() };
    let least = least_height(text, width, &style, fonts::SANS).map_err(|error| Failure::because(&error))?;
    if least.is_none_or(|least| least > height + 0.01) {
        let (wide, high) = (width / MM, height / MM);
        let needed = match least {
            Some(least) => format!("it needs {:.1} mm of height at that width", least / MM),
            None => "it needs more width".to_owned(),
        };
        return Err(Failure::Usage(format!(
            "the text does not fit into {wide:.1} mm by {high:.1} mm even in the smallest type (4 points): {needed}. Make \
             --rect larger, or give less to show with --text"
        )));
    }
    field_appearance(text, width, height, &style, fonts::SANS).map_err(|error| Failure::because(&error))
}

/// Two looks in one: resources of both, the second moved to the right.
fn beside(first: Appearance, second: Appearance, left: f64, width: f64, height: f64) -> Appearance {
    let mut content = b"q ".to_vec();
    content.extend(first.content);
    content.extend(format!("\nQ q 1 0 0 1 {left:.3} 0 cm ").into_bytes());
    content.extend(second.content);
    content.extend(b"\nQ");
    Appearance {
        width,
        height,
        content,
        images: first.images.into_iter().chain(second.images).collect(),
        fonts: first.fonts.into_iter().chain(second.fonts).collect(),
        opacities: first.opacities.into_iter().chain(second.opacities).collect(),
    }
}

//! Whether a colour space that stands in for a device's own shows its colours as the device does.

use crate::{Dict, Document, ReadError};

/// The part of red, green and blue in the lightness of sRGB (IEC 61966-2-1), which devices come near to.
const LIGHTNESS: [f64; 3] = [0.2126, 0.7152, 0.0722];
const NEAR: f64 = 0.1;

/// Whether the entries `DefaultGray`, `DefaultRGB` and `DefaultCMYK` (8.6.5.6) leave colours what they are: calibrated
/// spaces (8.6.5.2, 8.6.5.3) whose white is white and whose lightness rises as a screen's does, as PDF/A files have them.
pub(super) fn defaults_are_plain(document: &Document, spaces: &Dict) -> Result<bool, ReadError> {
    for (key, value) in spaces.iter().filter(|(key, _)| key.as_bytes().starts_with(b"Default")) {
        let space = document.follow(value)?;
        let Some([family, dict]) = space.as_array() else { return Ok(false) };
        let dict = document.follow(dict)?;
        let Some(dict) = dict.as_dict() else { return Ok(false) };
        let family = document.follow(family)?;
        let is_plain =
            match (key.as_bytes(), family.as_name().map(|name| name.as_bytes().to_vec()).as_deref()) {
                (b"DefaultGray", Some(b"CalGray")) => {
                    let gamma = document.value(dict, "Gamma")?;
                    gamma.as_number().is_some_and(is_usual_gamma) && black_is_black(document, dict)?
                }
                (b"DefaultRGB", Some(b"CalRGB")) => is_plain_rgb(document, dict)?,
                _ => false,
            };
        if !is_plain {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_plain_rgb(document: &Document, dict: &Dict) -> Result<bool, ReadError> {
    let (gamma, matrix) = (numbers(document, dict, "Gamma")?, numbers(document, dict, "Matrix")?);
    let white = numbers(document, dict, "WhitePoint")?;
    let ([_, _, _], [xa, ya, za, xb, yb, zb, xc, yc, zc], [xw, yw, zw]) =
        (gamma.as_slice(), matrix.as_slice(), white.as_slice())
    else {
        return Ok(false);
    };
    let near = |one: f64, other: f64| (one - other).abs() <= NEAR;
    Ok(gamma.iter().copied().all(is_usual_gamma)
        && near(xa + xb + xc, *xw)
        && near(ya + yb + yc, *yw)
        && near(za + zb + zc, *zw)
        && near(*yw, 1.0)
        && [ya, yb, yc].into_iter().zip(LIGHTNESS).all(|(part, usual)| near(*part, usual))
        && black_is_black(document, dict)?)
}

fn is_usual_gamma(gamma: f64) -> bool {
    (1.6..=2.6).contains(&gamma)
}

fn black_is_black(document: &Document, dict: &Dict) -> Result<bool, ReadError> {
    Ok(numbers(document, dict, "BlackPoint")?.iter().all(|part| part.abs() <= NEAR))
}

fn numbers(document: &Document, dict: &Dict, key: &str) -> Result<Vec<f64>, ReadError> {
    let value = document.value(dict, key)?;
    let mut found = Vec::new();
    for one in value.as_array().unwrap_or_default() {
        // What is no number is none of the values asked for.
        found.push(document.follow(one)?.as_number().unwrap_or(f64::NAN));
    }
    Ok(found)
}

//! Text strings and dates (ISO 32000-2, 7.9).

use crate::PdfString;

/// A text string (7.9.2.2): as it is where it is printable ASCII, else UTF-16BE with its mark.
pub fn text_string(text: &str) -> PdfString {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b) || matches!(b, b'\n' | b'\r' | b'\t')) {
        return PdfString { bytes: text.as_bytes().to_vec(), hex: false };
    }
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    PdfString { bytes, hex: true }
}

/// The text of a text string: UTF-16 (both orders), UTF-8 with its mark, or PDFDocEncoding.
pub fn text_string_value(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return utf16(rest, u16::from_be_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return String::from_utf8_lossy(rest).into_owned();
    }
    bytes.iter().map(|b| doc_encoding(*b)).collect()
}

/// A date (7.9.4) in UTC, `D:YYYYMMDDHHmmSSZ`, from the civil time `(year, month, day, hour, minute, second)`.
pub fn date(civil: (i32, u8, u8, u8, u8, u8)) -> PdfString {
    let (year, month, day, hour, minute, second) = civil;
    let text = format!("D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    PdfString { bytes: text.into_bytes(), hex: false }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    // Language escapes (7.9.2.2.1) stand between two ESC characters.
    if text.contains('\u{1b}') { text.split('\u{1b}').step_by(2).collect() } else { text }
}

/// The text in PDFDocEncoding; `None` where it has other characters.
pub(crate) fn doc_encoded(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| (0..=u8::MAX).find(|byte| doc_encoding(*byte) == c)).collect()
}

/// PDFDocEncoding (Annex D.2).
fn doc_encoding(byte: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ',
        'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    match byte {
        0x18..=0x1f => LOW.get(usize::from(byte - 0x18)).copied().unwrap_or('\u{fffd}'),
        0x80..=0xa0 => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        _ => char::from(byte),
    }
}

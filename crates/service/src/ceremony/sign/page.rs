//! What the signer puts on the page: values, the impression, and where they go.

use domain::Locale;
use domain::field::{Field, FieldType};
use jiff::Timestamp;
use pades::{Fill, Mark, SigningRequest};
use pdf::text::{self, Style};
use pki::Certificate;
use seal::Impression;

use super::words;
use crate::error::Error;

/// Fields taller than this take several lines, in points.
const ONE_LINE: f64 = 32.0;
/// Text in a field is no larger than on the page around it.
const LARGEST: f64 = 12.0;

/// The values with which a signer signs, in the order of the fields: empty dates become the day of signing.
pub(super) fn values(fields: &[Field], now: Timestamp) -> Vec<(Field, String)> {
    fields
        .iter()
        .filter_map(|field| {
            let value = match (field.kind, &field.value) {
                (FieldType::Signature | FieldType::Seal, _) => return None,
                (FieldType::Date, None) => words::today(now).to_string(),
                (FieldType::Text, None) => return None,
                (_, Some(value)) => value.clone(),
            };
            Some((field.clone(), value))
        })
        .collect()
}

/// SHA-256 over field ids and values: one `id=value` a line, JSON strings, sorted by id.
pub(super) fn values_digest(values: &[(Field, String)]) -> [u8; 32] {
    let mut lines: Vec<String> = values
        .iter()
        .map(|(field, value)| serde_json::json!([field.id.to_string(), value]).to_string())
        .collect();
    lines.sort();
    pki::sha256(lines.join("\n").as_bytes())
}

/// How the signature is made.
pub(super) struct Manner<'a> {
    /// Whose signature it becomes.
    pub(super) certificate: &'a Certificate,
    /// In which language.
    pub(super) locale: Locale,
    /// When.
    pub(super) at: Timestamp,
}

/// What `pades` is asked for.
pub(super) fn request(
    signature: &Field,
    fields: &[Field],
    values: &[(Field, String)],
    impression: &Impression,
    manner: &Manner<'_>,
) -> Result<SigningRequest, Error> {
    let mut request = SigningRequest::new(pdf_name(signature)?, manner.at);
    request.signer_name = Some(manner.certificate.common_name());
    request.appearance = Some(impression.appearance(signature.place.width, signature.place.height));
    for (field, value) in values {
        let text = match field.kind {
            FieldType::Date => {
                value.parse().map_or_else(|_| value.clone(), |day| words::date(day, manner.locale))
            }
            _ => value.clone(),
        };
        let (width, height) = (field.place.width, field.place.height);
        let multiline = field.kind == FieldType::Text && height > ONE_LINE;
        let size = if multiline { LARGEST } else { (height * 0.62).min(LARGEST) };
        let style = Style { size, multiline, ..Style::default() };
        let appearance =
            text::field_appearance(&text, width, height, &style, fonts::SANS).map_err(Error::internal)?;
        request.fills.push(Fill { field: pdf_name(field)?, text, appearance });
    }
    for field in fields.iter().filter(|field| field.kind.is_impression() && field.id != signature.id) {
        let appearance = impression.appearance(field.place.width, field.place.height);
        request.marks.push(Mark { field: pdf_name(field)?, appearance });
    }
    Ok(request)
}

fn pdf_name(field: &Field) -> Result<String, Error> {
    field.pdf_name.clone().ok_or_else(|| Error::internal("a field of a sent envelope has no name in the PDF"))
}

//! Where the demonstration's recipients sign.

use domain::RecipientId;
use report::Contract;

use super::missing;
use crate::envelope::FieldInput;
use crate::error::Error;
use crate::view;

/// A seal of 40 mm, in points.
const SEAL: f64 = 113.39;

/// The places of the demonstration contract, or the foot of the last page of any other document.
pub(super) fn fields(
    document: &view::Document,
    contract: Option<&Contract>,
    recipients: &[RecipientId],
) -> Result<Vec<FieldInput>, Error> {
    let [person, agent] = recipients else { return Err(missing("two recipients")) };
    let id = document.id.parse().map_err(Error::internal)?;
    let field = |recipient_id, r#type, label: &str, place: report::Place| FieldInput {
        id: None,
        recipient_id,
        document_id: id,
        r#type,
        page: place.page,
        x: place.x,
        y: place.y,
        width: place.width,
        height: place.height,
        required: true,
        label: Some(label.to_owned()),
    };
    use view::FieldType::{Date, Seal, Signature, Text};
    if let Some(it) = contract {
        return Ok(vec![
            field(*person, Signature, "甲方签名 Signature", it.signature),
            field(*person, Text, "联系地址 Address", it.text),
            field(*person, Date, "日期 Date", it.date),
            field(*agent, Seal, "乙方盖章 Seal", it.seal),
            field(*agent, Date, "日期 Date", it.seal_date),
        ]);
    }
    let size = document.page_sizes.last().ok_or_else(|| missing("a page"))?;
    if size.width < 300.0 || size.height < 300.0 {
        let (left, right) = halves(document, size).ok_or_else(|| missing("room on the last page"))?;
        let (sign, seal) = ("签名 Signature", "盖章 Seal");
        return Ok(vec![field(*person, Signature, sign, left), field(*agent, Seal, seal, right)]);
    }
    // Small pages get small places.
    let scale = (size.width / 420.0).min(size.height / 420.0).min(1.0);
    let foot = size.height - (SEAL + 40.0) * scale;
    let place = |x: f64, y: f64, width: f64, height: f64| report::Place {
        page: document.pages,
        x: x * scale,
        y,
        width: width * scale,
        height: height * scale,
    };
    let right = size.width / scale - 40.0 - SEAL;
    let mut fields = vec![
        field(*person, Signature, "签名 Signature", place(40.0, foot + 20.0 * scale, 150.0, 56.0)),
        field(*agent, Seal, "盖章 Seal", place(right, foot, SEAL, SEAL)),
    ];
    // Under an existing signature, or a certification, nothing but signatures can be added.
    if document.existing_signatures == 0 {
        fields.push(field(*person, Date, "日期 Date", place(40.0, foot + 84.0 * scale, 150.0, 20.0)));
    }
    Ok(fields)
}

/// A page too small for places side by side with its text: each takes a half.
fn halves(document: &view::Document, size: &view::PageSize) -> Option<(report::Place, report::Place)> {
    const MARGIN: f64 = 1.0;
    let (width, height) = (size.width / 2.0 - 2.0 * MARGIN, size.height - 2.0 * MARGIN);
    let place = |x| report::Place { page: document.pages, x, y: MARGIN, width, height };
    (width >= 8.0 && height >= 8.0).then(|| (place(MARGIN), place(size.width / 2.0 + MARGIN)))
}

//! XFA forms (ISO 32000-1, 12.7.8; deprecated in ISO 32000-2), as far as a signer must know them.

use crate::document::Document;
use crate::{Dict, Object, ReadError};

/// What kind of XFA form a document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Xfa {
    /// The pages of the file show the form, and its fields stand in AcroForm too. Where nothing of it is touched, a
    /// signature covers what every reader shows.
    Static,
    /// The pages are made by the reader from the XFA template; most readers show a page that says so instead. What
    /// a signer sees is not what the pages of the file say.
    Dynamic,
}

/// The kind of XFA form of a document; `None` where it has none.
pub(crate) fn xfa(document: &Document) -> Result<Option<Xfa>, ReadError> {
    let catalog = document.catalog()?;
    let form = document.value(&catalog, "AcroForm")?;
    let entry = document.value(form.as_dict().unwrap_or(&Dict::new()), "XFA")?;
    if entry.is_null() {
        return Ok(None);
    }
    if document.value(&catalog, "NeedsRendering")?.as_bool() == Some(true) {
        return Ok(Some(Xfa::Dynamic));
    }
    let config = match &*entry {
        Object::Array(packets) => {
            let named = |pair: &&[Object; 2]| pair[0].as_text().as_deref() == Some("config");
            match packets.as_chunks::<2>().0.iter().find(named) {
                Some([_, packet]) => document.follow(packet)?,
                None => return Ok(Some(Xfa::Static)),
            }
        }
        _ => entry,
    };
    let text = match config.as_stream() {
        Some(stream) => document.decoded(stream)?,
        None => Vec::new(),
    };
    Ok(Some(if requires_rendering(&text) { Xfa::Dynamic } else { Xfa::Static }))
}

/// `<dynamicRender>required</dynamicRender>` of the configuration (XFA 3.3, config DOM).
fn requires_rendering(config: &[u8]) -> bool {
    const ELEMENT: &[u8] = b"dynamicRender>";
    let Some(at) = crate::cache::find(config, ELEMENT) else { return false };
    config.get(at + ELEMENT.len()..).unwrap_or_default().trim_ascii_start().starts_with(b"required")
}

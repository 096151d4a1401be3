//! What the metadata of a document say (XMP, ISO 16684-1), as far as two versions can be compared.

use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};

/// The texts of each property, by its name.
pub(super) type Properties = BTreeMap<String, Vec<String>>;

/// Largest metadata that are compared.
const MAX_LEN: usize = 4 * 1024 * 1024;
/// Deepest nesting that is followed.
const MAX_DEPTH: usize = 64;

/// Properties in which a program notes its own work on the file: when, with what, under which number.
const OF_THE_PROGRAM: [&str; 8] =
    ["ModifyDate", "MetadataDate", "InstanceID", "VersionID", "History", "Producer", "xmptk", "about"];

/// Reads metadata; nothing where they are no XML.
pub(super) fn properties(bytes: &[u8]) -> Option<Properties> {
    if bytes.len() > MAX_LEN {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?.trim_matches(['\u{feff}', '\0', ' ', '\n', '\r', '\t']);
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).ok()?;
    let mut found = Properties::new();
    collect(document.root_element(), None, 0, &mut found);
    Some(found)
}

/// The properties that differ, beside those in which programs note their work. Where one of the two cannot be read, all.
pub(super) fn different(old: Option<Properties>, new: Option<Properties>) -> Vec<String> {
    let (Some(old), Some(new)) = (old, new) else { return vec!["XMP".to_owned()] };
    let names = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name));
    let mut names: Vec<String> = names.cloned().collect();
    names.sort();
    names.dedup();
    names
}

/// Properties are the children and attributes of `rdf:Description`, whatever stands above and below.
fn collect(node: Node<'_, '_>, property: Option<&str>, depth: usize, found: &mut Properties) {
    if depth > MAX_DEPTH {
        return;
    }
    let is_description = node.tag_name().name() == "Description" && property.is_none();
    let mut note = |name: &str, text: &str| {
        if !OF_THE_PROGRAM.contains(&name) && !text.is_empty() {
            found.entry(name.to_owned()).or_default().push(text.to_owned());
        }
    };
    for attribute in node.attributes() {
        match property {
            Some(name) => note(name, attribute.value()),
            None if is_description => note(attribute.name(), attribute.value()),
            None => {}
        }
    }
    if let Some(name) = property {
        for text in node.children().filter(Node::is_text) {
            note(name, text.text().unwrap_or_default().trim());
        }
    }
    for child in node.children().filter(Node::is_element) {
        let name = match property {
            Some(name) => Some(name),
            None if is_description => Some(child.tag_name().name()),
            None => None,
        };
        collect(child, name, depth + 1, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(inside: &str) -> Option<Properties> {
        properties(
            format!(
                "\u{feff}<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>\
                 <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
                 xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'>\
                 {inside}</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
            )
            .as_bytes(),
        )
    }

    #[test]
    fn the_work_of_programs_is_not_compared_and_a_title_is() {
        let with = |title: &str, date: &str| {
            packet(&format!(
                "<rdf:Description rdf:about='' xmp:ModifyDate='{date}'><dc:title><rdf:Alt>\
                 <rdf:li xml:lang='x-default'>{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>"
            ))
        };
        assert!(with("A", "2026").is_some());
        assert_eq!(different(with("A", "2026"), with("A", "2027")), Vec::<String>::new());
        assert_eq!(different(with("A", "2026"), with("B", "2026")), ["title"]);
        assert_eq!(different(with("A", "2026"), properties(b"no XML")), ["XMP"]);
        let attribute = packet("<rdf:Description rdf:about='' xmp:CreatorTool='X'/>");
        assert_eq!(different(packet("<rdf:Description rdf:about=''/>"), attribute), ["CreatorTool"]);
    }
}

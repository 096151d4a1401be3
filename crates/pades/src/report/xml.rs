//! Writing XML: elements in a tree, everything escaped, nothing that XML 1.0 forbids.

/// An element under construction.
#[derive(Debug, Clone)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Vec<Content>,
}

#[derive(Debug, Clone)]
enum Content {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), content: Vec::new() }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// An element with a text.
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over numbers, times and texts alike")]
    pub(super) fn of(name: &'static str, text: impl ToString) -> Self {
        let mut element = Self::new(name);
        element.content.push(Content::Text(text.to_string()));
        element
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers hand over numbers, times and texts alike")]
    pub(super) fn attribute(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    pub(super) fn with(mut self, child: Self) -> Self {
        self.content.push(Content::Element(child));
        self
    }

    pub(super) fn with_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.content.extend(children.into_iter().map(Content::Element));
        self
    }

    /// The whole document.
    pub(super) fn document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut out);
        out.push('\n');
        out
    }

    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
        if self.content.is_empty() {
            return out.push_str("/>");
        }
        out.push('>');
        for content in &self.content {
            match content {
                Content::Element(element) => element.write(out),
                Content::Text(text) => escape(text, out),
            }
        }
        out.push_str("</");
        out.push_str(self.name);
        out.push('>');
    }
}

/// Escapes what has a meaning; what XML 1.0 §2.2 does not allow becomes U+FFFD.
fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(character))),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_name_holds_the_document_stays_well_formed() {
        let hostile = "</a><b c=\"&\u{0}\u{8}]]>\u{ffff}\r\n陈";
        let text = Element::new("a").attribute("x", hostile).with(Element::of("b", hostile)).document();
        let parsed = roxmltree::Document::parse(&text).expect("well formed");
        let shown = hostile.replace(['\u{0}', '\u{8}', '\u{ffff}'], "\u{fffd}");
        assert_eq!(parsed.root_element().attribute("x"), Some(shown.as_str()));
        assert_eq!(parsed.root_element().first_element_child().and_then(|b| b.text()), Some(shown.as_str()));
    }
}

//! Whether two programs could show two documents from one file.
//!
//! The standard leaves some things open, and programs are lenient in different ways: an attacker who prepares a file
//! before it is signed can make them disagree. What is looked for here lies within the file as it stands; what later
//! revisions do is for the rules on changes.
//!
//! Odd but harmless things are passed over: objects that nothing uses, white space and junk that no program takes for an
//! object, a repeated key with an equal value, an older version of an object.

use std::collections::HashSet;

use pdf::{Document, Location, Object, ReadError, Ref, Stream, StreamBody, XrefKind};

use crate::report::{Code, Reason};

/// Most objects visited. A larger document is looked at as far as this goes.
const MOST_OBJECTS: usize = 1_000_000;
/// Most reasons given.
const MOST_REASONS: usize = 16;
/// Most bytes after the newest cross reference that are looked at, from the end.
const MOST_TAIL: u64 = 64 * 1024;
/// Bytes by which a stated length may miss: line ends that programs count differently.
const LENGTH_SLACK: u64 = 2;

/// Everything by which programs could disagree about this document.
pub(crate) fn ambiguities(document: &Document) -> Vec<Reason> {
    if document.is_repaired() {
        return Vec::new(); // no signature stands in a repaired file
    }
    let mut look = Look { document, seen: HashSet::new(), reasons: Vec::new() };
    if let Err(error) = look.all() {
        look.say(Reason::new(Code::ChangesNotJudged).with("detail", error.to_string()));
    }
    look.reasons
}

struct Look<'d> {
    document: &'d Document,
    /// Everything that the trailer leads to, missing objects included.
    seen: HashSet<Ref>,
    reasons: Vec<Reason>,
}

impl Look<'_> {
    fn all(&mut self) -> Result<(), ReadError> {
        let header = self.document.header_offset();
        if header > 0 {
            self.say(Reason::new(Code::ReaderHeader).with("bytes", header));
        }
        self.end_of_file()?;
        self.sections();
        self.trailer_keys();
        self.walk()?;
        self.hidden()?;
        self.strays()
    }

    fn say(&mut self, reason: Reason) {
        if self.reasons.len() < MOST_REASONS && !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// After the newest section, one `startxref` names it: programs look for the last one, or for the first one from the
    /// end, or for the one before the last `%%EOF`.
    fn end_of_file(&mut self) -> Result<(), ReadError> {
        const WORD: &[u8] = b"startxref";
        let Some(section) = self.document.revisions().last().and_then(|revision| revision.sections.first())
        else {
            return Ok(());
        };
        let end = self.document.len();
        let from = section.span.end.min(end).max(end.saturating_sub(MOST_TAIL));
        let tail = pdf::read_range(self.document.source().as_ref(), from..end)?;
        let named: Vec<Option<u64>> = tail
            .windows(WORD.len())
            .enumerate()
            .filter(|(_, window)| *window == WORD)
            .map(|(at, _)| {
                let rest = tail.get(at + WORD.len()..)?.trim_ascii_start();
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                std::str::from_utf8(rest.get(..digits)?).ok()?.parse::<u64>().ok()
            })
            .collect();
        let place = section.offset.checked_sub(self.document.offset_shift());
        if named.iter().any(|offset| *offset != place) {
            self.say(Reason::new(Code::ReaderStartXref));
        }
        Ok(())
    }

    fn sections(&mut self) {
        let contradictory: Vec<u64> = self
            .document
            .revisions()
            .iter()
            .flat_map(|revision| &revision.sections)
            .filter(|section| section.has_duplicates)
            .map(|section| section.offset)
            .collect();
        for offset in contradictory {
            self.say(Reason::new(Code::ReaderDuplicateEntry).with("offset", offset));
        }
    }

    fn trailer_keys(&mut self) {
        let repeated: Vec<String> =
            self.document.trailer().repeated_keys().iter().map(pdf::Name::to_text).collect();
        if !repeated.is_empty() {
            self.say(
                Reason::new(Code::ReaderDuplicateKey)
                    .with("object", "trailer")
                    .with("keys", repeated.join(", ")),
            );
        }
    }

    /// Visits everything that the trailer leads to.
    fn walk(&mut self) -> Result<(), ReadError> {
        let mut queue: Vec<Ref> = ["Root", "Info"]
            .into_iter()
            .flat_map(|key| super::references(self.document.trailer().value(key)))
            .collect();
        while let Some(reference) = queue.pop() {
            if !self.seen.insert(reference) {
                continue;
            }
            if self.seen.len() > MOST_OBJECTS {
                return Ok(());
            }
            if self.document.is_made_up(reference) {
                self.say(Reason::new(Code::ReaderWrongEntry).with("object", reference));
                continue;
            }
            match self.document.resolve(reference) {
                Ok(object) => {
                    if !self.document.is_agreed(reference)? {
                        self.say(Reason::new(Code::ReaderWrongEntry).with("object", reference));
                    }
                    if let Object::Stream(stream) = &*object {
                        self.length(reference, stream)?;
                        self.elsewhere(reference, stream)?;
                    }
                    self.look_into(reference, &object, &mut queue);
                }
                Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
                Err(_) => self.say(Reason::new(Code::ReaderWrongEntry).with("object", reference)),
            }
        }
        Ok(())
    }

    /// Looks for repeated keys, and queues what the object refers to. Depth is bounded by the parser's limit on nesting.
    fn look_into(&mut self, holder: Ref, object: &Object, queue: &mut Vec<Ref>) {
        match object {
            Object::Reference(reference) => queue.push(*reference),
            Object::Array(items) => {
                for item in items {
                    self.look_into(holder, item, queue);
                }
            }
            other => {
                let Some(dict) = other.as_dict() else { return };
                if !dict.repeated_keys().is_empty() {
                    let keys: Vec<String> = dict.repeated_keys().iter().map(pdf::Name::to_text).collect();
                    let what = Reason::new(Code::ReaderDuplicateKey).with("object", holder);
                    self.say(what.with("keys", keys.join(", ")));
                }
                for (_, value) in dict.iter() {
                    self.look_into(holder, value, queue);
                }
            }
        }
    }

    /// A length that does not lead to `endstream`: some programs believe it, others look for the end.
    fn length(&mut self, reference: Ref, stream: &Stream) -> Result<(), ReadError> {
        let StreamBody::InFile { span, .. } = &stream.body else { return Ok(()) };
        let stated = match stream.dict.value("Length") {
            Object::Integer(stated) => Some(*stated),
            other => self.document.follow(other)?.as_integer(),
        };
        // Where none is stated, every program looks for the end.
        let Some(stated) = stated else { return Ok(()) };
        let actual = span.end.saturating_sub(span.start);
        let close = u64::try_from(stated).is_ok_and(|stated| stated.abs_diff(actual) <= LENGTH_SLACK);
        if !close {
            self.say(Reason::new(Code::ReaderLength).with("object", reference));
        }
        Ok(())
    }

    /// Content that is in another file, which nobody signed: a stream's data (§7.3.8.2), or a page of another document
    /// (§8.10.4). Programs that do not fetch it show what is in this one.
    fn elsewhere(&mut self, reference: Ref, stream: &Stream) -> Result<(), ReadError> {
        let is_form = self.document.value(&stream.dict, "Subtype")?.is_name("Form");
        if !stream.dict.value("F").is_null() || (is_form && !stream.dict.value("Ref").is_null()) {
            self.say(Reason::new(Code::ReaderElsewhere).with("object", reference));
        }
        Ok(())
    }

    /// In a hybrid file, what programs that read tables alone do not see must not be needed by any page (7.5.8.4).
    fn hidden(&mut self) -> Result<(), ReadError> {
        let document = self.document;
        let newest = document.revisions().last().map(pdf::Revision::kind);
        let sections = || document.revisions().iter().flat_map(|revision| &revision.sections);
        // Where the newest section is a stream, such programs do not read the file at all.
        if newest == Some(XrefKind::Stream) || sections().all(|section| section.hidden.is_empty()) {
            return Ok(());
        }
        let hidden: HashSet<u32> = sections().flat_map(|section| section.hidden.iter().copied()).collect();
        let differs = |reference: &Ref| {
            let seen = document.locate(*reference).map(|(_, location)| location);
            hidden.contains(&reference.number) && document.locate_in_tables(reference.number) != seen
        };
        let targets = self.seen.iter().copied().filter(differs).collect();
        // Some editors keep parts of fonts where old programs do not look: those then take another font.
        let places = super::reach::Places::except(document, &targets, "Font");
        for reference in targets {
            if let Some(page) = places.pages(reference).first() {
                self.say(Reason::new(Code::ReaderHybrid).with("object", reference).with("page", page));
            }
        }
        Ok(())
    }

    /// Objects that only a scan of the file finds: dangerous where the document uses the number and a scan, which takes
    /// the last definition, would find other content than the cross reference does.
    fn strays(&mut self) -> Result<(), ReadError> {
        for stray in self.document.strays()? {
            if !self.seen.contains(&stray.reference) {
                continue;
            }
            let place = match self.document.locate(stray.reference) {
                Some((_, Location::Offset(offset))) => Some(offset),
                Some((_, Location::Compressed { stream, .. })) => {
                    match self.document.locate(Ref::new(stream, 0)) {
                        Some((_, Location::Offset(offset))) => Some(offset),
                        _ => None,
                    }
                }
                None => None,
            };
            if place.is_none_or(|place| stray.offset > place) {
                self.say(
                    Reason::new(Code::ReaderOrphan)
                        .with("object", stray.reference)
                        .with("offset", stray.offset),
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pdf::Limits;
    use pdf::new::Builder;

    use super::*;

    fn codes(bytes: &[u8]) -> Vec<Code> {
        let document = Document::open(Arc::new(bytes.to_vec()), &Limits::default()).expect("it opens");
        ambiguities(&document).iter().map(|reason| reason.code).collect()
    }

    fn honest() -> Vec<u8> {
        let mut builder = Builder::new(XrefKind::Table);
        builder.text_page(pdf::Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
        builder.finish()
    }

    #[test]
    fn the_end_of_the_file_names_one_cross_reference() {
        let file = honest();
        assert_eq!(codes(&file), []);
        let text = String::from_utf8_lossy(&file).into_owned();
        let (_, end) = text.rsplit_once("startxref").expect("an end");
        let again = format!("startxref{end}");
        assert_eq!(codes(&[&file, again.as_bytes()].concat()), [], "the same said twice");
        let other = [&file, &b"startxref\n0\n%%EOF\n"[..], again.as_bytes()].concat();
        assert_eq!(codes(&other), [Code::ReaderStartXref]);
    }

    #[test]
    fn bytes_before_the_header_are_told() {
        let file = honest();
        assert_eq!(codes(&[b"junk\n", file.as_slice()].concat()), [Code::ReaderHeader]);
    }
}

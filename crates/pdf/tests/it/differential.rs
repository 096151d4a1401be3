//! The values of all objects of the corpora are those that qpdf reads.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use testkit::Tool;
use vermilion_pdf::{Document, FileSource, Object, OpenOptions, Ref, text_string_value};

const PASSWORD: &str = "usersecret";

#[test]
fn objects_have_the_values_that_qpdf_reads() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let (mut files, mut objects, mut different) = (0, 0, Vec::new());
    for part in ["structure", "general", "honest"] {
        let Some(folder) = testkit::corpora(part) else { return };
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "pdf") {
                continue;
            }
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let source = Arc::new(FileSource::open(&path).expect("a file"));
            let options = OpenOptions::new().password(PASSWORD);
            let Ok(document) = Document::open_with(source, &options) else { continue };
            // Where a cross reference is rebuilt, programs differ in what they find.
            let Some(theirs) = read(&qpdf, &path).filter(|_| !document.is_repaired()) else { continue };
            files += 1;
            for (key, value) in &theirs {
                let Some(reference) = key.strip_prefix("obj:").and_then(reference) else { continue };
                objects += 1;
                if let Err(why) = same_object(&document, reference, value) {
                    different.push(format!("{name}: {reference}: {why}"));
                }
            }
        }
    }
    eprintln!("{objects} objects of {files} files compared");
    let unexplained: Vec<_> =
        different.iter().filter(|line| !EXPLAINED.iter().any(|(known, _)| line.starts_with(known))).collect();
    assert!(unexplained.is_empty(), "{} differ: {unexplained:#?}", unexplained.len());
    assert!(files > 150 && objects > 4_000, "{files} {objects}");
}

/// Objects that programs may read differently, with the reason.
const EXPLAINED: [(&str, &str); 2] = [
    ("broken-objstream4.pdf", "what its damaged object stream does not hold is null for qpdf, damage here"),
    ("minimal-with-nonexistent-refs.pdf", "qpdf leaves out references to objects that are not there"),
];

/// All objects of a file that qpdf reads without a warning.
fn read(qpdf: &Tool, path: &Path) -> Option<serde_json::Map<String, Value>> {
    let mut command = qpdf.command();
    command.args(["--json", "--json-key=qpdf", "--json-stream-data=none"]);
    let output = command.arg(format!("--password={PASSWORD}")).arg(path).output().expect("qpdf runs");
    if !output.status.success() {
        return None;
    }
    let mut value: Value = serde_json::from_slice(&output.stdout).ok()?;
    match value.get_mut("qpdf")?.get_mut(1)?.take() {
        Value::Object(objects) => Some(objects),
        _ => None,
    }
}

fn reference(text: &str) -> Option<Ref> {
    let mut words = text.split(' ');
    let (number, generation) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    (words.next() == Some("R")).then_some(Ref::new(number, generation))
}

fn same_object(document: &Document, reference: Ref, theirs: &Value) -> Result<(), String> {
    let ours = document.resolve(reference).map_err(|error| error.to_string())?;
    match theirs.get("stream") {
        Some(stream) => {
            let ours = ours.as_stream().ok_or("no stream here")?;
            let (mut dict, mut theirs) = (ours.dict.clone(), stream.get("dict").cloned().unwrap_or_default());
            // qpdf leaves out what belongs to the stream's data.
            dict.remove("Length");
            theirs.as_object_mut().map(|theirs| theirs.remove("/Length"));
            same(&Object::Dictionary(dict), &theirs)
        }
        None => same(&ours, theirs.get("value").unwrap_or(&Value::Null)),
    }
}

fn same(ours: &Object, theirs: &Value) -> Result<(), String> {
    let is_same = match (ours, theirs) {
        (Object::Null, Value::Null) => true,
        (Object::Bool(ours), Value::Bool(theirs)) => ours == theirs,
        (Object::Integer(_) | Object::Real(_), Value::Number(theirs)) => {
            let (ours, theirs) = (ours.as_number().unwrap_or(f64::NAN), theirs.as_f64().unwrap_or(f64::NAN));
            (ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0)
        }
        (Object::String(ours), Value::String(theirs)) => string(&ours.bytes, theirs),
        (Object::Name(ours), Value::String(theirs)) => {
            let (plain, odd) = (theirs.strip_prefix('/'), theirs.strip_prefix("n:/"));
            let text = ours.to_text();
            plain == Some(text.as_str()) || odd.is_some()
        }
        (Object::Reference(ours), Value::String(theirs)) => Some(*ours) == reference(theirs),
        (Object::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            return ours.iter().zip(theirs).try_for_each(|(ours, theirs)| same(ours, theirs));
        }
        (Object::Dictionary(ours), Value::Object(theirs)) => {
            // A null value is as no entry (7.3.7).
            let count = ours.iter().filter(|(_, value)| !value.is_null()).count();
            if count != theirs.values().filter(|value| !value.is_null()).count() {
                return Err(format!("{ours:?} has other entries than {theirs:?}"));
            }
            return theirs.iter().filter(|(_, value)| !value.is_null()).try_for_each(|(key, theirs)| {
                let key = key.strip_prefix('/').unwrap_or(key);
                same(ours.value(key), theirs).map_err(|why| format!("/{key}: {why}"))
            });
        }
        _ => false,
    };
    if is_same { Ok(()) } else { Err(format!("{ours:?} here, {theirs} by qpdf")) }
}

/// `u:` and text, or `b:` and hexadecimal digits.
fn string(ours: &[u8], theirs: &str) -> bool {
    if let Some(hex) = theirs.strip_prefix("b:") {
        return ours.iter().map(|byte| format!("{byte:02x}")).collect::<String>() == hex;
    }
    theirs.strip_prefix("u:").is_some_and(|text| text == text_string_value(ours) || text.contains('\u{1b}'))
}

//! A signer for tests: the update is ours, the signature OpenSSL's.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use testkit::Tool;
use vermilion_pdf::{Dict, Document, Object, OpenOptions, ReadError, Rect, Tail, Update, hash_ranges};

use crate::support::joined;

/// Adds a signature field with a placeholder to the first page, has OpenSSL sign, and gives the signed file.
pub(crate) fn sign(
    openssl: &Tool,
    folder: &Path,
    original: &[u8],
    options: &OpenOptions,
    name: &str,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let document = Document::open_with(Arc::new(original.to_vec()), options)?;
    let mut tail = prepare(&document, name)?;
    let unsigned = joined(original, &tail);
    let mut covered = Vec::new();
    let ranges = tail.signature.as_ref().expect("a placeholder").covered();
    hash_ranges(&unsigned, ranges, |bytes| covered.extend_from_slice(bytes))?;
    std::fs::write(folder.join("covered"), covered)?;
    tail.set_contents(&cms(openssl, folder))?;
    Ok(joined(original, &tail))
}

/// The update with a placeholder for the signature.
pub(crate) fn prepare(document: &Document, name: &str) -> Result<Tail, Box<dyn Error>> {
    let mut update = Update::new(document);
    let signature = update.allocate();
    let page = document.page(0)?;
    let widget = Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text(name))
        .with("V", signature)
        .with("P", page.reference)
        .with("F", 132)
        .with("Rect", Object::rect(Rect::new(0.0, 0.0, 0.0, 0.0)));
    let widget = update.add(widget);
    let mut dict = page.dict.clone();
    let mut annotations = document.value(&dict, "Annots")?.as_array().unwrap_or_default().to_vec();
    annotations.push(Object::from(widget));
    dict.set("Annots", annotations);
    update.put(page.reference, dict);
    add_field(document, &mut update, Object::from(widget))?;
    let value = Dict::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("adbe.pkcs7.detached"))
        .with("M", Object::string("D:20261123010203Z"))
        .with("Reason", Object::text("同意"));
    update.put_signature(signature, value, 4096)?;
    Ok(update.finish()?)
}

fn add_field(document: &Document, update: &mut Update, field: Object) -> Result<(), ReadError> {
    let form = document.form()?;
    let mut dict = form.dict.clone();
    let mut fields = document.value(&dict, "Fields")?.as_array().unwrap_or_default().to_vec();
    fields.push(field);
    dict.set("Fields", fields).set("SigFlags", 3);
    match form.reference {
        Some(reference) => update.put(reference, dict),
        None => {
            let mut catalog = document.catalog()?;
            catalog.set("AcroForm", dict);
            update.put(document.catalog_ref(), catalog);
        }
    }
    Ok(())
}

/// A signature over the file `covered` of the folder.
pub(crate) fn cms(openssl: &Tool, folder: &Path) -> Vec<u8> {
    let mut command = openssl.command();
    command
        .current_dir(folder)
        .args("cms -sign -binary -md sha256 -outform DER -out cms -in covered".split(' '));
    let (done, words) = testkit::run(command.args("-signer cert.pem -inkey key.pem".split(' ')));
    assert!(done, "{words}");
    std::fs::read(folder.join("cms")).expect("a signature")
}

/// A key and a certificate, `key.pem` and `cert.pem` in the folder.
pub(crate) fn key(openssl: &Tool, folder: &Path) {
    let mut command = openssl.command();
    command
        .current_dir(folder)
        .args("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem".split(' '));
    command.args("-days 3650 -subj /CN=Judge -addext keyUsage=digitalSignature,nonRepudiation".split(' '));
    let (done, words) = testkit::run(&mut command);
    assert!(done, "{words}");
}

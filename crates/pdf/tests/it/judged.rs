//! Signatures put into each kind of file, made by OpenSSL, judged by poppler and pyHanko.

use std::path::Path;
use std::sync::Arc;

use testkit::{Tool, pdf_samples};
use vermilion_pdf::{Dict, Document, Object, OpenOptions, Rect, Update, XrefKind, hash_ranges};

use crate::encryption::{KINDS, encrypt};
use crate::support::joined;

/// The user password of the samples that have one.
const PASSWORD: &str = "user";

fn open_sealed(bytes: &[u8]) -> Document {
    let options = OpenOptions::new().password(PASSWORD);
    Document::open_with(Arc::new(bytes.to_vec()), &options).expect("a sound file")
}

/// Adds a signature field with a placeholder to the first page, has OpenSSL sign, and gives the signed file.
fn sign(openssl: &Tool, folder: &Path, original: &[u8], name: &str) -> Vec<u8> {
    let document = open_sealed(original);
    let mut update = Update::new(&document);
    let signature = update.allocate();
    let page = document.page(0).expect("a page");
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
    let mut annotations =
        document.value(&dict, "Annots").expect("read").as_array().unwrap_or_default().to_vec();
    annotations.push(Object::from(widget));
    dict.set("Annots", annotations);
    update.put(page.reference, dict);
    add_field(&document, &mut update, Object::from(widget));
    let value = Dict::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("adbe.pkcs7.detached"))
        .with("M", Object::string("D:20261123010203Z"))
        .with("Reason", Object::text("同意"));
    update.put_signature(signature, value, 4096).expect("the first");
    let mut tail = update.finish().expect("an update");
    let unsigned = open_sealed(&joined(original, &tail));
    let mut covered = Vec::new();
    let ranges = tail.signature.as_ref().expect("a placeholder").covered();
    hash_ranges(&**unsigned.source(), ranges, |bytes| covered.extend_from_slice(bytes)).expect("read");
    tail.set_contents(&cms(openssl, folder, &covered)).expect("it fits");
    joined(original, &tail)
}

fn add_field(document: &Document, update: &mut Update, field: Object) {
    let form = document.form().expect("a form");
    let mut dict = form.dict.clone();
    let mut fields = document.value(&dict, "Fields").expect("read").as_array().unwrap_or_default().to_vec();
    fields.push(field);
    dict.set("Fields", fields).set("SigFlags", 3);
    match form.reference {
        Some(reference) => update.put(reference, dict),
        None => {
            let mut catalog = document.catalog().expect("a catalog");
            catalog.set("AcroForm", dict);
            update.put(document.catalog_ref(), catalog);
        }
    }
}

fn cms(openssl: &Tool, folder: &Path, covered: &[u8]) -> Vec<u8> {
    let path = |name: &str| folder.join(name);
    std::fs::write(path("covered"), covered).expect("written");
    let mut command = openssl.command();
    command
        .current_dir(folder)
        .args("cms -sign -binary -md sha256 -outform DER -out cms -in covered".split(' '));
    let (done, words) = testkit::run(command.args("-signer cert.pem -inkey key.pem".split(' ')));
    assert!(done, "{words}");
    std::fs::read(path("cms")).expect("a signature")
}

fn key(openssl: &Tool, folder: &Path) {
    let mut command = openssl.command();
    command
        .current_dir(folder)
        .args("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem".split(' '));
    command.args("-days 3650 -subj /CN=Judge -addext keyUsage=digitalSignature,nonRepudiation".split(' '));
    let (done, words) = testkit::run(&mut command);
    assert!(done, "{words}");
}

fn samples(qpdf: &Tool, folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut broken = pdf_samples::contract(XrefKind::Stream, 2);
    let at = broken.windows(9).rposition(|w| w == b"startxref").expect("startxref");
    broken[at + 10] = b'7';
    let plain = folder.join("linear-in.pdf");
    std::fs::write(&plain, pdf_samples::contract(XrefKind::Table, 3)).expect("written");
    let mut command = qpdf.command();
    command.args(["--linearize", "--object-streams=generate"]).arg(&plain).arg(folder.join("linear.pdf"));
    let (done, words) = testkit::run(&mut command);
    assert!(done, "{words}");
    let plain = [
        ("table", pdf_samples::contract(XrefKind::Table, 2)),
        ("stream", pdf_samples::contract(XrefKind::Stream, 2)),
        ("hybrid", pdf_samples::contract(XrefKind::Hybrid, 2)),
        ("form", pdf_samples::with_form(XrefKind::Stream)),
        ("turned", pdf_samples::turned(90)),
        ("repaired", broken),
        ("linearized", std::fs::read(folder.join("linear.pdf")).expect("linearized")),
    ];
    let plain = plain.into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
    let sealed = KINDS.iter().flat_map(|(options, _)| {
        ["", PASSWORD].map(|user| {
            let mut options = options.to_vec();
            options[0] = user;
            (format!("sealed {}", options.join(" ")), encrypt(qpdf, folder, &options))
        })
    });
    plain.chain(sealed).collect()
}

#[test]
fn two_signatures_in_each_kind_of_file_are_valid_elsewhere() {
    let (Some(openssl), Some(qpdf), Some(pdfsig), Some(pyhanko)) =
        (testkit::tool("openssl"), testkit::tool("qpdf"), testkit::tool("pdfsig"), testkit::tool("pyhanko"))
    else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    key(&openssl, folder);
    for (kind, original) in samples(&qpdf, folder) {
        let once = sign(&openssl, folder, &original, "First");
        let twice = sign(&openssl, folder, &once, "Second");
        let path = folder.join("signed.pdf");
        std::fs::write(&path, &twice).expect("written");
        let document = open_sealed(&twice);
        assert!(document.account(document.revisions().len() - 1).expect("an account").is_clean(), "{kind}");
        let password = if kind.contains(&format!("sealed {PASSWORD}")) { PASSWORD } else { "" };
        let (_, words) = testkit::run(pdfsig.command().args(["-upw", password]).arg(&path));
        assert_eq!(words.matches("Signature is Valid.").count(), 2, "{kind}: {words}");
        assert!(words.contains("Total document signed"), "{kind}: {words}");
        let (done, words) =
            testkit::run(qpdf.command().arg(format!("--password={password}")).arg("--check").arg(&path));
        assert!(done, "{kind}: {words}");
        if kind.contains("R5") {
            // pyHanko takes the hash of revision 6 for revision 5 too and finds no password right.
            continue;
        }
        let mut command = pyhanko.command();
        command.args(["sign", "validate", "--trust"]).arg(folder.join("cert.pem"));
        if kind == "hybrid" {
            // pyHanko does not look at hybrid files unless told to (pyHanko#370).
            command.arg("--no-strict-syntax");
        }
        if document.encryption().is_some() {
            command.args(["--password", password]);
        }
        let (_, words) = testkit::run(command.arg(&path));
        assert_eq!(words.matches("INTACT:TRUSTED").count(), 2, "{kind}: {words}");
    }
}

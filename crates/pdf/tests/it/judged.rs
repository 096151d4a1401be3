//! Signatures put into each kind of file, made by OpenSSL, judged by poppler and pyHanko.

use std::path::Path;
use std::sync::Arc;

use testkit::{Tool, pdf_samples};
use vermilion_pdf::{Document, OpenOptions, XrefKind};

use crate::encryption::{KINDS, encrypt};
use crate::signer::{key, sign};

/// The user password of the samples that have one.
const PASSWORD: &str = "user";

fn open_sealed(bytes: &[u8]) -> Document {
    let options = OpenOptions::new().password(PASSWORD);
    Document::open_with(Arc::new(bytes.to_vec()), &options).expect("a sound file")
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
        let options = OpenOptions::new().password(PASSWORD);
        let once = sign(&openssl, folder, &original, &options, "First").expect("signed");
        let twice = sign(&openssl, folder, &once, &options, "Second").expect("signed");
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

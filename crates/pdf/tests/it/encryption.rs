use std::path::{Path, PathBuf};
use std::sync::Arc;

use testkit::{Tool, pdf_samples};
use vermilion_pdf::{Cipher, Document, Limits, OpenError, XrefKind};

use crate::support::{note, open, qpdf_check, touched};

pub(crate) fn encrypt(qpdf: &Tool, folder: &Path, options: &[&str]) -> Vec<u8> {
    let (plain, sealed): (PathBuf, PathBuf) = (folder.join("plain.pdf"), folder.join("sealed.pdf"));
    std::fs::write(&plain, pdf_samples::contract(XrefKind::Table, 2)).expect("written");
    let mut command = qpdf.command();
    command.arg("--allow-weak-crypto").arg("--encrypt").args(options).arg("--").arg(&plain).arg(&sealed);
    let (_, words) = testkit::run(&mut command);
    std::fs::read(&sealed).unwrap_or_else(|_| panic!("qpdf encrypts: {words}"))
}

const KINDS: [(&[&str], Cipher); 7] = [
    (&["", "owner", "40"], Cipher::Rc4),
    (&["", "owner", "128"], Cipher::Rc4),
    (&["", "owner", "128", "--force-V4"], Cipher::Rc4),
    (&["", "owner", "128", "--use-aes=y"], Cipher::Aes128),
    (&["", "owner", "128", "--use-aes=y", "--cleartext-metadata"], Cipher::Aes128),
    (&["", "owner", "256", "--force-R5"], Cipher::Aes256),
    (&["", "owner", "256"], Cipher::Aes256),
];

#[test]
fn files_that_the_empty_password_opens_are_read_and_updated() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (options, cipher) in KINDS {
        let original = encrypt(&qpdf, folder.path(), options);
        let document = open(&original);
        assert_eq!(document.encryption().expect("encrypted").strings, cipher, "{options:?}");
        let info = document.value(document.trailer(), "Info").expect("read");
        let title = info.as_dict().expect("a dictionary").value("Title").as_text();
        assert_eq!(title.as_deref(), Some("Contract of sale 买卖合同"), "{options:?}");
        let page = document.page(1).expect("a page");
        let content = document.value(&page.dict, "Contents").expect("read");
        let content = document.decoded(content.as_stream().expect("a stream")).expect("decoded");
        assert!(content.starts_with(b"BT /F1"), "{options:?}");

        let updated = touched(&document, "sealed 加密");
        assert_eq!(note(&open(&updated)), "sealed 加密");
        let path = folder.path().join("updated.pdf");
        std::fs::write(&path, &updated).expect("written");
        let (code, words) = qpdf_check(&qpdf, &path);
        assert_eq!(code, 0, "{options:?}: {words}");
        // qpdf, which reads the new objects too, sees the text that we encrypted.
        let output =
            qpdf.command().arg("--qdf").arg("--decrypt").arg(&path).arg("-").output().expect("qpdf runs");
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(shown.contains("some data that compress well"), "{options:?}");
    }
}

#[test]
fn a_password_is_asked_for_clearly() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (options, _) in KINDS {
        let mut options = options.to_vec();
        options[0] = "user";
        let sealed = encrypt(&qpdf, folder.path(), &options);
        let refusal = Document::open(Arc::new(sealed), &Limits::default());
        assert!(matches!(refusal, Err(OpenError::PasswordRequired)), "{options:?}");
    }
}

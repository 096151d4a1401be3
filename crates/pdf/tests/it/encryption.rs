use std::path::{Path, PathBuf};
use std::sync::Arc;

use testkit::{Tool, pdf_samples};
use vermilion_pdf::{
    Cipher, Dict, Document, Limits, Object, OpenError, OpenOptions, PasswordRole, Permission, Update,
    XrefKind,
};

use crate::support::{joined, note, open, qpdf_check, touched};

pub(crate) fn encrypt(qpdf: &Tool, folder: &Path, options: &[&str]) -> Vec<u8> {
    encrypt_kind(qpdf, folder, XrefKind::Table, options)
}

fn encrypt_kind(qpdf: &Tool, folder: &Path, kind: XrefKind, options: &[&str]) -> Vec<u8> {
    let (plain, sealed): (PathBuf, PathBuf) = (folder.join("plain.pdf"), folder.join("sealed.pdf"));
    std::fs::write(&plain, pdf_samples::contract(kind, 2)).expect("written");
    let mut command = qpdf.command();
    command.arg("--allow-weak-crypto").arg("--encrypt").args(options).arg("--").arg(&plain).arg(&sealed);
    let (_, words) = testkit::run(&mut command);
    std::fs::read(&sealed).unwrap_or_else(|_| panic!("qpdf encrypts: {words}"))
}

pub(crate) const KINDS: [(&[&str], Cipher); 7] = [
    (&["", "owner", "40"], Cipher::Rc4),
    (&["", "owner", "128"], Cipher::Rc4),
    (&["", "owner", "128", "--force-V4"], Cipher::Rc4),
    (&["", "owner", "128", "--use-aes=y"], Cipher::Aes128),
    (&["", "owner", "128", "--use-aes=y", "--cleartext-metadata"], Cipher::Aes128),
    (&["", "owner", "256", "--force-R5"], Cipher::Aes256),
    (&["", "owner", "256"], Cipher::Aes256),
];

fn open_with(bytes: &[u8], password: &str) -> Result<Document, OpenError> {
    Document::open_with(Arc::new(bytes.to_vec()), &OpenOptions::new().password(password))
}

fn title(document: &Document) -> Option<String> {
    let info = document.value(document.trailer(), "Info").expect("read");
    info.as_dict().expect("a dictionary").value("Title").as_text()
}

#[test]
fn files_that_the_empty_password_opens_are_read_and_updated() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (options, cipher) in KINDS {
        let original = encrypt(&qpdf, folder.path(), options);
        let document = open(&original);
        assert_eq!(document.encryption().expect("encrypted").strings, cipher, "{options:?}");
        assert_eq!(title(&document).as_deref(), Some("Contract of sale 买卖合同"), "{options:?}");
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
fn a_password_is_asked_for_clearly_and_opens_as_user_or_owner() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (options, _) in KINDS {
        let mut options = options.to_vec();
        // PDFDocEncoding up to 128 bits, UTF-8 with 256.
        (options[0], options[1]) = ("ü-user", "owner—ö");
        for kind in [XrefKind::Table, XrefKind::Stream] {
            let sealed = encrypt_kind(&qpdf, folder.path(), kind, &options);
            let refusal = Document::open(Arc::new(sealed.clone()), &Limits::default());
            assert!(matches!(refusal, Err(OpenError::PasswordRequired)), "{options:?}");
            assert!(matches!(open_with(&sealed, "wrong"), Err(OpenError::WrongPassword)), "{options:?}");
            for (password, role) in [("ü-user", PasswordRole::User), ("owner—ö", PasswordRole::Owner)] {
                let document = open_with(&sealed, password).expect("the right password");
                assert_eq!(document.encryption().expect("encrypted").opened_as, role, "{options:?}");
                assert_eq!(title(&document).as_deref(), Some("Contract of sale 买卖合同"), "{options:?}");
                let updated = touched(&document, "sealed 加密");
                assert_eq!(note(&open_with(&updated, password).expect("opened")), "sealed 加密");
            }
        }
    }
}

#[test]
fn the_owners_password_lifts_what_the_author_forbids() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for options in [
        &["", "owner", "128", "--use-aes=y", "--modify=none", "--extract=n"][..],
        &["", "owner", "256", "--modify=none", "--extract=n"],
    ] {
        let sealed = encrypt(&qpdf, folder.path(), options);
        let user = open_with(&sealed, "").expect("the empty password");
        let user = user.encryption().expect("encrypted");
        assert!(user.permits(Permission::Print));
        for forbidden in [Permission::Modify, Permission::Copy, Permission::Annotate, Permission::FillForms] {
            assert!(!user.permits(forbidden), "{forbidden:?}");
        }
        let owner = open_with(&sealed, "owner").expect("the owner's password");
        let owner = owner.encryption().expect("encrypted");
        assert_eq!(owner.opened_as, PasswordRole::Owner);
        assert!(owner.permits(Permission::Modify));
        // A password too many harms nobody where none is needed.
        let other = open_with(&sealed, "wrong").expect("the empty password");
        assert_eq!(other.encryption().expect("encrypted").opened_as, PasswordRole::User);
    }
    let form = encrypt(&qpdf, folder.path(), &["", "owner", "256", "--modify=form"]);
    let form = open(&form);
    let form = form.encryption().expect("encrypted");
    assert!(form.permits(Permission::FillForms) && !form.permits(Permission::Modify));
}

/// The objects of an encrypted file with object streams are found again although its cross references are lost.
#[test]
fn a_repaired_file_opens_its_encrypted_object_streams() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for options in [&["user", "owner", "128", "--use-aes=y"][..], &["user", "owner", "256"]] {
        let mut sealed = encrypt_kind(&qpdf, folder.path(), XrefKind::Stream, options);
        let at = sealed.windows(9).rposition(|w| w == b"startxref").expect("startxref");
        let end = sealed.len();
        sealed[at + 10..end - 7].fill(b'7');
        let document = open_with(&sealed, "user").expect("repaired");
        assert!(document.is_repaired());
        assert_eq!(document.page_count().expect("pages"), 2);
        let updated = touched(&document, "repaired");
        let document = open_with(&updated, "owner").expect("opened");
        assert!(!document.is_repaired());
        assert_eq!(note(&document), "repaired");
        let path = folder.path().join("updated.pdf");
        std::fs::write(&path, &updated).expect("written");
        let (done, words) = testkit::run(qpdf.command().args(["--password=user", "--check"]).arg(&path));
        assert!(done, "{words}");
        assert!(matches!(open_with(&sealed, "wrong"), Err(OpenError::WrongPassword)));
    }
}

/// A stream with a Crypt filter of its own (7.4.10) is what qpdf, too, takes it for.
#[test]
fn a_stream_may_choose_not_to_be_encrypted() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for options in [&["", "owner", "128", "--use-aes=y"][..], &["", "owner", "256"]] {
        let original = encrypt(&qpdf, folder.path(), options);
        let document = open(&original);
        let mut update = Update::new(&document);
        let plain = Dict::new()
            .with("Filter", vec![Object::name("Crypt")])
            .with("DecodeParms", vec![Object::from(Dict::new().with("Name", Object::name("Identity")))]);
        let named = Dict::new()
            .with("Filter", Object::name("Crypt"))
            .with("DecodeParms", Dict::new().with("Name", Object::name("StdCF")));
        let (plain, named) =
            (update.add_stream(plain, b"in the open"), update.add_stream(named, b"under seal"));
        let mut catalog = document.catalog().expect("a catalog");
        catalog.set("VrmStreams", vec![Object::from(plain), Object::from(named)]);
        update.put(document.catalog_ref(), catalog);
        let updated = joined(&original, &update.finish().expect("an update"));
        let has = |text: &[u8]| updated.windows(text.len()).any(|window| window == text);
        assert!(has(b"in the open") && !has(b"under seal"), "{options:?}");
        let document = open(&updated);
        for (reference, text) in [(plain, &b"in the open"[..]), (named, b"under seal")] {
            let object = document.resolve(reference).expect("a stream");
            assert_eq!(document.decoded(object.as_stream().expect("a stream")).expect("data"), text);
            let path = folder.path().join("updated.pdf");
            std::fs::write(&path, &updated).expect("written");
            let show = format!("--show-object={},0", reference.number);
            let output = qpdf.command().arg(show).arg("--filtered-stream-data").arg(&path).output();
            assert_eq!(output.expect("qpdf runs").stdout, text, "{options:?}");
        }
    }
}

/// Galois/Counter mode (ISO/TS 32003), as pyHanko writes it.
#[test]
fn galois_counter_mode_is_read_and_written() {
    let Some(python) = testkit::tool("python") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("plain.pdf"), pdf_samples::contract(XrefKind::Table, 2))
        .expect("written");
    let (done, words) = testkit::run(python.command().current_dir(folder.path()).args(["-c", GCM]));
    if !done {
        eprintln!("SKIPPED: this pyHanko writes no AES-GCM: {words}");
        return;
    }
    let sealed = std::fs::read(folder.path().join("sealed.pdf")).expect("encrypted");
    assert!(matches!(open_with(&sealed, "wrong"), Err(OpenError::WrongPassword)));
    for (password, role) in [("user", PasswordRole::User), ("owner", PasswordRole::Owner)] {
        let document = open_with(&sealed, password).expect("opened");
        let encryption = document.encryption().expect("encrypted");
        assert_eq!((encryption.streams, encryption.opened_as), (Cipher::Aes256Gcm, role));
        assert_eq!(title(&document).as_deref(), Some("Contract of sale 买卖合同"));
        let updated = touched(&document, "sealed 加密");
        assert_eq!(note(&open_with(&updated, password).expect("opened")), "sealed 加密");
        std::fs::write(folder.path().join("updated.pdf"), &updated).expect("written");
        let (done, words) = testkit::run(python.command().current_dir(folder.path()).args(["-c", READ]));
        assert!(done && words.contains("sealed 加密"), "{words}");
    }
}

const GCM: &str = "
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.pdf_utils.crypt import StandardSecurityHandler
w = copy_into_new_writer(PdfFileReader(open('plain.pdf', 'rb')))
w._assign_security_handler(StandardSecurityHandler.build_from_pw('owner', 'user', pdf_mac=False, use_gcm=True))
w.write(open('sealed.pdf', 'wb'))
";

const READ: &str = "
from pyhanko.pdf_utils.reader import PdfFileReader
r = PdfFileReader(open('updated.pdf', 'rb'))
r.decrypt('user')
note, stream = (r.root['/VrmTest'][at] for at in (0, 1))
assert stream.data.startswith(b'some data that compress well')
print(note['/Note'])
";

/// Data under an authentication tag that somebody changed are not taken for an empty stream.
#[test]
fn changed_data_in_galois_counter_mode_are_told() {
    let Some(python) = testkit::tool("python") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("plain.pdf"), pdf_samples::contract(XrefKind::Table, 2))
        .expect("written");
    let (done, words) = testkit::run(python.command().current_dir(folder.path()).args(["-c", GCM]));
    if !done {
        eprintln!("SKIPPED: this pyHanko writes no AES-GCM: {words}");
        return;
    }
    let sealed = std::fs::read(folder.path().join("sealed.pdf")).expect("encrypted");
    let content = |document: &Document| {
        let page = document.page(0).expect("a page");
        let content = document.value(&page.dict, "Contents").expect("read");
        document.decoded(content.as_stream().expect("a stream"))
    };
    let document = open_with(&sealed, "user").expect("opened");
    assert!(content(&document).is_ok());
    let page = document.page(0).expect("a page");
    let content_ref = page.dict.value("Contents").as_reference().expect("a reference");
    let Some((_, vermilion_pdf::Location::Offset(at))) = document.locate(content_ref) else {
        panic!("a place")
    };
    let mut changed = sealed.clone();
    let data =
        changed[at as usize..].windows(7).position(|w| w == b"stream\n").expect("stream") + at as usize + 7;
    changed[data + 20] ^= 1;
    let document = open_with(&changed, "user").expect("opened");
    assert!(matches!(content(&document), Err(vermilion_pdf::ReadError::Damaged { .. })));
}

/// A code over the whole file (ISO/TS 32004) would not survive an update: that is said, not done.
#[test]
fn a_file_under_an_authentication_code_is_read_and_not_updated() {
    let Some(python) = testkit::tool("python") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("plain.pdf"), pdf_samples::contract(XrefKind::Table, 2))
        .expect("written");
    let script = GCM.replace("pdf_mac=False, use_gcm=True", "pdf_mac=True");
    let (done, words) = testkit::run(python.command().current_dir(folder.path()).args(["-c", &script]));
    if !done {
        eprintln!("SKIPPED: this pyHanko writes no authentication code: {words}");
        return;
    }
    let sealed = std::fs::read(folder.path().join("sealed.pdf")).expect("encrypted");
    let document = open_with(&sealed, "owner").expect("opened");
    assert_eq!(title(&document).as_deref(), Some("Contract of sale 买卖合同"));
    assert!(document.trailer().contains("AuthCode"));
    let mut update = Update::new(&document);
    update.add(Object::Null);
    assert!(matches!(update.finish(), Err(vermilion_pdf::UpdateError::Refused { .. })));
}

#[test]
fn files_for_holders_of_certificates_are_told_as_such() {
    let Some(folder) = testkit::corpora("structure") else { return };
    for name in ["minimal-pubkey-aes256.pdf", "pubkey-rc2-test.pdf", "minimal-pubkey-rc4.pdf"] {
        let bytes = std::fs::read(folder.join(name)).expect("a file");
        match Document::open(Arc::new(bytes), &Limits::default()) {
            Err(OpenError::CertificateRequired { handler, recipients }) => {
                assert_eq!((handler.as_str(), recipients), ("Adobe.PubSec", 1), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

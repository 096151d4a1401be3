//! What the command refuses, and whether a newcomer is told what to do.

use pdf::{Dict, Object};
use testkit::pdf_samples::demanding;
use testkit::tool;

use crate::support::Desk;

const KEY: [&str; 6] = ["--key", "key.pem", "--cert", "cert.pem", "--chain", "root.pem"];

/// Signs `from` into `to` as Alice.
fn sign(desk: &Desk, from: &str, to: &str, more: &[&str]) -> (i32, String) {
    let (code, _, said) = desk.run(&[&["sign", from, "-o", to], &KEY[..], more].concat());
    (code, said)
}

fn refused(desk: &Desk, found: &(i32, String), code: i32, hints: &[&str]) {
    assert_eq!(found.0, code, "{}", found.1);
    for hint in hints {
        assert!(found.1.contains(hint), "{hint}: {}", found.1);
    }
    assert!(!desk.path("no.pdf").exists(), "{}", found.1);
}

#[test]
fn a_signature_over_what_was_signed_is_refused_where_it_would_break_that() {
    let desk = Desk::new();
    assert_eq!(sign(&desk, "contract.pdf", "once.pdf", &["--rect", "120,220,50,20"]).0, 0);
    // Over the contract's text, and over what the first signature shows.
    for place in ["20,20,100,30", "125,222,40,15"] {
        let found = sign(&desk, "once.pdf", "no.pdf", &["--rect", place]);
        refused(&desk, &found, 1, &["would break the signature in field “Signature1”", "covers", "--rect"]);
        let prepare =
            ["sign", "prepare", "once.pdf", "--cert", "cert.pem", "--state", "st", "--tbs", "no.pdf"];
        let (code, _, said) = desk.run(&[&prepare[..], &["--rect", place]].concat());
        refused(&desk, &(code, said), 1, &["would break the signature"]);
    }
    assert_eq!(sign(&desk, "once.pdf", "twice.pdf", &["--rect", "120,245,50,20"]).0, 0);
    let (_, verdict) = desk.verdict("twice.pdf", &[]);
    for one in verdict["signatures"].as_array().expect("signatures") {
        assert_eq!(one["reliability"]["content_intact"], "met", "{one}");
    }
}

#[test]
fn places_and_texts_that_would_not_show_are_refused_with_what_fits() {
    let desk = Desk::new();
    for (place, hint) in [
        ("180,20,60,20", "210 mm wide and 297 mm high"),
        ("-20,20,60,20", "beyond page 1"),
        ("20,290,60,20", "beyond page 1"),
        ("20,250,1,1", "2 mm"),
        ("20,250,60,3", "mm of height"),
    ] {
        let place = format!("--rect={place}");
        refused(&desk, &sign(&desk, "contract.pdf", "no.pdf", &[&place]), 64, &[hint]);
    }
    let long = "word ".repeat(400);
    let found = sign(&desk, "contract.pdf", "no.pdf", &["--rect", "20,250,60,20", "--text", &long]);
    refused(&desk, &found, 64, &["does not fit into 60.0 mm by 20.0 mm", "mm of height", "--text"]);
    // What the message asks for does.
    assert_eq!(sign(&desk, "contract.pdf", "fits.pdf", &["--rect", "20,20,170,250", "--text", &long]).0, 0);
}

#[test]
fn certificates_that_no_verifier_accepts_do_not_sign() {
    let Some(openssl) = tool("openssl") else { return };
    let desk = Desk::new();
    let run = |arguments: &[&str]| {
        let (made, said) = testkit::run(openssl.command().current_dir(desk.path("")).args(arguments));
        assert!(made, "{said}");
    };
    // What a newcomer makes first says CA by itself.
    run(&["req", "-x509", "-key", "key.pem", "-subj", "/CN=Somebody", "-days", "10", "-out", "ca.pem"]);
    let with = |certificate: &str| {
        let arguments = ["sign", "contract.pdf", "-o", "no.pdf", "--key", "key.pem", "--cert", certificate];
        let (code, _, said) = desk.run(&arguments);
        (code, said)
    };
    refused(&desk, &with("ca.pem"), 1, &["CN=Somebody", "authority", "CA:FALSE"]);
    std::fs::write(
        desk.path("leaf.cnf"),
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyEncipherment\n",
    )
    .expect("written");
    run(&["req", "-new", "-key", "key.pem", "-subj", "/CN=Somebody", "-out", "leaf.csr"]);
    let signed = ["x509", "-req", "-in", "leaf.csr", "-signkey", "key.pem", "-extfile", "leaf.cnf"];
    run(&[&signed[..], &["-days", "10", "-out", "leaf.pem"]].concat());
    refused(&desk, &with("leaf.pem"), 1, &["not for signatures", "digitalSignature"]);
    run(&[&signed[..], &["-days", "-1", "-out", "late.pem"]].concat());
    refused(&desk, &with("late.pem"), 1, &["expired at", "Renew"]);

    run(&["genrsa", "-traditional", "-out", "short.key", "1024"]);
    let short = ["sign", "contract.pdf", "-o", "no.pdf", "--key", "short.key", "--cert", "leaf.pem"];
    let (code, _, said) = desk.run(&short);
    refused(&desk, &(code, said), 65, &["1024 bits is too short", "2048"]);
}

#[test]
fn what_is_missing_is_named_with_every_way_to_give_it() {
    let desk = Desk::new();
    let (code, _, said) = desk.run(&["sign", "contract.pdf", "-o", "no.pdf"]);
    refused(&desk, &(code, said), 64, &["--key FILE", "PKCS#12", "--pkcs11 MODULE", "sign prepare"]);
    let found = sign(&desk, "contract.pdf", "nowhere/no.pdf", &[]);
    refused(&desk, &found, 64, &["the folder nowhere does not exist"]);
    assert!(!found.1.contains(".tmp"), "{}", found.1);
    for (file, hint) in [("contract.pdf", "this is a PDF"), ("key.pem", "a private key, no certificate")] {
        let (code, _, said) = desk.run(&["verify", "contract.pdf", "--trust", file]);
        refused(&desk, &(code, said), 65, &[file, hint, "BEGIN CERTIFICATE"]);
    }
    // Nobody names the issuer, and nobody can be asked for it.
    let lonely = ["sign", "contract.pdf", "-o", "no.pdf", "--key", "key.pem", "--cert", "cert.pem"];
    let tsa = "http://127.0.0.1:9/none";
    let (code, _, said) = desk.run(&[&lonely[..], &["--level", "lt", "--tsa", tsa]].concat());
    refused(&desk, &(code, said), 1, &["no time-stamp"]);
}

#[test]
fn a_file_that_takes_no_signature_says_why_once() {
    let desk = Desk::new();
    desk.put("shifted.pdf", &[b"junk\n", desk.bytes("contract.pdf").as_slice()].concat());
    let found = sign(&desk, "shifted.pdf", "no.pdf", &[]);
    refused(&desk, &found, 1, &["bytes before the header"]);
    assert_eq!(found.1.matches("bytes before the header").count(), 1, "{}", found.1);
    assert!(!found.1.contains("object"), "{}", found.1);
}

#[test]
fn a_lock_names_fields_that_are_there() {
    let desk = Desk::new();
    desk.put("form.pdf", &demanding(Dict::new()));
    for (file, lock, hint) in [
        ("form.pdf", "include:nosuch", "no field \"nosuch\": it has seller"),
        ("form.pdf", "exclude:sell", "no field \"sell\": it has seller"),
        ("contract.pdf", "include:nosuch", "it has none"),
    ] {
        refused(&desk, &sign(&desk, file, "no.pdf", &["--lock", lock]), 64, &[hint]);
    }
    for lock in ["include:seller", "exclude:seller", "all"] {
        let found = sign(&desk, "form.pdf", "locked.pdf", &["--force", "--lock", lock]);
        assert_eq!(found.0, 0, "{}", found.1);
    }
}

#[test]
fn what_a_field_asks_of_its_signer_can_be_given() {
    let desk = Desk::new();
    let stamp = Dict::new().with("URL", Object::string("http://tsa.example/x")).with("Ff", 1);
    desk.put("stamped.pdf", &demanding(Dict::new().with("TimeStamp", stamp)));
    let found = sign(&desk, "stamped.pdf", "no.pdf", &[]);
    refused(
        &desk,
        &found,
        1,
        &["a time-stamp of http://tsa.example/x", "--level t --tsa http://tsa.example/x"],
    );
    let looks = Dict::new().with("AppearanceFilter", Object::text("Company")).with("Ff", 256);
    desk.put("looks.pdf", &demanding(looks));
    refused(&desk, &sign(&desk, "looks.pdf", "no.pdf", &[]), 1, &["the appearance called “Company”"]);
    let found = sign(&desk, "looks.pdf", "company.pdf", &["--appearance-name", "Company"]);
    assert_eq!(found.0, 0, "{}", found.1);
    let attests = ["Nothing hidden.", "A picture."].map(Object::text).to_vec();
    let seed = Dict::new().with("MDP", Dict::new().with("P", 2)).with("LegalAttestation", attests);
    desk.put("attests.pdf", &demanding(seed.with("Ff", 16)));
    refused(&desk, &sign(&desk, "attests.pdf", "no.pdf", &[]), 1, &["one of the attestations", "A picture."]);
    let found = sign(&desk, "attests.pdf", "attested.pdf", &["--attestation", "A picture."]);
    assert_eq!(found.0, 0, "{}", found.1);
}

/// A file of these objects, the first of which is the catalog.
fn written(objects: &[&str]) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (object, number) in objects.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (at, size) = (file.len(), objects.len() + 1);
    file += &format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
    file.into_bytes()
}

#[test]
fn a_file_that_programs_read_differently_is_refused_with_the_reason() {
    let desk = Desk::new();
    let page = |number: &str| format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /N {number} >>");
    // Some programs take the first of two equal keys, others the last.
    let file = |second: &str| {
        written(&[
            "<< /Type /Catalog /Pages 2 0 R >>",
            &format!("<< /Type /Pages /Count 1 /Kids [3 0 R] /Kids [{second} 0 R] >>"),
            &page("3"),
            &page("4"),
        ])
    };
    desk.put("twice.pdf", &file("4"));
    desk.put("same.pdf", &file("3"));
    let found = sign(&desk, "same.pdf", "signed.pdf", &[]);
    assert_eq!(found.0, 0, "{}", found.1);
    let hints = ["no signature over this file would pass", "different documents"];
    refused(&desk, &sign(&desk, "twice.pdf", "no.pdf", &[]), 1, &hints);
    let prepare = ["sign", "prepare", "twice.pdf", "--cert", "cert.pem", "--state", "st", "--tbs", "no.pdf"];
    let (code, _, said) = desk.run(&prepare);
    refused(&desk, &(code, said), 1, &hints);
}

#[test]
fn only_what_can_be_asked_for_is_offered() {
    let desk = Desk::new();
    let (_, help, _) = desk.run(&["extend", "--help"]);
    assert!(!help.contains("default: b") && !help.contains("- b"), "{help}");
    let (_, help, _) = desk.run(&["pdf", "revisions", "--help"]);
    assert!(!help.contains("etsi"), "{help}");
    assert_eq!(desk.run(&["extend", "contract.pdf", "-o", "no.pdf"]).0, 64);
    assert_eq!(desk.run(&["extend", "contract.pdf", "-o", "no.pdf", "--level", "b"]).0, 64);
    assert_eq!(desk.run(&["pdf", "revisions", "contract.pdf", "--format", "etsi"]).0, 64);
}

#[test]
fn several_files_give_a_line_each_the_missing_one_too() {
    let desk = Desk::new();
    assert_eq!(sign(&desk, "contract.pdf", "signed.pdf", &[]).0, 0);
    let files = ["verify", "signed.pdf", "missing.pdf", "contract.pdf", "--format", "json"];
    let (code, out, _) = desk.run(&files);
    assert_eq!(code, 65);
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON Lines")).collect();
    let names: Vec<&str> = lines.iter().filter_map(|line| line["file"].as_str()).collect();
    assert_eq!(names, ["signed.pdf", "missing.pdf", "contract.pdf"]);
    assert!(lines[1]["error"].as_str().is_some_and(|why| why.contains("missing.pdf")), "{}", lines[1]);
    assert_eq!(lines[0]["signatures"][0]["field"], "Signature1");
}

#[test]
fn the_authors_wish_is_heeded_until_the_owner_opens_the_file() {
    let Some(qpdf) = tool("qpdf") else { return };
    let desk = Desk::new();
    let (made, said) = testkit::run(qpdf.command().current_dir(desk.path("")).args([
        "--encrypt",
        "",
        "owner",
        "256",
        "--modify=none",
        "--",
        "contract.pdf",
        "locked.pdf",
    ]));
    assert!(made, "{said}");
    let hints = ["does not permit", "owner's password", "--pdf-password-file"];
    refused(&desk, &sign(&desk, "locked.pdf", "no.pdf", &[]), 1, &hints);
    assert_eq!(sign(&desk, "locked.pdf", "signed.pdf", &["--pdf-password", "owner"]).0, 0);
}

//! The way of a contract from the sender to the proof, judged by others' programs.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use vermilion_service::demo::{self, DemoDocument};
use vermilion_service::{Config, Service, SystemClock, SystemRng, ceremony, envelope, verify, view};

use crate::signers::{AGENT, House, PERSON, document, real_service};

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_signed_sealed_and_proved() {
    let folder = tempfile::tempdir().unwrap();
    let service = real_service(folder.path()).await;
    let mut steps = Vec::new();
    let done = demo::run(&service, &DemoDocument::Contract, &mut |step| steps.push(step.what.clone()))
        .await
        .unwrap();
    assert_eq!(done.verdict.indication, "TOTAL-PASSED", "{:#?}", done.verdict);
    let (stamps, signatures): (Vec<_>, Vec<_>) =
        done.verdict.signatures.iter().partition(|it| it.kind == "doc-timestamp");
    assert_eq!((signatures.len(), stamps.len()), (2, 1));
    assert_eq!(stamps[0].coverage.as_deref(), Some("whole-file"), "the time-stamp is over everything");
    assert!(
        done.verdict.summary.en.starts_with("Signed by 陈晓雨, 深圳远帆贸易有限公司. "),
        "{:?}",
        done.verdict.summary
    );
    for signature in signatures {
        assert_eq!(signature.level, "PAdES-B-LTA");
        assert_eq!(signature.reliability.content_intact, "met");
        assert_eq!(signature.reliability.signature_intact, "met");
    }
    assert_eq!(done.verdict.signatures[0].signer.as_deref(), Some("陈晓雨"));
    assert_eq!(done.verdict.signatures[1].signer.as_deref(), Some("深圳远帆贸易有限公司"));
    for (name, bytes) in [("signed.pdf", &done.signed), ("evidence.pdf", &done.evidence)] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    std::fs::write(folder.path().join("trust.pem"), &done.trust).unwrap();
    judged_by_others(folder.path(), "signed.pdf", 2);
    judged_by_others(folder.path(), "evidence.pdf", 1);
    let report = verify::verify(&service, "evidence.pdf", &folder.path().join("evidence.pdf")).await.unwrap();
    assert_eq!(report.indication, "TOTAL-PASSED", "{report:#?}");
    assert_eq!(report.signatures[0].level, "PAdES-B-LTA", "{report:#?}");
}

/// The addresses in the certificates answer nobody: what proves the signatures is in the files.
#[tokio::test(flavor = "multi_thread")]
async fn a_contract_outlives_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::new(folder.path().join("data"), "http://127.0.0.1:9").cheap_for_tests();
    let service =
        Service::open_with(config, Arc::new(SystemClock), Arc::new(SystemRng)).await.expect("a service");
    let done = demo::run(&service, &DemoDocument::Contract, &mut |_| {}).await.unwrap();
    assert_eq!(done.verdict.indication, "TOTAL-PASSED", "{:#?}", done.verdict);
    std::fs::write(folder.path().join("signed.pdf"), &done.signed).unwrap();
    std::fs::write(folder.path().join("evidence.pdf"), &done.evidence).unwrap();
    std::fs::write(folder.path().join("trust.pem"), &done.trust).unwrap();
    judged_alone(folder.path(), "signed.pdf", 2);
    judged_alone(folder.path(), "evidence.pdf", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uploaded_seal_is_put_on_the_document() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Impression).await;
    let upload = |image_base64: &str| ceremony::ImpressionBody::SealUploaded {
        image_base64: image_base64.to_owned(),
        diameter_mm: 40.0,
    };
    let refused = ceremony::add_impression(&house.service, &agent.signer, upload("JVBERi0xLjcK")).await;
    assert!(refused.is_err(), "a PDF is no picture");
    let shown = ceremony::add_impression(&house.service, &agent.signer, upload(STAMP)).await.unwrap();
    assert_eq!(shown.impressions.last().map(|it| it.kind), Some(view::ImpressionKind::SealUploaded));
    agent.walk_to(view::Step::Done).await;
    let folder = tempfile::tempdir().unwrap();
    let bytes = document(&house.service, &actor, id).await;
    std::fs::write(folder.path().join("sealed.pdf"), &bytes).unwrap();
    let report = verify::verify_source(&house.service, "sealed.pdf", Arc::new(bytes)).await.unwrap();
    assert_eq!(report.indication, "TOTAL-PASSED", "{report:#?}");
    let Some(pdfimages) = testkit::tool("pdfimages") else { return };
    let list = pdfimages.command().arg("-list").arg(folder.path().join("sealed.pdf")).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("image") && list.contains("smask"), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_changed_byte_is_found() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    house.guest(AGENT).await.walk_to(view::Step::Done).await;
    let mut bytes = document(&house.service, &actor, id).await;
    let whole = verify::verify_source(&house.service, "a.pdf", Arc::new(bytes.clone())).await.unwrap();
    assert_eq!(whole.indication, "TOTAL-PASSED", "{whole:#?}");
    let place = bytes
        .windows(4)
        .position(|it| it == b"sale")
        .or_else(|| bytes.windows(6).position(|it| it == b"stream"));
    let place = place.unwrap() + 8;
    bytes[place] ^= 1;
    let changed = verify::verify_source(&house.service, "a.pdf", Arc::new(bytes)).await.unwrap();
    assert_eq!(changed.indication, "TOTAL-FAILED");
    assert_eq!(changed.signatures[0].reliability.content_intact, "not met");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timeline_and_the_report_follow_the_envelope() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    let first = envelope::report(&house.service, &actor, id).await.unwrap();
    let again = envelope::report(&house.service, &actor, id).await.unwrap();
    assert_eq!(first.sha256, again.sha256, "nothing happened in between");
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    house.guest(AGENT).await.walk_to(view::Step::Done).await;
    let last = envelope::report(&house.service, &actor, id).await.unwrap();
    assert_ne!(first.sha256, last.sha256);
    let page = envelope::events(&house.service, &actor, id).await.unwrap();
    assert!(page.chain.intact);
    let kinds: Vec<&str> = page.items.iter().map(|it| it.kind.as_str()).collect();
    for wanted in [
        "envelope.sent",
        "recipient.consented",
        "identity.verified",
        "organization.verified",
        "key.created",
        "certificate.issued",
        "recipient.signed",
        "document.time_stamped",
        "envelope.completed",
    ] {
        assert!(kinds.contains(&wanted), "{wanted} in {kinds:?}");
    }
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!(shown.status, view::EnvelopeStatus::Completed);
    let revisions: Vec<_> = shown.documents[0].revisions.iter().map(|it| it.kind).collect();
    use view::RevisionKind::{Fields, Original, Signature, TimeStamp, Validation};
    assert_eq!(revisions, [Original, Fields, Signature, Validation, Signature, Validation, TimeStamp]);
    let agent = &shown.recipients[1];
    assert_eq!(agent.verified.as_ref().unwrap().organization.as_deref(), Some("深圳远帆贸易有限公司"));
    assert!(agent.certificate.as_ref().unwrap().subject.contains("深圳远帆贸易有限公司"));
}

/// pdfsig, pyHanko and qpdf: programs that know nothing of ours.
fn judged_by_others(folder: &Path, file: &str, signatures: usize) {
    if let Some(tool) = testkit::tool("pdfsig") {
        let (_, said) = testkit::run(tool.command().arg(folder.join(file)));
        assert_eq!(said.matches("Signature is Valid").count(), signatures, "{said}");
    }
    if let Some(tool) = testkit::tool("qpdf") {
        let (fine, said) = testkit::run(tool.command().arg("--check").arg(folder.join(file)));
        assert!(fine && !said.contains("WARNING"), "{said}");
    }
    if let Some(tool) = testkit::tool("pyhanko") {
        let mut command: Command = tool.command();
        command.current_dir(folder);
        command.args(["sign", "validate", "--pretty-print", "--trust", "trust.pem", "--trust-replace", file]);
        let (fine, said) = testkit::run(&mut command);
        assert!(fine, "{said}");
        assert_eq!(said.matches("The signature is judged VALID").count(), signatures, "{said}");
    }
    judged_alone(folder, file, signatures);
}

/// pyHanko with nothing but the file and the root: the material is in it, and the last time-stamp covers it.
fn judged_alone(folder: &Path, file: &str, signatures: usize) {
    let Some(tool) = testkit::tool("pyhanko") else { return };
    let mut command: Command = tool.command();
    command.current_dir(folder);
    command.args(["sign", "adesverify", "--trust", "trust.pem", "--trust-replace", file]);
    let (fine, said) = testkit::run(&mut command);
    assert!(fine, "{said}");
    assert_eq!(said.matches(":INTACT:TRUSTED").count(), signatures, "{said}");
}

/// A red ring with a square in it, on white paper: what a scanned seal looks like to a program. PNG, Base64.
const STAMP: &str = "iVBORw0KGgoAAAANSUhEUgAAAKAAAACgAQMAAACxAfVuAAAABlBMVEX////IHh7kMBY6AAACVklEQVR42t2WO27cMBCGP9FCrCJAtnQX5Qa+gZWb5CbaI/gIOQqPwjKlAqSQAUaTgq8hJS1iIC5iNlz9O8N5cvjD+10i1x32JLK12J2IiGvAzyIiPknEfQEwndWC9yIiIkv4MmF7CNvHCvxWHwZAJyJXRMTWRzq4y4cC8Ck4/iRrFc4SFDZlaOIZ4IVO29mShlWBr+lsl9V7fgTwF5cMPvA9gL9TTMDTVv8yAFMGXTFfArmXa5TsyKBniqAh12FjzDoljnmJkoMC7RDBi6qt6yM4+gIuJvmpsrgm5yeVb5+815Xp5AoGOhQoTPFPXdjZgsmlT2sEA30laS9BrOpLF1wavAaXAQyhLGX1QV23BWtQH3UD4ff+5P6cqv7fuhNJoLlUcj2TrPMBsz213khaMHvZEdMkCdxpRH0LXTDgQ7eLhM5fTtWHFhowTY5hPc/nEXhpoR4DS43515359+C4hww0Y297K+vvEBx3iGnTCdtbWT8aAksr51935tC2PKZteViP1XvClfvZlQuHwbdyy6n1o1G5e6tdGL/Vmv7BsGK27ew689NWhTc3JF1VpD5erqHJ8ekQWKsZdlnTE1knCaMeq5CPMNb2ozK9YCUfNo7fSYWe3rbZaYoULVsVUp9AHdKQGswp7y9bBBfl/egjuCrvpzVbtKUY8TVUnCDeNQNIuQt9eZdnX5hc7nmbzY+imF5KiXhFwVzyY8nqvvC6Am58COBjSHGkd18DS3R8OWVrN3jdIQM85IrMgX/Knr2K1LfvkKm+hO35Bvu9yZMPGfUx9/4f1x8sxAChzAWHxQAAAABJRU5ErkJggg==";

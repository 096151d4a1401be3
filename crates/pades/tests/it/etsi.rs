//! The report of ETSI TS 119 102-2, judged by the classes that pyHanko has of its schema.

use std::collections::HashSet;

use testkit::tool;
use vermilion_pades as pades;

use crate::support::{Pki, completed, open};
use crate::world::{World, YEAR, archived, day, minute, stored};

/// Well formed, of the right root, and every reference leads somewhere.
pub(crate) fn check(xml: &str) {
    let document = roxmltree::Document::parse(xml).expect("well-formed XML");
    let root = document.root_element();
    assert!(root.has_tag_name(("http://uri.etsi.org/19102/v1.2.1#", "ValidationReport")));
    let mut ids = HashSet::new();
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            assert!(ids.insert(id), "{id} stands twice");
        }
    }
    for node in document.descendants() {
        for reference in node.attribute("VOReference").into_iter().flat_map(str::split_whitespace) {
            assert!(ids.contains(reference), "{reference} leads nowhere");
        }
    }
}

#[test]
fn pyhanko_reads_every_kind_of_report_strictly() {
    let Some(python) = tool("python3") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut paths = Vec::new();
    let mut keep = |name: &str, file: &[u8], policy: &pades::Policy| {
        let xml = pades::examine(&open(file), policy, None).etsi_xml().expect("a report");
        check(&xml);
        let path = folder.path().join(format!("{name}.xml"));
        std::fs::write(&path, xml).expect("written");
        paths.push(path);
    };
    let pki = Pki::new();
    keep("finished", &completed(&pki, pdf::XrefKind::Table), &pki.policy());
    let world = World::new();
    let (alice, tsa) = (world.alice(), world.tsa(31, day(-30), day(3 * YEAR)));
    let bare = world.sign(&alice, None);
    keep("bare", &bare, &world.policy(day(1)));
    keep("untrusted", &bare, &pades::Policy::new(vec![], day(1)));
    let revoked = pki::crl::Revoked {
        serial: alice.certificate.serial().clone(),
        at: day(1),
        reason: pki::crl::Reason::KeyCompromise,
    };
    let lists = [world.crl(day(2), day(9), &[revoked]), world.root_crl(day(2), day(9), &[])];
    keep("revoked", &stored(&bare, &[], &lists), &world.policy(day(3)));
    let stamped = world.sign(&alice, Some((&tsa, minute(5))));
    let archive = archived(&stored(&stamped, &[], &world.lists(minute(60))), &tsa, minute(120));
    keep("archive", &archive, &world.policy(day(2)));
    keep("years-later", &archive, &world.policy(day(5 * YEAR)));
    let mut broken = bare;
    broken[20] ^= 1;
    keep("broken", &broken, &world.policy(day(1)));
    let script = testkit::checkout().join("conformance/etsi_report_judge.py");
    let output = python.command().arg(&script).args(&paths).output().expect("Python starts");
    if output.status.code() == Some(3) {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "pyHanko's classes are missing, and CI must not skip"
        );
        eprintln!("SKIPPED: this Python has no pyHanko with the etsi extra");
        return;
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert_eq!(said.lines().filter(|line| line.ends_with("\tvalid")).count(), paths.len(), "{said}");
}

//! Signatures of others whose CMS has no signed attributes: the value is over the document itself (RFC 5652 §5.4).

use pades::{Condition, Level, LevelError, RevocationRule, Sources};
use pki::Signer as _;
use pki::der::{self, context_constructed};
use vermilion_pades as pades;

use crate::ades::{first, unstamped};
use crate::support::{Identity, joined, open};
use crate::world::{covered, day, judged, minute, with_contents};

/// A SignedData by `who` over `content`, with nothing signed besides.
fn bare(who: &Identity, content: &[u8]) -> Vec<u8> {
    let oid = |last: &[u8]| der::oid(&[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7], last].concat());
    let sha256 = der::sequence(&[&der::oid(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1])]);
    let ecdsa = der::sequence(&[&der::oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2])]);
    let certificate = &who.certificate;
    let signer = der::sequence(&[certificate.issuer().der(), &der::integer(certificate.serial().as_bytes())]);
    let value = who.key.sign(content).expect("a signature");
    let info =
        der::sequence(&[&der::unsigned_integer(1), &signer, &sha256, &ecdsa, &der::octet_string(&value)]);
    let certificates: Vec<u8> =
        std::iter::once(certificate).chain(&who.chain).flat_map(|one| one.der().to_vec()).collect();
    let data = der::sequence(&[
        &der::unsigned_integer(1),
        &der::tlv(der::SET, &[&sha256]),
        &der::sequence(&[&oid(&[1])]),
        &der::tlv(context_constructed(0), &[&certificates]),
        &der::tlv(der::SET, &[&info]),
    ]);
    der::sequence(&[&oid(&[2]), &der::tlv(context_constructed(0), &[&data])])
}

#[test]
fn a_signature_without_signed_attributes_is_judged_and_extended_by_the_document_itself() {
    let (world, alice, file) = unstamped();
    let file = with_contents(&file, &bare(&alice, &covered(&file)));
    let report = judged(&file, &world.policy(day(1)));
    assert_eq!(first(&report).reliability.signature_intact, Condition::Met, "{:?}", first(&report).reasons);
    assert_eq!(first(&report).level, Level::NotEtsi);
    let tsa = world.tsa(31, day(-30), day(300));
    let stamper = tsa.at(minute(5));
    let sources = Sources { time_stamps: Some(&stamper), ..Sources::none(minute(5)) };
    let tail = pades::extend_to(&open(&file), Level::BT, &sources).expect("extended");
    let policy = world.policy(day(1)).with_revocation(RevocationRule::IfPresent);
    let report = judged(&joined(&file, &tail), &policy);
    assert_eq!(first(&report).best_time, Some(minute(5)), "{}", report.text(pades::Lang::En));
    // Nothing is stamped that does not hold.
    let mut changed = file;
    let at = changed.windows(8).position(|part| part == b"MediaBox").expect("a page");
    changed[at + 10] ^= 1;
    let refused = pades::extend_to(&open(&changed), Level::BT, &sources);
    assert!(matches!(refused, Err(LevelError::Broken { .. })), "{refused:?}");
}

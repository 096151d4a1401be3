//! Time-stamps that come too late: they prove nothing of a certificate that had ended.

use jiff::{SignedDuration, Timestamp};
use pades::{Code, Credential, Level, Sources, SubIndication};
use pdf::XrefKind;
use vermilion_pades as pades;

use crate::ades::{assert_open, assert_passed, first};
use crate::support::{Identity, noon, open, request, sent};
use crate::world::{Tsa, World, YEAR, day, minute, stored};

/// A world, Alice for a day, an authority for three years.
fn short_lived() -> (World, Identity, Tsa) {
    let world = World::new();
    let alice = world.person(minute(-60), day(1));
    let tsa = world.tsa(31, day(-30), day(3 * YEAR));
    (world, alice, tsa)
}

#[test]
fn a_time_stamp_from_after_the_certificates_end_proves_nothing_of_before() {
    let (world, alice, tsa) = short_lived();
    let stamped =
        |at: Timestamp| stored(&world.sign(&alice, Some((&tsa, at))), &[], &world.lists(minute(30)));
    let policy = world.policy(day(3));
    // To the second.
    assert_passed(&stamped(day(1)), &policy);
    let report = assert_open(
        &stamped(day(1) + SignedDuration::from_secs(1)),
        &policy,
        SubIndication::OutOfBoundsNotRevoked,
    );
    let one = first(&report);
    assert_eq!(one.best_time, Some(day(1) + SignedDuration::from_secs(1)));
    assert!(one.reasons.iter().any(|reason| reason.code == Code::CertificateExpired), "{:?}", one.reasons);
}

#[test]
fn signing_stops_where_the_time_stamp_comes_after_the_certificates_end() {
    let (_, alice, tsa) = short_lived();
    let who = Credential { signer: &alice.key, certificate: &alice.certificate, chain: &alice.chain };
    let document = open(&sent(XrefKind::Table));
    let attempt = |stamped: Timestamp| {
        let stamper = tsa.at(stamped);
        let sources = Sources { time_stamps: Some(&stamper), ..Sources::none(noon()) };
        let signed = pades::sign_to(&document, &request("alice", noon()), who, Level::BT, &sources);
        signed.map_err(|error| error.to_string())
    };
    assert!(attempt(day(1)).is_ok());
    let refused = attempt(day(1) + SignedDuration::from_secs(1)).expect_err("too late");
    assert!(refused.contains("had ended"), "{refused}");
}

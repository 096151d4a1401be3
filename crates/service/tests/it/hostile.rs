//! Canonical JSON means one thing each, and a record proves what it shows and no more.

#[path = "../../../../fuzz/src/statements.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it too")]
mod statements;

/// Every seed and every finding of the fuzz target.
#[test]
fn what_fuzzing_starts_from_is_taken_and_what_it_found_stays_mended() {
    for (name, input) in testkit::fuzz_inputs("statement") {
        assert_eq!(statements::statement(&input), name.contains("/seeds/"), "{name}");
    }
}

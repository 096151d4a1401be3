//! Nothing that a provider sends makes the crate panic, and nothing passes for a provider's word but its own.

#[path = "../../../../fuzz/src/tokens.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it too")]
mod tokens;

/// Every seed and every finding of the fuzz target.
#[test]
fn what_fuzzing_starts_from_is_taken_and_what_it_found_stays_mended() {
    for (name, input) in testkit::fuzz_inputs("token") {
        let good = tokens::token(&input);
        let refused = name.contains("regressions/") || name.ends_with("-refused");
        assert_eq!(good, !refused, "{name}");
    }
}

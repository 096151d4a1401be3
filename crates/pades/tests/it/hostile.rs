//! No file makes the validator panic or work without end.

use std::time::Instant;

#[path = "../../../../fuzz/src/verdicts.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it too")]
mod verdicts;

/// Every seed and every finding of the fuzz target, so that a checkout without cargo-fuzz holds what was mended.
#[test]
fn what_fuzzing_found_stays_mended() {
    for (name, input) in testkit::fuzz_inputs("verify") {
        let start = Instant::now();
        verdicts::verify(&input);
        assert!(start.elapsed().as_secs() < 20, "{name} took {:?}", start.elapsed());
    }
}

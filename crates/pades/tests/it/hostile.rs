//! No file makes the validator panic or work without end.

use std::time::Instant;

#[path = "../../../../fuzz/src/verdicts.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets use it too")]
mod verdicts;

/// The name of a fuzz target, and what it does with its input.
type Target = (&'static str, fn(&[u8]));

/// Every seed and every finding of the fuzz targets, so that a checkout without cargo-fuzz holds what was mended.
#[test]
fn what_fuzzing_found_stays_mended() {
    let targets: [Target; 3] = [
        ("verify", verdicts::verify),
        ("changes", verdicts::changes),
        ("trusted_list", verdicts::trusted_list),
    ];
    for (target, run) in targets {
        for (name, input) in testkit::fuzz_inputs(target) {
            let start = Instant::now();
            run(&input);
            assert!(start.elapsed().as_secs() < 20, "{name} took {:?}", start.elapsed());
        }
    }
}

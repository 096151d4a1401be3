//! Nothing that a provider sends makes an adapter panic, and nobody passes of whom it is not said.

#[path = "../../../../fuzz/src/answers.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it too")]
mod answers;

/// Every seed and every finding of the fuzz target.
#[test]
fn what_fuzzing_starts_from_is_taken_and_what_it_found_stays_mended() {
    let passing = [
        "alipay-answer",
        "alipay-node",
        "tencent-face",
        "tencent-elements",
        "tencent-company",
        "aliyun-face",
        "aliyun-elements",
        "notice-alipay",
    ];
    for (name, input) in testkit::fuzz_inputs("provider") {
        let good = answers::answer(&input);
        let seed = name.rsplit('/').next().unwrap_or_default();
        assert_eq!(good, name.contains("/seeds/") && passing.contains(&seed), "{name}");
    }
}

//! No key file makes the loader panic, or work beyond its costs.
use std::path::Path;
use std::time::Instant;

#[path = "../../../../fuzz/src/key_files.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it too")]
mod key_files;

/// Every seed and every finding of the fuzz target, so that a checkout without cargo-fuzz holds what was mended.
#[test]
fn what_fuzzing_found_stays_mended() {
    let mut inputs = 0;
    for folder in ["seeds", "regressions"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(folder).join("key_file");
        // A target without findings has no folder of them.
        for file in std::fs::read_dir(folder).into_iter().flatten() {
            let path = file.unwrap().path();
            let start = Instant::now();
            key_files::key_file(&std::fs::read(&path).unwrap());
            assert!(start.elapsed().as_secs() < 20, "{} took {:?}", path.display(), start.elapsed());
            inputs += 1;
        }
    }
    assert!(inputs > 0, "the target has seeds");
}

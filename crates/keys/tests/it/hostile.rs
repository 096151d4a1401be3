//! No key file makes the loader panic, or work beyond its costs; nothing that a browser sends passes for a passkey's answer
//! but that answer.
use std::path::Path;
use std::time::Instant;

#[path = "../../../../fuzz/src/key_files.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it too")]
mod key_files;
#[path = "../../../../fuzz/src/passkeys.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it too")]
mod passkeys;

/// Every seed and every finding of the fuzz targets, so that a checkout without cargo-fuzz holds what was mended.
#[test]
fn what_fuzzing_found_stays_mended() {
    let inputs = each("key_file", |_, input| key_files::key_file(input));
    assert!(inputs > 0, "the target has seeds");
}

#[test]
fn the_answers_of_passkeys_that_fuzzing_starts_from_are_accepted() {
    let inputs = each("passkey", |name, input| {
        let good = passkeys::passkey(input);
        // One is of a kind that is not handled; what fuzzing found is no good answer.
        assert_eq!(good, name.starts_with("seeds") && name != "seeds/certificates", "{name}");
    });
    assert!(inputs > 12, "the target has seeds");
}

fn each(target: &str, run: impl Fn(&str, &[u8])) -> usize {
    let mut inputs = 0;
    for folder in ["seeds", "regressions"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(folder).join(target);
        // A target without findings has no folder of them.
        for file in std::fs::read_dir(path).into_iter().flatten() {
            let path = file.unwrap().path();
            let start = Instant::now();
            let name = path.file_name().unwrap().to_string_lossy();
            run(&format!("{folder}/{name}"), &std::fs::read(&path).unwrap());
            assert!(start.elapsed().as_secs() < 20, "{} took {:?}", path.display(), start.elapsed());
            inputs += 1;
        }
    }
    inputs
}

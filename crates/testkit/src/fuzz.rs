//! What the fuzz targets begin with, and what they found.

use std::fs;

use crate::checkout;

/// The committed seeds of a fuzz target and the findings of the past, each with its name.
///
/// # Panics
/// Where the target has no seeds: the test that asks would prove nothing.
#[must_use]
pub fn fuzz_inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let fuzz = checkout().join("fuzz");
    let mut inputs = Vec::new();
    for folder in ["seeds", "regressions"] {
        // A target without findings has no folder of them.
        let Ok(files) = fs::read_dir(fuzz.join(folder).join(target)) else { continue };
        for file in files {
            let path = file.expect("an entry").path();
            let input = fs::read(&path).expect("an input");
            inputs.push((path.display().to_string(), input));
        }
    }
    assert!(!inputs.is_empty(), "the fuzz target {target} has seeds");
    inputs
}

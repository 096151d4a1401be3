//! What each fuzz target does with its input. The crates' own tests include these files and put every seed and every
//! finding of the past through them (`tests/it/hostile.rs`), so that a checkout without cargo-fuzz holds what was mended.

extern crate vermilion_pdf as pdf;
extern crate vermilion_pki as pki;

pub mod contents;
pub mod files;
pub mod key_files;
pub mod passkeys;
pub mod structures;
pub mod verdicts;

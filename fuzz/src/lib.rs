//! What each fuzz target does with its input. The crates' own tests include these files and put every seed and every
//! finding of the past through them (`tests/it/hostile.rs`), so that a checkout without cargo-fuzz holds what was mended.

extern crate vermilion_domain as domain;
extern crate vermilion_keys as keys;
extern crate vermilion_pdf as pdf;
extern crate vermilion_pki as pki;

pub mod answers;
pub mod contents;
pub mod files;
pub mod key_files;
pub mod passkeys;
pub mod statements;
pub mod structures;
pub mod tokens;
pub mod verdicts;

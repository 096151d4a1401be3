//! Where the files of the checkout are that a test reads.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the checkout whose tests run.
///
/// Cargo says at run time which package it tests. What was compiled in may be another checkout's: they may share a folder
/// of build artefacts, and a test or an example that is up to date is not compiled again. It serves where a program is
/// started without Cargo and outside of any checkout.
#[must_use]
pub fn checkout() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = env::current_dir().ok();
    let found = package.into_iter().chain(here).find_map(|folder| root_of(&folder));
    found.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
}

/// The folder above that holds the whole workspace.
fn root_of(folder: &Path) -> Option<PathBuf> {
    let is_root = |folder: &&Path| folder.join("crates/testkit/Cargo.toml").is_file();
    folder.ancestors().find(is_root).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_from_any_folder_in_it() {
        let root = checkout();
        assert!(root.join("Cargo.lock").is_file());
        assert_eq!(root_of(&root.join("crates/pades/tests/it")), Some(root));
        assert_eq!(root_of(Path::new("/")), None);
    }
}

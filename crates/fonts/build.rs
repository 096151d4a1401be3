//! Says what to do when the typefaces have not been fetched yet.

use std::path::Path;

const FILES: [&str; 3] = ["NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf", "LICENSE"];

fn main() {
    // Asked when it runs: the program may have been built in another checkout that shares the target folder.
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo names the package's folder");
    let assets = Path::new(&folder).join("assets");
    for file in FILES {
        let path = assets.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        assert!(path.exists(), "{} is missing: run `make fonts` first", path.display());
    }
}

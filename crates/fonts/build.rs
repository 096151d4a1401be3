//! Says what to do when the typefaces have not been fetched yet.

use std::path::Path;

const FILES: [&str; 3] = ["NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf", "LICENSE"];

fn main() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    for file in FILES {
        let path = assets.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        assert!(path.exists(), "{} is missing: run `make fonts` first", path.display());
    }
}

//! Makes sure that the folder of the web application exists, so that the server compiles without it,
//! and that it is embedded anew when the web application was built again.

use std::path::Path;

fn main() {
    // Asked when it runs: the program may have been built in another checkout that shares the target folder.
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo names the package's folder");
    let dist = Path::new(&folder).join("../../web/dist");
    // A missing folder is no error here: the server then says on its first page how to build it.
    let _ = std::fs::create_dir_all(&dist);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../../web/dist");
}

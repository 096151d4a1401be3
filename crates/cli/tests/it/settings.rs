//! docs/settings.md names every variable that the command reads.

use std::collections::BTreeSet;
use std::path::Path;

/// What identity providers need stands in tables of their own, where names that begin alike are shortened.
const OF_PROVIDERS: [&str; 3] = ["VERMILION_TENCENT_", "VERMILION_ALIYUN_", "VERMILION_ALIPAY_"];

/// The names of variables in the command's sources, tests left out.
fn variables(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            variables(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, _) in text.match_indices("VERMILION_") {
            let name: String =
                text[at..].chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            found.insert(name);
        }
        // Those that are read by their last part (identity.rs).
        for read in [".text(\"", ".secret(\"", ".days(\"", ".required(\""] {
            for part in text.split(read).skip(1) {
                let name = part.split('"').next().unwrap_or_default();
                found.insert(format!("VERMILION_{name}"));
            }
        }
    }
}

#[test]
fn every_variable_is_in_the_list_of_settings() {
    let root = testkit::checkout();
    let mut found = BTreeSet::new();
    variables(&root.join("crates/cli/src"), &mut found);
    assert!(found.len() > 40, "the sources were not read: {found:?}");
    let list = std::fs::read_to_string(root.join("docs/settings.md")).expect("the list");
    let missing: Vec<_> = found
        .iter()
        .filter(|name| !name.ends_with('_') && !name.ends_with("_FILE"))
        .filter(|name| !OF_PROVIDERS.iter().any(|provider| name.starts_with(provider)))
        .filter(|name| !list.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "docs/settings.md leaves out {missing:?}");
}

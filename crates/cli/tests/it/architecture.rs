//! The direction of dependencies, as docs/architecture.md draws it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Who may name whom. A crate that is not here may name nobody.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("pki", &[]),
    ("pdf", &[]),
    ("fonts", &[]),
    ("domain", &[]),
    ("evidence", &[]),
    ("keys", &["pki"]),
    ("pades", &["fonts", "pdf", "pki"]),
    ("oidc", &["pki"]),
    ("online", &["oidc", "pades", "pki"]),
    ("providers", &["domain", "online", "pki"]),
    ("seal", &["pdf", "fonts"]),
    ("report", &["fonts"]),
    ("store", &["domain", "evidence", "keys", "pdf"]),
    (
        "service",
        &[
            "domain",
            "evidence",
            "fonts",
            "keys",
            "oidc",
            "online",
            "pades",
            "pdf",
            "pki",
            "providers",
            "report",
            "seal",
            "store",
        ],
    ),
    ("server", &["service"]),
    ("cli", &["fonts", "keys", "online", "pades", "pdf", "pki", "providers", "seal", "server", "service"]),
    ("testkit", &["domain", "pdf", "pki"]),
];

/// Crates that do no input or output.
const PURE: &[&str] =
    &["pdf", "pki", "keys", "oidc", "pades", "seal", "evidence", "domain", "report", "fonts"];

/// What does input or output.
const INPUT_OUTPUT: &[&str] =
    &["tokio", "sqlx", "axum", "hyper", "hyper-util", "tower", "tower-http", "reqwest", "ureq"];

/// Dependencies that one crate alone may name.
const ONE_HOME: &[(&str, &str)] = &[
    ("sqlx", "store"),
    ("axum", "server"),
    ("hyper", "server"),
    ("cryptoki", "keys"),
    ("ureq", "online"),
    ("lettre", "online"),
    ("rustls", "online"),
    ("rustls-native-certs", "online"),
    ("typst", "report"),
    ("typst-pdf", "report"),
    ("typst-layout", "report"),
    ("comemo", "report"),
    ("clap", "cli"),
];

#[test]
fn crates_depend_in_one_direction() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        MAY_NAME.iter().map(|(name, others)| (*name, others.iter().copied().collect())).collect();
    for (name, dependencies) in crates() {
        let allowed = allowed.get(name.as_str()).cloned().unwrap_or_default();
        for dependency in dependencies.ours {
            assert!(allowed.contains(dependency.as_str()), "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn libraries_do_no_input_or_output() {
    for (name, dependencies) in crates() {
        if PURE.contains(&name.as_str()) {
            for forbidden in INPUT_OUTPUT {
                assert!(!dependencies.others.contains(*forbidden), "{name} must not name {forbidden}");
            }
        }
    }
}

#[test]
fn each_engine_has_one_home() {
    for (name, dependencies) in crates() {
        for (engine, home) in ONE_HOME {
            assert!(name == *home || !dependencies.others.contains(*engine), "{name} must not name {engine}");
        }
    }
}

#[test]
fn test_tools_stay_in_tests() {
    for (name, dependencies) in crates() {
        for tool in ["testkit", "proptest", "insta", "lopdf"] {
            let named = dependencies.ours.contains(tool) || dependencies.others.contains(tool);
            assert!(!named || name == "testkit", "{name} must name {tool} for tests only");
        }
    }
}

#[derive(Default)]
struct Dependencies {
    /// Crates of this workspace, by their folder.
    ours: BTreeSet<String>,
    /// Crates of others.
    others: BTreeSet<String>,
}

/// What each crate of the workspace names outside its tests.
fn crates() -> BTreeMap<String, Dependencies> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"])
        .arg(testkit::checkout().join("Cargo.toml"))
        .output()
        .expect("cargo runs its own tests");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a workspace has packages");
    assert_eq!(packages.len(), MAY_NAME.len(), "every crate has its place in the table");
    packages.iter().map(|package| (folder(&package["manifest_path"]), dependencies(package))).collect()
}

fn dependencies(package: &Value) -> Dependencies {
    let mut found = Dependencies::default();
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        if dependency["kind"] == "dev" {
            continue;
        }
        match dependency["path"].as_str() {
            Some(path) => found.ours.insert(last(path).to_owned()),
            None => found.others.insert(dependency["name"].as_str().unwrap_or_default().to_owned()),
        };
    }
    found
}

fn folder(manifest: &Value) -> String {
    let manifest = manifest.as_str().expect("a package has a manifest");
    last(manifest.trim_end_matches("/Cargo.toml")).to_owned()
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

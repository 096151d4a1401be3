//! Programs of others, run in a folder of their own.
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub(crate) struct Folder(TempDir);

impl Folder {
    /// `None`, loudly, where `program` is not installed; in CI that is a failure.
    pub(crate) fn with(program: &str) -> Option<Self> {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        if std::env::split_paths(&paths).any(|folder| folder.join(program).is_file()) {
            return Some(Self(tempfile::tempdir().expect("a folder")));
        }
        assert!(std::env::var_os("CI").is_none(), "{program} is missing in CI");
        eprintln!("SKIPPED: {program} is not installed");
        None
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("writes");
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).expect("reads")
    }

    /// Runs `program` with the words of `line`, where `''` is an empty one.
    pub(crate) fn run(&self, program: &str, line: &str) -> String {
        let words = line.split_ascii_whitespace().map(|word| if word == "''" { "" } else { word });
        let output = Command::new(program).args(words).current_dir(self.path()).output().expect("runs");
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{program} {line}\n{text}");
        text
    }

    pub(crate) fn openssl(&self, line: &str) -> String {
        self.run("openssl", line)
    }
}

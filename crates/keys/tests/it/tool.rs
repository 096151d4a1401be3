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

/// The certificate with its key marked as one for PSS alone: what a token holds is not looked at for more than its key.
pub(crate) fn marked_pss(certificate: &[u8]) -> Vec<u8> {
    use pki::der::{self, Reader};
    let mut outer = Reader::new(certificate, "test").sequence().unwrap();
    let mut fields = outer.sequence().unwrap();
    let (algorithm, signature) = (outer.next().unwrap().raw, outer.next().unwrap().raw);
    let rsa_pss = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
    let mut parts = Vec::new();
    while !fields.is_empty() {
        let field = fields.next().unwrap();
        // The seventh element: version, serial number, algorithm, issuer, validity, subject before it.
        parts.push(match parts.len() {
            6 => {
                let mut info = field.reader("test");
                info.next().unwrap();
                der::sequence(&[&der::sequence(&[&der::oid(&rsa_pss)]), info.next().unwrap().raw])
            }
            _ => field.raw.to_vec(),
        });
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    der::sequence(&[&der::sequence(&parts), algorithm, signature])
}

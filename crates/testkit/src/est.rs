//! Another's authority that speaks EST (RFC 7030), for tests. It is a Python program around OpenSSL, so that nothing of ours
//! judges what we send: `est/server.py` says what it does.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::tool;

/// A running EST server; it ends when it is dropped.
#[derive(Debug)]
pub struct EstServer {
    child: Child,
    port: u16,
    folder: std::path::PathBuf,
}

impl EstServer {
    /// Starts one that keeps its files in `folder`. `None`, loudly, where Python or OpenSSL is missing.
    ///
    /// # Panics
    /// Where it does not start; and in CI where a program is missing.
    #[must_use]
    pub fn start(folder: &Path) -> Option<Self> {
        tool("openssl")?;
        let python = tool("python3")?;
        let program = crate::checkout().join("crates/testkit/est/server.py");
        let mut command = python.command();
        command.arg(program).arg(folder).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a program that was found can be started");
        let mut line = String::new();
        let output = child.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        let port = line.trim().parse().expect("a port");
        Some(Self { child, port, folder: folder.to_owned() })
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// A file of its folder.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(name)).expect("the server wrote it")
    }

    /// Makes the next enrollment go wrong: `pending`, `wrong-key`, `error`, `garbage`, `html`.
    ///
    /// # Panics
    /// Where the folder is gone.
    pub fn play(&self, what: &str) {
        std::fs::write(self.folder.join(what), "").expect("the folder is there");
    }

    /// What was asked, and how the asker showed who they are.
    ///
    /// # Panics
    /// Where the file is not text.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.join("asked")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

impl Drop for EstServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

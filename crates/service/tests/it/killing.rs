//! A process that is killed after any of its commits: the test runs itself once more, as a child that does the work, and ends
//! it with SIGKILL.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const AT: &str = "VERMILION_KILLED_AT";
const AFTER: &str = "VERMILION_KILLED_AFTER";
/// A commit that never comes: the child ends by itself.
pub(crate) const NEVER: u64 = u64::MAX >> 1;

/// Runs the ignored test of this name as a child, kills it `after` its `at`th commit, and gives what it said before.
pub(crate) fn killed(test: &str, variables: &[(&str, String)], at: u64, after: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .envs(variables.iter().map(|(name, value)| (*name, value)))
        .env(AT, at.to_string())
        .env(AFTER, after.as_micros().to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    // The harness leaves its own line open.
    let said = lines.take_while(|line| !line.ends_with("now")).collect();
    // SIGKILL.
    child.kill().unwrap();
    child.wait().unwrap();
    said
}

/// How many commits there were, where the child ended by itself.
pub(crate) fn ended(said: &[String]) -> Option<u64> {
    said.iter().find_map(|line| line.split_once("ended after ")?.1.trim().parse().ok())
}

/// What the parent set for the child.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// After which of its commits the child is killed.
pub(crate) fn moment() -> u64 {
    variable(AT).unwrap().parse().unwrap()
}

/// Says a line to the parent.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Counts the commits of this process; after the one that the parent names it says so, and waits to be killed, or goes on for
/// as long as the parent says.
pub(crate) struct Commits {
    seen: Arc<AtomicUsize>,
    at: usize,
    after: Duration,
}

/// What was counted.
pub(crate) struct Counted(Arc<AtomicUsize>);

impl Commits {
    /// From now on, in the child.
    pub(crate) fn counted() -> Counted {
        let seen = Arc::new(AtomicUsize::new(0));
        let after = Duration::from_micros(variable(AFTER).unwrap().parse().unwrap());
        let commits = Self { seen: Arc::clone(&seen), at: usize::try_from(moment()).unwrap(), after };
        tracing::subscriber::set_global_default(commits).unwrap();
        Counted(seen)
    }
}

impl Counted {
    /// The work was done before it was killed.
    pub(crate) fn ended(&self) {
        say(&format!("ended after {}", self.0.load(Ordering::SeqCst)));
    }
}

impl tracing::Subscriber for Commits {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "vermilion_store::db"
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        if self.seen.fetch_add(1, Ordering::SeqCst) + 1 != self.at {
            return;
        }
        if self.after.is_zero() {
            say("now");
            std::thread::sleep(Duration::from_secs(60));
        } else {
            let after = self.after;
            std::thread::spawn(move || {
                std::thread::sleep(after);
                say("now");
            });
        }
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

/// A data folder, as it is now.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

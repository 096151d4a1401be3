//! What came out: one row for each folder of the corpora.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// One folder of the corpora.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Files or cases.
    pub(crate) cases: usize,
    /// Those where what must come out did.
    pub(crate) agreed: usize,
    /// What else was counted.
    #[serde(default)]
    pub(crate) counts: BTreeMap<String, usize>,
    /// Files that are not opened or not signed, each with the reason that a user gets.
    #[serde(default)]
    pub(crate) refused: BTreeMap<String, String>,
    /// Cases that came out otherwise, each with a line of reason.
    #[serde(default)]
    pub(crate) diverged: BTreeMap<String, String>,
}

impl Row {
    pub(crate) fn agree(&mut self) {
        self.cases += 1;
        self.agreed += 1;
    }

    pub(crate) fn diverge(&mut self, case: impl Into<String>, reason: impl Into<String>) {
        self.cases += 1;
        self.diverged.insert(case.into(), reason.into().replace('\n', " "));
    }

    pub(crate) fn refuse(&mut self, case: impl Into<String>, reason: impl Into<String>) {
        self.cases += 1;
        self.refused.insert(case.into(), reason.into());
    }

    pub(crate) fn count(&mut self, what: &str, by: usize) {
        *self.counts.entry(what.to_owned()).or_default() += by;
    }
}

/// All rows, by folder.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Table {
    pub(crate) rows: BTreeMap<String, Row>,
}

/// How a table differs from the one that is held.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) worse: Vec<String>,
    pub(crate) better: Vec<String>,
}

impl Table {
    /// A divergence that is known keeps the reason that somebody wrote for it.
    pub(crate) fn take_reasons(&mut self, expected: &Self) {
        for (name, row) in &mut self.rows {
            let Some(expected) = expected.rows.get(name) else { continue };
            for (case, reason) in &mut row.diverged {
                if let Some(known) = expected.diverged.get(case) {
                    known.clone_into(reason);
                }
            }
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut out = format!(
            "\n{:<10} {:>6} {:>7} {:>8} {:>8}  {}\n",
            "", "cases", "agreed", "diverged", "refused", ""
        );
        for (name, row) in &self.rows {
            let counts: Vec<String> =
                row.counts.iter().map(|(what, number)| format!("{what} {number}")).collect();
            let (cases, agreed, diverged, refused) =
                (row.cases, row.agreed, row.diverged.len(), row.refused.len());
            let counts = counts.join(", ");
            let _ = writeln!(out, "{name:<10} {cases:>6} {agreed:>7} {diverged:>8} {refused:>8}  {counts}");
        }
        for (name, row) in &self.rows {
            for (kind, cases) in [("diverged", &row.diverged), ("refused", &row.refused)] {
                for (case, reason) in cases {
                    let _ = write!(out, "\n{name} {kind}: {case}: {reason}");
                }
            }
        }
        out + "\n"
    }

    pub(crate) fn compare(&self, expected: &Self) -> Changes {
        let mut changes = Changes::default();
        for (name, held) in &expected.rows {
            let Some(row) = self.rows.get(name) else { continue };
            row.compare(name, held, &mut changes);
        }
        changes
    }
}

impl Row {
    fn compare(&self, name: &str, held: &Self, changes: &mut Changes) {
        if self.cases < held.cases {
            changes.worse.push(format!("{name}: {} cases of {}", self.cases, held.cases));
        }
        // A refusal is no worse than what diverged before, nor the other way round.
        let known = |case: &String| held.refused.contains_key(case) || held.diverged.contains_key(case);
        for (case, reason) in self.diverged.iter().filter(|(case, _)| !known(case)) {
            changes.worse.push(format!("{name} diverges at {case}: {reason}"));
        }
        for case in self.refused.keys().filter(|case| !known(case)) {
            changes.worse.push(format!("{name} refuses {case}: {}", self.refused[case]));
        }
        for case in held.diverged.keys().filter(|case| !self.diverged.contains_key(*case)) {
            changes.better.push(format!("{name} no longer diverges at {case}"));
        }
        for case in held.refused.keys().filter(|case| !self.refused.contains_key(*case)) {
            changes.better.push(format!("{name} no longer refuses {case}"));
        }
    }
}

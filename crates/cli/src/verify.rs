//! `vermilion verify`: the verdict as text, JSON or XML, and as the exit code.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use online::Client;
use pades::{Code, Indication, Policy, Report, ValidationSource};
use serde_json::json;
use service::Clock as _;
use service::control::{self, ControlProof, FileRevisions, Known};
use service::policy::AtHand;

use crate::args::{VerdictFormat, VerifyOptions};
use crate::constraints::PolicyDocuments;
use crate::failure::{self, Failure};
use crate::trust::Trust;
use crate::{constraints, file, network, say};

/// What the exit code says, the graver the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Passed,
    Unsigned,
    Indeterminate,
    Failed,
    Unreadable,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Indeterminate => 2,
            Self::Unsigned => 3,
            Self::Unreadable => 65,
        }
    }

    fn of(report: &Report) -> Self {
        let says = |code| report.reasons.iter().any(|reason| reason.code == code);
        match report.indication {
            _ if report.signatures.is_empty() && says(Code::Unreadable) => Self::Unreadable,
            _ if report.signatures.is_empty() && says(Code::NoSignature) => Self::Unsigned,
            Indication::TotalPassed => Self::Passed,
            Indication::TotalFailed => Self::Failed,
            Indication::Indeterminate => Self::Indeterminate,
        }
    }
}

pub(crate) fn run(options: &VerifyOptions) -> ExitCode {
    if options.format == VerdictFormat::Etsi && options.files.len() > 1 {
        return failure::end(Err(Failure::Usage("the XML of ETSI is for one file at a time".to_owned())));
    }
    if options.proof.is_some() && options.files.len() > 1 {
        return failure::end(Err(Failure::Usage("a proof belongs to one file".to_owned())));
    }
    let prepared = || -> Result<(Policy, PolicyDocuments, Option<Client>, Option<Shown>), Failure> {
        let trust = Trust::load(&options.trust.trust)?;
        let at = options.at.unwrap_or_else(|| service::SystemClock.now());
        let mut policy = Policy::new(trust.anchors, at);
        policy.trusted_lists = trust.lists;
        if let Some(path) = &options.constraints {
            policy.algorithms = constraints::algorithms(path)?;
        }
        let documents = PolicyDocuments::load(&options.policy_document)?;
        let client = options.online.then(|| network::client(&options.reach)).transpose()?;
        let shown = options.proof.as_deref().map(|path| Shown::read(path, options)).transpose()?;
        policy.signature_policies = at_hand(shown.as_ref()).documents();
        Ok((policy, documents, client, shown))
    };
    let (policy, documents, client, shown) = match prepared() {
        Ok(prepared) => prepared,
        Err(failure) => return failure::end(Err(failure)),
    };
    let judge = |file: &Path| verify(file, &policy, &documents, client.as_ref(), shown.as_ref(), options);
    let mut gravest = Outcome::Passed;
    in_order(&options.files, judge, |verdict| {
        verdict.say();
        gravest = gravest.max(verdict.outcome);
    });
    ExitCode::from(gravest.code())
}

/// Judges files at once, as many as there are cores, and hands over the verdicts in the order of the files.
fn in_order(files: &[PathBuf], judge: impl Fn(&Path) -> Verdict + Sync, mut done: impl FnMut(Verdict)) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get).min(files.len());
    if cores < 2 {
        files.iter().for_each(|file| done(judge(file)));
        return;
    }
    let next = AtomicUsize::new(0);
    let (send, judged) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..cores {
            let (send, next, judge) = (send.clone(), &next, &judge);
            let take = move || {
                let index = next.fetch_add(1, Ordering::Relaxed);
                files.get(index).map(|file| (index, file))
            };
            scope.spawn(move || {
                while let Some((index, file)) = take() {
                    // Nobody listens any more only where the command ends.
                    let _ = send.send((index, judge(file)));
                }
            });
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (index, verdict) in judged {
            waiting.insert(index, verdict);
            while let Some(verdict) = waiting.remove(&due) {
                done(verdict);
                due += 1;
            }
        }
    });
}

/// What is said of a file, and what it means.
struct Verdict {
    outcome: Outcome,
    out: Option<String>,
    errors: Vec<String>,
}

impl Verdict {
    fn say(&self) {
        self.errors.iter().for_each(|error| eprintln!("vermilion: {error}"));
        if let Some(out) = &self.out {
            say(out);
        }
    }
}

/// What an activation proof brings to the verdict.
struct Shown {
    proof: ControlProof,
    known: Known,
}

impl Shown {
    fn read(path: &Path, options: &VerifyOptions) -> Result<Self, Failure> {
        let unreadable = |why: &str| Failure::Unreadable(format!("{}: {why}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| unreadable(&error.to_string()))?;
        let proof =
            ControlProof::from_json(&bytes).ok_or_else(|| unreadable("this is no activation proof"))?;
        let known = options.passkey.iter().try_fold(Known::default(), |it, text| it.with_passkey(text));
        let known =
            known.and_then(|it| options.attests.iter().try_fold(it, |it, text| it.with_attesting(text)));
        let known = known.map_err(|error| Failure::Usage(error.to_string()))?;
        Ok(Self { proof, known })
    }
}

/// The signing policies at hand: the built-in ones, and those that the proof brings.
fn at_hand(shown: Option<&Shown>) -> AtHand {
    AtHand::default().brought(shown.map(|shown| shown.proof.policies()).unwrap_or_default())
}

fn verify(
    path: &Path,
    policy: &Policy,
    documents: &PolicyDocuments,
    client: Option<&Client>,
    shown: Option<&Shown>,
    options: &VerifyOptions,
) -> Verdict {
    let name = path.display().to_string();
    let document = match file::open(path, &options.pdf) {
        Ok(document) => document,
        Err(failure) => {
            let error = failure.to_string();
            let is_json = options.format == VerdictFormat::Json;
            let out = is_json.then(|| json!({ "file": name, "error": error }).to_string());
            return Verdict { outcome: Outcome::Unreadable, out, errors: vec![error] };
        }
    };
    let mut errors = Vec::new();
    let mut policy = Cow::Borrowed(policy);
    if !documents.is_empty() {
        let (mut found, idle) = documents.of(&document);
        // What was named for this validation goes before what is at hand anyway.
        let known = &mut policy.to_mut().signature_policies;
        found.append(known);
        *known = found;
        let idle = idle.iter().map(|path| path.display());
        errors.extend(idle.map(|path| format!("note: no signature in {name} binds the policy {path}")));
    }
    let session = client.map(Client::session);
    let source = session.as_ref().map(|session| -> &dyn ValidationSource { session });
    let validation = pades::examine(&document, &policy, source).named(name);
    let mut report = validation.report().clone();
    at_hand(shown).name_in(&mut report);
    if let Some(shown) = shown {
        control::apply(&mut report, &FileRevisions::of(&document), &shown.proof, &shown.known);
    }
    let validation = validation.with_report(report.clone());
    let outcome = Outcome::of(&report);
    let out = match options.format {
        VerdictFormat::Json => Some(serde_json::to_string(&report).expect("a report is plain data")),
        VerdictFormat::Text => Some(report.text(options.lang.into()).trim_end().to_owned()),
        VerdictFormat::Etsi => {
            let xml = validation.etsi_xml();
            if xml.is_none() {
                errors.push("there is no signature, for which the report of ETSI has no form".to_owned());
            }
            xml.map(|xml| xml.trim_end().to_owned())
        }
    };
    Verdict { outcome, out, errors }
}

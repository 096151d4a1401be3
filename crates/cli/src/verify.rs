//! `vermilion verify`: the verdict as text, JSON or XML, and as the exit code.

use std::path::Path;
use std::process::ExitCode;

use online::Client;
use pades::{Code, Indication, Policy, Report, ValidationSource};
use serde_json::json;
use service::Clock as _;
use service::control::{self, ControlProof, Known};
use service::policy::SigningPolicy;

use crate::args::{VerdictFormat, VerifyOptions};
use crate::failure::{self, Failure};
use crate::trust::Trust;
use crate::{file, network, say};

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
    let prepared = || -> Result<(Policy, Option<Client>, Option<Shown>), Failure> {
        let trust = Trust::load(&options.trust.trust)?;
        let at = options.at.unwrap_or_else(|| service::SystemClock.now());
        let mut policy = Policy::new(trust.anchors, at);
        policy.trusted_lists = trust.lists;
        policy.signature_policies = service::policy::built_in_documents();
        let client = options.online.then(|| network::client(&options.reach)).transpose()?;
        let shown = options.proof.as_deref().map(|path| Shown::read(path, options)).transpose()?;
        let brought = shown.as_ref().map(|shown| shown.proof.policies()).unwrap_or_default();
        policy.signature_policies.extend(brought.iter().map(service::policy::known));
        Ok((policy, client, shown))
    };
    let (policy, client, shown) = match prepared() {
        Ok(prepared) => prepared,
        Err(failure) => return failure::end(Err(failure)),
    };
    let outcomes =
        options.files.iter().map(|file| verify(file, &policy, client.as_ref(), shown.as_ref(), options));
    let gravest = outcomes.max().unwrap_or(Outcome::Unsigned);
    ExitCode::from(gravest.code())
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
        let mut known = Known::default();
        for text in &options.passkey {
            let mut fingerprint = [0; 32];
            hex::decode_to_slice(text, &mut fingerprint).map_err(|_| {
                Failure::Usage(format!("{text}: a passkey's fingerprint is 64 hexadecimal digits"))
            })?;
            known.passkeys.push(fingerprint);
        }
        for text in &options.attests {
            let arcs: Vec<&str> = text.split('.').collect();
            let number = |arc: &&str| !arc.is_empty() && arc.bytes().all(|it| it.is_ascii_digit());
            if arcs.len() < 2 || !arcs.iter().all(number) {
                return Err(Failure::Usage(format!(
                    "{text}: a policy is a dotted object identifier, as 1.2.3"
                )));
            }
            known.attesting.push(text.clone());
        }
        Ok(Self { proof, known })
    }
}

fn verify(
    path: &Path,
    policy: &Policy,
    client: Option<&Client>,
    shown: Option<&Shown>,
    options: &VerifyOptions,
) -> Outcome {
    let name = path.display().to_string();
    let document = match file::open(path, &options.pdf) {
        Ok(document) => document,
        Err(failure) => {
            eprintln!("vermilion: {failure}");
            if options.format == VerdictFormat::Json {
                say(&json!({ "file": name, "error": failure.to_string() }).to_string());
            }
            return Outcome::Unreadable;
        }
    };
    let session = client.map(Client::session);
    let source = session.as_ref().map(|session| -> &dyn ValidationSource { session });
    let validation = pades::examine(&document, policy, source).named(name);
    let mut report = validation.report().clone();
    let mut policies: Vec<_> = SigningPolicy::all_built_in().into();
    policies.extend(shown.map(|shown| shown.proof.policies()).unwrap_or_default());
    service::policy::name_in(&mut report, &policies);
    if let Some(shown) = shown {
        control::apply(&mut report, &shown.proof, &shown.known);
    }
    let outcome = Outcome::of(&report);
    match options.format {
        VerdictFormat::Json => {
            say(&serde_json::to_string(&report).expect("a report is plain data"));
        }
        VerdictFormat::Text => say(report.text(options.lang.into()).trim_end()),
        VerdictFormat::Etsi => match validation.etsi_xml() {
            Some(xml) => say(xml.trim_end()),
            None => eprintln!("vermilion: there is no signature, for which the report of ETSI has no form"),
        },
    }
    outcome
}

//! What `verify` is told beside whom to trust: documents of signature policies, and until when algorithms are accepted.

use std::path::{Path, PathBuf};

use pades::{AlgorithmConstraints, PolicyDocument};
use pdf::Document;
use pki::cms::{SignaturePolicy, SignedData};
use service::policy::demanding;

use crate::failure::Failure;
use crate::{explain, file};

/// Documents of signature policies, as `--policy-document` gives them.
#[derive(Debug, Default)]
pub(crate) struct PolicyDocuments {
    named: Vec<PolicyDocument>,
    /// Whose policy they are of is told by the signatures that bind their digests.
    unnamed: Vec<(PathBuf, Vec<u8>)>,
}

impl PolicyDocuments {
    /// Each is `OID=FILE` or `FILE`.
    pub(crate) fn load(options: &[String]) -> Result<Self, Failure> {
        let mut all = Self::default();
        for option in options {
            match option.split_once('=') {
                Some((oid, path)) if is_oid(oid) => {
                    let bytes = file::read(Path::new(path))?;
                    all.named.push(demanding(PolicyDocument::new(oid, bytes)));
                }
                _ => {
                    let path = PathBuf::from(option);
                    let bytes = file::read(&path)?;
                    all.unnamed.push((path, bytes));
                }
            }
        }
        Ok(all)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty() && self.unnamed.is_empty()
    }

    /// Those that matter for a file; and which of them no signature in it binds.
    pub(crate) fn of(&self, document: &Document) -> (Vec<PolicyDocument>, Vec<&Path>) {
        let bound = bound(document);
        let mut found = self.named.clone();
        let mut idle = Vec::new();
        for (path, bytes) in &self.unnamed {
            let mut fitting = bound
                .iter()
                .filter(|policy| policy.digest_algorithm.digest(bytes) == policy.digest)
                .map(|policy| demanding(PolicyDocument::new(policy.oid.clone(), bytes.clone())))
                .peekable();
            if fitting.peek().is_none() {
                idle.push(path.as_path());
            }
            found.extend(fitting);
        }
        (found, idle)
    }
}

/// The policies that the signatures of a file name.
fn bound(document: &Document) -> Vec<SignaturePolicy> {
    let fields = document.signatures().unwrap_or_default();
    let contents = fields.into_iter().filter_map(|field| field.signature?.contents);
    contents
        .filter_map(|contents| SignedData::from_contents(&contents).ok()?.signature_policy().ok()?)
        .collect()
}

/// Until when algorithms and key sizes are accepted, from JSON.
pub(crate) fn algorithms(path: &Path) -> Result<AlgorithmConstraints, Failure> {
    serde_json::from_slice(&file::read(path)?).map_err(|error| {
        Failure::Unreadable(format!(
            "{}: no table of algorithms ({}); wanted is JSON such as {EXAMPLE}",
            path.display(),
            explain(&error)
        ))
    })
}

const EXAMPLE: &str = r#"{"digests": {"sha1": "2012-08-01T00:00:00Z"}, "keys": [{"family": "rsa", "bits": 3072, "until": null}]}"#;

fn is_oid(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|it| it.is_ascii_digit()))
}

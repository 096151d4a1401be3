//! Unsigned files of others, odd or broken: opened or refused with a reason, signed, and judged by others.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use pdf::{Document, OpenError, OpenOptions, Source};

use crate::identity::Identity;
use crate::judges::Judges;
use crate::signed::{name, pdfs};
use crate::table::Row;

/// The passwords of the encrypted files, as their projects' tests have them.
const PASSWORDS: [&str; 5] = ["usersecret", "ownersecret", "secret", "Hello", "test"];

/// What became of one file.
enum Outcome {
    /// Not opened, or not signed, and why.
    Refused(String),
    /// Signed, and who objects.
    Signed { path: PathBuf, objections: Vec<(&'static str, String)> },
}

pub(crate) fn signed_by_us(part: &str, identity: &Identity) -> Result<Option<Row>, Box<dyn Error>> {
    let Some(folder) = testkit::corpora(part) else { return Ok(None) };
    let out = tempfile::tempdir()?;
    let root = out.path().join("root.pem");
    fs::write(&root, identity.root.to_pem())?;
    let judges = Judges::new();
    let files = pdfs(&folder)?;
    let outcomes = all(&files, |path| outcome(path, out.path(), identity, &judges));
    let signed: Vec<PathBuf> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Signed { path, .. } => Some(path.clone()),
            Outcome::Refused(_) => None,
        })
        .collect();
    let pyhanko = pyhanko(&judges, &root, &signed, &folder)?;
    let mut row = Row::default();
    for (path, outcome) in files.iter().zip(outcomes) {
        let name = name(path);
        match outcome {
            Outcome::Refused(reason) => row.refuse(name, reason),
            Outcome::Signed { mut objections, .. } => {
                row.count("signed", 1);
                objections.extend(pyhanko.get(&name).map(|said| ("pyHanko", said.clone())));
                for judge in ["pdfsig", "pyHanko", "qpdf", "mutool"] {
                    row.count(judge, usize::from(objections.iter().all(|(one, _)| *one != judge)));
                }
                let words: Vec<String> =
                    objections.into_iter().map(|(judge, said)| format!("{judge} {said}")).collect();
                if words.is_empty() { row.agree() } else { row.diverge(name, words.join(" | ")) }
            }
        }
    }
    Ok(Some(row))
}

fn outcome(path: &Path, out: &Path, identity: &Identity, judges: &Judges) -> Outcome {
    let signed = fs::read(path).map_err(Box::from).and_then(|bytes| sign(&bytes, identity));
    match signed {
        Err(error) => Outcome::Refused(error.to_string()),
        Ok((bytes, options, password)) => {
            let signed = out.join(name(path));
            let mut objections = Vec::new();
            if let Err(error) = identity.judge(&bytes, &options) {
                objections.push(("Vermilion", error.to_string()));
            }
            match fs::write(&signed, bytes) {
                Ok(()) => objections.extend(judges.objections(path, &signed, password)),
                Err(error) => objections.push(("the disk", error.to_string())),
            }
            Outcome::Signed { path: signed, objections }
        }
    }
}

/// The signed file, and how it is opened: with a password where it needs one.
fn sign(bytes: &[u8], identity: &Identity) -> Result<(Vec<u8>, OpenOptions, &'static str), Box<dyn Error>> {
    let source: Arc<dyn Source> = Arc::new(bytes.to_vec());
    let open = |options: &OpenOptions| Document::open_with(Arc::clone(&source), options);
    let plain = OpenOptions::new();
    let (document, options, password) = match open(&plain) {
        Err(OpenError::PasswordRequired) => {
            let known = PASSWORDS.iter().find_map(|password| {
                let options = OpenOptions::new().password(*password);
                Some((open(&options).ok()?, options, *password))
            });
            known.ok_or(OpenError::PasswordRequired)?
        }
        opened => (opened?, plain, ""),
    };
    Ok((identity.sign(&document, bytes)?, options, password))
}

/// What pyHanko objects to, and whether it could read the file as it was.
fn pyhanko(
    judges: &Judges,
    root: &Path,
    signed: &[PathBuf],
    folder: &Path,
) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let Some(mut said) = judges.pyhanko(root, signed)? else { return Ok(BTreeMap::new()) };
    said.retain(|_, verdict| verdict != "valid");
    let originals: Vec<PathBuf> = said.keys().map(|name| folder.join(name)).collect();
    let before = if originals.is_empty() { None } else { judges.pyhanko(root, &originals)? };
    for (name, verdict) in &mut said {
        if let Some(before) =
            before.as_ref().and_then(|all| all.get(name)).filter(|one| one.starts_with("unread"))
        {
            *verdict = format!("{verdict}, and of the file before {before}");
        }
    }
    Ok(said)
}

/// Works on several at once, as most of the time goes into starting the judges.
fn all<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let one = || {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index) else { return done };
                done.push((index, work(item)));
            }
        };
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(one)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a worker does not panic")).collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

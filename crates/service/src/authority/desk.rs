//! Where requests to another's authority are taken: to an EST server (RFC 7030), or into a folder that somebody carries there
//! and back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use online::{Enrolled, EstClient, EstConfig, Fault};
use pki::Certificate;
use pki::ca::CertificationRequest;
use pki::crl::Crl;

use super::AuthorityError;
use super::external::external;
use super::root::write_new;

const CACHED: &str = "est-ca.pem";
/// How often the folder is looked at for a certificate.
const LOOK: Duration = Duration::from_secs(60);
/// A file that somebody puts into the folder is no longer than this.
const LARGEST: u64 = 1024 * 1024;
/// What a certificate's file may be called after its request's name.
const ENDINGS: [&str; 5] = ["pem", "crt", "cer", "p7b", "p7c"];

/// Which way an external authority is asked.
#[derive(Clone, Debug)]
pub enum DeskSettings {
    /// Over EST.
    Est(EstConfig),
    /// By files in this folder:
    ///
    /// * `authority.pem`: the authority's certificates, its root among them.
    /// * `requests/NAME.csr`: what waits to be certified (PKCS #10, PEM). Vermilion writes and removes them.
    /// * `certificates/NAME.pem` (or `.crt`, `.cer`, `.p7b`, `.p7c`): what the authority issued for the request of that name.
    /// * `refused/NAME.txt`: why it did not.
    /// * `lists/*.crl`: its revocation lists, where no address in its certificates leads to them.
    Folder(PathBuf),
}

/// What became of a request.
pub(super) enum Answer {
    Issued(Certificate),
    Later(Duration),
    Refused(String),
}

/// The way, open. Every call may take as long as the network or the disk does.
pub(super) enum Desk {
    Est(Box<EstClient>),
    Folder(PathBuf),
}

impl Desk {
    pub(super) fn open(settings: &DeskSettings) -> Result<Self, AuthorityError> {
        match settings {
            DeskSettings::Est(config) => EstClient::new(config.clone())
                .map(|client| Self::Est(Box::new(client)))
                .map_err(|error| external(&error)),
            DeskSettings::Folder(folder) => {
                for part in ["requests", "certificates", "refused", "lists"] {
                    std::fs::create_dir_all(folder.join(part))?;
                }
                Ok(Self::Folder(folder.clone()))
            }
        }
    }

    /// The word for it in records.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Est(_) => "est",
            Self::Folder(_) => "folder",
        }
    }

    /// The authority's certificates. Where an EST server does not answer, those of the last time serve.
    pub(super) fn authorities(&self, data: &Path) -> Result<Vec<Certificate>, AuthorityError> {
        match self {
            Self::Est(client) => {
                let kept = data.join(CACHED);
                match client.ca_certificates() {
                    Ok(found) => {
                        let text: String = found.iter().map(Certificate::to_pem).collect();
                        write_new(&kept, text.as_bytes())?;
                        Ok(found)
                    }
                    Err(fault) => match std::fs::read_to_string(kept) {
                        Ok(text) => {
                            tracing::warn!(%fault, "the external authority does not answer; its certificates of the last time serve");
                            Ok(Certificate::all_from_pem(&text)?)
                        }
                        Err(_) => Err(external(&fault)),
                    },
                }
            }
            Self::Folder(folder) => {
                let path = folder.join("authority.pem");
                let missing = |error: std::io::Error| {
                    AuthorityError::External(format!(
                        "its certificates, the root among them, belong into {} ({error})",
                        path.display()
                    ))
                };
                Ok(pki::cms::certificates(&read(&path).map_err(missing)?)?)
            }
        }
    }

    /// What the authority wants of a key that this one is not.
    pub(super) fn misses(&self, public_key_der: &[u8]) -> Result<Option<String>, Fault> {
        match self {
            Self::Est(client) => Ok(client.csr_attributes()?.misses(public_key_der)),
            Self::Folder(_) => Ok(None),
        }
    }

    /// Takes a request there once more, and looks what became of it.
    pub(super) fn ask(&self, request: &CertificationRequest) -> Answer {
        match self {
            Self::Est(client) => sent(client, request),
            Self::Folder(folder) => carried(folder, request).unwrap_or_else(|error| {
                tracing::warn!(%error, "the folder of requests cannot be used; it is looked at again");
                Answer::Later(Duration::ZERO)
            }),
        }
    }

    /// Nobody waits for these requests any more: all that are not among `open`.
    pub(super) fn keep_only(&self, open: &[CertificationRequest]) {
        let Self::Folder(folder) = self else { return };
        let open: Vec<String> = open.iter().map(name_of).collect();
        for path in files(&folder.join("requests"), &["csr"]) {
            let name = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
            if !open.iter().any(|it| it == name)
                && let Err(error) = std::fs::remove_file(&path)
            {
                tracing::warn!(%error, path = %path.display(), "a request that is over stays in the folder");
            }
        }
    }

    /// Revocation lists that were brought here, DER.
    pub(super) fn lists(&self) -> Vec<Crl> {
        let Self::Folder(folder) = self else { return Vec::new() };
        let found = files(&folder.join("lists"), &["crl", "pem"]).into_iter().filter_map(|path| {
            let list = read(&path).map_err(|error| error.to_string()).and_then(|bytes| {
                let list = match std::str::from_utf8(&bytes) {
                    Ok(text) => Crl::from_pem(text),
                    Err(_) => Crl::from_der(&bytes),
                };
                list.map_err(|error| error.to_string())
            });
            list.inspect_err(
                |why| tracing::warn!(path = %path.display(), why, "a revocation list cannot be read"),
            )
            .ok()
        });
        found.collect()
    }
}

/// Over EST.
fn sent(client: &EstClient, request: &CertificationRequest) -> Answer {
    match client.enroll(request) {
        Ok(Enrolled::Issued { certificate, .. }) => Answer::Issued(certificate),
        Ok(Enrolled::Pending { retry_after }) => Answer::Later(retry_after),
        // A request of ours that it does not take, it takes no better later (RFC 7030 §4.2.3, RFC 9110 §15.5); whoever
        // has to log in, or comes too often, may.
        Err(Fault::Status { status, .. })
            if (400..500).contains(&status) && ![401, 403, 408, 429].contains(&status) =>
        {
            Answer::Refused(format!("it refused the request (status {status})"))
        }
        Err(Fault::Protocol(why)) => Answer::Refused(why),
        Err(fault) => {
            tracing::warn!(%fault, "the external authority gave no answer; it is asked again");
            Answer::Later(Duration::ZERO)
        }
    }
}

/// Through the folder. A file that is not what it should be is said in the log, and waited over: somebody may mend it.
fn carried(folder: &Path, request: &CertificationRequest) -> std::io::Result<Answer> {
    let name = name_of(request);
    let waiting = folder.join("requests").join(format!("{name}.csr"));
    let refused = folder.join("refused").join(format!("{name}.txt"));
    if refused.exists() {
        let why = String::from_utf8_lossy(&read(&refused)?).trim().chars().take(200).collect::<String>();
        remove(&waiting)?;
        return Ok(Answer::Refused(if why.is_empty() { "it refused the request".to_owned() } else { why }));
    }
    for ending in ENDINGS {
        let path = folder.join("certificates").join(format!("{name}.{ending}"));
        if !path.exists() {
            continue;
        }
        let found = pki::cms::certificates(&read(&path)?).unwrap_or_default();
        match found.into_iter().find(|it| it.public_key_der() == request.public_key_der()) {
            Some(certificate) => {
                remove(&waiting)?;
                return Ok(Answer::Issued(certificate));
            }
            None => tracing::warn!(path = %path.display(), "holds no certificate for the key of its request"),
        }
    }
    if !waiting.exists() {
        write_new(&waiting, request.to_pem().as_bytes())?;
    }
    Ok(Answer::Later(LOOK))
}

/// What a request's file is called: half of its digest, so that the same request is the same file.
fn name_of(request: &CertificationRequest) -> String {
    let mut name = hex::encode(pki::sha256(request.der()));
    name.truncate(32);
    name
}

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let ends =
        |path: &PathBuf| path.extension().and_then(|it| it.to_str()).is_some_and(|it| endings.contains(&it));
    entries.filter_map(Result::ok).map(|entry| entry.path()).filter(ends).collect()
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > LARGEST {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "it is too large"));
    }
    std::fs::read(path)
}

//! `vermilion ca` and `vermilion admin`: what is done by hand about the authority, the server running or not.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use service::authority::{self, Branch, CaEntry, RootKey};
use service::{Config, Service};
use zeroize::Zeroizing;

use crate::args::ca::{AdminCommand, CaCommand, DataOptions, PasswordOptions, RootOptions};
use crate::{explain, file, say, secret};

/// The variable with the password of an exported key.
const PASSWORD: &str = "VERMILION_ROOT_PASSWORD";

pub(crate) fn run(command: CaCommand) -> ExitCode {
    started(async move {
        match command {
            CaCommand::List { data } => list(&open(&data).await?).await,
            CaCommand::Rotate { branch, root, data } => {
                let key = root_key(&root)?;
                let service = open(&data).await?;
                let id = authority::rotate(&service, branch.into(), &key).await.map_err(said)?;
                say(&format!("{id} certifies from now on; a running server takes it up within the hour."));
                Ok(())
            }
            CaCommand::ExportRoot { out, password, data } => {
                let password = password_of(&password, "password of the file to be written")?;
                let service = open(&data).await?;
                authority::export_root(&service, &out, &password).await.map_err(said)?;
                say(&format!(
                    "{} holds the root's key, was read back, and is its only copy now.",
                    out.display()
                ));
                say("Lists of revocations are signed for three years. Keep file and password apart, twice.");
                Ok(())
            }
            CaCommand::ImportRoot { key, password, data } => {
                let key = from_file(&key, &password)?;
                authority::import_root(&open(&data).await?, &key).await.map_err(said)?;
                say("The root's key is on this machine again.");
                Ok(())
            }
            CaCommand::Request { branch, out, data } => request(branch.into(), &out, &data).await,
            CaCommand::Accept { branch, certificates, data } => {
                accept(branch.into(), &certificates, &data).await
            }
            CaCommand::ImportCrl { file, data } => import_list(&file, &data).await,
            CaCommand::RenewClient { out, est } => {
                let renewed = tokio::task::spawn_blocking(move || crate::est::renew(est, &out));
                say(&renewed.await.map_err(|error| error.to_string())??);
                Ok(())
            }
            CaCommand::Revocations { confirm, data } => revocations(&open(&data).await?, &confirm).await,
        }
    })
}

pub(crate) fn administer(command: AdminCommand) -> ExitCode {
    started(async move {
        match command {
            AdminCommand::Add { email, data } => {
                let found = authority::add_administrator(&open(&data).await?, &email).await;
                found.map_err(|error| unknown(&email, &error))?;
                say(&format!("{email} administers the authority: its console is at /ca."));
            }
            AdminCommand::Remove { email, data } => {
                let found = authority::remove_administrator(&open(&data).await?, &email).await;
                found.map_err(|error| unknown(&email, &error))?;
                say(&format!("{email} administers no more."));
            }
            AdminCommand::List { data } => {
                let found = authority::administrators(&open(&data).await?).await;
                found.map_err(|error| explain(&error))?.iter().for_each(|email| say(email));
            }
        }
        Ok(())
    })
}

pub(crate) fn started(work: impl Future<Output = Result<(), String>>) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new();
    crate::done(runtime.map_err(|error| explain(&error)).and_then(|runtime| runtime.block_on(work)))
}

pub(crate) async fn open(data: &DataOptions) -> Result<Service, String> {
    open_with(data, |_| {}).await
}

/// The same with other settings.
pub(crate) async fn open_with(
    data: &DataOptions,
    change: impl FnOnce(&mut Config),
) -> Result<Service, String> {
    if !data.data_dir.join("vermilion.db").exists() {
        return Err(format!("{}: there is no data of a server", data.data_dir.display()));
    }
    let mut config = Config::new(data.data_dir.clone(), data.public_url.as_deref().unwrap_or_default());
    config.authority_url = data.public_url.clone();
    change(&mut config);
    Service::open_beside(config).await.map_err(|error| explain(&error))
}

async fn list(service: &Service) -> Result<(), String> {
    for CaEntry { word, branch, certificate, has_key, is_active, list, lists_ahead } in
        authority::entries(service).await.map_err(said)?
    {
        let state = match (branch, is_active) {
            (None, _) => "root",
            (Some(_), true) => "certifies",
            (Some(_), false) => "answers for what it certified",
        };
        say(&format!("{word:<16} {}", certificate.subject()));
        say(&format!("{:<16} {state}, until {}", "", certificate.not_after()));
        say(&format!("{:<16} serial number {}", "", certificate.serial_hex()));
        say(&format!("{:<16} key: {}", "", if has_key { "on this machine" } else { "not on this machine" }));
        if let Some((number, this_update, next_update)) = list {
            say(&format!("{:<16} list {number}: {this_update} to {next_update}, {lists_ahead} ahead", ""));
        }
    }
    Ok(())
}

async fn revocations(service: &Service, confirmed: &[String]) -> Result<(), String> {
    for serial in confirmed {
        match authority::confirm_revocation(service, serial).await.map_err(said)? {
            true => say(&format!("{serial}: the other authority knows; that is on record.")),
            false => return Err(format!("{serial}: no revocation under this serial number is open")),
        }
    }
    let open = authority::open_revocations(service).await.map_err(said)?;
    if open.is_empty() {
        say("Nothing is to be told.");
    }
    for it in open {
        say(&format!("{:<16} {}", it.serial, it.subject));
        say(&format!("{:<16} issued by {}", "", it.issuer));
        if let Some(called) = &it.called {
            say(&format!("{:<16} another certificate has this number: confirm it as {called}", ""));
        }
        say(&format!("{:<16} revoked here on {}: {}", "", it.at, it.reason));
    }
    Ok(())
}

async fn request(branch: Branch, out: &Path, data: &DataOptions) -> Result<(), String> {
    let request = authority::certification_request(&open(data).await?, branch).await.map_err(said)?;
    std::fs::write(out, request.to_pem()).map_err(|error| format!("{}: {error}", out.display()))?;
    say(&format!("{} asks for: {}", out.display(), request.subject()));
    say("Bring back the certificate and all above it: vermilion ca accept.");
    Ok(())
}

async fn accept(branch: Branch, files: &[PathBuf], data: &DataOptions) -> Result<(), String> {
    let mut certificates = Vec::new();
    for path in files {
        let bytes = file::read(path).map_err(|failure| failure.to_string())?;
        let found = pki::cms::certificates(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        certificates.extend(found);
    }
    let id = authority::accept(&open(data).await?, branch, &certificates).await.map_err(said)?;
    say(&format!("{id} certifies from now on; a running server takes it up within the hour."));
    say("Its root is trusted here. Bring its revocation list too: vermilion ca import-crl.");
    Ok(())
}

async fn import_list(path: &Path, data: &DataOptions) -> Result<(), String> {
    let bytes = file::read(path).map_err(|failure| failure.to_string())?;
    let wrong = |error: pki::ParseError| format!("{}: {error}", path.display());
    let list = match std::str::from_utf8(&bytes) {
        Ok(text) => pki::crl::Crl::from_pem(text).map_err(wrong)?,
        Err(_) => pki::crl::Crl::from_der(&bytes).map_err(wrong)?,
    };
    let issuer = authority::import_list(&open(data).await?, &list).await.map_err(said)?;
    say(&format!("The list of {issuer} is on record."));
    Ok(())
}

fn root_key(options: &RootOptions) -> Result<RootKey, String> {
    match &options.root_key {
        None => Ok(RootKey::Here),
        Some(path) => from_file(path, &options.password),
    }
}

fn from_file(path: &Path, options: &PasswordOptions) -> Result<RootKey, String> {
    let content = Zeroizing::new(file::read(path).map_err(|failure| failure.to_string())?);
    let password = password_of(options, "password of the key file")?;
    Ok(RootKey::File { content, password })
}

fn password_of(options: &PasswordOptions, what: &str) -> Result<Zeroizing<String>, String> {
    let given = secret::given(options.password_file.as_deref(), PASSWORD).map_err(|it| it.to_string())?;
    match given {
        Some(password) => Ok(password),
        None => secret::ask(what, "--password-file", PASSWORD).map_err(|it| it.to_string()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn said(error: authority::AuthorityError) -> String {
    explain(&error)
}

fn unknown(email: &str, error: &service::Error) -> String {
    match error {
        service::Error::NotFound => {
            format!("{email}: no account with a verified address of this name, or no administrator")
        }
        other => explain(other),
    }
}

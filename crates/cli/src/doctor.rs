//! `vermilion doctor`: which trust is in force, and what is wrong.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use service::authority::DeskSettings;
use service::{Config, SandboxUse, Service, StartError};

use crate::args::DoctorOptions;
use crate::args::ca::EstOptions;
use crate::args::token::TokenOptions;
use crate::identity::{Asked, Mode};
use crate::{explain, say};

/// What was looked at, and how it stands.
enum Finding {
    Good(String),
    /// Works, but not for everything.
    Mind(String),
    Wrong(String),
}

pub(crate) fn run(options: DoctorOptions) -> ExitCode {
    let config = Config::new(options.data_dir, &options.public_url);
    let mut findings = vec![authority(options.est)];
    findings.extend(hardware_module(options.token));
    let asked = Mode::of(options.production, options.sandbox).and_then(Asked::from_environment);
    match &asked {
        Ok(asked) => findings.extend([identity_providers(asked), messages(asked)]),
        Err(why) => findings.push(Finding::Wrong(format!("{why}."))),
    }
    findings.extend([web_application(), address(&config.public_url)]);
    findings.extend(folder(&config.data_dir));
    if config.data_dir.is_dir() {
        findings.push(service(&config));
    }
    let mut wrong = false;
    for finding in &findings {
        match finding {
            Finding::Good(text) => say(&format!("ok     {text}")),
            Finding::Mind(text) => say(&format!("mind   {text}")),
            Finding::Wrong(text) => {
                wrong = true;
                say(&format!("WRONG  {text}"));
            }
        }
    }
    if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Whose certificates and times these are.
fn authority(options: EstOptions) -> Finding {
    match crate::est::settings(options) {
        Ok(None) => Finding::Mind(
            "Authority: the embedded one, in test trust. Its certificates and times prove that nothing changed, not a \
             licensed identity."
                .to_owned(),
        ),
        Ok(Some(external)) => Finding::Mind(format!(
            "Authority: certificates come from {}; times from this server's own clock, in test trust.",
            match external.desk {
                DeskSettings::Est(server) => server.url,
                DeskSettings::Folder(folder) => format!("files in {}", folder.display()),
            }
        )),
        Err(why) => Finding::Wrong(format!("{why}.")),
    }
}

fn hardware_module(options: TokenOptions) -> Option<Finding> {
    match crate::token::settings(options) {
        Ok(None) => None,
        Ok(Some(module)) => Some(Finding::Good(format!("Hardware module: {}.", module.module.display()))),
        Err(why) => Some(Finding::Wrong(format!("{why}."))),
    }
}

fn identity_providers(asked: &Asked) -> Finding {
    let names = asked.names().join(", ");
    match (names.is_empty(), asked.sandbox()) {
        (true, _) => Finding::Mind(
            "Identity: the sandbox register alone; whoever knows a line of it passes as that person."
                .to_owned(),
        ),
        (false, SandboxUse::Open) => Finding::Mind(format!("Identity: {names}, and the sandbox register.")),
        (false, SandboxUse::Closed) => Finding::Good(format!("Identity: {names}.")),
    }
}

fn messages(asked: &Asked) -> Finding {
    let mails = asked.mailer().map(|mailer| format!("mails by {}", mailer.relay()));
    let codes = asked.carrier().map(|name| format!("codes by {name}"));
    match (mails, codes) {
        (Some(mails), Some(codes)) => Finding::Good(format!("Messages: {mails}, {codes}.")),
        (mails, codes) => {
            let sent: Vec<String> = [mails, codes].into_iter().flatten().collect();
            let sent =
                if sent.is_empty() { "nothing leaves this server".to_owned() } else { sent.join(", ") };
            Finding::Mind(format!(
                "Messages: {sent}; the rest stays in the outbox, for this machine's browsers."
            ))
        }
    }
}

fn web_application() -> Finding {
    if server::has_web_application() {
        Finding::Good("The web application is in this binary.".to_owned())
    } else {
        Finding::Wrong("The web application is not in this binary: `make run` builds it.".to_owned())
    }
}

fn address(public_url: &str) -> Finding {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    if public_url.starts_with("https://") {
        Finding::Good(format!("People reach it at {public_url}."))
    } else if local.iter().any(|start| public_url.starts_with(start)) {
        Finding::Mind(format!("Links lead to {public_url}: they open on this machine only (--public-url)."))
    } else {
        Finding::Wrong(format!("{public_url} is not encrypted: cookies and PINs can be read on the way."))
    }
}

fn folder(data_dir: &Path) -> Vec<Finding> {
    if !data_dir.is_dir() {
        return vec![Finding::Mind(format!(
            "There is no data in {} yet: `vermilion serve` makes it.",
            data_dir.display()
        ))];
    }
    let mut findings = Vec::new();
    for (path, what) in [(data_dir.to_owned(), "data folder"), (data_dir.join("master.key"), "master key")] {
        if is_open_to_others(&path) {
            findings.push(Finding::Wrong(format!("The {what} {} is open to other users.", path.display())));
        }
    }
    if data_dir.join("master.key").is_file() {
        findings.push(Finding::Mind(format!(
            "The master key lies beside the data, in {}: keep a copy elsewhere. Without it nothing opens.",
            data_dir.join("master.key").display()
        )));
    }
    findings
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

/// Asks the running server, or opens the data where none runs: two on the same data would be in each other's way.
fn service(config: &Config) -> Finding {
    let _alone = match service::take_data_folder(&config.data_dir) {
        Ok(alone) => alone,
        Err(StartError::InUse { .. }) => return running(&config.public_url),
        Err(error) => return Finding::Wrong(explain(&error)),
    };
    let opened = tokio::runtime::Runtime::new().map_err(|error| explain(&error)).and_then(|runtime| {
        runtime.block_on(async {
            let service = Service::open(config.clone()).await.map_err(|error| explain(&error))?;
            let ready = service::ready(&service).await.is_ok();
            service.close().await;
            Ok(ready)
        })
    });
    match opened {
        Ok(true) => Finding::Good("No server runs; the data opens, and its authority starts.".to_owned()),
        Ok(false) => Finding::Wrong("The data opens, but the database does not answer.".to_owned()),
        Err(error) => Finding::Wrong(error),
    }
}

/// A server runs on the data.
fn running(public_url: &str) -> Finding {
    match ask(public_url) {
        Some(true) => Finding::Good("The server runs, and its database answers.".to_owned()),
        Some(false) => Finding::Wrong("The server runs, but is not ready.".to_owned()),
        None => Finding::Mind(format!(
            "A server runs on this data, but nothing was learnt at {public_url}: name its own address, without TLS, with \
             --public-url."
        )),
    }
}

/// Whether the server at this address is ready; nothing where none answers. Without TLS only.
fn ask(public_url: &str) -> Option<bool> {
    let host = public_url.strip_prefix("http://")?.split('/').next()?;
    let port = if host.rsplit(':').next()?.parse::<u16>().is_ok() { "" } else { ":80" };
    let address = format!("{host}{port}").to_socket_addrs().ok()?.next()?;
    let time = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address, time).ok()?;
    stream.set_read_timeout(Some(time)).ok()?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.take(4096).read_to_string(&mut answer).ok()?;
    Some(answer.starts_with("HTTP/1.1 200"))
}

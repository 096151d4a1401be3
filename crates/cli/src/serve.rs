//! `vermilion serve`.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use server::Proxy;
use service::{CertificateTerm, Config, OutboxUse, SandboxUse, Service, SystemClock, SystemRng, Trust};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::args::{CertificateChoice, LogFormat, ServeOptions};
use crate::identity::{Asked, Mode};
use crate::{explain, say};

pub(crate) fn run(options: ServeOptions) -> ExitCode {
    let start = Instant::now();
    start_log(options.log);
    let runtime = tokio::runtime::Runtime::new();
    crate::done(
        runtime.map_err(|error| explain(&error)).and_then(|runtime| runtime.block_on(serve(options, start))),
    )
}

async fn serve(options: ServeOptions, start: Instant) -> Result<(), String> {
    let mode = Mode::of(options.production, options.sandbox)?;
    mode.may_show_outbox(options.outbox_remote)?;
    let asked = Asked::from_environment(mode)?;
    let cannot_listen = |error: io::Error| format!("cannot listen on {}: {error}", options.listen);
    let listener = TcpListener::bind(options.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let public_url = options.public_url.unwrap_or_else(|| format!("http://{}", reachable(address)));
    let mut config = Config::new(options.data_dir, &public_url);
    config.outbox = asked.outbox(options.outbox_remote);
    config.mailer = asked.mailer();
    config.external_authority = crate::est::settings(options.est)?;
    config.token = crate::token::settings(options.token)?;
    config.certificates = match options.certificates {
        CertificateChoice::Long => CertificateTerm::Long,
        CertificateChoice::Event => CertificateTerm::Event,
    };
    config.oidc_private_hosts = options.oidc_private_host;
    config.sandbox = asked.sandbox();
    config.review = asked.review();
    config.review_image_days = asked.review_image_days().unwrap_or(config.review_image_days);
    let _alone = service::take_data_folder(&config.data_dir).map_err(|error| explain(&error))?;
    let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng));
    let opened = Service::open_asking(config, clock, rng, |foundation| asked.over(foundation)).await;
    let service = opened.map_err(|error| explain(&error))?;
    if options.production && service::sandbox::was_used(&service).await.map_err(|error| explain(&error))? {
        return Err("--production: the sandbox verified people in this data folder, and certified them. Start with an \
             empty folder (--data-dir)"
            .to_owned());
    }
    // Before anybody knows that it runs, and may stop it.
    let stop = told_to_stop();
    greet(&service, start);
    let proxy = if options.behind_proxy { Proxy::Trusted } else { Proxy::None };
    server::serve(listener, service, proxy, stop).await;
    Ok(())
}

/// An address that a browser on this machine can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        other => other,
    };
    SocketAddr::new(host, address.port())
}

fn greet(service: &Service, start: Instant) {
    let config = service.config();
    let url = &config.public_url;
    say(&format!(
        "Vermilion {} is ready after {} ms.",
        env!("CARGO_PKG_VERSION"),
        start.elapsed().as_millis()
    ));
    say("");
    say(&format!("  Open       {url}"));
    say(&format!("  Messages   {}", messages(config)));
    if config.sandbox == SandboxUse::Open {
        say(&format!("  People     {url}/sandbox    whom you can play"));
    }
    let asked: Vec<&str> = service.providers().names().filter(|name| *name != "sandbox").collect();
    if !asked.is_empty() {
        say(&format!("  Identity   {}", asked.join(", ")));
    }
    say(&format!("  Data       {}", config.data_dir.display()));
    if config.trust == Trust::Test {
        say("");
        let own = if config.external_authority.is_some() { "times" } else { "certificates and times" };
        say(&format!("  Test trust: {own} come from this server's own authority."));
        say("  They prove that nothing changed, not a licensed identity.");
    }
    if !server::has_web_application() {
        say("");
        say("  The web application is not in this binary: `make run` builds it.");
    }
    say("");
    say("Ctrl-C stops.");
}

/// Where messages go.
fn messages(config: &Config) -> String {
    let shown = match config.outbox {
        OutboxUse::ThisMachine => config.is_for_this_machine(),
        OutboxUse::Everybody => true,
        OutboxUse::Closed => false,
    };
    match (&config.mailer, shown) {
        (None, true) => {
            format!("{}/outbox     mails and codes, while no provider is configured", config.public_url)
        }
        (Some(mailer), true) => format!("{}; text messages: {}/outbox", mailer.relay(), config.public_url),
        (Some(mailer), false) => mailer.relay().to_owned(),
        (None, false) => {
            "nobody gets any: set VERMILION_SMTP_URL and VERMILION_MAIL_FROM, or show the outbox \
             to everybody (--outbox-remote)"
                .to_owned()
        }
    }
}

fn start_log(format: LogFormat) {
    let filter =
        EnvFilter::try_from_env("VERMILION_LOG_FILTER").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    match format {
        LogFormat::Json => log.json().init(),
        LogFormat::Text => log.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).init(),
    }
}

/// Listens at once for Ctrl-C and for the signal that service managers send; resolves when one of them comes.
fn told_to_stop() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    #[cfg(unix)]
    let terminate = async {
        match signal {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate => {}
        }
        tracing::info!("stopping");
    }
}

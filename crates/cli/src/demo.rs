//! `vermilion demo`: the whole way of a contract, through the same services as the server's.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use service::demo::{DemoDocument, DemoStep, Demonstration};
use service::{Config, Service};

use crate::args::DemoOptions;
use crate::{explain, say};

/// What certificates name as the address of their authority; nobody asks there, as all the proof is in the file.
const PUBLIC_URL: &str = "http://127.0.0.1:8080";

pub(crate) fn run(options: &DemoOptions) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new();
    crate::done(runtime.map_err(|error| explain(&error)).and_then(|runtime| runtime.block_on(demo(options))))
}

async fn demo(options: &DemoOptions) -> Result<(), String> {
    let start = Instant::now();
    let document = options.file.clone().map_or(DemoDocument::Contract, DemoDocument::File);
    fs::create_dir_all(&options.out).map_err(|error| format!("{}: {error}", options.out.display()))?;
    let data = tempfile::tempdir().map_err(|error| explain(&error))?;
    let mut config = Config::new(data.path().join("data"), PUBLIC_URL);
    // The server is gone when the demonstration ends: its certificates name no address to ask.
    config.authority_url = None;
    let service = Service::open(config).await.map_err(|error| explain(&error))?;
    step("Authority, register and storage made, in test trust", start.elapsed());
    let mut tell = |done: &DemoStep| step(&done.what, done.took);
    let done = service::demo::run(&service, &document, &mut tell).await.map_err(|error| explain(&error));
    service.close().await;
    let done = done?;
    write(&options.out, &done)?;
    say("");
    say(&done.verdict.summary.en);
    say(&done.verdict.summary.zh_cn);
    say(&format!("Everything took {:.1} s.", start.elapsed().as_secs_f64()));
    Ok(())
}

fn write(folder: &Path, done: &Demonstration) -> Result<(), String> {
    say("");
    let files: [(&str, &[u8], &str); 4] = [
        ("signed.pdf", &done.signed, "the contract, signed and sealed"),
        ("proof.json", &done.proof, "what opened the keys: vermilion verify --proof"),
        ("evidence.pdf", &done.evidence, "the certification report"),
        ("trust.pem", done.trust.as_bytes(), "the root to trust: vermilion verify --trust"),
    ];
    for (name, bytes, what) in files {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        say(&format!("  {:<40} {what}", path.display()));
    }
    Ok(())
}

fn step(what: &str, took: Duration) {
    say(&format!("{:>8.1} ms  {what}", took.as_secs_f64() * 1000.0));
}

//! `vermilion keys`: the master keys of an installation, and how one follows another.

use std::process::ExitCode;

use service::Service;
use service::master_keys::{self, MasterKeyState, Progress};

use crate::args::ca::KeysCommand;
use crate::ca::{open, started};
use crate::{explain, say};

pub(crate) fn run(command: KeysCommand) -> ExitCode {
    started(async move {
        match command {
            KeysCommand::List { data } => list(&open(&data).await?).await,
            KeysCommand::Rotate { data } => rotate(&open(&data).await?).await,
        }
    })
}

async fn list(service: &Service) -> Result<(), String> {
    for it in master_keys::entries(service).await.map_err(|error| explain(&error))? {
        let state = match it.state {
            MasterKeyState::Current => "seals".to_owned(),
            MasterKeyState::Older => format!("being replaced: {} values left, then the documents", it.left),
            _ => "removed; a part is kept, sealed, for keys of signers".to_owned(),
        };
        say(&format!("{}  since {}  {state}", it.id, it.created_at));
    }
    Ok(())
}

/// Goes on where an interrupted rotation was; else begins one.
async fn rotate(service: &Service) -> Result<(), String> {
    let known = master_keys::entries(service).await.map_err(|error| explain(&error))?;
    if known.iter().any(|it| it.state == MasterKeyState::Older) {
        say("A master key is being replaced: going on.");
    } else {
        let id = master_keys::rotate(service).await.map_err(|error| explain(&error))?;
        say(&format!("The master key {id} seals from now on. Back up master.key, apart from the data."));
    }
    loop {
        match master_keys::step(service).await.map_err(|error| explain(&error))? {
            Progress::Values(left) => say(&format!("{left} values left")),
            Progress::Documents(looked) => say(&format!("{looked} documents looked at")),
            Progress::Done => break,
        }
    }
    say(
        "Everything is sealed under it. The old key is removed: a backup from before needs the old key's backup.",
    );
    Ok(())
}

//! The hardware module of `vermilion serve`, and `vermilion hsm`.

use std::process::ExitCode;
use std::time::Duration;

use keys::pkcs11::{KeyChoice, PoolSettings, TokenChoice};
use service::token;

use crate::args::token::{TokenCommand, TokenOptions};
use crate::ca::{open, open_with, started};
use crate::{explain, say, secret};

/// The variable with the token's PIN.
const PIN: &str = "VERMILION_HSM_PIN";

/// What the options say; the PIN is read from its file or variable, and goes nowhere else.
pub(crate) fn settings(options: TokenOptions) -> Result<Option<PoolSettings>, String> {
    let Some(module) = options.hsm_module else { return Ok(None) };
    let pin = secret::given(options.hsm_pin_file.as_deref(), PIN).map_err(|failure| failure.to_string())?;
    let token = match (options.hsm_token, options.hsm_slot) {
        (Some(label), _) => TokenChoice::Label(label),
        (None, Some(slot)) => TokenChoice::Slot(slot),
        (None, None) => TokenChoice::Only,
    };
    Ok(Some(PoolSettings {
        module,
        token,
        pin,
        sessions: usize::from(options.hsm_sessions),
        time_limit: Duration::from_secs(options.hsm_timeout),
    }))
}

pub(crate) fn run(command: TokenCommand) -> ExitCode {
    started(async move {
        match command {
            TokenCommand::List { data } => {
                for it in token::bound(&open(&data).await?).await.map_err(|error| explain(&error))? {
                    let state = if it.released { "released" } else { "bound" };
                    say(&format!(
                        "{}  {state}  {:?}  id {}  by {}",
                        it.credit_code, it.label, it.id, it.bound_by
                    ));
                }
                Ok(())
            }
            TokenCommand::Bind { credit_code, key_label, administrator, token, data } => {
                let settings = settings(token)?.ok_or("--hsm-module names the module of the token")?;
                let service = open_with(&data, |config| config.token = Some(settings)).await?;
                let key = KeyChoice::Label(key_label);
                let bound = token::bind(&service, &credit_code, key, &administrator).await;
                let bound = bound.map_err(|error| denied(&administrator, &error))?;
                say(&format!(
                    "{:?} is bound to {}: SHA-256 of its public key {}.",
                    bound.label, bound.credit_code, bound.public_key
                ));
                Ok(())
            }
            TokenCommand::Release { credit_code, administrator, data } => {
                let released = token::release(&open(&data).await?, &credit_code, &administrator).await;
                released.map_err(|error| denied(&administrator, &error))?;
                say(&format!("The key of {credit_code} is given to nobody any more."));
                Ok(())
            }
        }
    })
}

fn denied(administrator: &str, error: &service::Error) -> String {
    match error {
        service::Error::NotFound => {
            format!("{administrator} does not administer the authority, or no key is bound to this company")
        }
        other => explain(other),
    }
}

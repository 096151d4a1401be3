//! Passwords and PINs: from a file, the environment, or the person at the terminal. Never from the command line, which
//! others on the machine can read.

use std::io::IsTerminal as _;
use std::path::Path;

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::file;

/// The first line of a file.
pub(crate) fn from_file(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = Zeroizing::new(file::read(path)?);
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::Unreadable(format!("{}: a password in UTF-8 is expected", path.display())))?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// What a file or a variable of the environment says; nothing where neither is there.
pub(crate) fn given(path: Option<&Path>, variable: &str) -> Result<Option<Zeroizing<String>>, Failure> {
    match path {
        Some(path) => from_file(path).map(Some),
        None => Ok(std::env::var(variable).ok().map(Zeroizing::new)),
    }
}

/// Asks at the terminal; where there is none, says how else it can be given.
pub(crate) fn ask(what: &str, option: &str, variable: &str) -> Result<Zeroizing<String>, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage(format!(
            "the {what} is needed: give it with {option} FILE or in {variable}"
        )));
    }
    let typed =
        rpassword::prompt_password(format!("The {what}: ")).map_err(|error| Failure::because(&error))?;
    Ok(Zeroizing::new(typed))
}

//! The external authority of `vermilion serve`.

use std::time::Duration;

use online::{Credentials, EstConfig, EstIdentity, Roots};
use pki::Certificate;
use service::authority::{DeskSettings, EstSettings};
use zeroize::Zeroizing;

use crate::args::ca::EstOptions;
use crate::file;

/// How long one question to the authority may take.
const TIME: Duration = Duration::from_secs(20);

/// What the options say, the files they name read.
pub(crate) fn settings(options: EstOptions) -> Result<Option<EstSettings>, String> {
    if let Some(folder) = options.ca_folder {
        let desk = DeskSettings::Folder(folder);
        return Ok(Some(EstSettings { desk, reach: options.est_reach }));
    }
    let Some(url) = options.est_url else { return Ok(None) };
    let roots = match &options.est_roots {
        None => Roots::Machine,
        Some(path) => {
            let bytes = file::read(path).map_err(|failure| failure.to_string())?;
            let found = pki::cms::certificates(&bytes);
            Roots::Only(found.map_err(|error| format!("{}: {error}", path.display()))?)
        }
    };
    let credentials = match options.est_user {
        None => None,
        Some(name) => {
            let password = secret("VERMILION_EST_PASSWORD");
            let password = password.ok_or("--est-user needs VERMILION_EST_PASSWORD in the environment")?;
            Some(Credentials::new(name, password.as_str()))
        }
    };
    let identity = match &options.est_certificate {
        None => None,
        Some(path) => {
            let bytes = Zeroizing::new(file::read(path).map_err(|failure| failure.to_string())?);
            let password = secret("VERMILION_EST_KEY_PASSWORD");
            Some(
                identity(&bytes, password.as_ref().map(|it| it.as_str()))
                    .map_err(|error| format!("{}: {error}", path.display()))?,
            )
        }
    };
    let server = EstConfig { url, label: options.est_label, roots, credentials, identity, time: TIME };
    Ok(Some(EstSettings { desk: DeskSettings::Est(server), reach: options.est_reach }))
}

fn identity(bytes: &[u8], password: Option<&str>) -> Result<EstIdentity, keys::file::KeyFileError> {
    let file = keys::file::load(bytes, password)?;
    let chain: Vec<Certificate> = file.certificate.into_iter().chain(file.chain).collect();
    Ok(EstIdentity { chain, pkcs8: keys::file::private_key(bytes, password)? })
}

fn secret(variable: &str) -> Option<Zeroizing<String>> {
    std::env::var(variable).ok().map(Zeroizing::new)
}

//! The external authority of `vermilion serve`.

use std::path::Path;
use std::time::Duration;

use online::{Credentials, Enrolled, EstClient, EstConfig, EstIdentity, Roots};
use pki::ca::CertificationRequest;
use pki::{Certificate, KeyAlgorithm, SoftwareSigner};
use service::authority::{DeskSettings, ExternalSettings};
use service::{Draw, SystemRng};
use zeroize::Zeroizing;

use crate::args::ca::EstOptions;
use crate::file::{self, Target};

/// How long one question to the authority may take.
const TIME: Duration = Duration::from_secs(20);

/// What the options say, the files they name read.
pub(crate) fn settings(options: EstOptions) -> Result<Option<ExternalSettings>, String> {
    if let Some(folder) = options.ca_folder {
        let desk = DeskSettings::Folder(folder);
        return Ok(Some(ExternalSettings { desk, reach: options.est_reach }));
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
    Ok(Some(ExternalSettings { desk: DeskSettings::Est(server), reach: options.est_reach }))
}

/// Has the certificate renewed by which the authority knows this server, with a new key, and writes both.
pub(crate) fn renew(options: EstOptions, out: &Path) -> Result<String, String> {
    let needed = "--est-url and --est-certificate say which certificate is to be renewed, and where";
    let Some(ExternalSettings { desk: DeskSettings::Est(config), .. }) = settings(options)? else {
        return Err(needed.to_owned());
    };
    let old = config.identity.as_ref().and_then(|it| it.chain.first()).cloned().ok_or(needed)?;
    let target = Target::fresh(out).map_err(|failure| failure.to_string())?;
    let password = secret("VERMILION_EST_KEY_PASSWORD")
        .ok_or("VERMILION_EST_KEY_PASSWORD is the password under which the new key is written")?;
    let client = EstClient::new(config).map_err(|error| error.to_string())?;
    let (key, pkcs8) = SoftwareSigner::generate(KeyAlgorithm::P256).map_err(|error| error.to_string())?;
    let request = CertificationRequest::renewal(&old, &key).map_err(|error| error.to_string())?;
    let (certificate, others) = match client.reenroll(&request).map_err(|fault| fault.to_string())? {
        Enrolled::Issued { certificate, others } => (certificate, others),
        Enrolled::Pending { retry_after } => {
            return Err(format!(
                "the authority decides later, and nothing was written: try again in {} minutes",
                retry_after.as_secs().div_ceil(60)
            ));
        }
    };
    if certificate.subject() != old.subject() {
        return Err(format!(
            "the authority certified somebody else ({}): nothing was written",
            certificate.subject()
        ));
    }
    let chain: String = std::iter::once(&certificate).chain(&others).map(Certificate::to_pem).collect();
    let text = chain + &keys::file::encrypt_pkcs8(&pkcs8, &password, &mut Draw(&SystemRng));
    target.write(None, text.as_bytes()).map_err(|failure| failure.to_string())?;
    Ok(format!(
        "{} holds the certificate of {} until {}, and its key. --est-certificate names it from the next start on.",
        out.display(),
        certificate.subject(),
        certificate.not_after()
    ))
}

fn identity(bytes: &[u8], password: Option<&str>) -> Result<EstIdentity, keys::file::KeyFileError> {
    let file = keys::file::load(bytes, password)?;
    let chain: Vec<Certificate> = file.certificate.into_iter().chain(file.chain).collect();
    Ok(EstIdentity { chain, pkcs8: keys::file::private_key(bytes, password)? })
}

fn secret(variable: &str) -> Option<Zeroizing<String>> {
    std::env::var(variable).ok().map(Zeroizing::new)
}

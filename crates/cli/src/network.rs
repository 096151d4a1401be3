//! Whom the command asks over the network.

use online::{Access, Authority, Client, Config, Credentials};
use pki::Certificate;
use service::{Clock as _, Rng as _};

use crate::args::sign::OutsideOptions;
use crate::failure::Failure;
use crate::secret;

/// The password of a time-stamp authority.
const TSA_PASSWORD: &str = "VERMILION_TSA_PASSWORD";

/// A client that asks what certificates name, and these hosts though their addresses are not public.
pub(crate) fn client(reach: &[String]) -> Result<Client, Failure> {
    with(Vec::new(), reach)
}

/// The same with time-stamp authorities, whose chains must end at `anchors` where there are any.
pub(crate) fn stamping(options: &OutsideOptions, anchors: &[Certificate]) -> Result<Client, Failure> {
    let mut passwords = options.tsa_password_file.iter();
    let mut authorities = Vec::new();
    for url in &options.tsa {
        let (url, name) = named(url)?;
        let credentials = match name {
            None => None,
            Some(name) => {
                let password = match secret::given(passwords.next().map(AsRef::as_ref), TSA_PASSWORD)? {
                    Some(password) => password,
                    None => {
                        let what = format!("password of {name} at the time-stamp authority");
                        secret::ask(&what, "--tsa-password-file", TSA_PASSWORD)?
                    }
                };
                Some(Credentials::new(name, password.as_str()))
            }
        };
        let policy = options.tsa_policy.clone();
        authorities.push(Authority { credentials, policy, anchors: anchors.to_vec(), ..Authority::new(url) });
    }
    if passwords.next().is_some() {
        return Err(Failure::Usage(
            "--tsa-password-file is for an authority whose address has a user: --tsa https://NAME@HOST/"
                .to_owned(),
        ));
    }
    with(authorities, &options.reach)
}

fn with(authorities: Vec<Authority>, reach: &[String]) -> Result<Client, Failure> {
    let mut config =
        Config::new(|| service::SystemClock.now(), |bytes: &mut [u8]| service::SystemRng.fill(bytes));
    config.authorities = authorities;
    if !reach.is_empty() {
        config.access = Access::PublicAnd(reach.to_vec());
    }
    Client::new(config).map_err(|error| Failure::Usage(crate::explain(&error)))
}

/// The address of an authority without the name of the user that may stand in it, and that name.
fn named(url: &str) -> Result<(String, Option<&str>), Failure> {
    let Some((scheme, rest)) = url.split_once("://") else { return Ok((url.to_owned(), None)) };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let Some((user, host)) = authority.rsplit_once('@') else { return Ok((url.to_owned(), None)) };
    if user.contains(':') {
        return Err(Failure::Usage(format!(
            "--tsa: others on this machine can see a password in an address: give the name alone ({scheme}://NAME@{host}{path}), \
             and the password with --tsa-password-file FILE or in {TSA_PASSWORD}"
        )));
    }
    Ok((format!("{scheme}://{host}{path}"), Some(user).filter(|user| !user.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_user_may_stand_in_an_address_and_no_password() {
        for (url, plain, name) in [
            ("https://tsa.example.com/a@b", "https://tsa.example.com/a@b", None),
            ("https://me@tsa.example.com:8443/x", "https://tsa.example.com:8443/x", Some("me")),
            ("https://me@corp.example@tsa.example.com", "https://tsa.example.com", Some("me@corp.example")),
            ("tsa", "tsa", None),
        ] {
            assert_eq!(named(url).expect("an address"), (plain.to_owned(), name), "{url}");
        }
        let refused = named("http://me:secret@tsa.example.com/x").expect_err("a password").to_string();
        assert!(refused.contains("--tsa-password-file") && !refused.contains("secret"), "{refused}");
    }
}

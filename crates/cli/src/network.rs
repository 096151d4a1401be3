//! Whom the command asks over the network.

use online::{Access, Authority, Client, Config};
use service::{Clock as _, Rng as _};

use crate::failure::Failure;

/// A client for these time-stamp authorities, that also asks these hosts though their addresses are not public.
pub(crate) fn client(authorities: &[String], reach: &[String]) -> Result<Client, Failure> {
    let mut config =
        Config::new(|| service::SystemClock.now(), |bytes: &mut [u8]| service::SystemRng.fill(bytes));
    config.authorities = authorities.iter().map(Authority::new).collect();
    if !reach.is_empty() {
        config.access = Access::PublicAnd(reach.to_vec());
    }
    Client::new(config).map_err(|error| Failure::Usage(crate::explain(&error)))
}

//! Password hashes: Argon2id, as PHC strings that carry their own cost.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::config::PasswordCost;
use crate::{Error, Service};

const HASH_LEN: usize = 32;

/// The hash of a password, computed off the asynchronous threads.
pub(super) async fn hash(service: &Service, password: &str) -> Result<String, Error> {
    let mut salt = [0; 16];
    service.rng().fill(&mut salt);
    let cost = service.config().password_cost;
    let password = Zeroizing::new(password.to_owned());
    tokio::task::spawn_blocking(move || {
        let digest = digest(&password, &salt, cost)?;
        Ok(format!(
            "$argon2id$v=19$m={},t={},p={}${}${}",
            cost.memory_kib,
            cost.passes,
            cost.lanes,
            STANDARD_NO_PAD.encode(salt),
            STANDARD_NO_PAD.encode(*digest)
        ))
    })
    .await?
}

/// Whether the password is that of the hash. Without a hash it takes as long, and says no.
pub(super) async fn verify(service: &Service, password: &str, stored: Option<String>) -> Result<bool, Error> {
    let fallback = service.config().password_cost;
    let password = Zeroizing::new(password.to_owned());
    tokio::task::spawn_blocking(move || {
        let known = stored.as_deref().and_then(parse);
        let (cost, salt, expected) = known.unwrap_or_else(|| (fallback, vec![0; 16], Vec::new()));
        let digest = digest(&password, &salt, cost)?;
        Ok(bool::from(digest.as_slice().ct_eq(&expected)))
    })
    .await?
}

fn digest(password: &str, salt: &[u8], cost: PasswordCost) -> Result<Zeroizing<[u8; HASH_LEN]>, Error> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(HASH_LEN));
    let argon2 =
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(|e| Error::internal(e.to_string()))?);
    let mut digest = Zeroizing::new([0; HASH_LEN]);
    argon2
        .hash_password_into(password.as_bytes(), salt, &mut *digest)
        .map_err(|e| Error::internal(e.to_string()))?;
    Ok(digest)
}

fn parse(stored: &str) -> Option<(PasswordCost, Vec<u8>, Vec<u8>)> {
    let mut parts = stored.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut cost = parts.next()?.split(',');
    let mut number = |name: &str| cost.next()?.strip_prefix(name)?.parse().ok();
    let cost = PasswordCost { memory_kib: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
    let mut bytes = || STANDARD_NO_PAD.decode(parts.next()?).ok();
    Some((cost, bytes()?, bytes()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_carries_its_own_cost() {
        let (cost, salt, hash) = parse("$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAAA").unwrap();
        assert_eq!(cost, PasswordCost::default());
        assert_eq!((salt.len(), hash.len()), (16, 3));
        assert!(parse("$argon2i$v=19$m=1,t=1,p=1$AA$AA").is_none());
        assert!(parse("").is_none());
    }
}

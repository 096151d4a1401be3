//! What all operations share: refusals, cookies, limits, headers, files in and out.

pub(crate) mod client;
pub(crate) mod cookie;
pub(crate) mod csrf;
pub(crate) mod download;
pub(crate) mod extract;
pub(crate) mod headers;
pub(crate) mod problem;
pub(crate) mod rate;
pub(crate) mod trace;
pub(crate) mod upload;

/// `N` random bytes in hexadecimal: request ids and nonces, no secrets of lasting value.
pub(crate) fn random_hex<const N: usize>() -> String {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system has randomness");
    hex::encode(bytes)
}

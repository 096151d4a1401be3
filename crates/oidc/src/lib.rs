//! OpenID Connect, the relying party's side of the authorization code flow with PKCE: what is asked, and what of the
//! answers is believed. Bytes in, bytes out: `online` does the asking.
//!
//! * [`Issuer`], [`Metadata`]: where a provider says how it is asked (OpenID Connect Discovery 1.0, RFC 8414).
//! * [`Request`], [`Verifier`]: where the browser is sent (OpenID Connect Core 1.0 §3.1.2.1, RFC 7636 with S256).
//! * [`Callback`]: what the browser brings back, and whether the right provider sent it (RFC 9207).
//! * [`Tokens`], [`Exchange`]: the code traded for tokens (Core §3.1.3).
//! * [`Jws`], [`Jwks`]: signatures (RFC 7515) under published keys (RFC 7517, RFC 8037).
//! * [`Expected`], [`Claims`]: the ID token, judged claim by claim (Core §3.1.3.7).
//!
//! # What is believed
//! RS256, PS256, ES256 and EdDSA (Ed25519) alone; no `none`, nothing symmetric, and no key that travels in the token. A
//! key is used with the algorithm that it is for. Each refusal has a stable code ([`Refused::code`]).
//!
//! The crate has no clock, no randomness and no network.
#![cfg_attr(not(test), warn(clippy::as_conversions, clippy::indexing_slicing, clippy::unwrap_used))]

mod callback;
mod discovery;
mod form;
mod id_token;
mod jwk;
mod jws;
mod pkce;
mod request;
mod token;

pub use self::callback::{Callback, CallbackError};
pub use self::discovery::{ClientAuthentication, DiscoveryError, Issuer, Metadata};
pub use self::id_token::{Claims, Expected, Refused};
pub use self::jwk::{Jwks, JwksError};
pub use self::jws::{Algorithm, Jws};
pub use self::pkce::Verifier;
pub use self::request::Request;
pub use self::token::{Exchange, ExchangeError, ExchangeRequest, Tokens};

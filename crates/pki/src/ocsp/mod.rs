//! The online certificate status protocol, RFC 6960, both sides.
//!
//! ```
//! use vermilion_pki::{Certificate, Serial, Signer, ocsp::{self, *}};
//! # fn example(responder: &Responder, key: &dyn Signer, http_body: &[u8], is_revoked: fn(&Serial) -> Status,
//! #            now: jiff::Timestamp, tomorrow: jiff::Timestamp) -> Vec<u8> {
//! match Request::from_der(http_body) {
//!     Ok(request) => ocsp::respond(responder, &request, now, tomorrow, &mut |serial| is_revoked(serial), key)
//!         .unwrap_or_else(|_| ocsp::failure(Failure::InternalError)),
//!     Err(_) => ocsp::failure(Failure::MalformedRequest),
//! }
//! # }
//! ```
mod request;
mod respond;
mod response;

pub use request::{CertId, Request};
pub use respond::{Failure, Responder, failure, respond};
pub use response::{Response, SingleResponse, Status};

//! The online certificate status protocol, RFC 6960, both sides.
mod request;
mod respond;
mod response;

pub use request::{CertId, Request};
pub use respond::{Failure, Responder, failure, respond};
pub use response::{Response, SingleResponse, Status};

//! Time-stamps, RFC 3161 with the ESSCertIDv2 of RFC 5816.
mod accept;
mod authority;
mod request;
mod response;

pub use accept::AnswerError;
pub use authority::{Authority, Reply};
pub use request::{Imprint, Request};
pub use response::{Failure, Rejection, Response, Token};

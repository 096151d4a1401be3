//! The client against stand-in servers that play every outcome, and against servers of others.
#![expect(clippy::unwrap_used, reason = "a panic is how a test says no")]

mod collect;
mod est;
mod faults;
mod hostile;
mod http;
mod issuers;
mod kept;
mod mail;
mod openid;
mod others;
mod revocation;
mod server;
mod tsa;
mod world;

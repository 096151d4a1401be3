//! A server in a temporary folder, and browsers that talk to it.

mod browser;
mod keys;
mod pdf;
mod people;
mod server;

pub(crate) use browser::{Answer, Browser};
pub(crate) use keys::{Authenticator, DeviceKey};
pub(crate) use pdf::sample;
pub(crate) use people::{Sender, outbox_code, outbox_link};
pub(crate) use server::TestServer;

//! The network side of signing and validating: whom to ask, how to ask, and what of the answers to believe.
//!
//! A [`Client`] asks time-stamp authorities (RFC 3161), OCSP responders (RFC 6960), CRL distribution points and the
//! caIssuers addresses of certificates (RFC 5280 §4.2.2.1), all over HTTP, synchronously. It is made once, shared between
//! threads, and is both a [`pades::TimeStampSource`] and a [`pades::ValidationSource`]:
//!
//! ```no_run
//! use vermilion_online::{Authority, Client, Config};
//! # fn example(clock: fn() -> jiff::Timestamp, random: fn(&mut [u8]), imprint: &pki::tsa::Imprint)
//! #     -> Result<(), Box<dyn std::error::Error>> {
//! let mut config = Config::new(clock, random);
//! config.authorities.push(Authority::new("http://timestamp.example.com"));
//! config.authorities.push(Authority::new("https://tsa.example.org/second"));
//! let client = Client::new(config)?;
//!
//! let stamp = client.stamp(imprint)?;
//! println!("stamped by {} at {}", stamp.authority, stamp.token.gen_time());
//! # Ok(())
//! # }
//! ```
//!
//! For signing, or a validation that fetches what a file lacks, take a [`Session`]: one budget for the whole document.
//!
//! ```no_run
//! # use vermilion_online::Client;
//! # use pades::{Credential, Level, Policy, SigningRequest, Sources, sign_to};
//! # fn example(client: &Client, document: &pdf::Document, request: &SigningRequest, credential: Credential<'_>,
//! #            roots: &[pki::Certificate], now: jiff::Timestamp) -> Result<(), Box<dyn std::error::Error>> {
//! let session = client.session().fresh_since(now);
//! let sources = Sources {
//!     time_stamps: Some(&session),
//!     validation: Some(&session),
//!     anchors: roots,
//!     ..Sources::none(now)
//! };
//! let tail = sign_to(document, request, credential, Level::BLTA, &sources)?;
//!
//! // What a validation lacks, as far as it is to be had:
//! let fields = document.signatures()?;
//! let values = fields.iter().filter_map(|field| field.signature.as_ref()?.contents.as_deref());
//! let signatures: Vec<_> = values.filter_map(|value| pki::cms::SignedData::from_contents(value).ok()).collect();
//! let material = client.session().collect_for(&signatures, &[], roots);
//! for missing in &material.missing {
//!     eprintln!("{missing}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is believed
//! Nothing is handed on that was not checked: a token's nonce, imprint, policy, signature, certificate and time; an OCSP
//! response's nonce, signature, responder and freshness; a CRL's signature, scope and freshness; that a certificate from
//! caIssuers did sign what it is said to have issued. What a cache holds is checked again when it is used. Trust stays
//! with the caller: whether a chain ends where it should is for [`pki::path`].
//!
//! # What is asked of whom
//! Time-stamp authorities are named by the operator. All other addresses stand in certificates, which may be hostile:
//! they are asked over http and https alone, within a budget ([`Limits`]), without credentials, and never at a
//! loopback, link-local or private address unless [`Access`] says so.
//!
//! A [`Caller`] is the same HTTP for interfaces whose answers somebody else judges (identity providers): with its
//! time, size and TLS rules, and [`Circuits`] to leave alone who failed. A [`RelyingParty`] asks OpenID providers with it.
//! A [`Mailer`] hands mails to a relay.
//!
//! The crate reads neither the machine's clock nor its randomness: both are given in [`Config::new`].
#![cfg_attr(not(test), warn(clippy::as_conversions, clippy::indexing_slicing, clippy::unwrap_used))]

mod cache;
mod call;
mod circuit;
mod client;
mod collect;
mod config;
mod error;
mod est;
mod http;
mod issuers;
mod mail;
mod openid;
mod revocation;
mod session;
mod tsa;

pub use self::call::{Call, Caller, Reply};
pub use self::circuit::{Circuits, pause};
pub use self::client::Client;
pub use self::collect::Material;
pub use self::config::{
    Access, Authority, CacheRules, Config, ConfigError, Credentials, Limits, Nonce, Prefer, Roots,
};
pub use self::error::{Attempt, Fault, Unanswered};
pub use self::est::{Enrolled, EstClient, EstConfig, EstIdentity};
pub use self::mail::{Mail, MailError, Mailer};
pub use self::openid::{OpenIdError, Redeemed, RelyingParty};
pub use self::revocation::{Revocation, Status};
pub use self::session::Session;
pub use self::tsa::Stamp;

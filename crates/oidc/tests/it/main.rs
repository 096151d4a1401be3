//! Tokens that hold and tokens that do not, each with its reason; the standards' own examples.
#![expect(clippy::unwrap_used, reason = "a panic is how a test says no")]

mod claims;
mod hostile;
mod signatures;
mod standards;
mod world;

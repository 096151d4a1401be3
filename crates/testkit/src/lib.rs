//! What tests share: a clock that stands still, randomness that repeats, programs of others to judge by, stand-ins for
//! providers.
//!
//! Not part of the product: only `[dev-dependencies]` name it.

mod checkout;
mod clock;
mod est;
mod fuzz;
mod mail;
pub mod openid;
pub mod pdf_samples;
mod rng;
pub mod stand_in;
mod tool;

pub use checkout::checkout;
pub use clock::FixedClock;
pub use est::EstServer;
pub use fuzz::fuzz_inputs;
pub use mail::{MailServer, Posted};
pub use rng::SeededRng;
pub use tool::{Tool, corpora, run, tool};

//! The product's rules and state machines, with no input or output.
//!
//! Time and randomness come in through [`Clock`] and [`Rng`]. What the domain will not do it refuses with a
//! [`Refusal`], whose code is stable; what it was given and could read is a type ([`ResidentId`], [`Email`]).

pub mod account;
pub mod ceremony;
pub mod envelope;
pub mod field;
mod id;
mod input;
mod locale;
pub mod mask;
mod number;
pub mod organization;
pub mod policy;
pub mod recipient;
mod refusal;
pub mod review;
mod text;

pub use id::*;
pub use input::{Clock, Draw, Rng};
pub use locale::Locale;
pub use number::{
    BankCard, BankCardError, CreditClass, CreditCode, CreditCodeError, IdDocument, IdKind, IdNumberError,
    Mrz, MrzError, Phone, ResidentId, UnknownIdKind, is_hong_kong_id, is_taiwan_id, luhn_fits,
};
pub use refusal::{Param, Refusal};
pub use text::{Email, Name, Text};

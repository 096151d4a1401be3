//! Numbers with rules of their own: identity documents, bank cards, credit codes, phones.

mod bank_card;
mod credit_code;
mod document;
mod error;
mod mrz;
mod phone;
mod region;
mod resident_id;

pub use bank_card::{BankCard, BankCardError, luhn_fits};
pub use credit_code::{CreditClass, CreditCode, CreditCodeError};
pub use document::{IdDocument, IdKind, UnknownIdKind};
pub use error::IdNumberError;
pub use mrz::{Mrz, MrzError};
pub use phone::Phone;
pub use region::{is_hong_kong_id, is_taiwan_id};
pub use resident_id::ResidentId;

#[cfg(test)]
mod vectors;

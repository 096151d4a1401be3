//! Numbers with rules of their own: resident ID, credit code, phone.

mod credit_code;
mod phone;
mod resident_id;

pub use credit_code::{CreditCode, CreditCodeError};
pub use phone::Phone;
pub use resident_id::{ResidentId, ResidentIdError};

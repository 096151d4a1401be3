//! The organization step of the ceremony: the use cases of [`crate::organization`], as the signer's session calls them.

use super::Signer;
use crate::core::Service;
use crate::error::Error;
use crate::{organization as verification, view};

/// Compares name, credit code and legal representative with the registry; their ID number too, where it is given.
///
/// # Errors
/// What does not match, what is not well formed, or that the company exists no more.
pub async fn organization(
    service: &Service,
    signer: &Signer,
    name: &str,
    credit_code: &str,
    legal_representative: &str,
    legal_representative_id: Option<&str>,
) -> Result<view::Ceremony, Error> {
    let (leader, leader_id) = (legal_representative, legal_representative_id);
    verification::check(service, signer, name, credit_code, leader, leader_id).await
}

/// Pays a small amount to the company's account.
///
/// # Errors
/// `AccountInvalid`, `PaymentFailed`, `PaymentLocked`.
pub async fn payment(
    service: &Service,
    signer: &Signer,
    account_number: &str,
) -> Result<view::Ceremony, Error> {
    verification::pay(service, signer, account_number).await
}

/// Takes the amount.
///
/// # Errors
/// `AmountWrong`, `PaymentLocked`, `PaymentExpired`.
pub async fn payment_confirm(
    service: &Service,
    signer: &Signer,
    amount_fen: u32,
) -> Result<view::Ceremony, Error> {
    verification::confirm(service, signer, amount_fen).await
}

//! The organization step of the ceremony: the use cases of [`crate::organization`], as the signer's session calls them.

use super::Signer;
use crate::core::Service;
use crate::error::Error;
use crate::identity::{self, ConsentInput};
use crate::organization::{self as verification, AuthorizationInput};
use crate::view;

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
    bank: Option<&str>,
) -> Result<view::Ceremony, Error> {
    verification::pay(service, signer, account_number, bank).await
}

/// Compares the signer's face, though they are verified already, so that they can act as the legal representative. By the
/// data on record: nothing is typed again.
///
/// # Errors
/// As [`super::identity`].
pub async fn organization_face(
    service: &Service,
    signer: &Signer,
    method: view::IdentityMethod,
    consent: &ConsentInput,
) -> Result<view::Ceremony, Error> {
    identity::raise(service, signer, method, consent).await
}

/// Verifies the organization by its legal representative, who is the signer: the registry compares four elements.
///
/// # Errors
/// `face_required` before their face was compared; what does not match.
pub async fn organization_lead(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::lead(service, signer).await
}

/// Asks the legal representative, who is somebody else, to authorize the signer.
///
/// # Errors
/// `leader_contact_invalid`, `leader_email_missing` where only mail is sent, `leader_is_agent`, `organization_way_unavailable`.
pub async fn authorization(
    service: &Service,
    signer: &Signer,
    input: &AuthorizationInput,
) -> Result<view::Ceremony, Error> {
    verification::ask(service, signer, input).await
}

/// Asks them again, with a new link.
///
/// # Errors
/// `organization_step` where they are not asked; too many tries.
pub async fn authorization_remind(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::remind(service, signer).await
}

/// Takes the question back.
///
/// # Errors
/// Where the ceremony has ended.
pub async fn authorization_withdraw(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::withdraw(service, signer).await
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

/// Chooses the way of a letter that the company seals: it is prepared, and a sealed one may be brought.
///
/// # Errors
/// `organization_step`, `organization_way_unavailable`, `agent_revoked`; too many letters that were refused.
pub async fn begin_letter(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::letter::begin(service, signer).await
}

/// The letter as it is to be sealed: a PDF.
///
/// # Errors
/// `step_not_ready` before [`begin_letter`].
pub async fn prepared_letter(service: &Service, signer: &Signer) -> Result<Vec<u8>, Error> {
    verification::letter::prepared(service, signer).await
}

/// Gives the way of a letter up.
///
/// # Errors
/// Where the ceremony has ended.
pub async fn withdraw_letter(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::letter::withdraw(service, signer).await
}

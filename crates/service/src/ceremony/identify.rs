//! The identity step of the ceremony: the use cases of [`crate::identity`], as the signer's session calls them.

use super::Signer;
use crate::core::Service;
use crate::error::Error;
use crate::{identity as verification, view};

/// Compares name, ID number and phone with the register and sends a code to the phone.
///
/// # Errors
/// What does not match, what is not well formed, or too many tries: each with its own code.
pub async fn identity(
    service: &Service,
    signer: &Signer,
    name: &str,
    id_number: &str,
    phone: &str,
) -> Result<view::Ceremony, Error> {
    verification::start(service, signer, name, id_number, phone).await
}

/// Takes the code.
///
/// # Errors
/// `CodeWrong`, `CodeExpired`, `CodeLocked`.
pub async fn identity_code(service: &Service, signer: &Signer, code: &str) -> Result<view::Ceremony, Error> {
    verification::check_code(service, signer, code).await
}

/// Sends another code.
///
/// # Errors
/// `ResendTooSoon`, `CodeLocked`.
pub async fn identity_resend(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::resend(service, signer).await
}

/// Gives up what was typed and begins anew.
///
/// # Errors
/// Where the ceremony has ended.
pub async fn identity_restart(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::restart(service, signer).await
}

//! The identity step of the ceremony: the use cases of [`crate::identity`], as the signer's session calls them.

use domain::Locale;

use super::{Signer, show};
use crate::core::Service;
use crate::error::Error;
use crate::identity::{Asker, PersonInput};
use crate::{identity as verification, view};

/// Has a provider check who the signer says to be. By elements it answers at once, and a code goes to the phone; for a face
/// the signer goes on at the provider's page.
///
/// # Errors
/// What does not match, what is not well formed, what was not consented to, or too many tries: each with its own code.
pub async fn identity(
    service: &Service,
    signer: &Signer,
    input: &PersonInput,
) -> Result<view::Ceremony, Error> {
    verification::start(service, &Asker::Signer(signer), input).await?;
    show(service, signer).await
}

/// Asks how a check at the provider's page stands.
///
/// # Errors
/// `ProviderUnavailable` where the provider does not answer: the check goes on.
pub async fn identity_poll(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::poll(service, &Asker::Signer(signer)).await?;
    show(service, signer).await
}

/// Records that the signer does not, or no longer, consent to have their data, or their face, processed.
///
/// # Errors
/// Where the ceremony has ended.
pub async fn identity_refuse(
    service: &Service,
    signer: &Signer,
    purpose: view::DataPurpose,
    locale: Locale,
) -> Result<view::Ceremony, Error> {
    verification::refuse(service, &Asker::Signer(signer), purpose.into(), locale).await?;
    show(service, signer).await
}

/// Takes the code.
///
/// # Errors
/// `CodeWrong`, `CodeExpired`, `CodeLocked`.
pub async fn identity_code(service: &Service, signer: &Signer, code: &str) -> Result<view::Ceremony, Error> {
    verification::check_code(service, &Asker::Signer(signer), code).await?;
    show(service, signer).await
}

/// Sends another code.
///
/// # Errors
/// `ResendTooSoon`, `CodeLocked`.
pub async fn identity_resend(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::resend(service, &Asker::Signer(signer)).await?;
    show(service, signer).await
}

/// Gives up what was typed and begins anew.
///
/// # Errors
/// Where the ceremony has ended.
pub async fn identity_restart(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    verification::restart(service, &Asker::Signer(signer)).await?;
    show(service, signer).await
}

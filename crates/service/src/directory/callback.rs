//! The end of a sign-in: what the browser brings back is held against what was kept, and the code is traded.

use std::sync::Arc;

use domain::Refusal;
use keys::token;
use oidc::{Callback, CallbackError, Claims, Exchange, Expected, Issuer, Verifier};
use online::{OpenIdError, Redeemed};
use store::{Directory, StaffLogin};
use subtle::ConstantTimeEq;

use super::login::Secrets;
use super::{SKEW, list, record, redirect_uri, refusal};
use crate::account::Actor;
use crate::core::Service;
use crate::error::Error;
use crate::view;

/// A token that was issued longer ago than a sign-in may take is not its answer.
const OLDEST: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// What the browser brings back.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StaffCallback {
    /// By which the sign-in is found.
    pub state: String,
    /// The code, where the person was authenticated.
    pub code: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl std::fmt::Debug for StaffCallback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffCallback").field("error", &self.error).finish_non_exhaustive()
    }
}

/// Ends a sign-in. `browser` is the secret of the cookie; `actor` the account that is logged in, if one is.
///
/// # Errors
/// `staff_login_invalid` where it was never begun, was used, or was begun in another browser or account;
/// `staff_login_expired`; `staff_denied`; `staff_refused` with its reason; `directory_unavailable`, `directory_unusable`.
pub async fn finish(
    service: &Service,
    browser: Option<&str>,
    actor: Option<&Actor>,
    callback: StaffCallback,
) -> Result<view::StaffResult, Error> {
    let login = used_up(service, browser, actor, &callback.state).await?;
    let directory = service.store().read().await?.directory(login.organization_id).await?;
    // A directory that was changed meanwhile is another one.
    let directory = directory
        .filter(|it| it.issuer == login.issuer && it.client_id == login.client_id)
        .ok_or(Refusal::StaffLoginInvalid)?;
    let callback = Callback { code: callback.code, iss: callback.iss, error: callback.error };
    let redeemed = match redeem(service, &login, &directory, callback).await {
        Ok(redeemed) => redeemed,
        Err(Error::Refused(refusal)) => {
            record::refused(service, &login, &refusal).await?;
            return Err(refusal.into());
        }
        Err(error) => return Err(error),
    };
    record::proved(service, &login, &directory, redeemed).await
}

/// The sign-in, used up before anybody else is asked: of two callbacks at once one goes on, and after a crash it is begun
/// anew.
async fn used_up(
    service: &Service,
    browser: Option<&str>,
    actor: Option<&Actor>,
    state: &str,
) -> Result<StaffLogin, Error> {
    let now = service.now();
    let hash = *token::hash(state).as_bytes();
    let mut tx = service.store().begin().await?;
    let login = tx.staff_login(&hash).await?.ok_or(Refusal::StaffLoginInvalid)?;
    let secret = browser.map(token::hash).ok_or(Refusal::StaffLoginInvalid)?;
    if !bool::from(secret.as_bytes().ct_eq(&login.browser_hash)) {
        return Err(Refusal::StaffLoginInvalid.into());
    }
    match (login.account_id, actor) {
        (Some(_), None) => return Err(Error::Unauthorised),
        (Some(account), Some(actor)) if actor.id() != account => {
            return Err(Refusal::StaffLoginInvalid.into());
        }
        _ => {}
    }
    if now >= login.expires_at {
        return Err(Refusal::StaffLoginExpired.into());
    }
    if !tx.use_staff_login(&hash, now).await? {
        return Err(Refusal::StaffLoginInvalid.into());
    }
    tx.commit().await?;
    Ok(login)
}

async fn redeem(
    service: &Service,
    login: &StaffLogin,
    directory: &Directory,
    callback: Callback,
) -> Result<Redeemed, Error> {
    let now = service.now();
    let secrets: Secrets = serde_json::from_str(&login.secrets)?;
    let asked = (service.clone(), Arc::new(directory.clone()));
    let redeemed = tokio::task::spawn_blocking(move || {
        let (service, directory) = asked;
        let issuer = Issuer::parse(&directory.issuer).ok_or(Refusal::DirectoryIssuerInvalid)?;
        let verifier = Verifier::parse(&secrets.verifier).ok_or(Refusal::StaffLoginInvalid)?;
        let party = service.relying_party();
        let metadata = party.describe(&issuer, now).map_err(|error| told(&error))?;
        let code = callback.code(&metadata).map_err(|error| denied(&error))?;
        let exchange = Exchange {
            client_id: &directory.client_id,
            client_secret: directory.client_secret.as_deref(),
            code,
            redirect_uri: &redirect_uri(service.config()),
            verifier: &verifier,
        };
        let expected = Expected {
            issuer: &issuer,
            client_id: &directory.client_id,
            nonce: &secrets.nonce,
            access_token: None,
            acr_values: &directory.acr_values,
            max_age: None,
            // Time went by while the directory was asked; the clock is asked anew.
            now: service.now(),
            skew: SKEW,
            oldest: OLDEST,
        };
        party.redeem(&metadata, &exchange, &expected).map_err(|error| told(&error))
    })
    .await??;
    is_staff(&redeemed.claims, directory)?;
    Ok(redeemed)
}

/// An address that the directory has verified, of one of the organization's domains.
fn is_staff(claims: &Claims, directory: &Directory) -> Result<(), Refusal> {
    let refused = |reason| Err(Refusal::StaffRefused { reason });
    match claims.verified_email.as_deref() {
        None if claims.has_email => refused("email_unverified"),
        None => refused("email_missing"),
        Some(email) if !list::is_among(email, &directory.domains) => refused("email_domain"),
        Some(_) => Ok(()),
    }
}

fn told(error: &OpenIdError) -> Refusal {
    tracing::warn!(%error, "a sign-in at a directory failed");
    refusal(error)
}

fn denied(error: &CallbackError) -> Refusal {
    tracing::info!(%error, "a sign-in at a directory came back without a code");
    match error {
        CallbackError::Denied => Refusal::StaffDenied,
        CallbackError::Issuer => Refusal::StaffRefused { reason: "mix_up" },
        CallbackError::Empty => Refusal::StaffRefused { reason: "no_code" },
        _ => Refusal::StaffRefused { reason: "provider" },
    }
}

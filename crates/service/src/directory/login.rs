//! Beginning a sign-in at an organization's directory.

use std::time::Duration;

use domain::ceremony::Step;
use domain::{Draw, OrganizationId, Refusal};
use jiff::{SignedDuration, Timestamp};
use keys::token;
use oidc::{Issuer, Request, Verifier};
use serde::{Deserialize, Serialize};
use store::{Directory, StaffLogin};

use super::{administer, list, redirect_uri, refusal};
use crate::account::Actor;
use crate::ceremony::{Scene, Signer};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;

/// How long a sign-in may take.
const TIME: SignedDuration = SignedDuration::from_mins(10);
/// Sign-ins are remembered a day longer, so that a late one is told what happened.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
const SCOPE: &str = "openid profile email";

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes.
    pub authorization_url: String,
    /// The secret that binds the sign-in to this browser, for a cookie.
    pub browser: String,
    /// How long the cookie lives.
    pub lives: Duration,
}

/// What stays here of a request until its answer.
#[derive(Serialize, Deserialize)]
pub(super) struct Secrets {
    pub(super) nonce: String,
    pub(super) verifier: String,
}

/// For whom it is.
enum For<'a> {
    Session(&'a [u8; 32]),
    Account(&'a Actor),
}

/// Begins a sign-in of a recipient at the directory of the organization that they seal for.
///
/// # Errors
/// [`Refusal::StepNotReady`] before person and organization are verified; [`Error::NotFound`] where the organization has
/// no directory; `directory_unavailable`, `directory_unusable`.
pub async fn begin_for_signer(
    service: &Service,
    signer: &Signer,
    locale: domain::Locale,
) -> Result<Begun, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    scene.require(Step::Document)?;
    let organization = scene.organization_id().ok_or(Refusal::StepNotReady { step: "organization" })?;
    let directory = reader.directory(organization).await?.ok_or(Error::NotFound)?;
    drop(reader);
    begin(service, directory, For::Session(&signer.session.token_hash), locale, now).await
}

/// Begins a sign-in of an account at the directory of an organization: one that it administers, or one whose domains its
/// own address is of.
///
/// # Errors
/// [`Error::NotFound`] for every other; `directory_unavailable`, `directory_unusable`.
pub async fn begin_for_account(
    service: &Service,
    actor: &Actor,
    organization: OrganizationId,
) -> Result<Begun, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &actor.id().to_string(), now)?;
    let mut reader = service.store().read().await?;
    let directory = reader.directory(organization).await?.ok_or(Error::NotFound)?;
    if !list::is_for(&directory, actor) {
        administer::require(&mut reader, actor, organization, now).await?;
    }
    drop(reader);
    begin(service, directory, For::Account(actor), actor.account.locale, now).await
}

async fn begin(
    service: &Service,
    directory: Directory,
    whom: For<'_>,
    locale: domain::Locale,
    now: Timestamp,
) -> Result<Begun, Error> {
    let issuer = Issuer::parse(&directory.issuer).ok_or(Refusal::DirectoryIssuerInvalid)?;
    let asked = service.clone();
    let metadata = tokio::task::spawn_blocking(move || asked.relying_party().describe(&issuer, now))
        .await?
        .map_err(|error| {
        tracing::warn!(%error, "a directory cannot be asked");
        refusal(&error)
    })?;
    let mut draw = Draw(service.rng());
    let (state, browser, nonce) = (token::new(&mut draw), token::new(&mut draw), token::new(&mut draw));
    let mut random = [0; 32];
    service.rng().fill(&mut random);
    let verifier = Verifier::from_random(random);
    let secrets = Secrets { nonce: nonce.as_str().to_owned(), verifier: verifier.as_str().to_owned() };
    let login = StaffLogin {
        state_hash: *state.hash().as_bytes(),
        browser_hash: *browser.hash().as_bytes(),
        organization_id: directory.organization_id,
        issuer: directory.issuer.clone(),
        client_id: directory.client_id.clone(),
        session_hash: match whom {
            For::Session(hash) => Some(*hash),
            For::Account(_) => None,
        },
        account_id: match whom {
            For::Session(_) => None,
            For::Account(actor) => Some(actor.id()),
        },
        secrets: serde_json::to_string(&secrets)?,
        created_at: now,
        expires_at: now + TIME,
        used_at: None,
    };
    // The sign-in is on record before the browser hears of it.
    let mut tx = service.store().begin().await?;
    tx.forget_staff_logins(now - REMEMBERED).await?;
    tx.add_staff_login(&login).await?;
    tx.commit().await?;
    let request = Request {
        client_id: &directory.client_id,
        redirect_uri: &redirect_uri(service.config()),
        scope: SCOPE,
        state: state.as_str(),
        nonce: nonce.as_str(),
        verifier: &verifier,
        acr_values: &directory.acr_values.join(" "),
        max_age: None,
        ui_locales: locale.tag(),
    };
    Ok(Begun {
        authorization_url: request.url(&metadata),
        browser: browser.as_str().to_owned(),
        lives: TIME.unsigned_abs(),
    })
}

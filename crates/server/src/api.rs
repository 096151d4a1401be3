//! `/api/v1`: one file an operation.
#![expect(unused_qualifications, reason = "the macros that describe parameters write them")]

pub(crate) mod account;
pub(crate) mod agent;
pub(crate) mod auth;
pub(crate) mod certificate;
pub(crate) mod directory;
pub(crate) mod envelope;
pub(crate) mod identity;
pub(crate) mod openapi;
pub(crate) mod outbox;
pub(crate) mod policy;
pub(crate) mod review;
pub(crate) mod sandbox;
pub(crate) mod server;
pub(crate) mod signing;
pub(crate) mod transfer;
pub(crate) mod verify;

use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::AppState;
use crate::http::problem::Problem;
use crate::http::rate::{limit_credentials, limit_documents};

/// A request that takes longer, body included, is given up. Files have limits of their own.
const REQUEST_TIME: Duration = Duration::from_secs(60);
/// JSON bodies, but for pictures of seals.
const BODY: usize = 256 * 1024;
const PICTURE_BODY: usize = 8 * 1024 * 1024;

/// All operations, with their limits.
pub(crate) fn router(state: &AppState) -> OpenApiRouter<AppState> {
    let credentials = middleware::from_fn_with_state(state.clone(), limit_credentials);
    let documents = middleware::from_fn_with_state(state.clone(), limit_documents);
    plain()
        .merge(secrets().route_layer(credentials))
        .route_layer(middleware::from_fn(in_time))
        .merge(files().route_layer(documents))
        .merge(downloads())
        .layer(DefaultBodyLimit::max(BODY))
}

/// All operations, to be described.
fn described() -> OpenApiRouter<AppState> {
    plain().merge(secrets()).merge(files()).merge(downloads())
}

fn plain() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(server::show_server))
        .routes(routes!(account::session::show_session))
        .routes(routes!(account::update::update_account))
        .routes(routes!(account::log_out::log_out))
        .routes(routes!(envelope::list::list_envelopes, envelope::create::create_envelope))
        .routes(routes!(
            envelope::show::show_envelope,
            envelope::update::update_envelope,
            envelope::delete::delete_envelope
        ))
        .routes(routes!(envelope::remove_document::remove_document))
        .routes(routes!(envelope::recipients::set_recipients))
        .routes(routes!(envelope::fields::set_fields))
        .routes(routes!(envelope::send::send_envelope))
        .routes(routes!(envelope::void::void_envelope))
        .routes(routes!(envelope::remind::remind_recipient))
        .routes(routes!(envelope::events::list_events))
        .routes(routes!(signing::show::show_ceremony))
        .routes(routes!(signing::view::view_request))
        .routes(routes!(signing::consent::give_consent))
        .routes(routes!(signing::decline::decline))
        .routes(routes!(signing::identity_restart::restart_identity))
        .routes(routes!(signing::identity_poll::poll_identity))
        .routes(routes!(signing::identity_refuse::refuse_identity))
        .routes(routes!(signing::fields::fill_fields))
        .routes(routes!(signing::adopt_impression::adopt_impression))
        .routes(routes!(signing::add_impression::add_impression).layer(DefaultBodyLimit::max(PICTURE_BODY)))
        .routes(
            routes!(signing::preview_impression::preview_impression)
                .layer(DefaultBodyLimit::max(PICTURE_BODY)),
        )
        .routes(routes!(policy::list::list_policies, policy::write::write_policy))
        .routes(routes!(policy::document::policy_document))
        .routes(routes!(certificate::mine::my_certificates))
        .routes(routes!(certificate::revoke::revoke_certificate))
        .routes(routes!(certificate::suspend::suspend_certificate))
        .routes(routes!(certificate::release::release_certificate))
        .routes(routes!(certificate::overview::ca_overview))
        .routes(routes!(certificate::list::list_certificates))
        .routes(routes!(certificate::show::show_certificate))
        .routes(routes!(certificate::ask::ask_change))
        .routes(routes!(certificate::requests::list_requests))
        .routes(routes!(certificate::approve::approve_request))
        .routes(routes!(certificate::refuse::refuse_request))
        .routes(routes!(review::list::list_reviews))
        .routes(routes!(review::show::show_review))
        .routes(routes!(review::claim::claim_review))
        .routes(routes!(review::release::release_review))
        .routes(routes!(review::approve::approve_review))
        .routes(routes!(review::refuse::refuse_review))
        .routes(routes!(review::ask::ask_again))
        .routes(routes!(review::zone::compare_zone))
        .routes(routes!(review::verdict::letter_verdict))
        .routes(routes!(signing::picture_submit::submit_pictures))
        .routes(routes!(signing::letter::begin_letter, signing::letter::prepared_letter))
        .routes(routes!(signing::letter::withdraw_letter))
        .routes(routes!(directory::list::list_organizations))
        .routes(routes!(directory::remove::remove_directory))
        .routes(routes!(directory::people::organization_people))
        .routes(routes!(directory::people::remove_organization_administrator))
        .routes(routes!(directory::people::withdraw_statement))
        .routes(routes!(agent::list::list_agents))
        .routes(routes!(agent::revoke::revoke_agent))
        .routes(routes!(transfer::list::list_transfers))
        .routes(routes!(transfer::reveal::view_transfer))
        .routes(routes!(transfer::sent::transfer_sent))
        .routes(routes!(transfer::failed::transfer_failed))
        .routes(routes!(transfer::returned::transfer_returned))
        .routes(routes!(signing::authorization::withdraw_authorization))
        .routes(routes!(directory::administer::administer_organization))
        .routes(routes!(signing::my_keys::list_keys))
        .routes(routes!(signing::my_keys::give_up_key))
        .routes(routes!(identity::show::my_identity))
        .routes(routes!(identity::poll::poll_my_identity))
        .routes(routes!(identity::picture_submit::submit_my_pictures))
        .routes(routes!(identity::restart::restart_my_identity))
        .routes(routes!(identity::refuse::refuse_my_identity))
        .routes(routes!(identity::consent::withdraw_consent))
        .routes(routes!(identity::erase::erase_my_identity))
        .routes(routes!(identity::unlink::unlink_my_identity))
        .routes(routes!(identity::link::link_signer))
        .routes(routes!(identity::organizations::my_organizations))
        .routes(routes!(identity::keys::list_my_keys))
        .routes(routes!(identity::keys::give_up_my_key))
        .routes(routes!(outbox::list_outbox))
        .routes(routes!(sandbox::register::show_register))
        .routes(routes!(sandbox::bank::show_bank))
        .routes(routes!(sandbox::return_transfer::return_transfer))
        .routes(routes!(sandbox::show_face::show_face, sandbox::play_face::play_face))
}

/// Operations that take a password, a link's secret, a code or a PIN, or that send a message.
fn secrets() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(account::sign_up::sign_up))
        .routes(routes!(account::verify::verify_email))
        .routes(routes!(account::resend::resend_verification))
        .routes(routes!(account::ask_password_reset::ask_password_reset))
        .routes(routes!(account::set_password::set_password))
        .routes(routes!(account::log_in::log_in))
        .routes(routes!(account::confirm::confirm_session))
        .routes(routes!(identity::check::check_my_identity))
        .routes(routes!(identity::code::confirm_my_identity))
        .routes(routes!(identity::resend::resend_my_code))
        .routes(routes!(signing::open::open_ceremony))
        .routes(routes!(signing::identity::check_identity))
        .routes(routes!(signing::identity_code::confirm_identity))
        .routes(routes!(signing::identity_resend::resend_code))
        .routes(routes!(signing::organization::check_organization))
        .routes(routes!(signing::payment::send_payment))
        .routes(routes!(signing::payment_confirm::confirm_payment))
        .routes(routes!(signing::organization_face::show_face_for_organization))
        .routes(routes!(signing::organization_lead::lead_organization))
        .routes(routes!(signing::authorization::ask_authorization))
        .routes(routes!(signing::authorization::remind_authorization))
        .routes(routes!(directory::configure::configure_directory))
        .routes(routes!(directory::begin_account::begin_staff_login))
        .routes(routes!(directory::begin_signing::begin_signer_staff_login))
        .routes(routes!(directory::callback::finish_staff_login))
        .routes(routes!(signing::key::create_key))
        .routes(routes!(signing::key_replace::replace_key))
        .routes(routes!(signing::passkey_options::passkey_options))
        .routes(routes!(signing::passkey::register_passkey))
        .routes(routes!(signing::device::device_options))
        .routes(routes!(signing::device::certify_device))
        .routes(routes!(signing::sign::sign))
        .routes(routes!(signing::offer::offer_activation))
        .routes(routes!(signing::sign_offered::sign_activation))
        .routes(routes!(signing::will::poll_will))
        .routes(routes!(signing::will_passkey::will_passkey_options))
        .routes(routes!(signing::will_passkey::register_will_passkey))
}

/// Operations whose body is a file.
fn files() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(envelope::upload_document::upload_document))
        .routes(routes!(verify::verify_file))
        .routes(routes!(signing::picture::add_picture))
        .routes(routes!(identity::picture::add_my_picture))
}

/// Operations whose answer is a file.
fn downloads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(envelope::document_content::document_content))
        .routes(routes!(envelope::report::envelope_report))
        .routes(routes!(envelope::proof::envelope_proof))
        .routes(routes!(signing::proof::signing_proof))
        .routes(routes!(review::picture::review_picture))
        .routes(routes!(signing::document_content::signing_document_content))
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "internal").into_response(),
    }
}

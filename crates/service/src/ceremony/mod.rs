//! The signing ceremony: one file a use case, each of which answers with the ceremony as it stands after it.
//!
//! Which step comes next is worked out from what is on record (`domain::ceremony`), so that a reload, a second tab or a
//! restart of the server goes on where the signer was. The signer holds a session: a secret in a cookie, given for the
//! secret in the link. Identity is verified for each session anew; person, key and certificate are found again.

pub mod consent;

mod activation_proof;
mod add_impression;
mod adopt_impression;
mod challenge;
mod decline;
mod device;
mod document;
mod fields;
mod give_consent;
mod identify;
mod key;
mod lock;
mod my_keys;
mod open;
mod organize;
mod passkey;
mod preview_impression;
mod scene;
mod show;
mod sign;
mod view;

use std::time::Duration;

use domain::RecipientId;
use serde::Deserialize;
use store::SigningSession;

pub use activation_proof::{proof_for_sender, proof_for_signer};
pub use add_impression::{ImpressionBody, add_impression};
pub use adopt_impression::adopt_impression;
pub use decline::decline;
pub use device::{device_key, device_options};
pub use document::document;
pub use fields::fields;
pub use give_consent::consent;
pub use identify::{
    identity, identity_code, identity_poll, identity_refuse, identity_resend, identity_restart,
};
pub use key::{key, key_in, key_replace};
pub use my_keys::{give_up_key, give_up_key_of_account, keys_of_account, my_keys};
pub use open::{open, resume};
pub use organize::{
    authorization, authorization_remind, authorization_withdraw, begin_letter, organization,
    organization_face, organization_lead, payment, payment_confirm, prepared_letter, withdraw_letter,
};
pub use passkey::{Registered, passkey_key, passkey_key_in, passkey_options, passkey_options_in};
pub use preview_impression::preview_impression;
pub use show::show;
pub use sign::{Agreement, WillChoice, offer, sign, sign_offered, will, will_passkey, will_passkey_options};
pub use view::view;

pub(crate) use activation_proof::records_of;
pub(crate) use key::certified;
pub(crate) use lock::hold;
pub(crate) use scene::{Scene, custody_of, opened_by};
pub(crate) use show::ceremony as show_ceremony;
pub(crate) use sign::{end_overdue_faces, face_notice as will_face, will_shown};

/// A recipient who holds a session.
#[derive(Debug, Clone)]
pub struct Signer {
    pub(crate) session: SigningSession,
}

impl Signer {
    /// Who.
    #[must_use]
    pub fn recipient(&self) -> RecipientId {
        self.session.recipient_id
    }
}

/// A ceremony that was opened with a link.
#[derive(Debug)]
pub struct Opened {
    /// The session's secret, where a new one was begun.
    pub session: Option<NewSession>,
    /// The ceremony.
    pub ceremony: crate::view::Ceremony,
}

/// A session's secret, for the cookie.
#[derive(Debug)]
pub struct NewSession {
    /// The secret: it goes to the browser, and nowhere else.
    pub token: String,
    /// How long it lives.
    pub lives: Duration,
}

/// A value of one of the signer's own fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FieldValue {
    /// The field.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: domain::FieldId,
    /// Text, or a date as `2026-11-23`; empty to clear.
    pub value: Option<String>,
}

/// A document as the signer saw it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ShownDocument {
    /// The document.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: domain::DocumentId,
    /// SHA-256 of the revision that was shown, hexadecimal.
    pub sha256: String,
}

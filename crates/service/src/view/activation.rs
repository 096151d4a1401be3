//! What exactly is agreed to, and the check of the will.

use domain::policy::WillWay;
use serde::Serialize;

use super::{IdentityMethod, IdentityPage, Time};

/// What exactly will be signed, for a passkey to agree to: the SHA-256 of `canonical` is the challenge.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Activation {
    /// Id.
    pub id: String,
    /// The activation, canonical JSON.
    pub canonical: String,
    /// Its digest, hexadecimal.
    pub digest: String,
    /// Until when it may be used.
    pub expires_at: Time,
    /// What the passkey is asked, where one opens the key.
    pub passkey: Option<ActivationPasskey>,
    /// What the signer's device signs, where it keeps the key, base64.
    pub to_be_signed: Option<String>,
    /// The check of the will, where the signing policy asks for one.
    pub will: Option<WillAsked>,
}

/// What a passkey is asked to agree to an activation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActivationPasskey {
    /// The domain that the passkey belongs to.
    pub relying_party: String,
    /// The passkey, base64url.
    pub credential_id: String,
    /// What its pseudo-random function is asked for, where the key needs it, base64url.
    pub prf: Option<String>,
}

/// A check of the will that the signer can choose.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WillOffered {
    /// The check.
    pub by: WillWay,
    /// Where a code is sent, masked.
    pub to: Option<String>,
    /// For a face: at which providers'.
    pub methods: Vec<IdentityMethod>,
    /// For a passkey: whether there is one.
    pub registered: bool,
    /// For a passkey: whether one can be registered beside the key, which has none of its own.
    pub can_register: bool,
}

/// Where a check of the will stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WillState {
    /// It is waited for.
    Open,
    /// It was passed, for this activation.
    Passed,
    /// It was not passed: another activation is needed.
    Refused,
}

/// The check of the will for one activation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WillAsked {
    /// The check.
    pub by: WillWay,
    /// Where the code was sent, masked.
    pub to: Option<String>,
    /// Where it stands.
    pub state: WillState,
    /// Tries left, of a code.
    pub tries_left: u32,
    /// From when another code can be sent.
    pub resend_at: Option<Time>,
    /// Where the signer goes on, for a face.
    pub page: Option<IdentityPage>,
    /// Why the provider said no to the face.
    pub refused: Option<String>,
    /// What the passkey is asked, where something else opens the key.
    pub passkey: Option<ActivationPasskey>,
}

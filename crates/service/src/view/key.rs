//! Keys, and what is asked to make one.

use domain::policy::Custody;
use serde::Serialize;

use super::{CertificateView, Time};

/// Where the key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum KeyState {
    /// There is none.
    None,
    /// It is made, and another's authority still decides upon its certificate.
    Pending,
    /// It can sign.
    Ready,
    /// Too many wrong PINs.
    Locked,
}

/// The recipient's key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CeremonyKey {
    /// Where it stands.
    pub state: KeyState,
    /// PIN tries left.
    pub tries_left: u32,
    /// Until when it is locked.
    pub locked_until: Option<Time>,
    /// Where it is.
    pub custody: Option<Custody>,
    /// What opens it: a PIN, a passkey, or being in this device.
    pub opened_by: Option<Custody>,
    /// When the authority is asked again that still decides upon its certificate.
    pub asked_again_at: Option<Time>,
    /// Fingerprint of the passkey that opens it, hexadecimal.
    pub passkey: Option<String>,
    /// What may open a new one: what the signing policy allows and this server has.
    pub offered: Vec<Custody>,
    /// What may confirm the use of a key in the hardware module: a PIN, a passkey.
    pub confirmed_by: Vec<Custody>,
    /// The domain that passkeys belong to, where this server can use them.
    pub relying_party: Option<String>,
}

/// What a new passkey is asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PasskeyOptions {
    /// Id of the question.
    pub id: String,
    /// The challenge, base64url.
    pub challenge: String,
    /// The domain that the passkey belongs to.
    pub relying_party: String,
    /// Whose it is, base64url: says nothing about them.
    pub user_id: String,
    /// What the authenticator calls them.
    pub user_name: String,
    /// The algorithms that are taken (COSE), the preferred first.
    pub algorithms: Vec<i32>,
    /// Passkeys that they have already, base64url.
    pub exclude: Vec<String>,
    /// What the passkey's pseudo-random function is asked for, base64url.
    pub prf: String,
    /// Until when an answer counts.
    pub expires_at: Time,
}

/// What a device is asked that is about to make a key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeviceOptions {
    /// Id of the question.
    pub id: String,
    /// What it signs to show that it has the key, as the request for its certificate (PKCS #10): this, then the public
    /// key's bytes, then `behind`; base64.
    pub possession: String,
    /// What it signs behind the public key's bytes; base64.
    pub behind: String,
    /// Until when an answer counts.
    pub expires_at: Time,
}

/// A person's keys.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KeyList {
    /// The newest first.
    pub items: Vec<HeldKey>,
}

/// A key that a person holds or held.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HeldKey {
    /// Id.
    pub id: String,
    /// Where it is.
    pub custody: Custody,
    /// What opens it: a PIN, a passkey, or being in the person's device.
    pub opened_by: Custody,
    /// The organization whose seal key it is.
    pub organization: Option<String>,
    /// Fingerprint of the passkey that opens it, hexadecimal.
    pub passkey: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was given up.
    pub given_up_at: Option<Time>,
    /// Whether it can sign: its certificate is good, and it was not given up.
    pub usable: bool,
    /// Its certificate.
    pub certificate: Option<CertificateView>,
    /// How often it was used.
    pub uses: u32,
    /// When it was last used.
    pub last_used_at: Option<Time>,
}

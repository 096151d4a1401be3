//! Certificates and CAs, as their subjects and the authority's administrators see them.

use serde::{Deserialize, Serialize};

use super::{Event, Time};

/// Where a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum CertificateStatus {
    /// Nobody has one under this number (a request that was cut off).
    Intended,
    /// It holds.
    Valid,
    /// It has ended.
    Expired,
    /// It is on hold.
    Suspended,
    /// It was revoked.
    Revoked,
}

/// Why a certificate is revoked (RFC 5280 §5.3.1), as far as one may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum RevocationReason {
    /// No reason given.
    Unspecified,
    /// Somebody else may have the key.
    KeyCompromise,
    /// The subject acts for another organization now.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// It is not needed any more.
    CessationOfOperation,
    /// The subject may not have it any more.
    PrivilegeWithdrawn,
}

/// What is asked for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum StatusAction {
    /// Revoke it for good.
    Revoke,
    /// Suspend it.
    Suspend,
    /// End its suspension.
    Release,
}

/// A certificate on record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IssuedCertificate {
    /// Id.
    pub id: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// What it is for: `person`, `organization`, `agent`, with `_event` where it is for one ceremony; `ocsp`, ….
    pub profile: String,
    /// commonName of the subject.
    pub name: String,
    /// organizationName of the subject.
    pub organization: Option<String>,
    /// The CA that issued it.
    pub issuer: String,
    /// The authority: `embedded`, or another's.
    pub authority: String,
    /// Where it stands.
    pub status: CertificateStatus,
    /// Begin of validity.
    pub not_before: Time,
    /// End of validity.
    pub not_after: Time,
    /// When it was revoked or suspended.
    pub revoked_at: Option<Time>,
    /// Why: the reason's word.
    pub reason: Option<String>,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint: Option<String>,
    /// Until when its record is kept.
    pub kept_until: Time,
    /// Whether whoever asks may end its suspension themselves.
    pub can_release: bool,
}

/// Certificates, newest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IssuedCertificates {
    /// Certificates.
    pub items: Vec<IssuedCertificate>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// The certificates of an account's person, newest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyCertificates {
    /// Whether the account is linked to a person.
    pub linked: bool,
    /// Certificates.
    pub items: Vec<IssuedCertificate>,
    /// How many only share the account's address.
    pub elsewhere: u32,
}

/// A certificate with its history.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CertificateDetail {
    /// The certificate.
    pub certificate: IssuedCertificate,
    /// PEM, once issued.
    pub pem: Option<String>,
    /// What the log says of it, oldest first.
    pub events: Vec<Event>,
}

/// The root, or a CA under it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CaView {
    /// Its word in addresses.
    pub word: String,
    /// Whom it certifies: `services`, `person`, `organization`; none for the root.
    pub branch: Option<String>,
    /// Subject.
    pub subject: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Begin of validity.
    pub not_before: Time,
    /// End of validity.
    pub not_after: Time,
    /// Whether its key is on this machine.
    pub has_key: bool,
    /// Whether it certifies now.
    pub is_active: bool,
    /// Certificates that hold.
    pub valid: u64,
    /// Certificates that are revoked or on hold.
    pub revoked: u64,
    /// All that it issued.
    pub issued: u64,
    /// The newest revocation list.
    pub list: Option<ListView>,
}

/// A revocation list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ListView {
    /// cRLNumber.
    pub number: u64,
    /// thisUpdate.
    pub this_update: Time,
    /// nextUpdate.
    pub next_update: Time,
    /// How many lists are signed for later times.
    pub ahead: u32,
    /// Where it is to be had.
    pub url: String,
}

/// The authority at a glance.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CaOverview {
    /// Root and CAs.
    pub authorities: Vec<CaView>,
    /// The platform's own keys: time-stamps, logs, reports, answers.
    pub keys: Vec<IssuedCertificate>,
    /// Requests that wait for a second administrator.
    pub waiting: u32,
    /// Who administers: addresses.
    pub administrators: Vec<String>,
}

/// A change of status that one administrator asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StatusRequestView {
    /// Id.
    pub id: String,
    /// What is asked.
    pub action: StatusAction,
    /// The reason's word.
    pub reason: String,
    /// The certificate.
    pub certificate: IssuedCertificate,
    /// Who asks.
    pub requested_by: String,
    /// When.
    pub requested_at: Time,
    /// `approved` or `refused`, once decided.
    pub decision: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Time>,
    /// Whether whoever asks may decide: another administrator than the one who asked.
    pub can_decide: bool,
}

/// Requests: those that wait first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StatusRequests {
    /// Requests.
    pub items: Vec<StatusRequestView>,
}

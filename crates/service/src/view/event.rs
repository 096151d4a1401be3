//! The timeline of an envelope.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Time;

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum EventActorKind {
    /// A sender.
    Account,
    /// A recipient.
    Recipient,
    /// The platform itself.
    System,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EventActor {
    /// What they are.
    pub kind: EventActorKind,
    /// Their name, masked; empty for the system.
    pub name_masked: String,
}

/// An event of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Event {
    /// Number in the log of the whole server.
    pub seq: u64,
    /// When.
    pub at: Time,
    /// What happened, e.g. `envelope.sent`.
    pub kind: String,
    /// Who did it.
    pub actor: EventActor,
    /// The particulars, for the sentence.
    pub params: BTreeMap<String, String>,
    /// Hash, hexadecimal.
    pub hash: String,
    /// Hash of the event before in the log.
    pub prev_hash: String,
}

/// What the chain of hashes says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Chain {
    /// Number of the first event.
    pub first: u64,
    /// Number of the last event.
    pub last: u64,
    /// Hash of the last event.
    pub head_hash: String,
    /// Whether every hash from the first to the last is right.
    pub intact: bool,
}

/// The events of an envelope, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EventPage {
    /// Events.
    pub items: Vec<Event>,
    /// The chain that they lie in.
    pub chain: Chain,
}

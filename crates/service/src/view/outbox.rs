//! The outbox.

use serde::Serialize;

use super::Time;

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum OutboxChannel {
    /// E-mail.
    Mail,
    /// Text message.
    Sms,
}

/// A link in a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutboxLink {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// A message that was written instead of sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutboxMessage {
    /// Id.
    pub id: String,
    /// How it travels.
    pub channel: OutboxChannel,
    /// Address or number.
    pub to: String,
    /// Subject; empty for an SMS.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Links in the text.
    pub links: Vec<OutboxLink>,
    /// A code in the text.
    pub code: Option<String>,
    /// When it was written.
    pub created_at: Time,
}

/// Messages, newest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutboxPage {
    /// Messages.
    pub items: Vec<OutboxMessage>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

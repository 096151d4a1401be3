//! Text messages to phones, from templates that the carrier approved.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::Phone;

use crate::answer::Answer;
use crate::error::{Fault, ProviderError};

/// A template that the provider approved for us.
#[derive(Debug, Clone)]
pub struct SmsTemplate {
    /// The provider's number of it.
    pub id: String,
    /// The approved signature in front, without brackets.
    pub signature: String,
    /// The names of its places, in the order of their numbers.
    pub places: Vec<String>,
}

/// Templates by our own name for them: `code.zh-CN`, say.
pub type SmsTemplates = BTreeMap<String, SmsTemplate>;

/// The places of a template with what stands in them.
pub(crate) type Places<'a> = Vec<(&'a str, &'a str)>;

/// A message to be sent.
#[derive(Clone)]
pub struct SmsMessage {
    /// Our order number.
    pub order: String,
    /// To whom.
    pub phone: Phone,
    /// Our name of the template.
    pub template: String,
    /// What stands in its places, by their names. Carriers refuse links here: they belong into the template.
    pub values: BTreeMap<String, String>,
}

impl SmsMessage {
    /// The template, and the values in the order of its places.
    pub(crate) fn filled<'a>(
        &'a self,
        templates: &'a SmsTemplates,
    ) -> Result<(&'a SmsTemplate, Places<'a>), Fault> {
        let template =
            templates.get(&self.template).ok_or(Fault::Unsupported("a message without a template"))?;
        let values = template
            .places
            .iter()
            .map(|place| Some((place.as_str(), self.values.get(place)?.as_str())))
            .collect::<Option<Vec<_>>>()
            .ok_or(Fault::Unsupported("a message that lacks a value of its template"))?;
        Ok((template, values))
    }
}

impl std::fmt::Debug for SmsMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmsMessage")
            .field("order", &self.order)
            .field("phone", &self.phone)
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsVerdict {
    /// The carrier took it. Whether it arrived, nobody says.
    Accepted,
    /// It was not sent.
    Refused(SmsRefusal),
}

/// Why a message was not sent, as far as the person at the phone can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsRefusal {
    /// No such number.
    Number,
    /// The number takes no messages from us.
    Blocked,
    /// Too many messages to this number in a short time.
    TooMany,
}

impl SmsRefusal {
    /// The stable word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Blocked => "blocked",
            Self::TooMany => "too_many",
        }
    }
}

/// Sends text messages.
#[async_trait]
pub trait SmsProvider: Send + Sync {
    /// Stable name, kept with each message.
    fn name(&self) -> &'static str;

    /// Sends a message. It is sent once: where the answer is lost, it is not sent again.
    async fn send(&self, message: &SmsMessage) -> Result<Answer<SmsVerdict>, ProviderError>;
}

//! One event of the log.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::canonical::Value;

/// The version of the encoding.
const VERSION: i64 = 1;

/// Bytes that are not an event's canonical encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the canonical encoding of an event")]
pub struct EventError;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A sender's account, by id.
    Account(String),
    /// A recipient of the envelope, by id.
    Recipient(String),
    /// The platform itself: sweeps, jobs, the authority.
    System,
}

impl Actor {
    /// The word in the encoding.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Recipient(_) => "recipient",
            Self::System => "system",
        }
    }

    /// The actor's id; the system has none.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Account(id) | Self::Recipient(id) => Some(id),
            Self::System => None,
        }
    }

    fn read(json: &serde_json::Value) -> Option<Self> {
        let id = json.get("id").and_then(|id| id.as_str()).map(str::to_owned);
        match (json.get("kind")?.as_str()?, id) {
            ("account", Some(id)) => Some(Self::Account(id)),
            ("recipient", Some(id)) => Some(Self::Recipient(id)),
            ("system", None) => Some(Self::System),
            _ => None,
        }
    }
}

/// What an event says beside who, what and when: ids, digests, counts, stable words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body(BTreeMap<String, Value>);

impl Body {
    /// An empty body.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The body with one member more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// The body with one member more, where there is a value.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// A member.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All members, by name.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number in the log, from 1.
    pub seq: u64,
    /// When, cut to microseconds.
    pub at: Timestamp,
    /// What happened, e.g. `envelope.sent`.
    pub kind: String,
    /// The id of what it is about.
    pub subject: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// The particulars.
    pub body: Body,
}

impl Event {
    /// The canonical encoding.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let actor = Body::new().maybe("id", self.actor.id()).with("kind", self.actor.kind());
        Value::Object(
            Body::new()
                .with("actor", Value::Object(actor.0))
                .with("at", format!("{:.6}", self.at))
                .with("body", Value::Object(self.body.0.clone()))
                .with("kind", self.kind.as_str())
                .with("seq", self.seq)
                .maybe("subject", self.subject.as_deref())
                .with("v", VERSION)
                .0,
        )
        .canonical()
        .into_bytes()
    }

    /// Reads an event back, and refuses bytes that [`Event::canonical`] would not have written.
    ///
    /// # Errors
    /// [`EventError`].
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, EventError> {
        let json: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| EventError)?;
        let event = Self::read(&json).ok_or(EventError)?;
        if event.canonical() == bytes { Ok(event) } else { Err(EventError) }
    }

    fn read(json: &serde_json::Value) -> Option<Self> {
        let Value::Object(body) = Value::from_json(json.get("body")?)? else { return None };
        Some(Self {
            seq: json.get("seq")?.as_u64()?,
            at: json.get("at")?.as_str()?.parse().ok()?,
            kind: json.get("kind")?.as_str()?.to_owned(),
            subject: json.get("subject").and_then(|subject| subject.as_str()).map(str::to_owned),
            actor: Actor::read(json.get("actor")?)?,
            body: Body(body),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn event(seq: u64, title: &str) -> Event {
        Event {
            seq,
            at: "2026-11-23T04:05:06.5Z".parse().unwrap(),
            kind: "envelope.sent".to_owned(),
            subject: Some("env_1".to_owned()),
            actor: Actor::Account("acc_1".to_owned()),
            body: Body::new().with("digest", title).with("recipients", 2u32),
        }
    }

    #[test]
    fn the_encoding_is_the_documented_one() {
        assert_eq!(
            String::from_utf8(event(7, "a\"b").canonical()).unwrap(),
            r#"{"actor":{"id":"acc_1","kind":"account"},"at":"2026-11-23T04:05:06.500000Z","body":{"digest":"a\"b","recipients":2},"kind":"envelope.sent","seq":7,"subject":"env_1","v":1}"#
        );
        let system = Event { actor: Actor::System, subject: None, body: Body::new(), ..event(1, "") };
        assert_eq!(
            String::from_utf8(system.canonical()).unwrap(),
            r#"{"actor":{"kind":"system"},"at":"2026-11-23T04:05:06.500000Z","body":{},"kind":"envelope.sent","seq":1,"v":1}"#
        );
    }

    #[test]
    fn another_spelling_of_the_same_event_is_refused() {
        let canonical = String::from_utf8(event(7, "x").canonical()).unwrap();
        for other in [
            canonical.replace(':', ": "),
            canonical.replace(".500000Z", ".5Z"),
            canonical.replace("\"v\":1", "\"v\":1,\"w\":2"),
            canonical.replace("\"v\":1", "\"v\":2"),
            canonical.replace("account", "system"),
        ] {
            assert_eq!(Event::from_canonical(other.as_bytes()), Err(EventError), "{other}");
        }
    }

    proptest! {
        #[test]
        fn an_event_reads_back(seq in 1u64..1 << 50, title in any::<String>(), micros in 0i64..4_000_000_000_000_000) {
            let at = Timestamp::from_microsecond(micros).unwrap();
            let event = Event { at, ..event(seq, &title) };
            prop_assert_eq!(Event::from_canonical(&event.canonical()), Ok(event));
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Event::from_canonical(&bytes), Err(EventError));
        }
    }
}

//! Identifiers: a prefix that says what is named, and a UUIDv7 (RFC 9562 §5.7) that sorts by time.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::input::{Clock, Rng};

/// A string that is not the id it was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the kind {expected}")]
pub struct IdError {
    /// The prefix that was expected.
    pub expected: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What every id of this kind begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id.
            #[must_use]
            pub fn new(clock: &dyn Clock, rng: &dyn Rng) -> Self {
                Self(uuid_v7(clock, rng))
            }

            /// The last 12 characters: random, and enough to tell the recipients or fields of one envelope apart.
            #[must_use]
            pub fn short(&self) -> String {
                self.0.simple().to_string().split_off(20)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text, $prefix).map(Self).ok_or(IdError { expected: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// An account of a sender.
    AccountId = "acc";
    /// A log-in session of an account.
    SessionId = "ses";
    /// An envelope: documents, recipients and fields that are sent together.
    EnvelopeId = "env";
    /// A document in an envelope.
    DocumentId = "doc";
    /// Someone who is asked to sign or seal.
    RecipientId = "rcp";
    /// A place on a page that a recipient fills.
    FieldId = "fld";
    /// A verified person.
    PersonId = "per";
    /// A verified organization.
    OrganizationId = "org";
    /// That a person acts for an organization.
    AgentId = "agt";
    /// One run of an identity verification.
    VerificationId = "idv";
    /// A small payment that proves control of an account.
    PaymentId = "pay";
    /// A signing key.
    KeyId = "key";
    /// A certificate.
    CertificateId = "crt";
    /// A change of a certificate's status that waits for a second administrator.
    StatusRequestId = "req";
    /// A signature or seal impression.
    ImpressionId = "imp";
    /// A browser's hold on one ceremony.
    SigningSessionId = "sgs";
    /// A recipient's consent.
    ConsentId = "csn";
    /// One use of a key, for named documents, once.
    ActivationId = "act";
    /// A signer's passkey.
    PasskeyId = "psk";
    /// What a new passkey is asked to answer.
    ChallengeId = "chl";
    /// A message in the outbox.
    OutboxId = "out";
    /// An organization's word, through its own directory, that someone is on its staff.
    StaffProofId = "stf";
    /// A transfer in the sandbox bank.
    TransferId = "trf";
    /// A check that an administrator makes by hand.
    ReviewId = "rev";
    /// A picture that is looked at in such a check.
    ReviewImageId = "img";
    /// A queued job.
    JobId = "job";
}

fn uuid_v7(clock: &dyn Clock, rng: &dyn Rng) -> Uuid {
    let mut random = [0; 10];
    rng.fill(&mut random);
    let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

fn parse(text: &str, prefix: &str) -> Option<Uuid> {
    let digits = text.strip_prefix(prefix)?.strip_prefix('_')?;
    let canonical = digits.len() == 32 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    canonical.then(|| Uuid::try_parse(digits).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_refuses_another_kind() {
        let id: EnvelopeId = "env_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap();
        assert_eq!(id.to_string(), "env_0192f0c1a2b37c4d8e5f60718293a4b5");
        assert_eq!(id.short(), "60718293a4b5");
        for bad in
            ["doc_0192f0c1a2b37c4d8e5f60718293a4b5", "env_", "env_0192F0C1A2B37C4D8E5F60718293A4B5", "env"]
        {
            assert!(bad.parse::<EnvelopeId>().is_err(), "{bad}");
        }
    }
}

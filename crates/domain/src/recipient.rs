//! Recipients: people and organizations who are asked to sign, and whose turn it is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::envelope::Order;
use crate::id::{EnvelopeId, RecipientId};
use crate::locale::Locale;
use crate::number::Phone;
use crate::policy::PolicyRef;
use crate::text::{Email, Name};

/// What a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecipientKind {
    /// A person who signs for themself.
    Person,
    /// A company, for which an agent seals.
    Organization,
}

/// How far a recipient has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecipientStatus {
    /// Not asked yet.
    Waiting,
    /// The invitation was sent.
    Invited,
    /// The link was opened.
    Opened,
    /// The real name was verified.
    Identified,
    /// The signature is in the document.
    Signed,
    /// The recipient will not sign.
    Declined,
}

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),* }) => {
        impl $name {
            /// The stored word, as in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The value of a stored word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use words;

words!(RecipientKind { Person = "person", Organization = "organization" });
words!(RecipientStatus {
    Waiting = "waiting",
    Invited = "invited",
    Opened = "opened",
    Identified = "identified",
    Signed = "signed",
    Declined = "declined"
});

impl RecipientStatus {
    /// Whether the recipient may still act.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Signed | Self::Declined)
    }
}

/// A link's stored half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The hash of the secret; the secret itself goes to the recipient alone.
    pub hash: [u8; 32],
    /// From when it is refused.
    pub expires_at: Timestamp,
}

/// How a recipient was verified, as the sender may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// The person who signs or acts, masked.
    pub name_masked: String,
    /// The means, e.g. `register`, `phone_code`, `company_register`, `payment`.
    pub how: Vec<String>,
    /// The verified organization's name.
    pub organization: Option<String>,
}

/// The certificate that a recipient signs with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certified {
    /// Serial number in hexadecimal.
    pub serial: String,
    /// Subject as text.
    pub subject: String,
    /// End of validity.
    pub not_after: Timestamp,
}

/// A recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The id.
    pub id: RecipientId,
    /// The envelope.
    pub envelope_id: EnvelopeId,
    /// Person or organization.
    pub kind: RecipientKind,
    /// The person who signs, or the agent.
    pub name: Name,
    /// Where the invitation goes.
    pub email: Option<Email>,
    /// Where the invitation goes by SMS.
    pub phone: Option<Phone>,
    /// The company that is asked for its seal.
    pub organization: Option<Name>,
    /// The language of the invitation.
    pub locale: Locale,
    /// Place in a sequential order, from 1; equal places sign side by side.
    pub order: u32,
    /// Another signing policy than the envelope's.
    pub policy: Option<PolicyRef>,
    /// SHA-256 of that policy as it was when the envelope was sent.
    pub policy_digest: Option<[u8; 32]>,
    /// How far they have come.
    pub status: RecipientStatus,
    /// When the first invitation went out.
    pub invited_at: Option<Timestamp>,
    /// When the link was first opened.
    pub opened_at: Option<Timestamp>,
    /// When the identity was verified.
    pub identified_at: Option<Timestamp>,
    /// When they signed.
    pub signed_at: Option<Timestamp>,
    /// How they were verified.
    pub verified: Option<Verified>,
    /// What they sign with.
    pub certificate: Option<Certified>,
    /// The link that opens the ceremony.
    pub link: Option<Link>,
}

impl Recipient {
    /// What the recipient is called towards others: the company's name for an organization.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        match (self.kind, &self.organization) {
            (RecipientKind::Organization, Some(organization)) => organization.as_str(),
            _ => self.name.as_str(),
        }
    }
}

/// Those whose turn it is: everyone open in parallel; in a sequence, the open ones with the lowest place.
pub fn whose_turn(recipients: &[Recipient], order: Order) -> impl Iterator<Item = &Recipient> {
    let first = recipients.iter().filter(|r| r.status.is_open()).map(|r| r.order).min();
    recipients
        .iter()
        .filter(move |r| r.status.is_open() && (order == Order::Parallel || Some(r.order) == first))
}

/// Whether this recipient may act now.
#[must_use]
pub fn is_turn(recipients: &[Recipient], order: Order, id: RecipientId) -> bool {
    whose_turn(recipients, order).any(|r| r.id == id)
}

/// Those to invite now: whose turn it is, and who were not invited before.
pub fn to_invite(recipients: &[Recipient], order: Order) -> impl Iterator<Item = &Recipient> {
    whose_turn(recipients, order).filter(|r| r.status == RecipientStatus::Waiting)
}

/// Whether everyone has signed.
#[must_use]
pub fn all_signed(recipients: &[Recipient]) -> bool {
    !recipients.is_empty() && recipients.iter().all(|r| r.status == RecipientStatus::Signed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn recipient(n: u32, order: u32, status: RecipientStatus) -> Recipient {
        Recipient {
            id: format!("rcp_0192f0c1a2b37c4d8e5f6071{n:08x}").parse().unwrap(),
            envelope_id: "env_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap(),
            kind: RecipientKind::Person,
            name: Name::parse("Ada").unwrap(),
            email: None,
            phone: None,
            organization: None,
            locale: Locale::En,
            order,
            policy: None,
            policy_digest: None,
            status,
            invited_at: None,
            opened_at: None,
            identified_at: None,
            signed_at: None,
            verified: None,
            certificate: None,
            link: None,
        }
    }

    #[test]
    fn a_sequence_goes_place_by_place() {
        use RecipientStatus::{Invited, Signed, Waiting};
        let mut all = vec![
            recipient(1, 1, Signed),
            recipient(2, 2, Waiting),
            recipient(3, 2, Invited),
            recipient(4, 3, Waiting),
        ];
        let invited: Vec<_> = to_invite(&all, Order::Sequential).map(|r| r.id).collect();
        assert_eq!(invited, [all[1].id]);
        assert!(is_turn(&all, Order::Sequential, all[2].id) && !is_turn(&all, Order::Sequential, all[3].id));
        assert_eq!(to_invite(&all, Order::Parallel).count(), 2);
        all[1].status = Signed;
        all[2].status = Signed;
        assert!(is_turn(&all, Order::Sequential, all[3].id) && !all_signed(&all));
        all[3].status = Signed;
        assert!(all_signed(&all));
    }

    proptest! {
        #[test]
        fn someone_is_next_until_all_have_signed(
            people in prop::collection::vec((1u32..5, any::<bool>()), 1..8),
            parallel in any::<bool>(),
        ) {
            let order = if parallel { Order::Parallel } else { Order::Sequential };
            let mut all: Vec<_> = (0..).zip(&people).map(|(n, (place, signed))| {
                recipient(n, *place, if *signed { RecipientStatus::Signed } else { RecipientStatus::Waiting })
            }).collect();
            let mut turns = 0;
            while !all_signed(&all) {
                let next = whose_turn(&all, order).next().expect("someone is next").id;
                all.iter_mut().find(|r| r.id == next).unwrap().status = RecipientStatus::Signed;
                turns += 1;
                prop_assert!(turns <= people.len());
            }
            prop_assert_eq!(whose_turn(&all, order).count(), 0);
        }
    }
}

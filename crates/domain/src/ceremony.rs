//! The signing ceremony: which step comes next, from what has been done. Nothing here is stored; a reload, a second
//! tab or a restart of the server works the step out anew.

use serde::{Deserialize, Serialize};

use crate::envelope::EnvelopeStatus;
use crate::recipient::{RecipientKind, RecipientStatus, words};

/// A step of the ceremony.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Who asks for what, before anything is asked of the recipient.
    Request,
    /// Consent to sign electronically.
    Consent,
    /// The person's real name.
    Identity,
    /// The organization and the agent's right to act for it.
    Organization,
    /// Reading the document and filling its fields.
    Document,
    /// The signature or seal.
    Impression,
    /// The PIN, the key and its certificate.
    Key,
    /// The last look, and the PIN.
    Confirm,
    /// Signed.
    Done,
    /// Others sign first.
    Waiting,
    /// Someone declined.
    Declined,
    /// The sender took the envelope back.
    Voided,
    /// The time ran out.
    Expired,
}

words!(Step {
    Request = "request",
    Consent = "consent",
    Identity = "identity",
    Organization = "organization",
    Document = "document",
    Impression = "impression",
    Key = "key",
    Confirm = "confirm",
    Done = "done",
    Waiting = "waiting",
    Declined = "declined",
    Voided = "voided",
    Expired = "expired"
});

/// Whether something has been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Not yet.
    Open,
    /// Done.
    Done,
}

impl Progress {
    /// From the time at which it was done, or from the thing itself.
    #[must_use]
    pub fn of<T>(made: Option<&T>) -> Self {
        if made.is_some() { Self::Done } else { Self::Open }
    }
}

/// What has been done in a ceremony.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CeremonyState {
    /// The envelope's status at this time ([`crate::envelope::Envelope::status_at`]).
    pub envelope: EnvelopeStatus,
    /// Person or organization.
    pub kind: RecipientKind,
    /// How far the recipient has come.
    pub recipient: RecipientStatus,
    /// Done where it is the recipient's turn.
    pub turn: Progress,
    /// The request was seen.
    pub request: Progress,
    /// Consent was given to the version in force.
    pub consent: Progress,
    /// The person's identity was verified.
    pub identity: Progress,
    /// The organization was verified; not looked at for a person.
    pub organization: Progress,
    /// Every required field is filled, and the recipient went on from the document.
    pub fields: Progress,
    /// A signature or seal is adopted.
    pub impression: Progress,
    /// A key with a valid certificate is there.
    pub key: Progress,
}

/// The step that the recipient is at.
#[must_use]
pub fn next_step(state: &CeremonyState) -> Step {
    if let Some(end) = end(state) {
        return end;
    }
    let organization = match state.kind {
        RecipientKind::Person => Progress::Done,
        RecipientKind::Organization => state.organization,
    };
    let way = [
        (state.request, Step::Request),
        (state.consent, Step::Consent),
        (state.turn, Step::Waiting),
        (state.identity, Step::Identity),
        (organization, Step::Organization),
        (state.fields, Step::Document),
        (state.impression, Step::Impression),
        (state.key, Step::Key),
    ];
    way.into_iter().find(|(progress, _)| *progress == Progress::Open).map_or(Step::Confirm, |(_, step)| step)
}

fn end(state: &CeremonyState) -> Option<Step> {
    match state.envelope {
        EnvelopeStatus::Declined => Some(Step::Declined),
        EnvelopeStatus::Voided => Some(Step::Voided),
        EnvelopeStatus::Expired => Some(Step::Expired),
        EnvelopeStatus::Completing | EnvelopeStatus::Completed => Some(Step::Done),
        EnvelopeStatus::Draft => Some(Step::Waiting),
        EnvelopeStatus::Sent => match state.recipient {
            RecipientStatus::Signed => Some(Step::Done),
            RecipientStatus::Declined => Some(Step::Declined),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(kind: RecipientKind) -> CeremonyState {
        CeremonyState {
            envelope: EnvelopeStatus::Sent,
            kind,
            recipient: RecipientStatus::Opened,
            turn: Progress::Done,
            request: Progress::Open,
            consent: Progress::Open,
            identity: Progress::Open,
            organization: Progress::Open,
            fields: Progress::Open,
            impression: Progress::Open,
            key: Progress::Open,
        }
    }

    #[test]
    fn a_person_goes_the_whole_way() {
        let mut state = fresh(RecipientKind::Person);
        let done = Progress::Done;
        assert_eq!(next_step(&state), Step::Request);
        state.request = done;
        assert_eq!(next_step(&state), Step::Consent);
        state.consent = done;
        assert_eq!(next_step(&state), Step::Identity);
        state.identity = done;
        assert_eq!(next_step(&state), Step::Document);
        state.fields = done;
        assert_eq!(next_step(&state), Step::Impression);
        state.impression = done;
        assert_eq!(next_step(&state), Step::Key);
        state.key = done;
        assert_eq!(next_step(&state), Step::Confirm);
        state.recipient = RecipientStatus::Signed;
        assert_eq!(next_step(&state), Step::Done);
    }

    #[test]
    fn an_organization_is_verified_too() {
        let mut state = CeremonyState {
            request: Progress::Done,
            consent: Progress::Done,
            identity: Progress::Done,
            ..fresh(RecipientKind::Organization)
        };
        assert_eq!(next_step(&state), Step::Organization);
        state.organization = Progress::Done;
        assert_eq!(next_step(&state), Step::Document);
    }

    #[test]
    fn ends_and_turns_come_before_what_was_done() {
        let mut state = fresh(RecipientKind::Person);
        for (status, step) in [
            (EnvelopeStatus::Voided, Step::Voided),
            (EnvelopeStatus::Expired, Step::Expired),
            (EnvelopeStatus::Declined, Step::Declined),
            (EnvelopeStatus::Completed, Step::Done),
        ] {
            state.envelope = status;
            assert_eq!(next_step(&state), step);
        }
        let waiting = CeremonyState {
            turn: Progress::Open,
            request: Progress::Done,
            consent: Progress::Done,
            ..fresh(RecipientKind::Person)
        };
        assert_eq!(next_step(&waiting), Step::Waiting);
    }
}

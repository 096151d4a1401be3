//! Checks that an administrator makes by hand: what is brought for them, what is looked at, and how they end.

mod zone;

use serde::{Deserialize, Serialize};

pub use self::zone::{Zone, ZoneFacts, has_zone};
use crate::number::IdKind;
use crate::policy::Assurance;
use crate::recipient::words;

/// The most characters of a reviewer's note.
pub const NOTE_LIMIT: u32 = 300;
/// How often somebody sends pictures in for one check before it has to be decided.
pub const ROUNDS: u32 = 3;

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Who a person is, from pictures of their ID document.
    Identity,
    /// Whether a person acts for a company, from its signed letter.
    Letter,
}

words!(Kind { Identity = "identity", Letter = "letter" });

/// A picture that is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The document's front, or a passport's data page.
    Front,
    /// Its back.
    Back,
    /// The person, holding it beside the face.
    Selfie,
    /// A letter of authorization.
    Letter,
}

words!(Part { Front = "front", Back = "back", Selfie = "selfie", Letter = "letter" });

/// Whether a picture has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It has to.
    Required,
    /// It may.
    Optional,
}

/// The pictures of a document of this kind, where it has to become as sure as `wanted` who somebody is.
#[must_use]
pub fn parts_of_document(kind: IdKind, wanted: Assurance) -> Vec<(Part, Need)> {
    let selfie = if wanted > ASSURANCE_OF_DOCUMENT { Need::Required } else { Need::Optional };
    let mut parts = vec![(Part::Front, Need::Required)];
    // What names the holder of a passport stands on one page.
    if !matches!(kind, IdKind::Passport | IdKind::PassportCn) {
        parts.push((Part::Back, Need::Required));
    }
    parts.push((Part::Selfie, selfie));
    parts
}

/// How sure it is from a picture of the document alone: it may be anybody's, and no authority was asked.
pub const ASSURANCE_OF_DOCUMENT: Assurance = Assurance::Low;
/// How sure it is where the person held the document beside the face: it was presented, and it is theirs (Implementing
/// Regulation (EU) 2015/1502, annex, 2.1.2, substantial, no. 2). Never more: no authority was asked, nobody saw the person live.
pub const ASSURANCE_OF_PRESENTED_DOCUMENT: Assurance = Assurance::Substantial;

/// What a reviewer looks at. A check is approved once each that applies was ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The document is of the kind that was named.
    Kind,
    /// The name is the one that was typed.
    Name,
    /// The number is the one that was typed.
    Number,
    /// It has not run out.
    Valid,
    /// Nothing in the picture was changed, and it is of the document itself, not of a copy or a screen.
    Genuine,
    /// The person who holds it is the one of its photograph.
    Face,
    /// The letter is by the company that the registry knows: name and code.
    Company,
    /// It names this agent.
    Agent,
    /// It is for what is signed here.
    Scope,
    /// It carries the company's seal, or the signature of its legal representative.
    Seal,
}

words!(Check {
    Kind = "kind",
    Name = "name",
    Number = "number",
    Valid = "valid",
    Genuine = "genuine",
    Face = "face",
    Company = "company",
    Agent = "agent",
    Scope = "scope",
    Seal = "seal"
});

/// What has to be ticked for these pictures.
#[must_use]
pub fn checks(kind: Kind, parts: &[Part]) -> Vec<Check> {
    match kind {
        Kind::Identity => {
            let mut checks = vec![Check::Kind, Check::Name, Check::Number, Check::Valid, Check::Genuine];
            checks.extend(parts.contains(&Part::Selfie).then_some(Check::Face));
            checks
        }
        Kind::Letter => {
            vec![Check::Company, Check::Agent, Check::Scope, Check::Seal, Check::Valid, Check::Genuine]
        }
    }
}

/// Why a reviewer says no, or wants another picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It cannot be read: dark, blurred, glare, cut off.
    Unreadable,
    /// It shows something else than what was asked for.
    WrongPicture,
    /// The name differs.
    NameDiffers,
    /// The number differs.
    NumberDiffers,
    /// It has run out.
    Expired,
    /// It was changed, or shows a copy or a screen.
    Altered,
    /// The face is hidden, or another's.
    FaceDiffers,
    /// The letter is of another company.
    CompanyDiffers,
    /// It names somebody else.
    AgentDiffers,
    /// It is for something else.
    ScopeDiffers,
    /// Neither seal nor signature.
    Unsealed,
    /// As the note says.
    Other,
}

words!(Reason {
    Unreadable = "unreadable",
    WrongPicture = "wrong_picture",
    NameDiffers = "name_differs",
    NumberDiffers = "number_differs",
    Expired = "expired",
    Altered = "altered",
    FaceDiffers = "face_differs",
    CompanyDiffers = "company_differs",
    AgentDiffers = "agent_differs",
    ScopeDiffers = "scope_differs",
    Unsealed = "unsealed",
    Other = "other"
});

impl Reason {
    /// The reasons for this kind of check.
    #[must_use]
    pub fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Identity => &[
                Self::Unreadable,
                Self::WrongPicture,
                Self::NameDiffers,
                Self::NumberDiffers,
                Self::Expired,
                Self::Altered,
                Self::FaceDiffers,
                Self::Other,
            ],
            Kind::Letter => &[
                Self::Unreadable,
                Self::WrongPicture,
                Self::CompanyDiffers,
                Self::AgentDiffers,
                Self::ScopeDiffers,
                Self::Unsealed,
                Self::Expired,
                Self::Altered,
                Self::Other,
            ],
        }
    }

    /// The word under which a refused check keeps it; the user interface says it as `identity_refused_<word>`.
    #[must_use]
    pub fn refused_word(self) -> &'static str {
        match self {
            Self::Unreadable => "review_unreadable",
            Self::WrongPicture => "review_wrong_picture",
            Self::NameDiffers => "review_name_differs",
            Self::NumberDiffers => "review_number_differs",
            Self::Expired => "review_expired",
            Self::Altered => "review_altered",
            Self::FaceDiffers => "review_face_differs",
            Self::CompanyDiffers => "review_company_differs",
            Self::AgentDiffers => "review_agent_differs",
            Self::ScopeDiffers => "review_scope_differs",
            Self::Unsealed => "review_unsealed",
            Self::Other => "review_other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passport_has_one_side_and_a_selfie_is_needed_where_the_document_alone_is_not_enough() {
        let names = |kind, wanted| {
            parts_of_document(kind, wanted)
                .into_iter()
                .map(|(part, need)| (part.as_str(), need == Need::Required))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(IdKind::Passport, Assurance::Low), [("front", true), ("selfie", false)]);
        assert_eq!(
            names(IdKind::TravelPermitTw, Assurance::Substantial),
            [("front", true), ("back", true), ("selfie", true)]
        );
    }

    #[test]
    fn the_face_is_compared_where_there_is_one() {
        assert!(!checks(Kind::Identity, &[Part::Front]).contains(&Check::Face));
        assert!(checks(Kind::Identity, &[Part::Front, Part::Selfie]).contains(&Check::Face));
        assert!(checks(Kind::Letter, &[Part::Letter]).contains(&Check::Seal));
    }

    #[test]
    fn every_reason_has_its_words() {
        for kind in [Kind::Identity, Kind::Letter] {
            for reason in Reason::of(kind) {
                assert_eq!(reason.refused_word(), format!("review_{}", reason.as_str()));
                assert_eq!(Reason::parse(reason.as_str()), Some(*reason));
            }
        }
    }
}

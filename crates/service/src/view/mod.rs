//! The JSON shapes of the API. `server` sends them as they are; the TypeScript client is generated from them.
//!
//! Ids are strings with a prefix, times RFC 3339 in UTC. What a caller must not see is not in the shape: a view never
//! holds a secret, an ID number or a whole phone number; but for [`ReviewTyped`], which is for the administrator who compares it.

mod account;
mod activation;
mod agent;
mod ceremony;
mod certificate;
mod directory;
mod envelope;
mod event;
mod identity;
mod key;
mod organization;
mod outbox;
mod policy;
mod review;
mod sandbox;
mod time;
mod transfer;
mod verification;
mod words;

pub use account::{Account, RevocationList, Server, ServerLimits};
pub use activation::{Activation, ActivationPasskey, WillAsked, WillOffered, WillState};
pub use agent::{MyOrganization, MyOrganizations, OrganizationAgent, OrganizationAgents};
pub use ceremony::{
    Ceremony, CeremonyDocument, CeremonyEnvelope, CeremonyRecipient, CeremonySender, CertificateView,
    Consent, ConsentParagraphs, DeclineView, Impression, ImpressionKind, ImpressionPreview, Mark,
    SigningResult,
};
pub use certificate::{
    CaOverview, CaView, CertificateDetail, CertificateStatus, IssuedCertificate, IssuedCertificates,
    ListView, MyCertificates, RevocationReason, StatusAction, StatusRequestView, StatusRequests,
};
pub use directory::{
    AccountOrganization, AccountOrganizations, CeremonyStaff, Directory, OrganizationAdministrator,
    OrganizationPeople, OrganizationRole, StaffProof, StaffResult, StaffStatement,
};
pub use envelope::{
    Certificate, Counts, Decline, Document, Envelope, EnvelopePage, EnvelopeSummary, Field, PageSize,
    Recipient, RecipientSummary, Revision, Sender, Verified,
};
pub use event::{Chain, Event, EventActor, EventActorKind, EventPage};
pub use identity::{
    DataConsents, Erasure, GivenConsent, IdentityPage, IdentityState, IdentityView, LinkedPerson, MyIdentity,
    OfferedMethod, PassedCheck,
};
pub use key::{CeremonyKey, DeviceOptions, HeldKey, KeyList, KeyState, PasskeyOptions};
pub use organization::{AuthorizationView, OrganizationState, OrganizationView, OrganizationWayView};
pub use outbox::{OutboxChannel, OutboxLink, OutboxMessage, OutboxPage};
pub use policy::{Policy, PolicyAuthor, PolicyList, PolicyOrganization};
pub use review::{
    LetterSigner, LetterSignsAs, LetterVerdict, PendingPart, PendingReview, ReviewCase, ReviewImage,
    ReviewItem, ReviewList, ReviewState, ReviewTyped, ReviewZone,
};
pub use sandbox::{
    SandboxBank, SandboxFace, SandboxOrganization, SandboxPerson, SandboxRegister, SandboxTransfer,
};
pub use time::Time;
pub use transfer::{Transfer, TransferDetail, Transfers};
pub use verification::{
    Reliability, ReliabilityReasons, Summary, Verification, VerificationReason, VerificationSubject,
    VerificationTimeStamp, VerifiedChange, VerifiedPolicy, VerifiedRule, VerifiedSignature,
};
pub use words::{
    DataPurpose, EnvelopeStatus, FieldType, IdKind, IdentityMethod, OpensIn, Order, RecipientKind,
    RecipientStatus, ReviewCheck, ReviewKind, ReviewPart, ReviewReason, RevisionKind, Step,
};

pub use crate::config::Trust;

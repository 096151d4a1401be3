//! Use cases, the signing ceremony, adapters and jobs.
//!
//! [`Service`] is the product without a user interface: `server` speaks HTTP for it, `cli` runs it headless. A use case
//! is a function named by a verb ([`envelope::send`]) that takes the service, who acts, and what they gave; it answers
//! with a [`view`] or an [`Error`]. One use case is one transaction of `store`, which holds its events and jobs too.

pub mod account;
pub mod authority;
pub mod ceremony;
mod config;
pub mod control;
mod core;
pub mod demo;
pub mod directory;
mod edge;
pub mod envelope;
mod error;
pub mod identity;
pub mod jobs;
mod limiter;
pub mod master_keys;
pub mod notify;
pub mod organization;
pub mod policy;
mod proof;
pub mod reporting;
pub mod review;
pub mod sandbox;
mod secret;
pub mod token;
pub mod verify;
pub mod view;

pub use crate::config::{
    CertificateTerm, Config, Limits, OutboxUse, PasswordCost, RateLimits, ReviewUse, SandboxUse, Trust,
};
pub use crate::core::{Foundation, Service, ready, server, take_data_folder};
pub use crate::edge::{SystemClock, SystemRng};
pub use crate::envelope::Download;
pub use crate::error::{Error, StartError};
pub use crate::limiter::{Limiter, Rate};
pub use crate::secret::Secret;
pub use domain::policy::Custody;
pub use domain::{
    AccountId, ActivationId, AgentId, CertificateId, ChallengeId, Clock, DocumentId, Draw, EnvelopeId,
    ImpressionId, KeyId, Locale, OrganizationId, Param, PaymentId, RecipientId, Refusal, ReviewId,
    ReviewImageId, Rng, StaffProofId, StatusRequestId, TransferId,
};
pub use pdf::Source;

//! PAdES signatures: prepare, sign, extend, validate (ETSI EN 319 142-1, EN 319 102-1).
//!
//! # Signing
//! A signature is made in steps whose states can be stored and resumed, because the key is often elsewhere and the
//! signer takes time: [`prepare`] → [`Prepared`] → [`ToBeSigned`] → [`Signed`] → the bytes to append to the file. No
//! step copies the file; one pass of hashing over it is what a signature costs. [`place_fields`] lays the fields out
//! beforehand, [`append_dss`] adds the validation material afterwards.
//!
//! The paved path goes all the way to a level: [`sign_to`] with a key at hand, [`finish_to`] with a value made elsewhere,
//! [`extend_to`] for signatures that are there already, ours or another's ([`extend_fields_to`] for some of them). What
//! they need from outside they ask of [`Sources`].
//!
//! # Validating
//! [`validate()`] judges every signature of a document and what came after each, and answers with a [`Report`].
//!
//! The crate reads no clock and opens no connection: times and revocation material are inputs.
#![cfg_attr(not(test), warn(clippy::as_conversions, clippy::indexing_slicing, clippy::unwrap_used))]

mod diff;
mod dss;
mod error;
mod extend;
mod fields;
mod form_edit;
mod pdfa;
mod report;
mod revisions;
mod sign;
mod sources;
mod structure;
mod validate;

pub use self::dss::{Dss, Vri, append_dss, append_dss_with};
pub use self::error::{PrepareError, SignError};
pub use self::extend::{
    LevelError, extend_fields_to, extend_to, finish_to, prepare_for, sign_to, time_stamp_document,
};
pub use self::fields::{FieldKind, FieldSpec, place_fields};
pub use self::report::{
    ChainCertificate, Change, ChangesAfter, Code, Condition, Coverage, Indication, Kind, Lang, Level,
    PolicyReport, PolicySource, PolicyVerdict, Reason, Reliability, ReliabilityReasons, Report,
    RevocationReport, RevocationSource, Rule, RuleReport, SignatureReport, StampKind, StampReport,
    SubIndication, Subject, TimeStamp, Validation,
};
pub use self::revisions::{RevisionSignature, RevisionSummary, revisions};
pub use self::sign::{
    CertificateWish, Fill, Mark, Place, Prepared, SeedValue, Signed, SigningRequest, ToBeSigned, Wish,
    may_sign, prepare, reserve_for,
};
pub use self::sources::{
    Credential, GatherBudget, RevocationData, SourceError, Sources, TimeStampSource, ValidationSource,
};
pub use self::validate::{
    AlgorithmConstraints, Freshness, KeyLimit, Policy, PolicyDocument, PolicyRule, RevocationRule,
    ServiceKind, StatusPeriod, TimeDemand, TrustService, TrustedList, TrustedListError, examine, validate,
};

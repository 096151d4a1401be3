//! What can go wrong while preparing and making a signature. Verdicts on signatures are no errors: see `report`.

use thiserror::Error;

/// Why a document cannot be prepared.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PrepareError {
    /// The document is certified against every change (`DocMDP` 1).
    #[error("the document is certified against any change")]
    CertifiedAgainstChanges,
    /// The document carries a signature: only signature fields may still be added.
    #[error("the document is already signed, so field “{field}” can no longer be added or changed")]
    FieldsLocked {
        /// The field that was asked for.
        field: String,
    },
    /// The document is certified for forms to be filled in or commented: a field that shows changes what was certified.
    #[error(
        "the document is certified, so no new field that shows, as “{field}”, may come: sign a field that is there, or \
         without a place"
    )]
    CertifiedAgainstFields {
        /// The field that was asked for.
        field: String,
    },
    /// A signature locks that field (`FieldMDP`).
    #[error("a signature locks field “{field}”")]
    FieldLocked {
        /// The locked field.
        field: String,
    },
    /// The document is signed already, so it cannot be certified.
    #[error("a certification must be the first signature of a document")]
    CertificationNotFirst,
    /// No field of that name.
    #[error("the document has no field “{field}”")]
    NoSuchField {
        /// The name asked for.
        field: String,
    },
    /// The field is of another kind.
    #[error("field “{field}” is not a {expected} field")]
    WrongFieldKind {
        /// The field.
        field: String,
        /// What was expected of it.
        expected: &'static str,
    },
    /// The field is signed already.
    #[error("field “{field}” is already signed")]
    AlreadySigned {
        /// The field.
        field: String,
    },
    /// A field of that name exists already.
    #[error("the document already has a field “{field}”")]
    FieldExists {
        /// The name.
        field: String,
    },
    /// A field name that PDF does not allow: empty or with a period.
    #[error("“{field}” cannot be a field name")]
    BadFieldName {
        /// The name.
        field: String,
    },
    /// The document has fewer pages.
    #[error("the document has no page {page}")]
    NoSuchPage {
        /// The page asked for, counted from 0.
        page: usize,
    },
    /// A rectangle without area or beyond any page.
    #[error("the rectangle of field “{field}” is not usable")]
    BadRectangle {
        /// The field.
        field: String,
    },
    /// The document’s pages are made from a dynamic XFA form: what a signer sees is not what would be signed.
    #[error("the document is a dynamic XFA form, whose pages are not in the file; print it to a PDF first")]
    Xfa,
    /// The field's seed value asks for something that the request is not (ISO 32000-2 §12.7.5.5).
    #[error("field “{field}” asks of its signer: {what}")]
    SeedValue {
        /// The field.
        field: String,
        /// What it asks for.
        what: String,
    },
    /// The field's own lock names other fields than the request.
    #[error("field “{field}” has a lock of its own, which is not the one asked for")]
    OtherLock {
        /// The field.
        field: String,
    },
    /// The field has a lock that cannot be read, so that nobody can tell what signing it would lock.
    #[error("field “{field}” has a lock that cannot be read")]
    UnreadableLock {
        /// The field.
        field: String,
    },
    /// An earlier signature locks the whole document (`/Lock` with `/P` 1).
    #[error("a signature locks the document against any change")]
    LockedAgainstChanges,
    /// By the rules of validation an earlier signature would not be valid any more.
    #[error(
        "this would break the signature in field “{field}”: {why} \
         Put the signature where the page is blank, or make one that does not show"
    )]
    BreaksSignature {
        /// The field of the earlier signature.
        field: String,
        /// What it does not permit, in English.
        why: String,
    },
    /// Whether an earlier signature would stay valid cannot be told.
    #[error("whether the signature in field “{field}” would stay valid cannot be told: {why}")]
    NotJudged {
        /// The field of the earlier signature.
        field: String,
        /// What stands in the way, in English.
        why: String,
    },
    /// Two programs could show different documents from the file: validation fails every signature over it.
    #[error(
        "no signature over this file would pass, for programs could show different documents from it: {why} Have it \
         written anew by the program that made it, or by qpdf"
    )]
    Ambiguous {
        /// By what they differ, in English.
        why: String,
    },
    /// The author of an encrypted file does not permit it to whoever opened it (ISO 32000-2 table 22).
    #[error("the author of the file does not permit {what}: open it with the owner's password")]
    NotPermitted {
        /// What.
        what: &'static str,
    },
    /// A signature policy that cannot be written.
    #[error("the signature policy is not usable: {what}")]
    Policy {
        /// Why.
        what: &'static str,
    },
    /// A hash function that signatures are not made with.
    #[error("signatures are made with SHA-256, SHA-384 or SHA-512, not with {algorithm:?}")]
    Digest {
        /// The one asked for.
        algorithm: pki::DigestAlgorithm,
    },
    /// The document cannot be read where it must be.
    #[error("the document cannot be read: {0}")]
    Read(#[from] pdf::ReadError),
    /// The document's structure does not allow the update.
    #[error("the document's structure does not allow it: {what}")]
    Structure {
        /// What is wrong.
        what: String,
    },
    /// The update cannot be written.
    #[error("the update cannot be written: {0}")]
    Write(#[from] pdf::UpdateError),
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Why a prepared signature cannot be completed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignError {
    /// The signature does not fit into the space that was reserved for it.
    #[error("the signature needs {needed} bytes, but only {reserved} were reserved")]
    ReserveTooSmall {
        /// Bytes of the CMS signature.
        needed: usize,
        /// Bytes reserved at preparation.
        reserved: usize,
    },
    /// The value does not verify under the certificate's key over what was to be signed.
    #[error("the signature value does not verify under the certificate's key")]
    ValueDoesNotVerify,
    /// The certificate cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
    /// The field's seed value asks for something that the signature is not (ISO 32000-2 §12.7.5.5).
    #[error("field “{field}” asks of its signer: {what}")]
    SeedValue {
        /// The field.
        field: String,
        /// What it asks for.
        what: String,
    },
    /// The field's seed value asks for a time-stamp in the signature.
    #[error(
        "field “{field}” asks of its signer: a time-stamp{}",
        .url.as_ref().map(|url| format!(" of {url}")).unwrap_or_default()
    )]
    TimeStampWanted {
        /// The field.
        field: String,
        /// The authority that it names.
        url: Option<String>,
    },
    /// The CMS structure cannot be built.
    #[error("the CMS signature cannot be built: {0}")]
    Cms(String),
    /// The time-stamp does not cover this signature.
    #[error("the time-stamp does not fit the signature: {0}")]
    TimeStamp(String),
    /// A stored state that does not fit together.
    #[error("the stored signing state is damaged: {0}")]
    State(&'static str),
}

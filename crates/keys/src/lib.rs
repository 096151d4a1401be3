//! Signing keys under the sole control of their signer, and the other secrets of a server.
//!
//! * [`KeyStore`], [`SealedKeyStore`]: private keys that open only with their signer's own factor. There is no
//!   other way to open one: no administrator path, no recovery. See [`SealedKeyStore`] for the exact construction
//!   and for what it resists.
//! * [`pkcs11::TokenKeyStore`], [`pkcs11::TokenPool`]: keys in a token, which the server has it use after an activation. The server's
//!   code holds to that, and whoever has the token's PIN need not: `docs/sole-control.md` says what each way proves.
//! * [`Activation`]: what a signer agreed to, built once, given up ([`Spent`]) and consumed by the signature it allows.
//! * [`Unlocked`]: a key that its signer opened; the one function that signs takes a spent activation.
//! * [`ActivationRecord`]: what of an activation anyone can check, for ever and offline.
//! * [`Pin`], [`Attempts`]: rules for PINs, and the lock after wrong ones.
//! * [`passkey`]: WebAuthn, whose assertion over an activation is evidence for ever.
//! * [`file`]: keys from PEM, PKCS#8, PKCS#12. [`pkcs11`]: keys on tokens. Both sign as [`pki::Signer`]s.
//! * [`ServerKey`]: the one master secret; sub-keys by purpose, look-up indexes.
//! * [`field`]: encryption of single columns. [`token`]: secrets of links and sessions.
//!
//! The crate has no clock and no random source of its own, but for key generation and ECDSA nonces, which
//! aws-lc-rs draws itself.

pub mod field;
pub mod file;
pub mod passkey;
pub mod pkcs11;
pub mod token;

mod activation;
mod attempts;
mod pin;
mod record;
mod sealed;
mod server_key;
mod store;

pub use activation::{
    Activation, Confirmation, Intent, SeenRevision, SentDocument, Spent, StatedConfirmation, StatedDocument,
    StatedRevision, Statement,
};
pub use attempts::{Attempts, Standing};
pub use pin::{Pin, PinError};
pub use record::{ActivationRecord, Control, PasskeyRecord, RecordError, SignedContent};
pub use sealed::{Sealed, SealedByPasskey, SealedKeyStore, SealingCost};
pub use server_key::{MasterKeyId, ServerKey, SubKey};
pub use store::{
    Factor, KeyError, KeyOwner, KeyStore, PasskeyFactor, Protection, SignatureValue, StoredKey, Unlocked,
};

//! Signing keys under the sole control of their signer.

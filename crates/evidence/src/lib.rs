//! Canonical events and their hash chain.

//! Canonical events and their hash chain.
//!
//! # The encoding, byte by byte (version 1)
//!
//! An event is one JSON object in the canonical form of RFC 8785 (JCS), restricted so that no number formatting is left
//! to interpretation: there are no floats and no nulls, and integers lie within ±(2⁵³ − 1). Its members, in the order
//! that JCS gives them:
//!
//! | member | value |
//! |---|---|
//! | `actor` | object: `id` (string, left out for the system) and `kind` (`account`, `recipient` or `system`) |
//! | `at` | string: UTC time with exactly six decimals, `2026-11-23T04:05:06.789012Z` |
//! | `body` | object of strings, integers, booleans, and arrays and objects of those |
//! | `kind` | string, e.g. `envelope.sent` |
//! | `seq` | integer: 1 for the first event of the log, one more for each that follows |
//! | `subject` | string: the id of what the event is about; left out where there is none |
//! | `v` | integer: 1 |
//!
//! The encoding is UTF-8 without white space; members are sorted by the UTF-16 code units of their names (RFC 8785
//! §3.2.3); strings escape `"`, `\`, and the control characters below U+0020 alone (`\b \t \n \f \r`, else `\u00xx` in
//! lower case, §3.2.2.2).
//!
//! # The chain
//!
//! `hash = SHA-256(0x00 ‖ prev_hash ‖ canonical)`, where `prev_hash` is the hash of the event before, and 32 zero bytes
//! for the first. The leading zero byte keeps these hashes apart from the nodes of a later Merkle tree (RFC 9162 §2.1.1).
//!
//! Personal data has no place in an event: it names ids and digests.

mod canonical;
mod chain;
mod event;

pub use canonical::Value;
pub use chain::{ChainError, GENESIS, Link, hash, verify_chain};
pub use event::{Actor, Body, Event, EventError};

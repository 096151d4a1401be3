//! The use cases against a real database, real keys and real PDFs.

mod account;
mod authenticator;
mod authority;
mod cas;
mod certificates;
mod completion;
mod console;
mod control;
mod core;
mod crash;
mod directory;
mod documents;
mod drafts;
mod faces;
mod identities;
mod killed;
mod odd_documents;
mod operator;
mod parallel;
mod pin;
mod privacy;
mod refusals;
mod sending;
mod signers;
mod support;
mod whole_way;

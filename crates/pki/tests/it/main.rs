//! pki judged from outside: by OpenSSL, by NIST's, OpenSSL's and Project Wycheproof's test suites, and by hostile input.
#![expect(clippy::unwrap_used, reason = "a panic is how a test says no")]

mod algorithms;
mod authority;
mod cades;
mod cms;
mod corpora;
mod crls;
mod forgeries;
mod hostile;
mod ocsp;
mod path;
mod profiles;
mod tsa;
mod vectors;
mod world;

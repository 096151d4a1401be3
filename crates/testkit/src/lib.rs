//! Fixed clock, seeded randomness and sample documents for tests.

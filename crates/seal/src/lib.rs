//! Signature and seal impressions as vectors.

//! PAdES signatures: prepare, sign, extend, validate (EN 319 142, EN 319 102-1).

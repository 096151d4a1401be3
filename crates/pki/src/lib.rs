//! X.509, CMS, CRL, OCSP and time-stamp protocol, both sides.

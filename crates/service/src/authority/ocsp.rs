//! OCSP answers of the embedded authority, RFC 6960: from the issuance records, never from a cache, nonce echoed.

use std::collections::HashMap;

use jiff::SignedDuration;
use pki::{
    Certificate,
    ocsp::{self, Status},
};

use super::{AuthorityError, EmbeddedAuthority, hierarchy::whole_second};

/// How long an answer holds. Longer than a day would let a revocation go unseen; shorter would make the proof in signed
/// documents stale before they are first opened.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
const MOST_BYTES: usize = 16 * 1024;
const MOST_CERTIFICATES: usize = 16;

impl EmbeddedAuthority {
    /// Answers a DER OCSPRequest with a DER OCSPResponse.
    ///
    /// # Errors
    /// Where the records cannot be read or the key fails; a bad request is answered, in the protocol's own words.
    pub async fn ocsp(&self, request: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        if request.len() > MOST_BYTES {
            return Ok(ocsp::failure(ocsp::Failure::MalformedRequest));
        }
        let Ok(request) = ocsp::Request::from_der(request) else {
            return Ok(ocsp::failure(ocsp::Failure::MalformedRequest));
        };
        if request.certificates().is_empty() || request.certificates().len() > MOST_CERTIFICATES {
            return Ok(ocsp::failure(ocsp::Failure::MalformedRequest));
        }
        self.respond(&request).await
    }

    /// The status of one certificate now, for the DSS.
    pub(crate) async fn ocsp_for(&self, certificate: &Certificate) -> Result<Vec<u8>, AuthorityError> {
        let keys = self.keys();
        self.respond(&ocsp::Request::new(certificate, &keys.issuing.certificate, None)).await
    }

    async fn respond(&self, request: &ocsp::Request) -> Result<Vec<u8>, AuthorityError> {
        let keys = self.keys();
        let mut known: HashMap<String, Status> = HashMap::new();
        for certificate in request.certificates() {
            if certificate.names_issuer(&keys.issuing.certificate) {
                let serial = certificate.serial().to_hex();
                let status = self.status(&serial).await?;
                known.insert(serial, status);
            }
        }
        let now = whole_second(self.clock().now());
        let responder =
            ocsp::Responder { certificate: keys.ocsp.clone(), issuer: keys.issuing.certificate.clone() };
        let mut status =
            |serial: &pki::Serial| known.get(&serial.to_hex()).copied().unwrap_or(Status::Unknown);
        Ok(ocsp::respond(&responder, request, now, now + LIFETIME, &mut status, &keys.ocsp_signer)?)
    }
}

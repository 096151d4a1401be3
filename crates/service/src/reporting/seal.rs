//! The platform's own seal on a report: PAdES-B-LTA, over the same path as a recipient's signature.

use std::sync::Arc;

use pades::{Credential, Place, SigningRequest};
use pdf::{DocMdp, Joined, Source, read_range};

use crate::core::Service;
use crate::error::Error;
use crate::proof;

const FIELD: &str = "VermilionPlatform";
const REASON: &str = "The platform certifies what its records say. 平台证明其记录所载内容。";

/// Seals a typeset report. Blocking.
pub(super) fn seal(service: &Service, typeset: Vec<u8>) -> Result<Arc<dyn Source>, Error> {
    let base: Arc<dyn Source> = Arc::new(typeset);
    let document = proof::open(service, Arc::clone(&base))?;
    let seal = service.authority().platform();
    let (certificate, signer) = (&seal.pair.certificate, &*seal.pair.signer);
    let mut request = SigningRequest::new(FIELD, service.now());
    request.place = Some(Place::invisible());
    request.signer_name = Some(certificate.common_name());
    request.reason = Some(REASON.to_owned());
    request.certify = Some(DocMdp::NoChanges);
    let credential = Credential { signer, certificate, chain: &seal.chain };
    let tail: Arc<dyn Source> = Arc::new(proof::sign(service, &document, &request, credential)?.tail);
    let whole = Joined::new(base, [tail]);
    Ok(Arc::new(read_range(&whole, 0..whole.len())?))
}

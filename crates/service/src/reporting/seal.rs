//! The platform's own seal on a report: PAdES-B-LT, by the same steps as a recipient's signature.

use std::sync::Arc;

use pades::{Place, SigningRequest};
use pdf::{DocMdp, Joined, Source};
use pki::{Certificate, Signer as _};

use crate::ceremony::{TimedSignature, complete, material, open_document, time_stamp};
use crate::core::Service;
use crate::error::Error;

const FIELD: &str = "VermilionPlatform";
const REASON: &str = "The platform certifies what its records say. 平台证明其记录所载内容。";

/// Seals a typeset report.
pub(super) async fn seal(service: &Service, typeset: Vec<u8>) -> Result<Arc<dyn Source>, Error> {
    let at = service.now();
    let base: Arc<dyn Source> = Arc::new(typeset);
    let signed = {
        let (service, base) = (service.clone(), Arc::clone(&base));
        let sign = move || -> Result<pades::Signed, Error> {
            let (certificate, signer) = service.authority().platform();
            let document = open_document(&service, base)?;
            let mut request = SigningRequest::new(FIELD, at);
            request.place = Some(Place::invisible());
            request.signer_name = Some(certificate.common_name());
            request.reason = Some(REASON.to_owned());
            request.certify = Some(DocMdp::NoChanges);
            let chain: Vec<Certificate> = vec![service.authority().issuing().clone()];
            request.reserve = pades::reserve_for(certificate, &chain, None);
            let prepared = pades::prepare(&document, &request).map_err(Error::internal)?;
            let to_be_signed = prepared
                .to_be_signed(certificate.clone(), chain, signer.algorithm())
                .map_err(Error::internal)?;
            let value = signer.sign(to_be_signed.bytes()).map_err(Error::internal)?;
            to_be_signed.signed(value).map_err(Error::internal)
        };
        tokio::task::spawn_blocking(sign).await??
    };
    let TimedSignature { tail, time } = time_stamp(service.authority(), service.rng(), signed).await?;
    let dss = material(service.authority(), service.authority().platform().0, &time.authority).await?;
    let service = service.clone();
    let finish = move || -> Result<Vec<u8>, Error> {
        let tail: Arc<dyn Source> = Arc::new(tail);
        let signed: Arc<dyn Source> = Arc::new(Joined::new(base, [tail]));
        let last = complete(&service, Arc::clone(&signed), &dss, FIELD, service.now())?;
        let mut whole = pdf::read_range(&*signed, 0..signed.len())?;
        whole.extend(last);
        Ok(whole)
    };
    Ok(Arc::new(tokio::task::spawn_blocking(finish).await??))
}

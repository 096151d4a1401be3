//! Making a signature. All of it blocks.

use std::sync::Arc;

use keys::{Activation, KeyError};
use pades::ToBeSigned;
use pdf::Document as Pdf;
use pki::Certificate;

use super::record::Made;
use super::{By, Work, signature_algorithm};
use crate::core::Service;
use crate::error::Error;
use crate::proof;

/// A revision that lacks nothing but the signature value, and the activation that allows to make it.
pub(super) struct Ready {
    document: Pdf,
    to_be_signed: ToBeSigned,
    pub(super) activation: Activation,
}

/// Why there is no signature.
pub(super) enum Making {
    WrongFactor,
    Failed(Error),
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Making {
    fn from(error: E) -> Self {
        Self::Failed(Error::internal(error))
    }
}

/// Prepares the revision on the newest one. The same work gives the same bytes.
pub(super) fn ready(service: &Service, work: &Work) -> Result<Ready, Error> {
    let document = proof::open(service, Arc::clone(&work.base))?;
    let chain: Vec<Certificate> = service.certificates().intermediates(&work.certificate);
    pades::may_sign(&work.certificate, work.intent.at).map_err(Error::internal)?;
    let mut request = work.request.clone();
    request.reserve = pades::reserve_for(&work.certificate, &chain, None);
    let prepared = pades::prepare(&document, &request).map_err(Error::internal)?;
    let mut intent = work.intent.clone();
    intent.content.clone_from(&prepared.digest);
    let algorithm = signature_algorithm(&work.key);
    let to_be_signed =
        prepared.to_be_signed(work.certificate.clone(), chain, algorithm).map_err(Error::internal)?;
    Ok(Ready { document, to_be_signed, activation: Activation::new(intent, &work.certificate) })
}

impl Ready {
    /// What the key signs.
    pub(super) fn to_be_signed(&self) -> &[u8] {
        self.to_be_signed.bytes()
    }
}

/// Signs with the key that is opened, or takes the value that the signer's device made, and proves the signature.
pub(super) fn make(service: &Service, by: &By, work: &Work, ready: Ready) -> Result<Made, Making> {
    let Ready { document, to_be_signed, activation } = ready;
    let digest = activation.digest();
    let factor = match by {
        By::Pin(factor) => Ok(factor),
        By::Passkey(it) => Ok(&it.factor),
        By::Device(value) => Err(value.clone()),
    };
    let value = match factor {
        Ok(factor) => match service.key_store().sign(&work.key, factor, activation, to_be_signed.bytes()) {
            Ok(value) => value.bytes,
            Err(KeyError::WrongFactor) => return Err(Making::WrongFactor),
            Err(error) => return Err(error.into()),
        },
        // The activation was spent for it all the same.
        Err(value) => value,
    };
    let signed = to_be_signed.signed(value)?;
    let end = signed.prepared().end();
    let proved = proof::finish(service, &document, signed).map_err(Making::Failed)?;
    let mut signature = proved.tail;
    let validation = signature.split_off(usize::try_from(end - document.len())?.min(signature.len()));
    let hashed = proof::hashed(&*work.base).map_err(Making::Failed)?.then(&signature);
    Ok(Made {
        signed_sha256: hashed.clone().finalize(),
        whole_sha256: hashed.then(&validation).finalize(),
        signed_len: end,
        whole_len: end + u64::try_from(validation.len())?,
        signature: Arc::new(signature),
        validation: Arc::new(validation),
        time: proved.time,
        activation: digest,
    })
}

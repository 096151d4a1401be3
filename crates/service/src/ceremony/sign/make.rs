//! Making a signature. All of it blocks.

use std::sync::Arc;

use domain::Refusal;
use keys::{Activation, KeyError, Protection, Unlocked};
use pades::ToBeSigned;
use pdf::Document as Pdf;
use pki::Certificate;

use super::record::Made;
use super::{Allowed, By, Opening, Work, signature_algorithm};
use crate::core::Service;
use crate::error::Error;
use crate::proof;

/// When to try again where the token did not answer, in seconds.
const AFTER_AWAY: u64 = 30;

/// A revision that lacks nothing but the signature value, and the activation that allows to make it.
pub(super) struct Ready {
    pub(super) prepared: Prepared,
    pub(super) activation: Activation,
}

/// A revision that lacks nothing but the signature value.
pub(super) struct Prepared {
    document: Pdf,
    to_be_signed: ToBeSigned,
}

/// What gives the signature value.
pub(super) enum Opened {
    /// A key that its signer's factor opened.
    Key(Unlocked),
    /// The signer's device has given it.
    Value(Vec<u8>),
}

/// Why there is no signature.
pub(super) enum Making {
    WrongFactor,
    /// The device's value is no signature over what was offered.
    WrongValue,
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
    let activation = Activation::new(intent, &work.certificate);
    Ok(Ready { prepared: Prepared { document, to_be_signed }, activation })
}

impl Ready {
    /// What the key signs.
    pub(super) fn to_be_signed(&self) -> &[u8] {
        self.prepared.to_be_signed.bytes()
    }
}

/// Prepares the revision, and opens the key with what the signer brought.
pub(super) fn open(service: &Service, opening: &Opening, work: &Work) -> Result<(Ready, Opened), Making> {
    let ready = ready(service, work).map_err(Making::Failed)?;
    // What would be signed now is not what the signer agreed to: another signer was faster, or a field changed.
    if opening.offered.as_ref().is_some_and(|it| it.digest != ready.activation.digest()) {
        return Err(Making::Failed(Refusal::DocumentChanged.into()));
    }
    let factor = match &opening.by {
        By::Pin(factor) => factor,
        By::Passkey(it) => &it.factor,
        By::Device(value) => return given(ready, work, value),
    };
    match service.unlock(&work.key, factor, &ready.activation) {
        Ok(key) => Ok((ready, Opened::Key(key))),
        Err(KeyError::WrongFactor) => Err(Making::WrongFactor),
        Err(KeyError::Away(why)) => Err(Making::Failed(away(&why))),
        Err(error @ (KeyError::Failed(_) | KeyError::Damaged(_))) if in_module(work) => {
            Err(Making::Failed(refused(&error)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The signature value that the signer's device made, where it is one over what was offered: a wrong one spends nothing.
fn given(ready: Ready, work: &Work, value: &[u8]) -> Result<(Ready, Opened), Making> {
    let public_key = work.certificate.public_key_der();
    match pki::verify(public_key, signature_algorithm(&work.key), ready.to_be_signed(), value) {
        Ok(()) => Ok((ready, Opened::Value(value.to_vec()))),
        Err(_) => Err(Making::WrongValue),
    }
}

/// The token with the key does not answer: the signer may try again, and the cause is for the log.
pub(in crate::ceremony) fn away(why: &str) -> Error {
    tracing::warn!(why, "the hardware module does not answer");
    Refusal::TokenAway { retry_after: AFTER_AWAY }.into()
}

fn in_module(work: &Work) -> bool {
    matches!(work.key.protection, Protection::Pkcs11(_))
}

/// The module does not do what it is asked, and will not by itself: the cause is for the log.
pub(in crate::ceremony) fn refused(error: &KeyError) -> Error {
    tracing::error!(%error, "the hardware module refuses");
    Refusal::TokenRefused.into()
}

/// Signs with the key that is open, or takes the value that the signer's device made, and proves the signature.
pub(super) fn make(
    service: &Service,
    work: &Work,
    Allowed { prepared, opened, spent }: Allowed,
) -> Result<Made, Error> {
    let Prepared { document, to_be_signed } = prepared;
    let digest = spent.digest();
    let value = match opened {
        Opened::Key(key) => match key.sign(spent, to_be_signed.bytes()) {
            Ok(value) => value.bytes,
            Err(KeyError::Away(why)) => return Err(away(&why)),
            Err(error) if in_module(work) => return Err(refused(&error)),
            Err(error) => return Err(Error::internal(error)),
        },
        // The activation was spent for it all the same.
        Opened::Value(value) => value,
    };
    let signed = to_be_signed.signed(value).map_err(Error::internal)?;
    let end = signed.prepared().end();
    let proved = proof::finish(service, &document, signed)?;
    let mut signature = proved.tail;
    let begins = usize::try_from(end - document.len()).map_err(Error::internal)?;
    let validation = signature.split_off(begins.min(signature.len()));
    let hashed = proof::hashed(&*work.base)?.then(&signature);
    Ok(Made {
        signed_sha256: hashed.clone().finalize(),
        whole_sha256: hashed.then(&validation).finalize(),
        signed_len: end,
        whole_len: end + u64::try_from(validation.len()).map_err(Error::internal)?,
        signature: Arc::new(signature),
        validation: Arc::new(validation),
        time: proved.time,
        activation: digest,
    })
}

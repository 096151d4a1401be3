//! The activation records of an envelope, for anyone who holds the signed document.

use domain::envelope::Contents;
use keys::{ActivationRecord, PasskeyRecord, Statement};
use pades::{Report, SignatureReport};
use store::{Reader, StoredActivation};

use super::{Scene, Signer, scene::custody_of};
use crate::account::Actor;
use crate::control::ControlProof;
use crate::core::Service;
use crate::error::Error;
use crate::policy;

/// The records of an envelope's signatures, for its sender.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn proof_for_sender(
    service: &Service,
    actor: &Actor,
    id: domain::EnvelopeId,
) -> Result<Vec<u8>, Error> {
    let mut reader = service.store().read().await?;
    let contents = reader.contents(id).await?.ok_or(Error::NotFound)?;
    if contents.envelope.account_id != actor.id() {
        return Err(Error::NotFound);
    }
    proof(&mut reader, &contents).await
}

/// The records of an envelope's signatures, for one of its recipients: certificates and passkeys of everyone who has signed
/// are for those who may read the document.
///
/// # Errors
/// [`domain::Refusal::StepNotReady`] before consent, [`Error::NotFound`].
pub async fn proof_for_signer(service: &Service, signer: &Signer) -> Result<Vec<u8>, Error> {
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, service.now()).await?;
    scene.may_read()?;
    proof(&mut reader, &scene.contents).await
}

/// The records of the signatures in a file, as far as they were made here.
pub(crate) async fn records_of(reader: &mut Reader, report: &Report) -> Result<Vec<ActivationRecord>, Error> {
    let mut records = Vec::new();
    let named = |it: &SignatureReport| Some((it.serial.clone()?, it.content_digest.clone()?));
    for (serial, content) in report.signatures.iter().filter_map(named) {
        for activation in reader.activations_under(&serial, &content).await? {
            records.extend(shown(reader, activation).await?);
        }
    }
    Ok(records)
}

async fn proof(reader: &mut Reader, contents: &Contents) -> Result<Vec<u8>, Error> {
    let mut used = Vec::new();
    for recipient in &contents.recipients {
        used.extend(reader.used_activations(recipient.id).await?);
    }
    used.sort_by_key(|it| it.spent_at);
    let mut records = Vec::new();
    for activation in used {
        records.extend(shown(reader, activation).await?);
    }
    Ok(ControlProof::new(records).to_json())
}

/// The record with the signing policy that the activation names. Activations of the first form, before signing policies,
/// name nothing that a record could show.
async fn shown(reader: &mut Reader, activation: StoredActivation) -> Result<Option<ActivationRecord>, Error> {
    let Some(statement) = Statement::from_canonical(activation.canonical.as_bytes()) else { return Ok(None) };
    let mut digest = [0; 32];
    if hex::decode_to_slice(&statement.policy, &mut digest).is_err() {
        return Ok(None);
    }
    let Some(policy) = policy::with_digest(reader, &digest).await? else { return Ok(None) };
    let policy = String::from_utf8(policy.canonical()).map_err(Error::internal)?;
    record(reader, activation, &policy).await
}

async fn record(
    reader: &mut Reader,
    it: StoredActivation,
    policy: &str,
) -> Result<Option<ActivationRecord>, Error> {
    let key = reader.signing_key(it.key_id).await?.ok_or(Error::NotFound)?;
    let statement = Statement::from_canonical(it.canonical.as_bytes());
    let wanted = statement.map(|it| it.certificate).unwrap_or_default();
    let certificates = reader.certificates_of_key(it.key_id).await?;
    let certificate =
        certificates.into_iter().filter_map(|it| it.der).find(|der| hex::encode(pki::sha256(der)) == wanted);
    let Some(certificate) = certificate else { return Ok(None) };
    let passkey = match it.assertion {
        Some(assertion) => {
            let asked = match it.passkey_id {
                Some(id) => reader.passkey(id).await?,
                None => reader.passkey_of(it.key_id).await?,
            };
            let stored = asked.ok_or(Error::NotFound)?;
            Some(PasskeyRecord {
                assertion,
                passkey: stored.passkey,
                registration: stored.registration,
                relying_party: stored.relying_party,
            })
        }
        None => None,
    };
    Ok(Some(ActivationRecord {
        activation: it.canonical,
        certificate,
        custody: custody_of(&key.stored).as_str().to_owned(),
        passkey,
        policy: policy.to_owned(),
    }))
}

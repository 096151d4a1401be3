//! The signer's key: made under a PIN that only they know, or under their passkey, certified in their verified name.

use domain::ceremony::Step;
use domain::policy::Custody;
use domain::recipient::Certified;
use domain::{CertificateId, Draw, KeyId, OrganizationId, PersonId, Refusal};
use evidence::Body;
use jiff::Timestamp;
use keys::{Attempts, Factor, KeyError, KeyOwner, KeyStore as _, Pin, PinError, Protection, StoredKey};
use pki::ca::{CertificationRequest, Profile, Subject};
use pki::{Certificate, KeyAlgorithm, Serial};
use store::{CertificateState, Organization, SigningKey, StoredPasskey};

use super::passkey::needs_prf;
use super::scene::{custody_of, opened_by, passkey_on};
use super::{Scene, Signer, lock, show, sign};
use crate::authority::{AuthorityError, CertificateRequest, ProofOfPossession, Term, WaitEnd, waiting};
use crate::config::CertificateTerm;
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::{token, view};

/// Makes a key under the PIN and has it certified. A signer who has both already keeps them.
///
/// # Errors
/// [`Refusal::PinWeak`], [`Refusal::CustodyRefused`], [`Refusal::StepNotReady`].
pub async fn key(service: &Service, signer: &Signer, pin: &str) -> Result<view::Ceremony, Error> {
    key_in(service, signer, Custody::Pin, pin).await
}

/// The same for a key in this custody: [`Custody::Pkcs11`] for an organization's in the hardware module, whose every use the
/// PIN confirms.
///
/// # Errors
/// As [`key`]; [`Refusal::TokenAway`].
pub async fn key_in(
    service: &Service,
    signer: &Signer,
    custody: Custody,
    pin: &str,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    let pin = Pin::parse(pin).map_err(|error| Refusal::PinWeak { reason: reason(error) })?;
    // Two tabs make one key.
    let _one = lock::hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    scene.require(Step::Key)?;
    if scene.key.is_some() || scene.pending.is_some() {
        return show::ceremony(service, &mut reader, &scene).await;
    }
    scene.require_custody(custody, Custody::Pin)?;
    drop(reader);
    let id = KeyId::new(service.clock(), service.rng());
    make(service, signer, &scene, NewKey { id, custody, factor: pin.into_factor(), passkey: None }).await
}

/// A key to be made.
pub(super) struct NewKey {
    pub(super) id: KeyId,
    pub(super) custody: Custody,
    pub(super) factor: Factor,
    /// The passkey that will open it.
    pub(super) passkey: Option<StoredPasskey>,
}

/// A key that was made, here or in the signer's device.
pub(super) struct Made {
    pub(super) id: KeyId,
    pub(super) stored: StoredKey,
    /// The passkey that will open it.
    pub(super) passkey: Option<StoredPasskey>,
    /// Whether it was there before: it may have been tried once, and not been certified.
    pub(super) adopted: bool,
}

/// Whose key it is: the organization's where one is sealed for, else the person's.
pub(super) fn owner(key: KeyId, person: PersonId, organization: Option<OrganizationId>) -> KeyOwner {
    let owner = organization.map_or_else(|| person.to_string(), |id| id.to_string());
    KeyOwner { key: key.to_string(), owner }
}

/// Makes a key, and has it certified. The caller sees to it that the ceremony is at this step and that nobody else makes
/// one for this recipient.
pub(super) async fn make(
    service: &Service,
    signer: &Signer,
    scene: &Scene,
    new: NewKey,
) -> Result<view::Ceremony, Error> {
    let NewKey { id, custody, factor, passkey } = new;
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    let owner = owner(id, person, scene.organization_id());
    let organization = match scene.organization_id() {
        Some(id) => Some(service.store().read().await?.organization(id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    // 1. The key, off the reactor: sealing it under a PIN takes as long as guessing it should. It signs the request for its
    //    certificate, and so proves that it is there.
    let (profile, subject) = subject(scene, person, organization.as_ref());
    let activated_by = match &factor {
        Factor::Passkey(it) => Some(it.passkey.fingerprint()),
        _ => None,
    };
    if custody == Custody::Pkcs11 && service.token().is_none() {
        return Err(Refusal::CustodyRefused { custody: custody.as_str() }.into());
    }
    // Asked before anything is made in a token, where it would stay.
    let on_hold = {
        let (id, mut reader) = (scene.organization_id(), service.store().read().await?);
        reader.has_certificate_on_hold(person, id, service.now()).await?
    };
    if on_hold {
        return Err(Refusal::CertificateOnHold.into());
    }
    // The company's own key is for its seal: an agent who signs in their own name gets one that is made for them.
    let mut only_one = None;
    let bound = match &organization {
        Some(it) if custody == Custody::Pkcs11 && !scene.signs_as_agent() => {
            // Of two agents who come at once, one has it certified before the other looks.
            only_one = Some(lock::hold(it.credit_code.as_str()).await);
            let mut reader = service.store().read().await?;
            let bound = reader.bound_key(&it.credit_code).await?;
            if let Some(bound) = &bound
                && reader.is_spent_key(pki::sha256(&bound.public_key)).await?
            {
                // A key is certified once, and nobody chose another in its place: an administrator releases it.
                let why = format!("the company's key {:?} was certified, and of no use", bound.label);
                return Err(sign::make::refused(&KeyError::Failed(why)));
            }
            bound
        }
        _ => None,
    };
    let adopted = bound.is_some();
    let made = {
        let service = service.clone();
        let make = move || {
            let prove = |public_key: &[u8]| {
                CertificationRequest::info_activated(&subject, profile, public_key, activated_by.as_ref())
            };
            let rng = &mut Draw(service.rng());
            if custody != Custody::Pkcs11 {
                return service.key_store().create_proving(KeyAlgorithm::P256, &owner, &factor, rng, &prove);
            }
            let token =
                service.token().ok_or_else(|| KeyError::Failed("no token is configured".to_owned()))?;
            match &bound {
                Some(bound) => token.adopt(token::given(token, bound)?, &owner, &factor, rng, &prove),
                None => token.create_proving(KeyAlgorithm::P256, &owner, &factor, rng, &prove),
            }
        };
        tokio::task::spawn_blocking(make).await?
    };
    let stored = made.map_err(|error| match error {
        KeyError::Away(why) => sign::make::away(&why),
        error if custody == Custody::Pkcs11 => sign::make::refused(&error),
        error => Error::internal(error),
    })?;
    let made = (custody == Custody::Pkcs11 && !adopted).then(|| stored.clone());
    let done = certify(service, signer, scene, Made { id, stored, passkey, adopted }).await;
    if let (Err(_), Some(made)) = (&done, made) {
        undo(service, id, made).await;
    }
    drop(only_one);
    done
}

/// Takes a key out of the token again that was made there and is not on record: nobody would know whose it is.
async fn undo(service: &Service, id: KeyId, made: StoredKey) {
    let on_record = async { service.store().read().await?.signing_key(id).await };
    let (Ok(None), Some(token)) = (on_record.await, service.token().cloned()) else { return };
    let undone = tokio::task::spawn_blocking(move || token.undo(&made)).await;
    if !matches!(undone, Ok(Ok(()))) {
        tracing::warn!(key = %id, ?undone, "a key that is nobody's stays in the hardware module");
    }
}

/// Has a key certified that was made.
pub(super) async fn certify(
    service: &Service,
    signer: &Signer,
    scene: &Scene,
    made: Made,
) -> Result<view::Ceremony, Error> {
    let now = scene.now;
    let Made { id: key_id, stored, passkey, adopted } = made;
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    let organization = match scene.organization_id() {
        Some(id) => Some(service.store().read().await?.organization(id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let (profile, subject) = subject(scene, person, organization.as_ref());
    // 2. It is on record before it is certified.
    let it = SigningKey {
        id: key_id,
        person_id: person,
        organization_id: organization.as_ref().map(|it| it.id),
        stored: stored.clone(),
        attempts: Attempts::default(),
        created_at: now,
        retired_at: None,
    };
    let mut body = Body::new()
        .with("key", key_id.to_string())
        .with("public_key", hex::encode(pki::sha256(&stored.public_key)))
        .with("protection", custody_of(&stored).as_str());
    if let Protection::Pkcs11(on) = &stored.protection {
        body = body
            .with("token", on.token())
            .with("label", on.label())
            .with("opened_by", opened_by(&stored).as_str());
    }
    let mut tx = service.store().begin().await?;
    // Whoever had a certificate suspended gets no other in its place.
    if tx.has_certificate_on_hold(person, it.organization_id, now).await? {
        return Err(Refusal::CertificateOnHold.into());
    }
    if adopted && tx.forget_uncertified_key(&stored.public_key).await? {
        body = body.with("tried_before", true);
    }
    tx.insert_signing_key(&it).await?;
    if let Some(passkey) = &passkey {
        match tx.insert_passkey(passkey).await {
            Err(store::Error::Conflict) => {
                return Err(Refusal::PasskeyRefused { reason: "other_passkey" }.into());
            }
            inserted => inserted?,
        }
        let fingerprint = hex::encode(passkey.passkey.fingerprint());
        body = body.with("passkey", fingerprint).with("prf", needs_prf(&stored));
    }
    tx.append_event(scene.event("key.created", body)).await?;
    tx.commit().await?;
    // 3. The authority certifies it: intent, lint, signature and record are its own.
    let id = CertificateId::new(service.clock(), service.rng());
    let mut request = request(id, &it, stored, profile, subject);
    match service.config().certificates {
        CertificateTerm::Event => request.term = Term::Event { ceremony: scene.recipient.id },
        CertificateTerm::Long => request.renews = renewed(service, &request, &it).await?,
    }
    request.recipient = Some(scene.recipient.id);
    let certificate = match service.certificates().issue(request).await {
        Ok(certificate) => certificate,
        Err(AuthorityError::Pending) => return waits(service, signer, key_id).await,
        Err(error) => return Err(unissued(service, signer, key_id, error).await?),
    };
    certified_now(service, signer, key_id, id, &certificate).await
}

/// The certificate is the signer's. Where it was asked for elsewhere, the request ends with this.
async fn certified_now(
    service: &Service,
    signer: &Signer,
    key_id: KeyId,
    id: CertificateId,
    certificate: &Certificate,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    let stands = tx.certificate_by_id(id).await?.is_some_and(|it| it.state == CertificateState::Issued);
    if !stands || scene.ceremony.certificate_id == Some(id) {
        // The key was given up meanwhile; or the job that follows requests was faster.
        return show::ceremony(service, &mut tx, &scene).await;
    }
    tx.remove_pending_certificate(id).await?;
    scene.ceremony.key_id = Some(key_id);
    scene.ceremony.certificate_id = Some(id);
    tx.put_ceremony(&scene.ceremony).await?;
    scene.recipient.certificate = Some(certified(certificate));
    tx.save_recipient(&scene.recipient).await?;
    let body = Body::new()
        .with("certificate", certificate.serial_hex())
        .with("fingerprint", hex::encode(certificate.fingerprint()))
        .with("key", key_id.to_string())
        .with("authority", service.certificates().name());
    tx.append_event(scene.event("certificate.issued", body)).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// No certificate comes for the key: it is given up, with the passkey that was to open it, so that another can be made.
async fn unissued(
    service: &Service,
    signer: &Signer,
    key: KeyId,
    error: AuthorityError,
) -> Result<Error, Error> {
    // Nobody knows what came of it: the request is on record, and followed.
    if matches!(error, AuthorityError::Store(_)) {
        return Ok(Error::internal(error));
    }
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    waiting::give_up_key(&mut tx, key, false, now).await?;
    tx.forget_unused_passkeys(key).await?;
    let why = match &error {
        AuthorityError::Late(why) => *why,
        AuthorityError::OnHold => WaitEnd::OnHold,
        _ => WaitEnd::Refused,
    };
    let body = Body::new().with("key", key.to_string()).with("why", why.as_str());
    tx.append_event(scene.event("key.retired", body)).await?;
    tx.commit().await?;
    service.authority().changed().await;
    Ok(match error {
        AuthorityError::OnHold | AuthorityError::Late(WaitEnd::OnHold) => Refusal::CertificateOnHold.into(),
        AuthorityError::Late(why) => {
            tracing::warn!(%key, why = why.as_str(), "a certificate came too late");
            Refusal::CertificateRefused.into()
        }
        AuthorityError::External(why) => {
            tracing::warn!(%key, why, "a key was not certified");
            Refusal::CertificateRefused.into()
        }
        error => Error::internal(error),
    })
}

/// Another's authority still decides: the ceremony waits, and goes on when the certificate is there.
async fn waits(service: &Service, signer: &Signer, key: KeyId) -> Result<view::Ceremony, Error> {
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, service.now()).await?;
    let body = Body::new().with("key", key.to_string()).with("authority", service.certificates().name());
    tx.append_event(scene.event("certificate.pending", body)).await?;
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// The certificate that a new one of the same person or organization goes on from: the newest that was not taken away.
async fn renewed(
    service: &Service,
    request: &CertificateRequest,
    key: &SigningKey,
) -> Result<Option<Serial>, Error> {
    let mut reader = service.store().read().await?;
    let subject = serde_json::to_string(&request.subject).map_err(Error::internal)?;
    for older in reader.signing_keys(key.person_id, key.organization_id).await? {
        if older.id == key.id {
            continue;
        }
        for stored in reader.certificates_of_key(older.id).await? {
            let goes_on = stored.state == CertificateState::Issued && stored.ceremony.is_none();
            if goes_on && stored.subject == subject {
                return Ok(Some(Serial::from_hex(&stored.serial).map_err(Error::internal)?));
            }
        }
    }
    Ok(None)
}

/// Gives up a key whose PIN was forgotten, or whose passkey was lost: its certificate is revoked, and the signer verified anew.
///
/// # Errors
/// [`Refusal::StepNotReady`] where there is no key.
pub async fn key_replace(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let _one = lock::hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    drop(reader);
    scene.require(Step::Document)?;
    let waiting = || scene.pending.as_ref().map(|(key, _)| key.id);
    let key = scene.key.as_ref().map(|held| held.key.id).or_else(waiting);
    let key = key.ok_or(Refusal::StepNotReady { step: scene.step().as_str() })?;
    // Nothing signs with it while it is being given up.
    let _key = lock::hold(&key.to_string()).await;
    let mut tx = service.store().begin().await?;
    give_up(&mut tx, signer, key, now).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.authority().changed().await;
    Ok(ceremony)
}

/// Gives a key up in one transaction: whether its certificate is here, is on its way, or comes while this is done, it is good
/// for nothing after it. What was certified takes a new identity check of the person in every session.
async fn give_up(tx: &mut store::Tx, signer: &Signer, key: KeyId, now: Timestamp) -> Result<(), Error> {
    let revoked = waiting::give_up_key(tx, key, false, now).await?;
    if !revoked.is_empty() {
        tx.forget_identity_behind(key).await?;
    }
    let mut scene = Scene::load(tx, &signer.session, now).await?;
    for serial in revoked {
        let body = Body::new().with("certificate", serial).with("reason", "superseded");
        tx.append_event(scene.event("certificate.revoked", body)).await?;
    }
    let body = Body::new().with("key", key.to_string());
    tx.append_event(scene.event("key.retired", body)).await?;
    if scene.ceremony.key_id == Some(key) && scene.ceremony.result.is_none() {
        scene.ceremony.key_id = None;
        scene.ceremony.certificate_id = None;
        tx.put_ceremony(&scene.ceremony).await?;
        scene.recipient.certificate = None;
        tx.save_recipient(&scene.recipient).await?;
    }
    Ok(())
}

/// Gives up a key of the signer's: in this ceremony or in none.
pub(super) async fn retire(service: &Service, signer: &Signer, held: &SigningKey) -> Result<(), Error> {
    let now = service.now();
    // Nothing signs with it while it is being given up.
    let _key = lock::hold(&held.id.to_string()).await;
    let mut tx = service.store().begin().await?;
    give_up(&mut tx, signer, held.id, now).await?;
    tx.forget_identity_behind(held.id).await?;
    tx.commit().await?;
    service.authority().changed().await;
    Ok(())
}

fn request(
    id: CertificateId,
    key: &SigningKey,
    stored: StoredKey,
    profile: Profile,
    subject: Subject,
) -> CertificateRequest {
    let activated_by = passkey_on(&stored).map(|sealed| *sealed.passkey());
    let message =
        CertificationRequest::info_activated(&subject, profile, &stored.public_key, activated_by.as_ref());
    let proof =
        ProofOfPossession { message, algorithm: sign::signature_algorithm(&stored), signature: stored.proof };
    CertificateRequest {
        id,
        profile,
        subject,
        public_key_der: stored.public_key,
        proof,
        key: key.id,
        recipient: None,
        term: Term::Long,
        renews: None,
        activated_by,
    }
}

/// Whom the certificate names.
pub(super) fn subject(
    scene: &Scene,
    person: PersonId,
    organization: Option<&Organization>,
) -> (Profile, Subject) {
    match organization {
        // The agent is on record with the key; the certificate names the organization alone.
        // The person signs, and the certificate names both; the organization's seal is not used.
        Some(it) if scene.signs_as_agent() => (
            Profile::Agent,
            Subject {
                common_name: scene.identity.as_ref().map(|it| bounded(it.name.as_str())).unwrap_or_default(),
                organization: Some(bounded(it.name.as_str())),
                organization_identifier: Some(format!("NTRCN-{}", it.credit_code)),
                country: Some("CN".to_owned()),
                serial_number: Some(opaque(&person.to_string())),
            },
        ),
        Some(it) => (
            Profile::Organization,
            Subject {
                common_name: bounded(it.name.as_str()),
                organization: Some(bounded(it.name.as_str())),
                organization_identifier: Some(format!("NTRCN-{}", it.credit_code)),
                country: Some("CN".to_owned()),
                serial_number: Some(opaque(&it.id.to_string())),
            },
        ),
        None => (
            Profile::Person,
            Subject {
                common_name: scene.identity.as_ref().map(|it| bounded(it.name.as_str())).unwrap_or_default(),
                country: Some("CN".to_owned()),
                serial_number: Some(opaque(&person.to_string())),
                ..Subject::default()
            },
        ),
    }
}

/// An id as a PrintableString, which knows no underscore (X.520 §6.2.9, RFC 5280 appendix A). Its digits are written as
/// the letters a to p: a long run of decimal digits would look like an ID or phone number, and is refused as one.
fn opaque(id: &str) -> String {
    let (prefix, digits) = id.split_once('_').unwrap_or(("", id));
    let letters = digits.chars().map(|c| match c.to_digit(16) {
        Some(value) => char::from_u32(u32::from('a') + value).unwrap_or(c),
        None => c,
    });
    format!("{prefix}-{}", letters.collect::<String>())
}

/// A name cut to what a certificate holds (RFC 5280 appendix A.1, ub-common-name and ub-organization-name).
fn bounded(name: &str) -> String {
    name.chars().take(64).collect::<String>().trim().to_owned()
}

pub(crate) fn certified(certificate: &Certificate) -> Certified {
    Certified {
        serial: certificate.serial_hex(),
        subject: certificate.subject().to_string(),
        not_after: certificate.not_after(),
    }
}

fn reason(error: PinError) -> &'static str {
    match error {
        PinError::TooShort { .. } => "too_short",
        PinError::TooLong { .. } => "too_long",
        PinError::Repetition => "repetition",
        PinError::Sequence => "sequence",
        PinError::Date => "date",
        PinError::Monotonous => "monotonous",
        _ => "character",
    }
}

#[cfg(test)]
mod tests {
    use super::{bounded, opaque};

    #[test]
    fn an_id_in_a_certificate_never_looks_like_a_persons_number() {
        let written = opaque("per_13800135678901234567890123456789");
        assert_eq!(written.len(), 36);
        assert_ne!(written, opaque("per_13800135678901234567890123456780"));
        assert!(!written.chars().any(|c| c.is_ascii_digit()));
    }

    #[test]
    fn names_are_cut_to_what_a_certificate_holds() {
        assert_eq!(bounded(&"长".repeat(70)).chars().count(), 64);
        assert_eq!(bounded("陈晓雨"), "陈晓雨");
    }
}

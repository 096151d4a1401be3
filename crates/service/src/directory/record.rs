//! What stays of a sign-in: the organization's word, or why it was not taken.

use domain::ceremony::Step;
use domain::{Refusal, StaffProofId, mask};
use evidence::Body;
use online::Redeemed;
use store::{Append, Directory, Reader, StaffLogin, StaffProof, StaffSubject, Tx};

use super::{HOW, LIFETIME, list};
use crate::ceremony::Scene;
use crate::core::Service;
use crate::error::Error;
use crate::view;

/// Records that someone is on the staff, according to the organization's own directory.
pub(super) async fn proved(
    service: &Service,
    login: &StaffLogin,
    directory: &Directory,
    redeemed: Redeemed,
) -> Result<view::StaffResult, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let organization = tx.organization(login.organization_id).await?.ok_or(Error::NotFound)?;
    let mut proof = proof(service, login, directory, redeemed);
    let mut recipient = None;
    match scene(service, &mut tx, login).await? {
        Some(mut scene) => {
            scene.require(Step::Document)?;
            // The organization that this session's person was verified for is still the one that was asked.
            if scene.organization_id() != Some(login.organization_id) {
                return Err(Refusal::StepNotReady { step: "organization" }.into());
            }
            proof.recipient_id = Some(scene.recipient.id);
            proof.person_id = scene.verified_identity().and_then(|it| it.person_id);
            tx.add_staff_proof(&proof).await?;
            if let Some(verified) = &mut scene.recipient.verified
                && !verified.how.iter().any(|it| it == HOW)
            {
                verified.how.push(HOW.to_owned());
                tx.save_recipient(&scene.recipient).await?;
            }
            tx.append_event(scene.event("staff.proved", body(&proof))).await?;
            recipient = Some(scene.recipient.id.to_string());
        }
        None => {
            tx.add_staff_proof(&proof).await?;
            tx.append_event(of_account(login, "staff.proved", body(&proof), now)).await?;
        }
    }
    tx.commit().await?;
    Ok(view::StaffResult {
        organization: organization.name.as_str().to_owned(),
        recipient,
        proof: list::shown(&proof),
    })
}

/// Records that a sign-in was refused, and why.
pub(super) async fn refused(service: &Service, login: &StaffLogin, refusal: &Refusal) -> Result<(), Error> {
    let reason = match refusal {
        Refusal::StaffRefused { reason } | Refusal::DirectoryUnusable { reason } => *reason,
        other => other.code(),
    };
    let body = Body::new()
        .with("organization", login.organization_id.to_string())
        .with("issuer", login.issuer.as_str())
        .with("reason", reason);
    let mut tx = service.store().begin().await?;
    match scene(service, &mut tx, login).await? {
        Some(scene) => tx.append_event(scene.event("staff.refused", body)).await?,
        None => tx.append_event(of_account(login, "staff.refused", body, service.now())).await?,
    };
    Ok(tx.commit().await?)
}

/// What a ceremony shows of its organization's directory: nothing before person and organization are verified.
pub(crate) async fn of_ceremony(
    reader: &mut Reader,
    scene: &Scene,
) -> Result<Option<view::CeremonyStaff>, Error> {
    let Some(id) = scene.organization_id() else { return Ok(None) };
    let person = scene.verified_identity().and_then(|it| it.person_id);
    let directory = reader.directory(id).await?;
    let proofs = reader.staff_proofs_of_recipient(scene.recipient.id).await?;
    let holds =
        |it: &&StaffProof| it.organization_id == id && it.person_id == person && scene.now < it.expires_at;
    let proof = proofs.iter().find(holds).map(list::shown);
    if directory.is_none() && proof.is_none() {
        return Ok(None);
    }
    Ok(Some(view::CeremonyStaff { directory: directory.map(|it| list::host(&it.issuer)), proof }))
}

/// The ceremony for which a sign-in is; none for an account's.
async fn scene(service: &Service, tx: &mut Tx, login: &StaffLogin) -> Result<Option<Scene>, Error> {
    let Some(hash) = &login.session_hash else { return Ok(None) };
    let now = service.now();
    let session = tx.signing_session(hash).await?.filter(|session| now < session.expires_at);
    let session = session.ok_or(Refusal::SessionMissing)?;
    Ok(Some(Scene::load(tx, &session, now).await?))
}

fn proof(service: &Service, login: &StaffLogin, directory: &Directory, redeemed: Redeemed) -> StaffProof {
    let now = service.now();
    let Redeemed { claims, id_token } = redeemed;
    let mut salt = [0; 32];
    service.rng().fill(&mut salt);
    StaffProof {
        id: StaffProofId::new(service.clock(), service.rng()),
        organization_id: login.organization_id,
        recipient_id: None,
        person_id: None,
        account_id: login.account_id,
        issuer: directory.issuer.clone(),
        commitment: commitment(&salt, &directory.issuer, &claims.subject),
        email_masked: claims.verified_email.as_deref().map(mask::email),
        acr: claims.acr,
        amr: claims.amr,
        auth_time: claims.auth_time,
        token_sha256: pki::sha256(id_token.as_bytes()),
        subject: StaffSubject {
            salt: hex::encode(salt),
            subject: claims.subject,
            email: claims.verified_email,
            name: claims.name,
            id_token,
        },
        created_at: now,
        expires_at: now + LIFETIME,
    }
}

/// SHA-256 over a label, the salt, issuer and subject, each text behind its length: who is told the three can check it, and
/// nobody can guess the subject from it.
fn commitment(salt: &[u8; 32], issuer: &str, subject: &str) -> [u8; 32] {
    let mut bytes = b"vermilion/staff/v1".to_vec();
    bytes.extend_from_slice(salt);
    for text in [issuer, subject] {
        bytes.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    pki::sha256(&bytes)
}

/// What the log says: the words of the directory, nobody's name.
fn body(it: &StaffProof) -> Body {
    Body::new()
        .with("proof", it.id.to_string())
        .with("organization", it.organization_id.to_string())
        .with("issuer", it.issuer.as_str())
        .with("commitment", hex::encode(it.commitment))
        .with("token", hex::encode(it.token_sha256))
        .maybe("acr", it.acr.as_deref())
        .with("amr", it.amr.join(" "))
        .maybe("auth_time", it.auth_time.map(|at| at.to_string()))
        .with("expires_at", it.expires_at.to_string())
}

fn of_account(login: &StaffLogin, kind: &'static str, body: Body, at: jiff::Timestamp) -> Append {
    let actor =
        login.account_id.map_or(evidence::Actor::System, |id| evidence::Actor::Account(id.to_string()));
    Append { at, kind, subject: Some(login.organization_id.to_string()), actor, body }
}

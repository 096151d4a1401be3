//! What is done by hand, from the command line, the server running or not: the root's key leaves and comes back, CAs are
//! made anew, and a CA of ours is certified by another's root (request out, certificate in). A running server takes up
//! what was done here within the hour.

use std::path::Path;

use domain::{CertificateId, Draw};
use evidence::{Actor, Body};
use jiff::Timestamp;
use pki::ca::CertificationRequest;
use pki::crl::Crl;
use pki::{Certificate, KeyUsage, Signer as _, SoftwareSigner};
use store::{Append, AuthorityKey, Intent};
use zeroize::Zeroizing;

use super::hierarchy::{Branch, CaId, NewRole, Role};
use super::issue::{foreign, profile_word};
use super::keys::{Ca, is_issuer};
use super::setup::{Setup, issued, opened_key};
use super::{AuthorityError, root};
use crate::Service;

/// Where the root's key is taken from.
#[derive(Debug)]
pub enum RootKey {
    /// From the data folder.
    Here,
    /// From an exported file; it stays outside.
    File {
        /// The file's content.
        content: Zeroizing<Vec<u8>>,
        /// Its password.
        password: Zeroizing<String>,
    },
}

/// A CA as it is told about.
#[derive(Debug, Clone)]
pub struct CaEntry {
    /// Its word in addresses and on the command line.
    pub word: String,
    /// Its branch; none for the root.
    pub branch: Option<Branch>,
    /// Its certificate.
    pub certificate: Certificate,
    /// Whether its key is on this machine.
    pub has_key: bool,
    /// Whether it certifies now.
    pub is_active: bool,
    /// The newest list: number, thisUpdate, nextUpdate.
    pub list: Option<(u64, Timestamp, Timestamp)>,
    /// How many lists are signed for later times.
    pub lists_ahead: usize,
}

/// The root and the CAs under it.
///
/// # Errors
/// Where the records cannot be read.
pub async fn entries(service: &Service) -> Result<Vec<CaEntry>, AuthorityError> {
    let keys = service.authority().keys();
    let now = service.now();
    let mut reader = service.store().read().await?;
    let mut found = Vec::new();
    let root = (Role::Root.word(), None, &keys.root, root::is_here(service.foundation()), true);
    let active = |ca: &Ca| keys.active(ca.id.branch, now).is_ok_and(|it| it.id == ca.id);
    let cas =
        keys.cas.iter().map(|ca| (ca.id.to_string(), Some(ca.id.branch), ca.certificate(), true, active(ca)));
    for (word, branch, certificate, has_key, is_active) in [root].into_iter().chain(cas) {
        let list = reader.crl_at(&word, now).await?;
        found.push(CaEntry {
            list: list.map(|it| (it.number, it.this_update, it.next_update)),
            lists_ahead: reader.crls_ahead(&word, now).await?.len(),
            certificate: certificate.clone(),
            word,
            branch,
            has_key,
            is_active,
        });
    }
    Ok(found)
}

/// Writes the root's key to a new file under a password, reads it back, and only then removes it from this machine. The
/// lists of the years to come are signed before.
///
/// # Errors
/// [`AuthorityError::RootOffline`] where it has left already; where the file is there, cannot be written or cannot be read
/// back: then the key stays.
pub async fn export_root(service: &Service, out: &Path, password: &str) -> Result<(), AuthorityError> {
    let foundation = service.foundation();
    if password.chars().count() < PASSWORD_MIN {
        return Err(AuthorityError::Refused(format!("the password needs {PASSWORD_MIN} characters")));
    }
    let pkcs8 = root::pkcs8(foundation)?;
    let signer = root::signer(foundation)?;
    let certificate = service.authority().root();
    // 1. Lists for the time without the key.
    root::sign_ahead(foundation, certificate, &signer).await?;
    // 2. The file, which replaces none.
    let pem = keys::file::encrypt_pkcs8(&pkcs8, password, &mut Draw(&*foundation.rng));
    write_secret(out, pem.as_bytes())?;
    // 3. What was written opens, and is the root's key.
    let read = RootKey::File {
        content: Zeroizing::new(std::fs::read(out)?),
        password: Zeroizing::new(password.to_owned()),
    };
    read.signer(service)?;
    // 4. The event first: a crash after it leaves the key in both places, never in none.
    log(service, "authority.root_exported", certificate).await?;
    root::remove(foundation)
}

/// The fewest characters of the password of an exported key: the file is as strong as it.
const PASSWORD_MIN: usize = 12;

/// Puts the root's key back.
///
/// # Errors
/// Where the file does not open, or holds another key.
pub async fn import_root(service: &Service, key: &RootKey) -> Result<(), AuthorityError> {
    let RootKey::File { content, password } = key else { return Ok(()) };
    key.signer(service)?;
    let pkcs8 = keys::file::private_key(content, Some(password)).map_err(|error| unreadable(&error))?;
    root::keep(service.foundation(), &pkcs8)?;
    log(service, "authority.root_imported", service.authority().root()).await
}

/// Makes the next CA of a branch under the root. The one before certifies nothing more, and goes on answering for what it
/// certified. The root's lists are signed ahead anew where its key comes from a file.
///
/// # Errors
/// [`AuthorityError::RootOffline`] where the key is asked for here and is not.
pub async fn rotate(service: &Service, branch: Branch, key: &RootKey) -> Result<CaId, AuthorityError> {
    let signer = key.signer(service)?;
    let root = service.authority().root();
    let id = next(service, branch).await?;
    Setup::new(service.foundation()).make_ca(id, root, &signer).await?;
    if matches!(key, RootKey::File { .. }) {
        root::sign_ahead(service.foundation(), root, &signer).await?;
    }
    service.authority().reload().await?;
    Ok(id)
}

/// A request for a certificate of the next CA of a branch, for another's root. Its key is made here and stays here; asked
/// again, the same request comes.
///
/// # Errors
/// Where the key cannot be made or sealed.
pub async fn certification_request(
    service: &Service,
    branch: Branch,
) -> Result<CertificationRequest, AuthorityError> {
    let id = next(service, branch).await?;
    if let Some(waiting) = waiting(service, id).await? {
        return Ok(CertificationRequest::from_der(&waiting.certificate)?);
    }
    let foundation = service.foundation();
    let role = Role::Ca(id);
    let new = NewRole::generate(role, service.now(), None, &*foundation.rng)?;
    let request = CertificationRequest::sign(&role.subject(), role.profile(), &new.signer)?;
    let key = AuthorityKey {
        role: pending(id),
        private: Some(hex::encode(&*new.pkcs8)),
        certificate: request.der().to_vec(),
        created_at: service.now(),
    };
    let mut tx = service.store().begin().await?;
    tx.put_authority_key(&key).await?;
    tx.commit().await?;
    Ok(request)
}

/// Takes the certificate that another's root (or a CA under it) issued for [`certification_request`], with what is above
/// it up to that root, in any order. That root is trusted here from now on.
///
/// # Errors
/// Where nothing waits, or a certificate is not what was asked for or does not lead to a root.
pub async fn accept(
    service: &Service,
    branch: Branch,
    certificates: &[Certificate],
) -> Result<CaId, AuthorityError> {
    let id = next(service, branch).await?;
    let refused = |why: &str| AuthorityError::Refused(why.to_owned());
    let waiting = waiting(service, id)
        .await?
        .ok_or_else(|| refused("no request of this branch waits for a certificate"))?;
    let signer = opened_key(&waiting)?;
    let now = service.now();
    let own = certificates.iter().find(|it| it.public_key_der() == signer.public_key_der());
    let own = own.ok_or_else(|| refused("none of the certificates is for the key of the request"))?;
    let request = CertificationRequest::from_der(&waiting.certificate)?;
    // What else stands in the subject is for that root's own rules; by this name everybody knows whose CA it is.
    if own.subject().common_name() != request.subject().common_name() {
        return Err(refused("the certificate names another subject than the request"));
    }
    may_be_ca(own, branch, now).map_err(|why| AuthorityError::Refused(why.to_owned()))?;
    let above = chain(own, certificates, now)?;
    let der = |certificate: &Certificate| certificate.der().to_vec();
    let key = |role: String, private: Option<String>, certificate: Vec<u8>| AuthorityKey {
        role,
        private,
        certificate,
        created_at: now,
    };
    let intent = Intent {
        id: CertificateId::new(service.clock(), service.rng()),
        issuer: above.first().map(foreign).unwrap_or_default(),
        serial: own.serial_hex(),
        profile: profile_word(Role::Ca(id).profile()).to_owned(),
        subject: serde_json::to_string(&Role::Ca(id).subject())
            .map_err(|error| AuthorityError::Key(error.to_string()))?,
        public_key: pki::sha256(own.public_key_der()),
        key_id: None,
        not_before: own.not_before(),
        not_after: own.not_after(),
        at: now,
        authority: "external".to_owned(),
        ceremony: None,
        renews: None,
    };
    let mut tx = service.store().begin().await?;
    tx.intend_certificate(&intent).await?;
    tx.complete_certificate(&intent.serial, own.der()).await?;
    tx.append_event(issued(&intent, own, now)).await?;
    for (n, certificate) in above.iter().enumerate() {
        tx.put_authority_key(&key(format!("above/{id}/{n}"), None, der(certificate))).await?;
    }
    tx.put_authority_key(&key(id.to_string(), waiting.private.clone(), der(own))).await?;
    tx.remove_authority_key(&pending(id)).await?;
    tx.commit().await?;
    service.authority().reload().await?;
    Ok(id)
}

/// Takes a revocation list that was signed elsewhere: by the root while it is away, or by another's authority above a CA
/// of ours. Gives the name of its issuer.
///
/// # Errors
/// Where nobody known here signed it, or it is older than the one on record.
pub async fn import_list(service: &Service, list: &Crl) -> Result<String, AuthorityError> {
    let keys = service.authority().keys();
    let above = keys.cas.iter().flat_map(|ca| &ca.issuer.chain).filter(|it| **it != keys.root);
    let candidates = [(Role::Root.word(), &keys.root)].into_iter().chain(above.map(|it| (foreign(it), it)));
    let signed = candidates
        .into_iter()
        .find(|(_, issuer)| list.issuer().matches(issuer.subject()) && list.verify_signature(issuer).is_ok());
    let (word, issuer) =
        signed.ok_or_else(|| AuthorityError::Refused("nobody above our CAs signed this list".to_owned()))?;
    let (Some(number), Some(next_update)) = (list.number(), list.next_update()) else {
        return Err(AuthorityError::Refused("the list has no number or no nextUpdate".to_owned()));
    };
    let mut tx = service.store().begin().await?;
    let newest = tx.crl_at(&word, list.this_update()).await?;
    if newest.is_some_and(|it| it.number > number) {
        return Err(AuthorityError::Refused("a later list of this issuer is on record".to_owned()));
    }
    tx.put_crl(&word, number, list.this_update(), next_update, list.der()).await?;
    let body = Body::new().with("number", number).with("issuer", hex::encode(issuer.fingerprint()));
    let kind = "authority.list_imported";
    tx.append_event(Append { at: service.now(), kind, subject: None, actor: Actor::System, body }).await?;
    tx.commit().await?;
    Ok(issuer.subject().to_string())
}

impl RootKey {
    /// The key, where it is the root's.
    fn signer(&self, service: &Service) -> Result<SoftwareSigner, AuthorityError> {
        let signer = match self {
            Self::Here => root::signer(service.foundation())?,
            Self::File { content, password } => {
                let pkcs8 =
                    keys::file::private_key(content, Some(password)).map_err(|error| unreadable(&error))?;
                SoftwareSigner::from_pkcs8(&pkcs8).map_err(|error| AuthorityError::Key(error.to_string()))?
            }
        };
        let root = service.authority().root();
        if signer.public_key_der() != root.public_key_der() {
            return Err(AuthorityError::Refused("this is not the key of the root".to_owned()));
        }
        Ok(signer)
    }
}

/// The CA of a branch that does not exist yet.
async fn next(service: &Service, branch: Branch) -> Result<CaId, AuthorityError> {
    let keys = service.store().read().await?.authority_keys().await?;
    let newest = keys.iter().filter_map(|key| CaId::parse(&key.role)).filter(|id| id.branch == branch).max();
    Ok(newest.map_or(CaId { branch, generation: 1 }, CaId::next))
}

fn pending(id: CaId) -> String {
    format!("pending/{id}")
}

async fn waiting(service: &Service, id: CaId) -> Result<Option<AuthorityKey>, AuthorityError> {
    let keys = service.store().read().await?.authority_keys().await?;
    Ok(keys.into_iter().find(|key| key.role == pending(id)))
}

/// RFC 5280 §4.2.1.3, §4.2.1.4, §4.2.1.9.
fn may_be_ca(certificate: &Certificate, branch: Branch, now: Timestamp) -> Result<(), &'static str> {
    let usage = certificate.key_usage();
    if !certificate.is_ca() || !usage.is_some_and(KeyUsage::key_cert_sign) {
        return Err("the certificate is not that of a CA");
    }
    if !usage.is_some_and(KeyUsage::crl_sign) {
        return Err("the certificate does not allow to sign revocation lists");
    }
    if now < certificate.not_before() || certificate.not_after() <= now {
        return Err("the certificate is not valid now");
    }
    let held = certificate.policies();
    let any = held.iter().any(|policy| policy == "2.5.29.32.0");
    let wanted = Role::Ca(CaId { branch, generation: 1 }).profile().policy_oids();
    if !any && !wanted.iter().all(|policy| held.contains(policy)) {
        return Err("the certificate holds neither any-policy nor the policies of this branch");
    }
    Ok(())
}

/// From a certificate's issuer to a root, every signature checked.
fn chain(
    own: &Certificate,
    candidates: &[Certificate],
    now: Timestamp,
) -> Result<Vec<Certificate>, AuthorityError> {
    let mut above: Vec<Certificate> = Vec::new();
    let mut last = own;
    while !last.is_self_issued() {
        let issuer = candidates
            .iter()
            .find(|it| is_issuer(it, last) && it.is_ca() && last.verify_signature(it).is_ok())
            .filter(|it| it.not_before() <= now && now < it.not_after() && !above.contains(it));
        let Some(issuer) = issuer else {
            return Err(AuthorityError::Refused(format!("the issuer of {} is missing", last.common_name())));
        };
        above.push(issuer.clone());
        last = issuer;
    }
    if above.last().is_some_and(Certificate::is_self_signed) {
        Ok(above)
    } else {
        Err(AuthorityError::Refused("the certificate leads to no root".to_owned()))
    }
}

async fn log(service: &Service, kind: &'static str, about: &Certificate) -> Result<(), AuthorityError> {
    let body = Body::new().with("fingerprint", hex::encode(about.fingerprint()));
    let mut tx = service.store().begin().await?;
    tx.append_event(Append { at: service.now(), kind, subject: None, actor: Actor::System, body }).await?;
    Ok(tx.commit().await?)
}

fn unreadable(error: &keys::file::KeyFileError) -> AuthorityError {
    AuthorityError::Refused(format!("the key file does not open: {error}"))
}

/// A new file for this user alone; one that is there stays.
fn write_secret(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

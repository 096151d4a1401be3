//! Opening the embedded authority: what is missing is made, what is about to expire is renewed.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use domain::CertificateId;
use evidence::{Actor, Body};
use jiff::Timestamp;
use pki::{
    Certificate, Signer as _, SoftwareSigner,
    ca::{IssuanceToken, Issuer},
};
use store::{Append, AuthorityKey, Intent};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::hierarchy::{self, Branch, CaId, NewRole, Role};
use super::issue::profile_word;
use super::keys::{self, Ca, Keys, Pair};
use super::ocsp::Answers;
use super::{AuthorityError, EmbeddedAuthority, Inner, root, tsa};
use crate::core::Foundation;

/// Opens the embedded authority, which is made on the first start. Writes its roots to `trust.pem` in the data folder.
///
/// # Errors
/// Where keys cannot be read, made or sealed.
pub async fn open(foundation: &Foundation) -> Result<EmbeddedAuthority, AuthorityError> {
    let keys = Setup::new(foundation).keys().await?;
    let root = keys.root.clone();
    Ok(EmbeddedAuthority(Arc::new(Inner {
        foundation: foundation.clone(),
        root,
        keys: RwLock::new(Arc::new(keys)),
        lists: Mutex::default(),
        answers: Answers::default(),
        tended: Mutex::default(),
        lapsed: Mutex::default(),
    })))
}

/// The keys as they are on record; what is missing or about to expire is made.
pub(crate) async fn load(foundation: &Foundation) -> Result<Keys, AuthorityError> {
    Setup::new(foundation).keys().await
}

pub(crate) struct Setup<'a> {
    pub(crate) foundation: &'a Foundation,
    pub(crate) now: Timestamp,
}

impl<'a> Setup<'a> {
    pub(crate) fn new(foundation: &'a Foundation) -> Self {
        Self { foundation, now: foundation.clock.now() }
    }

    async fn keys(&self) -> Result<Keys, AuthorityError> {
        let mut known = self.known().await?;
        let root = match known.remove(&Role::Root.word()) {
            Some(key) => Certificate::from_der(&key.certificate)?,
            None => self.make_root().await?,
        };
        let mut cas = Vec::new();
        for branch in Branch::ALL {
            cas.extend(self.branch(branch, &root, &mut known).await?);
        }
        let mut services = HashMap::new();
        for role in Role::SERVICES {
            services.insert(role, self.service(role, &cas, &mut known).await?);
        }
        let mut take =
            |role| services.remove(&role).ok_or_else(|| AuthorityError::Key("a role is missing".to_owned()));
        let stamping = take(Role::TimeStamping)?;
        let above = cas.iter().find(|ca| ca.issued(&stamping.certificate));
        let chain = above.map(|ca| [&[ca.certificate().clone()], &*ca.issuer.chain].concat());
        let tsa = pki::tsa::Authority {
            certificate: stamping.certificate,
            chain: chain.unwrap_or_default(),
            policy: tsa::POLICY.to_owned(),
            accuracy_ms: tsa::ACCURACY_MS,
        };
        let (log, platform) = (take(Role::Log)?, take(Role::Platform)?);
        let keys = Keys { root, cas, tsa, tsa_signer: stamping.signer, log, platform };
        root::renew_list(self, &keys.root).await?;
        self.write_trust(&keys)?;
        Ok(keys)
    }

    /// The CAs of a branch, the newest first.
    async fn branch(
        &self,
        branch: Branch,
        root: &Certificate,
        known: &mut HashMap<String, AuthorityKey>,
    ) -> Result<Vec<Ca>, AuthorityError> {
        let mut ids: Vec<CaId> =
            known.keys().filter_map(|word| CaId::parse(word)).filter(|id| id.branch == branch).collect();
        ids.sort_by(|a, b| b.cmp(a));
        if ids.is_empty() {
            let id = CaId { branch, generation: 1 };
            match root::signer(self.foundation) {
                Ok(signer) => {
                    let (certificate, signer) = self.make_ca(id, root, &signer).await?;
                    return Ok(vec![self.ca(id, certificate, signer, vec![root.clone()], known).await?]);
                }
                Err(AuthorityError::RootOffline) => {
                    tracing::warn!(
                        branch = branch.as_str(),
                        "there is no CA of this branch, and the root's key is not here"
                    );
                    return Ok(Vec::new());
                }
                Err(error) => return Err(error),
            }
        }
        let mut cas = Vec::new();
        for id in ids {
            let Some(key) = known.remove(&id.to_string()) else { continue };
            let (certificate, signer) = opened(&key)?;
            let above = above(id, known)?;
            let above = if above.is_empty() { vec![root.clone()] } else { above };
            if certificate.not_after() <= self.now {
                continue;
            }
            cas.push(self.ca(id, certificate, signer, above, known).await?);
        }
        Ok(cas)
    }

    async fn ca(
        &self,
        id: CaId,
        certificate: Certificate,
        signer: SoftwareSigner,
        above: Vec<Certificate>,
        known: &mut HashMap<String, AuthorityKey>,
    ) -> Result<Ca, AuthorityError> {
        let url = self.foundation.config.authority_url.as_deref();
        let issuer = hierarchy::issuer(Role::Ca(id), certificate, above, url);
        let role = Role::Ocsp(id);
        let ocsp = match self.fresh(role, &issuer.certificate, known)? {
            Some(pair) => pair,
            None => self.make(role, &issuer, &id.to_string(), &signer).await?,
        };
        Ok(Ca { id, issuer, signer: Arc::new(signer), ocsp })
    }

    async fn service(
        &self,
        role: Role,
        cas: &[Ca],
        known: &mut HashMap<String, AuthorityKey>,
    ) -> Result<Pair, AuthorityError> {
        let by = match known.get(&role.word()) {
            Some(key) => {
                let certificate = Certificate::from_der(&key.certificate)?;
                cas.iter().find(|ca| ca.issued(&certificate))
            }
            None => None,
        };
        if let Some(ca) = by
            && let Some(pair) = self.fresh(role, ca.certificate(), known)?
        {
            return Ok(pair);
        }
        let ca = keys::active(cas, Branch::Services, self.now)?;
        self.make(role, &ca.issuer, &ca.id.to_string(), &ca.signer).await
    }

    /// The key of a role on record, unless it is to be renewed. What ends with its issuer is not renewed for that.
    fn fresh(
        &self,
        role: Role,
        issuer: &Certificate,
        known: &mut HashMap<String, AuthorityKey>,
    ) -> Result<Option<Pair>, AuthorityError> {
        let Some(key) = known.remove(&role.word()) else { return Ok(None) };
        let (certificate, signer) = opened(&key)?;
        let left = certificate.not_after().duration_since(self.now);
        let is_fresh = left > role.renewal_margin() || certificate.not_after() >= issuer.not_after();
        Ok(is_fresh.then(|| Pair { certificate, signer: Arc::new(signer) }))
    }

    async fn known(&self) -> Result<HashMap<String, AuthorityKey>, AuthorityError> {
        let keys = self.foundation.store.read().await?.authority_keys().await?;
        Ok(keys.into_iter().map(|key| (key.role.clone(), key)).collect())
    }

    /// The root's key goes into a file of its own, so that it can be taken off the machine: nothing but a new CA and the
    /// root's list asks for it.
    async fn make_root(&self) -> Result<Certificate, AuthorityError> {
        let new = NewRole::generate(Role::Root, self.now, None, &*self.foundation.rng)?;
        root::keep(self.foundation, &new.pkcs8)?;
        let token = new.prepare(None)?;
        self.issue(&new, token, "root", &new.signer, None).await
    }

    /// A CA under our own root, whose key is at hand.
    pub(crate) async fn make_ca(
        &self,
        id: CaId,
        root: &Certificate,
        root_signer: &SoftwareSigner,
    ) -> Result<(Certificate, SoftwareSigner), AuthorityError> {
        let url = self.foundation.config.authority_url.as_deref();
        let issuer = hierarchy::issuer(Role::Root, root.clone(), Vec::new(), url);
        let new = NewRole::generate(Role::Ca(id), self.now, Some(root.not_after()), &*self.foundation.rng)?;
        let token = new.prepare(Some(&issuer))?;
        let private = Some(hex::encode(&*new.pkcs8));
        let certificate = self.issue(&new, token, "root", root_signer, private).await?;
        Ok((certificate, new.signer))
    }

    async fn make(
        &self,
        role: Role,
        issuer: &Issuer,
        word: &str,
        signer: &SoftwareSigner,
    ) -> Result<Pair, AuthorityError> {
        let until = Some(issuer.certificate.not_after());
        let new = NewRole::generate(role, self.now, until, &*self.foundation.rng)?;
        let token = new.prepare(Some(issuer))?;
        let certificate = self.issue(&new, token, word, signer, Some(hex::encode(&*new.pkcs8))).await?;
        Ok(Pair { certificate, signer: Arc::new(new.signer) })
    }

    async fn issue(
        &self,
        new: &NewRole,
        linted: IssuanceToken,
        issuer: &str,
        signer: &SoftwareSigner,
        private: Option<String>,
    ) -> Result<Certificate, AuthorityError> {
        let foundation = self.foundation;
        let subject = serde_json::to_string(&new.role.subject())
            .map_err(|error| AuthorityError::Key(error.to_string()))?;
        // 1. Serial number and intent.
        let intent = Intent {
            id: CertificateId::new(&*foundation.clock, &*foundation.rng),
            issuer: issuer.to_owned(),
            serial: new.serial.to_hex(),
            profile: profile_word(new.role.profile()).to_owned(),
            subject,
            public_key: pki::sha256(new.signer.public_key_der()),
            key_id: None,
            not_before: new.validity.not_before,
            not_after: new.validity.not_after,
            at: self.now,
            authority: super::EMBEDDED.to_owned(),
            ceremony: None,
            renews: None,
        };
        let mut tx = foundation.store.begin().await?;
        tx.intend_certificate(&intent).await?;
        tx.append_event(intended(&intent)).await?;
        tx.commit().await?;
        // 2. It was linted before it came here. 3. Sign.
        let certificate = linted.issue(signer)?;
        // 4. Certificate and key are on record together.
        let key = AuthorityKey {
            role: new.role.word(),
            private,
            certificate: certificate.der().to_vec(),
            created_at: self.now,
        };
        let mut tx = foundation.store.begin().await?;
        tx.complete_certificate(&intent.serial, certificate.der()).await?;
        tx.put_authority_key(&key).await?;
        tx.append_event(issued(&intent, &certificate, self.now)).await?;
        tx.commit().await?;
        Ok(certificate)
    }

    fn write_trust(&self, keys: &Keys) -> Result<(), AuthorityError> {
        let mut text = keys.root.to_pem();
        text.extend(keys.anchors().iter().filter(|it| **it != keys.root).map(Certificate::to_pem));
        root::write_new(&self.foundation.config.data_dir.join("trust.pem"), text.as_bytes())?;
        Ok(())
    }
}

/// The address of the authority, as the certificates of its CAs have it.
pub(crate) async fn recorded_url(store: &store::Store) -> Result<Option<String>, AuthorityError> {
    for key in store.read().await?.authority_keys().await? {
        if CaId::parse(&key.role).is_some() {
            let urls = Certificate::from_der(&key.certificate)?.crl_urls();
            let found = urls.iter().find_map(|url| url.strip_suffix("/pki/root.crl"));
            if let Some(base) = found {
                return Ok(Some(base.to_owned()));
            }
        }
    }
    Ok(None)
}

/// What an intent says in the log.
pub(crate) fn intended(it: &Intent) -> Append {
    let body = Body::new()
        .with("serial", it.serial.as_str())
        .with("issuer", it.issuer.as_str())
        .with("profile", it.profile.as_str())
        .with("public_key", hex::encode(it.public_key))
        .with("subject", hex::encode(pki::sha256(it.subject.as_bytes())))
        .with("authority", it.authority.as_str())
        .maybe("key", it.key_id.map(|id| id.to_string()))
        .maybe("ceremony", it.ceremony.map(|id| id.to_string()))
        .maybe("renews", it.renews.as_deref());
    event(it.id, "certificate.intended", body, it.at)
}

/// What a certificate says in the log.
pub(crate) fn issued(it: &Intent, certificate: &Certificate, at: Timestamp) -> Append {
    let body = Body::new()
        .with("serial", certificate.serial_hex())
        .with("issuer", it.issuer.as_str())
        .with("profile", it.profile.as_str())
        .with("fingerprint", hex::encode(certificate.fingerprint()));
    event(it.id, "certificate.issued", body, at)
}

/// An event about a certificate, which the authority itself caused.
pub(crate) fn event(id: CertificateId, kind: &'static str, body: Body, at: Timestamp) -> Append {
    Append { at, kind, subject: Some(id.to_string()), actor: Actor::System, body }
}

/// What is above a CA that others certified, nearest first.
fn above(id: CaId, known: &HashMap<String, AuthorityKey>) -> Result<Vec<Certificate>, AuthorityError> {
    let mut found = Vec::new();
    while let Some(key) = known.get(&format!("above/{id}/{}", found.len())) {
        found.push(Certificate::from_der(&key.certificate)?);
    }
    Ok(found)
}

pub(crate) fn opened(key: &AuthorityKey) -> Result<(Certificate, SoftwareSigner), AuthorityError> {
    Ok((Certificate::from_der(&key.certificate)?, opened_key(key)?))
}

pub(crate) fn opened_key(key: &AuthorityKey) -> Result<SoftwareSigner, AuthorityError> {
    let private = key
        .private
        .as_deref()
        .ok_or_else(|| AuthorityError::Key(format!("the key of {} is gone", key.role)))?;
    let pkcs8 = Zeroizing::new(hex::decode(private).map_err(|error| AuthorityError::Key(error.to_string()))?);
    SoftwareSigner::from_pkcs8(&pkcs8).map_err(|error| AuthorityError::Key(error.to_string()))
}

//! Opening the embedded authority: what is missing is made, what is about to expire is renewed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{CertificateId, Draw};
use jiff::Timestamp;
use keys::{ServerKey, field::Place};
use pki::{
    Certificate, Signer as _, SoftwareSigner,
    ca::{IssuanceToken, Issuer},
};
use store::{AuthorityKey, Intent};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::{
    AuthorityError, EmbeddedAuthority, Inner, Keys, crl,
    hierarchy::{self, NewRole, Role, whole_second},
    issue::profile_word,
    tsa,
};
use crate::core::Foundation;

const ROOT_KEY: Place<'static> = Place { table: "authority", column: "root.key", row: "root" };

/// Opens the embedded authority, which is made on the first start. Writes the root to `trust.pem` in the data folder.
///
/// # Errors
/// Where keys cannot be read, made or sealed.
pub async fn open(foundation: &Foundation) -> Result<EmbeddedAuthority, AuthorityError> {
    let setup = Setup { foundation, now: foundation.clock.now() };
    let keys = setup.keys().await?;
    write_new(&foundation.config.data_dir.join("trust.pem"), keys.root.to_pem().as_bytes())?;
    Ok(EmbeddedAuthority(Arc::new(Inner {
        store: foundation.store.clone(),
        clock: Arc::clone(&foundation.clock),
        rng: Arc::clone(&foundation.rng),
        keys,
        crl: Mutex::new(None),
    })))
}

struct Setup<'a> {
    foundation: &'a Foundation,
    now: Timestamp,
}

impl Setup<'_> {
    async fn keys(&self) -> Result<Keys, AuthorityError> {
        let url = self.foundation.config.authority_url.as_deref();
        let mut known = self.known().await?;
        let root = match known.remove(Role::Root.as_str()) {
            Some(key) => Certificate::from_der(&key.certificate)?,
            None => self.make_root().await?,
        };
        let root_issuer = hierarchy::issuer(Role::Root, root.clone(), Vec::new(), url);
        let (issuing_certificate, issuing_signer) = match known.remove(Role::Issuing.as_str()) {
            Some(key) => opened(&key)?,
            None => self.make(Role::Issuing, &root_issuer, &self.root_signer()?).await?,
        };
        let issuing = hierarchy::issuer(Role::Issuing, issuing_certificate, vec![root.clone()], url);
        let mut daily = HashMap::new();
        for role in Role::BELOW_ISSUING {
            let fresh = known.remove(role.as_str()).map(|key| opened(&key)).transpose()?.filter(
                |(certificate, _)| certificate.not_after().duration_since(self.now) > role.renewal_margin(),
            );
            let pair = match fresh {
                Some(pair) => pair,
                None => self.make(role, &issuing, &issuing_signer).await?,
            };
            daily.insert(role, pair);
        }
        let mut take =
            |role| daily.remove(&role).ok_or_else(|| AuthorityError::Key("a role is missing".to_owned()));
        let (tsa_certificate, tsa_signer) = take(Role::TimeStamping)?;
        let (ocsp, ocsp_signer) = take(Role::Ocsp)?;
        let (platform, platform_signer) = take(Role::Platform)?;
        let tsa = pki::tsa::Authority {
            certificate: tsa_certificate,
            chain: vec![issuing.certificate.clone(), root.clone()],
            policy: tsa::POLICY.to_owned(),
            accuracy_ms: tsa::ACCURACY_MS,
        };
        let root_crl = self.root_crl(&root).await?;
        Ok(Keys {
            root,
            root_crl,
            issuing,
            issuing_signer,
            tsa,
            tsa_signer,
            ocsp,
            ocsp_signer,
            platform,
            platform_signer,
        })
    }

    async fn known(&self) -> Result<HashMap<String, AuthorityKey>, AuthorityError> {
        let keys = self.foundation.store.read().await?.authority_keys().await?;
        Ok(keys.into_iter().map(|key| (key.role.clone(), key)).collect())
    }

    /// The root's key goes into a file of its own, so that it can be taken off the machine: nothing but a new issuing
    /// CA and the root's list once a year asks for it.
    async fn make_root(&self) -> Result<Certificate, AuthorityError> {
        let new = NewRole::generate(Role::Root, self.now, &*self.foundation.rng)?;
        let key = &self.foundation.server_key;
        let sealed = keys::field::seal(key, ROOT_KEY, &new.pkcs8, &mut Draw(&*self.foundation.rng));
        let path = self.root_key_path();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        write_new(&path, hex::encode(sealed).as_bytes())?;
        let token = new.prepare(None)?;
        let private = None;
        self.issue(&new, token, &new.signer, private).await
    }

    async fn make(
        &self,
        role: Role,
        issuer: &Issuer,
        signer: &SoftwareSigner,
    ) -> Result<(Certificate, SoftwareSigner), AuthorityError> {
        let new = NewRole::generate(role, self.now, &*self.foundation.rng)?;
        let token = new.prepare(Some(issuer))?;
        let certificate = self.issue(&new, token, signer, Some(hex::encode(&*new.pkcs8))).await?;
        Ok((certificate, new.signer))
    }

    async fn issue(
        &self,
        new: &NewRole,
        linted: IssuanceToken,
        signer: &SoftwareSigner,
        private: Option<String>,
    ) -> Result<Certificate, AuthorityError> {
        let foundation = self.foundation;
        let profile = profile_word(new.role.profile());
        let subject = serde_json::to_string(&new.role.subject())
            .map_err(|error| AuthorityError::Key(error.to_string()))?;
        let issuer = if matches!(new.role, Role::Root | Role::Issuing) { "root" } else { crl::ISSUER };
        // 1. Serial number and intent.
        let intent = Intent {
            id: CertificateId::new(&*foundation.clock, &*foundation.rng),
            issuer: issuer.to_owned(),
            serial: new.serial.to_hex(),
            profile: profile.to_owned(),
            subject,
            public_key: pki::sha256(new.signer.public_key_der()),
            key_id: None,
            not_before: new.validity.not_before,
            not_after: new.validity.not_after,
            at: self.now,
        };
        let mut tx = foundation.store.begin().await?;
        tx.intend_certificate(&intent).await?;
        tx.commit().await?;
        // 2. It was linted before it came here. 3. Sign.
        let certificate = linted.issue(signer)?;
        // 4. Certificate and key are on record together.
        let key = AuthorityKey {
            role: new.role.as_str().to_owned(),
            private,
            certificate: certificate.der().to_vec(),
            created_at: self.now,
        };
        let mut tx = foundation.store.begin().await?;
        tx.complete_certificate(&intent.serial, certificate.der()).await?;
        tx.put_authority_key(&key).await?;
        tx.commit().await?;
        Ok(certificate)
    }

    /// The root's list, signed anew in the second half of its life where the root's key is at hand.
    async fn root_crl(&self, root: &Certificate) -> Result<Vec<u8>, AuthorityError> {
        let store = &self.foundation.store;
        let newest = store.read().await?.newest_crl(Role::Root.as_str()).await?;
        if let Some((der, this_update, next_update)) = newest {
            let half = (next_update.duration_since(this_update)) / 2;
            if self.now.duration_since(this_update) < half || !self.root_key_path().exists() {
                return Ok(der);
            }
        }
        let signer = self.root_signer()?;
        let this_update = whole_second(self.now);
        let next_update = this_update + crl::ROOT_LIFETIME;
        let revoked = crl::entries(store.read().await?.revocations(Role::Root.as_str()).await?)?;
        let mut tx = store.begin().await?;
        let number = tx.next_crl(Role::Root.as_str(), this_update, next_update).await?;
        tx.commit().await?;
        let crl = pki::crl::build(root, &signer, number, this_update, next_update, &revoked)?;
        let mut tx = store.begin().await?;
        tx.complete_crl(Role::Root.as_str(), number, crl.der()).await?;
        tx.commit().await?;
        Ok(crl.der().to_vec())
    }

    fn root_signer(&self) -> Result<SoftwareSigner, AuthorityError> {
        match std::fs::read_to_string(self.root_key_path()) {
            Ok(text) => unsealed(&self.foundation.server_key, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(AuthorityError::RootOffline),
            Err(error) => Err(error.into()),
        }
    }

    fn root_key_path(&self) -> PathBuf {
        self.foundation.config.data_dir.join("authority").join("root.key")
    }
}

fn unsealed(key: &ServerKey, text: &str) -> Result<SoftwareSigner, AuthorityError> {
    let sealed = hex::decode(text.trim()).map_err(|error| AuthorityError::Key(error.to_string()))?;
    let pkcs8 =
        keys::field::open(key, ROOT_KEY, &sealed).map_err(|error| AuthorityError::Key(error.to_string()))?;
    SoftwareSigner::from_pkcs8(&pkcs8).map_err(|error| AuthorityError::Key(error.to_string()))
}

fn opened(key: &AuthorityKey) -> Result<(Certificate, SoftwareSigner), AuthorityError> {
    let private = key
        .private
        .as_deref()
        .ok_or_else(|| AuthorityError::Key(format!("the key of {} is gone", key.role)))?;
    let pkcs8 = Zeroizing::new(hex::decode(private).map_err(|error| AuthorityError::Key(error.to_string()))?);
    let signer =
        SoftwareSigner::from_pkcs8(&pkcs8).map_err(|error| AuthorityError::Key(error.to_string()))?;
    Ok((Certificate::from_der(&key.certificate)?, signer))
}

/// Written beside, synced and renamed: never half a file.
fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let temporary = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)
}

//! The hardware module of the organizations' keys: one token, opened when the server starts, and the keys in it that an
//! administrator bound to companies.

use std::sync::Arc;

use domain::{CreditCode, Refusal};
use evidence::{Actor, Body};
use keys::pkcs11::{KeyChoice, PoolSettings, TokenError, TokenKey, TokenKeyStore, TokenPool};
use keys::{KeyError, SealedKeyStore};
use store::{Append, BoundKey};

use crate::authority;
use crate::core::{Foundation, Service};
use crate::error::{Error, StartError};

/// Opens the token. One that is away may come back; a PIN that is refused stops the server before it locks the token.
pub(crate) async fn open(
    settings: &PoolSettings,
    foundation: &Foundation,
) -> Result<Arc<TokenKeyStore>, StartError> {
    let settings = settings.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let pool = TokenPool::open(settings)?;
        match pool.describe() {
            Ok(found) => {
                tracing::info!(label = found.label, serial = found.serial, "the hardware module is open");
            }
            Err(error) if error.is_away() => tracing::warn!(%error, "the hardware module does not answer"),
            Err(error) => return Err(error),
        }
        Ok(pool)
    });
    let pool = opened.await.unwrap_or_else(|error| Err(TokenError::Device(error.to_string())))?;
    let sealed = SealedKeyStore::new(&foundation.server_key, foundation.config.sealing_cost);
    Ok(Arc::new(TokenKeyStore::new(Arc::new(pool), sealed)))
}

/// A key in the token, as its administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// CKA_LABEL.
    pub label: String,
    /// CKA_ID, hexadecimal.
    pub id: String,
    /// SHA-256 of the public key, hexadecimal.
    pub public_key: String,
    /// The company that it is bound to.
    pub credit_code: String,
    /// Who bound it.
    pub bound_by: String,
    /// Whether it was released.
    pub released: bool,
}

/// The keys that are or were bound to companies.
///
/// # Errors
/// Where storage fails.
pub async fn bound(service: &Service) -> Result<Vec<Entry>, Error> {
    let all = service.store().read().await?.bound_keys().await?;
    Ok(all.iter().map(entry).collect())
}

/// Binds a key that is in the token to a company: the first agent who makes a key there for the company is given this one.
///
/// # Errors
/// [`Error::NotFound`] where `administrator` is none, or no token is configured; a refusal of the domain where the credit code
/// is none; [`Error::Internal`] says what is wrong with the key, or that it or the company is bound already.
pub async fn bind(
    service: &Service,
    credit_code: &str,
    key: KeyChoice,
    administrator: &str,
) -> Result<Entry, Error> {
    let credit_code = CreditCode::parse(credit_code).map_err(Refusal::from)?;
    require_administrator(service, administrator).await?;
    let token = Arc::clone(service.token().ok_or(Error::NotFound)?);
    let found = tokio::task::spawn_blocking(move || token.pool().find(&key)).await?;
    let TokenKey { token, id, label, public_key } = found.map_err(Error::internal)?;
    let now = service.now();
    let bound_by = administrator.to_owned();
    let it =
        BoundKey { token, id, credit_code, label, public_key, bound_by, bound_at: now, released_at: None };
    let entry = entry(&it);
    let mut tx = service.store().begin().await?;
    let sha256 = pki::sha256(&it.public_key);
    // It could never be given to anybody: a key is certified once.
    if tx.is_taken_key(&it.public_key, sha256).await? {
        return Err(Error::internal("the key is somebody's already, or was certified"));
    }
    if tx.intended_subject(sha256).await?.is_some_and(|subject| !names(&subject, &it.credit_code)) {
        return Err(Error::internal("an authority was asked to certify the key for another company"));
    }
    match tx.bind_key(&it).await {
        Err(store::Error::Conflict) => {
            return Err(Error::internal("the key, or the company, is bound already"));
        }
        bound => bound?,
    }
    let body = Body::new()
        .with("credit_code", entry.credit_code.as_str())
        .with("token", it.token.as_str())
        .with("label", it.label.as_str())
        .with("public_key", entry.public_key.as_str())
        .with("administrator", administrator);
    tx.append_event(Append { at: now, kind: "key.bound", subject: None, actor: Actor::System, body }).await?;
    tx.commit().await?;
    Ok(entry)
}

/// Releases the key of a company: nobody is given it any more. Who has it already keeps it; their certificate is revoked as
/// any other is.
///
/// # Errors
/// [`Error::NotFound`] where the company has none, or `administrator` is none.
pub async fn release(service: &Service, credit_code: &str, administrator: &str) -> Result<(), Error> {
    let credit_code = CreditCode::parse(credit_code).map_err(Refusal::from)?;
    require_administrator(service, administrator).await?;
    let now = service.now();
    let mut tx = service.store().begin().await?;
    if !tx.release_key(&credit_code, now).await? {
        return Err(Error::NotFound);
    }
    let body = Body::new().with("credit_code", credit_code.as_str()).with("administrator", administrator);
    tx.append_event(Append { at: now, kind: "key.released", subject: None, actor: Actor::System, body })
        .await?;
    Ok(tx.commit().await?)
}

async fn require_administrator(service: &Service, email: &str) -> Result<(), Error> {
    let all = authority::administrators(service).await?;
    if all.iter().any(|known| known.eq_ignore_ascii_case(email)) { Ok(()) } else { Err(Error::NotFound) }
}

/// The key that is given to an agent: the one that is bound to the company, where nobody has it yet.
pub(crate) fn given(store: &TokenKeyStore, bound: &BoundKey) -> Result<TokenKey, KeyError> {
    let found = store.pool().find(&KeyChoice::Id(bound.id.clone())).map_err(|error| match error {
        error if error.is_away() => KeyError::Away(error.to_string()),
        error => KeyError::Failed(error.to_string()),
    })?;
    if found.token != bound.token || found.public_key != bound.public_key {
        return Err(KeyError::Failed("the key in the token is not the one that was bound".to_owned()));
    }
    Ok(found)
}

/// Whether the subject of an intent, as JSON, is this company.
fn names(subject: &str, company: &CreditCode) -> bool {
    let subject = serde_json::from_str::<pki::ca::Subject>(subject).unwrap_or_default();
    subject.organization_identifier.is_some_and(|it| it == format!("NTRCN-{company}"))
}

fn entry(it: &BoundKey) -> Entry {
    Entry {
        label: it.label.clone(),
        id: hex::encode(&it.id),
        public_key: hex::encode(pki::sha256(&it.public_key)),
        credit_code: it.credit_code.as_str().to_owned(),
        bound_by: it.bound_by.clone(),
        released: it.released_at.is_some(),
    }
}

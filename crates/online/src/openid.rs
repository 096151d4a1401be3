//! Asking OpenID providers: their description, their keys, their token end point (OpenID Connect Core 1.0, Discovery 1.0).
//!
//! What of the answers is believed is for [`oidc`] to say. Descriptions and keys are kept for a while; where a token names
//! a key that is not among them, they are fetched anew, since providers change their keys (Core §10.1.1).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oidc::{
    Claims, DiscoveryError, Exchange, ExchangeError, Expected, Issuer, Jwks, JwksError, Metadata, Refused,
    Tokens,
};

use crate::call::{Call, Caller, Reply};
use crate::error::Fault;

const DESCRIPTION_BYTES: usize = 256 * 1024;
const KEYS_BYTES: usize = 256 * 1024;
const TOKENS_BYTES: usize = 128 * 1024;
const JSON: [(&str, &str); 1] = [("Accept", "application/json")];
const ANSWER: Duration = Duration::from_secs(10);
/// How long a description and keys are kept.
const KEPT: SignedDuration = SignedDuration::from_mins(10);
/// Keys this young are not fetched anew for a token whose key is not among them: anyone can make such tokens.
const YOUNG: SignedDuration = SignedDuration::from_secs(5);
/// Providers that are remembered at once.
const MOST: usize = 256;

/// The relying party's network side. Made once and shared between threads; every method blocks.
pub struct RelyingParty {
    caller: Caller,
    described: Mutex<HashMap<String, (Timestamp, Arc<Metadata>)>>,
    keys: Mutex<HashMap<String, (Timestamp, Arc<Jwks>)>>,
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelyingParty").field("caller", &self.caller).finish_non_exhaustive()
    }
}

/// Why a provider was of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenIdError {
    /// It could not be asked, or did not answer.
    #[error("{what}: {fault}")]
    Unanswered {
        /// What was asked for.
        what: &'static str,
        /// Why.
        fault: Fault,
    },
    /// Its description is of no use.
    #[error(transparent)]
    Description(#[from] DiscoveryError),
    /// Its keys are of no use.
    #[error(transparent)]
    Keys(#[from] JwksError),
    /// It did not trade the code.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// Its token is not believed.
    #[error(transparent)]
    Token(#[from] Refused),
}

/// A code that was redeemed for a token that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redeemed {
    /// What it says.
    pub claims: Claims,
    /// The ID token, as it came.
    pub id_token: String,
}

impl RelyingParty {
    /// Asks with `caller`.
    #[must_use]
    pub fn new(caller: Caller) -> Self {
        Self { caller, described: Mutex::default(), keys: Mutex::default() }
    }

    /// A provider's description, of the last minutes.
    ///
    /// # Errors
    /// Where neither place has one, or it is of no use.
    pub fn describe(&self, issuer: &Issuer, now: Timestamp) -> Result<Arc<Metadata>, OpenIdError> {
        if let Some(kept) = kept(&self.described, issuer.as_str(), now, KEPT) {
            return Ok(kept);
        }
        let [first, second] = issuer.well_known();
        let mut reply = self.get(&first, &JSON, "the description", DESCRIPTION_BYTES)?;
        if reply.status == 404 {
            reply = self.get(&second, &JSON, "the description", DESCRIPTION_BYTES)?;
        }
        let metadata = Arc::new(Metadata::from_json(&body(reply, "the description")?, issuer)?);
        keep(&self.described, issuer.as_str(), now, &metadata);
        Ok(metadata)
    }

    /// Trades a code and judges the ID token. The code is sent once, whatever comes of it: it is good once.
    ///
    /// # Errors
    /// Where the provider does not answer or does not trade, or the token does not hold.
    pub fn redeem(
        &self,
        metadata: &Metadata,
        exchange: &Exchange<'_>,
        expected: &Expected<'_>,
    ) -> Result<Redeemed, OpenIdError> {
        let request = exchange.request(metadata)?;
        let mut headers =
            vec![("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")];
        headers.extend(request.authorization.as_deref().map(|it| ("Authorization", it)));
        let call = Call {
            url: &metadata.token_endpoint,
            body: request.body.as_bytes(),
            headers: &headers,
            limit: TOKENS_BYTES,
            time: ANSWER,
        };
        let reply = self.caller.call(&call).map_err(|fault| unanswered("the token end point", fault))?;
        if reply.status >= 500 {
            return Err(unanswered("the token end point", status(&reply)));
        }
        let tokens = Tokens::from_answer(reply.status, &reply.body)?;
        let expected = Expected { access_token: Some(&tokens.access_token), ..expected.clone() };
        let mut claims = self.judge(metadata, &tokens.id_token, &expected)?;
        // Most providers tell the address there alone (Core §5.4).
        if let (false, Some(url)) = (claims.has_email, &metadata.userinfo_endpoint) {
            let bearer = format!("Bearer {}", tokens.access_token);
            let headers = [("Accept", "application/json"), ("Authorization", bearer.as_str())];
            let reply = self.get(url, &headers, "the userinfo", TOKENS_BYTES)?;
            claims.add_userinfo(&body(reply, "the userinfo")?)?;
        }
        Ok(Redeemed { claims, id_token: tokens.id_token })
    }

    fn judge(
        &self,
        metadata: &Metadata,
        token: &str,
        expected: &Expected<'_>,
    ) -> Result<Claims, OpenIdError> {
        let now = expected.now;
        let keys = match kept(&self.keys, &metadata.jwks_uri, now, KEPT) {
            Some(keys) => keys,
            None => self.fetch_keys(metadata, now)?,
        };
        match expected.judge(token, &keys) {
            // The provider may have changed its keys since.
            Err(Refused::KeyUnknown) if kept(&self.keys, &metadata.jwks_uri, now, YOUNG).is_none() => {
                Ok(expected.judge(token, &*self.fetch_keys(metadata, now)?)?)
            }
            judged => Ok(judged?),
        }
    }

    fn fetch_keys(&self, metadata: &Metadata, now: Timestamp) -> Result<Arc<Jwks>, OpenIdError> {
        let reply = self.get(&metadata.jwks_uri, &JSON, "the keys", KEYS_BYTES)?;
        let keys = Arc::new(Jwks::from_json(&body(reply, "the keys")?)?);
        keep(&self.keys, &metadata.jwks_uri, now, &keys);
        Ok(keys)
    }

    fn get(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        what: &'static str,
        limit: usize,
    ) -> Result<Reply, OpenIdError> {
        let call = Call { url, body: &[], headers, limit, time: ANSWER };
        self.caller.get(&call).map_err(|fault| unanswered(what, fault))
    }
}

fn unanswered(what: &'static str, fault: Fault) -> OpenIdError {
    OpenIdError::Unanswered { what, fault }
}

fn status(reply: &Reply) -> Fault {
    Fault::Status { status: reply.status, retry_after: reply.retry_after }
}

fn body(reply: Reply, what: &'static str) -> Result<Vec<u8>, OpenIdError> {
    if reply.status == 200 { Ok(reply.body) } else { Err(unanswered(what, status(&reply))) }
}

type Kept<T> = Mutex<HashMap<String, (Timestamp, Arc<T>)>>;

fn lock<T>(of: &Kept<T>) -> MutexGuard<'_, HashMap<String, (Timestamp, Arc<T>)>> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was kept less than `age` ago. A clock that was put back makes nothing young.
fn kept<T>(of: &Kept<T>, name: &str, now: Timestamp, age: SignedDuration) -> Option<Arc<T>> {
    let kept = lock(of);
    let (at, value) = kept.get(name)?;
    let old = now.duration_since(*at);
    (SignedDuration::ZERO..age).contains(&old).then(|| Arc::clone(value))
}

fn keep<T>(of: &Kept<T>, name: &str, now: Timestamp, value: &Arc<T>) {
    let mut kept = lock(of);
    if kept.len() >= MOST && !kept.contains_key(name) {
        kept.clear();
    }
    kept.insert(name.to_owned(), (now, Arc::clone(value)));
}

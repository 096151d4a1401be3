//! The ID token, judged (Core §2 and §3.1.3.7).

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Number, Value};
use subtle::ConstantTimeEq;

use crate::discovery::Issuer;
use crate::jwk::Jwks;
use crate::jws::Jws;

/// What a token must be for.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    /// Who was asked.
    pub issuer: &'a Issuer,
    /// Who asked.
    pub client_id: &'a str,
    /// The nonce of the request.
    pub nonce: &'a str,
    /// The access token that came along, for `at_hash`.
    pub access_token: Option<&'a str>,
    /// Where not empty: one of these must be the `acr`.
    pub acr_values: &'a [String],
    /// Where given, the person must have been authenticated within it.
    pub max_age: Option<SignedDuration>,
    /// The time.
    pub now: Timestamp,
    /// How far the provider's clock may be off.
    pub skew: SignedDuration,
    /// A token that was issued longer ago is refused: it is not the answer to what was just asked.
    pub oldest: SignedDuration,
}

/// What a token says that was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Whom, at this issuer and never again for anybody else.
    pub subject: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it was good.
    pub expires_at: Timestamp,
    /// When the person was authenticated, where it is said.
    pub auth_time: Option<Timestamp>,
    /// How strongly, in the provider's own word.
    pub acr: Option<String>,
    /// By what means (RFC 8176).
    pub amr: Vec<String>,
    /// An address that the provider has verified; one that it has not is left out.
    pub verified_email: Option<String>,
    /// Whether there was an address, verified or not.
    pub has_email: bool,
    /// The name in the directory.
    pub name: Option<String>,
}

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Not a signed token with the claims' shapes.
    #[error("the token cannot be read")]
    Malformed,
    /// `none`, HS256, or another algorithm that is not taken.
    #[error("the token's algorithm {found} is not taken")]
    Algorithm {
        /// Its name.
        found: String,
    },
    /// An extension that must be understood, and is not.
    #[error("the token needs an extension")]
    Critical,
    /// Another kind of token, such as an access token.
    #[error("the token is a {found}")]
    Type {
        /// `typ`.
        found: String,
    },
    /// No key of this id and for this algorithm.
    #[error("the token's key is not among the provider's")]
    KeyUnknown,
    /// No key is named, and several would fit.
    #[error("the token names no key, and the provider has several")]
    KeyAmbiguous,
    /// The key is for another algorithm.
    #[error("the token's key is for another algorithm")]
    KeyAlgorithm,
    /// The key is too short, or no sound key.
    #[error("the token's key proves nothing")]
    WeakKey,
    /// The signature is not the key's.
    #[error("the token's signature is wrong")]
    Signature,
    /// A claim that must be there is not.
    #[error("the token has no {name}")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// Another issuer's.
    #[error("the token is another issuer's")]
    Issuer,
    /// For another client.
    #[error("the token is for another client")]
    Audience,
    /// For this client among others, and not made out to it.
    #[error("the token is made out to another client")]
    AuthorizedParty,
    /// Of another request: perhaps an old token again.
    #[error("the token is not the answer to this request")]
    Nonce,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Issued, or valid from, later than now.
    #[error("the token is from the future")]
    Future,
    /// Issued long before it was asked for.
    #[error("the token was issued long ago")]
    Old,
    /// It does not go with the access token.
    #[error("the token does not belong to the access token")]
    AccessToken,
    /// Authenticated less strongly than was asked for.
    #[error("the person was not authenticated as strongly as asked")]
    Acr,
    /// Authenticated longer ago than was asked for.
    #[error("the person was authenticated too long ago")]
    AuthTime,
    /// The UserInfo end point told of somebody else, or what cannot be read.
    #[error("the userinfo is not about the token's person")]
    UserInfo,
}

impl Refused {
    /// A word that never changes, for records and texts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Algorithm { .. } => "algorithm",
            Self::Critical => "critical",
            Self::Type { .. } => "type",
            Self::KeyUnknown => "key_unknown",
            Self::KeyAmbiguous => "key_ambiguous",
            Self::KeyAlgorithm => "key_algorithm",
            Self::WeakKey => "weak_key",
            Self::Signature => "signature",
            Self::Missing { .. } => "missing",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::AuthorizedParty => "authorized_party",
            Self::Nonce => "nonce",
            Self::Expired => "expired",
            Self::Future => "future",
            Self::Old => "old",
            Self::AccessToken => "access_token",
            Self::Acr => "acr",
            Self::AuthTime => "auth_time",
            Self::UserInfo => "userinfo",
        }
    }
}

/// The claims as they stand. Members that come twice are refused.
#[derive(Deserialize)]
struct Payload {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Value>,
    azp: Option<String>,
    exp: Option<Number>,
    iat: Option<Number>,
    nbf: Option<Number>,
    auth_time: Option<Number>,
    nonce: Option<String>,
    acr: Option<String>,
    amr: Option<Vec<String>>,
    at_hash: Option<String>,
    email: Option<String>,
    email_verified: Option<Value>,
    name: Option<String>,
}

impl Expected<'_> {
    /// Judges a token: its signature first, then claim by claim.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn judge(&self, token: &str, keys: &Jwks) -> Result<Claims, Refused> {
        let jws = Jws::parse(token)?;
        let json = jws.verify(keys)?;
        // Claims that are passed over must be JSON too: what a program finds in a broken token is its own affair.
        serde_json::from_slice::<Value>(json).map_err(|_| Refused::Malformed)?;
        let payload: Payload = serde_json::from_slice(json).map_err(|_| Refused::Malformed)?;
        if payload.iss.as_deref().ok_or(Refused::Missing { name: "iss" })? != self.issuer.as_str() {
            return Err(Refused::Issuer);
        }
        self.check_audience(&payload)?;
        let nonce = payload.nonce.as_deref().ok_or(Refused::Missing { name: "nonce" })?;
        if !bool::from(nonce.as_bytes().ct_eq(self.nonce.as_bytes())) {
            return Err(Refused::Nonce);
        }
        let (issued_at, expires_at) = self.check_times(&payload)?;
        if let (Some(hash), Some(token)) = (&payload.at_hash, self.access_token)
            && *hash != jws.algorithm().half_hash(token)
        {
            return Err(Refused::AccessToken);
        }
        let acr = payload.acr.as_ref();
        if !self.acr_values.is_empty() && !acr.is_some_and(|acr| self.acr_values.contains(acr)) {
            return Err(Refused::Acr);
        }
        let auth_time = self.check_auth_time(&payload)?;
        payload.claims(issued_at, expires_at, auth_time)
    }

    /// Every audience must be us; where there are others too, the token must be made out to us (§3.1.3.7, 3 to 5).
    fn check_audience(&self, payload: &Payload) -> Result<(), Refused> {
        let ours = |value: &Value| value.as_str() == Some(self.client_id);
        let (among, alone) = match payload.aud.as_ref().ok_or(Refused::Missing { name: "aud" })? {
            Value::Array(list) => (list.iter().any(ours), list.len() == 1),
            one => (ours(one), true),
        };
        match payload.azp.as_deref() {
            _ if !among => Err(Refused::Audience),
            Some(azp) if azp != self.client_id => Err(Refused::AuthorizedParty),
            None if !alone => Err(Refused::AuthorizedParty),
            _ => Ok(()),
        }
    }

    fn check_times(&self, payload: &Payload) -> Result<(Timestamp, Timestamp), Refused> {
        let expires_at = required(payload.exp.as_ref(), "exp")?;
        let issued_at = required(payload.iat.as_ref(), "iat")?;
        if later(expires_at, self.skew) <= self.now {
            return Err(Refused::Expired);
        }
        let latest = later(self.now, self.skew);
        if issued_at > latest || optional(payload.nbf.as_ref())?.is_some_and(|nbf| nbf > latest) {
            return Err(Refused::Future);
        }
        if later(later(issued_at, self.oldest), self.skew) < self.now {
            return Err(Refused::Old);
        }
        Ok((issued_at, expires_at))
    }

    fn check_auth_time(&self, payload: &Payload) -> Result<Option<Timestamp>, Refused> {
        let auth_time = optional(payload.auth_time.as_ref())?;
        if auth_time.is_some_and(|at| at > later(self.now, self.skew)) {
            return Err(Refused::Future);
        }
        let Some(max_age) = self.max_age else { return Ok(auth_time) };
        let at = auth_time.ok_or(Refused::Missing { name: "auth_time" })?;
        if later(later(at, max_age), self.skew) < self.now {
            return Err(Refused::AuthTime);
        }
        Ok(auth_time)
    }
}

impl Payload {
    fn claims(
        self,
        issued_at: Timestamp,
        expires_at: Timestamp,
        auth_time: Option<Timestamp>,
    ) -> Result<Claims, Refused> {
        let subject = self.sub.filter(|sub| !sub.is_empty()).ok_or(Refused::Missing { name: "sub" })?;
        if subject.len() > 255 {
            return Err(Refused::Malformed);
        }
        Ok(Claims {
            subject,
            issued_at,
            expires_at,
            auth_time,
            acr: self.acr.as_deref().map(short),
            amr: self.amr.iter().flatten().take(16).map(|it| short(it)).collect(),
            has_email: self.email.is_some(),
            verified_email: verified(self.email, self.email_verified.as_ref()),
            name: self.name.as_deref().map(short),
        })
    }
}

impl Claims {
    /// Adds name and address out of the UserInfo end point's answer, where it is about the same person (Core §5.3.2). It is
    /// not signed: what it says is worth the connection it came over.
    ///
    /// # Errors
    /// [`Refused::UserInfo`]; nothing is added then.
    pub fn add_userinfo(&mut self, json: &[u8]) -> Result<(), Refused> {
        let it: UserInfo = serde_json::from_slice(json).map_err(|_| Refused::UserInfo)?;
        if it.sub != self.subject {
            return Err(Refused::UserInfo);
        }
        self.has_email = it.email.is_some();
        self.verified_email = verified(it.email, it.email_verified.as_ref());
        self.name = self.name.take().or(it.name.as_deref().map(short));
        Ok(())
    }
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    email: Option<String>,
    email_verified: Option<Value>,
    name: Option<String>,
}

/// An address that the provider says it has verified. Some write the truth as a string.
fn verified(email: Option<String>, flag: Option<&Value>) -> Option<String> {
    let verified = match flag {
        Some(Value::Bool(verified)) => *verified,
        Some(Value::String(text)) => text == "true",
        _ => false,
    };
    email.filter(|email| verified && email.len() <= 320)
}

fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

fn required(number: Option<&Number>, name: &'static str) -> Result<Timestamp, Refused> {
    optional(number)?.ok_or(Refused::Missing { name })
}

/// Seconds since 1970 (RFC 7519 §2); a fraction is cut off.
fn optional(number: Option<&Number>) -> Result<Option<Timestamp>, Refused> {
    let Some(number) = number else { return Ok(None) };
    let text = number.to_string();
    let whole = text.split('.').next().unwrap_or_default();
    let seconds: i64 = whole.parse().map_err(|_| Refused::Malformed)?;
    Timestamp::from_second(seconds).map(Some).map_err(|_| Refused::Malformed)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

//! Passkeys: registering them, and judging what they sign (W3C Web Authentication, Level 3).
//!
//! A passkey never leaves its authenticator. What it signs covers a challenge that we choose; where the challenge is an
//! activation's digest ([`crate::Activation::digest`]), the assertion proves that whoever holds the authenticator, and
//! unlocked it (user verification is always required), agreed to exactly that signature. [`Assertion`] is plain bytes:
//! kept as evidence, it verifies without us and for ever.
//!
//! ```
//! use vermilion_keys::passkey::{AssertionResponse, Passkey, PasskeyError, RelyingParty, Sighting};
//! # fn example(passkey: &mut Passkey, from_browser: &str, digest: [u8; 32]) -> Result<(), PasskeyError> {
//! let us = RelyingParty::new("sign.example.com", ["https://sign.example.com"]);
//! let response = AssertionResponse::from_json(from_browser)?;
//! let seen: Sighting = response.assertion.verify(&us, passkey, &digest)?;
//! passkey.note(seen)?; // a counter that does not go up betrays a cloned authenticator
//! # Ok(())
//! # }
//! ```

mod attestation;
mod authenticator_data;
mod client_data;
mod cose;
mod response;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use pki::SignatureAlgorithm;
use serde::{Deserialize, Serialize};

pub use response::{AssertionResponse, Registration, RegistrationResponse};

use authenticator_data::AuthenticatorData;
use client_data::Ceremony;

/// The longest credential id (§7.1 step 25).
const MAX_CREDENTIAL_ID: usize = 1023;

/// Who asks for passkeys: us, as browsers know us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelyingParty {
    /// The domain that passkeys belong to (`sign.example.com`), without scheme and port (§4, RP ID).
    pub id: String,
    /// The origins that may ask: `https://sign.example.com`.
    pub origins: Vec<String>,
}

impl RelyingParty {
    /// A relying party under the domain `id`, asked from `origins`.
    #[must_use]
    pub fn new<O: Into<String>>(id: impl Into<String>, origins: impl IntoIterator<Item = O>) -> Self {
        Self { id: id.into(), origins: origins.into_iter().map(Into::into).collect() }
    }

    /// Judges a registration over `challenge` (§7.1).
    ///
    /// # Errors
    /// [`PasskeyError`] says which step failed. Attestation is taken as `none` or as self attestation: who made the
    /// authenticator is not asked.
    pub fn register(
        &self,
        challenge: &[u8],
        response: &RegistrationResponse,
    ) -> Result<Passkey, PasskeyError> {
        client_data::check(&response.client_data_json, Ceremony::Create, challenge, self)?;
        let (data, format) = attestation::verify(&response.attestation_object, &response.client_data_json)?;
        self.check(&data)?;
        let none = PasskeyError::Malformed("no credential in the authenticator data");
        let credential = data.credential.as_ref().ok_or(none)?;
        if response.credential_id != credential.id {
            return Err(PasskeyError::OtherCredential);
        }
        if credential.id.is_empty() || credential.id.len() > MAX_CREDENTIAL_ID {
            return Err(PasskeyError::Malformed("the credential id is empty or too long"));
        }
        Ok(Passkey {
            credential_id: credential.id.to_vec(),
            public_key: credential.key.public_key_der.clone(),
            algorithm: credential.key.algorithm,
            sign_count: data.sign_count,
            aaguid: credential.aaguid,
            backup_eligible: data.backup_eligible(),
            backed_up: data.backed_up(),
            attestation: format,
            prf: response.prf_enabled,
        })
    }

    /// What holds for every ceremony (§7.1 steps 13 to 17, §7.2 steps 15 to 19).
    fn check(&self, data: &AuthenticatorData<'_>) -> Result<(), PasskeyError> {
        if data.rp_id_hash != pki::sha256(self.id.as_bytes()) {
            return Err(PasskeyError::OtherRelyingParty);
        }
        if !data.user_present() {
            return Err(PasskeyError::UserNotPresent);
        }
        if !data.user_verified() {
            return Err(PasskeyError::UserNotVerified);
        }
        if data.backed_up() && !data.backup_eligible() {
            return Err(PasskeyError::Malformed("backed up without being eligible for it"));
        }
        Ok(())
    }
}

/// A registered passkey: its public half, and what its authenticator told of itself. JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// What the authenticator calls it.
    #[serde(with = "base64url")]
    pub credential_id: Vec<u8>,
    /// SubjectPublicKeyInfo, DER; hexadecimal in JSON.
    #[serde(with = "hex::serde")]
    pub public_key: Vec<u8>,
    /// The algorithm in which it signs.
    pub algorithm: SignatureAlgorithm,
    /// Its counter when last seen; 0 where the authenticator does not count.
    pub sign_count: u32,
    /// The authenticator's model; zeros where it does not tell.
    #[serde(with = "hex::serde")]
    pub aaguid: [u8; 16],
    /// Whether it may be synchronised to other devices of its holder.
    pub backup_eligible: bool,
    /// Whether it is.
    pub backed_up: bool,
    /// How it was attested.
    pub attestation: Attestation,
    /// Whether it can evaluate a pseudo-random function (§10.1.4).
    pub prf: bool,
}

impl Passkey {
    /// SHA-256 over credential id and public key, each behind its length: names this passkey in an activation, a
    /// certificate or a record.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut bytes = Vec::with_capacity(self.credential_id.len() + self.public_key.len() + 8);
        for part in [&self.credential_id, &self.public_key] {
            let length = u32::try_from(part.len()).expect("ids and public keys are short");
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(part);
        }
        pki::sha256(&bytes)
    }

    /// Takes note of where the counter stands (§7.2 step 22) and whether the passkey is backed up.
    ///
    /// # Errors
    /// [`PasskeyError::Cloned`] where a counter that counts did not go up: another copy of it signs elsewhere.
    pub fn note(&mut self, seen: Sighting) -> Result<(), PasskeyError> {
        let counts = seen.sign_count != 0 || self.sign_count != 0;
        if counts && seen.sign_count <= self.sign_count {
            return Err(PasskeyError::Cloned { stored: self.sign_count, seen: seen.sign_count });
        }
        self.sign_count = seen.sign_count;
        self.backed_up = seen.backed_up;
        Ok(())
    }
}

/// How a new passkey was attested (§6.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attestation {
    /// Not at all.
    None,
    /// With its own key: the registration is whole, its origin unknown.
    Itself,
}

/// What an authenticator signed: evidence, complete but for the passkey's public key. JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// What the browser collected: type, challenge, origin (§5.8.1), byte for byte.
    #[serde(with = "base64url")]
    pub client_data_json: Vec<u8>,
    /// What the authenticator says of itself (§6.1), byte for byte.
    #[serde(with = "base64url")]
    pub authenticator_data: Vec<u8>,
    /// Over authenticator data and SHA-256 of the client data.
    #[serde(with = "base64url")]
    pub signature: Vec<u8>,
}

/// What a good assertion tells besides being good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The authenticator's counter.
    pub sign_count: u32,
    /// Whether the passkey is backed up now.
    pub backed_up: bool,
}

impl Registration {
    /// Judges whether this is how `passkey` was registered with `us`: the attestation object is about it, to the byte. Over
    /// which challenge that was nobody can tell later.
    ///
    /// # Errors
    /// [`PasskeyError`] says what does not fit.
    pub fn shows(&self, us: &RelyingParty, passkey: &Passkey) -> Result<(), PasskeyError> {
        let (data, _) = attestation::verify(&self.attestation_object, &self.client_data_json)?;
        us.check(&data)?;
        let none = PasskeyError::Malformed("no credential in the authenticator data");
        let credential = data.credential.as_ref().ok_or(none)?;
        if credential.id != passkey.credential_id || credential.key.public_key_der != passkey.public_key {
            return Err(PasskeyError::OtherCredential);
        }
        Ok(())
    }
}

impl Assertion {
    /// Judges the assertion (§7.2): `passkey` signed `challenge`, asked from an origin of `us`, its holder present and
    /// verified. What [`Passkey::note`] does is left to whoever keeps the passkey: an old assertion stays good evidence.
    ///
    /// # Errors
    /// [`PasskeyError`] says which step failed.
    pub fn verify(
        &self,
        us: &RelyingParty,
        passkey: &Passkey,
        challenge: &[u8],
    ) -> Result<Sighting, PasskeyError> {
        client_data::check(&self.client_data_json, Ceremony::Get, challenge, us)?;
        let data = AuthenticatorData::parse(&self.authenticator_data)?;
        us.check(&data)?;
        if data.backup_eligible() != passkey.backup_eligible {
            return Err(PasskeyError::OtherCredential);
        }
        let mut message = self.authenticator_data.clone();
        message.extend_from_slice(&pki::sha256(&self.client_data_json));
        pki::verify(&passkey.public_key, passkey.algorithm, &message, &self.signature)
            .map_err(|_| PasskeyError::Signature)?;
        Ok(Sighting { sign_count: data.sign_count, backed_up: data.backed_up() })
    }
}

/// Why a registration or an assertion is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasskeyError {
    /// Not what a browser sends.
    #[error("the passkey's answer is malformed: {0}")]
    Malformed(&'static str),
    /// Of another ceremony: an assertion where a registration is due, or the other way round.
    #[error("the passkey's answer belongs to another ceremony")]
    OtherCeremony,
    /// Over another challenge: an old answer, or one made for something else.
    #[error("the passkey signed another challenge")]
    OtherChallenge,
    /// Asked for by another site.
    #[error("the passkey was asked from {origin}, which is not ours")]
    OtherOrigin {
        /// Where the browser says it was.
        origin: String,
    },
    /// Asked for from within a frame of another site.
    #[error("the passkey was asked from within another site's frame")]
    Framed,
    /// Made for another domain.
    #[error("the passkey belongs to another domain")]
    OtherRelyingParty,
    /// Another passkey than the one expected.
    #[error("the answer comes from another passkey")]
    OtherCredential,
    /// Nobody touched the authenticator.
    #[error("nobody was present at the authenticator")]
    UserNotPresent,
    /// The authenticator did not verify who touched it (PIN, finger, face).
    #[error("the authenticator did not verify its holder")]
    UserNotVerified,
    /// An attestation or key of a kind that is not handled.
    #[error("unsupported {what}: {found}")]
    Unsupported {
        /// The field.
        what: &'static str,
        /// What it holds.
        found: String,
    },
    /// The signature does not verify.
    #[error("the passkey's signature does not verify")]
    Signature,
    /// The counter did not go up.
    #[error("the passkey's counter went from {stored} to {seen}: there may be a copy of it")]
    Cloned {
        /// The counter on record.
        stored: u32,
        /// The counter in the assertion.
        seen: u32,
    },
}

/// base64url without padding (RFC 4648 §5), as browsers write it in JSON.
mod base64url {
    use super::{Engine, URL_SAFE_NO_PAD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        URL_SAFE_NO_PAD.decode(text.as_bytes()).map_err(D::Error::custom)
    }
}

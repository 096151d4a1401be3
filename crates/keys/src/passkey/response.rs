//! What a browser sends: `PublicKeyCredential.toJSON()` (§5.1, RegistrationResponseJSON and AuthenticationResponseJSON).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Assertion, PasskeyError, base64url};

/// A new passkey, to be judged by [`super::RelyingParty::register`].
#[derive(Clone)]
pub struct RegistrationResponse {
    /// The credential's id as the browser names it.
    pub credential_id: Vec<u8>,
    /// `clientDataJSON`, byte for byte.
    pub client_data_json: Vec<u8>,
    /// `attestationObject`, byte for byte.
    pub attestation_object: Vec<u8>,
    /// Whether the authenticator says that it has a pseudo-random function (`prf.enabled`). The browser reports it;
    /// nothing signs it, and nothing rests on it but whether the function is asked for.
    pub prf_enabled: bool,
    /// The output of the pseudo-random function, where the authenticator gives it at once. A secret.
    pub prf: Option<Zeroizing<[u8; 32]>>,
}

impl std::fmt::Debug for RegistrationResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegistrationResponse").field("prf_enabled", &self.prf_enabled).finish_non_exhaustive()
    }
}

/// A registration as evidence: what the browser and the authenticator said, byte for byte. JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// `clientDataJSON`.
    #[serde(with = "base64url")]
    pub client_data_json: Vec<u8>,
    /// `attestationObject`.
    #[serde(with = "base64url")]
    pub attestation_object: Vec<u8>,
}

/// What a passkey signed, and what came along.
pub struct AssertionResponse {
    /// Which passkey signed.
    pub credential_id: Vec<u8>,
    /// What it signed: to be judged by [`Assertion::verify`], and kept.
    pub assertion: Assertion,
    /// The output of the pseudo-random function (`prf.results.first`) where it was asked for. A secret.
    pub prf: Option<Zeroizing<[u8; 32]>>,
}

impl std::fmt::Debug for AssertionResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AssertionResponse").field("assertion", &self.assertion).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential<R> {
    #[serde(with = "base64url")]
    raw_id: Vec<u8>,
    r#type: String,
    response: R,
    #[serde(default)]
    client_extension_results: Extensions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attested {
    #[serde(rename = "clientDataJSON", with = "base64url")]
    client_data_json: Vec<u8>,
    #[serde(with = "base64url")]
    attestation_object: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asserted {
    #[serde(rename = "clientDataJSON", with = "base64url")]
    client_data_json: Vec<u8>,
    #[serde(with = "base64url")]
    authenticator_data: Vec<u8>,
    #[serde(with = "base64url")]
    signature: Vec<u8>,
}

#[derive(Default, Deserialize)]
struct Extensions {
    prf: Option<Prf>,
}

#[derive(Deserialize)]
struct Prf {
    #[serde(default)]
    enabled: bool,
    results: Option<PrfResults>,
}

#[derive(Deserialize)]
struct PrfResults {
    first: String,
}

impl RegistrationResponse {
    /// Reads what the browser sent.
    ///
    /// # Errors
    /// [`PasskeyError::Malformed`].
    pub fn from_json(json: &str) -> Result<Self, PasskeyError> {
        let it: Credential<Attested> = credential(json)?;
        Ok(Self {
            credential_id: it.raw_id,
            client_data_json: it.response.client_data_json,
            attestation_object: it.response.attestation_object,
            prf_enabled: it.client_extension_results.prf.as_ref().is_some_and(|prf| prf.enabled),
            prf: output(it.client_extension_results)?,
        })
    }

    /// What of it is kept as evidence.
    #[must_use]
    pub fn registration(&self) -> Registration {
        Registration {
            client_data_json: self.client_data_json.clone(),
            attestation_object: self.attestation_object.clone(),
        }
    }
}

impl AssertionResponse {
    /// Reads what the browser sent.
    ///
    /// # Errors
    /// [`PasskeyError::Malformed`].
    pub fn from_json(json: &str) -> Result<Self, PasskeyError> {
        let it: Credential<Asserted> = credential(json)?;
        Ok(Self {
            credential_id: it.raw_id,
            assertion: Assertion {
                client_data_json: it.response.client_data_json,
                authenticator_data: it.response.authenticator_data,
                signature: it.response.signature,
            },
            prf: output(it.client_extension_results)?,
        })
    }
}

fn credential<R: for<'de> Deserialize<'de>>(json: &str) -> Result<Credential<R>, PasskeyError> {
    const BAD: PasskeyError = PasskeyError::Malformed("not the JSON of a passkey");
    let it: Credential<R> = serde_json::from_str(json).map_err(|_| BAD)?;
    if it.r#type == "public-key" { Ok(it) } else { Err(BAD) }
}

/// The function's output, where there is one.
fn output(extensions: Extensions) -> Result<Option<Zeroizing<[u8; 32]>>, PasskeyError> {
    let results = extensions.prf.and_then(|prf| prf.results);
    results.map(|results| secret(&Zeroizing::new(results.first))).transpose()
}

/// Exactly 32 bytes (§10.1.4).
fn secret(text: &str) -> Result<Zeroizing<[u8; 32]>, PasskeyError> {
    let mut bytes = Zeroizing::new([0; 32]);
    match URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) {
        Ok(32) => Ok(bytes),
        _ => Err(PasskeyError::Malformed("the output of the pseudo-random function")),
    }
}

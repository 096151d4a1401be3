//! What the browser collected: `clientDataJSON` (§5.8.1).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::{PasskeyError, RelyingParty};

/// What was going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    Create,
    Get,
}

impl Ceremony {
    fn word(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// Other members may follow in future browsers (§5.8.1.1) and mean nothing to us.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

/// Steps 5 to 12 of §7.1 and 9 to 14 of §7.2.
pub(super) fn check(
    json: &[u8],
    ceremony: Ceremony,
    challenge: &[u8],
    us: &RelyingParty,
) -> Result<(), PasskeyError> {
    let data: ClientData =
        serde_json::from_slice(json).map_err(|_| PasskeyError::Malformed("the client data"))?;
    if data.r#type != ceremony.word() {
        return Err(PasskeyError::OtherCeremony);
    }
    if URL_SAFE_NO_PAD.decode(&data.challenge).ok().as_deref() != Some(challenge) {
        return Err(PasskeyError::OtherChallenge);
    }
    if !us.origins.contains(&data.origin) {
        return Err(PasskeyError::OtherOrigin { origin: data.origin });
    }
    if data.cross_origin || data.top_origin.is_some() {
        return Err(PasskeyError::Framed);
    }
    Ok(())
}

//! What an authenticator says of itself (§6.1): fixed fields, and for a new passkey its id and public key.

use minicbor::Decoder;

use super::{PasskeyError, cose};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const CREDENTIAL_INCLUDED: u8 = 1 << 6;
const EXTENSIONS_INCLUDED: u8 = 1 << 7;

pub(super) struct AuthenticatorData<'a> {
    pub(super) rp_id_hash: [u8; 32],
    flags: u8,
    pub(super) sign_count: u32,
    pub(super) credential: Option<Credential<'a>>,
}

pub(super) struct Credential<'a> {
    pub(super) aaguid: [u8; 16],
    pub(super) id: &'a [u8],
    pub(super) key: cose::Key,
}

impl<'a> AuthenticatorData<'a> {
    /// Reads all of `bytes`: nothing may be left over.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, PasskeyError> {
        const SHORT: PasskeyError = PasskeyError::Malformed("the authenticator data ends early");
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or(SHORT)?;
        let (&flags, rest) = rest.split_first().ok_or(SHORT)?;
        let (counter, mut rest) = rest.split_first_chunk::<4>().ok_or(SHORT)?;
        let mut credential = None;
        if flags & CREDENTIAL_INCLUDED != 0 {
            let (aaguid, after) = rest.split_first_chunk::<16>().ok_or(SHORT)?;
            let (length, after) = after.split_first_chunk::<2>().ok_or(SHORT)?;
            let (id, after) = after.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(SHORT)?;
            let (key, after) = cose::Key::take(after)?;
            credential = Some(Credential { aaguid: *aaguid, id, key });
            rest = after;
        }
        if flags & EXTENSIONS_INCLUDED != 0 {
            rest = after_map(rest)?;
        }
        if !rest.is_empty() {
            return Err(PasskeyError::Malformed("bytes after the authenticator data"));
        }
        let sign_count = u32::from_be_bytes(*counter);
        Ok(Self { rp_id_hash: *rp_id_hash, flags, sign_count, credential })
    }

    pub(super) fn user_present(&self) -> bool {
        self.flags & USER_PRESENT != 0
    }

    pub(super) fn user_verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }

    pub(super) fn backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }

    pub(super) fn backed_up(&self) -> bool {
        self.flags & BACKED_UP != 0
    }
}

/// Steps over the extensions' outputs, a CBOR map. None of them is asked for what it says.
fn after_map(bytes: &[u8]) -> Result<&[u8], PasskeyError> {
    const BAD: PasskeyError = PasskeyError::Malformed("the extensions of the authenticator data");
    let mut decoder = Decoder::new(bytes);
    let pairs = decoder.map().map_err(|_| BAD)?.ok_or(BAD)?;
    for _ in 0..pairs {
        decoder.skip().map_err(|_| BAD)?;
        decoder.skip().map_err(|_| BAD)?;
    }
    bytes.get(decoder.position()..).ok_or(BAD)
}

//! The standard security handler (ISO 32000-2, 7.6.4): its dictionary, and which password opens it.

use super::filters::{self, Chosen};
use super::password::{self, Revision4, Revision6};
use super::{Cipher, Encryption, PasswordRole, public_key};
use crate::{Dict, OpenError, Ref};

/// Opens an encryption dictionary; `id` is the first part of the trailer's /ID, `reference` the dictionary's
/// own object. The empty password is tried first, as user and as owner, then the one given.
pub(crate) fn open(
    dict: &Dict,
    id: &[u8],
    reference: Option<Ref>,
    password: Option<&str>,
) -> Result<Encryption, OpenError> {
    let handler = dict.value("Filter");
    if !handler.is_name("Standard") {
        let handler = handler.as_name().map(crate::Name::to_text);
        return Err(match (handler, public_key::recipients(dict)) {
            (Some(handler), Some(recipients)) => OpenError::CertificateRequired { handler, recipients },
            (Some(handler), None) => {
                OpenError::UnsupportedEncryption { what: format!("security handler {handler}") }
            }
            (None, _) => damaged("no security handler is named"),
        });
    }
    let integer = |key| dict.value(key).as_integer();
    let version = integer("V").unwrap_or(0);
    let revision = integer("R").ok_or(damaged("/R is missing"))?;
    if !matches!((version, revision), (1..=4, 2..=4) | (5, 5 | 6) | (5 | 6, 7)) {
        let what = format!("version {version}, revision {revision}");
        return Err(OpenError::UnsupportedEncryption { what });
    }
    let Chosen { strings, streams, embedded_files, filters } = filters::choose(dict, version)?;
    let mut encryption = Encryption {
        version,
        revision,
        permissions: integer("P").unwrap_or(0),
        strings,
        streams,
        embedded_files,
        encrypts_metadata: dict.value("EncryptMetadata").as_bool().unwrap_or(true),
        opened_as: PasswordRole::User,
        filters,
        key: Vec::new(),
        dict: reference,
    };
    let unlocked = if revision <= 4 {
        let handler = Revision4::new(dict, id, version, revision, encryption.encrypts_metadata)?;
        unlock(password, password::legacy_forms, |password, role| handler.key(password, role))
    } else {
        let handler = Revision6::new(dict, revision)?;
        unlock(password, password::unicode_forms, |password, role| handler.key(password, role))
    };
    match unlocked {
        Some((key, role)) => (encryption.key, encryption.opened_as) = (key, role),
        // Only attachments are encrypted (/EFF): the document itself needs no key.
        None if strings == Cipher::Identity && streams == Cipher::Identity => {}
        None if password.is_some() => return Err(OpenError::WrongPassword),
        None => return Err(OpenError::PasswordRequired),
    }
    Ok(encryption)
}

/// The first key that a password gives: the empty one as user, which most files need; else the one given, and
/// the empty one again as owner. Where the empty one opens and the one given is the owner's, the role is the owner's.
fn unlock(
    given: Option<&str>,
    forms: fn(&str) -> Vec<Vec<u8>>,
    key: impl Fn(&[u8], PasswordRole) -> Option<Vec<u8>>,
) -> Option<(Vec<u8>, PasswordRole)> {
    let given: Vec<Vec<u8>> = given.filter(|given| !given.is_empty()).map(forms).unwrap_or_default();
    let first = |role| given.iter().find_map(|form| key(form, role));
    let owner = || first(PasswordRole::Owner).or_else(|| key(b"", PasswordRole::Owner));
    let empty = key(b"", PasswordRole::User);
    if given.is_empty()
        && let Some(key) = empty
    {
        return Some((key, PasswordRole::User));
    }
    let by_owner = || owner().map(|key| (key, PasswordRole::Owner));
    let by_user = || first(PasswordRole::User).map(|key| (key, PasswordRole::User));
    by_owner().or(empty.map(|key| (key, PasswordRole::User))).or_else(by_user)
}

pub(super) fn damaged(what: &str) -> OpenError {
    OpenError::Damaged { what: format!("encryption dictionary: {what}") }
}

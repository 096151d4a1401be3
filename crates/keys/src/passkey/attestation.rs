//! The attestation object of a registration (§6.5), in the formats `none` (§8.7) and `packed` with self attestation
//! (§8.2).
//!
//! Browsers give these two alone where the relying party asks for no attestation (§5.4.7), as we do: who made an
//! authenticator is not for us to sort people by.

use minicbor::Decoder;

use super::{Attestation, PasskeyError, authenticator_data::AuthenticatorData};

const BAD: PasskeyError = PasskeyError::Malformed("the attestation object");

struct Object<'a> {
    format: &'a str,
    authenticator_data: &'a [u8],
    statement: Statement<'a>,
}

/// What a statement of the format `packed` holds; empty for `none`.
#[derive(Default)]
struct Statement<'a> {
    algorithm: Option<i64>,
    signature: Option<&'a [u8]>,
    certificates: bool,
    others: bool,
}

/// Reads the object, and checks its statement over the authenticator data and the client data.
pub(super) fn verify<'a>(
    object: &'a [u8],
    client_data_json: &[u8],
) -> Result<(AuthenticatorData<'a>, Attestation), PasskeyError> {
    let object = Object::read(object)?;
    let data = AuthenticatorData::parse(object.authenticator_data)?;
    let attestation = match object.format {
        "none" if object.statement.is_empty() => Attestation::None,
        "none" => return Err(BAD),
        "packed" if !object.statement.certificates => {
            object.check_self(&data, client_data_json)?;
            Attestation::Itself
        }
        "packed" => return Err(unsupported("packed with certificates")),
        other => return Err(unsupported(other)),
    };
    Ok((data, attestation))
}

fn unsupported(format: &str) -> PasskeyError {
    PasskeyError::Unsupported { what: "attestation", found: format.chars().take(40).collect() }
}

impl<'a> Object<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, PasskeyError> {
        let bad = |_| BAD;
        let mut decoder = Decoder::new(bytes);
        let (mut format, mut data, mut statement) = (None, None, None);
        for _ in 0..decoder.map().map_err(bad)?.ok_or(BAD)? {
            match decoder.str().map_err(bad)? {
                "fmt" if format.is_none() => format = Some(decoder.str().map_err(bad)?),
                "authData" if data.is_none() => data = Some(decoder.bytes().map_err(bad)?),
                "attStmt" if statement.is_none() => statement = Some(Statement::read(&mut decoder)?),
                _ => return Err(BAD),
            }
        }
        if decoder.position() != bytes.len() {
            return Err(BAD);
        }
        Ok(Self {
            format: format.ok_or(BAD)?,
            authenticator_data: data.ok_or(BAD)?,
            statement: statement.ok_or(BAD)?,
        })
    }

    /// §8.2, verification procedure without x5c: the new key signs its own registration.
    fn check_self(&self, data: &AuthenticatorData<'_>, client_data_json: &[u8]) -> Result<(), PasskeyError> {
        let key = &data.credential.as_ref().ok_or(BAD)?.key;
        let signature = self.statement.signature.ok_or(BAD)?;
        if self.statement.others || self.statement.algorithm != Some(key.cose_algorithm) {
            return Err(BAD);
        }
        let mut message = self.authenticator_data.to_vec();
        message.extend_from_slice(&pki::sha256(client_data_json));
        pki::verify(&key.public_key_der, key.algorithm, &message, signature)
            .map_err(|_| PasskeyError::Signature)
    }
}

impl<'a> Statement<'a> {
    fn read(decoder: &mut Decoder<'a>) -> Result<Self, PasskeyError> {
        let bad = |_| BAD;
        let mut it = Self::default();
        for _ in 0..decoder.map().map_err(bad)?.ok_or(BAD)? {
            match decoder.str().map_err(bad)? {
                "alg" if it.algorithm.is_none() => it.algorithm = Some(decoder.i64().map_err(bad)?),
                "sig" if it.signature.is_none() => it.signature = Some(decoder.bytes().map_err(bad)?),
                name => {
                    it.certificates |= name == "x5c";
                    it.others |= name != "x5c";
                    decoder.skip().map_err(bad)?;
                }
            }
        }
        Ok(it)
    }

    fn is_empty(&self) -> bool {
        self.algorithm.is_none() && self.signature.is_none() && !self.certificates && !self.others
    }
}

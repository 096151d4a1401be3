//! Public keys as authenticators write them: COSE_Key (RFC 9052 §7, RFC 9053), turned into SubjectPublicKeyInfo.

use minicbor::Decoder;
use minicbor::data::Type;
use pki::{SignatureAlgorithm, der};

use super::PasskeyError;

const BAD: PasskeyError = PasskeyError::Malformed("the public key");

// Labels of a COSE_Key (RFC 9052 table 4), and of its kinds (RFC 9053 tables 19 and 20, RFC 8230 §4).
const KTY: i64 = 1;
const ALG: i64 = 3;
const CRV_OR_N: i64 = -1;
const X_OR_E: i64 = -2;
const Y: i64 = -3;

// Algorithms (IANA COSE registry).
const ES256: i64 = -7;
const EDDSA: i64 = -8;
const ES384: i64 = -35;
const RS256: i64 = -257;

// Object identifiers, contents alone.
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const SECP384R1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// A public key and the algorithm it is for.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) public_key_der: Vec<u8>,
    pub(super) algorithm: SignatureAlgorithm,
    /// The algorithm's number in COSE.
    pub(super) cose_algorithm: i64,
}

/// The members as they stand in the map.
#[derive(Default)]
struct Members<'a> {
    kty: Option<i64>,
    alg: Option<i64>,
    curve: Option<i64>,
    modulus: Option<&'a [u8]>,
    x_or_e: Option<&'a [u8]>,
    y: Option<&'a [u8]>,
}

impl Key {
    /// Reads the key at the beginning of `bytes`; gives what follows.
    pub(super) fn take(bytes: &[u8]) -> Result<(Self, &[u8]), PasskeyError> {
        let mut decoder = Decoder::new(bytes);
        let members = Members::read(&mut decoder)?;
        let rest = bytes.get(decoder.position()..).ok_or(BAD)?;
        Ok((members.key()?, rest))
    }
}

impl<'a> Members<'a> {
    fn read(decoder: &mut Decoder<'a>) -> Result<Self, PasskeyError> {
        let bad = |_| BAD;
        let mut it = Self::default();
        let pairs = decoder.map().map_err(bad)?.ok_or(BAD)?;
        for _ in 0..pairs {
            let label = decoder.i64().map_err(bad)?;
            match label {
                KTY => set(&mut it.kty, decoder.i64().map_err(bad)?)?,
                ALG => set(&mut it.alg, decoder.i64().map_err(bad)?)?,
                CRV_OR_N if decoder.datatype().map_err(bad)? == Type::Bytes => {
                    set(&mut it.modulus, decoder.bytes().map_err(bad)?)?;
                }
                CRV_OR_N => set(&mut it.curve, decoder.i64().map_err(bad)?)?,
                X_OR_E => set(&mut it.x_or_e, decoder.bytes().map_err(bad)?)?,
                Y => set(&mut it.y, decoder.bytes().map_err(bad)?)?,
                _ => return Err(BAD),
            }
        }
        Ok(it)
    }

    fn key(&self) -> Result<Key, PasskeyError> {
        let alg = self.alg.ok_or(BAD)?;
        match (self.kty, alg, self.curve) {
            (Some(2), ES256, Some(1)) => self.elliptic(PRIME256V1, 32, SignatureAlgorithm::EcdsaSha256),
            (Some(2), ES384, Some(2)) => self.elliptic(SECP384R1, 48, SignatureAlgorithm::EcdsaSha384),
            (Some(1), EDDSA, Some(6)) => {
                let x = self.x_or_e.filter(|x| x.len() == 32 && self.y.is_none()).ok_or(BAD)?;
                let kind = der::sequence(&[&der::oid(ED25519)]);
                Ok(Key {
                    public_key_der: der::sequence(&[&kind, &der::bit_string(x)]),
                    algorithm: SignatureAlgorithm::Ed25519,
                    cose_algorithm: alg,
                })
            }
            (Some(3), RS256, None) => {
                let (Some(n), Some(e), None) = (self.modulus, self.x_or_e, self.y) else { return Err(BAD) };
                let kind = der::sequence(&[&der::oid(RSA_ENCRYPTION), &der::null()]);
                let key = der::sequence(&[&der::integer(n), &der::integer(e)]);
                Ok(Key {
                    public_key_der: der::sequence(&[&kind, &der::bit_string(&key)]),
                    algorithm: SignatureAlgorithm::RsaSha256,
                    cose_algorithm: alg,
                })
            }
            _ => Err(PasskeyError::Unsupported { what: "passkey algorithm", found: format!("COSE {alg}") }),
        }
    }

    fn elliptic(
        &self,
        curve: &[u8],
        size: usize,
        algorithm: SignatureAlgorithm,
    ) -> Result<Key, PasskeyError> {
        let (Some(x), Some(y)) = (self.x_or_e, self.y) else { return Err(BAD) };
        if x.len() != size || y.len() != size {
            return Err(BAD);
        }
        let kind = der::sequence(&[&der::oid(EC_PUBLIC_KEY), &der::oid(curve)]);
        let point = [&[4], x, y].concat();
        Ok(Key {
            public_key_der: der::sequence(&[&kind, &der::bit_string(&point)]),
            algorithm,
            cose_algorithm: self.alg.ok_or(BAD)?,
        })
    }
}

/// Sets a member that was not there before: a map has each label once.
fn set<T>(place: &mut Option<T>, value: T) -> Result<(), PasskeyError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(BAD),
    }
}

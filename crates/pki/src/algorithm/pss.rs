//! RSASSA-PSS-params (RFC 4055 §3.1, RFC 8017 §A.2.3).
use serde::{Deserialize, Serialize};

use super::DigestAlgorithm;
use crate::der::{self, Reader, context_constructed};
use crate::{ParseError, oid};

const WHAT: &str = "RSASSA-PSS-params";

/// Parameters of RSASSA-PSS where MGF1's hash function or the salt's length differ from what the hash function
/// suggests, or where the hash function is one that we do not sign with. Such signatures are checked, never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PssParameters {
    /// Of the message.
    pub hash: DigestAlgorithm,
    /// Of MGF1.
    pub mgf: DigestAlgorithm,
    /// In bytes.
    pub salt_len: u16,
}

impl PssParameters {
    /// MGF1 with the same function, and a salt as long as its digest.
    pub(crate) fn usual(hash: DigestAlgorithm) -> Self {
        Self { hash, mgf: hash, salt_len: u16::try_from(hash.output_len()).unwrap_or(0) }
    }

    pub(crate) fn to_der(self) -> Vec<u8> {
        let explicit = |n, value: &[u8]| der::tlv(context_constructed(n), &[value]);
        // The defaults mean SHA-1 and 20 bytes, and are not written in DER.
        let hash = match self.hash {
            DigestAlgorithm::Sha1 => Vec::new(),
            hash => explicit(0, &hash.identifier()),
        };
        let mgf = match self.mgf {
            DigestAlgorithm::Sha1 => Vec::new(),
            mgf => explicit(1, &der::sequence(&[&der::oid(oid::MGF1), &mgf.identifier()])),
        };
        let salt = match self.salt_len {
            20 => Vec::new(),
            length => explicit(2, &der::unsigned_integer(length.into())),
        };
        der::sequence(&[&hash, &mgf, &salt])
    }

    /// Reads the SEQUENCE.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut fields = reader.sequence()?;
        let mut part = |n| fields.optional(context_constructed(n));
        let (hash, mgf, salt, trailer) = (part(0)?, part(1)?, part(2)?, part(3)?);
        fields.finish()?;
        let hash = match hash {
            Some(hash) => DigestAlgorithm::read(&mut hash.reader(WHAT))?,
            None => DigestAlgorithm::Sha1,
        };
        let mgf = match mgf {
            Some(mgf) => read_mgf(&mut mgf.reader(WHAT))?,
            None => DigestAlgorithm::Sha1,
        };
        let salt_len = match salt {
            Some(salt) => u16::try_from(salt.reader(WHAT).unsigned()?).map_err(|_| fields.error())?,
            None => 20,
        };
        if let Some(trailer) = trailer {
            let trailer = trailer.reader(WHAT).unsigned()?;
            if trailer != 1 {
                return Err(ParseError::Unsupported { what: "trailerField", found: trailer.to_string() });
            }
        }
        Ok(Self { hash, mgf, salt_len })
    }
}

fn read_mgf(reader: &mut Reader<'_>) -> Result<DigestAlgorithm, ParseError> {
    let mut mgf = reader.sequence()?;
    let function = mgf.oid()?;
    if function != oid::MGF1 {
        return Err(ParseError::Unsupported {
            what: "mask generation function",
            found: oid::dotted(function),
        });
    }
    DigestAlgorithm::read(&mut mgf)
}

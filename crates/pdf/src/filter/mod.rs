//! Stream filters (ISO 32000-2, 7.4): those that text and structure need. Image codecs are not decoded.

mod ascii;
mod flate;
mod lzw;
mod predictor;

pub(crate) use flate::{Deflate, compress};

use crate::cache::Reader;
use crate::{Dict, Object, ReadError};

/// Undoes the filters that `dict` names. /Filter and /DecodeParms must hold no references.
pub(crate) fn decode(dict: &Dict, encoded: Vec<u8>, reader: &Reader) -> Result<Vec<u8>, ReadError> {
    const MOST_FILTERS: usize = 8;
    let single;
    let names = match dict.get("Filter").or_else(|| dict.get("F")) {
        None | Some(Object::Null) => return Ok(encoded),
        Some(Object::Array(names)) => names.as_slice(),
        Some(name) => {
            single = [name.clone()];
            &single
        }
    };
    if names.len() > MOST_FILTERS {
        return Err(ReadError::Limit { what: "filters of one stream" });
    }
    let parms = dict.get("DecodeParms").or_else(|| dict.get("DP"));
    let mut data = encoded;
    for (at, name) in names.iter().enumerate() {
        let parms = match parms {
            Some(Object::Array(parms)) => parms.get(at).and_then(Object::as_dict),
            Some(parms) if at == 0 => parms.as_dict(),
            _ => None,
        };
        data = apply(name, parms, &data, reader.limits.max_decoded_size)?;
        reader.work.spend(data.len())?;
    }
    Ok(data)
}

fn apply(name: &Object, parms: Option<&Dict>, data: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
    let name = name.as_name().map(crate::Name::to_text).unwrap_or_default();
    match name.as_str() {
        "FlateDecode" | "Fl" => predictor::undo(flate::decode(data, limit)?, parms),
        "LZWDecode" | "LZW" => {
            let early = parms.and_then(|p| p.value("EarlyChange").as_integer()) != Some(0);
            predictor::undo(lzw::decode(data, early, limit)?, parms)
        }
        "ASCIIHexDecode" | "AHx" => Ok(ascii::hex(data)),
        "ASCII85Decode" | "A85" => ascii::base85(data, limit),
        "RunLengthDecode" | "RL" => ascii::run_length(data, limit),
        // Decryption has been done by then.
        "Crypt" => Ok(data.to_vec()),
        _ => Err(ReadError::UnsupportedFilter { filter: name }),
    }
}

fn too_large() -> ReadError {
    ReadError::Limit { what: "size of a decoded stream" }
}

#[cfg(test)]
mod tests;

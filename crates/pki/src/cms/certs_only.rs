//! Certificates in the forms in which they are handed out (RFC 5280 §4.2.2.1, RFC 8551 §3.9).
use super::signed_data::read_certificates;
use crate::der::{self, Reader, context_constructed};
use crate::{Certificate, ParseError, ber, oid, pem};

const WHAT: &str = "certificates";

/// Reads what an address of caIssuers gives: one certificate in DER, certificates in PEM, or a SignedData that holds
/// nothing but certificates (`.p7c`, `.p7b`), in DER, BER or PEM. Those inside a SignedData that cannot be read are left
/// out.
///
/// # Errors
/// Where the bytes are none of these.
pub fn certificates(bytes: &[u8]) -> Result<Vec<Certificate>, ParseError> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN ") => from_text(text),
        _ => match Certificate::from_der(bytes) {
            Ok(certificate) => Ok(vec![certificate]),
            Err(error) => certs_only(bytes).map_err(|_| error),
        },
    }
}

fn from_text(text: &str) -> Result<Vec<Certificate>, ParseError> {
    let mut found = Certificate::all_from_pem(text)?;
    for label in ["PKCS7", "CMS"] {
        for der in pem::blocks(text, label)? {
            found.extend(certs_only(&der)?);
        }
    }
    if found.is_empty() { Err(ParseError::malformed(WHAT)) } else { Ok(found) }
}

fn certs_only(bytes: &[u8]) -> Result<Vec<Certificate>, ParseError> {
    read(bytes).or_else(|error| match ber::to_der(bytes) {
        Some((der, [])) => read(&der),
        _ => Err(error),
    })
}

fn read(der: &[u8]) -> Result<Vec<Certificate>, ParseError> {
    let mut outer = Reader::new(der, WHAT);
    let mut content_info = outer.sequence()?;
    outer.finish()?;
    if content_info.oid()? != oid::CMS_SIGNED_DATA {
        return Err(content_info.error());
    }
    let mut fields = content_info.expect(context_constructed(0))?.reader(WHAT).sequence()?;
    fields.unsigned()?;
    fields.expect(der::SET)?;
    fields.expect(der::SEQUENCE)?;
    match fields.optional(context_constructed(0))? {
        Some(set) => read_certificates(&set),
        None => Ok(Vec::new()),
    }
}

/// A SignedData that holds nothing but `certificates`, in BER's definite form (RFC 5652 §5, RFC 7030 §4.1.3).
pub fn certs_only_message(certificates: &[Certificate]) -> Vec<u8> {
    let certificates: Vec<u8> = certificates.iter().flat_map(|it| it.der().to_vec()).collect();
    let signed_data = der::sequence(&[
        &der::unsigned_integer(1),
        &der::tlv(der::SET, &[]),
        &der::sequence(&[&der::oid(oid::CMS_DATA)]),
        &der::tlv(context_constructed(0), &[&certificates]),
        &der::tlv(der::SET, &[]),
    ]);
    der::sequence(&[&der::oid(oid::CMS_SIGNED_DATA), &der::tlv(context_constructed(0), &[&signed_data])])
}

//! The public key of a private key on a token, as SubjectPublicKeyInfo.
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use pki::der::{self, Reader};
use pki::{Certificate, KeyRejected};

use super::{TokenError, name, objects, value};

/// `1.2.840.113549.1.1.1`
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
/// `1.2.840.10045.2.1`
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// `1.3.101.112`
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// Of Ed25519, and of uncompressed points on P-256, P-384 and P-521.
const POINT_LENGTHS: [usize; 4] = [32, 65, 97, 133];

/// Looks at the private key itself, at the public key and at the certificate with the same CKA_ID.
pub(super) fn of(session: &Session, key: ObjectHandle) -> Result<Vec<u8>, TokenError> {
    let (label, id) = name(session, key)?;
    if let Some(found) = described(session, key) {
        return Ok(found);
    }
    let same = if id.is_empty() { Attribute::Label(label.into_bytes()) } else { Attribute::Id(id) };
    for object in objects(session, &[Attribute::Class(ObjectClass::PUBLIC_KEY), same.clone()])? {
        if let Some(found) = described(session, object) {
            return Ok(found);
        }
    }
    for object in objects(session, &[Attribute::Class(ObjectClass::CERTIFICATE), same])? {
        if let Some(certificate) = value(session, object).and_then(|der| Certificate::from_der(&der).ok()) {
            return Ok(certificate.public_key_der().to_vec());
        }
    }
    let reason = "the token has neither a public key nor a certificate with the private key's id".to_owned();
    Err(KeyRejected { reason }.into())
}

/// From an object's own attributes. Those that the object has not are asked for one by one: some modules answer none
/// where they lack one.
fn described(session: &Session, object: ObjectHandle) -> Option<Vec<u8>> {
    let one = |wanted: AttributeType| session.get_attributes(object, &[wanted]).ok()?.into_iter().next();
    let rsa = (one(AttributeType::Modulus), one(AttributeType::PublicExponent));
    if let (Some(Attribute::Modulus(modulus)), Some(Attribute::PublicExponent(exponent))) = rsa
        && !modulus.is_empty()
        && !exponent.is_empty()
    {
        let key = der::sequence(&[&der::integer(&modulus), &der::integer(&exponent)]);
        let algorithm = der::sequence(&[&der::oid(RSA_ENCRYPTION), &der::null()]);
        return Some(der::sequence(&[&algorithm, &der::bit_string(&key)]));
    }
    if let Some(Attribute::PublicKeyInfo(info)) = one(AttributeType::PublicKeyInfo)
        && !info.is_empty()
    {
        return Some(info);
    }
    let ec = (one(AttributeType::EcParams), one(AttributeType::EcPoint));
    let (Some(Attribute::EcParams(parameters)), Some(Attribute::EcPoint(point))) = ec else { return None };
    // In an OCTET STRING; a few modules leave that out. An uncompressed point starts with the octet that is also that
    // tag, so the length decides.
    let inner = Reader::new(&point, "CKA_EC_POINT").expect(der::OCTET_STRING).ok();
    let inner = inner.filter(|inner| POINT_LENGTHS.contains(&inner.value.len()));
    let point = inner.map_or(point.as_slice(), |inner| inner.value);
    let algorithm = if is_ed25519(&parameters) {
        der::sequence(&[&der::oid(ED25519)])
    } else {
        der::sequence(&[&der::oid(EC_PUBLIC_KEY), &parameters])
    };
    (!point.is_empty()).then(|| der::sequence(&[&algorithm, &der::bit_string(point)]))
}

/// CKA_EC_PARAMS of an Edwards key: the curve's OID, or its name as PKCS#11 2.40 and SoftHSM have it.
fn is_ed25519(parameters: &[u8]) -> bool {
    let mut reader = Reader::new(parameters, "CKA_EC_PARAMS");
    match reader.next() {
        Ok(element) if element.tag == der::OID => element.value == ED25519,
        Ok(element) if element.tag == der::PRINTABLE_STRING => element.value == b"edwards25519",
        _ => false,
    }
}

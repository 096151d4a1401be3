//! Certificate revocation lists, RFC 5280 §5.
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ca::{assemble, authority_key_identifier, key_identifier};
use crate::der::{self, Reader, Tlv, context, context_constructed};
use crate::verify::SignedBy;
use crate::x509::extensions::{self, Extension, GeneralName};
use crate::{
    Certificate, Name, ParseError, Serial, SignError, SignatureAlgorithm, Signer, VerifyError, oid, pem, time,
};

const WHAT: &str = "CRL";

/// CRLReason (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub enum Reason {
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    RemoveFromCrl,
    PrivilegeWithdrawn,
    AaCompromise,
}

impl Reason {
    const CODES: [(Self, u8); 10] = [
        (Self::Unspecified, 0),
        (Self::KeyCompromise, 1),
        (Self::CaCompromise, 2),
        (Self::AffiliationChanged, 3),
        (Self::Superseded, 4),
        (Self::CessationOfOperation, 5),
        (Self::CertificateHold, 6),
        (Self::RemoveFromCrl, 8),
        (Self::PrivilegeWithdrawn, 9),
        (Self::AaCompromise, 10),
    ];

    /// ENUMERATED, DER.
    pub(crate) fn to_der(self) -> Vec<u8> {
        let code = Self::CODES.into_iter().find(|(reason, _)| *reason == self).map_or(0, |(_, code)| code);
        der::tlv(der::ENUMERATED, &[&[code]])
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let value = reader.expect(der::ENUMERATED)?.value;
        Self::CODES
            .into_iter()
            .find(|(_, code)| value == [*code])
            .map(|(reason, _)| reason)
            .ok_or_else(|| reader.error())
    }
}

/// A revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// Its serial number.
    pub serial: Serial,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// A CRL as it was signed. Cheap to clone.
#[derive(Clone)]
pub struct Crl(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    tbs: Range<usize>,
    signature: Range<usize>,
    algorithm: Result<SignatureAlgorithm, ParseError>,
    issuer: Name,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    /// revokedCertificates, each checked when the list was read; looked through again for each question, so that a
    /// long list costs no memory.
    entries: Range<usize>,
    count: usize,
    number: Option<Vec<u8>>,
    authority_key_id: Option<Vec<u8>>,
    /// deltaCRLIndicator: the number of the base.
    delta_base: Option<Vec<u8>>,
    scope: Scope,
    signed_by: SignedBy,
}

/// What a CRL speaks of, from issuingDistributionPoint and its critical extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// Where not empty: only certificates with one of these distribution points.
    pub(crate) names: Vec<GeneralName>,
    pub(crate) only_users: bool,
    pub(crate) only_cas: bool,
    /// onlySomeReasons: ReasonFlags.
    pub(crate) reasons: Option<u16>,
    /// Entries may be of certificates of other issuers.
    pub(crate) indirect: bool,
    /// Limited to attribute certificates, or with critical extensions that are not understood: such a CRL shows
    /// nothing here.
    pub(crate) unusable: bool,
}

impl Scope {
    /// Whether a delta CRL with the scope `other` goes with this complete one (RFC 5280 §6.3.3 (c)(2)).
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.names == other.names
            && (self.only_users, self.only_cas, self.indirect)
                == (other.only_users, other.only_cas, other.indirect)
            && self.reasons == other.reasons
    }
}

/// Signs a full CRL with cRLNumber `number` and the issuer's key identifier. Entries are written in the order given.
///
/// ```
/// # use vermilion_pki::{KeyAlgorithm, Serial, Signer, SoftwareSigner, ca::*};
/// use vermilion_pki::crl::{self, Reason, Revoked};
/// # let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// # let subject = Subject { common_name: "Example Root".into(), ..Subject::default() };
/// # let validity = Validity { not_before: "2026-01-01T00:00:00Z".parse()?, not_after: "2046-01-01T00:00:00Z".parse()? };
/// # let root = prepare_root(&subject, key.public_key_der(), &Serial::from_random([7; 16]), validity)?.issue(&key)?;
/// let this_update = "2026-06-01T00:00:00Z".parse()?;
/// let next_update = "2026-06-08T00:00:00Z".parse()?;
/// let serial = Serial::from_random([9; 16]);
/// let revoked = [Revoked { serial: serial.clone(), at: this_update, reason: Reason::KeyCompromise }];
/// let crl = crl::build(&root, &key, 1, this_update, next_update, &revoked)?;
/// assert_eq!(crl.revoked(&serial).map(|entry| entry.reason), Some(Reason::KeyCompromise));
/// crl.verify_signature(&root)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn build(
    issuer: &Certificate,
    signer: &dyn Signer,
    number: u64,
    this_update: Timestamp,
    next_update: Timestamp,
    revoked: &[Revoked],
) -> Result<Crl, SignError> {
    if signer.public_key_der() != issuer.public_key_der() {
        return Err(SignError::WrongKey);
    }
    let entries: Vec<u8> = revoked.iter().flat_map(write_entry).collect();
    // RFC 5280 §5.1.2.6: absent where there are none.
    let entries = if entries.is_empty() { Vec::new() } else { der::sequence(&[&entries]) };
    let key_id = match issuer.subject_key_id() {
        Some(id) => id.to_vec(),
        None => key_identifier(issuer.public_key_der()).map_err(|_| SignError::WrongKey)?,
    };
    let extensions = der::sequence(&[
        &extensions::write(oid::AUTHORITY_KEY_IDENTIFIER, false, &authority_key_identifier(&key_id)),
        &extensions::write(oid::CRL_NUMBER, false, &der::unsigned_integer(number)),
    ]);
    let tbs = der::sequence(&[
        &der::unsigned_integer(1),
        &signer.algorithm().identifier(),
        issuer.subject().der(),
        &time::write(this_update),
        &time::write(next_update),
        &entries,
        &der::tlv(context_constructed(0), &[&extensions]),
    ]);
    let signature = signer.sign(&tbs)?;
    let der = assemble(&tbs, signer.algorithm(), &signature);
    Crl::from_der(&der).map_err(|_| SignError::Failed)
}

fn write_entry(revoked: &Revoked) -> Vec<u8> {
    // RFC 5280 §5.3.1: unspecified is said by leaving the code out.
    let extensions = match revoked.reason {
        Reason::Unspecified => Vec::new(),
        reason => der::sequence(&[&extensions::write(oid::REASON_CODE, false, &reason.to_der())]),
    };
    der::sequence(&[&revoked.serial.to_der(), &time::write(revoked.at), &extensions])
}

impl Crl {
    /// Bytes that one CRL may have.
    const MAX_LEN: usize = 32 * 1024 * 1024;

    /// Reads DER.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        if der.len() > Self::MAX_LEN {
            return Err(ParseError::TooLarge { what: WHAT, limit: Self::MAX_LEN });
        }
        Ok(Self(Arc::new(read(der)?)))
    }

    /// Reads the first CRL of a PEM text.
    pub fn from_pem(text: &str) -> Result<Self, ParseError> {
        let blocks = pem::blocks(text, "X509 CRL")?;
        Self::from_der(blocks.first().ok_or(ParseError::malformed("CRL in PEM"))?)
    }

    /// The DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// PEM, ending in a newline.
    pub fn to_pem(&self) -> String {
        pem::write("X509 CRL", self.der())
    }

    /// Who signed it.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// cRLNumber, where present and within 64 bits.
    pub fn number(&self) -> Option<u64> {
        self.0.number.as_deref().and_then(der::unsigned)
    }

    /// thisUpdate.
    pub fn this_update(&self) -> Timestamp {
        self.0.this_update
    }

    /// nextUpdate, where present.
    pub fn next_update(&self) -> Option<Timestamp> {
        self.0.next_update
    }

    /// How many certificates it lists.
    pub fn len(&self) -> usize {
        self.0.count
    }

    /// Whether it lists none.
    pub fn is_empty(&self) -> bool {
        self.0.count == 0
    }

    /// The entry for `serial` among the certificates of the CRL's own issuer; where it is listed twice, the one with
    /// the earlier date.
    pub fn revoked(&self, serial: &Serial) -> Option<Revoked> {
        self.find(serial, &self.0.issuer)
    }

    /// The entry for a certificate, whose issuer may be another in an indirect CRL.
    pub(crate) fn entry(&self, certificate: &Certificate) -> Option<Revoked> {
        self.find(certificate.serial(), certificate.issuer())
    }

    fn find(&self, serial: &Serial, issuer: &Name) -> Option<Revoked> {
        let mut list = Reader::new(self.slice(&self.0.entries), WHAT);
        let mut found: Option<Entry> = None;
        // RFC 5280 §5.3.3: who issued the entry's certificate is said once for all that follow.
        let mut of_issuer = self.0.issuer.matches(issuer);
        while let Ok(element) = list.expect(der::SEQUENCE) {
            let mut fields = element.reader(WHAT);
            let named = fields.integer() == Ok(serial.as_bytes());
            if !named && !self.0.scope.indirect {
                continue;
            }
            let entry = Entry::read(&element).ok()?;
            if let Some(names) = &entry.issuer {
                of_issuer =
                    names.iter().any(|n| matches!(n, GeneralName::Directory(name) if name.matches(issuer)));
            }
            if named && of_issuer && found.as_ref().is_none_or(|known| entry.at < known.at) {
                found = Some(entry);
            }
        }
        found.map(|entry| Revoked { serial: serial.clone(), at: entry.at, reason: entry.reason })
    }

    /// The algorithm it is signed with, where that is handled here.
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.algorithm.as_ref().ok().copied()
    }

    /// Checks the signature with the key of `issuer`.
    pub fn verify_signature(&self, issuer: &Certificate) -> Result<(), VerifyError> {
        let Inner { signed_by, algorithm, tbs, signature, .. } = &*self.0;
        signed_by.verify(issuer.public_key_der(), algorithm, self.slice(tbs), self.slice(signature))
    }

    /// Whether the signature was found right under the key of `issuer` before, so that checking it costs nothing.
    pub(crate) fn is_known_to_be_by(&self, issuer: &Certificate) -> bool {
        self.0.signed_by.is_known(issuer.public_key_der())
    }

    pub(crate) fn authority_key_id(&self) -> Option<&[u8]> {
        self.0.authority_key_id.as_deref()
    }

    /// The number of the CRL that this one, a delta CRL, goes on from.
    pub fn delta_base(&self) -> Option<u64> {
        self.0.delta_base.as_deref().map(|number| der::unsigned(number).unwrap_or(u64::MAX))
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.0.scope
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).expect("ranges were taken from these bytes")
    }
}

impl std::fmt::Debug for Crl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Crl({} of {}, {} entries)", self.issuer(), self.this_update(), self.len())
    }
}

fn read(der: &[u8]) -> Result<Inner, ParseError> {
    let mut outer = Reader::new(der, WHAT);
    let mut crl = outer.sequence()?;
    outer.finish()?;
    let tbs = crl.expect(der::SEQUENCE)?;
    let identifier = crl.clone().expect(der::SEQUENCE)?.raw;
    let algorithm = SignatureAlgorithm::read(&mut crl, None);
    let signature = crl.bit_string()?.value_range();
    crl.finish()?;

    let mut fields = tbs.reader(WHAT);
    let version = if fields.peek() == Some(der::INTEGER) { fields.unsigned()? } else { 0 };
    if version > 1 || fields.expect(der::SEQUENCE)?.raw != identifier {
        return Err(fields.error());
    }
    let issuer = Name::read(&mut fields)?;
    let this_update = time::read(&mut fields)?;
    let next_update = match fields.peek() {
        Some(der::UTC_TIME | der::GENERALIZED_TIME) => Some(time::read(&mut fields)?),
        _ => None,
    };
    let mut inner = Inner {
        der: der.to_vec(),
        tbs: tbs.raw_range(),
        signature,
        algorithm,
        issuer,
        this_update,
        next_update,
        entries: 0..0,
        count: 0,
        number: None,
        authority_key_id: None,
        delta_base: None,
        scope: Scope::default(),
        signed_by: SignedBy::default(),
    };
    let mut foreign = false;
    if let Some(list) = fields.optional(der::SEQUENCE)? {
        inner.entries = list.value_range();
        let mut list = list.reader(WHAT);
        while !list.is_empty() {
            let entry = Entry::read(&list.expect(der::SEQUENCE)?)?;
            inner.scope.unusable |= entry.unusable;
            foreign |= entry.issuer.is_some();
            inner.count += 1;
        }
    }
    if let Some(explicit) = fields.optional(context_constructed(0))? {
        let mut reader = explicit.reader(WHAT);
        for extension in extensions::read_list(&mut reader)? {
            read_extension(&extension, &mut inner)?;
        }
        reader.finish()?;
    }
    fields.finish()?;
    // Entries of other issuers have no place in a CRL that does not say so.
    inner.scope.unusable |= foreign && !inner.scope.indirect;
    Ok(inner)
}

/// One element of revokedCertificates.
struct Entry {
    at: Timestamp,
    reason: Reason,
    /// certificateIssuer.
    issuer: Option<Vec<GeneralName>>,
    /// With a critical extension that is not understood.
    unusable: bool,
}

impl Entry {
    fn read(element: &Tlv<'_>) -> Result<Self, ParseError> {
        let mut fields = element.reader(WHAT);
        fields.integer()?;
        let at = time::read(&mut fields)?;
        let mut entry = Self { at, reason: Reason::Unspecified, issuer: None, unusable: false };
        if !fields.is_empty() {
            for extension in extensions::read_list(&mut fields)? {
                match extension.oid {
                    oid::REASON_CODE => entry.reason = Reason::read(&mut extension.value.reader(WHAT))?,
                    oid::CERTIFICATE_ISSUER => {
                        let names = extension.value.reader(WHAT).expect(der::SEQUENCE)?;
                        entry.issuer = Some(extensions::general_names(&names)?);
                    }
                    // RFC 5280 §5.3.
                    _ => entry.unusable |= extension.critical,
                }
            }
        }
        fields.finish()?;
        Ok(entry)
    }
}

fn read_extension(extension: &Extension<'_>, inner: &mut Inner) -> Result<(), ParseError> {
    let mut value = extension.value.reader(WHAT);
    match extension.oid {
        oid::CRL_NUMBER => inner.number = Some(value.integer()?.to_vec()),
        oid::AUTHORITY_KEY_IDENTIFIER => inner.authority_key_id = extensions::authority_key_id(&mut value)?,
        oid::DELTA_CRL_INDICATOR => inner.delta_base = Some(value.integer()?.to_vec()),
        oid::ISSUING_DISTRIBUTION_POINT => {
            let unusable = inner.scope.unusable;
            inner.scope = read_scope(&mut value, &inner.issuer)?;
            inner.scope.unusable |= unusable;
        }
        _ => inner.scope.unusable |= extension.critical,
    }
    Ok(())
}

/// issuingDistributionPoint (RFC 5280 §5.2.5).
fn read_scope(value: &mut Reader<'_>, issuer: &Name) -> Result<Scope, ParseError> {
    let mut fields = value.sequence()?;
    let mut scope = Scope::default();
    if let Some(name) = fields.optional(context_constructed(0))? {
        let (names, relative) = extensions::distribution_point_name(&name)?;
        scope.names = names;
        if let Some(rdn) = relative {
            scope.names.push(GeneralName::Directory(issuer.child(&rdn)?));
        }
    }
    let mut flag = |n| -> Result<Option<Tlv<'_>>, ParseError> { fields.optional(context(n)) };
    let set = |f: Option<Tlv<'_>>| f.is_some_and(|f| f.value.iter().any(|b| *b != 0));
    scope.only_users = set(flag(1)?);
    scope.only_cas = set(flag(2)?);
    scope.reasons = extensions::reason_flags(flag(3)?)?;
    scope.indirect = set(flag(4)?);
    scope.unusable |= set(flag(5)?);
    fields.finish()?;
    Ok(scope)
}

//! What a file holds that bears on levels: its signatures with their time-stamps, and its security store.

use std::ops::Range;

use jiff::Timestamp;
use pdf::{Document, Signature};
use pki::cms::SignedData;
use pki::tsa::Token;
use pki::{Certificate, DigestAlgorithm};

use super::LevelError;
use crate::dss::{self, Stored};
use crate::sign::Prefix;
use crate::validate::hashing::{self, Wanted};

const CADES: &str = "ETSI.CAdES.detached";
const PKCS7: &str = "adbe.pkcs7.detached";
const RFC3161: &str = "ETSI.RFC3161";

/// Whose level is asked about.
#[derive(Clone, Copy)]
pub(super) enum Scope<'a> {
    /// Every signature of the file.
    All,
    /// Those in these fields. What became of others, or who vouches for them, is nothing that these depend on.
    Fields(&'a [&'a str]),
}

impl Scope<'_> {
    pub(super) fn holds(self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Fields(fields) => fields.contains(&field),
        }
    }
}

/// The signatures of a file, oldest first, and its store.
pub(super) struct Inventory {
    pub(super) items: Vec<Item>,
    pub(super) store: Stored,
}

/// A signature or document time-stamp.
pub(super) struct Item {
    pub(super) field: String,
    /// The revision that it closes.
    pub(super) revision: usize,
    /// `/Contents` with its padding.
    pub(super) contents: Vec<u8>,
    /// What `/ByteRange` says, where it can be read.
    covered: Option<[Range<u64>; 2]>,
    pub(super) body: Body,
}

pub(super) enum Body {
    Signature {
        cms: Box<SignedData>,
        signer: Certificate,
        /// The time-stamps over the signature value, each with its authority.
        stamps: Vec<(Token, Certificate)>,
    },
    DocTimeStamp {
        token: Box<Token>,
        authority: Certificate,
    },
}

impl Item {
    pub(super) fn is_time_stamp(&self) -> bool {
        matches!(self.body, Body::DocTimeStamp { .. })
    }

    /// The certificates that came with it.
    pub(super) fn certificates(&self) -> Vec<Certificate> {
        match &self.body {
            Body::Signature { cms, stamps, .. } => {
                let tokens = stamps.iter().flat_map(|(token, _)| token.signed_data().certificates());
                cms.certificates().iter().chain(tokens).cloned().collect()
            }
            Body::DocTimeStamp { token, .. } => token.signed_data().certificates().to_vec(),
        }
    }

    /// The hash function by which it is over the document.
    fn digest_algorithm(&self) -> DigestAlgorithm {
        match &self.body {
            Body::Signature { cms, .. } => cms.digest_algorithm(),
            Body::DocTimeStamp { token, .. } => token.imprint().algorithm,
        }
    }

    /// Whether it is over a document of that digest; else why not.
    fn check(&self, digest: &[u8]) -> Result<(), String> {
        let signed = match &self.body {
            Body::Signature { cms, signer, .. } if is_bare(cms) => {
                return cms.verify(signer, digest).map_err(|error| error.to_string());
            }
            Body::Signature { cms, .. } => cms.message_digest().unwrap_or_default(),
            Body::DocTimeStamp { token, .. } => &token.imprint().digest,
        };
        if digest == signed { Ok(()) } else { Err("the digest of the document is another".to_owned()) }
    }

    /// The time of its own time-stamp.
    pub(super) fn stamped_at(&self) -> Option<Timestamp> {
        match &self.body {
            Body::Signature { stamps, .. } => stamps.iter().map(|(token, _)| token.gen_time()).min(),
            Body::DocTimeStamp { token, .. } => Some(token.gen_time()),
        }
    }
}

impl Inventory {
    /// Reads a file; a signature whose value does not verify is an error where it is in scope, and left out elsewhere.
    pub(super) fn of(document: &Document, scope: Scope<'_>) -> Result<Self, LevelError> {
        let store = dss::stored(document)?;
        let known = certificates(&store.material.certs);
        let mut items = Vec::new();
        for field in document.signatures()? {
            let Some(signature) = &field.signature else { continue };
            let name = &field.field.name;
            match item(name, signature, &known) {
                Ok(item) => items.push(item),
                Err(_) if !scope.holds(name) => {}
                Err(why) => return Err(broken(name, why)),
            }
        }
        items.sort_by_key(|item| item.revision);
        Ok(Self { items, store })
    }

    /// The document time-stamps that cover everything up to and with `revision`, oldest first.
    pub(super) fn covering(&self, revision: usize) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.is_time_stamp() && item.revision > revision)
    }

    /// When the item is proved to have existed by what came after it; the present where nothing did.
    pub(super) fn proved_later(&self, item: &Item, now: Timestamp) -> Timestamp {
        self.covering(item.revision).filter_map(Item::stamped_at).min().map_or(now, |at| at.min(now))
    }
}

/// The certificates that can be read.
pub(super) fn certificates(ders: &[Vec<u8>]) -> Vec<Certificate> {
    ders.iter().filter_map(|der| Certificate::from_der(der).ok()).collect()
}

pub(super) fn broken(field: &str, why: impl std::fmt::Display) -> LevelError {
    LevelError::Broken { field: field.to_owned(), why: why.to_string() }
}

fn item(field: &str, signature: &Signature, known: &[Certificate]) -> Result<Item, String> {
    let contents = signature.contents.clone().ok_or("/Contents is missing")?;
    let body = match signature.sub_filter.as_deref() {
        Some(RFC3161) => {
            let token = Token::from_contents(&contents).map_err(|error| error.to_string())?;
            let authority = token.verify_digest(&token.imprint().digest, known);
            let authority = authority.map_err(|error| error.to_string())?;
            Body::DocTimeStamp { token: Box::new(token), authority }
        }
        Some(CADES | PKCS7) => {
            let cms = SignedData::from_contents(&contents).map_err(|error| error.to_string())?;
            let signer =
                cms.signer_certificate(known).ok_or("the signer's certificate is not in the file")?;
            if !is_bare(&cms) {
                let digest = cms.message_digest().ok_or("it has no message digest")?;
                cms.verify(&signer, digest).map_err(|error| error.to_string())?;
            }
            let stamps = stamps(&cms, known);
            Body::Signature { cms: Box::new(cms), signer, stamps }
        }
        other => return Err(format!("the kind {} is not known", other.unwrap_or("(none)"))),
    };
    let (field, covered) = (field.to_owned(), covered(signature));
    Ok(Item { field, revision: signature.revision, contents, covered, body })
}

/// Whether the value is over the document itself, for want of signed attributes: it verifies with the document's digest
/// at hand (RFC 5652 §5.4).
fn is_bare(cms: &SignedData) -> bool {
    cms.signed_attribute_types().is_empty()
}

/// The time-stamps over the signature value that verify.
fn stamps(cms: &SignedData, known: &[Certificate]) -> Vec<(Token, Certificate)> {
    let tokens = cms.signature_time_stamps().into_iter().filter_map(|der| Token::from_der(der).ok());
    tokens
        .filter_map(|token| {
            let authority = token.verify(cms.signature(), known).ok()?;
            Some((token, authority))
        })
        .collect()
}

/// Checks that every signature is over what its ranges hold, in one pass over the file; with it comes the digest of the
/// whole file, for a document time-stamp that may follow.
pub(super) fn check_digests(
    document: &Document,
    items: &[&Item],
    stamp: DigestAlgorithm,
) -> Result<Prefix, LevelError> {
    let wanted = |item: &Item| {
        let covered = item.covered.clone().ok_or_else(|| broken(&item.field, "/ByteRange is malformed"))?;
        Ok(Wanted { covered, algorithm: item.digest_algorithm() })
    };
    let wanted: Vec<Wanted> = items.iter().copied().map(wanted).collect::<Result<_, LevelError>>()?;
    let (digests, whole) = hashing::digests_and_whole(document, &wanted, stamp);
    for (item, digest) in items.iter().zip(digests) {
        digest.and_then(|digest| item.check(&digest)).map_err(|why| broken(&item.field, why))?;
    }
    Ok(match whole {
        Some(context) => Prefix::hashed(document.len(), stamp, context),
        None => Prefix::new(&[stamp])?,
    })
}

/// `/ByteRange` as two ranges, the first from the beginning of the file.
fn covered(signature: &Signature) -> Option<[Range<u64>; 2]> {
    let [0, b, c, d] = signature.byte_range.as_deref()? else { return None };
    let (b, c, d) = (u64::try_from(*b).ok()?, u64::try_from(*c).ok()?, u64::try_from(*d).ok()?);
    Some([0..b, c..c.checked_add(d)?])
}

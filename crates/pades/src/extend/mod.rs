//! From a signature to a level, and from one level to the next (EN 319 142-1 §5.4, §5.5, §6).
//!
//! * B-T: a time-stamp in the signature, or, where the signature is there already, over the document.
//! * B-LT: certificates and revocation data of every chain, in the security store.
//! * B-LTA: a document time-stamp over all that. Renewing adds the data of the last time-stamp and one more.
//!
//! A level that cannot be reached is an error; what was gathered for B-LT and above is read back from the file.

mod error;
mod gather;
mod growing;
mod inventory;
mod reached;
mod stamp;

use jiff::Timestamp;
use pdf::Document;
use pki::path::Purpose;
use pki::tsa::Token;
use pki::{Certificate, DigestAlgorithm};

pub use self::error::LevelError;
use self::gather::{Ask, Gatherer, Subject};
use self::growing::Growing;
use self::inventory::{Body, Inventory, Item, Scope, check_digests};
use crate::dss::{Dss, Vri, append_dss_with};
use crate::sign::{Prefix, Prepared, guard, prepare_on};
use crate::{
    Credential, Level, PrepareError, SignError, Signed, SigningRequest, Sources, TimeStampSource, may_sign,
    reserve_for,
};

/// Signs at a level; the answer is what to append to the file, in up to three updates.
///
/// The request's hash function and reserve are set here, as the key and the level ask.
///
/// ```
/// use vermilion_pades::{Credential, Level, Place, SigningRequest, Sources, sign_to};
/// # use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
/// # use pki::{KeyAlgorithm, Serial, Signer, SoftwareSigner};
/// # let at: jiff::Timestamp = "2026-11-23T04:00:00Z".parse()?;
/// # let validity = Validity {
/// #     not_before: at - jiff::SignedDuration::from_hours(1),
/// #     not_after: at + jiff::SignedDuration::from_hours(24 * 90),
/// # };
/// # let named = |name: &str| Subject {
/// #     common_name: name.to_owned(),
/// #     country: Some("CN".to_owned()),
/// #     ..Subject::default()
/// # };
/// # let serial = |number| Serial::from_random([number; 16]);
/// # let (root_key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// # let root = prepare_root(&named("Root"), root_key.public_key_der(), &serial(1), validity)?.issue(&root_key)?;
/// # let issuer = Issuer { certificate: root.clone(), chain: vec![], urls: Urls::default() };
/// # let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// # let certificate = issuer
/// #     .prepare(Profile::Person, &named("Alice"), key.public_key_der(), &serial(2), validity)?
/// #     .issue(&root_key)?;
/// # let chain = vec![root.clone()];
/// # let mut builder = pdf::new::Builder::new(pdf::XrefKind::Table);
/// # builder.text_page(pdf::Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
/// # let mut file = builder.finish();
/// // `key` with its `certificate` and the `chain` above it; `file`, the bytes of a PDF; `at`, the time.
/// let document = pdf::Document::open(std::sync::Arc::new(file.clone()), &pdf::Limits::default())?;
/// let request = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("Signature1", at) };
/// let credential = Credential { signer: &key, certificate: &certificate, chain: &chain };
/// let tail = sign_to(&document, &request, credential, Level::BB, &Sources::none(at))?;
/// file.extend(tail);
/// # let signed = pdf::Document::open(std::sync::Arc::new(file), &pdf::Limits::default())?;
/// # assert!(signed.signatures()?[0].signature.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Refused before the key signs: a certificate with which no signature made at the request's time would be valid
/// ([`may_sign`]); what the author of an encrypted file does not permit; a file of which two programs could show different
/// documents, for no signature over it would pass; a signature that would break an earlier one by the rules of
/// [`validate`](crate::validate()).
///
/// # Errors
/// [`LevelError`]; nothing is to be appended then, not even a lower level.
pub fn sign_to(
    document: &Document,
    request: &SigningRequest,
    credential: Credential<'_>,
    level: Level,
    sources: &Sources<'_>,
) -> Result<Vec<u8>, LevelError> {
    check_level(level)?;
    may_sign(credential.certificate, request.at)?;
    guard::author(document, request)?;
    let mut request = request.clone();
    request.digest = credential.signer.algorithm().digest();
    let token = if level >= Level::BT { None } else { Some(0) };
    request.reserve = reserve_for(credential.certificate, credential.chain, token);
    let digests = Digests::for_level(document, request.digest, level, sources)?;
    let mut prefix = digests.prefix()?;
    let signed = match signed(document, &request, credential, level, sources, &mut prefix) {
        // An authority with a long chain: once more, with room for it.
        Err(LevelError::Sign(SignError::ReserveTooSmall { needed, .. })) => {
            request.reserve = (needed + 256).next_multiple_of(256);
            signed(document, &request, credential, level, sources, &mut prefix)?
        }
        other => other?,
    };
    complete(signed, level, sources, digests.growing(document, prefix))
}

/// Prepares a signature whose value will be made elsewhere, by the key of `certificate`: [`prepare`](crate::prepare), with
/// everything refused that [`sign_to`] refuses, as of the request's time.
///
/// # Errors
/// [`LevelError`], where the document, its earlier signatures or the certificate do not permit it.
pub fn prepare_for(
    document: &Document,
    request: &SigningRequest,
    certificate: &Certificate,
) -> Result<Prepared, LevelError> {
    may_sign(certificate, request.at)?;
    guard::author(document, request)?;
    let (prepared, state) = prepare_on(document, request, &mut Prefix::new(&[request.digest])?)?;
    guard::revision(document, &state, &prepared)?;
    Ok(prepared)
}

/// Brings a signature whose value was made elsewhere to a level; the answer is what to append to `document`, the file
/// that it was prepared for. A time-stamp is asked for where the level needs one and none is there.
///
/// The file is hashed once more: between the phases it may have been replaced.
///
/// # Errors
/// [`LevelError::OtherFile`] and [`LevelError::ChangedFile`] where `document` is not that file; [`LevelError`] else.
/// Nothing is to be appended then, not even a lower level.
pub fn finish_to(
    document: &Document,
    signed: Signed,
    level: Level,
    sources: &Sources<'_>,
) -> Result<Vec<u8>, LevelError> {
    check_level(level)?;
    let prepared = signed.prepared();
    if prepared.base_len != document.len() {
        return Err(LevelError::OtherFile { expected: prepared.base_len, found: document.len() });
    }
    let digests = Digests::for_level(document, prepared.digest_algorithm, level, sources)?;
    let mut prefix = digests.prefix()?;
    // Before an authority is asked to stamp what would not verify.
    if !prepared.belongs_to(document, &mut prefix)? {
        return Err(LevelError::ChangedFile);
    }
    // A time-stamp proves that it was made before.
    if !signed.is_time_stamped() {
        may_sign(signed.certificate(), sources.at)?;
    }
    guard::revision_of(document, &signed)?;
    let signed = if level >= Level::BT { stamped(signed, level, sources)? } else { signed };
    complete(signed, level, sources, digests.growing(document, prefix))
}

/// Brings every signature of a document, ours or another's, to a level; the answer is what to append, nothing where
/// all have it already.
///
/// * [`Level::BT`]: a document time-stamp, where a signature has no time-stamp.
/// * [`Level::BLT`]: besides, what the store lacks for signers and time-stamps.
/// * [`Level::BLTA`]: besides, a document time-stamp over everything. Where there is one already, this renews: the
///   material of the last time-stamp is gathered, and a new one added.
///
/// ```
/// use vermilion_pades::{Level, Sources, extend_to};
/// # use vermilion_pades::{Credential, Place, SigningRequest};
/// # use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
/// # use pki::{KeyAlgorithm, Serial, Signer, SoftwareSigner};
/// # let at: jiff::Timestamp = "2026-11-23T04:00:00Z".parse()?;
/// # let validity = Validity {
/// #     not_before: at - jiff::SignedDuration::from_hours(1),
/// #     not_after: at + jiff::SignedDuration::from_hours(24 * 90),
/// # };
/// # let named = |name: &str| Subject {
/// #     common_name: name.to_owned(),
/// #     country: Some("CN".to_owned()),
/// #     ..Subject::default()
/// # };
/// # let serial = |number| Serial::from_random([number; 16]);
/// # let (root_key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// # let root = prepare_root(&named("Root"), root_key.public_key_der(), &serial(1), validity)?.issue(&root_key)?;
/// # let issuer = Issuer { certificate: root.clone(), chain: vec![], urls: Urls::default() };
/// # let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// # let certificate = issuer
/// #     .prepare(Profile::Person, &named("Alice"), key.public_key_der(), &serial(2), validity)?
/// #     .issue(&root_key)?;
/// # let chain = vec![root.clone()];
/// # let mut builder = pdf::new::Builder::new(pdf::XrefKind::Table);
/// # builder.text_page(pdf::Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
/// # let mut file = builder.finish();
/// # let request = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("Signature1", at) };
/// # let credential = Credential { signer: &key, certificate: &certificate, chain: &chain };
/// # let document = pdf::Document::open(std::sync::Arc::new(file.clone()), &pdf::Limits::default())?;
/// # file.extend(vermilion_pades::sign_to(&document, &request, credential, Level::BB, &Sources::none(at))?);
/// # let (tsa_key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// # let tsa = issuer
/// #     .prepare(Profile::TimeStamping, &named("TSA"), tsa_key.public_key_der(), &serial(3), validity)?
/// #     .issue(&root_key)?;
/// # let tsa = pki::tsa::Authority {
/// #     certificate: tsa,
/// #     chain: vec![root.clone()],
/// #     policy: "1.3.6.1.4.1.99999.1".to_owned(),
/// #     accuracy_ms: 1000,
/// # };
/// # struct Stamps(pki::tsa::Authority, SoftwareSigner, jiff::Timestamp);
/// # impl vermilion_pades::TimeStampSource for Stamps {
/// #     fn time_stamp(&self, imprint: &pki::tsa::Imprint) -> Result<Vec<u8>, vermilion_pades::SourceError> {
/// #         let request = pki::tsa::Request::new(imprint.clone(), Some([9; 16])).to_der();
/// #         let reply = self.0.respond(&request, [7; 16], self.2, &self.1).expect("a reply");
/// #         match pki::tsa::Response::from_der(&reply.der).expect("a response") {
/// #             pki::tsa::Response::Granted(token) => Ok(token.der().to_vec()),
/// #             other => panic!("{other:?}"),
/// #         }
/// #     }
/// # }
/// # let authority = Stamps(tsa, tsa_key, at);
/// // `file`, a signed PDF; `authority`, whoever gives time-stamps (`vermilion-online` asks over HTTP).
/// let document = pdf::Document::open(std::sync::Arc::new(file.clone()), &pdf::Limits::default())?;
/// let sources = Sources { time_stamps: Some(&authority), ..Sources::none(at) };
/// file.extend(extend_to(&document, Level::BT, &sources)?);
/// # let document = pdf::Document::open(std::sync::Arc::new(file), &pdf::Limits::default())?;
/// # assert!(extend_to(&document, Level::BT, &sources)?.is_empty(), "nothing is left to add");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`LevelError`], where a level is out of reach for one of the signatures, and why.
pub fn extend_to(document: &Document, level: Level, sources: &Sources<'_>) -> Result<Vec<u8>, LevelError> {
    extend(document, Scope::All, level, sources)
}

/// The same for the signatures in `fields` alone. Others of the document, which may be of authorities that nobody here
/// knows, or broken, are neither asked about nor in the way.
///
/// # Errors
/// [`LevelError`], where the level is out of reach for one of these signatures, or it is not there, and why.
pub fn extend_fields_to(
    document: &Document,
    fields: &[&str],
    level: Level,
    sources: &Sources<'_>,
) -> Result<Vec<u8>, LevelError> {
    extend(document, Scope::Fields(fields), level, sources)
}

fn extend(
    document: &Document,
    scope: Scope<'_>,
    level: Level,
    sources: &Sources<'_>,
) -> Result<Vec<u8>, LevelError> {
    check_level(level)?;
    let mut inventory = Inventory::of(document, scope)?;
    let own: Vec<&Item> = inventory.items.iter().filter(|item| scope.holds(&item.field)).collect();
    if own.is_empty() {
        return Err(LevelError::NoSignature);
    }
    let digest = stamp::digest(document, sources, None)?;
    let prefix = check_digests(document, &own, digest)?;
    let mut file = Growing::new(document, prefix, digest);
    if level >= Level::BT && own.iter().any(|item| needs_time(&inventory, item)) {
        file.time_stamp(time_stamps(level, sources)?)?;
        inventory = Inventory::of(file.document(), scope)?;
    }
    if level >= Level::BLT {
        add_material(&mut file, &inventory, scope, Made::Before, level, sources)?;
    }
    if level >= Level::BLTA {
        file.time_stamp(time_stamps(level, sources)?)?;
    }
    reached::check(file.document(), level, scope, sources)?;
    Ok(file.into_tail())
}

/// Adds a time-stamp over the whole document, signed or not; the answer is what to append.
///
/// # Errors
/// [`LevelError`], where no authority stamps, the document takes no further field, or two programs could show different
/// documents from it.
pub fn time_stamp_document(document: &Document, sources: &Sources<'_>) -> Result<Vec<u8>, LevelError> {
    let digest = stamp::digest(document, sources, None)?;
    let mut file = Growing::new(document, Prefix::new(&[digest])?, digest);
    file.time_stamp(time_stamps(Level::BT, sources)?)?;
    guard::readers(file.document())?;
    Ok(file.into_tail())
}

fn check_level(level: Level) -> Result<(), LevelError> {
    if level < Level::BB { Err(LevelError::NoLevel(level)) } else { Ok(()) }
}

/// The hash functions that the way to a level needs, named beforehand so that the file is read once.
#[derive(Clone, Copy)]
struct Digests {
    signature: DigestAlgorithm,
    /// Of the document time-stamp; that of the signature where there will be none.
    stamp: DigestAlgorithm,
}

impl Digests {
    fn for_level(
        document: &Document,
        signature: DigestAlgorithm,
        level: Level,
        sources: &Sources<'_>,
    ) -> Result<Self, LevelError> {
        let stamp = match level {
            Level::BLTA => stamp::digest(document, sources, Some(signature))?,
            _ => signature,
        };
        Ok(Self { signature, stamp })
    }

    fn prefix(self) -> Result<Prefix, PrepareError> {
        Prefix::new(&[self.signature, self.stamp])
    }

    fn growing(self, document: &Document, prefix: Prefix) -> Growing {
        Growing::new(document, prefix, self.stamp)
    }
}

fn time_stamps<'a>(level: Level, sources: &Sources<'a>) -> Result<&'a dyn TimeStampSource, LevelError> {
    sources.time_stamps.ok_or(LevelError::NoTimeStampSource(level))
}

fn signed(
    document: &Document,
    request: &SigningRequest,
    credential: Credential<'_>,
    level: Level,
    sources: &Sources<'_>,
    prefix: &mut Prefix,
) -> Result<Signed, LevelError> {
    let Credential { signer, certificate, chain } = credential;
    let (prepared, state) = prepare_on(document, request, prefix)?;
    guard::revision(document, &state, &prepared)?;
    if level < Level::BT {
        prepared.is_fine_without_time_stamp()?;
    }
    let waiting = prepared.to_be_signed(certificate.clone(), chain.to_vec(), signer.algorithm())?;
    let value = signer.sign(waiting.bytes())?;
    let signed = waiting.signed(value)?;
    if level >= Level::BT { stamped(signed, level, sources) } else { Ok(signed) }
}

fn stamped(signed: Signed, level: Level, sources: &Sources<'_>) -> Result<Signed, LevelError> {
    if signed.is_time_stamped() {
        return Ok(signed);
    }
    let source = time_stamps(level, sources)?;
    let token = source.time_stamp(&signed.time_stamp_imprint()).map_err(LevelError::TimeStampSource)?;
    let at = Token::from_der(&token).map_err(|error| SignError::TimeStamp(error.to_string()))?.gen_time();
    let end = signed.certificate().not_after();
    // It would prove for all time that the signature came too late.
    if at.as_second() > end.as_second() {
        let why = format!("it is of {at}, when the signer's certificate had ended ({end})");
        return Err(SignError::TimeStamp(why).into());
    }
    Ok(signed.with_time_stamp(&token)?)
}

/// Appends what the level needs besides the signature itself.
fn complete(
    signed: Signed,
    level: Level,
    sources: &Sources<'_>,
    mut file: Growing,
) -> Result<Vec<u8>, LevelError> {
    let field = signed.prepared().field.clone();
    if level < Level::BLT && signed.prepared().requires_revocation_data() {
        return Err(LevelError::SeedValue { field, what: "revocation data", level });
    }
    let tail = signed.finish()?;
    if level < Level::BLT {
        return Ok(tail); // the value and the time-stamp were checked when they were added
    }
    file.append(tail)?;
    let own = [field.as_str()];
    let scope = Scope::Fields(&own);
    let inventory = Inventory::of(file.document(), scope)?;
    add_material(&mut file, &inventory, scope, Made::Now, level, sources)?;
    if level >= Level::BLTA {
        file.time_stamp(time_stamps(level, sources)?)?;
    }
    reached::check(file.document(), level, scope, sources)?;
    Ok(file.into_tail())
}

/// Whether nothing proves when a signature was made.
fn needs_time(inventory: &Inventory, item: &Item) -> bool {
    item.stamped_at().is_none() && inventory.covering(item.revision).next().is_none()
}

/// When signatures were made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// A moment ago: what speaks of them is yet to come.
    Now,
    /// Some time before: what the store holds may do.
    Before,
}

/// Appends the material that the store lacks for the signatures in scope.
fn add_material(
    file: &mut Growing,
    inventory: &Inventory,
    scope: Scope<'_>,
    made: Made,
    level: Level,
    sources: &Sources<'_>,
) -> Result<(), LevelError> {
    let mut gatherer = Gatherer::new(sources, &inventory.store.material);
    for item in &inventory.items {
        gatherer.add_certificates(item.certificates());
    }
    let last = inventory.items.iter().rposition(Item::is_time_stamp);
    let renewed = last.filter(|_| level >= Level::BLTA);
    let mut related = Vec::new();
    for (index, item) in inventory.items.iter().enumerate() {
        if !scope.holds(&item.field) {
            continue;
        }
        // What is new has no material yet; what is last must be proved before the next time-stamp covers it.
        let ask = if made == Made::Now || renewed == Some(index) { Ask::Always } else { Ask::WhereLacking };
        let material = gatherer.gather(&subjects(inventory, item, sources.at), ask)?;
        related.push(Vri { contents: item.contents.clone(), material, at: Some(sources.at) });
    }
    let held = &inventory.store.material;
    let lacks = |all: &Vec<Vec<u8>>, one: &Dss, pick: fn(&Dss) -> &Vec<Vec<u8>>| {
        pick(one).iter().any(|item| !all.contains(item))
    };
    let new = related.iter().any(|one| {
        lacks(&held.certs, &one.material, |dss| &dss.certs)
            || lacks(&held.crls, &one.material, |dss| &dss.crls)
            || lacks(&held.ocsps, &one.material, |dss| &dss.ocsps)
    });
    if new {
        file.append(append_dss_with(file.document(), &Dss::default(), &related)?)?;
    }
    Ok(())
}

/// The certificates that validating an item asks about, each with the time for which it must hold.
fn subjects(inventory: &Inventory, item: &Item, now: Timestamp) -> Vec<Subject> {
    let later = inventory.proved_later(item, now);
    match &item.body {
        Body::Signature { signer, stamps, .. } => {
            let proved = item.stamped_at().map_or(later, |at| at.min(later));
            let own = Subject {
                certificate: signer.clone(),
                purpose: Purpose::Any,
                at: proved,
                of: format!("the signer of field “{}”", item.field),
            };
            let stamping = stamps.iter().map(|(_, authority)| Subject {
                certificate: authority.clone(),
                purpose: Purpose::TimeStamping,
                at: later,
                of: format!("the time-stamp on field “{}”", item.field),
            });
            std::iter::once(own).chain(stamping).collect()
        }
        Body::DocTimeStamp { authority, .. } => vec![Subject {
            certificate: authority.clone(),
            purpose: Purpose::TimeStamping,
            at: later,
            of: format!("the document time-stamp in field “{}”", item.field),
        }],
    }
}

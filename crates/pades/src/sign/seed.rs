//! Seed values: what the author of a form asks of whoever signs a field (`/SV`, ISO 32000-2 §12.7.5.5, Table 237).
//!
//! What is required and cannot be met refuses the signature; what is only suggested is met where the request leaves it
//! open.

use pdf::{Dict, DocMdp, Document, FieldLock, LockAction, Object, ReadError};

use super::seed_certificate::CertificateWish;
use super::{SigningRequest, Wants};
use crate::PrepareError;

const SUB_FILTER: &str = "ETSI.CAdES.detached";
const FILTER: &str = "Adobe.PPKLite";
/// The newest version of seed value dictionaries (`/V`): that of PDF 2.0.
const VERSION: f64 = 3.0;

/// What a field asks of its signer. Lists that are absent are empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeedValue {
    /// `/Filter`: the handler.
    pub filter: Wish<Option<String>>,
    /// `/SubFilter`: encodings, the preferred first.
    pub sub_filters: Wish<Vec<String>>,
    /// `/DigestMethod`: hash functions.
    pub digest_methods: Wish<Vec<String>>,
    /// `/V`: the version that the handler must understand.
    pub version: Wish<Option<f64>>,
    /// `/Reasons`: reasons to choose from; a single period stands for none at all.
    pub reasons: Wish<Option<Vec<String>>>,
    /// `/MDP`: whether the signature is to certify, and for what; `Some(None)` asks for an approval signature.
    pub mdp: Option<Option<DocMdp>>,
    /// `/TimeStamp`: the authority to ask, and whether a time-stamp must be there.
    pub time_stamp: Wish<Option<String>>,
    /// `/LegalAttestation`: attestations to choose from.
    pub attestations: Wish<Vec<String>>,
    /// `/AddRevInfo`: whether revocation data shall come with the signature.
    pub revocation: Wish<bool>,
    /// `/LockDocument`: whether the signature shall lock the whole document.
    pub lock_document: Wish<Option<bool>>,
    /// `/AppearanceFilter`: the name of the appearance.
    pub appearance: Wish<Option<String>>,
    /// `/Cert`: whose certificate.
    pub certificate: CertificateWish,
}

/// A wish, and whether it is a condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish<T> {
    /// What is wished for.
    pub value: T,
    /// Whether the signature must not be made otherwise.
    pub required: bool,
}

impl SeedValue {
    /// Reads what a field asks, by its `/SV`; nothing where it has none.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_field(document: &Document, field: &Dict) -> Result<Self, ReadError> {
        match &*document.value(field, "SV")? {
            Object::Dictionary(dict) => Self::read(document, dict),
            _ => Ok(Self::default()),
        }
    }

    /// Reads a seed value dictionary.
    ///
    /// # Errors
    /// Where an object on the way cannot be read.
    pub fn read(document: &Document, dict: &Dict) -> Result<Self, ReadError> {
        let flags = document.value(dict, "Ff")?.as_integer().unwrap_or(0);
        let required = |bit: u32| flags & (1 << (bit - 1)) != 0;
        let name = |key| Ok::<_, ReadError>(document.value(dict, key)?.as_name().map(pdf::Name::to_text));
        let lock = name("LockDocument")?.and_then(|name| match name.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        });
        let wish_time = document.value(dict, "TimeStamp")?;
        let time_stamp = match wish_time.as_dict() {
            Some(stamp) => Wish {
                value: document.value(stamp, "URL")?.as_text(),
                required: document.value(stamp, "Ff")?.as_integer().unwrap_or(0) & 1 != 0,
            },
            None => Wish::default(),
        };
        let mdp = document.value(dict, "MDP")?;
        let mdp = match mdp.as_dict() {
            Some(mdp) => document.value(mdp, "P")?.as_integer().map(DocMdp::from_p),
            None => None,
        };
        let reasons = document.value(dict, "Reasons")?;
        let reasons = if reasons.is_null() { None } else { Some(texts(document, &reasons)?) };
        let list = |key| texts(document, &*document.value(dict, key)?);
        Ok(Self {
            filter: Wish { value: name("Filter")?, required: required(1) },
            sub_filters: Wish { value: list("SubFilter")?, required: required(2) },
            version: Wish { value: document.value(dict, "V")?.as_number(), required: required(3) },
            reasons: Wish { value: reasons, required: required(4) },
            attestations: Wish { value: list("LegalAttestation")?, required: required(5) },
            revocation: Wish {
                value: document.value(dict, "AddRevInfo")?.as_bool().unwrap_or(false),
                required: required(6),
            },
            digest_methods: Wish { value: list("DigestMethod")?, required: required(7) },
            lock_document: Wish { value: lock, required: required(8) },
            appearance: Wish {
                value: document.value(dict, "AppearanceFilter")?.as_text(),
                required: required(9),
            },
            mdp,
            time_stamp,
            certificate: match document.value(dict, "Cert")?.as_dict() {
                Some(wish) => CertificateWish::read(document, wish)?,
                None => CertificateWish::default(),
            },
        })
    }

    /// Meets the wishes in the request, or says which cannot be met.
    pub(super) fn honour(&self, request: &mut SigningRequest) -> Result<Wants, PrepareError> {
        let field = request.field.clone();
        let refuse = |what: String| PrepareError::SeedValue { field: field.clone(), what };
        self.encoding(request).map_err(&refuse)?;
        self.words(request).map_err(&refuse)?;
        self.restrictions(request).map_err(&refuse)?;
        if request.policy.is_none() {
            request.policy = self.certificate.policy();
        }
        if let Some(wanted) = &self.certificate.policy_oid
            && request.policy.as_ref().is_none_or(|policy| policy.oid != *wanted)
        {
            return Err(refuse(format!("the signature policy {wanted}")));
        }
        Ok(Wants {
            time_stamp: self.time_stamp.required,
            time_stamp_url: self.time_stamp.value.clone().filter(|_| self.time_stamp.required),
            revocation: self.revocation.required && self.revocation.value,
            certificate: self.certificate.clone(),
        })
    }

    fn encoding(&self, request: &SigningRequest) -> Result<(), String> {
        if let Wish { value: Some(filter), required: true } = &self.filter
            && filter != FILTER
        {
            return Err(format!("the handler {filter}, which is not {FILTER}"));
        }
        if let Wish { value: Some(version), required: true } = self.version
            && version > VERSION
        {
            return Err(format!("a handler of version {version}"));
        }
        let Wish { value: sub_filters, required } = &self.sub_filters;
        if *required && !sub_filters.is_empty() && !sub_filters.iter().any(|one| one == SUB_FILTER) {
            return Err(format!("one of the encodings {}, none of which is PAdES", sub_filters.join(", ")));
        }
        let Wish { value: methods, required } = &self.digest_methods;
        let ours = request.digest.name().replace('-', "");
        let listed = methods.iter().any(|method| method.replace('-', "").eq_ignore_ascii_case(&ours));
        if *required && !methods.is_empty() && !listed {
            return Err(format!("one of the hash functions {}, not {ours}", methods.join(", ")));
        }
        if let Wish { value: Some(appearance), required: true } = &self.appearance
            && request.appearance_name.as_ref() != Some(appearance)
        {
            return Err(format!("the appearance called “{appearance}”"));
        }
        Ok(())
    }

    fn words(&self, request: &mut SigningRequest) -> Result<(), String> {
        if let Wish { value: Some(reasons), required: true } = &self.reasons {
            match (reasons.as_slice(), request.reason.as_ref()) {
                ([], None) => {}
                ([period], None) if period == "." => {}
                ([], Some(_)) => return Err("no reason".to_owned()),
                ([period], Some(_)) if period == "." => return Err("no reason".to_owned()),
                ([only], None) => request.reason = Some(only.clone()),
                (several, given) if given.is_none_or(|reason| !several.contains(reason)) => {
                    return Err(format!("one of the reasons {}", quoted(several)));
                }
                _ => {}
            }
        }
        let certifies = request.certify.is_some() || self.mdp.flatten().is_some();
        if let Wish { value: attestations, required: true } = &self.attestations
            && certifies
            && !attestations.is_empty()
        {
            match (attestations.as_slice(), request.attestation.as_ref()) {
                ([only], None) => request.attestation = Some(only.clone()),
                (several, given) if given.is_none_or(|one| !several.contains(one)) => {
                    return Err(format!("one of the attestations {}", quoted(several)));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn restrictions(&self, request: &mut SigningRequest) -> Result<(), String> {
        match (self.mdp, request.certify) {
            (None, _) | (Some(None), None) => {}
            (Some(None), Some(_)) => return Err("an approval signature, no certification".to_owned()),
            (Some(wanted), None) => request.certify = wanted,
            (Some(Some(wanted)), Some(given)) if wanted != given => {
                return Err(format!("a certification with P {}, not {}", wanted.p(), given.p()));
            }
            _ => {}
        }
        let whole =
            FieldLock { action: LockAction::All, fields: Vec::new(), permission: Some(DocMdp::NoChanges) };
        match self.lock_document {
            Wish { value: Some(true), required } => match &request.lock {
                None => request.lock = Some(whole),
                Some(other) if required && *other != whole => {
                    return Err("a lock of the whole document".to_owned());
                }
                Some(_) => {}
            },
            Wish { value: Some(false), required: true }
                if request.lock.as_ref().is_some_and(|lock| lock.permission == Some(DocMdp::NoChanges)) =>
            {
                return Err("a document that stays unlocked".to_owned());
            }
            _ => {}
        }
        Ok(())
    }
}

fn quoted(texts: &[String]) -> String {
    texts.iter().map(|text| format!("“{text}”")).collect::<Vec<_>>().join(", ")
}

/// The texts or names of an array.
pub(super) fn texts(document: &Document, list: &Object) -> Result<Vec<String>, ReadError> {
    const MOST: usize = 256;
    let mut texts = Vec::new();
    for item in list.as_array().unwrap_or_default().iter().take(MOST) {
        let item = document.follow(item)?;
        texts.extend(item.as_name().map(pdf::Name::to_text).or_else(|| item.as_text()));
    }
    Ok(texts)
}

//! Signing policies: what a recipient must bring so that a signature counts, as a named, versioned document whose digest
//! the consent covers and the signature carries ("other conditions that the parties agreed on", Art. 13 of the Electronic
//! Signature Law, last paragraph).
//!
//! A policy is what its canonical bytes say ([`SigningPolicy::canonical`], RFC 8785): the digest over them names it, in
//! signatures beside an object identifier that is made from it ([`oid`]).

mod author;

use serde::{Deserialize, Serialize};

pub use self::author::{Author, PolicyRef, Publisher};
use crate::recipient::words;
use crate::refusal::Refusal;
use crate::text::Text;

/// The most characters of a policy's title.
pub const TITLE_LIMIT: u32 = 100;
/// The most characters of a policy's name.
const NAME_LIMIT: usize = 40;
/// The longest that a policy lets an identity check age.
const AGE_LIMIT_DAYS: u32 = 3650;
/// Who publishes the policies that are built in.
pub const PUBLISHER: &str = "vermilion";
/// Above the object identifiers of policies, beside those of the embedded authority's certificates.
const ARC: &str = "1.3.6.1.4.1.99999.2";

/// How sure it is who someone is. Graded as in eIDAS, Art. 8; the later the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Assurance {
    /// Name and number belong together, as an authority says.
    Low,
    /// And the person holds something that the authority knows to be theirs: a phone, a bank account.
    Substantial,
    /// And the person's face or document was compared.
    High,
}

words!(Assurance { Low = "low", Substantial = "substantial", High = "high" });

impl Assurance {
    /// For how many days a check of this grade counts: what is less sure has to be shown again sooner.
    #[must_use]
    pub fn lasts_days(self) -> u32 {
        match self {
            Self::Low => 90,
            Self::Substantial | Self::High => 365,
        }
    }
}

/// Where a signing key is, and what opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Custody {
    /// In the signer's own device, and never elsewhere.
    Device,
    /// Sealed on the server; a passkey of the signer opens it.
    Passkey,
    /// Sealed on the server; a PIN opens it.
    Pin,
    /// In a hardware module, released by an activation.
    Pkcs11,
}

words!(Custody { Device = "device", Passkey = "passkey", Pin = "pin", Pkcs11 = "pkcs11" });

impl Custody {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Device, Self::Passkey, Self::Pin, Self::Pkcs11];
}

/// A check of the signer's will, for one very signature and apart from what opens the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WillWay {
    /// A code to the address that the invitation went to.
    Email,
    /// The signer's face, anew, by a provider.
    Face,
    /// A passkey that agrees to what is signed.
    Passkey,
    /// A code to the signer's phone.
    Sms,
}

words!(WillWay { Email = "email", Face = "face", Passkey = "passkey", Sms = "sms" });

impl WillWay {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Email, Self::Face, Self::Passkey, Self::Sms];

    /// Whether a code is sent.
    #[must_use]
    pub fn is_code(self) -> bool {
        matches!(self, Self::Email | Self::Sms)
    }
}

/// How the will to sign is asked for, besides opening the key: a word, or the list of checks of which the signer chooses
/// one. Policies from before there was a choice have the words, and keep their digests.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WillCheck {
    /// Opening the key for this very signature is the expression of will.
    Key,
    /// A code sent to the signer's phone: as `["sms"]`.
    Code,
    /// One of these, sorted.
    #[serde(untagged)]
    AnyOf(Vec<WillWay>),
}

impl WillCheck {
    /// The checks of which one is asked for; none where opening the key is enough.
    #[must_use]
    pub fn ways(&self) -> &[WillWay] {
        match self {
            Self::Key => &[],
            Self::Code => &[WillWay::Sms],
            Self::AnyOf(ways) => ways,
        }
    }

    /// As it is written: sorted, nothing twice, `key` for an empty list. None for a face alone: whoever does not want theirs
    /// looked at must have another way.
    fn written(self) -> Option<Self> {
        let Self::AnyOf(mut ways) = self else { return Some(self) };
        ways.sort_unstable();
        ways.dedup();
        match ways.as_slice() {
            [] => Some(Self::Key),
            [WillWay::Face] => None,
            _ => Some(Self::AnyOf(ways)),
        }
    }
}

/// Which time of signing counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum TimeRule {
    /// The time that the signer's side claims.
    Claimed,
    /// A time-stamp of a trusted authority (RFC 3161).
    Trusted,
}

/// The level that a signature reaches at least (EN 319 142-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum SignatureLevel {
    /// With a trusted time.
    #[serde(rename = "PAdES-B-T")]
    T,
    /// And with all that is needed to validate it.
    #[serde(rename = "PAdES-B-LT")]
    Lt,
    /// And with a time-stamp over all of that.
    #[serde(rename = "PAdES-B-LTA")]
    Lta,
}

/// What is asked of the check of the signer's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityRule {
    /// How sure it is, at least.
    pub assurance: Assurance,
    /// How old the check may be when signing; none for as long as it is valid.
    #[serde(default)]
    pub max_age_days: Option<u32>,
}

/// What is asked of the signing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRule {
    /// Where it may be, sorted.
    pub custody: Vec<Custody>,
}

/// A title in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Title {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: String,
}

impl Title {
    /// Whether it reads as that of a policy that is built in, in either language and whatever surrounds the letters.
    fn is_reserved(&self) -> bool {
        let letters =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let own = [letters(&self.en), letters(&self.zh_cn)];
        let built_in = SigningPolicy::all_built_in();
        built_in
            .iter()
            .any(|it| own.contains(&letters(&it.title.en)) || own.contains(&letters(&it.title.zh_cn)))
    }
}

/// The kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum DocumentType {
    #[serde(rename = "vermilion-signing-policy")]
    SigningPolicy,
}

/// A signing policy.
///
/// ```
/// use vermilion_domain::policy::{Custody, SigningPolicy};
/// let strict = SigningPolicy::built_in("strict").expect("is built in");
/// assert_eq!(strict.key.custody, [Custody::Passkey]);
/// assert_eq!(SigningPolicy::from_canonical(&strict.canonical()), Some(strict));
/// ```
// RFC 8785 sorts members by name: the fields are declared in that order, here and above, and serde writes them so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningPolicy {
    /// What is asked of the identity check.
    pub identity: IdentityRule,
    /// What is asked of the key.
    pub key: KeyRule,
    /// The level that the signature reaches at least.
    pub level: SignatureLevel,
    /// Its name: lower-case letters, digits and hyphens.
    pub name: String,
    /// The organization in whose name it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<Author>,
    /// Who wrote it: [`PUBLISHER`], or the id of an account or of an organization.
    pub publisher: String,
    /// Which time counts.
    pub time: TimeRule,
    /// What people call it.
    pub title: Title,
    r#type: DocumentType,
    /// From 1; a changed policy is a new version.
    pub version: u32,
    /// How the will is asked for.
    pub will: WillCheck,
}

/// What an author writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: Title,
    /// What is asked of the identity check.
    pub identity: IdentityRule,
    /// Where the key may be.
    pub custody: Vec<Custody>,
    /// How the will is asked for.
    pub will: WillCheck,
    /// Which time counts.
    pub time: TimeRule,
    /// The level that the signature reaches at least.
    pub level: SignatureLevel,
}

impl SigningPolicy {
    /// The policy that holds where none is named.
    pub const DEFAULT: &'static str = "standard";

    /// The policies that are built in, the least demanding first.
    #[must_use]
    pub fn all_built_in() -> [Self; 3] {
        let built_in = |name: &str, en: &str, zh_cn: &str| Self {
            identity: IdentityRule { assurance: Assurance::Substantial, max_age_days: None },
            key: KeyRule { custody: Custody::ALL.to_vec() },
            level: SignatureLevel::Lt,
            name: name.to_owned(),
            organization: None,
            publisher: PUBLISHER.to_owned(),
            time: TimeRule::Trusted,
            title: Title { en: en.to_owned(), zh_cn: zh_cn.to_owned() },
            r#type: DocumentType::SigningPolicy,
            version: 1,
            will: WillCheck::Key,
        };
        let simple = Self {
            identity: IdentityRule { assurance: Assurance::Low, max_age_days: None },
            level: SignatureLevel::T,
            ..built_in("simple", "Simple", "简易")
        };
        let strict = Self {
            identity: IdentityRule { assurance: Assurance::Substantial, max_age_days: Some(1) },
            key: KeyRule { custody: vec![Custody::Passkey] },
            level: SignatureLevel::Lta,
            ..built_in("strict", "Strict", "严格")
        };
        [simple, built_in("standard", "Standard", "标准"), strict]
    }

    /// The built-in policy of this name.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        Self::all_built_in().into_iter().find(|it| it.name == name)
    }

    /// A policy of the publisher's own.
    ///
    /// # Errors
    /// [`Refusal::PolicyInvalid`] names the member that cannot be taken.
    pub fn write(draft: Draft, publisher: Publisher, version: u32) -> Result<Self, Refusal> {
        let invalid = |what| Refusal::PolicyInvalid { what };
        let Draft { name, title, identity, mut custody, will, time, level } = draft;
        if !is_name(&name) || Self::built_in(&name).is_some() {
            return Err(invalid("name"));
        }
        custody.sort_unstable();
        custody.dedup();
        if custody.is_empty() {
            return Err(invalid("custody"));
        }
        if identity.max_age_days.is_some_and(|days| !(1..=AGE_LIMIT_DAYS).contains(&days)) {
            return Err(invalid("max_age_days"));
        }
        let line =
            |text: &str| Text::parse(&text.split_whitespace().collect::<Vec<_>>().join(" "), TITLE_LIMIT);
        let title = Title { en: line(&title.en)?, zh_cn: line(&title.zh_cn)? };
        if title.en.is_empty() || title.zh_cn.is_empty() || title.is_reserved() {
            return Err(invalid("title"));
        }
        let will = will.written().ok_or(invalid("will"))?;
        let (publisher, organization) = publisher.into_members();
        let (r#type, key) = (DocumentType::SigningPolicy, KeyRule { custody });
        Ok(Self { identity, key, level, name, organization, publisher, time, title, r#type, version, will })
    }

    /// The canonical bytes (RFC 8785): what is hashed, and what is handed out.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings, integers and lists always serialise")
    }

    /// Reads canonical bytes; none where they are no policy, or not in the canonical form.
    #[must_use]
    pub fn from_canonical(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes).ok().filter(|it| it.canonical() == bytes)
    }

    /// Who wrote it, as it says itself: the organization with its credit code, or the publisher.
    #[must_use]
    pub fn written_by(&self) -> String {
        self.organization.as_ref().map_or_else(|| self.publisher.clone(), ToString::to_string)
    }

    /// Whether a key in this custody may sign.
    #[must_use]
    pub fn allows(&self, custody: Custody) -> bool {
        self.key.custody.contains(&custody)
    }
}

/// Lower-case letters, digits and hyphens.
fn is_name(name: &str) -> bool {
    let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !name.is_empty() && name.len() <= NAME_LIMIT && name.bytes().all(letters)
}

/// The object identifier of the policy with this digest: under the arc of this product's policies, the digest's first 16
/// bytes as four arcs of 31 bits, which every reader of object identifiers can hold.
#[must_use]
pub fn oid(digest: &[u8; 32]) -> String {
    let arcs = digest.chunks_exact(4).take(4).map(|bytes| {
        let number = bytes.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!(".{}", number & 0x7fff_ffff)
    });
    format!("{ARC}{}", arcs.collect::<String>())
}

#[cfg(test)]
mod tests;

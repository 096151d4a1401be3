//! What a person gives to be verified.

use domain::{BankCard, IdDocument, Locale, Name, Phone, Refusal, VerificationId, mask};
use jiff::Timestamp;
use providers::{PersonCheck, PersonMethod};
use serde::Deserialize;

use super::consent;
use crate::view::{IdKind, IdentityMethod};

/// Who somebody says to be, and how that is to be checked.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = IdentityBody))]
pub struct PersonInput {
    /// Name as on the document.
    pub name: String,
    /// Kind of document.
    #[serde(default = "resident_id")]
    pub document: IdKind,
    /// Its number.
    pub id_number: String,
    /// How it is checked.
    #[serde(default = "three_elements")]
    pub method: IdentityMethod,
    /// Mobile phone: for all methods but faces.
    #[serde(default)]
    pub phone: Option<String>,
    /// Bank card, for four elements.
    #[serde(default)]
    pub bank_card: Option<String>,
    /// What the provider's script found about the browser, for a face in the browser.
    #[serde(default)]
    pub device: Option<String>,
    /// The consent that is given with it.
    pub consent: ConsentInput,
}

/// A consent to process data, given with the data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConsentInput {
    /// Version of the words that were shown.
    pub version: String,
    /// Language in which they were shown.
    pub locale: Locale,
    /// Whether the face may be processed too.
    #[serde(default)]
    pub face: bool,
    /// Whether pictures of the document may be taken and looked at.
    #[serde(default)]
    pub photo: bool,
}

fn resident_id() -> IdKind {
    IdKind::ResidentId
}

fn three_elements() -> IdentityMethod {
    IdentityMethod::ThreeElements
}

impl PersonInput {
    /// A resident with a phone, who agrees to the words in force: the usual way.
    #[must_use]
    pub fn resident(name: &str, id_number: &str, phone: &str) -> Self {
        Self {
            name: name.to_owned(),
            document: IdKind::ResidentId,
            id_number: id_number.to_owned(),
            method: IdentityMethod::ThreeElements,
            phone: Some(phone.to_owned()),
            bank_card: None,
            device: None,
            consent: ConsentInput {
                version: consent::VERSION.to_owned(),
                locale: Locale::ZhCn,
                face: false,
                photo: false,
            },
        }
    }

    /// The same by another method; faces and pictures are consented to.
    #[must_use]
    pub fn by(mut self, method: IdentityMethod) -> Self {
        self.method = method;
        self.consent.face = PersonMethod::from(method).is_face();
        self.consent.photo = method == IdentityMethod::DocumentPhoto;
        self
    }

    /// The check of it, where it is well formed and may be who is expected.
    pub(super) fn check(
        &self,
        order: VerificationId,
        expected: Option<&Name>,
        now: Timestamp,
    ) -> Result<PersonCheck, Refusal> {
        let method = PersonMethod::from(self.method);
        let document = IdDocument::parse(self.document.into(), &self.id_number, now)?;
        let mut check = PersonCheck::new(order.to_string(), method, Name::parse(&self.name)?, document);
        if method.is_elements() {
            check.phone = Some(Phone::parse(self.phone.as_deref().unwrap_or_default())?);
        }
        if method == PersonMethod::FourElements {
            check.bank_card = Some(BankCard::parse(self.bank_card.as_deref().unwrap_or_default())?);
        }
        check.device.clone_from(&self.device);
        if check.document.is_adult(now) == Some(false) {
            return Err(Refusal::IdentityUnderage);
        }
        if let Some(expected) = expected.filter(|it| !check.name.matches(it)) {
            return Err(Refusal::RecipientNameMismatch { expected: mask::name(expected.as_str()) });
        }
        Ok(check)
    }
}

impl std::fmt::Debug for PersonInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonInput")
            .field("document", &self.document)
            .field("method", &self.method)
            .field("consent", &self.consent)
            .finish_non_exhaustive()
    }
}

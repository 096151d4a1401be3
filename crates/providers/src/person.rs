//! Checks of people.

use async_trait::async_trait;
use domain::{BankCard, IdDocument, IdKind, Name, Phone};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::error::{Fault, ProviderError};
use crate::notice::{Notice, Received};

/// How a person is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonMethod {
    /// Name and number, with the register of residents (二要素).
    TwoElements,
    /// Name, number and phone, with the carrier (三要素).
    ThreeElements,
    /// Name, number, phone and bank card, with the bank (四要素).
    FourElements,
    /// The face, in Alipay, with the register's photograph.
    FaceAlipay,
    /// The face, in WeChat, with the register's photograph.
    FaceWechat,
    /// The face, in the browser, with the register's photograph.
    FaceBrowser,
    /// Pictures of the document, looked at by the platform's own people. No provider offers it.
    DocumentPhoto,
}

impl PersonMethod {
    /// Every method.
    pub const ALL: [Self; 7] = [
        Self::TwoElements,
        Self::ThreeElements,
        Self::FourElements,
        Self::FaceAlipay,
        Self::FaceWechat,
        Self::FaceBrowser,
        Self::DocumentPhoto,
    ];

    /// The stable word of the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoElements => "two_elements",
            Self::ThreeElements => "three_elements",
            Self::FourElements => "four_elements",
            Self::FaceAlipay => "face_alipay",
            Self::FaceWechat => "face_wechat",
            Self::FaceBrowser => "face_browser",
            Self::DocumentPhoto => "document_photo",
        }
    }

    /// Whether a face is processed: that needs a consent of its own, and another way to choose instead.
    #[must_use]
    pub fn is_face(self) -> bool {
        matches!(self, Self::FaceAlipay | Self::FaceWechat | Self::FaceBrowser)
    }

    /// Whether elements are compared, one of them a phone: then a code goes to it.
    #[must_use]
    pub fn is_elements(self) -> bool {
        matches!(self, Self::TwoElements | Self::ThreeElements | Self::FourElements)
    }

    /// What is compared where the person passes.
    #[must_use]
    pub fn factors(self) -> &'static [Factor] {
        match self {
            Self::TwoElements => &[Factor::Name, Factor::IdNumber],
            Self::ThreeElements => &[Factor::Name, Factor::IdNumber, Factor::Phone],
            Self::FourElements => &[Factor::Name, Factor::IdNumber, Factor::Phone, Factor::BankCard],
            Self::FaceAlipay | Self::FaceWechat | Self::FaceBrowser => {
                &[Factor::Name, Factor::IdNumber, Factor::Face]
            }
            Self::DocumentPhoto => &[Factor::Document],
        }
    }
}

/// One thing that was compared with the authority or proved by the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The name belongs to the ID number.
    Name,
    /// The ID number exists.
    IdNumber,
    /// The phone is registered under the name and number.
    Phone,
    /// The bank card is held under the name, number and phone.
    BankCard,
    /// A living face was compared with the authority's photograph.
    Face,
    /// A code sent to that phone came back.
    PhoneCode,
    /// A picture of the document carries this name and number, as somebody who looked at it says. No authority was asked.
    Document,
    /// The person held it beside the face, and the face is the one of its photograph, as somebody who looked at it says.
    Presented,
}

impl Factor {
    /// The stable word of views and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::IdNumber => "id_number",
            Self::Phone => "phone",
            Self::BankCard => "bank_card",
            Self::Face => "face",
            Self::PhoneCode => "phone_code",
            Self::Document => "document",
            Self::Presented => "presented",
        }
    }
}

/// A check of a person, to be started. `Debug` shows no name and masked numbers.
#[derive(Clone)]
pub struct PersonCheck {
    /// Our order number: the same number never starts a second check.
    pub order: String,
    /// How.
    pub method: PersonMethod,
    /// Name as the person wrote it.
    pub name: Name,
    /// The identity document.
    pub document: IdDocument,
    /// Mobile phone; needed for [`PersonMethod::ThreeElements`] and [`PersonMethod::FourElements`].
    pub phone: Option<Phone>,
    /// Bank card; needed for [`PersonMethod::FourElements`].
    pub bank_card: Option<BankCard>,
    /// Where the provider's page leads back to. What comes along there proves nothing.
    pub return_url: Option<String>,
    /// Where the provider sends its notice.
    pub notice_url: Option<String>,
    /// What the provider's script found about the browser (MetaInfo); needed for [`PersonMethod::FaceBrowser`].
    pub device: Option<String>,
}

impl PersonCheck {
    /// A check by elements or face, with nothing beside name and document.
    #[must_use]
    pub fn new(order: impl Into<String>, method: PersonMethod, name: Name, document: IdDocument) -> Self {
        Self {
            order: order.into(),
            method,
            name,
            document,
            phone: None,
            bank_card: None,
            return_url: None,
            notice_url: None,
            device: None,
        }
    }

    pub(crate) fn phone(&self) -> Result<&Phone, Fault> {
        self.phone.as_ref().ok_or(Fault::Unsupported("this check without a phone"))
    }

    /// The phone as mainland providers take it: eleven digits without prefix.
    pub(crate) fn mainland_phone(&self) -> Result<&str, Fault> {
        let number = self.phone()?.reveal();
        number.strip_prefix("+86").ok_or(Fault::Unsupported("phones of other countries"))
    }

    pub(crate) fn bank_card(&self) -> Result<&BankCard, Fault> {
        self.bank_card.as_ref().ok_or(Fault::Unsupported("this check without a bank card"))
    }
}

impl std::fmt::Debug for PersonCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonCheck")
            .field("order", &self.order)
            .field("method", &self.method)
            .field("document", &self.document)
            .field("phone", &self.phone)
            .field("bank_card", &self.bank_card)
            .finish_non_exhaustive()
    }
}

/// Result of a person's check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonVerdict {
    /// Not answered yet.
    Pending(Pending),
    /// The authority says no.
    Refused(PersonRefusal),
    /// The authority says yes to these factors.
    Passed {
        /// What was compared and agreed.
        factors: Vec<Factor>,
        /// Likeness in percent where the provider gives one.
        score: Option<u8>,
    },
}

/// A check that goes on. The caller keeps it and gives it back to [`PersonProvider::poll`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The provider's number.
    pub transaction: String,
    /// Where the person goes on; `None` where there is nothing to do but wait.
    pub continue_at: Option<Continue>,
    /// After this the provider takes nothing more.
    pub until: Timestamp,
}

/// Where a person goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continue {
    /// The provider's page.
    pub url: String,
    /// What opens the app on the same phone, where it has a link of its own.
    pub app_link: Option<String>,
    /// The text of a QR code that the app scans from another screen.
    pub qr: String,
    /// Where the page opens.
    pub opens_in: OpensIn,
}

/// Where a provider's page opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpensIn {
    /// In any browser with a camera.
    Browser,
    /// In Alipay alone.
    Alipay,
    /// In WeChat alone.
    Wechat,
}

/// Why a person was refused: every reason that the user interface has words for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRefusal {
    /// Name and ID number do not belong together. Authorities do not say which of the two is wrong.
    Identity,
    /// The authority has no record or no photograph of this document.
    NoRecord,
    /// The provider does not take the name or the number as written.
    Entries,
    /// The phone is not registered under this identity.
    Phone,
    /// The phone's carrier cannot be asked.
    PhoneUnsupported,
    /// The bank card is not held under this name, number and phone.
    BankCard,
    /// The card is blocked, expired, lost or of a kind that is not checked.
    BankCardUnusable,
    /// The face is not the one of the photograph.
    FaceMismatch,
    /// No living person was before the camera.
    FaceNotLive,
    /// The picture was too dark, too small or incomplete.
    FaceUnclear,
    /// The person left the check.
    Cancelled,
    /// The person took too long.
    Expired,
    /// No camera, or a browser that cannot do it.
    Device,
    /// This identity was checked too often today.
    TooManyTries,
}

impl PersonRefusal {
    /// Every reason.
    pub const ALL: [Self; 14] = [
        Self::Identity,
        Self::NoRecord,
        Self::Entries,
        Self::Phone,
        Self::PhoneUnsupported,
        Self::BankCard,
        Self::BankCardUnusable,
        Self::FaceMismatch,
        Self::FaceNotLive,
        Self::FaceUnclear,
        Self::Cancelled,
        Self::Expired,
        Self::Device,
        Self::TooManyTries,
    ];

    /// The stable word; `identity_refused_<word>` of the user interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::NoRecord => "no_record",
            Self::Entries => "entries",
            Self::Phone => "phone",
            Self::PhoneUnsupported => "phone_unsupported",
            Self::BankCard => "bank_card",
            Self::BankCardUnusable => "bank_card_unusable",
            Self::FaceMismatch => "face_mismatch",
            Self::FaceNotLive => "face_not_live",
            Self::FaceUnclear => "face_unclear",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Device => "device",
            Self::TooManyTries => "too_many_tries",
        }
    }

    /// What the person should do.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            Self::Identity | Self::Entries | Self::Phone | Self::BankCard => Advice::CheckEntries,
            Self::NoRecord | Self::PhoneUnsupported | Self::BankCardUnusable => Advice::OtherMethod,
            Self::FaceMismatch | Self::FaceNotLive | Self::FaceUnclear | Self::Cancelled | Self::Expired => {
                Advice::TryAgain
            }
            Self::Device => Advice::OtherDevice,
            Self::TooManyTries => Advice::Tomorrow,
        }
    }

    /// Whether it counts as a wrong try: who guesses at an identity causes these.
    #[must_use]
    pub fn is_mismatch(self) -> bool {
        matches!(self, Self::Identity | Self::Phone | Self::BankCard | Self::FaceMismatch | Self::FaceNotLive)
    }

    /// The refusal as the API says it.
    #[must_use]
    pub fn refusal(self) -> domain::Refusal {
        match self {
            Self::Identity => domain::Refusal::IdentityMismatch,
            Self::Phone => domain::Refusal::PhoneMismatch,
            other => domain::Refusal::IdentityRefused { reason: other.as_str() },
        }
    }
}

/// What a refused person should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Compare what was typed with the document and the card.
    CheckEntries,
    /// Choose another way to be verified.
    OtherMethod,
    /// Do it again.
    TryAgain,
    /// Do it on another phone or in another browser.
    OtherDevice,
    /// Do it tomorrow, or choose another way.
    Tomorrow,
}

/// Knows people.
#[async_trait]
pub trait PersonProvider: Send + Sync {
    /// Stable name, kept with each result.
    fn name(&self) -> &'static str;

    /// Whether it checks documents of this kind by this method. What it does not is refused before anything is sent.
    fn supports(&self, method: PersonMethod, kind: IdKind) -> bool;

    /// The number under which the provider knows an order of ours, as its notices give it back.
    fn order_number(&self, order: &str) -> String {
        order.to_owned()
    }

    /// Starts a check, or finds the one already started under this order number.
    ///
    /// The caller records the order before, and the transaction after: an adapter remembers orders for as long as the
    /// process lives.
    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError>;

    /// Asks for the result of a check that was pending. The answer must speak of this check's person.
    async fn poll(
        &self,
        check: &PersonCheck,
        pending: &Pending,
    ) -> Result<Answer<PersonVerdict>, ProviderError>;

    /// Judges a notice. One that may be believed says what is to be polled; none is an answer.
    fn notice(&self, received: &Received) -> Result<Notice, ProviderError> {
        let _ = received;
        Err(ProviderError::new(self.name(), Fault::Unsupported("notices")))
    }
}

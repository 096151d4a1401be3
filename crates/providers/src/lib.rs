//! What stands between Vermilion and the authorities that know people, companies and accounts, and the carriers that
//! bring a code to a phone.
//!
//! One interface ([`PersonProvider`], [`OrganizationProvider`], [`SmsProvider`], [`PayoutProvider`]), and adapters for
//! those who offer it in China:
//!
//! * [`alipay::Alipay`]: face, in Alipay (gateway v2, RSA2);
//! * [`tencent::Tencent`]: face in WeChat, two to four elements, company registry, SMS (TC3-HMAC-SHA256);
//! * [`aliyun::Aliyun`]: face in the browser, two to four elements, company registry, SMS (ACS3-HMAC-SHA256).
//!
//! # What is believed
//! A redirect or a callback is never an answer: it has the caller poll. What counts is the provider's answer to our own
//! signed request, over TLS; Alipay's is signed on top, over the exact bytes that are kept. An answer that speaks of
//! somebody else than was asked about, or that came before, is refused. Whatever a provider says in words that are not
//! known here is no pass.
//!
//! # What is kept
//! [`Answer`] carries the provider's bytes as they came. They hold personal data: the caller encrypts them and keeps
//! their digest ([`Answer::raw_sha256`]) with the result. Errors and `Debug` show no names, numbers or phones.
//!
//! The crate asks neither the machine's clock nor its randomness: both come in through [`Context`].

pub mod alipay;
pub mod aliyun;
pub mod tencent;

mod answer;
mod asking;
mod context;
mod credential;
mod error;
mod json;
mod notice;
mod organization;
mod payout;
mod person;
mod secret;
mod sms;
mod subject;
mod task;

pub use self::answer::Answer;
pub use self::context::{Context, Limits};
pub use self::credential::{Credential, Renewal};
pub use self::error::{ConfigError, Fault, ProviderError};
pub use self::notice::{Notice, NoticeReply, Received};
pub use self::online_roots::Roots;
pub use self::organization::{
    OrganizationCheck, OrganizationFactor, OrganizationMethod, OrganizationMismatch, OrganizationProvider,
    OrganizationVerdict,
};
pub use self::payout::{PayoutFailure, PayoutProvider, PayoutRequest, PayoutState};
pub use self::person::{
    Advice, Continue, Factor, OpensIn, Pending, PersonCheck, PersonMethod, PersonProvider, PersonRefusal,
    PersonVerdict,
};
pub use self::secret::Secret;
pub use self::sms::{SmsMessage, SmsProvider, SmsRefusal, SmsTemplate, SmsTemplates, SmsVerdict};

mod online_roots {
    pub use online::Roots;
}

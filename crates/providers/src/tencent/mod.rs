//! Tencent Cloud: faces in WeChat (FaceID), two to four elements of a person, the company registry, text messages.
//!
//! API 3.0: JSON over POST, signed with TC3-HMAC-SHA256. Answers are not signed: TLS alone speaks for them, and each must
//! carry a request number that did not come before and speak of the person who was asked about.

mod cloud;
mod company;
mod elements;
mod face;
pub mod sign;
mod text_message;

use std::sync::Arc;

use async_trait::async_trait;
use domain::IdKind;

use crate::answer::Answer;
use crate::asking::{Asking, Seen, order_number};
use crate::context::Context;
use crate::credential::{Credential, Held, Renewal};
use crate::error::{ConfigError, Fault, ProviderError};
use crate::notice::{Notice, NoticeReply, Received, fields};
use crate::organization::{OrganizationCheck, OrganizationProvider, OrganizationVerdict};
use crate::person::{Pending, PersonCheck, PersonMethod, PersonProvider, PersonVerdict};
use crate::secret::Secret;
use crate::sms::{SmsMessage, SmsProvider, SmsTemplates, SmsVerdict};
use crate::task::{Orders, blocking};

/// Name under which results are kept.
pub const PROVIDER: &str = "tencent";

/// What the console gives.
#[derive(Clone, Debug)]
pub struct Config {
    /// SecretId.
    pub secret_id: String,
    /// SecretKey.
    pub secret_key: Secret,
    /// The token of temporary keys.
    pub token: Option<Secret>,
    /// Where the key is read anew once Tencent says that it expired.
    pub renewal: Option<Renewal>,
    /// The rule (RuleId) of the face check in WeChat; without one there are no face checks.
    pub face_rule: Option<String>,
    /// The least likeness in percent with which a face passes; Tencent names 70 as the same person.
    pub least_likeness: u8,
    /// The application for text messages (SmsSdkAppId); without one there are none.
    pub sms_application: Option<String>,
    /// Approved templates.
    pub sms_templates: SmsTemplates,
    /// The region of the services that have one.
    pub region: String,
    /// One address for all services in place of Tencent's own.
    pub endpoint: Option<String>,
}

impl Config {
    /// Element checks and the registry alone.
    #[must_use]
    pub fn new(secret_id: impl Into<String>, secret_key: Secret) -> Self {
        Self {
            secret_id: secret_id.into(),
            secret_key,
            token: None,
            renewal: None,
            face_rule: None,
            least_likeness: 70,
            sms_application: None,
            sms_templates: SmsTemplates::new(),
            region: "ap-guangzhou".to_owned(),
            endpoint: None,
        }
    }

    fn credential(&self) -> Credential {
        let (secret, token) = (self.secret_key.clone(), self.token.clone());
        Credential { id: self.secret_id.clone(), secret, token }
    }
}

/// Asks Tencent Cloud.
#[derive(Clone, Debug)]
pub struct Tencent(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    asking: Asking,
    config: Config,
    credential: Held,
    people: Orders<PersonVerdict>,
    companies: Orders<OrganizationVerdict>,
    messages: Orders<SmsVerdict>,
    /// Numbers of answers, each of which comes once.
    requests: Seen<()>,
    /// Whose transactions are known.
    transactions: Seen<String>,
}

impl Tencent {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`], which says what is wrong with which setting.
    pub fn new(config: Config, context: Context) -> Result<Self, ConfigError> {
        let wrong = |what, reason: String| Err(ConfigError { provider: PROVIDER, what, reason });
        if config.secret_id.is_empty() || config.secret_key.reveal().is_empty() {
            return wrong("secret_id", "both halves of the key are needed".to_owned());
        }
        if config.least_likeness < 50 {
            return wrong("least_likeness", "below 50 percent anybody passes".to_owned());
        }
        if let Some(endpoint) = &config.endpoint
            && let Err(fault) = online::Caller::host(endpoint)
        {
            return wrong("endpoint", fault.to_string());
        }
        Ok(Self(Arc::new(Inner {
            asking: Asking::new(PROVIDER, context),
            credential: Held::new(config.credential(), config.renewal.clone()),
            config,
            people: Orders::new(),
            companies: Orders::new(),
            messages: Orders::new(),
            requests: Seen::new(),
            transactions: Seen::new(),
        })))
    }
}

#[async_trait]
impl PersonProvider for Tencent {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    fn supports(&self, method: PersonMethod, kind: IdKind) -> bool {
        self.0.supports(method, kind)
    }

    fn order_number(&self, order: &str) -> String {
        order_number(order)
    }

    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let (inner, check) = (Arc::clone(&self.0), check.clone());
        blocking(PROVIDER, move || inner.start(&check)).await
    }

    async fn poll(
        &self,
        check: &PersonCheck,
        pending: &Pending,
    ) -> Result<Answer<PersonVerdict>, ProviderError> {
        let (inner, check, pending) = (Arc::clone(&self.0), check.clone(), pending.clone());
        blocking(PROVIDER, move || inner.poll_face(&check, &pending)).await
    }

    /// Tencent sends none. Its page leads back with the transaction in the query, which anybody could have written.
    fn notice(&self, received: &Received) -> Result<Notice, ProviderError> {
        let fields = fields(&received.query);
        let transaction = fields.get("BizToken").filter(|token| !token.is_empty() && token.len() <= 128);
        match transaction {
            Some(token) => Ok(Notice {
                transaction: Some(token.clone()),
                order_number: fields.get("Extra").filter(|extra| !extra.is_empty()).cloned(),
                reply: NoticeReply { status: 200, body: "" },
            }),
            None => Err(ProviderError::new(PROVIDER, Fault::Malformed("it names no BizToken"))),
        }
    }
}

#[async_trait]
impl OrganizationProvider for Tencent {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    async fn check(&self, check: &OrganizationCheck) -> Result<Answer<OrganizationVerdict>, ProviderError> {
        let (inner, check) = (Arc::clone(&self.0), check.clone());
        blocking(PROVIDER, move || inner.company(&check)).await
    }
}

#[async_trait]
impl SmsProvider for Tencent {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    async fn send(&self, message: &SmsMessage) -> Result<Answer<SmsVerdict>, ProviderError> {
        let (inner, message) = (Arc::clone(&self.0), message.clone());
        blocking(PROVIDER, move || inner.message(&message)).await
    }
}

//! Alibaba Cloud: faces in the browser, two to four elements of a person, the company registry, text messages.
//!
//! RPC style: parameters in the query or a form, signed with ACS3-HMAC-SHA256. Answers are not signed: TLS alone speaks for
//! them, and each must carry a request number that did not come before.

mod company;
mod elements;
mod face;
mod rpc;
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
pub const PROVIDER: &str = "aliyun";

/// What the console gives.
#[derive(Clone, Debug)]
pub struct Config {
    /// AccessKey ID.
    pub access_key_id: String,
    /// AccessKey secret.
    pub access_key_secret: Secret,
    /// The token of temporary keys (STS).
    pub security_token: Option<Secret>,
    /// Where the key is read anew once Alibaba says that it expired.
    pub renewal: Option<Renewal>,
    /// The scene of the face check (SceneId); without one there are no face checks.
    pub face_scene: Option<String>,
    /// The authorisation code of the registry's interfaces (AuthCode); without one there are no company checks.
    pub registry_code: Option<String>,
    /// Approved templates of text messages.
    pub sms_templates: SmsTemplates,
    /// One address for all services in place of Alibaba's own.
    pub endpoint: Option<String>,
}

impl Config {
    /// Element checks alone.
    #[must_use]
    pub fn new(access_key_id: impl Into<String>, access_key_secret: Secret) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            access_key_secret,
            security_token: None,
            renewal: None,
            face_scene: None,
            registry_code: None,
            sms_templates: SmsTemplates::new(),
            endpoint: None,
        }
    }

    fn credential(&self) -> Credential {
        let (secret, token) = (self.access_key_secret.clone(), self.security_token.clone());
        Credential { id: self.access_key_id.clone(), secret, token }
    }
}

/// Asks Alibaba Cloud.
#[derive(Clone, Debug)]
pub struct Aliyun(Arc<Inner>);

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

impl Aliyun {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`], which says what is wrong with which setting.
    pub fn new(config: Config, context: Context) -> Result<Self, ConfigError> {
        let wrong = |what, reason: String| Err(ConfigError { provider: PROVIDER, what, reason });
        if config.access_key_id.is_empty() || config.access_key_secret.reveal().is_empty() {
            return wrong("access_key_id", "both halves of the key are needed".to_owned());
        }
        if config.face_scene.as_ref().is_some_and(|scene| !scene.bytes().all(|b| b.is_ascii_digit())) {
            return wrong("face_scene", "it is a number".to_owned());
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
impl PersonProvider for Aliyun {
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

    /// A notice is a GET that carries the token which was given at the start: no signature, but nobody else knows it.
    fn notice(&self, received: &Received) -> Result<Notice, ProviderError> {
        let fields = fields(&received.query);
        let error = |fault| Err(ProviderError::new(PROVIDER, fault));
        let token = fields.get("callbackToken").map(String::as_bytes).unwrap_or_default();
        if aws_lc_rs::constant_time::verify_slices_are_equal(token, self.0.notice_token().as_bytes()).is_err()
        {
            return error(Fault::Signature("the callback token is another one"));
        }
        match fields.get("certifyId").filter(|id| !id.is_empty() && id.len() <= 128) {
            Some(id) => Ok(Notice {
                transaction: Some(id.clone()),
                order_number: None,
                reply: NoticeReply { status: 200, body: "" },
            }),
            None => error(Fault::Malformed("it names no certifyId")),
        }
    }
}

#[async_trait]
impl OrganizationProvider for Aliyun {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    async fn check(&self, check: &OrganizationCheck) -> Result<Answer<OrganizationVerdict>, ProviderError> {
        let (inner, check) = (Arc::clone(&self.0), check.clone());
        blocking(PROVIDER, move || inner.company(&check)).await
    }
}

#[async_trait]
impl SmsProvider for Aliyun {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    async fn send(&self, message: &SmsMessage) -> Result<Answer<SmsVerdict>, ProviderError> {
        let (inner, message) = (Arc::clone(&self.0), message.clone());
        blocking(PROVIDER, move || inner.message(&message)).await
    }
}

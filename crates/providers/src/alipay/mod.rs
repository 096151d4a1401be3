//! Alipay: face checks through the open platform's gateway, version 2 (`gateway.do`).
//!
//! Three families of interfaces do the same: [`Family::FaceVerification`] (人脸核身, current), [`Family::FaceCertify`] (its
//! H5 predecessor) and [`Family::CertifyOpen`] (身份验证). New applications get `UNKNOWN_ERROR` from the last one, so that
//! the first is the default.
//!
//! Requests are signed with RSA2 (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017 §8.2) over the sorted parameters; answers are
//! signed by Alipay over the exact bytes of their node, and believed for that alone.

mod certificate;
mod face;
mod gateway;
mod keys;
mod notice;

use std::sync::Arc;

use async_trait::async_trait;
use domain::IdKind;
use jiff::SignedDuration;

use crate::answer::Answer;
use crate::asking::{Asking, Seen, order_number};
use crate::context::Context;
use crate::error::{ConfigError, ProviderError};
use crate::notice::{Notice, Received};
use crate::person::{Pending, PersonCheck, PersonMethod, PersonProvider, PersonVerdict};
use crate::secret::Secret;
use crate::task::{Orders, blocking};

use self::keys::Keys;

/// Name under which results are kept.
pub const PROVIDER: &str = "alipay";

/// The gateway of production.
pub const GATEWAY: &str = "https://openapi.alipay.com/gateway.do";

/// What the open platform's console gives.
#[derive(Clone, Debug)]
pub struct Config {
    /// The application's number.
    pub app_id: String,
    /// The application's private key: PEM or bare Base64, PKCS#8 or PKCS#1, RSA of 2048 bits or more.
    pub private_key: Secret,
    /// How Alipay's answers are verified.
    pub trust: Trust,
    /// Which interfaces are used.
    pub family: Family,
    /// Where the gateway is.
    pub gateway: String,
    /// For how long a person may go on with a check.
    pub session: SignedDuration,
}

impl Config {
    /// The production gateway and the current interfaces.
    #[must_use]
    pub fn new(app_id: impl Into<String>, private_key: Secret, trust: Trust) -> Self {
        Self {
            app_id: app_id.into(),
            private_key,
            trust,
            family: Family::default(),
            gateway: GATEWAY.to_owned(),
            session: SignedDuration::from_mins(30),
        }
    }
}

/// How Alipay's answers are verified.
#[derive(Clone, Debug)]
pub enum Trust {
    /// By Alipay's public key for this application: PEM or bare Base64 (SubjectPublicKeyInfo).
    PublicKey(String),
    /// By certificates (公钥证书方式), all PEM: requests carry their numbers, answers the number of Alipay's.
    Certificates {
        /// Of the application (`appCertPublicKey_*.crt`).
        application: String,
        /// Of Alipay (`alipayCertPublicKey_RSA2.crt`).
        alipay: String,
        /// Alipay's roots (`alipayRootCert.crt`).
        roots: String,
    },
}

/// A family of interfaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    /// `datadigital.fincloud.generalsaas.face.verification.*`
    #[default]
    FaceVerification,
    /// `datadigital.fincloud.generalsaas.face.certify.*`
    FaceCertify,
    /// `alipay.user.certify.open.*`
    CertifyOpen,
}

impl Family {
    /// What the family calls a kind of document; `None` where it does not take it.
    fn document(self, kind: IdKind) -> Option<&'static str> {
        match (self, kind) {
            (_, IdKind::ResidentId) => Some("IDENTITY_CARD"),
            (Self::FaceVerification, IdKind::ResidencePermitHkMo) => Some("RESIDENCE_HK_MC"),
            (Self::FaceVerification, IdKind::ResidencePermitTw) => Some("RESIDENCE_TAIWAN"),
            (Self::FaceVerification, _) | (_, IdKind::PassportCn | IdKind::Passport) => None,
            (_, IdKind::ResidencePermitHkMo) => Some("RESIDENCE_PERMIT_HK_MC"),
            (_, IdKind::ResidencePermitTw) => Some("RESIDENCE_PERMIT_TAIWAN"),
            (_, IdKind::TravelPermitHkMo) => Some("HOME_VISIT_PERMIT_HK_MC"),
            (_, IdKind::TravelPermitTw) => Some("HOME_VISIT_PERMIT_TAIWAN"),
            (_, IdKind::PermanentResident) => Some("PERMANENT_RESIDENCE_FOREIGNER"),
        }
    }
}

/// Checks faces in Alipay.
#[derive(Clone, Debug)]
pub struct Alipay(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    asking: Asking,
    config: Config,
    keys: Keys,
    started: Orders<PersonVerdict>,
    /// Whose transactions are known: one of another order is an old answer.
    transactions: Seen<String>,
}

impl Alipay {
    /// Reads the keys.
    ///
    /// # Errors
    /// [`ConfigError`], which says what is wrong with which setting.
    pub fn new(config: Config, context: Context) -> Result<Self, ConfigError> {
        let keys = Keys::read(&config.private_key, &config.trust)?;
        let fault = |what, reason: &str| ConfigError { provider: PROVIDER, what, reason: reason.to_owned() };
        if config.app_id.is_empty() || !config.app_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(fault("app_id", "it is a number"));
        }
        if config.gateway.contains('?') {
            return Err(fault("gateway", "it has a query already"));
        }
        online::Caller::host(&config.gateway).map_err(|error| fault("gateway", &error.to_string()))?;
        let asking = Asking::new(PROVIDER, context);
        let (started, transactions) = (Orders::new(), Seen::new());
        Ok(Self(Arc::new(Inner { asking, config, keys, started, transactions })))
    }
}

#[async_trait]
impl PersonProvider for Alipay {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    fn supports(&self, method: PersonMethod, kind: IdKind) -> bool {
        method == PersonMethod::FaceAlipay && self.0.config.family.document(kind).is_some()
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
        blocking(PROVIDER, move || inner.poll(&check, &pending)).await
    }

    fn notice(&self, received: &Received) -> Result<Notice, ProviderError> {
        self.0.notice(received).map_err(|fault| ProviderError::new(PROVIDER, fault))
    }
}

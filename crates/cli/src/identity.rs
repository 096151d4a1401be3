//! Who is asked about people, companies and accounts, and who brings messages: from the environment, since most of it is
//! secret.

use std::sync::Arc;

use online::Mailer;
use providers::{
    ConfigError, Context, Credential, OrganizationProvider, PersonProvider, Renewal, Secret, SmsProvider,
    SmsTemplate, SmsTemplates, alipay, aliyun, tencent,
};
use service::identity::{NoOrganizations, NoPayouts, Providers};
use service::organization::ManualTransfers;
use service::{Foundation, OutboxUse, ReviewUse, SandboxUse, SystemClock, SystemRng};
use zeroize::Zeroizing;

/// What `--production` and `--sandbox` say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Real people: no sandbox.
    Production,
    /// The sandbox beside whoever is configured.
    Sandbox,
    /// The sandbox where nobody is configured.
    Unsaid,
}

impl Mode {
    pub(crate) fn of(production: bool, sandbox: bool) -> Result<Self, String> {
        match (production, sandbox) {
            (true, true) => Err("--production and --sandbox exclude each other: whoever knows a line of the sandbox register \
                 passes as that person, so that it is never asked beside a real provider in production"
                .to_owned()),
            (true, false) => Ok(Self::Production),
            (false, true) => Ok(Self::Sandbox),
            (false, false) => Ok(Self::Unsaid),
        }
    }

    /// Whether `--outbox-remote` may stand beside it.
    pub(crate) fn may_show_outbox(self, remote: bool) -> Result<(), String> {
        if remote && self == Self::Production {
            return Err(
                "--production and --outbox-remote exclude each other: the outbox shows everyone's links and \
                 codes, with which anybody signs as them"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// The providers that the environment configures.
pub(crate) struct Asked {
    people: Vec<Arc<dyn PersonProvider>>,
    organizations: Option<Arc<dyn OrganizationProvider>>,
    carrier: Option<Arc<dyn SmsProvider>>,
    /// Whether a clerk makes the small payments to organizations' accounts.
    manual_payouts: bool,
    mailer: Option<Mailer>,
    mode: Mode,
    sandbox: bool,
    review: ReviewUse,
    review_image_days: Option<u32>,
}

/// Where settings come from: `VERMILION_<name>`, or the file that `VERMILION_<name>_FILE` names.
struct Settings<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Asked {
    /// Reads the environment.
    pub(crate) fn from_environment(mode: Mode) -> Result<Self, String> {
        Self::read(&|name| std::env::var(name).ok(), mode)
    }

    fn read(variable: &dyn Fn(&str) -> Option<String>, mode: Mode) -> Result<Self, String> {
        let settings = Settings(variable);
        let context = || Context::new(Arc::new(SystemClock), Arc::new(SystemRng));
        let mut asked = Self {
            people: Vec::new(),
            organizations: None,
            carrier: None,
            manual_payouts: false,
            mailer: settings.mailer()?,
            mode,
            sandbox: true,
            review: ReviewUse::Off,
            review_image_days: settings.days("REVIEW_IMAGE_DAYS")?,
        };
        let messages = settings.text("SMS")?;
        if let Some(config) = settings.tencent()? {
            let tencent = Arc::new(tencent::Tencent::new(config, context()).map_err(|error| told(&error))?);
            asked.people.push(Arc::<tencent::Tencent>::clone(&tencent));
            if messages.as_deref() == Some(tencent::PROVIDER) {
                asked.carrier = Some(Arc::<tencent::Tencent>::clone(&tencent));
            }
            asked.organizations = Some(tencent);
        }
        if let Some(config) = settings.aliyun()? {
            let registry = config.registry_code.is_some();
            let aliyun = Arc::new(aliyun::Aliyun::new(config, context()).map_err(|error| told(&error))?);
            asked.people.push(Arc::<aliyun::Aliyun>::clone(&aliyun));
            if messages.as_deref() == Some(aliyun::PROVIDER) {
                asked.carrier = Some(Arc::<aliyun::Aliyun>::clone(&aliyun));
            }
            if registry && asked.organizations.is_none() {
                asked.organizations = Some(aliyun);
            }
        }
        if let Some(config) = settings.alipay()? {
            let alipay = alipay::Alipay::new(config, context()).map_err(|error| told(&error))?;
            asked.people.push(Arc::new(alipay));
        }
        if messages.is_some() && asked.carrier.is_none() {
            return Err("VERMILION_SMS is tencent or aliyun, with that provider's key beside it".to_owned());
        }
        asked.manual_payouts = match settings.text("PAYOUT")?.as_deref() {
            None => false,
            Some("manual") => true,
            Some(_) => return Err("VERMILION_PAYOUT is manual, or not set".to_owned()),
        };
        asked.sandbox = match mode {
            Mode::Production => false,
            Mode::Sandbox => true,
            Mode::Unsaid => asked.people.is_empty(),
        };
        asked.review = match (settings.text("MANUAL_REVIEW")?.as_deref(), asked.sandbox) {
            (Some("on"), _) | (None, true) => ReviewUse::Offered,
            (Some("off"), _) | (None, false) => ReviewUse::Off,
            (Some(_), _) => return Err("VERMILION_MANUAL_REVIEW is on or off".to_owned()),
        };
        if asked.people.is_empty() && !asked.sandbox {
            return Err("--production without an identity provider: set VERMILION_TENCENT_SECRET_ID, \
                 VERMILION_ALIYUN_ACCESS_KEY_ID or VERMILION_ALIPAY_APP_ID and what belongs to it \
                 (docs/identity-providers.md)"
                .to_owned());
        }
        if mode == Mode::Production {
            asked.require_ways_out()?;
        }
        Ok(asked)
    }

    /// Real people read neither an outbox nor a log.
    fn require_ways_out(&self) -> Result<(), String> {
        if self.mailer.is_none() {
            return Err("--production without a mail server, so that nobody would get a link: set VERMILION_SMTP_URL \
                 (smtps://user:password@host) and VERMILION_MAIL_FROM (docs/identity-providers.md)"
                .to_owned());
        }
        if self.carrier.is_none() {
            return Err("--production without a carrier, so that nobody would get a code: set VERMILION_SMS to tencent \
                 or aliyun, and what belongs to it (docs/identity-providers.md)"
                .to_owned());
        }
        Ok(())
    }

    /// Who takes our mails.
    pub(crate) fn mailer(&self) -> Option<Mailer> {
        self.mailer.clone()
    }

    /// The carrier's name.
    pub(crate) fn carrier(&self) -> Option<&'static str> {
        self.carrier.as_ref().map(|carrier| carrier.name())
    }

    /// Who may read the outbox; `remote` is what `--outbox-remote` says.
    pub(crate) fn outbox(&self, remote: bool) -> OutboxUse {
        match (self.mode, remote) {
            (Mode::Production, _) => OutboxUse::Closed,
            (_, true) => OutboxUse::Everybody,
            (_, false) => OutboxUse::ThisMachine,
        }
    }

    /// Whether the sandbox register, its camera and its bank are open.
    pub(crate) fn sandbox(&self) -> SandboxUse {
        if self.sandbox { SandboxUse::Open } else { SandboxUse::Closed }
    }

    /// Whether pictures of documents may be shown to administrators: in the sandbox unless it is switched off, beside a real
    /// provider where it is switched on.
    pub(crate) fn review(&self) -> ReviewUse {
        self.review
    }

    /// For how many days such pictures are kept once they were approved, where that was set.
    pub(crate) fn review_image_days(&self) -> Option<u32> {
        self.review_image_days
    }

    /// The names of the real providers.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.people.iter().map(|provider| provider.name()).collect()
    }

    /// All of them, real ones first, over a service's foundation.
    pub(crate) fn over(self, foundation: &Foundation) -> Providers {
        let mut providers = if self.sandbox {
            Providers::sandbox(foundation).behind(self.people, self.organizations)
        } else {
            let organizations = self.organizations.unwrap_or_else(|| Arc::new(NoOrganizations));
            Providers::new(self.people, organizations, Arc::new(NoPayouts))
        };
        if self.manual_payouts {
            providers.payouts = Arc::new(ManualTransfers::new(foundation));
        }
        providers.with_carrier(self.carrier)
    }
}

/// Where a part of a key is.
enum Place {
    File(String),
    Text(Option<Secret>),
}

impl Place {
    /// What stands there now; none where it is empty, or cannot be read.
    fn read(&self) -> Option<Secret> {
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path)
                .inspect_err(|error| tracing::error!(path, %error, "a key that expired cannot be read anew"))
                .ok()
                .map(Secret::new),
            Self::Text(text) => text.clone(),
        };
        text.map(|text| Secret::new(text.reveal().trim())).filter(|text| !text.reveal().is_empty())
    }
}

impl Settings<'_> {
    fn text(&self, name: &str) -> Result<Option<String>, String> {
        let variable = format!("VERMILION_{name}");
        let file = format!("{variable}_FILE");
        match ((self.0)(&variable), (self.0)(&file)) {
            (Some(_), Some(_)) => Err(format!("{variable} and {file} are both set: one is enough")),
            (Some(text), None) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(&path).map(Zeroizing::new);
                let text = text.map_err(|error| format!("{file} names {path}: {error}"))?;
                Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
            }
            (None, None) => Ok(None),
        }
    }

    fn days(&self, name: &str) -> Result<Option<u32>, String> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let days = text.parse().ok().filter(|days| *days <= 3650);
        days.map(Some).ok_or_else(|| format!("VERMILION_{name} is a number of days up to 3650"))
    }

    fn secret(&self, name: &str) -> Result<Option<Secret>, String> {
        Ok(self.text(name)?.map(Secret::new))
    }

    /// Reads a key anew once its provider says that it expired, where files hold some of it. Without a token, or without files,
    /// there is nothing that could have changed.
    fn renewal(&self, [id, secret, token]: [&str; 3]) -> Option<Renewal> {
        let file = |name: &str| (self.0)(&format!("VERMILION_{name}_FILE"));
        if [id, secret, token].into_iter().all(|name| file(name).is_none()) {
            return None;
        }
        let place = |name: &str| match file(name) {
            Some(path) => Place::File(path),
            None => Place::Text((self.0)(&format!("VERMILION_{name}")).map(Secret::new)),
        };
        let places = [id, secret, token].map(place);
        Some(Renewal::new(move || {
            let [id, secret, token] = places.each_ref().map(Place::read);
            Some(Credential { id: id?.reveal().to_owned(), secret: secret?, token })
        }))
    }

    fn required(&self, name: &str, because: &str) -> Result<String, String> {
        let missing = || format!("VERMILION_{name} (or VERMILION_{name}_FILE) is needed with {because}");
        self.text(name)?.ok_or_else(missing)
    }

    fn mailer(&self) -> Result<Option<Mailer>, String> {
        let Some(address) = self.secret("SMTP_URL")? else { return Ok(None) };
        let from = self.required("MAIL_FROM", "VERMILION_SMTP_URL")?;
        let mailer = Mailer::new(address.reveal(), &from);
        mailer.map(Some).map_err(|error| format!("VERMILION_SMTP_URL or VERMILION_MAIL_FROM: {error}"))
    }

    fn tencent(&self) -> Result<Option<tencent::Config>, String> {
        let Some(id) = self.text("TENCENT_SECRET_ID")? else { return Ok(None) };
        let key = self.required("TENCENT_SECRET_KEY", "VERMILION_TENCENT_SECRET_ID")?;
        let mut config = tencent::Config::new(id, Secret::new(key));
        config.token = self.secret("TENCENT_TOKEN")?;
        config.renewal = self.renewal(["TENCENT_SECRET_ID", "TENCENT_SECRET_KEY", "TENCENT_TOKEN"]);
        config.face_rule = self.text("TENCENT_FACE_RULE")?;
        if let Some(text) = self.text("TENCENT_LEAST_LIKENESS")? {
            let parsed = text.parse().ok().filter(|percent| *percent <= 100);
            config.least_likeness = parsed.ok_or("VERMILION_TENCENT_LEAST_LIKENESS is a number up to 100")?;
        }
        if let Some(region) = self.text("TENCENT_REGION")? {
            config.region = region;
        }
        config.endpoint = self.text("TENCENT_ENDPOINT")?;
        if self.text("SMS")?.as_deref() == Some(tencent::PROVIDER) {
            let application = self.required("TENCENT_SMS_APPLICATION", "VERMILION_SMS=tencent")?;
            config.sms_application = Some(application);
            config.sms_templates = self.templates()?;
        }
        Ok(Some(config))
    }

    fn aliyun(&self) -> Result<Option<aliyun::Config>, String> {
        let Some(id) = self.text("ALIYUN_ACCESS_KEY_ID")? else { return Ok(None) };
        let secret = self.required("ALIYUN_ACCESS_KEY_SECRET", "VERMILION_ALIYUN_ACCESS_KEY_ID")?;
        let mut config = aliyun::Config::new(id, Secret::new(secret));
        config.security_token = self.secret("ALIYUN_SECURITY_TOKEN")?;
        config.renewal =
            self.renewal(["ALIYUN_ACCESS_KEY_ID", "ALIYUN_ACCESS_KEY_SECRET", "ALIYUN_SECURITY_TOKEN"]);
        config.face_scene = self.text("ALIYUN_FACE_SCENE")?;
        config.registry_code = self.text("ALIYUN_REGISTRY_CODE")?;
        config.endpoint = self.text("ALIYUN_ENDPOINT")?;
        if self.text("SMS")?.as_deref() == Some(aliyun::PROVIDER) {
            config.sms_templates = self.templates()?;
        }
        Ok(Some(config))
    }

    /// The template for codes in each language; the Chinese one stands in for the English.
    fn templates(&self) -> Result<SmsTemplates, String> {
        let signature = self.required("SMS_SIGNATURE", "VERMILION_SMS")?;
        let chinese = self.required("SMS_CODE_TEMPLATE", "VERMILION_SMS")?;
        let english = self.text("SMS_CODE_TEMPLATE_EN")?.unwrap_or_else(|| chinese.clone());
        let template = |id| SmsTemplate {
            id,
            signature: signature.clone(),
            places: vec!["code".to_owned(), "minutes".to_owned()],
        };
        let named = [("code.zh-CN", chinese), ("code.en", english)];
        Ok(named.into_iter().map(|(name, id)| (name.to_owned(), template(id))).collect())
    }

    fn alipay(&self) -> Result<Option<alipay::Config>, String> {
        const WITH: &str = "VERMILION_ALIPAY_APP_ID";
        let Some(app_id) = self.text("ALIPAY_APP_ID")? else { return Ok(None) };
        let key = Secret::new(self.required("ALIPAY_PRIVATE_KEY", WITH)?);
        let trust = match self.text("ALIPAY_PUBLIC_KEY")? {
            Some(key) => alipay::Trust::PublicKey(key),
            None => alipay::Trust::Certificates {
                application: self
                    .required("ALIPAY_APP_CERTIFICATE", "certificates, without ALIPAY_PUBLIC_KEY")?,
                alipay: self.required("ALIPAY_CERTIFICATE", WITH)?,
                roots: self.required("ALIPAY_ROOT_CERTIFICATES", WITH)?,
            },
        };
        let mut config = alipay::Config::new(app_id, key, trust);
        config.family = match self.text("ALIPAY_FAMILY")?.as_deref() {
            None | Some("face-verification") => alipay::Family::FaceVerification,
            Some("face-certify") => alipay::Family::FaceCertify,
            Some("certify-open") => alipay::Family::CertifyOpen,
            Some(_) => {
                return Err(
                    "VERMILION_ALIPAY_FAMILY is face-verification, face-certify or certify-open".to_owned()
                );
            }
        };
        if let Some(gateway) = self.text("ALIPAY_GATEWAY")? {
            config.gateway = gateway;
        }
        Ok(Some(config))
    }
}

fn told(error: &ConfigError) -> String {
    format!("the identity provider {} cannot be used: {}: {}", error.provider, error.what, error.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)], mode: Mode) -> Result<Asked, String> {
        let known = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Asked::read(&known, mode)
    }

    const TENCENT: [(&str, &str); 2] =
        [("VERMILION_TENCENT_SECRET_ID", "AKID"), ("VERMILION_TENCENT_SECRET_KEY", "hidden-words")];

    const WHOLE: [(&str, &str); 8] = [
        TENCENT[0],
        TENCENT[1],
        ("VERMILION_SMS", "tencent"),
        ("VERMILION_TENCENT_SMS_APPLICATION", "1400006666"),
        ("VERMILION_SMS_SIGNATURE", "朱砂"),
        ("VERMILION_SMS_CODE_TEMPLATE", "1110"),
        ("VERMILION_SMTP_URL", "smtps://us:hidden@relay.example"),
        ("VERMILION_MAIL_FROM", "Vermilion <sign@example.com>"),
    ];

    #[test]
    fn nothing_configured_is_the_sandbox_and_a_real_provider_closes_it() {
        let asked = read(&[], Mode::Unsaid).map(|it| (it.sandbox, it.names()));
        assert_eq!(asked, Ok((true, vec![])));
        let asked = read(&TENCENT, Mode::Unsaid).map(|it| (it.sandbox, it.names()));
        assert_eq!(asked, Ok((false, vec!["tencent"])));
        let asked = read(&TENCENT, Mode::Sandbox).map(|it| it.sandbox);
        assert_eq!(asked, Ok(true));
    }

    #[test]
    fn checks_by_hand_are_the_sandbox_s_and_switched_on_beside_a_real_provider() {
        let review = |variables: &[_]| read(variables, Mode::Unsaid).map(|it| it.review());
        assert_eq!(review(&[]), Ok(ReviewUse::Offered));
        assert_eq!(review(&[("VERMILION_MANUAL_REVIEW", "off")]), Ok(ReviewUse::Off));
        assert_eq!(review(&TENCENT), Ok(ReviewUse::Off));
        let on = [TENCENT[0], TENCENT[1], ("VERMILION_MANUAL_REVIEW", "on")];
        assert_eq!(review(&on), Ok(ReviewUse::Offered));
        assert!(review(&[("VERMILION_MANUAL_REVIEW", "yes")]).is_err());
        let days = |days| read(&[("VERMILION_REVIEW_IMAGE_DAYS", days)], Mode::Unsaid);
        assert_eq!(days("7").map(|it| it.review_image_days()), Ok(Some(7)));
        assert!(days("ever").is_err());
    }

    #[test]
    fn production_has_no_sandbox_and_says_so() {
        assert!(Mode::of(true, true).is_err_and(|why| why.contains("sandbox")));
        assert!(read(&[], Mode::Production).is_err_and(|why| why.contains("VERMILION_TENCENT_SECRET_ID")));
        assert_eq!(read(&WHOLE, Mode::Production).map(|it| it.sandbox), Ok(false));
    }

    #[test]
    fn production_has_no_outbox_and_sends_everything() {
        assert!(Mode::Production.may_show_outbox(true).is_err_and(|why| why.contains("outbox")));
        assert_eq!(Mode::Unsaid.may_show_outbox(true), Ok(()));
        assert_eq!(Mode::Production.may_show_outbox(false), Ok(()));
        let asked = read(&WHOLE, Mode::Production).map(|it| (it.outbox(false), it.mailer().is_some()));
        assert_eq!(asked, Ok((OutboxUse::Closed, true)));
        assert_eq!(read(&[], Mode::Unsaid).map(|it| it.outbox(false)), Ok(OutboxUse::ThisMachine));
        assert_eq!(read(&[], Mode::Unsaid).map(|it| it.outbox(true)), Ok(OutboxUse::Everybody));
        let without = |name: &str| {
            let rest: Vec<_> = WHOLE.into_iter().filter(|(known, _)| !known.starts_with(name)).collect();
            read(&rest, Mode::Production).map(|it| it.sandbox)
        };
        assert!(without("VERMILION_SMTP_URL").is_err_and(|why| why.contains("VERMILION_SMTP_URL")));
        assert!(without("VERMILION_SMS").is_err_and(|why| why.contains("VERMILION_SMS")));
        assert!(without("VERMILION_MAIL_FROM").is_err_and(|why| why.contains("VERMILION_MAIL_FROM")));
    }

    #[test]
    fn a_mail_server_is_asked_encrypted_and_its_password_never_told() {
        let plain = [
            ("VERMILION_SMTP_URL", "smtp://us:hidden@relay.example"),
            ("VERMILION_MAIL_FROM", "a@b.example"),
        ];
        let asked = read(&plain, Mode::Unsaid).map(|it| it.sandbox);
        assert!(asked.is_err_and(|why| why.contains("encrypted") && !why.contains("hidden")));
    }

    #[test]
    fn payments_by_hand_are_asked_for_by_name() {
        let with = |word| [&WHOLE[..], &[("VERMILION_PAYOUT", word)]].concat();
        assert_eq!(read(&with("manual"), Mode::Production).map(|it| it.manual_payouts), Ok(true));
        assert_eq!(read(&WHOLE, Mode::Production).map(|it| it.manual_payouts), Ok(false));
        assert!(read(&with("bank"), Mode::Production).is_err_and(|why| why.contains("VERMILION_PAYOUT")));
    }

    #[test]
    fn codes_need_a_carrier_with_a_template() {
        let sms = ("VERMILION_SMS", "tencent");
        assert!(read(&[sms], Mode::Unsaid).is_err_and(|why| why.contains("VERMILION_SMS")));
        let bare = [TENCENT[0], TENCENT[1], sms];
        assert!(read(&bare, Mode::Unsaid).is_err_and(|why| why.contains("TENCENT_SMS_APPLICATION")));
        assert_eq!(read(&WHOLE, Mode::Unsaid).map(|it| it.carrier.is_some()), Ok(true));
    }

    #[test]
    fn a_key_in_files_is_read_anew_and_one_in_variables_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token").to_str().unwrap().to_owned();
        std::fs::write(&path, "first\n").unwrap();
        let variables = [TENCENT[0], TENCENT[1], ("VERMILION_TENCENT_TOKEN_FILE", path.as_str())];
        let known = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let config = Settings(&known).tencent().unwrap().unwrap();
        assert_eq!(config.token.as_ref().map(Secret::reveal), Some("first"));
        std::fs::write(&path, "second\n").unwrap();
        let read = config.renewal.unwrap().read().unwrap();
        assert_eq!(
            (read.id.as_str(), read.secret.reveal(), read.token.as_ref().map(Secret::reveal)),
            ("AKID", "hidden-words", Some("second"))
        );
        std::fs::remove_file(&path).unwrap();
        let settings =
            |name: &str| TENCENT.iter().find(|(known, _)| *known == name).map(|(_, it)| (*it).to_owned());
        assert!(Settings(&settings).tencent().unwrap().unwrap().renewal.is_none());
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_without_its_value() {
        let lone = [("VERMILION_TENCENT_SECRET_ID", "AKID")];
        assert!(read(&lone, Mode::Unsaid).is_err_and(|why| why.contains("VERMILION_TENCENT_SECRET_KEY")));
        let twice = [TENCENT[0], TENCENT[1], ("VERMILION_TENCENT_SECRET_KEY_FILE", "/x")];
        let both = read(&twice, Mode::Unsaid).map(|it| it.sandbox);
        assert!(both.is_err_and(|why| why.contains("both") && !why.contains("hidden")));
        let wrong = [
            ("VERMILION_ALIPAY_APP_ID", "2021000000000000"),
            ("VERMILION_ALIPAY_PRIVATE_KEY", "bm8ga2V5"),
            ("VERMILION_ALIPAY_PUBLIC_KEY", "bm8ga2V5"),
        ];
        assert!(read(&wrong, Mode::Unsaid).is_err_and(|why| why.contains("alipay") && !why.contains("bm8g")));
        let low = [TENCENT[0], TENCENT[1], ("VERMILION_TENCENT_LEAST_LIKENESS", "7")];
        assert!(read(&low, Mode::Unsaid).is_err_and(|why| why.contains("least_likeness")));
    }
}

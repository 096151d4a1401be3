//! Calls in RPC style.

use aws_lc_rs::hmac;
use jiff::tz::Offset;
use online::{Caller, Reply};
use serde_json::Value;

use super::sign::{Credential, authorization, canonical_query};
use super::{Inner, PROVIDER};
use crate::answer::Answer;
use crate::asking::{Repeat, Sending};
use crate::credential::Credential as Account;
use crate::error::{Fault, ProviderError};
use crate::json::{parse, required, text};
use crate::notice::form;

/// What it says of a temporary key whose token has expired.
const EXPIRED: [&str; 2] = ["InvalidSecurityToken.Expired", "SecurityTokenExpired"];
const FORM: &str = "application/x-www-form-urlencoded";

/// A service and the version of its interface.
#[derive(Clone, Copy)]
pub(super) struct Service {
    host: &'static str,
    version: &'static str,
    /// What `Code` says where a call succeeded.
    good: &'static str,
}

pub(super) const CLOUDAUTH: Service =
    Service { host: "cloudauth.aliyuncs.com", version: "2019-03-07", good: "200" };
pub(super) const DYTNS: Service =
    Service { host: "dytnsapi.aliyuncs.com", version: "2020-02-17", good: "OK" };
pub(super) const DYSMS: Service =
    Service { host: "dysmsapi.aliyuncs.com", version: "2017-05-25", good: "OK" };

/// Where an action takes its parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Query,
    Form,
}

/// An action, and how it is called.
#[derive(Clone, Copy)]
pub(super) struct Action {
    pub(super) service: Service,
    pub(super) name: &'static str,
    pub(super) place: Place,
    pub(super) repeat: Repeat,
}

impl Inner {
    /// Calls an action and has `judge` read the answer, whose `Code` may be one of the caller's to read. The answer's
    /// transaction is Alibaba's RequestId.
    pub(super) fn call<V>(
        &self,
        action: Action,
        parameters: &[(&str, &str)],
        judge: impl Fn(&Value, Code) -> Result<V, Fault>,
    ) -> Result<Answer<V>, ProviderError> {
        let read = |reply: &Reply| {
            let (answer, code) = answer_of(action.service, reply)?;
            let request = required(&answer, "RequestId", "it has no RequestId")?;
            Ok((judge(&answer, code)?, request))
        };
        let ask =
            |with: &Account| self.asking.ask(action.repeat, || self.sending(action, parameters, with), read);
        let ((verdict, transaction), reply) = self.credential.asking(ask, |error| &error.fault)?;
        if self.requests.remember(&transaction, ()).is_some() {
            return Err(self.asking.error(Fault::Replayed("an answer that came before")));
        }
        Ok(Answer { provider: PROVIDER, transaction, verdict, raw: reply.body, at: self.asking.now() })
    }

    fn sending(
        &self,
        action: Action,
        parameters: &[(&str, &str)],
        account: &Account,
    ) -> Result<Sending, Fault> {
        let config = &self.config;
        let base = match &config.endpoint {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            None => format!("https://{}", action.service.host),
        };
        let host = Caller::host(&base)?;
        let (query, body) = match action.place {
            Place::Query => (canonical_query(parameters), Vec::new()),
            Place::Form => (String::new(), form(parameters.iter().copied()).into_bytes()),
        };
        let digest = hex::encode(pki::sha256(&body));
        let date = Offset::UTC.to_datetime(self.asking.now());
        let date = date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let nonce = self.asking.nonce();
        let mut headers = vec![
            ("x-acs-action", action.name.to_owned()),
            ("x-acs-content-sha256", digest.clone()),
            ("x-acs-date", date),
            ("x-acs-signature-nonce", nonce),
            ("x-acs-version", action.service.version.to_owned()),
        ];
        if let Some(token) = &account.token {
            headers.push(("x-acs-security-token", token.reveal().to_owned()));
        }
        if action.place == Place::Form {
            headers.push(("content-type", FORM.to_owned()));
        }
        let mut signed: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        signed.push(("host", &host));
        signed.sort_unstable();
        let credential = Credential { id: &account.id, secret: account.secret.reveal() };
        let signature = authorization(credential, &query, &signed, &digest);
        headers.push(("authorization", signature));
        headers.push(("accept", "application/json".to_owned()));
        let url = if query.is_empty() { format!("{base}/") } else { format!("{base}/?{query}") };
        Ok(Sending { url, headers, body })
    }

    /// What a notice must carry: derived from the secret, so that nothing has to be kept.
    pub(super) fn notice_token(&self) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.config.access_key_secret.reveal().as_bytes());
        let mut token = hex::encode(hmac::sign(&key, b"vermilion notice token v1"));
        token.truncate(32);
        token
    }
}

/// How a call went.
pub(super) enum Code {
    /// As it should.
    Good,
    /// Not so, for a reason that the caller may know.
    Other(String),
}

fn answer_of(service: Service, reply: &Reply) -> Result<(Value, Code), Fault> {
    let Reply { status, retry_after, .. } = *reply;
    let answer = match parse(&reply.body) {
        Ok(answer) if status < 500 => answer,
        Err(fault) if status == 200 => return Err(fault),
        _ => return Err(Fault::Status { status, retry_after }),
    };
    let code = required(&answer, "Code", "it has no Code")?;
    if status == 200 && code == service.good {
        return Ok((answer, Code::Good));
    }
    let busy = ["Throttling", "ServiceUnavailable", "InternalError", "SystemError"];
    if busy.iter().any(|word| code.starts_with(word)) || (service.good == "200" && code == "500") {
        return Err(Fault::Busy { code: plain(&code), retry_after });
    }
    if status == 200 {
        return Ok((answer, Code::Other(code)));
    }
    if EXPIRED.contains(&code.as_str()) {
        return Err(Fault::Expired { code: plain(&code) });
    }
    Err(Fault::Rejected { code: plain(&code) })
}

impl Code {
    /// Nothing but success is expected.
    pub(super) fn good(self) -> Result<(), Fault> {
        match self {
            Self::Good => Ok(()),
            Self::Other(code) => Err(Fault::Rejected { code: plain(&code) }),
        }
    }
}

/// The object in which cloudauth puts its results.
pub(super) fn result_of(answer: &Value) -> Result<&Value, Fault> {
    let result = answer.get("ResultObject").filter(|value| value.is_object());
    result.ok_or(Fault::Malformed("it has no ResultObject"))
}

/// A member of it that must be there.
pub(super) fn member(result: &Value, name: &str) -> Result<String, Fault> {
    text(result, name).ok_or(Fault::Malformed("its result is incomplete"))
}

pub(super) fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || "._".contains(*c)).take(80).collect()
}

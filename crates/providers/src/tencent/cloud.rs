//! Calls of API 3.0.

use online::{Caller, Reply};
use serde_json::Value;

use super::sign::{Credential, authorization};
use super::{Inner, PROVIDER};
use crate::answer::Answer;
use crate::asking::{Repeat, Sending};
use crate::credential::Credential as Account;
use crate::error::{Fault, ProviderError};
use crate::json::{parse, required, text};

/// What it says of a temporary key whose token has expired, or is none of its own.
const EXPIRED: &str = "AuthFailure.TokenFailure";
const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// A service and the version of its interface.
#[derive(Clone, Copy)]
pub(super) struct Service {
    name: &'static str,
    version: &'static str,
    in_region: bool,
}

pub(super) const FACEID: Service = Service { name: "faceid", version: "2018-03-01", in_region: false };
pub(super) const OCR: Service = Service { name: "ocr", version: "2018-11-19", in_region: true };
pub(super) const SMS: Service = Service { name: "sms", version: "2021-01-11", in_region: true };

impl Inner {
    /// Calls an action and has `judge` read what is in `Response`. The answer's transaction is Tencent's RequestId.
    pub(super) fn call<V>(
        &self,
        (service, action): (Service, &'static str),
        repeat: Repeat,
        body: &Value,
        judge: impl Fn(&Value) -> Result<V, Fault>,
    ) -> Result<Answer<V>, ProviderError> {
        let read = |reply: &Reply| {
            let response = response_of(reply)?;
            let request = required(&response, "RequestId", "it has no RequestId")?;
            Ok((judge(&response)?, request))
        };
        let ask =
            |with: &Account| self.asking.ask(repeat, || self.sending(service, action, body, with), read);
        let ((verdict, transaction), reply) = self.credential.asking(ask, |error| &error.fault)?;
        if self.requests.remember(&transaction, ()).is_some() {
            return Err(self.asking.error(Fault::Replayed("an answer that came before")));
        }
        Ok(Answer { provider: PROVIDER, transaction, verdict, raw: reply.body, at: self.asking.now() })
    }

    fn sending(
        &self,
        service: Service,
        action: &str,
        body: &Value,
        account: &Account,
    ) -> Result<Sending, Fault> {
        let config = &self.config;
        let url = match &config.endpoint {
            Some(endpoint) => format!("{}/", endpoint.trim_end_matches('/')),
            None => format!("https://{}.tencentcloudapi.com/", service.name),
        };
        let host = Caller::host(&url)?;
        let (at, body) = (self.asking.now(), body.to_string().into_bytes());
        let credential = Credential { id: &account.id, key: account.secret.reveal() };
        let signed = [("content-type", CONTENT_TYPE), ("host", host.as_str()), ("x-tc-action", action)];
        let mut headers = vec![
            ("Authorization", authorization(credential, service.name, at, &signed, &body)),
            ("Content-Type", CONTENT_TYPE.to_owned()),
            ("X-TC-Action", action.to_owned()),
            ("X-TC-Version", service.version.to_owned()),
            ("X-TC-Timestamp", at.as_second().to_string()),
        ];
        if service.in_region {
            headers.push(("X-TC-Region", config.region.clone()));
        }
        if let Some(token) = &account.token {
            headers.push(("X-TC-Token", token.reveal().to_owned()));
        }
        Ok(Sending { url, headers, body })
    }
}

fn response_of(reply: &Reply) -> Result<Value, Fault> {
    if reply.status != 200 {
        return Err(Fault::Status { status: reply.status, retry_after: reply.retry_after });
    }
    let mut answer = parse(&reply.body)?;
    let response = answer.get_mut("Response").map(Value::take);
    let response = response.filter(Value::is_object).ok_or(Fault::Malformed("it has no Response"))?;
    let Some(error) = response.get("Error") else { return Ok(response) };
    let code = required(error, "Code", "its error has no code")?;
    match code.split('.').next().unwrap_or_default() {
        // About the person who was asked about: for the caller to read.
        "FailedOperation" | "InvalidParameterValue" => Ok(response),
        "InternalError" | "RequestLimitExceeded" | "ResourceUnavailable" | "ServiceUnavailable" => {
            Err(Fault::Busy { code: plain(&code), retry_after: reply.retry_after })
        }
        _ if code == EXPIRED => Err(Fault::Expired { code: plain(&code) }),
        _ => Err(Fault::Rejected { code: plain(&code) }),
    }
}

/// The code of an error about the request's content.
pub(super) fn error_of(response: &Value) -> Option<String> {
    text(response.get("Error")?, "Code")
}

/// The fault for a code that nobody knows more about.
pub(super) fn fault_of(code: &str) -> Fault {
    if code.ends_with("RequestLimitExceeded") {
        return Fault::Busy { code: plain(code), retry_after: None };
    }
    Fault::Rejected { code: plain(code) }
}

fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').take(80).collect()
}

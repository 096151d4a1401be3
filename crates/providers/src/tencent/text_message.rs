//! Text messages: `SendSms`. HTTP and `Response` succeed even where a number fails: each number's own code counts.

use serde_json::{Value, json};

use super::cloud::{SMS, error_of, fault_of};
use super::{Inner, PROVIDER};
use crate::answer::Answer;
use crate::asking::{Repeat, order_number};
use crate::error::{Fault, ProviderError};
use crate::json::{required, text};
use crate::sms::{SmsMessage, SmsRefusal, SmsVerdict};

impl Inner {
    pub(super) fn message(&self, message: &SmsMessage) -> Result<Answer<SmsVerdict>, ProviderError> {
        let order = order_number(&message.order);
        let body = self.written(message, &order).map_err(|fault| self.asking.error(fault))?;
        self.messages.once(PROVIDER, &order, &[&body.to_string()], || {
            let judge = |response: &Value| verdict(message, &order, response);
            let mut answer = self.call((SMS, "SendSms"), Repeat::WhenNotDone, &body, judge)?;
            let (verdict, serial) = answer.verdict;
            answer.transaction = serial.unwrap_or(answer.transaction);
            let Answer { provider, transaction, raw, at, .. } = answer;
            Ok(Answer { provider, transaction, verdict, raw, at })
        })
    }

    fn written(&self, message: &SmsMessage, order: &str) -> Result<Value, Fault> {
        let application = self.config.sms_application.as_deref();
        let application =
            application.ok_or(Fault::Unsupported("messages without an application for them"))?;
        let (template, values) = message.filled(&self.config.sms_templates)?;
        let values: Vec<&str> = values.into_iter().map(|(_, value)| value).collect();
        Ok(json!({
            "PhoneNumberSet": [message.phone.reveal()],
            "SmsSdkAppId": application,
            "TemplateId": template.id,
            "SignName": template.signature,
            "TemplateParamSet": values,
            "SessionContext": order,
        }))
    }
}

/// What became of it, and the message's serial number.
fn verdict(
    message: &SmsMessage,
    order: &str,
    response: &Value,
) -> Result<(SmsVerdict, Option<String>), Fault> {
    if let Some(code) = error_of(response) {
        return refusal_of(&code)
            .map(|refusal| (SmsVerdict::Refused(refusal), None))
            .ok_or_else(|| fault_of(&code));
    }
    let statuses = response.get("SendStatusSet").and_then(Value::as_array).map(Vec::as_slice);
    let Some([status]) = statuses else { return Err(Fault::Malformed("it is not about one number")) };
    let number = text(status, "PhoneNumber").unwrap_or_default();
    if number != message.phone.reveal() {
        return Err(Fault::Replayed("it is about another number"));
    }
    if text(status, "SessionContext").is_some_and(|context| context != order) {
        return Err(Fault::Replayed("it is about another message"));
    }
    let code = required(status, "Code", "it has no code")?;
    if code == "Ok" {
        return Ok((SmsVerdict::Accepted, text(status, "SerialNo")));
    }
    refusal_of(&code).map(|refusal| (SmsVerdict::Refused(refusal), None)).ok_or_else(|| fault_of(&code))
}

fn refusal_of(code: &str) -> Option<SmsRefusal> {
    match code {
        "InvalidParameterValue.IncorrectPhoneNumber" => Some(SmsRefusal::Number),
        "FailedOperation.PhoneNumberInBlacklist" => Some(SmsRefusal::Blocked),
        _ if code.starts_with("LimitExceeded.PhoneNumber") => Some(SmsRefusal::TooMany),
        _ => None,
    }
}

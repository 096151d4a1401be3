//! Text messages: `SendSms` of dysmsapi.

use serde_json::{Map, Value};

use super::rpc::{Action, Code, DYSMS, Place, plain};
use super::{Inner, PROVIDER};
use crate::answer::Answer;
use crate::asking::{Repeat, order_number};
use crate::error::{Fault, ProviderError};
use crate::json::text;
use crate::sms::{SmsMessage, SmsRefusal, SmsVerdict};

impl Inner {
    pub(super) fn message(&self, message: &SmsMessage) -> Result<Answer<SmsVerdict>, ProviderError> {
        let order = order_number(&message.order);
        let (template, values) =
            message.filled(&self.config.sms_templates).map_err(|fault| self.asking.error(fault))?;
        let values: Map<String, Value> =
            values.into_iter().map(|(place, value)| (place.to_owned(), value.into())).collect();
        let values = Value::Object(values).to_string();
        // Mainland numbers without prefix, others with the country code and no sign.
        let phone = message.phone.reveal();
        let phone = phone.strip_prefix("+86").unwrap_or_else(|| phone.trim_start_matches('+'));
        let parameters = [
            ("PhoneNumbers", phone),
            ("SignName", template.signature.as_str()),
            ("TemplateCode", template.id.as_str()),
            ("TemplateParam", values.as_str()),
            ("OutId", order.as_str()),
        ];
        let content: Vec<&str> = parameters.iter().map(|(_, value)| *value).collect();
        self.messages.once(PROVIDER, &order, &content, || {
            let action =
                Action { service: DYSMS, name: "SendSms", place: Place::Query, repeat: Repeat::WhenNotDone };
            let answer = self.call(action, &parameters, |answer, code| match code {
                Code::Good => Ok((SmsVerdict::Accepted, text(answer, "BizId"))),
                Code::Other(code) => {
                    let refusal = refusal_of(&code).ok_or_else(|| Fault::Rejected { code: plain(&code) })?;
                    Ok((SmsVerdict::Refused(refusal), None))
                }
            })?;
            let Answer { provider, transaction, verdict: (verdict, number), raw, at } = answer;
            Ok(Answer { provider, transaction: number.unwrap_or(transaction), verdict, raw, at })
        })
    }
}

fn refusal_of(code: &str) -> Option<SmsRefusal> {
    match code {
        "isv.MOBILE_NUMBER_ILLEGAL" => Some(SmsRefusal::Number),
        "isv.BUSINESS_LIMIT_CONTROL" | "isv.DAY_LIMIT_CONTROL" => Some(SmsRefusal::TooMany),
        "isv.BLACK_KEY_CONTROL_LIMIT" | "isv.MOBILE_IN_BLACK" => Some(SmsRefusal::Blocked),
        _ => None,
    }
}

//! Faces in WeChat: `DetectAuth` opens, `GetDetectInfoEnhanced` tells.

use domain::Name;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Inner;
use super::cloud::{FACEID, error_of, fault_of};
use super::elements::refusal_of;
use crate::answer::Answer;
use crate::asking::{Repeat, order_number};
use crate::error::{Fault, ProviderError};
use crate::json::{percent, required, text};
use crate::person::{Continue, OpensIn, Pending, PersonCheck, PersonRefusal, PersonVerdict};

/// For how long a BizToken opens the page.
const SESSION: SignedDuration = SignedDuration::from_secs(7200);

impl Inner {
    pub(super) fn start_face(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let order = order_number(&check.order);
        let body = json!({
            "RuleId": self.config.face_rule.as_deref().unwrap_or_default(),
            "IdCard": check.document.reveal(),
            "Name": check.name.as_str(),
            "RedirectUrl": check.return_url.as_deref().unwrap_or_default(),
            "Extra": order,
        });
        let until = self.asking.now() + SESSION;
        let judge = |response: &Value| {
            if let Some(code) = error_of(response) {
                return refusal_of(&code).map(PersonVerdict::Refused).ok_or_else(|| fault_of(&code));
            }
            let transaction = required(response, "BizToken", "it has no BizToken")?;
            let url = required(response, "Url", "it has no Url")?;
            if !url.starts_with("https://") {
                return Err(Fault::Malformed("its page is not at an https address"));
            }
            let continue_at = Continue { qr: url.clone(), app_link: None, url, opens_in: OpensIn::Wechat };
            Ok(PersonVerdict::Pending(Pending { transaction, continue_at: Some(continue_at), until }))
        };
        // It opens a page and bills nothing until somebody uses it.
        let mut answer = self.call((FACEID, "DetectAuth"), Repeat::Freely, &body, judge)?;
        if let PersonVerdict::Pending(pending) = &answer.verdict {
            let known = self.transactions.remember(&pending.transaction, order.clone());
            if known.is_some_and(|known| known != order) {
                return Err(self.asking.error(Fault::Replayed("a transaction of another order")));
            }
            answer.transaction.clone_from(&pending.transaction);
        }
        Ok(answer)
    }

    pub(super) fn poll_face(
        &self,
        check: &PersonCheck,
        pending: &Pending,
    ) -> Result<Answer<PersonVerdict>, ProviderError> {
        let body = json!({
            "BizToken": pending.transaction,
            "RuleId": self.config.face_rule.as_deref().unwrap_or_default(),
            // The texts alone: photographs and videos are not fetched, so that none is kept here.
            "InfoType": "1",
        });
        let judge = |response: &Value| self.result(check, pending, response);
        let mut answer = self.call((FACEID, "GetDetectInfoEnhanced"), Repeat::Freely, &body, judge)?;
        answer.transaction.clone_from(&pending.transaction);
        Ok(answer)
    }

    fn result(
        &self,
        check: &PersonCheck,
        pending: &Pending,
        response: &Value,
    ) -> Result<PersonVerdict, Fault> {
        if let Some(code) = error_of(response) {
            return refusal_of(&code).map(PersonVerdict::Refused).ok_or_else(|| fault_of(&code));
        }
        let texts = response.get("Text").filter(|value| value.is_object());
        let texts = texts.ok_or(Fault::Malformed("it has no Text"))?;
        let Some(code) = text(texts, "ErrCode") else {
            let expired = self.asking.now() >= pending.until;
            return Ok(match expired {
                true => PersonVerdict::Refused(PersonRefusal::Expired),
                false => PersonVerdict::Pending(pending.clone()),
            });
        };
        same_subject(check, texts)?;
        let score = percent(text(texts, "Sim"), 100.0);
        if code != "0" {
            return Ok(PersonVerdict::Refused(refusal(texts)));
        }
        match score {
            Some(score) if score >= self.config.least_likeness => {
                Ok(PersonVerdict::Passed { factors: check.method.factors().to_vec(), score: Some(score) })
            }
            Some(_) => Ok(PersonVerdict::Refused(PersonRefusal::FaceMismatch)),
            None => Err(Fault::Malformed("it passed without a likeness")),
        }
    }
}

/// The result must speak of the number and name that were asked about, under our order.
fn same_subject(check: &PersonCheck, texts: &Value) -> Result<(), Fault> {
    let number = text(texts, "IdCard").unwrap_or_default();
    let name = text(texts, "Name").and_then(|name| Name::parse(&name).ok());
    let order = text(texts, "Extra").unwrap_or_default();
    if !number.eq_ignore_ascii_case(check.document.reveal())
        || !name.is_some_and(|it| it.matches(&check.name))
    {
        return Err(Fault::Replayed("it is about another person"));
    }
    if order != order_number(&check.order) {
        return Err(Fault::Replayed("it is about another order"));
    }
    Ok(())
}

fn refusal(texts: &Value) -> PersonRefusal {
    let failed = |name: &str| text(texts, name).is_some_and(|status| status != "0");
    if failed("LiveStatus") {
        // “03”: taken for a recording or a mask.
        let tags = texts.get("LivenessInfoTag").and_then(Value::as_array);
        match tags.is_some_and(|tags| tags.iter().any(|tag| tag == "03")) {
            true => PersonRefusal::FaceNotLive,
            false => PersonRefusal::FaceUnclear,
        }
    } else {
        PersonRefusal::FaceMismatch
    }
}

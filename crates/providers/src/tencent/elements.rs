//! Two to four elements of a person: an answer at once.

use domain::IdKind;
use serde_json::{Value, json};

use super::cloud::{FACEID, Service, error_of, fault_of};
use super::{Inner, PROVIDER};
use crate::answer::Answer;
use crate::asking::{Repeat, order_number};
use crate::error::{Fault, ProviderError};
use crate::json::{required, text};
use crate::person::{PersonCheck, PersonMethod, PersonRefusal, PersonVerdict};

impl Inner {
    pub(super) fn supports(&self, method: PersonMethod, kind: IdKind) -> bool {
        match method {
            PersonMethod::TwoElements | PersonMethod::ThreeElements | PersonMethod::FourElements => {
                kind == IdKind::ResidentId
            }
            PersonMethod::FaceWechat => {
                let permits = [IdKind::ResidentId, IdKind::ResidencePermitHkMo, IdKind::ResidencePermitTw];
                self.config.face_rule.is_some() && permits.contains(&kind)
            }
            PersonMethod::FaceAlipay | PersonMethod::FaceBrowser | PersonMethod::DocumentPhoto => false,
        }
    }

    pub(super) fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        if !self.supports(check.method, check.document.kind()) {
            return Err(self.asking.error(Fault::Unsupported("this check of this document")));
        }
        let phone = check.phone.as_ref().map_or("", |phone| phone.reveal());
        let card = check.bank_card.as_ref().map_or("", |card| card.reveal());
        let content = [check.method.as_str(), check.name.as_str(), check.document.reveal(), phone, card];
        self.people.once(PROVIDER, &order_number(&check.order), &content, || match check.method {
            PersonMethod::FaceWechat => self.start_face(check),
            _ => self.elements(check),
        })
    }

    fn elements(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let (action, body) = self.question(check).map_err(|fault| self.asking.error(fault))?;
        let factors = check.method.factors();
        let judge = |response: &Value| {
            let refused = verdict(check.method, response)?;
            Ok(refused.map_or_else(
                || PersonVerdict::Passed { factors: factors.to_vec(), score: None },
                PersonVerdict::Refused,
            ))
        };
        // Each is billed, and counted against the person's daily limit.
        self.call(action, Repeat::WhenNotDone, &body, judge)
    }

    fn question(&self, check: &PersonCheck) -> Result<((Service, &'static str), Value), Fault> {
        let mut body = json!({ "IdCard": check.document.reveal(), "Name": check.name.as_str() });
        let action = match check.method {
            PersonMethod::ThreeElements => {
                body["Phone"] = check.mainland_phone()?.into();
                "PhoneVerification"
            }
            PersonMethod::FourElements => {
                body["Phone"] = check.mainland_phone()?.into();
                body["BankCard"] = check.bank_card()?.reveal().into();
                body["CertType"] = 0.into();
                "BankCard4EVerification"
            }
            _ => "IdCardVerification",
        };
        Ok(((FACEID, action), body))
    }
}

/// `None` where the elements agree.
fn verdict(method: PersonMethod, response: &Value) -> Result<Option<PersonRefusal>, Fault> {
    use PersonRefusal as R;
    if let Some(code) = error_of(response) {
        return refusal_of(&code).map(Some).ok_or_else(|| fault_of(&code));
    }
    let result = required(response, "Result", "it has no Result")?;
    let busy = || Err(Fault::Busy { code: format!("Result {result}"), retry_after: None });
    let refusal = match (method, result.as_str()) {
        (_, "0") => return Ok(None),
        (PersonMethod::TwoElements, "-1") => R::Identity,
        (PersonMethod::TwoElements, "-2" | "-3") => R::Entries,
        (PersonMethod::TwoElements, "-5") => R::NoRecord,
        (PersonMethod::TwoElements, "-7") => R::TooManyTries,
        (PersonMethod::TwoElements, "-4" | "-6") => return busy(),
        (PersonMethod::ThreeElements, "-4") => match text(response, "ResultDetail").as_deref() {
            Some("NameIdCardMismatch") => R::Identity,
            _ => R::Phone,
        },
        (PersonMethod::ThreeElements, "-6" | "-7" | "-8") => R::Entries,
        (PersonMethod::ThreeElements, "-9") => R::NoRecord,
        (PersonMethod::ThreeElements, "-11") => return busy(),
        (PersonMethod::ThreeElements, "-12") => R::TooManyTries,
        (PersonMethod::ThreeElements, "-13") => R::PhoneUnsupported,
        (PersonMethod::FourElements, "-1" | "-6") => R::BankCard,
        (PersonMethod::FourElements, "-2" | "-3" | "-4" | "-5") => R::Entries,
        (PersonMethod::FourElements, "-16") => R::TooManyTries,
        (PersonMethod::FourElements, "-18") => return busy(),
        (
            PersonMethod::FourElements,
            "-7" | "-8" | "-9" | "-10" | "-11" | "-12" | "-13" | "-14" | "-15" | "-17" | "-21",
        ) => R::BankCardUnusable,
        _ => return Err(Fault::Malformed("its Result is not known")),
    };
    Ok(Some(refusal))
}

/// What an error code means to the person; `None` where it means nothing to them.
pub(super) fn refusal_of(code: &str) -> Option<PersonRefusal> {
    use PersonRefusal as R;
    Some(match code.rsplit('.').next().unwrap_or_default() {
        "IdFormatError" | "NameFormatError" => R::Entries,
        "IdNameMisMatch" => R::Identity,
        "IdNoExistSystem" | "IdPhotoNoExist" | "IdPhotoPoorQuality" => R::NoRecord,
        "CompareLowSimilarity" => R::FaceMismatch,
        "LifePhotoDetectFake" | "LivessDetectFake" => R::FaceNotLive,
        "LivessDetectFail" | "SilentThreshold" => R::FaceUnclear,
        "IdentityAuthLimitExceeded" => R::TooManyTries,
        "BizTokenExpired" => R::Expired,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zero_is_a_pass_and_what_is_unknown_is_no_verdict() {
        for method in [PersonMethod::TwoElements, PersonMethod::ThreeElements, PersonMethod::FourElements] {
            assert_eq!(verdict(method, &json!({ "Result": "0" })), Ok(None));
            assert_eq!(verdict(method, &json!({ "Result": 0 })), Ok(None));
            for n in -30..=-1 {
                assert_ne!(verdict(method, &json!({ "Result": n.to_string() })), Ok(None));
            }
            for odd in
                [json!({}), json!({ "Result": "1" }), json!({ "Result": null }), json!({ "Result": "-99" })]
            {
                assert!(matches!(verdict(method, &odd), Err(Fault::Malformed(_))), "{odd}");
            }
        }
        let phone = json!({ "Result": "-4", "ResultDetail": "PhoneNameMismatch" });
        assert_eq!(verdict(PersonMethod::ThreeElements, &phone), Ok(Some(PersonRefusal::Phone)));
        let busy = verdict(PersonMethod::ThreeElements, &json!({ "Result": "-11" }));
        assert!(matches!(busy, Err(Fault::Busy { .. })));
    }
}

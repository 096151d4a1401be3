//! Two to four elements of a person: an answer at once.

use domain::IdKind;
use serde_json::Value;

use super::rpc::{Action, CLOUDAUTH, Place, member, result_of};
use super::{Inner, PROVIDER};
use crate::answer::Answer;
use crate::asking::{Repeat, order_number};
use crate::error::{Fault, ProviderError};
use crate::json::text;
use crate::person::{PersonCheck, PersonMethod, PersonRefusal, PersonVerdict};

impl Inner {
    pub(super) fn supports(&self, method: PersonMethod, kind: IdKind) -> bool {
        match method {
            PersonMethod::TwoElements | PersonMethod::ThreeElements => {
                matches!(kind, IdKind::ResidentId | IdKind::ResidencePermitHkMo | IdKind::ResidencePermitTw)
            }
            PersonMethod::FourElements => kind == IdKind::ResidentId,
            PersonMethod::FaceBrowser => self.config.face_scene.is_some() && kind == IdKind::ResidentId,
            PersonMethod::FaceAlipay | PersonMethod::FaceWechat | PersonMethod::DocumentPhoto => false,
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
            PersonMethod::FaceBrowser => self.start_face(check),
            _ => self.elements(check),
        })
    }

    fn elements(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let (name, place, parameters) = question(check).map_err(|fault| self.asking.error(fault))?;
        // Each is billed.
        let action = Action { service: CLOUDAUTH, name, place, repeat: Repeat::WhenNotDone };
        self.call(action, &parameters, |answer, code| {
            code.good()?;
            let refused = verdict(check.method, result_of(answer)?)?;
            let passed = || PersonVerdict::Passed { factors: check.method.factors().to_vec(), score: None };
            Ok(refused.map_or_else(passed, PersonVerdict::Refused))
        })
    }
}

type Parameters<'a> = Vec<(&'static str, &'a str)>;

fn question(check: &PersonCheck) -> Result<(&'static str, Place, Parameters<'_>), Fault> {
    let mut parameters = vec![
        ("ParamType", "normal"),
        ("UserName", check.name.as_str()),
        ("IdentifyNum", check.document.reveal()),
    ];
    match check.method {
        PersonMethod::ThreeElements => {
            parameters.push(("Mobile", check.mainland_phone()?));
            Ok(("Mobile3MetaDetailVerify", Place::Form, parameters))
        }
        PersonMethod::FourElements => {
            parameters.extend([
                ("Mobile", check.mainland_phone()?),
                ("BankCard", check.bank_card()?.reveal()),
                ("ProductType", "BANK_CARD_4_META"),
                ("VerifyMode", "VERIFY_BANK_CARD"),
                // 01: resident ID card
                ("IdentityType", "01"),
            ]);
            Ok(("BankMetaVerify", Place::Query, parameters))
        }
        _ => Ok(("Id2MetaVerify", Place::Form, parameters)),
    }
}

/// `None` where the elements agree.
fn verdict(method: PersonMethod, result: &Value) -> Result<Option<PersonRefusal>, Fault> {
    use PersonRefusal as R;
    let detail = text(result, "SubCode").unwrap_or_default();
    let refusal = match (member(result, "BizCode")?.as_str(), method) {
        // Where there is a detail it must say the same.
        ("1", PersonMethod::TwoElements) => return Ok(None),
        ("1", _) if detail == "101" || detail.is_empty() => return Ok(None),
        ("2", PersonMethod::TwoElements) => R::Identity,
        ("2", PersonMethod::ThreeElements) => R::Phone,
        ("2", _) => R::BankCard,
        ("3", PersonMethod::FourElements) => R::BankCardUnusable,
        ("3", _) => R::NoRecord,
        _ => return Err(Fault::Malformed("its BizCode is not known")),
    };
    Ok(Some(refusal))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_one_is_a_pass_and_what_is_unknown_is_no_verdict() {
        let of = |method, code: &str, detail: &str| {
            verdict(method, &json!({ "BizCode": code, "SubCode": detail }))
        };
        assert_eq!(of(PersonMethod::TwoElements, "1", ""), Ok(None));
        assert_eq!(of(PersonMethod::ThreeElements, "1", "101"), Ok(None));
        assert_eq!(of(PersonMethod::ThreeElements, "2", "203"), Ok(Some(PersonRefusal::Phone)));
        assert_eq!(of(PersonMethod::FourElements, "3", "301"), Ok(Some(PersonRefusal::BankCardUnusable)));
        for (code, detail) in [("1", "201"), ("0", ""), ("T", ""), ("", "101")] {
            assert!(of(PersonMethod::ThreeElements, code, detail).is_err(), "{code} {detail}");
        }
    }
}

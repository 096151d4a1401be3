//! Faces in the browser: `InitFaceVerify` opens, `DescribeFaceVerify` tells.

use jiff::SignedDuration;

use super::Inner;
use super::rpc::{Action, CLOUDAUTH, Code, Place, member, plain, result_of};
use crate::answer::Answer;
use crate::asking::{Repeat, order_number};
use crate::error::{Fault, ProviderError};
use crate::json::text;
use crate::person::{Continue, OpensIn, Pending, PersonCheck, PersonRefusal, PersonVerdict};
use crate::subject::same_person;

/// For how long the page opens, once.
const SESSION: SignedDuration = SignedDuration::from_mins(30);

impl Inner {
    pub(super) fn start_face(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let order = order_number(&check.order);
        let missing = || self.asking.error(Fault::Unsupported("a face check without the browser's MetaInfo"));
        let token = self.notice_token();
        let mut parameters = vec![
            ("SceneId", self.config.face_scene.as_deref().unwrap_or_default()),
            ("OuterOrderNo", order.as_str()),
            ("ProductCode", "ID_PRO"),
            ("CertType", "IDENTITY_CARD"),
            ("CertName", check.name.as_str()),
            ("CertNo", check.document.reveal()),
            ("MetaInfo", check.device.as_deref().ok_or_else(missing)?),
            ("Model", "LIVENESS"),
        ];
        parameters.extend(check.return_url.as_deref().map(|url| ("ReturnUrl", url)));
        if let Some(url) = check.notice_url.as_deref() {
            parameters.extend([("CallbackUrl", url), ("CallbackToken", token.as_str())]);
        }
        let until = self.asking.now() + SESSION;
        // It opens a page under our order number.
        let action = Action {
            service: CLOUDAUTH,
            name: "InitFaceVerify",
            place: Place::Query,
            repeat: Repeat::Freely,
        };
        let mut answer = self.call(action, &parameters, |answer, code| {
            if let Code::Other(code) = code {
                let refusal = refusal_of_code(&code).ok_or_else(|| Fault::Rejected { code: plain(&code) })?;
                return Ok(PersonVerdict::Refused(refusal));
            }
            let result = result_of(answer)?;
            let (transaction, url) = (member(result, "CertifyId")?, member(result, "CertifyUrl")?);
            if !url.starts_with("https://") {
                return Err(Fault::Malformed("its page is not at an https address"));
            }
            let continue_at = Continue { qr: url.clone(), app_link: None, url, opens_in: OpensIn::Browser };
            Ok(PersonVerdict::Pending(Pending { transaction, continue_at: Some(continue_at), until }))
        })?;
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
        let scene = self.config.face_scene.as_deref().unwrap_or_default();
        let parameters = [("SceneId", scene), ("CertifyId", pending.transaction.as_str())];
        let action = Action {
            service: CLOUDAUTH,
            name: "DescribeFaceVerify",
            place: Place::Query,
            repeat: Repeat::Freely,
        };
        let open = || match self.asking.now() >= pending.until {
            true => PersonVerdict::Refused(PersonRefusal::Expired),
            false => PersonVerdict::Pending(pending.clone()),
        };
        let mut answer = self.call(action, &parameters, |answer, code| {
            if let Code::Other(code) = code {
                // 424: nobody has used the page yet.
                let not_yet = code == "424";
                return if not_yet { Ok(open()) } else { Err(Fault::Rejected { code: plain(&code) }) };
            }
            let result = result_of(answer)?;
            if text(result, "CertifyId").is_some_and(|id| id != pending.transaction) {
                return Err(Fault::Replayed("it is about another transaction"));
            }
            same_person(check, result.get("IdentityInfo"))?;
            let detail = text(result, "SubCode").unwrap_or_default();
            match (text(result, "Passed").as_deref(), detail.as_str()) {
                (Some("T"), "200" | "") => {
                    Ok(PersonVerdict::Passed { factors: check.method.factors().to_vec(), score: None })
                }
                (Some("T"), _) => Err(Fault::Malformed("it passed and failed at once")),
                (Some("F"), "209") => Err(Fault::Busy { code: "SubCode 209".to_owned(), retry_after: None }),
                (Some("F") | None, detail) => {
                    Ok(refusal_of(detail).map_or_else(open, PersonVerdict::Refused))
                }
                _ => Err(Fault::Malformed("it neither passed nor failed")),
            }
        })?;
        answer.transaction.clone_from(&pending.transaction);
        Ok(answer)
    }
}

/// What a SubCode means; `None` where the check was not finished.
fn refusal_of(detail: &str) -> Option<PersonRefusal> {
    use PersonRefusal as R;
    Some(match detail {
        "201" => R::Identity,
        "202" | "203" => R::NoRecord,
        "204" | "207" => R::FaceMismatch,
        "205" | "206" => R::FaceNotLive,
        _ => return None,
    })
}

/// What a code of the start means to the person.
fn refusal_of_code(code: &str) -> Option<PersonRefusal> {
    match code {
        "417" | "418" => Some(PersonRefusal::TooManyTries),
        _ => None,
    }
}

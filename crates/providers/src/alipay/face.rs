//! Starting a face check, and asking what came of it.

use serde_json::{Value, json};

use super::gateway::{Signed, plain};
use super::{Family, Inner, PROVIDER};
use crate::answer::Answer;
use crate::asking::order_number;
use crate::error::{Fault, ProviderError};
use crate::json::{percent, required, text};
use crate::notice::encode;
use crate::person::{Continue, OpensIn, Pending, PersonCheck, PersonMethod, PersonRefusal, PersonVerdict};
use crate::subject::same_person;

impl Inner {
    pub(super) fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let Some(document) = self.document(check) else {
            return Err(self.asking.error(Fault::Unsupported("this check of this document")));
        };
        let order = order_number(&check.order);
        let content = [check.name.as_str(), check.document.kind().as_str(), check.document.reveal()];
        self.started.once(PROVIDER, &order, &content, || self.initialize(check, &order, document))
    }

    fn document(&self, check: &PersonCheck) -> Option<&'static str> {
        let ours = check.method == PersonMethod::FaceAlipay;
        self.config.family.document(check.document.kind()).filter(|_| ours)
    }

    fn initialize(
        &self,
        check: &PersonCheck,
        order: &str,
        document: &str,
    ) -> Result<Answer<PersonVerdict>, ProviderError> {
        let addresses = [
            ("return_url", check.return_url.as_deref().unwrap_or_default()),
            ("notify_url", check.notice_url.as_deref().unwrap_or_default()),
        ];
        let (method, business) = self.opening(check, order, document);
        let signed = self.call(method, &business, &addresses)?;
        if let Some(code) = &signed.failed {
            let refusal = refusal_of(code).ok_or_else(|| self.asking.error(failed(code)))?;
            return Ok(self.answer(order, PersonVerdict::Refused(refusal), signed.raw));
        }
        let read = || required(&signed.node, "certify_id", "it names no certify_id");
        let certify_id = read().map_err(|fault| self.asking.error(fault))?;
        if self.transactions.remember(&certify_id, order.to_owned()).is_some_and(|known| known != order) {
            return Err(self.asking.error(Fault::Replayed("a transaction of another order")));
        }
        let continue_at = self.page_of(&certify_id, &signed.node)?;
        let until = self.asking.now() + self.config.session;
        let pending = Pending { transaction: certify_id.clone(), continue_at: Some(continue_at), until };
        Ok(self.answer(&certify_id, PersonVerdict::Pending(pending), signed.raw))
    }

    fn opening(&self, check: &PersonCheck, order: &str, document: &str) -> (&'static str, Value) {
        let (name, number) = (check.name.as_str(), check.document.reveal());
        let return_url = check.return_url.as_deref().unwrap_or_default();
        let identity = json!({
            "identity_type": "CERT_INFO", "cert_type": document, "cert_name": name, "cert_no": number,
        });
        match self.config.family {
            Family::FaceVerification => (
                "datadigital.fincloud.generalsaas.face.verification.initialize",
                json!({
                    "outer_order_no": order, "biz_code": "DATA_DIGITAL_BIZ_CODE_FACE_VERIFICATION",
                    "identity_type": "CERT_INFO", "cert_type": document, "cert_name": name, "cert_no": number,
                    "face_reserve_strategy": "never",
                }),
            ),
            Family::FaceCertify => (
                "datadigital.fincloud.generalsaas.face.certify.initialize",
                json!({
                    "outer_order_no": order, "biz_code": "FUTURE_TECH_BIZ_FACE_SDK",
                    "identity_param": identity, "merchant_config": { "return_url": return_url },
                }),
            ),
            Family::CertifyOpen => (
                "alipay.user.certify.open.initialize",
                json!({
                    "outer_order_no": order, "biz_code": "FACE", "identity_param": identity,
                    "merchant_config": { "return_url": return_url, "face_reserve_strategy": "never" },
                }),
            ),
        }
    }

    /// Where the person goes on.
    fn page_of(&self, certify_id: &str, opened: &Value) -> Result<Continue, ProviderError> {
        let error = |fault| self.asking.error(fault);
        let business = json!({ "certify_id": certify_id });
        let (url, opens_in) = match self.config.family {
            Family::FaceVerification => {
                let url = text(opened, "web_url").or_else(|| text(opened, "page_url"));
                (url.ok_or_else(|| error(Fault::Malformed("it names no page")))?, OpensIn::Alipay)
            }
            Family::FaceCertify => {
                let method = "datadigital.fincloud.generalsaas.face.certify.verify";
                let signed = self.call(method, &business, &[])?;
                if let Some(code) = &signed.failed {
                    return Err(error(failed(code)));
                }
                let url = required(&signed.node, "certify_url", "it names no page").map_err(error)?;
                (url, OpensIn::Alipay)
            }
            Family::CertifyOpen => {
                let url = self.page("alipay.user.certify.open.certify", &business).map_err(error)?;
                (url, OpensIn::Alipay)
            }
        };
        if !(url.starts_with("https://") || url.starts_with("http://127.0.0.1")) {
            return Err(error(Fault::Malformed("its page is not at an https address")));
        }
        let link = format!("alipays://platformapi/startapp?appId=20000067&url={}", encode(&url));
        Ok(Continue { qr: url.clone(), app_link: Some(link), url, opens_in })
    }

    pub(super) fn poll(
        &self,
        check: &PersonCheck,
        pending: &Pending,
    ) -> Result<Answer<PersonVerdict>, ProviderError> {
        let method = match self.config.family {
            Family::FaceVerification => "datadigital.fincloud.generalsaas.face.verification.query",
            Family::FaceCertify => "datadigital.fincloud.generalsaas.face.certify.query",
            Family::CertifyOpen => "alipay.user.certify.open.query",
        };
        let mut business = json!({ "certify_id": pending.transaction });
        if self.config.family == Family::FaceVerification {
            business["need_alive_photo"] = "N".into();
        }
        let signed = self.call(method, &business, &[])?;
        let verdict = self.result(check, pending, &signed).map_err(|fault| self.asking.error(fault))?;
        Ok(self.answer(&pending.transaction, verdict, signed.raw))
    }

    fn result(
        &self,
        check: &PersonCheck,
        pending: &Pending,
        signed: &Signed,
    ) -> Result<PersonVerdict, Fault> {
        let node = &signed.node;
        same_subject(check, pending, node)?;
        let passed = |score| PersonVerdict::Passed { factors: check.method.factors().to_vec(), score };
        // A check that was not finished answers as one that failed, without a reason.
        let open = |reason: Option<PersonRefusal>| match reason {
            Some(refusal) => PersonVerdict::Refused(refusal),
            None if self.asking.now() >= pending.until => PersonVerdict::Refused(PersonRefusal::Expired),
            None => PersonVerdict::Pending(pending.clone()),
        };
        if let Some(code) = &signed.failed {
            return Ok(open(refusal_of(code)));
        }
        if self.config.family == Family::FaceVerification {
            let attacked = text(node, "attack_flag").is_some_and(|flag| flag != "false");
            let no = if attacked { PersonRefusal::FaceNotLive } else { PersonRefusal::FaceMismatch };
            return match text(node, "certify_state").as_deref() {
                Some("SUCCESS") if !attacked => Ok(passed(score(node))),
                Some("SUCCESS" | "FAIL") => Ok(PersonVerdict::Refused(no)),
                Some("PROCESSING") => Ok(open(None)),
                _ => Err(Fault::Malformed("its certify_state is not known")),
            };
        }
        match text(node, "passed").as_deref() {
            Some("T") => Ok(passed(None)),
            Some("F") => Ok(open(text(node, "fail_reason").and_then(|reason| reason_of(&reason)))),
            _ => Err(Fault::Malformed("it neither passed nor failed")),
        }
    }

    fn answer(&self, transaction: &str, verdict: PersonVerdict, raw: Vec<u8>) -> Answer<PersonVerdict> {
        let transaction = transaction.to_owned();
        Answer { provider: PROVIDER, transaction, verdict, raw, at: self.asking.now() }
    }
}

/// Where an answer says whom it is about, it must be who was asked about.
fn same_subject(check: &PersonCheck, pending: &Pending, node: &Value) -> Result<(), Fault> {
    if text(node, "certify_id").is_some_and(|id| id != pending.transaction) {
        return Err(Fault::Replayed("it is about another transaction"));
    }
    same_person(check, node.get("identity_info"))
}

/// A liveness score: of 1, or of 100.
fn score(node: &Value) -> Option<u8> {
    let score = text(node, "score");
    let whole = score.as_deref().and_then(|text| text.parse::<f64>().ok()).is_some_and(|score| score > 1.0);
    percent(score, if whole { 100.0 } else { 1.0 })
}

/// What a business failure (40004) means to the person; `None` where it does not say.
fn refusal_of(code: &str) -> Option<PersonRefusal> {
    let code = code.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    if has(&["LIMIT", "FREQUEN", "TOO_MANY"]) {
        Some(PersonRefusal::TooManyTries)
    } else if has(&["EXPIRE", "TIMEOUT"]) {
        Some(PersonRefusal::Expired)
    } else if has(&["CERT_NO", "CERT_NAME", "CERT_INFO", "IDENTITY_PARAM", "IDCARD"]) {
        Some(PersonRefusal::Entries)
    } else {
        None
    }
}

/// What a `fail_reason` means; `None` where it says that the check was not finished.
fn reason_of(reason: &str) -> Option<PersonRefusal> {
    let has = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if has(&["未完成", "未认证", "进行中", "未提交", "初始化"]) {
        None
    } else if has(&["取消", "退出"]) {
        Some(PersonRefusal::Cancelled)
    } else if has(&["活体", "攻击"]) {
        Some(PersonRefusal::FaceNotLive)
    } else if has(&["姓名", "身份证", "证件"]) {
        Some(PersonRefusal::Identity)
    } else {
        Some(PersonRefusal::FaceMismatch)
    }
}

fn failed(code: &str) -> Fault {
    Fault::Failed(format!("the gateway could not do it: {}", plain(code)))
}

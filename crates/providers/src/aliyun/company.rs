//! The company registry: `Company…ElementsVerification` of dytnsapi.

use serde_json::Value;

use super::rpc::{Action, DYTNS, Place};
use super::{Inner, PROVIDER};
use crate::answer::Answer;
use crate::asking::{Repeat, order_number};
use crate::error::{Fault, ProviderError};
use crate::json::{required, text};
use crate::organization::{OrganizationCheck, OrganizationMethod, OrganizationMismatch, OrganizationVerdict};

impl Inner {
    pub(super) fn company(
        &self,
        check: &OrganizationCheck,
    ) -> Result<Answer<OrganizationVerdict>, ProviderError> {
        let code = self.config.registry_code.as_deref();
        let (name, parameters) = question(code, check).map_err(|fault| self.asking.error(fault))?;
        let content: Vec<&str> = parameters.iter().map(|(_, value)| *value).collect();
        self.companies.once(PROVIDER, &order_number(&check.order), &content, || {
            let action = Action { service: DYTNS, name, place: Place::Query, repeat: Repeat::WhenNotDone };
            self.call(action, &parameters, |answer, code| {
                code.good()?;
                let data = answer.get("Data").filter(|value| value.is_object());
                verdict(check, data.ok_or(Fault::Malformed("it has no Data"))?)
            })
        })
    }
}

type Parameters<'a> = Vec<(&'static str, &'a str)>;

fn question<'a>(
    code: Option<&'a str>,
    check: &'a OrganizationCheck,
) -> Result<(&'static str, Parameters<'a>), Fault> {
    let mut parameters = vec![
        ("AuthCode", code.ok_or(Fault::Unsupported("company checks without an authorisation code"))?),
        ("EpCertName", check.name.as_str()),
        ("EpCertNo", check.credit_code.as_str()),
    ];
    if check.method == OrganizationMethod::TwoElements {
        return Ok(("CompanyTwoElementsVerification", parameters));
    }
    let representative = check.legal_representative.as_ref();
    let missing = Fault::Unsupported("this check without a legal representative");
    parameters.push(("LegalPersonCertName", representative.ok_or(missing)?.as_str()));
    if check.method == OrganizationMethod::ThreeElements {
        return Ok(("CompanyThreeElementsVerification", parameters));
    }
    let document = check.legal_representative_id.as_ref();
    let missing = Fault::Unsupported("this check without the legal representative's ID number");
    parameters.push(("LegalPersonCertNo", document.ok_or(missing)?.reveal()));
    Ok(("CompanyFourElementsVerification", parameters))
}

fn verdict(check: &OrganizationCheck, data: &Value) -> Result<OrganizationVerdict, Fault> {
    let agreed = match required(data, "VerifyResult", "it has no VerifyResult")?.as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(Fault::Malformed("its VerifyResult is not known")),
    };
    let reason = required(data, "ReasonCode", "it has no ReasonCode")?;
    let mismatch = match (agreed, reason.as_str()) {
        (true, "0") => {
            let (name, factors) = (check.name.as_str().to_owned(), check.method.factors().to_vec());
            return Ok(OrganizationVerdict::Passed { name, factors });
        }
        (_, "1") => return Ok(OrganizationVerdict::Inactive { state: state(data).to_owned() }),
        (false, "2") => OrganizationMismatch::LegalRepresentative,
        (false, "3") => OrganizationMismatch::Elements,
        (false, "4") => OrganizationMismatch::CreditCode,
        (false, "5") => OrganizationMismatch::LegalRepresentativeId,
        _ => return Err(Fault::Malformed("its ReasonCode is not known")),
    };
    Ok(OrganizationVerdict::Refused(mismatch))
}

/// Our word for the registry's.
fn state(data: &Value) -> &'static str {
    let registered = data.get("DetailInfo").and_then(|it| text(it, "EnterpriseStatus")).unwrap_or_default();
    let words = [
        ("注销", "deregistered"),
        ("吊销", "revoked"),
        ("迁出", "moved"),
        ("停业", "suspended"),
        ("歇业", "suspended"),
        ("撤销", "rescinded"),
    ];
    words.into_iter().find(|(theirs, _)| registered.contains(theirs)).map_or("inactive", |(_, ours)| ours)
}

//! The company registry: `VerifyBizLicenseEnterprise3` and `…4`.

use serde_json::{Value, json};

use super::cloud::{OCR, error_of, fault_of};
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
        let (action, body) = question(check).map_err(|fault| self.asking.error(fault))?;
        let content = [action, &body.to_string()];
        self.companies.once(PROVIDER, &order_number(&check.order), &content, || {
            self.call((OCR, action), Repeat::WhenNotDone, &body, |response| verdict(check, response))
        })
    }
}

fn question(check: &OrganizationCheck) -> Result<(&'static str, Value), Fault> {
    let mut body = json!({ "CreditCode": check.credit_code.as_str(), "EntName": check.name.as_str() });
    if check.method == OrganizationMethod::TwoElements {
        body["VerifyType"] = "ENT_2META".into();
        return Ok(("VerifyBizLicenseEnterprise3", body));
    }
    let representative = check.legal_representative.as_ref();
    let missing = Fault::Unsupported("this check without a legal representative");
    body["LrName"] = representative.ok_or(missing)?.as_str().into();
    if check.method == OrganizationMethod::ThreeElements {
        body["VerifyType"] = "ENT_3META".into();
        return Ok(("VerifyBizLicenseEnterprise3", body));
    }
    let document = check.legal_representative_id.as_ref();
    let missing = Fault::Unsupported("this check without the legal representative's ID number");
    body["IdNum"] = document.ok_or(missing)?.reveal().into();
    Ok(("VerifyBizLicenseEnterprise4", body))
}

fn verdict(check: &OrganizationCheck, response: &Value) -> Result<OrganizationVerdict, Fault> {
    if let Some(code) = error_of(response) {
        return Err(fault_of(&code));
    }
    match required(response, "StatusCode", "it has no StatusCode")?.as_str() {
        "0" => {}
        "1" => return Err(Fault::Busy { code: "StatusCode 1".to_owned(), retry_after: None }),
        "2" => return Ok(OrganizationVerdict::Refused(OrganizationMismatch::CreditCode)),
        _ => return Err(Fault::Malformed("its StatusCode is not known")),
    }
    if check.method == OrganizationMethod::FourElements
        && let Some(mismatch) = inconsistent(response)
    {
        return Ok(OrganizationVerdict::Refused(mismatch));
    }
    match required(response, "VerifyResult", "it has no VerifyResult")?.as_str() {
        "1" => {}
        "0" => return Ok(OrganizationVerdict::Refused(OrganizationMismatch::Elements)),
        _ => return Err(Fault::Malformed("its VerifyResult is not known")),
    }
    let state = match required(response, "OperatingStatus", "it has no OperatingStatus")?.as_str() {
        "1" => {
            let (name, factors) = (check.name.as_str().to_owned(), check.method.factors().to_vec());
            return Ok(OrganizationVerdict::Passed { name, factors });
        }
        "2" => "moved",
        "3" => "deregistered",
        "4" => "revoked",
        "5" | "7" => "rescinded",
        "6" => "suspended",
        _ => "inactive",
    };
    Ok(OrganizationVerdict::Inactive { state: state.to_owned() })
}

/// The first element that the registry knows otherwise.
fn inconsistent(response: &Value) -> Option<OrganizationMismatch> {
    let elements = [
        ("IsCreditCodeConsistent", OrganizationMismatch::CreditCode),
        ("IsEntNameConsistent", OrganizationMismatch::Name),
        ("IsLrNameConsistent", OrganizationMismatch::LegalRepresentative),
        ("IsIdNumConsistent", OrganizationMismatch::LegalRepresentativeId),
    ];
    let differs = |name| text(response, name).is_some_and(|flag| !matches!(flag.as_str(), "1" | "true"));
    elements.into_iter().find(|(name, _)| differs(name)).map(|(_, mismatch)| mismatch)
}

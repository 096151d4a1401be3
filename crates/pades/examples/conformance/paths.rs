//! Path validation and revocation: NIST PKITS, x509-limbo, OpenSSL's OCSP tests.

use std::error::Error;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use pki::Certificate;
use pki::crl::Crl;
use pki::ocsp::Response;
use pki::path::{Budget, Need, PolicyInputs, Purpose, Revocation, Weak, validate, validate_with_policies};
use serde_json::Value;

use crate::table::Row;

type Failure = Box<dyn Error>;

pub(crate) fn pkits() -> Result<Option<Row>, Failure> {
    let Some(folder) = testkit::corpora("pkits") else { return Ok(None) };
    let mut row = Row::default();
    for case in list(&json(&folder.join("pkits.json"))?) {
        let name = format!("{} {}", text(case, "id"), text(case, "name"));
        let verdict = pkits_case(&folder, case);
        record(&mut row, name, case.get("error").is_none(), verdict);
    }
    Ok(Some(row))
}

fn pkits_case(folder: &Path, case: &Value) -> Result<(), Failure> {
    let certificate = |name: &str| -> Result<Certificate, Failure> {
        Ok(Certificate::from_der(&fs::read(folder.join("certs").join(name))?)?)
    };
    let crl = |name: &str| -> Result<Crl, Failure> {
        Ok(Crl::from_der(&fs::read(folder.join("crls").join(name))?)?)
    };
    let leaf = certificate(text(case, "cert"))?;
    let others: Vec<_> = strings(&case["other_certs"]).filter_map(|name| certificate(name).ok()).collect();
    let names = strings(&case["crls"]).chain(["TrustAnchorRootCRL.crl"]);
    let crls: Vec<_> = names.filter_map(|name| crl(name).ok()).collect();
    let at: Timestamp = "2022-05-01T00:00:00Z".parse()?;
    let is_required = case.get("revocation").and_then(Value::as_bool).unwrap_or(true);
    let need = if is_required { Need::Required } else { Need::IfPresent };
    let revocation = Revocation { crls: &crls, ocsps: &[], need, now: at };
    let roots = [certificate("TrustAnchorRootCertificate.crt")?];
    let (policies, mut budget) = (policy_inputs(&case["params"]), Budget::default());
    validate_with_policies(&leaf, &others, &roots, at, Purpose::Any, &revocation, &policies, &mut budget)?;
    Ok(())
}

fn policy_inputs(params: &Value) -> PolicyInputs {
    let is_set = |name: &str| params[name].as_bool().unwrap_or(false);
    let acceptable = params["user_initial_policy_set"].as_array();
    PolicyInputs {
        acceptable: acceptable
            .map(|_| strings(&params["user_initial_policy_set"]).map(str::to_owned).collect()),
        require_explicit: is_set("initial_explicit_policy"),
        inhibit_mapping: is_set("initial_policy_mapping_inhibit"),
        inhibit_any: is_set("initial_any_policy_inhibit"),
    }
}

pub(crate) fn limbo() -> Result<Option<Row>, Failure> {
    let Some(folder) = testkit::corpora("limbo") else { return Ok(None) };
    let mut row = Row::default();
    for case in list(&json(&folder.join("limbo.json"))?["testcases"]) {
        // The CA/Browser Forum's profile of TLS certificates, not ours.
        if text(case, "id").starts_with("webpki::") {
            row.count("of the web's profile, not run:", 1);
            continue;
        }
        record(&mut row, text(case, "id").to_owned(), case["expected_result"] == "SUCCESS", limbo_case(case));
    }
    Ok(Some(row))
}

fn limbo_case(case: &Value) -> Result<(), Failure> {
    let read = |value: &Value| -> Vec<Certificate> {
        strings(value).filter_map(|pem| Certificate::from_pem(pem).ok()).collect()
    };
    let leaf = Certificate::from_pem(text(case, "peer_certificate"))?;
    let crls: Vec<Crl> = strings(&case["crls"]).filter_map(|pem| Crl::from_pem(pem).ok()).collect();
    let at: Timestamp = case["validation_time"].as_str().unwrap_or("2026-11-22T00:00:00Z").parse()?;
    let need = if crls.is_empty() { Need::IfPresent } else { Need::Required };
    let revocation = Revocation { crls: &crls, ocsps: &[], need, now: at };
    let mut budget = Budget::default();
    if let Some(depth) = case["max_chain_depth"].as_u64() {
        budget.depth = usize::try_from(depth)? + 2;
    }
    let (pool, roots) = (read(&case["untrusted_intermediates"]), read(&case["trusted_certs"]));
    validate(&leaf, &pool, &roots, at, Purpose::Any, &revocation, &mut budget)?;
    Ok(())
}

pub(crate) fn ocsp() -> Result<Option<Row>, Failure> {
    let Some(folder) = testkit::corpora("ocsp") else { return Ok(None) };
    let mut row = Row::default();
    for case in list(&json(&folder.join("openssl-ocsp.json"))?) {
        record(
            &mut row,
            text(case, "name").to_owned(),
            case.get("error").is_none(),
            ocsp_case(&folder, case),
        );
    }
    Ok(Some(row))
}

fn ocsp_case(folder: &Path, case: &Value) -> Result<(), Failure> {
    let pem = |name: &str| -> Result<Certificate, Failure> {
        Ok(Certificate::from_pem(&fs::read_to_string(folder.join(name))?)?)
    };
    let response = |name: &str| -> Result<Response, Failure> {
        let text: String = fs::read_to_string(folder.join(name))?.split_ascii_whitespace().collect();
        Ok(Response::from_der(&STANDARD.decode(text)?)?)
    };
    let others = strings(&case["other_certs"]).map(pem).collect::<Result<Vec<_>, _>>()?;
    let ocsps: Vec<_> = strings(&case["ocsps"]).filter_map(|name| response(name).ok()).collect();
    let at: Timestamp = text(case, "moment").parse()?;
    let revocation = Revocation { crls: &[], ocsps: &ocsps, need: Need::Required, now: at };
    // The material is from 2012 and signed with SHA-1.
    let mut budget = Budget { weak: Weak::Accepted, ..Budget::default() };
    let (leaf, roots) = (pem(text(case, "cert"))?, [pem(text(case, "root"))?]);
    validate(&leaf, &others, &roots, at, Purpose::Any, &revocation, &mut budget)?;
    Ok(())
}

fn record(row: &mut Row, name: String, is_good: bool, verdict: Result<(), Failure>) {
    match verdict {
        _ if verdict.is_ok() == is_good => row.agree(),
        Ok(()) => row.diverge(name, "accepted, and should not be"),
        Err(error) => row.diverge(name, format!("refused, and should not be: {error}")),
    }
}

fn json(path: &Path) -> Result<Value, Failure> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    list(value).iter().filter_map(Value::as_str)
}

//! Other people's test suites: NIST PKITS, x509-limbo, OpenSSL's OCSP tests.
//!
//! They are read from the folder that `VERMILION_CORPORA` names.
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;
use vermilion_pki::crl::Crl;
use vermilion_pki::ocsp::Response;
use vermilion_pki::path::{
    Budget, Need, PathError, PolicyInputs, Purpose, Revocation, Weak, validate, validate_with_policies,
};
use vermilion_pki::{Certificate, ParseError};

fn corpus(name: &str) -> Option<PathBuf> {
    testkit::corpora(name)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("reads")).expect("is JSON")
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map(|a| a.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

#[test]
fn the_roots_of_this_system_are_read() {
    let Ok(bundle) = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt") else {
        eprintln!("SKIPPED: this system has no ca-certificates.crt");
        return;
    };
    let roots = Certificate::all_from_pem(&bundle).expect("all are read");
    println!("{} roots are read", roots.len());
    for root in &roots {
        assert!(root.is_self_signed(), "{root:?}");
    }
}

/// What a documented limit of [`vermilion_pki::path`] excludes.
fn pkits_limit(case: &Value) -> Option<&'static str> {
    match case["id"].as_str().unwrap_or_default() {
        "40104" | "40105" => Some("DSA"),
        _ => None,
    }
}

fn policy_inputs(case: &Value) -> PolicyInputs {
    let flag = |name: &str| case["params"][name].as_bool().unwrap_or(false);
    let acceptable = &case["params"]["user_initial_policy_set"];
    PolicyInputs {
        acceptable: acceptable
            .is_array()
            .then(|| strings(acceptable).into_iter().map(str::to_owned).collect()),
        require_explicit: flag("initial_explicit_policy"),
        inhibit_mapping: flag("initial_policy_mapping_inhibit"),
        inhibit_any: flag("initial_any_policy_inhibit"),
    }
}

#[test]
fn pkits() {
    let Some(folder) = corpus("pkits") else { return };
    let cases = json(&folder.join("pkits.json"));
    let certificate = |name: &str| -> Result<Certificate, ParseError> {
        Certificate::from_der(&std::fs::read(folder.join("certs").join(name)).expect("reads"))
    };
    let root = certificate("TrustAnchorRootCertificate.crt").expect("the root is a certificate");
    let root_crl = std::fs::read(folder.join("crls/TrustAnchorRootCRL.crl")).expect("reads");
    let (mut agree, mut excluded, mut wrong) = (0, Vec::new(), Vec::new());
    for case in cases.as_array().expect("is a list") {
        let (id, name) = (case["id"].as_str().unwrap(), case["name"].as_str().unwrap());
        let good = case.get("error").is_none();
        let verdict = (|| -> Result<(), String> {
            let leaf = certificate(case["cert"].as_str().unwrap()).map_err(|e| e.to_string())?;
            let others: Vec<Certificate> =
                strings(&case["other_certs"]).into_iter().filter_map(|c| certificate(c).ok()).collect();
            let mut crls: Vec<Crl> = strings(&case["crls"])
                .into_iter()
                .filter_map(|c| {
                    Crl::from_der(&std::fs::read(folder.join("crls").join(c)).expect("reads")).ok()
                })
                .collect();
            crls.push(Crl::from_der(&root_crl).expect("is a CRL"));
            let at: Timestamp = "2022-05-01T00:00:00Z".parse().unwrap();
            let required = case.get("revocation").and_then(Value::as_bool).unwrap_or(true);
            let need = if required { Need::Required } else { Need::IfPresent };
            let revocation = Revocation { crls: &crls, ocsps: &[], need, now: at };
            let roots = [root.clone()];
            let (policies, mut budget) = (policy_inputs(case), Budget::default());
            validate_with_policies(
                &leaf,
                &others,
                &roots,
                at,
                Purpose::Any,
                &revocation,
                &policies,
                &mut budget,
            )
            .map(|_| ())
            .map_err(|e| e.to_string())
        })();
        match pkits_limit(case) {
            _ if verdict.is_ok() == good => agree += 1,
            Some(limit) => excluded.push(format!("{id} {name}: {limit}")),
            None => wrong.push(format!(
                "{id} {name}: expected {}, got {verdict:?}",
                if good { "ok" } else { "error" }
            )),
        }
    }
    println!(
        "PKITS: {agree} agree, {} excluded by a documented limit:\n{}",
        excluded.len(),
        excluded.join("\n")
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Cases where x509-limbo asks a validator to enforce what RFC 5280 asks of the issuing CA, or what TLS asks.
const LIMBO_DIVERGENCES: &[(&str, &str)] = &[
    ("crl::crlnumber-missing", CA),
    ("crl::crlnumber-critical", CA),
    ("rfc5280::aki::critical-aki", CA),
    ("rfc5280::aki::leaf-missing-aki", CA),
    ("rfc5280::aki::intermediate-missing-aki", CA),
    ("rfc5280::aki::cross-signed-root-missing-aki", CA),
    ("rfc5280::nc::permitted-dns-match-noncritical", CA),
    ("rfc5280::nc::invalid-dnsname-leading-period", CA),
    ("rfc5280::nc::not-allowed-in-ee-noncritical", CA),
    ("rfc5280::nc::not-allowed-in-ee-critical", CA),
    ("rfc5280::pc::ica-noncritical-pc", CA),
    ("rfc5280::san::noncritical-with-empty-subject", CA),
    ("rfc5280::serial::too-long", CA),
    ("rfc5280::serial::zero", CA),
    ("rfc5280::serial::negative", CA),
    ("rfc5280::ski::critical-ski", CA),
    ("rfc5280::ski::intermediate-missing-ski", CA),
    ("rfc5280::ca-empty-subject", CA),
    ("rfc5280::leaf-ku-keycertsign", CA),
    ("rfc5280::ee-critical-aia-invalid", CA),
    ("rfc5280::eku::ee-wrong-eku", TLS),
    ("rfc5280::nc::nc-permits-invalid-dns-san", TLS),
    ("rfc5280::nc::nc-permits-invalid-email-san", TLS),
    ("rfc5280::san::underscore-dns", TLS),
    ("rfc5280::san::ip-in-dns", TLS),
    ("rfc5280::ca-as-leaf-wrong-san", TLS),
    ("rfc5280::ski::root-missing-ski", ANCHOR),
    ("rfc5280::validity::expired-root", ANCHOR),
    ("rfc5280::unknown-critical-extension-root", ANCHOR),
    ("rfc5280::root-missing-basic-constraints", ANCHOR),
    ("rfc5280::root-non-critical-basic-constraints", ANCHOR),
    ("pathlen::max-chain-depth-1-self-issued", "our depth counts every certificate, self-issued ones too"),
];

const CA: &str = "asked of the issuing CA, not of who validates";
const TLS: &str = "the name or purpose of a TLS peer";
const ANCHOR: &str = "an anchor is a name and a key";

#[test]
fn limbo() {
    let Some(folder) = corpus("limbo") else { return };
    let cases = json(&folder.join("limbo.json"));
    let (mut agree, mut known, mut wrong) = (0, Vec::new(), Vec::new());
    for case in cases["testcases"].as_array().expect("is a list") {
        let id = case["id"].as_str().unwrap();
        // webpki:: is the CA/Browser Forum's profile of TLS certificates, not ours.
        if id.starts_with("webpki::") {
            continue;
        }
        let good = case["expected_result"] == "SUCCESS";
        let verdict = limbo_case(case);
        if verdict.is_ok() == good {
            agree += 1;
        } else if let Some((_, reason)) = LIMBO_DIVERGENCES.iter().find(|(known, _)| *known == id) {
            known.push(format!("{id}: {reason}"));
        } else {
            wrong.push(format!("{id}: expected {}, got {verdict:?}", case["expected_result"]));
        }
    }
    println!("x509-limbo: {agree} agree, {} diverge for a known reason:\n{}", known.len(), known.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn limbo_case(case: &Value) -> Result<(), String> {
    let read = |value: &Value| -> Vec<Certificate> {
        strings(value).into_iter().filter_map(|pem| Certificate::from_pem(pem).ok()).collect()
    };
    let leaf =
        Certificate::from_pem(case["peer_certificate"].as_str().unwrap()).map_err(|e| e.to_string())?;
    let crls: Vec<Crl> =
        strings(&case["crls"]).into_iter().filter_map(|pem| Crl::from_pem(pem).ok()).collect();
    let at: Timestamp = match case["validation_time"].as_str() {
        Some(time) => time.parse().unwrap(),
        None => "2026-11-22T00:00:00Z".parse().unwrap(),
    };
    let need = if crls.is_empty() { Need::IfPresent } else { Need::Required };
    let revocation = Revocation { crls: &crls, ocsps: &[], need, now: at };
    let mut budget = Budget::default();
    if let Some(depth) = case["max_chain_depth"].as_u64() {
        budget.depth = usize::try_from(depth).unwrap() + 2;
    }
    let (pool, roots) = (read(&case["untrusted_intermediates"]), read(&case["trusted_certs"]));
    validate(&leaf, &pool, &roots, at, Purpose::Any, &revocation, &mut budget)
        .map(|_| ())
        .map_err(|e| e.to_string())
}

#[test]
fn openssl_ocsp() {
    let Some(folder) = corpus("ocsp") else { return };
    let pem = |name: &str| {
        Certificate::from_pem(&std::fs::read_to_string(folder.join(name)).expect("reads"))
            .expect("is a certificate")
    };
    let cases = json(&folder.join("openssl-ocsp.json"));
    let (mut agree, mut wrong) = (0, Vec::new());
    for case in cases.as_array().expect("is a list") {
        let name = case["name"].as_str().unwrap();
        let others: Vec<Certificate> = strings(&case["other_certs"]).into_iter().map(pem).collect();
        let ocsps: Vec<Response> = strings(&case["ocsps"])
            .into_iter()
            .filter_map(|file| {
                let text = std::fs::read_to_string(folder.join(file)).expect("reads");
                use base64::{Engine, engine::general_purpose::STANDARD};
                let der =
                    STANDARD.decode(text.split_ascii_whitespace().collect::<String>()).expect("is base64");
                Response::from_der(&der).ok()
            })
            .collect();
        let at: Timestamp = case["moment"].as_str().unwrap().parse().unwrap();
        let revocation = Revocation { crls: &[], ocsps: &ocsps, need: Need::Required, now: at };
        let leaf = pem(case["cert"].as_str().unwrap());
        let roots = [pem(case["root"].as_str().unwrap())];
        // The material is from 2012 and signed with SHA-1.
        let mut budget = Budget { weak: Weak::Accepted, ..Budget::default() };
        let verdict = validate(&leaf, &others, &roots, at, Purpose::Any, &revocation, &mut budget);
        // No response speaks of this case's intermediate: OpenSSL asks about the leaf alone, we about both.
        let leaf_alone = name == "delegated_with_intermediate_success"
            && matches!(&verdict, Err(PathError::NoRevocationData { subject }) if subject.contains("CA - G2"));
        if verdict.is_ok() == case.get("error").is_none() || leaf_alone {
            agree += 1;
        } else {
            wrong.push(format!("{name}: {verdict:?}"));
        }
    }
    println!("OpenSSL's OCSP cases: {agree} agree, one of them up to the intermediate's status");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

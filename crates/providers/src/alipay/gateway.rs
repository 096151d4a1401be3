//! The gateway: signed requests out, signed answers in.

use std::collections::BTreeMap;

use jiff::tz::Offset;
use online::Reply;
use serde_json::Value;

use super::Inner;
use crate::asking::{Repeat, Sending};
use crate::error::{Fault, ProviderError};
use crate::json::{members, parse, text};
use crate::notice::form;

const CONTENT_TYPE: &str = "application/x-www-form-urlencoded;charset=utf-8";

/// A node whose signature held.
pub(super) struct Signed {
    pub(super) node: Value,
    /// Why the gateway took the call and could not do it (code 40004), in its own words.
    pub(super) failed: Option<String>,
    /// The whole answer.
    pub(super) raw: Vec<u8>,
}

/// What is signed: the parameters that have a value, sorted by name, raw.
pub(super) fn sign_content(parameters: &BTreeMap<String, String>, without: &[&str]) -> String {
    let pairs: Vec<String> = parameters
        .iter()
        .filter(|(name, value)| !value.is_empty() && !without.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

impl Inner {
    /// Calls a method. All of them carry an order or transaction number, so that calling again does nothing twice.
    pub(super) fn call(
        &self,
        method: &'static str,
        business: &Value,
        addresses: &[(&str, &str)],
    ) -> Result<Signed, ProviderError> {
        let sending = || {
            let parameters = self.parameters(method, business, addresses)?;
            let (inside, before): (Vec<_>, Vec<_>) = parameters
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .partition(|(n, _)| *n == "biz_content");
            Ok(Sending {
                url: format!("{}?{}", self.config.gateway, form(before)),
                headers: vec![("Content-Type", CONTENT_TYPE.to_owned())],
                body: form(inside).into_bytes(),
            })
        };
        let (signed, _) = self.asking.ask(Repeat::Freely, sending, |reply| self.read(method, reply))?;
        Ok(signed)
    }

    /// The address of a page call: all parameters and our signature in the query.
    pub(super) fn page(&self, method: &str, business: &Value) -> Result<String, Fault> {
        let parameters = self.parameters(method, business, &[])?;
        let query = form(parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Ok(format!("{}?{query}", self.config.gateway))
    }

    fn parameters(
        &self,
        method: &str,
        business: &Value,
        addresses: &[(&str, &str)],
    ) -> Result<BTreeMap<String, String>, Fault> {
        let beijing = Offset::constant(8).to_datetime(self.asking.now());
        let mut parameters: BTreeMap<String, String> = [
            ("app_id", self.config.app_id.clone()),
            ("method", method.to_owned()),
            ("format", "JSON".to_owned()),
            ("charset", "utf-8".to_owned()),
            ("sign_type", "RSA2".to_owned()),
            ("timestamp", beijing.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            ("version", "1.0".to_owned()),
            ("biz_content", business.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if let Some(numbers) = &self.keys.numbers {
            parameters.insert("app_cert_sn".to_owned(), numbers.application.clone());
            parameters.insert("alipay_root_cert_sn".to_owned(), numbers.roots.clone());
        }
        for (name, value) in addresses.iter().filter(|(_, value)| !value.is_empty()) {
            parameters.insert((*name).to_owned(), (*value).to_owned());
        }
        let signature = self.keys.sign(&sign_content(&parameters, &["sign"]))?;
        parameters.insert("sign".to_owned(), signature);
        Ok(parameters)
    }

    fn read(&self, method: &str, reply: &Reply) -> Result<Signed, Fault> {
        if reply.status != 200 {
            return Err(Fault::Status { status: reply.status, retry_after: reply.retry_after });
        }
        let members = members(&reply.body)?;
        let bytes = |name: &str| {
            let (_, range) = members.iter().find(|(known, _)| known == name)?;
            reply.body.get(range.clone())
        };
        let node = format!("{}_response", method.replace('.', "_"));
        let (node, is_fault) = match (bytes(&node), bytes("error_response")) {
            (Some(node), None) => (node, false),
            (None, Some(node)) => (node, true),
            _ => return Err(Fault::Malformed("it has no node for this method")),
        };
        let value = parse(node)?;
        match bytes("sign") {
            Some(signature) => {
                let signature: String =
                    serde_json::from_slice(signature).map_err(|_| Fault::Signature("it is no text"))?;
                self.check_certificate(bytes("alipay_cert_sn"))?;
                self.keys.verify(node, &signature)?;
            }
            // The gateway does not sign that it could not verify our signature. No verdict is taken from it.
            None if is_fault => {}
            None => return Err(Fault::Signature("there is none")),
        }
        self.judge(value, is_fault, reply)
    }

    /// Alipay changes its key now and then: the operator then fetches the new certificate.
    fn check_certificate(&self, number: Option<&[u8]>) -> Result<(), Fault> {
        let Some(numbers) = &self.keys.numbers else { return Ok(()) };
        let number: Option<String> = number.and_then(|bytes| serde_json::from_slice(bytes).ok());
        match number {
            Some(number) if number != numbers.alipay => {
                Err(Fault::Signature("it is by another certificate of Alipay than the configured one"))
            }
            _ => Ok(()),
        }
    }

    fn judge(&self, node: Value, is_fault: bool, reply: &Reply) -> Result<Signed, Fault> {
        let code = text(&node, "code").unwrap_or_default();
        let sub_code = text(&node, "sub_code").unwrap_or_default();
        let words = plain(&format!("{code} {sub_code}"));
        match code.as_str() {
            "10000" if !is_fault => Ok(Signed { node, failed: None, raw: reply.body.clone() }),
            "40004" if !is_fault => {
                Ok(Signed { node, failed: Some(plain(&sub_code)), raw: reply.body.clone() })
            }
            "20000" => Err(Fault::Busy { code: words, retry_after: reply.retry_after }),
            "20001" | "40001" | "40002" | "40003" | "40004" | "40006" => Err(Fault::Rejected { code: words }),
            _ => Err(Fault::Malformed("its code is not known")),
        }
    }
}

/// A provider's code, fit for a log: nothing but what codes are made of.
pub(super) fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || "._- ".contains(*c)).take(80).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Alipay, Config, Trust};
    use super::*;
    use crate::context::Context;
    use crate::secret::Secret;

    const STRING_TO_SIGN: &str = include_str!("../../tests/data/alipay_req_string_to_sign.txt");
    const SIGNATURE: &str = include_str!("../../tests/data/alipay_req_sign.b64");
    const ANSWER: &str = include_str!("../../tests/data/alipay_resp_full.json");
    const SIGNED: &str = include_str!("../../tests/data/alipay_resp_string_to_verify.txt");
    const METHOD: &str = "alipay.user.certify.open.initialize";

    /// The vectors have one key for both sides.
    fn alipay() -> Alipay {
        let trust = Trust::PublicKey(include_str!("../../tests/data/rsa2_test_pub.pem").to_owned());
        let config =
            Config::new("2014072300007148", Secret::new(testkit::stand_in::Alipay::private_key()), trust);
        let clock = Arc::new(testkit::FixedClock::default());
        Alipay::new(config, Context::new(clock, Arc::new(testkit::SeededRng::default()))).unwrap()
    }

    fn read(body: &str) -> Result<Signed, Fault> {
        let reply = Reply { status: 200, retry_after: None, body: body.as_bytes().to_vec() };
        alipay().0.read(METHOD, &reply)
    }

    #[test]
    fn the_request_vector_is_met() {
        let mut parameters: BTreeMap<String, String> = STRING_TO_SIGN
            .trim_end()
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(parameters.len(), 8);
        parameters.insert("sign".to_owned(), "is not signed".to_owned());
        parameters.insert("app_auth_token".to_owned(), String::new());
        let content = sign_content(&parameters, &["sign"]);
        assert_eq!(content, STRING_TO_SIGN.trim_end());
        assert_eq!(alipay().0.keys.sign(&content).unwrap(), SIGNATURE.trim_end());
    }

    #[test]
    fn the_answer_vector_is_met_over_its_exact_bytes() {
        assert!(ANSWER.contains(SIGNED.trim_end()));
        let signed = read(ANSWER).unwrap();
        assert_eq!(signed.node["certify_id"], "2109b5e671aa3ff2eb4851816c65828f");
        assert_eq!(signed.raw, ANSWER.as_bytes());
        // The same JSON, written in another way, is not what was signed.
        let spaced = ANSWER.replacen("{\"code\"", "{ \"code\"", 1);
        let other = ANSWER.replace("2109b5e6", "2109b5e7");
        let of_another_method = ANSWER.replace("initialize", "query");
        for (body, fault) in [
            (spaced, Fault::Signature("it is not Alipay's over this")),
            (other, Fault::Signature("it is not Alipay's over this")),
            (of_another_method, Fault::Malformed("it has no node for this method")),
            (ANSWER.replace("\"sign\"", "\"sing\""), Fault::Signature("there is none")),
            (
                ANSWER.replace(",\"sign\"", ",\"error_response\":{},\"sign\""),
                Fault::Malformed("it has no node for this method"),
            ),
        ] {
            assert_eq!(read(&body).map(|_| ()), Err(fault), "{body}");
        }
    }

    #[test]
    fn faults_of_the_gateway_are_told_apart() {
        let fault = |code: &str, sub: &str| {
            read(&format!(r#"{{"error_response":{{"code":"{code}","sub_code":"{sub}\n<script>"}}}}"#))
                .map(|_| ())
        };
        let rejected = Fault::Rejected { code: "40002 isv.invalid-signaturescript".to_owned() };
        assert_eq!(fault("40002", "isv.invalid-signature"), Err(rejected));
        assert!(matches!(fault("20000", "isp.unknow-error"), Err(Fault::Busy { .. })));
        assert!(matches!(fault("10000", ""), Err(Fault::Malformed(_))), "a success is no fault");
        assert!(matches!(fault("40004", ""), Err(Fault::Rejected { .. })), "no verdict without a signature");
    }
}

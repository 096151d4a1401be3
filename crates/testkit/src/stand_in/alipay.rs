//! The gateway of Alipay's open platform.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Clock;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::{Value, json};

use super::http::{Asked, Said, encode, fields, serve};
use super::{Play, Register, Scene, Stage, lock};

/// Of the application: a key that was made for tests and is known to everyone.
const CLIENT_KEY: &str = include_str!("keys/client_key.pem");
const ALIPAY_KEY: &str = include_str!("keys/alipay_key.pem");

/// What OpenSSL and MD5 make of the certificates beside the keys.
const CLIENT_NUMBER: &str = "5e08659908f2e5cb04adea06196ddf83";
const ALIPAY_NUMBER: &str = "7244fbe15e917eec78b9ce158f26bdaa";
const ROOT_NUMBER: &str = "85201f32fbbf3efcf1feff67a1a50f73";

/// The gateway, with one application.
pub struct Alipay {
    /// What it is told to do, and what it heard.
    pub stage: Stage,
    /// What it knows.
    pub register: Register,
    clock: Arc<dyn Clock>,
    address: Mutex<Option<SocketAddr>>,
    client: KeyPair,
    alipay: KeyPair,
    /// Requests must name certificates, and answers do.
    certificates: bool,
    /// Transactions by order number, and who each is about.
    orders: Mutex<HashMap<String, String>>,
    people: Mutex<HashMap<String, Value>>,
}

impl Alipay {
    /// The application's number.
    pub const APP_ID: &str = "2014072300007148";

    /// Starts it, in public key mode.
    #[must_use]
    pub fn start(clock: Arc<dyn Clock>) -> Arc<Self> {
        Self::started(clock, false)
    }

    /// Starts it, in certificate mode.
    #[must_use]
    pub fn start_with_certificates(clock: Arc<dyn Clock>) -> Arc<Self> {
        Self::started(clock, true)
    }

    fn started(clock: Arc<dyn Clock>, certificates: bool) -> Arc<Self> {
        let gateway = Arc::new(Self {
            stage: Stage::default(),
            register: Register::default(),
            clock,
            address: Mutex::new(None),
            client: KeyPair::from_der(&pem(CLIENT_KEY)).expect("a PKCS#1 key"),
            alipay: KeyPair::from_pkcs8(&pem(ALIPAY_KEY)).expect("a PKCS#8 key"),
            certificates,
            orders: Mutex::default(),
            people: Mutex::default(),
        });
        let serving = Arc::clone(&gateway);
        *lock(&gateway.address) = Some(serve(move |asked| serving.answer(asked)));
        gateway
    }

    /// Where it is.
    #[must_use]
    pub fn gateway(&self) -> String {
        format!("http://{}/gateway.do", lock(&self.address).expect("it was started"))
    }

    /// The application's private key, PEM (PKCS#1).
    #[must_use]
    pub fn private_key() -> &'static str {
        CLIENT_KEY
    }

    /// Alipay's public key, bare Base64 as the console shows it.
    #[must_use]
    pub fn public_key() -> &'static str {
        include_str!("keys/alipay_public_key.txt")
    }

    /// The application's certificate, Alipay's, and the roots: PEM.
    #[must_use]
    pub fn certificates() -> [&'static str; 3] {
        [
            include_str!("keys/client_certificate.pem"),
            include_str!("keys/alipay_certificate.pem"),
            include_str!("keys/alipay_roots.pem"),
        ]
    }

    /// The transaction under which an order number is known.
    #[must_use]
    pub fn transaction(&self, order_number: &str) -> Option<String> {
        lock(&self.orders).get(order_number).cloned()
    }

    /// The form of an asynchronous notice about a transaction, signed.
    #[must_use]
    pub fn notice(&self, transaction: &str) -> String {
        let sent = Offset::constant(8).to_datetime(self.clock.now());
        let mut notice: BTreeMap<String, String> = [
            ("app_id", Self::APP_ID.to_owned()),
            ("charset", "utf-8".to_owned()),
            ("certify_id", transaction.to_owned()),
            ("notify_id", "2026112300222040400".to_owned()),
            ("notify_time", sent.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            ("notify_type", "certify_status_sync".to_owned()),
            ("subject", "实名 认证+".to_owned()),
            ("empty", String::new()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let signature = self.sign(content(&notice).as_bytes());
        notice.insert("sign".to_owned(), signature);
        notice.insert("sign_type".to_owned(), "RSA2".to_owned());
        let pairs: Vec<String> =
            notice.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v).replace("%20", "+"))).collect();
        pairs.join("&")
    }

    /// Whether a page call (a GET that a browser makes) is one of the application's own.
    #[must_use]
    pub fn opens(&self, url: &str) -> bool {
        let Some((_, query)) = url.split_once('?') else { return false };
        let parameters = fields(query);
        self.check(&parameters).is_ok()
            && parameters.get("method").is_some_and(|method| method.ends_with(".certify"))
    }

    fn answer(&self, asked: &Asked) -> Said {
        let form = std::str::from_utf8(&asked.body).unwrap_or_default();
        let parameters: BTreeMap<String, String> =
            fields(&asked.query).into_iter().chain(fields(form)).collect();
        let method = parameters.get("method").cloned().unwrap_or_default();
        let as_form = asked.method == "POST" && asked.content_type() == "application/x-www-form-urlencoded";
        let checked = if as_form { self.check(&parameters) } else { Err("it is no form") };
        if let Err(why) = checked {
            self.stage.turn_away(why);
            let fault = json!({
                "code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature", "sub_msg": why,
            });
            // The real gateway does not sign this one.
            return Said::Json(200, json!({ "error_response": fault }).to_string().into_bytes());
        }
        let business: Value = parameters
            .get("biz_content")
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or(Value::Null);
        self.stage.hear(&method, &business);
        let node = format!("{}_response", method.replace('.', "_"));
        let play = self.stage.next();
        match play {
            Play::Silence(time) => return Said::Silence(time),
            Play::Status(status) => return Said::Json(status, Vec::new()),
            Play::Malformed => return Said::Json(200, format!("{{\"{node}\":{{\"code\":").into_bytes()),
            Play::Busy => {
                let busy = json!({
                    "code": "20000", "msg": "Service Currently Unavailable", "sub_code": "isp.unknow-error",
                });
                return Said::Json(200, self.signed(&node, &busy.to_string(), play));
            }
            _ => {}
        }
        let mut value = self.act(&method, &business);
        match play {
            Play::Unheard => {
                value["certify_state"] = "MAYBE".into();
                value["passed"] = "M".into();
            }
            Play::SomebodyElse => value["identity_info"] = r#"{"cert_no":"110101199003070011"}"#.into(),
            _ => {}
        }
        // As Alipay writes it: not as any library would write it again.
        let text = value.to_string().replace("\":", "\" : ").replace('/', "\\/");
        let body = self.signed(&node, &text, play);
        let before = self.stage.answered(&method, &body);
        Said::Json(200, if play == Play::Replayed { before.unwrap_or(body) } else { body })
    }

    fn check(&self, parameters: &BTreeMap<String, String>) -> Result<(), &'static str> {
        let get = |name: &str| parameters.get(name).map_or("", String::as_str);
        for (name, value) in [
            ("app_id", Self::APP_ID),
            ("charset", "utf-8"),
            ("format", "JSON"),
            ("sign_type", "RSA2"),
            ("version", "1.0"),
        ] {
            if get(name) != value {
                return Err("a common parameter is missing");
            }
        }
        let numbers = (get("app_cert_sn"), get("alipay_root_cert_sn"));
        if numbers != if self.certificates { (CLIENT_NUMBER, ROOT_NUMBER) } else { ("", "") } {
            return Err("the numbers of the certificates are other ones");
        }
        let sent = DateTime::strptime("%Y-%m-%d %H:%M:%S", get("timestamp")).map_err(|_| "no timestamp")?;
        let sent = Offset::constant(8).to_timestamp(sent).map_err(|_| "no timestamp")?;
        if self.clock.now().duration_since(sent).abs() > SignedDuration::from_mins(10) {
            return Err("the timestamp is of another time");
        }
        let signature = STANDARD.decode(get("sign")).map_err(|_| "the signature is not Base64")?;
        let unsigned: BTreeMap<String, String> =
            parameters.iter().filter(|(n, _)| *n != "sign").map(|(n, v)| (n.clone(), v.clone())).collect();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.client.public_key().as_ref())
            .verify(content(&unsigned).as_bytes(), &signature)
            .map_err(|_| "the signature does not hold")
    }

    fn act(&self, method: &str, business: &Value) -> Value {
        let good = |mut value: Value| {
            value["code"] = "10000".into();
            value["msg"] = "Success".into();
            value
        };
        let failed = |sub_code: &str| json!({ "code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "…" });
        let transaction = business["certify_id"].as_str().unwrap_or_default().to_owned();
        let known = lock(&self.people).contains_key(&transaction);
        match method.rsplit('.').next() {
            Some("initialize") => match self.initialize(method, business) {
                Ok(opened) => good(opened),
                Err(sub_code) => failed(sub_code),
            },
            Some("verify") if known => good(json!({ "certify_url": page(&transaction) })),
            Some("query") if known => self.query(method, &transaction, good, failed),
            _ => failed("ORDER_NOT_EXIST"),
        }
    }

    fn initialize(&self, method: &str, business: &Value) -> Result<Value, &'static str> {
        let is_new = method.starts_with("datadigital.fincloud.generalsaas.face.verification.");
        let subject = if is_new { business } else { &business["identity_param"] };
        let order = business["outer_order_no"].as_str().unwrap_or_default().to_owned();
        let code = business["biz_code"].as_str().unwrap_or_default();
        let fits = match method {
            "datadigital.fincloud.generalsaas.face.verification.initialize" => {
                code == "DATA_DIGITAL_BIZ_CODE_FACE_VERIFICATION" && order.len() <= 64
            }
            "datadigital.fincloud.generalsaas.face.certify.initialize" => {
                code == "FUTURE_TECH_BIZ_FACE_SDK" && order.len() <= 32
            }
            _ => code == "FACE" && order.len() <= 32 && business["merchant_config"]["return_url"].is_string(),
        };
        let alphanumeric = !order.is_empty() && order.bytes().all(|b| b.is_ascii_alphanumeric());
        if !fits || !alphanumeric || subject["identity_type"] != "CERT_INFO" {
            return Err("INVALID_PARAMETER");
        }
        if subject["cert_name"].as_str().is_none_or(str::is_empty) || subject["cert_type"].as_str().is_none()
        {
            return Err("CERT_INFO_ERROR");
        }
        let mut orders = lock(&self.orders);
        let number = format!("{:032x}", 0x2109_b5e6_71aa_3ff2_u64 + u64::try_from(orders.len()).unwrap_or(0));
        let transaction = orders.entry(order).or_insert(number).clone();
        lock(&self.people).insert(transaction.clone(), subject.clone());
        let mut opened = json!({ "certify_id": transaction });
        if is_new {
            opened["web_url"] = page(&transaction).into();
            opened["page_url"] = page(&transaction).into();
        }
        Ok(opened)
    }

    fn query(
        &self,
        method: &str,
        transaction: &str,
        good: impl Fn(Value) -> Value,
        failed: impl Fn(&str) -> Value,
    ) -> Value {
        let subject = lock(&self.people).get(transaction).cloned().unwrap_or_default();
        let text = |name: &str| subject[name].as_str().unwrap_or_default().to_owned();
        let same =
            self.register.person(&text("cert_no")).is_some_and(|person| person.name == text("cert_name"));
        let scene = self.register.scene(transaction);
        let passed = scene == Scene::Passed && same;
        if method.contains(".verification.") {
            let state = match scene {
                Scene::Waiting => "PROCESSING",
                _ if passed => "SUCCESS",
                _ => "FAIL",
            };
            return good(json!({
                "certify_state": state, "score": if passed { "0.9871" } else { "0.12" }, "quality": "83.1",
                "attack_flag": if scene == Scene::Photograph { "true" } else { "false" },
            }));
        }
        match scene {
            Scene::Waiting if method.starts_with("alipay.") => failed("CERTIFY_NOT_FINISHED"),
            Scene::Waiting => good(json!({ "passed": "F", "fail_reason": "认证未完成" })),
            Scene::Photograph => good(json!({ "passed": "F", "fail_reason": "疑似攻击" })),
            _ if passed => good(json!({
                "passed": "T", "identity_info": json!({ "cert_no": text("cert_no") }).to_string(),
            })),
            Scene::Passed => good(json!({ "passed": "F", "fail_reason": "姓名与身份证号不一致" })),
            Scene::SomebodyElse => good(json!({ "passed": "F", "fail_reason": "人脸比对不一致" })),
        }
    }

    fn signed(&self, node: &str, text: &str, play: Play) -> Vec<u8> {
        let signature = match play {
            Play::WronglySigned => self.sign(text.replace(' ', "").as_bytes()),
            _ => self.sign(text.as_bytes()),
        };
        let signature = signature.replace('/', "\\/");
        let number = if self.certificates {
            format!(",\"alipay_cert_sn\":\"{ALIPAY_NUMBER}\"")
        } else {
            String::new()
        };
        let signature = match play {
            Play::Unsigned => String::new(),
            _ => format!(",\"sign\":\"{signature}\""),
        };
        format!("{{\"{node}\":{text}{number}{signature}}}").into_bytes()
    }

    fn sign(&self, content: &[u8]) -> String {
        let mut signature = vec![0; self.alipay.public_modulus_len()];
        self.alipay
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), content, &mut signature)
            .expect("a key that was read signs");
        STANDARD.encode(signature)
    }
}

fn page(transaction: &str) -> String {
    format!("https://openapi.alipay.com/stand-in?certify_id={transaction}&x=1")
}

/// `a=1&b=2`, sorted, raw, without what is empty.
fn content(parameters: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> =
        parameters.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={v}")).collect();
    pairs.join("&")
}

fn pem(text: &str) -> Vec<u8> {
    let base64: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(base64).expect("PEM")
}

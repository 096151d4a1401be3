//! Tencent Cloud: API 3.0 of faceid, ocr and sms.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aws_lc_rs::{digest, hmac};
use domain::Clock;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value, json};

use super::http::{Asked, Said, serve};
use super::{Play, Register, Scene, Stage, lock};

/// Tencent Cloud, with one account.
pub struct Tencent {
    /// What it is told to do, and what it heard.
    pub stage: Stage,
    /// What it knows.
    pub register: Register,
    token: Mutex<String>,
    clock: Arc<dyn Clock>,
    address: Mutex<Option<SocketAddr>>,
    faces: Mutex<HashMap<String, Value>>,
    answers: Mutex<u32>,
}

impl Tencent {
    /// The account's SecretId.
    pub const SECRET_ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
    /// The account's SecretKey.
    pub const SECRET_KEY: &str = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
    /// The rule of face checks.
    pub const FACE_RULE: &str = "7";
    /// The application for text messages.
    pub const SMS_APPLICATION: &str = "1400787878";

    /// Starts it.
    #[must_use]
    pub fn start(clock: Arc<dyn Clock>) -> Arc<Self> {
        let cloud = Arc::new(Self {
            stage: Stage::default(),
            register: Register::default(),
            token: Mutex::default(),
            clock,
            address: Mutex::new(None),
            faces: Mutex::default(),
            answers: Mutex::new(0),
        });
        let serving = Arc::clone(&cloud);
        *lock(&cloud.address) = Some(serve(move |asked| serving.answer(asked)));
        cloud
    }

    /// Where all its services are.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", lock(&self.address).expect("it was started"))
    }

    /// From now on the key is a temporary one, with this token: others have expired.
    pub fn expect_token(&self, token: &str) {
        token.clone_into(&mut lock(&self.token));
    }

    fn answer(&self, asked: &Asked) -> Said {
        let action = asked.header("x-tc-action").to_owned();
        let service = match self.check(asked) {
            Ok(service) => service,
            Err(why) => {
                self.stage.turn_away(why);
                return self.said(&error("AuthFailure.SignatureFailure"));
            }
        };
        if asked.header("x-tc-token") != *lock(&self.token) {
            self.stage.turn_away("the token is another one");
            return self.said(&error("AuthFailure.TokenFailure"));
        }
        let content: Value = serde_json::from_slice(&asked.body).unwrap_or(Value::Null);
        self.stage.hear(&action, &content);
        let play = self.stage.next();
        match play {
            Play::Silence(time) => return Said::Silence(time),
            Play::Status(status) => return Said::Json(status, Vec::new()),
            Play::Malformed => return Said::Json(200, b"{\"Response\":{\"Result\":\"0".to_vec()),
            Play::Busy => return self.said(&error("RequestLimitExceeded")),
            Play::WronglySigned => return self.said(&error("AuthFailure.SignatureFailure")),
            Play::Expired => return self.said(&error("AuthFailure.TokenFailure")),
            Play::PageExpired => return self.said(&error("InvalidParameterValue.BizTokenExpired")),
            _ => {}
        }
        let mut response = self.act(&service, &action, &content);
        if play == Play::Unheard {
            response["Result"] = "777".into();
            response["StatusCode"] = 777.into();
            response["SendStatusSet"] = json!([]);
            response["Text"] = Value::Null;
        }
        if play == Play::SomebodyElse {
            if let Some(texts) = response.get_mut("Text") {
                texts["IdCard"] = "110101199003070011".into();
            }
            if let Some(status) = response.get_mut("SendStatusSet").and_then(|set| set.get_mut(0)) {
                status["PhoneNumber"] = "+8613900000000".into();
            }
        }
        let Said::Json(status, body) = self.said(&response) else { unreachable!("it is JSON") };
        let before = self.stage.answered(&action, &body);
        Said::Json(status, if play == Play::Replayed { before.unwrap_or(body) } else { body })
    }

    /// The answer, with a number of its own.
    fn said(&self, response: &Value) -> Said {
        let mut number = lock(&self.answers);
        *number += 1;
        let mut response = response.clone();
        response["RequestId"] = format!("3c140219-cfe9-470e-b241-{:012x}", *number).into();
        Said::Json(200, json!({ "Response": response }).to_string().into_bytes())
    }

    /// The service that was signed for.
    fn check(&self, asked: &Asked) -> Result<String, &'static str> {
        let authorization = asked.header("authorization");
        let rest = authorization.strip_prefix("TC3-HMAC-SHA256 ").ok_or("another algorithm")?;
        let part =
            |name: &str| rest.split(", ").find_map(|part| part.strip_prefix(name)).ok_or("a part is missing");
        let (credential, names, signature) =
            (part("Credential=")?, part("SignedHeaders=")?, part("Signature=")?);
        let scope: Vec<&str> = credential.split('/').collect();
        let [id, date, service, "tc3_request"] = scope.as_slice() else { return Err("another scope") };
        let seconds: i64 = asked.header("x-tc-timestamp").parse().map_err(|_| "no timestamp")?;
        let at = Timestamp::from_second(seconds).map_err(|_| "no timestamp")?;
        if self.clock.now().duration_since(at).as_secs().abs() > 300 {
            return Err("the timestamp is of another time");
        }
        if *id != Self::SECRET_ID || *date != Offset::UTC.to_datetime(at).date().to_string() {
            return Err("another key or date");
        }
        let version = match *service {
            "faceid" => "2018-03-01",
            "ocr" => "2018-11-19",
            "sms" => "2021-01-11",
            _ => return Err("another service"),
        };
        if asked.header("x-tc-version") != version || asked.method != "POST" || asked.path != "/" {
            return Err("another interface");
        }
        let names_list: Vec<&str> = names.split(';').collect();
        if !names_list.is_sorted() || !["content-type", "host"].iter().all(|name| names_list.contains(name)) {
            return Err("host and content type must be signed");
        }
        let lines: String =
            names_list.iter().map(|name| format!("{name}:{}\n", asked.header(name).to_lowercase())).collect();
        let canonical = format!("POST\n/\n{}\n{lines}\n{names}\n{}", asked.query, sha256(&asked.body));
        let to_sign = format!(
            "TC3-HMAC-SHA256\n{seconds}\n{date}/{service}/tc3_request\n{}",
            sha256(canonical.as_bytes())
        );
        let mut key = format!("TC3{}", Self::SECRET_KEY).into_bytes();
        for text in [date, service, "tc3_request", to_sign.as_str()] {
            key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), text.as_bytes()).as_ref().to_vec();
        }
        if hex::encode(key) == signature {
            Ok((*service).to_owned())
        } else {
            Err("the signature does not hold")
        }
    }

    fn act(&self, service: &str, action: &str, content: &Value) -> Value {
        match (service, action) {
            ("faceid", "IdCardVerification") => {
                let result = match self.person(content) {
                    None => "-5",
                    Some(false) => "-1",
                    Some(true) => "0",
                };
                json!({ "Result": result, "Description": "…" })
            }
            ("faceid", "PhoneVerification") => self.phone(content),
            ("faceid", "BankCard4EVerification") => {
                let known = self.register.person(text(content, "IdCard"));
                let agrees = known.is_some_and(|it| {
                    it.name == text(content, "Name")
                        && it.phone == text(content, "Phone")
                        && it.bank_card == text(content, "BankCard")
                });
                json!({ "Result": if agrees && content["CertType"] == 0 { "0" } else { "-1" } })
            }
            ("faceid", "DetectAuth") => self.open(content),
            ("faceid", "GetDetectInfoEnhanced") => self.result(content),
            ("ocr", "VerifyBizLicenseEnterprise3" | "VerifyBizLicenseEnterprise4") => {
                self.company(action, content)
            }
            ("sms", "SendSms") => send(content),
            _ => error("InvalidAction"),
        }
    }

    /// Whether name and number belong together; `None` where nobody has the number.
    fn person(&self, content: &Value) -> Option<bool> {
        Some(self.register.person(text(content, "IdCard"))?.name == text(content, "Name"))
    }

    fn phone(&self, content: &Value) -> Value {
        let known = self.register.person(text(content, "IdCard"));
        let Some(known) = known else { return json!({ "Result": "-9", "Isp": "移动" }) };
        let (name, phone) = (known.name == text(content, "Name"), known.phone == text(content, "Phone"));
        match (name, phone) {
            (true, true) => json!({ "Result": "0", "Isp": "移动" }),
            (true, false) => json!({ "Result": "-4", "ResultDetail": "PhoneNameIdCardMismatch" }),
            (false, _) => json!({ "Result": "-4", "ResultDetail": "NameIdCardMismatch" }),
        }
    }

    fn open(&self, content: &Value) -> Value {
        if content["RuleId"] != Self::FACE_RULE {
            return error("InvalidParameterValue.RuleIdNotExist");
        }
        let number = text(content, "IdCard");
        if number.len() != 18 || number.ends_with('x') {
            return error("FailedOperation.IdFormatError");
        }
        let mut faces = lock(&self.faces);
        let token = format!("CE661F1A-0F1E-45BD-BE13-{:012X}", faces.len() + 1);
        faces.insert(token.clone(), content.clone());
        json!({ "BizToken": token, "Url": format!("https://open.weixin.qq.com/stand-in?token={token}") })
    }

    fn result(&self, content: &Value) -> Value {
        let token = text(content, "BizToken");
        let Some(opened) = lock(&self.faces).get(token).cloned() else {
            return error("InvalidParameterValue.BizTokenIllegal");
        };
        let mut texts = json!({
            "ErrCode": null, "IdCard": opened["IdCard"], "Name": opened["Name"], "Extra": opened["Extra"],
            "LiveStatus": 0, "Comparestatus": 0, "Sim": "0.00", "LivenessInfoTag": [],
        });
        let known = self.person(&opened) == Some(true);
        let (code, live, compare, likeness) = match self.register.scene(token) {
            Scene::Waiting => return json!({ "Text": texts }),
            Scene::Passed if known => (0, 0, 0, "98.73"),
            Scene::Passed | Scene::SomebodyElse => (1, 0, 2016, "31.20"),
            Scene::Photograph => (2, 1002, 0, "0.00"),
        };
        texts["ErrCode"] = code.into();
        texts["LiveStatus"] = live.into();
        texts["Comparestatus"] = compare.into();
        texts["Sim"] = likeness.into();
        if live != 0 {
            texts["LivenessInfoTag"] = json!(["03"]);
        }
        json!({ "Text": texts })
    }

    fn company(&self, action: &str, content: &Value) -> Value {
        let Some(known) = self.register.company(text(content, "CreditCode")) else {
            return json!({ "StatusCode": 2, "VerifyResult": 0 });
        };
        let same = |name: &str, value: &str| content.get(name).is_none_or(|given| given == value);
        let flags = [
            ("IsEntNameConsistent", same("EntName", &known.name)),
            ("IsLrNameConsistent", same("LrName", &known.legal_representative)),
            ("IsIdNumConsistent", same("IdNum", &known.legal_representative_id)),
        ];
        let status = match known.state.as_str() {
            "存续" => 1,
            "注销" => 3,
            "吊销" => 4,
            _ => 0,
        };
        let agrees = flags.iter().all(|(_, same)| *same);
        let mut response = json!({
            "StatusCode": 0, "VerifyResult": u8::from(agrees), "OperatingStatus": status,
        });
        if action.ends_with('4') {
            response["IsCreditCodeConsistent"] = 1.into();
            for (name, same) in flags {
                response[name] = u8::from(same).into();
            }
        }
        response
    }
}

fn send(content: &Value) -> Value {
    let number = content["PhoneNumberSet"][0].as_str().unwrap_or_default();
    let complete = content["SmsSdkAppId"] == Tencent::SMS_APPLICATION
        && content["SignName"].as_str().is_some_and(|name| !name.is_empty());
    let code = match number {
        _ if !complete => "FailedOperation.SignatureIncorrectOrUnapproved",
        _ if !number.starts_with('+') => "InvalidParameterValue.IncorrectPhoneNumber",
        _ if number.ends_with("0030") => "LimitExceeded.PhoneNumberThirtySecondLimit",
        _ if number.ends_with("0031") => "FailedOperation.PhoneNumberInBlacklist",
        _ => "Ok",
    };
    json!({ "SendStatusSet": [{
        "SerialNo": "5000:1045710669157053657849499619", "PhoneNumber": number, "Fee": u8::from(code == "Ok"),
        "SessionContext": content["SessionContext"], "Code": code, "Message": "…", "IsoCode": "CN",
    }] })
}

fn error(code: &str) -> Value {
    json!({ "Error": { "Code": code, "Message": "…" } })
}

fn text<'a>(content: &'a Value, name: &str) -> &'a str {
    content[name].as_str().unwrap_or_default()
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

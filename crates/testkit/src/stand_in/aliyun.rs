//! Alibaba Cloud: cloudauth, dytnsapi and dysmsapi in RPC style.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use domain::Clock;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::http::{Asked, Said, encode, fields, serve};
use super::tencent::sha256;
use super::{Play, Register, Scene, Stage, lock};

type Fields = BTreeMap<String, String>;

/// Alibaba Cloud, with one account.
pub struct Aliyun {
    /// What it is told to do, and what it heard.
    pub stage: Stage,
    /// What it knows.
    pub register: Register,
    token: Mutex<String>,
    clock: Arc<dyn Clock>,
    address: Mutex<Option<SocketAddr>>,
    faces: Mutex<HashMap<String, Fields>>,
    nonces: Mutex<HashSet<String>>,
    answers: Mutex<u32>,
}

impl Aliyun {
    /// The account's AccessKey ID.
    pub const ACCESS_KEY_ID: &str = "YourAccessKeyId";
    /// The account's AccessKey secret.
    pub const ACCESS_KEY_SECRET: &str = "YourAccessKeySecret";
    /// The scene of face checks.
    pub const FACE_SCENE: &str = "1000000006";
    /// The authorisation code of the registry.
    pub const REGISTRY_CODE: &str = "Dd1r0000id";

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
            nonces: Mutex::default(),
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
        let action = asked.header("x-acs-action").to_owned();
        if let Err(why) = self.check(asked) {
            self.stage.turn_away(why);
            return self.said(400, json!({ "Code": "SignatureDoesNotMatch", "Message": why }));
        }
        let expired = || self.said(400, json!({ "Code": "InvalidSecurityToken.Expired" }));
        if asked.header("x-acs-security-token") != *lock(&self.token) {
            self.stage.turn_away("the token is another one");
            return expired();
        }
        let form = std::str::from_utf8(&asked.body).unwrap_or_default();
        let parameters: Fields = fields(&asked.query).into_iter().chain(fields(form)).collect();
        self.stage.hear(&action, &json!(parameters));
        let play = self.stage.next();
        match play {
            Play::Silence(time) => return Said::Silence(time),
            Play::Status(status) => return Said::Json(status, Vec::new()),
            Play::Malformed => return Said::Json(200, b"{\"Code\":\"200\",\"ResultObject\":{".to_vec()),
            Play::Busy => return self.said(400, json!({ "Code": "Throttling.User" })),
            Play::WronglySigned => return self.said(400, json!({ "Code": "SignatureDoesNotMatch" })),
            Play::Expired => return expired(),
            _ => {}
        }
        let mut value = self.act(asked.header("x-acs-version"), &action, &parameters);
        if play == Play::Unheard {
            value["ResultObject"]["BizCode"] = "9".into();
            value["ResultObject"]["Passed"] = "M".into();
            value["Data"] = json!({ "VerifyResult": "perhaps", "ReasonCode": "9" });
            value["Code"] =
                if action == "SendSms" { "isv.UNHEARD" } else { value["Code"].as_str().unwrap_or("") }.into();
        }
        if play == Play::SomebodyElse {
            value["ResultObject"]["CertifyId"] = "somebody else's".into();
        }
        let Said::Json(status, body) = self.said(200, value) else { unreachable!("it is JSON") };
        let before = self.stage.answered(&action, &body);
        Said::Json(status, if play == Play::Replayed { before.unwrap_or(body) } else { body })
    }

    /// The answer, with a number of its own.
    fn said(&self, status: u16, mut value: Value) -> Said {
        let mut number = lock(&self.answers);
        *number += 1;
        value["RequestId"] = format!("130A2C10-B9EE-4D84-88E3-{:012X}", *number).into();
        Said::Json(status, value.to_string().into_bytes())
    }

    fn check(&self, asked: &Asked) -> Result<(), &'static str> {
        let authorization = asked.header("authorization");
        let rest = authorization.strip_prefix("ACS3-HMAC-SHA256 ").ok_or("another algorithm")?;
        let part =
            |name: &str| rest.split(',').find_map(|part| part.strip_prefix(name)).ok_or("a part is missing");
        let (id, names, signature) = (part("Credential=")?, part("SignedHeaders=")?, part("Signature=")?);
        if id != Self::ACCESS_KEY_ID || asked.method != "POST" || asked.path != "/" {
            return Err("another key or interface");
        }
        let list: Vec<&str> = names.split(';').collect();
        let wanted = asked
            .names()
            .filter(|name| name.starts_with("x-acs-") || ["host", "content-type"].contains(name));
        if !list.is_sorted() || !wanted.into_iter().all(|name| list.contains(&name)) {
            return Err("a header is not signed");
        }
        for name in ["x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "host"] {
            if !list.contains(&name) {
                return Err("a header is missing");
            }
        }
        let digest = sha256(&asked.body);
        if asked.header("x-acs-content-sha256") != digest {
            return Err("the body has another digest");
        }
        let at: Timestamp = asked.header("x-acs-date").parse().map_err(|_| "no date")?;
        if self.clock.now().duration_since(at).as_secs().abs() > 900 {
            return Err("the date is of another time");
        }
        let mut query: Vec<String> = fields(&asked.query)
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        query.sort();
        let lines: String = list.iter().map(|name| format!("{name}:{}\n", asked.header(name))).collect();
        let canonical = format!("POST\n/\n{}\n{lines}\n{names}\n{digest}", query.join("&"));
        let to_sign = format!("ACS3-HMAC-SHA256\n{}", sha256(canonical.as_bytes()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, Self::ACCESS_KEY_SECRET.as_bytes());
        if hex::encode(hmac::sign(&key, to_sign.as_bytes())) != signature {
            return Err("the signature does not hold");
        }
        let nonce = asked.header("x-acs-signature-nonce").to_owned();
        if lock(&self.nonces).insert(nonce) { Ok(()) } else { Err("the nonce came before") }
    }

    fn act(&self, version: &str, action: &str, given: &Fields) -> Value {
        let result = |object: Value| json!({ "Code": "200", "Message": "success", "ResultObject": object });
        match (version, action) {
            ("2019-03-07", "Id2MetaVerify") => result(json!({ "BizCode": self.person(given) })),
            ("2019-03-07", "Mobile3MetaDetailVerify") => result(self.phone(given)),
            ("2019-03-07", "BankMetaVerify") => result(self.bank(given)),
            ("2019-03-07", "InitFaceVerify") => self.open(given),
            ("2019-03-07", "DescribeFaceVerify") => self.result(given),
            ("2020-02-17", action) => self.company(action, given),
            ("2017-05-25", "SendSms") => send(given),
            _ => json!({ "Code": "InvalidAction.NotFound" }),
        }
    }

    /// 1 agrees, 2 does not, 3 nobody has the number.
    fn person(&self, given: &Fields) -> &'static str {
        match self.register.person(get(given, "IdentifyNum")) {
            None => "3",
            Some(known) if known.name == get(given, "UserName") && get(given, "ParamType") == "normal" => "1",
            Some(_) => "2",
        }
    }

    fn phone(&self, given: &Fields) -> Value {
        let (code, detail) = match self.register.person(get(given, "IdentifyNum")) {
            None => ("3", "301"),
            Some(known) if known.phone != get(given, "Mobile") => ("2", "201"),
            Some(known) if known.name != get(given, "UserName") => ("2", "203"),
            Some(_) => ("1", "101"),
        };
        json!({ "BizCode": code, "SubCode": detail, "IspName": "CMCC" })
    }

    fn bank(&self, given: &Fields) -> Value {
        let product =
            get(given, "ProductType") == "BANK_CARD_4_META" && get(given, "VerifyMode") == "VERIFY_BANK_CARD";
        let agrees = self.register.person(get(given, "IdentifyNum")).is_some_and(|known| {
            known.name == get(given, "UserName")
                && known.phone == get(given, "Mobile")
                && known.bank_card == get(given, "BankCard")
        });
        let (code, detail) = if agrees && product { ("1", "101") } else { ("2", "201") };
        json!({ "BizCode": code, "SubCode": detail })
    }

    fn open(&self, given: &Fields) -> Value {
        let fits = get(given, "SceneId") == Self::FACE_SCENE
            && get(given, "ProductCode") == "ID_PRO"
            && get(given, "CertType") == "IDENTITY_CARD"
            && (1..=32).contains(&get(given, "OuterOrderNo").len())
            && !get(given, "MetaInfo").is_empty();
        if !fits {
            return json!({ "Code": "401", "Message": "参数非法" });
        }
        let mut faces = lock(&self.faces);
        let before = faces
            .iter()
            .find(|(_, it)| get(it, "OuterOrderNo") == get(given, "OuterOrderNo"))
            .map(|(id, _)| id.clone());
        let id = before.unwrap_or_else(|| format!("{:032x}", 0x9170_7dc2_u64 + faces.len() as u64));
        faces.insert(id.clone(), given.clone());
        let url = format!("https://t.aliyun.com/stand-in?certifyId={id}");
        json!({ "Code": "200", "ResultObject": { "CertifyId": id, "CertifyUrl": url } })
    }

    /// The query of the callback for a transaction, as its token was given.
    #[must_use]
    pub fn notice(&self, transaction: &str) -> String {
        let token = lock(&self.faces).get(transaction).map(|it| get(it, "CallbackToken").to_owned());
        format!("passed=T&certifyId={transaction}&callbackToken={}", token.unwrap_or_default())
    }

    fn result(&self, given: &Fields) -> Value {
        let id = get(given, "CertifyId");
        let opened = lock(&self.faces).get(id).cloned();
        let Some(opened) = opened.filter(|_| get(given, "SceneId") == Self::FACE_SCENE) else {
            return json!({ "Code": "404", "Message": "…" });
        };
        let known = self.register.person(get(&opened, "CertNo"));
        let known = known.is_some_and(|known| known.name == get(&opened, "CertName"));
        let (passed, detail) = match self.register.scene(id) {
            Scene::Waiting => return json!({ "Code": "424", "Message": "身份认证记录不存在" }),
            Scene::Passed if known => ("T", "200"),
            Scene::Passed => ("F", "201"),
            Scene::SomebodyElse => ("F", "204"),
            Scene::Photograph => ("F", "205"),
        };
        json!({ "Code": "200", "ResultObject": { "Passed": passed, "SubCode": detail } })
    }

    fn company(&self, action: &str, given: &Fields) -> Value {
        if get(given, "AuthCode") != Self::REGISTRY_CODE {
            return json!({ "Code": "isv.AUTH_CODE_ILLEGAL" });
        }
        let elements = match action {
            "CompanyTwoElementsVerification" => 2,
            "CompanyThreeElementsVerification" => 3,
            "CompanyFourElementsVerification" => 4,
            _ => return json!({ "Code": "InvalidAction.NotFound" }),
        };
        let reason = match self.register.company(get(given, "EpCertNo")) {
            None => ("false", "4", None),
            Some(it) if it.name != get(given, "EpCertName") => ("false", "3", Some(it.state)),
            Some(it) if elements > 2 && it.legal_representative != get(given, "LegalPersonCertName") => {
                ("false", "2", Some(it.state))
            }
            Some(it) if elements > 3 && it.legal_representative_id != get(given, "LegalPersonCertNo") => {
                ("false", "5", Some(it.state))
            }
            Some(it) if it.state != "存续" => ("true", "1", Some(it.state)),
            Some(it) => ("true", "0", Some(it.state)),
        };
        let (agrees, reason, state) = reason;
        json!({ "Code": "OK", "Message": "OK", "Data": {
            "VerifyResult": agrees, "ReasonCode": reason.parse::<u8>().unwrap_or(0),
            "InconsistentData": [], "DetailInfo": { "EnterpriseStatus": state, "OpenTime": "2016-02-26/9999-12-31" },
        } })
    }
}

fn send(given: &Fields) -> Value {
    let values: Option<BTreeMap<String, String>> = serde_json::from_str(get(given, "TemplateParam")).ok();
    let code = match get(given, "PhoneNumbers") {
        _ if values.is_none() => "isv.TEMPLATE_MISSING_PARAMETERS",
        _ if get(given, "SignName").is_empty() => "isv.SMS_SIGNATURE_ILLEGAL",
        number if number.starts_with('+') => "isv.MOBILE_NUMBER_ILLEGAL",
        number if number.ends_with("0030") => "isv.BUSINESS_LIMIT_CONTROL",
        _ => "OK",
    };
    json!({ "Code": code, "Message": "…", "BizId": "900619746936498440^0" })
}

fn get<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

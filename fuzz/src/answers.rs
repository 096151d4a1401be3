//! What identity providers send: answers to our requests, and notices. The adapters are asked as they are in production;
//! behind them stands a server on this machine that answers with the input.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Clock, CreditCode, IdDocument, IdKind, Name, Phone, Rng};
use jiff::Timestamp;
use pki::{Signer as _, SoftwareSigner};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use vermilion_providers::alipay::{self, Alipay, Trust};
use vermilion_providers::aliyun::{self, Aliyun};
use vermilion_providers::tencent::{self, Tencent};
use vermilion_providers::{
    Context, Limits, OrganizationCheck, OrganizationProvider as _, OrganizationVerdict, Pending, PersonCheck,
    PersonMethod, PersonProvider, PersonVerdict, Received, Roots, Secret,
};

const NAME: &str = "陈晓雨";
const NUMBER: &str = "11010519860214102X";
const TRANSACTION: &str = "fuzzed";
const METHOD: &str = "datadigital_fincloud_generalsaas_face_verification_query_response";
/// Keys that were made for tests and are known to everyone.
const OURS: &str = include_str!("../../crates/testkit/src/stand_in/keys/client_key.pem");
const ALIPAYS: &str = include_str!("../../crates/testkit/src/stand_in/keys/alipay_key.pem");
const ALIPAYS_PUBLIC: &str = include_str!("../../crates/testkit/src/stand_in/keys/alipay_public_key.txt");

/// Whether the answer verifies somebody, or the notice is believed. One byte says what the rest is: Alipay's answer (0), or
/// the node of one that the target signs (1); Tencent's about a face (2), elements (3) or a company (4); Alibaba's about a
/// face (5) or elements (6); a notice of any of them (7).
///
/// # Panics
/// Where somebody passes of whom the answer does not say so: that is a finding.
pub fn answer(input: &[u8]) -> bool {
    let Some((kind, rest)) = input.split_first() else { return false };
    let (value, at) =
        (json(rest), |value: &Value, path: &str| value.pointer(path).map(word).unwrap_or_default());
    match kind % 8 {
        0 => poll(&*alipay(), PersonMethod::FaceAlipay, rest),
        1 => {
            let signature = STANDARD.encode(signer().sign(rest).expect("a signature"));
            let (head, tail) = (format!("{{\"{METHOD}\":"), format!(",\"sign\":\"{signature}\"}}"));
            let signed = [head.as_bytes(), rest, tail.as_bytes()].concat();
            let passed = poll(&*alipay(), PersonMethod::FaceAlipay, &signed);
            assert!(!passed || at(&value, "/certify_state") == "SUCCESS", "{value}");
            let other =
                value.get("certify_id").map(word).is_some_and(|it| !it.is_empty() && it != TRANSACTION);
            assert!(!(passed && other), "another transaction's answer passes");
            passed
        }
        2 => {
            let passed = poll(&tencent(), PersonMethod::FaceWechat, rest);
            let told =
                ["IdCard", "ErrCode", "Extra"].map(|name| at(&value, &format!("/Response/Text/{name}")));
            assert!(
                !passed || (told[0].eq_ignore_ascii_case(NUMBER) && told[1] == "0" && told[2] == TRANSACTION)
            );
            assert!(!passed || at(&value, "/Response/Text/Sim").parse::<f64>().is_ok_and(|it| it >= 70.0));
            passed
        }
        3 => {
            let passed = start(&tencent(), PersonMethod::ThreeElements, rest);
            assert!(!passed || at(&value, "/Response/Result") == "0", "{value}");
            passed
        }
        4 => company(rest),
        5 => {
            let passed = poll(&aliyun(), PersonMethod::FaceBrowser, rest);
            assert!(!passed || at(&value, "/ResultObject/Passed") == "T", "{value}");
            passed
        }
        6 => {
            let passed = start(&aliyun(), PersonMethod::ThreeElements, rest);
            assert!(!passed || at(&value, "/ResultObject/BizCode") == "1", "{value}");
            passed
        }
        _ => notice(rest),
    }
}

/// JSON as the adapters read it: texts and numbers alike.
fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or(Value::Null)
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2026-11-23T04:00:00Z".parse().expect("a time")
    }
}

impl Rng for Still {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

fn context() -> Context {
    static CONTEXT: LazyLock<Context> = LazyLock::new(|| {
        let limits = Limits {
            tries: 1,
            failures: u32::MAX,
            pause: Duration::ZERO,
            bytes: 128 * 1024,
            ..Limits::default()
        };
        Context::with(Arc::new(Still), Arc::new(Still), Roots::Only(Vec::new()), limits)
    });
    CONTEXT.clone()
}

fn signer() -> &'static SoftwareSigner {
    static SIGNER: LazyLock<SoftwareSigner> = LazyLock::new(|| {
        let text: String = ALIPAYS.lines().filter(|line| !line.starts_with("-----")).collect();
        SoftwareSigner::from_pkcs8(&STANDARD.decode(text).expect("PEM")).expect("a key")
    });
    &SIGNER
}

fn alipay() -> Arc<Alipay> {
    // Reading its keys takes longer than all the rest. It remembers transactions of starts alone.
    static ALIPAY: LazyLock<Arc<Alipay>> = LazyLock::new(|| {
        let trust = Trust::PublicKey(ALIPAYS_PUBLIC.to_owned());
        let config = alipay::Config::new("2014072300007148", Secret::new(OURS), trust);
        let config = alipay::Config { gateway: format!("{}/gateway.do", address()), ..config };
        Arc::new(Alipay::new(config, context()).expect("sound settings"))
    });
    Arc::clone(&ALIPAY)
}

/// Made anew each time: it refuses an answer that came before.
fn tencent() -> Tencent {
    let config = tencent::Config::new("AKIDnobody", Secret::new("nobody's"));
    let face_rule = Some("1".to_owned());
    let config = tencent::Config { endpoint: Some(address()), face_rule, ..config };
    Tencent::new(config, context()).expect("sound settings")
}

fn aliyun() -> Aliyun {
    let config = aliyun::Config::new("nobody", Secret::new("nobody's"));
    let face_scene = Some("1000000006".to_owned());
    let config = aliyun::Config { endpoint: Some(address()), face_scene, ..config };
    Aliyun::new(config, context()).expect("sound settings")
}

fn check(method: PersonMethod) -> PersonCheck {
    let name = Name::parse(NAME).expect("a name");
    let document = IdDocument::parse(IdKind::ResidentId, NUMBER, Still.now()).expect("a number");
    let phone = Some(Phone::parse("13800000001").expect("a phone"));
    PersonCheck { phone, ..PersonCheck::new(TRANSACTION, method, name, document) }
}

fn poll(provider: &dyn PersonProvider, method: PersonMethod, body: &[u8]) -> bool {
    answer_with(body);
    let until = Still.now() + jiff::SignedDuration::from_mins(30);
    let pending = Pending { transaction: TRANSACTION.to_owned(), continue_at: None, until };
    let answer = runtime().block_on(provider.poll(&check(method), &pending));
    let Ok(answer) = answer else { return false };
    assert_eq!(answer.raw, body, "the bytes that are kept are those that came");
    matches!(answer.verdict, PersonVerdict::Passed { .. })
}

fn start(provider: &dyn PersonProvider, method: PersonMethod, body: &[u8]) -> bool {
    answer_with(body);
    let answer = runtime().block_on(provider.start(&check(method)));
    answer.is_ok_and(|answer| matches!(answer.verdict, PersonVerdict::Passed { .. }))
}

fn company(body: &[u8]) -> bool {
    answer_with(body);
    let (name, leader) =
        (Name::parse("北京朱砂科技有限公司").expect("a name"), Name::parse(NAME).expect("a name"));
    let code = CreditCode::parse("91110105MA01CHEN75").expect("a code");
    let check = OrganizationCheck::three(TRANSACTION, name, code, leader);
    let answer = runtime().block_on(tencent().check(&check));
    let passed = answer.is_ok_and(|answer| matches!(answer.verdict, OrganizationVerdict::Passed { .. }));
    let value = json(body);
    let says = |name: &str, wanted: &str| {
        value.pointer(&format!("/Response/{name}")).map(word).as_deref() == Some(wanted)
    };
    assert!(!passed || (says("StatusCode", "0") && says("VerifyResult", "1")), "{value}");
    passed
}

fn notice(input: &[u8]) -> bool {
    let received = Received { query: String::from_utf8_lossy(input).into_owned(), body: input.to_vec() };
    let believed = alipay().notice(&received).is_ok();
    // Only who knows a secret is believed, and the input knows none but the seed's.
    assert!(aliyun().notice(&received).is_err(), "a notice without the token is believed");
    // Tencent signs none: whatever it says, it only has us poll.
    let _ = PersonProvider::notice(&tencent(), &received);
    believed
}

fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_current_thread().max_blocking_threads(1).build().expect("a runtime"));
    &RUNTIME
}

static BODY: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn answer_with(body: &[u8]) {
    *BODY.lock().expect("no panic holds it") = body.to_vec();
}

/// Where the server is that answers with the input.
fn address() -> String {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || serve(&stream));
            }
        });
        address
    });
    ADDRESS.clone()
}

fn serve(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let Some((name, value)) = line.split_once(':') else {
                if line.trim().is_empty() {
                    break;
                }
                continue;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut asked = vec![0; length];
        if reader.read_exact(&mut asked).is_err() {
            return;
        }
        let body = BODY.lock().expect("no panic holds it").clone();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = stream;
        if stream.write_all(&[head.as_bytes(), &body].concat()).is_err() {
            return;
        }
    }
}

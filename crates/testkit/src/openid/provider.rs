//! The server: discovery, keys and token end point; the person's part is played by the test itself.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::{Value, json};

/// What was asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// GET or POST.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// By lower-case names.
    pub headers: BTreeMap<String, String>,
    /// The form that was posted.
    pub form: BTreeMap<String, String>,
}

/// How it is answered: status and body.
pub type Said = (u16, Vec<u8>);

type Handler = Arc<dyn Fn(&Asked) -> Said + Send + Sync>;

/// A provider on a free port. It answers `/.well-known/openid-configuration` with a usual description, and 404 where nobody
/// told it more.
#[derive(Clone)]
pub struct Provider {
    address: SocketAddr,
    handlers: Arc<Mutex<BTreeMap<String, Handler>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Provider {
    /// Serves until the process ends.
    ///
    /// # Panics
    /// Where no port is free.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let it = Self { address, handlers: Arc::default(), asked: Arc::default() };
        it.describe(|_| ());
        let serving = it.clone();
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let it = serving.clone();
                thread::spawn(move || it.serve(stream));
            }
        });
        it
    }

    /// The issuer identifier.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Describes itself, after `change`.
    pub fn describe(&self, change: impl FnOnce(&mut Value)) {
        let issuer = self.issuer();
        let mut it = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        });
        change(&mut it);
        self.say("/.well-known/openid-configuration", 200, it.to_string().into_bytes());
    }

    /// Publishes these keys.
    pub fn publish(&self, keys: &[&super::TokenKey]) {
        self.say("/keys", 200, super::key_set(keys));
    }

    /// Answers what is asked at `path` always alike.
    pub fn say(&self, path: &str, status: u16, body: Vec<u8>) {
        self.on(path, move |_| (status, body.clone()));
    }

    /// Trades every code for this ID token and the access token `access`.
    pub fn trade(&self, id_token: &str) {
        let body = json!({ "id_token": id_token, "access_token": "access", "token_type": "Bearer" });
        self.say("/token", 200, body.to_string().into_bytes());
    }

    /// Answers what is asked at `path`.
    pub fn on(&self, path: &str, handler: impl Fn(&Asked) -> Said + Send + Sync + 'static) {
        let mut handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        handlers.insert(path.to_owned(), Arc::new(handler));
    }

    /// What was asked at `path`, in order.
    #[must_use]
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().filter(|it| it.path == path).cloned().collect()
    }

    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let asked = read(&stream)?;
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
        let handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        let handler = handlers.get(&asked.path).cloned();
        drop(handlers);
        let (status, body) = handler.map_or((404, b"{}".to_vec()), |handler| handler(&asked));
        let head = format!(
            "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), &body].concat()).ok()
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let mut asked = Asked { method, path, ..Asked::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        asked.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = asked.headers.get("content-length").map_or(0, |length| length.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    asked.form = body.split('&').filter_map(|pair| pair.split_once('=')).map(plain).collect();
    Some(asked)
}

fn plain((name, value): (&str, &str)) -> (String, String) {
    let mut bytes = Vec::new();
    let mut parts = value.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or(("", part));
        bytes.extend(u8::from_str_radix(digits, 16));
        bytes.extend_from_slice(rest.as_bytes());
    }
    (name.to_owned(), String::from_utf8_lossy(&bytes).into_owned())
}

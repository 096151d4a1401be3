//! An HTTP server that answers as it is told, well or badly.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// How it is answered.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// 200 with a type and a body.
    Fine(&'static str, Vec<u8>),
    /// 200 with a body and no type.
    Untyped(Vec<u8>),
    /// 200, and the connection stays open for so many more questions before it is closed.
    Kept(&'static str, Vec<u8>, usize),
    /// Another status, with header lines.
    Status(u16, Vec<String>),
    /// The first half of what was announced.
    CutOff(&'static str, Vec<u8>),
    /// These bytes, whatever they are.
    Raw(Vec<u8>),
    /// A body without end and without its length.
    Endless(&'static str),
    /// Nothing for a while, then the connection ends.
    Silence(Duration),
    /// One byte at a time, with a pause before each.
    Trickle(&'static str, Vec<u8>, Duration),
}

type Handler = Arc<dyn Fn(&Asked) -> Answer + Send + Sync>;

/// A server on a free port of this machine; it answers 404 where nobody told it more.
#[derive(Clone)]
pub(crate) struct Server {
    address: SocketAddr,
    handlers: Arc<Mutex<HashMap<String, Handler>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (handlers, asked, connections) = (Arc::default(), Arc::default(), Arc::default());
        let server = Self { address, handlers, asked, connections };
        let serving = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let server = serving.clone();
                thread::spawn(move || server.serve(stream));
            }
        });
        server
    }

    /// Answers what is asked for under `path` (whatever comes behind a further `/` or `?`).
    pub(crate) fn on(&self, path: &str, handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static) {
        self.handlers.lock().unwrap().insert(path.to_owned(), Arc::new(handler));
    }

    pub(crate) fn always(&self, path: &str, answer: Answer) {
        self.on(path, move |_| answer.clone());
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// What was asked under `path`, in order.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|a| root(&a.path) == path).cloned().collect()
    }

    pub(crate) fn count(&self, path: &str) -> usize {
        self.asked(path).len()
    }

    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        self.connections.fetch_add(1, Ordering::SeqCst);
        for served in 0.. {
            let asked = read(&stream)?;
            self.asked.lock().unwrap().push(asked.clone());
            let handler = self.handlers.lock().unwrap().get(root(&asked.path)).cloned();
            let answer = handler.map_or(Answer::Status(404, Vec::new()), |handler| handler(&asked));
            let more = matches!(&answer, Answer::Kept(_, _, most) if served < *most);
            write(&mut stream, answer)?;
            if !more {
                break;
            }
        }
        Some(())
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// `/a/b?c` is under `/a`.
fn root(path: &str) -> &str {
    let end = path.get(1..).and_then(|rest| rest.find(['/', '?'])).map_or(path.len(), |end| end + 1);
    &path[..end]
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let mut asked =
        Asked { method: words.next()?.to_owned(), path: words.next()?.to_owned(), ..Asked::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        asked.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let length = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
    asked.body = vec![0; length];
    reader.read_exact(&mut asked.body).ok()?;
    Some(asked)
}

fn write(stream: &mut TcpStream, answer: Answer) -> Option<()> {
    let head = |kind: &str, length: usize| {
        let kind = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        format!("HTTP/1.1 200 OK\r\n{kind}Content-Length: {length}\r\nConnection: close\r\n\r\n").into_bytes()
    };
    match answer {
        Answer::Fine(kind, body) => stream.write_all(&[head(kind, body.len()), body].concat()).ok(),
        Answer::Kept(kind, body, _) => {
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
            stream.write_all(&[head.as_bytes(), &body].concat()).ok()
        }
        Answer::Untyped(body) => stream.write_all(&[head("", body.len()), body].concat()).ok(),
        Answer::Status(status, lines) => {
            let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            let text =
                format!("HTTP/1.1 {status} x\r\n{lines}Content-Length: 2\r\nConnection: close\r\n\r\nno");
            stream.write_all(text.as_bytes()).ok()
        }
        Answer::CutOff(kind, body) => {
            stream.write_all(&[&head(kind, body.len()), &body[..body.len() / 2]].concat()).ok()
        }
        Answer::Raw(bytes) => stream.write_all(&bytes).ok(),
        Answer::Endless(kind) => {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).ok()?;
            while stream.write_all(&[0x30; 4096]).is_ok() {}
            None
        }
        Answer::Silence(time) => {
            thread::sleep(time);
            None
        }
        Answer::Trickle(kind, body, pause) => {
            stream.write_all(&head(kind, body.len())).ok()?;
            for byte in body {
                thread::sleep(pause);
                stream.write_all(&[byte]).ok()?;
            }
            None
        }
    }
}

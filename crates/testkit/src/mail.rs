//! A mail server that keeps what it is handed (RFC 5321), for tests.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A running mail server on this machine, without encryption. Its thread ends with the test's process.
#[derive(Debug)]
pub struct MailServer {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

/// A mail that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The sender of the envelope.
    pub from: String,
    /// The receivers of the envelope.
    pub to: Vec<String>,
    /// Header and body as they came, with LF.
    pub text: String,
}

#[derive(Debug, Default)]
struct Seen {
    mails: Vec<Posted>,
    commands: Vec<String>,
    /// The answer to the next RCPT.
    refusal: Option<&'static str>,
}

impl MailServer {
    /// Starts one.
    ///
    /// # Panics
    /// Where no port is free.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let kept = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || talk(&stream, &kept));
            }
        });
        Self { address, seen }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The mails it was handed, oldest first.
    ///
    /// # Panics
    /// Where its thread panicked.
    #[must_use]
    pub fn mails(&self) -> Vec<Posted> {
        self.seen.lock().expect("no thread panics").mails.clone()
    }

    /// The commands it was sent.
    ///
    /// # Panics
    /// Where its thread panicked.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        self.seen.lock().expect("no thread panics").commands.clone()
    }

    /// Answers the next receiver with this, `550 5.1.1 unknown`.
    ///
    /// # Panics
    /// Where its thread panicked.
    pub fn refuse(&self, answer: &'static str) {
        self.seen.lock().expect("no thread panics").refusal = Some(answer);
    }
}

fn talk(stream: &TcpStream, seen: &Mutex<Seen>) -> Option<()> {
    let mut writer = stream;
    let mut lines = BufReader::new(stream).lines();
    let mut posted = Posted { from: String::new(), to: Vec::new(), text: String::new() };
    write!(writer, "220 stand-in ESMTP\r\n").ok()?;
    while let Some(Ok(command)) = lines.next() {
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let mut kept = seen.lock().ok()?;
        kept.commands.push(command.clone());
        let answer = match verb.as_str() {
            "EHLO" => "250-stand-in\r\n250-8BITMIME\r\n250 SMTPUTF8".to_owned(),
            "MAIL" => {
                posted = Posted { from: address(&command), to: Vec::new(), text: String::new() };
                "250 OK".to_owned()
            }
            "RCPT" => {
                posted.to.push(address(&command));
                kept.refusal.take().unwrap_or("250 OK").to_owned()
            }
            "DATA" => {
                write!(writer, "354 go on\r\n").ok()?;
                posted.text = data(&mut lines)?;
                kept.mails.push(posted.clone());
                "250 OK".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            "RSET" | "NOOP" => "250 OK".to_owned(),
            _ => "502 not here".to_owned(),
        };
        drop(kept);
        write!(writer, "{answer}\r\n").ok()?;
    }
    Some(())
}

/// The lines up to the lone period, with their stuffing taken off (RFC 5321 §4.5.2).
fn data(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Option<String> {
    let mut text = String::new();
    loop {
        let line = lines.next()?.ok()?;
        if line == "." {
            return Some(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
    }
}

fn address(command: &str) -> String {
    let inner = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

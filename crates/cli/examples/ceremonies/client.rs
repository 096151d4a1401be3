//! HTTP/1.1 on one connection, with a browser's headers and cookies.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::Fallible;

/// A browser's connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    host: String,
    /// By name; each is sent with every request, as all of a ceremony lie below one path.
    cookies: BTreeMap<String, String>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Fallible<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host: address.to_string(), cookies: BTreeMap::new() })
    }

    pub(crate) async fn get(&mut self, path: &str) -> Fallible<Vec<u8>> {
        self.send("GET", path, "application/json", &[]).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Fallible<Value> {
        let answer = self.send("POST", path, "application/json", body.to_string().as_bytes()).await?;
        if answer.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_slice(&answer)?) }
    }

    pub(crate) async fn put(&mut self, path: &str, body: &Value) -> Fallible<Value> {
        let answer = self.send("PUT", path, "application/json", body.to_string().as_bytes()).await?;
        Ok(serde_json::from_slice(&answer)?)
    }

    pub(crate) async fn upload(&mut self, path: &str, file: &[u8]) -> Fallible<Value> {
        Ok(serde_json::from_slice(&self.send("POST", path, "application/pdf", file).await?)?)
    }

    async fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Fallible<Vec<u8>> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\nCookie: {}\r\n\r\n",
            self.host,
            body.len(),
            cookies.join("; ")
        );
        let sent = self.stream.write_all(&[head.as_bytes(), body].concat()).await;
        sent.map_err(|error| format!("{method} {path}: {error}"))?;
        let status = self.line().await?;
        let body = self.body().await?;
        if status.split(' ').nth(1).is_some_and(|code| code.starts_with('2')) {
            Ok(body)
        } else {
            Err(format!("{method} {path}: {status}: {}", String::from_utf8_lossy(&body)).into())
        }
    }

    /// The headers, for their cookies and the length, and the body.
    async fn body(&mut self) -> Fallible<Vec<u8>> {
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        if !chunked {
            return self.exactly(length).await;
        }
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(self.line().await?.trim(), 16)?;
            body.extend(self.exactly(length).await?);
            self.line().await?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn keep(&mut self, set: &str) {
        let pair = set.split(';').next().unwrap_or(set);
        if let Some((name, value)) = pair.split_once('=') {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    async fn line(&mut self) -> Fallible<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(line.trim_end().to_owned())
    }

    async fn exactly(&mut self, length: usize) -> Fallible<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).await?;
        Ok(bytes)
    }
}

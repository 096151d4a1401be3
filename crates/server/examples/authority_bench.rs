//! How many certificates the authority issues in a second, and how many OCSP questions it answers, beside `openssl ocsp` on
//! the same machine in the same run: `make bench`. One number a line: name, rate.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pki::ca::{Profile, Subject};
use pki::{Certificate, KeyAlgorithm, Signer as _, SoftwareSigner};
use service::authority::{CertificateAuthority as _, CertificateRequest, ProofOfPossession, Term};
use service::{CertificateId, Config, KeyId, Service, SystemClock, SystemRng};
use vermilion_server::Proxy;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// For how long each rate is measured.
const SPAN: Duration = Duration::from_secs(4);
/// Clients that ask at once.
const CLIENTS: usize = 4;

fn main() -> Result<(), Failure> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    // Hashing of passwords plays no part here; requests are not counted.
    let config = Config::new(folder.path().join("data"), &format!("http://{address}")).cheap_for_tests();
    let service = Service::open(config).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(vermilion_server::serve(listener, service.clone(), Proxy::None, async move {
        let _ = stopped.await;
    }));

    let issued = issuance(&service).await?;
    let certificate = issued.first().ok_or("nothing was issued")?.clone();
    let issuer = service.authority().issuer_of(&certificate).ok_or("no issuer")?;
    let ahead = pki::ocsp::Request::new(&certificate, &issuer, None).to_der();
    let fresh = pki::ocsp::Request::new(&certificate, &issuer, Some(&[7; 16])).to_der();
    println!("ocsp-ahead {:.0}", rate(address, "/ocsp", &ahead).await?);
    println!("ocsp-nonce {:.0}", rate(address, "/ocsp", &fresh).await?);
    let _ = stop.send(());
    served.await?;
    match OpenSsl::start(folder.path()) {
        Ok(openssl) => println!("openssl-ocsp {:.0}", rate(openssl.address, "/", &openssl.request).await?),
        Err(error) => eprintln!("SKIPPED: openssl ocsp: {error}"),
    }
    Ok(())
}

/// Certificates in a second, asked for by several at once.
async fn issuance(service: &Service) -> Result<Vec<Certificate>, Failure> {
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..CLIENTS {
        let service = service.clone();
        tasks.push(tokio::spawn(async move {
            let mut issued = Vec::new();
            while start.elapsed() < SPAN {
                issued.push(service.authority().issue(request()?).await?);
            }
            Ok::<_, Failure>(issued)
        }));
    }
    let mut issued = Vec::new();
    for task in tasks {
        issued.extend(task.await??);
    }
    let count = u32::try_from(issued.len())?;
    println!("issuance {:.0}", f64::from(count) / start.elapsed().as_secs_f64());
    Ok(issued)
}

fn request() -> Result<CertificateRequest, Failure> {
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
    let message = [b"possession ".as_slice(), key.public_key_der()].concat();
    let common_name = "陈晓明".to_owned();
    Ok(CertificateRequest {
        id: CertificateId::new(&SystemClock, &SystemRng),
        profile: Profile::Person,
        subject: Subject { common_name, country: Some("CN".to_owned()), ..Subject::default() },
        public_key_der: key.public_key_der().to_vec(),
        proof: ProofOfPossession { algorithm: key.algorithm(), signature: key.sign(&message)?, message },
        key: KeyId::new(&SystemClock, &SystemRng),
        recipient: None,
        term: Term::Long,
        renews: None,
        activated_by: None,
    })
}

/// Answers in a second: each question over a connection of its own, as OpenSSL's responder closes each.
async fn rate(address: SocketAddr, path: &'static str, body: &[u8]) -> Result<f64, Failure> {
    let body: Arc<[u8]> = body.into();
    tokio::task::spawn_blocking(move || {
        let answered = Arc::new(AtomicU64::new(0));
        let start = Instant::now();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (body, answered) = (Arc::clone(&body), Arc::clone(&answered));
                std::thread::spawn(move || {
                    while start.elapsed() < SPAN {
                        ask(address, path, &body)?;
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok::<_, Failure>(())
                })
            })
            .collect();
        for client in clients {
            client.join().map_err(|_| "a client panicked")??;
        }
        let count = u32::try_from(answered.load(Ordering::Relaxed))?;
        Ok(f64::from(count) / start.elapsed().as_secs_f64())
    })
    .await?
}

fn ask(address: SocketAddr, path: &str, body: &[u8]) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/ocsp-request\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if answer.starts_with(b"HTTP/1.1 200") || answer.starts_with(b"HTTP/1.0 200") {
        Ok(())
    } else {
        Err(format!("{address} answered {}", String::from_utf8_lossy(&answer)).into())
    }
}

/// OpenSSL's responder with a key of the same kind and one certificate in its index, in as many processes as there are
/// cores.
struct OpenSsl {
    child: Child,
    address: SocketAddr,
    request: Vec<u8>,
}

impl OpenSsl {
    fn start(folder: &std::path::Path) -> Result<Self, Failure> {
        let run = |line: &str| -> Result<(), Failure> {
            let done = Command::new("openssl").args(line.split(' ')).current_dir(folder).output()?;
            if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into()) }
        };
        let new_key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        run(&format!("req -x509 {new_key} -keyout ca.key -subj /CN=CA -days 30 -out ca.pem"))?;
        run(&format!("req {new_key} -keyout leaf.key -subj /CN=leaf -out leaf.csr"))?;
        run("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 0x1234 -days 10 -out leaf.pem")?;
        std::fs::write(folder.join("index.txt"), "V\t301231000000Z\t\t1234\tunknown\t/CN=leaf\n")?;
        run("ocsp -issuer ca.pem -cert leaf.pem -no_nonce -reqout request.der")?;
        let request = std::fs::read(folder.join("request.der"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let line = format!(
            "ocsp -port {port} -index index.txt -CA ca.pem -rsigner ca.pem -rkey ca.key -nmin 60 -multi {cores}"
        );
        let mut command = Command::new("openssl");
        command.args(line.split(' ')).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
        command.process_group(0);
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let openssl = Self { child: command.spawn()?, address, request };
        for _ in 0..50 {
            std::thread::sleep(Duration::from_millis(100));
            if ask(address, "/", &openssl.request).is_ok() {
                return Ok(openssl);
            }
        }
        Err("it does not answer".into())
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        // It and the processes that it started: told to end, it would wait for one of them to die first.
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.wait();
    }
}

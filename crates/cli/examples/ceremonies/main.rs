//! Ceremonies a second through the HTTP API: `make bench-ceremonies`.
//!
//! A real server on loopback with the settings of `vermilion serve`; each worker is one person who walks one ceremony
//! after the other, from the link to the signed revision, over one connection. What is measured is the signers' part:
//! envelopes are sent before the clock starts. Beside it, in the same run, what one Argon2id of a PIN costs, which is
//! the limit that the settings set: each signature opens its key once.

mod client;
mod contract;

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use client::Client;
use contract::{Invitation, PEOPLE, Person};
use keys::SealingCost;
use serde_json::json;
use server::Proxy;
use service::{Config, RateLimits, Service};
use tokio::net::TcpListener;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Ceremonies of each worker.
const EACH: usize = 12;

#[tokio::main]
async fn main() -> Fallible<()> {
    let workers: usize = std::env::args().nth(1).map_or(Ok(4), |text| text.parse())?;
    let workers = workers.clamp(1, PEOPLE.len());
    let folder = tempfile::tempdir()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mut config = Config::new(folder.path().join("data"), &format!("http://{address}"));
    config.rate_limits = RateLimits::Off;
    let service = Service::open(config).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(server::serve(listener, service.clone(), Proxy::None, async {
        let _ = stopped.await;
    }));

    let mut invitations = contract::send_all(address, &service, &PEOPLE[..workers], EACH + 1).await?;
    // The first ceremony of each makes a key and a certificate: it is told apart.
    let mut first = Vec::new();
    let mut rest = Vec::new();
    for own in &mut invitations {
        first.push(own.split_off(EACH));
        rest.push(std::mem::take(own));
    }
    let (first_time, first_count) = walk_all(address, &service, first).await?;
    let (time, count) = walk_all(address, &service, rest).await?;
    let argon = argon2id(SealingCost::default());

    println!("workers                {workers}");
    println!(
        "first ceremonies       {:8.1} a second ({first_count}: key and certificate are made)",
        rate(first_count, first_time)
    );
    println!("ceremonies             {:8.1} a second ({count})", rate(count, time));
    let cost = SealingCost::default();
    println!(
        "Argon2id of a PIN      {:8.1} ms a use ({} MiB, {} passes, {} lane): {:.1} a second on a core",
        argon.as_secs_f64() * 1e3,
        cost.memory_kib / 1024,
        cost.iterations,
        cost.parallelism,
        1.0 / argon.as_secs_f64()
    );
    let cores = std::thread::available_parallelism()?.get();
    let bound = f64::from(u32::try_from(cores)?) / argon.as_secs_f64();
    println!("of Argon2id's bound    {:8.2} on {cores} cores", rate(count, time) / bound);
    let _ = stop.send(());
    server.await?;
    Ok(())
}

fn rate(count: usize, time: Duration) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from) / time.as_secs_f64()
}

/// Every person at once, each with their invitations in turn.
async fn walk_all(
    address: SocketAddr,
    service: &Service,
    invitations: Vec<Vec<Invitation>>,
) -> Fallible<(Duration, usize)> {
    let count = invitations.iter().map(Vec::len).sum();
    let service = Arc::new(service.clone());
    let begun = Instant::now();
    let mut walks = tokio::task::JoinSet::new();
    for own in invitations {
        let service = Arc::clone(&service);
        walks.spawn(async move {
            for invitation in &own {
                walk(address, &service, invitation).await?;
            }
            Fallible::Ok(())
        });
    }
    while let Some(walked) = walks.join_next().await {
        walked??;
    }
    Ok((begun.elapsed(), count))
}

/// One ceremony, as a browser asks it.
async fn walk(address: SocketAddr, service: &Service, invitation: &Invitation) -> Fallible<()> {
    let Invitation { person, link } = invitation;
    let (before, secret) = link.split_once('#').ok_or("a link has a secret")?;
    let recipient = before.rsplit('/').next().ok_or("a link names its recipient")?;
    let path = |operation: &str| format!("/api/v1/signing/{recipient}/{operation}");
    let mut client = Client::connect(address).await?;
    client.post(&path("session"), &json!({ "token": secret })).await?;
    let shown = client.post(&path("view"), &json!({})).await?;
    client
        .post(&path("consent"), &json!({ "version": shown["consent"]["version"], "locale": "zh-CN" }))
        .await?;
    let consent = json!({ "version": shown["identity"]["consents"]["version"], "locale": "zh-CN" });
    let who = json!({
        "name": person.name, "id_number": person.id_number, "phone": person.phone, "consent": consent,
    });
    let last = contract::last_message(service, person).await?;
    client.post(&path("identity"), &who).await?;
    let code = contract::code(service, person, last.as_ref()).await?;
    let mut ceremony = client.post(&path("identity/code"), &json!({ "code": code })).await?;
    let document = ceremony["envelope"]["documents"][0].clone();
    let content = format!("documents/{}/content", document["id"].as_str().ok_or("a document has an id")?);
    client.get(&path(&content)).await?;
    client.put(&path("fields"), &json!({ "values": [] })).await?;
    ceremony = client.post(&path("impressions"), &json!({ "kind": "typed", "text": person.name })).await?;
    if ceremony["step"] == "key" {
        ceremony = client.post(&path("key"), &json!({ "pin": PIN })).await?;
    }
    if ceremony["step"] != "confirm" {
        return Err(format!("at step {} before the signature", ceremony["step"]).into());
    }
    let documents = json!([{ "id": document["id"], "sha256": document["sha256"] }]);
    let done =
        client.post(&path("sign"), &json!({ "pin": PIN, "locale": "zh-CN", "documents": documents })).await?;
    if done["step"] == "done" { Ok(()) } else { Err(format!("not signed: {done}").into()) }
}

const PIN: &str = "749281";

/// What one use of a PIN costs: the median of five.
fn argon2id(cost: SealingCost) -> Duration {
    let server = keys::ServerKey::from_bytes([7; 32]);
    let store = keys::SealedKeyStore::new(&server, cost);
    let owner = keys::KeyOwner { key: "key_bench".into(), owner: "per_bench".into() };
    let factor = || keys::Pin::parse(PIN).expect("keeps the rules").into_factor();
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            let mut random = testkit::SeededRng::default();
            let made =
                keys::KeyStore::create(&store, pki::KeyAlgorithm::P256, &owner, &factor(), &mut random);
            made.expect("a key is made");
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

impl Person {
    fn phone_shown(&self) -> String {
        format!("+86{}", self.phone)
    }
}

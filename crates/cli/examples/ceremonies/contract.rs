//! What is there before the clock starts: a sender, and one envelope for each ceremony.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use service::Service;

use crate::Fallible;
use crate::client::Client;

/// Someone of the sandbox register.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) id_number: &'static str,
    pub(crate) phone: &'static str,
}

pub(crate) const PEOPLE: [Person; 5] = [
    Person { name: "陈晓雨", id_number: "11010519860214102X", phone: "13800000001" },
    Person { name: "王建国", id_number: "310101199007265411", phone: "13800000002" },
    Person { name: "李明哲", id_number: "440305197811033036", phone: "13800000003" },
    Person { name: "欧阳清源", id_number: "510104199512121220", phone: "13800000005" },
    Person { name: "尼玛·扎西次仁·旺堆", id_number: "540102197403222624", phone: "13800000008" },
];

/// One person's link to one ceremony.
#[derive(Debug)]
pub(crate) struct Invitation {
    pub(crate) person: Person,
    pub(crate) link: String,
}

/// `each` envelopes for each person.
pub(crate) async fn send_all(
    address: SocketAddr,
    service: &Service,
    people: &[Person],
    each: usize,
) -> Fallible<Vec<Vec<Invitation>>> {
    let mut client = sender(address, service).await?;
    let mut all = Vec::new();
    for (index, person) in people.iter().enumerate() {
        let mut own = Vec::new();
        for number in 0..each {
            let email = format!("signer-{index}-{number}@example.com");
            send(&mut client, *person, &email).await?;
            own.push(Invitation { person: *person, link: link(service, &email).await? });
        }
        all.push(own);
    }
    Ok(all)
}

async fn sender(address: SocketAddr, service: &Service) -> Fallible<Client> {
    let mut client = Client::connect(address).await?;
    let email = "sender@example.com";
    let account =
        json!({ "email": email, "password": "correct horse battery", "name": "Sender", "locale": "en" });
    client.post("/api/v1/accounts", &account).await?;
    let link = link(service, email).await?;
    let token = link.split_once("#token=").ok_or("the link has a token")?.1;
    client
        .post("/api/v1/accounts/verify", &json!({ "token": token, "password": "correct horse battery" }))
        .await?;
    Ok(client)
}

async fn send(client: &mut Client, person: Person, email: &str) -> Fallible<()> {
    let draft = client.post("/api/v1/envelopes", &json!({ "title": "Lease", "locale": "en" })).await?;
    let path = format!("/api/v1/envelopes/{}", draft["id"].as_str().ok_or("an envelope has an id")?);
    let draft = client
        .upload(&format!("{path}/documents?name=lease.pdf"), &testkit::pdf_samples::contract_100_kb())
        .await?;
    let recipient =
        json!({ "kind": "person", "name": person.name, "email": email, "locale": "zh-CN", "order": 1 });
    let with = client.put(&format!("{path}/recipients"), &json!({ "recipients": [recipient] })).await?;
    let field = json!({
        "recipient_id": with["recipients"][0]["id"], "document_id": draft["documents"][0]["id"], "type": "signature",
        "page": 1, "x": 72.0, "y": 400.0, "width": 160.0, "height": 60.0, "required": true, "label": "signature",
    });
    client.put(&format!("{path}/fields"), &json!({ "fields": [field] })).await?;
    client.post(&format!("{path}/send"), &json!({})).await?;
    Ok(())
}

/// The link that was sent to this address.
async fn link(service: &Service, to: &str) -> Fallible<String> {
    let message = newest(service, to, None).await?;
    Ok(message["links"][0]["url"].as_str().ok_or("the message has a link")?.to_owned())
}

/// The newest message to this person's phone, by its id: what comes after it is new.
pub(crate) async fn last_message(service: &Service, person: &Person) -> Fallible<Option<Value>> {
    Ok(messages_to(service, &person.phone_shown()).await?.map(|message| message["id"].clone()))
}

/// The code that was sent to this person's phone after the message `last`.
pub(crate) async fn code(service: &Service, person: &Person, last: Option<&Value>) -> Fallible<String> {
    let message = newest(service, &person.phone_shown(), last).await?;
    Ok(message["code"].as_str().ok_or("the message has a code")?.to_owned())
}

/// The newest message to this receiver that is not `last`; the server's runner delivers it.
async fn newest(service: &Service, to: &str, last: Option<&Value>) -> Fallible<Value> {
    for _ in 0..500 {
        match messages_to(service, to).await? {
            Some(message) if Some(&message["id"]) != last => return Ok(message),
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
    Err(format!("nothing was sent to {to}").into())
}

async fn messages_to(service: &Service, to: &str) -> Fallible<Option<Value>> {
    let page = serde_json::to_value(service::notify::outbox(service, None, None).await?)?;
    let items = page["items"].as_array().ok_or("a list")?;
    Ok(items.iter().find(|item| item["to"] == to).cloned())
}

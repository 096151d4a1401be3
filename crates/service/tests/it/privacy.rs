//! What nobody else may see: link secrets, ID numbers, phones.

use std::path::Path;

use vermilion_service::{envelope, view};

use crate::signers::{AGENT, House, PERSON, document, parse_link};

#[tokio::test(flavor = "multi_thread")]
async fn the_sender_never_sees_a_link_secret() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let link = house.link(PERSON.email).await;
    let (_, secret) = parse_link(&link);
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    let json = serde_json::to_string(&shown).unwrap() + &serde_json::to_string(&events).unwrap();
    assert!(!json.contains(secret));
    assert!(!json.contains(&hex::encode(pki::sha256(secret.as_bytes()))), "not even its hash");
    assert!(!stored(house.data()).windows(secret.len()).any(|it| it == secret.as_bytes()));
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_numbers_are_nowhere_in_the_clear() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Done).await;
    house.guest(AGENT).await.walk_to(view::Step::Done).await;
    let report = envelope::report(&house.service, &actor, id).await.unwrap();
    let report = pdf::read_range(&*report.source, 0..report.source.len()).unwrap();
    let views = serde_json::to_vec(&guest.show().await).unwrap();
    let events = serde_json::to_vec(&envelope::events(&house.service, &actor, id).await.unwrap()).unwrap();
    let signed = document(&house.service, &actor, id).await;
    let places: [(&str, &[u8]); 5] = [
        ("the data folder", &stored(house.data())),
        ("the signed document", &signed),
        ("the report", &report),
        ("the signer's view", &views),
        ("the timeline", &events),
    ];
    let secrets = [
        PERSON.resident.id_number,
        PERSON.resident.phone,
        AGENT.resident.id_number,
        AGENT.resident.phone,
        AGENT.company.unwrap().account_number,
    ];
    for (place, bytes) in places {
        for secret in secrets {
            assert!(!bytes.windows(secret.len()).any(|it| it == secret.as_bytes()), "{secret} in {place}");
        }
    }
    // Names are in the parties' documents, and masked in the timeline.
    assert!(!String::from_utf8(events).unwrap().contains(PERSON.resident.name));
}

/// Every file of the data folder, one after another.
fn stored(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            bytes.extend(stored(&path));
        } else {
            bytes.extend(std::fs::read(&path).expect("a file"));
        }
    }
    bytes
}

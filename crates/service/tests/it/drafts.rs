//! Drafts.

use jiff::SignedDuration;
use vermilion_service::envelope::{self, EnvelopePatch, ListFilter, RecipientInput};
use vermilion_service::{EnvelopeId, Locale, view};

use crate::support::{Bench, code, company, person, place};

#[tokio::test]
async fn a_draft_is_changed_and_thrown_away() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    let patch = EnvelopePatch {
        title: Some("  Lease of\nthe house ".to_owned()),
        message: Some("Please\r\nsign.".to_owned()),
        order: Some(view::Order::Parallel),
        policy: Some("simple".to_owned()),
        expires_in_days: Some(7),
        locale: Some(Locale::ZhCn),
        ..Default::default()
    };
    let shown = envelope::update(&bench.service, &actor, id, patch).await.unwrap();
    assert_eq!((shown.title.as_str(), shown.message.as_str()), ("Lease of the house", "Please\nsign."));
    assert_eq!((shown.order, shown.expires_in_days), (view::Order::Parallel, 7));
    let days = EnvelopePatch { expires_in_days: Some(0), ..EnvelopePatch::default() };
    assert_eq!(code(envelope::update(&bench.service, &actor, id, days).await), "expiry_invalid");
    assert_eq!(envelope::show(&bench.service, &actor, id).await.unwrap(), shown);
    envelope::delete(&bench.service, &actor, id).await.unwrap();
    assert_eq!(code(envelope::show(&bench.service, &actor, id).await), "not_found");
}

#[tokio::test]
async fn recipients_keep_their_fields_and_their_phone() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    assert_eq!(draft.recipients[1].phone_masked.as_deref(), Some("138****5678"));
    let kept = RecipientInput {
        id: Some(draft.recipients[1].id.parse().unwrap()),
        phone: None,
        ..company("王小芳", "朱砂科技有限公司", "", 1)
    };
    let shown = envelope::set_recipients(&bench.service, &actor, id, vec![kept]).await.unwrap();
    assert_eq!(shown.recipients.len(), 1);
    assert_eq!(
        shown.recipients[0].phone_masked.as_deref(),
        Some("138****5678"),
        "what was not typed again stays"
    );
    assert_eq!(shown.fields.len(), 2, "the fields of who is gone are gone");
    assert!(shown.fields.iter().all(|field| field.recipient_id == shown.recipients[0].id));
}

#[tokio::test]
async fn recipients_are_checked() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = envelope::create(&bench.service, &actor, None, None).await.unwrap();
    let id: EnvelopeId = draft.id.parse().unwrap();
    let good = person("Ada", "ada@example.com", 1);
    for (bad, expected) in [
        (RecipientInput { name: " ".to_owned(), ..good.clone() }, "recipient_name_missing"),
        (RecipientInput { email: None, ..good.clone() }, "recipient_contact_missing"),
        (RecipientInput { email: Some("ada".to_owned()), ..good.clone() }, "email_invalid"),
        (RecipientInput { phone: Some("123".to_owned()), ..good.clone() }, "phone_invalid"),
        (
            RecipientInput { organization: None, ..company("A", "B", "13800135678", 1) },
            "recipient_organization_missing",
        ),
        (
            RecipientInput {
                id: Some("rcp_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap()),
                ..good.clone()
            },
            "not_found",
        ),
    ] {
        let answer = envelope::set_recipients(&bench.service, &actor, id, vec![good.clone(), bad]).await;
        assert_eq!(code(answer), expected);
    }
    assert!(
        envelope::show(&bench.service, &actor, id).await.unwrap().recipients.is_empty(),
        "all or nothing"
    );
}

#[tokio::test]
async fn fields_are_checked_against_the_page_and_the_recipient() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = bench.draft(&actor).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    let good = place(&draft, 0, view::FieldType::Signature, 1, 100.0);
    let set = async |field| code(envelope::set_fields(&bench.service, &actor, id, vec![field]).await);
    let mut bad = good.clone();
    bad.page = 3;
    assert_eq!(set(bad).await, "field_outside_page");
    let mut bad = good.clone();
    bad.x = 590.0;
    assert_eq!(set(bad).await, "field_outside_page");
    let mut bad = good.clone();
    bad.width = f64::NAN;
    assert_eq!(set(bad).await, "field_outside_page");
    let mut bad = good.clone();
    bad.r#type = view::FieldType::Seal;
    assert_eq!(set(bad).await, "field_type_mismatch");
    let shown = envelope::show(&bench.service, &actor, id).await.unwrap();
    assert_eq!(shown.fields, draft.fields, "what was refused changed nothing");
    let mut kept = good;
    kept.id = Some(draft.fields[0].id.parse().unwrap());
    let shown = envelope::set_fields(&bench.service, &actor, id, vec![kept]).await.unwrap();
    assert_eq!(shown.fields[0].id, draft.fields[0].id);
}

#[tokio::test]
async fn an_envelope_of_another_account_does_not_exist() {
    let bench = Bench::new().await;
    let ada = bench.sender("ada@example.com").await;
    let eve = bench.sender("eve@example.com").await;
    let draft = bench.draft(&ada).await;
    let id: EnvelopeId = draft.id.parse().unwrap();
    let service = &bench.service;
    assert_eq!(code(envelope::show(service, &eve, id).await), "not_found");
    assert_eq!(code(envelope::update(service, &eve, id, EnvelopePatch::default()).await), "not_found");
    assert_eq!(code(envelope::send(service, &eve, id).await), "not_found");
    assert_eq!(code(envelope::events(service, &eve, id).await), "not_found");
    assert_eq!(code(envelope::delete(service, &eve, id).await), "not_found");
    let document = draft.documents[0].id.parse().unwrap();
    assert!(envelope::document(service, &eve, id, document, None).await.is_err());
    assert!(envelope::list(service, &eve, &ListFilter::default()).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn the_list_goes_page_by_page() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    for n in 0..30 {
        bench.clock.advance(SignedDuration::from_secs(1));
        envelope::create(&bench.service, &actor, Some(&format!("Draft {n}")), None).await.unwrap();
    }
    let first = envelope::list(&bench.service, &actor, &ListFilter::default()).await.unwrap();
    assert_eq!((first.items.len(), first.items[0].title.as_str(), first.counts.draft), (25, "Draft 29", 30));
    let filter = ListFilter { cursor: first.next_cursor, ..ListFilter::default() };
    let second = envelope::list(&bench.service, &actor, &filter).await.unwrap();
    assert_eq!((second.items.len(), second.items[0].title.as_str()), (5, "Draft 4"));
    assert_eq!(second.next_cursor, None);
    let search =
        ListFilter { words: Some("draft 2".to_owned()), status: Some("draft".to_owned()), cursor: None };
    assert_eq!(envelope::list(&bench.service, &actor, &search).await.unwrap().items.len(), 11);
    let unknown = ListFilter { status: Some("lost".to_owned()), ..ListFilter::default() };
    assert!(envelope::list(&bench.service, &actor, &unknown).await.unwrap().items.is_empty());
}

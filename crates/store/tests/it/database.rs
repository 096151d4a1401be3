//! Rows, transactions and concurrency.

use domain::envelope::{Document, EnvelopeStatus, PageSize, Revision, RevisionKind};
use domain::field::{Field, FieldType, Place};
use domain::recipient::{Certified, Link, RecipientStatus, Verified};
use domain::{DocumentId, FieldId};
use vermilion_store::{EnvelopeFilter, Error};

use crate::{Bench, open};

#[tokio::test]
async fn what_was_not_committed_never_was() {
    let bench = Bench::new().await;
    let account = bench.account("ada@example.com");
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&account, "hash").await.unwrap();
    drop(tx);
    assert!(bench.store.read().await.unwrap().account(account.id).await.unwrap().is_none());
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&account, "hash").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(bench.store.read().await.unwrap().account(account.id).await.unwrap(), Some(account));
}

#[tokio::test]
async fn an_address_has_one_account() {
    let bench = Bench::new().await;
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&bench.account("ada@example.com"), "hash").await.unwrap();
    let again = tx.add_account(&bench.account("ada@example.com"), "hash").await;
    assert!(matches!(again, Err(Error::Conflict)), "{again:?}");
}

#[tokio::test]
async fn an_envelope_reads_back_whole_after_a_restart() {
    let bench = Bench::new().await;
    let now = bench.now();
    let account = bench.account("ada@example.com");
    let mut envelope = bench.envelope(account.id, "Lease");
    let mut recipient = bench.recipient(envelope.id, "13800135678");
    let document = Document {
        id: DocumentId::new(&bench.clock, &*bench.rng),
        envelope_id: envelope.id,
        name: "租赁合同.pdf".to_owned(),
        pages: 2,
        existing_signatures: 1,
        certification: Some(2),
        has_form: true,
        page_sizes: vec![
            PageSize { width: 595.276, height: 841.89 },
            PageSize { width: 841.89, height: 595.276 },
        ],
        revisions: vec![Revision {
            number: 0,
            kind: RevisionKind::Original,
            sha256: [1; 32],
            size: 1234,
            blob: [1; 32],
            at: now,
            recipient_id: None,
        }],
    };
    let field = Field {
        id: FieldId::new(&bench.clock, &*bench.rng),
        recipient_id: recipient.id,
        document_id: document.id,
        kind: FieldType::Text,
        page: 2,
        place: Place { x: 10.25, y: 20.5, width: 120.0, height: 30.125 },
        required: true,
        label: "Address".to_owned(),
        value: Some("北京市朝阳区".to_owned()),
        pdf_name: Some("Text-1".to_owned()),
    };
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&account, "hash").await.unwrap();
    tx.add_envelope(&envelope).await.unwrap();
    tx.put_recipient(&recipient, 0).await.unwrap();
    tx.add_document(&document).await.unwrap();
    tx.replace_fields(envelope.id, std::slice::from_ref(&field)).await.unwrap();
    envelope.send(now).unwrap();
    tx.save_envelope(&envelope).await.unwrap();
    recipient.status = RecipientStatus::Identified;
    recipient.invited_at = Some(now);
    recipient.link = Some(Link { hash: [9; 32], expires_at: now });
    recipient.verified = Some(Verified {
        name_masked: "陈**".to_owned(),
        how: vec!["register".to_owned()],
        organization: None,
    });
    recipient.certificate =
        Some(Certified { serial: "0a".to_owned(), subject: "CN=陈小明".to_owned(), not_after: now });
    tx.save_recipient(&recipient).await.unwrap();
    tx.commit().await.unwrap();
    bench.store.close().await;

    let store = open(bench.folder.path(), bench.rng.clone()).await;
    let contents = store.read().await.unwrap().contents(envelope.id).await.unwrap().unwrap();
    assert_eq!(contents.envelope, envelope);
    assert_eq!(contents.recipients, [recipient]);
    assert_eq!(contents.documents, [document]);
    assert_eq!(contents.fields, [field]);
}

#[tokio::test]
async fn the_same_revision_is_added_once() {
    let bench = Bench::new().await;
    let account = bench.account("ada@example.com");
    let envelope = bench.envelope(account.id, "Lease");
    let mut document = Document {
        id: DocumentId::new(&bench.clock, &*bench.rng),
        envelope_id: envelope.id,
        name: "a.pdf".to_owned(),
        pages: 1,
        existing_signatures: 0,
        certification: None,
        has_form: false,
        page_sizes: Vec::new(),
        revisions: Vec::new(),
    };
    let at = bench.now();
    let revision = Revision {
        number: 0,
        kind: RevisionKind::Original,
        sha256: [1; 32],
        size: 1,
        blob: [1; 32],
        at,
        recipient_id: None,
    };
    document.revisions.push(revision.clone());
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&account, "hash").await.unwrap();
    tx.add_envelope(&envelope).await.unwrap();
    tx.add_document(&document).await.unwrap();
    assert!(matches!(tx.add_revision(document.id, &revision).await, Err(Error::Conflict)));
}

#[tokio::test]
async fn the_list_is_searched_filtered_paged_and_counted() {
    let bench = Bench::new().await;
    let account = bench.account("ada@example.com");
    let other = bench.account("eve@example.com");
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&account, "hash").await.unwrap();
    tx.add_account(&other, "hash").await.unwrap();
    tx.add_envelope(&bench.envelope(other.id, "Lease of another")).await.unwrap();
    for title in ["Lease 100%", "Loan", "Lease_2", "劳动合同"] {
        bench.clock.advance(jiff::SignedDuration::from_secs(1));
        let mut envelope = bench.envelope(account.id, title);
        tx.add_envelope(&envelope).await.unwrap();
        tx.put_recipient(&bench.recipient(envelope.id, "13800135678"), 0).await.unwrap();
        if title == "Loan" {
            envelope.send(bench.now()).unwrap();
            tx.save_envelope(&envelope).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    let mut reader = bench.store.read().await.unwrap();
    let mut titles = async |filter: EnvelopeFilter| -> Vec<String> {
        let found = reader.envelopes(account.id, &EnvelopeFilter { limit: 10, ..filter }).await.unwrap();
        found.into_iter().map(|contents| contents.envelope.title).collect()
    };
    let search = |text: &str| EnvelopeFilter { search: text.to_owned(), ..EnvelopeFilter::default() };
    assert_eq!(titles(EnvelopeFilter::default()).await, ["劳动合同", "Lease_2", "Loan", "Lease 100%"]);
    assert_eq!(titles(search("lease")).await, ["Lease_2", "Lease 100%"]);
    assert_eq!(titles(search("0%")).await, ["Lease 100%"], "no wildcard of the searcher's");
    assert_eq!(titles(search("e_2")).await, ["Lease_2"]);
    assert_eq!(titles(search("小明")).await.len(), 4, "a recipient's name");
    let sent = EnvelopeFilter { status: Some(EnvelopeStatus::Sent), ..EnvelopeFilter::default() };
    assert_eq!(titles(sent).await, ["Loan"]);
    let first = reader
        .envelopes(account.id, &EnvelopeFilter { limit: 2, ..EnvelopeFilter::default() })
        .await
        .unwrap();
    let after = first.last().map(|contents| (contents.envelope.updated_at, contents.envelope.id));
    let next = reader
        .envelopes(account.id, &EnvelopeFilter { after, limit: 9, ..EnvelopeFilter::default() })
        .await
        .unwrap();
    assert_eq!(next.iter().map(|c| c.envelope.title.as_str()).collect::<Vec<_>>(), ["Loan", "Lease 100%"]);
    let counts = reader.envelope_counts(account.id).await.unwrap();
    assert_eq!((counts["draft"], counts["sent"], counts["expired"]), (3, 1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_wait_for_each_other_and_readers_do_not() {
    let bench = Bench::new().await;
    let account = bench.account("ada@example.com");
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&account, "hash").await.unwrap();
    let mut reader = bench.store.read().await.unwrap();
    assert!(reader.account(account.id).await.unwrap().is_none(), "nothing is read before it is committed");
    tx.commit().await.unwrap();
    assert!(reader.account(account.id).await.unwrap().is_none(), "a view stays as it was");

    let envelope = bench.envelope(account.id, "0");
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_envelope(&envelope).await.unwrap();
    tx.commit().await.unwrap();
    let tasks = (0..16).map(|_| {
        let store = bench.store.clone();
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let mut envelope = tx.envelope(envelope.id).await.unwrap().unwrap();
            envelope.title = (envelope.title.parse::<u32>().unwrap() + 1).to_string();
            tokio::task::yield_now().await;
            tx.save_envelope(&envelope).await.unwrap();
            tx.commit().await.unwrap();
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let counted = bench.store.read().await.unwrap().contents(envelope.id).await.unwrap().unwrap();
    assert_eq!(counted.envelope.title, "16", "no update was lost");
}

#[tokio::test]
async fn a_policy_has_one_owner_and_each_owner_its_own_names() {
    use domain::policy::{Author, Custody, Draft, Publisher, SigningPolicy};
    use vermilion_store::{Organization, PolicyOwner, StoredPolicy};
    let bench = Bench::new().await;
    let account = bench.account("ada@example.com");
    let author = Author {
        credit_code: domain::CreditCode::parse("91110105MA01CHEN75").unwrap(),
        name: domain::Name::parse("北京朱砂科技有限公司").unwrap(),
    };
    let organization = Organization {
        id: domain::OrganizationId::new(&bench.clock, &*bench.rng),
        credit_code: author.credit_code.clone(),
        name: author.name.clone(),
        legal_representative: domain::Name::parse("陈晓雨").unwrap(),
        created_at: bench.now(),
        verified_at: bench.now(),
    };
    let standard = SigningPolicy::built_in(SigningPolicy::DEFAULT).unwrap();
    let written = |publisher, version, custody| {
        let draft = Draft {
            name: "branch".to_owned(),
            title: domain::policy::Title { en: "Branch".to_owned(), zh_cn: "分公司".to_owned() },
            identity: standard.identity,
            custody: vec![custody],
            will: standard.will.clone(),
            time: standard.time,
            level: standard.level,
        };
        SigningPolicy::write(draft, publisher, version).unwrap()
    };
    let mut digest = 0;
    let mut kept = |owner, policy| {
        digest += 1;
        StoredPolicy { digest: [digest; 32], owner: Some(owner), policy, created_at: bench.now() }
    };
    let (of_account, of_organization) =
        (PolicyOwner::Account(account.id), PolicyOwner::Organization(organization.id));
    let publisher = || Publisher::Organization(organization.id, author.clone());
    let one = kept(of_account, written(Publisher::Account(account.id), 1, Custody::Pin));
    let two = kept(of_organization, written(publisher(), 1, Custody::Pin));
    let newer = kept(of_organization, written(publisher(), 2, Custody::Device));
    let same = kept(of_organization, written(publisher(), 2, Custody::Pin));
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&account, "hash").await.unwrap();
    tx.put_organization(&organization).await.unwrap();
    for it in [&one, &two, &newer] {
        tx.keep_policy(it).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    assert!(matches!(tx.keep_policy(&same).await, Err(Error::Conflict)));
    drop(tx);
    let mut reader = bench.store.read().await.unwrap();
    assert_eq!(reader.policies(of_account).await.unwrap(), std::slice::from_ref(&one));
    assert_eq!(reader.policies(of_organization).await.unwrap(), [newer, two.clone()]);
    assert_eq!(reader.policy(&two.digest).await.unwrap(), Some(two));
}

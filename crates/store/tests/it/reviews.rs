//! The queue of checks by hand, and the pictures of one.

use domain::review::{Kind, Part};
use domain::{ReviewId, ReviewImageId, VerificationId};
use jiff::SignedDuration;
use vermilion_store::{
    BlobId, CheckedFor, Error, ImageState, Outcome, Review, ReviewClaim, ReviewImage, ReviewState, Tx,
};

use crate::Bench;

async fn review(bench: &Bench, tx: &mut Tx) -> Review {
    let account = bench.account(&format!("{}@example.com", ReviewId::new(&bench.clock, &*bench.rng)));
    tx.add_account(&account, "hash").await.unwrap();
    let envelope = bench.envelope(account.id, "Lease");
    tx.add_envelope(&envelope).await.unwrap();
    let recipient = bench.recipient(envelope.id, "13800135678");
    tx.put_recipient(&recipient, 0).await.unwrap();
    let review = Review {
        id: ReviewId::new(&bench.clock, &*bench.rng),
        kind: Kind::Identity,
        verification_id: VerificationId::new(&bench.clock, &*bench.rng),
        checked_for: CheckedFor::Recipient(recipient.id),
        state: ReviewState::Collecting,
        created_at: bench.now(),
        until: bench.now() + SignedDuration::from_hours(1),
        submitted_at: None,
        rounds: 0,
        claim: None,
        outcome: None,
    };
    tx.insert_review(&review).await.unwrap();
    review
}

fn image(bench: &Bench, review: &Review, part: Part) -> ReviewImage {
    let id = ReviewImageId::new(&bench.clock, &*bench.rng);
    ReviewImage {
        id,
        review_id: review.id,
        part,
        state: ImageState::Writing,
        blob: BlobId::of(id.to_string().as_bytes()),
        media: "image/jpeg".to_owned(),
        width: 640,
        height: 400,
        size: 9,
        sha256: [3; 32],
        created_at: bench.now(),
        erased_at: None,
    }
}

#[tokio::test]
async fn the_longest_waiting_stands_first_and_a_change_counts_from_its_state_alone() {
    let bench = Bench::new().await;
    let mut tx = bench.store.begin().await.unwrap();
    let mut queue = Vec::new();
    for minutes in [5, 1, 3] {
        let mut it = review(&bench, &mut tx).await;
        it.state = ReviewState::Waiting;
        it.submitted_at = Some(bench.now() + SignedDuration::from_mins(minutes));
        assert!(tx.change_review(&it, ReviewState::Collecting).await.unwrap());
        assert!(!tx.change_review(&it, ReviewState::Collecting).await.unwrap(), "it waits already");
        queue.push((minutes, it));
    }
    let account = bench.account("one@example.com");
    tx.add_account(&account, "hash").await.unwrap();
    let (_, mut decided) = queue.remove(1);
    decided.claim = Some(ReviewClaim { by: account.id, until: bench.now() });
    decided.state = ReviewState::Refused;
    let (reason, note) = (Some("other".to_owned()), Some("It reads 陈小雨.".to_owned()));
    decided.outcome = Some(Outcome { by: account.id, at: bench.now(), reason, note });
    assert!(tx.change_review(&decided, ReviewState::Waiting).await.unwrap());
    assert!(!tx.change_review(&decided, ReviewState::Waiting).await.unwrap(), "it was decided");
    tx.commit().await.unwrap();

    let mut reader = bench.store.read().await.unwrap();
    let waiting: Vec<_> = reader.waiting_reviews(10).await.unwrap().into_iter().map(|it| it.id).collect();
    assert_eq!(waiting, [queue[1].1.id, queue[0].1.id]);
    assert_eq!(reader.review_of(decided.verification_id).await.unwrap().as_ref(), Some(&decided));
    assert_eq!(reader.decided_reviews(10).await.unwrap(), [decided.clone()]);
    drop(reader);
    let file = std::fs::read(bench.folder.path().join("vermilion.db-wal")).unwrap();
    let note = "陈小雨".as_bytes();
    assert!(!file.windows(note.len()).any(|bytes| bytes == note), "notes are sealed");
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.erase_review_notes(bench.now()).await.unwrap(), 1);
    let kept = tx.review(decided.id).await.unwrap().unwrap().outcome.unwrap();
    assert_eq!((kept.note, kept.reason.as_deref()), (None, Some("other")));
}

#[tokio::test]
async fn a_verification_has_one_open_check_at_a_time() {
    let bench = Bench::new().await;
    let mut tx = bench.store.begin().await.unwrap();
    let mut first = review(&bench, &mut tx).await;
    let again = Review { id: ReviewId::new(&bench.clock, &*bench.rng), ..first.clone() };
    assert!(matches!(tx.insert_review(&again).await, Err(Error::Conflict)));
    first.state = ReviewState::Withdrawn;
    assert!(tx.change_review(&first, ReviewState::Collecting).await.unwrap());
    tx.insert_review(&again).await.unwrap();
}

#[tokio::test]
async fn a_picture_is_named_before_it_is_written_and_gone_before_it_is_forgotten() {
    let bench = Bench::new().await;
    let mut tx = bench.store.begin().await.unwrap();
    let review = review(&bench, &mut tx).await;
    let (first, second) = (image(&bench, &review, Part::Front), image(&bench, &review, Part::Front));
    for image in [&first, &second] {
        tx.insert_review_image(image).await.unwrap();
    }
    assert_eq!(tx.review_images(review.id).await.unwrap(), [], "nobody is shown what is not there yet");
    tx.keep_review_image(&first).await.unwrap();
    let names = |images: Vec<ReviewImage>| images.into_iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(names(tx.review_images(review.id).await.unwrap()), [first.id]);
    // The second was cut off: a while later, its bytes go.
    let before = bench.now() - SignedDuration::from_secs(1);
    assert_eq!(names(tx.images_to_erase(before, 10).await.unwrap()), []);
    assert_eq!(names(tx.images_to_erase(bench.now(), 10).await.unwrap()), [second.id]);
    // It was only slow: it takes the place of the first.
    tx.keep_review_image(&second).await.unwrap();
    assert_eq!(names(tx.review_images(review.id).await.unwrap()), [second.id]);
    assert_eq!(names(tx.images_to_erase(before, 10).await.unwrap()), [first.id]);
    assert_eq!(tx.give_up_review_images(review.id).await.unwrap(), 1);
    for image in [first, second] {
        tx.erased_review_image(image.id, bench.now()).await.unwrap();
        let erased = tx.review_image(review.id, image.id).await.unwrap().unwrap();
        assert_eq!((erased.state, erased.erased_at), (ImageState::Erased, Some(bench.now())));
        // Whoever still writes brings nothing back.
        tx.keep_review_image(&image).await.unwrap();
    }
    assert_eq!(tx.review_images(review.id).await.unwrap(), []);
    assert_eq!(tx.images_to_erase(bench.now(), 10).await.unwrap(), []);
}

#[tokio::test]
async fn the_bytes_of_a_picture_open_for_its_row_alone() {
    let bench = Bench::new().await;
    let reader = bench.store.read().await.unwrap();
    let (one, two) =
        (ReviewImageId::new(&bench.clock, &*bench.rng), ReviewImageId::new(&bench.clock, &*bench.rng));
    let sealed = reader.seal_image(one, b"a picture");
    assert_ne!(sealed, reader.seal_image(one, b"a picture"), "equal pictures are unlike blobs");
    assert_eq!(reader.open_image(one, &sealed).unwrap(), b"a picture");
    assert!(matches!(reader.open_image(two, &sealed), Err(Error::Sealed)));
}

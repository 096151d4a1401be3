//! Blobs in a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pdf::Source;
use proptest::prelude::*;
use testkit::SeededRng;
use vermilion_store::{BlobId, Blobs, FileBlobs};

use crate::server_key;

fn blobs(folder: &Path) -> FileBlobs {
    FileBlobs::open(folder, server_key(), Arc::new(SeededRng::new(2))).unwrap()
}

fn source(bytes: &[u8]) -> Arc<dyn Source> {
    Arc::new(bytes.to_vec())
}

fn read(source: &dyn Source) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(source.len()).unwrap()];
    source.read_at(0, &mut bytes).unwrap();
    bytes
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn a_content_is_kept_once_under_a_name_that_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let content = b"%PDF-1.7 a contract".repeat(10_000);
    let id = blobs.put(source(&content)).await.unwrap();
    assert_eq!(id, BlobId::of(&content));
    assert_eq!(blobs.put(source(&content)).await.unwrap(), id);
    let files = files(folder.path());
    assert_eq!(files.len(), 1);
    assert!(!files[0].display().to_string().contains(&format!("{id:?}")));
    let stored = std::fs::read(&files[0]).unwrap();
    assert!(!stored.windows(8).any(|w| w == b"contract"));
    assert_eq!(read(&*blobs.open(id).await.unwrap()), content);
    assert!(blobs.contains(id).await.unwrap());
    blobs.remove(id).await.unwrap();
    blobs.remove(id).await.unwrap();
    assert!(!blobs.contains(id).await.unwrap() && blobs.open(id).await.is_err());
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let error = blobs(folder.path()).open(BlobId([1; 32])).await.err().unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}

#[tokio::test]
async fn a_half_written_blob_is_swept_and_a_damaged_one_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = blobs(folder.path());
    let content = vec![7; 200_000];
    let id = store.put(source(&content)).await.unwrap();
    let path = files(folder.path()).pop().unwrap();
    std::fs::write(folder.path().join("tmp/half"), b"VMB1 half").unwrap();
    let store = blobs(folder.path());
    assert_eq!(files(folder.path()).len(), 1, "the half-written file is gone");

    let whole = std::fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    flipped[70_000] ^= 1;
    std::fs::write(&path, &flipped).unwrap();
    let opened = store.open(id).await.unwrap();
    let mut buffer = vec![0; 1000];
    opened.read_at(0, &mut buffer).unwrap();
    assert_eq!(opened.read_at(70_000, &mut buffer).unwrap_err().kind(), std::io::ErrorKind::InvalidData);

    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert!(store.open(id).await.is_err(), "cut off");
    let mut swapped = whole.clone();
    let chunk = 65_536 + 16;
    let (first, second) = swapped[12..].split_at_mut(chunk);
    first.swap_with_slice(&mut second[..chunk]);
    std::fs::write(&path, &swapped).unwrap();
    assert!(store.open(id).await.unwrap().read_at(0, &mut buffer).is_err(), "chunks do not trade places");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_piece_reads_as_it_was_put(
        len in prop_oneof![0usize..200, 65_530usize..65_542, 131_060usize..131_090, 0usize..300_000],
        from in 0.0f64..1.0,
        to in 0.0f64..1.0,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let content: Vec<u8> = (0..len).map(|i| (i * 31 % 251) as u8).collect();
        let opened = runtime.block_on(async {
            let store = blobs(folder.path());
            let id = store.put(source(&content)).await.unwrap();
            store.open(id).await.unwrap()
        });
        prop_assert_eq!(opened.len(), len as u64);
        let (a, b) = ((from * len as f64) as usize, (to * len as f64) as usize);
        let (a, b) = (a.min(b), a.max(b));
        let mut piece = vec![0; b - a];
        opened.read_at(a as u64, &mut piece).unwrap();
        prop_assert_eq!(&piece[..], &content[a..b]);
        let beyond = opened.read_at(len as u64, &mut [0]);
        prop_assert_eq!(beyond.unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);
    }
}

//! Takes a file from a request body onto the disk, never whole into memory.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt as _;
use service::Service;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;

use super::problem::Problem;

/// A sender that falls silent for this long has gone.
const SILENCE: Duration = Duration::from_secs(30);

/// A small body, whole in memory; one that is larger than `limit` is refused as `too_large` says.
pub(crate) async fn receive_small(
    headers: &HeaderMap,
    body: Body,
    limit: u64,
    too_large: impl Fn() -> Problem,
) -> Result<Vec<u8>, Problem> {
    if announced(headers).is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut chunks = body.into_data_stream();
    let mut received = Vec::new();
    while let Some(chunk) = next(&mut chunks).await? {
        if received.len() as u64 + chunk.len() as u64 > limit {
            return Err(too_large());
        }
        received.extend_from_slice(&chunk);
    }
    Ok(received)
}

/// A body no larger than the service takes, in a temporary file that goes when it is dropped.
///
/// A body that says beforehand that it is too large is refused before it is read.
pub(crate) async fn receive(
    service: &Service,
    headers: &HeaderMap,
    body: Body,
) -> Result<NamedTempFile, Problem> {
    Ok(receive_after(service, headers, body, 0).await?.1)
}

/// The same for a body that begins with `head` bytes of something else, which stay in memory.
pub(crate) async fn receive_after(
    service: &Service,
    headers: &HeaderMap,
    body: Body,
    head: u32,
) -> Result<(Vec<u8>, NamedTempFile), Problem> {
    let limit = service.config().limits.upload_bytes;
    if announced(headers).is_some_and(|length| length.saturating_sub(head.into()) > limit) {
        return Err(Problem::pdf_too_large(limit));
    }
    let file = NamedTempFile::new_in(service.upload_folder()).map_err(Problem::internal)?;
    let mut sink = tokio::fs::File::from_std(file.reopen().map_err(Problem::internal)?);
    let mut chunks = body.into_data_stream();
    let mut received = 0_u64;
    let mut before = Vec::new();
    let mut missing = usize::try_from(head).unwrap_or(usize::MAX);
    while let Some(mut chunk) = next(&mut chunks).await? {
        let part = chunk.split_to(missing.min(chunk.len()));
        missing -= part.len();
        before.extend_from_slice(&part);
        received += chunk.len() as u64;
        if received > limit {
            return Err(Problem::pdf_too_large(limit));
        }
        sink.write_all(&chunk).await.map_err(Problem::internal)?;
    }
    sink.flush().await.map_err(Problem::internal)?;
    Ok((before, file))
}

/// How long the body says to be.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

async fn next(chunks: &mut axum::body::BodyDataStream) -> Result<Option<bytes::Bytes>, Problem> {
    match tokio::time::timeout(SILENCE, chunks.next()).await {
        Ok(Some(Ok(chunk))) => Ok(Some(chunk)),
        Ok(Some(Err(_))) => Err(Problem::new(StatusCode::BAD_REQUEST, "network")),
        Ok(None) => Ok(None),
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "network")),
    }
}

//! Sends a document, or the part of it that was asked for (RFC 9110 §14), in pieces, never whole in memory.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use service::{Download, Source};

use super::problem::Problem;

const PIECE: u64 = 256 * 1024;

/// A PDF on its way to a client. Its digest is its entity tag.
pub(crate) struct Pdf {
    name: String,
    sha256: String,
    source: Arc<dyn Source>,
    disposition: Disposition,
}

/// Whether a browser shows the file or saves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disposition {
    Inline,
    Attachment,
}

impl Disposition {
    /// `?download=1` saves.
    pub(crate) fn of(download: Option<u8>) -> Self {
        if download == Some(1) { Self::Attachment } else { Self::Inline }
    }
}

/// A small JSON file, to be saved.
pub(crate) fn json_file(name: &str, bytes: Vec<u8>) -> Response {
    let response = with(bytes.into_response(), header::CONTENT_TYPE, "application/json");
    with(response, header::CONTENT_DISPOSITION, &disposition(Disposition::Attachment, name))
}

impl Pdf {
    pub(crate) fn new(download: Download, disposition: Disposition) -> Self {
        let Download { name, sha256, source } = download;
        Self { name, sha256, source, disposition }
    }

    /// The response to a request with these headers.
    pub(crate) fn respond(self, request: &HeaderMap) -> Response {
        let tag = format!("\"{}\"", self.sha256);
        let length = self.source.len();
        let mut response = if matches_tag(request, &tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            match wanted(request, &tag, length) {
                Wanted::Whole => self.part(0..length, StatusCode::OK),
                Wanted::Part(range) => {
                    let content = format!("bytes {}-{}/{length}", range.start, range.end - 1);
                    with(self.part(range, StatusCode::PARTIAL_CONTENT), header::CONTENT_RANGE, &content)
                }
                Wanted::Nothing => {
                    let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable");
                    let content = format!("bytes */{length}");
                    return with(problem.into_response(), header::CONTENT_RANGE, &content);
                }
            }
        };
        let headers = response.headers_mut();
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        with(response, header::ETAG, &tag)
    }

    fn part(&self, range: Range<u64>, status: StatusCode) -> Response {
        let length = (range.end - range.start).to_string();
        let response = (status, Body::from_stream(pieces(Arc::clone(&self.source), range))).into_response();
        let response = with(response, header::CONTENT_TYPE, "application/pdf");
        let response = with(response, header::CONTENT_LENGTH, &length);
        with(response, header::CONTENT_DISPOSITION, &disposition(self.disposition, &self.name))
    }
}

fn with(mut response: Response, name: header::HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

enum Wanted {
    Whole,
    Part(Range<u64>),
    Nothing,
}

/// One range of bytes; several at once are answered with the whole file, as RFC 9110 §14.2 allows.
fn wanted(request: &HeaderMap, tag: &str, length: u64) -> Wanted {
    let text = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(spec) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    if text(header::IF_RANGE).is_some_and(|condition| condition != tag) {
        return Wanted::Whole;
    }
    let Some((first, last)) = spec.trim().split_once('-') else { return Wanted::Whole };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(last)) if first.is_empty() => length.saturating_sub(last)..length,
        _ => return Wanted::Whole,
    };
    if range.start < range.end { Wanted::Part(range) } else { Wanted::Nothing }
}

fn matches_tag(request: &HeaderMap, tag: &str) -> bool {
    let condition = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    condition.is_some_and(|tags| tags.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
}

fn pieces(source: Arc<dyn Source>, range: Range<u64>) -> impl futures_util::Stream<Item = io::Result<Bytes>> {
    stream::unfold((source, range), |(source, range)| async move {
        if range.is_empty() {
            return None;
        }
        let end = range.end.min(range.start + PIECE);
        let (from, reader) = (range.start, Arc::clone(&source));
        let read = tokio::task::spawn_blocking(move || {
            let length = usize::try_from(end - from).expect("at most a piece");
            let mut piece = vec![0; length];
            reader.read_at(from, &mut piece)?;
            Ok(Bytes::from(piece))
        });
        let piece = read.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        // After an error the stream ends: the client sees a body that is too short.
        let rest = if piece.is_ok() { end..range.end } else { range.end..range.end };
        Some((piece, (source, rest)))
    })
}

/// RFC 6266: the name in UTF-8, and a plain one for what does not know that.
fn disposition(disposition: Disposition, name: &str) -> String {
    let kind = match disposition {
        Disposition::Inline => "inline",
        Disposition::Attachment => "attachment",
    };
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')') { c } else { '_' }
        })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(range: &str) -> (StatusCode, HeaderMap, Bytes) {
        let pdf = Pdf {
            name: "租赁合同.pdf".to_owned(),
            sha256: "abc".to_owned(),
            source: Arc::new((0..=255_u8).cycle().take(600_000).collect::<Vec<u8>>()),
            disposition: Disposition::Attachment,
        };
        let mut request = HeaderMap::new();
        if !range.is_empty() {
            request.insert(header::RANGE, HeaderValue::from_str(range).expect("a range"));
        }
        let response = pdf.respond(&request);
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        (parts.status, parts.headers, bytes)
    }

    #[tokio::test]
    async fn the_whole_file_comes_in_pieces() {
        let (status, headers, bytes) = answer("").await;
        assert_eq!((status, bytes.len()), (StatusCode::OK, 600_000));
        assert_eq!(headers[header::CONTENT_LENGTH], "600000");
        assert_eq!(
            headers[header::CONTENT_DISPOSITION],
            "attachment; filename=\"____.pdf\"; filename*=UTF-8''%E7%A7%9F%E8%B5%81%E5%90%88%E5%90%8C.pdf"
        );
    }

    #[tokio::test]
    async fn parts_are_cut_right() {
        let (status, headers, bytes) = answer("bytes=256-259").await;
        assert_eq!((status, &bytes[..]), (StatusCode::PARTIAL_CONTENT, &[0, 1, 2, 3][..]));
        assert_eq!(headers[header::CONTENT_RANGE], "bytes 256-259/600000");
        assert_eq!(answer("bytes=599999-").await.2.len(), 1);
        assert_eq!(answer("bytes=-5").await.2.len(), 5);
        assert_eq!(answer("bytes=1-2,4-5").await.0, StatusCode::OK);
        assert_eq!(answer("bytes=600000-").await.0, StatusCode::RANGE_NOT_SATISFIABLE);
    }
}

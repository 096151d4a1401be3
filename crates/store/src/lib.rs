//! SQL, blobs and queue.

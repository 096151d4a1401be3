//! PDF objects, cross references, revisions and append-only updates (ISO 32000-2).

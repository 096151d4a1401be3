-- The certification report that was made last, good while seq is still the envelope's newest event.
CREATE TABLE reports (
    envelope_id TEXT PRIMARY KEY REFERENCES envelopes (id),
    seq BIGINT NOT NULL,
    blob TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

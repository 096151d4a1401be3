-- Types keep to what SQLite and PostgreSQL share: ids and hashes TEXT, time BIGINT (microseconds, UTC), JSON TEXT.
-- Columns that end in _sealed are encrypted under the server key (AES-256-GCM, hexadecimal); _index is a keyed hash.

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    verified_at BIGINT
);

CREATE TABLE account_tokens (
    token_hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX account_tokens_account ON account_tokens (account_id, purpose);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE envelopes (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    status TEXT NOT NULL,
    signing_order TEXT NOT NULL,
    locale TEXT NOT NULL,
    expires_in_days BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    sent_at BIGINT,
    completed_at BIGINT,
    expires_at BIGINT,
    declined_by TEXT,
    decline_reason TEXT,
    declined_at BIGINT,
    void_reason TEXT
);
CREATE INDEX envelopes_account ON envelopes (account_id, updated_at, id);
CREATE INDEX envelopes_expiry ON envelopes (status, expires_at);

CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    envelope_id TEXT NOT NULL REFERENCES envelopes (id),
    name TEXT NOT NULL,
    pages BIGINT NOT NULL,
    existing_signatures BIGINT NOT NULL,
    certification BIGINT,
    has_form BIGINT NOT NULL,
    page_sizes TEXT NOT NULL
);
CREATE INDEX documents_envelope ON documents (envelope_id);

CREATE TABLE revisions (
    document_id TEXT NOT NULL REFERENCES documents (id),
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    blob TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    recipient_id TEXT,
    PRIMARY KEY (document_id, number)
);
CREATE INDEX revisions_blob ON revisions (blob);

CREATE TABLE recipients (
    id TEXT PRIMARY KEY,
    envelope_id TEXT NOT NULL REFERENCES envelopes (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    phone_sealed TEXT,
    organization TEXT,
    locale TEXT NOT NULL,
    place BIGINT NOT NULL,
    position BIGINT NOT NULL,
    status TEXT NOT NULL,
    invited_at BIGINT,
    opened_at BIGINT,
    identified_at BIGINT,
    signed_at BIGINT,
    verified TEXT,
    certificate TEXT,
    link_hash TEXT,
    link_expires_at BIGINT
);
CREATE INDEX recipients_envelope ON recipients (envelope_id);

CREATE TABLE fields (
    id TEXT PRIMARY KEY,
    envelope_id TEXT NOT NULL REFERENCES envelopes (id),
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    document_id TEXT NOT NULL REFERENCES documents (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    page BIGINT NOT NULL,
    x DOUBLE PRECISION NOT NULL,
    y DOUBLE PRECISION NOT NULL,
    width DOUBLE PRECISION NOT NULL,
    height DOUBLE PRECISION NOT NULL,
    required BIGINT NOT NULL,
    label TEXT NOT NULL,
    value_sealed TEXT,
    pdf_name TEXT
);
CREATE INDEX fields_envelope ON fields (envelope_id);
CREATE INDEX fields_recipient ON fields (recipient_id);

-- The log: appended to, never changed. canonical is what was hashed, see crate evidence.
CREATE TABLE events (
    seq BIGINT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT,
    canonical TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX events_subject ON events (subject, seq);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;

-- number: in the order of writing, which ids of the same millisecond do not have.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    claimed_until BIGINT,
    failed_at BIGINT,
    last_error TEXT
);
CREATE INDEX jobs_due ON jobs (failed_at, run_at, number);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    job_id TEXT UNIQUE,
    channel TEXT NOT NULL,
    message_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Attempts that must outlive a restart: log-ins, codes, payments. subject is a keyed hash.
CREATE TABLE attempts (
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    failed BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    locked_until BIGINT,
    PRIMARY KEY (purpose, subject)
);

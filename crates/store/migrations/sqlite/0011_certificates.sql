-- The authority at depth: who issued a certificate and for which ceremony, what it renews, changes of status that two
-- administrators decide, answers signed ahead.

ALTER TABLE certificates ADD COLUMN authority TEXT NOT NULL DEFAULT 'embedded';
ALTER TABLE certificates ADD COLUMN ceremony TEXT;
ALTER TABLE certificates ADD COLUMN renews TEXT;
-- An intent that a crash or a refusal left without a certificate: nobody has one under its number.
ALTER TABLE certificates ADD COLUMN abandoned_at BIGINT;
CREATE INDEX certificates_created ON certificates (created_at, id);

CREATE TABLE administrators (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    added_at BIGINT NOT NULL
);

CREATE TABLE status_requests (
    id TEXT PRIMARY KEY,
    certificate_id TEXT NOT NULL REFERENCES certificates (id),
    action TEXT NOT NULL,
    reason TEXT NOT NULL,
    requested_by TEXT NOT NULL REFERENCES accounts (id),
    requested_at BIGINT NOT NULL,
    decision TEXT,
    decided_by TEXT REFERENCES accounts (id),
    decided_at BIGINT
);
-- One at a time for each certificate.
CREATE UNIQUE INDEX status_requests_open ON status_requests (certificate_id) WHERE decision IS NULL;
CREATE INDEX status_requests_time ON status_requests (requested_at, id);

-- Signed ahead, found by the digest of the CertID that was asked for (RFC 6960 §2.5).
CREATE TABLE ocsp_answers (
    cert_id TEXT PRIMARY KEY,
    serial TEXT NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    der TEXT NOT NULL
);
CREATE INDEX ocsp_answers_serial ON ocsp_answers (serial);

CREATE INDEX events_kind ON events (kind, seq);

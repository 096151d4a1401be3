-- Another's authority over EST: requests that somebody there still decides upon, and revocations that it is to be told of.

-- The same request is sent again until it is answered (RFC 7030 section 4.2.3).
CREATE TABLE pending_certificates (
    certificate_id TEXT PRIMARY KEY REFERENCES certificates (id),
    key_id TEXT NOT NULL REFERENCES keys (id),
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    request TEXT NOT NULL,
    activated_by TEXT,
    asked_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    asks BIGINT NOT NULL
);
CREATE INDEX pending_certificates_next ON pending_certificates (next_at);
CREATE INDEX pending_certificates_recipient ON pending_certificates (recipient_id);

-- EST knows no revocation: what was revoked here, until the other authority says the same, or somebody who told it.
CREATE TABLE external_revocations (
    certificate_id TEXT PRIMARY KEY REFERENCES certificates (id),
    reason TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    confirmed_by TEXT
);
CREATE INDEX external_revocations_open ON external_revocations (asked_at) WHERE confirmed_at IS NULL;

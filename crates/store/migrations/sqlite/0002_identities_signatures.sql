-- Who was verified, with what key and certificate, and what they signed.

CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    number_index TEXT NOT NULL UNIQUE,
    number_sealed TEXT NOT NULL,
    phone_sealed TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    verified_at BIGINT NOT NULL
);

CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    credit_code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    legal_representative TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    verified_at BIGINT NOT NULL
);

CREATE TABLE identity_verifications (
    id TEXT PRIMARY KEY,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    person_id TEXT REFERENCES persons (id),
    state TEXT NOT NULL,
    provider TEXT NOT NULL,
    name TEXT NOT NULL,
    number_sealed TEXT NOT NULL,
    number_index TEXT NOT NULL,
    phone_sealed TEXT NOT NULL,
    code TEXT NOT NULL,
    proof TEXT NOT NULL,
    answer_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    verified_at BIGINT,
    expires_at BIGINT
);
CREATE INDEX identity_verifications_recipient ON identity_verifications (recipient_id, created_at);

CREATE TABLE organization_verifications (
    id TEXT PRIMARY KEY,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    organization_id TEXT REFERENCES organizations (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    state TEXT NOT NULL,
    provider TEXT NOT NULL,
    name TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    legal_representative TEXT NOT NULL,
    proof TEXT NOT NULL,
    answer_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    verified_at BIGINT,
    expires_at BIGINT
);
CREATE INDEX organization_verifications_recipient ON organization_verifications (recipient_id, created_at);
CREATE INDEX organization_verifications_agent ON organization_verifications (person_id, verified_at);

CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    verification_id TEXT NOT NULL REFERENCES organization_verifications (id),
    account_sealed TEXT NOT NULL,
    payment TEXT NOT NULL,
    reference TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX payments_verification ON payments (verification_id, created_at);

CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    organization_id TEXT REFERENCES organizations (id),
    algorithm TEXT NOT NULL,
    public_key TEXT NOT NULL UNIQUE,
    stored TEXT NOT NULL,
    failed BIGINT NOT NULL,
    locked_until BIGINT,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE INDEX keys_person ON keys (person_id, organization_id);

-- The authority's own keys (root, issuing, time stamping, …), sealed under the server key.
CREATE TABLE authority_keys (
    role TEXT PRIMARY KEY,
    algorithm TEXT NOT NULL,
    private_sealed TEXT NOT NULL,
    certificate TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A row is written before the authority signs (intent), and completed after.
CREATE TABLE certificates (
    id TEXT PRIMARY KEY,
    issuer TEXT NOT NULL,
    serial TEXT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    subject TEXT NOT NULL,
    public_key TEXT NOT NULL UNIQUE,
    key_id TEXT,
    state TEXT NOT NULL,
    der TEXT,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revocation_reason TEXT
);
CREATE INDEX certificates_key ON certificates (key_id);
CREATE INDEX certificates_revoked ON certificates (issuer, revoked_at);

CREATE TABLE crls (
    issuer TEXT NOT NULL,
    number BIGINT NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    der TEXT,
    PRIMARY KEY (issuer, number)
);

CREATE TABLE time_stamps (
    serial TEXT PRIMARY KEY,
    imprint TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE impressions (
    id TEXT PRIMARY KEY,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    person_id TEXT REFERENCES persons (id),
    organization_id TEXT REFERENCES organizations (id),
    kind TEXT NOT NULL,
    impression TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX impressions_person ON impressions (person_id);
CREATE INDEX impressions_organization ON impressions (organization_id);

CREATE TABLE signing_sessions (
    id TEXT PRIMARY KEY,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    token_hash TEXT NOT NULL UNIQUE,
    identity_id TEXT REFERENCES identity_verifications (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- One ceremony a recipient: what has been done; the step is worked out from it.
CREATE TABLE ceremonies (
    recipient_id TEXT PRIMARY KEY REFERENCES recipients (id),
    viewed_at BIGINT,
    consent_id TEXT,
    identity_id TEXT REFERENCES identity_verifications (id),
    organization_verification_id TEXT REFERENCES organization_verifications (id),
    fields_at BIGINT,
    impression_id TEXT REFERENCES impressions (id),
    key_id TEXT REFERENCES keys (id),
    certificate_id TEXT REFERENCES certificates (id),
    result TEXT
);

CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    locale TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX consents_recipient ON consents (recipient_id, created_at);

CREATE TABLE activations (
    id TEXT PRIMARY KEY,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    key_id TEXT NOT NULL REFERENCES keys (id),
    digest TEXT NOT NULL UNIQUE,
    canonical TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX activations_recipient ON activations (recipient_id, created_at);

CREATE TABLE sandbox_transfers (
    id TEXT PRIMARY KEY,
    account_index TEXT NOT NULL,
    transfer_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

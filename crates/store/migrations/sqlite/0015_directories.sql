-- Which account administers an organization: linked by its verified agent, for as long as that verification counts.
CREATE TABLE organization_administrators (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    verification_id TEXT NOT NULL REFERENCES organization_verifications (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, account_id)
);
CREATE INDEX organization_administrators_account ON organization_administrators (account_id);

-- The directory of an organization's staff: the OpenID provider that the organization names as its own.
CREATE TABLE directories (
    organization_id TEXT PRIMARY KEY REFERENCES organizations (id),
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret_sealed TEXT,
    domains TEXT NOT NULL,
    acr_values TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Sign-ins under way: state and the browser's secret as hashes, nonce and PKCE verifier sealed; each is used once.
CREATE TABLE staff_logins (
    state_hash TEXT PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    session_hash TEXT,
    account_id TEXT REFERENCES accounts (id),
    secrets_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX staff_logins_expiry ON staff_logins (expires_at);

-- What a directory said: the organization's own statement about its staff. Whom it is about is sealed.
CREATE TABLE staff_proofs (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    recipient_id TEXT REFERENCES recipients (id),
    person_id TEXT REFERENCES persons (id),
    account_id TEXT REFERENCES accounts (id),
    issuer TEXT NOT NULL,
    commitment TEXT NOT NULL UNIQUE,
    subject_sealed TEXT NOT NULL,
    email_masked TEXT,
    acr TEXT,
    amr TEXT NOT NULL,
    auth_time BIGINT,
    token_sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX staff_proofs_recipient ON staff_proofs (recipient_id, created_at);
CREATE INDEX staff_proofs_account ON staff_proofs (account_id, organization_id, created_at);
